"""Layers of attention: outputs that are means of values, weighted by how well the keys of these fit queries."""

from .grouped import GroupedQueryAttention
from .heads import MultiHeadAttention
from .single import AdditiveAttention, Attention

GroupQueryAttention = GroupedQueryAttention  # Files have the name of the class, and Keras' package this one.

__all__ = ["AdditiveAttention", "Attention", "GroupQueryAttention", "GroupedQueryAttention", "MultiHeadAttention"]

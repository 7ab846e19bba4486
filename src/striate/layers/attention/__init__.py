"""Layers of attention: outputs that are means of values, weighted by how well the keys of these fit queries."""

from .grouped import GroupedQueryAttention
from .heads import MultiHeadAttention
from .single import AdditiveAttention, Attention

__all__ = ["AdditiveAttention", "Attention", "GroupedQueryAttention", "MultiHeadAttention"]

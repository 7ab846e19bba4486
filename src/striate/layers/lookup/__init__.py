"""Layers that turn strings and integers into indices: preprocessing, on arrays alone, before a model."""

from .hashing import HashedCrossing, Hashing
from .tables import IntegerLookup, StringLookup
from .text import TextVectorization

__all__ = ["HashedCrossing", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization"]

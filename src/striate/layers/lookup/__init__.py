"""Layers that turn strings and integers into indices."""

from .hashing import HashedCrossing, Hashing
from .tables import IntegerLookup, StringLookup
from .text import TextVectorization

__all__ = ["HashedCrossing", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization"]

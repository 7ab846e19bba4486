"""Sequences as arrays, under the name of older versions of Keras."""

from .._common.names import public_attributes
from ..utils import pad_sequences

__all__ = [
    "pad_sequences",
]

__getattr__, __dir__ = public_attributes(globals())

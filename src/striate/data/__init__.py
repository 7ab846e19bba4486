"""Data: readers of image files, and a set of real handwritten digits."""

from .digits import load_digits
from .idx import load_mnist, read_idx
from .loader import DataLoader

__all__ = ["DataLoader", "load_digits", "load_mnist", "read_idx"]

"""Data: readers of files, and loading in the background."""

from .idx import load_mnist, read_idx
from .loader import DataLoader

__all__ = ["DataLoader", "load_mnist", "read_idx"]

"""Reading data from files, and loading batches in the background."""

from .._common.names import public_names
from .idx import load_mnist, read_idx
from .loader import DataLoader

__all__ = ["DataLoader", "load_mnist", "read_idx"]

__dir__ = public_names(globals())

"""Reading data from files, and loading batches in the background."""

from .._common.names import public_attributes
from .idx import load_mnist, read_idx
from .loader import DataLoader

__all__ = ["DataLoader", "load_mnist", "read_idx"]

__getattr__, __dir__ = public_attributes(globals())

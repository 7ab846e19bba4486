"""striate: train and run convolutional neural networks on CPUs, on plain NumPy arrays."""

from importlib.metadata import version as _version

from . import callbacks, data, functional, initializers, layers, losses, metrics, models, optimizers
from .layers import Input
from .models import Sequential
from .threads import get_num_threads, num_threads, set_num_threads
from .versions import show_versions

__version__ = _version("striate")

__all__ = [
    "Input",
    "Sequential",
    "callbacks",
    "data",
    "functional",
    "get_num_threads",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "num_threads",
    "optimizers",
    "set_num_threads",
    "show_versions",
]

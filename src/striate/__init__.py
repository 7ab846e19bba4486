"""striate: train and run convolutional neural networks on CPUs, on plain NumPy arrays."""

from . import functional
from .threads import get_num_threads, num_threads, set_num_threads

"""Models and weights in files: the library's own, Keras' (h5py, an extra) and PyTorch's (safetensors, an extra).

Each module or folder is a format; to add one is to write another, see `striate.models.formats`.
"""

from . import native
from .keras import load_keras_model, load_keras_weights, save_keras_weights
from .pytorch import load_safetensors, save_safetensors

__all__ = [
    "load_keras_model",
    "load_keras_weights",
    "load_safetensors",
    "native",
    "save_keras_weights",
    "save_safetensors",
]

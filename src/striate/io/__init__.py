"""Models and weights in files: the library's own, Keras' (which need h5py) and PyTorch's (which need safetensors).

Each module or folder is a format; `striate.models.formats` tells how to add another.
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

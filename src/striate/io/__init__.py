"""Models and weights in files: the library's own, Keras' (which need h5py) and PyTorch's (which need safetensors).

`native`, `keras` and `pytorch` are the formats; the other modules are what they share. `striate.models.formats` is the interface
that models call a format by.
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

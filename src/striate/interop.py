"""Models and weights in files of other libraries: of Keras (needs h5py) and of PyTorch (needs safetensors)."""

from ._common.names import public_attributes
from .io.keras.export import save_keras_model
from .io.keras.models import load_keras_model
from .io.keras.weights import load_keras_weights, save_keras_weights
from .io.pytorch import load_safetensors, save_safetensors

__all__ = [
    "load_keras_model",
    "load_keras_weights",
    "load_safetensors",
    "save_keras_model",
    "save_keras_weights",
    "save_safetensors",
]

__getattr__, __dir__ = public_attributes(globals())

"""Weights, and models, to and from files of other libraries: Keras' (h5py, an extra) and PyTorch's (safetensors, an extra)."""

from .models.keras_files import load_keras_model, load_keras_weights, save_keras_weights
from .models.pytorch_files import load_safetensors, save_safetensors

__all__ = ["load_keras_model", "load_keras_weights", "load_safetensors", "save_keras_weights", "save_safetensors"]

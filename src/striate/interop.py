"""Weights, and models, to and from files of other libraries: Keras' (h5py, an extra) and PyTorch's (safetensors, an extra)."""

from .io import load_keras_model, load_keras_weights, load_safetensors, save_keras_weights, save_safetensors

__all__ = ["load_keras_model", "load_keras_weights", "load_safetensors", "save_keras_weights", "save_safetensors"]

"""Quantization: models that predict with 8-bit integers, several times as fast and nearly as accurate.

`quantize` runs a model on some images, gives each intermediate result a scale on which 8-bit integers represent float32 values,
and returns a model whose convolutions and dense layers multiply such integers exactly and round once. Its `fit` is
quantization-aware training.
"""

from .._common.names import public_attributes
from .post_training import quantize

__all__ = ["quantize"]

__getattr__, __dir__ = public_attributes(globals())

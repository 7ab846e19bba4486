"""ResNet-50 in the module that Keras has for it."""

from .._common.names import public_attributes
from .resnet import ResNet50, decode_predictions, preprocess_input

__all__ = ["ResNet50", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

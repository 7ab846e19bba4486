"""VGG-19."""

from .._common.names import public_attributes
from .imagenet_utils import decode_predictions, preprocessing
from .vgg16 import variant

VGG19 = variant(19)
preprocess_input = preprocessing("caffe")

__all__ = ["VGG19", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

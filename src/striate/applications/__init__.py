"""The networks of Keras' applications, layer by layer: weights that Keras saved fit them, and give the same predictions.

The networks of `striate.architectures` follow the papers and have more arguments; their weights are not interchangeable.
"""

from .._common.names import public_names
from . import imagenet_utils, mobilenet, mobilenet_v2, resnet, resnet50, vgg16, vgg19
from .mobilenet import MobileNet
from .mobilenet_v2 import MobileNetV2
from .resnet import ResNet50, ResNet101, ResNet152
from .vgg16 import VGG16
from .vgg19 import VGG19

__all__ = [
    "VGG16",
    "VGG19",
    "MobileNet",
    "MobileNetV2",
    "ResNet50",
    "ResNet101",
    "ResNet152",
    "imagenet_utils",
    "mobilenet",
    "mobilenet_v2",
    "resnet",
    "resnet50",
    "vgg16",
    "vgg19",
]

__dir__ = public_names(globals())

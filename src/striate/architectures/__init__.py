"""Well-known architectures, as models with fresh weights."""

from .._common.names import public_attributes
from .alexnet import AlexNet
from .googlenet import GoogLeNet
from .lenet import LeNet5
from .mobilenet import MobileNet, MobileNetV2
from .pattern import pattern
from .resnet import ResNet18, ResNet20, ResNet32, ResNet34, ResNet44, ResNet50, ResNet56, ResNet101, ResNet152
from .unet import UNet
from .vgg import VGG11, VGG13, VGG16, VGG19

__all__ = [
    "VGG11",
    "VGG13",
    "VGG16",
    "VGG19",
    "AlexNet",
    "GoogLeNet",
    "LeNet5",
    "MobileNet",
    "MobileNetV2",
    "ResNet18",
    "ResNet20",
    "ResNet32",
    "ResNet34",
    "ResNet44",
    "ResNet50",
    "ResNet56",
    "ResNet101",
    "ResNet152",
    "UNet",
    "pattern",
]

__getattr__, __dir__ = public_attributes(globals())

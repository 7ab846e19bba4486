# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from os import PathLike
from typing import Literal

from striate.applications import convnext as convnext
from striate.applications import densenet as densenet
from striate.applications import efficientnet as efficientnet
from striate.applications import efficientnet_v2 as efficientnet_v2
from striate.applications import imagenet_utils as imagenet_utils
from striate.applications import inception_resnet_v2 as inception_resnet_v2
from striate.applications import inception_v3 as inception_v3
from striate.applications import mobilenet as mobilenet
from striate.applications import mobilenet_v2 as mobilenet_v2
from striate.applications import mobilenet_v3 as mobilenet_v3
from striate.applications import nasnet as nasnet
from striate.applications import resnet as resnet
from striate.applications import resnet50 as resnet50
from striate.applications import resnet_v2 as resnet_v2
from striate.applications import vgg16 as vgg16
from striate.applications import vgg19 as vgg19
from striate.applications import xception as xception
from striate.applications.convnext import ConvNeXtBase as ConvNeXtBase
from striate.applications.convnext import ConvNeXtLarge as ConvNeXtLarge
from striate.applications.convnext import ConvNeXtSmall as ConvNeXtSmall
from striate.applications.convnext import ConvNeXtTiny as ConvNeXtTiny
from striate.applications.convnext import ConvNeXtXLarge as ConvNeXtXLarge
from striate.applications.densenet import DenseNet121 as DenseNet121
from striate.applications.densenet import DenseNet169 as DenseNet169
from striate.applications.densenet import DenseNet201 as DenseNet201
from striate.applications.efficientnet import EfficientNetB0 as EfficientNetB0
from striate.applications.efficientnet import EfficientNetB1 as EfficientNetB1
from striate.applications.efficientnet import EfficientNetB2 as EfficientNetB2
from striate.applications.efficientnet import EfficientNetB3 as EfficientNetB3
from striate.applications.efficientnet import EfficientNetB4 as EfficientNetB4
from striate.applications.efficientnet import EfficientNetB5 as EfficientNetB5
from striate.applications.efficientnet import EfficientNetB6 as EfficientNetB6
from striate.applications.efficientnet import EfficientNetB7 as EfficientNetB7
from striate.applications.efficientnet_v2 import EfficientNetV2B0 as EfficientNetV2B0
from striate.applications.efficientnet_v2 import EfficientNetV2B1 as EfficientNetV2B1
from striate.applications.efficientnet_v2 import EfficientNetV2B2 as EfficientNetV2B2
from striate.applications.efficientnet_v2 import EfficientNetV2B3 as EfficientNetV2B3
from striate.applications.efficientnet_v2 import EfficientNetV2L as EfficientNetV2L
from striate.applications.efficientnet_v2 import EfficientNetV2M as EfficientNetV2M
from striate.applications.efficientnet_v2 import EfficientNetV2S as EfficientNetV2S
from striate.applications.inception_resnet_v2 import InceptionResNetV2 as InceptionResNetV2
from striate.applications.inception_v3 import InceptionV3 as InceptionV3
from striate.applications.mobilenet import MobileNet as MobileNet
from striate.applications.mobilenet_v2 import MobileNetV2 as MobileNetV2
from striate.applications.mobilenet_v3 import MobileNetV3Large as MobileNetV3Large
from striate.applications.mobilenet_v3 import MobileNetV3Small as MobileNetV3Small
from striate.applications.nasnet import NASNetLarge as NASNetLarge
from striate.applications.nasnet import NASNetMobile as NASNetMobile
from striate.applications.resnet import ResNet101 as ResNet101
from striate.applications.resnet import ResNet152 as ResNet152
from striate.applications.resnet import ResNet50 as ResNet50
from striate.applications.resnet_v2 import ResNet101V2 as ResNet101V2
from striate.applications.resnet_v2 import ResNet152V2 as ResNet152V2
from striate.applications.resnet_v2 import ResNet50V2 as ResNet50V2
from striate.applications.vgg16 import VGG16 as VGG16
from striate.applications.xception import Xception as Xception
from striate.layers import Tensor
from striate.models import Model

__all__ = [
    "ConvNeXtBase",
    "ConvNeXtLarge",
    "ConvNeXtSmall",
    "ConvNeXtTiny",
    "ConvNeXtXLarge",
    "DenseNet121",
    "DenseNet169",
    "DenseNet201",
    "EfficientNetB0",
    "EfficientNetB1",
    "EfficientNetB2",
    "EfficientNetB3",
    "EfficientNetB4",
    "EfficientNetB5",
    "EfficientNetB6",
    "EfficientNetB7",
    "EfficientNetV2B0",
    "EfficientNetV2B1",
    "EfficientNetV2B2",
    "EfficientNetV2B3",
    "EfficientNetV2L",
    "EfficientNetV2M",
    "EfficientNetV2S",
    "InceptionResNetV2",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Large",
    "MobileNetV3Small",
    "NASNetLarge",
    "NASNetMobile",
    "ResNet101",
    "ResNet101V2",
    "ResNet152",
    "ResNet152V2",
    "ResNet50",
    "ResNet50V2",
    "VGG16",
    "VGG19",
    "Xception",
    "convnext",
    "densenet",
    "efficientnet",
    "efficientnet_v2",
    "imagenet_utils",
    "inception_resnet_v2",
    "inception_v3",
    "mobilenet",
    "mobilenet_v2",
    "mobilenet_v3",
    "nasnet",
    "resnet",
    "resnet50",
    "resnet_v2",
    "vgg16",
    "vgg19",
    "xception",
]

def VGG19(
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: Literal[None, "avg", "max"] | None = None,
    classes: int = 1000,
    classifier_activation: str = "softmax",
    name: str = "vgg19",
) -> Model: ...

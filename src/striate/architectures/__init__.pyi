# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from typing import Literal
import numpy as np

from striate.models import Model

__all__ = [
    "AlexNet",
    "GoogLeNet",
    "LeNet5",
    "MobileNet",
    "MobileNetV2",
    "ResNet101",
    "ResNet152",
    "ResNet18",
    "ResNet20",
    "ResNet32",
    "ResNet34",
    "ResNet44",
    "ResNet50",
    "ResNet56",
    "UNet",
    "VGG11",
    "VGG13",
    "VGG16",
    "VGG19",
    "pattern",
]

def AlexNet(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    groups: int = 2,
    small_images: bool = False,
    name: str = "alexnet",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def GoogLeNet(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    auxiliary: bool = False,
    small_images: bool = False,
    name: str = "googlenet",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def LeNet5(
    input_shape: Sequence[int | None] = ...,
    classes: int = 10,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    activation: str = "relu",
    pool: Literal["max", "average"] = "max",
    name: str = "lenet5",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def MobileNet(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    alpha: float = 1.0,
    small_images: bool = False,
    name: str = "mobilenet",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def MobileNetV2(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    alpha: float = 1.0,
    small_images: bool = False,
    name: str = "mobilenetv2",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def pattern(
    input_shape: Sequence[int | None],
    conv: Sequence[Sequence[int]],
    dense: Sequence[int] = ...,
    classes: int = 10,
    pool: Literal["max", "average", None] = "max",
    *,
    kernel_size: int | Sequence[int] = 3,
    classifier_activation: str = "softmax",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def ResNet101(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    small_images: bool = False,
    name: str = "resnet101",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def ResNet152(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    small_images: bool = False,
    name: str = "resnet152",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def ResNet18(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    small_images: bool = False,
    name: str = "resnet18",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def ResNet20(
    input_shape: Sequence[int | None] = ...,
    classes: int = 10,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    name: str = "resnet20",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def ResNet32(
    input_shape: Sequence[int | None] = ...,
    classes: int = 10,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    name: str = "resnet32",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def ResNet34(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    small_images: bool = False,
    name: str = "resnet34",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def ResNet44(
    input_shape: Sequence[int | None] = ...,
    classes: int = 10,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    name: str = "resnet44",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def ResNet50(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    small_images: bool = False,
    name: str = "resnet50",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def ResNet56(
    input_shape: Sequence[int | None] = ...,
    classes: int = 10,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    name: str = "resnet56",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def UNet(
    input_shape: Sequence[int | None] = ...,
    classes: int = 2,
    filters: int = 64,
    depth: int = 4,
    upsampling: Literal["transposed", "nearest", "bilinear"] = "transposed",
    batch_normalization: bool = False,
    dropout: float = 0.0,
    classifier_activation: str = "auto",
    name: str = "unet",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def VGG11(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    small_images: bool = False,
    name: str = "vgg11",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def VGG13(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    small_images: bool = False,
    name: str = "vgg13",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def VGG16(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    small_images: bool = False,
    name: str = "vgg16",
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def VGG19(
    input_shape: Sequence[int | None] = ...,
    classes: int = 1000,
    include_top: bool = True,
    pooling: Literal[None, "avg", "max"] | None = None,
    classifier_activation: str = "softmax",
    small_images: bool = False,
    name: str = "vgg19",
    rng: int | np.random.Generator | None = None,
) -> Model: ...

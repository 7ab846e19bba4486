# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from os import PathLike
from typing import Any, Literal, overload
import numpy.typing as npt

from striate.applications.imagenet_utils import decode_predictions as decode_predictions
from striate.layers import Tensor
from striate.models import Model

__all__ = [
    "EfficientNetV2B0",
    "EfficientNetV2B1",
    "EfficientNetV2B2",
    "EfficientNetV2B3",
    "EfficientNetV2L",
    "EfficientNetV2M",
    "EfficientNetV2S",
    "decode_predictions",
    "preprocess_input",
]

def EfficientNetV2B0(
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: Literal[None, "avg", "max"] | None = None,
    classes: int = 1000,
    classifier_activation: str = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-b0",
) -> Model: ...
def EfficientNetV2B1(
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: Literal[None, "avg", "max"] | None = None,
    classes: int = 1000,
    classifier_activation: str = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-b1",
) -> Model: ...
def EfficientNetV2B2(
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: Literal[None, "avg", "max"] | None = None,
    classes: int = 1000,
    classifier_activation: str = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-b2",
) -> Model: ...
def EfficientNetV2B3(
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: Literal[None, "avg", "max"] | None = None,
    classes: int = 1000,
    classifier_activation: str = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-b3",
) -> Model: ...
def EfficientNetV2L(
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: Literal[None, "avg", "max"] | None = None,
    classes: int = 1000,
    classifier_activation: str = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-l",
) -> Model: ...
def EfficientNetV2M(
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: Literal[None, "avg", "max"] | None = None,
    classes: int = 1000,
    classifier_activation: str = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-m",
) -> Model: ...
def EfficientNetV2S(
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: Literal[None, "avg", "max"] | None = None,
    classes: int = 1000,
    classifier_activation: str = "softmax",
    include_preprocessing: bool = True,
    name: str = "efficientnetv2-s",
) -> Model: ...
@overload
def preprocess_input(
    x: npt.ArrayLike,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def preprocess_input(
    x: npt.ArrayLike | Tensor,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...

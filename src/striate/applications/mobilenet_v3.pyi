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
    "MobileNetV3Large",
    "MobileNetV3Small",
    "decode_predictions",
    "preprocess_input",
]

def MobileNetV3Large(
    input_shape: Sequence[int | None] | None = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    classes: int = 1000,
    pooling: Literal[None, "avg", "max"] | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: str = "softmax",
    include_preprocessing: bool = True,
    name: str = "MobileNetV3Large",
) -> Model: ...
def MobileNetV3Small(
    input_shape: Sequence[int | None] | None = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: str | PathLike[str] | None = "imagenet",
    input_tensor: Tensor | None = None,
    classes: int = 1000,
    pooling: Literal[None, "avg", "max"] | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: str = "softmax",
    include_preprocessing: bool = True,
    name: str = "MobileNetV3Small",
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

# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from typing import Any, Literal, overload
import numpy.typing as npt

from striate.applications import VGG19 as VGG19
from striate.applications.imagenet_utils import decode_predictions as decode_predictions
from striate.layers import Tensor

__all__ = [
    "VGG19",
    "decode_predictions",
    "preprocess_input",
]

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

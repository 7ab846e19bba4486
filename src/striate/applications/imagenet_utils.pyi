# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Mapping
from os import PathLike
from typing import Any, Literal, overload
import numpy.typing as npt

from striate.layers import Tensor

__all__ = [
    "decode_predictions",
    "preprocess_input",
]

def decode_predictions(
    preds: npt.ArrayLike,
    top: int = 5,
    class_index: str | PathLike[str] | Mapping[Any, Any] | None = None,
) -> list[list[tuple[Any, ...]]]: ...
@overload
def preprocess_input(
    x: npt.ArrayLike,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    mode: Literal["caffe", "tf", "torch"] = "caffe",
) -> npt.NDArray[Any]: ...
@overload
def preprocess_input(
    x: npt.ArrayLike | Tensor,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    mode: Literal["caffe", "tf", "torch"] = "caffe",
) -> Tensor: ...

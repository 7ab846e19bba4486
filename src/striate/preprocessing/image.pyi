# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from typing import Any, Literal
import numpy.typing as npt

from striate.utils import array_to_img as array_to_img
from striate.utils import img_to_array as img_to_array
from striate.utils import load_img as load_img
from striate.utils import save_img as save_img

__all__ = [
    "array_to_img",
    "img_to_array",
    "load_img",
    "save_img",
    "smart_resize",
]

def smart_resize(
    x: npt.ArrayLike,
    size: Sequence[int],
    interpolation: Literal["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"] = "bilinear",
    data_format: Literal["channels_last", "channels_first"] = "channels_last",
    backend_module: Any = None,
) -> npt.NDArray[Any]: ...

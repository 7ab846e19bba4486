# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Mapping, Sequence
from typing import Any, Literal
import numpy.typing as npt

__all__ = [
    "draw_segmentation_masks",
]

def draw_segmentation_masks(
    images: npt.ArrayLike,
    segmentation_masks: npt.ArrayLike,
    num_classes: int | None = None,
    color_mapping: Mapping[int, Sequence[int]] | None = None,
    alpha: float = 0.8,
    blend: bool = True,
    ignore_index: int = -1,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...

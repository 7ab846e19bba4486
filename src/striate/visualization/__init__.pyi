# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal
import numpy as np
import numpy.typing as npt

from matplotlib.figure import Figure
from matplotlib.patches import Patch

__all__ = [
    "draw_bounding_boxes",
    "draw_segmentation_masks",
    "plot_bounding_box_gallery",
    "plot_image_gallery",
    "plot_segmentation_mask_gallery",
]

def draw_bounding_boxes(
    images: npt.ArrayLike,
    bounding_boxes: Mapping[Any, Any],
    bounding_box_format: str,
    class_mapping: Mapping[int, str] | None = None,
    color: Sequence[int] = ...,
    line_thickness: int = 2,
    text_thickness: int = 1,
    font_scale: float = 1.0,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[np.uint8]: ...
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
def plot_bounding_box_gallery(
    images: npt.ArrayLike,
    bounding_box_format: str,
    y_true: Mapping[Any, Any] | None = None,
    y_pred: Mapping[Any, Any] | None = None,
    value_range: Sequence[float] = ...,
    true_color: Sequence[int] = ...,
    pred_color: Sequence[int] = ...,
    line_thickness: int = 2,
    font_scale: float = 1.0,
    text_thickness: int | None = None,
    class_mapping: Mapping[int, str] | None = None,
    ground_truth_mapping: Mapping[int, str] | None = None,
    prediction_mapping: Mapping[int, str] | None = None,
    legend: bool = False,
    legend_handles: Sequence[Patch] | None = None,
    rows: int | None = None,
    cols: int | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    **kwargs: Any,
) -> Figure | None: ...
def plot_image_gallery(
    images: npt.ArrayLike,
    y_true: npt.ArrayLike | None = None,
    y_pred: npt.ArrayLike | None = None,
    label_map: Mapping[int, str] | None = None,
    rows: int | None = None,
    cols: int | None = None,
    value_range: Sequence[float] = ...,
    scale: float = 2,
    path: str | PathLike[str] | None = None,
    show: bool | None = None,
    transparent: bool = True,
    dpi: float = 60,
    legend_handles: Sequence[Patch] | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Figure | None: ...
def plot_segmentation_mask_gallery(
    images: npt.ArrayLike,
    num_classes: int,
    value_range: Sequence[float] = ...,
    y_true: npt.ArrayLike | None = None,
    y_pred: npt.ArrayLike | None = None,
    color_mapping: Mapping[int, Sequence[int]] | None = None,
    blend: bool = True,
    alpha: float = 0.8,
    ignore_index: int = -1,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    **kwargs: Any,
) -> Figure | None: ...

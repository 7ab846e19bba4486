# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Mapping, Sequence
from typing import Any, Literal
import numpy.typing as npt

__all__ = [
    "affine_transform",
    "clip_to_image_size",
    "compute_ciou",
    "compute_iou",
    "convert_format",
    "crop",
    "decode_deltas_to_boxes",
    "encode_box_to_deltas",
    "pad",
]

def affine_transform(
    boxes: npt.ArrayLike,
    angle: npt.ArrayLike,
    translate_x: npt.ArrayLike,
    translate_y: npt.ArrayLike,
    scale: npt.ArrayLike,
    shear_x: npt.ArrayLike,
    shear_y: npt.ArrayLike,
    height: float,
    width: float,
    center_x: float | None = None,
    center_y: float | None = None,
    bounding_box_format: Literal["xyxy"] = "xyxy",
) -> Any: ...
def clip_to_image_size(
    bounding_boxes: Mapping[Any, Any],
    height: float | None = None,
    width: float | None = None,
    bounding_box_format: Literal["xyxy", "rel_xyxy"] = "xyxy",
) -> Any: ...
def compute_ciou(
    boxes1: npt.ArrayLike,
    boxes2: npt.ArrayLike,
    bounding_box_format: str,
    image_shape: Sequence[int] | None = None,
) -> npt.NDArray[Any]: ...
def compute_iou(
    boxes1: npt.ArrayLike,
    boxes2: npt.ArrayLike,
    bounding_box_format: str,
    use_masking: bool = False,
    mask_val: float = -1,
    image_shape: Sequence[int] | None = None,
) -> npt.NDArray[Any]: ...
def convert_format(
    boxes: npt.ArrayLike | Mapping[Any, Any],
    source: str,
    target: str,
    height: float | npt.ArrayLike | None = None,
    width: float | npt.ArrayLike | None = None,
    dtype: str = "float32",
) -> Any: ...
def crop(
    boxes: npt.ArrayLike,
    top: float,
    left: float,
    height: float,
    width: float,
    bounding_box_format: Literal["xyxy"] = "xyxy",
) -> Any: ...
def decode_deltas_to_boxes(
    anchors: npt.ArrayLike | Mapping[str, Any],
    boxes_delta: npt.ArrayLike | Mapping[str, Any],
    anchor_format: str,
    box_format: str,
    encoded_format: Literal["center_yxhw", "center_xywh"] = "center_yxhw",
    variance: Sequence[float] | None = None,
    image_shape: Sequence[int] | None = None,
) -> Any: ...
def encode_box_to_deltas(
    anchors: npt.ArrayLike,
    boxes: npt.ArrayLike,
    anchor_format: str,
    box_format: str,
    encoding_format: Literal["center_yxhw", "center_xywh"] = "center_yxhw",
    variance: Sequence[float] | None = None,
    image_shape: Sequence[int] | None = None,
) -> Any: ...
def pad(
    boxes: npt.ArrayLike,
    top: float,
    left: float,
    height: float | None = None,
    width: float | None = None,
    bounding_box_format: Literal["xyxy"] = "xyxy",
) -> Any: ...

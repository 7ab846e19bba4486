# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from typing import Any, Literal, NamedTuple
import numpy as np
import numpy.typing as npt

from striate.callbacks import Callback
from striate.callbacks import History
from striate.dtype_policies import DTypePolicy
from striate.layers import Tensor
from striate.losses import Loss
from striate.models import Model
from striate.optimizers import Optimizer

__all__ = [
    "AveragePrecision",
    "Dataset",
    "Detections",
    "Detector",
    "GIoULoss",
    "Objects",
    "RandomAffine",
    "RandomColor",
    "RandomCrop",
    "RandomFlip",
    "areas",
    "augment",
    "average_precision",
    "clip_boxes",
    "convert_boxes",
    "draw_boxes",
    "giou",
    "iou",
    "load_detector",
    "nms",
    "read_coco",
    "read_frames",
    "read_voc",
    "read_yolo",
    "simple_backbone",
    "soft_nms",
    "write_coco",
    "write_voc",
    "write_yolo",
]

def areas(boxes: npt.ArrayLike) -> npt.NDArray[Any]: ...
def augment(
    dataset: Dataset,
    augmentation: Callable[..., Any] | Sequence[Any],
    copies: int = 1,
    rng: int | np.random.Generator | None = None,
) -> Dataset: ...
def average_precision(
    objects: Sequence[Objects],
    detections: Sequence[Detections],
    classes: int,
) -> AveragePrecision: ...

class AveragePrecision(NamedTuple):
    ap: float
    ap50: float
    ap75: float
    ap_small: float
    ap_medium: float
    ap_large: float
    recall1: float
    recall10: float
    recall100: float
    recall_small: float
    recall_medium: float
    recall_large: float
    ap_of_classes: npt.NDArray[Any]
    ap50_of_classes: npt.NDArray[Any]

def clip_boxes(boxes: npt.ArrayLike, size: Sequence[int]) -> npt.NDArray[Any]: ...
def convert_boxes(
    boxes: npt.ArrayLike,
    source: str,
    target: str,
    size: Sequence[int] | None = None,
) -> npt.NDArray[Any]: ...

class Dataset:
    classes: Any
    images: Any
    mode: Literal["rgb", "gray"]
    objects: Any
    def __init__(
        self,
        images: npt.NDArray[np.uint8] | Sequence[Any],
        objects: Sequence[Objects],
        classes: Sequence[str],
        mode: Literal["rgb", "gray"] = "rgb",
    ) -> None: ...
    def __getitem__(self, index: Any) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def image(self, index: int) -> npt.NDArray[Any]: ...

class Detections:
    boxes: Any
    labels: Any
    scores: Any
    def __init__(self, boxes: npt.ArrayLike, labels: npt.ArrayLike, scores: npt.ArrayLike) -> None: ...
    def __getitem__(self, index: Any) -> Any: ...
    def __len__(self) -> int: ...

class Detector:
    classes: tuple[str, ...]
    model: Model
    def __init__(
        self,
        classes: Sequence[str],
        image_shape: Sequence[int] = ...,
        backbone: Model | None = None,
        strides: Sequence[int] | npt.NDArray[Any] = ...,
        channels: int = 48,
        depth: int = 1,
        rng: int | np.random.Generator | None = None,
    ) -> None: ...
    def detect(
        self,
        image: npt.ArrayLike,
        *,
        score_threshold: float = 0.5,
        iou_threshold: float = 0.6,
        most: int = 100,
    ) -> Detections: ...
    def evaluate(
        self,
        dataset: Dataset,
        *,
        batch_size: int = 16,
    ) -> AveragePrecision: ...
    def fit(
        self,
        dataset: Dataset,
        epochs: int = 1,
        *,
        batch_size: int = 16,
        optimizer: str | Optimizer | None = None,
        augmentation: Callable[..., Any] | Sequence[Any] = ...,
        validation_data: Dataset | None = None,
        validation_freq: int = 1,
        callbacks: Callback | Sequence[Any] | None = None,
        verbose: Literal["auto", 0, 1, 2] | bool = "auto",
        rng: int | np.random.Generator | None = None,
    ) -> History: ...
    def predict(
        self,
        images: Dataset | npt.NDArray[np.uint8] | Sequence[Any],
        *,
        score_threshold: float = 0.05,
        iou_threshold: float = 0.6,
        most: int = 100,
        batch_size: int = 16,
    ) -> list[Detections]: ...
    def save(self, path: str | PathLike[str], overwrite: bool = True) -> None: ...

def draw_boxes(
    image: npt.ArrayLike,
    found: Detections | Objects,
    classes: Sequence[str] | None = None,
    width: int | None = None,
) -> npt.NDArray[np.uint8]: ...
def giou(first: npt.ArrayLike, second: npt.ArrayLike) -> npt.NDArray[Any]: ...

class GIoULoss(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

def iou(first: npt.ArrayLike, second: npt.ArrayLike) -> npt.NDArray[Any]: ...
def load_detector(path: str | PathLike[str]) -> Detector: ...
def nms(
    boxes: npt.ArrayLike,
    scores: npt.ArrayLike,
    threshold: float = 0.5,
    labels: npt.ArrayLike | None = None,
    most: int | None = None,
) -> npt.NDArray[np.int64]: ...

class Objects:
    areas: Any
    boxes: Any
    ignored: Any
    labels: Any
    def __init__(
        self,
        boxes: npt.ArrayLike,
        labels: npt.ArrayLike,
        ignored: npt.ArrayLike | None = None,
        areas: npt.ArrayLike | None = None,
    ) -> None: ...
    def __getitem__(self, index: Any) -> Any: ...
    def __len__(self) -> int: ...

class RandomAffine:
    scale: Any
    translation: float
    def __init__(self, scale: Sequence[float] = ..., translation: float = 0.1) -> None: ...
    def __call__(
        self,
        image: npt.ArrayLike,
        objects: Objects,
        rng: int | np.random.Generator | None = None,
    ) -> tuple[Any, ...]: ...

class RandomColor:
    brightness: float
    contrast: float
    saturation: float
    def __init__(self, brightness: float = 0.2, contrast: float = 0.2, saturation: float = 0.2) -> None: ...
    def __call__(
        self,
        image: npt.ArrayLike,
        objects: Objects,
        rng: int | np.random.Generator | None = None,
    ) -> tuple[Any, ...]: ...

class RandomCrop:
    probability: float
    smallest: float
    def __init__(self, smallest: float = 0.5, probability: float = 1.0) -> None: ...
    def __call__(
        self,
        image: npt.ArrayLike,
        objects: Objects,
        rng: int | np.random.Generator | None = None,
    ) -> tuple[Any, ...]: ...

class RandomFlip:
    direction: Literal["horizontal", "vertical"]
    probability: float
    def __init__(
        self,
        direction: Literal["horizontal", "vertical"] = "horizontal",
        probability: float = 0.5,
    ) -> None: ...
    def __call__(
        self,
        image: npt.ArrayLike,
        objects: Objects,
        rng: int | np.random.Generator | None = None,
    ) -> tuple[Any, ...]: ...

def read_coco(
    path: str | PathLike[str],
    images: str | PathLike[str] | None = None,
    *,
    invalid: Literal["raise", "skip"] = "raise",
    mode: Literal["rgb", "gray"] = "rgb",
) -> Dataset: ...
def read_frames(path: str | PathLike[str], mode: Literal["rgb", "gray"] = "rgb") -> Iterator[npt.NDArray[np.uint8]]: ...
def read_voc(
    folder: str | PathLike[str],
    images: str | PathLike[str] | None = None,
    classes: Sequence[str] | None = None,
    *,
    invalid: Literal["raise", "skip"] = "raise",
    mode: Literal["rgb", "gray"] = "rgb",
) -> Dataset: ...
def read_yolo(
    folder: str | PathLike[str],
    images: str | PathLike[str],
    classes: Sequence[str],
    *,
    invalid: Literal["raise", "skip"] = "raise",
    mode: Literal["rgb", "gray"] = "rgb",
) -> Dataset: ...
def simple_backbone(
    input_shape: Sequence[int | None],
    filters: Sequence[int] | npt.NDArray[Any] = ...,
    rng: int | np.random.Generator | None = None,
) -> Model: ...
def soft_nms(
    boxes: npt.ArrayLike,
    scores: npt.ArrayLike,
    sigma: float = 0.5,
    threshold: float = 0.001,
    labels: npt.ArrayLike | None = None,
    most: int | None = None,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]: ...
def write_coco(
    path: str | PathLike[str],
    dataset: Dataset,
    images: str | PathLike[str] | None = None,
) -> None: ...
def write_voc(
    folder: str | PathLike[str],
    dataset: Dataset,
    images: str | PathLike[str] | None = None,
) -> None: ...
def write_yolo(
    folder: str | PathLike[str],
    dataset: Dataset,
    images: str | PathLike[str],
) -> None: ...

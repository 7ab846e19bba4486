# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from typing import Any, Literal, NamedTuple
import numpy as np
import numpy.typing as npt

from striate.detection import Detections
from striate.detection import Detector
from striate.models import Model

__all__ = [
    "BoxFilter",
    "TemplateTracker",
    "Tracker",
    "TrackingAccuracy",
    "Tracks",
    "draw_tracks",
    "embed_boxes",
    "read_mot",
    "track",
    "tracking_accuracy",
    "write_mot",
]

class BoxFilter:
    position: float
    velocity: float
    def __init__(self, position: float = 0.05, velocity: float = 0.00625) -> None: ...
    def begin(self, boxes: npt.ArrayLike) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]: ...
    def boxes(self, means: npt.NDArray[Any]) -> npt.NDArray[Any]: ...
    def distances(
        self,
        means: npt.NDArray[Any],
        covariances: npt.NDArray[Any],
        boxes: npt.ArrayLike,
    ) -> npt.NDArray[Any]: ...
    def predict(
        self,
        means: npt.NDArray[Any],
        covariances: npt.NDArray[Any],
    ) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]: ...
    def update(
        self,
        means: npt.NDArray[Any],
        covariances: npt.NDArray[Any],
        boxes: npt.ArrayLike,
    ) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]: ...

def draw_tracks(
    image: npt.ArrayLike,
    tracks: Tracks,
    classes: Sequence[str] | None = None,
    before: Sequence[Tracks] = ...,
    width: int | None = None,
) -> npt.NDArray[np.uint8]: ...
def embed_boxes(
    model: Model,
    image: npt.ArrayLike,
    boxes: npt.ArrayLike,
) -> npt.NDArray[np.float32]: ...
def read_mot(
    path: str | PathLike[str],
    kind: Literal["tracks", "detections"] = "tracks",
    frames: int | None = None,
    *,
    invalid: Literal["raise", "skip"] = "raise",
) -> list[Any]: ...

class TemplateTracker:
    box: npt.NDArray[Any]
    def __init__(
        self,
        features: Model,
        frame: npt.ArrayLike,
        box: npt.ArrayLike,
        context: float = 0.25,
    ) -> None: ...
    def response(self, frame: npt.ArrayLike) -> npt.NDArray[Any]: ...
    def update(self, frame: npt.ArrayLike) -> tuple[npt.NDArray[Any], float]: ...

def track(
    frames: Iterable[npt.ArrayLike],
    detector: Detector,
    tracker: Tracker | None = None,
) -> Iterator[Tracks]: ...

class Tracker:
    appearance: Any
    appearance_threshold: float
    appearance_weight: float
    confirm: int
    iou_threshold: float
    low_threshold: float | None
    max_age: int
    motion: Any
    same_class: bool
    score_threshold: float
    template: Any
    template_threshold: float
    def __init__(
        self,
        score_threshold: float = 0.5,
        low_threshold: float | None = None,
        iou_threshold: float = 0.2,
        confirm: int = 2,
        max_age: int = 30,
        same_class: bool = False,
        appearance: Model | None = None,
        appearance_weight: float = 0.5,
        appearance_threshold: float = 0.3,
        template: Model | None = None,
        template_threshold: float = 0.6,
        motion: BoxFilter | None = None,
    ) -> None: ...
    def reset(self) -> None: ...
    def update(
        self,
        detections: Detections,
        frame: npt.ArrayLike | None = None,
    ) -> Tracks: ...

def tracking_accuracy(
    truth: Sequence[Tracks],
    found: Sequence[Tracks],
    iou_threshold: float = 0.5,
    ignored: Sequence[npt.ArrayLike] | None = None,
) -> TrackingAccuracy: ...

class TrackingAccuracy(NamedTuple):
    mota: float
    motp: float
    idf1: float
    id_precision: float
    id_recall: float
    id_switches: int
    misses: int
    false_positives: int
    matches: int
    objects: int

class Tracks(Detections):
    ids: Any
    def __init__(
        self,
        boxes: npt.ArrayLike,
        labels: npt.ArrayLike,
        scores: npt.ArrayLike,
        ids: npt.ArrayLike,
    ) -> None: ...

def write_mot(path: str | PathLike[str], tracks: Sequence[Tracks]) -> None: ...

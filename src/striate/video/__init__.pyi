# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, Literal, NamedTuple
import numpy as np
import numpy.typing as npt

from striate.models import Model

__all__ = [
    "Event",
    "MatchedEvents",
    "MixtureOfGaussians",
    "RunningMedian",
    "StaticObjects",
    "match_events",
    "read_events",
    "write_events",
]

class Event(NamedTuple):
    time: float
    box: tuple[Any, ...]
    label: str
    score: float = ...

def match_events(
    truth: Sequence[Event],
    found: Sequence[Event],
    seconds: float = 30.0,
    iou_threshold: float = 0.3,
) -> MatchedEvents: ...

class MatchedEvents(NamedTuple):
    pairs: list[Any]
    missed: list[Any]
    false: list[Any]
    delays: list[Any]

class MixtureOfGaussians:
    background_part: float
    components: int
    distance: float
    learning_rate: float
    def __init__(
        self,
        learning_rate: float = 0.01,
        components: int = 3,
        distance: float = 3.0,
        background_part: float = 0.7,
    ) -> None: ...
    def apply(self, frame: npt.ArrayLike) -> npt.NDArray[np.bool_]: ...
    @property
    def background(self) -> npt.NDArray[np.float32]: ...

def read_events(
    path: str | PathLike[str],
    *,
    invalid: Literal["raise", "skip"] = "raise",
) -> list[Event]: ...

class RunningMedian:
    background: npt.NDArray[np.float32]
    step: float
    threshold: float
    def __init__(self, step: float = 1.0, threshold: float = 25.0) -> None: ...
    def apply(self, frame: npt.ArrayLike) -> npt.NDArray[np.bool_]: ...

class StaticObjects:
    classes: Any
    classifier: Any
    fps: float
    least_area: int
    seconds: float
    wanted: Any
    def __init__(
        self,
        fps: float,
        seconds: float = 5.0,
        least_area: int = 20,
        classifier: Model | Callable[..., Any] | None = None,
        classes: Sequence[str] = ...,
        wanted: Sequence[str] | None = None,
        fast: MixtureOfGaussians | RunningMedian | None = None,
        slow: MixtureOfGaussians | RunningMedian | None = None,
    ) -> None: ...
    def update(self, frame: npt.ArrayLike) -> list[Event]: ...

def write_events(path: str | PathLike[str], events: Sequence[Event]) -> None: ...

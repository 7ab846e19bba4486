# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from os import PathLike
from typing import Any, Literal, NamedTuple
import numpy as np
import numpy.typing as npt

from striate.callbacks import Callback
from striate.callbacks import History
from striate.models import Model
from striate.optimizers import Optimizer

__all__ = [
    "Reading",
    "ReadingAccuracy",
    "TextRecognizer",
    "character_error_rate",
    "levenshtein_distance",
    "load_text_recognizer",
    "reading_accuracy",
    "word_accuracy",
]

def character_error_rate(truths: Sequence[str], readings: Sequence[str]) -> float: ...
def levenshtein_distance(first: str | Sequence[str], second: str | Sequence[str]) -> int: ...
def load_text_recognizer(path: str | PathLike[str]) -> TextRecognizer: ...

class Reading(NamedTuple):
    text: str
    confidence: float

def reading_accuracy(
    truths: Sequence[str],
    readings: Sequence[Reading | str],
) -> ReadingAccuracy: ...

class ReadingAccuracy(NamedTuple):
    character_error_rate: float
    word_accuracy: float
    line_accuracy: float

class TextRecognizer:
    alphabet: str
    model: Model
    def __init__(
        self,
        alphabet: str,
        height: int = 32,
        filters: Sequence[int] | npt.NDArray[Any] = ...,
        rng: int | np.random.Generator | None = None,
    ) -> None: ...
    def evaluate(
        self,
        images: Sequence[npt.NDArray[np.uint8]],
        texts: Sequence[str],
        *,
        beam_width: int = 1,
        batch_size: int = 32,
    ) -> ReadingAccuracy: ...
    def fit(
        self,
        images: Sequence[npt.NDArray[np.uint8]],
        texts: Sequence[str],
        epochs: int = 1,
        *,
        batch_size: int = 32,
        optimizer: str | Optimizer | None = None,
        validation_data: Sequence[Any] | None = None,
        callbacks: Callback | Sequence[Any] | None = None,
        verbose: Literal["auto", 0, 1, 2] | bool = "auto",
        rng: int | np.random.Generator | None = None,
    ) -> History: ...
    def predict(
        self,
        images: Sequence[npt.NDArray[np.uint8]],
        *,
        beam_width: int = 1,
        batch_size: int = 32,
    ) -> list[Reading]: ...
    def read(self, image: npt.ArrayLike, *, beam_width: int = 1) -> Reading: ...
    def save(self, path: str | PathLike[str], overwrite: bool = True) -> None: ...

def word_accuracy(truths: Sequence[str], readings: Sequence[Reading | str]) -> float: ...

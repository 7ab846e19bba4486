# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from os import PathLike
from typing import Any
import numpy as np
import numpy.typing as npt

from striate.detection import Detections
from striate.metrics import ROC
from striate.models import Model

__all__ = [
    "Faces",
    "MTCNN",
    "Verifier",
    "align",
    "convert_mtcnn",
    "embedding_network",
    "pairs",
]

def align(image: npt.ArrayLike, landmarks: npt.ArrayLike, size: int = 112) -> npt.NDArray[Any]: ...
def convert_mtcnn(source: str | PathLike[str], path: str | PathLike[str]) -> MTCNN: ...
def embedding_network(
    input_shape: Sequence[int] = ...,
    features: int = 64,
    filters: Sequence[int] | npt.NDArray[Any] = ...,
    rng: int | np.random.Generator | None = None,
) -> Model: ...

class Faces(Detections):
    landmarks: Any
    labels: npt.NDArray[np.int64]
    def __init__(self, boxes: npt.ArrayLike, scores: npt.ArrayLike, landmarks: npt.ArrayLike) -> None: ...

class MTCNN:
    factor: float
    min_face_size: int
    model: Model
    thresholds: Any
    def __init__(
        self,
        weights: str | PathLike[str] | None = None,
        *,
        min_face_size: int = 20,
        thresholds: Sequence[float] = ...,
        factor: float = 0.709,
        rng: int | np.random.Generator | None = None,
    ) -> None: ...
    def detect(self, image: npt.ArrayLike) -> Faces: ...
    def predict(self, images: npt.NDArray[np.uint8] | Sequence[Any]) -> list[Faces]: ...
    def save_weights(self, path: str | PathLike[str]) -> None: ...

def pairs(embeddings: npt.ArrayLike, labels: npt.ArrayLike) -> tuple[npt.NDArray[np.bool_], npt.NDArray[Any]]: ...

class Verifier:
    model: Any
    threshold: float | None
    def __init__(self, model: Model, threshold: float | None = None) -> None: ...
    def calibrate(
        self,
        images: npt.ArrayLike,
        labels: npt.ArrayLike,
        false_accept_rate: float = 0.001,
    ) -> ROC: ...
    def embed(self, images: npt.ArrayLike, *, batch_size: int = 64) -> npt.NDArray[Any]: ...
    def similarity(self, first: npt.ArrayLike, second: npt.ArrayLike) -> npt.NDArray[Any]: ...
    def verify(self, first: npt.ArrayLike, second: npt.ArrayLike) -> npt.NDArray[np.bool_]: ...

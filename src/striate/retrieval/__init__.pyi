# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from os import PathLike
from typing import Any, Literal, NamedTuple
import numpy as np
import numpy.typing as npt

__all__ = [
    "Index",
    "Matches",
    "load_index",
    "mean_average_precision",
    "precision_at_k",
    "recall_at_k",
]

class Index:
    dimensions: int
    ids: npt.NDArray[np.int64]
    metric: Literal["cosine", "inner_product", "euclidean"]
    def __init__(self, dimensions: int, metric: Literal["cosine", "inner_product", "euclidean"] = "cosine") -> None: ...
    def __contains__(self, id: Any) -> bool: ...
    def __len__(self) -> int: ...
    def add(self, vectors: npt.ArrayLike, ids: npt.ArrayLike | None = None) -> npt.NDArray[np.int64]: ...
    def remove(self, ids: npt.ArrayLike) -> None: ...
    def save(self, path: str | PathLike[str]) -> None: ...
    def search(self, queries: npt.ArrayLike, k: int = 10) -> Matches: ...

def load_index(path: str | PathLike[str]) -> Index: ...

class Matches(NamedTuple):
    ids: npt.NDArray[Any]
    scores: npt.NDArray[Any]

def mean_average_precision(relevant: npt.ArrayLike, total: npt.ArrayLike | None = None) -> float: ...
def precision_at_k(relevant: npt.ArrayLike, k: int) -> float: ...
def recall_at_k(relevant: npt.ArrayLike, k: int, total: npt.ArrayLike) -> float: ...

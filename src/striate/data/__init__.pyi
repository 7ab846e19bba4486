# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any
import numpy as np
import numpy.typing as npt

__all__ = [
    "DataLoader",
    "load_mnist",
    "read_idx",
]

class DataLoader:
    arrays: Any
    batch_size: int
    dataset: Any
    drop_last: bool
    epoch: int
    seed: Any
    transform: Any
    workers: int
    def __init__(
        self,
        dataset: Sequence[npt.ArrayLike] | Mapping[str, Any] | Any,
        batch_size: int = 32,
        shuffle: bool = False,
        drop_last: bool = False,
        transform: Callable[..., Any] | None = None,
        workers: int = 1,
        prefetch: int = 2,
        rng: int | None = None,
    ) -> None: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def as_numpy_iterator(self) -> Iterator[Any]: ...
    def batch(
        self,
        batch_size: int,
        drop_remainder: bool = False,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> DataLoader: ...
    def cache(self, filename: str = "", name: str | None = None) -> DataLoader: ...
    def cardinality(self) -> DataLoader: ...
    def filter(self, predicate: Callable[..., Any], name: str | None = None) -> DataLoader: ...
    def map(
        self,
        map_func: Callable[..., Any],
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> DataLoader: ...
    def prefetch(self, buffer_size: int, name: str | None = None) -> DataLoader: ...
    def repeat(self, count: int | None = None, name: str | None = None) -> DataLoader: ...
    @property
    def samples(self) -> int: ...
    def shuffle(
        self,
        buffer_size: int,
        seed: int | None = None,
        reshuffle_each_iteration: bool = True,
        name: str | None = None,
    ) -> DataLoader: ...
    def skip(self, count: int | None, name: str | None = None) -> DataLoader: ...
    def take(self, count: int | None, name: str | None = None) -> DataLoader: ...
    def unbatch(self, name: str | None = None) -> DataLoader: ...

def load_mnist(folder: str | PathLike[str]) -> tuple[npt.NDArray[np.uint8], ...]: ...
def read_idx(path: str | PathLike[str]) -> npt.NDArray[Any]: ...

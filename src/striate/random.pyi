# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Mapping, Sequence
from typing import Any, Self, overload
import numpy as np
import numpy.typing as npt

from striate.layers import Tensor

__all__ = [
    "SeedGenerator",
    "beta",
    "binomial",
    "categorical",
    "dropout",
    "gamma",
    "normal",
    "randint",
    "shuffle",
    "truncated_normal",
    "uniform",
]

def beta(
    shape: int | Sequence[int],
    alpha: npt.ArrayLike,
    beta: npt.ArrayLike,
    dtype: npt.DTypeLike = "float32",
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...
def binomial(
    shape: int | Sequence[int],
    counts: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    dtype: npt.DTypeLike = "float32",
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...
def categorical(
    logits: npt.ArrayLike,
    num_samples: int,
    dtype: npt.DTypeLike = "int32",
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...
@overload
def dropout(
    inputs: npt.ArrayLike,
    rate: float,
    noise_shape: Sequence[int | None] | None = None,
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...
@overload
def dropout(
    inputs: npt.ArrayLike | Tensor,
    rate: float,
    noise_shape: Sequence[int | None] | None = None,
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> Tensor: ...
def gamma(
    shape: int | Sequence[int],
    alpha: npt.ArrayLike,
    dtype: npt.DTypeLike = "float32",
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...
def normal(
    shape: int | Sequence[int],
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: npt.DTypeLike = "float32",
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...
def randint(
    shape: int | Sequence[int],
    minval: float,
    maxval: float,
    dtype: npt.DTypeLike = "int32",
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...

class SeedGenerator:
    generator: Any
    name: str
    def __init__(self, seed: int | None = None, name: str | None = None) -> None: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...
    def next(self, ordered: bool = True) -> npt.NDArray[Any]: ...

@overload
def shuffle(
    x: npt.ArrayLike,
    axis: int = 0,
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...
@overload
def shuffle(
    x: npt.ArrayLike | Tensor,
    axis: int = 0,
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> Tensor: ...
def truncated_normal(
    shape: int | Sequence[int],
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: npt.DTypeLike = "float32",
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...
def uniform(
    shape: int | Sequence[int],
    minval: float = 0.0,
    maxval: float = 1.0,
    dtype: npt.DTypeLike = "float32",
    seed: int | SeedGenerator | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...

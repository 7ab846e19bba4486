# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self
import numpy.typing as npt

__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "serialize",
    "unit_norm",
]

class Constraint:
    changes: int
    keeps_arguments: bool
    kind: str
    def __call__(self, w: Any, /) -> Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...

def deserialize(
    config: str | Mapping[Any, Any] | Callable[..., Any] | None,
    custom_objects: Mapping[str, Any] | None = None,
) -> Any: ...
def get(identifier: Any) -> Any: ...

class MaxNorm(Constraint):
    axis: Any
    max_value: float
    def __init__(self, max_value: float = 2, axis: int | Sequence[int] | None = 0) -> None: ...
    def __call__(self, w: npt.NDArray[Any]) -> npt.NDArray[Any]: ...

class MinMaxNorm(Constraint):
    axis: Any
    max_value: float
    min_value: float
    rate: float
    def __init__(
        self,
        min_value: float = 0.0,
        max_value: float = 1.0,
        rate: float = 1.0,
        axis: int | Sequence[int] | None = 0,
    ) -> None: ...
    def __call__(self, w: npt.NDArray[Any]) -> npt.NDArray[Any]: ...

class NonNeg(Constraint):
    def __call__(self, w: npt.NDArray[Any]) -> npt.NDArray[Any]: ...

def serialize(constraint: Any) -> Any: ...

class UnitNorm(Constraint):
    axis: Any
    def __init__(self, axis: int | Sequence[int] | None = 0) -> None: ...
    def __call__(self, w: npt.NDArray[Any]) -> npt.NDArray[Any]: ...

max_norm = MaxNorm
min_max_norm = MinMaxNorm
non_neg = NonNeg
unit_norm = UnitNorm

# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping
from typing import Any, Literal, Self
import numpy.typing as npt

from striate.layers import Tensor

__all__ = [
    "FunctionRegularizer",
    "L1",
    "L1L2",
    "L2",
    "OrthogonalRegularizer",
    "Regularizer",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "orthogonal_regularizer",
    "serialize",
]

def deserialize(
    config: str | Mapping[Any, Any] | Callable[..., Any] | None,
    custom_objects: Mapping[str, Any] | None = None,
) -> Any: ...

class FunctionRegularizer(Regularizer):
    function: Any
    def __init__(self, function: Callable[..., Any]) -> None: ...
    def __call__(self, x: npt.ArrayLike | Tensor) -> Any: ...

def get(identifier: Any) -> Any: ...

class L1(L1L2):
    def __init__(self, l1: float = 0.01) -> None: ...

class L1L2(Regularizer):
    l1: float
    l2: float
    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None: ...
    def __call__(self, x: npt.ArrayLike | Tensor) -> Any: ...

class L2(L1L2):
    def __init__(self, l2: float = 0.01) -> None: ...

class OrthogonalRegularizer(Regularizer):
    factor: float
    mode: Literal["rows", "columns"]
    def __init__(self, factor: float = 0.01, mode: Literal["rows", "columns"] = "rows") -> None: ...
    def __call__(self, x: npt.ArrayLike | Tensor) -> Any: ...

class Regularizer:
    changes: int
    keeps_arguments: bool
    kind: str
    def __call__(self, x: Any, /) -> Any: ...
    def emit(self, value: Any, weight: float = 1.0) -> None: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...

def serialize(regularizer: Any) -> Any: ...
l1 = L1
l1_l2 = L1L2
l2 = L2
orthogonal_regularizer = OrthogonalRegularizer

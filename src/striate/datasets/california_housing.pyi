# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from typing import Any, Literal
import numpy.typing as npt

__all__ = [
    "load_data",
]

def load_data(
    version: Literal["large", "small"] = "large",
    path: str = "california_housing.npz",
    test_split: float = 0.2,
    seed: int = 113,
) -> tuple[npt.NDArray[Any], ...]: ...

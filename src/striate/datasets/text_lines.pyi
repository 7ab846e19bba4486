# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from typing import Any
import numpy as np
import numpy.typing as npt

__all__ = [
    "ALPHABET",
    "generate",
    "load_data",
]

ALPHABET: str
def generate(
    n: int,
    height: int = 32,
    *,
    seed: int = 0,
    alphabet: str = ...,
    longest: int = 12,
) -> tuple[list[npt.NDArray[np.uint8]], list[str]]: ...
def load_data(height: int = 32) -> tuple[Any, ...]: ...

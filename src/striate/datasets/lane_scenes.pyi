# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from typing import Any
import numpy as np
import numpy.typing as npt

__all__ = [
    "CLASSES",
    "generate",
    "load_data",
]

CLASSES: tuple[str, ...]
def generate(
    n: int,
    size: int = 96,
    *,
    seed: int = 0,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.float32]]: ...
def load_data(size: int = 96) -> tuple[npt.NDArray[Any], ...]: ...

# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from typing import Any
import numpy as np
import numpy.typing as npt

__all__ = [
    "CLASSES",
    "crops",
    "generate",
]

CLASSES: tuple[str, ...]
def crops(n: int, size: int = 32, *, seed: int = 0) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]: ...
def generate(
    frames: int = 600,
    size: int = 128,
    *,
    seed: int = 0,
) -> tuple[npt.NDArray[np.uint8], list[tuple[Any, ...]]]: ...

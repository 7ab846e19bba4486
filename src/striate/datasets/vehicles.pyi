# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

import numpy as np
import numpy.typing as npt

__all__ = [
    "CLASSES",
    "generate",
    "load_data",
]

CLASSES: tuple[str, ...]
def generate(n: int, size: int = 48, *, seed: int = 0) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]: ...
def load_data(size: int = 48) -> tuple[npt.NDArray[np.uint8], ...]: ...

# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from typing import Any
import numpy as np
import numpy.typing as npt

__all__ = [
    "generate",
    "load_data",
]

def generate(
    identities: int,
    images: int = 10,
    size: int = 48,
    *,
    seed: int = 0,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.float32]]: ...
def load_data(size: int = 48) -> tuple[npt.NDArray[Any], ...]: ...

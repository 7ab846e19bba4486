# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

import numpy as np
import numpy.typing as npt

__all__ = [
    "CLASSES",
    "generate",
]

CLASSES: tuple[str, ...]
def generate(
    n: int,
    size: int = 128,
    *,
    seed: int = 0,
    alphabet: str = ...,
    longest: int = 5,
) -> tuple[npt.NDArray[np.uint8], list[npt.NDArray[np.float32]], list[list[str]]]: ...

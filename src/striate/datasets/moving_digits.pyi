# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
import numpy as np
import numpy.typing as npt

__all__ = [
    "CLASSES",
    "generate",
]

CLASSES: tuple[str, ...]
def generate(
    n: int,
    frames: int = 80,
    size: int = 128,
    *,
    seed: int = 0,
    digits: Sequence[npt.ArrayLike] | None = None,
) -> tuple[npt.NDArray[np.uint8], list[list[npt.NDArray[np.float32]]], list[list[npt.NDArray[np.uint8]]], list[list[npt.NDArray[np.int64]]], list[list[npt.NDArray[np.float32]]]]: ...

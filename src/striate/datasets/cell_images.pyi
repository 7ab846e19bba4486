# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

import numpy as np
import numpy.typing as npt

__all__ = [
    "generate",
    "load_data",
]

def generate(n: int, size: int = 96, *, seed: int = 0) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]: ...
def load_data(size: int = 96) -> tuple[npt.NDArray[np.uint8], ...]: ...

# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

import numpy as np
import numpy.typing as npt

__all__ = [
    "load_data",
]

def load_data(path: str = "mnist.npz") -> tuple[npt.NDArray[np.uint8], ...]: ...

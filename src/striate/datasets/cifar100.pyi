# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from typing import Literal
import numpy as np
import numpy.typing as npt

__all__ = [
    "load_data",
]

def load_data(label_mode: Literal["fine", "coarse"] = "fine") -> tuple[npt.NDArray[np.uint8], ...]: ...

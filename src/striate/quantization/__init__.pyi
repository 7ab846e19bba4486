# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Mapping, Sequence
from typing import Any, Literal
import numpy.typing as npt

from striate.models import Model

__all__ = [
    "quantize",
]

def quantize(
    model: Model,
    images: npt.NDArray[Any] | Sequence[Any] | Mapping[str, Any],
    *,
    method: Literal["mse", "percentile", "range"] = "mse",
    equalization: bool = False,
    bias_correction: bool = True,
    keep: list[str] | tuple[str, ...] = ...,
    tolerance: float | None = None,
    batch_size: int = 32,
) -> Model: ...

# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Mapping
from os import PathLike
from typing import Any

from striate.models import Model

__all__ = [
    "OwnFormat",
]

class OwnFormat:
    endings: Any
    def load_model(
        self,
        path: str | PathLike[str],
        custom_objects: Mapping[str, Any] | None,
        compile: bool,
        lazy: Any,
        safe_mode: bool = True,
        *classes: Any,
    ) -> Any: ...
    def load_weights(
        self,
        model: Model,
        path: str | PathLike[str],
        skip_mismatch: bool,
        by_name: Any,
        skipped: Any = ...,
    ) -> None: ...
    def recognizes(self, path: str | PathLike[str]) -> bool: ...
    def restore(self, model: Model, path: str | PathLike[str], check: Any = None) -> None: ...
    def save_model(
        self,
        model: Model,
        path: str | PathLike[str],
        training: Any = None,
        include_optimizer: bool = True,
    ) -> None: ...
    def save_weights(self, model: Model, path: str | PathLike[str], skipped: Any = ...) -> None: ...

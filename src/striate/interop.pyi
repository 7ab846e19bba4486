# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any

from striate.layers import Layer
from striate.models import Model
from striate.models import Sequential

__all__ = [
    "load_keras_model",
    "load_keras_weights",
    "load_safetensors",
    "save_keras_model",
    "save_keras_weights",
    "save_safetensors",
]

def load_keras_model(
    path: str | PathLike[str],
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Model | Sequential: ...
def load_keras_weights(
    model: Model | Sequential,
    path: str | PathLike[str],
    skip_mismatch: bool = False,
    by_name: bool = False,
    objects_to_skip: Sequence[Layer] | None = None,
) -> None: ...
def load_safetensors(
    model: Model | Sequential,
    path: str | PathLike[str],
    name_map: Mapping[Any, Any] | Callable[..., Any] | None = None,
) -> None: ...
def save_keras_model(
    model: Model | Sequential,
    path: str | PathLike[str],
) -> None: ...
def save_keras_weights(
    model: Model | Sequential,
    path: str | PathLike[str],
    objects_to_skip: Sequence[Layer] | None = None,
) -> None: ...
def save_safetensors(
    model: Model | Sequential,
    path: str | PathLike[str],
    name_map: Mapping[Any, Any] | Callable[..., Any] | None = None,
) -> None: ...

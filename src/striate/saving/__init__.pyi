# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from os import PathLike
from typing import Any
import numpy.typing as npt

from striate.models import load_model as load_model
from striate.models import save_model as save_model
from striate.models import Model

__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "load_model",
    "load_weights",
    "register_keras_serializable",
    "save_model",
    "save_weights",
    "serialize_keras_object",
]

def custom_object_scope(custom_objects: Mapping[str, Any] | None) -> AbstractContextManager[Any]: ...
def deserialize_keras_object(
    config: Any,
    custom_objects: Mapping[str, Any] | None = None,
    safe_mode: bool = True,
) -> Any: ...
def get_custom_objects() -> dict[str, Any]: ...
def get_registered_name(obj: Any) -> Any: ...
def get_registered_object(
    name: str,
    custom_objects: Mapping[str, Any] | None = None,
    module_objects: Mapping[str, Callable[..., Any]] | None = None,
) -> Any: ...
def load_weights(
    model: Model,
    filepath: str | PathLike[str],
    skip_mismatch: bool = False,
    by_name: bool = False,
    objects_to_skip: Sequence[Any] | npt.NDArray[Any] | None = None,
) -> Any: ...
def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[..., Any]: ...
def save_weights(
    model: Model,
    filepath: str | PathLike[str],
    overwrite: bool = True,
    *,
    objects_to_skip: Sequence[Any] | npt.NDArray[Any] | None = None,
) -> Any: ...
def serialize_keras_object(obj: Any) -> Any: ...
CustomObjectScope = custom_object_scope

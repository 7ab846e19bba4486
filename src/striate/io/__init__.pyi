# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from striate.io import keras as keras
from striate.io import native as native

__all__ = [
    "keras",
    "native",
]

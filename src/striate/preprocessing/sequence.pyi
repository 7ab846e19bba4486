# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from striate.utils import pad_sequences as pad_sequences

__all__ = [
    "pad_sequences",
]

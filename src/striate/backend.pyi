# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

import numpy.typing as npt

from striate.config import backend as backend
from striate.config import epsilon as epsilon
from striate.config import floatx as floatx
from striate.config import image_data_format as image_data_format
from striate.config import set_epsilon as set_epsilon
from striate.config import set_floatx as set_floatx
from striate.config import set_image_data_format as set_image_data_format
from striate.utils import clear_session as clear_session
from striate.utils import is_keras_tensor as is_keras_tensor
from striate.utils import standardize_dtype as standardize_dtype

__all__ = [
    "backend",
    "clear_session",
    "epsilon",
    "floatx",
    "get_uid",
    "image_data_format",
    "is_float_dtype",
    "is_int_dtype",
    "is_keras_tensor",
    "result_type",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
    "standardize_dtype",
]

def get_uid(prefix: str = "") -> int: ...
def is_float_dtype(dtype: npt.DTypeLike) -> bool: ...
def is_int_dtype(dtype: npt.DTypeLike) -> bool: ...
def result_type(*dtypes: npt.DTypeLike) -> str: ...

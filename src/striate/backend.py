"""Settings that programs for older versions of Keras expect in the module `backend`."""

from ._common.names import public_attributes
from .config import backend, epsilon, floatx, image_data_format, set_epsilon, set_floatx, set_image_data_format
from .engine.dtypes import is_float_dtype, is_int_dtype, result_type, standardize_dtype
from .utils import clear_session, is_keras_tensor
from .utils.session import get_uid

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

__getattr__, __dir__ = public_attributes(globals())

"""Settings that programs for older versions of Keras expect in the module `backend`."""

from ._common.names import public_names
from .config import backend, epsilon, floatx, image_data_format, set_floatx, set_image_data_format
from .utils import clear_session

__all__ = [
    "backend",
    "clear_session",
    "epsilon",
    "floatx",
    "image_data_format",
    "set_floatx",
    "set_image_data_format",
]

__dir__ = public_names(globals())

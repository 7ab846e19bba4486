"""Settings that programs for older versions of Keras expect in the module `backend`."""

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

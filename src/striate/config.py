"""Keras' settings, which have fixed values in striate."""

from ._common.checks import choice
from ._common.names import public_names


def floatx():
    """Return the default dtype of layers: "float32"."""
    return "float32"


def set_floatx(value):
    """Accept only "float32"; other dtypes are arguments of layers."""
    choice("value", value, ("float32",))


def epsilon():
    """Return the small number that avoids divisions by zero: 1e-7."""
    return 1e-7


def image_data_format():
    """Return the position of the channels in images: "channels_last"."""
    return "channels_last"


def set_image_data_format(data_format):
    """Accept only "channels_last"."""
    choice("data_format", data_format, ("channels_last",))


def backend():
    """Return the name of the backend: "striate"."""
    return "striate"


__all__ = [
    "backend",
    "epsilon",
    "floatx",
    "image_data_format",
    "set_floatx",
    "set_image_data_format",
]

__dir__ = public_names(globals())

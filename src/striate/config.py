"""Keras' settings: those that striate has are fixed."""

from ._checks import choice


def floatx():
    """Return the default dtype of layers: "float32"."""
    return "float32"


def set_floatx(value):
    """Accept "float32"; other dtypes are arguments of layers."""
    choice("value", value, ("float32",))


def epsilon():
    """Return the small number that keeps quotients finite: 1e-7."""
    return 1e-7


def image_data_format():
    """Return where channels are in images: "channels_last"."""
    return "channels_last"


def set_image_data_format(data_format):
    """Accept "channels_last"."""
    choice("data_format", data_format, ("channels_last",))


def backend():
    """Return the name of the library that computes: "striate"."""
    return "striate"


__all__ = [
    "backend",
    "epsilon",
    "floatx",
    "image_data_format",
    "set_floatx",
    "set_image_data_format",
]

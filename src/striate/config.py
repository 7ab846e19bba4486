"""Keras' settings, some of which have fixed values in striate."""

import contextvars
import functools

from ._common.checks import choice
from ._common.docstrings import T
from ._common.names import public_names

_image_data_format = "channels_last"
_own_format = contextvars.ContextVar("image_data_format", default=None)  # the format within a `with_channels_last` function


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
    """Return the position of the channels, "channels_last" or "channels_first", for layers whose `data_format` is None."""
    return _own_format.get() or _image_data_format


def set_image_data_format(data_format):
    """Set the position of the channels for layers made from now on whose `data_format` is None.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}
        The position. Layers take a batch of images as (batch, height, width, channels) with "channels_last", which is faster,
        and as (batch, channels, height, width) with "channels_first".
    """
    global _image_data_format
    _image_data_format = choice("data_format", data_format, ("channels_last", "channels_first"))


def with_channels_last(function: T) -> T:
    """Return a function whose layers have the channels last, whatever the default: for those that make whole networks."""

    @functools.wraps(function)
    def called(*arguments, **settings):
        token = _own_format.set("channels_last")
        try:
            return function(*arguments, **settings)
        finally:
            _own_format.reset(token)

    return called


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

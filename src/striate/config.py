"""Keras' settings, some of which have fixed values in striate."""

from ._common.checks import choice
from ._common.names import public_names

_image_data_format = "channels_last"
_flash_attention = None


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
    return _image_data_format


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


def backend():
    """Return the name of the backend: "striate"."""
    return "striate"


def enable_flash_attention():
    """Make `flash_attention=None` of layers made from now on mean True, which excludes dropout, but has no other effect."""
    global _flash_attention
    _flash_attention = True


def disable_flash_attention():
    """Make `flash_attention=None` of layers made from now on mean False."""
    global _flash_attention
    _flash_attention = False


def is_flash_attention_enabled():
    """Return what `enable_flash_attention` or `disable_flash_attention` set, or None."""
    return _flash_attention


__all__ = [
    "backend",
    "disable_flash_attention",
    "enable_flash_attention",
    "epsilon",
    "floatx",
    "image_data_format",
    "is_flash_attention_enabled",
    "set_floatx",
    "set_image_data_format",
]

__dir__ = public_names(globals())

"""The position of the channels: layers compute with channels last, and transpose what has channels first at their edges.

Between two layers with channels first, the transposes cancel each other; see `engine.fusion`.
"""

from .. import config
from .._common.checks import choice
from ..engine.operators import apply

#: Values of the argument `data_format`.
DATA_FORMATS = ("channels_last", "channels_first")


def data_format_of(data_format):
    """Return a checked `data_format`, that of `striate.config` for None."""
    return config.image_data_format() if data_format is None else choice("data_format", data_format, DATA_FORMATS)


def shape_with_channels_last(shape, data_format):
    """Return the shape (batch, ..., channels) for a shape in a format."""
    return tuple(shape) if data_format == "channels_last" else (shape[0], *shape[2:], shape[1])


def shape_in_format(shape, data_format):
    """Return a shape in a format for (batch, ..., channels)."""
    return tuple(shape) if data_format == "channels_last" else (shape[0], shape[-1], *shape[1:-1])


def with_channels_last(x, data_format):
    """Return a value or symbolic tensor in a format with its channels last."""
    return x if data_format == "channels_last" else with_axis_last(x, 1)


def in_format(x, data_format):
    """Return a value or symbolic tensor, whose channels are last, in a format."""
    return x if data_format == "channels_last" else with_last_axis_at(x, 1)


def with_axis_last(x, axis):
    """Return a value or symbolic tensor with one of its axes moved to the end."""
    order = [*range(axis), *range(axis + 1, len(x.shape)), axis]
    return x if axis == len(x.shape) - 1 else apply("transpose", x, axes=order)


def with_last_axis_at(x, axis):
    """Return a value or symbolic tensor with its last axis moved to the index `axis`; the inverse of `with_axis_last`."""
    last = len(x.shape) - 1
    return x if axis == last else apply("transpose", x, axes=[*range(axis), last, *range(axis, last)])

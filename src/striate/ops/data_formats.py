"""The position of the channels: functions compute with channels last, and transpose what has channels first at their edges."""

from ..engine.operators import apply
from ..layers.data_formats import data_format_of
from ._functions import shape_of


def in_channels_last(x, data_format, axis=-3):
    """Return an array with its channels last, and a function that puts those of a result to where they were.

    Parameters
    ----------
    x : array or symbolic tensor
        Array.
    data_format : {"channels_last", "channels_first"}, optional
        Position of its channels.
    axis : int
        Their axis if they are first: -3 for images, and 1 for batches of images, volumes or sequences.
    """
    rank = len(shape_of(x))
    if data_format_of(data_format) == "channels_last" or not rank:  # A number is left to other checks.
        return x, _unchanged
    first = axis % rank

    def back(y):
        return apply("transpose", y, axes=(*range(first), rank - 1, *range(first, rank - 1), *range(rank, len(shape_of(y)))))

    return apply("transpose", x, axes=(*range(first), *range(first + 1, rank), first)), back


def _unchanged(y):
    return y

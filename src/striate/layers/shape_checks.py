"""Checks of shapes and errors that layers share."""

import functools
import inspect

import numpy as np

from .._common.checks import integer, sequence, shown
from .._common.structures import OF_SHAPES, Arguments
from ..engine.shapes import KeptInArithmetic


def with_checked_shapes(compute_output_shape):
    """Wrap a layer's `compute_output_shape` so that it takes any form of shape, and its errors name the layer."""
    _, first, *_ = inspect.signature(compute_output_shape).parameters

    @functools.wraps(compute_output_shape)
    def compute_with_checks(self, *shapes, **named):
        shape, *more = shapes or (named.pop(first),)
        shape, more = checked_shapes(self, shape), [each if each is None else checked_shapes(self, each) for each in more]
        if type(shape) is dict and not self.takes_dicts:
            raise TypeError(
                f"layer {self.name!r}: input_shape={shown(shape)} is of type dict; expected a list or tuple of sizes"
            )
        if isinstance(shape, OF_SHAPES) and not self.takes_lists:
            raise ValueError(f"layer {self.name!r} got a list of inputs of shapes {shown(shape)}; expected one input")
        try:
            return compute_output_shape(self, shape, *more, **named)
        except (TypeError, ValueError) as error:
            raise naming(self, error) from None

    return compute_with_checks


def checked_shapes(layer, input_shape):
    """Return the shape of a layer's input, in any form that users pass, as a tuple; shapes of several as lists and dicts."""
    try:
        return _checked_shapes("input_shape", input_shape)
    except (TypeError, ValueError) as error:
        raise naming(layer, error) from None


def _checked_shapes(name, value):
    if isinstance(value, Arguments):
        return Arguments({key: _checked_shapes(f"{key}_shape", each) for key, each in value.items()}, value.constants)
    if isinstance(value, dict):
        return {key: _checked_shapes(f"{name}[{key!r}]", each) for key, each in value.items()}
    if isinstance(value, (list, tuple)) and any(isinstance(each, (list, tuple, dict, np.ndarray)) for each in value):
        return [_checked_shapes(f"{name}[{i}]", each) for i, each in enumerate(value)]
    return _checked_shape(name, value)


def _checked_shape(name, value):
    """Return a shape as a tuple of integers and None, after checking each size; errors call it `name`."""
    sizes = sequence(name, value, "sizes, the batch size first")
    return tuple(
        size if size is None or isinstance(size, KeptInArithmetic) else integer(f"{name}[{i}]", size, 0)
        for i, size in enumerate(sizes)
    )


def naming(layer, error):
    """Return an error whose message begins with the layer's name; the same error if it names a layer already."""
    return error if "layer '" in str(error) else type(error)(f"layer {layer.name!r}: {error}")


def check_batch(layer, shape):
    """Raise an error unless `shape` has a batch axis."""
    if not shape:
        raise ValueError(
            f"layer {layer.name!r} got input of shape (), a number; expected an array with the samples along the first axis"
        )


#: Names of the spatial axes of sequences, images and volumes, in errors.
_AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def check_rank(layer, shape, rank, data_format="channels_last"):
    """Raise an error unless `shape` has a batch axis, `rank` spatial axes, and a channel axis."""
    if len(shape) != rank + 2:
        axes = (*_AXES[rank], "channels") if data_format == "channels_last" else ("channels", *_AXES[rank])
        raise ValueError(
            f"layer {layer.name!r} got input of shape {shape}, {len(shape)} dimensions; expected {rank + 2}: "
            f"(batch, {', '.join(axes)})"
        )


def check_images(layer, shape):
    """Raise an error unless `shape` is (batch, height, width, channels)."""
    check_rank(layer, shape, 2)


def check_channels(layer, shape, axis=-1):
    """Return the number of channels of `shape`, the size of an axis; raise an error if it is unknown or 0."""
    if not shape[axis]:
        where = "the last size" if axis in (-1, len(shape) - 1) else f"the size of axis {axis}"
        raise ValueError(
            f"layer {layer.name!r} got input of shape {tuple(shape)}; expected a known number of channels, {where}, "
            "of at least 1"
        )
    return shape[axis]


def channel_axis(layer, shape):
    """Return the layer's `axis`, that of the channels, as a non-negative index; raise an error unless `shape` has it."""
    if len(shape) < 2 or not -len(shape) < layer.axis < len(shape) or not layer.axis:
        raise ValueError(
            f"layer {layer.name!r} got input of shape {tuple(shape)} with axis={layer.axis}; expected an axis of the input, "
            "other than the batch axis"
        )
    return layer.axis % len(shape)


def check_data_format(data_format):
    """Raise an error unless `data_format` means that channels are last."""
    if not (data_format is None or (isinstance(data_format, str) and data_format == "channels_last")):
        raise ValueError(f"data_format={shown(data_format)} is not supported; expected 'channels_last' (or None)")

"""Checks of shapes that layers share."""

import functools

import numpy as np

from .._common.checks import integer, sequence, shown
from ..engine.shapes import KeptInArithmetic


def taking_shapes(compute_output_shape):
    """Let a layer's `compute_output_shape` take what users pass as shapes, and its errors name the layer."""

    @functools.wraps(compute_output_shape)
    def of_shapes(self, input_shape):
        shape = shapes_given(self, input_shape)
        if isinstance(shape, list) and not self.takes_several:
            raise ValueError(f"layer {self.name!r} got a list of inputs of shapes {shown(shape)}; expected one input")
        try:
            return compute_output_shape(self, shape)
        except (TypeError, ValueError) as error:
            raise naming(self, error) from None

    return of_shapes


def shapes_given(layer, input_shape):
    """Return what users pass as the shape of a layer's input as a tuple; the shapes of several as a list of tuples."""
    try:
        if isinstance(input_shape, (list, tuple)) and any(isinstance(each, (list, tuple, np.ndarray)) for each in input_shape):
            return [_shape_given(f"input_shape[{i}]", each) for i, each in enumerate(input_shape)]
        return _shape_given("input_shape", input_shape)
    except (TypeError, ValueError) as error:
        raise naming(layer, error) from None


def _shape_given(name, value):
    sizes = sequence(name, value, "sizes, that of the batch first")
    return tuple(
        size if size is None or isinstance(size, KeptInArithmetic) else integer(f"{name}[{i}]", size, 0)
        for i, size in enumerate(sizes)
    )


def naming(layer, error):
    """Return an error that names the layer: the same one, if it names a layer already."""
    return error if "layer '" in str(error) else type(error)(f"layer {layer.name!r}: {error}")


def check_batch(layer, shape):
    """Raise an error unless `shape` has an axis."""
    if not shape:
        raise ValueError(
            f"layer {layer.name!r} got input of shape (), a number; expected an array whose first axis is the samples"
        )


def check_rank(layer, shape, rank):
    """Raise an error unless `shape` has a batch, as many spatial axes as `rank`, and channels."""
    if len(shape) != rank + 2:
        axes = {1: "(batch, length, channels)", 2: "(batch, height, width, channels)"}[rank]
        raise ValueError(
            f"layer {layer.name!r} got input of shape {shape}, {len(shape)} dimensions; expected {rank + 2}: {axes}"
        )


def check_images(layer, shape):
    """Raise an error unless `shape` is (batch, height, width, channels)."""
    check_rank(layer, shape, 2)


def check_channels(layer, shape):
    """Return how many channels `shape` has, which must be known, and at least one."""
    if not shape[-1]:
        raise ValueError(
            f"layer {layer.name!r} got input of shape {tuple(shape)}; expected a known number of channels, the last size, "
            "of at least 1"
        )
    return shape[-1]


def check_last_axis(layer, shape):
    """Raise an error unless the layer's `axis` is the last of `shape`, and not the only one."""
    if len(shape) < 2 or layer.axis not in (-1, len(shape) - 1):
        raise ValueError(
            f"layer {layer.name!r} got input of shape {tuple(shape)} with axis={layer.axis}; expected the last axis"
        )


def check_data_format(data_format):
    """Raise an error unless channels come last."""
    if not (data_format is None or (isinstance(data_format, str) and data_format == "channels_last")):
        raise ValueError(f"data_format={shown(data_format)} is not supported; expected 'channels_last' (or None)")

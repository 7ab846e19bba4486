"""Preprocessing layers, which bring numbers into a range that suits networks."""

import math
from collections.abc import Iterable

import numpy as np

from .. import config
from .._common.checks import axes, axes_of, boolean, integer, number, real_array, shown
from ..engine import Variable, operations
from ..engine.operations import arithmetic
from ..engine.operations.base import floats
from .base import Elementwise
from .data_formats import in_format, shape_with_channels_last, with_channels_last

_EPSILON = 1e-14  # Added to variances, so that none is 0.
_FEW_CHANNELS = 32  # With fewer channels, constants are repeated along a row of an image, for long runs of the kernel.


class Rescaling(Elementwise):
    """``x * scale + offset``: ``Rescaling(1 / 255)`` maps 8-bit images to the range from 0 to 1.

    Parameters
    ----------
    scale, offset : float, or sequence of float
        Factor and summand: one number, or one per channel, which is where `config.image_data_format` says.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[0.0, 51.0, 255.0]], np.float32)
    >>> layers.Rescaling(1 / 255)(x).round(2)
    array([[0. , 0.2, 1. ]], dtype=float32)
    """

    def __init__(self, scale, offset=0.0, **kwargs):
        super().__init__(**kwargs)
        self.scale = _numbers("scale", scale)
        self.offset = _numbers("offset", offset)

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        shape = shape_with_channels_last(input_shape, self._data_format_of(input_shape))
        _check_channels(shape, scale=self.scale, offset=self.offset)
        return input_shape

    def _data_format_of(self, shape):
        """Return where the channels of the input are that numbers belong to."""
        one = not isinstance(self.scale, list) and not isinstance(self.offset, list)
        return "channels_last" if one or len(shape) < 3 else config.image_data_format()

    def call(self, x):
        """Scale and shift the input."""
        data_format = self._data_format_of(x.shape)
        return in_format(_scale_and_shift(with_channels_last(x, data_format), self.scale, self.offset), data_format)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"scale": self.scale, "offset": self.offset, **super().get_config()}


class Normalization(Elementwise):
    """``(x - mean) / sqrt(variance)``, with given means and variances, or those of data.

    Parameters
    ----------
    axis : int, tuple of int or None
        Axes with a separate mean and variance for each index; None for a single mean and variance. The first axis, that of
        samples, cannot be one of them.
    mean, variance : float or array_like, optional
        Means and variances, which are broadcast to the sizes of the axes; `adapt` computes them if they are None.
    invert : bool
        Whether to compute the inverse, ``x * sqrt(variance) + mean``.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input and output (batch, ...). Weights, unless mean and variance are given: mean and variance, each of the sizes of the
    axes, or () if `axis` is None, and count, ().

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> layer = layers.Normalization()
    >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 30.0]]))
    >>> layer(np.array([[2.0, 30.0]], np.float32))
    array([[0., 1.]], dtype=float32)
    """

    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **kwargs):
        super().__init__(**kwargs)
        if (mean is None) != (variance is None):
            raise ValueError(f"mean={shown(mean)} and variance={shown(variance)} belong together; expected both or neither")
        self.axis = axes("axis", axis) if isinstance(axis, (tuple, list)) else None if axis is None else integer("axis", axis)
        self.given = None if mean is None else (_nested("mean", mean), _nested("variance", variance, 0))
        self.invert = boolean("invert", invert)
        self.mean = self.variance = self.count = None

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        kept = self._kept(input_shape)
        if self.given is not None and kept in ((), (len(input_shape) - 1,)):
            _check_channels(input_shape, mean=self.given[0], variance=self.given[1])
        return input_shape

    def _kept(self, shape):
        """Return the axes, not negative and in ascending order, that have a separate mean for each index."""
        if self.axis is None:
            return ()
        kept = axes_of(self.axis, "x", shape)
        if 0 in kept:
            raise ValueError(f"axis={self.axis} of x, shape {tuple(shape)}, is that of the samples; expected others")
        return tuple(sorted(kept))

    def build(self, input_shape):
        """Make the weights that `adapt` sets."""
        kept = self._kept(input_shape)
        sizes = tuple(input_shape[axis] for axis in kept)
        if self.given is None:
            self.mean = self.add_weight(sizes, "zeros", trainable=False, name="mean")
            self.variance = self.add_weight(sizes, "ones", trainable=False, name="variance")
            self.count = self.add_weight((), "zeros", trainable=False, name="count")
        elif None not in sizes:
            shape = _broadcasting(input_shape, kept)
            self.mean, self.variance = (
                np.broadcast_to(np.asarray(value, self.dtype), _fitting(name, value, sizes)).reshape(shape)
                for name, value in zip(("mean", "variance"), self.given, strict=True)
            )

    def adapt(self, data):
        """Compute means and variances from data.

        Parameters
        ----------
        data : array_like, shape (samples, ...), or an iterable of such batches
            Data that the layer maps to mean 0 and variance 1. Of batches that are tuples, the first element is used. A list of
            arrays of at least two axes, or of tuples, is a list of batches.

        Raises
        ------
        TypeError
            If the data are not arrays of real numbers.
        ValueError
            If mean and variance were given, if there are no samples, or if a batch lacks the axis of samples or of features.
        """
        if self.given is not None:
            raise ValueError("adapt was called on a Normalization with given mean and variance; expected a layer without them")
        count, mean, squares = 0, 0.0, 0.0  # Combined over batches as in Chan et al., 1979; squares are about the mean.
        for batch in batches_of(data):
            batch = _samples(batch, 1 if self.axis is None else 2)
            if not batch.size:
                continue
            self.ensure_built(batch.shape, np.random.default_rng(0))
            kept = self._kept(batch.shape)
            others = tuple(axis for axis in range(batch.ndim) if axis not in kept)
            size = math.prod(batch.shape[axis] for axis in others)
            batch_mean = batch.mean(others)
            batch_squares = np.square(batch - batch.mean(others, keepdims=True)).sum(others)
            difference, before = batch_mean - mean, count
            count += size
            mean = mean + difference * (size / count)
            squares = squares + batch_squares + np.square(difference) * (before * size / count)
        if not count:
            raise ValueError(f"data={shown(data)} has no samples; expected at least one")
        self.mean.assign(np.reshape(mean, self.mean.shape))
        self.variance.assign(np.reshape(squares / count, self.variance.shape))
        self.count.assign(np.array(count))

    def call(self, x):
        """Normalize."""
        kept = self._kept(x.shape)
        if kept in ((), (len(x.shape) - 1,)):
            return self._by_channels(x)
        if self.given is None:
            shape = _broadcasting(x.shape, kept)
            mean, variance = (operations.Reshape(x.graph.value_of(each), shape).y for each in (self.mean, self.variance))
        else:
            mean, variance = self.mean, self.variance
        deviation = arithmetic.compute("sqrt", arithmetic.compute("add", variance, _EPSILON))
        if self.invert:
            return arithmetic.compute("add", arithmetic.compute("multiply", x, deviation), mean)
        return arithmetic.compute("divide", arithmetic.compute("subtract", x, mean), deviation)

    def _by_channels(self, x):
        """Normalize by one mean and variance, or by one for each channel."""
        if self.given is not None:
            mean, variance = (np.asarray(each, self.dtype) for each in self.given)
            deviation = np.sqrt(variance + _EPSILON)
            constants = (deviation, mean) if self.invert else (1 / deviation, -mean / deviation)
            return _scale_and_shift(x, *constants)
        mean, variance = (operations.broadcast(x.graph.value_of(each), x.shape[-1:]) for each in (self.mean, self.variance))
        if self.invert:
            return operations.ScaleShift(x, arithmetic.compute("sqrt", arithmetic.compute("add", variance, _EPSILON)), mean).y
        return operations.BatchNormalization(x, mean, variance, epsilon=_EPSILON, training=False).y

    def get_config(self):
        """Return the constructor's arguments."""
        mean, variance = (None, None) if self.given is None else self.given
        return {"axis": self.axis, "mean": mean, "variance": variance, "invert": self.invert, **super().get_config()}


def _broadcasting(shape, kept):
    """Return the shape in which an array of the sizes of some axes is broadcast to a shape."""
    return tuple(size if axis in kept else 1 for axis, size in enumerate(shape))


def _fitting(name, value, sizes):
    """Return `sizes`, after checking that a number or nested list can be broadcast to them."""
    sizes = tuple(map(int, sizes))
    try:
        fits = np.broadcast_shapes(np.shape(value), sizes) == sizes
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"{name}={shown(value)} has shape {np.shape(value)}; expected one that is broadcast to {sizes}")
    return sizes


def _nested(name, value, minimum=None):
    """Return a finite number as a float, or an array of them as a list, nested if it has several axes."""
    numbers = _numbers(name, value, minimum)
    return np.reshape(numbers, np.shape(value)).tolist() if isinstance(numbers, list) and np.ndim(value) > 1 else numbers


def batches_of(data):
    """Return the batches of an array, of an iterable of batches, or of a sequence of them such as a `PyDataset`."""
    if isinstance(data, np.ndarray):
        return [data]
    if isinstance(data, (list, tuple)):
        several = data and all(isinstance(each, tuple) or (isinstance(each, np.ndarray) and each.ndim > 1) for each in data)
        batches = data if several else [data]
    elif isinstance(data, Iterable) and not isinstance(data, (str, bytes)):
        batches = data
    elif hasattr(data, "__len__") and hasattr(data, "__getitem__") and not isinstance(data, (str, bytes)):
        batches = (data[i] for i in range(len(data)))
    else:
        raise TypeError(f"data={shown(data)} is of type {type(data).__name__}; expected an array, or an iterable of batches")
    return (batch[0] if isinstance(batch, tuple) and batch and np.ndim(batch[0]) else batch for batch in batches)


def _samples(batch, axes):
    """Return a batch for `adapt` as float64, after checking that it has at least `axes` axes."""
    if isinstance(batch, (int, float)):
        raise TypeError(f"data has a batch {shown(batch)} of type {type(batch).__name__}; expected arrays")
    batch = real_array("data", batch)
    if batch.size and batch.ndim < axes:
        expected = "(samples, ...)" if axes == 1 else "(samples, ..., features)"
        raise ValueError(f"data has shape {batch.shape}; expected {expected}")
    return batch.astype(np.float64)


def _check_channels(shape, **numbers):
    """Raise an error unless `shape` has channels, and each list in `numbers` has one number per channel."""
    if len(shape) < 2:
        raise ValueError(f"x has shape {tuple(shape)}; expected (batch, ..., channels)")
    channels = shape[-1]
    for name, value in numbers.items():
        if isinstance(value, list) and channels not in (None, len(value)):
            raise ValueError(f"{name}={shown(value)} has {len(value)} elements; expected one for each of {channels} channels")


def _numbers(name, value, minimum=None):
    """Return a finite number as a float, or several as a list of floats."""
    if isinstance(value, (list, tuple, np.ndarray)) and (array := real_array(name, value)).ndim:
        return [number(f"{name}[{i}]", each, minimum) for i, each in enumerate(array.ravel().tolist())]
    return number(name, value, minimum)


def _scale_and_shift(x, scale, shift):
    """Return ``x * scale + shift`` for constants: one number each, or one per channel."""
    (x,) = floats([x])
    channels, runs = x.shape[-1], 1
    if channels < _FEW_CHANNELS and len(x.shape) > 2:
        runs = x.shape[-2]
    scale, shift = (
        Variable(np.tile(np.broadcast_to(np.asarray(each, x.dtype), (channels,)), runs), "constant", trainable=False)
        for each in (scale, shift)
    )
    return operations.ScaleShift(x, scale, shift).y

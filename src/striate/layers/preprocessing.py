"""Preprocessing layers, which bring numbers into a range that suits networks."""

from collections.abc import Iterable

import numpy as np

from .._common.checks import boolean, integer, number, real_array, shown
from ..engine import Variable, operations
from ..engine.operations import arithmetic
from ..engine.operations.base import floats
from .base import Elementwise

_EPSILON = 1e-14  # Added to variances, so that none is 0.
_FEW_CHANNELS = 32  # With fewer channels, constants are repeated along a row of an image, for long runs of the kernel.


class Rescaling(Elementwise):
    """``x * scale + offset``: ``Rescaling(1 / 255)`` maps 8-bit images to the range from 0 to 1.

    Parameters
    ----------
    scale, offset : float, or sequence of float
        Factor and summand: one number, or one per channel.
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
        _check_channels(input_shape, scale=self.scale, offset=self.offset)
        return input_shape

    def call(self, x):
        """Scale and shift the input."""
        return _scale_and_shift(x, self.scale, self.offset)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"scale": self.scale, "offset": self.offset, **super().get_config()}


class Normalization(Elementwise):
    """``(x - mean) / sqrt(variance)``, with given means and variances, or those of data.

    Parameters
    ----------
    axis : int or None
        Axis with a separate mean and variance for each index, which must be the last; None for a single mean and variance.
    mean, variance : float or sequence of float, optional
        Means and variances; `adapt` computes them if they are None.
    invert : bool
        Whether to compute the inverse, ``x * sqrt(variance) + mean``.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input and output (batch, ..., features). Weights, unless mean and variance are given: mean and variance, each (features,),
    or () if `axis` is None, and count, ().

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
        self.axis = None if axis is None else integer("axis", axis)
        self.given = None if mean is None else (_numbers("mean", mean), _numbers("variance", variance, 0))
        self.invert = boolean("invert", invert)
        self.mean = self.variance = self.count = None

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        if self.axis not in (None, -1, len(input_shape) - 1):
            raise ValueError(f"axis={self.axis} is not supported; expected the last axis, or None")
        if self.given is not None:
            mean, variance = self.given
            _check_channels(input_shape, mean=mean, variance=variance)
        return input_shape

    def build(self, input_shape):
        """Make the weights that `adapt` sets."""
        if self.given is None:
            shape = () if self.axis is None else input_shape[-1:]
            self.mean = self.add_weight(shape, "zeros", trainable=False, name="mean")
            self.variance = self.add_weight(shape, "ones", trainable=False, name="variance")
            self.count = self.add_weight((), "zeros", trainable=False, name="count")

    def adapt(self, data):
        """Compute means and variances from data.

        Parameters
        ----------
        data : array_like, shape (samples, ..., features), or an iterable of such batches
            Data that the layer maps to mean 0 and variance 1. Of batches that are tuples, the first element is used.

        Raises
        ------
        TypeError
            If the data are not arrays of real numbers.
        ValueError
            If mean and variance were given, if there are no samples, or if a batch lacks the axis of samples or of features.
        """
        if self.given is not None:
            raise ValueError("adapt was called on a Normalization with given mean and variance; expected a layer without them")
        if not isinstance(data, Iterable) or isinstance(data, (str, bytes)):
            raise TypeError(
                f"data={shown(data)} is of type {type(data).__name__}; expected an array, or an iterable of batches"
            )
        batches = [data] if isinstance(data, (np.ndarray, list, tuple)) else data
        count, mean, squares = 0, 0.0, 0.0  # Combined over batches as in Chan et al., 1979; squares are about the mean.
        for batch in batches:
            batch = _samples(batch[0] if isinstance(batch, tuple) and batch else batch, 1 if self.axis is None else 2)
            if not batch.size:
                continue
            self.ensure_built(batch.shape, np.random.default_rng(0))
            rows = batch.reshape(-1, 1 if self.axis is None else batch.shape[-1])
            batch_mean = rows.mean(0)
            difference, before = batch_mean - mean, count
            count += len(rows)
            mean = mean + difference * (len(rows) / count)
            squares = squares + np.square(rows - batch_mean).sum(0) + np.square(difference) * (before * len(rows) / count)
        if not count:
            raise ValueError(f"data={shown(data)} has no samples; expected at least one")
        self.mean.assign(np.reshape(mean, self.mean.shape))
        self.variance.assign(np.reshape(squares / count, self.variance.shape))
        self.count.assign(np.array(count))

    def call(self, x):
        """Normalize."""
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


def _samples(batch, axes):
    """Return a batch for `adapt` as float64, after checking that it has at least `axes` axes."""
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

"""Layers that act in training only, against overfitting."""

import numpy as np

from .._checks import number
from ..engine import operations
from .base import Elementwise
from .randomness import RandomLayer
from .shapes import check_data_format, check_images


class _Dropping(RandomLayer, Elementwise):
    """What the layers with a rate share."""

    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = number("rate", rate, 0, 1, open_maximum=True)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"rate": self.rate, **super().get_config()}


class Dropout(_Dropping):
    """Zero a random part of the input in training, and scale the rest up so that the expected sum stays.

    Parameters
    ----------
    rate : float
        Probability of an element to be dropped, at least 0 and below 1.
    seed : int, optional
        Where the layer's own random numbers begin; without one they are those of the training's ``rng``.
    name, trainable, dtype
        See `Layer`.

    References
    ----------
    .. [1] Srivastava, N. et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, seed=seed, **kwargs)

    def call(self, x, *, training):
        """Drop, in training; pass `x` on otherwise."""
        if not training or not self.rate:
            return x
        seed = None if self.seed is None else self._draw(x.graph, (1,), _draw_seed, "uint64")
        return operations.Dropout(x, self.rate, seed=seed).y


class SpatialDropout2D(_Dropping):
    """Zero random channels of each image in training, and scale the others up so that the expected sum stays.

    Parameters
    ----------
    rate : float
        Probability of a channel to be dropped, at least 0 and below 1.
    data_format : {"channels_last"}, optional
        Where the channels are.
    seed : int, optional
        Where the layer's own random numbers begin; without one they are those of the training's ``rng``.
    name, trainable, dtype
        See `Layer`.

    References
    ----------
    .. [1] Tompson, J. et al., "Efficient object localization using convolutional networks", CVPR 2015, section 3.2.
    """

    def __init__(self, rate, data_format=None, seed=None, **kwargs):
        super().__init__(rate, seed=seed, **kwargs)
        check_data_format(data_format)

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        check_images(self, input_shape)
        return input_shape

    def call(self, x, *, training):
        """Drop, in training; pass `x` on otherwise."""
        if not training or not self.rate:
            return x
        kept = self._draw(x.graph, (x.shape[0], x.shape[3]), self._draw_scales)
        return operations.ScaleShift(x, kept).y

    def _draw_scales(self, rng, out):
        out[...] = (rng.random(out.shape) >= self.rate) / (1 - self.rate)


class GaussianNoise(RandomLayer, Elementwise):
    """Add normally distributed noise in training.

    Parameters
    ----------
    stddev : float
        Its standard deviation, at least 0.
    seed : int, optional
        Where the layer's own random numbers begin; without one they are those of the training's ``rng``.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(seed=seed, **kwargs)
        self.stddev = number("stddev", stddev, 0)

    def call(self, x, *, training):
        """Add noise, in training; pass `x` on otherwise."""
        if not training or not self.stddev:
            return x
        return operations.Merge("add", (x, self._draw(x.graph, x.shape, self._draw_noise))).y

    def _draw_noise(self, rng, out):
        rng.standard_normal(dtype=out.dtype, out=out)
        out *= out.dtype.type(self.stddev)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"stddev": self.stddev, **super().get_config()}


def _draw_seed(rng, out):
    out[...] = rng.integers(1 << 64, size=1, dtype=np.uint64)

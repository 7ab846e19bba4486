"""Layers that act in training only, against overfitting."""

import math

import numpy as np

from .._common.checks import integer, number, sequence
from .._common.docstrings import documented
from ..engine import operations
from ..engine.operators import apply
from ..regularizers import L1L2
from .base import Elementwise
from .randomness import RANDOM_LAYERS_DOC, RandomLayer
from .shape_checks import check_data_format, check_rank


class _Dropping(RandomLayer, Elementwise):
    """The base class of dropout layers. A subclass defines `_drop`."""

    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = number("rate", rate, 0, 1)

    def call(self, x, *, training):
        """Drop, in training; pass `x` on otherwise."""
        return self._drop(x) if training and self.rate else x

    def _drop(self, x):
        raise NotImplementedError

    def _draw_kept(self, rng, out):
        """Draw 1 for what stays and 0 for what is dropped."""
        out[...] = rng.random(out.shape) >= self.rate

    def _draw_scales(self, rng, out):
        """Draw what keeps the expected sum."""
        self._draw_kept(rng, out)
        out *= 0 if self.rate == 1 else 1 / (1 - self.rate)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"rate": self.rate, **super().get_config()}


class _Noisy(_Dropping):
    """The base class of dropout layers with a `noise_shape`."""

    def __init__(self, rate, noise_shape, **kwargs):
        super().__init__(rate, **kwargs)
        given = [] if noise_shape is None else sequence("noise_shape", noise_shape, "integers or None")
        sizes = tuple(None if n is None else integer(f"noise_shape[{i}]", n, 1) for i, n in enumerate(given))
        self.noise_shape = None if noise_shape is None else sizes

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        given = self.noise_shape
        if given is not None:
            fits = len(given) == len(input_shape) and all(
                n in (None, 1, size) or size is None for n, size in zip(given, input_shape, strict=True)
            )
            if not fits:
                raise ValueError(
                    f"noise_shape={given} does not fit input of shape {tuple(input_shape)}; expected its sizes, None for them, "
                    "or ones"
                )
        return input_shape

    def _draw_for(self, x, sample):
        """Return the random values for each element, or for the elements that share one."""
        given = self.noise_shape or (None,) * len(x.shape)
        shape = [size if n is None else n for n, size in zip(given, x.shape, strict=True)]
        return operations.broadcast(self._draw(x.graph, shape, sample), x.shape)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**({} if self.noise_shape is None else {"noise_shape": self.noise_shape}), **super().get_config()}


@documented(RANDOM_LAYERS_DOC)
class Dropout(_Noisy):
    """Zero a random part of the input in training, and scale the rest up so that the expected sum stays.

    Parameters
    ----------
    rate : float
        Probability of an element to be dropped, from 0 to 1.
    noise_shape : tuple of int or None, optional
        Which elements are dropped together: those along axes of size 1. None in it is the input's size: (None, 1, 1, None)
        drops channels of images.

    References
    ----------
    .. [1] Srivastava, N. et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(rate, noise_shape, seed=seed, **kwargs)

    def _drop(self, x):
        if self.rate == 1:
            return apply("where", 0.0, x, 0.0)  # infinity dropped is 0, too
        if self.noise_shape is not None:
            scales = self._draw_for(x, self._draw_scales)
            return apply("where", scales, operations.Merge("multiply", (x, scales)).y, 0.0)  # a dropped infinity is 0, too
        seed = None if self.seed is None else self._draw(x.graph, (1,), _draw_seed, "uint64")
        return operations.Dropout(x, self.rate, seed=seed).y


@documented(RANDOM_LAYERS_DOC)
class AlphaDropout(_Noisy):
    """Drop elements in training as "selu" needs it: to its lowest value, so that mean and variance stay.

    Parameters
    ----------
    rate : float
        Probability of an element to be dropped, at least 0 and below 1.
    noise_shape : tuple of int or None, optional
        Which elements are dropped together; see `Dropout`.

    References
    ----------
    .. [1] Klambauer, G. et al., "Self-normalizing neural networks", NIPS 2017, section "New dropout technique".
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(_below_one(rate), noise_shape, seed=seed, **kwargs)

    def _drop(self, x):
        low = -1.7580993408473766  # of selu
        scale = ((1 - self.rate) * (1 + self.rate * low**2)) ** -0.5
        kept = self._draw_for(x, self._draw_kept)
        return apply("multiply", apply("subtract", apply("where", kept, x, low), low * self.rate), scale)


@documented(RANDOM_LAYERS_DOC)
class GaussianDropout(_Dropping):
    """Multiply by normally distributed numbers of mean 1 in training.

    Parameters
    ----------
    rate : float
        At least 0 and below 1: the numbers vary as much as those of a `Dropout` of that rate, by ``rate / (1 - rate)``.

    References
    ----------
    .. [1] Srivastava, N. et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014,
       section 10.
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(_below_one(rate), seed=seed, **kwargs)

    def _drop(self, x):
        return operations.Merge("multiply", (x, self._draw(x.graph, x.shape, self._draw_factors))).y

    def _draw_factors(self, rng, out):
        out[...] = rng.normal(1, math.sqrt(self.rate / (1 - self.rate)), out.shape)


_SPATIAL_DROPOUT_DOC = """
    Parameters
    ----------
    rate : float
        Probability of a channel to be dropped, from 0 to 1.
    data_format : {"channels_last"}, optional
        Position of the channels.

    References
    ----------
    .. [1] Tompson, J. et al., "Efficient object localization using convolutional networks", CVPR 2015, section 3.2.
    """


class _SpatialDropout(_Dropping):
    """The base class of layers that drop channels. A subclass has the number of spatial axes as `rank`."""

    rank = None

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        check_rank(self, input_shape, self.rank)
        return input_shape

    def _drop(self, x):
        scales = self._draw(x.graph, (x.shape[0], x.shape[-1]), self._draw_scales)
        return operations.ScaleShift(x, scales, masked=True).y


@documented(RANDOM_LAYERS_DOC, _SPATIAL_DROPOUT_DOC)
class SpatialDropout1D(_SpatialDropout):
    """Zero random channels of each sequence in training, and scale the others up so that the expected sum stays."""

    rank = 1

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, seed=seed, **kwargs)


@documented(RANDOM_LAYERS_DOC, _SPATIAL_DROPOUT_DOC)
class SpatialDropout2D(_SpatialDropout):
    """Zero random channels of each image in training, and scale the others up so that the expected sum stays."""

    rank = 2

    def __init__(self, rate, data_format=None, seed=None, **kwargs):
        super().__init__(rate, seed=seed, **kwargs)
        check_data_format(data_format)


@documented(RANDOM_LAYERS_DOC)
class GaussianNoise(RandomLayer, Elementwise):
    """Add normally distributed noise in training.

    Parameters
    ----------
    stddev : float
        Its standard deviation, at least 0.
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


class ActivityRegularization(Elementwise):
    """Pass the input on, and add a penalty on it to the loss.

    Parameters
    ----------
    l1, l2 : float
        Factors of the sums of absolute values and of squares, at least 0.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        super().__init__(activity_regularizer=L1L2(l1, l2), **kwargs)
        self.l1 = self.activity_regularizer.l1
        self.l2 = self.activity_regularizer.l2

    def call(self, x):
        """Return `x`."""
        return x

    def get_config(self):
        """Return the constructor's arguments."""
        config = super().get_config()
        del config["activity_regularizer"]
        return {"l1": self.l1, "l2": self.l2, **config}


def _below_one(rate):
    return number("rate", rate, 0, 1, open_maximum=True)


def _draw_seed(rng, out):
    out[...] = rng.integers(1 << 64, size=1, dtype=np.uint64)

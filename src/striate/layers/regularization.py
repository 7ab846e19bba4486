"""Regularization layers, which act in training only, against overfitting."""

import math

import numpy as np

from .._common.checks import integer, number, sequence
from .._common.docstrings import documented
from ..engine import operations
from ..engine.operators import apply
from ..regularizers import L1L2
from .base import Elementwise
from .data_formats import data_format_of
from .randomness import RANDOM_LAYERS_DOC, RandomLayer
from .shape_checks import check_rank


class _DropoutBase(RandomLayer, Elementwise):
    """The base class of dropout layers. A subclass defines `_drop`."""

    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = number("rate", rate, 0, 1)

    def call(self, x, *, training):
        """Drop elements in training; return `x` otherwise."""
        return self._drop(x) if training and self.rate else x

    def _drop(self, x):
        """Return `x` with elements dropped."""
        raise NotImplementedError

    def _draw_mask(self, rng, out):
        """Draw a mask: 1 for elements that are kept, 0 for dropped ones."""
        out[...] = rng.random(out.shape) >= self.rate

    def _draw_scales(self, rng, out):
        """Draw a mask, scaled so that the expected sum of the elements stays the same."""
        self._draw_mask(rng, out)
        out *= 0 if self.rate == 1 else 1 / (1 - self.rate)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"rate": self.rate, **super().get_config()}


class _DropoutWithNoiseShape(_DropoutBase):
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
                    f"noise_shape={given} does not fit input of shape {tuple(input_shape)}; expected for each axis its size, "
                    "None or 1"
                )
        return input_shape

    def _draw_for(self, x, sample):
        """Return random values of the shape of `x`, which elements along axes of size 1 in `noise_shape` share."""
        given = self.noise_shape or (None,) * len(x.shape)
        shape = [size if n is None else n for n, size in zip(given, x.shape, strict=True)]
        return operations.broadcast(self._draw(x.graph, shape, sample), x.shape)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**({} if self.noise_shape is None else {"noise_shape": self.noise_shape}), **super().get_config()}


@documented(RANDOM_LAYERS_DOC)
class Dropout(_DropoutWithNoiseShape):
    """Set random elements to zero in training, and scale the others up so that the expected sum stays the same.

    Parameters
    ----------
    rate : float
        Probability with which an element is dropped, from 0 to 1.
    noise_shape : tuple of (int or None), optional
        Shape of the mask, which is broadcast to the input, so that elements along axes of size 1 are dropped together. None in
        it means the input's size: (None, 1, 1, None) drops whole channels of images.

    References
    ----------
    .. [1] Srivastava, N. et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 1000), np.float32)
    >>> layer = layers.Dropout(0.2, seed=0)
    >>> sorted(set(layer(x, training=True).ravel().tolist()))
    [0.0, 1.25]
    >>> bool((layer(x) == x).all())
    True
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(rate, noise_shape, seed=seed, **kwargs)

    def _drop(self, x):
        if self.rate == 1:
            return apply("where", 0.0, x, 0.0)  # A product with 0 would turn infinity into NaN.
        if self.noise_shape is not None:
            scales = self._draw_for(x, self._draw_scales)
            product = operations.Merge("multiply", (x, scales)).y
            return apply("where", scales, product, 0.0)  # The product of infinity and 0 is NaN.
        seed = None if self.seed is None else self._draw(x.graph, (1,), _draw_seed, "uint64")
        return operations.Dropout(x, self.rate, seed=seed).y


@documented(RANDOM_LAYERS_DOC)
class AlphaDropout(_DropoutWithNoiseShape):
    """Set random elements to the lowest value of "selu" in training, then scale and shift to keep mean and variance.

    Parameters
    ----------
    rate : float
        Probability with which an element is dropped, at least 0 and below 1.
    noise_shape : tuple of (int or None), optional
        Shape of the mask, which is broadcast to the input; see `Dropout`.

    References
    ----------
    .. [1] Klambauer, G. et al., "Self-normalizing neural networks", NIPS 2017, section "New dropout technique".

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 1000), np.float32)
    >>> y = layers.AlphaDropout(0.2, seed=0)(x, training=True)
    >>> len(set(y.ravel().tolist()))
    2
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(_below_one(rate), noise_shape, seed=seed, **kwargs)

    def _drop(self, x):
        low = -1.7580993408473766  # Limit of selu at minus infinity.
        scale = ((1 - self.rate) * (1 + self.rate * low**2)) ** -0.5
        mask = self._draw_for(x, self._draw_mask)
        return apply("multiply", apply("subtract", apply("where", mask, x, low), low * self.rate), scale)


@documented(RANDOM_LAYERS_DOC)
class GaussianDropout(_DropoutBase):
    """Multiply elements by normally distributed random numbers with mean 1 in training.

    Parameters
    ----------
    rate : float
        Rate of the `Dropout` whose factors have the same variance, ``rate / (1 - rate)``; at least 0 and below 1.

    References
    ----------
    .. [1] Srivastava, N. et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014,
       section 10.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 1000), np.float32)
    >>> y = layers.GaussianDropout(0.2, seed=0)(x, training=True)
    >>> bool(abs(y.mean() - 1) < 0.1)
    True
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(_below_one(rate), seed=seed, **kwargs)

    def _drop(self, x):
        return operations.Merge("multiply", (x, self._draw(x.graph, x.shape, self._draw_factors))).y

    def _draw_factors(self, rng, out):
        out[...] = rng.normal(1, math.sqrt(self.rate / (1 - self.rate)), out.shape)


#: Docstring sections for layers that drop channels.
_SPATIAL_DROPOUT_DOC = """
    Parameters
    ----------
    rate : float
        Probability with which a channel is dropped, from 0 to 1.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.

    References
    ----------
    .. [1] Tompson, J. et al., "Efficient object localization using convolutional networks", CVPR 2015, section 3.2.
    """


class _SpatialDropout(_DropoutBase):
    """The base class of layers that drop channels. A subclass sets `rank`, the number of spatial axes."""

    rank = None

    def __init__(self, rate, data_format=None, seed=None, **kwargs):
        super().__init__(rate, seed=seed, **kwargs)
        self.data_format = data_format_of(data_format)

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        check_rank(self, input_shape, self.rank, self.data_format)
        return input_shape

    def _drop(self, x):
        first = self.data_format == "channels_first"
        batch, channels = x.shape[0], x.shape[1 if first else -1]
        scales = self._draw(x.graph, (batch, channels), self._draw_scales)
        if not first:
            return operations.ScaleShift(x, scales, masked=True).y
        # Each channel of each sample counts as a sample of one channel.
        maps = operations.Reshape(x, (batch * channels, math.prod(x.shape[2:]), 1)).y
        scales = operations.Reshape(scales, (batch * channels, 1)).y
        return operations.Reshape(operations.ScaleShift(maps, scales, masked=True).y, x.shape).y


@documented(RANDOM_LAYERS_DOC, _SPATIAL_DROPOUT_DOC)
class SpatialDropout1D(_SpatialDropout):
    """Set random channels of each sequence to zero in training, and scale the others up to keep the expected sum.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 8, 4), np.float32)
    >>> y = layers.SpatialDropout1D(0.5, seed=0)(x, training=True)
    >>> all(len(set(y[..., c].ravel())) == 1 for c in range(4))
    True
    """

    rank = 1
    fixed_arguments = ("data_format",)

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, "channels_last", seed, **kwargs)


@documented(RANDOM_LAYERS_DOC, _SPATIAL_DROPOUT_DOC)
class SpatialDropout2D(_SpatialDropout):
    """Set random channels of each image to zero in training, and scale the others up to keep the expected sum.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 8, 8, 4), np.float32)
    >>> y = layers.SpatialDropout2D(0.5, seed=0)(x, training=True)
    >>> all(len(set(y[..., c].ravel())) == 1 for c in range(4))
    True
    """

    rank = 2

    def get_config(self):
        """Return the constructor's arguments."""
        return {"data_format": self.data_format, **super().get_config()}


@documented(RANDOM_LAYERS_DOC, _SPATIAL_DROPOUT_DOC)
class SpatialDropout3D(SpatialDropout2D):
    """Set random channels of each volume to zero in training, and scale the others up to keep the expected sum.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 2, 3, 4, 4), np.float32)
    >>> y = layers.SpatialDropout3D(0.5, seed=0)(x, training=True)
    >>> all(len(set(y[..., c].ravel())) == 1 for c in range(4))
    True
    """

    rank = 3


@documented(RANDOM_LAYERS_DOC)
class GaussianNoise(RandomLayer, Elementwise):
    """Add normally distributed noise with mean 0 in training.

    Parameters
    ----------
    stddev : float
        Standard deviation of the noise, at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 1000), np.float32)
    >>> y = layers.GaussianNoise(0.5, seed=0)(x, training=True)
    >>> bool(abs(y.std() - 0.5) < 0.1)
    True
    """

    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(seed=seed, **kwargs)
        self.stddev = number("stddev", stddev, 0)

    def call(self, x, *, training):
        """Add noise in training; return `x` otherwise."""
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
    """Return the input unchanged, and add a penalty on it to the loss.

    Parameters
    ----------
    l1, l2 : float
        Factors of the sum of absolute values and of the sum of squares, at least 0.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, -2.0]], np.float32)
    >>> layers.ActivityRegularization(l1=0.1)(x)
    array([[ 1., -2.]], dtype=float32)
    """

    fixed_arguments = ("activity_regularizer",)

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
    """Return a checked rate, at least 0 and below 1."""
    return number("rate", rate, 0, 1, open_maximum=True)


def _draw_seed(rng, out):
    """Draw the seed of the kernel that drops elements."""
    out[...] = rng.integers(1 << 64, size=1, dtype=np.uint64)

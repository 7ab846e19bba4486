"""Data augmentation: layers that change images at random in training, so that a network sees more varied images."""

import math

import numpy as np

from .._common.checks import choice, number, shown
from .._common.docstrings import documented
from ..engine import operations
from .images import ImageLayer, SizingLayer
from .randomness import RandomLayer
from .resizing import center_crop

_FILL_MODES = ("constant", "nearest", "reflect", "wrap")

#: Docstring section for augmentations.
AUGMENTATIONS_DOC = """
    Parameters
    ----------
    fill_mode : {"reflect", "constant", "nearest", "wrap"}
        How images are extended beyond their borders.
    interpolation : {"bilinear", "nearest"}
        How values between pixels are computed.
    seed : int, optional
        Seed of the layer's own random numbers; if None, they come from the training's ``rng``.
    fill_value : float
        Value beyond the borders if `fill_mode` is "constant".
    data_format : {"channels_last"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.
    """


class Augmentation(ImageLayer, RandomLayer):
    """The base class of augmentations, which pass images on unchanged outside of training. A subclass defines `_change`."""

    active_when_called = True  # As in Keras, a call on arrays without `training` changes the images.

    def call(self, x, *, training):
        """Change the images in training; pass them on otherwise."""
        return self._change(x) if training else x

    def _change(self, x):
        """Return changed images."""
        raise NotImplementedError


class _Geometric(Augmentation):
    """The base class of augmentations that move pixels by a random affine map. A subclass defines `_draw_matrices`."""

    def __init__(self, fill_mode, interpolation, seed, fill_value, data_format, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.fill_mode = choice("fill_mode", fill_mode, _FILL_MODES)
        self.interpolation = choice("interpolation", interpolation, ("bilinear", "nearest"))
        self.fill_value = number("fill_value", fill_value)

    def _change(self, x):
        batch, height, width, _ = x.shape
        matrices = self._draw(x.graph, (batch, 6), lambda rng, out: self._draw_matrices(rng, out, height, width), "float64")
        return operations.Resample2D(x, matrices, (height, width), self.interpolation, self.fill_mode, self.fill_value).y

    def _draw_matrices(self, rng, out, height, width):
        """Write a matrix for each image to `out`, of shape (batch, 6); see `operations.Resample2D`."""
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"fill_mode": self.fill_mode, "interpolation": self.interpolation, "fill_value": self.fill_value}
        return {**own, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomFlip(Augmentation):
    """Flip images at random.

    Parameters
    ----------
    mode : {"horizontal_and_vertical", "horizontal", "vertical"}
        Direction: "horizontal" swaps left and right, "vertical" top and bottom, each with probability 1/2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0]], np.float32).reshape(1, 1, 2, 1)
    >>> layer = layers.RandomFlip("horizontal", seed=0)
    >>> sorted({tuple(layer(x, training=True).ravel().tolist()) for _ in range(20)})
    [(1.0, 2.0), (2.0, 1.0)]
    """

    def __init__(self, mode="horizontal_and_vertical", seed=None, data_format=None, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.mode = choice("mode", mode, ("horizontal_and_vertical", "horizontal", "vertical"))

    def _change(self, x):
        batch, height, width, _ = x.shape

        def sample(rng, out):
            flips = rng.random((batch, 2)) < 0.5
            columns = flips[:, 0] & ("horizontal" in self.mode)
            rows = flips[:, 1] & ("vertical" in self.mode)
            out[...] = 0
            out[:, 0], out[:, 2] = np.where(columns, -1, 1), columns * (width - 1)
            out[:, 4], out[:, 5] = np.where(rows, -1, 1), rows * (height - 1)

        matrices = self._draw(x.graph, (batch, 6), sample, "float64")
        return operations.Resample2D(x, matrices, (height, width), "nearest", "nearest").y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"mode": self.mode, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomTranslation(_Geometric):
    """Shift images at random.

    Parameters
    ----------
    height_factor, width_factor : float or pair of float
        Range of the shift down, as a fraction of the height, and to the right, as a fraction of the width. One number means ±
        that number.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> layer = layers.RandomTranslation(0.1, 0.1, seed=0)
    >>> layer(x, training=True).shape
    (1, 8, 8, 1)
    >>> bool((layer(x, training=False) == x).all())
    True
    """

    def __init__(
        self,
        height_factor,
        width_factor,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
        **kwargs,
    ):
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)
        self.height_factor = _range("height_factor", height_factor, -1, 1)
        self.width_factor = _range("width_factor", width_factor, -1, 1)

    def _draw_matrices(self, rng, out, height, width):
        down, right = (rng.uniform(*factor, len(out)) for factor in (self.height_factor, self.width_factor))
        out[...] = (1, 0, 0, 0, 1, 0)
        out[:, 2], out[:, 5] = -right * width, -down * height

    def get_config(self):
        """Return the constructor's arguments."""
        return {"height_factor": self.height_factor, "width_factor": self.width_factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomRotation(_Geometric):
    """Rotate images about their centre by a random angle.

    Parameters
    ----------
    factor : float or pair of float
        Range of the angle, as a fraction of a full turn, counterclockwise. One number means ± that number.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> layer = layers.RandomRotation(0.1, seed=0)
    >>> layer(x, training=True).shape
    (1, 8, 8, 1)
    >>> bool((layer(x, training=False) == x).all())
    True
    """

    def __init__(
        self,
        factor,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
        **kwargs,
    ):
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)
        self.factor = _range("factor", factor)

    def _draw_matrices(self, rng, out, height, width):
        angles = 2 * math.pi * rng.uniform(*self.factor, len(out))
        cos, sin = np.cos(angles), np.sin(angles)
        column, row = (width - 1) / 2, (height - 1) / 2
        out[:, 0], out[:, 1], out[:, 2] = cos, -sin, column - cos * column + sin * row
        out[:, 3], out[:, 4], out[:, 5] = sin, cos, row - sin * column - cos * row

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomZoom(_Geometric):
    """Zoom images about their centre by a random factor.

    Parameters
    ----------
    height_factor : float or pair of float
        Range of the change of the visible height, as a fraction of the height: positive values zoom out, negative ones zoom in.
        One number means ± that number.
    width_factor : float or pair of float, optional
        The same for the width; None keeps the aspect ratio.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> layer = layers.RandomZoom(0.2, seed=0)
    >>> layer(x, training=True).shape
    (1, 8, 8, 1)
    >>> bool((layer(x, training=False) == x).all())
    True
    """

    def __init__(
        self,
        height_factor,
        width_factor=None,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
        **kwargs,
    ):
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)
        self.height_factor = _range("height_factor", height_factor, -1)
        self.width_factor = None if width_factor is None else _range("width_factor", width_factor, -1)

    def _draw_matrices(self, rng, out, height, width):
        rows = 1 + rng.uniform(*self.height_factor, len(out))
        columns = rows if self.width_factor is None else 1 + rng.uniform(*self.width_factor, len(out))
        out[...] = 0
        out[:, 0], out[:, 2] = columns, (1 - columns) * (width - 1) / 2
        out[:, 4], out[:, 5] = rows, (1 - rows) * (height - 1) / 2

    def get_config(self):
        """Return the constructor's arguments."""
        return {"height_factor": self.height_factor, "width_factor": self.width_factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomCrop(SizingLayer, Augmentation):
    """Crop images: at a random position in training, the centre otherwise. Smaller images are enlarged without distortion.

    Parameters
    ----------
    height, width : int
        Size of the output, in pixels.

    Notes
    -----
    Each image is cropped at its own position; Keras uses one position for a whole batch.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> layers.RandomCrop(6, 6, seed=0)(x, training=True).shape
    (1, 6, 6, 1)
    """

    def __init__(self, height, width, seed=None, data_format=None, name=None, **kwargs):
        super().__init__(height, width, seed=seed, data_format=data_format, name=name, **kwargs)

    def call(self, x, *, training):
        """Crop."""
        batch, height, width, _ = x.shape
        if not training or height < self.height or width < self.width:
            return center_crop(x, self.height, self.width)

        def sample(rng, out):
            out[...] = (1, 0, 0, 0, 1, 0)
            out[:, 2] = rng.integers(width - self.width, size=batch, endpoint=True)
            out[:, 5] = rng.integers(height - self.height, size=batch, endpoint=True)

        matrices = self._draw(x.graph, (batch, 6), sample, "float64")
        return operations.Resample2D(x, matrices, (self.height, self.width), "nearest", "nearest").y


class Photometric(Augmentation):
    """The base class of augmentations that change the values of pixels, given the range of values."""

    def __init__(self, value_range, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(value_range, (tuple, list)):
            raise TypeError(
                f"value_range={shown(value_range)} is of type {type(value_range).__name__}; expected (lowest, highest)"
            )
        self.value_range = _range("value_range", value_range)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"value_range": self.value_range, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomContrast(Photometric):
    """Change the contrast of images by a random factor.

    Parameters
    ----------
    factor : float or pair of float
        (lower, upper): the differences from each channel's mean are multiplied by a number from ``1 - lower`` to
        ``1 + upper``. One number stands for both.
    value_range : pair of float
        Smallest and largest value, to which the output is clipped.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> y = layers.RandomContrast(0.5, seed=0)(x, training=True)
    >>> y.shape, bool(y.min() >= 0 and y.max() <= 255)
    ((1, 8, 8, 1), True)
    """

    def __init__(self, factor, value_range=(0, 255), seed=None, data_format=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        pair = factor if isinstance(factor, (tuple, list)) else (factor, factor)
        if len(pair) != 2:
            raise ValueError(f"factor={shown(factor)} has {len(pair)} elements; expected a number or (lower, upper)")
        self.factor = number("factor[0]", pair[0], 0, 1), number("factor[1]", pair[1], 0)

    def _change(self, x):
        batch, height, width, channels = x.shape
        geometry = {"pool_size": (height, width), "strides": None, "padding": "valid"}
        mean = operations.Reshape(operations.AveragePool2D(x, geometry).y, (batch, channels)).y
        scale = self._draw(x.graph, (batch, channels), self._draw_factors)
        shift = operations.Merge("subtract", (mean, operations.Merge("multiply", (mean, scale)).y)).y
        return operations.Clip(operations.ScaleShift(x, scale, shift).y, *self.value_range).y

    def _draw_factors(self, rng, out):
        lower, upper = self.factor
        out[...] = rng.uniform(1 - lower, 1 + upper, (len(out), 1))

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomBrightness(Photometric):
    """Change the brightness of images: add a random number to all values of an image.

    Parameters
    ----------
    factor : float or pair of float
        Range of the number that is added, as a fraction of the size of `value_range`, from -1 to 1. One number means ± that
        number.
    value_range : pair of float
        Smallest and largest value, to which the output is clipped.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> y = layers.RandomBrightness(0.2, seed=0)(x, training=True)
    >>> y.shape, bool(y.min() >= 0 and y.max() <= 255)
    ((1, 8, 8, 1), True)
    """

    def __init__(self, factor, value_range=(0, 255), seed=None, data_format=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = _range("factor", factor, -1, 1)

    def _change(self, x):
        shift = self._draw(x.graph, (x.shape[0], x.shape[3]), self._draw_shifts)
        return operations.Clip(operations.ScaleShift(x, None, shift).y, *self.value_range).y

    def _draw_shifts(self, rng, out):
        low, high = self.value_range
        out[...] = rng.uniform(*self.factor, (len(out), 1)) * (high - low)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


def _range(name, value, minimum=None, maximum=None):
    """Return a pair of numbers in ascending order; one number means ± that number."""
    if not isinstance(value, (tuple, list)):
        size = number(name, value, minimum, maximum)
        value = (-size, size)
    if len(value) != 2:
        raise ValueError(f"{name}={shown(value)} has {len(value)} elements; expected a number or (lower, upper)")
    lower, upper = sorted(number(f"{name}[{i}]", each, minimum, maximum) for i, each in enumerate(value))
    return lower, upper

"""Layers that change images at random in training, so that a network sees more of them than there are."""

import math

import numpy as np

from .._common.checks import choice, number, shown
from .._common.docstrings import documented
from ..engine import operations
from .images import ImageLayer, SizingLayer
from .randomness import RandomLayer
from .resizing import center_crop

_FILL_MODES = ("constant", "nearest", "reflect", "wrap")

#: Arguments of augmentations, for their docstrings.
OF_AUGMENTATIONS = """
    Parameters
    ----------
    fill_mode : {"reflect", "constant", "nearest", "wrap"}
        How images go on beyond their borders.
    interpolation : {"bilinear", "nearest"}
        How to sample between pixels.
    seed : int, optional
        Seed of the layer's random numbers; without one, they come from the training's ``rng``.
    fill_value : float
        Value beyond the borders with "constant".
    data_format : {"channels_last"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.
    """


class Augmentation(ImageLayer, RandomLayer):
    """The base class of augmentations, which take images, and pass them on unchanged outside of training."""

    #: Called with arrays and without `training`, they change them, as Keras' do.
    active_when_called = True

    def call(self, x, *, training):
        """Change the images, in training; pass them on otherwise."""
        return self._change(x) if training else x

    def _change(self, x):
        raise NotImplementedError


class _Geometric(Augmentation):
    """The base class of augmentations that move pixels, by a matrix for each image about its centre: see `_draw_matrices`."""

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
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"fill_mode": self.fill_mode, "interpolation": self.interpolation, "fill_value": self.fill_value}
        return {**own, **super().get_config()}


@documented(OF_AUGMENTATIONS)
class RandomFlip(Augmentation):
    """Mirror images at random.

    Parameters
    ----------
    mode : {"horizontal_and_vertical", "horizontal", "vertical"}
        Which sides may be swapped, left and right ("horizontal") or top and bottom, each for half of the images.
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


@documented(OF_AUGMENTATIONS)
class RandomTranslation(_Geometric):
    """Shift images at random.

    Parameters
    ----------
    height_factor, width_factor : float or pair of float
        Shift down as a fraction of the height, and to the right of the width: between the two numbers, or ± one.
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


@documented(OF_AUGMENTATIONS)
class RandomRotation(_Geometric):
    """Rotate images at random about their centre.

    Parameters
    ----------
    factor : float or pair of float
        Angle as a fraction of a full turn, counterclockwise: between the two numbers, or ± one.
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


@documented(OF_AUGMENTATIONS)
class RandomZoom(_Geometric):
    """Zoom images at random about their centre.

    Parameters
    ----------
    height_factor : float or pair of float
        How much more of the height is seen, as a part of it; less if negative. Between the two numbers, or ± one.
    width_factor : float or pair of float, optional
        The same for the width; None keeps the ratio of both.
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


@documented(OF_AUGMENTATIONS)
class RandomCrop(SizingLayer, Augmentation):
    """A part of images, at random in training, the middle otherwise; smaller images are enlarged, without distortion.

    Parameters
    ----------
    height, width : int
        Of the output.

    Notes
    -----
    Each image has a place of its own; Keras crops all images of a batch at the same.
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
    """The base class of augmentations that change values, which are kept within a range."""

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


@documented(OF_AUGMENTATIONS)
class RandomContrast(Photometric):
    """Raise or lower the contrast of images at random, about each channel's mean.

    Parameters
    ----------
    factor : float or pair of float
        (lower, upper): differences from the mean are multiplied by a number from ``1 - lower`` to ``1 + upper``; one number
        is used for both.
    value_range : pair of float
        Smallest and largest value of the output.
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


@documented(OF_AUGMENTATIONS)
class RandomBrightness(Photometric):
    """Add a random number to all values of an image.

    Parameters
    ----------
    factor : float or pair of float
        Part of the range of values that is added: between the two numbers, from -1 to 1, or ± one.
    value_range : pair of float
        Smallest and largest value, which the output is kept in.
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
    """Return a pair of numbers, the smaller first; one number means ± that number."""
    if not isinstance(value, (tuple, list)):
        size = number(name, value, minimum, maximum)
        value = (-size, size)
    if len(value) != 2:
        raise ValueError(f"{name}={shown(value)} has {len(value)} elements; expected a number or (lower, upper)")
    lower, upper = sorted(number(f"{name}[{i}]", each, minimum, maximum) for i, each in enumerate(value))
    return lower, upper

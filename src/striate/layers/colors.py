"""Data augmentation by changes of colour, and by erasing rectangles. Computed in NumPy."""

import numpy as np

from .._common.checks import number, shown
from .._common.docstrings import documented
from ..engine.operators import apply
from .augmentation import AUGMENTATIONS_DOC, Augmentation, Photometric

#: Weights of red, green and blue in grey: those of ITU-R BT.601 as Keras rounds them.
GRAY_WEIGHTS = [0.2989, 0.587, 0.114]


class _RGBAugmentation(Augmentation):
    """The base class of augmentations of RGB images."""

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        super().compute_output_shape(input_shape)
        if input_shape[3] not in (None, 3):
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(input_shape)}; expected 3 channels: red, green, blue"
            )
        return input_shape


@documented(AUGMENTATIONS_DOC)
class RandomGrayscale(_RGBAugmentation):
    """Turn images grey at random.

    Parameters
    ----------
    factor : float
        Probability with which an image turns grey, from 0 to 1.

    Notes
    -----
    Input and output (batch, height, width, 3). Grey is the luma of ITU-R BT.601, a weighted sum of red, green and blue.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.full((1, 4, 4, 3), [200.0, 100.0, 50.0], np.float32)
    >>> y = layers.RandomGrayscale(1.0, seed=0)(x, training=True)
    >>> bool(np.ptp(y, axis=-1).max() < 0.01)
    True
    """

    def __init__(self, factor=0.5, data_format=None, seed=None, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = number("factor", factor, 0, 1)

    def _change(self, x):
        chosen = self._draw(x.graph, (x.shape[0], 1, 1, 1), self._draw_chosen)
        grey = apply("sum", apply("multiply", x, GRAY_WEIGHTS), axis=-1, keepdims=True)
        return apply("where", chosen, grey, x)

    def _draw_chosen(self, rng, out):
        out[...] = rng.random(out.shape) < self.factor

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


class _ColorAdjustment(Photometric, _RGBAugmentation):
    """The base class of changes of saturation and hue, which draw a factor for each image.

    A subclass defines `_draw_factors` and `_adjust`.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = _fraction_range("factor", factor)

    def _change(self, x):
        factors = self._draw(x.graph, (x.shape[0], 1, 1, 1), self._draw_factors)
        black = self.value_range[0]
        x = apply("subtract", x, black)
        high, low = (apply(name, x, axis=-1, keepdims=True) for name in ("max", "min"))
        spread = apply("maximum", apply("subtract", high, low), 1e-7 * (self.value_range[1] - black))
        return apply("add", self._adjust(x, factors, high, spread), black)

    def _draw_factors(self, rng, out):
        raise NotImplementedError

    def _adjust(self, x, factors, high, spread):
        """Return changed images.

        Parameters
        ----------
        x : Value, shape (batch, height, width, 3)
            Images, whose range of values begins at 0.
        factors : Value, shape (batch, 1, 1, 1)
            Factor of each image.
        high : Value, shape (batch, height, width, 1)
            Largest channel of each pixel: the value in the HSV colour space.
        spread : Value, shape (batch, height, width, 1)
            Difference between the largest and the smallest channel of each pixel: the chroma.
        """
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomSaturation(_ColorAdjustment):
    """Change the saturation of colours by a random factor.

    Parameters
    ----------
    factor : float or pair of float
        Range of the factor, from 0 to 1: 0 makes images grey, 0.5 leaves them unchanged, 1 saturates colours fully. One number
        means the range from 0 to that number.
    value_range : pair of float
        Smallest and largest value of the input.

    Notes
    -----
    Input and output (batch, height, width, 3). The saturation in the HSV colour space is multiplied by
    ``factor / (1 - factor)`` and clipped to at most 1; Keras clips it to the upper end of `value_range`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.full((1, 4, 4, 3), [200.0, 100.0, 50.0], np.float32)
    >>> layers.RandomSaturation((0.0, 0.0), seed=0)(x, training=True)[0, 0, 0].round(1)
    array([200., 200., 200.], dtype=float32)
    """

    def _draw_factors(self, rng, out):
        factors = rng.uniform(*self.factor, out.shape)
        out[...] = factors / (1 - factors + 1e-7)

    def _adjust(self, x, factors, high, spread):
        limit = apply("divide", high, spread)  # Factor that makes the smallest channel 0, and the saturation 1.
        return apply("subtract", high, apply("multiply", apply("subtract", high, x), apply("minimum", factors, limit)))


@documented(AUGMENTATIONS_DOC)
class RandomHue(_ColorAdjustment):
    """Shift the hue of colours at random: red may become yellow or purple.

    Parameters
    ----------
    factor : float or pair of float
        Range of the shift in either direction, as a fraction of half the colour circle, from 0 to 1. One number means the range
        from 0 to that number.
    value_range : pair of float
        Smallest and largest value of the input.

    Notes
    -----
    Input and output (batch, height, width, 3). The hue in the HSV colour space is shifted; saturation and value stay.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.full((1, 4, 4, 3), [200.0, 100.0, 50.0], np.float32)
    >>> layers.RandomHue(0.5, seed=0)(x, training=True).shape
    (1, 4, 4, 3)
    """

    def _draw_factors(self, rng, out):
        # Hues range from 0 to 6 in `_adjust`, so that half the circle is 3.
        out[...] = 3 * rng.choice([-1, 1], out.shape) * rng.uniform(*self.factor, out.shape)

    def _adjust(self, x, factors, high, spread):
        red, green, blue = (apply("getitem", x, key=(..., slice(i, i + 1))) for i in range(3))

        def hue(start, first, second):
            return apply("add", apply("divide", apply("subtract", first, second), spread), start)

        others = apply("where", apply("equal", green, high), hue(2.0, blue, red), hue(4.0, red, green))
        shifted = apply("add", apply("where", apply("equal", red, high), hue(0.0, green, blue), others), factors)
        # HSV to RGB: a channel is value - chroma * max(0, min(k, 4 - k, 1)), where k = (hue + 5, 3 or 1) mod 6.
        positions = apply("mod", apply("add", shifted, [5.0, 3.0, 1.0]), 6.0)
        below = apply("clip", apply("minimum", positions, apply("subtract", 4.0, positions)), 0.0, 1.0)
        return apply("subtract", high, apply("multiply", spread, below))


@documented(AUGMENTATIONS_DOC)
class RandomErasing(Photometric):
    """Erase a rectangle of images at random.

    Parameters
    ----------
    factor : float or pair of float
        Range of the probability with which an image is erased, from 0 to 1. One number means the range from 0 to that number.
    scale : float or pair of float
        Range of the numbers whose square roots are the height and width of rectangles, as fractions of the image's. One number
        means the range from 0 to that number.
    fill_value : float or tuple of 3 floats, optional
        Colour of the rectangle; normally distributed noise if None.
    value_range : pair of float
        Smallest and largest value, to which the rectangle is clipped.

    References
    ----------
    .. [1] Zhong, Z. et al., "Random erasing data augmentation", AAAI 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> layers.RandomErasing(1.0, seed=0)(x, training=True).shape
    (1, 8, 8, 1)
    """

    def __init__(
        self, factor=1.0, scale=(0.02, 0.33), fill_value=None, value_range=(0, 255), seed=None, data_format=None, **kwargs
    ):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = _fraction_range("factor", factor)
        self.scale = _fraction_range("scale", scale)
        if isinstance(fill_value, (tuple, list)):
            if len(fill_value) != 3:
                raise ValueError(f"fill_value={shown(fill_value)} has {len(fill_value)} elements; expected a number, or three")
            self.fill_value = tuple(number(f"fill_value[{i}]", each) for i, each in enumerate(fill_value))
        else:
            self.fill_value = None if fill_value is None else number("fill_value", fill_value)

    def _change(self, x):
        inside = self._draw(x.graph, (*x.shape[:3], 1), self._draw_rectangles)
        if self.fill_value is None:
            return apply("where", inside, self._draw(x.graph, x.shape, self._draw_noise), x)
        return apply("where", inside, np.clip(self.fill_value, *self.value_range), x)

    def _draw_rectangles(self, rng, out):
        batch, *sizes, _ = out.shape
        inside = rng.random((batch, 1, 1)) < rng.uniform(*self.factor, (batch, 1, 1))
        for axis, size in enumerate(sizes):
            length = size * np.sqrt(rng.uniform(*self.scale, (batch, 1)))
            start = rng.random((batch, 1)) * (size - length)
            within = (np.arange(size) >= start) & (np.arange(size) < start + length)
            inside = inside & np.expand_dims(within, 2 - axis)
        out[..., 0] = inside

    def _draw_noise(self, rng, out):
        np.clip(rng.standard_normal(out.shape) * self.value_range[1], *self.value_range, out=out)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, "scale": self.scale, "fill_value": self.fill_value, **super().get_config()}


def _fraction_range(name, value):
    """Return checked bounds (lower, upper) from 0 to 1; one number means the range from 0 to that number."""
    lower, upper = value if isinstance(value, (tuple, list)) and len(value) == 2 else (0.0, value)
    upper = number(name, upper, 0, 1)
    return number(name, lower, 0, upper), upper

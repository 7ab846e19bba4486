"""Layers that change the colours of images at random in training, and paint over parts of them. Computed in NumPy."""

import numpy as np

from .._common.checks import number, shown
from .._common.docstrings import documented
from ..engine.operators import apply
from .augmentation import OF_AUGMENTATIONS, Augmentation, Photometric

#: Weights of red, green and blue in grey: those of ITU-R BT.601 as Keras rounds them.
GRAY_WEIGHTS = [0.2989, 0.587, 0.114]


class _OfColours(Augmentation):
    """The base class of layers that need red, green and blue."""

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        super().compute_output_shape(input_shape)
        if input_shape[3] not in (None, 3):
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(input_shape)}; expected 3 channels: red, green, blue"
            )
        return input_shape


@documented(OF_AUGMENTATIONS)
class RandomGrayscale(_OfColours):
    """Make images grey at random.

    Parameters
    ----------
    factor : float
        Part of the images that become grey, from 0 to 1.

    Notes
    -----
    Images (batch, height, width, 3); grey is the sum of red, green and blue weighted as in ITU-R BT.601.
    """

    def __init__(self, factor=0.5, data_format=None, seed=None, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = number("factor", factor, 0, 1)

    def _change(self, x):
        chosen = self._draw(x.graph, (x.shape[0], 1, 1, 1), self._choose)
        grey = apply("sum", apply("multiply", x, GRAY_WEIGHTS), axis=-1, keepdims=True)
        return apply("where", chosen, grey, x)

    def _choose(self, rng, out):
        out[...] = rng.random(out.shape) < self.factor

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


class _Turned(Photometric, _OfColours):
    """The base class of changes of saturation and hue, with a factor for each image."""

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = _part("factor", factor)

    def _change(self, x):
        factors = self._draw(x.graph, (x.shape[0], 1, 1, 1), self._draw_factors)
        black = self.value_range[0]
        x = apply("subtract", x, black)
        high, low = (apply(name, x, axis=-1, keepdims=True) for name in ("max", "min"))
        spread = apply("maximum", apply("subtract", high, low), 1e-7 * (self.value_range[1] - black))
        return apply("add", self._turn(x, factors, high, spread), black)

    def _draw_factors(self, rng, out):
        raise NotImplementedError

    def _turn(self, x, factors, high, spread):
        """Return images with the lowest value 0, of which the largest channel and its distance to the smallest are given."""
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(OF_AUGMENTATIONS)
class RandomSaturation(_Turned):
    """Make colours stronger or weaker at random.

    Parameters
    ----------
    factor : float or pair of float
        Between the two numbers, or 0 and one, each from 0 to 1: 0 makes images grey, 0.5 leaves them, 1 makes colours as strong
        as can be.
    value_range : pair of float
        Smallest and largest value of the input.

    Notes
    -----
    Images (batch, height, width, 3). The saturation in the HSV colour space is multiplied by ``factor / (1 - factor)``, and
    becomes 1 at most; in Keras, at most the upper end of `value_range`.
    """

    def _draw_factors(self, rng, out):
        factors = rng.uniform(*self.factor, out.shape)
        out[...] = factors / (1 - factors + 1e-7)

    def _turn(self, x, factors, high, spread):
        most = apply("divide", high, spread)  # at which the smallest channel becomes 0
        return apply("subtract", high, apply("multiply", apply("subtract", high, x), apply("minimum", factors, most)))


@documented(OF_AUGMENTATIONS)
class RandomHue(_Turned):
    """Shift the hue of colours at random: red may become yellow or purple.

    Parameters
    ----------
    factor : float or pair of float
        Shift in either direction as a fraction of half the colour circle: between the two numbers, or 0 and one, from 0 to 1.
    value_range : pair of float
        Smallest and largest value of the input.

    Notes
    -----
    Images (batch, height, width, 3). The hue in the HSV colour space changes, saturation and value stay.
    """

    def _draw_factors(self, rng, out):
        out[...] = (
            3 * rng.choice([-1, 1], out.shape) * rng.uniform(*self.factor, out.shape)
        )  # the circle of hues has a length of 6

    def _turn(self, x, factors, high, spread):
        red, green, blue = (apply("getitem", x, key=(..., slice(i, i + 1))) for i in range(3))

        def hue(start, first, second):
            return apply("add", apply("divide", apply("subtract", first, second), spread), start)

        others = apply("where", apply("equal", green, high), hue(2.0, blue, red), hue(4.0, red, green))
        turned = apply("add", apply("where", apply("equal", red, high), hue(0.0, green, blue), others), factors)
        places = apply("mod", apply("add", turned, [5.0, 3.0, 1.0]), 6.0)
        below = apply("clip", apply("minimum", places, apply("subtract", 4.0, places)), 0.0, 1.0)
        return apply("subtract", high, apply("multiply", spread, below))


@documented(OF_AUGMENTATIONS)
class RandomErasing(Photometric):
    """Paint over a rectangle of images at random.

    Parameters
    ----------
    factor : float or pair of float
        How likely it is, drawn for each image: between the two numbers, or 0 and one, from 0 to 1.
    scale : float or pair of float
        How large rectangles are: their height and width are the square roots of such parts of the image's.
    fill_value : float or three of them, optional
        The colour; noise if None.
    value_range : pair of float
        Smallest and largest value of the rectangle.

    References
    ----------
    .. [1] Zhong, Z. et al., "Random erasing data augmentation", AAAI 2020.
    """

    def __init__(
        self, factor=1.0, scale=(0.02, 0.33), fill_value=None, value_range=(0, 255), seed=None, data_format=None, **kwargs
    ):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = _part("factor", factor)
        self.scale = _part("scale", scale)
        several = isinstance(fill_value, (tuple, list))
        if several and len(fill_value) != 3:
            raise ValueError(f"fill_value={shown(fill_value)} has {len(fill_value)} elements; expected a number, or three")
        if several:
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


def _part(name, value):
    """Return a pair of numbers from 0 to 1, the first not above the second; one number means 0 and that number."""
    lower, upper = value if isinstance(value, (tuple, list)) and len(value) == 2 else (0.0, value)
    upper = number(name, upper, 0, 1)
    return number(name, lower, 0, upper), upper

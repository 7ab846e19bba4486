"""Augmentations that change colours: they fade, shift or become grey."""

from ..._common.checks import number
from ..._common.docstrings import documented
from ...engine.operators import apply
from .arguments import bounds, contrast_bounds, fractions
from .base import AUGMENTATIONS_DOC, Augmentation, Photometric, RGBOnly, gray, mixed, per_image
from .photometric import RandomBrightness, RandomContrast


@documented(AUGMENTATIONS_DOC)
class RandomGrayscale(RGBOnly, Augmentation):
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

    def _sample(self, rng, shape):
        return {"should_apply": rng.random((shape[0], 1, 1, 1)) < self.factor}

    def _arguments(self, transformation, shape):
        chosen = transformation["should_apply"] if isinstance(transformation, dict) else transformation  # an array, as in Keras
        return {"chosen": per_image(chosen, self.dtype)}

    def _transform(self, x, arguments, interpolation=None):
        return apply("where", arguments["chosen"], gray(x), x)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


class _ColorAdjustment(RGBOnly, Photometric):
    """The base class of changes of saturation and hue, which draw a factor for each image.

    A subclass defines `_factors` and `_adjust`.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = fractions("factor", factor)

    def _sample(self, rng, shape):
        return {"factor": self._factors(rng, shape[0])}

    def _transform(self, x, arguments, interpolation=None):
        black = self.value_range[0]
        x = apply("subtract", x, black)
        high, low = (apply(name, x, axis=-1, keepdims=True) for name in ("max", "min"))
        spread = apply("maximum", apply("subtract", high, low), 1e-7 * (self.value_range[1] - black))
        return apply("add", self._adjust(x, arguments["factor"], high, spread), black)

    def _factors(self, rng, batch):
        """Return random factors, (batch,)."""
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

    def _factors(self, rng, batch):
        factors = rng.uniform(*self.factor, batch)
        return factors / (1 - factors + 1e-7)

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

    def _factors(self, rng, batch):
        return 0.5 * rng.choice([-1, 1], batch) * rng.uniform(*self.factor, batch)

    def _adjust(self, x, factors, high, spread):
        red, green, blue = (apply("getitem", x, key=(..., slice(i, i + 1))) for i in range(3))

        def hue(start, first, second):
            return apply("add", apply("divide", apply("subtract", first, second), spread), start)

        others = apply("where", apply("equal", green, high), hue(2.0, blue, red), hue(4.0, red, green))
        turns = apply("multiply", factors, 6.0)  # Hues range from 0 to 6 here.
        shifted = apply("add", apply("where", apply("equal", red, high), hue(0.0, green, blue), others), turns)
        # HSV to RGB: a channel is value - chroma * max(0, min(k, 4 - k, 1)), where k = (hue + 5, 3 or 1) mod 6.
        positions = apply("mod", apply("add", shifted, [5.0, 3.0, 1.0]), 6.0)
        below = apply("clip", apply("minimum", positions, apply("subtract", 4.0, positions)), 0.0, 1.0)
        return apply("subtract", high, apply("multiply", spread, below))


@documented(AUGMENTATIONS_DOC)
class RandomColorDegeneration(RGBOnly, Photometric):
    """Fade colours: mix images with their grey versions by a random amount.

    Parameters
    ----------
    factor : float or pair of float
        Range of the amount of grey, from -1 to 1: 0 leaves images unchanged, 1 makes them grey. One number means ± that number,
        as in Keras; negative amounts make colours stronger.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.full((1, 4, 4, 3), [200.0, 100.0, 50.0], np.float32)
    >>> layers.RandomColorDegeneration((1.0, 1.0))(x, training=True)[0, 0, 0].round(1)
    array([124.2, 124.2, 124.2], dtype=float32)
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = bounds("factor", factor, -1, 1)

    def _sample(self, rng, shape):
        return {"factor": rng.uniform(*self.factor, (shape[0], 1, 1, 1))}

    def _transform(self, x, arguments, interpolation=None):
        return self._clipped(mixed(arguments["factor"], gray(x), x))

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomColorJitter(RGBOnly, Photometric):
    """Change brightness, contrast, saturation and hue of images by random amounts, in this order.

    Parameters
    ----------
    brightness_factor, contrast_factor, saturation_factor, hue_factor : float or pair of float, optional
        See `RandomBrightness`, `RandomContrast`, `RandomSaturation` and `RandomHue`; None for no change.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.full((1, 4, 4, 3), [200.0, 100.0, 50.0], np.float32)
    >>> layers.RandomColorJitter(brightness_factor=(0.1, 0.1))(x, training=True)[0, 0, 0]
    array([225.5, 125.5,  75.5], dtype=float32)
    """

    _CHANGES = (
        ("brightness_factor", RandomBrightness),
        ("contrast_factor", RandomContrast),
        ("saturation_factor", RandomSaturation),
        ("hue_factor", RandomHue),
    )

    def __init__(
        self,
        value_range=(0, 255),
        brightness_factor=None,
        contrast_factor=None,
        saturation_factor=None,
        hue_factor=None,
        seed=None,
        data_format=None,
        **kwargs,
    ):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.brightness_factor = _if_given(bounds, "brightness_factor", brightness_factor, -1, 1)
        self.contrast_factor = _if_given(contrast_bounds, "contrast_factor", contrast_factor)
        self.saturation_factor = _if_given(fractions, "saturation_factor", saturation_factor)
        self.hue_factor = _if_given(fractions, "hue_factor", hue_factor)
        self._changes = {
            name: cls(factor, self.value_range, dtype=self.dtype)
            for name, cls in self._CHANGES
            if (factor := getattr(self, name)) is not None
        }

    def _sample(self, rng, shape):
        return {name: layer._sample(rng, shape) for name, layer in self._changes.items()}

    def _arguments(self, transformation, shape):
        return {
            f"{name}/{argument}": array
            for name, layer in self._changes.items()
            for argument, array in layer._arguments(transformation[name], shape).items()
        }

    def _transform(self, x, arguments, interpolation=None):
        for name, layer in self._changes.items():
            own = {path.rpartition("/")[2]: each for path, each in arguments.items() if path.startswith(f"{name}/")}
            x = layer._transform(x, own)
        return x

    def get_config(self):
        """Return the constructor's arguments."""
        return {**{name: getattr(self, name) for name, _ in self._CHANGES}, **super().get_config()}


def _if_given(check, name, value, *limits):
    """Return a checked argument, or None for None."""
    return None if value is None else check(name, value, *limits)

"""Augmentations that change the values of pixels: contrast, brightness, sharpness and the like."""

import numpy as np

from ..._common.checks import pair, shown
from ..._common.docstrings import documented
from ...engine import operations
from ...engine.operators import apply
from ...functional.gaussian import gaussian
from ..transformations import ImageTransformation
from .arguments import bounds, checked_range, contrast_bounds, fractions
from .base import AUGMENTATIONS_DOC, Photometric, chosen, mixed, per_image


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
        self.factor = contrast_bounds("factor", factor)

    def _sample(self, rng, shape):
        lower, upper = self.factor
        return {"contrast_factor": rng.uniform(1 - lower, 1 + upper, (shape[0], 1, 1, 1))}

    def _arguments(self, transformation, shape):
        return {"scale": per_channel(transformation["contrast_factor"], shape, self.dtype)}

    def _transform(self, x, arguments, interpolation=None):
        batch, height, width, channels = x.shape
        geometry = {"pool_size": (height, width), "strides": None, "padding": "valid"}
        mean = operations.Reshape(operations.AveragePool2D(x, geometry).y, (batch, channels)).y
        scale = arguments["scale"]
        shift = operations.Merge("subtract", (mean, operations.Merge("multiply", (mean, scale)).y)).y
        return operations.Clip(operations.ScaleShift(x, scale, shift).y, *self.value_range).y

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
        self.factor = bounds("factor", factor, -1, 1)

    def _sample(self, rng, shape):
        low, high = self.value_range
        return {"rgb_delta": rng.uniform(*self.factor, (shape[0], 1, 1, 1)) * (high - low)}

    def _arguments(self, transformation, shape):
        return {"shift": per_channel(transformation["rgb_delta"], shape, self.dtype)}

    def _transform(self, x, arguments, interpolation=None):
        return operations.Clip(operations.ScaleShift(x, None, arguments["shift"]).y, *self.value_range).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomInvert(Photometric):
    """Invert images at random: bright becomes dark.

    Parameters
    ----------
    factor : float or pair of float
        Range of the probability with which an image is inverted, from 0 to 1. One number means the range from 0 to that number.

    Notes
    -----
    As in Keras, inverted values are differences from the upper end of `value_range`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[0.0, 55.0]], np.float32).reshape(1, 1, 2, 1)
    >>> layers.RandomInvert((1.0, 1.0))(x, training=True).ravel()
    array([255., 200.], dtype=float32)
    """

    def __init__(self, factor=1.0, value_range=(0, 255), seed=None, data_format=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = fractions("factor", factor)

    def _sample(self, rng, shape):
        return {"apply_inversion": chosen(rng, self.factor, shape[0])}

    def _transform(self, x, arguments, interpolation=None):
        return apply("where", arguments["apply_inversion"], apply("subtract", self.value_range[1], x), x)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomPosterization(Photometric):
    """Reduce the number of different values: keep a random number of the bits of 8-bit images.

    Parameters
    ----------
    factor : int or pair of int
        Number of bits, from 1 to 8; or a range, without its upper end.

    Notes
    -----
    Images in other ranges of values are scaled to that from 0 to 255, truncated, and scaled back.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[100.0, 200.0]], np.float32).reshape(1, 1, 2, 1)
    >>> layers.RandomPosterization(1)(x, training=True).ravel()
    array([  0., 128.], dtype=float32)
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = bounds("factor", factor if isinstance(factor, (tuple, list)) else (factor, factor), 1, 8)

    def _sample(self, rng, shape):
        lower, upper = map(int, self.factor)
        bits = rng.integers(lower, upper, shape[0]) if upper > lower else np.full(shape[0], lower)
        return {"shift_factor": (8 - bits).astype(np.uint8)}

    def _arguments(self, transformation, shape):
        return {"step": per_image(2.0 ** np.ravel(transformation["shift_factor"]), self.dtype)}

    def _transform(self, x, arguments, interpolation=None):
        step = arguments["step"]
        whole = apply("clip", apply("floor", self._in_eight_bits(x)), 0.0, 255.0)
        return self._from_eight_bits(apply("multiply", apply("floor", apply("divide", whole, step)), step))

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomSharpness(Photometric):
    """Sharpen or smooth images by a random amount.

    Parameters
    ----------
    factor : float or pair of float
        Range of the amount, from 0 to 1: 0 smooths, 0.5 leaves images unchanged, 1 sharpens. One number means the range from 0
        to that number.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.zeros((1, 5, 5, 1), np.float32)
    >>> x[0, 2, 2] = 130.0
    >>> layers.RandomSharpness((0.0, 0.0))(x, training=True)[0, 2, :, 0].round(2)
    array([ 0., 10., 50., 10.,  0.], dtype=float32)
    """

    #: The kernel that smooths: the mean of a pixel, which counts five times, and its eight neighbours.
    _SMOOTHING = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]]) / 13

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = fractions("factor", factor)

    def _sample(self, rng, shape):
        return {"factor": rng.uniform(*self.factor, shape[0])}

    def _transform(self, x, arguments, interpolation=None):
        amount = apply("multiply", arguments["factor"], 2.0)
        return self._clipped(mixed(amount, x, filtered(x, self._SMOOTHING)))

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomGaussianBlur(Photometric):
    """Blur images at random, by a Gaussian of random width.

    Parameters
    ----------
    factor : float or pair of float
        Range of the probability with which an image is blurred, from 0 to 1. One number means the range from 0 to that number.
    kernel_size : int or pair of int
        Width and height of the kernel, odd numbers.
    sigma : float or pair of float
        Range of the Gaussian's standard deviations across and down, in pixels, from 0 to 1. One number means the range from 0
        to that number. As in Keras, all images of a batch have the same.

    Notes
    -----
    Beyond their borders, images count as 0.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.zeros((1, 5, 5, 1), np.float32)
    >>> x[0, 2, 2] = 100.0
    >>> layers.RandomGaussianBlur((1.0, 1.0), sigma=(0.5, 0.5))(x, training=True)[0, 2, :, 0].round(1)
    array([ 0. ,  8.4, 61.9,  8.4,  0. ], dtype=float32)
    """

    def __init__(self, factor=1.0, kernel_size=3, sigma=1.0, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = fractions("factor", factor)
        self.kernel_size = pair("kernel_size", kernel_size)
        if not all(size % 2 for size in self.kernel_size):
            raise ValueError(f"kernel_size={shown(kernel_size)} is even; expected odd numbers")
        self.sigma = fractions("sigma", sigma)

    def _sample(self, rng, shape):
        blurred = chosen(rng, self.factor, shape[0])
        return {"should_apply_blur": blurred, "blur_factor": rng.uniform(*self.sigma, 2) + 1e-6}

    def _arguments(self, transformation, shape):
        sigmas = np.ravel(transformation["blur_factor"])
        across, down = (gaussian(size, sigma) for size, sigma in zip(self.kernel_size, sigmas, strict=True))
        kernel = np.tile(np.outer(down, across)[..., np.newaxis, np.newaxis], shape[3]).astype(self.dtype)
        return {"blurred": per_image(transformation["should_apply_blur"], self.dtype), "kernel": kernel}

    def _transform(self, x, arguments, interpolation=None):
        blurred = convolved(x, arguments["kernel"])
        return self._clipped(apply("where", arguments["blurred"], blurred, x))

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"factor": self.factor, "kernel_size": self.kernel_size, "sigma": self.sigma}
        return {**own, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class Solarization(Photometric):
    """Add a random number to all values, and invert those that then exceed a random threshold.

    Parameters
    ----------
    addition_factor : float or pair of float
        Range of the number that is added, as a fraction of 255. One number means the range from 0 to that number.
    threshold_factor : float or pair of float
        Range of the threshold, as a fraction of 255. One number means the range from 0 to that number.

    Notes
    -----
    Both are computed for values from 0 to 255, to which images in other ranges are scaled. As in Keras, the lower ends of the
    ranges count in these values, not as fractions.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[10.0, 200.0]], np.float32).reshape(1, 1, 2, 1)
    >>> layers.Solarization()(x, training=True).ravel()
    array([245.,  55.], dtype=float32)
    """

    def __init__(self, addition_factor=0.0, threshold_factor=0.0, value_range=(0, 255), seed=None, data_format=None, **kwargs):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.addition_factor = fractions("addition_factor", addition_factor)
        self.threshold_factor = fractions("threshold_factor", threshold_factor)

    def _sample(self, rng, shape):
        additions, thresholds = (
            rng.uniform(lower, upper * 255, (shape[0], 1, 1, 1))
            for lower, upper in (self.addition_factor, self.threshold_factor)
        )
        return {"additions": additions, "thresholds": thresholds}

    def _transform(self, x, arguments, interpolation=None):
        x = apply("clip", apply("add", self._in_eight_bits(x), arguments["additions"]), 0.0, 255.0)
        inverted = apply("subtract", 255.0, x)
        return self._from_eight_bits(apply("where", apply("less", x, arguments["thresholds"]), x, inverted))

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"addition_factor": self.addition_factor, "threshold_factor": self.threshold_factor}
        return {**own, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class AutoContrast(ImageTransformation):
    """Stretch the values of each channel of each image to the whole range of values, in training and inference.

    Notes
    -----
    A channel of equal values does not change.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[100.0, 120.0, 150.0]], np.float32).reshape(1, 1, 3, 1)
    >>> layers.AutoContrast()(x).ravel().round(3)
    array([  0., 102., 255.], dtype=float32)
    """

    def __init__(self, value_range=(0, 255), *, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.value_range = checked_range(value_range)

    def _transform(self, x, arguments, interpolation=None):
        lowest, highest = self.value_range
        low, high = (apply(name, x, axis=(1, 2), keepdims=True) for name in ("min", "max"))
        spread = apply("subtract", high, low)
        equal = apply("equal", spread, 0.0)
        scale = apply("divide", highest - lowest, apply("where", equal, 1.0, spread))
        stretched = apply("add", apply("multiply", apply("subtract", x, low), scale), lowest)
        return apply("where", equal, x, apply("clip", stretched, lowest, highest))

    def get_config(self):
        """Return the constructor's arguments."""
        return {"value_range": self.value_range, **super().get_config()}


def per_channel(array, shape, dtype):
    """Return an array with one element for each image as (batch, channels), for images of a shape."""
    return np.tile(np.reshape(np.asarray(array, dtype), (-1, 1)), shape[3])


def filtered(x, kernel):
    """Return images whose channels are correlated with a kernel, an array (height, width), and padded with 0."""
    kernel = np.tile(kernel[..., np.newaxis, np.newaxis], x.shape[3])
    return convolved(x, np.asarray(kernel, x.dtype))


def convolved(x, kernel):
    """Return images whose channels are correlated each with its own kernel, (height, width, 1, channels), padded with 0."""
    return apply("conv", x, kernel, strides=(1, 1), padding="same", dilation=(1, 1), groups=x.shape[3])

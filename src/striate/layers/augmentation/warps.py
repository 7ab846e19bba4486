"""Augmentations that warp images: changes of perspective, and elastic deformations."""

import numpy as np

from ..._common.checks import number
from ..._common.docstrings import documented
from ..._common.homographies import equations
from ...engine import operations
from ...engine.operators import apply
from ...functional.gaussian import gaussian
from .arguments import checked_range, fractions
from .base import AUGMENTATIONS_DOC, chosen, per_image
from .geometric import Geometric
from .photometric import convolved

#: Seeds of displacements.
_SEEDS = 1 << 32


class _Warp(Geometric):
    """The base class of augmentations that sample images at places that need not lie on a grid.

    A subclass defines `_sample` and `_arguments`, which returns "coordinates" and, with an element for each image, "warped".
    """

    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = fractions("factor", factor)

    def _transform(self, x, arguments, interpolation=None):
        how = interpolation or self.interpolation, self.fill_mode, self.fill_value
        return apply("where", arguments["warped"], operations.SampleAt(x, arguments["coordinates"], *how).y, x)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomPerspective(_Warp):
    """Show images in a random perspective: their corners move, and straight lines stay straight.

    Parameters
    ----------
    factor : float or pair of float
        Range of the probability with which an image changes, from 0 to 1. One number means the range from 0 to that number.
    scale : float
        How far corners move, from 0 to 1: each coordinate is multiplied by a number from ``1 - scale / 2`` to
        ``1 + scale / 2``. So the upper left corner stays, as in Keras.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> layers.RandomPerspective(scale=0.3, seed=0)(x, training=True).shape
    (1, 8, 8, 1)
    """

    fixed_arguments = ("fill_mode",)

    def __init__(self, factor=1.0, scale=1.0, interpolation="bilinear", fill_value=0.0, seed=None, data_format=None, **kwargs):
        settings = {"interpolation": interpolation, "fill_value": fill_value}
        super().__init__(factor, seed=seed, data_format=data_format, **settings, **kwargs)
        self.scale = number("scale", scale, 0, 1)

    def _sample(self, rng, shape):
        batch, height, width, _ = shape
        right, bottom = max(width - 1, 1), max(height - 1, 1)  # The corners of a single row must not be the same.
        corners = np.array([[0, 0], [right, 0], [0, bottom], [right, bottom]], np.float64)
        start = np.tile(corners, (batch, 1, 1))
        moved = chosen(rng, self.factor, batch)
        factors = 1 + rng.uniform(-self.scale / 2, self.scale / 2, (batch, 4, 2))
        end = np.where(moved[:, np.newaxis, np.newaxis], start * factors, start)
        return {"apply_perspective": moved, "start_points": start, "end_points": end}

    def _arguments(self, transformation, shape):
        _, height, width, _ = shape
        columns, rows = np.meshgrid(np.arange(width), np.arange(height))
        columns, rows = project(_homographies(transformation), columns[np.newaxis], rows[np.newaxis])
        warped = per_image(transformation["apply_perspective"], self.dtype)
        return {"warped": warped, "coordinates": np.stack([rows, columns], 1).astype(self.dtype)}

    def _move_boxes(self, boxes, transformation, size):
        inverse = np.linalg.inv(_homographies(transformation))
        columns, rows = project(inverse, boxes[..., [0, 2, 0, 2]], boxes[..., [1, 1, 3, 3]])
        moved = np.stack([columns.min(-1), rows.min(-1), columns.max(-1), rows.max(-1)], -1)
        return np.where(np.reshape(transformation["apply_perspective"], (-1, 1, 1)), moved, boxes)

    def get_config(self):
        """Return the constructor's arguments."""
        config = super().get_config()
        del config["fill_mode"]
        return {"scale": self.scale, **config}


def _homographies(transformation):
    """Return the matrices, (batch, 3, 3), of the projective maps from the places of corners to where they come from."""
    return homographies(*(np.reshape(transformation[name], (-1, 4, 2)) for name in ("end_points", "start_points")))


def homographies(source, target):
    """Return the matrices, (batch, 3, 3), of the projective maps that send four points to others, both (batch, 4, 2)."""
    batch = len(source)
    (x, y), (u, v) = (np.moveaxis(points.astype(np.float64), -1, 0) for points in (source, target))
    one, zero = np.ones((batch, 4)), np.zeros((batch, 4))
    matrices = np.concatenate([np.stack(each, -1) for each in equations(x, y, u, v, zero, one)], 1)
    numbers = np.linalg.solve(matrices, np.concatenate([u, v], 1)[..., np.newaxis])
    return np.concatenate([numbers[..., 0], np.ones((batch, 1))], 1).reshape(batch, 3, 3)


def project(matrices, x, y):
    """Return coordinates, (batch, ..., ...), under projective maps."""
    a = matrices[..., np.newaxis, np.newaxis]
    u, v, w = (a[:, i, 0] * x + a[:, i, 1] * y + a[:, i, 2] for i in range(3))
    return u / w, v / w


@documented(AUGMENTATIONS_DOC)
class RandomElasticTransform(_Warp):
    """Deform images as if they were drawn on rubber: neighbouring pixels move by similar random distances.

    Parameters
    ----------
    factor : float or pair of float
        Range of the probability with which an image changes, from 0 to 1. One number means the range from 0 to that number.
    scale : float or pair of float
        Range of the strength, from 0 to 1, which is the same for all images of a batch, as in Keras. One number means the range
        from 0 to that number.

    Notes
    -----
    Bounding boxes cannot be deformed.

    References
    ----------
    .. [1] Simard, P., Steinkraus, D. and Platt, J., "Best practices for convolutional neural networks applied to visual
       document analysis", ICDAR 2003.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> layers.RandomElasticTransform(seed=0)(x, training=True).shape
    (1, 8, 8, 1)
    """

    def __init__(
        self,
        factor=1.0,
        scale=1.0,
        interpolation="bilinear",
        fill_mode="reflect",
        fill_value=0.0,
        value_range=(0, 255),
        seed=None,
        data_format=None,
        **kwargs,
    ):
        settings = {"interpolation": interpolation, "fill_mode": fill_mode, "fill_value": fill_value}
        super().__init__(factor, seed=seed, data_format=data_format, **settings, **kwargs)
        self.scale = fractions("scale", scale)
        self.value_range = checked_range(value_range)

    def _sample(self, rng, shape):
        return {
            "apply_transform": chosen(rng, self.factor, shape[0]),
            "distortion_factor": rng.uniform(*self.scale),
            "seed": int(rng.integers(_SEEDS)),
        }

    def _arguments(self, transformation, shape):
        batch, height, width, _ = shape
        strength, rng = float(transformation["distortion_factor"]), np.random.default_rng(transformation["seed"])
        amplitude, sigma = 0.1 * strength * max(height, width), 0.05 * strength * min(height, width)
        shifts = _smooth_noise(rng, (2 * batch, height, width), sigma).reshape(batch, 2, height, width) * amplitude
        coordinates = np.stack(np.meshgrid(np.arange(height), np.arange(width), indexing="ij")) + shifts
        warped = per_image(transformation["apply_transform"], self.dtype)
        return {"warped": warped, "coordinates": coordinates.astype(self.dtype)}

    def _transform(self, x, arguments, interpolation=None):
        y = super()._transform(x, arguments, interpolation)
        return y if interpolation else apply("clip", y, *self.value_range)  # Masks hold classes, not brightness.

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        """Raise an error, since boxes cannot be deformed."""
        raise NotImplementedError(f"layer {self.name!r} got bounding boxes, which cannot be deformed; expected none")

    def get_config(self):
        """Return the constructor's arguments."""
        return {"scale": self.scale, "value_range": self.value_range, **super().get_config()}


def _smooth_noise(rng, shape, sigma):
    """Return normally distributed noise (images, height, width) of a standard deviation, smoothed by a Gaussian of the same."""
    noise = sigma * rng.standard_normal(shape)
    if sigma <= 0:
        return noise
    size = int(6 * sigma) | 1
    kernel = gaussian(size, sigma).reshape(-1, 1, 1, 1)
    across = convolved(convolved(noise[..., np.newaxis], kernel), kernel.reshape(1, -1, 1, 1))
    return across[..., 0]

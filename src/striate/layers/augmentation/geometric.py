"""Augmentations that move pixels: images are flipped, shifted, rotated, zoomed, sheared or cropped by random amounts."""

import numpy as np

from ..._common.checks import choice, number
from ..._common.docstrings import documented
from ...engine import operations
from ..images import SizingLayer
from ..resizing import center_crop, center_cropped_boxes
from .arguments import bounds
from .base import AUGMENTATIONS_DOC, Augmentation

_FILL_MODES = ("constant", "nearest", "reflect", "wrap")
_INTERPOLATIONS = ("bilinear", "nearest")


class Geometric(Augmentation):
    """The base class of augmentations that move pixels."""

    moves_pixels = True

    def __init__(self, *, interpolation, fill_value, fill_mode="constant", **kwargs):
        super().__init__(**kwargs)
        self.fill_mode = choice("fill_mode", fill_mode, _FILL_MODES)
        self.interpolation = choice("interpolation", interpolation, _INTERPOLATIONS)
        self.fill_value = number("fill_value", fill_value)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"fill_mode": self.fill_mode, "interpolation": self.interpolation, "fill_value": self.fill_value}
        return {**own, **super().get_config()}


class Affine(Geometric):
    """The base class of augmentations by affine maps. A subclass defines `_sample` and `_matrices`."""

    def _arguments(self, transformation, shape):
        return {"matrices": np.asarray(self._matrices(transformation, *shape[1:3]), np.float64)}

    def _matrices(self, transformation, height, width):
        """Return the matrices, (batch, 6), of a transformation of images of a size; see `operations.Resample2D`."""
        raise NotImplementedError

    def _transform(self, x, arguments, interpolation=None):
        how = interpolation or self.interpolation, self.fill_mode, self.fill_value
        return operations.Resample2D(x, arguments["matrices"], x.shape[1:3], *how).y

    def _move_boxes(self, boxes, transformation, size):
        a, b, c, d, e, f = self._matrices(transformation, *size).T[..., np.newaxis, np.newaxis]
        x, y = boxes[..., [0, 2, 0, 2]] - c, boxes[..., [1, 1, 3, 3]] - f  # of the four corners
        determinant = a * e - b * d
        columns, rows = (e * x - b * y) / determinant, (a * y - d * x) / determinant
        return np.stack([columns.min(-1), rows.min(-1), columns.max(-1), rows.max(-1)], -1)


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

    moves_pixels = True

    def __init__(self, mode="horizontal_and_vertical", seed=None, data_format=None, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.mode = choice("mode", mode, ("horizontal_and_vertical", "horizontal", "vertical"))

    def _sample(self, rng, shape):
        directions = 2 if self.mode == "horizontal_and_vertical" else 1
        return {"flips": rng.random((shape[0], 1, 1, directions)) < 0.5}

    def _flips(self, transformation):
        """Return which images are flipped, horizontally and vertically, as arrays (batch,)."""
        flips = np.asarray(transformation["flips"], bool)
        flips = flips.reshape(-1, flips.shape[-1] if self.mode == "horizontal_and_vertical" else 1)
        return flips[:, 0] & ("horizontal" in self.mode), flips[:, -1] & ("vertical" in self.mode)

    def _arguments(self, transformation, shape):
        _, height, width, _ = shape
        columns, rows = self._flips(transformation)
        matrices = np.zeros((len(columns), 6))
        matrices[:, 0], matrices[:, 2] = np.where(columns, -1, 1), columns * (width - 1)
        matrices[:, 4], matrices[:, 5] = np.where(rows, -1, 1), rows * (height - 1)
        return {"matrices": matrices}

    def _transform(self, x, arguments, interpolation=None):
        return operations.Resample2D(x, arguments["matrices"], x.shape[1:3], "nearest", "nearest").y

    def _move_boxes(self, boxes, transformation, size):
        (height, width), (columns, rows) = size, (each[:, np.newaxis] for each in self._flips(transformation))
        left, top, right, bottom = np.moveaxis(boxes, -1, 0)
        left, right = np.where(columns, width - right, left), np.where(columns, width - left, right)
        top, bottom = np.where(rows, height - bottom, top), np.where(rows, height - top, bottom)
        return np.stack([left, top, right, bottom], -1)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"mode": self.mode, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomTranslation(Affine):
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
        settings = {"fill_mode": fill_mode, "interpolation": interpolation, "fill_value": fill_value}
        super().__init__(seed=seed, data_format=data_format, **settings, **kwargs)
        self.height_factor = bounds("height_factor", height_factor, -1, 1)
        self.width_factor = bounds("width_factor", width_factor, -1, 1)

    def _sample(self, rng, shape):
        batch, height, width, _ = shape
        down, right = (rng.uniform(*factor, batch) for factor in (self.height_factor, self.width_factor))
        return {"translations": np.stack([right * width, down * height], 1)}

    def _matrices(self, transformation, height, width):
        right, down = np.reshape(transformation["translations"], (-1, 2)).T
        matrices = np.tile((1.0, 0, 0, 0, 1, 0), (len(right), 1))
        matrices[:, 2], matrices[:, 5] = -right, -down
        return matrices

    def get_config(self):
        """Return the constructor's arguments."""
        return {"height_factor": self.height_factor, "width_factor": self.width_factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomRotation(Affine):
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
        settings = {"fill_mode": fill_mode, "interpolation": interpolation, "fill_value": fill_value}
        super().__init__(seed=seed, data_format=data_format, **settings, **kwargs)
        self.factor = bounds("factor", factor)

    def _sample(self, rng, shape):
        return {"angle": 360 * rng.uniform(*self.factor, shape[0])}

    def _matrices(self, transformation, height, width):
        angles = np.radians(np.ravel(transformation["angle"]))
        cos, sin = np.cos(angles), np.sin(angles)
        column, row = (width - 1) / 2, (height - 1) / 2
        across = cos, -sin, column - cos * column + sin * row
        down = sin, cos, row - sin * column - cos * row
        return np.stack([*across, *down], 1)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomZoom(Affine):
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
        settings = {"fill_mode": fill_mode, "interpolation": interpolation, "fill_value": fill_value}
        super().__init__(seed=seed, data_format=data_format, **settings, **kwargs)
        self.height_factor = bounds("height_factor", height_factor, -1)
        self.width_factor = None if width_factor is None else bounds("width_factor", width_factor, -1)

    def _sample(self, rng, shape):
        rows = 1 + rng.uniform(*self.height_factor, (shape[0], 1))
        columns = rows if self.width_factor is None else 1 + rng.uniform(*self.width_factor, (shape[0], 1))
        return {"height_zoom": rows, "width_zoom": columns}

    def _matrices(self, transformation, height, width):
        rows, columns = (np.ravel(transformation[name]) for name in ("height_zoom", "width_zoom"))
        matrices = np.zeros((len(rows), 6))
        matrices[:, 0], matrices[:, 2] = columns, (1 - columns) * (width - 1) / 2
        matrices[:, 4], matrices[:, 5] = rows, (1 - rows) * (height - 1) / 2
        return matrices

    def get_config(self):
        """Return the constructor's arguments."""
        return {"height_factor": self.height_factor, "width_factor": self.width_factor, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandomShear(Affine):
    """Shear images: shift rows by random multiples of their distance from the top, and columns of that from the left.

    Parameters
    ----------
    x_factor, y_factor : float or pair of float
        Range of the shift of each row, and of each column, as a multiple of its index, from -1 to 1. One number means ± that
        number. The direction of both is random.

    Notes
    -----
    As in Keras, boxes are sheared in coordinates that are fractions of the height and width.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> layers.RandomShear(0.2, seed=0)(x, training=True).shape
    (1, 8, 8, 1)
    """

    def __init__(
        self,
        x_factor=0.0,
        y_factor=0.0,
        interpolation="bilinear",
        fill_mode="reflect",
        fill_value=0.0,
        data_format=None,
        seed=None,
        **kwargs,
    ):
        settings = {"fill_mode": fill_mode, "interpolation": interpolation, "fill_value": fill_value}
        super().__init__(seed=seed, data_format=data_format, **settings, **kwargs)
        self.x_factor = bounds("x_factor", x_factor, -1, 1)
        self.y_factor = bounds("y_factor", y_factor, -1, 1)

    def _sample(self, rng, shape):
        direction = rng.choice([-1.0, 1.0], (shape[0], 1))
        amounts = [rng.uniform(*factor, shape[0]) for factor in (self.x_factor, self.y_factor)]
        return {"shear_factor": np.stack(amounts, 1) * direction}

    def _matrices(self, transformation, height, width):
        across, down = np.reshape(transformation["shear_factor"], (-1, 2)).T
        matrices = np.tile((1.0, 0, 0, 0, 1, 0), (len(across), 1))
        matrices[:, 1], matrices[:, 3] = across, down
        return matrices

    def _move_boxes(self, boxes, transformation, size):
        height, width = size
        across, down = np.reshape(transformation["shear_factor"], (-1, 2)).T[..., np.newaxis]
        left, top, right, bottom = np.moveaxis(boxes / (width, height, width, height), -1, 0)
        left, right = left - across * np.where(across < 0, top, bottom), right - across * np.where(across < 0, bottom, top)
        top = top - down * np.where(down > 0, right, left)
        bottom = bottom - down * np.where(down > 0, left, right)
        return np.stack([left, top, right, bottom], -1) * (width, height, width, height)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"x_factor": self.x_factor, "y_factor": self.y_factor, **super().get_config()}


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

    moves_pixels = True

    def _active(self, training):
        return True  # Images are cropped in inference, too.

    def get_random_transformation(self, data, training=True, seed=None):
        """Return the first row and column of each cropped image; see `ImageTransformation`."""
        drawn = super().get_random_transformation(data, training, seed)
        shape = self._shape_with_channels_last(drawn["input_shape"])
        if training and self._fits(*shape[-3:-1]):
            return drawn
        return {"input_shape": drawn["input_shape"]}

    def call(self, x, *, training):
        """Crop."""
        x = self._with_channels_last(x)
        arguments = self._drawn(x) if training and self._fits(*x.shape[1:3]) else {}
        return self._in_format(self._transform(x, arguments))

    def _fits(self, height, width):
        """Return whether images of a size are at least as large as the output."""
        return height >= self.height and width >= self.width

    def _sample(self, rng, shape):
        batch, height, width, _ = shape
        rows, columns = max(height - self.height, 0), max(width - self.width, 0)
        return {"top": rng.integers(rows, size=batch, endpoint=True), "left": rng.integers(columns, size=batch, endpoint=True)}

    def _arguments(self, transformation, shape):
        if "top" not in transformation:
            return {}
        top, left = (np.ravel(transformation[name]) for name in ("top", "left"))
        matrices = np.tile((1.0, 0, 0, 0, 1, 0), (len(top), 1))
        matrices[:, 2], matrices[:, 5] = left, top
        return {"matrices": matrices}

    def _transform(self, x, arguments, interpolation=None):
        if not arguments:
            return center_crop(x, self.height, self.width, interpolation or "bilinear")
        return operations.Resample2D(x, arguments["matrices"], (self.height, self.width), "nearest", "nearest").y

    def _move_boxes(self, boxes, transformation, size):
        if "top" not in transformation:
            return center_cropped_boxes(boxes, size, self.height, self.width)
        top, left = (np.ravel(transformation[name])[:, np.newaxis] for name in ("top", "left"))
        return boxes - np.stack([left, top, left, top], -1)

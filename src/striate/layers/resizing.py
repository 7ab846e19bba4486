"""Layers that resize and crop images."""

import numpy as np

from .._common.checks import boolean, choice, number
from ..engine import Variable, operations
from ..engine.operators import apply
from ..functional.resampling import INTERPOLATIONS, resizing_matrix, resizing_weights
from .images import SizingLayer
from .transformations import ImageTransformation

#: Shift to the right and down of the points that "nearest" samples, so that a point on the border of two pixels always takes
#: the second one. It exceeds rounding errors, but not the least distance of another point from a border, 1 / (2 * new size).
_TIE_SHIFT = 1e-9

#: Number of which boxes that fill up the number of boxes consist, as do those of zeros; they stay empty.
NO_BOX = -1


class Resizing(SizingLayer, ImageTransformation):
    """Resize images.

    Parameters
    ----------
    height, width : int
        Size of the output, in pixels.
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"}
        How new pixels are computed.
    crop_to_aspect_ratio : bool
        Whether to crop images to the aspect ratio of the output first, so that nothing is distorted.
    pad_to_aspect_ratio : bool
        Whether to pad images to the aspect ratio of the output first, so that nothing is distorted.
    fill_mode : {"constant"}
        How images are padded.
    fill_value : float
        Value of the padding.
    antialias : bool
        Whether each pixel of a smaller image is computed from all pixels that it covers, to avoid aliasing.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels; that of `striate.config` if None.
    bounding_box_format : str, optional
        Format of bounding boxes, such as "xyxy", in inputs that have them.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels). An array may also be one
    image, without the batch axis. As in Keras, the centres of pixels have half-integer coordinates.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32).reshape(1, 2, 2, 1)
    >>> layers.Resizing(3, 3)(x)[0, :, :, 0].round(2)
    array([[1. , 1.5, 2. ],
           [2. , 2.5, 3. ],
           [3. , 3.5, 4. ]], dtype=float32)
    """

    def __init__(
        self,
        height,
        width,
        interpolation="bilinear",
        crop_to_aspect_ratio=False,
        pad_to_aspect_ratio=False,
        fill_mode="constant",
        fill_value=0.0,
        antialias=False,
        data_format=None,
        **kwargs,
    ):
        super().__init__(height, width, data_format=data_format, **kwargs)
        self.interpolation = choice("interpolation", interpolation, INTERPOLATIONS)
        self.crop_to_aspect_ratio = boolean("crop_to_aspect_ratio", crop_to_aspect_ratio)
        self.pad_to_aspect_ratio = boolean("pad_to_aspect_ratio", pad_to_aspect_ratio)
        self.fill_mode = choice("fill_mode", fill_mode, ("constant",))
        self.fill_value = number("fill_value", fill_value)
        self.antialias = boolean("antialias", antialias)
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            raise ValueError("crop_to_aspect_ratio=True and pad_to_aspect_ratio=True exclude each other; expected at most one")

    moves_pixels = True

    def _transform(self, x, arguments, interpolation=None):
        if self.crop_to_aspect_ratio:
            x = crop_to_aspect_ratio(x, self.height, self.width)
        if self.pad_to_aspect_ratio:
            x = pad_to_aspect_ratio(x, self.height, self.width, self.fill_value)
        return resize(x, self.height, self.width, interpolation or self.interpolation, self.antialias)

    def _move_boxes(self, boxes, transformation, size):
        height, width = size
        if self.crop_to_aspect_ratio:
            height, width = _cropped_size(height, width, self.height, self.width)
        elif self.pad_to_aspect_ratio:
            height, width = _padded_size(height, width, self.height, self.width)
        top, left = (size[0] - height) // 2, (size[1] - width) // 2
        moved = (boxes - (left, top, left, top)) * np.tile((self.width / width, self.height / height), 2)
        absent = (boxes == NO_BOX).all(-1, keepdims=True) | (boxes == 0).all(-1, keepdims=True)
        return np.where(absent, 0, moved)

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("interpolation", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "fill_mode", "fill_value", "antialias")
        return {**{name: getattr(self, name) for name in names}, **super().get_config()}


class CenterCrop(SizingLayer, ImageTransformation):
    """Crop images to their centre; smaller images are enlarged first, without distortion.

    Parameters
    ----------
    height, width : int
        Size of the output, in pixels.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels; that of `striate.config` if None.
    bounding_box_format : str, optional
        Format of bounding boxes, such as "xyxy", in inputs that have them.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels). An array may also be one
    image, without the batch axis.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    >>> layers.CenterCrop(2, 2)(x)[0, :, :, 0]
    array([[ 5.,  6.],
           [ 9., 10.]], dtype=float32)
    """

    def __init__(self, height, width, data_format=None, **kwargs):
        super().__init__(height, width, data_format=data_format, **kwargs)

    moves_pixels = True

    def _transform(self, x, arguments, interpolation=None):
        return center_crop(x, self.height, self.width, interpolation or "bilinear")

    def _move_boxes(self, boxes, transformation, size):
        return center_cropped_boxes(boxes, size, self.height, self.width)


def resize(x, height, width, interpolation="bilinear", antialias=False):
    """Return images (batch, height, width, channels) that are resized to a height and width."""
    batch, rows, columns, channels = x.shape
    if (rows, columns) == (height, width):
        return x
    if interpolation == "nearest" or (interpolation == "bilinear" and not antialias):
        matrix = resizing_matrix((rows, columns), (height, width))
        if interpolation == "nearest":
            matrix[:, 2::3] += _TIE_SHIFT
        matrix = Variable(matrix, "matrix", trainable=False)
        return operations.Resample2D(x, matrix, (height, width), interpolation, "nearest").y
    x = operations.Reshape(x, (batch, rows, columns * channels)).y
    x = apply("sample", resizing_weights(rows, height, interpolation, antialias), x)
    x = operations.Reshape(x, (batch * height, columns, channels)).y
    x = apply("sample", resizing_weights(columns, width, interpolation, antialias), x)
    return operations.Reshape(x, (batch, height, width, channels)).y


def center_crop(x, height, width, interpolation="bilinear"):
    """Return the centre of images, which are enlarged without distortion if they are too small."""
    if x.shape[1] < height or x.shape[2] < width:
        return resize(crop_to_aspect_ratio(x, height, width), height, width, interpolation)
    return _crop(x, height, width)


def center_cropped_boxes(boxes, size, height, width):
    """Return the boxes "xyxy", in images of a size, of what `center_crop` makes of the images."""
    part = (height, width)
    if size[0] < height or size[1] < width:
        part = _cropped_size(*size, height, width)
    top, left = (size[0] - part[0]) // 2, (size[1] - part[1]) // 2
    return (boxes - (left, top, left, top)) * np.tile((width / part[1], height / part[0]), 2)


def crop_to_aspect_ratio(x, height, width):
    """Return the largest part about the centre of images that has the aspect ratio of `height` and `width`."""
    return _crop(x, *_cropped_size(*x.shape[1:3], height, width))


def _cropped_size(rows, columns, height, width):
    """Return the size of the largest part of an image that has the aspect ratio of `height` and `width`."""
    return max(min(rows, columns * height // width), 1), max(min(columns, rows * width // height), 1)


def pad_to_aspect_ratio(x, height, width, fill_value):
    """Return images padded on both sides to the aspect ratio of `height` and `width`."""
    rows, columns = x.shape[1:3]
    size = _padded_size(rows, columns, height, width)
    if size == (rows, columns):
        return x
    top, left = (size[0] - rows) // 2, (size[1] - columns) // 2
    shift = Variable(np.array([[1.0, 0, -left, 0, 1, -top]]), "matrix", trainable=False)
    return operations.Resample2D(x, shift, size, "nearest", "constant", fill_value).y


def _padded_size(rows, columns, height, width):
    """Return the size of the smallest image around another one that has the aspect ratio of `height` and `width`."""
    return max(rows, columns * height // width), max(columns, rows * width // height)


def _crop(x, height, width):
    """Return the part of a height and width about the centre of images, which must be at least as large."""
    if x.shape[1:3] == (height, width):
        return x
    top, left = (x.shape[1] - height) // 2, (x.shape[2] - width) // 2
    sides = (-top, height + top - x.shape[1]), (-left, width + left - x.shape[2])
    return operations.Pad(x, ((0, 0), *sides, (0, 0))).y

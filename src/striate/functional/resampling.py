"""Images sampled between their pixels: where an affine map puts them, or along one axis by weighted sums."""

import numpy as np

from .._common.arrays import empty
from ..kernels import bindings
from ..threads import get_num_threads

#: Smallest absolute value of a weight; smaller ones are zeros of a filter, missed because distances are rounded.
_SMALLEST_WEIGHT = 1e-12


def resample2d(x, matrices, size, interpolation, fill_mode, fill_value=0.0):
    """Return images sampled where affine maps put their pixels; see ``kernels/resampling/resampling.pyx``.

    Parameters
    ----------
    x : ndarray of float32 or float64, shape (batch, height, width, channels)
        Images, C-contiguous.
    matrices : ndarray of float64, shape (1, 6) or (batch, 6)
        (a, b, c, d, e, f), which send the output's column j and row i to the input's column ``a j + b i + c`` and row
        ``d j + e i + f``.
    size : pair of int
        Height and width of the output.
    interpolation : {"nearest", "bilinear"}
        How to sample between pixels.
    fill_mode : {"constant", "nearest", "reflect", "wrap"}
        How images go on beyond their borders.
    fill_value : float
        Value there with "constant".
    """
    y = empty((x.shape[0], *size, x.shape[3]), x.dtype)
    if y.size:
        settings = {"interpolation": interpolation, "fill_mode": fill_mode, "fill_value": fill_value}
        bindings.resample_forward(x, matrices, y, **settings, threads=get_num_threads())
    return y


def _triangle(t):
    """Return the filter of linear interpolation at distances `t`."""
    return np.maximum(1 - t, 0)


def _cubic(t):
    """Return Keys' cubic filter at distances `t`.

    Keys, R., "Cubic convolution interpolation for digital image processing", 1981, equation 15, a = -1/2.
    """
    return np.where(t < 1, (1.5 * t - 2.5) * t * t + 1, np.where(t < 2, ((2.5 - 0.5 * t) * t - 4) * t + 2, 0))


def _lanczos(radius):
    """Return the Lanczos filter of a radius, a function of distances.

    Duchon, C., "Lanczos filtering in one and two dimensions", 1979.
    """
    return lambda t: np.where(t < radius, np.sinc(t) * np.sinc(t / radius), 0)


#: Filters of interpolations: functions that return the weights of pixels for their distances from the sampled point.
_FILTERS = {"bilinear": _triangle, "bicubic": _cubic, "lanczos3": _lanczos(3), "lanczos5": _lanczos(5)}
INTERPOLATIONS = ("nearest", *_FILTERS)


def resizing_weights(size, new_size, interpolation, antialias, first=0, last=None):
    """Return the matrix (new_size, size) by which weighted sums of an image's rows, or columns, give it another size.

    Pixels are areas: their centres lie at half-integers. Besides `INTERPOLATIONS` but "nearest", there is "area": weights are
    the parts of new pixels that old ones cover. `first` and `last` give a part of the rows of the matrix.
    """
    scale = size / new_size
    places = (np.arange(first, new_size if last is None else last) + 0.5) * scale
    distances = np.abs(np.arange(size) + 0.5 - places[:, np.newaxis])
    if interpolation == "area":
        weights = np.clip((scale + 1) / 2 - distances, 0, min(scale, 1))
    else:
        weights = _FILTERS[interpolation](distances / max(scale, 1) if antialias else distances)
    weights = np.where(np.abs(weights) < _SMALLEST_WEIGHT, 0, weights)
    return weights / weights.sum(1, keepdims=True)


def resizing_matrix(size, new_size):
    """Return the matrix by which `resample2d` makes images of one (height, width) another: pixels are areas, not points."""
    (height, width), (new_height, new_width) = size, new_size
    rows, columns = height / new_height, width / new_width
    return np.array([[columns, 0, (columns - 1) / 2, 0, rows, (rows - 1) / 2]])


def sample_at(x, coordinates, interpolation, fill_mode, fill_value=0.0):
    """Return images sampled at given places.

    Parameters
    ----------
    x : ndarray, shape (batch, height, width, channels)
        Images.
    coordinates : ndarray of floats, shape (batch, 2, new height, new width)
        Row and column of the place of each pixel of the result; pixels are points.
    interpolation, fill_mode, fill_value
        See `resample2d`.
    """
    y = np.zeros((len(x), *coordinates.shape[2:], x.shape[3]), x.dtype)
    for weights, inside, rows, columns in _neighbours(x.shape, coordinates, interpolation, fill_mode):
        pixels = x[np.arange(len(x))[:, np.newaxis, np.newaxis], rows, columns]
        y += weights[..., np.newaxis].astype(x.dtype) * np.where(inside[..., np.newaxis], pixels, x.dtype.type(fill_value))
    return y


def sample_at_gradient(dy, shape, coordinates, interpolation, fill_mode):
    """Return the gradient of images of a shape that `sample_at` sampled."""
    dx = np.zeros(shape, dy.dtype)
    for weights, inside, rows, columns in _neighbours(shape, coordinates, interpolation, fill_mode):
        shares = (weights * inside)[..., np.newaxis].astype(dy.dtype) * dy
        np.add.at(dx, (np.arange(len(dx))[:, np.newaxis, np.newaxis], rows, columns), shares)
    return dx


def _neighbours(shape, coordinates, interpolation, fill_mode):
    """Yield the pixels that the samples at some coordinates consist of, each an array (batch, new height, new width).

    For each pixel: its weight, whether it lies inside of the image or its continuation, its row and its column.
    """
    parts = []  # of rows, and of columns: (weight, inside, index)
    for places, size in zip(np.moveaxis(coordinates, 1, 0), shape[1:3], strict=True):
        if interpolation == "nearest":
            parts.append([(np.ones(places.shape), *_pixel(np.floor(places + 0.5), size, fill_mode))])
            continue
        first = np.floor(places)
        part = places - first
        parts.append([(1 - part, *_pixel(first, size, fill_mode)), (part, *_pixel(first + 1, size, fill_mode))])
    for row_weight, row_inside, rows in parts[0]:
        for column_weight, column_inside, columns in parts[1]:
            yield row_weight * column_weight, row_inside & column_inside, rows, columns


def _pixel(index, size, fill_mode):
    """Return whether pixels at indices, whole floats, exist, and the indices of the pixels that stand for them."""
    if fill_mode == "reflect":
        index = np.mod(index, 2 * size)
        index = np.minimum(index, 2 * size - 1 - index)
    elif fill_mode == "wrap":
        index = np.mod(index, size)
    inside = (index >= 0) & (index < size) if fill_mode == "constant" else np.ones(index.shape, bool)
    # Pixels at NaN have the weight NaN, whichever they are.
    return inside, np.clip(np.nan_to_num(index), 0, size - 1).astype(np.intp)

"""Images sampled at other places: by coordinates, by affine and perspective maps, and by random distortions."""

import itertools
import math

import numpy as np

from .._common.checks import choice, number
from .._common.docstrings import documented
from .._common.errors import explain_all
from .._common.homographies import equations
from ..engine.graph import of_the_block
from ..engine.operators import Operators, apply
from ..layers import Lambda
from ..layers.symbolic import Tensor
from ..random import normal
from ._functions import indexed, shape_of
from ._images import checked_images, in_floats
from .blurring import gaussian_blur
from .core import cast, convert_to_tensor
from .data_formats import in_channels_last
from .linalg import solve
from .numpy import (
    add,
    clip,
    concatenate,
    divide,
    expand_dims,
    floor,
    greater_equal,
    isnan,
    less,
    logical_and,
    minimum,
    mod,
    multiply,
    ones_like,
    reshape,
    round,
    squeeze,
    stack,
    subtract,
    take,
    take_along_axis,
    where,
    zeros_like,
)

_INTERPOLATIONS = ("nearest", "bilinear")
_FILL_MODES = ("constant", "nearest", "wrap", "mirror", "reflect")

#: What functions that warp images have in common, for their docstrings.
_WARP = """
    Parameters
    ----------
    images : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images.
    interpolation : {"bilinear", "nearest"}
        How to sample between pixels.
    fill_mode : {"constant", "nearest", "wrap", "mirror", "reflect"}
        How images go on beyond their borders: by `fill_value`; ``a a a | a b c d | d d d``; ``b c d | a b c d | a b c``;
        ``d c b | a b c d | c b a``; ``d c b a | a b c d | d c b a``.
    fill_value : float
        Value there with "constant".
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.

    Returns
    -------
    array or symbolic tensor
        Images of the same shape and dtype.
    """


def map_coordinates(inputs, coordinates, order, fill_mode="constant", fill_value=0):
    """Return the elements of an array at coordinates, interpolated between them.

    Parameters
    ----------
    inputs : array_like or symbolic tensor, shape (n1, …, nd)
        Array of known sizes.
    coordinates : array_like or symbolic tensor, shape (d, …), or a list of them
        Coordinates along each axis of `inputs`.
    order : {0, 1}
        Whether to take the nearest element, or to interpolate linearly.
    fill_mode : {"constant", "nearest", "wrap", "mirror", "reflect"}
        How the array goes on beyond its borders; see `affine_transform`.
    fill_value : float
        Value there with "constant".

    Returns
    -------
    array or symbolic tensor, in the shape of the coordinates along an axis
        Elements; gradients flow to the array and the coordinates.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.array([[0.0, 1.0], [2.0, 3.0]])
    >>> ops.image.map_coordinates(x, [[0.5, 1.0], [0.5, 0.25]], order=1)
    array([1.5 , 2.25])
    """
    inputs = convert_to_tensor(inputs)
    shape = shape_of(inputs)
    if not isinstance(coordinates, (list, tuple)):
        coordinates = convert_to_tensor(coordinates)
    elif any(isinstance(each, Operators) for each in coordinates):
        coordinates = stack(coordinates)
    else:
        coordinates = convert_to_tensor(coordinates)
    if len(coordinates.shape) < 2 or coordinates.shape[0] != len(shape):
        raise ValueError(
            f"coordinates has shape {tuple(coordinates.shape)} for inputs of shape {shape}; expected an array for each of "
            f"{len(shape)} axes"
        )
    if None in shape:
        raise ValueError(f"inputs has shape {shape}; expected known sizes")
    fill_mode = choice("fill_mode", fill_mode, _FILL_MODES)
    order = choice("order", order, (0, 1))
    flat = reshape(inputs, (-1,))

    def pick(places):
        return take(flat, _flattened(places, shape), axis=0)

    axes = [indexed(coordinates, i) for i in range(len(shape))]
    y = _sampled(pick, shape, axes, order, fill_mode, fill_value)
    return cast(y if np.dtype(inputs.dtype).kind == "f" else round(y), inputs.dtype)


@documented(_WARP)
def affine_transform(images, transform, interpolation="bilinear", fill_mode="constant", fill_value=0, data_format=None):
    """Return images whose pixels come from where affine maps put them.

    Parameters
    ----------
    transform : array_like or symbolic tensor, shape (8,) or (batch, 8)
        (a0, a1, a2, b0, b1, b2, c0, c1) for all images, or for each: the result has in column x and row y what the image has in
        column ``a0 x + a1 y + a2`` and row ``b0 x + b1 y + b2``. c0 and c1 are not read. Gradients flow to a symbolic tensor.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.array([[0.0, 1.0], [2.0, 3.0]])[:, :, np.newaxis]
    >>> ops.image.affine_transform(x, [1, 0, 0.5, 0, 1, 0, 0, 0])[:, :, 0]
    array([[0.5, 0.5],
           [2.5, 1.5]])
    """
    interpolation = choice("interpolation", interpolation, _INTERPOLATIONS)
    fill_mode = choice("fill_mode", fill_mode, _FILL_MODES)
    transform = of_the_block(convert_to_tensor(transform))
    if len(transform.shape) not in (1, 2) or transform.shape[-1] != 8:
        raise ValueError(f"transform has shape {tuple(transform.shape)}; expected (8,) or (batch, 8)")
    if len(transform.shape) == 1:
        transform = expand_dims(transform, 0)

    def warp(x):
        found, batch = transform.shape[0], shape_of(x)[0]
        if None not in (found, batch) and found not in (1, batch):
            raise ValueError(f"transform has shape {tuple(transform.shape)}; expected (8,) or ({batch}, 8), one for each image")
        if fill_mode != "mirror" and not isinstance(transform, Operators):  # There is a kernel, without gradients of maps.
            matrices = np.ascontiguousarray(transform[:, :6], np.float64)
            settings = {"interpolation": interpolation, "fill_mode": fill_mode, "fill_value": float(fill_value)}
            return apply("resample", x, matrices, size=shape_of(x)[1:3], **settings)
        a0, a1, a2, b0, b1, b2 = (_of_images(indexed(transform, slice(None), i)) for i in range(6))
        columns, rows = _grid(x)
        places = [add(add(multiply(p, columns), multiply(q, rows)), r) for p, q, r in ((b0, b1, b2), (a0, a1, a2))]
        return _sampled_images(x, *places, interpolation, fill_mode, fill_value)

    return _warped(images, data_format, warp)


@documented(_WARP)
def perspective_transform(images, start_points, end_points, interpolation="bilinear", fill_value=0, data_format=None):
    """Return images distorted by perspective, so that four points come to lie at others.

    Parameters
    ----------
    start_points, end_points : array_like or symbolic tensor, shape (4, 2) or (batch, 4, 2)
        Places (x, y) of the points in the images, and in the result.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.arange(9.0).reshape(3, 3, 1)
    >>> start, end = [[0, 0], [2, 0], [0, 2], [2, 2]], [[2, 0], [0, 0], [2, 2], [0, 2]]
    >>> ops.image.perspective_transform(x, start, end)[:, :, 0].round(6)
    array([[2., 1., 0.],
           [5., 4., 3.],
           [8., 7., 6.]])
    """
    interpolation = choice("interpolation", interpolation, _INTERPOLATIONS)
    start, end = (_points(*each) for each in (("start_points", start_points), ("end_points", end_points)))
    homography = _homography(start, end)

    def warp(x):
        h0, h1, h2, h3, h4, h5, h6, h7 = (_of_images(homography[:, i]) for i in range(8))
        columns, rows = _grid(x)
        depth = add(add(multiply(h6, columns), multiply(h7, rows)), 1.0)
        places = [
            divide(add(add(multiply(p, columns), multiply(q, rows)), r), depth) for p, q, r in ((h3, h4, h5), (h0, h1, h2))
        ]
        return _sampled_images(x, *places, interpolation, "constant", fill_value)

    return _warped(images, data_format, warp)


@documented(_WARP)
def elastic_transform(
    images,
    alpha=20.0,
    sigma=5.0,
    interpolation="bilinear",
    fill_mode="reflect",
    fill_value=0.0,
    seed=None,
    data_format=None,
):
    """Return images distorted as if they were drawn on rubber: by random shifts that are blurred.

    Parameters
    ----------
    alpha : float
        Factor of the shifts.
    sigma : float
        Standard deviation of the shifts before, and of the Gaussian by which, they are blurred.
    seed : int, SeedGenerator or numpy.random.Generator, optional
        Where random numbers come from. A model draws others in each run, unless it is an integer.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.random.default_rng(0).random((1, 8, 8, 3))
    >>> ops.image.elastic_transform(x, alpha=5.0, seed=0).shape
    (1, 8, 8, 3)
    """
    interpolation = choice("interpolation", interpolation, _INTERPOLATIONS)
    fill_mode = choice("fill_mode", fill_mode, _FILL_MODES)
    alpha, sigma = number("alpha", alpha), number("sigma", sigma, 0, open_minimum=True)
    size = int(6 * sigma) | 1

    def warp(x):
        if isinstance(x, Tensor):  # Numbers are drawn when the model runs.
            return Lambda(warp, output_shape=shape_of(x)[1:], dtype=x.dtype)(x)
        columns, rows = _grid(x)
        noise = normal((*shape_of(x)[:3], 2), stddev=sigma, dtype=np.dtype(x.dtype).name, seed=seed)
        shifts = multiply(gaussian_blur(noise, (size, size), (sigma, sigma), "channels_last"), alpha)
        places = add(shifts[..., 1], rows), add(shifts[..., 0], columns)
        return _sampled_images(x, *places, interpolation, fill_mode, fill_value)

    return _warped(images, data_format, warp)


def _warped(images, data_format, warp):
    """Return the result of a function of batches of images with channels last, in floats, for images in any form."""
    images = checked_images("images", images)
    x, back = in_channels_last(in_floats(images), data_format)
    if None in shape_of(x)[-3:]:
        raise ValueError(f"images has shape {tuple(images.shape)}; expected a known height, width and number of channels")
    y = warp(x) if len(images.shape) == 4 else squeeze(warp(expand_dims(x, 0)), 0)
    return cast(back(y), images.dtype)


def _points(name, points):
    """Return four points, for all images or for each, as an array (batch, 4, 2)."""
    points = convert_to_tensor(points)
    if len(points.shape) not in (2, 3) or tuple(points.shape[-2:]) != (4, 2):
        raise ValueError(f"{name} has shape {tuple(points.shape)}; expected (4, 2) or (batch, 4, 2)")
    points = in_floats(points)
    return points if len(points.shape) == 3 else expand_dims(points, 0)


def _homography(start, end):
    """Return (h0, …, h7) of the maps that send the end points to the start points; see `equations`."""
    start, end = add(start, zeros_like(end)), add(end, zeros_like(start))  # One may be for all images, the other for each.
    x, y, u, v = end[..., 0], end[..., 1], start[..., 0], start[..., 1]
    rows = [stack(each, axis=-1) for each in equations(x, y, u, v, zeros_like(x), ones_like(x))]
    return solve(concatenate(rows, axis=1), concatenate([u, v], axis=1))


def _of_images(numbers):
    """Return one number for each image, shaped to be broadcast with its pixels."""
    return expand_dims(expand_dims(numbers, -1), -1)


def _grid(x):
    """Return the columns and rows of the pixels of images, shaped to be broadcast with each other."""
    height, width = shape_of(x)[1:3]
    dtype = np.dtype(x.dtype)
    return np.arange(width, dtype=dtype), np.arange(height, dtype=dtype)[:, np.newaxis]


def _sampled_images(x, rows, columns, interpolation, fill_mode, fill_value):
    """Return images sampled at rows and columns (batch, height, width)."""
    batch, height, width, channels = shape_of(x)
    pixels = reshape(x, (batch, height * width, channels))
    count, *size = shape_of(rows)

    def pick(places):
        places = reshape(_flattened(places, (height, width)), (count, math.prod(size), 1))
        return reshape(take_along_axis(pixels, places, axis=1), (batch if count == 1 else count, *size, channels))

    order = _INTERPOLATIONS.index(interpolation)
    return _sampled(pick, (height, width), [rows, columns], order, fill_mode, fill_value, channels=True)


def _sampled(pick, sizes, coordinates, order, fill_mode, fill_value, channels=False):
    """Return the weighted sum of the neighbours of coordinates along each axis.

    Parameters
    ----------
    pick : callable
        Takes indices along each axis, and returns elements there.
    sizes : tuple of int
        Sizes of the axes.
    coordinates : list of (array or symbolic tensor)
        Coordinates along each axis.
    order : {0, 1}
        Whether there is one neighbour along an axis, or two.
    fill_mode, fill_value
        As in `map_coordinates`.
    channels : bool
        Whether elements have a further axis at their end.
    """
    expand = (lambda each: expand_dims(each, -1)) if channels else lambda each: each
    neighbours = []
    for each, size in zip(coordinates, sizes, strict=True):
        low = floor(each if order else add(each, 0.5))
        fraction = subtract(each, low)
        found = [(low, subtract(1.0, fraction)), (add(low, 1.0), fraction)] if order else [(low, None)]
        neighbours.append([(*_within(place, size, fill_mode), weight) for place, weight in found])
    total = None
    for corner in itertools.product(*neighbours):
        element = pick([place for place, _, _ in corner])
        for _, inside, _ in corner:
            element = element if inside is None else where(expand(inside), element, fill_value)
        for _, _, weight in corner:
            element = element if weight is None else multiply(element, expand(weight))
        total = element if total is None else add(total, element)
    return total


def _within(place, size, fill_mode):
    """Return indices within an axis for those of any element, and where these are within, None if that does not matter."""
    inside = None
    if fill_mode == "constant":
        inside = logical_and(greater_equal(place, 0.0), less(place, size))
    if fill_mode == "wrap":
        place = mod(place, size)
    elif fill_mode in ("mirror", "reflect"):
        period = max(2 * size - 2, 1) if fill_mode == "mirror" else 2 * size
        place = mod(place, period)
        place = minimum(place, subtract(period - (fill_mode == "reflect"), place))
    place = where(isnan(place), 0.0, clip(place, 0, size - 1))  # An element at NaN has the weight NaN, whichever it is.
    return cast(place, "int32"), inside


def _flattened(places, sizes):
    """Return indices along several axes as those in the flattened array."""
    flat = places[0]
    for place, size in zip(places[1:], sizes[1:], strict=True):
        flat = add(multiply(flat, size), place)
    return flat


__all__ = ["affine_transform", "elastic_transform", "map_coordinates", "perspective_transform"]

explain_all(globals(), __all__)

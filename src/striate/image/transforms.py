"""Images of another size, and other places of their pixels: resized, cropped, mirrored, rotated, and warped by affine maps."""

import math

import numpy as np

from .._common.checks import boolean, choice, number, pair, real_array, sequence
from ..functional import resampling
from .arrays import ANY, as_batch, check_image, from_batch, rounded

_INTERPOLATIONS = (*resampling.INTERPOLATIONS, "area")

#: How images go on beyond their borders: the kernel's words, and whether it gets the image with its mirror image beside it.
_BORDERS = {
    "constant": ("constant", False),
    "zero": ("constant", False),
    "nearest": ("nearest", False),
    "reflect": ("reflect", False),
    "mirror": ("wrap", True),
    "wrap": ("wrap", False),
}

#: Elements of the matrices of weights that are made at once.
_MOST_WEIGHTS = 1 << 20

#: By how much sizes of rotated images may exceed a whole number, since sines are rounded.
_ROUNDING = 1e-9


def resize(image, size, interpolation="bilinear", antialias=True):
    """Return images of another size.

    Parameters
    ----------
    image : array_like of uint8, float32, float64 or bool, shape (height, width), (height, width, channels) or with a batch
        Images; those of bool need the interpolation "nearest".
    size : int or pair of int
        New height and width.
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area"}
        How new pixels are made: of old ones near the same place, or, with "area", of the parts of old ones that they cover.
    antialias : bool
        Whether pixels of a smaller image are made of all those that they cover, so that fine patterns turn grey, not into
        coarse ones. It has no effect on "nearest", which takes one pixel, on "area", and on larger images.

    Returns
    -------
    ndarray of the image's dtype
        uint8 is computed in float64, then rounded half to even and clipped.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or another argument is not what is described above.

    Notes
    -----
    Pixels are areas: their centres lie at half-integers, as in OpenCV, Pillow and Keras. Floats are equal to those of Pillow,
    with `antialias`; to those of OpenCV for "bilinear" without it, and for "area" when images become smaller; and to those of
    `striate.layers.Resizing`. The cubic filter has a = -1/2, as in Pillow; OpenCV's has -3/4.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.array([[0, 100], [200, 50]], np.uint8)
    >>> image.resize(x, (2, 4))
    array([[  0,  25,  75, 100],
           [200, 162,  88,  50]], dtype=uint8)
    >>> image.resize(x, (2, 4), "nearest")
    array([[  0,   0, 100, 100],
           [200, 200,  50,  50]], dtype=uint8)
    >>> image.resize(x, 1, "area")
    array([[88]], dtype=uint8)
    """
    image = check_image("image", image, ANY)
    height, width = pair("size", size)
    choice("interpolation", interpolation, _INTERPOLATIONS)
    antialias = boolean("antialias", antialias)
    batch = as_batch(image)
    if interpolation == "nearest":
        rows, columns = (_nearest(old, new) for old, new in zip(batch.shape[1:3], (height, width), strict=True))
        return from_batch(batch[:, rows[:, np.newaxis], columns], image)
    _refuse_binary(image, interpolation)
    x = batch.astype(np.float64 if image.dtype == np.uint8 else image.dtype)
    x = _resize_axis(_resize_axis(x, 1, height, interpolation, antialias), 2, width, interpolation, antialias)
    return from_batch(rounded(x, image.dtype), image)


def _nearest(size, new_size):
    """Return which old pixels hold the centres of the new ones; where these lie between two, the second of them."""
    return (2 * np.arange(new_size) + 1) * size // (2 * new_size)


def _resize_axis(x, axis, new_size, interpolation, antialias):
    """Return images with another number of rows (axis 1) or columns (axis 2)."""
    size = x.shape[axis]
    if size == new_size:
        return x
    y = np.zeros((*x.shape[:axis], new_size, *x.shape[axis + 1 :]), x.dtype)
    step = max(1, _MOST_WEIGHTS // size)
    before, after = (slice(None),) * axis, (np.newaxis,) * (3 - axis)
    for first in range(0, new_size, step):
        last = min(first + step, new_size)
        weights = resampling.resizing_weights(size, new_size, interpolation, antialias, first, last).astype(x.dtype)
        used = weights != 0
        start = used.argmax(1)
        count = int((size - used[:, ::-1].argmax(1) - start).max())
        for k in range(count):
            chosen = np.flatnonzero(start + k < size)
            sources = start[chosen] + k
            factors = weights[chosen, sources]
            chosen, sources, factors = (each[factors != 0] for each in (chosen, sources, factors))  # 0 times infinity is NaN.
            y[(*before, chosen + first)] += x[(*before, sources)] * factors[(slice(None), *after)]
    return y


def crop(image, size, offset=None):
    """Return a part of images.

    Parameters
    ----------
    image : array_like of uint8, float32, float64 or bool, shape (height, width), (height, width, channels) or with a batch
        Images.
    size : int or pair of int
        Height and width of the part.
    offset : pair of int, optional
        Row and column of its first pixel; so that it lies in the middle, one pixel towards the beginning if it must, if None.

    Returns
    -------
    ndarray of the image's dtype
        A copy.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or the part does not lie inside.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.arange(20, dtype=np.uint8).reshape(4, 5)
    >>> image.crop(x, (2, 3))
    array([[ 6,  7,  8],
           [11, 12, 13]], dtype=uint8)
    >>> image.crop(x, 2, (0, 3))
    array([[3, 4],
           [8, 9]], dtype=uint8)
    """
    image = check_image("image", image, ANY)
    batch = as_batch(image)
    height, width = size = pair("size", size)
    free = [old - new for old, new in zip(batch.shape[1:3], size, strict=True)]
    if min(free) < 0:
        raise ValueError(f"size={size} is larger than the image, {batch.shape[1:3]}; expected a part of it")
    if offset is None:
        top, left = (each // 2 for each in free)
    else:
        top, left = pair("offset", sequence("offset", offset, "two integers"), 0)
        if top > free[0] or left > free[1]:
            raise ValueError(
                f"offset={(top, left)} and size={size} end outside of the image, {batch.shape[1:3]}; expected a part of it"
            )
    return from_batch(batch[:, top : top + height, left : left + width], image).copy()


def flip(image, direction="horizontal"):
    """Return mirror images.

    Parameters
    ----------
    image : array_like of uint8, float32, float64 or bool, shape (height, width), (height, width, channels) or with a batch
        Images.
    direction : {"horizontal", "vertical"}
        Whether left and right are exchanged, or top and bottom.

    Returns
    -------
    ndarray of the image's shape and dtype
        A copy.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or `direction` neither word.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.flip(np.array([[1, 2, 3], [4, 5, 6]], np.uint8))
    array([[3, 2, 1],
           [6, 5, 4]], dtype=uint8)
    """
    image = check_image("image", image, ANY)
    axis = {"vertical": 1, "horizontal": 2}[choice("direction", direction, ("horizontal", "vertical"))]
    return from_batch(np.flip(as_batch(image), axis), image).copy()


def rotate(image, angle, expand=False, center=None, interpolation="bilinear", border="constant", value=0):
    """Return images turned counter-clockwise.

    Parameters
    ----------
    image : array_like of uint8, float32, float64 or bool, shape (height, width), (height, width, channels) or with a batch
        Images; those of bool need the interpolation "nearest".
    angle : float
        In degrees.
    expand : bool
        Whether the result is so large that it shows all of the image, instead of as large as the image.
    center : pair of float, optional
        (row, column) around which to turn; the middle if None. It cannot be combined with `expand`.
    interpolation, border, value
        See `warp_affine`.

    Returns
    -------
    ndarray of the image's dtype
        By multiples of 90 degrees, pixels are only moved.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or another argument is not what is described above.

    Notes
    -----
    Equal to ``skimage.transform.rotate`` of order 0 or 1, unless `expand` is true: then the middle stays in the middle.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.rotate(np.array([[1, 2, 3], [4, 5, 6]], np.uint8), 90, expand=True)
    array([[3, 6],
           [2, 5],
           [1, 4]], dtype=uint8)
    """
    image = check_image("image", image, ANY)
    quarters, rest = divmod(number("angle", angle) % 360, 90)
    expand = boolean("expand", expand)
    cosine, sine = math.cos(math.radians(rest)), math.sin(math.radians(rest))
    for _ in range(int(quarters)):
        cosine, sine = -sine, cosine  # Zeros and ones stay exact.
    height, width = size = as_batch(image).shape[1:3]
    middle = ((height - 1) / 2, (width - 1) / 2)
    if center is None:
        row, column = middle
    else:
        row, column = _numbers("center", center, "row and column")
    if expand:
        if center is not None:
            raise ValueError("center and expand=True exclude each other; expected one at most")
        ways = (height, width), (width, height)
        size = tuple(math.ceil(abs(cosine) * along + abs(sine) * across - _ROUNDING) for along, across in ways)
        middle = ((size[0] - 1) / 2, (size[1] - 1) / 2)
    else:
        middle = row, column
    matrix = [
        [cosine, sine, row - cosine * middle[0] - sine * middle[1]],
        [-sine, cosine, column + sine * middle[0] - cosine * middle[1]],
    ]
    return warp_affine(image, matrix, size, interpolation, border, value)


def warp_affine(image, matrix, size=None, interpolation="bilinear", border="constant", value=0):
    """Return images whose pixels come from where an affine map puts them.

    Parameters
    ----------
    image : array_like of uint8, float32, float64 or bool, shape (height, width), (height, width, channels) or with a batch
        Images; those of bool need the interpolation "nearest".
    matrix : array_like, shape (2, 3)
        ``[[a, b, c], [d, e, f]]``: the result has at row i and column j what the image has at row ``a i + b j + c`` and column
        ``d i + e j + f``. So the map goes from the result to the image, and rows come before columns.
    size : int or pair of int, optional
        Height and width of the result; those of the image if None.
    interpolation : {"bilinear", "nearest"}
        How to sample between pixels.
    border : {"constant", "zero", "reflect", "mirror", "nearest", "wrap"}
        How the image goes on beyond its borders: by `value`; by 0; ``d c b a | a b c d | d c b a``;
        ``d c b | a b c d | c b a``; ``a a a | a b c d | d d d``; ``b c d | a b c d | a b c``.
    value : float
        The value with "constant".

    Returns
    -------
    ndarray of the image's dtype
        uint8 is computed in float64, then rounded half to even and clipped.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or another argument is not what is described above.

    Notes
    -----
    Equal to ``scipy.ndimage.affine_transform`` of order 0 or 1, whose modes for "constant" and "wrap" are called
    "grid-constant" and "grid-wrap". OpenCV's ``warpAffine`` takes the map in the other direction, and columns before rows.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.array([[0, 100], [200, 50]], np.uint8)
    >>> image.warp_affine(x, [[1, 0, 0], [0, 1, -1]])  # one column to the right
    array([[  0,   0],
           [  0, 200]], dtype=uint8)
    >>> image.warp_affine(x, [[0.5, 0, 0], [0, 0.5, 0]], 3, border="nearest")
    array([[  0,  50, 100],
           [100,  88,  75],
           [200, 125,  50]], dtype=uint8)
    """
    image = check_image("image", image, ANY)
    matrix = real_array("matrix", matrix, np.float64)
    if matrix.shape != (2, 3) or not np.isfinite(matrix).all():
        raise ValueError(f"matrix={matrix.tolist()} is not an affine map; expected finite numbers [[a, b, c], [d, e, f]]")
    choice("interpolation", interpolation, ("bilinear", "nearest"))
    fill_mode, mirrored = _BORDERS[choice("border", border, tuple(_BORDERS))]
    value = 0.0 if border == "zero" else number("value", value)
    if interpolation != "nearest":
        _refuse_binary(image, interpolation)
    batch = as_batch(image)
    size = batch.shape[1:3] if size is None else pair("size", size)
    floats = image.dtype if image.dtype.kind == "f" else np.float32 if interpolation == "nearest" else np.float64
    x = batch.astype(floats, copy=False)
    if mirrored:
        x = _with_mirror_image(_with_mirror_image(x, 1), 2)
    (a, b, c), (d, e, f) = matrix
    y = resampling.resample2d(x, np.array([[e, d, f, b, a, c]]), size, interpolation, fill_mode, value)
    return from_batch(rounded(y, image.dtype), image)


def _with_mirror_image(x, axis):
    """Return images that go on periodically as `x` goes on by its mirror image, without its first and last row or column."""
    inner = x.take(range(x.shape[axis] - 2, 0, -1), axis)
    return np.concatenate([x, inner], axis)


def _refuse_binary(image, interpolation):
    if image.dtype == bool:
        raise TypeError(f"interpolation={interpolation!r} makes new values, and image has dtype bool; expected 'nearest'")


def _numbers(name, value, what):
    """Return two finite numbers, of what `what` tells."""
    value = sequence(name, value, what)
    if len(value) != 2:
        raise ValueError(f"{name}={value} has {len(value)} elements; expected {what}")
    return [number(f"{name}[{i}]", each) for i, each in enumerate(value)]

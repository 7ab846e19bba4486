"""Arrays scaled and moved along axes, by weights that may be symbolic, as those of images drawn at random are."""

import math

import numpy as np

from .._common.checks import boolean, choice, integers, sequence
from .._common.errors import explain_all
from ..engine.operators import apply
from ._functions import shape_of
from ._images import in_floats
from .core import cast, convert_to_tensor
from .numpy import (
    absolute,
    add,
    clip,
    divide,
    expand_dims,
    greater,
    greater_equal,
    less,
    less_equal,
    logical_and,
    matmul,
    maximum,
    moveaxis,
    multiply,
    round,
    sin,
    square,
    subtract,
    sum,
    where,
)


def scale_and_translate(images, output_shape, scale, translation, spatial_dims, method, antialias=True):
    """Return arrays of another shape, scaled and moved along some axes.

    Parameters
    ----------
    images : array_like or symbolic tensor
        Array.
    output_shape : tuple of int
        Shape of the result.
    scale, translation : array_like or symbolic tensor, shape (axes,)
        Factor by which the array is scaled along each axis, and by how much it is moved then.
    spatial_dims : tuple of int
        The axes.
    method : {"linear", "bilinear", "trilinear", "triangle", "cubic", "bicubic", "tricubic", "lanczos3", "lanczos5"}
        How new elements are computed of old ones.
    antialias : bool
        Whether elements of a smaller array are computed from all elements that they cover, to avoid aliasing.

    Returns
    -------
    array or symbolic tensor, shape `output_shape`
        It is 0 where the array was not moved to.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.scale_and_translate(np.array([1.0, 3.0]), (4,), [2.0], [0.0], (0,), "linear")
    array([1. , 1.5, 2.5, 3. ])
    """
    kernel = _KERNELS[choice("method", method, tuple(_KERNELS))]
    antialias = boolean("antialias", antialias)
    images, scale, translation = map(convert_to_tensor, (images, scale, translation))
    rank = len(images.shape)
    axes = [axis % rank for axis in integers("spatial_dims", spatial_dims, -rank, rank - 1)]
    output_shape = sequence("output_shape", output_shape, "sizes")
    if shape_of(scale) != (len(axes),) or shape_of(translation) != (len(axes),) or len(output_shape) != rank:
        raise ValueError(
            f"scale has shape {shape_of(scale)}, translation {shape_of(translation)}, output_shape {len(output_shape)} sizes; "
            f"expected one number for each of {len(axes)} axes, and {rank} sizes"
        )
    y = in_floats(images)
    scale, translation = cast(scale, y.dtype), cast(translation, y.dtype)
    for i, axis in enumerate(axes):
        size = shape_of(y)[axis]
        if size is None:
            raise ValueError(f"images has shape {shape_of(images)}; expected a known size of axis {axis}")
        weights = _weights(size, int(output_shape[axis]), scale[i], translation[i], kernel, antialias)
        y = moveaxis(matmul(moveaxis(y, axis, -1), weights), -1, axis)
    if np.dtype(images.dtype).kind != "f" and axes:
        y = clip(round(y), apply("min", images), apply("max", images))
    return cast(y, images.dtype)


def _weights(size, new_size, scale, translation, kernel, antialias):
    """Return the matrix (size, new size) of weights of old elements in new ones, which add up to 1 unless all are 0."""
    inverse = divide(1.0, scale)
    dtype = np.dtype(inverse.dtype)
    new = np.arange(new_size, dtype=dtype) + dtype.type(0.5)
    places = subtract(multiply(subtract(new, translation), inverse), 0.5)
    distances = absolute(subtract(expand_dims(places, 0), np.arange(size, dtype=dtype)[:, np.newaxis]))
    weights = kernel(divide(distances, maximum(inverse, 1.0)) if antialias else distances)
    total = sum(weights, axis=0, keepdims=True)
    used = greater(absolute(total), 1000 * float(np.finfo(np.float32).eps))
    inside = logical_and(greater_equal(places, -0.5), less_equal(places, size - 0.5))
    return where(logical_and(used, expand_dims(inside, 0)), divide(weights, where(used, total, 1.0)), 0.0)


def _triangle(x):
    return maximum(subtract(1.0, x), 0.0)


def _cubic(x):
    """Return Keys' cubic filter, as `functional.resampling` has it for arrays."""
    near = add(multiply(multiply(subtract(multiply(x, 1.5), 2.5), x), x), 1.0)
    far = add(multiply(subtract(multiply(subtract(2.5, multiply(x, 0.5)), x), 4.0), x), 2.0)
    return where(less(x, 1.0), near, where(less(x, 2.0), far, 0.0))


def _lanczos(radius):
    def kernel(x):
        middle = less_equal(x, 1e-3)
        angles = multiply(where(middle, 1.0, x), math.pi)
        values = divide(multiply(sin(angles), multiply(sin(divide(angles, radius)), radius)), square(angles))
        return where(greater(x, radius), 0.0, where(middle, 1.0, values))

    return kernel


_KERNELS = {
    **dict.fromkeys(("linear", "bilinear", "trilinear", "triangle"), _triangle),
    **dict.fromkeys(("cubic", "bicubic", "tricubic"), _cubic),
    "lanczos3": _lanczos(3.0),
    "lanczos5": _lanczos(5.0),
}


__all__ = ["scale_and_translate"]

explain_all(globals(), __all__)

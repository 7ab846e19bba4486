"""Arrays joined to one, and parts of arrays."""

import itertools

import numpy as np

from ..._common.checks import axis_of, integer
from ..._common.errors import explain_all
from ...engine.operators import apply
from .._functions import shape_of
from .shaping import expand_dims, ravel, reshape


def concatenate(xs, axis=0):
    """Return several arrays concatenated along an axis; the flattened arrays if None."""
    return apply("concatenate", *map(ravel, xs), axis=0) if axis is None else apply("concatenate", *xs, axis=axis)


def stack(x, axis=0):
    """Return several arrays joined along a new axis."""
    return apply("stack", *x, axis=axis)


def append(x1, x2, axis=None):
    """Return two arrays concatenated along an axis; the flattened arrays if None."""
    return concatenate([x1, x2], axis)


def hstack(xs):
    """Return several arrays concatenated along the second axis, or vectors along their only axis."""
    xs = [each if shape_of(each) else ravel(each) for each in xs]
    return concatenate(xs, axis=0 if len(shape_of(xs[0])) == 1 else 1)


def vstack(xs):
    """Return several arrays concatenated along the first axis; vectors become rows."""
    return concatenate(list(map(_rows, xs)), axis=0)


def dstack(xs):
    """Return several arrays concatenated along the third axis; vectors become rows, and matrices get an axis of size 1."""
    return concatenate([each if len(shape_of(each)) > 2 else expand_dims(_rows(each), 2) for each in xs], axis=2)


def column_stack(xs):
    """Return several arrays concatenated along the second axis; vectors become columns."""
    return concatenate([each if len(shape_of(each)) > 1 else reshape(each, (-1, 1)) for each in xs], axis=1)


def _rows(x):
    """Return an array of at least two axes; a vector becomes a row."""
    return x if len(shape_of(x)) > 1 else reshape(x, (1, -1))


def split(x, indices_or_sections, axis=0):
    """Return a list of parts along an axis: a number of equal parts, or the parts between indices."""
    shape = shape_of(x)
    axis = axis_of(axis, "x", shape)
    if not isinstance(indices_or_sections, (list, tuple, np.ndarray)) or not np.ndim(indices_or_sections):
        indices_or_sections = integer("indices_or_sections", indices_or_sections, 1)
        if shape[axis] is not None and shape[axis] % indices_or_sections:
            raise ValueError(
                f"indices_or_sections={indices_or_sections} does not divide {shape[axis]}, the size of axis={axis}; expected a "
                "divisor, or indices"
            )
        return [apply("part", x, number=index, parts=indices_or_sections, axis=axis) for index in range(indices_or_sections)]
    bounds = [0, *map(int, indices_or_sections), None]
    whole = (slice(None),) * axis
    return [apply("getitem", x, key=(*whole, slice(start, stop))) for start, stop in itertools.pairwise(bounds)]


def array_split(x, indices_or_sections, axis=0):
    """Return a list of a number of parts along an axis, of which the first may be larger by 1; see `split`."""
    count = integer("indices_or_sections", indices_or_sections, 1)
    axis = axis_of(axis, "x", shape_of(x))
    size = shape_of(x)[axis]
    if size is None:  # In a model, parts of what size turns out must be equal.
        return split(x, count, axis)
    return split(x, [i * (size // count) + min(i, size % count) for i in range(1, count)], axis)


def vsplit(x, indices_or_sections):
    """Return a list of parts along the first axis of an array that has at least two; see `split`."""
    return _split_along(0, x, indices_or_sections, 2)


def hsplit(x, indices_or_sections):
    """Return a list of parts along the second axis, or along the only axis of a vector; see `split`."""
    return _split_along(0 if len(shape_of(x)) == 1 else 1, x, indices_or_sections, 1)


def dsplit(x, indices_or_sections):
    """Return a list of parts along the third axis; see `split`."""
    return _split_along(2, x, indices_or_sections, 3)


def _split_along(axis, x, indices_or_sections, rank):
    """Return parts along an axis of an array that has at least as many axes as `rank`."""
    if len(shape_of(x)) < rank:
        raise ValueError(f"x has shape {tuple(shape_of(x))}; expected at least {rank} axes")
    return split(x, indices_or_sections, axis)


__all__ = [
    "append", "array_split", "column_stack", "concatenate", "dsplit", "dstack", "hsplit", "hstack", "split", "stack", "vsplit",
    "vstack",
]  # fmt: skip

explain_all(globals(), __all__)

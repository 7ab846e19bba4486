"""Axes split, permuted and merged by a pattern, as in the library einops."""

import math
import re

from .._common.checks import integer, shown
from .._common.errors import explain_all
from ._functions import shape_of
from .core import convert_to_tensor
from .numpy import reshape, transpose


def rearrange(tensor, pattern, **axes_lengths):
    """Return an array whose axes are split, permuted and merged.

    Parameters
    ----------
    tensor : array_like or symbolic tensor
        Array.
    pattern : str
        Names of its axes, and those of the result behind an arrow, such as ``"b h w c -> b c (h w)"``. Axes in parentheses are
        split from, or merged into, one.
    **axes_lengths : int
        Sizes of axes that are split, by their names; one of those in parentheses may be left out.

    Returns
    -------
    array or symbolic tensor

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.zeros((2, 6, 4, 3))
    >>> ops.rearrange(x, "b (h1 h) w c -> (b h1) w h c", h1=2).shape
    (4, 4, 3, 3)
    """
    x = convert_to_tensor(tensor)
    groups, result = _parsed(pattern, len(shape_of(x)))
    sizes = {}
    for group, size in zip(groups, shape_of(x), strict=True):
        sizes |= _sizes(group, size, axes_lengths, pattern)
    names = [name for group in groups for name in group]
    if len(names) > len(groups):
        x = reshape(x, _shape([[name] for name in names], sizes))
    x = transpose(x, [names.index(name) for group in result for name in group])
    return reshape(x, _shape(result, sizes)) if len(result) < len(names) else x


def _parsed(pattern, rank):
    """Return the names of the axes on both sides of a pattern, in groups, for an array of `rank` axes."""
    sides = pattern.split("->") if isinstance(pattern, str) else []
    groups = [[each.strip("()").split() for each in re.findall(r"\([^()]*\)|\w+", side)] for side in sides]
    names = [[name for group in side for name in group] for side in groups]
    if (
        len(groups) != 2
        or len(groups[0]) != rank
        or len(set(names[0])) != len(names[0])
        or sorted(names[0]) != sorted(names[1])
    ):
        raise ValueError(
            f"pattern={shown(pattern)} does not rearrange an array of {rank} axes; expected its axes, '->', and the same names"
        )
    return groups


def _sizes(group, size, given, pattern):
    """Return the sizes, by their names, of the axes that one of a known or unknown size is split into."""
    known = {name: integer(name, given[name], 1) for name in group if name in given}
    rest = [name for name in group if name not in known]
    if len(group) == 1 and not known:
        return {group[0]: size}
    product = math.prod(known.values())
    if len(rest) > 1 or (size is not None and (size % product or (not rest and size != product))):
        raise ValueError(f"{given} do not split {size} elements by pattern={shown(pattern)} into {group}; expected divisors")
    return known | dict.fromkeys(rest, None if size is None else size // product)


def _shape(groups, sizes):
    """Return the shape of an array whose axes are groups of others, with -1 for the only unknown size behind the first."""
    shape = []
    for group in groups:
        each = [sizes[name] for name in group]
        shape.append((None if len(group) == 1 and not shape else -1) if None in each else math.prod(each))
    return tuple(shape)


__all__ = ["rearrange"]

explain_all(globals(), __all__)

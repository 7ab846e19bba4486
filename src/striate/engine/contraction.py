"""Sums of products in Einstein's notation, made of transpositions, matrix products and sums, which have gradients."""

import itertools
import math
import string

import numpy as np

from .._common.checks import shown
from .operators import apply
from .shapes import AnySize


def einsum(subscripts, *operands):
    """Return the sum of products of one or more arrays, in Einstein's notation, as `numpy.einsum`.

    Parameters
    ----------
    subscripts : str
        A letter for each axis of each array, such as ``"bij,bjk->bik"``: axes with the same letter are multiplied element by
        element (of axes of the same array, the diagonal is taken), and those whose letter is not behind the arrow are summed
        over. Without an arrow, the result has the letters that occur once, in alphabetical order. ``...`` stands for further
        axes, the last of which belong together.
    *operands : array_like or symbolic tensor
        The arrays. Several are multiplied from left to right.

    Returns
    -------
    array or symbolic tensor

    Raises
    ------
    ValueError
        If the subscripts do not fit the arrays.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> scores = ops.einsum("bqd,bkd->bqk", np.ones((2, 3, 5)), np.ones((2, 4, 5)))
    >>> scores.shape, float(scores[0, 0, 0])
    ((2, 3, 4), 5.0)
    """
    terms, result = _parsed(subscripts, [len(np.shape(each)) for each in operands])
    sizes = _sizes(operands, terms)
    operands, terms = zip(*(_simplified(*each, sizes) for each in zip(operands, terms, strict=True)), strict=True)
    x, axes = operands[0], terms[0]
    for i, (y, others) in enumerate(zip(operands[1:], terms[1:], strict=True), 2):
        kept = {*result, *itertools.chain(*terms[i:])}
        x, axes = _product(x, axes, y, others, kept)
    return _transposed(_summed(x, axes, result), [each for each in axes if each in result], result)


def _parsed(subscripts, ranks):
    """Return the letters of the axes of each array, and those of the result; letters that are left stand for ``...``."""
    if not isinstance(subscripts, str):
        raise TypeError(f"subscripts={shown(subscripts)} is of type {type(subscripts).__name__}; expected a string")
    given, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = given.split(",")
    if len(terms) != len(ranks):
        raise ValueError(f"subscripts={shown(subscripts)} describes {len(terms)} arrays; expected {len(ranks)}")
    unused = "".join(each for each in string.ascii_letters if each not in subscripts)
    counts = [max(rank - len(term) + 3, 0) if "..." in term else 0 for term, rank in zip(terms, ranks, strict=True)]
    hidden = unused[: max(counts)]
    for i, (term, rank, count) in enumerate(zip(terms, ranks, counts, strict=True)):
        terms[i] = term.replace("...", hidden[len(hidden) - count :], 1)
        if len(terms[i]) != rank or not set(terms[i]) <= set(string.ascii_letters):
            raise ValueError(f"subscripts={shown(subscripts)} does not fit an array of {rank} axes; expected a letter for each")
    if not arrow:
        letters = "".join(terms)
        result = ("..." if hidden else "") + "".join(
            sorted(each for each in set(letters) - {*hidden} if letters.count(each) == 1)
        )
    result = result.replace("...", hidden, 1)
    if len(set(result)) != len(result) or not set(result) <= {*"".join(terms)}:
        raise ValueError(
            f"subscripts={shown(subscripts)} has a result with other letters; expected those of the arrays, each once"
        )
    return terms, result


def _sizes(operands, terms):
    """Return the size of each letter, of which several arrays may have axes, with size 1 in some; None if it is unknown."""
    sizes = {}
    for x, axes in zip(operands, terms, strict=True):
        for letter, size in zip(axes, np.shape(x), strict=True):
            sizes[letter] = size if sizes.get(letter, 1) == 1 else sizes[letter]
    return sizes


def _simplified(x, axes, sizes):
    """Return an array without axes of size 1 where others have a larger one, and with diagonals in place of equal letters."""
    broadcast = [i for i, size in enumerate(np.shape(x)) if size == 1 != sizes[axes[i]]]
    if broadcast:
        x, axes = apply("squeeze", x, axis=tuple(broadcast)), [each for i, each in enumerate(axes) if i not in broadcast]
    axes = list(axes)
    for letter in [each for i, each in enumerate(axes) if each in axes[:i]]:
        first = axes.index(letter)
        second = axes.index(letter, first + 1)
        _check_size(letter, np.shape(x)[first], np.shape(x)[second])
        x = apply("diagonal", x, axis1=first, axis2=second)
        axes = [*(each for i, each in enumerate(axes) if i not in (first, second)), letter]
    return x, axes


def _summed(x, axes, kept):
    """Return an array summed over the axes whose letter is not kept."""
    lost = tuple(i for i, each in enumerate(axes) if each not in kept)
    return apply("sum", x, axis=lost) if lost else x


def _transposed(x, axes, order):
    """Return an array with its axes in another order, given by their letters."""
    order = tuple([*axes].index(each) for each in order)
    return x if order == tuple(range(len(order))) else apply("transpose", x, axes=order)


def _product(a, axes_a, b, axes_b, kept):
    """Return the product of two arrays, summed over the axes that are not kept, and the letters of its axes."""
    _check_sizes(a, axes_a, b, axes_b)
    a, axes_a = _summed(a, axes_a, kept | {*axes_b}), [each for each in axes_a if each in kept or each in axes_b]
    b, axes_b = _summed(b, axes_b, kept | {*axes_a}), [each for each in axes_b if each in kept or each in axes_a]
    batch, summed = ([each for each in axes_a if each in axes_b and (each in kept) == wanted] for wanted in (True, False))
    rows, columns = [each for each in axes_a if each not in axes_b], [each for each in axes_b if each not in axes_a]
    a, b = _transposed(a, axes_a, [*batch, *rows, *summed]), _transposed(b, axes_b, [*batch, *summed, *columns])
    letters = [*batch, *rows, *columns]
    if len(summed) == len(columns) == 1 and not batch:  # The rows need not be merged into one axis.
        return apply("matmul", a, b), letters
    sizes = [*np.shape(a)[: len(batch) + len(rows)], *np.shape(b)[len(batch) + len(summed) :]]
    inner = _merged(np.shape(b)[len(batch) : len(batch) + len(summed)])
    a = apply("reshape", a, shape=_known(*sizes[: len(batch)], _merged(sizes[len(batch) : len(batch) + len(rows)]), inner))
    b = apply("reshape", b, shape=_known(*sizes[: len(batch)], inner, _merged(sizes[len(batch) + len(rows) :])))
    return apply("reshape", apply("matmul", a, b), shape=_known(*sizes)), letters


def _check_sizes(a, axes_a, b, axes_b):
    """Raise an error if an axis of two arrays has different sizes."""
    sizes = dict(zip(axes_b, np.shape(b), strict=True))
    for letter, size in zip(axes_a, np.shape(a), strict=True):
        _check_size(letter, size, sizes.get(letter))


def _check_size(letter, size, other):
    """Raise an error if two sizes of an axis differ."""
    if None not in (size, other) and size != other:
        raise ValueError(f"axis {letter!r} of operands has the sizes {size} and {other}; expected the same")


def _merged(sizes):
    """Return the size of several axes together, -1 if it is unknown."""
    if len(sizes) == 1:
        return sizes[0]
    return -1 if any(size is None or isinstance(size, AnySize) for size in sizes) else math.prod(sizes)


def _known(*shape):
    """Return a shape with -1 in place of the only unknown size."""
    unknown = [size for size in shape if size is None or isinstance(size, AnySize)]
    return tuple(-1 if len(unknown) == 1 and -1 not in shape and size is unknown[0] else size for size in shape)

"""Sizes of inputs: those that are not known, None in shapes, and those that weights depend on."""

from ..engine.shapes import KeptInArithmetic


def has_unknown_sizes(shape):
    """Whether a shape, or one in a list, has a None after the batch."""
    return any(map(has_unknown_sizes, shape)) if isinstance(shape, list) else None in shape[1:]


def of_any_batch(shape):
    """Return a shape, or those in a list, with None for the batch."""
    return [(None, *each[1:]) for each in shape] if isinstance(shape, list) else (None, *shape[1:])


def sizes_fit(sizes, expected):
    """Whether sizes are as expected, where None matches any."""
    if len(sizes) != len(expected):
        return False
    return all(None in (size, want) or size == want for size, want in zip(sizes, expected, strict=True))


#: Sizes of a batch, to find out where it comes in a shape: primes, which no other size is likely to be.
SOME_BATCHES = 83, 89


def common(first, second):
    """Return what two shapes, or lists of shapes, have in common, None elsewhere."""
    if isinstance(first, list):
        return [common(*shapes) for shapes in zip(first, second, strict=True)]
    return tuple(size if size == other else None for size, other in zip(first, second, strict=True))


class SizeOfInput(KeptInArithmetic):
    """A size of a layer's input, as its `build` gets it, with the axes that it is from, which integers computed from it keep.

    Attributes
    ----------
    axes : frozenset of (int, int)
        Pairs (index of the input, axis counted from the end): what it was computed from.
    """

    def __new__(cls, size, axes=frozenset()):
        self = super().__new__(cls, size)
        self.axes = axes
        return self

    def computed(self, result, *others):
        """Return an integer from the same axes, and those of the others."""
        return SizeOfInput(result, self.axes.union(*[axes_of_size(each) for each in others]))


def axes_of_size(size):
    """Return the axes that a size was computed from."""
    return size.axes if isinstance(size, SizeOfInput) else frozenset()


def with_axes(shape):
    """Return a shape, or those in a list, whose sizes have the axes that they come from."""
    if isinstance(shape, list):
        return [_with_axes(i, each) for i, each in enumerate(shape)]
    return _with_axes(0, shape)


def _with_axes(index, shape):
    rank = len(shape)
    return tuple(n if n is None else SizeOfInput(int(n), frozenset([(index, i - rank)])) for i, n in enumerate(shape))

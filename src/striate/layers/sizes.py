"""Sizes in shapes of inputs: unknown ones, which are None, and the ones that the shapes of weights depend on."""

from ..engine.shapes import KeptInArithmetic

#: Batch sizes with which `call` is traced, to find the batch size in shapes of outputs: primes, so that other sizes rarely
#: equal them.
TRACED_BATCH_SIZES = 83, 89


def has_unknown_sizes(shape):
    """Return whether a shape, or any shape in a list, has a None after the batch size."""
    return any(map(has_unknown_sizes, shape)) if isinstance(shape, list) else None in shape[1:]


def of_any_batch(shape):
    """Return a shape, or a list of shapes, with None for the batch size."""
    return [(None, *each[1:]) for each in shape] if isinstance(shape, list) else (None, *shape[1:])


def sizes_fit(sizes, expected):
    """Return whether sizes are as expected; None matches any size."""
    if len(sizes) != len(expected):
        return False
    return all(None in (size, want) or size == want for size, want in zip(sizes, expected, strict=True))


def common_sizes(first, second):
    """Return a shape, or a list of shapes, with the sizes that two of them have in common, and None for others."""
    if isinstance(first, list):
        return [common_sizes(*shapes) for shapes in zip(first, second, strict=True)]
    return tuple(size if size == other else None for size, other in zip(first, second, strict=True))


class SizeOfInput(KeptInArithmetic):
    """A size of a layer's input that knows its axis, as do integers computed from it; `build` gets such sizes.

    They tell which axes of the input the shapes of weights depend on.

    Attributes
    ----------
    axes : frozenset of (int, int)
        Axes that the size was computed from: pairs (index of the input, axis as a negative index).
    """

    def __new__(cls, size, axes=frozenset()):
        self = super().__new__(cls, size)
        self.axes = axes
        return self

    def computed(self, result, *others):
        """Return `result` with the axes of this size and of the others."""
        return SizeOfInput(result, self.axes.union(*[axes_of_size(each) for each in others]))


def axes_of_size(size):
    """Return the axes of the input that a size was computed from."""
    return size.axes if isinstance(size, SizeOfInput) else frozenset()


def with_axes(shape):
    """Return a shape, or a list of shapes, with a `SizeOfInput` in place of each known size."""
    if isinstance(shape, list):
        return [_with_axes(i, each) for i, each in enumerate(shape)]
    return _with_axes(0, shape)


def _with_axes(index, shape):
    rank = len(shape)
    return tuple(n if n is None else SizeOfInput(int(n), frozenset([(index, i - rank)])) for i, n in enumerate(shape))

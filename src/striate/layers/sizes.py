"""Sizes in shapes of inputs: unknown ones, which are None, and the ones that the shapes of weights depend on."""

from .._common.structures import OF_SHAPES, flat_shapes, like_shapes, mapped_shapes
from ..engine.shapes import KeptInArithmetic

#: Batch sizes with which `call` is traced, to find the batch size in shapes of outputs: primes, so that other sizes rarely
#: equal them.
TRACED_BATCH_SIZES = 83, 89


def has_unknown_sizes(shape):
    """Return whether a shape, or any shape in a structure, has a None after the batch size."""
    return any(None in each[1:] for each in flat_shapes(shape))


def of_any_batch(shape):
    """Return a shape, or a structure of shapes, with None for the batch size."""
    return mapped_shapes(lambda each: (None, *each[1:]), shape) if isinstance(shape, OF_SHAPES) else (None, *shape[1:])


def with_batch_size(shape, given):
    """Return a shape, or a structure of shapes, that begins with the batch size that all given ones have, if it is known."""
    sizes = {tuple(each[:1]) for each in flat_shapes(given)}
    if len(sizes) > 1 or sizes & {(), (None,)}:
        return shape
    return like_shapes(shape, [(*min(sizes), *each[1:]) if each[:1] == (None,) else each for each in flat_shapes(shape)])


def sizes_fit(sizes, expected):
    """Return whether sizes are as expected; None matches any size."""
    if len(sizes) != len(expected):
        return False
    return all(None in (size, want) or size == want for size, want in zip(sizes, expected, strict=True))


def check_samples(shape, expected):
    """Check the shape of a batch for a model's input, whose samples have the sizes `expected`."""
    samples = tuple(shape[1:])
    if sizes_fit(samples, expected):
        return
    rows = expected[1:]  # what samples look like if a single one was given without a batch axis
    alone = rows and any(sizes_fit(samples, each) for each in (rows, (*rows, 1), rows[:-1] if rows[-1] == 1 else rows))
    hint = "; a single sample needs a batch axis in front" if alone else ""
    raise ValueError(f"x has samples of shape {samples}; expected the model's input shape {expected}{hint}")


def common_sizes(first, second):
    """Return a shape, or a structure of shapes, with the sizes that two of them have in common, and None for others."""
    pairs = zip(flat_shapes(first), flat_shapes(second), strict=True)
    return like_shapes(first, [tuple(a if a == b else None for a, b in zip(*pair, strict=True)) for pair in pairs])


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
    """Return a shape, or a structure of shapes, with a `SizeOfInput` in place of each known size."""
    return like_shapes(shape, [_with_axes(i, each) for i, each in enumerate(flat_shapes(shape))])


def _with_axes(index, shape):
    rank = len(shape)
    return tuple(n if n is None else SizeOfInput(int(n), frozenset([(index, i - rank)])) for i, n in enumerate(shape))

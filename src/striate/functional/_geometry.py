"""Sizes of convolutions and poolings: padding as users write it, and output shapes."""

from .._checks import choice, integer


def resolve_padding(padding, sizes, windows, strides):
    """Return padding as ((top, bottom), (left, right)).

    `windows` are the extents of the kernel (with its dilation) or the pooling window. "same" makes the output
    ``ceil(size / stride)`` large; an odd pixel goes to the end (Keras, TensorFlow).
    """
    if isinstance(padding, str):
        choice("padding", padding, ("valid", "same"))
        if padding == "valid":
            return (0, 0), (0, 0)
        totals = [
            max((-(-size // stride) - 1) * stride + window - size, 0)
            for size, window, stride in zip(sizes, windows, strides, strict=True)
        ]
        return tuple((total // 2, total - total // 2) for total in totals)
    if isinstance(padding, (tuple, list)):
        if len(padding) != 2:
            raise ValueError(f"padding={padding!r} has {len(padding)} elements; {_EXPECTED}")
        return tuple(_sides(padding, i) for i in range(2))
    amount = integer("padding", padding, 0)
    return (amount, amount), (amount, amount)


_EXPECTED = 'expected "valid", "same", an integer, a pair (height, width) or ((top, bottom), (left, right))'


def _sides(padding, i):
    sides = padding[i]
    if not isinstance(sides, (tuple, list)):
        amount = integer(f"padding[{i}]", sides, 0)
        return amount, amount
    if len(sides) != 2:
        raise ValueError(f"padding={padding!r} is malformed; {_EXPECTED}")
    return integer(f"padding[{i}][0]", sides[0], 0), integer(f"padding[{i}][1]", sides[1], 0)


def output_size(what, sizes, padding, windows, strides):
    """Return the output's (height, width); `what` is the name of the window ("kernel", "pool_size") for the error."""
    result = []
    for axis, size, (before, after), window, stride in zip(("height", "width"), sizes, padding, windows, strides, strict=True):
        if window > size + before + after:
            raise ValueError(
                f"{what} is larger than the padded input: {axis} {window} (with its dilation) against {size} + {before} + "
                f"{after} of padding; expected a smaller {what} or more padding"
            )
        result.append((size + before + after - window) // stride + 1)
    return tuple(result)

"""Sizes of inputs that are not known, None in shapes: what depends on them, and what fits."""

#: Sizes in place of those that are not known, to find out what follows from them: multiples of 32, so that networks that halve
#: images again and again take them, as well as a way to tell what depends on them.
SIZES = 224, 352


def has_unknown_sizes(shape):
    """Whether a shape, or one in a list, has a None behind the batch."""
    return any(map(has_unknown_sizes, shape)) if isinstance(shape, list) else None in shape[1:]


def with_sizes(shape, size):
    """Return a shape, or those in a list, with a size in place of each None behind the batch."""
    if isinstance(shape, list):
        return [with_sizes(each, size) for each in shape]
    return (shape[0], *[size if each is None else each for each in shape[1:]])


def sizes_fit(sizes, expected):
    """Whether sizes are as expected, where None stands for any."""
    if len(sizes) != len(expected):
        return False
    return all(None in (size, want) or size == want for size, want in zip(sizes, expected, strict=True))


def common(first, second):
    """Return what two shapes, or lists of shapes, have in common, None elsewhere."""
    if isinstance(first, list):
        return [common(*shapes) for shapes in zip(first, second, strict=True)]
    return tuple(size if size == other else None for size, other in zip(first, second, strict=True))

"""Which outputs of a function see an element of its input."""

import numpy as np

#: What must not reach the others.
SPECIAL = (np.nan, np.inf, -np.inf)


def changed(array, place, value):
    """A copy of an array with one element replaced."""
    array = array.copy()
    array[place] = value
    return array


def seen_by(function, array, place, finite=(1e3, -1e3)):
    """Which outputs change when an element takes these values."""
    before = function(array)
    return np.any([function(changed(array, place, value)) != before for value in finite], axis=0)


def tiles_around(place, shape, before, taps, size, strides=1):
    """Which outputs, of a shape, share a Winograd tile of size × size outputs with one that sees the place; all channels.

    The first output sees `taps` × `taps` pixels of the input, of which `before` (above, left) lie before the image. With
    `strides`, tiles are those of phases, which have as many taps as the largest of them.
    """
    image, *pixel, _ = place
    rows, columns = (
        [o for o in range(length) if 0 <= (at + pad) // strides - o // size * size < size + -(-taps // strides) - 1]
        for at, length, pad in zip(pixel, shape[1:3], before, strict=True)
    )
    mask = np.zeros(shape, bool)
    mask[np.ix_([image], rows, columns)] = True
    return mask

"""Images as tables of numbers."""

import numpy as np

from .._common.checks import integer
from .arrays import ANY, check_image

_NAMES = {1: ("",), 3: ("red", "green", "blue"), 4: ("red", "green", "blue", "alpha")}


def pixel_table(image, digits=2, most=16):
    """Return a text with the values of an image's pixels: a line for each row, below the numbers of the columns.

    Parameters
    ----------
    image : array_like of bool, uint8, float32 or float64, shape (height, width) or (height, width, channels)
        One image; for one with channels there is a table for each.
    digits : int
        Digits behind the point, for floats.
    most : int
        Rows and columns that are shown, at least 2: of larger images the first and the last ones, with dots between them.

    Returns
    -------
    str

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or `digits` or `most` is not such a number.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> print(image.pixel_table(np.array([[0, 255, 0], [17, 128, 99]], np.uint8)))
         0   1   2
    0    0 255   0
    1   17 128  99
    >>> print(image.pixel_table(np.eye(9, dtype=bool), most=4))
        0  1  …  7  8
    0   1  0  …  0  0
    1   0  1  …  0  0
    …   …  …  …  …  …
    7   0  0  …  1  0
    8   0  0  …  0  1
    """
    image = check_image("image", image, ANY, (2, 3))
    digits, most = integer("digits", digits, 0, 17), integer("most", most, 2)
    rows, columns = (_shown_indices(size, most) for size in image.shape[:2])
    planes = np.moveaxis(np.atleast_3d(image), -1, 0)
    names = _NAMES.get(len(planes), [f"channel {i}" for i in range(len(planes))])
    return "\n\n".join(_table(plane, rows, columns, digits, name) for plane, name in zip(planes, names, strict=True))


def _shown_indices(size, most):
    """Return the indices of rows or columns that are shown; None stands for those that are left out."""
    if size <= most:
        return list(range(size))
    return [*range(most - most // 2), None, *range(size - most // 2, size)]


def _table(plane, rows, columns, digits, name):
    def cell(row, column):
        if row is None or column is None:
            return "…"
        return f"{plane[row, column]:.{digits}f}" if plane.dtype.kind == "f" else str(int(plane[row, column]))

    def index(number):
        return "…" if number is None else str(number)

    body = [[cell(row, column) for column in columns] for row in rows]
    head = list(map(index, columns))
    width = max(2, *(len(text) for line in [head, *body] for text in line))
    margin = max(len(index(row)) for row in rows)
    lines = [
        " ".join([f"{start:<{margin + 1}}", *(f"{text:>{width}}" for text in line)])
        for start, line in [("", head), *zip(map(index, rows), body, strict=True)]
    ]
    return "\n".join([name, *lines] if name else lines)

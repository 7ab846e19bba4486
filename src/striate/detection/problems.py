"""What is wrong in files of annotations: each problem is named with its file and line, and none is passed over in silence."""

import os
import warnings

import numpy as np

from .._common.checks import choice
from .preparation import upright_size

#: Docstring sections of all readers.
READING_DOC = """
    Parameters
    ----------
    invalid : {"raise", "skip"}
        Whether an annotation that cannot be used (a box outside of its image or of no size, an unknown class, an image that is
        missing) is an error, or is left out, with a warning. Both name each of them, with its file and line.
    mode : {"rgb", "gray"}
        What images become; see `striate.image.read`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, a file is not in this format, or annotations cannot be used.
    OSError
        If a file cannot be read.
    """

#: Pixels by which a box may reach beyond its image, since its numbers were rounded; it is clipped then.
_ROUNDING = 0.5

#: Number of problems that an error or a warning lists.
_LISTED = 50


class Problems:
    """The problems found while annotations are read.

    Parameters
    ----------
    path : str
        File or folder that is read.
    invalid : {"raise", "skip"}
        What becomes of them: an error, or a warning; what they concern is then left out.
    """

    def __init__(self, path, invalid):
        self.path = path
        self.skipped = choice("invalid", invalid, ("raise", "skip")) == "skip"
        self.found = []

    def add(self, file, line, problem):
        """Take note of a problem in a line of a file; None for the file as a whole."""
        self.found.append(f"{file}: {problem}" if line is None else f"{file}:{line}: {problem}")

    def report(self):
        """Raise an error, or warn, if there are problems."""
        if not self.found:
            return
        listed = "\n".join(f"  {each}" for each in self.found[:_LISTED])
        more = f"\n  … and {len(self.found) - _LISTED} more" if len(self.found) > _LISTED else ""
        text = f"path={self.path!r} has {len(self.found)} problem{'s' if len(self.found) > 1 else ''}:\n{listed}{more}"
        if not self.skipped:
            raise ValueError(f"{text}\nexpected annotations without them, or invalid='skip' to leave out what they concern")
        warnings.warn(f"{text}\nwhat they concern is left out", stacklevel=4)

    def check_box(self, file, line, what, corners, size):
        """Return a box "xyxy", clipped to its image of a size (height, width), or None if it is not a box in the image."""
        corners = np.array(corners, np.float64)
        height, width = size
        shown = [round(float(each), 3) for each in corners]
        if not np.isfinite(corners).all():
            self.add(file, line, f"{what} is the box {shown} (x_min, y_min, x_max, y_max); expected finite numbers")
        elif corners[2] <= corners[0] or corners[3] <= corners[1]:
            self.add(file, line, f"{what} is the box {shown} (x_min, y_min, x_max, y_max) of no size; expected x_min < x_max …")
        elif corners[:2].min() < -_ROUNDING or corners[2] > width + _ROUNDING or corners[3] > height + _ROUNDING:
            self.add(
                file,
                line,
                f"{what} is the box {shown} (x_min, y_min, x_max, y_max); expected one inside of {width:g} x {height:g}",
            )
        else:
            return np.clip(corners, 0, [width, height, width, height])
        return None

    def check_image(self, file, line, path):
        """Return whether there is a file of an image."""
        if os.path.isfile(path):
            return True
        self.add(file, line, f"there is no image {path}")
        return False

    def size_of(self, file, line, path):
        """Return height and width of an image file, as it is looked at, or None if it is not an image."""
        try:
            return upright_size(path)
        except ValueError as error:
            self.add(file, line, str(error))
            return None


def number_in(value):
    """Return a number that a file holds, infinity for an integer too large for a float, NaN for anything else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return np.nan
    try:
        return float(value)
    except ValueError:
        return np.nan
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def size_in(height, width):
    """Return the size (height, width) that a file tells of an image, or None if it tells none that an image can have."""
    size = number_in(height), number_in(width)
    return size if all(0 < each < np.inf for each in size) else None

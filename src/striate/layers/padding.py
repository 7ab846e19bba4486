"""Layers that pad sequences, images and volumes with zeros, and that crop them."""

from .._common.checks import LARGEST, integer, pair, shown
from .._common.docstrings import documented
from ..engine import operations
from .data_formats import shape_in_format
from .spatial import SPATIAL_DOC, SpatialLayer

#: Forms of the amounts at the borders of sequences, images and volumes, in errors.
_EXPECTED_SIDES = {
    1: "an integer or a pair",
    2: "an integer, a pair or ((top, bottom), (left, right))",
    3: "an integer, three of them, or ((front, back), (top, bottom), (left, right))",
}


class _PaddingOrCropping(SpatialLayer):
    """The base class of padding and cropping."""

    argument = "padding"  # Name of the constructor's argument `amounts` in subclasses.
    crops = False  # Whether the amounts are cropped.

    def __init__(self, amounts, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.amounts = self._sides(amounts)

    def _sides(self, value):
        """Return the amounts at the borders, (before, after) for each axis."""
        if self.rank == 1 and not isinstance(value, str):
            return (pair(self.argument, value, minimum=0),)
        several = isinstance(value, (tuple, list))
        if isinstance(value, str) or (several and (len(value) != self.rank or any(isinstance(each, str) for each in value))):
            raise ValueError(f"{self.argument}={shown(value)} is malformed; expected {_EXPECTED_SIDES[self.rank]}")
        amounts = value if several else (integer(self.argument, value, 0, LARGEST),) * self.rank
        return tuple(pair(f"{self.argument}[{i}]", sides, minimum=0) for i, sides in enumerate(amounts))

    def _signed_amounts(self):
        """Return the amounts that are added at the borders, negative if the layer crops."""
        return [(-before, -after) if self.crops else (before, after) for before, after in self.amounts]

    def _shape_channels_last(self, shape):
        batch, *sizes, channels = shape
        sizes = [None if n is None else n + sum(sides) for n, sides in zip(sizes, self._signed_amounts(), strict=True)]
        if any(n is not None and n < 1 for n in sizes):
            amounts = f"{self.argument}={self.amounts}"
            raise ValueError(
                f"layer {self.name!r} got input of shape {shape_in_format(shape, self.data_format)} with {amounts}; "
                "expected a larger one"
            )
        return batch, *sizes, channels

    def _call_channels_last(self, x):
        return operations.Pad(x, ((0, 0), *self._signed_amounts(), (0, 0))).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {self.argument: self.amounts[0] if self.rank == 1 else self.amounts, **super().get_config()}


@documented(SPATIAL_DOC)
class ZeroPadding1D(_PaddingOrCropping):
    """Pad sequences with zeros at both ends.

    Parameters
    ----------
    padding : int or pair of int
        Number of zeros before and after: (before, after), or one number for both.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 2.0, 3.0], np.float32).reshape(1, 3, 1)
    >>> layers.ZeroPadding1D((1, 2))(x)[0, :, 0]
    array([0., 1., 2., 3., 0., 0.], dtype=float32)
    """

    rank = 1

    def __init__(self, padding=1, data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


class Cropping1D(_PaddingOrCropping):
    """Crop elements from both ends of sequences.

    Parameters
    ----------
    cropping : int or pair of int
        Number of elements removed at the beginning and the end: (before, after), or one number for both.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 2.0, 3.0], np.float32).reshape(1, 3, 1)
    >>> layers.Cropping1D((1, 0))(x)[0, :, 0]
    array([2., 3.], dtype=float32)
    """

    rank = 1
    argument = "cropping"
    crops = True
    takes_data_format = False
    fixed_arguments = ("data_format",)

    def __init__(self, cropping=(1, 1), **kwargs):
        super().__init__(cropping, "channels_last", **kwargs)


@documented(SPATIAL_DOC)
class ZeroPadding2D(_PaddingOrCropping):
    """Pad images with zeros.

    Parameters
    ----------
    padding : int, pair of int, or ((top, bottom), (left, right))
        Number of rows and columns of zeros: a pair is (rows at top and bottom each, columns at left and right each), one number
        is for all sides.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32).reshape(1, 2, 2, 1)
    >>> layers.ZeroPadding2D(1)(x)[0, :, :, 0]
    array([[0., 0., 0., 0.],
           [0., 1., 2., 0.],
           [0., 3., 4., 0.],
           [0., 0., 0., 0.]], dtype=float32)
    """

    rank = 2

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


@documented(SPATIAL_DOC)
class Cropping2D(_PaddingOrCropping):
    """Crop rows and columns from the borders of images.

    Parameters
    ----------
    cropping : int, pair of int, or ((top, bottom), (left, right))
        Number of rows and columns removed: a pair is (rows at top and bottom each, columns at left and right each), one number
        is for all sides.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    >>> layers.Cropping2D(1)(x)[0, :, :, 0]
    array([[ 5.,  6.],
           [ 9., 10.]], dtype=float32)
    """

    rank = 2
    argument = "cropping"
    crops = True

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


@documented(SPATIAL_DOC)
class ZeroPadding3D(_PaddingOrCropping):
    """Pad volumes with zeros.

    Parameters
    ----------
    padding : int, three of int, or ((front, back), (top, bottom), (left, right))
        Number of frames, rows and columns of zeros: three numbers are for both sides of depth, height and width, one number is
        for all sides.

    Notes
    -----
    Input (batch, depth, height, width, channels), output (batch, output depth, output height, output width, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0]], np.float32).reshape(1, 1, 1, 2, 1)
    >>> layers.ZeroPadding3D(((0, 0), (1, 0), (0, 2)))(x)[0, 0, :, :, 0]
    array([[0., 0., 0., 0.],
           [1., 2., 0., 0.]], dtype=float32)
    """

    rank = 3

    def __init__(self, padding=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


@documented(SPATIAL_DOC)
class Cropping3D(_PaddingOrCropping):
    """Crop frames, rows and columns from the borders of volumes.

    Parameters
    ----------
    cropping : int, three of int, or ((front, back), (top, bottom), (left, right))
        Number of frames, rows and columns removed: three numbers are for both sides of depth, height and width, one number is
        for all sides.

    Notes
    -----
    Input (batch, depth, height, width, channels), output (batch, output depth, output height, output width, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(27, dtype=np.float32).reshape(1, 3, 3, 3, 1)
    >>> layers.Cropping3D((1, 1, 0))(x)[0, ..., 0]
    array([[[12., 13., 14.]]], dtype=float32)
    """

    rank = 3
    argument = "cropping"
    crops = True

    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)

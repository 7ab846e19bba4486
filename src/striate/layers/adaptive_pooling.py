"""Adaptive pooling layers: their output has a given size, whatever the size of the input.

Along an axis of size n, window i of m begins at floor(i n / m) and ends before ceil((i + 1) n / m), as in PyTorch, so that
windows overlap where m does not divide n. Both the maximum and the mean over a box are computed axis by axis.
"""

import numpy as np

from .._common.checks import LARGEST, integers
from .._common.docstrings import documented
from ..engine import operations
from ..engine.operations import volumes
from ..engine.operators import apply
from .spatial import SpatialLayer

_DOC = """
    Parameters
    ----------
    output_size : int or tuple of int
        Size of the output along each spatial axis, one number for all of them, or as many as there are.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.
    """
_SEQUENCES_DOC = """
    Notes
    -----
    Input (batch, length, channels), output (batch, output length, channels).
    """
_IMAGES_DOC = """
    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels).
    """
_VOLUMES_DOC = """
    Notes
    -----
    Input (batch, depth, height, width, channels), output (batch, output depth, output height, output width, channels).
    """


class _AdaptivePooling(SpatialLayer):
    """The base class of adaptive poolings. A subclass sets `_pool`, and defines `_along_axis`."""

    _pool = None  # Operation for windows that all have the same size.

    def __init__(self, output_size, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        sizes = output_size if isinstance(output_size, (tuple, list)) else (output_size,) * self.rank
        self.output_size = integers("output_size", sizes, 1, LARGEST)
        if len(self.output_size) != self.rank:
            raise ValueError(
                f"output_size={output_size} has {len(sizes)} elements; expected an integer, or {self.rank} of them"
            )

    def _shape_channels_last(self, shape):
        return (shape[0], *self.output_size, shape[-1])

    def _call_channels_last(self, x):
        wanted = dict(enumerate(self.output_size, 1))
        x = self._with_equal_windows(x, [x.shape[axis] // n if x.shape[axis] % n == 0 else 1 for axis, n in wanted.items()])
        for axis, n in wanted.items():
            if x.shape[axis] != n:
                x = self._at_axis(x, axis, n)
        return x

    def _with_equal_windows(self, x, windows):
        """Return the pooling over windows of given sizes, which divide those of the axes."""
        if max(windows) == 1:
            return x
        batch, *sizes, channels = x.shape
        ones = (1,) * (3 - self.rank)
        volume = operations.Reshape(x, (batch, *ones, *sizes, channels)).y
        windows = (*ones, *windows)
        y = volumes.pool3d(self._pool, volume, windows, windows, "valid")
        return operations.Reshape(y, (batch, *y.shape[1 + len(ones) :])).y

    def _at_axis(self, x, axis, size):
        """Return the pooling along an axis."""
        *before, n = x.shape[: axis + 1]
        after = x.shape[axis + 1 :]
        begins = np.arange(size) * n // size
        ends = -(-np.arange(1, size + 1) * n // size)
        rows = operations.Reshape(x, (int(np.prod(before)), n, int(np.prod(after)))).y
        return operations.Reshape(self._along_axis(rows, begins, ends), (*before, size, *after)).y

    def _along_axis(self, x, begins, ends):
        """Return the pooling of `x`, shape (rows, size, columns), along the second axis, over windows with given limits."""
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments."""
        return {"output_size": self.output_size, **super().get_config()}


class _AdaptiveAveragePooling(_AdaptivePooling):
    """The base class of adaptive average poolings."""

    _pool = operations.AveragePool2D

    def _along_axis(self, x, begins, ends):
        places = np.arange(x.shape[1])
        inside = (places >= begins[:, np.newaxis]) & (places < ends[:, np.newaxis])
        return apply("sample", (inside / inside.sum(1, keepdims=True)).astype(x.dtype), x)


class _AdaptiveMaxPooling(_AdaptivePooling):
    """The base class of adaptive max poolings."""

    _pool = operations.MaxPool2D

    def _along_axis(self, x, begins, ends):
        longest = int((ends - begins).max())
        # Shorter windows repeat their last element, which does not change the maximum.
        places = np.minimum(begins[:, np.newaxis] + np.arange(longest), ends[:, np.newaxis] - 1)
        taken = apply("take", x, places.ravel(), axis=1)
        return apply("max", apply("reshape", taken, shape=(x.shape[0], len(begins), longest, x.shape[2])), axis=2)


@documented(_DOC, _SEQUENCES_DOC)
class AdaptiveAveragePooling1D(_AdaptiveAveragePooling):
    """Mean of windows of a sequence, channel by channel; the windows are chosen so that the output has a given size.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 5.0, 2.0, 4.0, 3.0], np.float32).reshape(1, 5, 1)
    >>> layers.AdaptiveAveragePooling1D(2)(x)[0, :, 0].round(3)
    array([2.667, 3.   ], dtype=float32)
    """

    rank = 1


@documented(_DOC, _IMAGES_DOC)
class AdaptiveAveragePooling2D(_AdaptiveAveragePooling):
    """Mean of windows of an image, channel by channel; the windows are chosen so that the output has a given size.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 9, 7, 4), np.float32)
    >>> layers.AdaptiveAveragePooling2D((3, 2))(x).shape
    (1, 3, 2, 4)
    """

    rank = 2


@documented(_DOC, _VOLUMES_DOC)
class AdaptiveAveragePooling3D(_AdaptiveAveragePooling):
    """Mean of windows of a volume, channel by channel; the windows are chosen so that the output has a given size.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 5, 9, 7, 4), np.float32)
    >>> layers.AdaptiveAveragePooling3D(2)(x).shape
    (1, 2, 2, 2, 4)
    """

    rank = 3


@documented(_DOC, _SEQUENCES_DOC)
class AdaptiveMaxPooling1D(_AdaptiveMaxPooling):
    """Maximum of windows of a sequence, channel by channel; the windows are chosen so that the output has a given size.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 5.0, 2.0, 4.0, 3.0], np.float32).reshape(1, 5, 1)
    >>> layers.AdaptiveMaxPooling1D(2)(x)[0, :, 0].round(3)
    array([5., 4.], dtype=float32)
    """

    rank = 1


@documented(_DOC, _IMAGES_DOC)
class AdaptiveMaxPooling2D(_AdaptiveMaxPooling):
    """Maximum of windows of an image, channel by channel; the windows are chosen so that the output has a given size.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 9, 7, 4), np.float32)
    >>> layers.AdaptiveMaxPooling2D((3, 2))(x).shape
    (1, 3, 2, 4)
    """

    rank = 2


@documented(_DOC, _VOLUMES_DOC)
class AdaptiveMaxPooling3D(_AdaptiveMaxPooling):
    """Maximum of windows of a volume, channel by channel; the windows are chosen so that the output has a given size.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 5, 9, 7, 4), np.float32)
    >>> layers.AdaptiveMaxPooling3D(2)(x).shape
    (1, 2, 2, 2, 4)
    """

    rank = 3

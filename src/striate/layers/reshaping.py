"""Layers that change the shape of samples: flattening, reshaping, permuting and repeating."""

import math

from .._common.checks import LARGEST, integer, integers, shown
from ..engine import operations
from .base import Layer
from .data_formats import data_format_of, with_channels_last
from .shape_checks import check_batch


class Flatten(Layer):
    """Flatten each sample to a vector.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels in the input; in the vector, they are last, so that both give the same.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, ...), output (batch, features), where features is the product of the other sizes.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((2, 4, 4, 3), np.float32)
    >>> layers.Flatten()(x).shape
    (2, 48)
    """

    passes_dtype_on = True

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = data_format_of(data_format)

    def compute_output_shape(self, input_shape):
        """Return (batch, features)."""
        check_batch(self, input_shape)
        sizes = input_shape[1:]
        return input_shape[0], None if None in sizes else math.prod(sizes)

    def call(self, x):
        """Flatten the samples."""
        shape = self.compute_output_shape(x.shape)
        return operations.Reshape(with_channels_last(x, self.data_format) if len(x.shape) > 2 else x, shape).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"data_format": self.data_format, **super().get_config()}


class Reshape(Layer):
    """Reshape each sample.

    Parameters
    ----------
    target_shape : tuple of int
        Shape of a sample of the output. One size may be -1, and is then inferred.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, ...), output (batch, ...) with `target_shape` after the batch axis, and the elements in the same order.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((2, 12), np.float32)
    >>> layers.Reshape((2, -1, 3))(x).shape
    (2, 2, 2, 3)
    """

    passes_dtype_on = True

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(target_shape, (tuple, list)):
            raise TypeError(f"target_shape={shown(target_shape)} is of type {type(target_shape).__name__}; expected a tuple")
        self.target_shape = tuple(integer(f"target_shape[{i}]", size, -1) for i, size in enumerate(target_shape))
        if 0 in self.target_shape or self.target_shape.count(-1) > 1:
            raise ValueError(
                f"target_shape={shown(target_shape)} is not a shape; expected sizes of at least 1, at most one of them -1"
            )

    def compute_output_shape(self, input_shape):
        """Return the batch size and `target_shape`, with -1 replaced."""
        check_batch(self, input_shape)
        batch, *sizes = input_shape
        known = math.prod(n for n in self.target_shape if n > 0)
        if None in sizes:
            return batch, *[None if n < 0 else n for n in self.target_shape]
        size = math.prod(sizes)
        if size % known or (-1 not in self.target_shape and size != known):
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(input_shape)}, {size} elements per sample; expected a number "
                f"that fits target_shape={self.target_shape}"
            )
        return batch, *[size // known if n < 0 else n for n in self.target_shape]

    def call(self, x):
        """Reshape the samples."""
        return operations.Reshape(x, self.compute_output_shape(x.shape)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"target_shape": self.target_shape, **super().get_config()}


class Permute(Layer):
    """Permute the axes of each sample.

    Parameters
    ----------
    dims : tuple of int
        For each axis of the output after the batch, the axis of the input that it is, from 1.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((2, 4, 5, 3), np.float32)
    >>> layers.Permute((2, 1, 3))(x).shape
    (2, 5, 4, 3)
    """

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = integers("dims", dims, 1)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(
                f"dims={shown(dims)} is not a permutation of the axes; expected each integer from 1 to {len(self.dims)} once"
            )

    def compute_output_shape(self, input_shape):
        """Return the batch size and the sizes in the new order."""
        if len(input_shape) != len(self.dims) + 1:
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(input_shape)} with dims={self.dims}; expected "
                f"{len(self.dims)} axes after the batch"
            )
        return (input_shape[0], *[input_shape[axis] for axis in self.dims])

    def call(self, x):
        """Permute the axes."""
        return operations.Transpose(x, (0, *self.dims)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"dims": self.dims, **super().get_config()}


class RepeatVector(Layer):
    """Repeat each vector, which gives a sequence.

    Parameters
    ----------
    n : int
        Length of the sequences.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, features), output (batch, n, features).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0]], np.float32)
    >>> layers.RepeatVector(3)(x)
    array([[[1., 2.],
            [1., 2.],
            [1., 2.]]], dtype=float32)
    """

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self.n = integer("n", n, 1, LARGEST)

    def compute_output_shape(self, input_shape):
        """Return (batch, n, features)."""
        if len(input_shape) != 2:
            raise ValueError(f"layer {self.name!r} got input of shape {tuple(input_shape)}; expected (batch, features)")
        return input_shape[0], self.n, input_shape[1]

    def call(self, x):
        """Repeat the vectors."""
        batch, features = x.shape
        return operations.Broadcast(operations.Reshape(x, (batch, 1, features)).y, (batch, self.n, features)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"n": self.n, **super().get_config()}

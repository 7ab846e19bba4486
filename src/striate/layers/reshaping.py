"""Layers that change the shape of samples: flattening, reshaping, permuting, repeating, padding, cropping and upsampling."""

import math

from .._common.checks import LARGEST, choice, integer, integers, pair, shown
from ..engine import operations
from ..engine.operations import volumes
from ..engine.shapes import times
from .base import Layer
from .data_formats import data_format_of, shape_in_format, with_channels_last
from .resizing import INTERPOLATIONS, resize
from .shape_checks import check_batch
from .spatial import SpatialLayer, on_images, per_axis


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


class ZeroPadding1D(_PaddingOrCropping):
    """Pad sequences with zeros at both ends.

    Parameters
    ----------
    padding : int or pair of int
        Number of zeros before and after: (before, after), or one number for both.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
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


class ZeroPadding2D(_PaddingOrCropping):
    """Pad images with zeros.

    Parameters
    ----------
    padding : int, pair of int, or ((top, bottom), (left, right))
        Number of rows and columns of zeros: a pair is (rows at top and bottom each, columns at left and right each), one number
        is for all sides.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.

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


class Cropping2D(_PaddingOrCropping):
    """Crop rows and columns from the borders of images.

    Parameters
    ----------
    cropping : int, pair of int, or ((top, bottom), (left, right))
        Number of rows and columns removed: a pair is (rows at top and bottom each, columns at left and right each), one number
        is for all sides.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.

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


class ZeroPadding3D(_PaddingOrCropping):
    """Pad volumes with zeros.

    Parameters
    ----------
    padding : int, three of int, or ((front, back), (top, bottom), (left, right))
        Number of frames, rows and columns of zeros: three numbers are for both sides of depth, height and width, one number is
        for all sides.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.

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


class Cropping3D(_PaddingOrCropping):
    """Crop frames, rows and columns from the borders of volumes.

    Parameters
    ----------
    cropping : int, three of int, or ((front, back), (top, bottom), (left, right))
        Number of frames, rows and columns removed: three numbers are for both sides of depth, height and width, one number is
        for all sides.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.

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


class _UpSampling(SpatialLayer):
    """The base class of layers that enlarge their input by integer factors."""

    def __init__(self, size=2, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.size = per_axis("size", size, self.rank)

    def _shape_on_images(self, shape):
        batch, height, width, channels = shape
        rows, columns = on_images(self.size)
        return batch, times(height, rows), times(width, columns), channels

    def _call_on_images(self, x):
        return operations.Repeat2D(x, on_images(self.size)).y

    def _shape_on_volumes(self, shape):
        batch, *sizes, channels = shape
        return batch, *map(times, sizes, self.size), channels

    def _call_on_volumes(self, x):
        return volumes.repeat3d(x, self.size)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"size": self.size, **super().get_config()}


class UpSampling1D(_UpSampling):
    """Enlarge sequences by repeating each element.

    Parameters
    ----------
    size : int
        Number of repetitions.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, length * size, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 2.0, 3.0], np.float32).reshape(1, 3, 1)
    >>> layers.UpSampling1D(2)(x)[0, :, 0]
    array([1., 1., 2., 2., 3., 3.], dtype=float32)
    """

    rank = 1
    takes_data_format = False
    fixed_arguments = ("data_format",)

    def __init__(self, size=2, **kwargs):
        super().__init__(size, "channels_last", **kwargs)


class UpSampling2D(_UpSampling):
    """Enlarge images by repeating or interpolating rows and columns.

    Parameters
    ----------
    size : int or pair of int
        Factors of height and width.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    interpolation : {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"}
        How new pixels are computed; "nearest" repeats pixels.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32).reshape(1, 2, 2, 1)
    >>> layers.UpSampling2D(2)(x)[0, :, :, 0]
    array([[1., 1., 2., 2.],
           [1., 1., 2., 2.],
           [3., 3., 4., 4.],
           [3., 3., 4., 4.]], dtype=float32)
    """

    rank = 2

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(size, data_format, **kwargs)
        self.interpolation = choice("interpolation", interpolation, INTERPOLATIONS)

    def _call_on_images(self, x):
        if self.interpolation == "nearest":
            return super()._call_on_images(x)
        return resize(x, *self._shape_channels_last(x.shape)[1:3], self.interpolation)

    def get_config(self):
        """Return the constructor's arguments."""
        config = super().get_config()
        return {"size": config.pop("size"), "interpolation": self.interpolation, **config}


class UpSampling3D(_UpSampling):
    """Enlarge volumes by repeating frames, rows and columns.

    Parameters
    ----------
    size : int or three of int
        Factors of depth, height and width.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, depth, height, width, channels), output (batch, output depth, output height, output width, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 2.0], np.float32).reshape(1, 1, 1, 2, 1)
    >>> layers.UpSampling3D((1, 2, 3))(x)[0, 0, :, :, 0]
    array([[1., 1., 1., 2., 2., 2.],
           [1., 1., 1., 2., 2., 2.]], dtype=float32)
    """

    rank = 3

    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs):
        super().__init__(size, data_format, **kwargs)

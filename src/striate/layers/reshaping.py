"""Layers that change the shape of samples, and compute nothing."""

import math

from .._checks import choice, integer, pair
from ..engine import operations
from .base import Layer
from .resizing import resize
from .shapes import check_data_format, check_images


class Flatten(Layer):
    """Make one vector of each sample.

    Parameters
    ----------
    data_format : {"channels_last"}, optional
        Where the channels are.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, ...), output (batch, product of the other sizes).
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        check_data_format(data_format)

    def compute_output_shape(self, input_shape):
        """Return (batch, features)."""
        return (input_shape[0], math.prod(input_shape[1:]))

    def call(self, x):
        """Flatten."""
        return operations.Reshape(x, self.compute_output_shape(x.shape)).y


class Reshape(Layer):
    """Give each sample another shape.

    Parameters
    ----------
    target_shape : tuple of int
        Shape of a sample; one size may be -1, which then follows from the others.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, ...), output (batch, ...) with `target_shape` behind the batch, the elements in the same order.
    """

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(target_shape, (tuple, list)):
            raise TypeError(f"target_shape={target_shape!r} is of type {type(target_shape).__name__}; expected a tuple")
        self.target_shape = tuple(integer(f"target_shape[{i}]", size, -1) for i, size in enumerate(target_shape))
        if 0 in self.target_shape or self.target_shape.count(-1) > 1:
            raise ValueError(f"target_shape={target_shape!r} is no shape; expected sizes of at least 1, of which one may be -1")

    def compute_output_shape(self, input_shape):
        """Return the batch and `target_shape`."""
        size, known = math.prod(input_shape[1:]), math.prod(n for n in self.target_shape if n > 0)
        if size % known or (-1 not in self.target_shape and size != known):
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(input_shape)}, {size} elements a sample; expected as many as "
                f"target_shape={self.target_shape} has"
            )
        return (input_shape[0], *[size // known if n < 0 else n for n in self.target_shape])

    def call(self, x):
        """Reshape."""
        return operations.Reshape(x, self.compute_output_shape(x.shape)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"target_shape": self.target_shape, **super().get_config()}


class Permute(Layer):
    """The axes of each sample in another order.

    Parameters
    ----------
    dims : tuple of int
        For each axis of the output, which of the input it is, counted from 1: the batch stays in front.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(integer(f"dims[{i}]", axis, 1) for i, axis in enumerate(dims))
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(f"dims={dims!r} is no order of axes; expected each of 1 to {len(self.dims)} once")

    def compute_output_shape(self, input_shape):
        """Return the batch and the sizes in the new order."""
        if len(input_shape) != len(self.dims) + 1:
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(input_shape)}; expected {len(self.dims)} axes behind the batch"
            )
        return (input_shape[0], *[input_shape[axis] for axis in self.dims])

    def call(self, x):
        """Permute."""
        return operations.Transpose(x, (0, *self.dims)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"dims": self.dims, **super().get_config()}


class _Framed(Layer):
    """What padding and cropping share: four amounts."""

    def __init__(self, argument, amounts, data_format, **kwargs):
        super().__init__(**kwargs)
        check_data_format(data_format)
        self.amounts = _sides(argument, amounts)

    def _change(self, input_shape):
        raise NotImplementedError

    def compute_output_shape(self, input_shape):
        """Return (batch, output height, output width, channels)."""
        check_images(self, input_shape)
        batch, height, width, channels = input_shape
        sizes = [n + sum(sides) for n, sides in zip((height, width), self._change(), strict=True)]
        if min(sizes) < 1:
            raise ValueError(f"layer {self.name!r} got input of shape {tuple(input_shape)}; nothing would be left of it")
        return batch, *sizes, channels

    def call(self, x):
        """Pad or crop."""
        return operations.Pad(x, ((0, 0), *self._change(), (0, 0))).y


class ZeroPadding2D(_Framed):
    """Zeros around images.

    Parameters
    ----------
    padding : int, pair of int, or ((top, bottom), (left, right))
        How many rows and columns.
    data_format : {"channels_last"}, optional
        Where the channels are.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__("padding", padding, data_format, **kwargs)

    def _change(self):
        return self.amounts

    def get_config(self):
        """Return the constructor's arguments."""
        return {"padding": self.amounts, **super().get_config()}


class Cropping2D(_Framed):
    """Images without rows and columns at their borders.

    Parameters
    ----------
    cropping : int, pair of int, or ((top, bottom), (left, right))
        How many rows and columns.
    data_format : {"channels_last"}, optional
        Where the channels are.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__("cropping", cropping, data_format, **kwargs)

    def _change(self):
        return [(-before, -after) for before, after in self.amounts]

    def get_config(self):
        """Return the constructor's arguments."""
        return {"cropping": self.amounts, **super().get_config()}


class UpSampling2D(Layer):
    """Images whose rows and columns come several times, or are interpolated.

    Parameters
    ----------
    size : int or pair of int
        How many times higher and wider images become.
    data_format : {"channels_last"}, optional
        Where the channels are.
    interpolation : {"nearest", "bilinear"}
        How new pixels are made.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(**kwargs)
        check_data_format(data_format)
        self.size = pair("size", size)
        self.interpolation = choice("interpolation", interpolation, ("nearest", "bilinear"))

    def compute_output_shape(self, input_shape):
        """Return (batch, height * size[0], width * size[1], channels)."""
        check_images(self, input_shape)
        batch, height, width, channels = input_shape
        return batch, height * self.size[0], width * self.size[1], channels

    def call(self, x):
        """Enlarge."""
        if self.interpolation == "nearest":
            return operations.Repeat2D(x, self.size).y
        return resize(x, *self.compute_output_shape(x.shape)[1:3])

    def get_config(self):
        """Return the constructor's arguments."""
        return {"size": self.size, "interpolation": self.interpolation, **super().get_config()}


def _sides(name, value):
    """Return amounts at the borders as ((top, bottom), (left, right))."""
    amounts = (value, value) if isinstance(value, int) else value
    if not isinstance(amounts, (tuple, list)) or len(amounts) != 2:
        raise ValueError(f"{name}={value!r} is malformed; expected an integer, a pair or ((top, bottom), (left, right))")
    return tuple(pair(f"{name}[{i}]", sides, minimum=0) for i, sides in enumerate(amounts))

"""Input, fully connected and reshaping layers."""

import math
from functools import partial

from .._checks import integer
from ..engine import operations
from .affine import AffineLayer
from .base import InputLayer, Layer


def Input(shape, *, name=None, dtype="float32"):
    """Return the tensor that a model's input will be.

    Parameters
    ----------
    shape : tuple of int
        Shape of one sample, without the batch: (height, width, channels) for images.
    name : str, optional
        Unique within a model.
    dtype : {"float32", "float64"}
        Of the input.

    Returns
    -------
    Tensor
        To be passed to layers, and to `Model` as its input; or the first in a `Sequential`'s list.

    Examples
    --------
    >>> from striate import Input, Model, layers
    >>> image = Input((28, 28, 1))
    >>> x = layers.Conv2D(8, 3, activation="relu")(image)
    >>> x = layers.GlobalAveragePooling2D()(x)
    >>> Model(image, layers.Dense(10, activation="softmax")(x)).output_shape
    (None, 10)
    """
    return InputLayer(shape, name=name, dtype=dtype).output


class Dense(AffineLayer):
    """Fully connected layer: ``activation(x @ kernel + bias)``.

    Parameters
    ----------
    units : int
        Size of the output.
    activation : str, optional
        Name of an activation.
    use_bias : bool
        Whether a bias is added.
    kernel_initializer, bias_initializer : str or Initializer
        How the weights begin; see `striate.initializers`.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, ..., features), output (batch, ..., units). Weights: kernel (features, units) and bias (units,).
    """

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(activation, use_bias, kernel_initializer, bias_initializer, **kwargs)
        self.units = integer("units", units, 1)

    def kernel_shape(self, input_shape):
        """Return (features, units)."""
        return (input_shape[-1], self.units)

    def compute_output_shape(self, input_shape):
        """Return (batch, ..., units)."""
        if len(input_shape) < 2:
            raise ValueError(f"layer {self.label!r} got input of shape {tuple(input_shape)}; expected (batch, ..., features)")
        return (*input_shape[:-1], self.units)

    def call(self, x):
        """Multiply, add the bias and apply the activation."""
        return operations.activated(partial(operations.Dense, x, self.kernel, self.bias), self.activation)

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "units": self.units,
            **super().get_config(),
        }


class Flatten(Layer):
    """Make one vector of each sample.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, ...), output (batch, product of the other sizes).
    """

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
                f"layer {self.label!r} got input of shape {tuple(input_shape)}, {size} elements a sample; expected as many as "
                f"target_shape={self.target_shape} has"
            )
        return (input_shape[0], *[size // known if n < 0 else n for n in self.target_shape])

    def call(self, x):
        """Reshape."""
        return operations.Reshape(x, self.compute_output_shape(x.shape)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"target_shape": self.target_shape, **super().get_config()}

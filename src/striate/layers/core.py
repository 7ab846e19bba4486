"""Input, fully connected and reshaping layers."""

import math

from .. import functional as F
from .._checks import integer
from ..functional.activations import activation_backward_input
from .affine import AffineLayer
from .base import Layer


class Input(Layer):
    """The shape of a model's input: the first in a `Sequential`'s list of layers.

    Parameters
    ----------
    shape : tuple of int
        Shape of one sample, without the batch: (height, width, channels) for images.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, shape, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(shape, (tuple, list)) or not shape:
            raise ValueError(
                f"shape={shape!r} is not the shape of a sample; expected a tuple such as (height, width, channels)"
            )
        self.shape = tuple(integer(f"shape[{i}]", size, 1) for i, size in enumerate(shape))

    def compute_output_shape(self, input_shape):
        """Return the input's shape, which must be the layer's."""
        if tuple(input_shape[1:]) != self.shape:
            raise ValueError(f"x has samples of shape {tuple(input_shape[1:])}; expected the model's input shape {self.shape}")
        return input_shape

    def forward(self, x, *, training, rng):
        """Pass `x` on."""
        return x, None

    def backward(self, dy, saved, *, input_gradient=True):
        """Pass `dy` on."""
        return dy, []

    def get_config(self):
        """Return the constructor's arguments."""
        return {"shape": self.shape, **super().get_config()}


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
            raise ValueError(
                f"layer {self.name or 'Dense'!r} got input of shape {tuple(input_shape)}; expected (batch, ..., features)"
            )
        return (*input_shape[:-1], self.units)

    def forward(self, x, *, training, rng):
        """Multiply, add the bias and apply the activation."""
        y, activated = self.activated(F.dense, x)
        return y, (x, activated)

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradients of input, kernel and bias."""
        x, activated = saved
        dy = activation_backward_input(self.activation, dy, activated)
        gradients = [F.dense_backward_kernel(dy, x)]
        if self.use_bias:
            gradients.append(F.dense_backward_bias(dy))
        return F.dense_backward_input(dy, self.kernel.value) if input_gradient else None, gradients

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

    def forward(self, x, *, training, rng):
        """Flatten."""
        return F.flatten(x), x.shape

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradient of the input."""
        return F.flatten_backward_input(dy, saved), []

"""What layers with a kernel and a bias share."""

from .. import initializers
from ..functional.activations import check_activation
from .base import Layer


class AffineLayer(Layer):
    """A layer that multiplies by a kernel, adds a bias and applies an activation. A subclass defines `kernel_shape`.

    Parameters
    ----------
    activation : str, optional
        Name of an activation.
    use_bias : bool
        Whether a bias is added.
    kernel_initializer, bias_initializer : str or Initializer
        How the weights begin; see `striate.initializers`.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(**kwargs)
        self.activation = check_activation(activation)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel = None
        self.bias = None

    def kernel_shape(self, input_shape):
        """Return the kernel's shape, the outputs last, for inputs of a shape."""
        raise TypeError(f"{type(self).__name__} does not define kernel_shape; expected a layer that does")

    def bias_shape(self, input_shape):
        """Return the bias's shape."""
        return self.kernel_shape(input_shape)[-1:]

    def build(self, input_shape, rng):
        """Make kernel and bias."""
        self.kernel = self.add_weight("kernel", self.kernel_shape(input_shape), self.kernel_initializer, rng)
        if self.use_bias:
            self.bias = self.add_weight("bias", self.bias_shape(input_shape), self.bias_initializer, rng)

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "activation": self.activation,
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            **super().get_config(),
        }

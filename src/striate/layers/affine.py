"""What layers with a kernel and a bias share."""

from .. import activations, constraints, initializers, regularizers
from .base import Layer


class AffineLayer(Layer):
    """A layer that multiplies by a kernel, adds a bias and applies an activation. A subclass defines `kernel_shape`.

    Parameters
    ----------
    activation : str or callable, optional
        Name of an activation, or a function: see `striate.activations`.
    use_bias : bool
        Whether a bias is added.
    kernel_initializer, bias_initializer : str or Initializer
        How the weights begin; see `striate.initializers`.
    kernel_regularizer, bias_regularizer : str or Regularizer, optional
        Penalties on the weights; see `striate.regularizers`.
    kernel_constraint, bias_constraint : str or Constraint, optional
        What is done to the weights after each step; see `striate.constraints`.
    name, trainable, dtype
        See `Layer`.
    """

    kernel_name = "kernel"  # of its arguments

    def __init__(
        self,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.kernel = None
        self.bias = None

    def kernel_shape(self, input_shape):
        """Return the kernel's shape, the outputs last, for inputs of a shape."""
        raise TypeError(f"{type(self).__name__} does not define kernel_shape; expected a layer that does")

    def bias_shape(self, input_shape):
        """Return the bias's shape."""
        return self.kernel_shape(input_shape)[-1:]

    def build(self, input_shape):
        """Make kernel and bias."""
        self.kernel = self.add_weight(
            self.kernel_shape(input_shape), self.kernel_initializer, regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint, name="kernel",
        )  # fmt: skip
        if self.use_bias:
            self.bias = self.add_weight(
                self.bias_shape(input_shape), self.bias_initializer, regularizer=self.bias_regularizer,
                constraint=self.bias_constraint, name="bias",
            )  # fmt: skip

    def get_config(self):
        """Return the constructor's arguments."""
        config = {"activation": activations.serialize(self.activation), "use_bias": self.use_bias}
        for name, prefix in (("kernel", self.kernel_name), ("bias", "bias")):
            config[f"{prefix}_initializer"] = initializers.serialize(getattr(self, f"{name}_initializer"))
            config[f"{prefix}_regularizer"] = regularizers.serialize(getattr(self, f"{name}_regularizer"))
            config[f"{prefix}_constraint"] = constraints.serialize(getattr(self, f"{name}_constraint"))
        return {**config, **super().get_config()}

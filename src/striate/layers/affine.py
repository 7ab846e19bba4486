"""The base class of layers with a kernel and a bias."""

from .. import activations
from .._common.checks import boolean
from .base import Layer
from .weight_settings import ActivationSetting, make_weight, set_weight, weight_config

#: Docstring section for layers with a kernel and a bias.
WEIGHTS_DOC = """
    Parameters
    ----------
    activation : str or callable, optional
        Name of an activation, or a function; see `striate.activations`.
    use_bias : bool
        Whether a bias is added.
    kernel_initializer, bias_initializer : str or Initializer
        Initial values of the weights; see `striate.initializers`.
    kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint : optional
        Penalties on the weights, and constraints applied to them after each step; see `striate.regularizers` and
        `striate.constraints`.
    activity_regularizer, name, trainable, dtype
        See `Layer`.
    """


class AffineLayer(Layer):
    """A layer that multiplies by a kernel, adds a bias and applies an activation. A subclass defines `kernel_shape`.

    Parameters
    ----------
    activation : str or callable, optional
        Name of an activation, or a function; see `striate.activations`.
    use_bias : bool
        Whether a bias is added.
    kernel_initializer, bias_initializer : str or Initializer
        Initial values of the weights; see `striate.initializers`.
    kernel_regularizer, bias_regularizer : str or Regularizer, optional
        Penalties on the weights; see `striate.regularizers`.
    kernel_constraint, bias_constraint : str or Constraint, optional
        Constraints applied to the weights after each step; see `striate.constraints`.
    name, trainable, dtype
        See `Layer`.
    """

    activation = ActivationSetting()
    kernel_name = "kernel"  # Prefix of the arguments that concern the kernel, such as `kernel_initializer`.

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
        self.activation = activation
        self.use_bias = boolean("use_bias", use_bias)
        set_weight(self, "kernel", kernel_initializer, kernel_regularizer, kernel_constraint, self.kernel_name)
        set_weight(self, "bias", bias_initializer, bias_regularizer, bias_constraint)
        self.kernel = None
        self.bias = None

    def kernel_shape(self, input_shape):
        """Return the kernel's shape, with the output channels last, for inputs of a shape."""
        raise TypeError(f"{type(self).__name__} does not define kernel_shape; expected a layer that does")

    def bias_shape(self, input_shape):
        """Return the bias's shape."""
        return self.kernel_shape(input_shape)[-1:]

    def make_kernel(self, shape):
        """Make the kernel."""
        return make_weight(self, "kernel", shape)

    def build(self, input_shape):
        """Make kernel and bias."""
        self.kernel = self.make_kernel(self.kernel_shape(input_shape))
        if self.use_bias:
            self.bias = make_weight(self, "bias", self.bias_shape(input_shape))

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "activation": activations.serialize(self._activation),
            "use_bias": self.use_bias,
            **weight_config(self, "kernel", self.kernel_name),
            **weight_config(self, "bias"),
            **super().get_config(),
        }

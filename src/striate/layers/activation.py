"""Activation layers."""

from .. import functional as F
from .._checks import integer, number
from ..engine import operations
from ..functional.activations import check_activation
from .base import Elementwise, Layer


class Activation(Elementwise):
    """An activation by name.

    Parameters
    ----------
    activation : str
        Name of an activation: that of any in `striate.functional`, "gelu_tanh" or "linear".
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = check_activation(activation)

    def call(self, x):
        """Apply the activation."""
        return x if self.activation == "linear" else operations.Activation(x, self.activation).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"activation": self.activation, **super().get_config()}


class ReLU(Elementwise):
    """Rectified linear unit, ``max(x, 0)``, or leaky with a slope left of zero.

    Parameters
    ----------
    negative_slope : float
        Slope left of zero, at least 0.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, negative_slope=0.0, **kwargs):
        super().__init__(**kwargs)
        self.negative_slope = number("negative_slope", negative_slope, 0)

    def call(self, x):
        """Apply the activation."""
        return operations.Activation(x, "leaky_relu" if self.negative_slope else "relu", self.negative_slope).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"negative_slope": self.negative_slope, **super().get_config()}


class Softmax(Layer):
    """Softmax along an axis: probabilities that sum to one.

    Parameters
    ----------
    axis : int
        Axis that sums to one.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = integer("axis", axis)

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        if not -len(input_shape) <= self.axis < len(input_shape):
            raise ValueError(f"axis={self.axis} is out of range; expected an axis of the input, shape {tuple(input_shape)}")
        return input_shape

    def call(self, x):
        """Apply the softmax."""
        return operations.Activation(x, "softmax").y if self.axis in (-1, len(x.shape) - 1) else super().call(x)

    def forward(self, x, *, training, rng):
        """Apply the softmax along an axis that is not the last."""
        y = F.softmax(x, axis=self.axis)
        return y, y

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradient of the input."""
        return F.softmax_backward_input(dy, saved, axis=self.axis) if input_gradient else None, []

    def get_config(self):
        """Return the constructor's arguments."""
        return {"axis": self.axis, **super().get_config()}

"""Activation layers."""

import numpy as np

from .. import functional as F
from .._checks import integer, number
from ..functional.activations import FROM_INPUT, activate, activation_backward_input, check_activation
from .base import Layer


class Activation(Layer):
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

    def forward(self, x, *, training, rng):
        """Apply the activation."""
        x = np.ascontiguousarray(x)
        y = activate(self.activation, x)
        return y, x if self.activation in FROM_INPUT else y

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradient of the input."""
        return activation_backward_input(self.activation, dy, saved) if input_gradient else None, []

    def get_config(self):
        """Return the constructor's arguments."""
        return {"activation": self.activation, **super().get_config()}


class ReLU(Layer):
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

    def forward(self, x, *, training, rng):
        """Apply the activation."""
        return (F.leaky_relu(x, self.negative_slope) if self.negative_slope else F.relu(x)), x

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradient of the input."""
        if not input_gradient:
            return None, []
        if self.negative_slope:
            return F.leaky_relu_backward_input(dy, saved, self.negative_slope), []
        return F.relu_backward_input(dy, saved), []

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

    def forward(self, x, *, training, rng):
        """Apply the softmax."""
        y = F.softmax(x, axis=self.axis)
        return y, y

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradient of the input."""
        return F.softmax_backward_input(dy, saved, axis=self.axis) if input_gradient else None, []

    def get_config(self):
        """Return the constructor's arguments."""
        return {"axis": self.axis, **super().get_config()}

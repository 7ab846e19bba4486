"""Activation functions, as operations or fused into the operation before."""

from ...functional.activation_table import KERNELS, epilogue, without_slope
from ...kernels import bindings
from ..graph import Value
from ..operators import apply, defines_activations_of
from .base import GraphOperation


class ActivationFunction(GraphOperation):
    """An activation function; softmax is along the last axis.

    Parameters
    ----------
    x : Value
        Input.
    name : str
        Name of the activation in `striate.functional`.
    alpha : float, optional
        Factor of the part below zero of "leaky_relu" and "elu"; the activation's default if None.
    """

    in_place = ("x",)

    def __init__(self, x, name, alpha=None):
        super().__init__((x,), x.shape)
        self.alpha = KERNELS[name].alpha if alpha is None else alpha
        self.name = without_slope(name, self.alpha)

    @property
    def samplewise(self):
        """Whether a sample is more than one number."""
        return len(self.y.shape) > 1

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        if dy.graph.twice and self.name in _SMOOTH:
            return [_SMOOTH[self.name](dy, self.inputs.x, self.y)]
        return [ActivationGradient(dy, saved_for(self), self.name, self.alpha).y]

    def lower(self, lowering):
        """Append the kernel call."""
        x = self.inputs.x
        settings = {"columns": row_size(x), "activation": self.name, "alpha": self.alpha}
        bindings.activation_forward(lowering.array(x), lowering.array(self.y), **settings, **lowering.target)

    def describe(self):
        """Return the activation's name."""
        return self.name


@defines_activations_of(Value)
def activation_of_value(x, name, alpha=None):
    """Return the activation of a value, in the value's dtype if that is a float."""
    if name == "linear":
        return x
    y = ActivationFunction(x, name, alpha).y
    return y.cast(x.dtype) if x.dtype.kind == "f" else y


class ActivationGradient(GraphOperation):
    """Gradient of the input of an activation function.

    Parameters
    ----------
    dy : Value
        Gradient of the output.
    saved : Value
        The activation's input or output; see `saved_for`.
    name, alpha
        As in `ActivationFunction`.
    """

    reads = ("dy", "saved")
    in_place = ("dy",)

    def __init__(self, dy, saved, name, alpha):
        super().__init__((dy, saved), dy.shape)
        self.name = name
        self.alpha = alpha

    def gradient(self, dy, wanted):
        """Return the gradient of dy; that of the activation's input or output is 0 where the activation is piecewise linear."""
        if not KERNELS[self.name].fused:
            raise TypeError(
                f"the gradient of {self.name!r}, computed for layer {self.layer!r}, has no gradient; expected one of "
                f"{sorted([*_SMOOTH, 'relu', 'relu6', 'leaky_relu'])}"
            )
        return [ActivationGradient(dy, self.inputs.saved, self.name, self.alpha).y if wanted.dy else None, None]

    def lower(self, lowering):
        """Append the kernel call."""
        dy, saved = self.inputs
        arrays = lowering.array(dy), lowering.array(saved), lowering.array(self.y)
        settings = {"columns": row_size(dy), "activation": self.name, "alpha": self.alpha}
        bindings.activation_backward(*arrays, **settings, **lowering.target)

    def describe(self):
        """Return the activation's name."""
        return self.name


def _silu_gradient(dy, x, y):
    slope = x._activate("sigmoid")
    return dy * (slope + y * (1 - slope))


#: Gradients of activations as functions that have gradients themselves, of dy, x and y.
_SMOOTH = {
    "exponential": lambda dy, x, y: dy * y,
    "log_softmax": lambda dy, x, y: dy - apply("exp", y) * apply("sum", dy, axis=-1, keepdims=True),
    "sigmoid": lambda dy, x, y: dy * y * (1 - y),
    "silu": _silu_gradient,
    "softmax": lambda dy, x, y: y * (dy - apply("sum", dy * y, axis=-1, keepdims=True)),
    "softplus": lambda dy, x, y: dy * x._activate("sigmoid"),
    "tanh": lambda dy, x, y: dy * (1 - y * y),
}


def row_size(value):
    """Return the size of a value's last axis, 1 for a scalar."""
    return value.shape[-1] if value.shape else 1


def saved_for(operation):
    """Return the value from which the gradient of an activation is computed: its output where that suffices, or its input.

    The output is preferred because other operations read it anyway. For a ReLU, or a leaky ReLU whose slope is not negative, it
    suffices because its sign tells that of the input.
    """
    from_input = KERNELS[operation.name].from_input or (operation.name == "leaky_relu" and operation.alpha < 0)
    return operation.inputs.x if from_input else operation.y


def with_activation(make, activation, **arguments):
    """Return the output of an operation followed by an activation, which is fused into the operation where that is possible.

    Parameters
    ----------
    make : callable
        Makes the operation; takes the `activation` and `negative_slope` that its kernel applies when it stores the result.
    activation : str, callable or None
        The activation's name, or a function of values.
    **arguments
        Arguments of `make`.
    """
    if callable(activation):
        return activation(make(**arguments).y)
    fused, slope, remaining = epilogue(activation)
    y = make(**arguments, activation=fused, negative_slope=slope).y
    return y if remaining == "linear" else ActivationFunction(y, remaining).y


def preactivation_gradient(operation, dy):
    """Return the pre-activation gradient of an operation with a fused activation; `dy` is the gradient of its output."""
    if operation.activation == "linear":
        return dy
    cheaper = cheaper_preactivation_gradient(operation, dy)
    return ActivationGradient(dy, operation.y, operation.activation, operation.negative_slope).y if cheaper is None else cheaper


def cheaper_preactivation_gradient(operation, dy):
    """Return the pre-activation gradient if the operation that computes `dy` has a cheaper way to it, or None."""
    if dy.producer is None or dy.graph.twice:
        return None
    return dy.producer.preactivation_gradient(operation.y, operation.activation, operation.negative_slope)

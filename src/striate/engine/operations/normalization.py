"""Normalization by the statistics of a batch, of a sample's groups of channels, and of neighbouring channels."""

from ...kernels import bindings
from .activation import cheaper_preactivation_gradient, preactivation_gradient
from .base import GraphOperation


class Moments(GraphOperation):
    """Mean and biased variance over all axes but the last: two outputs, which are undefined for an empty input."""

    def __init__(self, x):
        super().__init__((x,), x.shape[-1:], x.shape[-1:])

    def lower(self, lowering):
        """Append the kernel call, unless the input is empty."""
        if not self.inputs[0].nbytes:
            return
        arrays = lowering.array(self.inputs[0]), *map(lowering.array, self.outputs)
        bindings.moments(*arrays, lowering.threads, lowering.program)


class MovingMean(GraphOperation):
    """Move a variable towards a value: ``variable += (value - variable) (1 - momentum)``. Of an empty input, nothing changes.

    Parameters
    ----------
    value : Value
        Where to.
    variable : Variable
        What is moved.
    momentum : float
        Part of the variable that stays.
    """

    def __init__(self, value, variable, momentum):
        super().__init__((value, variable))
        self.momentum = momentum

    @property
    def changes(self):
        """The variable."""
        return (self.inputs[1].source,)

    def lower(self, lowering):
        """Append the kernel call."""
        value, variable = self.inputs
        if isinstance(value.producer, Moments) and not value.producer.inputs[0].nbytes:
            return
        bindings.moving_mean(lowering.own(variable), lowering.array(value), self.momentum, lowering.threads, lowering.program)


class BatchNormalization(GraphOperation):
    """``activation(gamma (x - mean) / sqrt(variance + epsilon) + beta + residual)`` along the last axis.

    Parameters
    ----------
    x : Value
        Input.
    mean, variance : Value or Variable
        `Moments` of x in training, moving means otherwise.
    gamma, beta : Variable, optional
        Scale and offset of each channel.
    residual : Value, of x's shape, optional
        Added before the activation.
    epsilon : float
        Added to the variance.
    training : bool
        Whether mean and variance are x's own, and change with it.
    activation : {"linear", "relu", "leaky_relu"}
        Applied to the result.
    negative_slope : float
        Of "leaky_relu".
    """

    in_place = (0, 5)

    def __init__(
        self, x, mean, variance, gamma=None, beta=None, residual=None, *,
        epsilon, training, activation="linear", negative_slope=0.0,
    ):  # fmt: skip
        super().__init__((x, mean, variance, gamma, beta, residual), x.shape)
        self.epsilon = epsilon
        self.training = training
        self.activation = activation
        self.negative_slope = negative_slope

    def gradient(self, dy, wanted):
        """Return the gradients of x, gamma, beta and the residual."""
        activation = self.activation, self.negative_slope
        if self.inputs[5] is not None or self.activation == "linear":
            dy, activation = preactivation_gradient(self, dy), ("linear", 0.0)
        elif (cheaper := cheaper_preactivation_gradient(self, dy)) is not None:
            dy, activation = cheaper, ("linear", 0.0)
        dx, dgamma, dbeta = BatchNormalizationGradient(dy, self, *activation).outputs
        return [
            dx if wanted[0] else None, None, None, dgamma if wanted[3] else None, dbeta if wanted[4] else None,
            dy if wanted[5] else None,
        ]  # fmt: skip

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = [lowering.array(value) for value in self.inputs]
        settings = self.epsilon, self.activation, self.negative_slope
        bindings.batch_normalization_forward(*arrays, lowering.array(self.y), *settings, lowering.threads, lowering.program)


class BatchNormalizationGradient(GraphOperation):
    """Gradients of x, gamma and beta, without a residual.

    Parameters
    ----------
    dy : Value
        Gradient with respect to the output of the activation.
    forward : BatchNormalization
        The operation that is differentiated.
    activation, negative_slope
        The activation; "linear" if `dy` is the pre-activation gradient.
    """

    in_place = (0, 1)

    def __init__(self, dy, forward, activation, negative_slope):
        x, mean, variance, gamma, beta, _ = forward.inputs
        super().__init__((dy, x, mean, variance, gamma, beta), x.shape, mean.shape, mean.shape)
        self.epsilon = forward.epsilon
        self.training = forward.training
        self.activation = activation
        self.negative_slope = negative_slope

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = [lowering.array(value) for value in (*self.inputs, *self.outputs)]
        bindings.batch_normalization_backward(
            *arrays, self.epsilon, self.training, self.activation, self.negative_slope, lowering.threads, lowering.program
        )


class GroupNormalization(GraphOperation):
    """``gamma (x - mean) / sqrt(variance + epsilon) + beta``, mean and variance of each sample's groups of channels.

    Parameters
    ----------
    x : Value
        Input.
    gamma, beta : Variable, optional
        Scale and offset of each channel.
    layout : tuple of int
        (samples, pixels, channels, groups) that x is taken as.
    epsilon : float
        Added to the variance.
    """

    def __init__(self, x, gamma, beta, *, layout, epsilon):
        super().__init__((x, gamma, beta), x.shape)
        self.layout = layout
        self.epsilon = epsilon

    def gradient(self, dy, wanted):
        """Return the gradients of x, gamma and beta."""
        dx, *others = GroupNormalizationGradient(dy, self).outputs
        return [dx if wanted[0] else None, *[each if want else None for each, want in zip(others, wanted[1:], strict=True)]]

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = *map(lowering.array, self.inputs), lowering.array(self.y)
        bindings.group_normalization_forward(*arrays, self.layout, self.epsilon, lowering.threads, lowering.program)


class GroupNormalizationGradient(GraphOperation):
    """Gradients of x, gamma and beta."""

    in_place = (0,)

    def __init__(self, dy, forward):
        x, gamma, beta = forward.inputs
        channels = next((each.shape for each in (gamma, beta) if each is not None), (forward.layout[2],))
        super().__init__((dy, x, gamma), x.shape, channels, channels)
        self.layout = forward.layout
        self.epsilon = forward.epsilon

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = [lowering.array(value) for value in (*self.inputs, *self.outputs)]
        bindings.group_normalization_backward(*arrays, self.layout, self.epsilon, lowering.threads, lowering.program)


class LocalResponseNormalization(GraphOperation):
    """``x (bias + alpha sum x²)^-beta``, the sum over neighbouring channels.

    Parameters
    ----------
    x : Value
        Input.
    depth_radius : int
        Neighbours on either side.
    parameters : tuple of float
        bias, alpha and beta.
    """

    def __init__(self, x, depth_radius, parameters):
        super().__init__((x,), x.shape)
        self.depth_radius = depth_radius
        self.parameters = parameters

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [LocalResponseNormalizationGradient(dy, self).y]

    def lower(self, lowering):
        """Append the kernel call."""
        x = lowering.array(self.inputs[0])
        channels, depth_radius, parameters = x.shape[-1], self.depth_radius, self.parameters
        y = lowering.array(self.y)
        bindings.local_response_normalization_forward(
            x, y, channels, depth_radius, parameters, lowering.threads, lowering.program
        )


class LocalResponseNormalizationGradient(GraphOperation):
    """Gradient of x."""

    def __init__(self, dy, forward):
        super().__init__((dy, forward.inputs[0]), dy.shape)
        self.forward = forward

    def lower(self, lowering):
        """Append the kernel call."""
        dy, x = map(lowering.array, self.inputs)
        depth_radius, parameters = self.forward.depth_radius, self.forward.parameters
        bindings.local_response_normalization_backward(
            dy, x, lowering.array(self.y), x.shape[-1], depth_radius, parameters, lowering.threads, lowering.program
        )

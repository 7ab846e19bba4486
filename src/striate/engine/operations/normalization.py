"""Normalization by the statistics of a batch, of a sample's groups of channels, and of neighbouring channels."""

from ...kernels import bindings
from .activation import cheaper_preactivation_gradient, preactivation_gradient
from .base import GraphOperation


class Moments(GraphOperation):
    """Mean and biased variance over all axes but the last, as two outputs; they are undefined for an empty input."""

    def __init__(self, x):
        super().__init__((x,), x.shape[-1:], x.shape[-1:])

    def lower(self, lowering):
        """Append the kernel call, unless the input is empty."""
        if self.inputs.x.nbytes:
            bindings.moments(*map(lowering.array, (*self.inputs, *self.outputs)), **lowering.target)


class MovingMean(GraphOperation):
    """The update of a moving mean, ``variable += (value - variable) (1 - momentum)``; moments of an empty input are ignored.

    Parameters
    ----------
    value : Value
        The new value.
    variable : Variable
        The moving mean.
    momentum : float
        Factor of the old moving mean.
    """

    reads = ("value", "variable")
    changed = ("variable",)

    def __init__(self, value, variable, momentum):
        super().__init__((value, variable))
        self.momentum = momentum

    def lower(self, lowering):
        """Append the kernel call, unless the value is a moment of an empty input."""
        value, variable = self.inputs
        if isinstance(value.producer, Moments) and not value.producer.inputs.x.nbytes:
            return
        bindings.moving_mean(lowering.own(variable), lowering.array(value), momentum=self.momentum, **lowering.target)


class BatchNormalization(GraphOperation):
    """``activation(gamma (x - mean) / sqrt(variance + epsilon) + beta + residual)`` along the last axis.

    Parameters
    ----------
    x : Value
        Input.
    mean, variance : Value or Variable
        `Moments` of x in training, moving means in prediction.
    gamma, beta : Variable, optional
        Scale and offset of each channel.
    residual : Value, shape of x, optional
        Added before the activation.
    epsilon : float
        Added to the variance.
    training : bool
        Whether mean and variance are those of x, so that the gradient of x flows through them, too.
    activation : {"linear", "relu", "relu6", "leaky_relu"}
        Applied to the result.
    negative_slope : float
        Slope of "leaky_relu" below zero.
    """

    reads = ("x", "mean", "variance", "gamma", "beta", "residual")
    in_place = ("x", "residual")

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
        if self.inputs.residual is not None or self.activation == "linear":
            dy, activation = preactivation_gradient(self, dy), ("linear", 0.0)
        elif (cheaper := cheaper_preactivation_gradient(self, dy)) is not None:
            dy, activation = cheaper, ("linear", 0.0)
        dx, dgamma, dbeta = BatchNormalizationGradient(dy, self, *activation).outputs
        return [
            dx if wanted.x else None, None, None, dgamma if wanted.gamma else None, dbeta if wanted.beta else None,
            dy if wanted.residual else None,
        ]  # fmt: skip

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = self.by_name(map(lowering.array, self.inputs))
        bindings.batch_normalization_forward(
            arrays.x,
            arrays.mean,
            arrays.variance,
            lowering.array(self.y),
            gamma=arrays.gamma,
            beta=arrays.beta,
            residual=arrays.residual,
            epsilon=self.epsilon,
            activation=self.activation,
            negative_slope=self.negative_slope,
            **lowering.target,
        )


class BatchNormalizationGradient(GraphOperation):
    """Gradients of x, gamma and beta of a batch normalization.

    Parameters
    ----------
    dy : Value
        Gradient of the output of `activation`.
    forward : BatchNormalization
        The operation that is differentiated.
    activation, negative_slope
        The fused activation, or "linear" if `dy` is the pre-activation gradient already.
    """

    reads = ("dy", "x", "mean", "variance", "gamma", "beta")
    in_place = ("dy", "x")

    def __init__(self, dy, forward, activation, negative_slope):
        x, mean, variance, gamma, beta, _ = forward.inputs
        super().__init__((dy, x, mean, variance, gamma, beta), x.shape, mean.shape, mean.shape)
        self.epsilon = forward.epsilon
        self.training = forward.training
        self.activation = activation
        self.negative_slope = negative_slope

    def lower(self, lowering):
        """Append the kernel call."""
        dy, x, mean, variance, gamma, beta = map(lowering.array, self.inputs)
        bindings.batch_normalization_backward(
            dy,
            x,
            mean,
            variance,
            *map(lowering.array, self.outputs),
            gamma=gamma,
            beta=beta,
            epsilon=self.epsilon,
            training=self.training,
            activation=self.activation,
            negative_slope=self.negative_slope,
            **lowering.target,
        )


class GroupNormalization(GraphOperation):
    """``gamma (x - mean) / sqrt(variance + epsilon) + beta``, with mean and variance of each group of channels of a sample.

    Parameters
    ----------
    x : Value
        Input.
    gamma, beta : Variable, optional
        Scale and offset of each channel.
    layout : tuple of int
        Numbers of samples, pixels, channels and groups, into which the elements of x are divided.
    epsilon : float
        Added to the variance.
    """

    reads = ("x", "gamma", "beta")

    def __init__(self, x, gamma, beta, *, layout, epsilon):
        super().__init__((x, gamma, beta), x.shape)
        self.layout = layout
        self.epsilon = epsilon

    def gradient(self, dy, wanted):
        """Return the gradients of x, gamma and beta."""
        gradients = GroupNormalizationGradient(dy, self).outputs
        return [gradient if each else None for each, gradient in zip(wanted, gradients, strict=True)]

    def lower(self, lowering):
        """Append the kernel call."""
        x, gamma, beta = map(lowering.array, self.inputs)
        settings = {"shape": self.layout, "epsilon": self.epsilon}
        bindings.group_normalization_forward(x, lowering.array(self.y), gamma=gamma, beta=beta, **settings, **lowering.target)


class GroupNormalizationGradient(GraphOperation):
    """Gradients of x, gamma and beta of a group normalization."""

    reads = ("dy", "x", "gamma")
    in_place = ("dy",)

    def __init__(self, dy, forward):
        x, gamma, beta = forward.inputs
        channels = next((each.shape for each in (gamma, beta) if each is not None), (forward.layout[2],))
        super().__init__((dy, x, gamma), x.shape, channels, channels)
        self.layout = forward.layout
        self.epsilon = forward.epsilon

    def lower(self, lowering):
        """Append the kernel call."""
        dy, x, gamma = map(lowering.array, self.inputs)
        gradients = map(lowering.array, self.outputs)
        settings = {"shape": self.layout, "epsilon": self.epsilon}
        bindings.group_normalization_backward(dy, x, *gradients, gamma=gamma, **settings, **lowering.target)


class LocalResponseNormalization(GraphOperation):
    """``x (bias + alpha sum(x²)) ** -beta``, where the sum is over neighbouring channels.

    Parameters
    ----------
    x : Value
        Input.
    depth_radius : int
        Number of neighbouring channels on either side.
    bias, alpha, beta : float
        Constants of the formula.
    """

    samplewise = True

    def __init__(self, x, depth_radius, bias, alpha, beta):
        super().__init__((x,), x.shape)
        self.settings = {
            "channels": x.shape[-1],
            "depth_radius": depth_radius,
            "bias": bias,
            "alpha": alpha,
            "beta": beta,
        }

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [LocalResponseNormalizationGradient(dy, self).y]

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        bindings.local_response_normalization_forward(*arrays, **self.settings, **lowering.target)


class LocalResponseNormalizationGradient(GraphOperation):
    """Gradient of x of a local response normalization."""

    reads = ("dy", "x")

    def __init__(self, dy, forward):
        super().__init__((dy, forward.inputs.x), dy.shape)
        self.settings = forward.settings

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = *map(lowering.array, self.inputs), lowering.array(self.y)
        bindings.local_response_normalization_backward(*arrays, **self.settings, **lowering.target)

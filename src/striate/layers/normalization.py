"""Normalization layers."""

from .. import initializers
from .._checks import integer, number
from ..engine import operations
from .base import Elementwise


class BatchNormalization(Elementwise):
    """Bring each channel to mean 0 and variance 1 over the batch, then scale and shift it by what is learned.

    In training with the batch's own statistics, which moving means follow; with those afterwards.

    Parameters
    ----------
    axis : int
        The channels' axis: the last.
    momentum : float
        Part of the moving means that each batch leaves as it is, at least 0 and at most 1.
    epsilon : float
        Added to the variance, above 0.
    center, scale : bool
        Whether there are an offset, `beta`, and a scale, `gamma`.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer : str or Initializer
        How the weights begin; see `striate.initializers`.
    name, trainable, dtype
        See `Layer`. A layer that is not trainable uses and keeps its moving means in training, too, as in Keras.

    Notes
    -----
    Input and output (batch, ..., channels). Weights, each (channels,): gamma, beta, moving_mean, moving_variance.

    References
    ----------
    .. [1] Ioffe, S. and Szegedy, C., "Batch normalization: accelerating deep network training by reducing internal covariate
       shift", ICML 2015, algorithms 1 and 2.
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.axis = integer("axis", axis)
        self.momentum = number("momentum", momentum, 0, 1)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)
        self.center = bool(center)
        self.scale = bool(scale)
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.gamma = self.beta = self.moving_mean = self.moving_variance = None

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        if len(input_shape) < 2 or self.axis not in (-1, len(input_shape) - 1):
            raise ValueError(
                f"layer {self.label!r} got input of shape {tuple(input_shape)} with axis={self.axis}; expected the last axis"
            )
        return input_shape

    def build(self, input_shape, rng):
        """Make scale, offset and moving means."""
        shape = input_shape[-1:]
        if self.scale:
            self.gamma = self.add_weight("gamma", shape, self.gamma_initializer, rng)
        if self.center:
            self.beta = self.add_weight("beta", shape, self.beta_initializer, rng)
        self.moving_mean = self.add_weight("moving_mean", shape, self.moving_mean_initializer, rng, trainable=False)
        self.moving_variance = self.add_weight("moving_variance", shape, self.moving_variance_initializer, rng, trainable=False)

    def call(self, x, *, training):
        """Normalize; in training also move the means."""
        training = training and self.trainable
        moving = self.moving_mean, self.moving_variance
        statistics = operations.Moments(x).outputs if training else moving
        if training:
            for value, variable in zip(statistics, moving, strict=True):
                operations.MovingMean(value, variable, self.momentum)
        return operations.BatchNormalization(x, *statistics, self.gamma, self.beta, epsilon=self.epsilon, training=training).y

    def get_config(self):
        """Return the constructor's arguments."""
        kinds = ("beta", "gamma", "moving_mean", "moving_variance")
        return {
            "axis": self.axis,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            **{f"{kind}_initializer": initializers.serialize(getattr(self, f"{kind}_initializer")) for kind in kinds},
            **super().get_config(),
        }


class LocalResponseNormalization(Elementwise):
    """Divide each element by a power of the sum of squares over neighbouring channels.

    ``y = x / (bias + alpha * sum x²) ** beta``, the sum over the `depth_radius` channels on either side and its own.

    Parameters
    ----------
    depth_radius : int
        Channels on either side that take part.
    bias, alpha, beta : float
        As above; the defaults are AlexNet's [1]_.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input and output (batch, ..., channels).

    References
    ----------
    .. [1] Krizhevsky, A. et al., "ImageNet classification with deep convolutional neural networks", NIPS 2012, section 3.3.
    """

    def __init__(self, depth_radius=2, bias=2.0, alpha=1e-4, beta=0.75, **kwargs):
        super().__init__(**kwargs)
        self.depth_radius = integer("depth_radius", depth_radius, 0)
        self.bias = number("bias", bias, 0, open_minimum=True)
        self.alpha = number("alpha", alpha, 0)
        self.beta = number("beta", beta, 0)

    def call(self, x):
        """Normalize."""
        return operations.LocalResponseNormalization(x, self.depth_radius, (self.bias, self.alpha, self.beta)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "depth_radius": self.depth_radius,
            "bias": self.bias,
            "alpha": self.alpha,
            "beta": self.beta,
            **super().get_config(),
        }

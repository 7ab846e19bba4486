"""Normalization layers."""

import math

from .. import initializers
from .._common.checks import axes, boolean, integer, number
from .._common.docstrings import documented
from ..engine import operations
from ..engine.operators import apply
from .base import Elementwise
from .batch_renormalization import checked_limits, make_statistics, renormalized
from .data_formats import with_axis_last, with_last_axis_at
from .shape_checks import channel_axis, check_channels
from .weight_settings import make_weight, set_weight, setting, weight_config

_SCALE_AND_OFFSET_DOC = """
    Parameters
    ----------
    epsilon : float
        Number above 0 that is added to the variance.
    center, scale : bool
        Whether there is a learned offset, `beta`, and a learned scale, `gamma`.
    beta_initializer, gamma_initializer : str or Initializer
        Initial values of the weights; see `striate.initializers`.
    beta_regularizer, gamma_regularizer : str or Regularizer, optional
        Penalties on the weights.
    beta_constraint, gamma_constraint : str or Constraint, optional
        Constraints applied to the weights after each step.
    name, trainable, dtype
        See `Layer`.
    """


class _ScaledAndShifted(Elementwise):
    """The base class of normalizations with a learned scale, `gamma`, and a learned offset, `beta`."""

    def __init__(
        self,
        epsilon,
        center,
        scale,
        beta_initializer="zeros",
        gamma_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)
        self.center = boolean("center", center)
        self.scale = boolean("scale", scale)
        set_weight(self, "beta", beta_initializer, beta_regularizer, beta_constraint)
        set_weight(self, "gamma", gamma_initializer, gamma_regularizer, gamma_constraint)
        self.gamma = self.beta = None

    def _make_scale_and_offset(self, shape):
        if self.scale:
            self.gamma = make_weight(self, "gamma", shape)
        if self.center:
            self.beta = make_weight(self, "beta", shape)

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            **weight_config(self, "beta"),
            **weight_config(self, "gamma"),
            **super().get_config(),
        }


class _AlongAxes(Elementwise):
    """The base class of normalizations along given axes."""

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axes("axis", axis)

    def _axes(self, input_shape):
        """Return the axes as non-negative indices in ascending order."""
        given = self.axis if isinstance(self.axis, list) else [self.axis]
        found = tuple(sorted(axis % len(input_shape) for axis in given if -len(input_shape) <= axis < len(input_shape)))
        if len(set(found)) < len(given) or 0 in found:
            got = f"input of shape {tuple(input_shape)} with axis={self.axis}"
            raise ValueError(f"layer {self.name!r} got {got}; expected axes of the input, other than the batch axis")
        return found

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        self._axes(input_shape)
        return input_shape

    def get_config(self):
        """Return the constructor's arguments."""
        return {"axis": self.axis, **super().get_config()}


@documented(_SCALE_AND_OFFSET_DOC)
class BatchNormalization(_ScaledAndShifted):
    """Normalize each channel to mean 0 and variance 1, then scale and shift it by learned weights.

    Training uses the mean and variance of the batch, and updates running statistics; inference uses the running statistics.

    Parameters
    ----------
    axis : int
        Axis of the channels; not the batch axis.
    momentum : float
        Weight of the old running statistics in each update, from 0 to 1.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer : str or Initializer
        Initial values of the weights and running statistics; see `striate.initializers`.
    renorm : bool
        Whether training corrects the normalized values by what running statistics would give: batch renormalization [2]_.
    renorm_clipping : dict, optional
        Limits of the corrections, as keys "rmin", "rmax" and "dmax"; none of those that are missing.
    renorm_momentum : float
        Weight of the old statistics in each update of those that corrections are computed from.
    synchronized : bool
        Accepted for compatibility with Keras, without effect: statistics are not spread over devices.
    name, trainable, dtype
        See `Layer`. As in Keras, a layer that is not trainable uses fixed running statistics in training, too.

    Notes
    -----
    Input and output (batch, ..., channels). Weights, each (channels,): gamma, beta, moving_mean, moving_variance; with `renorm`
    also moving_stddev, renorm_mean and renorm_stddev.

    References
    ----------
    .. [1] Ioffe, S. and Szegedy, C., "Batch normalization: accelerating deep network training by reducing internal covariate
       shift", ICML 2015, algorithms 1 and 2.
    .. [2] Ioffe, S., "Batch renormalization: towards reducing minibatch dependence in batch-normalized models", NIPS 2017,
       algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0], [2.0], [6.0]], np.float32)
    >>> layer = layers.BatchNormalization()
    >>> layer(x, training=True).round(3).ravel()
    array([-0.926, -0.463,  1.389], dtype=float32)
    >>> layer.moving_mean.numpy()
    array([0.03], dtype=float32)
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
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        synchronized=False,
        **kwargs,
    ):
        penalties = beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint
        super().__init__(epsilon, center, scale, beta_initializer, gamma_initializer, *penalties, **kwargs)
        self.renorm = boolean("renorm", renorm)
        self.renorm_clipping = checked_limits({} if renorm_clipping is None else renorm_clipping)
        self.renorm_momentum = number("renorm_momentum", renorm_momentum, 0, 1)
        self.axis = integer("axis", axis)
        self.momentum = number("momentum", momentum, 0, 1)
        self.moving_mean_initializer = setting("moving_mean_initializer", moving_mean_initializer)
        self.moving_variance_initializer = setting("moving_variance_initializer", moving_variance_initializer)
        self.moving_mean = self.moving_variance = None
        self.moving_stddev = self.renorm_mean = self.renorm_stddev = None

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        channel_axis(self, input_shape)
        return input_shape

    def build(self, input_shape):
        """Make scale, offset and running statistics."""
        shape = (input_shape[channel_axis(self, input_shape)],)
        self._make_scale_and_offset(shape)
        self.moving_mean = self.add_weight(shape, self.moving_mean_initializer, trainable=False, name="moving_mean")
        self.moving_variance = self.add_weight(shape, self.moving_variance_initializer, trainable=False, name="moving_variance")
        if self.renorm:
            make_statistics(self, shape)

    def call(self, x, *, training):
        """Normalize; in training, also update the running statistics."""
        axis = channel_axis(self, x.shape)
        x = with_axis_last(x, axis)
        training = training and self.trainable and not x.graph.fixed_statistics
        scale_and_offset = self.gamma, self.beta
        statistics = self.moving_mean, self.moving_variance
        if training:
            statistics = mean, variance = operations.Moments(x).outputs
            if not self.renorm:
                operations.MovingMean(mean, self.moving_mean, self.momentum)
                operations.MovingMean(variance, self.moving_variance, self.momentum)
            elif 0 not in x.shape:  # Nothing has no deviation to correct.
                scale_and_offset = renormalized(self, mean, variance)
        settings = {"epsilon": self.epsilon, "training": training}
        y = operations.BatchNormalization(x, *statistics, *scale_and_offset, **settings).y
        return with_last_axis_at(y, axis)

    def get_config(self):
        """Return the constructor's arguments."""
        renorm = {"renorm": True, "renorm_clipping": self.renorm_clipping, "renorm_momentum": self.renorm_momentum}
        return {
            "axis": self.axis,
            "momentum": self.momentum,
            "moving_mean_initializer": initializers.serialize(self.moving_mean_initializer),
            "moving_variance_initializer": initializers.serialize(self.moving_variance_initializer),
            **(renorm if self.renorm else {}),
            **super().get_config(),
        }


@documented(_SCALE_AND_OFFSET_DOC)
class LayerNormalization(_ScaledAndShifted, _AlongAxes):
    """Normalize each sample to mean 0 and variance 1 along some axes, then scale and shift it by learned weights.

    Parameters
    ----------
    axis : int or list of int
        Axes of the mean and variance; not the batch axis. Other axes than the last ones are moved to the end and back.
    rms_scaling : bool
        Whether to only divide by the standard deviation and scale, without a mean and `beta`; for old models, as
        `RMSNormalization` divides by the root mean square.

    Notes
    -----
    Input and output (batch, ..., features). Weights: gamma and beta, each with the sizes of the axes, in ascending order.

    References
    ----------
    .. [1] Ba, J., Kiros, J. and Hinton, G., "Layer normalization", 2016, equation 4.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0, 3.0, 6.0]], np.float32)
    >>> layers.LayerNormalization()(x).round(3)
    array([[-1.069, -0.534,  0.   ,  1.603]], dtype=float32)
    """

    fixed_arguments = ("rms_scaling",)

    def __init__(self, axis=-1, epsilon=1e-3, center=True, scale=True, *weights, rms_scaling=False, **kwargs):
        super().__init__(epsilon, center, scale, *weights, axis=axis, **kwargs)
        self.rms_scaling = boolean("rms_scaling", rms_scaling)

    def build(self, input_shape):
        """Make scale and offset."""
        shape = [input_shape[axis] for axis in self._axes(input_shape)]
        if self.rms_scaling:
            self.gamma = make_weight(self, "gamma", shape)
        else:
            self._make_scale_and_offset(shape)

    def call(self, x):
        """Normalize."""
        axes = self._axes(x.shape)
        if self.rms_scaling:
            return self._divided_by_deviation(x, axes)
        last = tuple(range(len(x.shape) - len(axes), len(x.shape)))
        order = [axis for axis in range(len(x.shape)) if axis not in axes] + list(axes)
        moved = x if axes == last else apply("transpose", x, axes=order)
        features = math.prod(x.shape[axis] for axis in axes)
        layout = math.prod(x.shape) // features, 1, features, 1
        y = operations.GroupNormalization(moved, self.gamma, self.beta, layout=layout, epsilon=self.epsilon).y
        return y if axes == last else apply("transpose", y, axes=sorted(range(len(order)), key=order.__getitem__))

    def _divided_by_deviation(self, x, axes):
        """Return ``x gamma / sqrt(variance + epsilon)``."""
        shape = [size if i in axes else 1 for i, size in enumerate(x.shape)]
        difference = apply("subtract", x, apply("mean", x, axis=axes, keepdims=True))
        variance = apply("mean", apply("square", difference), axis=axes, keepdims=True)
        factor = apply("rsqrt", apply("add", variance, self.epsilon))
        return apply("multiply", apply("multiply", x, factor), apply("reshape", self.gamma, shape=shape))

    def get_config(self):
        """Return the constructor's arguments."""
        return {**({"rms_scaling": True} if self.rms_scaling else {}), **super().get_config()}


@documented(_SCALE_AND_OFFSET_DOC)
class GroupNormalization(_ScaledAndShifted):
    """Normalize groups of each sample's channels to mean 0 and variance 1, then scale and shift them by learned weights.

    Parameters
    ----------
    groups : int
        Number of groups of adjacent channels; -1 for one group per channel (instance normalization).
    axis : int
        Axis of the channels; not the batch axis.

    Notes
    -----
    Input and output (batch, ..., channels). Weights, each (channels,): gamma and beta.

    References
    ----------
    .. [1] Wu, Y. and He, K., "Group normalization", ECCV 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0, 3.0, 6.0]], np.float32)
    >>> layers.GroupNormalization(groups=2)(x).round(3)
    array([[-0.998,  0.998, -1.   ,  1.   ]], dtype=float32)
    """

    def __init__(self, groups=32, axis=-1, epsilon=1e-3, center=True, scale=True, **kwargs):
        super().__init__(epsilon, center, scale, **kwargs)
        self.groups = integer("groups", groups, -1)
        if not self.groups:
            raise ValueError("groups=0 is no number of groups; expected an integer of at least 1, or -1")
        self.axis = integer("axis", axis)

    def _groups(self, channels):
        """Return the number of groups for a number of channels."""
        groups = channels if self.groups == -1 else self.groups
        if channels % groups:
            raise ValueError(f"groups={self.groups} does not divide the {channels} channels of the input; expected a divisor")
        return groups

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        self._groups(check_channels(self, input_shape, channel_axis(self, input_shape)))
        return input_shape

    def build(self, input_shape):
        """Make scale and offset."""
        self._make_scale_and_offset((input_shape[channel_axis(self, input_shape)],))

    def call(self, x):
        """Normalize."""
        axis = channel_axis(self, x.shape)
        moved = with_axis_last(x, axis)
        layout = x.shape[0], math.prod(moved.shape[1:-1]), x.shape[axis], self._groups(x.shape[axis])
        y = operations.GroupNormalization(moved, self.gamma, self.beta, layout=layout, epsilon=self.epsilon).y
        return with_last_axis_at(y, axis)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"groups": self.groups, "axis": self.axis, **super().get_config()}


class RMSNormalization(_AlongAxes):
    """Divide by the root mean square along some axes, then scale by learned weights.

    Parameters
    ----------
    axis : int or list of int
        Axes of the mean square; not the batch axis.
    epsilon : float
        Number above 0 that is added to the mean square.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input and output (batch, ...). Weight: scale, with the sizes of the axes. Computed in NumPy.

    References
    ----------
    .. [1] Zhang, B. and Sennrich, R., "Root mean square layer normalization", NeurIPS 2019, equation 4.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0, 3.0, 6.0]], np.float32)
    >>> layers.RMSNormalization()(x).round(3)
    array([[0.283, 0.566, 0.849, 1.697]], dtype=float32)
    """

    def __init__(self, axis=-1, epsilon=1e-6, **kwargs):
        super().__init__(axis, **kwargs)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)
        self.scale = None

    def build(self, input_shape):
        """Make the scale."""
        self.scale = self.add_weight([input_shape[axis] for axis in self._axes(input_shape)], "ones", name="scale")

    def call(self, x):
        """Normalize."""
        axes = self._axes(x.shape)
        scale = apply("reshape", self.scale, shape=[size if i in axes else 1 for i, size in enumerate(x.shape)])
        mean = apply("mean", apply("square", x), axis=axes, keepdims=True)
        return apply("multiply", apply("multiply", x, apply("rsqrt", apply("add", mean, self.epsilon))), scale)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"epsilon": self.epsilon, **super().get_config()}


class UnitNormalization(_AlongAxes):
    """Scale vectors along some axes to length 1; vectors of length 0 stay unchanged.

    Parameters
    ----------
    axis : int or list of int
        Axes of the vectors; not the batch axis.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input and output (batch, ...). Computed in NumPy.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[3.0, 4.0]], np.float32)
    >>> layers.UnitNormalization()(x).round(3)
    array([[0.6, 0.8]], dtype=float32)
    """

    def call(self, x):
        """Normalize."""
        return scaled_to_unit_length(x, self._axes(x.shape))


class LocalResponseNormalization(Elementwise):
    """Divide each element by a power of the sum of squares over neighbouring channels.

    ``y = x / (bias + alpha * sum(x ** 2)) ** beta``, where the sum is over its channel and `depth_radius` on either side.

    Parameters
    ----------
    depth_radius : int
        Number of channels on either side, at least 0.
    bias, alpha, beta : float
        Constants of the formula, `bias` above 0, the others at least 0. The defaults are AlexNet's [1]_.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input and output (batch, ..., channels).

    References
    ----------
    .. [1] Krizhevsky, A. et al., "ImageNet classification with deep convolutional neural networks", NIPS 2012, section 3.3.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[[[1.0, 2.0, 3.0]]]], np.float32)
    >>> layers.LocalResponseNormalization(depth_radius=1)(x).round(3)
    array([[[[0.594, 1.189, 1.783]]]], dtype=float32)
    """

    def __init__(self, depth_radius=2, bias=2.0, alpha=1e-4, beta=0.75, **kwargs):
        super().__init__(**kwargs)
        self.depth_radius = integer("depth_radius", depth_radius, 0)
        self.bias = number("bias", bias, 0, open_minimum=True)
        self.alpha = number("alpha", alpha, 0)
        self.beta = number("beta", beta, 0)

    def call(self, x):
        """Normalize."""
        return operations.LocalResponseNormalization(x, self.depth_radius, self.bias, self.alpha, self.beta).y

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"depth_radius": self.depth_radius, "bias": self.bias, "alpha": self.alpha, "beta": self.beta}
        return {**own, **super().get_config()}


def scaled_to_unit_length(x, axes):
    """Return vectors along axes, scaled to length 1; they are divided by their length, or by 1e-12 if that is larger."""
    squares = apply("sum", apply("square", x), axis=axes, keepdims=True)
    return apply("multiply", x, apply("rsqrt", apply("maximum", squares, 1e-24)))

"""Activation layers."""

import math

import numpy as np

from .. import activations
from .._common.checks import axes, integer, integers, number
from ..engine import operations
from ..engine.operators import apply, defines_activations_of
from .base import Elementwise
from .masks import TakesMasks, masked_softmax
from .symbolic import Tensor
from .weight_settings import ActivationSetting, make_weight, set_weight, weight_config


class Activation(Elementwise):
    """Apply an activation function.

    Parameters
    ----------
    activation : str or callable
        Name of an activation, or a function: see `striate.activations`.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[-2.0, -0.5, 0.0, 3.0]], np.float32)
    >>> layers.Activation("relu")(x)
    array([[0., 0., 0., 3.]], dtype=float32)
    """

    activation = ActivationSetting()

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = activation

    def compute_output_shape(self, input_shape):
        """Return the input's shape, or for a function the shape of its result."""
        return self._infer_by_tracing(input_shape)[0] if self._shape_follows_from_call() else input_shape

    def _shape_follows_from_call(self):
        return not isinstance(self._activation, str)

    def call(self, x):
        """Apply the activation."""
        if not isinstance(self._activation, str):
            return self._activation(x)
        return x if self._activation == "linear" else operations.ActivationFunction(x, self._activation).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"activation": activations.serialize(self._activation), **super().get_config()}


class ReLU(Elementwise):
    """Rectified linear unit: ``min(x, max_value)`` above `threshold`, ``negative_slope * (x - threshold)`` elsewhere.

    Parameters
    ----------
    max_value : float, optional
        Upper limit of the output, at least 0; no limit if None.
    negative_slope : float
        Slope at and below the threshold, at least 0.
    threshold : float
        Value above which the output equals the input, at least 0.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    If `threshold` is 0 and `max_value` is None, or 6 with a `negative_slope` of 0, a kernel computes it, in place or as part of
    the previous layer; otherwise, it is computed in NumPy.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[-2.0, -0.5, 0.0, 3.0]], np.float32)
    >>> layers.ReLU(max_value=2)(x)
    array([[0., 0., 0., 2.]], dtype=float32)
    """

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        super().__init__(**kwargs)
        self.max_value = None if max_value is None else number("max_value", max_value, 0)
        self.negative_slope = number("negative_slope", negative_slope, 0)
        self.threshold = number("threshold", threshold, 0)

    def call(self, x):
        """Apply the activation."""
        return activations.relu(x, self.negative_slope, self.max_value, self.threshold)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"max_value": self.max_value, "negative_slope": self.negative_slope, "threshold": self.threshold}
        return {**own, **super().get_config()}


class LeakyReLU(Elementwise):
    """Leaky ReLU: ``x`` where it is positive, ``negative_slope * x`` elsewhere.

    Parameters
    ----------
    negative_slope : float
        Slope where `x` is not positive, at least 0.
    alpha : float, optional
        Alias that overrides `negative_slope`.
    name, trainable, dtype
        See `Layer`.

    References
    ----------
    .. [1] Maas, A. et al., "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[-2.0, -0.5, 0.0, 3.0]], np.float32)
    >>> layers.LeakyReLU(0.1)(x)
    array([[-0.2 , -0.05,  0.  ,  3.  ]], dtype=float32)
    """

    def __init__(self, negative_slope=0.3, *, alpha=None, **kwargs):
        super().__init__(**kwargs)
        given = ("negative_slope", negative_slope) if alpha is None else ("alpha", alpha)
        self.negative_slope = number(*given, 0)

    def call(self, x):
        """Apply the activation."""
        return operations.ActivationFunction(x, "leaky_relu", self.negative_slope).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"negative_slope": self.negative_slope, **super().get_config()}


class PReLU(Elementwise):
    """Parametric ReLU: ``x`` where it is positive, ``alpha * x`` elsewhere, with a learned alpha.

    Parameters
    ----------
    alpha_initializer : str or Initializer
        Initial value of alpha; see `striate.initializers`.
    alpha_regularizer, alpha_constraint : optional
        Penalty on alpha, and constraint applied to it after each step; see `striate.regularizers` and `striate.constraints`.
    shared_axes : sequence of int, optional
        Axes along which alpha is shared: (1, 2) for one alpha per channel of images.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input and output (batch, ...). Weight: alpha, with the shape of a sample, but size 1 along `shared_axes`.

    References
    ----------
    .. [1] He, K. et al., "Delving deep into rectifiers", ICCV 2015, section 2.1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import initializers, layers
    >>> x = np.array([[-2.0, -0.5, 0.0, 3.0]], np.float32)
    >>> layers.PReLU(alpha_initializer=initializers.Constant(0.5))(x)
    array([[-1.  , -0.25,  0.  ,  3.  ]], dtype=float32)
    """

    def __init__(self, alpha_initializer="zeros", alpha_regularizer=None, alpha_constraint=None, shared_axes=None, **kwargs):
        super().__init__(**kwargs)
        set_weight(self, "alpha", alpha_initializer, alpha_regularizer, alpha_constraint)
        if shared_axes is None:
            shared_axes = []
        elif not isinstance(shared_axes, (list, tuple)):
            shared_axes = [integer("shared_axes", shared_axes, 1)]
        self.shared_axes = integers("shared_axes", shared_axes, 1)
        self.alpha = None

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        if any(axis >= len(input_shape) for axis in self.shared_axes):
            raise ValueError(f"shared_axes={self.shared_axes} are out of range; expected axes of shape {tuple(input_shape)}")
        return input_shape

    def build(self, input_shape):
        """Make alpha."""
        shape = [1 if axis in self.shared_axes else input_shape[axis] for axis in range(1, len(input_shape))]
        self.alpha = make_weight(self, "alpha", shape)

    def call(self, x):
        """Apply the activation."""
        positive = operations.ActivationFunction(x, "relu").y
        negative = operations.Clip(x, -math.inf, 0.0).y
        # What is the same along the first axes is scaled as channels, without an alpha for each pixel.
        same = next((axis for axis, size in enumerate(self.alpha.shape) if size != 1), max(len(x.shape) - 2, 0))
        alpha = operations.broadcast(x.graph.value_of(self.alpha), (*(1,) * same, *x.shape[1 + same :]))
        scaled = operations.ScaleShift(negative, operations.Reshape(alpha, (math.prod(x.shape[1 + same :]),)).y).y
        return operations.Merge("add", (positive, scaled)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {**weight_config(self, "alpha"), "shared_axes": self.shared_axes or None, **super().get_config()}


class ELU(Elementwise):
    """Exponential linear unit: ``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere.

    Parameters
    ----------
    alpha : float
        Scale where `x` is not positive, at least 0.
    name, trainable, dtype
        See `Layer`.

    References
    ----------
    .. [1] Clevert, D.-A. et al., "Fast and accurate deep network learning by exponential linear units", ICLR 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[-2.0, -0.5, 0.0, 3.0]], np.float32)
    >>> layers.ELU()(x).round(3)
    array([[-0.865, -0.393,  0.   ,  3.   ]], dtype=float32)
    """

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self.alpha = number("alpha", alpha, 0)

    def call(self, x):
        """Apply the activation."""
        return operations.ActivationFunction(x, "elu", self.alpha).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"alpha": self.alpha, **super().get_config()}


class Softmax(TakesMasks, Elementwise):
    """Softmax over one or more axes: probabilities that sum to one.

    Parameters
    ----------
    axis : int or list of int
        Axis or axes over which the probabilities sum to one.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    A call may have a second argument, `mask`, an array or tensor of a shape that is broadcast to that of the input: where it is
    at most 1/2, elements are left out, and their probability is 0. A kernel computes the softmax over the last axis, NumPy over
    others.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0, 3.0]], np.float32)
    >>> layers.Softmax()(x).round(3)
    array([[0.09 , 0.245, 0.665]], dtype=float32)
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axes("axis", axis)

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        if any(not -len(input_shape) <= axis < len(input_shape) for axis in np.atleast_1d(self.axis)):
            raise ValueError(f"axis={self.axis} is out of range; expected an axis of the input, shape {tuple(input_shape)}")
        return input_shape

    def call(self, x, mask=None):
        """Apply the softmax."""
        if mask is None:
            return activations.softmax(x, self.axis)
        sizes = list(zip(np.shape(mask)[::-1], np.shape(x)[::-1], strict=False))
        if len(np.shape(mask)) > len(np.shape(x)) or any(size not in (1, known) for size, known in sizes):
            raise ValueError(f"mask has shape {np.shape(mask)}; expected one that is broadcast to {np.shape(x)}")
        return masked_softmax(x, apply("greater", mask, 0.5), self.axis)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"axis": self.axis, **super().get_config()}


@defines_activations_of(Tensor)
def activation_of_tensor(x, name, alpha=None):
    """Return an activation of a symbolic tensor: the output of a new layer."""
    if name == "linear":
        return x
    dtype = "float64" if x.dtype == "float64" else "float32"
    layer = Activation(name, dtype=dtype) if alpha is None else {"elu": ELU, "leaky_relu": LeakyReLU}[name](alpha, dtype=dtype)
    y = layer(x)
    return apply("cast", y, dtype=x.dtype) if x.dtype == "float16" else y

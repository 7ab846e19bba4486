"""Activations on arrays and their gradients: the rows of the table of activations that have kernels."""

from .._common.checks import boolean, number
from ._elementwise import along_axis, along_axis_backward, elementwise, elementwise_backward
from .activation_table import NEGATIVE_SLOPE, activation, gradient, gradient_along_axis, without_slope


@activation(fused=True)
def relu(x, *, out=None):
    """Rectified linear unit, ``max(x, 0)``.

    Returns
    -------
    ndarray of x's shape and dtype
        NaN where `x` is NaN.

    References
    ----------
    .. [1] Nair, V. and Hinton, G., "Rectified linear units improve restricted Boltzmann machines", ICML 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.relu(x)
    array([0., 0., 0., 1., 3.], dtype=float32)
    """
    return elementwise("relu", x, out)


@gradient
def relu_backward_input(dy, y, *, out=None):
    """Gradient of `relu` with respect to its input, ``dy`` where ``y > 0`` and 0 elsewhere.

    Parameters
    ----------
    y : ndarray of dy's shape and dtype
        Output. The input serves as well, since it is positive at the same elements.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.relu_backward_input(dy, F.relu(x))
    array([0., 0., 0., 1., 1.], dtype=float32)
    """
    return elementwise_backward("relu", dy, "y", y, out)


@activation(alpha=NEGATIVE_SLOPE, fused=True)
def leaky_relu(x, negative_slope=NEGATIVE_SLOPE, *, out=None):
    """Leaky rectified linear unit, ``x`` where it is positive and ``negative_slope * x`` elsewhere.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, `negative_slope` not a finite number, or `out` does not fit.

    References
    ----------
    .. [1] Maas, A. et al., "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.leaky_relu(x).round(3)
    array([-0.4, -0.1,  0. ,  1. ,  3. ], dtype=float32)
    """
    slope = number("negative_slope", negative_slope)
    return elementwise(without_slope("leaky_relu", slope), x, out, slope)


@gradient
def leaky_relu_backward_input(dy, x, negative_slope=NEGATIVE_SLOPE, *, out=None):
    """Gradient of `leaky_relu` with respect to its input.

    Parameters
    ----------
    x : ndarray of dy's shape and dtype
        Input. The output serves as well if the slope is above 0, since both have the same sign.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.leaky_relu_backward_input(dy, x).round(3)
    array([0.2, 0.2, 0.2, 1. , 1. ], dtype=float32)
    """
    slope = number("negative_slope", negative_slope)
    return elementwise_backward(without_slope("leaky_relu", slope), dy, "x", x, out, slope)


@activation(fused=True)
def relu6(x, *, out=None):
    """Rectified linear unit with a maximum of 6, ``min(max(x, 0), 6)``.

    References
    ----------
    .. [1] Howard, A. et al., "MobileNets: efficient convolutional neural networks for mobile vision applications",
       arXiv:1704.04861, 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 8.0], np.float32)
    >>> F.relu6(x)
    array([0., 0., 0., 1., 6.], dtype=float32)
    """
    return elementwise("relu6", x, out)


@gradient
def relu6_backward_input(dy, y, *, out=None):
    """Gradient of `relu6` with respect to its input, ``dy`` where ``0 < y < 6`` and 0 elsewhere.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 8.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.relu6_backward_input(dy, F.relu6(x))
    array([0., 0., 0., 1., 0.], dtype=float32)
    """
    return elementwise_backward("relu6", dy, "y", y, out)


@activation()
def elu(x, alpha=1.0, *, out=None):
    """Exponential linear unit, ``x`` where it is positive and ``alpha * (exp(x) - 1)`` elsewhere.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, `alpha` not a finite number of at least 0, or `out` does not fit.

    References
    ----------
    .. [1] Clevert, D.-A. et al., "Fast and accurate deep network learning by exponential linear units (ELUs)", ICLR 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.elu(x).round(3)
    array([-0.865, -0.393,  0.   ,  1.   ,  3.   ], dtype=float32)
    """
    return elementwise("elu", x, out, number("alpha", alpha, 0))


@gradient
def elu_backward_input(dy, y, alpha=1.0, *, out=None):
    """Gradient of `elu` with respect to its input, ``dy`` where ``y > 0`` and ``dy * (y + alpha)`` elsewhere.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.elu_backward_input(dy, F.elu(x)).round(3)
    array([0.135, 0.607, 1.   , 1.   , 1.   ], dtype=float32)
    """
    return elementwise_backward("elu", dy, "y", y, out, number("alpha", alpha, 0))


@activation()
def selu(x, *, out=None):
    """Scaled exponential linear unit, ``scale * elu(x, alpha)`` with scale 1.0507… and alpha 1.6732….

    References
    ----------
    .. [1] Klambauer, G. et al., "Self-normalizing neural networks", NeurIPS 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.selu(x).round(3)
    array([-1.52 , -0.692,  0.   ,  1.051,  3.152], dtype=float32)
    """
    return elementwise("selu", x, out)


@gradient
def selu_backward_input(dy, y, *, out=None):
    """Gradient of `selu` with respect to its input, ``dy * scale`` where ``y > 0``, ``dy * (y + scale * alpha)`` elsewhere.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.selu_backward_input(dy, F.selu(x)).round(3)
    array([0.238, 1.066, 1.758, 1.051, 1.051], dtype=float32)
    """
    return elementwise_backward("selu", dy, "y", y, out)


@activation()
def sigmoid(x, *, out=None):
    """Logistic sigmoid, ``1 / (1 + exp(-x))``.

    Returns
    -------
    ndarray of x's shape and dtype
        Between 0 and 1, without overflow for any x.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.sigmoid(x).round(3)
    array([0.119, 0.378, 0.5  , 0.731, 0.953], dtype=float32)
    """
    return elementwise("sigmoid", x, out)


@gradient
def sigmoid_backward_input(dy, y, *, out=None):
    """Gradient of `sigmoid` with respect to its input, ``dy * y * (1 - y)``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.sigmoid_backward_input(dy, F.sigmoid(x)).round(3)
    array([0.105, 0.235, 0.25 , 0.197, 0.045], dtype=float32)
    """
    return elementwise_backward("sigmoid", dy, "y", y, out)


@activation(fused_forward=True)
def hard_sigmoid(x, *, out=None):
    """Piecewise linear form of `sigmoid`, ``min(max(x + 3, 0), 6) / 6``.

    Returns
    -------
    ndarray of x's shape and dtype
        Between 0 and 1.

    References
    ----------
    .. [1] Howard, A. et al., "Searching for MobileNetV3", ICCV 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.hard_sigmoid(x).round(3)
    array([0.167, 0.417, 0.5  , 0.667, 1.   ], dtype=float32)
    """
    return elementwise("hard_sigmoid", x, out)


@gradient
def hard_sigmoid_backward_input(dy, y, *, out=None):
    """Gradient of `hard_sigmoid` with respect to its input, ``dy / 6`` where ``0 < y < 1`` and 0 elsewhere.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.hard_sigmoid_backward_input(dy, F.hard_sigmoid(x)).round(3)
    array([0.167, 0.167, 0.167, 0.167, 0.   ], dtype=float32)
    """
    return elementwise_backward("hard_sigmoid", dy, "y", y, out)


@activation()
def tanh(x, *, out=None):
    """Hyperbolic tangent.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.tanh(x).round(3)
    array([-0.964, -0.462,  0.   ,  0.762,  0.995], dtype=float32)
    """
    return elementwise("tanh", x, out)


@gradient
def tanh_backward_input(dy, y, *, out=None):
    """Gradient of `tanh` with respect to its input, ``dy * (1 - y²)``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.tanh_backward_input(dy, F.tanh(x)).round(3)
    array([0.071, 0.786, 1.   , 0.42 , 0.01 ], dtype=float32)
    """
    return elementwise_backward("tanh", dy, "y", y, out)


@activation()
def softplus(x, *, out=None):
    """Smooth form of `relu`, ``log(1 + exp(x))``.

    Returns
    -------
    ndarray of x's shape and dtype
        Without overflow for any x.

    References
    ----------
    .. [1] Dugas, C. et al., "Incorporating second-order functional knowledge for better option pricing", NeurIPS 2000.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.softplus(x).round(3)
    array([0.127, 0.474, 0.693, 1.313, 3.049], dtype=float32)
    """
    return elementwise("softplus", x, out)


@gradient
def softplus_backward_input(dy, y, *, out=None):
    """Gradient of `softplus` with respect to its input, ``dy * (1 - exp(-y))``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.softplus_backward_input(dy, F.softplus(x)).round(3)
    array([0.119, 0.378, 0.5  , 0.731, 0.953], dtype=float32)
    """
    return elementwise_backward("softplus", dy, "y", y, out)


@activation()
def softsign(x, *, out=None):
    """Softsign, ``x / (1 + |x|)``.

    Returns
    -------
    ndarray of x's shape and dtype
        Between -1 and 1.

    References
    ----------
    .. [1] Bergstra, J. et al., "Quadratic polynomials learn better image features", Technical report 1337, Université de
       Montréal, 2009.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.softsign(x).round(3)
    array([-0.667, -0.333,  0.   ,  0.5  ,  0.75 ], dtype=float32)
    """
    return elementwise("softsign", x, out)


@gradient
def softsign_backward_input(dy, y, *, out=None):
    """Gradient of `softsign` with respect to its input, ``dy * (1 - |y|)²``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 4.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.softsign_backward_input(dy, F.softsign(x)).round(3)
    array([0.111, 0.444, 1.   , 0.25 , 0.04 ], dtype=float32)
    """
    return elementwise_backward("softsign", dy, "y", y, out)


@activation()
def exponential(x, *, out=None):
    """Exponential function, ``exp(x)``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.exponential(x).round(3)
    array([ 0.135,  0.607,  1.   ,  2.718, 20.086], dtype=float32)
    """
    return elementwise("exponential", x, out)


@gradient
def exponential_backward_input(dy, y, *, out=None):
    """Gradient of `exponential` with respect to its input, ``dy * y``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.exponential_backward_input(dy, F.exponential(x)).round(3)
    array([ 0.135,  0.607,  1.   ,  2.718, 20.086], dtype=float32)
    """
    return elementwise_backward("exponential", dy, "y", y, out)


@activation(aliases=("swish",), from_input=True)
def silu(x, *, out=None):
    """Sigmoid linear unit or swish, ``x * sigmoid(x)``.

    References
    ----------
    .. [1] Elfwing, S. et al., "Sigmoid-weighted linear units for neural network function approximation in reinforcement
       learning", Neural Networks 107, 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.silu(x).round(3)
    array([-0.238, -0.189,  0.   ,  0.731,  2.858], dtype=float32)
    """
    return elementwise("silu", x, out)


@gradient
def silu_backward_input(dy, x, *, out=None):
    """Gradient of `silu` with respect to its input, ``dy * s * (1 + x * (1 - s))`` with s = sigmoid(x).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.silu_backward_input(dy, x).round(3)
    array([-0.091,  0.26 ,  0.5  ,  0.928,  1.088], dtype=float32)
    """
    return elementwise_backward("silu", dy, "x", x, out)


@activation(aliases=("hard_swish",), from_input=True, fused_forward=True)
def hard_silu(x, *, out=None):
    """Piecewise form of `silu` or hard swish, ``x * hard_sigmoid(x)``.

    References
    ----------
    .. [1] Howard, A. et al., "Searching for MobileNetV3", ICCV 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.hard_silu(x).round(3)
    array([-0.333, -0.208,  0.   ,  0.667,  3.   ], dtype=float32)
    """
    return elementwise("hard_silu", x, out)


@gradient
def hard_silu_backward_input(dy, x, *, out=None):
    """Gradient of `hard_silu` with respect to its input, ``dy * (x / 3 + 1 / 2)`` between -3 and 3, 0 below, ``dy`` above.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.hard_silu_backward_input(dy, x).round(3)
    array([-0.167,  0.333,  0.5  ,  0.833,  1.   ], dtype=float32)
    """
    return elementwise_backward("hard_silu", dy, "x", x, out)


@activation("gelu", "gelu_tanh", from_input=True)
def gelu(x, approximate=False, *, out=None):
    """Gaussian error linear unit, ``x * Φ(x)`` with ``Φ(x) = (1 + erf(x / sqrt(2))) / 2``.

    Parameters
    ----------
    approximate : bool
        Whether to compute the tanh approximation, ``x * (1 + tanh(sqrt(2 / π) * (x + 0.044715 * x³))) / 2``, which is called
        "gelu_tanh" as the name of an activation.

    Returns
    -------
    ndarray of x's shape and dtype
        Accurate far below zero, too, where ``1 + erf`` would cancel.

    References
    ----------
    .. [1] Hendrycks, D. and Gimpel, K., "Gaussian error linear units (GELUs)", arXiv:1606.08415, 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.gelu(x).round(3)
    array([-0.046, -0.154,  0.   ,  0.841,  2.996], dtype=float32)
    """
    return elementwise("gelu_tanh" if boolean("approximate", approximate) else "gelu", x, out)


@gradient
def gelu_backward_input(dy, x, approximate=False, *, out=None):
    """Gradient of `gelu` with respect to its input, ``dy * (Φ(x) + x * φ(x))``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.gelu_backward_input(dy, x).round(3)
    array([-0.085,  0.133,  0.5  ,  1.083,  1.012], dtype=float32)
    """
    return elementwise_backward("gelu_tanh" if boolean("approximate", approximate) else "gelu", dy, "x", x, out)


@activation(from_input=True)
def mish(x, *, out=None):
    """Mish, ``x * tanh(softplus(x))``.

    References
    ----------
    .. [1] Misra, D., "Mish: a self regularized non-monotonic activation function", BMVC 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> F.mish(x).round(3)
    array([-0.253, -0.221,  0.   ,  0.865,  2.987], dtype=float32)
    """
    return elementwise("mish", x, out)


@gradient
def mish_backward_input(dy, x, *, out=None):
    """Gradient of `mish` with respect to its input, ``dy * (t + x * (1 - t²) * sigmoid(x))`` with t = tanh(softplus(x)).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], np.float32)
    >>> dy = np.ones_like(x)
    >>> F.mish_backward_input(dy, x).round(3)
    array([-0.108,  0.29 ,  0.6  ,  1.049,  1.021], dtype=float32)
    """
    return elementwise_backward("mish", dy, "x", x, out)


@activation(along_axis=True)
def softmax(x, *, axis=-1, out=None):
    """Softmax, ``exp(x) / sum(exp(x))`` along an axis.

    Parameters
    ----------
    axis : int
        Axis along which the result sums to one.

    Returns
    -------
    ndarray of x's shape and dtype
        Probabilities, without overflow for any finite x.

    References
    ----------
    .. [1] Bridle, J., "Probabilistic interpretation of feedforward classification network outputs", 1990.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1.0, 2.0, 3.0]], np.float32)
    >>> F.softmax(x).round(3)
    array([[0.09 , 0.245, 0.665]], dtype=float32)
    """
    return along_axis("softmax", x, axis, out)


@gradient_along_axis
def softmax_backward_input(dy, y, *, axis=-1, out=None):
    """Gradient of `softmax` with respect to its input, ``y * (dy - sum(dy * y))``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1.0, 2.0, 3.0]], np.float32)
    >>> dy = np.array([[1.0, 0.0, 0.0]], np.float32)
    >>> F.softmax_backward_input(dy, F.softmax(x)).round(3)
    array([[ 0.082, -0.022, -0.06 ]], dtype=float32)
    """
    return along_axis_backward("softmax", dy, y, axis, out)


@activation(along_axis=True)
def log_softmax(x, *, axis=-1, out=None):
    """Logarithm of the softmax, ``x - log(sum(exp(x)))`` along an axis.

    Returns
    -------
    ndarray of x's shape and dtype
        Log-probabilities, accurate even where ``log(softmax(x))`` would be ``-inf``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1.0, 2.0, 3.0]], np.float32)
    >>> F.log_softmax(x).round(3)
    array([[-2.408, -1.408, -0.408]], dtype=float32)
    """
    return along_axis("log_softmax", x, axis, out)


@gradient_along_axis
def log_softmax_backward_input(dy, y, *, axis=-1, out=None):
    """Gradient of `log_softmax` with respect to its input, ``dy - exp(y) * sum(dy)``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1.0, 2.0, 3.0]], np.float32)
    >>> dy = np.array([[1.0, 0.0, 0.0]], np.float32)
    >>> F.log_softmax_backward_input(dy, F.log_softmax(x)).round(3)
    array([[ 0.91 , -0.245, -0.665]], dtype=float32)
    """
    return along_axis_backward("log_softmax", dy, y, axis, out)


__all__ = [
    "elu",
    "elu_backward_input",
    "exponential",
    "exponential_backward_input",
    "gelu",
    "gelu_backward_input",
    "hard_sigmoid",
    "hard_sigmoid_backward_input",
    "hard_silu",
    "hard_silu_backward_input",
    "leaky_relu",
    "leaky_relu_backward_input",
    "log_softmax",
    "log_softmax_backward_input",
    "mish",
    "mish_backward_input",
    "relu",
    "relu6",
    "relu6_backward_input",
    "relu_backward_input",
    "selu",
    "selu_backward_input",
    "sigmoid",
    "sigmoid_backward_input",
    "silu",
    "silu_backward_input",
    "softmax",
    "softmax_backward_input",
    "softplus",
    "softplus_backward_input",
    "softsign",
    "softsign_backward_input",
    "tanh",
    "tanh_backward_input",
]

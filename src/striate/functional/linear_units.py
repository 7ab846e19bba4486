"""Activations that pass large inputs on, such as `relu`, and their gradients."""

from .._checks import boolean, number
from .activations import NEGATIVE_SLOPE, elementwise, elementwise_backward, without_slope


def relu(x, *, out=None):
    """Rectified linear unit, ``max(x, 0)``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype
        NaN stays NaN.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Nair, V. and Hinton, G., "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
    """
    return elementwise("relu", x, out)


def relu_backward_input(dy, y, *, out=None):
    """Gradient of `relu` with respect to its input, ``dy`` where ``y > 0`` and 0 elsewhere.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    y : ndarray of dy's shape and dtype
        Output (or input: both have the same sign).
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return elementwise_backward("relu", dy, "y", y, out)


def leaky_relu(x, negative_slope=NEGATIVE_SLOPE, *, out=None):
    """Leaky rectified linear unit, ``x`` where it is positive and ``negative_slope * x`` elsewhere.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    negative_slope : float
        Slope left of zero.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, `negative_slope` not a finite number, or `out` does not fit.

    References
    ----------
    .. [1] Maas, A. et al., "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.
    """
    slope = number("negative_slope", negative_slope)
    return elementwise(without_slope("leaky_relu", slope), x, out, slope)


def leaky_relu_backward_input(dy, x, negative_slope=NEGATIVE_SLOPE, *, out=None):
    """Gradient of `leaky_relu` with respect to its input.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    x : ndarray of dy's shape and dtype
        Input (or, for a slope above 0, output: both have the same sign).
    negative_slope : float
        Slope left of zero.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    slope = number("negative_slope", negative_slope)
    return elementwise_backward(without_slope("leaky_relu", slope), dy, "x", x, out, slope)


def relu6(x, *, out=None):
    """Rectified linear unit that ends at 6, ``min(max(x, 0), 6)``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Howard, A. et al., "MobileNets: efficient convolutional neural networks for mobile vision applications",
       arXiv:1704.04861, 2017.
    """
    return elementwise("relu6", x, out)


def relu6_backward_input(dy, y, *, out=None):
    """Gradient of `relu6` with respect to its input, ``dy`` where ``0 < y < 6`` and 0 elsewhere.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    y : ndarray of dy's shape and dtype
        Output.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return elementwise_backward("relu6", dy, "y", y, out)


def elu(x, alpha=1.0, *, out=None):
    """Exponential linear unit, ``x`` where it is positive and ``alpha * (exp(x) - 1)`` elsewhere.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    alpha : float
        Limit below zero, negated; at least 0.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, `alpha` not a finite number of at least 0, or `out` does not fit.

    References
    ----------
    .. [1] Clevert, D.-A. et al., "Fast and accurate deep network learning by exponential linear units (ELUs)", ICLR 2016.
    """
    return elementwise("elu", x, out, number("alpha", alpha, 0))


def elu_backward_input(dy, y, alpha=1.0, *, out=None):
    """Gradient of `elu` with respect to its input, ``dy`` where ``y > 0`` and ``dy * (y + alpha)`` elsewhere.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    y : ndarray of dy's shape and dtype
        Output.
    alpha : float
        Limit below zero, negated; at least 0.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return elementwise_backward("elu", dy, "y", y, out, number("alpha", alpha, 0))


def selu(x, *, out=None):
    """Scaled exponential linear unit, ``scale * elu(x, alpha)`` with scale 1.0507… and alpha 1.6732….

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Klambauer, G. et al., "Self-normalizing neural networks", NeurIPS 2017.
    """
    return elementwise("selu", x, out)


def selu_backward_input(dy, y, *, out=None):
    """Gradient of `selu` with respect to its input, ``dy * scale`` where ``y > 0`` and ``dy * (y + scale * alpha)`` elsewhere.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    y : ndarray of dy's shape and dtype
        Output.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return elementwise_backward("selu", dy, "y", y, out)


def gelu(x, approximate=False, *, out=None):
    """Gaussian error linear unit, ``x * Φ(x)`` with ``Φ(x) = (1 + erf(x / sqrt(2))) / 2``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    approximate : bool
        Whether the tanh approximation is computed,
        ``x * (1 + tanh(sqrt(2 / π) * (x + 0.044715 * x³))) / 2``; as an activation by name "gelu_tanh".
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype
        Accurate far below zero too, where 1 + erf would cancel.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Hendrycks, D. and Gimpel, K., "Gaussian error linear units (GELUs)", arXiv:1606.08415, 2016.
    """
    return elementwise("gelu_tanh" if boolean("approximate", approximate) else "gelu", x, out)


def gelu_backward_input(dy, x, approximate=False, *, out=None):
    """Gradient of `gelu` with respect to its input, ``dy * (Φ(x) + x * φ(x))``.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    x : ndarray of dy's shape and dtype
        Input.
    approximate : bool
        Whether the tanh approximation was computed.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return elementwise_backward("gelu_tanh" if boolean("approximate", approximate) else "gelu", dy, "x", x, out)


def silu(x, *, out=None):
    """Sigmoid linear unit or swish, ``x * sigmoid(x)``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Elfwing, S. et al., "Sigmoid-weighted linear units for neural network function approximation in reinforcement
       learning", Neural Networks 107, 2018.
    """
    return elementwise("silu", x, out)


def silu_backward_input(dy, x, *, out=None):
    """Gradient of `silu` with respect to its input, ``dy * s * (1 + x * (1 - s))`` with s = sigmoid(x).

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    x : ndarray of dy's shape and dtype
        Input.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return elementwise_backward("silu", dy, "x", x, out)


def hard_silu(x, *, out=None):
    """Piecewise form of `silu` or hard swish, ``x * hard_sigmoid(x)``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Howard, A. et al., "Searching for MobileNetV3", ICCV 2019.
    """
    return elementwise("hard_silu", x, out)


def hard_silu_backward_input(dy, x, *, out=None):
    """Gradient of `hard_silu` with respect to its input, ``dy * (x / 3 + 1 / 2)`` between -3 and 3, 0 below and ``dy`` above.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    x : ndarray of dy's shape and dtype
        Input.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return elementwise_backward("hard_silu", dy, "x", x, out)


def mish(x, *, out=None):
    """Mish, ``x * tanh(softplus(x))``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Misra, D., "Mish: a self regularized non-monotonic activation function", BMVC 2020.
    """
    return elementwise("mish", x, out)


def mish_backward_input(dy, x, *, out=None):
    """Gradient of `mish` with respect to its input, ``dy * (t + x * (1 - t²) * sigmoid(x))`` with t = tanh(softplus(x)).

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    x : ndarray of dy's shape and dtype
        Input.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return elementwise_backward("mish", dy, "x", x, out)

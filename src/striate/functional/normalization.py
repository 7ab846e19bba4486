"""Batch normalization and local response normalization, and their gradients."""

import math

import numpy as np

from .._common.arrays import empty
from .._common.checks import boolean, check_shape, float_array, float_vectors, integer, number, output, shown, vector
from ..kernels import bindings
from ..threads import get_num_threads
from .activation_table import activation_in_place, epilogue


def moments(x):
    """Mean and variance of each channel, over all axes but the last.

    Parameters
    ----------
    x : ndarray of float32 or float64, shape (..., channels)
        Input, with at least one element per channel.

    Returns
    -------
    mean : ndarray of x's dtype, shape (channels,)
    variance : ndarray of x's dtype, shape (channels,)
        Biased variance, ``mean((x - mean(x))²)``. Partial sums are combined in float64 [1]_, and nothing cancels, however
        large the mean is: in float32, the variance is within two eps of the exact one.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or has no elements.

    References
    ----------
    .. [1] Chan, T. F., Golub, G. H. and LeVeque, R. J., "Updating formulae and a pairwise algorithm for computing sample
       variances", Technical report STAN-CS-79-773, Stanford University, 1979.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> F.moments(np.array([[1.0, 10.0], [3.0, 10.0]]))
    (array([ 2., 10.]), array([1., 0.]))
    """
    x = float_vectors("x", x, "channels")
    if math.prod(x.shape[:-1]) == 0:
        raise ValueError(f"x has shape {x.shape}; expected at least one element per channel")
    mean, variance = (empty(x.shape[-1:], x.dtype) for _ in range(2))
    if x.size:
        bindings.moments(x, mean, variance, threads=get_num_threads())
    return mean, variance


def batch_normalization(x, mean, variance, gamma=None, beta=None, *, residual=None, epsilon=1e-3, activation=None, out=None):
    """Normalize each channel with a mean and a variance, scale and shift it, and apply an activation.

    With the `moments` of the batch in training, and running averages of them in inference, this is batch normalization [1]_::

        y[..., c] = activation(gamma[c] * (x[..., c] - mean[c]) / sqrt(variance[c] + epsilon) + beta[c] + residual[..., c])

    Parameters
    ----------
    x : ndarray of float32 or float64, shape (..., channels)
        Input.
    mean : ndarray of x's dtype, shape (channels,)
        Mean of each channel.
    variance : ndarray of x's dtype, shape (channels,)
        Variance of each channel.
    gamma : ndarray of x's dtype, shape (channels,), optional
        Scale; ones if None.
    beta : ndarray of x's dtype, shape (channels,), optional
        Shift; zeros if None.
    residual : ndarray of x's shape and dtype, optional
        Added before the activation.
    epsilon : float
        Added to the variance, so that a constant channel is not divided by 0; at least 0.
    activation : str, optional
        As in `conv2d`.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError
        If an array is not float32 or float64, or the dtypes differ.
    ValueError
        If shapes or arguments do not fit together.

    References
    ----------
    .. [1] Ioffe, S. and Szegedy, C., "Batch normalization: accelerating deep network training by reducing internal covariate
       shift", ICML 2015, arXiv:1502.03167.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1.0, 10.0], [3.0, 10.0]])
    >>> F.batch_normalization(x, *F.moments(x), epsilon=0.1).round(2)
    array([[-0.95,  0.  ],
           [ 0.95,  0.  ]])
    """
    x = float_vectors("x", x, "channels")
    mean, variance, gamma, beta = _per_channel(("x", x), mean=mean, variance=variance, gamma=gamma, beta=beta)
    if residual is not None:
        residual = float_array("residual", residual, like=("x", x))
        check_shape("residual", residual, x.shape, "x")
    epsilon = number("epsilon", epsilon, 0)
    fused, slope, remaining = epilogue(activation)
    inputs = [array for array in (x, mean, variance, gamma, beta, residual) if array is not None]
    y = output(out, x.shape, x.dtype, inputs)
    if y.size:
        bindings.batch_normalization_forward(
            x,
            mean,
            variance,
            y,
            gamma=gamma,
            beta=beta,
            residual=residual,
            epsilon=epsilon,
            activation=fused,
            negative_slope=slope,
            threads=get_num_threads(),
        )
        activation_in_place(y, remaining)
    return y


def batch_normalization_backward(
    dy, x, mean, variance, gamma=None, beta=None, *, epsilon=1e-3, training=True, activation=None, out=None
):
    """Gradients of `batch_normalization` with respect to x, gamma and beta.

    With ``normalized = (x - mean) / sqrt(variance + epsilon)``, ``dz`` the pre-activation gradient, and sums and
    means over all axes but the last [1]_::

        dgamma = sum(dz * normalized)
        dbeta = sum(dz)
        dx = gamma / sqrt(variance + epsilon) * (dz - mean(dz) - normalized * mean(dz * normalized))     # training
        dx = gamma / sqrt(variance + epsilon) * dz                                                       # otherwise

    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (..., channels)
        Gradient with respect to the output.
    x : ndarray of dy's shape and dtype
        Input.
    mean : ndarray of dy's dtype, shape (channels,)
        As in `batch_normalization`.
    variance : ndarray of dy's dtype, shape (channels,)
        As in `batch_normalization`.
    gamma : ndarray of dy's dtype, shape (channels,), optional
        Scale; ones if None.
    beta : ndarray of dy's dtype, shape (channels,), optional
        Shift; zeros if None. Only the gradient of an activation depends on it.
    epsilon : float
        As in `batch_normalization`.
    training : bool
        Whether mean and variance are the `moments` of `x` and so depend on it; if not, they are constants.
    activation : {None, "linear", "relu", "relu6", "leaky_relu"}
        Activation of the output.
    out : ndarray, optional
        Where to write `dx`.

    Returns
    -------
    dx : ndarray of dy's shape and dtype
    dgamma : ndarray of dy's dtype, shape (channels,)
    dbeta : ndarray of dy's dtype, shape (channels,)

    Raises
    ------
    TypeError, ValueError
        As in `batch_normalization`.

    References
    ----------
    .. [1] Ioffe, S. and Szegedy, C., "Batch normalization: accelerating deep network training by reducing internal covariate
       shift", ICML 2015, arXiv:1502.03167, section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1.0], [2.0], [4.0]])
    >>> dy = np.array([[1.0], [0.0], [0.0]])
    >>> mean, variance = F.moments(x)
    >>> dx, dgamma, dbeta = F.batch_normalization_backward(dy, x, mean, variance)
    >>> dx.ravel().round(3), dgamma.round(3), dbeta
    (array([ 0.229, -0.343,  0.114]), array([-1.069]), array([1.]))
    """
    dy = float_vectors("dy", dy, "channels")
    x = _like_dy(x, dy)
    mean, variance, gamma, beta = _per_channel(("dy", dy), mean=mean, variance=variance, gamma=gamma, beta=beta)
    epsilon = number("epsilon", epsilon, 0)
    training = boolean("training", training)
    fused, slope, remaining = epilogue(activation)
    if remaining != "linear":
        raise ValueError(
            f"activation={shown(activation)} is not supported; expected None, 'linear', 'relu', 'relu6' or 'leaky_relu'"
        )
    dx = output(out, dy.shape, dy.dtype, [array for array in (dy, x, mean, variance, gamma, beta) if array is not None])
    dgamma, dbeta = (np.zeros(dy.shape[-1:], dy.dtype) for _ in range(2))
    if dx.size:
        bindings.batch_normalization_backward(
            dy,
            x,
            mean,
            variance,
            dx,
            dgamma,
            dbeta,
            gamma=gamma,
            beta=beta,
            epsilon=epsilon,
            training=training,
            activation=fused,
            negative_slope=slope,
            threads=get_num_threads(),
        )
    return dx, dgamma, dbeta


def local_response_normalization(x, depth_radius=5, *, bias=1.0, alpha=1.0, beta=0.5, out=None):
    """Divide each element by a power of the sum of squares of its neighbours in the channel axis.

    This is AlexNet's normalization across channels [1]_, with the parameters as TensorFlow defines them::

        y[..., c] = x[..., c] / (bias + alpha * sum over k of x[..., k]²) ** beta

    where ``k`` runs over the existing channels from ``c - depth_radius`` to ``c + depth_radius``. Caffe and PyTorch divide
    their alpha by the number of channels in this window; pass the quotient here.

    Parameters
    ----------
    x : ndarray of float32 or float64, shape (..., channels)
        Input.
    depth_radius : int
        Number of neighbours on either side.
    bias : float
        Offset, above 0.
    alpha : float
        Weight of the squares, at least 0.
    beta : float
        Exponent; 0.5 and 0.75 are faster than others.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or an argument is out of range.

    References
    ----------
    .. [1] Krizhevsky, A., Sutskever, I. and Hinton, G. E., "ImageNet classification with deep convolutional neural networks",
       NeurIPS 2012, section 3.3.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> F.local_response_normalization(np.array([[0.0, 1.0, 2.0, 2.0]]), 1, bias=4.0).round(3)
    array([[0.   , 0.333, 0.555, 0.577]])
    """
    x = float_vectors("x", x, "channels")
    settings = _check_local_response(x, depth_radius, bias, alpha, beta)
    y = output(out, x.shape, x.dtype, (x,))
    if y.size:
        bindings.local_response_normalization_forward(x, y, **settings, threads=get_num_threads())
    return y


def local_response_normalization_backward_input(dy, x, depth_radius=5, *, bias=1.0, alpha=1.0, beta=0.5, out=None):
    """Gradient of `local_response_normalization` with respect to its input.

    With ``s = bias + alpha * sum over k of x[..., k]²``, and ``k`` over the same channels as in the forward pass::

        dx[..., c] = dy[..., c] * s[..., c] ** -beta
                     - 2 * alpha * beta * x[..., c] * sum over k of dy[..., k] * x[..., k] * s[..., k] ** (-beta - 1)

    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (..., channels)
        Gradient with respect to the output.
    x : ndarray of dy's shape and dtype
        Input.
    depth_radius, bias, alpha, beta
        As in `local_response_normalization`.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of dy's shape and dtype

    Raises
    ------
    TypeError, ValueError
        As in `local_response_normalization`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[[[1.0, 2.0, 3.0]]]])
    >>> dy = np.ones_like(x)
    >>> F.local_response_normalization_backward_input(dy, x, depth_radius=1).round(4)
    array([[[[ 0.3058, -0.0613, -0.0078]]]])
    """
    dy = float_vectors("dy", dy, "channels")
    x = _like_dy(x, dy)
    settings = _check_local_response(x, depth_radius, bias, alpha, beta)
    dx = output(out, dy.shape, dy.dtype, (dy, x))
    if dx.size:
        bindings.local_response_normalization_backward(dy, x, dx, **settings, threads=get_num_threads())
    return dx


def _like_dy(x, dy):
    """Return `x` as a float array, after checking that it has the shape and dtype of `dy`."""
    x = float_array("x", x, like=("dy", dy))
    check_shape("dy", dy, x.shape, "x")
    return x


def _per_channel(like, **vectors):
    """Return arguments as arrays with one element for each channel of `like`; gamma and beta may be None."""
    return [
        None if value is None and name in ("gamma", "beta") else vector(name, value, like[1].shape[-1], "channels", like)
        for name, value in vectors.items()
    ]


def _check_local_response(x, depth_radius, bias, alpha, beta):
    """Return the arguments as the bindings take them; a radius beyond all channels becomes their number."""
    return {
        "channels": x.shape[-1],
        "depth_radius": min(integer("depth_radius", depth_radius, 0), x.shape[-1]),
        "bias": number("bias", bias, 0, open_minimum=True),
        "alpha": number("alpha", alpha, 0),
        "beta": number("beta", beta),
    }

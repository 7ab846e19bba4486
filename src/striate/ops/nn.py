"""Functions of neural networks."""

import math
import warnings

import numpy as np

from .. import activations
from .._common.checks import boolean, integer, number
from .._common.errors import explain_all
from .._common.names import public_attributes
from ..activations import functions
from ..activations.functions import *  # noqa: F403
from ..engine.dtypes import dtype_named
from ..engine.operators import Operators, apply
from ..losses.crossentropy import EPSILON, binary_entropy, with_logits
from ._functions import shape_of
from .attention import dot_product_attention
from .core import cast, convert_to_tensor
from .ctc import ctc_decode, ctc_loss
from .data_formats import in_channels_last
from .math import view_as_complex
from .normalization import batch_normalization, layer_normalization, moments, normalize, rms_normalization
from .numpy import (
    clip,
    cos,
    divide,
    log,
    log10,
    max,
    mean,
    moveaxis,
    multiply,
    negative,
    sin,
    square,
    squeeze,
    stack,
    subtract,
    sum,
)
from .patches import fold, unfold
from .spatial import (
    adaptive_average_pool,
    adaptive_max_pool,
    average_pool,
    conv,
    conv_transpose,
    depthwise_conv,
    max_pool,
    separable_conv,
)


def gelu(x, approximate=True):
    """Return ``x * Φ(x)``, Φ being the standard normal distribution function, or its tanh approximation if `approximate`."""
    return activations.gelu(x, approximate)


gelu.activation_name = "gelu_tanh"  # The name under which layers take this function as their activation.


def softmax(x, axis=-1):
    """Return ``exp(x) / sum(exp(x))``, with the sum along one axis or several, or all if None; of one element, it is 1."""
    shape = shape_of(x)
    if isinstance(axis, int) and -len(shape) <= axis < len(shape) and shape[axis] == 1:
        warnings.warn(
            f"axis={axis} of x, shape {tuple(shape)}, has size 1, so that the softmax is always 1; expected ops.sigmoid, or "
            "more elements",
            stacklevel=3,
        )
    return activations.softmax(x, axis)


softmax.activation_name = "softmax"


def one_hot(x, num_classes, axis=-1, dtype=None, sparse=False):
    """Return one-hot vectors along a new axis: 1 at the index that each element of `x` holds, 0 elsewhere."""
    _refuse_sparse(sparse)
    y = apply("one_hot", x, classes=int(num_classes), dtype="float32" if dtype is None else dtype_named(dtype).name)
    return y if axis == -1 else moveaxis(y, -1, axis)


def multi_hot(inputs, num_classes=None, axis=-1, dtype=None, sparse=False, num_tokens=None):
    """Return vectors with 1 at the indices that each sample holds, and 0 elsewhere.

    Parameters
    ----------
    inputs : array_like of integers or symbolic tensor, shape (…,)
        Indices. With several axes, those along the second belong to one vector; with one axis, all of them.
    num_classes : int
        Length of the vectors.
    axis : int
        Axis of the vectors, counted before the indices' axis is removed.
    dtype : dtype, optional
        Dtype of the result; float32 if None.
    sparse : bool
        Accepted for compatibility with Keras; True is not supported.
    num_tokens : int, optional
        Earlier name of `num_classes`.

    Returns
    -------
    array or symbolic tensor
    """
    num_classes = num_tokens if num_classes is None else num_classes
    if num_classes is None:
        raise ValueError("num_classes=None is not supported; expected the length of the vectors")
    y = one_hot(cast(convert_to_tensor(inputs), "int32"), num_classes, axis, dtype, sparse)
    return max(y, axis=1 if len(shape_of(inputs)) > 1 else 0)


def _refuse_sparse(sparse):
    if boolean("sparse", sparse):
        raise ValueError("sparse=True is not supported; expected False")


def psnr(x1, x2, max_val):
    """Return the peak signal-to-noise ratio in decibels, ``20 log10(max_val) - 10 log10(mean((x1 - x2)**2))``."""
    shapes = shape_of(x1), shape_of(x2)
    if len(shapes[0]) != len(shapes[1]) or any(None not in pair and pair[0] != pair[1] for pair in zip(*shapes, strict=True)):
        raise ValueError(f"x1 has shape {shapes[0]} and x2 {shapes[1]}; expected the same")
    errors = multiply(log10(mean(square(subtract(x1, x2)))), 10.0)
    return subtract(20 * math.log10(number("max_val", max_val, 0, open_minimum=True)), errors)


def polar(abs_, angle):
    """Return complex numbers with given absolute values and angles in radians, which symbolic tensors cannot be."""
    parts = [multiply(abs_, function(angle)) for function in (cos, sin)]
    return view_as_complex(stack(parts, axis=-1))


def binary_crossentropy(target, output, from_logits=False):
    """Return ``-(target * log(p) + (1 - target) * log(1 - p))`` for each element.

    Parameters
    ----------
    target : array_like or symbolic tensor
        Targets from 0 to 1.
    output : array_like or symbolic tensor
        Probabilities, which are clipped to between 1e-7 and 1 - 1e-7, or logits.
    from_logits : bool
        Whether `output` holds logits, which a sigmoid turns into probabilities.

    Returns
    -------
    array or symbolic tensor
        Losses, in the shape of `output`.
    """
    target, output = (each if isinstance(each, Operators) else np.asarray(each) for each in (target, output))
    return binary_entropy(target, output, from_logits)


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Return ``-sum(target * log(p))`` along an axis.

    Parameters
    ----------
    target : array_like or symbolic tensor
        Probabilities, such as one-hot vectors.
    output : array_like or symbolic tensor
        Probabilities, which are divided by their sum and clipped to between 1e-7 and 1 - 1e-7, or logits.
    from_logits : bool
        Whether `output` holds logits, which a softmax turns into probabilities.
    axis : int
        Axis of the classes.

    Returns
    -------
    array or symbolic tensor
        Losses, in the shape of `output` without the axis.
    """
    if axis in (-1, len(shape_of(output)) - 1):
        output, from_logits = with_logits(output, from_logits, "softmax")
    if from_logits:
        log_p = activations.log_softmax(output, axis)
    else:
        log_p = log(clip(divide(output, sum(output, axis, keepdims=True)), EPSILON, 1 - EPSILON))
    return negative(sum(apply("weigh", target, log_p), axis))


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Return ``-log(p[target])`` for class indices as targets, with or without the axis; see `categorical_crossentropy`."""
    shape = shape_of(output)
    if len(shape_of(target)) == len(shape):
        target = squeeze(target, axis)
    dtype = np.dtype(getattr(output, "dtype", "float32"))
    chosen = one_hot(target, shape[axis], axis, dtype if dtype.kind == "f" else None)
    return categorical_crossentropy(chosen, output, from_logits, axis)


def depth_to_space(x, block_size, data_format="channels_last"):
    """Return larger images with fewer channels: groups of channels become blocks of `block_size` × `block_size` pixels."""
    return _rearranged("depth_to_space", x, block_size, data_format)


def space_to_depth(x, block_size, data_format="channels_last"):
    """Return smaller images with more channels: blocks of `block_size` × `block_size` pixels become groups of channels."""
    return _rearranged("space_to_depth", x, block_size, data_format)


def _rearranged(name, x, block_size, data_format):
    """Return images after a function of images with their channels last."""
    x = convert_to_tensor(x)
    if len(x.shape) != 4:
        raise ValueError(f"x has shape {tuple(x.shape)}; expected a batch of images, of four axes")
    x, back = in_channels_last(x, data_format)
    return back(apply(name, x, block_size=integer("block_size", block_size, 2)))


__all__ = [
    "adaptive_average_pool",
    "adaptive_max_pool",
    "average_pool",
    "batch_normalization",
    "binary_crossentropy",
    "categorical_crossentropy",
    "conv",
    "conv_transpose",
    "ctc_decode",
    "ctc_loss",
    "depth_to_space",
    "depthwise_conv",
    "dot_product_attention",
    "fold",
    "gelu",
    "layer_normalization",
    "max_pool",
    "moments",
    "multi_hot",
    "normalize",
    "one_hot",
    "polar",
    "psnr",
    "rms_normalization",
    "separable_conv",
    "space_to_depth",
    "sparse_categorical_crossentropy",
    "unfold",
    *functions.__all__,
]

__getattr__, __dir__ = public_attributes(globals())

explain_all(globals(), __all__)

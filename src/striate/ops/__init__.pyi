# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Sequence
from typing import Any, Literal, overload
import numpy.typing as npt

from striate.activations import celu as celu
from striate.activations import elu as elu
from striate.activations import glu as glu
from striate.activations import hard_shrink as hard_shrink
from striate.activations import hard_sigmoid as hard_sigmoid
from striate.activations import hard_silu as hard_silu
from striate.activations import hard_silu as hard_swish
from striate.activations import hard_tanh as hard_tanh
from striate.activations import leaky_relu as leaky_relu
from striate.activations import log_sigmoid as log_sigmoid
from striate.activations import log_softmax as log_softmax
from striate.activations import mish as mish
from striate.activations import relu as relu
from striate.activations import relu6 as relu6
from striate.activations import selu as selu
from striate.activations import sigmoid as sigmoid
from striate.activations import silu as silu
from striate.activations import silu as swish
from striate.activations import soft_shrink as soft_shrink
from striate.activations import softplus as softplus
from striate.activations import softsign as softsign
from striate.activations import sparse_plus as sparse_plus
from striate.activations import sparse_sigmoid as sparse_sigmoid
from striate.activations import sparsemax as sparsemax
from striate.activations import squareplus as squareplus
from striate.activations import tanh as tanh
from striate.activations import tanh_shrink as tanh_shrink
from striate.activations import threshold as threshold
from striate.ops import image as image
from striate.ops import linalg as linalg
from striate.ops import nn as nn
from striate.ops import numpy as numpy
from striate.ops.linalg import cholesky as cholesky
from striate.ops.linalg import cholesky_inverse as cholesky_inverse
from striate.ops.linalg import det as det
from striate.ops.linalg import eig as eig
from striate.ops.linalg import eigh as eigh
from striate.ops.linalg import inv as inv
from striate.ops.linalg import logdet as logdet
from striate.ops.linalg import lstsq as lstsq
from striate.ops.linalg import lu_factor as lu_factor
from striate.ops.linalg import matrix_power as matrix_power
from striate.ops.linalg import matrix_rank as matrix_rank
from striate.ops.linalg import norm as norm
from striate.ops.linalg import pinv as pinv
from striate.ops.linalg import qr as qr
from striate.ops.linalg import solve as solve
from striate.ops.linalg import solve_triangular as solve_triangular
from striate.ops.linalg import svd as svd
from striate.ops.nn import adaptive_average_pool as adaptive_average_pool
from striate.ops.nn import adaptive_max_pool as adaptive_max_pool
from striate.ops.nn import average_pool as average_pool
from striate.ops.nn import binary_crossentropy as binary_crossentropy
from striate.ops.nn import categorical_crossentropy as categorical_crossentropy
from striate.ops.nn import conv as conv
from striate.ops.nn import conv_transpose as conv_transpose
from striate.ops.nn import depth_to_space as depth_to_space
from striate.ops.nn import depthwise_conv as depthwise_conv
from striate.ops.nn import gelu as gelu
from striate.ops.nn import max_pool as max_pool
from striate.ops.nn import multi_hot as multi_hot
from striate.ops.nn import one_hot as one_hot
from striate.ops.nn import polar as polar
from striate.ops.nn import psnr as psnr
from striate.ops.nn import separable_conv as separable_conv
from striate.ops.nn import softmax as softmax
from striate.ops.nn import space_to_depth as space_to_depth
from striate.ops.nn import sparse_categorical_crossentropy as sparse_categorical_crossentropy
from striate.ops.numpy import absolute as abs
from striate.ops.numpy import absolute as absolute
from striate.ops.numpy import add as add
from striate.ops.numpy import all as all
from striate.ops.numpy import allclose as allclose
from striate.ops.numpy import angle as angle
from striate.ops.numpy import any as any
from striate.ops.numpy import append as append
from striate.ops.numpy import arange as arange
from striate.ops.numpy import arccos as arccos
from striate.ops.numpy import arccosh as arccosh
from striate.ops.numpy import arcsin as arcsin
from striate.ops.numpy import arcsinh as arcsinh
from striate.ops.numpy import arctan as arctan
from striate.ops.numpy import arctan2 as arctan2
from striate.ops.numpy import arctanh as arctanh
from striate.ops.numpy import argmax as argmax
from striate.ops.numpy import argmin as argmin
from striate.ops.numpy import argpartition as argpartition
from striate.ops.numpy import argsort as argsort
from striate.ops.numpy import array as array
from striate.ops.numpy import array_split as array_split
from striate.ops.numpy import average as average
from striate.ops.numpy import bartlett as bartlett
from striate.ops.numpy import bincount as bincount
from striate.ops.numpy import bitwise_and as bitwise_and
from striate.ops.numpy import bitwise_not as bitwise_invert
from striate.ops.numpy import bitwise_not as bitwise_not
from striate.ops.numpy import bitwise_or as bitwise_or
from striate.ops.numpy import bitwise_xor as bitwise_xor
from striate.ops.numpy import blackman as blackman
from striate.ops.numpy import broadcast_to as broadcast_to
from striate.ops.numpy import cbrt as cbrt
from striate.ops.numpy import ceil as ceil
from striate.ops.numpy import clip as clip
from striate.ops.numpy import column_stack as column_stack
from striate.ops.numpy import concatenate as concatenate
from striate.ops.numpy import conjugate as conj
from striate.ops.numpy import conjugate as conjugate
from striate.ops.numpy import copy as copy
from striate.ops.numpy import corrcoef as corrcoef
from striate.ops.numpy import correlate as correlate
from striate.ops.numpy import cos as cos
from striate.ops.numpy import cosh as cosh
from striate.ops.numpy import count_nonzero as count_nonzero
from striate.ops.numpy import cross as cross
from striate.ops.numpy import cumprod as cumprod
from striate.ops.numpy import cumsum as cumsum
from striate.ops.numpy import deg2rad as deg2rad
from striate.ops.numpy import diag as diag
from striate.ops.numpy import diagflat as diagflat
from striate.ops.numpy import diagonal as diagonal
from striate.ops.numpy import diff as diff
from striate.ops.numpy import digitize as digitize
from striate.ops.numpy import divide as divide
from striate.ops.numpy import divide as true_divide
from striate.ops.numpy import divide_no_nan as divide_no_nan
from striate.ops.numpy import dot as dot
from striate.ops.numpy import dsplit as dsplit
from striate.ops.numpy import dstack as dstack
from striate.ops.numpy import einsum as einsum
from striate.ops.numpy import empty as empty
from striate.ops.numpy import empty_like as empty_like
from striate.ops.numpy import equal as equal
from striate.ops.numpy import exp as exp
from striate.ops.numpy import exp2 as exp2
from striate.ops.numpy import expand_dims as expand_dims
from striate.ops.numpy import expm1 as expm1
from striate.ops.numpy import eye as eye
from striate.ops.numpy import fabs as fabs
from striate.ops.numpy import flip as flip
from striate.ops.numpy import fliplr as fliplr
from striate.ops.numpy import flipud as flipud
from striate.ops.numpy import floor as floor
from striate.ops.numpy import floor_divide as floor_divide
from striate.ops.numpy import fmax as fmax
from striate.ops.numpy import fmin as fmin
from striate.ops.numpy import fmod as fmod
from striate.ops.numpy import full as full
from striate.ops.numpy import full_like as full_like
from striate.ops.numpy import gcd as gcd
from striate.ops.numpy import geomspace as geomspace
from striate.ops.numpy import get_item as get_item
from striate.ops.numpy import greater as greater
from striate.ops.numpy import greater_equal as greater_equal
from striate.ops.numpy import hamming as hamming
from striate.ops.numpy import hanning as hanning
from striate.ops.numpy import heaviside as heaviside
from striate.ops.numpy import histogram as histogram
from striate.ops.numpy import hsplit as hsplit
from striate.ops.numpy import hstack as hstack
from striate.ops.numpy import hypot as hypot
from striate.ops.numpy import i0 as i0
from striate.ops.numpy import identity as identity
from striate.ops.numpy import imag as imag
from striate.ops.numpy import inner as inner
from striate.ops.numpy import isclose as isclose
from striate.ops.numpy import isfinite as isfinite
from striate.ops.numpy import isin as isin
from striate.ops.numpy import isinf as isinf
from striate.ops.numpy import isnan as isnan
from striate.ops.numpy import isneginf as isneginf
from striate.ops.numpy import isposinf as isposinf
from striate.ops.numpy import isreal as isreal
from striate.ops.numpy import kaiser as kaiser
from striate.ops.numpy import kron as kron
from striate.ops.numpy import lcm as lcm
from striate.ops.numpy import ldexp as ldexp
from striate.ops.numpy import left_shift as bitwise_left_shift
from striate.ops.numpy import left_shift as left_shift
from striate.ops.numpy import less as less
from striate.ops.numpy import less_equal as less_equal
from striate.ops.numpy import linspace as linspace
from striate.ops.numpy import log as log
from striate.ops.numpy import log10 as log10
from striate.ops.numpy import log1p as log1p
from striate.ops.numpy import log2 as log2
from striate.ops.numpy import logaddexp as logaddexp
from striate.ops.numpy import logaddexp2 as logaddexp2
from striate.ops.numpy import logical_and as logical_and
from striate.ops.numpy import logical_not as logical_not
from striate.ops.numpy import logical_or as logical_or
from striate.ops.numpy import logical_xor as logical_xor
from striate.ops.numpy import logspace as logspace
from striate.ops.numpy import matmul as matmul
from striate.ops.numpy import max as amax
from striate.ops.numpy import max as max
from striate.ops.numpy import maximum as maximum
from striate.ops.numpy import mean as mean
from striate.ops.numpy import median as median
from striate.ops.numpy import meshgrid as meshgrid
from striate.ops.numpy import min as amin
from striate.ops.numpy import min as min
from striate.ops.numpy import minimum as minimum
from striate.ops.numpy import mod as mod
from striate.ops.numpy import moveaxis as moveaxis
from striate.ops.numpy import multiply as multiply
from striate.ops.numpy import nan_to_num as nan_to_num
from striate.ops.numpy import nanargmax as nanargmax
from striate.ops.numpy import nanargmin as nanargmin
from striate.ops.numpy import nancumprod as nancumprod
from striate.ops.numpy import nancumsum as nancumsum
from striate.ops.numpy import nanmax as nanmax
from striate.ops.numpy import nanmean as nanmean
from striate.ops.numpy import nanmedian as nanmedian
from striate.ops.numpy import nanmin as nanmin
from striate.ops.numpy import nanpercentile as nanpercentile
from striate.ops.numpy import nanprod as nanprod
from striate.ops.numpy import nanquantile as nanquantile
from striate.ops.numpy import nanstd as nanstd
from striate.ops.numpy import nansum as nansum
from striate.ops.numpy import nanvar as nanvar
from striate.ops.numpy import ndim as ndim
from striate.ops.numpy import negative as negative
from striate.ops.numpy import nextafter as nextafter
from striate.ops.numpy import nonzero as nonzero
from striate.ops.numpy import not_equal as not_equal
from striate.ops.numpy import ones as ones
from striate.ops.numpy import ones_like as ones_like
from striate.ops.numpy import outer as outer
from striate.ops.numpy import pad as pad
from striate.ops.numpy import percentile as percentile
from striate.ops.numpy import power as power
from striate.ops.numpy import prod as prod
from striate.ops.numpy import ptp as ptp
from striate.ops.numpy import quantile as quantile
from striate.ops.numpy import rad2deg as rad2deg
from striate.ops.numpy import ravel as ravel
from striate.ops.numpy import real as real
from striate.ops.numpy import reciprocal as reciprocal
from striate.ops.numpy import repeat as repeat
from striate.ops.numpy import reshape as reshape
from striate.ops.numpy import right_shift as bitwise_right_shift
from striate.ops.numpy import right_shift as right_shift
from striate.ops.numpy import roll as roll
from striate.ops.numpy import rot90 as rot90
from striate.ops.numpy import round as round
from striate.ops.numpy import searchsorted as searchsorted
from striate.ops.numpy import select as select
from striate.ops.numpy import sign as sign
from striate.ops.numpy import signbit as signbit
from striate.ops.numpy import sin as sin
from striate.ops.numpy import sinc as sinc
from striate.ops.numpy import sinh as sinh
from striate.ops.numpy import size as size
from striate.ops.numpy import slogdet as slogdet
from striate.ops.numpy import sort as sort
from striate.ops.numpy import split as split
from striate.ops.numpy import sqrt as sqrt
from striate.ops.numpy import square as square
from striate.ops.numpy import squeeze as squeeze
from striate.ops.numpy import stack as stack
from striate.ops.numpy import std as std
from striate.ops.numpy import subtract as subtract
from striate.ops.numpy import sum as sum
from striate.ops.numpy import swapaxes as swapaxes
from striate.ops.numpy import take as take
from striate.ops.numpy import take_along_axis as take_along_axis
from striate.ops.numpy import tan as tan
from striate.ops.numpy import tensordot as tensordot
from striate.ops.numpy import tile as tile
from striate.ops.numpy import trace as trace
from striate.ops.numpy import transpose as transpose
from striate.ops.numpy import trapezoid as trapezoid
from striate.ops.numpy import tri as tri
from striate.ops.numpy import tril as tril
from striate.ops.numpy import triu as triu
from striate.ops.numpy import trunc as trunc
from striate.ops.numpy import unique as unique
from striate.ops.numpy import unravel_index as unravel_index
from striate.ops.numpy import vander as vander
from striate.ops.numpy import var as var
from striate.ops.numpy import vdot as vdot
from striate.ops.numpy import vectorize as vectorize
from striate.ops.numpy import view as view
from striate.ops.numpy import vsplit as vsplit
from striate.ops.numpy import vstack as vstack
from striate.ops.numpy import where as where
from striate.ops.numpy import zeros as zeros
from striate.ops.numpy import zeros_like as zeros_like
from striate.layers import Tensor

__all__ = [
    "abs",
    "absolute",
    "adaptive_average_pool",
    "adaptive_max_pool",
    "add",
    "all",
    "allclose",
    "amax",
    "amin",
    "angle",
    "any",
    "append",
    "arange",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "argmax",
    "argmin",
    "argpartition",
    "argsort",
    "array",
    "array_split",
    "associative_scan",
    "average",
    "average_pool",
    "bartlett",
    "batch_normalization",
    "binary_crossentropy",
    "bincount",
    "bitwise_and",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_not",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "blackman",
    "broadcast_to",
    "cast",
    "categorical_crossentropy",
    "cbrt",
    "cdist",
    "ceil",
    "celu",
    "cholesky",
    "cholesky_inverse",
    "clip",
    "column_stack",
    "concatenate",
    "cond",
    "conj",
    "conjugate",
    "conv",
    "conv_transpose",
    "convert_to_numpy",
    "convert_to_tensor",
    "copy",
    "corrcoef",
    "correlate",
    "cos",
    "cosh",
    "count_nonzero",
    "cross",
    "ctc_decode",
    "ctc_loss",
    "cumprod",
    "cumsum",
    "custom_gradient",
    "deg2rad",
    "depth_to_space",
    "depthwise_conv",
    "det",
    "diag",
    "diagflat",
    "diagonal",
    "diff",
    "digitize",
    "divide",
    "divide_no_nan",
    "dot",
    "dot_product_attention",
    "dsplit",
    "dstack",
    "dtype",
    "eig",
    "eigh",
    "einsum",
    "elu",
    "empty",
    "empty_like",
    "equal",
    "erf",
    "erfc",
    "erfinv",
    "exp",
    "exp2",
    "expand_dims",
    "expm1",
    "extract_sequences",
    "eye",
    "fabs",
    "fft",
    "fft2",
    "flip",
    "fliplr",
    "flipud",
    "floor",
    "floor_divide",
    "fmax",
    "fmin",
    "fmod",
    "fold",
    "fori_loop",
    "full",
    "full_like",
    "gammainc",
    "gcd",
    "gelu",
    "geomspace",
    "get_item",
    "glu",
    "greater",
    "greater_equal",
    "hamming",
    "hanning",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "heaviside",
    "histogram",
    "hsplit",
    "hstack",
    "hypot",
    "i0",
    "identity",
    "ifft2",
    "imag",
    "image",
    "in_top_k",
    "inner",
    "inv",
    "irfft",
    "is_tensor",
    "isclose",
    "isfinite",
    "isin",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "isreal",
    "istft",
    "jvp",
    "kaiser",
    "kron",
    "layer_normalization",
    "lcm",
    "ldexp",
    "leaky_relu",
    "left_shift",
    "less",
    "less_equal",
    "linalg",
    "linspace",
    "log",
    "log10",
    "log1p",
    "log2",
    "log_sigmoid",
    "log_softmax",
    "logaddexp",
    "logaddexp2",
    "logdet",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "logspace",
    "logsumexp",
    "lstsq",
    "lu_factor",
    "map",
    "matmul",
    "matrix_power",
    "matrix_rank",
    "max",
    "max_pool",
    "maximum",
    "mean",
    "median",
    "meshgrid",
    "min",
    "minimum",
    "mish",
    "mod",
    "moments",
    "moveaxis",
    "multi_hot",
    "multiply",
    "nan_to_num",
    "nanargmax",
    "nanargmin",
    "nancumprod",
    "nancumsum",
    "nanmax",
    "nanmean",
    "nanmedian",
    "nanmin",
    "nanpercentile",
    "nanprod",
    "nanquantile",
    "nanstd",
    "nansum",
    "nanvar",
    "ndim",
    "negative",
    "nextafter",
    "nn",
    "nonzero",
    "norm",
    "normalize",
    "not_equal",
    "numpy",
    "one_hot",
    "ones",
    "ones_like",
    "outer",
    "pad",
    "percentile",
    "pinv",
    "polar",
    "power",
    "prod",
    "psnr",
    "ptp",
    "qr",
    "quantile",
    "rad2deg",
    "ravel",
    "real",
    "rearrange",
    "reciprocal",
    "relu",
    "relu6",
    "repeat",
    "reshape",
    "rfft",
    "right_shift",
    "rms_normalization",
    "roll",
    "rot90",
    "round",
    "rsqrt",
    "saturate_cast",
    "scan",
    "scatter",
    "scatter_update",
    "searchsorted",
    "segment_max",
    "segment_min",
    "segment_prod",
    "segment_sum",
    "select",
    "selu",
    "separable_conv",
    "shape",
    "sigmoid",
    "sign",
    "signbit",
    "silu",
    "sin",
    "sinc",
    "sinh",
    "size",
    "slice",
    "slice_update",
    "slogdet",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "solve",
    "solve_triangular",
    "sort",
    "space_to_depth",
    "sparse_categorical_crossentropy",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "split",
    "sqrt",
    "square",
    "squareplus",
    "squeeze",
    "stack",
    "std",
    "stft",
    "stop_gradient",
    "subtract",
    "sum",
    "svd",
    "swapaxes",
    "swish",
    "switch",
    "take",
    "take_along_axis",
    "tan",
    "tanh",
    "tanh_shrink",
    "tensordot",
    "threshold",
    "tile",
    "top_k",
    "trace",
    "transpose",
    "trapezoid",
    "tri",
    "tril",
    "triu",
    "true_divide",
    "trunc",
    "unfold",
    "unique",
    "unravel_index",
    "unstack",
    "vander",
    "var",
    "vdot",
    "vectorize",
    "vectorized_map",
    "view",
    "view_as_complex",
    "view_as_real",
    "vsplit",
    "vstack",
    "where",
    "while_loop",
    "zeros",
    "zeros_like",
]

@overload
def associative_scan(
    f: Callable[..., Any],
    elems: npt.ArrayLike | Sequence[Any],
    reverse: bool = False,
    axis: int = 0,
) -> npt.NDArray[Any] | Any: ...
@overload
def associative_scan(
    f: Callable[..., Any],
    elems: npt.ArrayLike | Tensor | Sequence[Any],
    reverse: bool = False,
    axis: int = 0,
) -> Tensor | Any: ...
@overload
def batch_normalization(
    x: npt.ArrayLike,
    mean: npt.ArrayLike,
    variance: npt.ArrayLike,
    axis: int | Sequence[int] | None,
    offset: npt.ArrayLike | None = None,
    scale: npt.ArrayLike | None = None,
    epsilon: float = 0.001,
) -> npt.NDArray[Any]: ...
@overload
def batch_normalization(
    x: npt.ArrayLike | Tensor,
    mean: npt.ArrayLike | Tensor,
    variance: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None,
    offset: npt.ArrayLike | Tensor | None = None,
    scale: npt.ArrayLike | Tensor | None = None,
    epsilon: float = 0.001,
) -> Tensor: ...
@overload
def cast(x: npt.ArrayLike, dtype: npt.DTypeLike | None) -> npt.NDArray[Any]: ...
@overload
def cast(x: npt.ArrayLike | Tensor, dtype: npt.DTypeLike | None) -> Tensor: ...
@overload
def cdist(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def cdist(
    x: npt.ArrayLike | Tensor,
    y: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def cond(
    pred: npt.ArrayLike | bool,
    true_fn: Callable[..., Any],
    false_fn: Callable[..., Any],
) -> npt.NDArray[Any] | Any: ...
@overload
def cond(
    pred: npt.ArrayLike | Tensor | bool,
    true_fn: Callable[..., Any],
    false_fn: Callable[..., Any],
) -> Tensor | Any: ...
def convert_to_numpy(x: npt.ArrayLike | Tensor) -> npt.NDArray[Any]: ...
@overload
def convert_to_tensor(
    x: npt.ArrayLike,
    dtype: npt.DTypeLike | None = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
) -> npt.NDArray[Any]: ...
@overload
def convert_to_tensor(
    x: npt.ArrayLike | Tensor,
    dtype: npt.DTypeLike | None = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
) -> Tensor: ...
@overload
def ctc_decode(
    inputs: npt.ArrayLike,
    sequence_lengths: npt.ArrayLike,
    strategy: Literal["greedy", "beam_search"] = "greedy",
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
    mask_index: int = 0,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]: ...
@overload
def ctc_decode(
    inputs: npt.ArrayLike | Tensor,
    sequence_lengths: npt.ArrayLike | Tensor,
    strategy: Literal["greedy", "beam_search"] = "greedy",
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
    mask_index: int = 0,
) -> tuple[Tensor, Tensor]: ...
@overload
def ctc_loss(
    target: npt.ArrayLike,
    output: npt.ArrayLike,
    target_length: npt.ArrayLike,
    output_length: npt.ArrayLike,
    mask_index: int = 0,
) -> npt.NDArray[Any]: ...
@overload
def ctc_loss(
    target: npt.ArrayLike | Tensor,
    output: npt.ArrayLike | Tensor,
    target_length: npt.ArrayLike | Tensor,
    output_length: npt.ArrayLike | Tensor,
    mask_index: int = 0,
) -> Tensor: ...
def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]: ...
@overload
def dot_product_attention(
    query: npt.ArrayLike,
    key: npt.ArrayLike,
    value: npt.ArrayLike,
    bias: npt.ArrayLike | None = None,
    mask: npt.ArrayLike | None = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> npt.NDArray[Any]: ...
@overload
def dot_product_attention(
    query: npt.ArrayLike | Tensor,
    key: npt.ArrayLike | Tensor,
    value: npt.ArrayLike | Tensor,
    bias: npt.ArrayLike | Tensor | None = None,
    mask: npt.ArrayLike | Tensor | None = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Tensor: ...
def dtype(x: npt.ArrayLike | Tensor) -> str: ...
@overload
def erf(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def erf(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def erfc(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def erfc(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def erfinv(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def erfinv(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def extract_sequences(x: npt.ArrayLike, sequence_length: int, sequence_stride: int) -> npt.NDArray[Any]: ...
@overload
def extract_sequences(
    x: npt.ArrayLike | Tensor,
    sequence_length: int,
    sequence_stride: int,
) -> Tensor: ...
@overload
def fft(x: Sequence[npt.ArrayLike]) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def fft(x: Sequence[npt.ArrayLike | Tensor]) -> tuple[Tensor, ...]: ...
@overload
def fft2(x: npt.ArrayLike) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def fft2(x: npt.ArrayLike | Tensor) -> tuple[Tensor, ...]: ...
@overload
def fold(
    x: npt.ArrayLike,
    output_size: int | Sequence[int],
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] | npt.NDArray[Any] | str = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = 0,
    stride: int | Sequence[int] | npt.NDArray[Any] | str = 1,
) -> npt.NDArray[Any]: ...
@overload
def fold(
    x: npt.ArrayLike | Tensor,
    output_size: int | Sequence[int],
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] | npt.NDArray[Any] | str = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = 0,
    stride: int | Sequence[int] | npt.NDArray[Any] | str = 1,
) -> Tensor: ...
def fori_loop(lower: int, upper: int, body_fun: Callable[..., Any], init_val: Any) -> Any: ...
@overload
def gammainc(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def gammainc(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def ifft2(x: npt.ArrayLike) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def ifft2(x: npt.ArrayLike | Tensor) -> tuple[Tensor, ...]: ...
@overload
def in_top_k(targets: npt.ArrayLike, predictions: npt.ArrayLike, k: int) -> npt.NDArray[Any]: ...
@overload
def in_top_k(
    targets: npt.ArrayLike | Tensor,
    predictions: npt.ArrayLike | Tensor,
    k: int,
) -> Tensor: ...
@overload
def irfft(x: Sequence[npt.ArrayLike], fft_length: int | None = None) -> npt.NDArray[Any]: ...
@overload
def irfft(
    x: Sequence[npt.ArrayLike | Tensor],
    fft_length: int | None = None,
) -> Tensor: ...
@overload
def is_tensor(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def is_tensor(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def istft(
    x: Sequence[npt.ArrayLike],
    sequence_length: int,
    sequence_stride: int,
    fft_length: int | None,
    length: int | None = None,
    window: str = "hann",
    center: bool = True,
) -> npt.NDArray[Any]: ...
@overload
def istft(
    x: Sequence[npt.ArrayLike | Tensor],
    sequence_length: int,
    sequence_stride: int,
    fft_length: int | None,
    length: int | None = None,
    window: str = "hann",
    center: bool = True,
) -> Tensor: ...
def jvp(
    fun: Callable[..., Any],
    primals: Sequence[npt.ArrayLike],
    tangents: Sequence[npt.ArrayLike],
    has_aux: bool = False,
) -> tuple[npt.NDArray[Any] | Any, npt.NDArray[Any] | Any]: ...
@overload
def layer_normalization(
    x: npt.ArrayLike,
    gamma: npt.ArrayLike | None = None,
    beta: npt.ArrayLike | None = None,
    axis: int | Sequence[int] = -1,
    epsilon: float | None = None,
    rms_scaling: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def layer_normalization(
    x: npt.ArrayLike | Tensor,
    gamma: npt.ArrayLike | Tensor | None = None,
    beta: npt.ArrayLike | Tensor | None = None,
    axis: int | Sequence[int] = -1,
    epsilon: float | None = None,
    rms_scaling: bool = False,
) -> Tensor: ...
@overload
def logsumexp(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def logsumexp(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def map(f: Callable[..., Any], xs: npt.ArrayLike | Sequence[Any]) -> npt.NDArray[Any] | Any: ...
@overload
def map(
    f: Callable[..., Any],
    xs: npt.ArrayLike | Tensor | Sequence[Any],
) -> Tensor | Any: ...
@overload
def moments(
    x: npt.ArrayLike,
    axes: int | Sequence[int] | None,
    keepdims: bool = False,
    synchronized: bool = False,
) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def moments(
    x: npt.ArrayLike | Tensor,
    axes: int | Sequence[int] | None,
    keepdims: bool = False,
    synchronized: bool = False,
) -> tuple[Tensor, ...]: ...
@overload
def normalize(
    x: npt.ArrayLike,
    axis: int | Sequence[int] = -1,
    order: float | str = 2,
    epsilon: float | None = None,
) -> npt.NDArray[Any]: ...
@overload
def normalize(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] = -1,
    order: float | str = 2,
    epsilon: float | None = None,
) -> Tensor: ...
@overload
def rearrange(tensor: npt.ArrayLike, pattern: str, **axes_lengths: Any) -> npt.NDArray[Any]: ...
@overload
def rearrange(
    tensor: npt.ArrayLike | Tensor,
    pattern: str,
    **axes_lengths: Any,
) -> Tensor: ...
@overload
def rfft(x: npt.ArrayLike, fft_length: int | None = None) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def rfft(
    x: npt.ArrayLike | Tensor,
    fft_length: int | None = None,
) -> tuple[Tensor, ...]: ...
@overload
def rms_normalization(
    x: npt.ArrayLike,
    scale: npt.ArrayLike | None = None,
    axis: int | Sequence[int] = -1,
    epsilon: float | None = None,
) -> npt.NDArray[Any]: ...
@overload
def rms_normalization(
    x: npt.ArrayLike | Tensor,
    scale: npt.ArrayLike | Tensor | None = None,
    axis: int | Sequence[int] = -1,
    epsilon: float | None = None,
) -> Tensor: ...
@overload
def rsqrt(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def rsqrt(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def saturate_cast(x: npt.ArrayLike, dtype: npt.DTypeLike | None) -> npt.NDArray[Any]: ...
@overload
def saturate_cast(
    x: npt.ArrayLike | Tensor,
    dtype: npt.DTypeLike | None,
) -> Tensor: ...
def scan(
    f: Callable[..., Any],
    init: npt.ArrayLike | Tensor | Sequence[Any],
    xs: npt.ArrayLike | Tensor | Sequence[Any] | None = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: int | bool = 1,
) -> tuple[Any, Any]: ...
@overload
def scatter(indices: npt.ArrayLike, values: npt.ArrayLike, shape: Sequence[int]) -> npt.NDArray[Any]: ...
@overload
def scatter(
    indices: npt.ArrayLike | Tensor,
    values: npt.ArrayLike | Tensor,
    shape: Sequence[int],
) -> Tensor: ...
@overload
def scatter_update(
    inputs: npt.ArrayLike,
    indices: npt.ArrayLike,
    updates: npt.ArrayLike,
    reduction: Literal[None, "add", "max", "min", "mul"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def scatter_update(
    inputs: npt.ArrayLike | Tensor,
    indices: npt.ArrayLike | Tensor,
    updates: npt.ArrayLike | Tensor,
    reduction: Literal[None, "add", "max", "min", "mul"] | None = None,
) -> Tensor: ...
@overload
def segment_max(
    data: npt.ArrayLike,
    segment_ids: npt.ArrayLike,
    num_segments: int | None = None,
    sorted: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def segment_max(
    data: npt.ArrayLike | Tensor,
    segment_ids: npt.ArrayLike | Tensor,
    num_segments: int | None = None,
    sorted: bool = False,
) -> Tensor: ...
@overload
def segment_min(
    data: npt.ArrayLike,
    segment_ids: npt.ArrayLike,
    num_segments: int | None = None,
    sorted: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def segment_min(
    data: npt.ArrayLike | Tensor,
    segment_ids: npt.ArrayLike | Tensor,
    num_segments: int | None = None,
    sorted: bool = False,
) -> Tensor: ...
@overload
def segment_prod(
    data: npt.ArrayLike,
    segment_ids: npt.ArrayLike,
    num_segments: int | None = None,
    sorted: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def segment_prod(
    data: npt.ArrayLike | Tensor,
    segment_ids: npt.ArrayLike | Tensor,
    num_segments: int | None = None,
    sorted: bool = False,
) -> Tensor: ...
@overload
def segment_sum(
    data: npt.ArrayLike,
    segment_ids: npt.ArrayLike,
    num_segments: int | None = None,
    sorted: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def segment_sum(
    data: npt.ArrayLike | Tensor,
    segment_ids: npt.ArrayLike | Tensor,
    num_segments: int | None = None,
    sorted: bool = False,
) -> Tensor: ...
def shape(x: npt.ArrayLike | Tensor) -> tuple[Any, ...]: ...
@overload
def slice(
    inputs: npt.ArrayLike,
    start_indices: Sequence[int] | npt.NDArray[Any] | Tensor,
    shape: Sequence[int],
) -> npt.NDArray[Any]: ...
@overload
def slice(
    inputs: npt.ArrayLike | Tensor,
    start_indices: Sequence[int] | npt.NDArray[Any] | Tensor,
    shape: Sequence[int],
) -> Tensor: ...
@overload
def slice_update(
    inputs: npt.ArrayLike,
    start_indices: Sequence[int] | npt.NDArray[Any] | Tensor,
    updates: npt.ArrayLike,
) -> npt.NDArray[Any]: ...
@overload
def slice_update(
    inputs: npt.ArrayLike | Tensor,
    start_indices: Sequence[int] | npt.NDArray[Any] | Tensor,
    updates: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def stft(
    x: npt.ArrayLike,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    window: Literal["hann", "hamming", None] | npt.ArrayLike = "hann",
    center: bool = True,
) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def stft(
    x: npt.ArrayLike | Tensor,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    window: Literal["hann", "hamming", None] | npt.ArrayLike = "hann",
    center: bool = True,
) -> tuple[Tensor, ...]: ...
@overload
def stop_gradient(variable: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def stop_gradient(variable: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def switch(
    index: npt.ArrayLike | int,
    branches: Sequence[Callable[..., Any]],
    *operands: Any,
) -> npt.NDArray[Any] | Any: ...
@overload
def switch(
    index: npt.ArrayLike | Tensor | int,
    branches: Sequence[Callable[..., Any]],
    *operands: Any,
) -> Tensor | Any: ...
@overload
def top_k(x: npt.ArrayLike, k: int, sorted: bool = True, is_stable: bool = True) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def top_k(
    x: npt.ArrayLike | Tensor,
    k: int,
    sorted: bool = True,
    is_stable: bool = True,
) -> tuple[Tensor, ...]: ...
@overload
def unfold(
    x: npt.ArrayLike,
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
) -> npt.NDArray[Any]: ...
@overload
def unfold(
    x: npt.ArrayLike | Tensor,
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
) -> Tensor: ...
@overload
def unstack(x: npt.ArrayLike, num: int | None = None, axis: int = 0) -> list[npt.NDArray[Any]]: ...
@overload
def unstack(
    x: npt.ArrayLike | Tensor,
    num: int | None = None,
    axis: int = 0,
) -> list[Tensor]: ...
def vectorized_map(function: Callable[..., Any], elements: npt.ArrayLike | Tensor) -> Any: ...
@overload
def view_as_complex(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def view_as_complex(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def view_as_real(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def view_as_real(x: npt.ArrayLike | Tensor) -> Tensor: ...
def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: npt.ArrayLike | Sequence[Any],
    maximum_iterations: int | None = None,
) -> npt.NDArray[Any] | Any: ...

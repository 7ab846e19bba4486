# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal, overload
import numpy.typing as npt

from striate.activations import tanh as tanh
from striate.layers import Tensor

__all__ = [
    "abs",
    "absolute",
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
    "average",
    "bartlett",
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
    "cbrt",
    "ceil",
    "clip",
    "column_stack",
    "concatenate",
    "conj",
    "conjugate",
    "copy",
    "corrcoef",
    "correlate",
    "cos",
    "cosh",
    "count_nonzero",
    "cross",
    "cumprod",
    "cumsum",
    "deg2rad",
    "diag",
    "diagflat",
    "diagonal",
    "diff",
    "digitize",
    "divide",
    "divide_no_nan",
    "dot",
    "dsplit",
    "dstack",
    "einsum",
    "empty",
    "empty_like",
    "equal",
    "exp",
    "exp2",
    "expand_dims",
    "expm1",
    "eye",
    "fabs",
    "flip",
    "fliplr",
    "flipud",
    "floor",
    "floor_divide",
    "fmax",
    "fmin",
    "fmod",
    "full",
    "full_like",
    "gcd",
    "geomspace",
    "get_item",
    "greater",
    "greater_equal",
    "hamming",
    "hanning",
    "heaviside",
    "histogram",
    "hsplit",
    "hstack",
    "hypot",
    "i0",
    "identity",
    "imag",
    "inner",
    "isclose",
    "isfinite",
    "isin",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "isreal",
    "kaiser",
    "kron",
    "lcm",
    "ldexp",
    "left_shift",
    "less",
    "less_equal",
    "linspace",
    "log",
    "log10",
    "log1p",
    "log2",
    "logaddexp",
    "logaddexp2",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "logspace",
    "matmul",
    "max",
    "maximum",
    "mean",
    "median",
    "meshgrid",
    "min",
    "minimum",
    "mod",
    "moveaxis",
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
    "nonzero",
    "not_equal",
    "ones",
    "ones_like",
    "outer",
    "pad",
    "percentile",
    "power",
    "prod",
    "ptp",
    "quantile",
    "rad2deg",
    "ravel",
    "real",
    "reciprocal",
    "repeat",
    "reshape",
    "right_shift",
    "roll",
    "rot90",
    "round",
    "searchsorted",
    "select",
    "sign",
    "signbit",
    "sin",
    "sinc",
    "sinh",
    "size",
    "slogdet",
    "sort",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "subtract",
    "sum",
    "swapaxes",
    "take",
    "take_along_axis",
    "tan",
    "tanh",
    "tensordot",
    "tile",
    "trace",
    "transpose",
    "trapezoid",
    "tri",
    "tril",
    "triu",
    "true_divide",
    "trunc",
    "unique",
    "unravel_index",
    "vander",
    "var",
    "vdot",
    "vectorize",
    "view",
    "vsplit",
    "vstack",
    "where",
    "zeros",
    "zeros_like",
]

@overload
def absolute(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def absolute(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def add(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def add(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def all(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def all(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def allclose(
    x1: npt.ArrayLike,
    x2: npt.ArrayLike,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def allclose(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> Tensor: ...
@overload
def angle(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def angle(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def any(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def any(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def append(x1: npt.ArrayLike, x2: npt.ArrayLike, axis: int | Sequence[int] | None = None) -> npt.NDArray[Any]: ...
@overload
def append(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def arange(
    start: npt.ArrayLike,
    stop: npt.ArrayLike | None = None,
    step: npt.ArrayLike | None = None,
    dtype: npt.DTypeLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def arange(
    start: npt.ArrayLike | Tensor,
    stop: npt.ArrayLike | Tensor | None = None,
    step: npt.ArrayLike | Tensor | None = None,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def arccos(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def arccos(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def arccosh(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def arccosh(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def arcsin(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def arcsin(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def arcsinh(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def arcsinh(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def arctan(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def arctan(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def arctan2(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def arctan2(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def arctanh(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def arctanh(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def argmax(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def argmax(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def argmin(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def argmin(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def argpartition(x: npt.ArrayLike, kth: int, axis: int | Sequence[int] = -1) -> npt.NDArray[Any]: ...
@overload
def argpartition(
    x: npt.ArrayLike | Tensor,
    kth: int,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...
@overload
def argsort(x: npt.ArrayLike, axis: int | Sequence[int] = -1) -> npt.NDArray[Any]: ...
@overload
def argsort(x: npt.ArrayLike | Tensor, axis: int | Sequence[int] = -1) -> Tensor: ...
@overload
def array(x: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def array(
    x: npt.ArrayLike | Tensor,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def array_split(
    x: npt.ArrayLike,
    indices_or_sections: int | Sequence[int],
    axis: int | Sequence[int] = 0,
) -> list[npt.NDArray[Any]]: ...
@overload
def array_split(
    x: npt.ArrayLike | Tensor,
    indices_or_sections: int | Sequence[int],
    axis: int | Sequence[int] = 0,
) -> list[Tensor]: ...
@overload
def average(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    weights: npt.ArrayLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def average(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    weights: npt.ArrayLike | Tensor | None = None,
) -> Tensor: ...
@overload
def bartlett(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def bartlett(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def bincount(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    minlength: int = 0,
    sparse: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def bincount(
    x: npt.ArrayLike | Tensor,
    weights: npt.ArrayLike | Tensor | None = None,
    minlength: int = 0,
    sparse: bool = False,
) -> Tensor: ...
@overload
def bitwise_and(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def bitwise_and(
    x: npt.ArrayLike | Tensor,
    y: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def bitwise_not(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def bitwise_not(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def bitwise_or(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def bitwise_or(
    x: npt.ArrayLike | Tensor,
    y: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def bitwise_xor(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def bitwise_xor(
    x: npt.ArrayLike | Tensor,
    y: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def blackman(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def blackman(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def broadcast_to(x: npt.ArrayLike, shape: int | Sequence[int]) -> npt.NDArray[Any]: ...
@overload
def broadcast_to(x: npt.ArrayLike | Tensor, shape: int | Sequence[int]) -> Tensor: ...
@overload
def cbrt(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def cbrt(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def ceil(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def ceil(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def clip(x: npt.ArrayLike, x_min: npt.ArrayLike, x_max: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def clip(
    x: npt.ArrayLike | Tensor,
    x_min: npt.ArrayLike | Tensor,
    x_max: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def column_stack(xs: Sequence[npt.ArrayLike] | npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def column_stack(
    xs: Sequence[npt.ArrayLike | Tensor] | npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def concatenate(xs: Sequence[npt.ArrayLike] | npt.ArrayLike, axis: int | Sequence[int] = 0) -> npt.NDArray[Any]: ...
@overload
def concatenate(
    xs: Sequence[npt.ArrayLike | Tensor] | npt.ArrayLike | Tensor,
    axis: int | Sequence[int] = 0,
) -> Tensor: ...
@overload
def conjugate(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def conjugate(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def copy(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def copy(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def corrcoef(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def corrcoef(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def correlate(
    x1: npt.ArrayLike,
    x2: npt.ArrayLike,
    mode: Literal["valid", "same", "full"] = "valid",
) -> npt.NDArray[Any]: ...
@overload
def correlate(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
    mode: Literal["valid", "same", "full"] = "valid",
) -> Tensor: ...
@overload
def cos(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def cos(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def cosh(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def cosh(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def count_nonzero(x: npt.ArrayLike, axis: int | Sequence[int] | None = None) -> npt.NDArray[Any]: ...
@overload
def count_nonzero(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def cross(
    x1: npt.ArrayLike,
    x2: npt.ArrayLike,
    axisa: int = -1,
    axisb: int = -1,
    axisc: int = -1,
    axis: int | None = None,
) -> npt.NDArray[Any]: ...
@overload
def cross(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
    axisa: int = -1,
    axisb: int = -1,
    axisc: int = -1,
    axis: int | None = None,
) -> Tensor: ...
@overload
def cumprod(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def cumprod(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def cumsum(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def cumsum(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def deg2rad(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def deg2rad(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def diag(x: npt.ArrayLike, k: int = 0) -> npt.NDArray[Any]: ...
@overload
def diag(x: npt.ArrayLike | Tensor, k: int = 0) -> Tensor: ...
@overload
def diagflat(x: npt.ArrayLike, k: int = 0) -> npt.NDArray[Any]: ...
@overload
def diagflat(x: npt.ArrayLike | Tensor, k: int = 0) -> Tensor: ...
@overload
def diagonal(x: npt.ArrayLike, offset: npt.ArrayLike = 0, axis1: int = 0, axis2: int = 1) -> npt.NDArray[Any]: ...
@overload
def diagonal(
    x: npt.ArrayLike | Tensor,
    offset: npt.ArrayLike | Tensor = 0,
    axis1: int = 0,
    axis2: int = 1,
) -> Tensor: ...
@overload
def diff(a: npt.ArrayLike, n: int = 1, axis: int | Sequence[int] = -1) -> npt.NDArray[Any]: ...
@overload
def diff(
    a: npt.ArrayLike | Tensor,
    n: int = 1,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...
@overload
def digitize(x: npt.ArrayLike, bins: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def digitize(
    x: npt.ArrayLike | Tensor,
    bins: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def divide(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def divide(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def divide_no_nan(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def divide_no_nan(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def dot(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def dot(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def dsplit(x: npt.ArrayLike, indices_or_sections: int | Sequence[int]) -> list[npt.NDArray[Any]]: ...
@overload
def dsplit(
    x: npt.ArrayLike | Tensor,
    indices_or_sections: int | Sequence[int],
) -> list[Tensor]: ...
@overload
def dstack(xs: Sequence[npt.ArrayLike] | npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def dstack(
    xs: Sequence[npt.ArrayLike | Tensor] | npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def einsum(subscripts: str, *operands: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def einsum(subscripts: str, *operands: npt.ArrayLike | Tensor) -> Tensor: ...
def empty(shape: int | Sequence[int], dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def empty_like(x: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def empty_like(
    x: npt.ArrayLike | Tensor,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def equal(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def equal(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def exp(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def exp(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def exp2(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def exp2(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def expand_dims(x: npt.ArrayLike, axis: int | Sequence[int] | None) -> npt.NDArray[Any]: ...
@overload
def expand_dims(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None,
) -> Tensor: ...
@overload
def expm1(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def expm1(x: npt.ArrayLike | Tensor) -> Tensor: ...
def eye(N: int, M: int | None = None, k: int = 0, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def fabs(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def fabs(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def flip(x: npt.ArrayLike, axis: int | Sequence[int] | None = None) -> npt.NDArray[Any]: ...
@overload
def flip(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def fliplr(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def fliplr(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def flipud(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def flipud(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def floor(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def floor(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def floor_divide(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def floor_divide(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def fmax(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def fmax(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def fmin(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def fmin(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def fmod(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def fmod(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def full(
    shape: int | Sequence[int],
    fill_value: npt.ArrayLike,
    dtype: npt.DTypeLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def full(
    shape: int | Sequence[int],
    fill_value: npt.ArrayLike | Tensor,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def full_like(x: npt.ArrayLike, fill_value: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def full_like(
    x: npt.ArrayLike | Tensor,
    fill_value: npt.ArrayLike | Tensor,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def gcd(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def gcd(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def geomspace(
    start: npt.ArrayLike,
    stop: npt.ArrayLike,
    num: int = 50,
    endpoint: bool = True,
    dtype: npt.DTypeLike | None = None,
    axis: int | Sequence[int] = 0,
) -> npt.NDArray[Any]: ...
@overload
def geomspace(
    start: npt.ArrayLike | Tensor,
    stop: npt.ArrayLike | Tensor,
    num: int = 50,
    endpoint: bool = True,
    dtype: npt.DTypeLike | None = None,
    axis: int | Sequence[int] = 0,
) -> Tensor: ...
@overload
def get_item(x: npt.ArrayLike, key: Any) -> npt.NDArray[Any]: ...
@overload
def get_item(x: npt.ArrayLike | Tensor, key: Any) -> Tensor: ...
@overload
def greater(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def greater(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def greater_equal(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def greater_equal(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def hamming(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def hamming(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def hanning(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def hanning(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def heaviside(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def heaviside(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def histogram(
    x: npt.ArrayLike,
    bins: int = 10,
    range: Sequence[float] | None = None,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]: ...
@overload
def histogram(
    x: npt.ArrayLike | Tensor,
    bins: int = 10,
    range: Sequence[float] | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def hsplit(x: npt.ArrayLike, indices_or_sections: int | Sequence[int]) -> list[npt.NDArray[Any]]: ...
@overload
def hsplit(
    x: npt.ArrayLike | Tensor,
    indices_or_sections: int | Sequence[int],
) -> list[Tensor]: ...
@overload
def hstack(xs: Sequence[npt.ArrayLike] | npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def hstack(
    xs: Sequence[npt.ArrayLike | Tensor] | npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def hypot(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def hypot(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def i0(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def i0(x: npt.ArrayLike | Tensor) -> Tensor: ...
def identity(n: int, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def imag(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def imag(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def inner(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def inner(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def isclose(
    x1: npt.ArrayLike,
    x2: npt.ArrayLike,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def isclose(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> Tensor: ...
@overload
def isfinite(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def isfinite(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def isin(
    x1: npt.ArrayLike,
    x2: npt.ArrayLike,
    assume_unique: bool = False,
    invert: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def isin(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
    assume_unique: bool = False,
    invert: bool = False,
) -> Tensor: ...
@overload
def isinf(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def isinf(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def isnan(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def isnan(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def isneginf(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def isneginf(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def isposinf(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def isposinf(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def isreal(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def isreal(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def kaiser(x: npt.ArrayLike, beta: float) -> npt.NDArray[Any]: ...
@overload
def kaiser(x: npt.ArrayLike | Tensor, beta: float) -> Tensor: ...
@overload
def kron(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def kron(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def lcm(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def lcm(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def ldexp(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def ldexp(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def left_shift(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def left_shift(
    x: npt.ArrayLike | Tensor,
    y: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def less(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def less(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def less_equal(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def less_equal(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def linspace(
    start: npt.ArrayLike,
    stop: npt.ArrayLike,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: npt.DTypeLike | None = None,
    axis: int | Sequence[int] = 0,
) -> npt.NDArray[Any]: ...
@overload
def linspace(
    start: npt.ArrayLike | Tensor,
    stop: npt.ArrayLike | Tensor,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: npt.DTypeLike | None = None,
    axis: int | Sequence[int] = 0,
) -> Tensor: ...
@overload
def log(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def log(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def log10(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def log10(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def log1p(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def log1p(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def log2(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def log2(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def logaddexp(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def logaddexp(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def logaddexp2(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def logaddexp2(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def logical_and(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def logical_and(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def logical_not(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def logical_not(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def logical_or(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def logical_or(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def logical_xor(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def logical_xor(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def logspace(
    start: npt.ArrayLike,
    stop: npt.ArrayLike,
    num: int = 50,
    endpoint: bool = True,
    base: float = 10,
    dtype: npt.DTypeLike | None = None,
    axis: int | Sequence[int] = 0,
) -> npt.NDArray[Any]: ...
@overload
def logspace(
    start: npt.ArrayLike | Tensor,
    stop: npt.ArrayLike | Tensor,
    num: int = 50,
    endpoint: bool = True,
    base: float = 10,
    dtype: npt.DTypeLike | None = None,
    axis: int | Sequence[int] = 0,
) -> Tensor: ...
@overload
def matmul(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def matmul(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def max(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    initial: npt.ArrayLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def max(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    initial: npt.ArrayLike | Tensor | None = None,
) -> Tensor: ...
@overload
def maximum(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def maximum(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def mean(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def mean(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def median(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def median(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def meshgrid(*x: npt.ArrayLike, indexing: str = "xy") -> tuple[npt.NDArray[Any], ...]: ...
@overload
def meshgrid(
    *x: npt.ArrayLike | Tensor,
    indexing: str = "xy",
) -> tuple[Tensor, ...]: ...
@overload
def min(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    initial: npt.ArrayLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def min(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    initial: npt.ArrayLike | Tensor | None = None,
) -> Tensor: ...
@overload
def minimum(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def minimum(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def mod(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def mod(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def moveaxis(x: npt.ArrayLike, source: int | Sequence[int], destination: int | Sequence[int]) -> npt.NDArray[Any]: ...
@overload
def moveaxis(
    x: npt.ArrayLike | Tensor,
    source: int | Sequence[int],
    destination: int | Sequence[int],
) -> Tensor: ...
@overload
def multiply(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def multiply(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def nan_to_num(
    x: npt.ArrayLike,
    nan: float = 0.0,
    posinf: npt.ArrayLike | None = None,
    neginf: npt.ArrayLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def nan_to_num(
    x: npt.ArrayLike | Tensor,
    nan: float = 0.0,
    posinf: npt.ArrayLike | Tensor | None = None,
    neginf: npt.ArrayLike | Tensor | None = None,
) -> Tensor: ...
@overload
def nanargmax(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def nanargmax(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nanargmin(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def nanargmin(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nancumprod(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def nancumprod(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def nancumsum(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def nancumsum(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def nanmax(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def nanmax(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nanmean(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def nanmean(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nanmedian(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def nanmedian(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nanmin(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def nanmin(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nanpercentile(
    x: npt.ArrayLike,
    q: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    method: str = "linear",
    keepdims: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def nanpercentile(
    x: npt.ArrayLike | Tensor,
    q: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    method: str = "linear",
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nanprod(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def nanprod(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nanquantile(
    x: npt.ArrayLike,
    q: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    method: str = "linear",
    keepdims: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def nanquantile(
    x: npt.ArrayLike | Tensor,
    q: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    method: str = "linear",
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nanstd(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def nanstd(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nansum(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def nansum(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def nanvar(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def nanvar(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def ndim(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def ndim(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def negative(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def negative(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def nextafter(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def nextafter(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def nonzero(x: npt.ArrayLike) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def nonzero(x: npt.ArrayLike | Tensor) -> tuple[Tensor, ...]: ...
@overload
def not_equal(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def not_equal(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
def ones(shape: int | Sequence[int], dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def ones_like(x: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def ones_like(
    x: npt.ArrayLike | Tensor,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def outer(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def outer(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def pad(
    x: npt.ArrayLike,
    pad_width: int | Sequence[int] | Sequence[Sequence[int]],
    mode: Literal["constant", "reflect", "symmetric", "edge", "wrap"] = "constant",
    constant_values: float | None = None,
) -> npt.NDArray[Any]: ...
@overload
def pad(
    x: npt.ArrayLike | Tensor,
    pad_width: int | Sequence[int] | Sequence[Sequence[int]],
    mode: Literal["constant", "reflect", "symmetric", "edge", "wrap"] = "constant",
    constant_values: float | None = None,
) -> Tensor: ...
@overload
def percentile(
    x: npt.ArrayLike,
    q: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    method: str = "linear",
    keepdims: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def percentile(
    x: npt.ArrayLike | Tensor,
    q: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    method: str = "linear",
    keepdims: bool = False,
) -> Tensor: ...
@overload
def power(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def power(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def prod(
    x: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    dtype: npt.DTypeLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def prod(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
@overload
def ptp(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def ptp(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def quantile(
    x: npt.ArrayLike,
    q: float | Sequence[float] | npt.NDArray[Any],
    axis: int | Sequence[int] | None = None,
    method: Literal["linear", "lower", "higher", "midpoint", "nearest"] = "linear",
    keepdims: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def quantile(
    x: npt.ArrayLike | Tensor,
    q: float | Sequence[float] | npt.NDArray[Any],
    axis: int | Sequence[int] | None = None,
    method: Literal["linear", "lower", "higher", "midpoint", "nearest"] = "linear",
    keepdims: bool = False,
) -> Tensor: ...
@overload
def rad2deg(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def rad2deg(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def ravel(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def ravel(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def real(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def real(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def reciprocal(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def reciprocal(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def repeat(x: npt.ArrayLike, repeats: npt.ArrayLike, axis: int | Sequence[int] | None = None) -> npt.NDArray[Any]: ...
@overload
def repeat(
    x: npt.ArrayLike | Tensor,
    repeats: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def reshape(x: npt.ArrayLike, newshape: int | Sequence[int]) -> npt.NDArray[Any]: ...
@overload
def reshape(x: npt.ArrayLike | Tensor, newshape: int | Sequence[int]) -> Tensor: ...
@overload
def right_shift(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def right_shift(
    x: npt.ArrayLike | Tensor,
    y: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def roll(x: npt.ArrayLike, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> npt.NDArray[Any]: ...
@overload
def roll(
    x: npt.ArrayLike | Tensor,
    shift: int | Sequence[int],
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def rot90(array: npt.ArrayLike, k: int = 1, axes: int | Sequence[int] = ...) -> npt.NDArray[Any]: ...
@overload
def rot90(
    array: npt.ArrayLike | Tensor,
    k: int = 1,
    axes: int | Sequence[int] = ...,
) -> Tensor: ...
@overload
def round(x: npt.ArrayLike, decimals: int = 0) -> npt.NDArray[Any]: ...
@overload
def round(x: npt.ArrayLike | Tensor, decimals: int = 0) -> Tensor: ...
@overload
def searchsorted(sorted_sequence: npt.ArrayLike, values: npt.ArrayLike, side: str = "left") -> npt.NDArray[Any]: ...
@overload
def searchsorted(
    sorted_sequence: npt.ArrayLike | Tensor,
    values: npt.ArrayLike | Tensor,
    side: str = "left",
) -> Tensor: ...
@overload
def select(
    condlist: Sequence[npt.ArrayLike],
    choicelist: Sequence[npt.ArrayLike],
    default: npt.ArrayLike = 0,
) -> npt.NDArray[Any]: ...
@overload
def select(
    condlist: Sequence[npt.ArrayLike | Tensor],
    choicelist: Sequence[npt.ArrayLike | Tensor],
    default: npt.ArrayLike | Tensor = 0,
) -> Tensor: ...
@overload
def sign(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def sign(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def signbit(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def signbit(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def sin(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def sin(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def sinc(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def sinc(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def sinh(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def sinh(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def size(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def size(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def slogdet(x: npt.ArrayLike) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def slogdet(x: npt.ArrayLike | Tensor) -> tuple[Tensor, ...]: ...
@overload
def sort(x: npt.ArrayLike, axis: int | Sequence[int] = -1) -> npt.NDArray[Any]: ...
@overload
def sort(x: npt.ArrayLike | Tensor, axis: int | Sequence[int] = -1) -> Tensor: ...
@overload
def split(
    x: npt.ArrayLike,
    indices_or_sections: int | Sequence[int],
    axis: int | Sequence[int] = 0,
) -> list[npt.NDArray[Any]]: ...
@overload
def split(
    x: npt.ArrayLike | Tensor,
    indices_or_sections: int | Sequence[int],
    axis: int | Sequence[int] = 0,
) -> list[Tensor]: ...
@overload
def sqrt(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def sqrt(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def square(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def square(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def squeeze(x: npt.ArrayLike, axis: int | Sequence[int] | None = None) -> npt.NDArray[Any]: ...
@overload
def squeeze(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def stack(x: Sequence[npt.ArrayLike] | npt.ArrayLike, axis: int | Sequence[int] = 0) -> npt.NDArray[Any]: ...
@overload
def stack(
    x: Sequence[npt.ArrayLike | Tensor] | npt.ArrayLike | Tensor,
    axis: int | Sequence[int] = 0,
) -> Tensor: ...
@overload
def std(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def std(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def subtract(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def subtract(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def sum(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def sum(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def swapaxes(x: npt.ArrayLike, axis1: int, axis2: int) -> npt.NDArray[Any]: ...
@overload
def swapaxes(x: npt.ArrayLike | Tensor, axis1: int, axis2: int) -> Tensor: ...
@overload
def take(x: npt.ArrayLike, indices: npt.ArrayLike, axis: int | Sequence[int] | None = None) -> npt.NDArray[Any]: ...
@overload
def take(
    x: npt.ArrayLike | Tensor,
    indices: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def take_along_axis(
    x: npt.ArrayLike,
    indices: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def take_along_axis(
    x: npt.ArrayLike | Tensor,
    indices: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def tan(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def tan(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def tensordot(
    x1: npt.ArrayLike,
    x2: npt.ArrayLike,
    axes: int | Sequence[Sequence[int] | npt.NDArray[Any]] = 2,
) -> npt.NDArray[Any]: ...
@overload
def tensordot(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
    axes: int | Sequence[Sequence[int] | npt.NDArray[Any]] = 2,
) -> Tensor: ...
@overload
def tile(x: npt.ArrayLike, repeats: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def tile(
    x: npt.ArrayLike | Tensor,
    repeats: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def trace(x: npt.ArrayLike, offset: npt.ArrayLike = 0, axis1: int = 0, axis2: int = 1) -> npt.NDArray[Any]: ...
@overload
def trace(
    x: npt.ArrayLike | Tensor,
    offset: npt.ArrayLike | Tensor = 0,
    axis1: int = 0,
    axis2: int = 1,
) -> Tensor: ...
@overload
def transpose(x: npt.ArrayLike, axes: int | Sequence[int] | None = None) -> npt.NDArray[Any]: ...
@overload
def transpose(
    x: npt.ArrayLike | Tensor,
    axes: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def trapezoid(
    y: npt.ArrayLike,
    x: npt.ArrayLike | None = None,
    dx: float = 1.0,
    axis: int | Sequence[int] = -1,
) -> npt.NDArray[Any]: ...
@overload
def trapezoid(
    y: npt.ArrayLike | Tensor,
    x: npt.ArrayLike | Tensor | None = None,
    dx: float = 1.0,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...
def tri(N: int, M: int | None = None, k: int = 0, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def tril(x: npt.ArrayLike, k: int = 0) -> npt.NDArray[Any]: ...
@overload
def tril(x: npt.ArrayLike | Tensor, k: int = 0) -> Tensor: ...
@overload
def triu(x: npt.ArrayLike, k: int = 0) -> npt.NDArray[Any]: ...
@overload
def triu(x: npt.ArrayLike | Tensor, k: int = 0) -> Tensor: ...
@overload
def trunc(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def trunc(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def unique(
    x: npt.ArrayLike,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: float | None = None,
) -> npt.NDArray[Any] | Any: ...
@overload
def unique(
    x: npt.ArrayLike | Tensor,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: float | None = None,
) -> Tensor | Any: ...
@overload
def unravel_index(indices: npt.ArrayLike, shape: int | Sequence[int]) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def unravel_index(
    indices: npt.ArrayLike | Tensor,
    shape: int | Sequence[int],
) -> tuple[Tensor, ...]: ...
@overload
def vander(x: npt.ArrayLike, N: int | None = None, increasing: bool = False) -> npt.NDArray[Any]: ...
@overload
def vander(
    x: npt.ArrayLike | Tensor,
    N: int | None = None,
    increasing: bool = False,
) -> Tensor: ...
@overload
def var(x: npt.ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> npt.NDArray[Any]: ...
@overload
def var(
    x: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def vdot(x1: npt.ArrayLike, x2: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def vdot(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
) -> Tensor: ...
def vectorize(
    pyfunc: Callable[..., Any],
    *,
    excluded: Collection[int | str] | None = None,
    signature: str | None = None,
) -> Callable[..., Any]: ...
@overload
def view(x: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def view(x: npt.ArrayLike | Tensor, dtype: npt.DTypeLike | None = None) -> Tensor: ...
@overload
def vsplit(x: npt.ArrayLike, indices_or_sections: int | Sequence[int]) -> list[npt.NDArray[Any]]: ...
@overload
def vsplit(
    x: npt.ArrayLike | Tensor,
    indices_or_sections: int | Sequence[int],
) -> list[Tensor]: ...
@overload
def vstack(xs: Sequence[npt.ArrayLike] | npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def vstack(
    xs: Sequence[npt.ArrayLike | Tensor] | npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def where(
    condition: npt.ArrayLike,
    x1: npt.ArrayLike | None = None,
    x2: npt.ArrayLike | None = None,
) -> npt.NDArray[Any]: ...
@overload
def where(
    condition: npt.ArrayLike | Tensor,
    x1: npt.ArrayLike | Tensor | None = None,
    x2: npt.ArrayLike | Tensor | None = None,
) -> Tensor: ...
def zeros(shape: int | Sequence[int], dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def zeros_like(x: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...
@overload
def zeros_like(
    x: npt.ArrayLike | Tensor,
    dtype: npt.DTypeLike | None = None,
) -> Tensor: ...
abs = absolute
amax = max
amin = min
bitwise_invert = bitwise_not
bitwise_left_shift = left_shift
bitwise_right_shift = right_shift
conj = conjugate
true_divide = divide

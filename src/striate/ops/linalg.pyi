# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from typing import Any, Literal, overload
import numpy.typing as npt

from striate.ops import jvp as jvp
from striate.layers import Tensor

__all__ = [
    "cholesky",
    "cholesky_inverse",
    "det",
    "eig",
    "eigh",
    "inv",
    "jvp",
    "logdet",
    "lstsq",
    "lu_factor",
    "matrix_power",
    "matrix_rank",
    "norm",
    "pinv",
    "qr",
    "solve",
    "solve_triangular",
    "svd",
]

@overload
def cholesky(x: npt.ArrayLike, upper: bool = False) -> npt.NDArray[Any]: ...
@overload
def cholesky(x: npt.ArrayLike | Tensor, upper: bool = False) -> Tensor: ...
@overload
def cholesky_inverse(x: npt.ArrayLike, upper: bool = False) -> npt.NDArray[Any]: ...
@overload
def cholesky_inverse(x: npt.ArrayLike | Tensor, upper: bool = False) -> Tensor: ...
@overload
def det(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def det(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def eig(x: npt.ArrayLike) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def eig(x: npt.ArrayLike | Tensor) -> tuple[Tensor, ...]: ...
@overload
def eigh(x: npt.ArrayLike) -> tuple[npt.NDArray[Any], ...]: ...
@overload
def eigh(x: npt.ArrayLike | Tensor) -> tuple[Tensor, ...]: ...
@overload
def inv(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def inv(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def logdet(x: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def logdet(x: npt.ArrayLike | Tensor) -> Tensor: ...
@overload
def lstsq(a: npt.ArrayLike, b: npt.ArrayLike, rcond: float | None = None) -> npt.NDArray[Any]: ...
@overload
def lstsq(
    a: npt.ArrayLike | Tensor,
    b: npt.ArrayLike | Tensor,
    rcond: float | None = None,
) -> Tensor: ...
@overload
def lu_factor(x: npt.ArrayLike) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]: ...
@overload
def lu_factor(
    x: npt.ArrayLike | Tensor,
) -> tuple[Tensor, Tensor]: ...
@overload
def matrix_power(x: npt.ArrayLike, n: int) -> npt.NDArray[Any]: ...
@overload
def matrix_power(x: npt.ArrayLike | Tensor, n: int) -> Tensor: ...
@overload
def matrix_rank(x: npt.ArrayLike, tol: float | None = None) -> npt.NDArray[Any]: ...
@overload
def matrix_rank(x: npt.ArrayLike | Tensor, tol: float | None = None) -> Tensor: ...
@overload
def norm(
    x: npt.ArrayLike,
    ord: Literal[None, "euclidean", "fro", "nuc"] | float | None = None,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def norm(
    x: npt.ArrayLike | Tensor,
    ord: Literal[None, "euclidean", "fro", "nuc"] | float | None = None,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor: ...
@overload
def pinv(x: npt.ArrayLike, rcond: float | None = None) -> npt.NDArray[Any]: ...
@overload
def pinv(x: npt.ArrayLike | Tensor, rcond: float | None = None) -> Tensor: ...
@overload
def qr(x: npt.ArrayLike, mode: Literal["reduced", "complete"] = "reduced") -> npt.NDArray[Any]: ...
@overload
def qr(
    x: npt.ArrayLike | Tensor,
    mode: Literal["reduced", "complete"] = "reduced",
) -> Tensor: ...
@overload
def solve(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def solve(
    a: npt.ArrayLike | Tensor,
    b: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def solve_triangular(a: npt.ArrayLike, b: npt.ArrayLike, lower: bool = False) -> npt.NDArray[Any]: ...
@overload
def solve_triangular(
    a: npt.ArrayLike | Tensor,
    b: npt.ArrayLike | Tensor,
    lower: bool = False,
) -> Tensor: ...
@overload
def svd(x: npt.ArrayLike, full_matrices: bool = True, compute_uv: bool = True) -> npt.NDArray[Any]: ...
@overload
def svd(
    x: npt.ArrayLike | Tensor,
    full_matrices: bool = True,
    compute_uv: bool = True,
) -> Tensor: ...

"""Functions of `striate.ops.numpy`: gradients against finite differences, shapes, dtypes, and what is refused."""

import numpy as np
import pytest

import striate
from striate import ops
from tests.helpers import bounds

OTHER = np.random.default_rng(1).uniform(0.5, 2, (4, 3))
WITH_NAN = np.array([[0, np.nan, 0], [0, 0, 0], [np.nan, np.nan, 0], [np.nan, 0, 0]])
VECTOR = OTHER[:, 0].copy()

#: Functions of x, shape (4, 3), with elements from 0.5 to 2, whose gradients have gradients themselves.
TWICE = {
    "arccos": lambda x: ops.arccos(x / 3),
    "arccosh": lambda x: ops.arccosh(x + 1),
    "arcsin": lambda x: ops.arcsin(x / 3),
    "arcsinh": ops.arcsinh,
    "arctan": ops.arctan,
    "arctanh": lambda x: ops.arctanh(x / 3),
    "average": lambda x: ops.average(x, 1, x),
    "cbrt": ops.cbrt,
    "cosh": ops.cosh,
    "corrcoef": ops.corrcoef,
    "cross": lambda x: ops.cross(x, ops.square(x)[:, ::-1]),
    "cross of pairs": lambda x: ops.cross(x[:, :2], ops.square(x)),
    "deg2rad": lambda x: ops.square(ops.deg2rad(60 * x)),
    "diag": lambda x: ops.diag(ops.square(x)) + ops.diag(ops.diag(x[0]) ** 3),
    "diagflat": lambda x: ops.diagflat(x, -1) ** 2,
    "diagonal": lambda x: ops.diagonal(ops.reshape(x * x, (2, 2, 3)), -1, 2, 1),
    "diff": lambda x: ops.diff(x * x, 2, 0),
    "divide_no_nan": lambda x: ops.divide_no_nan(OTHER, x),
    "exp2": ops.exp2,
    "fabs": lambda x: ops.fabs(x - 1) ** 2,
    "fmax": lambda x: ops.fmax(x * x, OTHER + WITH_NAN),
    "fmin": lambda x: ops.fmin(OTHER + WITH_NAN, x * x),
    "fmod": lambda x: ops.fmod(-5.0, x) * ops.fmod(x, 0.7),
    "geomspace": lambda x: ops.geomspace(x[0], x[1], 4),
    "heaviside": lambda x: ops.heaviside(OTHER - OTHER[:1], x * x),
    "hypot": lambda x: ops.hypot(x, OTHER),
    "inner": lambda x: ops.inner(x, x * x),
    "kron": lambda x: ops.kron(x[:2], x),
    "ldexp": lambda x: ops.ldexp(x * x, np.array([1, -2, 0])),
    "linspace": lambda x: ops.linspace(x, x[0] ** 2, 5, axis=1),
    "logaddexp": lambda x: ops.logaddexp(x, OTHER),
    "logaddexp2": lambda x: ops.logaddexp2(OTHER, x),
    "logspace": lambda x: ops.logspace(x[0], x[1] ** 2, 3, endpoint=False),
    "median": lambda x: ops.median(x * x, 0),
    "meshgrid": lambda x: ops.meshgrid(x[0] ** 2, x[1])[0],
    "nan_to_num": lambda x: ops.nan_to_num(x * x + WITH_NAN, 2.0),
    "nanmax": lambda x: ops.nanmax(x * x + WITH_NAN, 1),
    "nanmean": lambda x: ops.nanmean(x * x + WITH_NAN, 0),
    "nanmedian": lambda x: ops.nanmedian(x * x + WITH_NAN),
    "nanmin": lambda x: ops.nanmin(x * x + WITH_NAN, 0),
    "nanstd": lambda x: ops.nanstd(x + WITH_NAN),
    "nansum": lambda x: ops.nansum(x * x + WITH_NAN, 1, keepdims=True),
    "nanvar": lambda x: ops.nanvar(x + WITH_NAN),
    "outer": lambda x: ops.outer(x[0], x),
    "percentile": lambda x: ops.percentile(x * x, [10, 60], (0, 1)),
    "ptp": lambda x: ops.ptp(x * x, 1),
    "quantile": lambda x: ops.quantile(x * x, 0.3, 1, keepdims=True),
    "rad2deg": lambda x: ops.rad2deg(x * x),
    "rot90": lambda x: ops.rot90(x * x, 3),
    "select": lambda x: ops.select([OTHER > 1.5, OTHER > 1], [x * x, x], 1.0),
    "sinc": ops.sinc,
    "sinh": ops.sinh,
    "tensordot": lambda x: ops.tensordot(x, ops.square(x), ((0,), (0,))),
    "trace": lambda x: ops.trace(x * x, 1),
    "trapezoid": lambda x: ops.trapezoid(x * x, OTHER, axis=0) + ops.trapezoid(OTHER, x * x, axis=0),
    "tril": lambda x: ops.tril(x * x, -1),
    "triu": lambda x: ops.triu(x * x),
    "vander": lambda x: ops.vander(x[:, 0], 3),
    "vdot": lambda x: ops.vdot(x, x * x),
}
#: Functions whose gradients have none.
ONCE = {
    "bincount": lambda x: ops.bincount(np.array([0, 2, 2, 4]), x[:, 1], 6),
    "bincount of rows": lambda x: ops.bincount(np.array([[0, 1, 1]] * 4), x, 3),
    "correlate": lambda x: ops.correlate(x[:, 0], x[:3, 1], "full") + ops.correlate(x[:2, 0], x[:, 2], "full")[:1],
    "correlate, same": lambda x: ops.correlate(x[:, 0], x[:2, 1], "same"),
    "cumprod": lambda x: ops.cumprod(x, 0) + ops.cumprod(x - x[:1, :1], 1),
    "i0": ops.i0,
    "nancumprod": lambda x: ops.nancumprod(x + WITH_NAN),
    "nancumsum": lambda x: ops.nancumsum(x + WITH_NAN, 1),
    "nanprod": lambda x: ops.nanprod(x + WITH_NAN, 1),
}


def numerical(function, x):
    """Return the gradient of a function without arguments, a number, with respect to an array, by central differences."""
    return np.array([bounds.difference_quotient(function, x, each) for each in np.ndindex(x.shape)]).reshape(x.shape)


@pytest.mark.parametrize("name", [*TWICE, *ONCE])
def test_gradients_match_finite_differences(rng, name):
    function, x = (TWICE | ONCE)[name], rng.uniform(0.5, 2, (4, 3))
    factors = rng.standard_normal(np.shape(function(x)))
    gradient = striate.gradients(lambda x: ops.sum(function(x) * factors), x)
    np.testing.assert_allclose(gradient, numerical(lambda: np.sum(function(x) * factors), x), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", TWICE)
def test_gradients_have_gradients(rng, name):
    x, weights = rng.uniform(0.5, 2, (4, 3)), rng.standard_normal((4, 3))

    def function(x):
        return ops.sum(ops.sin(TWICE[name](x)))

    with striate.GradientTape() as outer:
        outer.watch(x)
        with striate.GradientTape() as inner:
            y = function(ops.multiply(x, 1.0))
        first = inner.gradient(y, x)
        projected = ops.sum(first * weights)
    found = outer.gradient(projected, x)
    expected = numerical(lambda: (striate.gradients(function, x) * weights).sum(), x)
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-6)

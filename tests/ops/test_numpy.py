"""Functions of `striate.ops.numpy`: gradients against finite differences, shapes, dtypes, and what is refused."""

import numpy as np
import pytest

import striate
from striate import layers, ops
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


#: Functions of inputs of shapes (None, 3) and (None, 3), and the shape of their result.
SHAPES = {
    "append": (ops.append, (None,)),
    "append along an axis": (lambda x, y: ops.append(x, y, 1), (None, 6)),
    "argpartition": (lambda x, y: ops.argpartition(x, 1), (None, 3)),
    "array_split": (lambda x, y: ops.array_split(x, 2, 1)[0], (None, 2)),
    "average": (lambda x, y: ops.average(x, 0, y), (3,)),
    "bincount": (lambda x, y: ops.bincount(ops.cast(x, "int32"), y, 7), (None, 7)),
    "corrcoef": (lambda x, y: ops.corrcoef(ops.transpose(x)), (3, 3)),
    "count_nonzero": (lambda x, y: ops.count_nonzero(x, 1), (None,)),
    "cross": (ops.cross, (None, 3)),
    "cross of pairs": (lambda x, y: ops.cross(x[:, 1:], y[:, 1:]), (None,)),
    "cumprod": (lambda x, y: ops.cumprod(x), (None,)),
    "diag": (lambda x, y: ops.diag(x), (None,)),
    "diag of vectors": (lambda x, y: ops.diag(x[0], 2), (5, 5)),
    "diagflat": (lambda x, y: ops.diagflat(x), (None, None)),
    "diff": (lambda x, y: ops.diff(x, 2), (None, 1)),
    "digitize": (lambda x, y: ops.digitize(x, [0, 1]), (None, 3)),
    "dstack": (lambda x, y: ops.dstack([x, y]), (None, 3, 2)),
    "expand_dims": (lambda x, y: ops.expand_dims(x, (0, -1)), (1, None, 3, 1)),
    "geomspace": (lambda x, y: ops.geomspace(x, y, 4, axis=1), (None, 4, 3)),
    "histogram": (lambda x, y: ops.histogram(ops.ravel(x), 4)[1], (5,)),
    "hsplit": (lambda x, y: ops.hsplit(x, 3)[2], (None, 1)),
    "hypot": (ops.hypot, (None, 3)),
    "inner": (lambda x, y: ops.inner(x, y[0]), (None,)),
    "isin": (ops.isin, (None, 3)),
    "kron": (lambda x, y: ops.kron(x, np.ones((2, 2))), (None, 6)),
    "linspace": (lambda x, y: ops.linspace(x, y, 5), (5, None, 3)),
    "median": (lambda x, y: ops.median(x, 0, keepdims=True), (1, 3)),
    "meshgrid": (lambda x, y: ops.meshgrid(x[0], y[:, 0])[0], (None, 3)),
    "nanquantile": (lambda x, y: ops.nanquantile(x, [0.2, 0.4], 1), (2, None)),
    "outer": (lambda x, y: ops.outer(x[0], y), (3, None)),
    "percentile": (lambda x, y: ops.percentile(x, 50), ()),
    "quantile of a tensor": (lambda x, y: ops.quantile(x, ops.sigmoid(y[0]), 1), (3, None)),
    "rot90": (lambda x, y: ops.rot90(x), (3, None)),
    "searchsorted": (lambda x, y: ops.searchsorted([0.0, 1.0], x), (None, 3)),
    "select": (lambda x, y: ops.select([x > y], [x], y), (None, 3)),
    "size": (lambda x, y: ops.size(x), ()),
    "tensordot": (lambda x, y: ops.tensordot(x, np.ones((3, 2), np.float32), 1), (None, 2)),
    "trace": (lambda x, y: ops.trace(x), ()),
    "trapezoid": (lambda x, y: ops.trapezoid(x, y), (None,)),
    "tril": (lambda x, y: ops.tril(x), (None, 3)),
    "unique": (lambda x, y: ops.unique(x, size=4), (4,)),
    "unique rows": (lambda x, y: ops.unique(x, return_inverse=True, axis=0, size=4)[1], (None,)),
    "vander": (lambda x, y: ops.vander(x[:, 0], 4), (None, 4)),
    "vdot": (ops.vdot, ()),
    "view": (lambda x, y: ops.view(x, "int16"), (None, 6)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_sizes_of_the_batch_are_unknown_in_models_which_can_be_saved(rng, tmp_path, name):
    function, shape = SHAPES[name]
    inputs = layers.Input((3,)), layers.Input((3,))
    y = function(*inputs)
    assert y.shape == shape
    arrays = [rng.uniform(0.5, 4, (5, 3)).astype(np.float32) for _ in inputs]
    striate.Model(inputs, y).save(tmp_path / "model.npz")
    result = striate.Model.load(tmp_path / "model.npz")(list(arrays))
    np.testing.assert_array_equal(result, function(*arrays))
    assert len(result.shape) == len(shape)
    assert all(size in (None, n) for size, n in zip(shape, result.shape, strict=True))


def test_what_depends_on_elements_has_no_shape_in_models():
    x = layers.Input((3,))
    for function, expected in (
        (ops.nonzero, "the number of its nonzero elements is unknown; expected an array"),
        (ops.where, "the number of its nonzero elements is unknown; expected an array"),
        (ops.unique, "the number of its different elements is unknown; expected `size`"),
        (ops.hanning, "the length of the window is unknown; expected an integer"),
    ):
        with pytest.raises(TypeError, match=f"x=<Tensor .* is symbolic, so {expected}"):
            function(x)
    with pytest.raises(ValueError, match=r"repeats=\(1, 2\) has 2 elements; expected one, or one for each of 3"):
        ops.repeat(x, [1, 2], axis=1)
    with pytest.raises(ValueError, match="minlength=0 is too small; expected an integer of at least 1"):
        ops.bincount(x)
    model = striate.Model(x, ops.bincount(ops.cast(x, "int32"), minlength=3))
    with pytest.raises(ValueError, match="x holds 7; expected integers of at least 0 and below 3, the number of bins"):
        model(np.float32([[1, 7, 0]]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.diag(np.ones((2, 2, 2))), r"x has shape \(2, 2, 2\); expected a vector or a matrix"),
        (lambda: ops.diagonal(np.ones(2)), r"x has shape \(2,\); expected at least two axes"),
        (lambda: ops.rot90(np.ones((2, 2)), axes=(0, 0)), "holds an axis twice"),
        (lambda: ops.rot90(np.ones((2, 2)), axes=(0,)), r"axes=\(0,\) holds 1 axes; expected two different axes"),
        (lambda: ops.cross(np.ones(4), np.ones(3)), "x1 has vectors of 4 elements; expected 2 or 3"),
        (lambda: ops.quantile(np.ones(3), 1.5), "q=1.5 is out of range; expected a number from 0 to 1, or a sequence"),
        (lambda: ops.percentile(np.ones(3), -1), "q=-1 is out of range; expected a number from 0 to 100, or a sequence"),
        (lambda: ops.quantile(np.ones(3), 0.5, method="best"), "method='best' is unknown; expected one of 'linear', 'lower'"),
        (lambda: ops.average(np.ones((2, 3)), 0, np.ones(4)), "weights=|could not be broadcast"),
        (lambda: ops.average(np.ones((2, 3)), None, np.ones(3)), r"weights has shape \(3,\); expected that of x"),
        (lambda: ops.correlate(np.ones((2, 2)), np.ones(2)), r"x1 has shape \(2, 2\); expected a vector of known length"),
        (lambda: ops.tensordot(np.ones((2, 3)), np.ones((2, 3)), ((0, 1), (0,))), "holds 2 axes of x1 and 1 of x2"),
        (lambda: ops.select([True], [1, 2]), "expected a list, with as many conditions as choices"),
        (lambda: ops.where(True, 1), "x2=None is not an array; expected x1 and x2, or neither"),
        (lambda: ops.searchsorted(np.ones((2, 2)), 1.0), r"sorted_sequence has shape \(2, 2\); expected a vector"),
        (lambda: ops.digitize(1.0, 2.0), r"bins has shape \(\); expected a vector"),
        (lambda: ops.histogram(np.ones((2, 2))), r"x has shape \(2, 2\); expected a vector"),
        (lambda: ops.histogram(np.ones(2), range=(2, 1)), r"range=\(2, 1\) is no range; expected two numbers in a tuple"),
        (lambda: ops.bincount(np.array([-1, 2])), "x holds -1; expected integers of at least 0"),
        (lambda: ops.bincount([1], sparse=True), "sparse=True is not supported; expected False"),
        (lambda: ops.bincount([1.5, 2.0]), "holds fractions; expected integers"),
        (lambda: ops.unravel_index([5, 6], (2, 3)), r"are not all within shape=\(2, 3\); expected indices below 6"),
        (lambda: ops.vsplit(np.ones(3), 3), r"x has shape \(3,\); expected at least 2 axes"),
        (lambda: ops.flip(np.ones(3), 1), r"axis=1 is out of range; expected an axis of x, shape \(3,\)"),
        (lambda: ops.reshape(np.ones(4), (-2, 2)), r"newshape=\(-2, 2\) holds a negative size"),
        (lambda: ops.pad(np.ones(3), 1, "edge", 2.0), "constant_values=2.0 has no meaning for mode='edge'; expected None"),
        (
            lambda: ops.view(layers.Input((3,)), "float64"),
            r"dtype=float64 does not fit into the last axis of x, shape \(None, 3\)",
        ),
        (lambda: ops.sort(layers.Input((3,)), 5), "axis=5 is out of range"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_nan_is_left_out_and_nothing_else():
    x = np.float32([[1, np.nan, -np.inf], [np.nan, np.nan, np.nan], [2, 5, np.inf]])
    np.testing.assert_array_equal(ops.nanargmax(x, 1), [0, -1, 2])
    np.testing.assert_array_equal(ops.nanmax(x, 1), [1, np.nan, np.inf])
    np.testing.assert_array_equal(ops.nansum(x, 1), [-np.inf, 0, np.inf])
    np.testing.assert_array_equal(ops.nanmedian(x[[0, 2], :2], 1), [1, 3.5])
    np.testing.assert_array_equal(ops.median(x[:, :2], 1), [np.nan, np.nan, 3.5])
    np.testing.assert_array_equal(ops.nan_to_num(x[0], posinf=7), [1, 0, np.finfo(np.float32).min])
    for reduce in (ops.nansum, ops.nanprod, ops.sum, ops.prod):
        for dtype, of_result in (("bool", "int32"), ("int8", "int32"), ("uint8", "uint32"), ("uint16", "uint32")):
            assert reduce(np.array([1, 1], dtype)).dtype == of_result
    assert ops.max(np.array([True]), initial=0).dtype == bool
    assert ops.nanargmin([3, 1, 2]) == 1


def test_quantiles_interpolate_beside_infinities():
    x = np.array([1.0, np.inf, np.inf])
    np.testing.assert_array_equal(ops.quantile(x, [0, 0.25, 0.5, 1]), [1, np.inf, np.inf, np.inf])
    assert ops.quantile(np.array([1, 2, 4], np.int16), 0.5).dtype == np.float32


def test_windows_are_those_of_numpy():
    for name in ("bartlett", "blackman", "hamming", "hanning"):
        for length in (0, 1, 2, 7):
            window = getattr(ops, name)(length)
            assert window.dtype == np.float32
            np.testing.assert_allclose(window, getattr(np, name)(length), rtol=1e-6, atol=1e-7)
    for length in (np.array(6), np.float32(6), np.array([6], "uint8")):
        np.testing.assert_allclose(ops.kaiser(length, np.float32(3)), np.kaiser(6, 3.0), rtol=1e-6)
    with pytest.raises(TypeError, match=r"x=6\.5 is of type float; expected an integer"):
        ops.hanning(np.float32(6.5))


def test_arrays_may_be_complex():
    x = np.array([1 + 1j, -2j, 3], np.complex64)
    np.testing.assert_array_equal(ops.real(x), [1, 0, 3])
    np.testing.assert_array_equal(ops.imag(x), [1, -2, 0])
    np.testing.assert_array_equal(ops.conj(x), [1 - 1j, 2j, 3])
    np.testing.assert_array_equal(ops.isreal(x), [False, False, True])
    np.testing.assert_allclose(ops.angle(x), [np.pi / 4, -np.pi / 2, 0], rtol=1e-6)


def test_arrays_are_made_copied_and_searched():
    assert ops.empty((2, 3)).dtype == np.float32
    np.testing.assert_array_equal(ops.identity(2, "int32"), np.eye(2))
    np.testing.assert_array_equal(ops.tri(2, 3, 1), np.tri(2, 3, 1))
    x = np.array([[3, 0, 3], [0, 1, 3]])
    copied = ops.copy(x)
    copied[:] = 7
    np.testing.assert_array_equal([each.tolist() for each in ops.nonzero(x)], np.nonzero(x))
    found = ops.unique(x, return_index=True, return_inverse=True, return_counts=True)
    assert [each.tolist() for each in found] == [[0, 1, 3], [1, 4, 0], [[2, 0, 2], [0, 1, 2]], [2, 1, 3]]
    np.testing.assert_array_equal(ops.unique(x, axis=1, size=2), [[0, 3], [1, 0]])
    np.testing.assert_array_equal(ops.vectorize(lambda a, b: a - b, signature="(n),(n)->(n)")(x, x[0]), x - x[0])
    numbers, step = ops.linspace(0, 1, 5, retstep=True)
    assert (numbers.dtype, numbers.tolist(), step) == (np.float32, [0, 0.25, 0.5, 0.75, 1], 0.25)
    assert (ops.arange(3).dtype, ops.arange(2**40, 2**40 + 2).dtype) == (np.int32, np.int64)


def test_empty_arrays_have_empty_results():
    x = np.ones((0, 3), np.float32)
    for name in ("arcsin", "trunc", "nan_to_num", "tril", "diff", "sinc", "fliplr", "cumprod"):
        assert getattr(ops, name)(x).size == 0
    assert ops.max(x, 0, initial=2.0).tolist() == [2, 2, 2]
    assert ops.unique(x).shape == (0,)
    assert ops.bincount(np.array([], np.int32), minlength=2).tolist() == [0, 0]
    assert ops.kron(x, np.ones((2, 2))).shape == (0, 6)
    assert ops.outer(x, [1.0, 2.0]).shape == (0, 2)
    assert ops.nansum(x) == ops.count_nonzero(x) == ops.vdot(x, x) == 0


def test_names_are_those_of_keras():
    keras = pytest.importorskip("keras")
    for room in ("numpy",):
        assert {each for each in dir(getattr(keras.ops, room)) if not each.startswith("_")} <= set(dir(getattr(ops, room)))

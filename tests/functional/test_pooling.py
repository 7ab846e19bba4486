"""Pooling and its gradients, compared with the reference, finite differences and PyTorch."""

import numpy as np
import pytest

from striate import functional as F
from tests.helpers import bounds, reference

#: By name, the shape of x and the arguments.
CASES = {
    "plain": ((2, 6, 8, 3), {}),
    "one of everything": ((1, 1, 1, 1), {"pool_size": 1}),
    "leftover": ((2, 7, 9, 3), {}),
    "overlapping": ((2, 7, 9, 5), {"pool_size": 3, "strides": 2}),
    "overlapping, same": ((1, 8, 9, 5), {"pool_size": 3, "strides": 2, "padding": "same"}),
    "stride 1, same": ((1, 5, 6, 2), {"pool_size": 3, "strides": 1, "padding": "same"}),
    "stride > window": ((2, 9, 11, 3), {"pool_size": 2, "strides": (3, 4)}),
    "non-square": ((2, 9, 11, 3), {"pool_size": (4, 2), "strides": (1, 3)}),
    "window as large as the image": ((2, 5, 4, 3), {"pool_size": (5, 4)}),
    "explicit padding": ((1, 5, 6, 2), {"pool_size": 3, "strides": 2, "padding": ((2, 1), (0, 2))}),
    "padding for a larger window": ((1, 2, 3, 2), {"pool_size": 4, "padding": (2, 3), "strides": 1}),
    **{f"{c} channels": ((2, 5, 5, c), {"pool_size": 3, "strides": 2}) for c in (1, 2, 4, 6, 7, 8, 9, 15, 16, 17, 33, 70)},
    **{f"2×2, {c} channels": ((2, 7, 9, c), {"pool_size": 2}) for c in (1, 2, 3, 5, 6, 7, 8, 9, 17, 33)},
    **{f"2×2, {w} columns": ((2, 4, w, 3), {"pool_size": 2}) for w in (2, 3, 4, 6)},
    "2×2, rows apart": ((2, 8, 6, 6), {"pool_size": 2, "strides": (3, 2)}),
}  # fmt: skip
each_case = pytest.mark.parametrize(("shape", "arguments"), CASES.values(), ids=CASES)
include_pad = pytest.mark.parametrize("count_include_pad", [False, True])


def full(arguments):
    """Return the arguments with the defaults, which `reference.pool_shape` requires."""
    return {"pool_size": 2, "strides": None, "padding": "valid", **arguments}


def draw(rng, shape, dtype):
    """Return random images with ties."""
    return np.round(2 * rng.standard_normal(shape)).astype(dtype)


@each_case
def test_max_pool2d_matches_the_reference(rng, dtype, shape, arguments):
    x = draw(rng, shape, dtype)
    y = F.max_pool2d(x, **arguments)
    np.testing.assert_array_equal(y, reference.max_pool2d(x, **arguments))
    assert y.dtype == dtype


@each_case
def test_max_pool2d_gradient_matches_the_reference(rng, dtype, shape, arguments):
    x = draw(rng, shape, dtype)
    dy = rng.standard_normal(reference.pool_shape(shape, **full(arguments))).astype(dtype)
    want, scale = (reference.max_pool2d_backward_input(a, x, **arguments) for a in (dy, abs(dy)))
    bounds.assert_within(F.max_pool2d_backward_input(dy, x, **arguments), want, scale, bounds.SUM, dtype)


@each_case
@include_pad
def test_average_pool2d_matches_the_reference(rng, dtype, shape, arguments, count_include_pad):
    x = rng.standard_normal(shape).astype(dtype)
    arguments = {**arguments, "count_include_pad": count_include_pad}
    want, scale = (reference.average_pool2d(a, **arguments) for a in (x, abs(x)))
    bounds.assert_within(F.average_pool2d(x, **arguments), want, scale, bounds.AVERAGE, dtype)


@each_case
@include_pad
def test_average_pool2d_gradient_matches_the_reference(rng, dtype, shape, arguments, count_include_pad):
    dy = rng.standard_normal(reference.pool_shape(shape, **full(arguments))).astype(dtype)
    arguments = {**arguments, "count_include_pad": count_include_pad}
    want, scale = (reference.average_pool2d_backward_input(a, shape, **arguments) for a in (dy, abs(dy)))
    bounds.assert_within(F.average_pool2d_backward_input(dy, shape, **arguments), want, scale, bounds.SUM, dtype)


@pytest.mark.parametrize("shape", [(2, 5, 4, 3), (1, 1, 1, 1), (3, 30, 40, 17)])
def test_global_average_pool2d_matches_numpy(rng, dtype, shape):
    x = rng.standard_normal(shape).astype(dtype)
    want, scale = (a.mean((1, 2), dtype=np.float64) for a in (x, abs(x)))
    y = F.global_average_pool2d(x)
    bounds.assert_within(y, want, scale, bounds.AVERAGE, dtype)
    np.testing.assert_array_equal(F.global_average_pool2d(x, keepdims=True), y[:, None, None])
    want = np.broadcast_to(y.astype(np.float64)[:, None, None] / (shape[1] * shape[2]), shape)
    for dy in (y, y[:, None, None]):
        bounds.assert_within(F.global_average_pool2d_backward_input(dy, shape), want, abs(want), 2, dtype)


def test_the_first_of_equal_maxima_gets_the_gradient():
    x = np.array([[1, 7, 7], [7, 0, 1]], np.float32).reshape(1, 2, 3, 1)
    dx = F.max_pool2d_backward_input(np.ones((1, 1, 1, 1), np.float32), x, (2, 3))
    np.testing.assert_array_equal(dx.ravel(), [0, 1, 0, 0, 0, 0])


def test_nan_is_the_maximum_and_infinities_count(dtype):
    x = np.zeros((1, 4, 4, 9), dtype)
    x[0, 1, 0, 0] = np.nan
    x[0, 0, 0, 1] = np.nan
    x[0, :2, :2, 2] = -np.inf
    x[0, 0, 1, 3] = np.inf
    y = F.max_pool2d(x)
    assert np.isnan(y[0, 0, 0, :2]).all()
    assert y[0, 0, 0, 2] == -np.inf
    assert y[0, 0, 0, 3] == np.inf
    assert (y[0, 0, 1] == 0).all()
    dx = F.max_pool2d_backward_input(np.ones_like(y), x)
    assert [tuple(np.argwhere(dx[0, :2, :2, c])[0]) for c in range(4)] == [(1, 0), (0, 0), (0, 0), (0, 1)]


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_gradients_match_finite_differences(rng, padding):
    x = rng.permutation(2 * 5 * 6 * 3).reshape(2, 5, 6, 3).astype(np.float64)  # There are no ties.
    arguments = {"pool_size": (3, 2), "strides": 2, "padding": padding}
    for forward, backward in (
        (F.max_pool2d, lambda dy: F.max_pool2d_backward_input(dy, x, **arguments)),
        (F.average_pool2d, lambda dy: F.average_pool2d_backward_input(dy, x.shape, **arguments)),
    ):
        dy = rng.standard_normal(forward(x, **arguments).shape)
        gradient = backward(dy)
        for index in np.ndindex(x.shape):
            want = bounds.difference_quotient(lambda: np.vdot(forward(x, **arguments), dy), x, index, step=1e-3)  # noqa: B023
            assert gradient[index] == pytest.approx(want, rel=1e-6, abs=1e-7)


def test_pooling_takes_any_memory_layout_and_out(rng, form, dtype):
    x = rng.standard_normal((2, 6, 7, 5)).astype(dtype)
    y, mean = F.max_pool2d(x), F.average_pool2d(x)
    dy = rng.standard_normal(y.shape).astype(dtype)
    for function, want in (
        (lambda f, out: F.max_pool2d(f(x), out=out), y),
        (lambda f, out: F.average_pool2d(f(x), out=out), mean),
        (lambda f, out: F.max_pool2d_backward_input(f(dy), f(x), out=out), F.max_pool2d_backward_input(dy, x)),
        (lambda f, out: F.average_pool2d_backward_input(f(dy), x.shape, out=out), F.average_pool2d_backward_input(dy, x.shape)),
        (lambda f, out: F.global_average_pool2d(f(x), out=out), F.global_average_pool2d(x)),
    ):
        np.testing.assert_array_equal(function(form, None), want)
        out = np.full_like(want, np.nan)
        assert function(form, out) is out
        np.testing.assert_array_equal(out, want)


def test_an_empty_batch_is_pooled_to_empty_outputs(dtype):
    x = np.empty((0, 6, 5, 3), dtype)
    for pool, back in ((F.max_pool2d, lambda y: F.max_pool2d_backward_input(y, x)),
                       (F.average_pool2d, lambda y: F.average_pool2d_backward_input(y, x.shape))):  # fmt: skip
        y = pool(x)
        assert (y.shape, y.dtype) == ((0, 3, 2, 3), dtype)
        assert back(y).shape == x.shape
    assert F.global_average_pool2d(x).shape == (0, 3)


@pytest.mark.parametrize("shape", [(3, 60, 61, 24), (1, 90, 80, 70), (70, 40, 40, 3)])
def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype, shape):
    x = rng.standard_normal(shape).astype(dtype)
    arguments = {"pool_size": 3, "strides": 2, "padding": "same"}
    y = F.max_pool2d(x, **arguments)
    assert 4 * 9 * y.size > 1e6  # This is enough work to run on several threads.
    for_any_threads(lambda: F.max_pool2d(x, **arguments))
    for_any_threads(lambda: F.max_pool2d_backward_input(y, x, **arguments))
    for_any_threads(lambda: F.average_pool2d(x, **arguments))
    for_any_threads(lambda: F.average_pool2d_backward_input(y, shape, **arguments))
    for_any_threads(lambda: F.global_average_pool2d(x))


@pytest.mark.parametrize("count_include_pad", [False, True])
@pytest.mark.parametrize(("window", "stride", "padding"), [(2, 2, 0), (3, 2, 1), ((2, 3), (1, 2), (1, 0)), (3, 5, 1)])
def test_pooling_agrees_with_pytorch(rng, window, stride, padding, count_include_pad):
    torch = pytest.importorskip("torch")
    x = rng.standard_normal((2, 9, 10, 5))
    tx = torch.from_numpy(x).permute(0, 3, 1, 2)
    arguments = {"pool_size": window, "strides": stride, "padding": padding}
    for got, want in (
        (F.max_pool2d(x, **arguments), torch.nn.functional.max_pool2d(tx, window, stride, padding)),
        (
            F.average_pool2d(x, count_include_pad=count_include_pad, **arguments),
            torch.nn.functional.avg_pool2d(tx, window, stride, padding, count_include_pad=count_include_pad),
        ),
    ):
        np.testing.assert_allclose(got, want.permute(0, 2, 3, 1).numpy(), rtol=1e-12)


X = np.ones((2, 5, 6, 4), np.float32)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.max_pool2d(X[0]), ValueError, r"x has 3 dimensions"),
        (lambda: F.max_pool2d(X.astype(np.int32)), TypeError, r"x has dtype int32; expected float32 or float64"),
        (lambda: F.max_pool2d(X, 0), ValueError, r"pool_size=0"),
        (lambda: F.max_pool2d(X, 2.5), TypeError, r"pool_size=2.5"),
        (lambda: F.max_pool2d(X, strides=0), ValueError, r"strides=0"),
        (lambda: F.max_pool2d(X, 7), ValueError, r"pool_size is larger than the padded input: height 7"),
        (lambda: F.max_pool2d(X, 2, padding=2), ValueError, r"padding=2 is not smaller than the height of pool_size=\(2, 2\)"),
        (lambda: F.max_pool2d(X, 3, padding=((0, 0), (0, 3))), ValueError, r"width of pool_size"),
        (lambda: F.max_pool2d(X[:, :, :, :0]), ValueError, r"x has shape \(2, 5, 6, 0\)"),
        (lambda: F.average_pool2d(X, padding="full"), ValueError, r"padding='full'"),
        (lambda: F.max_pool2d_backward_input(X, X), ValueError, r"dy has shape \(2, 5, 6, 4\); expected .*\(2, 2, 3, 4\)"),
        (lambda: F.average_pool2d_backward_input(X, X.shape), ValueError, r"dy has shape"),
        (lambda: F.global_average_pool2d_backward_input(X, X.shape), ValueError, r"dy has shape .* expected \(2, 4\) or"),
        (lambda: F.max_pool2d(X, out=X), ValueError, r"out has shape"),
        (lambda: F.max_pool2d(X, 1, out=X), ValueError, r"out overlaps an input"),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()

"""Batch normalization, local response normalization and their gradients, compared with the reference and PyTorch."""

import numpy as np
import pytest

from striate import functional as F
from tests.helpers import bounds, reference

#: Vectors that hold one row and several rows, whole and partial vectors, one and several blocks and parts.
SHAPES = [
    (1,), (5, 1), (3, 3), (4, 17), (1, 5, 7, 1), (2, 5, 5, 3), (2, 9, 11, 17), (3, 7, 5, 8), (9, 16, 16, 16), (2, 10, 13, 40),
    (3, 5, 64), (2, 9, 9, 65), (4, 8, 9, 100), (2, 6, 7, 130), (40, 511), (7, 2048), (500, 3), (5000, 1), (5000, 6), (3001, 64),
    (2, 20000),
]  # fmt: skip
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
each_mode = pytest.mark.parametrize("training", [True, False], ids=["training", "fixed"])


def draw(rng, dtype, shape):
    """Return random x, dy, gamma and beta."""
    x = 3 * rng.standard_normal(shape) + 5 * rng.standard_normal(shape[-1])
    arrays = x, rng.standard_normal(shape), rng.standard_normal(shape[-1]), rng.standard_normal(shape[-1])
    return [array.astype(dtype) for array in arrays]


def joined(arrays):
    """Return all elements of several arrays in one array."""
    return np.concatenate([array.ravel() for array in arrays])


# ---------------------------------------------------------------------------------------------------- batch normalization


def assert_moments_within(x, dtype):
    """Check mean and variance against the reference."""
    mean, variance = F.moments(x)
    want_mean, want_variance = reference.moments(x)
    bounds.assert_within(mean, want_mean, abs(want_mean) + np.sqrt(want_variance), bounds.MOMENTS[dtype.name], dtype)
    bounds.assert_within(variance, want_variance, want_variance, bounds.MOMENTS[dtype.name], dtype)


@each_shape
def test_moments_match_the_reference(rng, dtype, shape):
    x, *_ = draw(rng, dtype, shape)
    assert_moments_within(x, dtype)


@pytest.mark.parametrize("shape", [(40, 3), (3000, 3), (5000, 64), (200, 130)], ids=str)
def test_moments_do_not_cancel(rng, dtype, shape):
    x, *_ = draw(rng, dtype, shape)
    row = np.arange(len(x))[:, np.newaxis]
    outliers = (np.where(row == at, 1e6, x) for at in (0, len(x) // 2, len(x) - 1))
    for hard in (x + 1e4, 1e-3 * x - 1e4, x + row, *outliers, 1e15 * x, 1e-15 * x):
        assert_moments_within(hard.astype(dtype), dtype)
    np.testing.assert_array_equal(F.moments(np.full(shape, 0.1, dtype))[1], np.zeros(shape[-1]))
    large = np.full(shape, np.finfo(dtype).max / 2, dtype)
    np.testing.assert_array_equal(F.moments(large)[0], large[0])


@each_shape
def test_batch_normalization_matches_the_reference(rng, dtype, shape):
    x, _, gamma, beta = draw(rng, dtype, shape)
    mean, variance = (array.astype(dtype) for array in reference.moments(x))
    for arguments in ({}, {"gamma": gamma}, {"beta": beta}, {"gamma": gamma, "beta": beta, "epsilon": 0.25}):
        want = reference.batch_normalization(x, mean, variance, **arguments)
        scale = abs(want - arguments.get("beta", 0)) + abs(arguments.get("beta", 0))
        y = F.batch_normalization(x, mean, variance, **arguments)
        bounds.assert_within(y, want, scale, bounds.ELEMENTWISE, dtype)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "relu6", "sigmoid", "softmax"])
def test_activation_argument_applies_the_activation(rng, dtype, name):
    x, _, gamma, beta = draw(rng, dtype, (4, 5, 19))
    mean, variance = F.moments(x)
    want = getattr(F, name)(F.batch_normalization(x, mean, variance, gamma, beta))
    np.testing.assert_array_equal(F.batch_normalization(x, mean, variance, gamma, beta, activation=name), want)


@pytest.mark.parametrize("name", ["linear", "relu", "leaky_relu", "relu6", "tanh"])
@each_shape
def test_residuals_are_added_before_the_activation(rng, dtype, shape, name):
    x, residual, gamma, beta = draw(rng, dtype, shape)
    mean, variance = F.moments(x)
    want = F.batch_normalization(x, mean, variance, gamma, beta) + residual
    y = F.batch_normalization(x, mean, variance, gamma, beta, residual=residual, activation=name)
    np.testing.assert_array_equal(y, want if name == "linear" else getattr(F, name)(want))


@each_mode
@each_shape
def test_batch_normalization_gradients_match_the_reference(rng, dtype, shape, training):
    x, dy, gamma, _ = draw(rng, dtype, shape)
    mean, variance = (array.astype(dtype) for array in reference.moments(x))
    for arguments in ({}, {"gamma": gamma, "epsilon": 0.25}):
        arguments["training"] = training
        got = F.batch_normalization_backward(dy, x, mean, variance, **arguments)
        want = reference.batch_normalization_backward(dy, x, mean, variance, **arguments)
        scales = reference.batch_normalization_backward(dy, x, mean, variance, **arguments, absolute=True)
        for g, w, scale in zip(got, want, scales, strict=True):
            bounds.assert_within(g, w, scale, bounds.SUM, dtype)


@each_mode
@pytest.mark.parametrize("name", ["relu", "leaky_relu", "relu6"])
@each_shape
def test_batch_normalization_backward_goes_through_the_activation(rng, dtype, shape, name, training):
    x, dy, gamma, beta = draw(rng, dtype, shape)
    mean, variance = F.moments(x)
    for more in ({}, {"beta": beta}):
        y = F.batch_normalization(x, mean, variance, gamma, **more, activation=name)
        dz = getattr(F, f"{name}_backward_input")(dy, y)
        got = F.batch_normalization_backward(dy, x, mean, variance, gamma, **more, training=training, activation=name)
        want = F.batch_normalization_backward(dz, x, mean, variance, gamma, training=training)
        for g, w in zip(got, want, strict=True):
            np.testing.assert_array_equal(g, w)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rows", [1, 7, 64])
@pytest.mark.parametrize("name", ["relu", "leaky_relu", "relu6"])
def test_batch_normalization_backward_at_infinity_and_beyond_the_largest_output(dtype, rows, name):
    z = np.array([np.inf, 7.0, 6.0, 5.0, 0.0, -1.0, -np.inf], dtype)
    x, dy = np.tile(z, (rows, 1)), np.ones((rows, z.size), dtype)
    statistics = np.zeros(z.size, dtype), np.ones(z.size, dtype)
    dx, _, dbeta = F.batch_normalization_backward(dy, x, *statistics, epsilon=0, training=False, activation=name)
    below = 0.2 if name == "leaky_relu" else 0
    want = np.array([1, 1, 1, 1, below, below, below] if name != "relu6" else [0, 0, 0, 1, 0, 0, 0], dtype)
    np.testing.assert_array_equal(dx, np.tile(want, (rows, 1)))
    np.testing.assert_allclose(dbeta, rows * want, rtol=1e-6)


@each_mode
@pytest.mark.parametrize("shape", [(4, 1), (3, 2, 5), (30, 3)], ids=str)
def test_batch_normalization_gradients_match_finite_differences(rng, shape, training):
    x, dy, gamma, beta = draw(rng, np.float64, shape)
    fixed = F.moments(x)

    def loss():
        return np.vdot(dy, F.batch_normalization(x, *(F.moments(x) if training else fixed), gamma, beta))

    gradients = F.batch_normalization_backward(dy, x, *fixed, gamma, training=training)
    for array, gradient in zip((x, gamma, beta), gradients, strict=True):
        for index in np.ndindex(array.shape):
            want = bounds.difference_quotient(loss, array, index, step=1e-5)
            assert gradient[index] == pytest.approx(want, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("shape", [(0, 3), (0, 4, 5, 17), (2, 0, 70), (2, 3, 0)])
def test_empty_inputs_are_normalized_to_empty_outputs(dtype, shape):
    x, channels = np.empty(shape, dtype), np.ones(shape[-1], dtype)
    for training in (True, False):
        got = F.batch_normalization_backward(x, x, channels, channels, channels, training=training)
        assert [(g.shape, g.dtype) for g in got] == [(shape, dtype), ((shape[-1],), dtype), ((shape[-1],), dtype)]
        assert not joined(got).any()
    for y in (
        F.batch_normalization(x, channels, channels, channels, channels, activation="softmax"),
        F.local_response_normalization(x),
        F.local_response_normalization_backward_input(x, x),
    ):
        assert (y.shape, y.dtype) == (shape, dtype)


def test_nan_stays_in_its_channel(dtype):
    x = np.ones((50, 40), dtype)
    x[3, 5], x[7, 6] = np.nan, np.inf
    mean, variance = F.moments(x)
    y = F.batch_normalization(x, mean, variance)
    gradients = F.batch_normalization_backward(x, x, mean, variance)
    for array in (mean, variance, y, *gradients):
        hit = np.isnan(array).any(tuple(range(array.ndim - 1)))
        assert hit[5]
        assert not hit[np.r_[:5, 7:40]].any()


# -------------------------------------------------------------------------------------------- local response normalization

RADII = [0, 1, 2, 4, 5, 7, 50, 10**12]
each_radius = pytest.mark.parametrize("radius", RADII)
each_beta = pytest.mark.parametrize("beta", [0.5, 0.75, 1.0, 0.3, 0.0, -0.5])


@each_beta
@each_radius
def test_local_response_normalization_matches_the_reference(rng, dtype, radius, beta):
    for shape in ((1,), (3, 1), (5, 2), (2, 3, 3, 3), (4, 17), (3, 3, 40), (70, 96), (2, 3000)):
        x = rng.standard_normal(shape).astype(dtype)
        arguments = {"depth_radius": radius, "bias": 2.0, "alpha": 0.125}
        want = reference.local_response_normalization(x, **arguments, beta=beta)
        # The relative error of the power is the absolute error of its exponent, -beta log(s).
        scale = abs(want) * (1 + abs(beta) * (1 + np.log(reference.local_response_sums(x, **arguments))))
        y = F.local_response_normalization(x, **arguments, beta=beta)
        bounds.assert_within(y, want, scale, bounds.ELEMENTWISE, dtype)


@each_beta
@each_radius
def test_local_response_normalization_gradient_matches_the_reference(rng, dtype, radius, beta):
    for shape in ((1,), (3, 1), (5, 2), (2, 3, 3, 3), (4, 17), (3, 3, 40), (70, 96), (2, 3000)):
        x, dy = rng.standard_normal((2, *shape)).astype(dtype)
        arguments = {"depth_radius": radius, "bias": 2.0, "alpha": 0.125}
        logarithm = np.log(reference.local_response_sums(x, **arguments).max())
        arguments["beta"] = beta
        want = reference.local_response_normalization_backward_input(dy, x, **arguments)
        scale = reference.local_response_normalization_backward_input(dy, x, **arguments, absolute=True)
        scale *= 1 + abs(beta) * (1 + logarithm)
        got = F.local_response_normalization_backward_input(dy, x, **arguments)
        bounds.assert_within(got, want, scale, bounds.ELEMENTWISE, dtype)


@pytest.mark.parametrize("beta", [0.5, 0.75, 1.2])
@pytest.mark.parametrize(("channels", "radius"), [(1, 2), (3, 1), (7, 2), (9, 20)])
def test_local_response_normalization_gradient_matches_finite_differences(rng, channels, radius, beta):
    x, dy = rng.standard_normal((2, 3, channels))
    arguments = {"bias": 1.5, "alpha": 0.7, "beta": beta}
    gradient = F.local_response_normalization_backward_input(dy, x, radius, **arguments)
    for index in np.ndindex(x.shape):
        want = bounds.difference_quotient(lambda: np.vdot(dy, F.local_response_normalization(x, radius, **arguments)), x, index)
        assert gradient[index] == pytest.approx(want, rel=1e-7, abs=1e-8)


def test_defaults_of_local_response_normalization_are_tensorflows():
    x = np.arange(12.0).reshape(1, 12)
    want = x / np.sqrt([[1 + sum(k * k for k in range(max(c - 5, 0), min(c + 6, 12))) for c in range(12)]])
    np.testing.assert_allclose(F.local_response_normalization(x), want, rtol=1e-15)


def test_nan_reaches_only_its_neighbours(dtype):
    x = np.ones((6, 20), dtype)
    x[2, 19], x[4, 0] = np.nan, np.inf
    hit = np.zeros(x.shape, bool)
    hit[2, 16:] = hit[4, :4] = True
    for beta in (0.5, 0.75, 1.0):
        y = F.local_response_normalization(x, 3, beta=beta)
        np.testing.assert_array_equal(np.isnan(y[:3]), hit[:3])
        np.testing.assert_array_equal(y[4, 1:4], 0)
        np.testing.assert_array_equal(y[~hit], F.local_response_normalization(np.ones_like(x), 3, beta=beta)[~hit])
        dx = F.local_response_normalization_backward_input(np.ones_like(x), x, 3, beta=beta)
        assert np.isnan(dx[2, 16:]).all()
        assert np.isfinite(np.delete(dx, [2, 4], 0)).all()


# ---------------------------------------------------------------------------------------------- both kinds of normalization


def test_normalization_takes_any_memory_layout_and_out(rng, form, dtype):
    x, dy, gamma, beta = draw(rng, dtype, (2, 6, 7, 19))
    mean, variance = F.moments(x)
    np.testing.assert_array_equal(F.moments(form(x)), (mean, variance))
    for function, want in (
        (
            lambda f, out: F.batch_normalization(f(x), f(mean), f(variance), f(gamma), f(beta), out=out),
            F.batch_normalization(x, mean, variance, gamma, beta),
        ),
        (
            lambda f, out: F.batch_normalization_backward(f(dy), f(x), f(mean), f(variance), f(gamma), out=out)[0],
            F.batch_normalization_backward(dy, x, mean, variance, gamma)[0],
        ),
        (lambda f, out: F.local_response_normalization(f(x), 2, out=out), F.local_response_normalization(x, 2)),
        (
            lambda f, out: F.local_response_normalization_backward_input(f(dy), f(x), 2, out=out),
            F.local_response_normalization_backward_input(dy, x, 2),
        ),
    ):
        np.testing.assert_array_equal(function(form, None), want)
        out = np.full_like(want, np.nan)
        assert function(form, out) is out
        np.testing.assert_array_equal(out, want)


@pytest.mark.parametrize("shape", [(8, 60, 61, 24), (8, 200, 200, 3), (700, 2048), (999, 1401), (1100000, 1)], ids=str)
def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype, shape):
    x, dy, gamma, beta = draw(rng, dtype, shape)
    assert 4 * x.size > 1e6  # This is enough work to run on several threads.
    mean, variance = F.moments(x)
    for_any_threads(lambda: F.moments(x))
    for_any_threads(lambda: F.batch_normalization(x, mean, variance, gamma, beta))
    for_any_threads(lambda: joined(F.batch_normalization_backward(dy, x, mean, variance, gamma)))
    for_any_threads(lambda: joined(F.batch_normalization_backward(dy, x, mean, variance, gamma, training=False)))
    for_any_threads(lambda: joined(F.batch_normalization_backward(dy, x, mean, variance, gamma, beta, activation="relu")))
    for_any_threads(lambda: F.local_response_normalization(x, 2, beta=0.75))
    for_any_threads(lambda: F.local_response_normalization_backward_input(dy, x, 2, beta=0.6))


@pytest.mark.parametrize("training", [True, False])
def test_batch_normalization_agrees_with_pytorch(rng, training):
    torch = pytest.importorskip("torch")
    x, dy, gamma, beta = draw(rng, np.float64, (4, 6, 5, 7))
    mean, variance = F.moments(x)
    tx, tgamma, tbeta = (torch.from_numpy(a).requires_grad_() for a in (x, gamma, beta))
    statistics = (None, None) if training else (torch.from_numpy(mean), torch.from_numpy(variance))
    ty = torch.nn.functional.batch_norm(tx.permute(0, 3, 1, 2), *statistics, tgamma, tbeta, training, eps=1e-3)
    ty.backward(torch.from_numpy(dy).permute(0, 3, 1, 2))
    y = F.batch_normalization(x, mean, variance, gamma, beta)
    np.testing.assert_allclose(y, ty.detach().permute(0, 2, 3, 1).numpy(), rtol=0, atol=1e-13)
    gradients = F.batch_normalization_backward(dy, x, mean, variance, gamma, training=training)
    for got, want in zip(gradients, (tx.grad, tgamma.grad, tbeta.grad), strict=True):
        np.testing.assert_allclose(got, want.numpy(), rtol=0, atol=1e-13 * abs(got).max())


@pytest.mark.parametrize("beta", [0.5, 0.75, 0.9])
def test_local_response_normalization_agrees_with_pytorch(rng, beta):
    torch = pytest.importorskip("torch")
    x, dy = rng.standard_normal((2, 3, 4, 5, 11))
    tx = torch.from_numpy(x).requires_grad_()
    ty = torch.nn.functional.local_response_norm(tx.permute(0, 3, 1, 2), 5, alpha=0.5, beta=beta, k=2.0)
    ty.backward(torch.from_numpy(dy).permute(0, 3, 1, 2))
    arguments = {"bias": 2.0, "alpha": 0.5 / 5, "beta": beta}
    y = F.local_response_normalization(x, 2, **arguments)
    np.testing.assert_allclose(y, ty.detach().permute(0, 2, 3, 1).numpy(), rtol=1e-13)
    dx = F.local_response_normalization_backward_input(dy, x, 2, **arguments)
    np.testing.assert_allclose(dx, tx.grad.numpy(), rtol=0, atol=1e-13)


X, C = np.ones((2, 3, 4), np.float32), np.ones(4, np.float32)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.moments(np.float32(1)), ValueError, r"x has no dimensions; expected at least one, of channels"),
        (lambda: F.moments(X.astype(int)), TypeError, r"x has dtype int64; expected float32 or float64"),
        (lambda: F.moments(X[:0]), ValueError, r"x has shape \(0, 3, 4\); expected at least one element per channel"),
        (lambda: F.batch_normalization(X, C[:3], C), ValueError, r"mean has shape \(3,\); expected .* 4 channels"),
        (lambda: F.batch_normalization(X, C, X), ValueError, r"variance has 3 dimensions.*expected 1: \(channels\)"),
        (lambda: F.batch_normalization(X, C, None), TypeError, r"variance=None has dtype object"),
        (lambda: F.batch_normalization(X, C, C, C[:1]), ValueError, r"gamma has shape \(1,\); expected .* 4 channels"),
        (lambda: F.batch_normalization(X, C, C, C, C.astype(float)), TypeError, r"beta has dtype float64 but x has float32"),
        (lambda: F.batch_normalization(X, C, C, epsilon=-1e-3), ValueError, r"epsilon=-0.001 is out of range"),
        (lambda: F.batch_normalization(X, C, C, epsilon="1"), TypeError, r"epsilon='1' is of type str"),
        (lambda: F.batch_normalization(X, C, C, activation="swoosh"), ValueError, r"activation='swoosh'"),
        (lambda: F.batch_normalization(X, C, C, out=X), ValueError, r"out overlaps an input"),
        (lambda: F.batch_normalization(X, C, C, out=X[0]), ValueError, r"out has shape \(3, 4\)"),
        (lambda: F.batch_normalization_backward(X[0], X, C, C), ValueError, r"dy has shape \(3, 4\); expected .*\(2, 3, 4\)"),
        (lambda: F.batch_normalization_backward(X, X, C, C[:2]), ValueError, r"variance has shape \(2,\)"),
        (lambda: F.batch_normalization_backward(X, X, C, C, C[:2]), ValueError, r"gamma has shape \(2,\)"),
        (lambda: F.batch_normalization_backward(X, X, C, C, C, C[:2]), ValueError, r"beta has shape \(2,\)"),
        (
            lambda: F.batch_normalization_backward(X, X, C, C, activation="tanh"),
            ValueError,
            r"activation='tanh' is not supported",
        ),
        (lambda: F.batch_normalization(X, C, C, residual=X[0]), ValueError, r"residual has shape \(3, 4\); expected the shape"),
        (lambda: F.batch_normalization(X, C, C, residual=X.astype(float)), TypeError, r"residual has dtype float64 but x has"),
        (lambda: F.batch_normalization_backward(X, X, C, C, training=2), TypeError, r"training=2 is neither true nor false"),
        (
            lambda: F.batch_normalization_backward(X, X.astype(float), C, C),
            TypeError,
            r"x has dtype float64 but dy has float32",
        ),
        (lambda: F.local_response_normalization(np.float32(1)), ValueError, r"x has no dimensions"),
        (lambda: F.local_response_normalization(X, -1), ValueError, r"depth_radius=-1 is too small"),
        (lambda: F.local_response_normalization(X, 2.0), TypeError, r"depth_radius=2.0 is of type float"),
        (lambda: F.local_response_normalization(X, bias=0), ValueError, r"bias=0 is out of range; expected .* above 0"),
        (lambda: F.local_response_normalization(X, alpha=-1.0), ValueError, r"alpha=-1.0 is out of range"),
        (lambda: F.local_response_normalization(X, beta=np.nan), ValueError, r"beta=nan is out of range"),
        (lambda: F.local_response_normalization(X, out=X), ValueError, r"out overlaps an input"),
        (lambda: F.local_response_normalization_backward_input(X[0], X), ValueError, r"dy has shape \(3, 4\)"),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()

"""Winograd's convolution and its gradients, compared with the reference."""

import numpy as np
import pytest

import striate
from striate import functional as F
from tests.helpers import bounds, reference
from tests.helpers.activation_rows import FUSED

#: By name, the shape of x for 3×3 kernels at stride 1, the filters and the arguments: whole and partial tiles, one and many of
#: them, whole and partial vectors of channels and filters.
CASES = {
    "one pixel": ((1, 1, 1, 1), 1, {"padding": 1}),
    "one window": ((1, 3, 3, 2), 3, {}),
    "whole tiles": ((1, 10, 14, 16), 16, {}),
    "same": ((2, 8, 12, 5), 7, {"padding": "same"}),
    "odd size": ((2, 7, 13, 33), 17, {"padding": "same"}),
    "uneven padding": ((1, 5, 6, 3), 40, {"padding": ((0, 3), (2, 1))}),
    "padding > kernel": ((1, 4, 2, 3), 5, {"padding": 7}),
    "groups": ((2, 9, 6, 20), 36, {"padding": 1, "groups": 2}),
    "many tiles": ((3, 33, 41, 9), 18, {"padding": "same"}),
    "many filters": ((1, 6, 6, 12), 200, {"padding": "same"}),
}
each_case = pytest.mark.parametrize(("x_shape", "filters", "arguments"), CASES.values(), ids=CASES)
each_algorithm = pytest.mark.parametrize(("algorithm", "taps", "strides"), bounds.WINOGRAD)


def draw(rng, x_shape, filters, arguments, dtype, taps=3):
    """Return random x, kernel, bias and dy; larger kernels and strides have a larger x and about the same output size."""
    height, width = (max((size - 3) * arguments.get("strides", 1) + taps, taps - 2) for size in x_shape[1:3])
    x_shape = (x_shape[0], height, width, x_shape[3])
    kernel_shape = (taps, taps, x_shape[3] // arguments.get("groups", 1), filters)
    shapes = x_shape, kernel_shape, (filters,), reference.conv2d_shape(x_shape, kernel_shape, **arguments)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


@each_case
@each_algorithm
def test_winograd_convolution_matches_the_reference(rng, dtype, x_shape, filters, arguments, algorithm, taps, strides):
    arguments = {"strides": strides, **arguments}
    x, kernel, bias, _ = draw(rng, x_shape, filters, arguments, dtype, taps)
    want = reference.conv2d(x, kernel, bias, **arguments)
    scale = reference.conv2d(abs(x), abs(kernel), abs(bias), **arguments).max()
    got = F.conv2d(x, kernel, bias, algorithm=algorithm, **arguments)
    bounds.assert_within(got, want, scale, bounds.WINOGRAD[algorithm, taps, strides], dtype)


@each_case
@each_algorithm
def test_winograd_input_gradient_matches_the_reference(rng, dtype, x_shape, filters, arguments, algorithm, taps, strides):
    arguments = {"strides": strides, **arguments}
    x, kernel, _, dy = draw(rng, x_shape, filters, arguments, dtype, taps)
    want = reference.conv2d_backward_input(dy, kernel, x.shape, **arguments)
    # The transforms mix all taps, so the scale also counts the gradients of the padding, which are cut off.
    whole = (dy.shape[0], *((size - 1) * strides + taps for size in dy.shape[1:3]), x.shape[3])
    scale = reference.conv2d_backward_input(
        abs(dy), abs(kernel), whole, strides=strides, groups=arguments.get("groups", 1)
    ).max()
    got = F.conv2d_backward_input(dy, kernel, x.shape, algorithm=algorithm, **arguments)
    bounds.assert_within(got, want, scale, bounds.WINOGRAD[algorithm, taps, strides], dtype)


@each_case
@each_algorithm
def test_winograd_kernel_gradient_matches_the_reference(rng, dtype, x_shape, filters, arguments, algorithm, taps, strides):
    arguments = {"strides": strides, **arguments}
    x, kernel, _, dy = draw(rng, x_shape, filters, arguments, dtype, taps)
    want = reference.conv2d_backward_kernel(dy, x, kernel.shape, **arguments)
    scale = reference.conv2d_backward_kernel(abs(dy), abs(x), kernel.shape, **arguments).max()
    got = F.conv2d_backward_kernel(dy, x, kernel.shape, algorithm=algorithm, **arguments)
    bounds.assert_within(got, want, scale, bounds.WINOGRAD[algorithm, taps, strides], dtype)


@each_algorithm
@pytest.mark.parametrize("name", [*FUSED, "tanh"])
def test_winograd_convolution_adds_bias_residual_and_activation(rng, dtype, algorithm, taps, strides, name):
    arguments = {"strides": strides, "padding": "same"}
    x, kernel, bias, residual = draw(rng, (2, 7, 9, 12), 19, arguments, dtype, taps)
    plain = F.conv2d(x, kernel, bias, algorithm=algorithm, **arguments)
    got = F.conv2d(x, kernel, bias, residual=residual, activation=name, algorithm=algorithm, **arguments)
    np.testing.assert_array_equal(got, getattr(F, name)(plain + residual))


@each_algorithm
@pytest.mark.parametrize(
    ("x_shape", "filters", "groups"),
    [((1, 28, 28, 24), 40, 1), ((6, 31, 30, 16), 24, 1), ((4, 14, 14, 32), 160, 2), ((1, 8, 8, 64), 512, 1)],
)
def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype, algorithm, taps, strides, x_shape, filters, groups):
    arguments = {"strides": strides, "padding": "same", "groups": groups}
    x, kernel, bias, dy = draw(rng, x_shape, filters, arguments, dtype, taps)
    for_any_threads(lambda: F.conv2d(x, kernel, bias, algorithm=algorithm, **arguments))
    for_any_threads(lambda: F.conv2d_backward_input(dy, kernel, x.shape, algorithm=algorithm, **arguments))
    for_any_threads(lambda: F.conv2d_backward_kernel(dy, x, kernel.shape, algorithm=algorithm, **arguments))


@pytest.mark.parametrize(
    ("algorithm", "taps", "strides"),
    [("winograd_f2", 3, 1), ("winograd_f4", 3, 1), ("winograd_f2", 5, 1), ("winograd_f5", 4, 2), ("winograd_f4", 5, 2)],
)
@pytest.mark.parametrize(
    ("x_shape", "filters"),
    [((1, 14, 14, 200), 176), ((5, 62, 61, 40), 24), ((1, 40, 40, 300), 310)],
    ids=["several chunks of the kernel gradient", "blocks per thread", "kernel shared by all threads"],
)
def test_large_winograd_convolutions_agree_with_im2col(rng, x_shape, filters, algorithm, taps, strides):
    arguments = {"strides": strides, "padding": "same"}
    x, kernel, bias, dy = draw(rng, x_shape, filters, arguments, np.float64, taps)
    for got, want in (
        [F.conv2d(x, kernel, bias, algorithm=name, **arguments) for name in (algorithm, "im2col")],
        [F.conv2d_backward_input(dy, kernel, x.shape, algorithm=name, **arguments) for name in (algorithm, "im2col")],
        [F.conv2d_backward_kernel(dy, x, kernel.shape, algorithm=name, **arguments) for name in (algorithm, "im2col")],
    ):
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-13 * abs(want).max())


def with_zero_regions(rng, shape, dtype):
    """Return random values with positive or negative zeros in rectangles, whole images and single pixels."""
    values = rng.standard_normal(shape).astype(dtype)
    n, height, width, _ = shape
    for _ in range(4 * n):
        i, j, k = rng.integers(0, (n, height, width))
        values[i, j : j + rng.integers(1, 18), k : k + rng.integers(1, 18)] = 0
    values[0, :, width // 2 :] = -0.0
    values *= rng.random((n, height, width, 1)) < 0.9
    return values


@each_algorithm
@pytest.mark.parametrize(
    ("x_shape", "filters", "groups"),
    [((3, 14, 17, 3), 5, 1), ((2, 28, 27, 20), 40, 2), ((6, 31, 30, 16), 24, 1), ((1, 8, 9, 24), 600, 1)],
    ids=["few channels", "groups", "blocks per thread", "many filters"],
)
def test_windows_of_zeros_give_zeros(rng, dtype, algorithm, taps, strides, x_shape, filters, groups):
    kernel = rng.standard_normal((taps, taps, x_shape[3] // groups, filters)).astype(dtype)
    bias = rng.standard_normal(filters).astype(dtype)
    arguments = {"strides": strides, "padding": "same", "groups": groups}
    dy_shape = reference.conv2d_shape(x_shape, kernel.shape, **arguments)
    x, dy = (with_zero_regions(rng, shape, dtype) for shape in (x_shape, dy_shape))
    want, got = (F.conv2d(x, kernel, algorithm=name, **arguments) for name in ("direct", algorithm))
    assert 0.1 < (want == 0).mean() < 0.9
    np.testing.assert_array_equal(got == 0, want == 0)
    # Bias, residual and activation are applied to these zeros, too.
    residual = rng.standard_normal(want.shape).astype(dtype)
    got = F.conv2d(x, kernel, bias, residual=residual, activation="relu", algorithm=algorithm, **arguments)
    np.testing.assert_array_equal(got[want == 0], np.maximum(bias + residual, 0)[want == 0])
    want, got = (F.conv2d_backward_input(dy, kernel, x_shape, algorithm=name, **arguments) for name in ("direct", algorithm))
    np.testing.assert_array_equal(got == 0, want == 0)


@each_algorithm
def test_infinite_weights_make_windows_of_zeros_nan(algorithm, taps, strides):
    x, kernel = np.zeros((1, 8, 8, 3), np.float32), np.ones((taps, taps, 3, 2), np.float32)
    x[0, 0, 0] = 1
    kernel[1, 1, 1, 0] = np.inf
    y = F.conv2d(x, kernel, strides=strides, padding="same", algorithm=algorithm)
    assert np.isnan(y[0, 2:, 2:, 0]).all()
    assert np.isfinite(y[..., 1]).all()


@each_algorithm
def test_nan_stays_within_its_tiles(algorithm, taps, strides):
    x, kernel = np.ones((2, 16, 16, 8), np.float32), np.ones((taps, taps, 8, 8), np.float32)
    x[0, 1, 1, 0] = np.nan
    y = F.conv2d(x, kernel, strides=strides, padding="same", algorithm=algorithm)
    seen, tile = 3 if strides == 1 else 2, 5 if taps == 4 else 4
    assert np.isnan(y[0, :seen, :seen]).all()
    assert np.isfinite(y[0, tile:]).all()
    assert np.isfinite(y[0, :, tile:]).all()
    assert np.isfinite(y[1]).all()


@each_algorithm
def test_an_empty_batch_gives_empty_winograd_outputs(dtype, algorithm, taps, strides):
    x, kernel = np.empty((0, 7, 6, 3), dtype), np.ones((taps, taps, 3, 4), dtype)
    arguments = {"strides": strides, "algorithm": algorithm}
    y = F.conv2d(x, kernel, **arguments)
    assert (y.shape, y.dtype) == ((0, (7 - taps) // strides + 1, (6 - taps) // strides + 1, 4), dtype)
    assert F.conv2d_backward_input(y, kernel, x.shape, **arguments).shape == x.shape
    assert not F.conv2d_backward_kernel(y, x, kernel.shape, **arguments).any()


@pytest.mark.parametrize(
    ("algorithm", "taps", "strides"),
    [("winograd_f4", 3, 1), ("winograd_f5", 4, 2), ("winograd_f4", 5, 2), ("winograd_f4", 6, 2)],
)
def test_auto_picks_winograd_where_it_pays_and_is_allowed(rng, algorithm, taps, strides):
    arguments = {"strides": strides, "padding": "same"}
    x, kernel, _, dy = draw(rng, (2, 28, 28, 64), 64, arguments, np.float32, taps)
    calls = {
        "forward": lambda algorithm: F.conv2d(x, kernel, algorithm=algorithm, **arguments),
        "input": lambda algorithm: F.conv2d_backward_input(dy, kernel, x.shape, algorithm=algorithm, **arguments),
        "kernel": lambda algorithm: F.conv2d_backward_kernel(dy, x, kernel.shape, algorithm=algorithm, **arguments),
    }
    assert striate.get_winograd()
    for call in calls.values():
        np.testing.assert_array_equal(call("auto"), call(algorithm))
    striate.set_winograd(False)
    try:
        assert not striate.get_winograd()
        for call in calls.values():
            np.testing.assert_array_equal(call("auto"), call("direct"))
    finally:
        striate.set_winograd(True)
    few, narrow, *_ = draw(rng, (1, 5, 5, 2), 3, {}, np.float32)
    np.testing.assert_array_equal(F.conv2d(few, narrow), F.conv2d(few, narrow, algorithm="direct"))


@pytest.mark.parametrize("enabled", [2, None, "yes"])
def test_set_winograd_takes_only_a_bool(enabled):
    with pytest.raises(TypeError, match=r"enabled=.* expected True or False"):
        striate.set_winograd(enabled)

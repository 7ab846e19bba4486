"""Convolution and its gradients, compared with the reference, finite differences and PyTorch."""

import time

import numpy as np
import pytest

from striate import functional as F
from striate import num_threads
from tests.helpers import bounds, reference
from tests.helpers.activation_rows import FUSED

ALGORITHMS = ["direct", "im2col", "auto"]

#: By name, the shapes of x and the kernel, and the arguments.
CASES = {
    "plain": ((2, 7, 9, 3), (3, 3, 3, 4), {}),
    "one of everything": ((1, 1, 1, 1), (1, 1, 1, 1), {}),
    "1x1 output": ((2, 5, 4, 3), (5, 4, 3, 2), {}),
    "1x1 kernel": ((2, 4, 5, 17), (1, 1, 17, 33), {}),
    "pixels that share a set of the cache": ((1, 3, 11, 1024), (1, 1, 1024, 33), {}),
    "non-square": ((2, 9, 6, 2), (2, 5, 2, 5), {"strides": (3, 1), "padding": (0, 2)}),
    "same": ((1, 8, 7, 2), (3, 4, 2, 3), {"padding": "same"}),
    "same, strided": ((1, 9, 7, 2), (4, 3, 2, 3), {"padding": "same", "strides": (2, 3)}),
    "same, stride > kernel": ((1, 9, 8, 2), (2, 1, 2, 3), {"padding": "same", "strides": 3}),
    "stride > kernel": ((2, 11, 13, 2), (2, 3, 2, 3), {"strides": (4, 5)}),
    "padding > image": ((2, 2, 1, 3), (3, 2, 3, 4), {"padding": 4}),
    "padding > kernel": ((1, 4, 5, 2), (1, 2, 2, 3), {"padding": 3, "strides": 2}),
    "uneven padding": ((2, 5, 6, 2), (3, 3, 2, 4), {"padding": ((0, 3), (2, 1))}),
    "dilated": ((2, 11, 12, 3), (3, 2, 3, 4), {"dilation": (2, 4)}),
    "dilated and strided": ((2, 13, 12, 2), (3, 3, 2, 4), {"dilation": (2, 3), "strides": (3, 2), "padding": 2}),
    "dilation and stride have a divisor": ((1, 14, 15, 2), (4, 3, 2, 3), {"dilation": (2, 4), "strides": (4, 6), "padding": 3}),
    "stride far beyond the image": ((1, 3, 4, 2), (2, 2, 2, 3), {"strides": 1 << 29}),
    "groups": ((2, 6, 7, 6), (3, 2, 2, 9), {"groups": 3, "padding": 1}),
    "depthwise": ((2, 7, 6, 5), (3, 3, 1, 5), {"groups": 5, "padding": "same"}),
    "depthwise with multiplier": ((1, 7, 6, 4), (3, 3, 1, 12), {"groups": 4, "strides": 2}),
    "wide groups": ((1, 5, 16, 36), (3, 3, 18, 68), {"groups": 2, "padding": "same"}),
    "many filters": ((2, 5, 7, 9), (1, 1, 9, 1100), {}),
    "many filters, groups": ((1, 5, 7, 6), (1, 1, 3, 2080), {"groups": 2}),
    "many filters, groups, parts": ((4, 17, 19, 6), (1, 1, 3, 2080), {"groups": 2}),
    "many pixels": ((1, 29, 43, 5), (1, 1, 5, 20), {}),
    "many filters, strided": ((1, 6, 5, 4), (2, 3, 4, 1541), {"strides": 2, "padding": "same"}),
    "grayscale": ((3, 12, 30, 1), (5, 5, 1, 6), {"padding": 2}),
    "colour": ((1, 19, 23, 3), (7, 7, 3, 20), {"strides": 2, "padding": 3}),
    "few channels, long rows": ((2, 23, 310, 3), (5, 5, 3, 26), {"padding": "same"}),
    "few channels, long rows, strided": ((1, 45, 301, 2), (5, 7, 2, 40), {"strides": (3, 4), "padding": ((1, 2), (9, 0))}),
    "one long row": ((2, 1, 2900, 1), (1, 21, 1, 8), {}),
    "one long row, strided": ((1, 1, 5003, 3), (1, 25, 3, 12), {"strides": (1, 2), "padding": ((0, 0), (7, 40))}),
    "one long row, wide kernel": ((1, 1, 1900, 1), (1, 301, 1, 3), {"padding": "same"}),
    "one long row, padded": ((1, 1, 1301, 64), (1, 3, 64, 40), {"padding": "same"}),
    "one long row, padded, far taps": ((1, 3, 1507, 33), (3, 2, 33, 70), {"padding": ((0, 0), (9, 700)), "dilation": (1, 400)}),
    "one long row, padded, one channel": ((1, 1, 18001, 1), (1, 5, 1, 3), {"padding": "same"}),
    "few rows, long": ((1, 3, 1100, 5), (2, 3, 5, 4), {"padding": 1, "strides": (1, 2)}),
    "phases of one long row": ((2, 2, 2900, 1), (2, 33, 1, 5), {"strides": (2, 1), "padding": (0, 40)}),
    "long rows, few of them": ((1, 5, 4099, 1), (3, 40, 1, 4), {"padding": (1, 0)}),
    "one short row, far more padding": ((1, 1, 90, 2), (1, 9, 2, 3), {"strides": 2, "padding": ((0, 0), (1500, 3700))}),
    "kernel as large as the padded image": ((2, 3, 4, 2), (5, 6, 2, 3), {"padding": 1}),
    **{f"grayscale, {f} filters": ((2, 9, w, 1), (3, 4, 1, f),
                                   {"padding": ((1, 2), (0, 3)), "strides": (2, 1), "dilation": (3, 1)})
       for f, w in ((1, 3), (2, 16), (3, 17), (5, 37), (6, 31), (7, 64))},
    **{f"{f} of {c} channels": ((2, 5, w, c), (3, 2, c, f), {"padding": "same"})
       for f, c, w in ((1, 16, 8), (1, 37, 15), (1, 213, 5), (2, 33, 9), (3, 40, 7), (4, 64, 5), (5, 130, 6), (7, 150, 3))},
    "few filters, strided": ((2, 9, 14, 21), (5, 3, 21, 2), {"strides": (2, 3), "padding": ((1, 3), (0, 4))}),
    "few filters, dilated": ((2, 9, 13, 48), (3, 3, 48, 3), {"dilation": (2, 3), "padding": (5, 1)}),
    "few filters, dilated, part of a vector": ((1, 7, 13, 21), (2, 3, 21, 2), {"dilation": (1, 2), "padding": "same"}),
    "few filters, 1x1": ((3, 23, 31, 80), (1, 1, 80, 1), {}),
    "few filters, 1x1, strided": ((2, 9, 12, 80), (1, 1, 80, 2), {"strides": (3, 2)}),
    "few filters, long rows": ((1, 3, 1900, 20), (3, 3, 20, 1), {"padding": "same"}),
    "few filters, many rows": ((2, 61, 40, 64), (5, 5, 64, 2), {"padding": (7, 2)}),
    "many filters of few channels, dilated": ((2, 9, 12, 2), (3, 3, 2, 130), {"dilation": (2, 3), "padding": 2}),
    "many filters of few channels, far strides": ((2, 9, 15, 3), (3, 2, 3, 200), {"strides": (2, 4)}),
    **{f"{f} filters": ((1, 4, 9, 3), (2, 3, 3, f), {"padding": "same"}) for f in (1, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65)},
    **{f"{w} wide": ((1, 2, w, 2), (1, 3, 2, 18), {"padding": (0, 1)}) for w in (2, 5, 6, 7, 11, 12, 13, 14, 15, 27, 28, 29)},
}  # fmt: skip
each_case = pytest.mark.parametrize(("x_shape", "kernel_shape", "arguments"), CASES.values(), ids=CASES)
each_algorithm = pytest.mark.parametrize("algorithm", ALGORITHMS)


def draw(rng, *shapes, dtype):
    """Return random arrays."""
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


@each_case
@each_algorithm
def test_conv2d_matches_the_reference(rng, dtype, x_shape, kernel_shape, arguments, algorithm):
    x, kernel, bias = draw(rng, x_shape, kernel_shape, kernel_shape[3:], dtype=dtype)
    want = reference.conv2d(x, kernel, bias, **arguments)
    scale = reference.conv2d(abs(x), abs(kernel), abs(bias), **arguments)
    got = F.conv2d(x, kernel, bias, algorithm=algorithm, **arguments)
    bounds.assert_within(got, want, scale, bounds.CONVOLUTION, dtype)


@each_case
@each_algorithm
def test_input_gradient_matches_the_reference(rng, dtype, x_shape, kernel_shape, arguments, algorithm):
    dy, kernel = draw(rng, reference.conv2d_shape(x_shape, kernel_shape, **arguments), kernel_shape, dtype=dtype)
    want = reference.conv2d_backward_input(dy, kernel, x_shape, **arguments)
    scale = reference.conv2d_backward_input(abs(dy), abs(kernel), x_shape, **arguments)
    got = F.conv2d_backward_input(dy, kernel, x_shape, algorithm=algorithm, **arguments)
    bounds.assert_within(got, want, scale, bounds.CONVOLUTION, dtype)


@each_case
@each_algorithm
def test_kernel_gradient_matches_the_reference(rng, dtype, x_shape, kernel_shape, arguments, algorithm):
    dy, x = draw(rng, reference.conv2d_shape(x_shape, kernel_shape, **arguments), x_shape, dtype=dtype)
    want = reference.conv2d_backward_kernel(dy, x, kernel_shape, **arguments)
    scale = reference.conv2d_backward_kernel(abs(dy), abs(x), kernel_shape, **arguments)
    got = F.conv2d_backward_kernel(dy, x, kernel_shape, algorithm=algorithm, **arguments)
    bounds.assert_within(got, want, scale, bounds.CONVOLUTION, dtype)


def test_bias_gradient_matches_the_reference(rng, dtype):
    for shape in ((2, 5, 4, 3), (1, 1, 1, 1), (3, 40, 41, 37)):
        (dy,) = draw(rng, shape, dtype=dtype)
        want, scale = (a.sum((0, 1, 2), dtype=np.float64) for a in (dy, abs(dy)))
        bounds.assert_within(F.conv2d_backward_bias(dy), want, scale, bounds.SUM, dtype)


@each_algorithm
@pytest.mark.parametrize("seed", range(30))
def test_random_configurations_match_the_reference(algorithm, seed):
    rng = np.random.default_rng(seed)
    groups = int(rng.choice([1, 1, 2, 3]))
    kernel_shape = (
        *(int(k) for k in rng.integers(1, 6, 2)),
        int(rng.integers(1, 9)),
        groups * int(rng.choice([1, 3, 8, 17, 33])),
    )
    arguments = {
        "strides": tuple(int(s) for s in rng.integers(1, 4, 2)),
        "padding": tuple(tuple(int(p) for p in rng.integers(0, 4, 2)) for _ in range(2)),
        "dilation": tuple(int(d) for d in rng.integers(1, 4, 2)),
        "groups": groups,
    }
    sizes = [
        max(int(rng.integers(1, 18)), (k - 1) * d + 1 - sum(p))
        for k, d, p in zip(kernel_shape, arguments["dilation"], arguments["padding"], strict=False)
    ]
    x_shape = (int(rng.integers(1, 4)), *sizes, kernel_shape[2] * groups)
    for test in (
        test_conv2d_matches_the_reference,
        test_input_gradient_matches_the_reference,
        test_kernel_gradient_matches_the_reference,
    ):
        test(rng, np.dtype(np.float32), x_shape, kernel_shape, arguments, algorithm)


@each_algorithm
@pytest.mark.parametrize(
    ("x_shape", "kernel_shape", "arguments"),
    [
        ((3, 5, 6, 4), (3, 2, 4, 5), {"padding": 1}),
        ((1, 7, 8, 4), (3, 3, 2, 6), {"strides": (2, 3), "dilation": (1, 2), "groups": 2, "padding": ((0, 1), (2, 1))}),
    ],
)
def test_gradients_match_finite_differences(rng, algorithm, x_shape, kernel_shape, arguments):
    x, kernel, bias, dy = draw(
        rng,
        x_shape,
        kernel_shape,
        kernel_shape[3:],
        reference.conv2d_shape(x_shape, kernel_shape, **arguments),
        dtype="float64",
    )
    arguments = {"algorithm": algorithm, **arguments}
    gradients = [
        (x, F.conv2d_backward_input(dy, kernel, x_shape, **arguments)),
        (kernel, F.conv2d_backward_kernel(dy, x, kernel_shape, **arguments)),
        (bias, F.conv2d_backward_bias(dy)),
    ]
    for array, gradient in gradients:
        for flat in rng.choice(array.size, min(array.size, 25), replace=False):
            index = np.unravel_index(flat, array.shape)
            want = bounds.difference_quotient(lambda: np.vdot(F.conv2d(x, kernel, bias, **arguments), dy), array, index)
            assert gradient[index] == pytest.approx(want, rel=1e-6, abs=1e-7)


@each_algorithm
def test_memory_layouts_do_not_change_the_result(rng, form, dtype, algorithm):
    x, kernel, bias = draw(rng, (2, 6, 7, 3), (3, 3, 3, 4), (4,), dtype=dtype)
    y = F.conv2d(x, kernel, bias, algorithm=algorithm)
    np.testing.assert_array_equal(F.conv2d(form(x), form(kernel), form(bias), algorithm=algorithm), y)
    dx = F.conv2d_backward_input(y, kernel, x.shape, algorithm=algorithm)
    np.testing.assert_array_equal(F.conv2d_backward_input(form(y), form(kernel), x.shape, algorithm=algorithm), dx)
    dkernel = F.conv2d_backward_kernel(y, x, kernel.shape, algorithm=algorithm)
    np.testing.assert_array_equal(F.conv2d_backward_kernel(form(y), form(x), kernel.shape, algorithm=algorithm), dkernel)
    np.testing.assert_array_equal(F.conv2d_backward_bias(form(y)), F.conv2d_backward_bias(y))


@each_algorithm
def test_out_is_written_and_returned(rng, dtype, algorithm):
    x, kernel = draw(rng, (2, 6, 7, 3), (3, 3, 3, 4), dtype=dtype)
    y = F.conv2d(x, kernel, algorithm=algorithm)
    for function, want in (
        (lambda out: F.conv2d(x, kernel, algorithm=algorithm, out=out), y),
        (lambda out: F.conv2d_backward_input(y, kernel, x.shape, algorithm=algorithm, out=out), None),
        (lambda out: F.conv2d_backward_kernel(y, x, kernel.shape, algorithm=algorithm, out=out), None),
        (lambda out: F.conv2d_backward_bias(y, out=out), None),
    ):
        want = function(None) if want is None else want
        out = np.full_like(want, np.nan)
        assert function(out) is out
        np.testing.assert_array_equal(out, want)


@each_algorithm
def test_an_empty_batch_gives_empty_outputs_and_zero_gradients(dtype, algorithm):
    x, kernel = np.empty((0, 5, 6, 3), dtype), np.ones((3, 3, 3, 4), dtype)
    y = F.conv2d(x, kernel, padding="same", activation="softmax", algorithm=algorithm)
    assert (y.shape, y.dtype) == ((0, 5, 6, 4), dtype)
    assert F.conv2d_backward_input(y, kernel, x.shape, padding="same", algorithm=algorithm).shape == x.shape
    np.testing.assert_array_equal(
        F.conv2d_backward_kernel(y, x, kernel.shape, padding="same", algorithm=algorithm), np.zeros_like(kernel)
    )
    np.testing.assert_array_equal(F.conv2d_backward_bias(y), np.zeros(4, dtype))


@each_algorithm
@pytest.mark.parametrize("name", [*FUSED, "sigmoid", "tanh", "softmax", "log_softmax", "linear", None])
def test_activation_argument_applies_the_activation(rng, dtype, algorithm, name):
    x, kernel, bias = draw(rng, (2, 5, 6, 3), (2, 2, 3, 19), (19,), dtype=dtype)
    plain = F.conv2d(x, kernel, bias, algorithm=algorithm)
    want = plain if name in (None, "linear") else getattr(F, name)(plain)
    np.testing.assert_array_equal(F.conv2d(x, kernel, bias, activation=name, algorithm=algorithm), want)


@each_case
@each_algorithm
def test_residual_is_added_before_the_activation(rng, dtype, x_shape, kernel_shape, arguments, algorithm):
    x, kernel, bias = draw(rng, x_shape, kernel_shape, kernel_shape[3:], dtype=dtype)
    plain = F.conv2d(x, kernel, bias, algorithm=algorithm, **arguments)
    (residual,) = draw(rng, plain.shape, dtype=dtype)
    got = F.conv2d(x, kernel, bias, residual=residual, activation="relu", algorithm=algorithm, **arguments)
    np.testing.assert_array_equal(got, np.maximum(plain + residual, 0))


@each_algorithm
@pytest.mark.parametrize(
    ("x_shape", "kernel_shape", "arguments"),
    [
        ((2, 40, 41, 8), (3, 3, 8, 40), {"padding": "same"}),
        ((1, 65, 60, 3), (5, 5, 3, 24), {"strides": 2, "padding": 2}),
        ((5, 20, 21, 24), (3, 3, 4, 48), {"groups": 6, "padding": 1}),
        ((40, 28, 28, 1), (5, 5, 1, 6), {"padding": 2}),
        ((3, 6, 5, 20), (1, 1, 20, 1090), {}),
        ((4, 17, 19, 6), (1, 1, 3, 2080), {"groups": 2}),
        ((2, 1, 8000, 1), (1, 31, 1, 16), {}),
        ((1, 1, 9001, 3), (1, 25, 3, 12), {"strides": (1, 2), "padding": (0, 7)}),
        ((2, 2, 5000, 1), (2, 33, 1, 9), {"strides": (2, 1)}),
        ((1, 5, 8100, 1), (3, 40, 1, 6), {"padding": (1, 0)}),
    ],
)
def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype, algorithm, x_shape, kernel_shape, arguments):
    shape = reference.conv2d_shape(x_shape, kernel_shape, **arguments)
    assert np.prod(shape) * np.prod(kernel_shape[:3]) > 1e6  # These are enough multiply-adds to run on several threads.
    x, kernel, dy = draw(rng, x_shape, kernel_shape, shape, dtype=dtype)
    for_any_threads(lambda: F.conv2d(x, kernel, activation="relu", algorithm=algorithm, **arguments))
    for_any_threads(lambda: F.conv2d_backward_input(dy, kernel, x_shape, algorithm=algorithm, **arguments))
    for_any_threads(lambda: F.conv2d_backward_kernel(dy, x, kernel_shape, algorithm=algorithm, **arguments))


def test_the_time_for_a_long_row_grows_linearly_with_its_width(rng):
    kernel = rng.standard_normal((1, 201, 1, 4), np.float32)

    def seconds(width):
        (dy,) = draw(rng, (1, 1, width - 200, 4), dtype=np.float32)
        times = []
        with num_threads(1):
            for _ in range(5):
                start = time.process_time()
                F.conv2d_backward_input(dy, kernel, (1, 1, width, 1), algorithm="direct")
                times.append(time.process_time() - start)
        return min(times)

    assert seconds(64000) < 24 * seconds(8000)  # Linear growth takes 8 times as long, quadratic growth 64 times.


def test_bits_of_the_bias_gradient_do_not_depend_on_threads(rng, for_any_threads, dtype):
    (dy,) = draw(rng, (40, 70, 50, 13), dtype=dtype)
    for_any_threads(lambda: F.conv2d_backward_bias(dy))


@each_algorithm
def test_nan_and_infinity_reach_the_outputs_whose_windows_contain_them(algorithm):
    x, kernel = np.ones((1, 5, 5, 2), np.float32), np.ones((3, 3, 2, 20), np.float32)
    x[0, 0, 0, 0], x[0, 4, 4, 1] = np.nan, np.inf
    y = F.conv2d(x, kernel, activation="relu", algorithm=algorithm)
    assert np.isnan(y[0, 0, 0]).all()
    assert np.isinf(y[0, 2, 2]).all()
    assert (y[0, 0, 2] == 18).all()


@pytest.mark.parametrize("seed", range(20))
def test_conv2d_agrees_with_pytorch(seed):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    groups = int(rng.choice([1, 2, 4]))
    x = rng.standard_normal((2, 9, 11, 4))
    kernel = rng.standard_normal((*rng.integers(1, 4, 2), 4 // groups, 8))
    strides, dilation, padding = (tuple(int(v) for v in rng.integers(low, 4, 2)) for low in (1, 1, 0))
    tx = torch.from_numpy(x).permute(0, 3, 1, 2).requires_grad_()
    tk = torch.from_numpy(kernel).permute(3, 2, 0, 1).requires_grad_()
    ty = torch.nn.functional.conv2d(tx, tk, None, strides, padding, dilation, groups)
    dy = rng.standard_normal((2, *ty.shape[2:], 8))
    ty.backward(torch.from_numpy(dy).permute(0, 3, 1, 2))
    arguments = {"strides": strides, "padding": padding, "dilation": dilation, "groups": groups}
    for got, want in (
        (F.conv2d(x, kernel, **arguments), ty.permute(0, 2, 3, 1).detach().numpy()),
        (F.conv2d_backward_input(dy, kernel, x.shape, **arguments), tx.grad.permute(0, 2, 3, 1).numpy()),
        (F.conv2d_backward_kernel(dy, x, kernel.shape, **arguments), tk.grad.permute(2, 3, 1, 0).numpy()),
    ):
        np.testing.assert_allclose(got, want, rtol=1e-11, atol=1e-12)


# ----------------------------------------------------------------------------------------------------------- bad input

X, K, B = np.ones((2, 5, 6, 4), np.float32), np.ones((3, 3, 4, 8), np.float32), np.ones(8, np.float32)
DY = np.ones((2, 3, 4, 8), np.float32)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.conv2d(X[0], K), ValueError, r"x has 3 dimensions, shape \(5, 6, 4\); expected 4: \(batch, height"),
        (lambda: F.conv2d(X, K[0]), ValueError, r"kernel has 3 dimensions"),
        (lambda: F.conv2d(X.astype(int), K), TypeError, r"x has dtype int64; expected float32 or float64"),
        (lambda: F.conv2d(X.astype(np.float16), K), TypeError, r"x has dtype float16"),
        (lambda: F.conv2d("image", K), TypeError, r"x='image' has dtype <U5"),
        (lambda: F.conv2d(X, K.astype(np.float64)), TypeError, r"kernel has dtype float64 but x has float32"),
        (lambda: F.conv2d(X, K[:, :, :3]), ValueError, r"kernel has shape \(3, 3, 3, 8\), 3 channels, but x has 4 channels"),
        (lambda: F.conv2d(X, K[:, :, :, :0]), ValueError, r"kernel has shape \(3, 3, 4, 0\); expected sizes of at least 1"),
        (lambda: F.conv2d(X[:, :0], K), ValueError, r"x has shape \(2, 0, 6, 4\); expected a height"),
        (lambda: F.conv2d(X, K, B[:7]), ValueError, r"bias has shape \(7,\); expected one element for each of the 8 filters"),
        (lambda: F.conv2d(X, K, B[None]), ValueError, r"bias has 2 dimensions"),
        (lambda: F.conv2d(X, K, strides=0), ValueError, r"strides=0 is too small; expected an integer of at least 1"),
        (lambda: F.conv2d(X, K, strides=(1, -2)), ValueError, r"strides\[1\]=-2 is too small"),
        (lambda: F.conv2d(X, K, strides=1.5), TypeError, r"strides=1.5 is of type float; expected an integer"),
        (lambda: F.conv2d(X, K, strides=True), TypeError, r"strides=True is a bool"),
        (lambda: F.conv2d(X, K, strides=(1, 2, 3)), ValueError, r"strides=\(1, 2, 3\) has 3 elements"),
        (lambda: F.conv2d(X, K, strides=(2.0, 2.0)), TypeError, r"strides\[0\]=2.0 is of type float"),
        (lambda: F.conv2d(X, K, strides=(True, True)), TypeError, r"strides\[0\]=True is a bool"),
        (lambda: F.conv2d(X, K, padding=(1.0, 1)), TypeError, r"padding\[0\]=1.0 is of type float"),
        (lambda: F.conv2d(X, K, strides=1 << 31), ValueError, r"strides=2147483648 is too large; .* at most 1073741824"),
        (lambda: F.conv2d(X, K, padding=1 << 64), ValueError, r"padding=18446744073709551616 is too large"),
        (lambda: F.conv2d(X, K, dilation=0), ValueError, r"dilation=0"),
        (lambda: F.conv2d(X, K, groups=0), ValueError, r"groups=0"),
        (lambda: F.conv2d(X, K, groups=3), ValueError, r"groups=3 does not divide both the 4 channels of x and the 8 filters"),
        (lambda: F.conv2d(X, K, groups=2), ValueError, r"in groups=2; expected a kernel with 2 channels"),
        (lambda: F.conv2d(X, K, padding=-1), ValueError, r"padding=-1"),
        (lambda: F.conv2d(X, K, padding="full"), ValueError, r"padding='full' is unknown; expected one of 'valid', 'same'"),
        (lambda: F.conv2d(X, K, padding=((1, 2), (3,))), ValueError, r"padding=\(\(1, 2\), \(3,\)\) is malformed"),
        (lambda: F.conv2d(X, K, padding=(1, 2, 3)), ValueError, r"padding=\(1, 2, 3\) has 3 elements"),
        (lambda: F.conv2d(X, K, dilation=3), ValueError, r"kernel is larger than the padded input: height 7 .* 5 \+ 0 \+ 0"),
        (lambda: F.conv2d(X, K, residual=DY[:, 1:]), ValueError, r"residual has shape .*; expected .* \(2, 3, 4, 8\)"),
        (lambda: F.conv2d(X, K, residual=DY.astype(float)), TypeError, r"residual has dtype float64 but x has float32"),
        (lambda: F.conv2d(X, K[:, :2], algorithm="winograd"), ValueError, r"'winograd' cannot compute a 3×2 kernel"),
        (lambda: F.conv2d(X, K, strides=2, algorithm="winograd_f2"), ValueError, r"strides=\(2, 2\)"),
        (lambda: F.conv2d(X, K, algorithm="magic"), ValueError, r"algorithm='magic' is unknown; expected one of 'auto'"),
        (lambda: F.conv2d(X, K, activation="swoosh"), ValueError, r"activation='swoosh' is unknown; expected one of"),
        (lambda: F.conv2d_backward_input(DY[:, 1:], K, X.shape), ValueError, r"dy has shape \(2, 2, 4, 8\); expected"),
        (lambda: F.conv2d_backward_input(DY, K, X.shape[1:]), ValueError, r"input_shape=\(5, 6, 4\) is not a shape"),
        (lambda: F.conv2d_backward_input(DY, K, (2, 5, 6.0, 4)), TypeError, r"input_shape\[2\]=6.0"),
        (lambda: F.conv2d_backward_kernel(DY, X[:1], K.shape), ValueError, r"dy has shape"),
        (lambda: F.conv2d_backward_kernel(DY, X, (3, 3, 4)), ValueError, r"kernel_shape=\(3, 3, 4\)"),
        (lambda: F.conv2d_backward_bias(DY[0]), ValueError, r"dy has 3 dimensions"),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused(call, error, message):
    # The geometry of these calls is cached, and must not serve for equal but invalid arguments, such as True for 1.
    F.conv2d(X, K, strides=(2, 2), padding=(1, 1))
    F.conv2d(X, K, strides=1)
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        (np.zeros((2, 3, 4, 7), np.float32), ValueError, r"out has shape \(2, 3, 4, 7\) .*; expected \(2, 3, 4, 8\)"),
        (np.zeros((2, 3, 4, 8), np.float64), ValueError, r"dtype float64; expected .* float32"),
        (np.zeros((2, 3, 4, 16), np.float32)[..., ::2], ValueError, r"out is not C-contiguous or not writeable"),
        (np.zeros((2, 3, 4, 8), np.float32).tolist(), TypeError, r"out is of type list; expected a numpy.ndarray"),
    ],
)  # fmt: skip
def test_bad_out_is_refused_and_left_alone(out, error, message):
    with pytest.raises(error, match=message):
        F.conv2d(X, K, out=out)
    assert not np.any(out)


def test_out_that_cannot_be_written_or_overlaps_an_input_is_refused():
    out = np.zeros((2, 3, 4, 8), np.float32)
    out.flags.writeable = False
    with pytest.raises(ValueError, match="not writeable"):
        F.conv2d(X, K, out=out)
    memory = np.ones(400, np.float32)
    x, out = memory[:240].reshape(2, 5, 6, 4), memory[200:392].reshape(2, 3, 4, 8)
    with pytest.raises(ValueError, match="out overlaps an input"):
        F.conv2d(x, K, out=out)
    assert (memory == 1).all()


def test_infinite_pixels_reach_the_taps_that_read_them_and_no_others(rng):
    x, dy = rng.standard_normal((1, 6, 12, 1)).astype(np.float32), np.ones((1, 4, 10, 2), np.float32)
    x[0, :, -1] = np.inf
    dkernel = F.conv2d_backward_kernel(dy, x, (3, 3, 1, 2))
    assert np.isfinite(dkernel[:, :2]).all()
    assert (dkernel[:, 2] == np.inf).all()

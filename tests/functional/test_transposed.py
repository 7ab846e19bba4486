"""Transposed convolution and its gradients, compared with the reference, finite differences and PyTorch."""

import itertools

import numpy as np
import pytest

from striate import functional as F
from tests.helpers import bounds, reference
from tests.helpers.activation_rows import FUSED

#: By name, the shape of x, kernel height, kernel width, filters per group and arguments.
CASES = {
    "one of everything": ((1, 1, 1, 1), 1, 1, 1, {}),
    "3x3 valid": ((2, 5, 7, 4), 3, 3, 5, {}),
    "3x3 same": ((2, 6, 9, 16), 3, 3, 20, {"padding": "same"}),
    "doubles": ((1, 5, 4, 6), 4, 4, 3, {"strides": 2, "padding": "same"}),
    "odd kernel, strided": ((2, 5, 4, 3), 3, 5, 8, {"strides": (2, 3), "padding": "same"}),
    "stride > kernel": ((1, 4, 3, 5), 2, 1, 2, {"strides": (3, 4)}),
    "stride > kernel, same": ((1, 4, 3, 5), 2, 1, 2, {"strides": (3, 4), "padding": "same"}),
    "output padding": ((2, 4, 5, 3), 3, 3, 4, {"strides": 2, "padding": "same", "output_padding": 1}),
    "output padding (0, 2)": ((1, 4, 5, 3), 3, 2, 4, {"strides": (2, 3), "output_padding": (0, 2)}),
    "output padding, 1x1 same": ((1, 4, 5, 3), 1, 1, 4, {"strides": 2, "padding": "same", "output_padding": 1}),
    "dilated": ((1, 4, 6, 5), 3, 2, 7, {"dilation": (2, 3)}),
    "dilated, strided, same": ((1, 4, 6, 5), 3, 2, 7, {"dilation": 2, "strides": 3, "padding": "same"}),
    "padding in numbers": ((2, 5, 6, 4), 4, 3, 3, {"strides": 2, "padding": ((1, 0), (0, 2)), "output_padding": 1}),
    "4x4, padding in numbers": ((2, 9, 7, 4), 4, 4, 19, {"strides": 2, "padding": ((1, 0), (0, 2)), "output_padding": 1}),
    "groups": ((2, 4, 5, 6), 3, 3, 2, {"groups": 3, "strides": 2, "padding": "same"}),
    "empty batch": ((0, 4, 5, 3), 3, 3, 2, {"strides": 2}),
}
each_case = pytest.mark.parametrize(("x_shape", "height", "width", "filters", "arguments"), CASES.values(), ids=CASES)


def draw(rng, x_shape, height, width, filters, arguments, dtype):
    """Return random x, kernel and bias."""
    shapes = x_shape, (height, width, filters, x_shape[3]), (filters * arguments.get("groups", 1),)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col"])
@each_case
def test_transposed_convolution_matches_the_reference(rng, dtype, x_shape, height, width, filters, arguments, algorithm):
    x, kernel, bias = draw(rng, x_shape, height, width, filters, arguments, dtype)
    want = reference.conv2d_transpose(x, kernel, bias, **arguments)
    scale = reference.conv2d_transpose(abs(x), abs(kernel), abs(bias), **arguments)
    got = F.conv2d_transpose(x, kernel, bias, algorithm=algorithm, **arguments)
    bounds.assert_within(got, want, scale, bounds.CONVOLUTION, dtype)
    fused = F.conv2d_transpose(x, kernel, bias, algorithm=algorithm, activation="relu", out=np.empty_like(got), **arguments)
    np.testing.assert_array_equal(fused, F.relu(got))


@pytest.mark.parametrize(
    ("case", "algorithm"),
    [
        *itertools.product(["3x3 valid", "3x3 same"], ["winograd_f2", "winograd_f4"]),
        *itertools.product(["doubles", "4x4, padding in numbers"], ["winograd_f5"]),
    ],
)
def test_winograd_computes_transposed_convolutions_within_rounding(rng, dtype, case, algorithm):
    arguments = CASES[case][-1]
    x, kernel, bias = draw(rng, *CASES[case], dtype)
    want = reference.conv2d_transpose(x, kernel, bias, **arguments)
    scale = reference.conv2d_transpose(abs(x), abs(kernel), abs(bias), **arguments).max()
    got = F.conv2d_transpose(x, kernel, bias, algorithm=algorithm, activation="leaky_relu", **arguments)
    multiple = bounds.WINOGRAD[algorithm, len(kernel), arguments.get("strides", 1)]
    bounds.assert_within(got, np.where(want < 0, 0.2 * want, want), scale, multiple, dtype)


@each_case
def test_gradients_match_finite_differences(rng, x_shape, height, width, filters, arguments):
    x, kernel, _ = draw(rng, x_shape, height, width, filters, arguments, np.float64)
    dy = rng.standard_normal(F.conv2d_transpose(x, kernel, **arguments).shape)
    gradients = [
        (x, F.conv2d_transpose_backward_input(dy, kernel, x.shape, **arguments)),
        (kernel, F.conv2d_transpose_backward_kernel(dy, x, kernel.shape, **arguments)),
    ]
    for array, gradient in gradients:
        assert gradient.shape == array.shape
        for _ in range(5 if array.size else 0):
            index = tuple(rng.integers(array.shape))
            slope = bounds.difference_quotient(lambda: np.sum(dy * F.conv2d_transpose(x, kernel, **arguments)), array, index)
            assert gradient[index] == pytest.approx(slope, rel=1e-7, abs=1e-7)


def test_depthwise_transposed_convolution_matches_the_reference(rng, dtype):
    x, kernel, bias = draw(rng, (2, 5, 6, 9), 3, 3, 1, {"groups": 9}, dtype)
    arguments = {"strides": 2, "padding": "same", "groups": 9}
    want = reference.conv2d_transpose(x, kernel, bias, **arguments)
    scale = reference.conv2d_transpose(abs(x), abs(kernel), abs(bias), **arguments)
    got = F.conv2d_transpose(x, kernel, bias, algorithm="depthwise", **arguments)
    bounds.assert_within(got, want, scale, bounds.CONVOLUTION, dtype)
    np.testing.assert_array_equal(F.conv2d_transpose(x, kernel, bias, **arguments), got)


def test_transposed_convolution_is_the_adjoint_of_the_convolution(rng):
    """<conv2d(y), x> = <y, conv2d_transpose(x)>, for a size that "same" restores."""
    y, kernel = rng.standard_normal((2, 8, 6, 3)), rng.standard_normal((3, 4, 3, 5))
    x = rng.standard_normal((2, 4, 3, 5))
    forward = F.conv2d(y, kernel, strides=2, padding="same")
    assert forward.shape == x.shape
    transposed = F.conv2d_transpose(x, kernel, strides=2, padding="same")
    assert np.vdot(forward, x) == pytest.approx(np.vdot(y, transposed), rel=1e-12)


@pytest.mark.parametrize("name", [*FUSED, "tanh", "softmax"])
@pytest.mark.parametrize("filters", [1, 12])
def test_activation_argument_applies_the_activation(rng, dtype, name, filters):
    x, kernel, bias = draw(rng, (2, 4, 5, 3), 3, 3, filters, {}, dtype)
    plain = F.conv2d_transpose(x, kernel, bias, strides=2)
    np.testing.assert_array_equal(F.conv2d_transpose(x, kernel, bias, strides=2, activation=name), getattr(F, name)(plain))


def test_views_and_read_only_arrays_give_the_same_bits(rng):
    x, kernel, bias = draw(rng, (2, 5, 6, 4), 3, 2, 3, {}, np.float32)
    want = F.conv2d_transpose(x, kernel, bias)
    for array in (x, kernel, bias):
        array.flags.writeable = False
    got = F.conv2d_transpose(np.repeat(x, 2, axis=2)[:, :, ::2], np.asfortranarray(kernel), bias)
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("filters", [3, 20])
def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype, filters):
    x, kernel, bias = draw(rng, (2, 30, 31, 24), 4, 4, filters, {}, dtype)
    arguments = {"strides": 2, "padding": "same"}
    assert x.size * kernel.size / 24 > 1e6  # These are enough multiply-adds to run on several threads.
    for_any_threads(lambda: F.conv2d_transpose(x, kernel, bias, **arguments))
    y = F.conv2d_transpose(x, kernel, bias, **arguments)
    for_any_threads(lambda: F.conv2d_transpose_backward_input(y, kernel, x.shape, **arguments))
    for_any_threads(lambda: F.conv2d_transpose_backward_kernel(y, x, kernel.shape, **arguments))


X, KERNEL = np.ones((1, 4, 4, 2), np.float32), np.ones((3, 3, 5, 2), np.float32)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": np.ones((4, 4, 2))}, r"x has 3 dimensions"),
        ({"x": X.astype(int)}, r"x has dtype int64; expected float32 or float64"),
        ({"kernel": np.ones((3, 3, 5, 2))}, r"kernel has dtype float64 but x has float32"),
        ({"kernel": np.ones((3, 3, 2, 5), np.float32)}, r"5 channels, but x has 2; expected as many, in its last axis"),
        ({"kernel": np.ones((3, 0, 2, 2), np.float32)}, r"kernel has shape \(3, 0, 2, 2\); expected sizes of at least 1"),
        ({"x": np.ones((1, 0, 4, 2), np.float32)}, r"x has shape \(1, 0, 4, 2\); expected a height"),
        ({"bias": np.ones(2, np.float32)}, r"bias has shape \(2,\); expected one element for each of the 5 filters"),
        ({"strides": 0}, r"strides=0"),
        ({"dilation": (1, -1)}, r"dilation\[1\]=-1"),
        ({"groups": 3}, r"groups=3 does not divide the 2 channels of x"),
        ({"padding": "full"}, r"padding='full' is unknown"),
        ({"padding": 3}, r"padding=3 leaves nothing of the output: its height would be 0"),
        ({"output_padding": 1}, r"output_padding=1 is not smaller than the stride, 1"),
        ({"output_padding": -1, "strides": 2}, r"output_padding=-1"),
        ({"algorithm": "winograd", "strides": 2}, r"algorithm='winograd' cannot compute"),
        ({"activation": "relu7"}, r"activation='relu7' is unknown"),
        ({"out": np.empty((1, 6, 6, 4), np.float32)}, r"out has shape \(1, 6, 6, 4\)"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        F.conv2d_transpose(**{"x": X, "kernel": KERNEL, **arguments})


def test_gradients_of_the_wrong_shape_are_refused():
    dy = np.ones((1, 7, 6, 5), np.float32)
    with pytest.raises(ValueError, match=r"dy has shape \(1, 7, 6, 5\); expected the shape of .* \(1, 6, 6, 5\)"):
        F.conv2d_transpose_backward_input(dy, KERNEL, X.shape)
    with pytest.raises(ValueError, match=r"dy has shape \(1, 7, 6, 5\); expected the shape of .* \(1, 6, 6, 5\)"):
        F.conv2d_transpose_backward_kernel(dy, X, KERNEL.shape)


@pytest.mark.parametrize(
    ("stride", "padding", "output_padding", "dilation", "groups"), [(1, 0, 0, 1, 1), (2, 1, 1, 1, 1), (3, 2, 0, 2, 2)]
)
def test_transposed_convolution_agrees_with_pytorch(rng, stride, padding, output_padding, dilation, groups):
    torch = pytest.importorskip("torch")
    arguments = {
        "strides": stride,
        "padding": padding,
        "output_padding": output_padding,
        "dilation": dilation,
        "groups": groups,
    }
    x, kernel, bias = draw(rng, (2, 5, 6, 4), 3, 3, 3, arguments, np.float64)
    there = torch.from_numpy(x.transpose(0, 3, 1, 2)), torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy())
    want = torch.nn.functional.conv_transpose2d(
        *there, torch.from_numpy(bias), stride, padding, output_padding, groups, dilation
    )
    got = F.conv2d_transpose(x, kernel, bias, **arguments)
    np.testing.assert_allclose(got, want.numpy().transpose(0, 2, 3, 1), rtol=1e-12, atol=1e-12)

"""Depthwise convolution and its gradients, compared with the reference."""

import numpy as np
import pytest

from striate import functional as F
from tests.helpers import bounds, reference
from tests.helpers.activation_rows import FUSED

#: By name, the shape of x, kernel height, kernel width, multiplier and arguments.
CASES = {
    "one of everything": ((1, 1, 1, 1), 1, 1, 1, {}),
    "3x3 same": ((2, 9, 23, 16), 3, 3, 1, {"padding": "same"}),
    "3x3 same, strided": ((2, 9, 12, 40), 3, 3, 1, {"padding": "same", "strides": 2}),
    "valid": ((1, 7, 30, 9), 2, 5, 1, {}),
    "stride > kernel": ((1, 11, 13, 5), 2, 1, 1, {"strides": (3, 4)}),
    "padding > image": ((1, 2, 3, 8), 3, 3, 1, {"padding": 4}),
    "dilated": ((2, 11, 12, 17), 3, 2, 1, {"dilation": (2, 4), "padding": 1}),
    "dilated and strided": ((1, 13, 12, 7), 3, 3, 1, {"dilation": (2, 3), "strides": (3, 2), "padding": 2}),
    "uneven padding": ((3, 5, 21, 33), 3, 3, 1, {"padding": ((0, 3), (2, 1))}),
    "multiplier": ((2, 6, 9, 5), 3, 3, 2, {"padding": "same"}),
    "multiplier, strided": ((1, 8, 11, 3), 3, 2, 7, {"strides": (2, 3), "padding": 1}),
    "large kernel": ((1, 9, 9, 4), 7, 7, 1, {"padding": "same"}),
    "long rows": ((1, 2, 2101, 5), 3, 3, 1, {"padding": "same"}),
    "long rows, multiplier": (
        (1, 3, 3301, 3), 2, 7, 2, {"strides": (1, 3), "dilation": (1, 2), "padding": ((1, 0), (2, 9))},
    ),
    "a long row, most of it padding": ((1, 1, 40, 4), 1, 3, 2, {"padding": ((0, 0), (1500, 900))}),
}  # fmt: skip
each_case = pytest.mark.parametrize(("x_shape", "height", "width", "multiplier", "arguments"), CASES.values(), ids=CASES)


def draw(rng, x_shape, height, width, multiplier, arguments, dtype):
    """Return random x, kernel, bias and dy, and the arguments with `groups`."""
    arguments = {"groups": x_shape[3], **arguments}
    kernel_shape = (height, width, 1, x_shape[3] * multiplier)
    shapes = x_shape, kernel_shape, kernel_shape[3:], reference.conv2d_shape(x_shape, kernel_shape, **arguments)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes], arguments


@each_case
def test_depthwise_convolution_matches_the_reference(rng, dtype, x_shape, height, width, multiplier, arguments):
    (x, kernel, bias, _), arguments = draw(rng, x_shape, height, width, multiplier, arguments, dtype)
    want = reference.conv2d(x, kernel, bias, **arguments)
    scale = reference.conv2d(abs(x), abs(kernel), abs(bias), **arguments)
    got = F.conv2d(x, kernel, bias, algorithm="depthwise", **arguments)
    bounds.assert_within(got, want, scale, bounds.CONVOLUTION, dtype)
    packed = F.pack_conv2d_kernel(kernel, x.shape, algorithm="depthwise", **arguments)
    np.testing.assert_array_equal(F.conv2d(x, packed, bias, **arguments), got)


@each_case
def test_depthwise_input_gradient_matches_the_reference(rng, dtype, x_shape, height, width, multiplier, arguments):
    (x, kernel, _, dy), arguments = draw(rng, x_shape, height, width, multiplier, arguments, dtype)
    want = reference.conv2d_backward_input(dy, kernel, x.shape, **arguments)
    scale = reference.conv2d_backward_input(abs(dy), abs(kernel), x.shape, **arguments)
    got = F.conv2d_backward_input(dy, kernel, x.shape, algorithm="depthwise", **arguments)
    bounds.assert_within(got, want, scale, bounds.CONVOLUTION, dtype)


@each_case
def test_depthwise_kernel_gradient_matches_the_reference(rng, dtype, x_shape, height, width, multiplier, arguments):
    (x, kernel, _, dy), arguments = draw(rng, x_shape, height, width, multiplier, arguments, dtype)
    want = reference.conv2d_backward_kernel(dy, x, kernel.shape, **arguments)
    scale = reference.conv2d_backward_kernel(abs(dy), abs(x), kernel.shape, **arguments)
    got = F.conv2d_backward_kernel(dy, x, kernel.shape, algorithm="depthwise", **arguments)
    bounds.assert_within(got, want, scale, bounds.CONVOLUTION, dtype)


@pytest.mark.parametrize("multiplier", [1, 2])
@pytest.mark.parametrize("name", [*FUSED, "tanh"])
def test_depthwise_convolution_adds_bias_residual_and_activation(rng, dtype, multiplier, name):
    (x, kernel, bias, residual), arguments = draw(rng, (2, 7, 21, 12), 3, 3, multiplier, {"padding": "same"}, dtype)
    plain = F.conv2d(x, kernel, bias, algorithm="depthwise", **arguments)
    got = F.conv2d(x, kernel, bias, residual=residual, activation=name, algorithm="depthwise", **arguments)
    np.testing.assert_array_equal(got, getattr(F, name)(plain + residual))


@pytest.mark.parametrize("multiplier", [1, 2])
@pytest.mark.parametrize("strides", [1, 2])
def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype, multiplier, strides):
    arguments = {"padding": "same", "strides": strides}
    (x, kernel, bias, dy), arguments = draw(rng, (3, 60, 61, 44), 3, 3, multiplier, arguments, dtype)
    assert dy.size * 9 > 1e6  # These are enough multiply-adds to run on several threads.
    for_any_threads(lambda: F.conv2d(x, kernel, bias, algorithm="depthwise", **arguments))
    for_any_threads(lambda: F.conv2d_backward_input(dy, kernel, x.shape, algorithm="depthwise", **arguments))
    for_any_threads(lambda: F.conv2d_backward_kernel(dy, x, kernel.shape, algorithm="depthwise", **arguments))


def test_auto_picks_the_depthwise_algorithm(rng):
    (x, kernel, _, _), arguments = draw(rng, (2, 9, 10, 6), 3, 3, 1, {"padding": "same"}, np.float32)
    want = F.conv2d(x, kernel, algorithm="depthwise", **arguments)
    np.testing.assert_array_equal(F.conv2d(x, kernel, **arguments), want)


def test_groups_of_several_channels_are_refused():
    with pytest.raises(ValueError, match=r"'depthwise' cannot compute 4 channels in groups=2; expected as many groups"):
        F.conv2d(np.ones((1, 4, 4, 4)), np.ones((3, 3, 2, 8)), groups=2, algorithm="depthwise")

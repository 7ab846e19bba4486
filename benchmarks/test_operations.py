"""Convolution and pooling, forward and gradients."""

import numpy as np
import pytest

from benchmarks.libraries import random_array
from benchmarks.shapes import CONVOLUTIONS, POOLINGS


def check_convolution(direction, result, x, kernel, dy, shape):
    """Compare one output pixel, input pixel or kernel element's sum with plain NumPy in float64."""
    k, s, p, o = shape.kernel, shape.stride, shape.padding, shape.output_size
    padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0))).astype(np.float64)
    window = padded[:, : (o - 1) * s + 1 : s, : (o - 1) * s + 1 : s]  # what the kernel's first element sees
    if direction == "forward":
        i = o // 2
        want = np.einsum("nijc,ijcf->nf", padded[:, i * s : i * s + k, i * s : i * s + k], kernel.astype(np.float64))
        np.testing.assert_allclose(result[:, i, i], want, rtol=1e-3, atol=1e-3)
    elif direction == "backward_kernel":
        want = np.einsum("nijc,nijf->cf", window, dy.astype(np.float64), optimize=True)
        np.testing.assert_allclose(result[0, 0], want, rtol=1e-2, atol=1e-2)
    else:  # the gradient is the adjoint: <dx, x> = <dy, conv(x)>, whose right side is <dkernel, kernel>, summed over taps
        want = sum(
            np.vdot(
                np.tensordot(
                    padded[:, a : a + (o - 1) * s + 1 : s, b : b + (o - 1) * s + 1 : s], kernel[a, b].astype(np.float64), 1
                ),
                dy,
            )
            for a in range(k)
            for b in range(k)
        )
        got = np.vdot(result.astype(np.float64), x)
        assert abs(got - want) < 1e-5 * np.abs(result * x).sum()


@pytest.mark.parametrize("direction", ["forward", "backward_input", "backward_kernel"])
@pytest.mark.parametrize("shape", CONVOLUTIONS, ids=str)
def test_conv2d(benchmark, library, shape, direction):
    x = random_array(shape.batch, shape.size, shape.size, shape.channels)
    kernel = random_array(shape.kernel, shape.kernel, shape.channels, shape.filters)
    dy = random_array(shape.batch, shape.output_size, shape.output_size, shape.filters)
    function = library.conv2d(direction, x, kernel, dy, shape.stride, shape.padding)
    check_convolution(direction, function(), x, kernel, dy, shape)
    benchmark.group = f"conv2d {direction} {shape}"
    benchmark(function)
    benchmark.extra_info["GFLOP/s"] = shape.flops / benchmark.stats.stats.median / 1e9 if benchmark.stats else None


@pytest.mark.parametrize("shape", POOLINGS, ids=str)
def test_max_pool2d(benchmark, library, shape):
    x = random_array(shape.batch, shape.size, shape.size, shape.channels)
    function = library.max_pool2d(x, shape.window, shape.stride)
    np.testing.assert_array_equal(function()[:, 1, 1], x[:, shape.stride :][:, : shape.window, shape.stride :][
        :, :, : shape.window].max((1, 2)))  # fmt: skip
    benchmark.group = f"max_pool2d {shape}"
    benchmark(function)

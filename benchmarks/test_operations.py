"""Convolution, with its gradients, and max pooling."""

import numpy as np
import pytest

from benchmarks.arrays import Arrays, random_array
from benchmarks.checks import check_convolution
from benchmarks.shapes import CONVOLUTIONS, POOLINGS


@pytest.mark.parametrize("direction", ["forward", "backward_input", "backward_kernel"])
@pytest.mark.parametrize("shape", CONVOLUTIONS, ids=str)
def test_conv2d(benchmark, library, shape, direction):
    arrays = Arrays(shape)
    function = library.conv2d(direction, arrays.x, arrays.kernel, arrays.dy, shape.stride, shape.padding)
    check_convolution(direction, function(), arrays, shape)
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

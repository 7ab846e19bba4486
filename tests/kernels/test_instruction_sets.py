"""Every instruction set that the processor has computes the same, within rounding."""

import os
import subprocess
import sys

import numpy as np
import pytest

from striate import kernels

SWEEP = """
import sys
import numpy as np
from striate import functional as F
from striate.functional import filtering
from striate.kernels import bindings

results = []
for dtype in (np.float32, np.float64):
    rng = np.random.default_rng(0)
    for channels, filters, width in ((1, 6, 28), (3, 17, 15), (16, 40, 9), (5, 1, 31)):
        x = rng.standard_normal((2, 9, width, channels)).astype(dtype)
        kernel = rng.standard_normal((3, 2, channels, filters)).astype(dtype)
        arguments = {"strides": (2, 1), "padding": (1, 2)}
        for algorithm in ("direct", "im2col"):
            y = F.conv2d(x, kernel, kernel[0, 0, 0], activation="leaky_relu", algorithm=algorithm, **arguments)
            results += [
                y,
                F.conv2d_backward_input(y, kernel, x.shape, algorithm=algorithm, **arguments),
                F.conv2d_backward_kernel(y, x, kernel.shape, algorithm=algorithm, **arguments),
            ]
        square = rng.standard_normal((3, 3, channels, filters)).astype(dtype)
        large = rng.standard_normal((5, 5, channels, filters)).astype(dtype)
        depthwise = rng.standard_normal((3, 3, 1, 2 * channels)).astype(dtype)
        for w, other in (
            (square, {"algorithm": "winograd_f2"}),
            (square, {"algorithm": "winograd_f4"}),
            (large, {"algorithm": "winograd_f2"}),
            (large, {"algorithm": "winograd_f4", "strides": 2}),
            (large[:4, :4], {"algorithm": "winograd_f5", "strides": 2}),
            (depthwise, {"groups": channels}),
        ):
            y = F.conv2d(x, w, padding="same", **other)
            results += [
                y,
                F.conv2d_backward_input(y, w, x.shape, padding="same", **other),
                F.conv2d_backward_kernel(y, x, w.shape, padding="same", **other),
            ]
        pooled, mean = (pool(y, 3, strides=2, padding="same") for pool in (F.max_pool2d, F.average_pool2d))
        results += [
            pooled,
            mean,
            F.max_pool2d_backward_input(pooled, y, 3, strides=2, padding="same"),
            F.average_pool2d_backward_input(mean, y.shape, 3, strides=2, padding="same"),
            *F.moments(y),
            F.batch_normalization(y, *F.moments(y), mean[0, 0, 0], activation="relu"),
            *F.batch_normalization_backward(y * y, y, *F.moments(y)),
            *(F.local_response_normalization(y, 3, beta=beta) for beta in (0.5, 0.75, 0.6)),
            *(F.local_response_normalization_backward_input(y, y, 3, beta=beta) for beta in (0.5, 0.75, 0.6)),
            F.add([y, y[::-1], 2 * y], activation="leaky_relu"),
            F.maximum([y, y[::-1]]),
            F.concatenate([y, y[..., :1]]),
            F.softmax(y),
            F.sigmoid(y),
            F.conv2d_backward_bias(y),
            F.dense(F.flatten(x), rng.standard_normal((x[0].size, 11)).astype(dtype), activation="relu"),
        ]
    for stored, scales in (
        (rng.integers(-127, 128, (70, 43)).astype(np.int8), rng.random(43).astype(dtype)),
        (rng.integers(0x3D00, 0x4000, (70, 43)).astype(np.uint16), None),
    ):
        results.append(np.empty((3, 43), dtype))
        bindings.matmul(rng.standard_normal((3, 70)).astype(dtype), stored, results[-1], scales=scales, threads=1)
    for name, gates in (("lstm", 4), ("gru", 3), ("simple_rnn", 1)):
        for units in (3, 20):
            sequence = rng.standard_normal((7, 4, 5)).astype(dtype), rng.standard_normal((5, gates * units)).astype(dtype)
            recurrent = (rng.standard_normal((units, gates * units)) / units).astype(dtype)
            y, *states = getattr(F, name)(*sequence, recurrent)
            dx, dkernel, drecurrent, _, *dinitial = getattr(F, f"{name}_backward")(y, *sequence, recurrent)
            results += [y, *states, dx, dkernel, drecurrent, *dinitial]
    image = rng.integers(0, 256, (2, 19, 37, 3)).astype(dtype)
    for border in ("reflect", "valid"):
        window = filtering.Window.centred((4, 5), border)
        kernel, element = rng.random((4, 5)), np.tri(4, 5, dtype=bool)
        median, smooth = filtering.median(image, window), filtering.bilateral(image, kernel, 1e-3, window)
        results += [
            median,
            smooth,
            filtering.correlate(image, kernel, window),
            filtering.box(image, window),
            filtering.extreme(image, element, window, False),
            filtering.choose_backward_input(median, image, median, element | True, window),
            filtering.correlate_backward_input(median, kernel, image.shape, window),
            filtering.bilateral_backward_input(smooth, image, smooth, kernel, 1e-3, window),
        ]
np.savez(sys.argv[1], *results)
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return the sweep's results for each instruction set."""
    folder = tmp_path_factory.mktemp("sweep")
    arrays = {}
    for isa in kernels.usable_instruction_sets():
        path = folder / f"{isa}.npz"
        subprocess.run([sys.executable, "-c", SWEEP, str(path)], env={**os.environ, "STRIATE_ISA": isa}, check=True)
        with np.load(path) as file:
            arrays[isa] = [file[name] for name in file.files]
    return arrays


@pytest.mark.parametrize("isa", kernels.usable_instruction_sets()[1:])
def test_results_agree_with_the_first(results, isa):
    for got, want in zip(results[isa], results[kernels.usable_instruction_sets()[0]], strict=True):
        assert got.shape == want.shape
        # sums of at most some 500 products of numbers around 1
        np.testing.assert_allclose(got, want, rtol=0, atol=300 * np.finfo(want.dtype).eps * np.abs(want).max())

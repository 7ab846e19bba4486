"""Denormals: flushed to zero within the kernels, and nowhere else."""

import numpy as np
import pytest

import striate
from striate import functional as F
from striate import optimizers
from striate.functional import filtering
from striate.functional.filtering import Window
from tests.helpers import bounds

SHAPE, KERNEL = (2, 9, 10, 12), (3, 3, 12, 12)
WINDOW = Window(3, 3, 1, 1, "reflect")


def denormals(rng, shape, dtype):
    """Numbers below the smallest normal one, of both signs."""
    return (rng.uniform(0.01, 0.9, shape) * rng.choice([-1, 1], shape) * np.finfo(dtype).tiny).astype(dtype)


def convolutions():
    for algorithm in ("direct", "im2col", "winograd_f2", "winograd_f4"):
        arguments = {"padding": "same", "algorithm": algorithm}
        yield algorithm, lambda x, w, arguments=arguments: F.conv2d(x, w, **arguments)
        yield f"{algorithm} dx", lambda x, w, arguments=arguments: F.conv2d_backward_input(x, w, SHAPE, **arguments)
        yield (
            f"{algorithm} dkernel",
            lambda x, w, arguments=arguments: F.conv2d_backward_kernel(x, 1 + 0 * x, KERNEL, **arguments),
        )
    arguments = {"padding": "same", "groups": 12}
    yield "depthwise", lambda x, w: F.conv2d(x, w[:, :, :1].copy(), **arguments)
    yield "depthwise dx", lambda x, w: F.conv2d_backward_input(x, w[:, :, :1].copy(), SHAPE, **arguments)
    yield "depthwise dkernel", lambda x, w: F.conv2d_backward_kernel(x, 1 + 0 * x, (3, 3, 1, 12), **arguments)


# Functions of (denormals, ordinary weights) that are zero where the former are
LINEAR = {
    **dict(convolutions()),
    "dense": lambda x, w: F.dense(x[0, 0], w[0, 0]),
    "bias": lambda x, w: F.conv2d_backward_bias(x),
    "average pool": lambda x, w: F.average_pool2d(x, 3),
    "average pool dx": lambda x, w: F.average_pool2d_backward_input(F.average_pool2d(1 + 0 * x, 3) * x[:, :3, :3], SHAPE, 3),
    "add": lambda x, w: F.add([x, x]),
    "multiply": lambda x, w: F.multiply([x, 1 + 0 * x]),
    "silu": lambda x, w: F.silu(x),
    "gelu": lambda x, w: F.gelu(x),
    "tanh": lambda x, w: F.tanh(x),
    "moments": lambda x, w: F.moments(x)[0],
    "local response": lambda x, w: F.local_response_normalization(x),
    "correlate": lambda x, w: filtering.correlate(x, w[..., 0, 0], WINDOW),
    "correlate dx": lambda x, w: filtering.correlate_backward_input(x, w[..., 0, 0], SHAPE, WINDOW),
    "box": lambda x, w: filtering.box(x, WINDOW),
    "bilateral": lambda x, w: filtering.bilateral(x[..., :3].copy(), abs(w[..., 0, 0]), 1.0, WINDOW),
    "bilateral dx": lambda x, w: differentiate_bilateral(x[..., :3].copy(), abs(w[..., 0, 0])),
}


def differentiate_bilateral(dy, kernel):
    """The gradient of a bilateral filter of ones."""
    x = np.ones_like(dy)
    return filtering.bilateral_backward_input(dy, x, filtering.bilateral(x, kernel, 1.0, WINDOW), kernel, 1.0, WINDOW)


each_linear = pytest.mark.parametrize("function", LINEAR.values(), ids=LINEAR)


@each_linear
def test_denormals_count_as_zero(rng, dtype, function):
    x, weights = denormals(rng, SHAPE, dtype), rng.standard_normal(KERNEL).astype(dtype)
    assert (x != 0).all()
    got = function(x, weights)
    assert got.size
    assert not got.any()


def test_small_results_become_zero(dtype):
    tiny = np.finfo(dtype).tiny
    x = np.full((1, 4, 4, 16), np.sqrt(tiny) / 8, dtype)
    y = F.conv2d(x, x[:, :1, :1].reshape(1, 1, 16, 1).copy())
    assert not y.any()
    assert not F.multiply([x, x]).any()
    assert not F.softmax(np.array([[0, np.log(tiny) - 3]], dtype))[0, 1]
    assert not F.exponential(np.array([np.log(tiny) - 3], dtype)).any()


def test_an_update_counts_them_as_zero(dtype):
    weights, gradient, *state = np.zeros((4, 100), dtype)
    gradient += np.finfo(dtype).tiny / 4
    optimizer = optimizers.Adam()
    optimizer.iterations = 1
    optimizer.update(weights, gradient, state)
    assert not np.any([weights, *state])


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_callers_state_is_restored(rng, threads):
    x, kernel = rng.standard_normal((4, 40, 40, 32), np.float32), rng.standard_normal((3, 3, 32, 32), np.float32)
    small = np.full(8, 1e-30, np.float32)
    before = striate.get_num_threads()
    striate.set_num_threads(threads)
    try:
        for operation in (
            lambda: F.conv2d(x, kernel),
            lambda: F.conv2d(x, kernel, algorithm="direct"),
            lambda: F.conv2d_backward_kernel(F.conv2d(x, kernel), x, kernel.shape),
            lambda: F.softmax(x),
            lambda: F.moments(x),
            lambda: F.max_pool2d_backward_input(F.max_pool2d(x, 2), x, 2),
        ):
            operation()
            assert (small * np.float32(1e-10) > 0).all()
    finally:
        striate.set_num_threads(before)


def test_ordinary_results_keep_their_place(rng, dtype):
    """Numbers just above the limit are not touched."""
    x = (rng.uniform(1, 4, (3, 50)) * np.finfo(dtype).tiny).astype(dtype)
    np.testing.assert_array_equal(F.add([x]), x)
    bounds.assert_within(F.add([x, x]), 2 * x.astype(np.float64), abs(x), bounds.SUM, dtype)

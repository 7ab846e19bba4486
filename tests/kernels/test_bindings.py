"""The last line of defence: no call reaches memory that it should not, and threads and forks are in order."""

import importlib

import numpy as np
import pytest
from striate.kernels.program import Program

from striate import functional as F
from striate import kernels
from striate.kernels import bindings, blas, dispatch, runtime, tasks
from tests.helpers.forking import fork, join, needs_fork

GEOMETRY = (1, 1, 0, 0, 1, 1)
POOL = (2, 2, 2, 2, 0, 0, 0, 0)


def zeros(*shape, dtype=np.float32):
    """An array of zeros."""
    return np.zeros(shape, dtype)


def forward(
    x=None,
    kernel=None,
    packed=None,
    bias=None,
    residual=None,
    y=None,
    geometry=GEOMETRY,
    groups=1,
    activation="linear",
    threads=1,
    algorithm="direct",
):
    """A convolution that works, unless an argument is another."""
    x = zeros(2, 5, 6, 4) if x is None else x
    kernel = zeros(3, 3, 4, 8) if kernel is None else kernel
    y = zeros(2, 3, 4, 8) if y is None else y
    bindings.conv2d_forward(
        x,
        kernel,
        y,
        algorithm=algorithm,
        packed=packed,
        bias=bias,
        residual=residual,
        geometry=geometry,
        groups=groups,
        activation=activation,
        threads=threads,
    )


def recur(**changed):
    """The steps of an LSTM, which work unless an argument is another."""
    arguments = {"projections": zeros(2, 3, 16), "kernel": zeros(4, 16), "y": zeros(2, 3, 4)}
    arguments |= {"gates": zeros(2, 3, 16), "carry": zeros(2, 3, 4), "cell": "lstm", "threads": 1}
    bindings.recurrence_forward(**(arguments | changed))


def recur_back(**changed):
    """Their gradients, which work unless an argument is another."""
    arguments = {"kernel": zeros(4, 16), "y": zeros(2, 3, 4), "dprojections": zeros(2, 3, 16), "previous": zeros(2, 3, 4)}
    arguments |= {"gates": zeros(2, 3, 16), "carry": zeros(2, 3, 4), "cell": "lstm", "threads": 1}
    bindings.recurrence_backward(**(arguments | changed))


def normalize(x=None, variance=None, gamma=None, beta=None, residual=None, y=None, activation="linear", threads=1):
    """A batch normalization that works, unless an argument is another."""
    x, y = (zeros(6) if array is None else array for array in (x, y))
    variance = zeros(3) if variance is None else variance
    bindings.batch_normalization_forward(
        x, zeros(3), variance, y, gamma=gamma, beta=beta, residual=residual, epsilon=1.0, activation=activation, threads=threads
    )


def differentiate(dy=None, x=None, gamma=None, beta=None, dx=None, dgamma=None, dbeta=None, activation="linear"):
    """Its gradients."""
    dy, x, dx = (zeros(6) if array is None else array for array in (dy, x, dx))
    dgamma, dbeta = (zeros(3) if array is None else array for array in (dgamma, dbeta))
    bindings.batch_normalization_backward(
        dy,
        x,
        zeros(3),
        zeros(3),
        dx,
        dgamma,
        dbeta,
        gamma=gamma,
        beta=beta,
        epsilon=1.0,
        training=True,
        activation=activation,
        threads=1,
    )


def read_only(array):
    """The array, no longer writeable."""
    array.flags.writeable = False
    return array


def test_the_good_call():
    forward()
    forward(bias=zeros(8), residual=zeros(2, 3, 4, 8))
    for algorithm in ("direct", "winograd_f2", "winograd_f4"):
        packed = zeros(bindings.conv2d_packed_size(algorithm=algorithm, dtype="float32", kernel_shape=(3, 3, 4, 8)))
        bindings.conv2d_pack(zeros(3, 3, 4, 8), packed, algorithm=algorithm, threads=1)
        forward(packed=packed, algorithm=algorithm)
        forward(kernel=(3, 3, 4, 8), packed=packed, algorithm=algorithm)
    normalize()
    normalize(gamma=zeros(3), beta=zeros(3), residual=zeros(6))
    differentiate()
    differentiate(gamma=zeros(3), beta=zeros(3), activation="relu")
    recur()
    recur_back(dy=zeros(2, 3, 4), h0=zeros(2, 4), dh0=zeros(2, 4), dc=zeros(2, 4), dc0=zeros(2, 4))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"x": zeros(2, 5, 6, 3)}, ValueError),
        ({"x": zeros(5, 6, 4)}, ValueError),
        ({"x": zeros(2, 5, 6, 8)[..., ::2]}, ValueError),
        ({"x": zeros(2, 5, 6, 4, dtype=np.float64)}, ValueError),
        ({"x": zeros(2, 5, 6, 4, dtype=np.int32)}, TypeError),
        ({"x": zeros(2, 5, 6, 4, dtype=">f4")}, TypeError),
        ({"x": b"bytes"}, (TypeError, ValueError)),
        ({"x": [1.0]}, TypeError),
        ({"x": zeros(2, 0, 6, 4)}, ValueError),
        ({"kernel": zeros(3, 3, 2, 8)}, ValueError),
        ({"kernel": zeros(0, 3, 4, 8)}, ValueError),
        ({"kernel": (3, 3, 4, 8)}, ValueError),
        ({"kernel": (3, 3, 4), "packed": zeros(3 * 3 * 4 * 8)}, ValueError),
        ({"kernel": (3, 3, 4, 8), "packed": zeros(100)}, ValueError),
        ({"kernel": (3, 3, 4, 8), "packed": zeros(0), "algorithm": "im2col"}, ValueError),
        ({"kernel": (0, 3, 4, 8), "packed": zeros(0)}, ValueError),
        ({"bias": zeros(7)}, ValueError),
        ({"bias": zeros(8, dtype=np.float64)}, ValueError),
        ({"packed": zeros(100)}, ValueError),
        ({"residual": zeros(2, 3, 4, 7)}, ValueError),
        ({"residual": zeros(2, 3, 4, 8, dtype=np.float64)}, ValueError),
        ({"y": zeros(1, 3, 4, 8)}, ValueError),
        ({"y": zeros(2, 3, 4, 7)}, ValueError),
        ({"y": read_only(zeros(2, 3, 4, 8))}, (BufferError, ValueError)),
        ({"geometry": (0, 1, 0, 0, 1, 1)}, ValueError),
        ({"geometry": (1, 1, 0, 0, 1, -1)}, ValueError),
        ({"geometry": (1, 1, 0, 0)}, ValueError),
        ({"geometry": (1, 1, 1 << 62, 0, 1, 1)}, ValueError),
        ({"geometry": (1 << 62, 1, 0, 0, 1, 1)}, ValueError),
        ({"geometry": (1 << 70, 1, 0, 0, 1, 1)}, OverflowError),
        ({"groups": 0}, ValueError),
        ({"groups": 3}, ValueError),
        ({"activation": "tanh"}, ValueError),
        ({"activation": "swoosh"}, ValueError),
        ({"threads": 0}, ValueError),
        ({"algorithm": "magic"}, ValueError),
        ({"algorithm": "depthwise"}, ValueError),
        ({"algorithm": "winograd_f4", "kernel": zeros(3, 2, 4, 8)}, ValueError),
        ({"algorithm": "winograd_f4", "geometry": (2, 1, 0, 0, 1, 1)}, ValueError),
        ({"algorithm": "winograd_f2", "geometry": (1, 1, 0, 0, 1, 2)}, ValueError),
    ],
)
def test_convolutions_that_do_not_fit_are_refused(arguments, error):
    with pytest.raises(error):
        forward(**arguments)


@pytest.mark.parametrize("algorithm", ["direct", "im2col", "winograd_f2", "winograd_f4"])
def test_an_output_larger_than_the_input_allows_reads_zeros(algorithm):
    y = zeros(2, 30, 40, 8) + np.nan
    forward(x=zeros(2, 5, 6, 4) + 1, kernel=zeros(3, 3, 4, 8) + 1, y=y, algorithm=algorithm)
    assert y[0, 0, 0, 0] == pytest.approx(36)
    assert abs(y[:, 5:]).max() < 1e-4
    dx = zeros(2, 5, 6, 4)
    bindings.conv2d_backward_input(y, zeros(3, 3, 4, 8) + 1, dx, algorithm=algorithm, geometry=GEOMETRY, threads=1)
    dkernel = zeros(3, 3, 4, 8)
    bindings.conv2d_backward_kernel(y, dx, dkernel, algorithm=algorithm, geometry=GEOMETRY, threads=1)
    assert np.isfinite(dkernel).all()


def optimizer_step(method, weight, gradient, **settings):
    """A step that works, unless an argument is another."""
    bindings.optimizer_step(weight, gradient, method=method, **{"rates": np.ones(2), **settings}, threads=1)


def test_a_class_number_out_of_range_makes_the_loss_nan():
    for label in (-1, 3, 1 << 40):
        value, gradient = np.zeros(1), np.ones((2, 3), np.float32)
        bindings.sparse_crossentropy(zeros(2, 3), np.array([label, 0]), gradient, value, from_logits=True, threads=1)
        assert np.isnan(value[0])


def rearrange(x, y, **settings):
    """A copy of six elements, unless told otherwise."""
    ones = (1, 1, 1, 1)
    arguments = {"shape": (*ones, 6), "low": (0,) * 5, "high": (*ones, 6), "repeat": (1,) * 5, "strides": (0, 0, 0, 0, 1)}
    return bindings.rearrange(x, y, **{**arguments, **settings}, threads=1)


def resample(x, matrices, y):
    return bindings.resample_forward(x, matrices, y, interpolation="bilinear", fill_mode="reflect", threads=1)


WINDOW = {"window": (3, 3, 1, 1), "border": "reflect", "threads": 1}


def box(x=None, y=None, **settings):
    """Means that work, unless an argument is another."""
    x, y = (zeros(2, 5, 6, 3) if array is None else array for array in (x, y))
    bindings.box(x, y, **WINDOW | settings)


def fold(x, **settings):
    """The gradient of an image, with one more pixel on each side."""
    bindings.fold(x, zeros(1, 4, 5, 2), **{"edges": (1, 1, 1, 1), "border": "reflect", "threads": 1} | settings)


def choose(mask=None, dx=None):
    """The gradient of a median."""
    x, mask = zeros(1, 5, 6, 3), np.ones((3, 3), np.uint8) if mask is None else mask
    bindings.choose_backward(x, zeros(1, 5, 6, 3), zeros(1, 5, 6, 3), zeros(1, 5, 6, 3) if dx is None else dx, mask, **WINDOW)


def differentiate_bilateral(kernel=None, dy=None, dx=None, sharpness=1.0, **settings):
    """The gradient of a bilateral filter that works, unless an argument is another."""
    kernel, dy = zeros(3, 3) if kernel is None else kernel, zeros(1, 5, 6, 3) if dy is None else dy
    dx = zeros(1, 7, 8, 3) if dx is None else dx
    settings = WINDOW | {"sharpness": sharpness} | settings
    bindings.bilateral_backward(zeros(1, 5, 6, 3), kernel, zeros(1, 5, 6, 3), dy, dx, **settings)


@pytest.mark.parametrize(
    "call",
    [
        lambda: bindings.max_pool2d_forward(zeros(1, 4, 4, 2), zeros(1, 9, 2, 2), geometry=POOL, threads=1),
        lambda: bindings.max_pool2d_forward(zeros(1, 4, 4, 2), zeros(1, 2, 2, 3), geometry=POOL, threads=1),
        lambda: bindings.max_pool2d_forward(zeros(1, 4, 4, 2), zeros(1, 2, 2, 2), geometry=(2, 2, 2, 2, 2, 0, 0, 0), threads=1),
        lambda: bindings.max_pool2d_forward(zeros(1, 4, 4, 2), zeros(1, 2, 2, 2), geometry=(2, 2, 0, 2, 0, 0, 0, 0), threads=1),
        lambda: bindings.max_pool2d_backward(zeros(1, 2, 2, 2), zeros(1, 4, 4, 2), zeros(1, 4, 3, 2), geometry=POOL, threads=1),
        lambda: bindings.average_pool2d_forward(
            zeros(1, 4, 4, 2), zeros(1, 2, 2, 2), geometry=(2, 2, 2, 2, -1, 0, 0, 0), threads=1
        ),
        lambda: bindings.activation_forward(zeros(6), zeros(5), columns=6, activation="relu", alpha=0.0, threads=1),
        lambda: bindings.activation_forward(zeros(6), zeros(6), columns=4, activation="softmax", alpha=0.0, threads=1),
        lambda: bindings.activation_forward(zeros(6), zeros(6), columns=0, activation="relu", alpha=0.0, threads=1),
        lambda: bindings.activation_backward(zeros(6), zeros(5), zeros(6), columns=5, activation="relu", alpha=0.0, threads=1),
        lambda: bindings.moments(zeros(6), zeros(4), zeros(4), threads=1),
        lambda: bindings.moments(zeros(6), zeros(3), zeros(2), threads=1),
        lambda: bindings.moments(zeros(0, 3), zeros(3), zeros(3), threads=1),
        lambda: bindings.moments(zeros(6), zeros(3), zeros(3, dtype=np.float64), threads=1),
        lambda: normalize(x=zeros(7)),
        lambda: normalize(variance=zeros(2)),
        lambda: normalize(gamma=zeros(2)),
        lambda: normalize(beta=zeros(4)),
        lambda: normalize(residual=zeros(5)),
        lambda: normalize(y=zeros(5)),
        lambda: normalize(threads=0),
        lambda: normalize(activation="tanh"),
        lambda: differentiate(dy=zeros(5)),
        lambda: differentiate(gamma=zeros(2)),
        lambda: differentiate(beta=zeros(2)),
        lambda: differentiate(activation="tanh"),
        lambda: differentiate(dx=zeros(5)),
        lambda: differentiate(dgamma=zeros(4)),
        lambda: differentiate(dbeta=zeros(2)),
        lambda: differentiate(x=zeros(0), dy=zeros(0), dx=zeros(0)),
        lambda: bindings.local_response_normalization_forward(
            zeros(6), zeros(5), channels=3, depth_radius=1, bias=1, alpha=1, beta=1, threads=1
        ),
        lambda: bindings.local_response_normalization_forward(
            zeros(6), zeros(6), channels=4, depth_radius=1, bias=1, alpha=1, beta=1, threads=1
        ),
        lambda: bindings.local_response_normalization_forward(
            zeros(6), zeros(6), channels=0, depth_radius=1, bias=1, alpha=1, beta=1, threads=1
        ),
        lambda: bindings.local_response_normalization_forward(
            zeros(6), zeros(6), channels=3, depth_radius=-1, bias=1, alpha=1, beta=1, threads=1
        ),
        lambda: bindings.local_response_normalization_backward(
            zeros(6), zeros(5), zeros(6), channels=5, depth_radius=1, bias=1, alpha=1, beta=1, threads=1
        ),
        lambda: bindings.local_response_normalization_backward(
            zeros(6), zeros(6), zeros(5), channels=3, depth_radius=1, bias=1, alpha=1, beta=1, threads=1
        ),
        lambda: bindings.merge_forward([], zeros(4), merging="add", threads=1),
        lambda: bindings.merge_forward([zeros(4), zeros(5)], zeros(4), merging="add", threads=1),
        lambda: bindings.merge_forward([zeros(4, dtype=np.float64)], zeros(4), merging="add", threads=1),
        lambda: bindings.merge_forward([zeros(4)], zeros(4), merging="subtract", threads=1),
        lambda: bindings.merge_forward([zeros(4)], zeros(4), merging="multiply", activation="relu", threads=1),
        lambda: bindings.merge_backward(zeros(4), [zeros(4)], [zeros(5)], merging="maximum", threads=1),
        lambda: bindings.merge_backward(zeros(4), [zeros(4)], [], merging="maximum", threads=1),
        lambda: bindings.merge_backward(zeros(4), [zeros(4)], [zeros(4)], merging="add", threads=1),
        lambda: bindings.concatenate([zeros(4), zeros(3)], zeros(7), rows=2, threads=1),
        lambda: bindings.concatenate([zeros(4), zeros(2)], zeros(8), rows=2, threads=1),
        lambda: bindings.concatenate([zeros(4)], zeros(4), rows=0, threads=1),
        lambda: bindings.split(zeros(4), [zeros(4, dtype=np.float64)], rows=1, threads=1),
        lambda: bindings.sum_rows(zeros(6), zeros(4), threads=1),
        lambda: bindings.matmul(zeros(2, 3), zeros(4, 5), zeros(2, 5), threads=1),
        lambda: bindings.matmul(zeros(2, 3), zeros(3, 5), zeros(2, 5), bias=zeros(4), threads=1),
        lambda: optimizer_step("sgd", zeros(4), zeros(5)),
        lambda: optimizer_step("sgd", zeros(4), zeros(4), moment1=zeros(3)),
        lambda: optimizer_step("sgd", zeros(4), zeros(4), nesterov=True),
        lambda: optimizer_step("sgd", zeros(4), zeros(4), rates=np.ones(1)),
        lambda: optimizer_step("sgd", zeros(4), zeros(4), scale=np.ones(1, np.float32)),
        lambda: optimizer_step("adam", zeros(4), zeros(4), moment1=zeros(4), moment2=zeros(3)),
        lambda: optimizer_step("adam", zeros(4), zeros(4), moment1=zeros(4)),
        lambda: optimizer_step("rmsprop", zeros(4), zeros(4)),
        lambda: bindings.moving_mean(zeros(4), zeros(3), momentum=0.9, threads=1),
        lambda: bindings.clip_norm([], np.ones(1), limit=1.0, threads=1),
        lambda: bindings.clip_norm([zeros(3)], np.ones(2), limit=1.0, threads=1),
        lambda: bindings.clip_norm([zeros(3), zeros(3, dtype=np.float64)], np.ones(1), limit=1.0, threads=1),
        lambda: bindings.clip_norm([zeros(3)], np.ones(1), limit=0.0, threads=1),
        lambda: bindings.dropout(zeros(3), zeros(4), np.zeros(1, np.uint64), stream=0, rate=0.5, threads=1),
        lambda: bindings.dropout(zeros(3), zeros(3), np.zeros(2, np.uint64), stream=0, rate=0.5, threads=1),
        lambda: bindings.dropout(zeros(3), zeros(3), np.zeros(1, np.uint64), stream=0, rate=1.0, threads=1),
        lambda: bindings.squared_error(zeros(4, 3), zeros(4, 3), zeros(4, 3), np.zeros(1), row_weights=zeros(3), threads=1),
        lambda: recur(projections=zeros(2, 3, 20)),
        lambda: recur(kernel=zeros(4, 15)),
        lambda: recur(y=zeros(2, 2, 4)),
        lambda: recur(y=zeros(2, 3, 4, dtype=np.float64)),
        lambda: recur(gates=None),
        lambda: recur(carry=zeros(2, 3, 3)),
        lambda: recur(h0=zeros(2, 3)),
        lambda: recur(c=zeros(3, 4)),
        lambda: recur(cell="simple_rnn"),
        lambda: recur(threads=0),
        lambda: recur_back(previous=zeros(2, 3)),
        lambda: recur_back(dprojections=zeros(2, 3, 4)),
        lambda: recur_back(dy=zeros(2, 3)),
        lambda: recur_back(dh0=zeros(2, 3)),
        lambda: recur_back(kernel=zeros(4, 12), gates=zeros(2, 3, 12), dprojections=zeros(2, 3, 12), cell="gru"),
        lambda: rearrange(zeros(6), zeros(7)),
        lambda: rearrange(zeros(6), zeros(6), strides=(0, 0, 0, 0, 2)),
        lambda: rearrange(zeros(6), zeros(6), offset=1),
        lambda: rearrange(zeros(6), zeros(6), strides=(0, 0, 0, 0, -1)),
        lambda: rearrange(zeros(6), zeros(6), repeat=(1, 1, 1, 1, 0)),
        lambda: rearrange(zeros(6), zeros(6), low=(0, 0, 0, 0, 3), high=(1, 1, 1, 1, 7)),
        lambda: rearrange(zeros(6), zeros(6), shape=(2, 1, 1, 1, 6), high=(2, 1, 1, 1, 6)),
        lambda: resample(zeros(2, 4, 4, 3), np.zeros((1, 5)), zeros(2, 5, 5, 3)),
        lambda: resample(zeros(2, 4, 4, 3), np.zeros((3, 6)), zeros(2, 5, 5, 3)),
        lambda: resample(zeros(2, 4, 4, 3), zeros(1, 6), zeros(2, 5, 5, 3)),
        lambda: resample(zeros(2, 4, 4, 3), np.zeros((1, 6)), zeros(2, 5, 5, 2)),
        lambda: box(y=zeros(2, 5, 6, 2)),
        lambda: box(y=zeros(2, 5, 6, 3, dtype=np.float64)),
        lambda: box(window=(0, 3, 0, 0)),
        lambda: box(window=(3, 3, -1, 0)),
        lambda: fold(zeros(1, 6, 7, 2), edges=(1, 1, 1, 0)),
        lambda: fold(zeros(1, 6, 7, 2), edges=(-1, 3, 1, 1)),
        lambda: choose(mask=np.ones((3, 2), np.uint8)),
        lambda: choose(dx=zeros(1, 5, 6, 2)),
        lambda: differentiate_bilateral(kernel=zeros(3, 4)),
        lambda: differentiate_bilateral(dy=zeros(1, 5, 7, 3)),
        lambda: differentiate_bilateral(dx=zeros(1, 5, 6, 3)),
        lambda: differentiate_bilateral(dx=zeros(1, 7, 8, 1)),
        lambda: differentiate_bilateral(sharpness=-1.0),
        lambda: differentiate_bilateral(border="constant", dx=zeros(1, 7, 8, 3)),
        lambda: differentiate_bilateral(border="constant", dx=zeros(1, 5, 6, 3), window=(3, 3, 3, 1)),
        lambda: differentiate_bilateral(border="constant", dx=zeros(1, 5, 6, 3), window=(3, 3, 1, 3)),
        lambda: bindings.scale_shift_forward(
            zeros(12), zeros(12), scale=zeros(3), shape=(2, 3, 4), low=0.0, high=1.0, threads=1
        ),
        lambda: bindings.scale_shift_forward(
            zeros(12), zeros(12), scale=zeros(5), shape=(2, 2, 3), low=0.0, high=1.0, threads=1
        ),
        lambda: bindings.scale_shift_backward(
            zeros(12), zeros(12), zeros(12), shift=zeros(4), shape=(2, 2, 3), low=0.0, high=1.0, threads=1
        ),
        lambda: bindings.group_normalization_forward(zeros(12), zeros(12), shape=(2, 2, 3, 2), epsilon=0.1, threads=1),
        lambda: bindings.group_normalization_forward(
            zeros(12), zeros(12), gamma=zeros(2), shape=(2, 2, 3, 3), epsilon=0.1, threads=1
        ),
        lambda: bindings.group_normalization_backward(
            zeros(12), zeros(12), zeros(12), zeros(2), zeros(2), shape=(2, 2, 3, 3), epsilon=0.1, threads=1
        ),
        lambda: bindings.penalty(zeros(3), zeros(2), np.zeros(1), l1=1.0, l2=1.0, threads=1),
        lambda: bindings.penalty(zeros(3), zeros(3), zeros(1), l1=1.0, l2=1.0, threads=1),
        lambda: bindings.squared_error(zeros(2, 3), zeros(2, 2), zeros(2, 3), np.zeros(1), threads=1),
        lambda: bindings.squared_error(zeros(2, 3), zeros(2, 3), zeros(2, 2), np.zeros(1), threads=1),
        lambda: bindings.squared_error(zeros(2, 3), zeros(2, 3), zeros(2, 3), zeros(1), threads=1),
        lambda: bindings.squared_error(zeros(0, 3), zeros(0, 3), zeros(0, 3), np.zeros(1), threads=1),
        lambda: bindings.sparse_crossentropy(
            zeros(2, 3), np.zeros(3, np.int64), zeros(2, 3), np.zeros(1), from_logits=True, threads=1
        ),
        lambda: bindings.crossentropy(zeros(2, 3), zeros(3, 3), zeros(2, 3), np.zeros(1), from_logits=True, threads=1),
    ],
)
def test_other_calls_that_do_not_fit_are_refused(call):
    with pytest.raises(ValueError, match="do not fit together"):
        call()


@pytest.mark.parametrize("algorithm", ["direct", "im2col", "winograd_f2", "winograd_f4"])
def test_an_empty_batch_is_no_work(algorithm):
    x, y, dkernel = zeros(0, 5, 6, 4), zeros(0, 3, 4, 8), zeros(3, 3, 4, 8) + np.nan
    forward(x=x, y=y, algorithm=algorithm)
    bindings.conv2d_backward_input(y, zeros(3, 3, 4, 8), x, algorithm=algorithm, geometry=GEOMETRY, threads=1)
    bindings.conv2d_backward_kernel(y, x, dkernel, algorithm=algorithm, geometry=GEOMETRY, threads=1)
    assert (dkernel == 0).all()


@pytest.mark.parametrize("algorithm", ["direct", "im2col"])
@pytest.mark.parametrize("dilation", [(1 << 30) - 1, 1 << 29])
def test_working_memory_beyond_all_bounds_is_refused(algorithm, dilation):
    arguments = {"dilation": dilation, "padding": "same", "algorithm": algorithm}
    x, kernel = zeros(1, 1, 1, 4), zeros(2, 2, 4, 1)
    with pytest.raises(MemoryError, match="too large"):
        F.conv2d(x, kernel, **arguments)
    with pytest.raises(MemoryError, match="too large"):
        F.conv2d_backward_kernel(zeros(1, 1, 1, 1), x, kernel.shape, **arguments)


@pytest.mark.parametrize(
    ("kernel", "packed", "groups"),
    [
        (zeros(3, 3, 4, 8), zeros(10), 1),
        (zeros(3, 3, 4, 8), zeros(288, dtype=np.float64), 1),
        (zeros(3, 3, 4, 8), zeros(288), 0),
        (zeros(3, 3, 4, 8), zeros(288), 3),
        (zeros(3, 3, 0, 8), zeros(0), 1),
    ],
)
def test_packings_that_do_not_fit_are_refused(kernel, packed, groups):
    with pytest.raises(ValueError, match="do not fit together"):
        bindings.conv2d_pack(kernel, packed, algorithm="direct", groups=groups, threads=1)


def test_a_program_may_grow_after_it_ran():
    x, y, z = np.ones((40, 3), np.float32), zeros(3), zeros(3)
    program = Program()
    bindings.sum_rows(x, y, threads=1, program=program)
    program.run()
    bindings.sum_rows(x, z, threads=1, program=program)
    program.run()
    np.testing.assert_array_equal(y, [40] * 3)
    np.testing.assert_array_equal(z, [40] * 3)


@pytest.mark.skipif(tasks.get_finest(), reason="branches do not share their tasks")
def test_branches_of_a_program_run_between_its_other_steps(rng):
    x = rng.standard_normal((3, 40, 17)).astype(np.float32)
    doubled, sums, total = np.empty_like(x), zeros(3, 17), zeros(17)
    program, branches = Program(), [Program() for _ in x]
    bindings.merge_forward([x, x], doubled, merging="add", threads=2, program=program)
    for branch, array, result in zip(branches, doubled, sums, strict=True):
        bindings.sum_rows(array, result, threads=1, program=branch)  # which needs working memory
    program.branch(branches)
    bindings.sum_rows(sums, total, threads=1, program=program)
    assert program.scratch_bytes > branches[0].scratch_bytes * 3
    for run in (program.run, program.run, program.time):
        x *= 2
        run()
        np.testing.assert_allclose(sums, 2 * x.sum(1), rtol=1e-5, atol=1e-4)
        np.testing.assert_allclose(total, 2 * x.sum((0, 1)), rtol=1e-5, atol=1e-3)
    seconds = [branch.seconds() for branch in branches]
    assert all(len(each) == 1 and each[0] > 0 for each in seconds)
    assert len(program.seconds()) == 3


def test_branches_that_one_thread_cannot_execute_are_refused():
    shared, calling, branching = Program(), Program(), Program()
    x = np.ones((1000, 3000), np.float32)
    bindings.activation_forward(x, x, columns=1, activation="relu", threads=2, program=shared)
    calling.call(lambda: None)
    branching.branch([])
    twice, program = Program(), Program()
    for wrong in ([shared], [calling], [branching], [None], [program], [twice, twice]):
        with pytest.raises(ValueError, match="expected different programs, whose steps one thread executes alone"):
            program.branch([Program(), *wrong])
        assert len(program) == 0


def test_branches_are_complete():
    x, branch, program = np.ones((3, 2), np.float32), Program(), Program()
    branches = [branch]
    program.branch(branches)
    branches.extend([Program(), None])  # The list itself is not part of the program.
    program.run()
    with pytest.raises(ValueError, match="expected all of its steps before"):
        bindings.sum_rows(x, zeros(2), threads=1, program=branch)
    with pytest.raises(ValueError, match="expected all of its steps before"):
        branch.call(lambda: None)
    with pytest.raises(ValueError, match="is one already"):
        Program().branch([branch])


def test_only_a_kernel_table_can_be_registered_in():
    family = importlib.import_module(f"striate.kernels._combined_families_{kernels.INSTRUCTION_SETS[0]}_f32")
    with pytest.raises(ValueError, match="PyCapsule"):
        family.register(object())
    family.register(dispatch.table_capsule("float32"))  # an older set's functions, for a moment
    kernels.load(kernels.instruction_set)


def test_openmp_runs_threads():
    assert tasks.gets_threads()
    assert runtime.openmp_runtime() in ("libgomp", "libomp")


def test_blas_is_a_private_copy_on_one_thread():
    assert "OpenBLAS" in blas.config
    assert blas._library.scipy_openblas_get_num_threads() == 1


@needs_fork
def test_a_forked_child_can_run_threads_too():
    x, kernel = np.ones((4, 40, 40, 16), np.float32), np.ones((3, 3, 16, 32), np.float32)

    def work():
        assert (F.conv2d(x, kernel, algorithm="direct") == 144).all()

    work()
    child = fork(work)
    work()
    join(child)


@pytest.mark.parametrize("name", ["foo", ""])
def test_unknown_names_are_refused(name):
    x = np.ones((2, 3), np.float32)
    with pytest.raises(ValueError, match=rf"activation='{name}' is unknown; expected one of 'linear', 'relu'"):
        bindings.activation_forward(x, x, columns=3, activation=name, threads=1)
    with pytest.raises(ValueError, match=rf"activation='{name}' is unknown; expected one of 'linear', 'relu'"):
        bindings.matmul(x, np.ones((3, 4), np.float32), np.ones((2, 4), np.float32), activation=name, threads=1)

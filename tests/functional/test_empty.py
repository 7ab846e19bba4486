"""Arrays without elements: all elements of results are written, and sums over no elements are zero."""

import itertools
from contextlib import suppress

import numpy as np
import pytest

from striate import functional as F
from striate.kernels import tasks
from tests.helpers.activation_rows import WITH_KERNELS

POISON = 0xA5  # Value of all bytes of new arrays.
SIZES = 2, 7, 6, 40
SHAPES = [
    tuple(size * kept for size, kept in zip(SIZES, keep, strict=True))
    for keep in itertools.product([0, 1], repeat=4)
    if not all(keep)
]
ALGORITHMS = "auto", "direct", "im2col", "depthwise", "winograd_f2", "winograd_f4", "winograd_f5"
GEOMETRIES = [
    {},
    {"strides": (2, 3)},
    {"padding": "same", "dilation": 2},
    {"groups": 2},
    {"groups": 40},
    {"groups": 40, "strides": 2, "padding": "same"},
]


def ones(shape):
    """Return an array of ones."""
    return np.ones(shape, np.float32)


def convolutions(name):
    """Return a function of the shape of x that yields the results of a convolution for all algorithms and some geometries."""
    function, transposed = getattr(F, name), "transpose" in name
    forward = F.conv2d_transpose if transposed else F.conv2d

    def results(shape):
        for algorithm, geometry, filters in itertools.product(ALGORITHMS, GEOMETRIES, (0, 40, 80)):
            arguments, groups = geometry | {"algorithm": algorithm}, geometry.get("groups", 1)
            c = shape[3]
            kernel = ones((3, 3, filters // groups, c) if transposed else (3, 3, c // groups, filters))
            with suppress(ValueError):  # Some sizes, algorithms and arguments cannot be combined.
                y = forward(ones(shape), kernel, ones(filters), activation="relu", **arguments)
                if name.endswith("backward_input"):
                    yield function(y, kernel, shape, **arguments)
                elif name.endswith("backward_kernel"):
                    yield function(y, ones(shape), kernel.shape, **arguments)
                else:
                    yield y

    return results


def recurrent(name, gates):
    """Return a function of the shape of images, whose pixels are steps, that yields the results of a recurrent layer."""

    def results(shape):
        samples, steps, features = shape[0], shape[1] * shape[2], shape[3]
        kernels = ones((features, gates * 3)), ones((3, gates * 3))
        given = ones((samples, steps, features)), *kernels
        if not name.endswith("_backward"):
            yield from getattr(F, name)(*given)
            return
        gradients = getattr(F, name)(ones((samples, steps, 3)), *given)[:3]  # Those of initial states are not 0.
        yield from gradients

    return results


def packing(shape):
    """Yield the differences, which must be 0, that kernels packed for an empty image make in convolutions of another one."""
    for algorithm, geometry, filters in itertools.product(ALGORITHMS, GEOMETRIES, (0, 40, 80)):
        arguments, groups = geometry | {"algorithm": algorithm}, geometry.get("groups", 1)
        x, kernel = ones((*SIZES[:3], shape[3])), ones((3, 3, shape[3] // groups, filters))
        with suppress(ValueError):  # Some sizes, algorithms and arguments cannot be combined.
            packed = F.pack_conv2d_kernel(kernel, shape, **arguments)
            arguments["algorithm"] = packed.algorithm
            yield F.conv2d(x, packed, **arguments) - F.conv2d(x, kernel, **arguments)


def pooling(name):
    """Return a function of the shape of x that yields the results of a pooling for some windows, strides and paddings."""
    function, backward = getattr(F, name), name.endswith("backward_input")
    forward = getattr(F, name.removesuffix("_backward_input"))

    def results(shape):
        for size, strides, padding in itertools.product((1, 2, (3, 2)), (None, 1), ("valid", "same")):
            arguments = {"strides": strides, "padding": padding}
            with suppress(ValueError):  # Some sizes, algorithms and arguments cannot be combined.
                y = forward(ones(shape), size, **arguments)
                if backward:
                    yield function(y, ones(shape) if name.startswith("max") else shape, size, **arguments)
                else:
                    yield y

    return results


def normalization_backward(shape):
    """Yield the gradients of batch normalization, without and with training."""
    dy, one = ones(shape), ones(shape[3:])
    for training in (False, True):
        yield from F.batch_normalization_backward(dy, dy, one, one, one, one, training=training, activation="relu")


def dense(function):
    """Return a function of a shape that yields the result of `function`, given rows, features and units, if one is 0."""

    def results(shape):
        if min(shape[:3]) == 0:
            yield function(*shape[:3])

    return results


ACTIVATIONS = [name for name in WITH_KERNELS if name != "gelu_tanh"]


#: For each function on arrays, a function that yields its results for images of a shape.
def sequences(function):
    """Return a function that yields the results for sequences without labels: as many, and as long, as there are elements."""

    def results(shape):
        batch, steps = shape[:2]
        yield function(np.ones((batch, 0), int), ones((batch, steps, 1)), [0] * batch, [steps] * batch)

    return results


RESULTS = {
    **{name: lambda shape, name=name: [getattr(F, name)(ones(shape))] for name in ACTIVATIONS},
    **{
        f"{name}_backward_input": lambda shape, name=name: [getattr(F, f"{name}_backward_input")(ones(shape), ones(shape))]
        for name in ACTIVATIONS
    },
    **{name: convolutions(name) for name in F.__all__ if name.startswith("conv2d") and not name.endswith("bias")},
    **{name: pooling(name) for name in F.__all__ if name.startswith(("max_pool2d", "average_pool2d"))},
    **{
        name: lambda shape, name=name: [getattr(F, name)([ones(shape), ones(each)]) for each in (shape, shape[3:])]
        for name in ("add", "subtract", "multiply", "average", "maximum", "minimum")
    },
    **{
        f"{name}_backward": lambda shape, name=name: getattr(F, f"{name}_backward")(ones(shape), [shape, shape[3:]])
        for name in ("add", "subtract", "average")
    },
    **{
        f"{name}_backward": lambda shape, name=name: getattr(F, f"{name}_backward")(ones(shape), [ones(shape), ones(shape[3:])])
        for name in ("multiply", "maximum", "minimum")
    },
    "batch_normalization": lambda shape: [
        F.batch_normalization(ones(shape), *[ones(shape[3:])] * 4, residual=ones(shape), activation="relu")
    ],
    "batch_normalization_backward": normalization_backward,
    "concatenate": lambda shape: [F.concatenate([ones(shape), ones(shape)], axis) for axis in range(4)],
    "concatenate_backward": lambda shape: [
        part for axis in range(4) for part in F.concatenate_backward(ones(shape), [shape[axis], 0], axis)
    ],
    "conv2d_backward_bias": lambda shape: [F.conv2d_backward_bias(ones(shape))],
    "ctc_loss": sequences(F.ctc_loss),
    "ctc_loss_backward_output": sequences(lambda *given: F.ctc_loss_backward_output(ones((len(given[0]),)), *given)),
    "dense": dense(lambda rows, features, units: F.dense(ones((rows, features)), ones((features, units)), activation="relu")),
    "dense_backward_bias": dense(lambda rows, features, units: F.dense_backward_bias(ones((rows, features, units)))),
    "dense_backward_input": dense(
        lambda rows, features, units: F.dense_backward_input(ones((rows, units)), ones((features, units)))
    ),
    "dense_backward_kernel": dense(
        lambda rows, features, units: F.dense_backward_kernel(ones((rows, units)), ones((rows, features)))
    ),
    "dropout": lambda shape: [F.dropout(ones(shape), 0.5, 0)[0]],
    "dropout_backward_input": lambda shape: [F.dropout_backward_input(ones(shape), 0.5, np.ones(1, np.uint64))],
    "flatten": lambda shape: [F.flatten(ones(shape))],
    "flatten_backward_input": lambda shape: [F.flatten_backward_input(F.flatten(ones(shape)), shape)],
    "global_average_pool2d": lambda shape: [F.global_average_pool2d(ones(shape))],
    "global_average_pool2d_backward_input": lambda shape: [
        F.global_average_pool2d_backward_input(ones((shape[0], shape[3])), shape)
    ],
    "local_response_normalization": lambda shape: [F.local_response_normalization(ones(shape))],
    "local_response_normalization_backward_input": lambda shape: [
        F.local_response_normalization_backward_input(ones(shape), ones(shape))
    ],
    "moments": lambda shape: F.moments(ones(shape)),
    "pack_conv2d_kernel": packing,
    **{
        f"{name}{direction}": recurrent(f"{name}{direction}", gates)
        for name, gates in (("simple_rnn", 1), ("gru", 3), ("lstm", 4))
        for direction in ("", "_backward")
    },
}


@pytest.fixture(params=[False, True], ids=["plain", "finest tasks"])
def poisoned(request, monkeypatch):
    """Fill new arrays with `POISON`, to show what is not written; with the finest tasks, working memory is NaN."""

    def filled(make):
        def new(*arguments, **settings):
            array = make(*arguments, **settings)
            array.reshape(-1).view(np.uint8).fill(POISON)
            return array

        return new

    for name in ("empty", "empty_like"):
        monkeypatch.setattr(np, name, filled(getattr(np, name)))
    before = tasks.get_finest()
    tasks.set_finest(request.param)
    yield
    tasks.set_finest(before)


def test_every_function_is_tested():
    assert {name for name in F.__all__ if callable(getattr(F, name))} == RESULTS.keys() | {"PackedKernel"}


@pytest.mark.usefixtures("poisoned")
@pytest.mark.parametrize("name", RESULTS)
def test_all_of_the_result_is_written(name):
    for shape in SHAPES:
        results = []
        with suppress(ValueError):
            results = list(RESULTS[name](shape))
        if (
            shape == (0, *SIZES[1:]) and name != "moments"
        ):  # Images without pixels may be refused, and so may the mean of no elements.
            assert results
        for result in results:
            assert (result == 0).all(), shape

"""Bits depend neither on the number of threads nor on how finely work is shared out: random calls of every kernel.

Operations below a threshold run on one thread, and tests are small; `tasks.set_finest` has them shared out as finely as can be,
in working memory full of NaN. So it is not chance alone that shows a task which reads what another one writes.
"""

import math
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import striate
from striate import functional as F
from striate import kernels
from striate._common.arrays import on_a_cache_line
from striate.functional import filtering
from striate.geometry import conv2d_geometry, pool2d_geometry
from striate.kernels import bindings, tasks
from tests.helpers import recurrence, reference
from tests.helpers.activation_rows import WITH_KERNELS, kernels_of

THREADS = (1, 2, 3, 4, 7)
MOST_WORK = 300_000  # multiply-adds of a convolution

each_instruction_set = pytest.mark.parametrize("instruction_set", kernels.usable_instruction_sets())
dtypes = st.sampled_from([np.dtype(np.float32), np.dtype(np.float64)])
channels = st.sampled_from([1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 70])
seeds = st.integers(0, 2**32 - 1)


@contextmanager
def using(instruction_set):
    """Compute with an instruction set for a while."""
    kernels.load(instruction_set)
    try:
        yield
    finally:
        kernels.load(kernels.instruction_set)


@contextmanager
def finest_tasks(enabled):
    """Share out finely for a while, or as usual."""
    before = tasks.get_finest()
    tasks.set_finest(enabled)
    try:
        yield
    finally:
        tasks.set_finest(before)


def assert_same_bits(instruction_set, **calls):
    """Check that each call gives the same array, or arrays, whatever the threads and however finely work is shared out."""
    with using(instruction_set):
        for name, call in calls.items():
            want = None
            for finest in (False, True):
                for threads in THREADS:
                    with finest_tasks(finest), striate.num_threads(threads):
                        got = call()
                    got = list(got) if isinstance(got, (tuple, list)) else [got]
                    want = got if want is None else want
                    for i, (a, b) in enumerate(zip(want, got, strict=True)):
                        places = np.argwhere(a.view(np.uint8) != b.view(np.uint8))
                        where = (
                            f"{name}, result {i}, {threads} threads, finest tasks {finest}: {len(places)} bytes of {b.nbytes}"
                        )
                        assert not len(places), where


def normal(seed, dtype, *shapes):
    """Random arrays."""
    rng = np.random.default_rng(seed)
    arrays = [rng.standard_normal(shape).astype(dtype) for shape in shapes]
    return arrays[0] if len(shapes) == 1 else arrays


# -------------------------------------------------------------------------------------------------------------- convolutions


@st.composite
def convolutions(draw):
    """Shape of x, shape of the kernel, and the other arguments of `conv2d`: images, and long rows with wide kernels."""
    kind = draw(st.sampled_from(["image", "image", "row", "phases of one row", "pixels", "winograd"]))
    n, c, f = draw(st.integers(1, 3)), draw(channels), draw(channels)
    groups = draw(st.sampled_from([1, 1, 1, 2, 3, c]))
    strides, dilation = [draw(st.integers(1, 3)) for _ in range(2)], [draw(st.sampled_from([1, 1, 2, 3])) for _ in range(2)]
    if kind == "image":
        h, w, kh, kw = (draw(st.integers(1, most)) for most in (14, 20, 5, 7))
    elif kind == "row":
        h, w, kh, kw = 1, draw(st.integers(1, 600)), 1, draw(st.integers(1, 70))
    elif kind == "phases of one row":
        h, w, kw = draw(st.integers(1, 4)), draw(st.integers(1, 300)), draw(st.integers(1, 40))
        strides[0] = draw(st.integers(h, 5))
        kh = draw(st.integers(1, h))
    elif kind == "pixels":
        h, w, kh, kw = draw(st.integers(1, 12)), draw(st.integers(1, 20)), 1, 1
    else:
        h, w, kh = draw(st.integers(1, 20)), draw(st.integers(1, 20)), draw(st.sampled_from([3, 5]))
        kw, strides, dilation = kh, [1, 1], [1, 1]
    padding = draw(st.sampled_from(["valid", "same", "numbers"]))
    if padding == "numbers":
        padding = tuple((draw(st.integers(0, k + 2)), draw(st.integers(0, k + 2))) for k in (kh, kw))
    if (kh - 1) * dilation[0] >= h or (kw - 1) * dilation[1] >= w:
        padding = "same"
    groups = min(groups, c)
    while True:
        arguments = {"strides": tuple(strides), "padding": padding, "dilation": tuple(dilation), "groups": groups}
        x_shape = n, h, w, -(-c // groups) * groups
        kernel_shape = kh, kw, x_shape[3] // groups, -(-f // groups) * groups
        y_shape = reference.conv2d_shape(x_shape, kernel_shape, **arguments)
        if math.prod(y_shape) * math.prod(kernel_shape[:3]) <= MOST_WORK or max(n, c, f) == 1:
            return x_shape, kernel_shape, arguments
        n, c, f, groups = 1, -(-c // 2), -(-f // 2), min(groups, -(-c // 2))


def algorithms_of(kernel_shape, arguments, x_channels):
    """Return the algorithms that can compute a convolution."""
    names = ["direct", "im2col"]
    if arguments["groups"] == x_channels:
        names.append("depthwise")
    if arguments["strides"] == arguments["dilation"] == (1, 1) and kernel_shape[:2] in ((3, 3), (5, 5)):
        names += ["winograd_f2", "winograd_f4"] if kernel_shape[0] == 3 else ["winograd_f2"]
    return names


@each_instruction_set
@given(convolutions(), dtypes, seeds, st.booleans())
def test_convolution_gives_the_same_bits_however_it_is_shared(instruction_set, convolution, dtype, seed, fused):
    x_shape, kernel_shape, arguments = convolution
    x, kernel, dy, bias = normal(
        seed, dtype, x_shape, kernel_shape, reference.conv2d_shape(x_shape, kernel_shape, **arguments), kernel_shape[3:]
    )
    extra = {"bias": bias, "residual": dy, "activation": "relu"} if fused else {}

    def pack_and_convolve(algorithm):
        packed = F.pack_conv2d_kernel(kernel, groups=arguments["groups"], algorithm=algorithm)
        return F.conv2d(x, packed, **extra, **arguments)

    def calls(algorithm):
        settings = arguments | {"algorithm": algorithm}
        return {
            f"{algorithm} forward": lambda: F.conv2d(x, kernel, **extra, **settings),
            f"{algorithm} packed": lambda: pack_and_convolve(algorithm),
            f"{algorithm} backward_input": lambda: F.conv2d_backward_input(dy, kernel, x_shape, **settings),
            f"{algorithm} backward_kernel": lambda: F.conv2d_backward_kernel(dy, x, kernel_shape, **settings),
        }

    for algorithm in algorithms_of(kernel_shape, arguments, x_shape[3]):
        assert_same_bits(instruction_set, **calls(algorithm))
    assert_same_bits(instruction_set, backward_bias=lambda: F.conv2d_backward_bias(dy))


@each_instruction_set
@given(convolutions(), dtypes, seeds, st.booleans())
def test_transposed_convolution_gives_the_same_bits_however_it_is_shared(instruction_set, convolution, dtype, seed, fused):
    # x of the transposed convolution has the shape of the other's y, less what padding in numbers may leave out
    (n, h, w, c), (kh, kw, _, f), arguments = convolution
    groups = arguments["groups"]
    x, kernel, bias = normal(seed, dtype, (n, h, w, f), (kh, kw, c // groups, f), (c,))
    if not isinstance(arguments["padding"], str):
        arguments = arguments | {"padding": "valid"}
    dy = normal(seed, dtype, F.conv2d_transpose(x, kernel, **arguments).shape)
    extra = {"bias": bias, "activation": "leaky_relu"} if fused else {}

    def calls(algorithm):
        settings = arguments | {"algorithm": algorithm}
        return {
            f"{algorithm} forward": lambda: F.conv2d_transpose(x, kernel, **extra, **settings),
            f"{algorithm} backward_input": lambda: F.conv2d_transpose_backward_input(dy, kernel, x.shape, **settings),
            f"{algorithm} backward_kernel": lambda: F.conv2d_transpose_backward_kernel(dy, x, kernel.shape, **settings),
        }

    for algorithm in algorithms_of(kernel.shape, arguments, c):
        assert_same_bits(instruction_set, **calls(algorithm))


@each_instruction_set
@given(
    st.integers(1, 40), st.integers(2, 14), st.integers(2, 40), st.integers(1, 5), st.integers(1, 5), st.integers(1, 8),
    st.integers(1, 4), dtypes, seeds,
)  # fmt: skip
def test_pooled_convolution_gives_the_same_bits_however_it_is_shared(instruction_set, n, h, w, kh, kw, f, c, dtype, seed):
    """The forms that take over the pooling behind them, of few channels, which models use."""
    geometry = 1, 1, kh // 2, kw // 2, 1, 1
    x, kernel = normal(seed, dtype, (n, h, w, c), (kh, kw, c, f))
    unpooled = F.conv2d(x, kernel, padding=(geometry[2], geometry[3]), algorithm="direct")
    if min(unpooled.shape[1:3]) < 2:
        return
    y = F.max_pool2d(unpooled)
    dy = normal(seed, dtype, y.shape)

    def new(shape, function, *arguments, **settings):
        result = np.empty(shape, dtype)
        function(*arguments, result, algorithm="direct", geometry=geometry, **settings, threads=striate.get_num_threads())
        return result

    calls = {}
    with using(instruction_set):  # what is taken over depends on its vectors
        pools = bindings.conv2d_pools(dtype=dtype.name, kernel_shape=kernel.shape, geometry=geometry)
        differentiates = bindings.conv2d_differentiates_pooled(
            dtype=dtype.name, x_shape=x.shape, kernel_shape=kernel.shape, y_shape=unpooled.shape, geometry=geometry
        )
    if pools:
        calls["forward"] = lambda: new(y.shape, bindings.conv2d_forward, x, kernel, activation="relu", pooled=True)
    if differentiates:
        calls["backward_input"] = lambda: new(x.shape, bindings.conv2d_backward_input, dy, kernel, unpooled=unpooled)
        calls["backward_kernel"] = lambda: new(kernel.shape, bindings.conv2d_backward_kernel, dy, x, unpooled=unpooled)
    assert_same_bits(instruction_set, **calls)


# ----------------------------------------------------------------------------------------------- other functions of arrays


@st.composite
def images(draw, most=24):
    """A shape."""
    return draw(st.integers(1, 4)), draw(st.integers(1, most)), draw(st.integers(1, most)), draw(channels)


@each_instruction_set
@given(images(), st.tuples(*[st.integers(1, 4)] * 2), st.tuples(*[st.integers(1, 5)] * 2), st.booleans(), dtypes, seeds)
def test_pooling_gives_the_same_bits_however_it_is_shared(instruction_set, shape, pool_size, strides, same, dtype, seed):
    x = np.round(2 * normal(seed, dtype, shape))  # with ties
    pool_size = tuple(min(size, pixels) for size, pixels in zip(pool_size, shape[1:3], strict=True))
    settings = {"pool_size": pool_size, "strides": strides, "padding": "same" if same else "valid"}
    dy = normal(seed, dtype, F.max_pool2d(x, **settings).shape)
    whole = normal(seed, dtype, (shape[0], shape[3]))
    assert_same_bits(
        instruction_set,
        max_pool2d=lambda: F.max_pool2d(x, **settings),
        max_pool2d_backward_input=lambda: F.max_pool2d_backward_input(dy, x, **settings),
        average_pool2d=lambda: F.average_pool2d(x, **settings),
        average_pool2d_backward_input=lambda: F.average_pool2d_backward_input(dy, shape, **settings),
        global_average_pool2d=lambda: F.global_average_pool2d(x),
        global_average_pool2d_backward_input=lambda: F.global_average_pool2d_backward_input(whole, shape),
    )


@each_instruction_set
@given(images(), st.sampled_from(WITH_KERNELS), dtypes, seeds)
def test_activations_give_the_same_bits_however_they_are_shared(instruction_set, shape, name, dtype, seed):
    x, dy = normal(seed, dtype, shape, shape)
    forward, backward, saved = kernels_of(name)
    given = {"x": x, "y": forward(x)}[saved]
    assert_same_bits(instruction_set, forward=lambda: forward(x), backward=lambda: backward(dy, given))


@each_instruction_set
@given(st.integers(1, 300), st.integers(1, 150), st.integers(1, 150), st.booleans(), dtypes, seeds)
def test_dense_and_dropout_give_the_same_bits_however_they_are_shared(instruction_set, rows, features, units, few, dtype, seed):
    rows = rows % 8 + 1 if few else rows
    x, kernel, bias, dy = normal(seed, dtype, (rows, features), (features, units), (units,), (rows, units))
    assert_same_bits(
        instruction_set,
        dense=lambda: F.dense(x, kernel, bias, activation="relu"),
        dense_backward_input=lambda: F.dense_backward_input(dy, kernel),
        dense_backward_kernel=lambda: F.dense_backward_kernel(dy, x),
        dense_backward_bias=lambda: F.dense_backward_bias(dy),
        dropout=lambda: F.dropout(x, 0.3, seed)[0],
    )


@each_instruction_set
@given(st.sampled_from(list(recurrence.GATES)), st.integers(1, 20), st.integers(1, 5), channels, st.booleans(), dtypes, seeds)
def test_recurrent_layers_give_the_same_bits_however_they_are_shared(
    instruction_set, cell, batch, steps, units, go_backwards, dtype, seed
):
    dy = normal(seed, dtype, (batch, steps, units))
    arguments = recurrence.arguments(
        np.random.default_rng(seed), cell, batch, steps, 3, units, dtype, initial_state=not go_backwards
    )
    arguments["go_backwards"] = go_backwards
    assert_same_bits(
        instruction_set,
        forward=lambda: getattr(F, cell)(**arguments),
        backward=lambda: getattr(F, f"{cell}_backward")(dy, **arguments),
    )


@each_instruction_set
@given(images(), st.integers(1, 4), st.integers(0, 3), dtypes, seeds)
def test_merging_gives_the_same_bits_however_it_is_shared(instruction_set, shape, count, axis, dtype, seed):
    dy, *arrays = [np.round(2 * array) for array in normal(seed, dtype, *[shape] * (count + 1))]  # with ties
    calls = {name: lambda name=name: getattr(F, name)(arrays) for name in ("add", "multiply", "average", "maximum", "minimum")}
    calls |= {
        f"{name}_backward": lambda name=name: getattr(F, f"{name}_backward")(dy, arrays)
        for name in ("multiply", "maximum", "minimum")
    }
    calls["subtract"] = lambda: F.subtract([dy, arrays[0]])
    calls["concatenate"] = lambda: F.concatenate(arrays, axis)
    calls["concatenate_backward"] = lambda: F.concatenate_backward(
        np.concatenate(arrays, axis), [array.shape[axis] for array in arrays], axis
    )

    def split():
        parts = [np.empty_like(array) for array in arrays]
        bindings.split(np.concatenate(arrays, axis), parts, rows=math.prod(shape[:axis]), threads=striate.get_num_threads())
        return parts

    assert_same_bits(instruction_set, **calls, split=split)


@each_instruction_set
@given(
    *[st.integers(1, 90)] * 3, st.booleans(), st.booleans(), st.sampled_from(["linear", "relu", "leaky_relu"]), dtypes, seeds
)
def test_matrix_product_gives_the_same_bits_however_it_is_shared(
    instruction_set, m, n, k, transpose_a, transpose_b, activation, dtype, seed
):
    a, b, bias = normal(seed, dtype, (k, m) if transpose_a else (m, k), (n, k) if transpose_b else (k, n), (n,))

    def product(bias):
        c = np.empty((m, n), dtype)
        bindings.matmul(
            a,
            b,
            c,
            bias=bias,
            transpose_a=transpose_a,
            transpose_b=transpose_b,
            activation=activation,
            negative_slope=0.1,
            threads=striate.get_num_threads(),
        )
        return c

    assert_same_bits(instruction_set, matmul=lambda: product(None), fused=lambda: product(bias))


@each_instruction_set
@given(
    images(), st.integers(0, 6), st.sampled_from([0.5, 0.75, 0.6]), st.sampled_from([None, "relu", "leaky_relu"]), dtypes, seeds
)
def test_normalization_gives_the_same_bits_however_it_is_shared(instruction_set, shape, radius, beta, activation, dtype, seed):
    x, dy = normal(seed, dtype, shape, shape)
    gamma, shift = normal(seed, dtype, shape[3:], shape[3:])
    mean, variance = F.moments(x)
    groups = next(groups for groups in (8, 4, 3, 2, 1) if shape[3] % groups == 0)
    sizes = shape[0], shape[1] * shape[2], shape[3]
    of_groups = {"gamma": gamma, "shape": (*sizes, groups), "epsilon": 1e-3}
    of_channels = {"scale": gamma, "shift": shift, "shape": sizes, "low": -0.5, "high": 0.5}

    def new(function, *arrays, outputs, **settings):
        results = [np.empty(size, dtype) for size in outputs]
        function(*arrays, *results, **settings, threads=striate.get_num_threads())
        return results

    settings = {"depth_radius": radius, "beta": beta}
    assert_same_bits(
        instruction_set,
        moments=lambda: F.moments(x),
        batch_normalization=lambda: F.batch_normalization(x, mean, variance, gamma, shift, residual=dy, activation=activation),
        batch_normalization_backward=lambda: F.batch_normalization_backward(
            dy, x, mean, variance, gamma, shift, activation=activation
        ),
        local_response_normalization=lambda: F.local_response_normalization(x, **settings),
        local_response_normalization_backward_input=lambda: F.local_response_normalization_backward_input(dy, x, **settings),
        group_normalization=lambda: new(bindings.group_normalization_forward, x, outputs=[shape], beta=shift, **of_groups),
        group_normalization_backward=lambda: new(
            bindings.group_normalization_backward, dy, x, outputs=[shape, shape[3:], shape[3:]], **of_groups
        ),
        scale_shift=lambda: new(bindings.scale_shift_forward, x, outputs=[shape], **of_channels),
        scale_shift_backward=lambda: new(bindings.scale_shift_backward, dy, x, outputs=[shape], **of_channels),
    )


@st.composite
def filters(draw):
    """A shape of images, and a window on them."""
    shape = draw(images())
    border = draw(st.sampled_from(filtering.BORDERS))
    most = [min(size, 7) if border == "valid" else 7 for size in shape[1:3]]
    size = tuple(draw(st.integers(1, n)) for n in most)
    return shape, filtering.Window.centred(size, border, draw(st.sampled_from([0.0, 7.0])), draw(st.booleans()))


@each_instruction_set
@given(filters(), st.sampled_from(["uint8", "float32", "float64"]), st.booleans(), seeds)
def test_filters_give_the_same_bits_however_they_are_shared(instruction_set, images_and_window, dtype, separable, seed):
    shape, window = images_and_window
    rng = np.random.default_rng(seed)
    x, colors = ((50 * rng.random((*shape[:3], c))).astype(dtype) for c in (shape[3], rng.choice([1, 3])))
    kernel, element = rng.standard_normal((window.height, window.width)), rng.random((window.height, window.width)) < 0.6
    element[0, 0] = True
    kernel = np.outer(kernel[:, 0], kernel[0]) if separable else kernel
    assert_same_bits(
        instruction_set,
        correlate=lambda: filtering.correlate(x, kernel, window),
        box=lambda: filtering.box(x, window),
        smallest=lambda: filtering.extreme(x, element, window, False),
        largest=lambda: filtering.extreme(x, np.ones_like(element), window, True),
        median=lambda: filtering.median(x, window),
        bilateral=lambda: filtering.bilateral(colors, abs(kernel), 0.02, window),
    )


@each_instruction_set
@given(filters(), dtypes, seeds)
def test_gradients_of_filters_give_the_same_bits_however_they_are_shared(instruction_set, images_and_window, dtype, seed):
    shape, window = images_and_window
    rng = np.random.default_rng(seed)
    x, colors = (np.round(9 * rng.random((*shape[:3], c))).astype(dtype) for c in (shape[3], rng.choice([1, 3])))  # with ties
    kernel, element = rng.standard_normal((window.height, window.width)), np.ones((window.height, window.width), bool)
    median = filtering.median(x, window)
    smooth = filtering.bilateral(colors, abs(kernel), 0.1, window)
    dy, dsmooth = normal(seed, dtype, median.shape, smooth.shape)
    assert_same_bits(
        instruction_set,
        correlate_and_fold=lambda: filtering.correlate_backward_input(dy, kernel, shape, window),
        choose=lambda: filtering.choose_backward_input(dy, x, median, element, window),
        bilateral=lambda: filtering.bilateral_backward_input(dsmooth, colors, smooth, abs(kernel), 0.1, window),
    )


# ----------------------------------------------------------------------------------------- what only programs are made of


@each_instruction_set
@given(images(), st.integers(1, 30), st.integers(1, 30), st.sampled_from(["nearest", "bilinear"]), dtypes, seeds)
def test_resampling_gives_the_same_bits_however_it_is_shared(instruction_set, shape, height, width, interpolation, dtype, seed):
    x, dy = normal(seed, dtype, shape, (shape[0], height, width, shape[3]))
    matrices = normal(seed, np.float64, (shape[0], 6))
    flipped = {
        "shape": (1, *shape),
        "low": (0,) * 5,
        "high": (1, *shape),
        "repeat": (1,) * 5,
        "strides": (0, *(-stride // x.itemsize for stride in x.strides)),
        "offset": x.size - 1,
    }

    def new(function, size, *arrays, **settings):
        result = np.empty(size, dtype)
        function(*arrays, result, **settings, threads=striate.get_num_threads())
        return result

    def resample(function, size, source, fill_mode):
        return new(function, size, source, matrices, interpolation=interpolation, fill_mode=fill_mode)

    assert_same_bits(
        instruction_set,
        rearrange=lambda: new(bindings.rearrange, shape, x, **flipped),
        forward=lambda: resample(bindings.resample_forward, dy.shape, x, "reflect"),
        backward=lambda: resample(bindings.resample_backward, shape, dy, "wrap"),
    )


def low_precision(rng, bfloat16, *shapes):
    """Return arrays of random bytes, or of random bfloat16 numbers."""
    if bfloat16:
        return [(rng.standard_normal(shape, np.float32).view(np.uint32) >> 16).astype(np.uint16) for shape in shapes]
    return [rng.integers(0, 256, shape).astype(np.uint8) for shape in shapes]


@each_instruction_set
@given(convolutions(), st.booleans(), st.booleans(), st.booleans(), seeds)
def test_low_precision_convolution_gives_the_same_bits_however_it_is_shared(
    instruction_set, convolution, bfloat16, real, added, seed
):
    x_shape, kernel_shape, arguments = convolution
    geometry = conv2d_geometry(x_shape, kernel_shape, **arguments)
    groups, dilation = geometry.groups, geometry.dilation[1]
    rng = np.random.default_rng(seed)
    x, residual, kernel = low_precision(rng, bfloat16, x_shape, geometry.y_shape, kernel_shape)
    bias = np.zeros(kernel_shape[3], np.float32 if bfloat16 else np.intc)
    multiplier = np.full(bias.shape, 1 if bfloat16 else 1e-3, np.float32)
    form = {"residual_multiplier": 1.0}
    if not bfloat16:
        form = {"x_zero": 7, "y_zero": 20, "residual_zero": 200, "residual_multiplier": 0.5, "low": -20, "high": 235}

    def convolve():
        size = bindings.low_precision_conv2d_packed_size(
            kernel_shape=kernel_shape, groups=groups, dilation_w=dilation, bfloat16=bfloat16
        )
        packed = on_a_cache_line((size,), np.dtype(np.uint8))
        bindings.low_precision_conv2d_pack(
            kernel if bfloat16 else kernel.view(np.int8), bias, multiplier, packed, groups=groups, dilation_w=dilation
        )
        y = np.empty(geometry.y_shape, np.float32 if real else x.dtype)
        bindings.low_precision_conv2d(
            x,
            packed,
            y,
            kernel_shape=kernel_shape,
            geometry=geometry.call,
            groups=groups,
            residual=residual if added and not real else None,
            **form,
            threads=striate.get_num_threads(),
        )
        return y

    assert_same_bits(instruction_set, convolve=convolve)


@each_instruction_set
@given(images(), st.booleans(), seeds)
def test_low_precision_gives_the_same_bits_however_it_is_shared(instruction_set, shape, bfloat16, seed):
    real = normal(seed, np.dtype(np.float32), shape)
    (x,) = low_precision(np.random.default_rng(seed), bfloat16, shape)
    y_shape, geometry = pool2d_geometry(shape, 3, 2, "same")
    scale = {} if bfloat16 else {"scale": 0.25, "zero": 40}

    def new(function, source, shape, dtype, **settings):
        result = np.empty(shape, dtype)
        function(source, result, **settings, threads=striate.get_num_threads())
        return result

    assert_same_bits(
        instruction_set,
        quantize=lambda: new(bindings.quantize, real, shape, x.dtype, **scale),
        dequantize=lambda: new(bindings.dequantize, x, shape, np.float32, **scale),
        max_pool2d=lambda: new(bindings.low_precision_max_pool2d, x, y_shape, x.dtype, geometry=geometry),
    )


@each_instruction_set
@given(st.integers(1, 300), st.integers(1, 40), st.booleans(), st.sampled_from([0.0, 2.0]), dtypes, seeds)
def test_losses_give_the_same_bits_however_they_are_shared(instruction_set, rows, columns, from_logits, gamma, dtype, seed):
    logits, targets, weights = normal(seed, dtype, (rows, columns), (rows, columns), (rows,))
    predictions, labels = logits if from_logits else F.softmax(logits), np.arange(rows) % columns

    def value_and_gradient(function, target, **settings):
        gradient, value = np.empty_like(predictions), np.empty(1)
        settings = {"row_weights": weights, "weight": 0.5, **settings, "threads": striate.get_num_threads()}
        function(predictions, target, gradient, value, **settings)
        return gradient, value

    of = {"from_logits": from_logits}

    assert_same_bits(
        instruction_set,
        sparse_crossentropy=lambda: value_and_gradient(bindings.sparse_crossentropy, labels, **of),
        crossentropy=lambda: value_and_gradient(bindings.crossentropy, F.softmax(targets), **of),
        binary_crossentropy=lambda: value_and_gradient(bindings.binary_crossentropy, F.sigmoid(targets), **of, gamma=gamma),
        squared_error=lambda: value_and_gradient(bindings.squared_error, targets),
    )


@each_instruction_set
@given(st.integers(1, 20_000), st.booleans(), dtypes, seeds)
def test_updates_give_the_same_bits_however_they_are_shared(instruction_set, size, flag, dtype, seed):
    w, g, *moments = normal(seed, dtype, *[(size,)] * 5)
    moments = [abs(moment) for moment in moments]

    def step(method):
        results = [w.copy(), *[moment.copy() for moment in moments]]
        bindings.optimizer_step(
            results[0],
            g,
            method=method,
            moment1=results[1],
            moment2=results[2],
            moment3=results[3],
            rates=np.array([1e-2, 1e-3]),
            scale=np.array([0.7]) if flag else None,
            clip=0.5 if flag else np.inf,
            weight_decay=0.1 * flag,
            momentum=0.9,
            beta1=0.9,
            beta2=0.99,
            epsilon=1e-7,
            nesterov=flag,
            threads=striate.get_num_threads(),
        )
        return results

    def moving_mean():
        result = w.copy()
        bindings.moving_mean(result, g, momentum=0.9, threads=striate.get_num_threads())
        return result

    def penalty():
        gradient, value = np.empty_like(w), np.empty(1)
        bindings.penalty(w, gradient, value, l1=0.1, l2=0.2, threads=striate.get_num_threads())
        return gradient, value

    def clip_norm():
        scale = np.empty(1)
        bindings.clip_norm([w, g, w[: size // 2 + 1]], scale, limit=0.5, threads=striate.get_num_threads())
        return scale

    steps = {method: lambda method=method: step(method) for method in ("sgd", "adam", "rmsprop", "adagrad", "lion")}
    assert_same_bits(instruction_set, moving_mean=moving_mean, penalty=penalty, clip_norm=clip_norm, **steps)


# -------------------------------------------------------------------------------------------------------------- whole models


@each_instruction_set
@given(st.integers(1, 9), st.integers(8, 20), st.sampled_from([1, 3]), st.booleans(), st.integers(0, 1000))
def test_training_gives_the_same_bits_however_it_is_shared(instruction_set, n, size, c, wide, seed):
    x, y = normal(seed, np.dtype(np.float32), (n, size, size, c)), np.arange(n) % 4

    def train():
        layers = striate.layers
        model = striate.Sequential(
            [
                layers.Input((size, size, c)),
                layers.Conv2D(40 if wide else 6, 3, padding="same", activation="relu"),
                layers.MaxPooling2D(),
                layers.SeparableConv2D(12, 3, strides=2),
                layers.BatchNormalization(),
                layers.Conv2DTranspose(3, 4, strides=2),
                layers.LayerNormalization(),
                layers.Dropout(0.2),
                layers.Flatten(),
                layers.Dense(4, activation="softmax"),
            ],
            rng=seed,
        )
        model.compile(striate.optimizers.Adam(0.01, clipnorm=1.0), "sparse_categorical_crossentropy")
        model.fit(x, y, batch_size=4, epochs=2, verbose=0, rng=seed)
        return [*model.get_weights(), model.predict(x, verbose=0)]

    assert_same_bits(instruction_set, train=train)

"""NaN and infinity reach the outputs that see them, and no others.

The outputs that see an element are those that change when the element gets other finite values.
"""

import itertools

import numpy as np
import pytest

from striate import functional as F
from striate import layers
from striate.geometry import conv2d_geometry
from striate.kernels import bindings
from striate.layers.resizing import INTERPOLATIONS
from tests.helpers.layer_gradients import gradients
from tests.helpers.receptive_fields import SPECIAL, changed, seen_by, tiles_around

#: By name, the shapes of images and kernel, and the arguments: few and many channels, whole and partial vectors, strides,
#: dilation, groups and all kinds of padding.
CONVOLUTIONS = {
    "one channel": ((1, 7, 9, 1), (3, 3, 1, 5), {"padding": "same"}),
    "three channels": ((2, 6, 7, 3), (3, 2, 3, 4), {"padding": 1}),
    "strides": ((1, 9, 10, 2), (3, 3, 2, 17), {"strides": 2, "padding": "same"}),
    "strides and kernel without a common divisor": (
        (1, 11, 12, 1),
        (5, 5, 1, 2),
        {"strides": (3, 2), "padding": ((0, 1), (2, 0))},
    ),
    "a row": ((1, 1, 40, 1), (1, 7, 1, 3), {"padding": "same", "strides": (1, 2)}),
    "dilation": ((1, 8, 9, 5), (3, 3, 5, 3), {"dilation": 2, "padding": 2}),
    "groups": ((1, 6, 6, 6), (3, 3, 2, 9), {"groups": 3}),
    "many filters": ((1, 5, 6, 4), (3, 3, 4, 35), {"padding": "same"}),
    "many channels": ((1, 5, 5, 33), (3, 3, 33, 2), {"padding": "same"}),
    "1×1": ((1, 5, 5, 19), (1, 1, 19, 3), {"strides": 2}),
}
each_convolution = pytest.mark.parametrize(("x_shape", "kernel_shape", "arguments"), CONVOLUTIONS.values(), ids=CONVOLUTIONS)


def check(function, arrays, changing=None):
    """Check a function for NaN and infinity at up to 40 places of each array whose index is in `changing`, or of all."""
    rng = np.random.default_rng(1)
    for which in range(len(arrays)) if changing is None else changing:

        def of(array, which=which):
            with np.errstate(invalid="ignore"):  # NumPy adds up some of the results.
                return function(*arrays[:which], array, *arrays[which + 1 :])

        array, before = arrays[which], function(*arrays)
        for index in rng.permutation(array.size)[:40]:
            place = np.unravel_index(index, array.shape)
            seen = seen_by(of, array, place)
            for value in SPECIAL:
                y = of(changed(array, place, value))
                where = f"{value} at {tuple(map(int, place))} of argument {which}"
                np.testing.assert_array_equal(y[~seen], before[~seen], err_msg=where)
                if np.isnan(value):
                    assert np.isnan(y[seen]).all(), f"{where} is hidden"


def draw(rng, dtype, *shapes):
    """Return random arrays."""
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def algorithms(x_shape, kernel_shape, arguments):
    """Return the algorithms that can compute a convolution, except F(4×4, 3×3), which spreads NaN within its tiles."""
    names = ["direct", "im2col"] + ["depthwise"] * (arguments.get("groups") == x_shape[3])
    plain = kernel_shape[:2] in ((3, 3), (5, 5)) and {"strides", "dilation"}.isdisjoint(arguments)
    return names + ["winograd_f2"] * plain


@each_convolution
def test_nonfinite_values_reach_the_convolution_outputs_that_see_them(rng, dtype, x_shape, kernel_shape, arguments):
    x, kernel, bias = draw(rng, dtype, x_shape, kernel_shape, kernel_shape[3:])
    residual = rng.standard_normal(conv2d_geometry(x_shape, kernel_shape, **arguments).y_shape).astype(dtype)
    for algorithm in algorithms(x_shape, kernel_shape, arguments):
        check(lambda x, bias, residual, algorithm=algorithm: F.conv2d(
            x, kernel, bias, residual=residual, algorithm=algorithm, **arguments), (x, bias, residual))  # fmt: skip


@each_convolution
def test_nonfinite_values_reach_the_input_gradients_that_see_them(rng, dtype, x_shape, kernel_shape, arguments):
    kernel, dy = draw(rng, dtype, kernel_shape, conv2d_geometry(x_shape, kernel_shape, **arguments).y_shape)
    for algorithm in algorithms(x_shape, kernel_shape, arguments):
        check(lambda dy, algorithm=algorithm: F.conv2d_backward_input(
            dy, kernel, x_shape, algorithm=algorithm, **arguments), (dy,))  # fmt: skip


@each_convolution
def test_nonfinite_values_reach_the_kernel_gradients_that_see_them(rng, dtype, x_shape, kernel_shape, arguments):
    x, dy = draw(rng, dtype, x_shape, conv2d_geometry(x_shape, kernel_shape, **arguments).y_shape)
    for algorithm in algorithms(x_shape, kernel_shape, arguments):
        if algorithm == "winograd_f2":
            continue  # All taps of a channel or filter may change.

        def gradient(dy, x, algorithm=algorithm):
            return F.conv2d_backward_kernel(dy, x, kernel_shape, algorithm=algorithm, **arguments)

        check(gradient, (dy, x), changing=(1,))
        # The zeros of the padding times infinity are NaN, so that all taps of a filter may change.
        check(lambda dy, gradient=gradient: gradient(dy, x).sum(axis=(0, 1, 2)), (dy,))


@pytest.mark.parametrize("multiplier", [1, 3])
@pytest.mark.parametrize("strides", [1, 2])
def test_nonfinite_values_reach_the_depthwise_outputs_that_see_them(rng, dtype, strides, multiplier):
    x_shape, kernel_shape = (2, 7, 8, 5), (3, 3, 1, 5 * multiplier)
    arguments = {"strides": strides, "padding": "same", "groups": 5, "algorithm": "depthwise"}
    dy_shape = conv2d_geometry(x_shape, kernel_shape, strides, "same", 1, 5).y_shape
    x, kernel, dy = draw(rng, dtype, x_shape, kernel_shape, dy_shape)
    check(lambda x: F.conv2d(x, kernel, **arguments), (x,))
    check(lambda dy: F.conv2d_backward_input(dy, kernel, x_shape, **arguments), (dy,))
    check(lambda dy, x: F.conv2d_backward_kernel(dy, x, kernel_shape, **arguments), (dy, x))


def test_an_infinity_reaches_the_transposed_outputs_that_see_it():
    x = np.zeros((1, 5, 5, 1), np.float32)
    x[0, 2, 2] = np.inf
    y = F.conv2d_transpose(x, np.ones((3, 3, 1, 1), np.float32), strides=2)
    assert np.isposinf(y[0, 4:7, 4:7]).all()
    assert np.count_nonzero(~np.isfinite(y)) == 9


@pytest.mark.parametrize(("x_shape", "kernel_shape", "padding"), [((2, 12, 12, 1), (5, 5, 1, 6), "valid"),
                                                                 ((1, 9, 8, 2), (3, 3, 2, 5), "same")])  # fmt: skip
def test_nonfinite_values_reach_the_pooled_gradients_that_see_them(rng, dtype, x_shape, kernel_shape, padding):
    x, kernel = draw(rng, dtype, x_shape, kernel_shape)
    y = F.conv2d(x, kernel, padding=padding)
    dy = rng.standard_normal((y.shape[0], y.shape[1] // 2, y.shape[2] // 2, y.shape[3])).astype(dtype)
    geometry = conv2d_geometry(x_shape, kernel_shape, 1, padding)
    assert bindings.conv2d_differentiates_pooled(
        dtype=dtype.name, x_shape=x_shape, kernel_shape=kernel_shape, y_shape=y.shape, geometry=geometry.call
    )

    def of_input(dy):
        dx = np.empty_like(x)
        bindings.conv2d_backward_input(dy, kernel, dx, algorithm="direct", geometry=geometry.call, threads=1, unpooled=y)
        return dx

    def of_kernel(dy, x):
        dkernel = np.empty_like(kernel)
        bindings.conv2d_backward_kernel(dy, x, dkernel, algorithm="direct", geometry=geometry.call, threads=1, unpooled=y)
        return dkernel

    check(of_input, (dy,))
    check(of_kernel, (dy, x), changing=(1,))
    check(lambda dy: of_kernel(dy, x).sum(axis=(0, 1, 2)), (dy,))


#: Functions of arrays, and the arrays' shapes.
OTHERS = {
    "max_pool2d": (lambda x: F.max_pool2d(x, 3, strides=2, padding="same"), [(1, 7, 8, 5)]),
    "max_pool2d 2×2": (lambda x: F.max_pool2d(x), [(2, 6, 7, 17)]),
    "average_pool2d": (lambda x: F.average_pool2d(x, 3, strides=2, padding="same"), [(1, 7, 8, 5)]),
    "average_pool2d_backward_input": (
        lambda dy: F.average_pool2d_backward_input(dy, (1, 7, 8, 5), 3, strides=2, padding="same"), [(1, 4, 4, 5)],
    ),
    "global_average_pool2d": (F.global_average_pool2d, [(2, 3, 4, 19)]),
    "dense of few rows": (F.dense, [(3, 20), (20, 7), (7,)]),
    "dense": (F.dense, [(20, 9), (9, 19), (19,)]),
    "dense_backward_input": (F.dense_backward_input, [(9, 5), (7, 5)]),
    "dense_backward_kernel": (F.dense_backward_kernel, [(9, 5), (9, 7)]),
    "bias": (F.conv2d_backward_bias, [(2, 5, 6, 3)]),
    "bias of many filters": (F.conv2d_backward_bias, [(1, 3, 4, 35)]),
    "add": (lambda x, y: F.add([x, y]), [(2, 5, 3), (2, 5, 3)]),
    "multiply": (lambda x, y: F.multiply([x, y]), [(2, 5, 3), (2, 5, 1)]),
    "concatenate": (lambda x, y: F.concatenate([x, y]), [(2, 5, 3), (2, 5, 4)]),
    "softmax": (F.softmax, [(6, 5)]),
    "log_softmax of long rows": (F.log_softmax, [(3, 37)]),
    "local_response_normalization": (lambda x: F.local_response_normalization(x, 2), [(1, 3, 3, 19)]),
    "batch_normalization": (lambda x: F.batch_normalization(x, x.mean((0, 1, 2)), x.var((0, 1, 2))), [(2, 3, 3, 5)]),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_nonfinite_values_reach_the_outputs_of_other_functions_that_see_them(rng, dtype, name):
    function, shapes = OTHERS[name]
    with np.errstate(invalid="ignore"):  # NumPy computes the moments for batch normalization.
        check(function, draw(rng, dtype, *shapes))


def test_winograd_spreads_nonfinite_values_within_tiles_of_16_outputs_only(rng, dtype):
    arguments = {"padding": 1, "algorithm": "winograd_f4"}
    x_shape, kernel_shape = (2, 11, 14, 3), (3, 3, 3, 5)
    x, kernel, dy = draw(rng, dtype, x_shape, kernel_shape, (2, 11, 14, 5))
    convolutions = (
        (lambda x: F.conv2d(x, kernel, **arguments), x, dy.shape),
        (lambda dy: F.conv2d_backward_input(dy, kernel, x_shape, **arguments), dy, x_shape),
    )
    for special, corner, (function, source, shape) in itertools.product(SPECIAL, (0, 0.5, 0.99), convolutions):
        place = (1, int(corner * source.shape[1]), int(corner * source.shape[2]), 1)
        others = ~tiles_around(place, shape, (1, 1), taps=3, size=4)
        np.testing.assert_array_equal(function(changed(source, place, special))[others], function(source)[others])


@pytest.mark.parametrize(
    ("algorithm", "taps", "strides"),
    [("winograd_f2", 3, 1), ("winograd_f4", 3, 1), ("winograd_f2", 5, 1), ("winograd_f5", 4, 2), ("winograd_f4", 5, 2)],
)
def test_winograd_spreads_nonfinite_values_among_the_taps_of_a_channel_or_filter(rng, dtype, algorithm, taps, strides):
    x_shape, kernel_shape = (2, 9 * strides, 10 * strides, 3), (taps, taps, 3, 5)
    x, dy = draw(rng, dtype, x_shape, (2, 9, 10, 5))

    def gradient(dy, x):
        return F.conv2d_backward_kernel(dy, x, kernel_shape, strides=strides, padding="same", algorithm=algorithm)

    before = gradient(dy, x)
    for special in SPECIAL:
        np.testing.assert_array_equal(gradient(dy, changed(x, (0, 4, 4, 1), special))[:, :, ::2], before[:, :, ::2])
        np.testing.assert_array_equal(gradient(changed(dy, (0, 4, 4, 0), special), x)[..., 1:], before[..., 1:])


#: Layers that resample images of 9×8 pixels, at positions between pixels and, some of them, exactly at pixels.
RESAMPLINGS = {
    **{
        f"{interpolation} to {height}×{width}{' with antialias' * antialias}": layers.Resizing(
            height, width, interpolation, antialias=antialias
        )
        for interpolation in INTERPOLATIONS
        for antialias in (False, True)
        for height, width in ((3, 4), (18, 13))
    },
    **{
        f"{interpolation}, {size} times": layers.UpSampling2D(size, interpolation=interpolation)
        for interpolation in INTERPOLATIONS
        for size in (2, 3)
    },
    "no rotation": layers.RandomRotation((0.0, 0.0)),
    "no zoom": layers.RandomZoom((0.0, 0.0)),
    "rotation": layers.RandomRotation((0.1, 0.1), "constant"),
}


@pytest.mark.parametrize("name", RESAMPLINGS)
def test_nonfinite_values_reach_the_resampled_pixels_that_see_them(rng, dtype, name):
    (x,) = draw(rng, dtype, (1, 9, 8, 3))
    layer = type(RESAMPLINGS[name]).from_config({**RESAMPLINGS[name].get_config(), "dtype": dtype.name})
    y = layer(x, training=True) if "Random" in type(layer).__name__ else layer(x)
    (dy,) = draw(rng, dtype, y.shape)
    check(lambda x: gradients(layer, x, dy)[0], (x,))
    check(lambda dy: gradients(layer, x, dy)[1], (dy,))


@pytest.mark.parametrize("layer", [layers.RandomRotation((0.0, 0.0)), layers.RandomZoom((0.0, 0.0)), layers.Resizing(27, 27)])
def test_samples_at_pixels_do_not_turn_infinity_into_nan(layer):
    x = np.zeros((1, 9, 9, 1), np.float32)
    x[0, 2, 4] = np.inf
    y, _ = gradients(layer, x, np.ones(layer.compute_output_shape(x.shape), np.float32))
    assert np.isposinf(y).sum() == (~np.isfinite(y)).sum() == (25 if y.size > x.size else 1)


@pytest.mark.parametrize(("interpolation", "reached"), [("bicubic", 8), ("lanczos3", 12), ("bilinear", 4), ("nearest", 2)])
def test_nan_spreads_by_the_width_of_the_interpolation_in_images_twice_as_large(interpolation, reached):
    x = np.zeros((1, 20, 20, 1), np.float32)
    x[0, 10, 10] = np.nan
    for layer in (layers.Resizing(40, 40, interpolation), layers.UpSampling2D(2, interpolation=interpolation)):
        assert np.isnan(layer(x)).sum() == reached**2


@pytest.mark.parametrize("layer", [layers.Dropout(0.5, (None, 1, None)), layers.AlphaDropout(0.5), layers.Dropout(0.5)])
def test_infinite_elements_may_be_dropped(layer):
    x = np.full((4, 3, 5), np.inf, np.float32)
    y, dx = gradients(layer, x, x)
    dropped = np.isfinite(y)
    assert 0 < dropped.sum() < x.size
    assert np.isposinf(y[~dropped]).all()
    assert len(np.unique(y[dropped])) == 1
    assert (np.isposinf(dx) == ~dropped).all()
    assert (dx[dropped] == 0).all()


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_a_rate_of_one_drops_all_elements_to_zero(value):
    x = np.full((4, 3), value, np.float32)
    y, dx = gradients(layers.Dropout(1), x, x)
    np.testing.assert_array_equal(y, 0)
    np.testing.assert_array_equal(dx, 0)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize(("layer", "shape"), [(layers.SpatialDropout1D, (4, 3, 37)), (layers.SpatialDropout2D, (2, 4, 4, 37))])
def test_channels_of_nonfinite_elements_may_be_dropped(layer, shape, value):
    x = np.full(shape, value, np.float32)
    for rate in (0.5, 1):
        y, dx = gradients(layer(rate), x, x)
        dropped = y == 0
        assert (dropped == dropped[:, :1]).all()
        assert dropped.any()
        assert dropped.all() == (rate == 1)
        np.testing.assert_array_equal(y[~dropped], x[~dropped])
        np.testing.assert_array_equal(dx, np.where(dropped, 0, x))

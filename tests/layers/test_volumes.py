"""Layers for volumes, and adaptive poolings, against sums over windows in float64, written for any number of axes."""

import itertools

import numpy as np
import pytest

import striate
from striate import Sequential, layers, ops
from tests.helpers.bounds import AVERAGE, CONVOLUTION, assert_within
from tests.helpers.reference import adaptive_pool

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def three(value):
    return value if isinstance(value, tuple) else (value,) * 3


def padded(x, window, strides, padding, fill=0.0):
    """The array with what "same" adds around it, as Keras and TensorFlow place it."""
    if padding == "valid":
        return x
    totals = [max((-(-n // s) - 1) * s + k - n, 0) for n, k, s in zip(x.shape[1:4], window, strides, strict=True)]
    return np.pad(x, ((0, 0), *[(t // 2, t - t // 2) for t in totals], (0, 0)), constant_values=fill)


def places(size, window, strides):
    """Index of each output, and where its window begins."""
    counts = [(n - k) // s + 1 for n, k, s in zip(size, window, strides, strict=True)]
    for index in itertools.product(*map(range, counts)):
        yield index, tuple(i * s for i, s in zip(index, strides, strict=True))


def conv3d(x, kernel, bias, strides=1, padding="valid", dilation_rate=1, groups=1):
    strides, dilation = three(strides), three(dilation_rate)
    reach = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation, strict=False)]
    x = padded(x, reach, strides, padding)
    found = dict(places(x.shape[1:4], reach, strides))
    y = np.zeros((len(x), *[n + 1 for n in max(found)], kernel.shape[-1]))
    channels, filters = kernel.shape[3], kernel.shape[4] // groups
    for out, begin in found.items():
        ends = [slice(b, b + r, d) for b, r, d in zip(begin, reach, dilation, strict=True)]
        window = x[(slice(None), *ends)]
        for g in range(groups):
            f = slice(g * filters, (g + 1) * filters)
            part = window[..., g * channels : (g + 1) * channels]
            y[(slice(None), *out, f)] = np.tensordot(part, kernel[..., f], 4)
    return y + bias


def conv3d_transpose(x, kernel, bias, strides=1, padding="valid", output_padding=None, dilation_rate=1):
    """Each voxel, times the kernel, added to a window; then cropped, or enlarged, to the size that Keras' rule gives."""
    strides, dilation = three(strides), three(dilation_rate)
    reach = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation, strict=False)]
    whole = np.zeros(
        (len(x), *[(n - 1) * s + r for n, s, r in zip(x.shape[1:4], strides, reach, strict=True)], kernel.shape[3])
    )
    for index in np.ndindex(*x.shape[1:4]):
        ends = [slice(i * s, i * s + r, d) for i, s, r, d in zip(index, strides, reach, dilation, strict=True)]
        whole[(slice(None), *ends)] += np.einsum("nc,abdfc->nabdf", x[(slice(None), *index)], kernel)
    for axis, (n, s, r) in enumerate(zip(x.shape[1:4], strides, reach, strict=True), 1):
        extra = None if output_padding is None else three(output_padding)[axis - 1]
        if padding == "valid":
            first, size = 0, (n - 1) * s + (max(r, s) if extra is None else r + extra)
        else:
            size = n * s if extra is None else (n - 1) * s + r % 2 + extra
            first = max((n - 1) * s + r - size, 0) // 2
        enlarged = np.concatenate([whole, np.zeros_like(np.take(whole, [0] * 8, axis))], axis)
        whole = np.take(enlarged, range(first, first + size), axis)
    return whole + bias


def pool3d(x, reduce, pool_size, strides=None, padding="valid"):
    pool_size = three(pool_size)
    strides = pool_size if strides is None else three(strides)
    x = padded(x, pool_size, strides, padding, np.nan)
    found = dict(places(x.shape[1:4], pool_size, strides))
    y = np.zeros((len(x), *[n + 1 for n in max(found)], x.shape[-1]))
    for out, begin in found.items():
        window = x[(slice(None), *[slice(b, b + k) for b, k in zip(begin, pool_size, strict=True)])]
        y[(slice(None), *out)] = reduce(window, (1, 2, 3))
    return y


CONVOLUTIONS = [
    ((2, 5, 4, 6, 3), 3, {}),
    ((1, 4, 6, 5, 2), (2, 3, 1), {"strides": (3, 1, 2), "padding": "same"}),
    ((2, 7, 3, 4, 4), (2, 1, 3), {"strides": 4, "padding": "same", "groups": 2}),  # strides above the kernel's sizes
    ((2, 7, 6, 9, 1), 2, {"dilation_rate": (4, 3, 2)}),
    ((3, 2, 4, 3, 6), 1, {"groups": 3}),
    ((1, 6, 5, 4, 4), (3, 2, 2), {"padding": "same", "dilation_rate": 2, "groups": 4}),
    ((2, 3, 3, 3, 2), 3, {}),  # one output
    ((1, 9, 1, 1, 3), (3, 1, 1), {"strides": 2}),
]


@DTYPES
@pytest.mark.parametrize(("shape", "kernel_size", "arguments"), CONVOLUTIONS)
def test_convolutions_are_sums_over_windows(shape, kernel_size, arguments, dtype):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape).astype(dtype)
    layer = layers.Conv3D(12, kernel_size, bias_initializer="random_normal", dtype=np.dtype(dtype).name, **arguments)
    y, (kernel, bias) = layer(x, rng=0), layer.get_weights()
    wanted = conv3d(x.astype(float), kernel.astype(float), bias, **arguments)
    scale = conv3d(abs(x).astype(float), abs(kernel).astype(float), abs(bias), **arguments)
    assert_within(y, wanted, scale, CONVOLUTION, dtype)
    assert y.shape == layer.compute_output_shape(shape)
    arguments = {name: value for name, value in arguments.items() if name != "groups"}
    assert_within(ops.conv(x, kernel, **arguments) + bias, wanted, scale, CONVOLUTION, dtype)


TRANSPOSED = [
    ((2, 3, 4, 2, 3), 3, {}),
    ((1, 3, 2, 4, 2), (3, 2, 5), {"strides": (2, 3, 1), "padding": "same"}),
    ((2, 3, 2, 3, 2), (1, 2, 3), {"strides": (3, 2, 2), "output_padding": (2, 1, 0)}),
    ((2, 3, 2, 3, 2), (5, 4, 3), {"strides": 2, "padding": "same", "output_padding": 1}),
    ((2, 1, 2, 3, 2), (5, 1, 3), {"padding": "same"}),  # taps that are cropped altogether
    ((2, 3, 2, 3, 1), 2, {"dilation_rate": 3}),
    ((1, 2, 1, 1, 4), 1, {"strides": 2}),
]


@DTYPES
@pytest.mark.parametrize(("shape", "kernel_size", "arguments"), TRANSPOSED)
def test_transposed_convolutions_add_up_windows(shape, kernel_size, arguments, dtype):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape).astype(dtype)
    layer = layers.Conv3DTranspose(5, kernel_size, bias_initializer="random_normal", dtype=np.dtype(dtype).name, **arguments)
    y, (kernel, bias) = layer(x, rng=0), layer.get_weights()
    wanted = conv3d_transpose(x.astype(float), kernel.astype(float), bias, **arguments)
    scale = conv3d_transpose(abs(x).astype(float), abs(kernel).astype(float), abs(bias), **arguments)
    assert_within(y, wanted, scale, CONVOLUTION, dtype)
    assert y.shape == layer.compute_output_shape(shape)
    assert_within(ops.conv_transpose(x, kernel, **arguments) + bias, wanted, scale, CONVOLUTION, dtype)


POOLINGS = [
    ((2, 5, 4, 6, 3), 2, {}),
    ((1, 5, 7, 4, 1), (3, 2, 1), {"strides": (2, 1, 3), "padding": "same"}),
    ((2, 7, 6, 5, 2), (1, 2, 2), {"strides": 4, "padding": "same"}),
    ((2, 3, 4, 5, 2), (3, 4, 5), {}),
    ((2, 3, 4, 5, 2), 1, {"strides": (1, 2, 1)}),
]


@DTYPES
@pytest.mark.parametrize(("shape", "pool_size", "arguments"), POOLINGS)
def test_poolings_are_the_maximum_and_mean_of_the_cells_of_each_window(shape, pool_size, arguments, dtype):
    x = np.random.default_rng(0).standard_normal(shape).astype(dtype)
    name = np.dtype(dtype).name
    largest = layers.MaxPooling3D(pool_size, dtype=name, **arguments)(x)
    np.testing.assert_array_equal(largest, pool3d(x, np.nanmax, pool_size, **arguments))
    np.testing.assert_array_equal(ops.max_pool(x, pool_size, **arguments), largest)
    mean = layers.AveragePooling3D(pool_size, dtype=name, **arguments)(x)
    wanted = pool3d(x.astype(float), np.nanmean, pool_size, **arguments)
    assert_within(mean, wanted, abs(x).max(), AVERAGE, dtype)
    np.testing.assert_array_equal(ops.average_pool(x, pool_size, **arguments), mean)


@DTYPES
@pytest.mark.parametrize(
    ("shape", "sizes"),
    [
        ((2, 9, 3), (4,)),
        ((2, 9, 1), (3,)),
        ((1, 3, 2), (7,)),  # larger than the input
        ((2, 8, 7, 3), (4, 3)),
        ((2, 5, 6, 3), (5, 1)),
        ((2, 4, 7, 6, 2), (3, 7, 2)),
        ((1, 1, 1, 1, 1), (1, 1, 1)),
        ((0, 4, 7, 6, 2), (3, 7, 2)),
    ],
)
def test_adaptive_poolings(shape, sizes, dtype):
    x = np.random.default_rng(0).standard_normal(shape).astype(dtype)
    name, rank = np.dtype(dtype).name, len(sizes)
    for kind, reduce, function in (
        ("Max", np.max, ops.adaptive_max_pool),
        ("Average", np.mean, ops.adaptive_average_pool),
    ):
        wanted = adaptive_pool(x.astype(float), reduce, sizes)
        for size in {sizes, *sizes[:1]} if len(set(sizes)) == 1 else {sizes}:
            y = getattr(layers, f"Adaptive{kind}Pooling{rank}D")(size, dtype=name)(x)
            assert_within(y, wanted, abs(x).max(initial=0), AVERAGE, dtype)
            np.testing.assert_array_equal(function(x, size), y)
            first = function(np.moveaxis(x, -1, 1), size, "channels_first")
            np.testing.assert_array_equal(np.moveaxis(first, 1, -1), y)


#: Classes and arguments of layers whose output has the channels where their input has them.
IN_BOTH_FORMATS = [
    ("Conv{}D", {"filters": 6, "kernel_size": 2, "groups": 2, "padding": "same", "activation": "relu"}),
    ("Conv{}DTranspose", {"filters": 3, "kernel_size": 2, "strides": 2}),
    ("DepthwiseConv{}D", {"kernel_size": 2, "depth_multiplier": 2}),
    ("SeparableConv{}D", {"filters": 3, "kernel_size": 2}),
    ("MaxPooling{}D", {"pool_size": 2, "padding": "same"}),
    ("AveragePooling{}D", {}),
    ("GlobalMaxPooling{}D", {"keepdims": True}),
    ("GlobalAveragePooling{}D", {"keepdims": True}),
    ("ZeroPadding{}D", {"padding": 2}),
    ("Cropping{}D", {"cropping": 1}),
    ("UpSampling{}D", {"size": 2}),
    ("AdaptiveMaxPooling{}D", {"output_size": 2}),
]


@pytest.mark.parametrize(("kind", "arguments"), IN_BOTH_FORMATS, ids=[kind for kind, _ in IN_BOTH_FORMATS])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_channels_may_be_first(kind, arguments, rank):
    cls = getattr(layers, kind.format(rank), None)
    if cls is None or not cls.takes_data_format:
        return
    x = np.random.default_rng(0).standard_normal((*(2, 5, 4, 6)[: rank + 1], 4)).astype(np.float32)
    first, last = cls(**arguments, data_format="channels_first"), cls(**arguments, data_format="channels_last")
    wanted = last(x, rng=0)
    y = first(np.moveaxis(x, -1, 1), rng=0)
    np.testing.assert_array_equal(np.moveaxis(y, 1, -1), wanted)
    assert first.compute_output_shape((None, 4, *x.shape[1:-1]))[1:] == y.shape[1:]
    assert first.get_config()["data_format"] == "channels_first"
    for a, b in zip(first.get_weights(), last.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_errors_describe_the_axes():
    with pytest.raises(ValueError, match=r"4 dimensions; expected 5: \(batch, depth, height, width, channels\)"):
        layers.Conv3D(2, 3).compute_output_shape((None, 4, 4, 4))
    with pytest.raises(ValueError, match=r"4 dimensions; expected 5: \(batch, channels, depth, height, width\)"):
        layers.MaxPooling3D(data_format="channels_first").compute_output_shape((None, 4, 4, 4))
    with pytest.raises(ValueError, match=r"\(None, None, 8, 8\); expected a known number of channels, the size of axis 1"):
        layers.Conv2D(2, 3, data_format="channels_first").compute_output_shape((None, None, 8, 8))
    with pytest.raises(ValueError, match="kernel is larger than the padded input: depth 3 against 2"):
        layers.Conv3D(2, 3).compute_output_shape((None, 2, 4, 4, 1))
    with pytest.raises(ValueError, match="pool_size is larger than the padded input: depth 5 against 4"):
        layers.MaxPooling3D((5, 1, 1)).compute_output_shape((None, 4, 4, 4, 1))
    with pytest.raises(ValueError, match=r"strides=\(1, 2\) has 2 elements; expected an integer, or three for depth"):
        layers.Conv3D(2, 3, strides=(1, 2))
    with pytest.raises(ValueError, match=r"padding=1 is unknown; expected one of 'valid', 'same'"):
        layers.Conv3D(2, 3, padding=1)
    with pytest.raises(ValueError, match="padding='causal' is unknown; expected one of 'valid', 'same'"):
        layers.Conv3D(4, 3, padding="causal")
    with pytest.raises(ValueError, match=r"cropping=\(1, 2\) is malformed; expected an integer, three of them"):
        layers.Cropping3D((1, 2))
    with pytest.raises(ValueError, match=r"padding=\(1, '2'\) is malformed; expected an integer, a pair or"):
        layers.ZeroPadding2D((1, "2"))
    with pytest.raises(ValueError, match=r"padding='1' is malformed; expected an integer or a pair"):
        layers.ZeroPadding1D("1")
    with pytest.raises(ValueError, match=r"output_size=\(1, 2\) has 2 elements; expected an integer, or 3"):
        layers.AdaptiveMaxPooling3D((1, 2))
    with pytest.raises(ValueError, match=r"data_format='first' is unknown; expected one of 'channels_last', 'channels_first'"):
        layers.UpSampling3D(data_format="first")


def test_the_default_format_is_that_of_the_configuration():
    striate.config.set_image_data_format("channels_first")
    try:
        layer = layers.Conv2D(3, 2)
        assert layer.compute_output_shape((None, 4, 8, 8)) == (None, 3, 7, 7)
        assert layers.Conv2D(3, 2, data_format="channels_last").compute_output_shape((None, 8, 8, 4)) == (None, 7, 7, 3)
        assert layers.UpSampling1D(2).compute_output_shape((None, 8, 4)) == (None, 16, 4)
    finally:
        striate.config.set_image_data_format("channels_last")
    assert layer.from_config(layer.get_config()).data_format == "channels_first"


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_network_learns_which_way_something_moves(data_format, tmp_path):
    rng = np.random.default_rng(0)
    x = np.zeros((64, 6, 8, 8, 1), np.float32)
    y = rng.integers(0, 2, len(x))
    for sample, right in zip(x, y, strict=True):
        row = rng.integers(1, 7)
        for t in range(6):
            sample[t, row - 1 : row + 2, t + 1 if right else 6 - t] = 1
    if data_format == "channels_first":
        x = np.moveaxis(x, -1, 1)
    settings = {"data_format": data_format}
    model = Sequential(
        [
            layers.Input(x.shape[1:]),
            layers.Conv3D(8, 3, padding="same", activation="relu", **settings),
            layers.MaxPooling3D(2, **settings),
            layers.Conv3D(8, (3, 2, 2), activation="relu", **settings),
            layers.GlobalMaxPooling3D(**settings),
            layers.Dense(1, activation="sigmoid"),
        ],
        rng=0,
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.optimizer.learning_rate = 0.02
    model.fit(x, y, batch_size=16, epochs=8, verbose=0)
    assert model.evaluate(x, y, verbose=0)[1] == 1
    model.save(tmp_path / "model.npz")
    again = striate.models.load_model(tmp_path / "model.npz")
    np.testing.assert_array_equal(again.predict(x), model.predict(x))

"""Attention, normalizations, and other functions of networks: against NumPy, with gradients, and Keras' corner cases."""

import re

import numpy as np
import pytest

import striate
from striate import layers, ops
from tests.helpers.function_checks import check_function


def attended(query, key, value, bias=0.0, mask=True, scale=None, causal=False, cap=None):
    """Return the weighted sums of values, one query after another."""
    heads = query.shape[2] // key.shape[2]
    y = np.empty((*query.shape[:3], value.shape[3]))
    bias, mask = (np.broadcast_to(each, (len(query), query.shape[2], query.shape[1], key.shape[1])) for each in (bias, mask))
    for b, i, h in np.ndindex(query.shape[:3]):
        logits = key[b, :, h // heads] @ query[b, i, h] * (1 / np.sqrt(query.shape[3]) if scale is None else scale)
        logits = logits if cap is None else cap * np.tanh(logits / cap)
        seen = mask[b, h, i] & ((np.arange(key.shape[1]) <= i) if causal else True)
        p = np.where(seen, np.exp(logits + bias[b, h, i]), 0)
        y[b, i, h] = p / p.sum() @ value[b, :, h // heads]
    return y


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {}),
        ({"scale": 0.3, "is_causal": True}, {"scale": 0.3, "causal": True}),
        ({"attn_logits_soft_cap": 1.5}, {"cap": 1.5}),
        ({"flash_attention": True}, {}),
    ],
)
@pytest.mark.parametrize("heads", [2, 4])
def test_attention(rng, settings, expected, heads):
    query, key, value = (rng.standard_normal((2, n, h, d)) for n, h, d in ((3, 4, 5), (4, heads, 5), (4, heads, 2)))
    check_function(
        lambda *xs: ops.dot_product_attention(*xs, **settings),
        lambda *xs: attended(*xs, **expected),
        *(query, key, value),
        rng=rng,
        twice=heads == 2 and not settings,
    )


def test_attention_with_a_bias_and_a_mask(rng):
    query, key, value = rng.standard_normal((3, 2, 3, 2, 4))
    bias = rng.standard_normal((2, 2, 3, 3))
    mask = rng.random((2, 1, 3, 3)) < 0.6
    mask[..., 0] = True
    found = ops.dot_product_attention(query, key, value, bias, mask)
    np.testing.assert_allclose(found, attended(query, key, value, bias, mask), rtol=1e-10)
    with pytest.raises(TypeError, match="flash_attention='fast' is neither true nor false"):
        ops.dot_product_attention(query, key, value, flash_attention="fast")
    with pytest.raises(ValueError, match="key has 3 heads; expected a divisor of those of query, 2"):
        ops.dot_product_attention(query, np.ones((2, 3, 3, 4)), value)
    with pytest.raises(ValueError, match=r"expected \(batch, length, heads, size\)"):
        ops.dot_product_attention(query[0], key, value)


@pytest.mark.parametrize("axis", [-1, 1, (1, 2), (0, 2)])
def test_layers_are_normalized(rng, axis):
    x = rng.standard_normal((2, 3, 4)) * 3 + 2
    axes = axis if isinstance(axis, tuple) else (axis,)
    shape = tuple(x.shape[i] for i in axes)
    gamma, beta = rng.standard_normal((2, *shape))
    wanted = tuple(n if i in [a % 3 for a in axes] else 1 for i, n in enumerate(x.shape))

    def reference(x, gamma=gamma, beta=beta):
        y = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + 1e-3)
        return y * gamma.reshape(wanted) + beta.reshape(wanted)

    if 0 not in axes:
        check_function(lambda x: ops.layer_normalization(x, gamma, beta, axis, 1e-3), reference, x, rng=rng, twice=axis == -1)
    np.testing.assert_allclose(ops.layer_normalization(x, gamma, beta, axis, 1e-3), reference(x))

    def root(x):
        return x / np.sqrt((x * x).mean(axes, keepdims=True) + 1e-3) * gamma.reshape(wanted)

    np.testing.assert_allclose(ops.rms_normalization(x, gamma, axis, 1e-3), root(x))
    if 0 not in axes:
        check_function(lambda x: ops.rms_normalization(x, gamma, axis, 1e-3), root, x, rng=rng)


def test_half_precision_is_normalized_in_single_precision():
    x = np.float16([[300.0, -500.0, 400.0, 100.0]])
    wide = x.astype(np.float64)
    expected = (wide - wide.mean()) / wide.std()
    np.testing.assert_allclose(ops.layer_normalization(x).astype(np.float64), expected, rtol=1e-3)
    assert ops.layer_normalization(x).dtype == ops.rms_normalization(x).dtype == np.float16
    mean, variance = ops.moments(np.float16([-741.0, 353.2, 1099.0, -1807.0]), [0])
    assert (mean.dtype, float(variance)) == (np.float16, 65504.0)
    with pytest.warns(UserWarning, match="rms_scaling=True divides by the standard deviation"):
        y = ops.layer_normalization(wide, rms_scaling=True)
    np.testing.assert_allclose(y, wide / wide.std())


@pytest.mark.parametrize("order", [0, -1, "a", 1.5])
def test_orders_of_normalizations_are_positive_integers(order):
    with pytest.raises(ValueError, match=re.escape(f"order={order!r}")):
        ops.normalize(np.ones(3), order=order)


def test_several_hot_elements():
    x = np.array([[0, 2, 2], [1, -1, 0]])
    np.testing.assert_array_equal(ops.multi_hot(x, 4), np.float32([[1, 0, 1, 0], [1, 1, 0, 0]]), strict=True)
    np.testing.assert_array_equal(ops.multi_hot(x[0], 4, dtype="int32"), np.int32([1, 0, 1, 0]), strict=True)
    np.testing.assert_array_equal(ops.multi_hot([1], num_tokens=2), [0, 1])
    assert ops.multi_hot(ops.cast(layers.Input((3,)), "int32"), 5).shape == (None, 5)
    for function in (ops.multi_hot, ops.one_hot):
        with pytest.raises(ValueError, match="sparse=True is not supported"):
            function(x, 4, sparse=True)
    with pytest.raises(ValueError, match="num_classes=None is not supported"):
        ops.multi_hot(x)


def test_signal_to_noise_ratios(rng):
    x, y = rng.standard_normal((2, 4, 3))
    check_function(lambda x, y: ops.psnr(x, y, 2.0), lambda x, y: 10 * np.log10(4 / np.mean((x - y) ** 2)), x, y, rng=rng)
    with pytest.raises(ValueError, match=r"x1 has shape \(4, 3\) and x2 \(4,\); expected the same"):
        ops.psnr(x, y[:, 0], 1.0)


def test_polar_coordinates():
    z = ops.polar(np.float32([1, 2]), np.float32([2, 3]))
    np.testing.assert_allclose(z, np.array([1, 2]) * np.exp(1j * np.array([2, 3])), rtol=1e-6)


def folded(x, size, kernel, dilation, padding, stride):
    """Return images to which windows are added, element by element."""
    batch, channels = x.shape[0], x.shape[1] // (kernel[0] * kernel[1])
    y = np.zeros((batch, channels, size[0] + 2 * padding[0], size[1] + 2 * padding[1]))
    counts = [(n - (k - 1) * d - 1) // s + 1 for n, k, d, s in zip(y.shape[2:], kernel, dilation, stride, strict=True)]
    parts = x.reshape(batch, channels, *kernel, *counts)
    for i, j, row, column in np.ndindex(*kernel, *counts):
        place = i * dilation[0] + row * stride[0], j * dilation[1] + column * stride[1]
        y[:, :, place[0], place[1]] += parts[:, :, i, j, row, column]
    return y[:, :, padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]]


@pytest.mark.parametrize(
    ("kernel", "dilation", "padding", "stride"),
    [((2, 3), (1, 1), (0, 0), (1, 1)), ((3, 2), (2, 1), (1, 0), (1, 2)), ((2, 2), (1, 1), (1, 1), (2, 3))],
)
def test_windows_as_columns_and_back(rng, kernel, dilation, padding, stride):
    size = 5, 6
    x = rng.standard_normal((2, 2, *size))
    columns = ops.unfold(x, kernel, dilation, padding, stride)
    y = rng.standard_normal(columns.shape)
    back = folded(y, size, kernel, dilation, padding, stride)
    np.testing.assert_allclose(np.sum(columns * y), np.sum(x * back))  # One is the adjoint of the other.
    check_function(
        lambda y: ops.fold(y, size, kernel, dilation, padding, stride),
        lambda y: folded(y, size, kernel, dilation, padding, stride),
        y[:, :, :],
        rng=rng,
        gradient=False,
    )
    check_function(lambda x: ops.unfold(x, kernel, dilation, padding, stride), lambda x: columns, x, rng=rng, gradient=False)
    with pytest.raises(ValueError, match=r"x has shape \(2, 7, 3\); expected \(batch, channels"):
        ops.fold(np.ones((2, 7, 3)), size, kernel)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_blocks_and_channels(rng, data_format):
    x = rng.standard_normal((2, 4, 6, 8))
    y = ops.depth_to_space(x, 2, data_format)
    assert y.shape == ((2, 8, 12, 2) if data_format == "channels_last" else (2, 1, 12, 16))
    np.testing.assert_array_equal(ops.space_to_depth(y, 2, data_format), x)
    images = striate.Input((None, None, 8) if data_format == "channels_last" else (8, None, None))
    larger = ops.depth_to_space(images, 2, data_format)
    assert larger.shape == ((None, None, None, 2) if data_format == "channels_last" else (None, 2, None, None))
    x, back = (x, x) if data_format == "channels_last" else (x.transpose(0, 3, 1, 2), x.transpose(0, 3, 1, 2))
    found = striate.Model(images, [larger, ops.space_to_depth(larger, 2, data_format)])(x.astype(np.float32))
    np.testing.assert_allclose(found[0], ops.depth_to_space(x, 2, data_format), rtol=1e-6)
    np.testing.assert_allclose(found[1], back, rtol=1e-6)
    x = rng.standard_normal((2, 4, 6, 8))
    with pytest.raises(ValueError, match="block_size=1"):
        ops.depth_to_space(x, 1)
    with pytest.raises(ValueError, match="x has 8 channels; expected a multiple of 9"):
        ops.depth_to_space(x, 3)
    with pytest.raises(ValueError, match="x has 4 rows and 6 columns; expected multiples of block_size=4"):
        ops.space_to_depth(x, 4)


@pytest.mark.parametrize("axis", [None, (0, 1), (-1, 0)])
def test_softmax_over_several_axes(rng, axis):
    x = rng.standard_normal((3, 4))
    expected = np.exp(x) / np.exp(x).sum()
    np.testing.assert_allclose(ops.softmax(x, axis), expected)
    np.testing.assert_allclose(ops.log_softmax(x, axis), np.log(expected))

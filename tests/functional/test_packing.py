"""Packed kernels give the same bits as arrays."""

import pickle

import numpy as np
import pytest

from striate import functional as F


def draw(rng, x_shape, kernel_shape, dtype):
    """Return random images and weights."""
    return rng.standard_normal(x_shape).astype(dtype), rng.standard_normal(kernel_shape).astype(dtype)


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col", "winograd", "winograd_f2", "winograd_f4"])
@pytest.mark.parametrize(
    ("x_shape", "kernel_shape", "groups"),
    [((2, 9, 10, 17), (3, 3, 17, 33), 1), ((1, 5, 6, 12), (3, 3, 6, 40), 2), ((1, 3, 3, 1), (3, 3, 1, 1), 1)],
)
def test_packed_kernels_give_the_same_bits(rng, dtype, x_shape, kernel_shape, groups, algorithm):
    x, kernel = draw(rng, x_shape, kernel_shape, dtype)
    packed = F.pack_conv2d_kernel(kernel, x_shape, padding="same", groups=groups, algorithm=algorithm)
    arguments = {"padding": "same", "groups": groups, "activation": "relu"}
    want = F.conv2d(x, kernel, algorithm=packed.algorithm, **arguments)
    np.testing.assert_array_equal(F.conv2d(x, packed, **arguments), want)
    corner = x[:, :3, :3]
    want = F.conv2d(corner, kernel, algorithm=packed.algorithm, **arguments)
    np.testing.assert_array_equal(F.conv2d(corner, packed, **arguments), want)


@pytest.mark.parametrize("arguments", [{"strides": 2}, {"dilation": 2, "padding": 3}, {"strides": (3, 1), "padding": (0, 4)}])
def test_kernels_packed_for_direct_serve_any_geometry(rng, dtype, arguments):
    x, kernel = draw(rng, (2, 9, 11, 5), (4, 2, 5, 20), dtype)
    packed = F.pack_conv2d_kernel(kernel, algorithm="direct")
    np.testing.assert_array_equal(F.conv2d(x, packed, **arguments), F.conv2d(x, kernel, algorithm="direct", **arguments))


@pytest.mark.parametrize(("algorithm", "taps"), [("winograd_f5", 4), ("winograd_f4", 5), ("winograd_f4", 6), ("winograd", 4)])
def test_kernels_packed_for_strides_give_the_same_bits(rng, dtype, algorithm, taps):
    x, kernel = draw(rng, (2, 19, 22, 17), (taps, taps, 17, 70), dtype)
    arguments = {"strides": 2, "padding": "same"}
    packed = F.pack_conv2d_kernel(kernel, x.shape, algorithm=algorithm, **arguments)
    np.testing.assert_array_equal(F.conv2d(x, packed, **arguments), F.conv2d(x, kernel, algorithm=algorithm, **arguments))
    with pytest.raises(ValueError, match=r"strides=\(1, 1\)"):
        F.conv2d(x, packed)


def test_packed_kernels_with_many_filters_give_the_same_bits(rng):
    x, kernel = draw(rng, (1, 7, 7, 256), (3, 3, 256, 512), np.float32)
    for algorithm in ("direct", "winograd_f2", "winograd_f4"):
        packed = F.pack_conv2d_kernel(kernel, algorithm=algorithm)
        np.testing.assert_array_equal(F.conv2d(x, packed), F.conv2d(x, kernel, algorithm=algorithm))


def test_packing_copies_the_weights(rng):
    x, kernel = draw(rng, (1, 6, 6, 3), (3, 3, 3, 4), np.float32)
    packed = F.pack_conv2d_kernel(kernel, x.shape)
    want = F.conv2d(x, packed)
    kernel[...] = 0
    np.testing.assert_array_equal(F.conv2d(x, packed), want)
    assert packed.kernel.any()
    assert "shape=(3, 3, 3, 4)" in repr(packed)


def test_an_unpickled_kernel_is_packed_again(rng):
    x, kernel = draw(rng, (1, 6, 6, 3), (3, 3, 3, 40), np.float32)
    packed = F.pack_conv2d_kernel(kernel, x.shape)
    assert len(pickle.dumps(packed)) < 1.2 * kernel.nbytes
    np.testing.assert_array_equal(F.conv2d(x, pickle.loads(pickle.dumps(packed))), F.conv2d(x, packed))


K = np.ones((3, 3, 4, 8), np.float32)
X = np.ones((1, 5, 5, 4), np.float32)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.pack_conv2d_kernel(K), ValueError, "input_shape is None; expected a shape"),
        (lambda: F.pack_conv2d_kernel(K, algorithm="winograd"), ValueError, "input_shape is None"),
        (lambda: F.pack_conv2d_kernel(K[0], algorithm="direct"), ValueError, "kernel has 3 dimensions"),
        (lambda: F.pack_conv2d_kernel(K, (1, 5, 5)), ValueError, r"input_shape=\(1, 5, 5\) is not a shape"),
        (lambda: F.pack_conv2d_kernel(K, (1, 5, 5, 3)), ValueError, "x has 3 channels"),
        (lambda: F.pack_conv2d_kernel(K, algorithm="fast"), ValueError, "algorithm='fast' is unknown"),
        (lambda: F.pack_conv2d_kernel(K, groups=3, algorithm="direct"), ValueError, "groups=3"),
        (lambda: F.pack_conv2d_kernel(K[:2], algorithm="winograd_f4"), ValueError, "cannot compute a 2×3 kernel"),
        (
            lambda: F.conv2d(X, F.pack_conv2d_kernel(K, algorithm="direct"), algorithm="im2col"),
            ValueError,
            "algorithm='im2col', but kernel is packed for 'direct'",
        ),
        (
            lambda: F.conv2d(X, F.pack_conv2d_kernel(K, algorithm="winograd_f2"), strides=2),
            ValueError,
            r"'winograd_f2' cannot compute .* strides=\(2, 2\)",
        ),
        (
            lambda: F.conv2d(X, F.pack_conv2d_kernel(K[:, :, :2], algorithm="direct", groups=2)),
            ValueError,
            "groups=1, but kernel is packed for 2",
        ),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()

"""Functions of images: values against slow references and Keras, gradients against finite differences, and data formats."""

import itertools

import numpy as np
import pytest

import striate
from striate import layers, ops
from tests.helpers.function_checks import check_function, check_gradient

IMAGE = ops.image


def nearest_index(i, n, mode):
    """Return the index within an axis that an index anywhere stands for, one step at a time; None for the constant."""
    while not 0 <= i < n:
        if mode == "constant":
            return None
        if mode == "nearest":
            i = min(max(i, 0), n - 1)
        elif mode == "wrap":
            i += n if i < 0 else -n
        elif n == 1:
            i = 0
        else:
            first, last = (0, 2 * (n - 1)) if mode == "mirror" else (-1, 2 * n - 1)
            i = first - i if i < 0 else last - i
    return i


def sampled(x, places, order, mode, value):
    """Return the elements of x at places, (axes, count), interpolated, one after another."""
    found = []
    for place in places.T:
        total = 0.0
        for corner in itertools.product((0, 1), repeat=len(place)) if order else [(0,) * len(place)]:
            low = np.floor(place if order else place + 0.5)
            weight = np.prod(np.where(corner, place - low, 1 - (place - low))) if order else 1.0
            index = [nearest_index(int(i), n, mode) for i, n in zip(low + corner, x.shape, strict=True)]
            total += weight * (value if None in index else x[tuple(index)])
        found.append(total)
    return np.array(found)


MODES = ["constant", "nearest", "wrap", "mirror", "reflect"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("shape", [(4, 5), (3,), (1, 2, 3)])
def test_coordinates(rng, mode, order, shape):
    x, places = rng.standard_normal(shape), rng.uniform(-6, 9, (len(shape), 20))
    expected = sampled(x, places, order, mode, 1.5)
    np.testing.assert_allclose(IMAGE.map_coordinates(x, places, order, mode, 1.5), expected, rtol=1e-10)
    factors = rng.standard_normal(20)
    if shape == (4, 5):
        for index in (0, 1) if order else (0,):
            check_gradient(lambda x, p: ops.sum(IMAGE.map_coordinates(x, p, order, mode, 1.5) * factors), [x, places], index)


@pytest.mark.parametrize("mode", ["constant", "nearest", "wrap", "mirror", "reflect"])
def test_what_lies_at_nan_is_nan(mode, rng):
    y = IMAGE.map_coordinates(rng.standard_normal((3, 4)), [[np.nan, 1.0], [2.0, 3.0]], 1, mode)
    assert np.isnan(y).tolist() == [True, False]


def test_coordinates_of_integers_are_rounded():
    y = IMAGE.map_coordinates(np.array([0, 3]), [[0.4, 0.6, 0.9]], 1)
    np.testing.assert_array_equal(y, [1, 2, 3])
    inputs = layers.Input((3,), name="coordinates")
    assert IMAGE.map_coordinates(np.ones((2, 4)), ops.stack([ops.sum(inputs, 0)] * 2), 1).shape == (3,)


def warped(x, matrix, interpolation, mode, value):
    """Return images under affine or perspective maps of (column, row, 1), pixel by pixel."""
    y = np.empty_like(x)
    for b, row, column, channel in np.ndindex(x.shape):
        place = matrix[b % len(matrix)] @ (column, row, 1)
        place = np.array([[place[1] / place[2]], [place[0] / place[2]]])
        y[b, row, column, channel] = sampled(x[b, :, :, channel], place, interpolation == "bilinear", mode, value)[0]
    return y


def affine(transform):
    """Return the matrices of affine maps."""
    return np.concatenate(
        [transform[..., :6], np.zeros_like(transform[..., :2]), np.ones_like(transform[..., :1])], -1
    ).reshape(-1, 3, 3)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
def test_affine_maps(rng, mode, interpolation):
    x = rng.standard_normal((2, 4, 5, 2))
    transform = np.array([1, 0, 0, 0, 1, 0, 0, 0]) + rng.uniform(-0.4, 0.4, (2, 8))
    settings = interpolation, mode, 1.5

    def function(x, transform=transform):
        return IMAGE.affine_transform(x, transform, *settings)

    expected = warped(x, affine(transform), *settings)
    check_function(function, lambda x: expected, x, rng=rng, gradient=False)
    check_gradient(lambda x: ops.sum(ops.square(function(x))), [x], 0, 1e-4)
    symbolic = layers.Input((8,), dtype="float64")
    model = striate.Model([inputs := layers.Input((4, 5, 2), dtype="float64"), symbolic], function(inputs, symbolic))
    np.testing.assert_allclose(model.predict([x, transform], verbose=0), expected, rtol=1e-10)
    if interpolation == "bilinear":
        check_gradient(lambda x, t: ops.sum(ops.square(function(x, t))), [x, transform], 1, 1e-4)
    np.testing.assert_allclose(function(x[0], transform[0]), expected[0], rtol=1e-10)
    first = ops.moveaxis(x, -1, 1)
    np.testing.assert_array_equal(
        IMAGE.affine_transform(first, transform, *settings, "channels_first"), ops.moveaxis(function(x), -1, 1)
    )


def test_perspective_maps(rng):
    x = rng.standard_normal((2, 4, 5, 2))
    start = np.array([[0, 0], [4, 0], [0, 3], [4, 3]]) + rng.uniform(-0.4, 0.4, (2, 4, 2))
    end = np.array([[0, 0], [4, 0], [0, 3], [4, 3.0]])
    matrices = []
    for s in start:
        rows, right = [], []
        for (u, v), (p, q) in zip(s, end, strict=True):
            rows += [[p, q, 1, 0, 0, 0, -u * p, -u * q], [0, 0, 0, p, q, 1, -v * p, -v * q]]
            right += [u, v]
        matrices.append(np.append(np.linalg.solve(rows, right), 1).reshape(3, 3))
    for interpolation in ("nearest", "bilinear"):
        expected = warped(x, matrices, interpolation, "constant", 0.5)
        check_function(
            lambda x, s, i=interpolation: IMAGE.perspective_transform(x, s, end, i, 0.5),
            lambda x, s, expected=expected: expected,
            *(x, start),
            rng=rng,
            gradient=False,
            rtol=1e-9,
        )
    check_gradient(lambda x, s: ops.sum(ops.square(IMAGE.perspective_transform(x, s, end))), [x, start], 1, 1e-4)
    check_gradient(lambda x, s: ops.sum(ops.square(IMAGE.perspective_transform(x, s, end))), [x, start], 0, 1e-4)


def test_elastic_distortions_are_random_and_move_pixels(rng):
    x = rng.standard_normal((2, 8, 9, 3))
    a, b = (IMAGE.elastic_transform(x, 5.0, 2.0, seed=seed) for seed in (0, 1))
    np.testing.assert_array_equal(a, IMAGE.elastic_transform(x, 5.0, 2.0, seed=0))
    assert (a != b).any()
    np.testing.assert_allclose(IMAGE.elastic_transform(x, 0.0, 2.0), x)
    assert np.isin(IMAGE.elastic_transform(x, 5.0, 2.0, "nearest"), x).all()
    inputs = layers.Input((8, 9, 3))
    model = striate.Model(inputs, IMAGE.elastic_transform(inputs, 20.0, 2.0))
    first, second = (model.predict(x.astype(np.float32), verbose=0) for _ in range(2))
    assert first.shape == x.shape
    assert (first != second).any()


@pytest.mark.parametrize("method", ["linear", "cubic", "lanczos3", "lanczos5"])
@pytest.mark.parametrize("antialias", [False, True])
def test_scaling_equals_resizing_where_nothing_moves(rng, method, antialias):
    x = rng.standard_normal((2, 6, 7, 2))
    names = {"linear": "bilinear", "cubic": "bicubic"}
    for size in ((3, 10), (6, 4)):
        scale = np.array(size) / x.shape[1:3]
        y = IMAGE.scale_and_translate(x, (2, *size, 2), scale, np.zeros(2), (1, 2), method, antialias)
        np.testing.assert_allclose(y, IMAGE.resize(x, size, names.get(method, method), antialias), rtol=1e-5, atol=1e-6)
    factors = rng.standard_normal((2, 4, 9, 2))

    def total(x, scale, translation):
        y = IMAGE.scale_and_translate(x, (2, 4, 9, 2), scale, translation, (1, 2), method, antialias)
        return ops.sum(y * factors)

    for index in range(3):
        check_gradient(total, [x, np.array([0.63, 1.27]), np.array([0.21, -0.43])], index, 1e-4)


def test_what_is_moved_away_leaves_zeros():
    x = np.arange(1.0, 5)
    np.testing.assert_array_equal(IMAGE.scale_and_translate(x, (4,), [1.0], [2.0], (0,), "linear"), [0, 0, 1, 2])
    y = IMAGE.scale_and_translate(np.uint8([0, 3]), (4,), [2.0], [0.0], (0,), "linear")
    np.testing.assert_array_equal(y, np.uint8([0, 1, 2, 3]), strict=True)


def colors(x):
    """Return HSV colours of RGB ones by the standard library."""
    import colorsys

    return np.array([colorsys.rgb_to_hsv(*each) for each in x.reshape(-1, 3)]).reshape(x.shape)


def test_hues(rng):
    x = rng.uniform(0.1, 0.9, (2, 3, 4, 3))
    check_function(IMAGE.rgb_to_hsv, colors, x, rng=rng, twice=False)
    check_function(IMAGE.hsv_to_rgb, lambda x: x_of_hsv(x), colors(x), rng=rng)
    grey = np.array([[[0.5, 0.5, 0.5], [0.0, 0.0, 0.0], [1.0, 0.0, 0.2]]])
    np.testing.assert_allclose(IMAGE.rgb_to_hsv(grey), colors(grey))
    first = ops.moveaxis(x, -1, 1)
    np.testing.assert_array_equal(IMAGE.rgb_to_hsv(first, "channels_first"), ops.moveaxis(IMAGE.rgb_to_hsv(x), -1, 1))
    with pytest.raises(ValueError, match="images has dtype uint8; expected floats"):
        IMAGE.rgb_to_hsv(np.ones((2, 2, 3), np.uint8))
    with pytest.raises(ValueError, match=r"images has shape \(2, 2, 4\); expected 3 channels"):
        IMAGE.hsv_to_rgb(np.ones((2, 2, 4)))


def x_of_hsv(x):
    import colorsys

    return np.array([colorsys.hsv_to_rgb(*each) for each in x.reshape(-1, 3)]).reshape(x.shape)


def test_grey_keeps_the_dtype():
    x = np.array([[[10, 20, 30]]], np.uint8)
    np.testing.assert_array_equal(IMAGE.rgb_to_grayscale(x), np.uint8([[[18]]]), strict=True)
    np.testing.assert_array_equal(IMAGE.rgb_to_grayscale(x[..., :1]), x[..., :1], strict=True)
    np.testing.assert_array_equal(IMAGE.rgb_to_grayscale(x.transpose(2, 0, 1), "channels_first"), np.uint8([[[18]]]))


def test_integers_stay_integers_when_images_are_resized():
    x = np.array([[0, 100, 255]], np.uint8)[..., np.newaxis]
    y = IMAGE.resize(x, (1, 5), "bicubic")
    assert y.dtype == np.uint8
    expected = IMAGE.resize(x.astype(np.float64), (1, 5), "bicubic")
    np.testing.assert_array_equal(y, np.clip(np.round(expected), 0, 255))
    first = IMAGE.resize(x.transpose(2, 0, 1), (1, 5), "bicubic", data_format="channels_first")
    np.testing.assert_array_equal(first, y.transpose(2, 0, 1))


def gaussian(n, sigma):
    weights = np.exp(-0.5 * ((np.arange(n) - (n - 1) / 2) / sigma) ** 2)
    return weights / weights.sum()


@pytest.mark.parametrize(("size", "sigma"), [((3, 3), (1.0, 1.0)), ((5, 3), (0.7, 2.0)), ((4, 1), (1.0, 0.5))])
def test_blurring(rng, size, sigma):
    x = rng.standard_normal((2, 5, 6, 2))

    def reference(x):
        kernel = np.outer(gaussian(size[1], sigma[1]), gaussian(size[0], sigma[0]))
        h, w = kernel.shape
        padded = np.pad(x, ((0, 0), ((h - 1) // 2, h // 2), ((w - 1) // 2, w // 2), (0, 0)))
        return sum(kernel[i, j] * padded[:, i : i + 5, j : j + 6] for i, j in np.ndindex(h, w))

    check_function(lambda x: IMAGE.gaussian_blur(x, size, sigma), reference, x, rng=rng)
    first = IMAGE.gaussian_blur(ops.moveaxis(x, -1, 1), size, sigma, "channels_first")
    np.testing.assert_array_equal(first, ops.moveaxis(IMAGE.gaussian_blur(x, size, sigma), -1, 1))


def test_edges(rng):
    x = rng.standard_normal((2, 4, 5, 2))

    def reference(x):
        padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), "symmetric")
        rows = padded[:, 2:] - padded[:, :-2]
        columns = padded[:, :, 2:] - padded[:, :, :-2]
        rows = rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]
        return np.stack([rows, columns[:, :-2] + 2 * columns[:, 1:-1] + columns[:, 2:]], -1)

    check_function(IMAGE.sobel_edges, reference, x, rng=rng)
    first = IMAGE.sobel_edges(ops.moveaxis(x, -1, 1), "channels_first")
    np.testing.assert_allclose(first, np.moveaxis(reference(x), 3, 1))


def test_structural_similarity(rng):
    a, b = rng.uniform(0, 1, (2, 2, 7, 8, 2))

    def reference(a, b):
        w = gaussian(5, 1.2)
        kernel = np.outer(w, w)

        def mean(x):
            return sum(kernel[i, j] * x[:, i : i + 3, j : j + 4] for i, j in np.ndindex(5, 5))

        mean_a, mean_b = mean(a), mean(b)
        covariance = mean(a * b) - mean_a * mean_b
        variances = mean(a * a) - mean_a**2 + mean(b * b) - mean_b**2
        c1, c2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
        quotient = (2 * mean_a * mean_b + c1) * (2 * covariance + c2) / ((mean_a**2 + mean_b**2 + c1) * (variances + c2))
        return quotient.mean((1, 2, 3))

    def function(a, b):
        return IMAGE.ssim(a, b, max_val=2.0, filter_size=5, filter_sigma=1.2)

    check_function(function, reference, a, b, rng=rng, gradient=[0])
    assert function(a[0], b[0]) == pytest.approx(reference(a, b)[0])
    with pytest.raises(ValueError, match=r"image1 has shape \(2, 7, 8, 2\) and image2 \(7, 8, 2\)"):
        function(a, b[0])


def test_as_many_transforms_as_images_are_expected():
    with pytest.raises(ValueError, match=r"transform has shape \(3, 8\); expected \(8,\) or \(2, 8\), one for each image"):
        IMAGE.affine_transform(np.ones((2, 7, 8, 2)), np.ones((3, 8)))


def test_padding_and_cropping(rng):
    x = rng.standard_normal((2, 4, 5, 2))
    check_function(
        lambda x: IMAGE.pad_images(x, 1, 0, 2, target_width=8),
        lambda x: np.pad(x, ((0, 0), (1, 2), (0, 3), (0, 0))),
        x,
        rng=rng,
    )
    check_function(lambda x: IMAGE.crop_images(x, 1, None, 0, 2, None, 2), lambda x: x[:, 1:, 1:3], x, rng=rng)
    first = ops.moveaxis(x, -1, 1)
    np.testing.assert_array_equal(IMAGE.crop_images(first, 0, 1, 1, 1, data_format="channels_first"), first[:, :, :-1, 1:-1])
    np.testing.assert_array_equal(IMAGE.pad_images(x[0], 0, 0, 1, 1), IMAGE.pad_images(x, 0, 0, 1, 1)[0])
    unknown = layers.Input((None, None, 2))
    assert IMAGE.crop_images(unknown, 1, None, None, 2, 3, 2).shape == (None, 3, 2, 2)
    with pytest.raises(ValueError, match="expected exactly two of them"):
        IMAGE.pad_images(x, 1, 0, 2)
    with pytest.raises(ValueError, match="bottom_padding=-3"):
        IMAGE.pad_images(x, 1, 0, None, 0, 2)
    with pytest.raises(ValueError, match="target_height=9 needs images of a known height"):
        IMAGE.pad_images(unknown, 1, 0, None, 0, 9)


def patches(x, size, strides, dilation, padding):
    """Return windows of images, one after another."""
    if padding == "same":
        amounts = []
        for n, k, s, d in zip(x.shape[1:-1], size, strides, dilation, strict=True):
            missing = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
            amounts.append((missing // 2, missing - missing // 2))
        x = np.pad(x, [(0, 0), *amounts, (0, 0)])
    counts = [(n - (k - 1) * d - 1) // s + 1 for n, k, s, d in zip(x.shape[1:-1], size, strides, dilation, strict=True)]
    y = np.empty((x.shape[0], *counts, np.prod(size) * x.shape[-1]))
    for place in np.ndindex(*counts):
        key = [slice(i * s, i * s + (k - 1) * d + 1, d) for i, s, k, d in zip(place, strides, size, dilation, strict=True)]
        y[(slice(None), *place)] = x[(slice(None), *key)].reshape(x.shape[0], -1)
    return y


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("size", "strides", "dilation"), [(2, None, 1), ((3, 2), (1, 2), 1), ((2, 3), 2, (2, 1))])
def test_patches(rng, padding, size, strides, dilation):
    x = rng.standard_normal((2, 6, 7, 2))

    def pair(value):
        return value if isinstance(value, tuple) else (value, value)

    def function(x):
        return IMAGE.extract_patches(x, size, strides, dilation, padding)

    expected = pair(size), pair(size if strides is None else strides), pair(dilation), padding
    check_function(function, lambda x: patches(x, *expected), x, rng=rng)
    first = IMAGE.extract_patches(ops.moveaxis(x, -1, 1), size, strides, dilation, padding, "channels_first")
    np.testing.assert_array_equal(first, ops.moveaxis(function(x), -1, 1))
    np.testing.assert_array_equal(function(x[0]), function(x)[0])
    if padding == "valid":
        assert IMAGE.extract_patches(layers.Input((None, None, 2)), size, strides, dilation).shape[:3] == (None, None, None)


def test_patches_of_volumes(rng):
    x = rng.standard_normal((2, 4, 5, 6, 1))
    size, strides = (2, 3, 2), (2, 1, 3)
    check_function(
        lambda x: IMAGE.extract_patches_3d(x, size, strides, padding="same"),
        lambda x: patches(x, size, strides, (1, 1, 1), "same"),
        x,
        rng=rng,
        gradient=False,
    )
    np.testing.assert_array_equal(IMAGE.extract_patches(x, size, strides), IMAGE.extract_patches_3d(x, size, strides))


@pytest.mark.parametrize(("shape", "size"), [((2, 6, 8, 3), (3, 2)), ((2, 4, 6, 4, 2), (2, 3, 2)), ((6, 4, 3), 2)])
def test_patches_without_overlap_are_put_back(rng, shape, size):
    x = rng.standard_normal(shape)
    spatial = shape[-3:-1] if len(shape) < 5 else shape[1:4]
    y = IMAGE.reconstruct_patches(IMAGE.extract_patches(x, size), size, spatial)
    np.testing.assert_array_equal(y, x)
    smaller = x[..., :-1, :]
    same = IMAGE.extract_patches(smaller, size, padding="same")
    output_size = (*spatial[:-1], spatial[-1] - 1)
    np.testing.assert_array_equal(IMAGE.reconstruct_patches(same, size, output_size, padding="same"), smaller)
    with pytest.raises(ValueError, match="does not fit"):
        IMAGE.reconstruct_patches(same, size, output_size)
    with pytest.raises(NotImplementedError, match="expected windows without overlap"):
        IMAGE.reconstruct_patches(same, size, output_size, strides=1)


@pytest.mark.parametrize("name", ["affine_transform", "gaussian_blur", "rgb_to_hsv", "resize", "pad_images", "sobel_edges"])
def test_images_without_three_axes_are_refused(name):
    arguments = {"affine_transform": [np.ones(8)], "resize": [(2, 2)]}.get(name, [])
    with pytest.raises(ValueError, match=r"has shape \(4, 3\); expected one image of three axes, or a batch of them"):
        getattr(IMAGE, name)(np.ones((4, 3)), *arguments)

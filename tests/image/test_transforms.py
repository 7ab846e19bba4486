"""Images of another size and in other places: against plain NumPy, Pillow, OpenCV, SciPy and scikit-image."""

import numpy as np
import pytest

from striate import image, layers

BORDERS = {
    "zero": {"mode": "constant"},
    "nearest": {"mode": "edge"},
    "reflect": {"mode": "symmetric"},
    "mirror": {"mode": "reflect"},
    "wrap": {"mode": "wrap"},
}  # what NumPy's `pad` calls them


def pictures(dtype, shape=(13, 17, 3)):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, shape).astype(dtype) if dtype == np.uint8 else rng.normal(size=shape).astype(dtype)


SIZES = [(5, 31), (40, 8), (13, 17), (1, 1), (26, 34), (7, 9)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64, bool])
def test_nearest_takes_the_pixel_that_holds_the_centre(size, dtype):
    x = pictures(np.uint8).astype(dtype)
    rows, columns = ([int((i + 0.5) * old / new) for i in range(new)] for old, new in zip(x.shape, size, strict=False))
    got = image.resize(x, size, "nearest")
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, x[rows][:, columns])
    assert not np.shares_memory(got, x)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "theirs"), [("bilinear", "BILINEAR"), ("bicubic", "BICUBIC"), ("lanczos3", "LANCZOS")])
def test_floats_are_resized_as_by_pillow(name, theirs, size):
    image_module = pytest.importorskip("PIL.Image")
    x = pictures(np.float32)
    got = image.resize(x, size, name)
    for channel in range(3):
        picture = image_module.fromarray(np.ascontiguousarray(x[..., channel]))
        want = np.asarray(picture.resize(size[::-1], getattr(image_module.Resampling, theirs)))
        np.testing.assert_allclose(got[..., channel], want, atol=4e-6)


@pytest.mark.parametrize("size", SIZES)
def test_floats_are_resized_as_by_opencv(size):
    cv2 = pytest.importorskip("cv2")
    x = pictures(np.float32)
    want = cv2.resize(x, size[::-1], interpolation=cv2.INTER_LINEAR)
    np.testing.assert_allclose(image.resize(x, size, antialias=False), want, atol=4e-6)
    if size[0] <= 13 and size[1] <= 17:
        want = cv2.resize(x, size[::-1], interpolation=cv2.INTER_AREA)
        np.testing.assert_allclose(image.resize(x, size, "area"), want, atol=4e-6)


@pytest.mark.parametrize("size", SIZES)
def test_area_is_the_mean_of_what_new_pixels_cover(size):
    x = pictures(np.float64, (4, 6))
    fine = x.repeat(size[0], 0).repeat(size[1], 1)  # has as many rows in each new pixel as x has, and likewise columns
    want = fine.reshape(size[0], 4, size[1], 6).mean((1, 3))
    np.testing.assert_allclose(image.resize(x, size, "area"), want, atol=1e-14)


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("name", ["bilinear", "nearest", "bicubic", "lanczos5"])
def test_layers_resize_the_same_way(name, antialias):
    x = pictures(np.float64, (2, 13, 17, 3))
    for size in SIZES:
        want = layers.Resizing(*size, interpolation=name, antialias=antialias, dtype="float64")(x)
        np.testing.assert_allclose(image.resize(x, size, name, antialias), want, atol=1e-13)


@pytest.mark.parametrize("name", ["bilinear", "bicubic", "lanczos3", "area"])
def test_uint8_is_resized_in_float64_and_rounded(name):
    x = pictures(np.uint8)
    for size in SIZES:
        want = np.clip(np.rint(image.resize(x.astype(np.float64), size, name)), 0, 255)
        got = image.resize(x, size, name)
        assert got.dtype == np.uint8
        np.testing.assert_array_equal(got, want)
        assert not np.shares_memory(got, x)


def test_weights_are_made_in_parts(monkeypatch):
    x = pictures(np.float64)
    want = image.resize(x, (40, 8), "bicubic")
    monkeypatch.setattr(image.transforms, "_MOST_WEIGHTS", 50)
    np.testing.assert_array_equal(image.resize(x, (40, 8), "bicubic"), want)


def test_only_pixels_that_count_spread_nonfinite_values():
    x = np.zeros((5, 5), np.float32)
    x[2, 2] = np.inf
    y = image.resize(x, 15)  # Every third new pixel lies in the middle of an old one.
    assert np.isposinf(y[5:10, 5:10]).all()
    assert np.isfinite(y).sum() == 225 - 25
    x[2, 2] = np.nan
    assert np.isnan(image.resize(x, (5, 10))[2]).sum() == 4
    assert np.isfinite(image.resize(x, (5, 10))[[0, 1, 3, 4]]).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, bool])
def test_crop_and_flip(dtype):
    x = pictures(np.uint8, (2, 13, 17, 3)).astype(dtype)
    for got, want in [
        (image.crop(x, (4, 5), (9, 12)), x[:, 9:, 12:]),
        (image.crop(x, (4, 6)), x[:, 4:8, 5:11]),
        (image.crop(x[0], 3), x[0, 5:8, 7:10]),
        (image.crop(x[0, :, :, 0], (13, 17), [0, 0]), x[0, :, :, 0]),
        (image.flip(x), x[:, :, ::-1]),
        (image.flip(x[1], "vertical"), x[1, ::-1]),
        (image.flip(x[1, :, :, 0]), x[1, :, ::-1, 0]),
    ]:
        np.testing.assert_array_equal(got, want)
        assert got.dtype == dtype
        assert got.flags.c_contiguous
        assert not np.shares_memory(got, x)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, bool])
@pytest.mark.parametrize("turns", range(-1, 5))
def test_quarter_turns_move_pixels(turns, dtype):
    x = pictures(np.uint8, (2, 5, 8, 3)).astype(dtype)
    got = image.rotate(x, 90 * turns, expand=True, interpolation="nearest" if dtype is bool else "bilinear")
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, np.rot90(x, turns, (1, 2)))


@pytest.mark.parametrize("angle", [30, -77.5, 200])
@pytest.mark.parametrize(("order", "interpolation"), [(0, "nearest"), (1, "bilinear")])
@pytest.mark.parametrize("center", [None, (3.25, 10.5)])
def test_rotation_is_that_of_scikit_image(angle, order, interpolation, center):
    transform = pytest.importorskip("skimage.transform")
    x = pictures(np.float64)
    theirs = None if center is None else center[::-1]
    want = transform.rotate(x, angle, center=theirs, order=order, mode="constant", cval=0.5, preserve_range=True, clip=False)
    got = image.rotate(x, angle, center=center, interpolation=interpolation, value=0.5)
    np.testing.assert_allclose(got, want, atol=1e-12)


def test_expanded_images_show_everything():
    x = np.ones((20, 31))
    for angle in (10, 45, 123):
        y = image.rotate(x, angle, expand=True)
        assert y.sum() == pytest.approx(x.size, rel=0.01)
        assert all(line.any() for line in (y[0], y[-1], y[:, 0], y[:, -1]))
        np.testing.assert_allclose(y, y[::-1, ::-1], atol=1e-9)


def sampled(x, matrix, size, interpolation, border, value):
    """Return what `warp_affine` should, pixel by pixel, from an image that NumPy has continued far beyond its borders."""
    far = 60
    how = {"mode": "constant", "constant_values": value} if border == "constant" else BORDERS[border]
    padded = np.pad(x, far, **how)
    y = np.empty(size)
    for i, j in np.ndindex(*size):
        row, column = matrix @ (i, j, 1)
        if interpolation == "nearest":
            y[i, j] = padded[far + int(np.floor(row + 0.5)), far + int(np.floor(column + 0.5))]
            continue
        top, left = int(np.floor(row)), int(np.floor(column))
        down, right = row - top, column - left
        (a, b), (c, d) = padded[far + top : far + top + 2, far + left : far + left + 2]
        y[i, j] = (1 - down) * ((1 - right) * a + right * b) + down * ((1 - right) * c + right * d)
    return y


MATRIX = np.array([[1.3137, -0.4171, -3.2113], [0.7093, 0.9319, -6.1279]])  # without ties


@pytest.mark.parametrize("shape", [(7, 9), (1, 6), (2, 1), (2, 2)])
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@pytest.mark.parametrize("border", ["constant", *BORDERS])
def test_affine_maps_take_pixels_from_where_they_say(border, interpolation, shape):
    x = pictures(np.float64, shape)
    want = sampled(x, MATRIX, (11, 8), interpolation, border, 2.5)
    np.testing.assert_allclose(image.warp_affine(x, MATRIX, (11, 8), interpolation, border, 2.5), want, atol=1e-12)


@pytest.mark.parametrize(("order", "interpolation"), [(0, "nearest"), (1, "bilinear")])
@pytest.mark.parametrize("border", ["constant", "nearest", "reflect", "mirror", "wrap"])
def test_affine_maps_are_those_of_scipy(border, order, interpolation):
    ndimage = pytest.importorskip("scipy.ndimage")
    x = pictures(np.float64, (13, 17))
    mode = {"constant": "grid-constant", "wrap": "grid-wrap"}.get(border, border)
    want = ndimage.affine_transform(x, MATRIX[:, :2], MATRIX[:, 2], (11, 8), None, order, mode, 2.5)
    np.testing.assert_allclose(image.warp_affine(x, MATRIX, (11, 8), interpolation, border, 2.5), want, atol=1e-12)


def test_warped_uint8_is_rounded_and_bool_stays_binary():
    x = pictures(np.uint8, (2, 13, 17, 3))
    for interpolation in ("bilinear", "nearest"):
        got = image.warp_affine(x, MATRIX, interpolation=interpolation, border="mirror")
        want = np.rint(image.warp_affine(x.astype(np.float64), MATRIX, interpolation=interpolation, border="mirror"))
        assert got.dtype == np.uint8
        np.testing.assert_array_equal(got, want)
    binary = image.warp_affine(x > 99, MATRIX, interpolation="nearest", value=1)
    assert binary.dtype == bool
    np.testing.assert_array_equal(binary, image.warp_affine(1.0 * (x > 99), MATRIX, interpolation="nearest", value=1))


def test_other_orders_of_memory_and_empty_batches_work():
    x = pictures(np.float32, (17, 13)).T
    copy = np.ascontiguousarray(x)
    for function in (lambda x: image.resize(x, 9), image.flip, lambda x: image.crop(x, 5), lambda x: image.rotate(x, 20)):
        np.testing.assert_array_equal(function(x), function(copy))
        assert function(np.zeros((0, 8, 8, 2), np.uint8)).shape[0] == 0


X = np.zeros((4, 6))
REFUSED = [
    (image.resize, (X, (4, 0)), {}, r"size\[1\]=0 is too small"),
    (image.resize, (X, (4, 1, 1)), {}, r"size=\(4, 1, 1\) has 3 elements"),
    (image.resize, (X, 3, "cubic"), {}, "interpolation='cubic' is unknown"),
    (image.resize, (X > 0, 3), {}, "interpolation='bilinear' makes new values, and image has dtype bool; expected 'nearest'"),
    (image.resize, (X[0], 3), {}, "image has 1 dimensions"),
    (image.crop, (X, (5, 2)), {}, r"size=\(5, 2\) is larger than the image, \(4, 6\); expected a part of it"),
    (image.crop, (X, (4, 2), (1, 0)), {}, r"offset=\(1, 0\) and size=\(4, 2\) end outside of the image, \(4, 6\)"),
    (image.crop, (X, 2, (-1, 0)), {}, r"offset\[0\]=-1 is too small"),
    (image.crop, (X, 2, 1), {}, "offset=1 is of type int; expected a list or tuple of two integers"),
    (image.flip, (X, "up"), {}, "direction='up' is unknown; expected one of 'horizontal', 'vertical'"),
    (image.rotate, (X, np.nan), {}, "angle=nan is out of range"),
    (image.rotate, (X, 1, True, (1, 1)), {}, "center and expand=True exclude each other"),
    (image.rotate, (X, 1), {"center": (1, 2, 3)}, r"center=\[1, 2, 3\] has 3 elements; expected row and column"),
    (image.warp_affine, (X, np.eye(2)), {}, r"matrix=\[\[1.0, 0.0\], \[0.0, 1.0\]\] is not an affine map"),
    (image.warp_affine, (X, [[1, 0, np.inf], [0, 1, 0]]), {}, "is not an affine map; expected finite numbers"),
    (
        image.warp_affine,
        (X, np.eye(2, 3)),
        {"border": "valid"},
        "border='valid' is unknown; expected one of 'constant', 'zero'",
    ),
    (image.warp_affine, (X, np.eye(2, 3)), {"value": "red"}, "value='red' is of type str"),
    (image.warp_affine, (X > 0, np.eye(2, 3)), {}, "expected 'nearest'"),
]


@pytest.mark.parametrize(("function", "arguments", "settings", "message"), REFUSED)
def test_wrong_arguments_are_refused(function, arguments, settings, message):
    with pytest.raises((TypeError, ValueError), match=message):
        function(*arguments, **settings)

"""Grey and colour spaces: uint8 against exact fractions, floats against the formulas, and both against other libraries."""

from fractions import Fraction

import numpy as np
import pytest

from striate import image


def colors(count=300):
    """Return an image of random colours, and of those where errors are most likely: greys, and channels without or with all."""
    rng = np.random.default_rng(0)
    special = np.stack(np.meshgrid(*[[0, 1, 127, 128, 254, 255]] * 3), -1).reshape(-1, 3)
    return np.concatenate([special, rng.integers(0, 256, (count, 3))]).astype(np.uint8)[np.newaxis]


def each(function, x):
    """Return what a function makes of each colour, as exact fractions, rounded half to even and clipped."""
    results = [function(*map(Fraction, color)) for color in x.reshape(-1, x.shape[-1]).tolist()]
    return np.clip([[round(value) for value in result] for result in results], 0, 255).reshape(*x.shape[:-1], -1)


WEIGHTS = {
    "rec601": (Fraction("0.299"), Fraction("0.587"), Fraction("0.114")),
    "rec709": (Fraction("0.2126"), Fraction("0.7152"), Fraction("0.0722")),
    "average": (Fraction(1, 3),) * 3,
}


@pytest.mark.parametrize("weights", WEIGHTS)
def test_grey_of_uint8_is_exact(weights):
    x = colors()
    want = each(lambda *color: [sum(c * w for c, w in zip(color, WEIGHTS[weights], strict=True))], x)[..., 0]
    got = image.to_grayscale(x, weights)
    assert got.dtype == np.uint8
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("weights", [*WEIGHTS, (0.5, -0.25, 2)])
def test_grey_of_floats_is_the_weighted_sum(weights, dtype):
    x = np.random.default_rng(0).normal(size=(4, 5, 6, 3)).astype(dtype)
    numbers = np.array(WEIGHTS.get(weights, weights) if isinstance(weights, str) else weights, np.float64)
    want = x.astype(np.float64) @ numbers
    bound = 4 * np.finfo(dtype).eps * (np.abs(x) @ np.abs(numbers))
    got = image.to_grayscale(x, weights)
    assert got.dtype == dtype
    assert got.shape == (4, 5, 6, 1)
    assert (np.abs(got[..., 0] - want) <= bound).all()
    np.testing.assert_array_equal(image.to_grayscale(x[1], weights), got[1, ..., 0])


def test_custom_weights_of_uint8_round_half_to_even_and_clip():
    x = np.array([[[1, 0, 0], [3, 0, 0], [5, 0, 0], [255, 255, 0], [0, 9, 0]]], np.uint8)
    assert image.to_grayscale(x, (0.5, 1, 0)).tolist() == [[0, 2, 2, 255, 9]]
    assert image.to_grayscale(x, np.array([0.5, -1, 0])).tolist() == [[0, 2, 2, 0, 0]]


def hsv(red, green, blue):
    """Return hue, saturation and value of uint8, as exact fractions, by the cases of the textbook."""
    value, spread = max(red, green, blue), max(red, green, blue) - min(red, green, blue)
    if spread == 0:
        return Fraction(0), Fraction(0), value
    if value == red:
        sixths = (green - blue) / spread % 6
    else:
        sixths = 2 + (blue - red) / spread if value == green else 4 + (red - green) / spread
    return Fraction(round(30 * sixths) % 180), 255 * spread / value, value


def rgb_of_hsv(hue, saturation, value):
    sector, part = divmod(hue % 180 / 30, 1)
    s = saturation / 255
    low, falling, rising = value * (1 - s), value * (1 - s * part), value * (1 - s * (1 - part))
    cases = [
        (value, rising, low),
        (falling, value, low),
        (low, value, rising),
        (low, falling, value),
        (rising, low, value),
        (value, low, falling),
    ]
    return cases[sector]


def test_hsv_of_uint8_is_exact():
    x = colors()
    np.testing.assert_array_equal(image.rgb_to_hsv(x), each(hsv, x))
    np.testing.assert_array_equal(image.hsv_to_rgb(x), each(rgb_of_hsv, x))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_hsv_of_floats_is_that_of_scikit_image(dtype):
    color = pytest.importorskip("skimage.color")
    x = np.concatenate([colors() / 255, np.random.default_rng(0).random((1, 300, 3))], 1).astype(dtype)
    eps = np.finfo(dtype).eps
    got = image.rgb_to_hsv(x)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, color.rgb2hsv(x), atol=8 * eps)
    np.testing.assert_allclose(image.hsv_to_rgb(got), color.hsv2rgb(color.rgb2hsv(x)), atol=32 * eps)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_colours_come_back_from_hsv_and_ycbcr(dtype):
    x = 7 * np.random.default_rng(0).random((2, 5, 6, 3)).astype(dtype)
    x[0, 0, 0] = 0
    atol = 64 * np.finfo(dtype).eps
    np.testing.assert_allclose(image.hsv_to_rgb(image.rgb_to_hsv(x)), x, atol=atol)
    np.testing.assert_allclose(image.ycbcr_to_rgb(image.rgb_to_ycbcr(x)), x, atol=atol)
    turned = image.rgb_to_hsv(x) + np.array([3, 0, 0], dtype)
    np.testing.assert_allclose(image.hsv_to_rgb(turned), x, atol=16 * atol)


def ycbcr(red, green, blue):
    luma = sum(c * w for c, w in zip((red, green, blue), WEIGHTS["rec601"], strict=True))
    return luma, 128 + (blue - luma) / Fraction("1.772"), 128 + (red - luma) / Fraction("1.402")


def rgb_of_ycbcr(luma, cb, cr):
    red, blue = luma + Fraction("1.402") * (cr - 128), luma + Fraction("1.772") * (cb - 128)
    return red, (luma - Fraction("0.299") * red - Fraction("0.114") * blue) / Fraction("0.587"), blue


def test_ycbcr_of_uint8_is_exact():
    x = colors()
    np.testing.assert_array_equal(image.rgb_to_ycbcr(x), each(ycbcr, x))
    np.testing.assert_array_equal(image.ycbcr_to_rgb(x), each(rgb_of_ycbcr, x))


def test_ycbcr_of_floats_has_no_offset():
    x = colors().astype(np.float64)
    want = np.array([[float(value) for value in ycbcr(*map(Fraction, color))] for color in x[0].tolist()]) - [0, 128, 128]
    np.testing.assert_allclose(image.rgb_to_ycbcr(x)[0], want, atol=1e-12)


def test_pillow_and_opencv_differ_by_their_rounding_only():
    image_module, cv2 = pytest.importorskip("PIL.Image"), pytest.importorskip("cv2")
    x = colors(5000)

    def furthest(got, want, turn=None):
        apart = np.abs(got.astype(int) - want)
        return (apart if turn is None else np.minimum(apart, turn - apart)).max()

    picture = image_module.fromarray(x)
    assert furthest(image.to_grayscale(x), np.asarray(picture.convert("L"))) <= 1
    assert furthest(image.rgb_to_ycbcr(x), np.asarray(picture.convert("YCbCr"))) <= 1
    assert furthest(image.to_grayscale(x), cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)) <= 1
    own, theirs = image.rgb_to_hsv(x), cv2.cvtColor(x, cv2.COLOR_RGB2HSV)
    assert furthest(own[..., 0], theirs[..., 0], 180) <= 1
    assert furthest(own[..., 1:], theirs[..., 1:]) <= 1


@pytest.mark.parametrize(
    "convert", [image.to_grayscale, image.rgb_to_hsv, image.hsv_to_rgb, image.rgb_to_ycbcr, image.ycbcr_to_rgb]
)
def test_nonfinite_values_stay_where_they_are(convert):
    x = np.random.default_rng(0).random((4, 5, 3)).astype(np.float32)
    want = convert(x)
    x[1, 2, 1] = np.nan
    got = convert(x)
    assert np.isnan(got[1, 2]).any()
    np.testing.assert_array_equal(np.delete(got.reshape(20, -1), 7, 0), np.delete(want.reshape(20, -1), 7, 0))


@pytest.mark.parametrize(
    "convert", [image.to_grayscale, image.rgb_to_hsv, image.hsv_to_rgb, image.rgb_to_ycbcr, image.ycbcr_to_rgb]
)
def test_images_without_three_channels_are_refused(convert):
    for shape in ((4, 5), (4, 5, 4), (4, 5, 1)):
        with pytest.raises(ValueError, match=r"image has .*shape \(4, 5.*; expected"):
            convert(np.zeros(shape, np.uint8))


def test_wrong_weights_are_refused():
    x = np.zeros((1, 1, 3))
    with pytest.raises(ValueError, match="weights='rec2020' is unknown; expected one of 'rec601', 'rec709', 'average'"):
        image.to_grayscale(x, "rec2020")
    with pytest.raises(ValueError, match=r"weights=\(1, 2\) is unknown; expected one of .*, or three numbers"):
        image.to_grayscale(x, (1, 2))
    with pytest.raises(ValueError, match=r"weights\[1\]=nan is out of range"):
        image.to_grayscale(x, (1, np.nan, 2))

"""Edges: against scikit-image, whose edges they are, and what they mean."""

import numpy as np
import pytest

from striate import image


def picture(dtype=np.float64, shape=(70, 90)):
    """Return discs and bars of several brightnesses, slightly noisy."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    x = np.full(shape, 60.0)
    for _ in range(8):
        i, j, radius = rng.uniform(0, shape[0]), rng.uniform(0, shape[1]), rng.uniform(5, 15)
        x[np.hypot(rows - i, columns - j) < radius] = rng.uniform(0, 255)
    x[20:24] = 200
    x = (x + rng.normal(0, 4, shape)).clip(0, 255)
    return x.round().astype(dtype) if dtype == np.uint8 else x.astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
@pytest.mark.parametrize("sigma", [0.6, 1, 2.2])
@pytest.mark.parametrize(("low", "high"), [(20, 60), (50, 50), (0, 200)])
def test_edges_are_those_of_scikit_image(low, high, sigma, dtype):
    feature = pytest.importorskip("skimage.feature")
    x = picture(dtype)
    for border in ("reflect", "nearest", "mirror", "wrap"):
        got = image.canny(x, low, high, sigma, border)
        assert got.dtype == bool
        np.testing.assert_array_equal(got, feature.canny(x, sigma, low, high, mode=border))
    assert 0 < got.sum() < x.size / 3


def test_lines_are_followed_from_strong_to_weak_pixels():
    x = np.zeros((20, 40))
    x[10:, :20] = np.linspace(100, 10, 20)  # an edge that becomes weaker
    x[15:, 25:] = 10  # a weak one alone
    edges = image.canny(x, 20, 200)
    assert edges[9:11, 1:18].any(0).all()
    assert not edges[:, 24:].any()
    assert image.canny(x, 20, 20)[:, 26:].any()


def test_without_smoothing_pixels_are_compared_as_they_are():
    x = np.zeros((5, 7))
    x[:, 3], x[:, 4:] = 4, 9
    np.testing.assert_array_equal(image.canny(x, 1, 1, sigma=0)[1:-1], [[False, False, False, True, False, False, False]] * 3)


def test_flat_and_small_images_have_no_edges():
    for shape in ((1, 1), (2, 9), (9, 9)):
        assert not image.canny(np.full(shape, 7, np.uint8), 0, 0).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(9, 8), (9, 8, 3), (2, 9, 8, 3)])
def test_magnitudes_are_lengths_of_gradients(shape, dtype):
    x = (np.random.default_rng(0).random(shape) * 60).astype(dtype)
    rows = 1 if len(shape) == 4 else 0
    padded = np.pad(
        x.astype(np.float64), [(1, 1) if axis in (rows, rows + 1) else (0, 0) for axis in range(x.ndim)], "symmetric"
    )

    def slope(axis, other):
        smooth = sum(weight * padded.take(range(k, k + x.shape[other]), other) for k, weight in enumerate((1, 2, 1)))
        return smooth.take(range(2, 2 + x.shape[axis]), axis) - smooth.take(range(x.shape[axis]), axis)

    want = np.hypot(slope(rows, rows + 1), slope(rows + 1, rows))
    got = image.sobel_magnitude(x)
    assert got.dtype == dtype
    if dtype == np.uint8:
        np.testing.assert_array_equal(got, np.rint(want).clip(0, 255))
    else:
        np.testing.assert_allclose(got, want, rtol=0, atol=16 * np.finfo(dtype).eps * 60)


def test_wrong_arguments_are_refused():
    x = np.zeros((9, 9))
    with pytest.raises(ValueError, match=r"high=1\.0 is less than low=2\.0; expected at least that"):
        image.canny(x, 2, 1)
    with pytest.raises(ValueError, match="low=-1 is out of range"):
        image.canny(x, -1, 1)
    with pytest.raises(ValueError, match="sigma=-1 is out of range; expected a finite number of at least 0"):
        image.canny(x, 0, 1, -1)
    with pytest.raises(ValueError, match="border='edge' is unknown"):
        image.canny(x, 0, 1, border="edge")
    for function in (lambda x: image.canny(x, 0, 1, border="valid"), lambda x: image.sobel_magnitude(x, "valid")):
        with pytest.raises(ValueError, match="border='valid' is unknown"):
            function(x)
    with pytest.raises(ValueError, match="image has 3 dimensions"):
        image.canny(np.zeros((9, 9, 3)), 0, 1)
    x[2, 2] = np.inf
    with pytest.raises(ValueError, match=r"image holds inf at \(2, 2\)"):
        image.canny(x, 0, 1)

"""Histograms of oriented gradients: against loops over pixels, and scikit-image, whose features they are."""

import numpy as np
import pytest

from striate import image


def picture(shape=(45, 61), dtype=np.float64):
    rng = np.random.default_rng(0)
    x = rng.random(shape).cumsum(0).cumsum(1) % 7 * 36  # smooth but for jumps
    return x.astype(dtype)


def slow_hog(x, orientations, cell, block):
    """Return the features with the norm "L2", by loops."""
    rows, columns = x.shape[0] // cell, x.shape[1] // cell
    cells = np.zeros((rows, columns, orientations))
    for i in range(rows * cell):
        for j in range(columns * cell):
            down = x[i + 1, j] - x[i - 1, j] if 0 < i < x.shape[0] - 1 else 0
            right = x[i, j + 1] - x[i, j - 1] if 0 < j < x.shape[1] - 1 else 0
            angle = np.degrees(np.arctan2(down, right)) % 180
            cells[i // cell, j // cell, int(angle * orientations / 180)] += np.hypot(down, right) / cell**2
    blocks = [[cells[i : i + block, j : j + block] for j in range(columns - block + 1)] for i in range(rows - block + 1)]
    return np.array([[each / np.sqrt((each**2).sum() + 1e-10) for each in line] for line in blocks])


@pytest.mark.parametrize(("orientations", "cell", "block"), [(9, 8, 3), (5, 7, 2), (1, 4, 1)])
def test_features_are_those_of_the_formula(orientations, cell, block):
    x = picture()
    got = image.hog(x, orientations, cell, block, "L2")
    np.testing.assert_allclose(got, slow_hog(x, orientations, cell, block), atol=1e-12)


@pytest.mark.parametrize("norm", ["L2-Hys", "L2", "L1", "L1-sqrt"])
@pytest.mark.parametrize("shape", [(45, 61), (45, 61, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_features_are_those_of_scikit_image(dtype, shape, norm):
    feature = pytest.importorskip("skimage.feature")
    x = picture(shape, dtype)
    for orientations, cell, block in [(9, (8, 8), (3, 3)), (6, (5, 9), (2, 4)), (4, (3, 3), (1, 1))]:
        settings = {"pixels_per_cell": cell, "cells_per_block": block, "block_norm": norm, "feature_vector": False}
        want = feature.hog(x, orientations, channel_axis=2 if len(shape) == 3 else None, **settings)
        got = image.hog(x, orientations, cell, block, norm)
        assert got.dtype == (np.float32 if dtype == np.float32 else np.float64)
        np.testing.assert_allclose(got, want, atol=20 * np.finfo(np.float32).eps)  # in which scikit-image adds up cells


def test_flat_images_have_no_features():
    np.testing.assert_array_equal(image.hog(np.full((30, 30), 7, np.uint8)), 0)


def test_wrong_arguments_are_refused():
    x = np.zeros((20, 30))
    with pytest.raises(ValueError, match=r"image has shape \(20, 30\), 2 x 3 cells; expected at least the cells of a block"):
        image.hog(x)
    with pytest.raises(ValueError, match="norm='l2' is unknown; expected one of 'L2-Hys', 'L2', 'L1', 'L1-sqrt'"):
        image.hog(x, norm="l2")
    with pytest.raises(ValueError, match="orientations=0 is too small"):
        image.hog(x, 0)
    with pytest.raises(ValueError, match="image has 4 dimensions"):
        image.hog(x.reshape(1, 20, 30, 1))
    x[1, 1] = np.nan
    with pytest.raises(ValueError, match=r"image holds nan at \(1, 1\)"):
        image.hog(x, cell_size=4)

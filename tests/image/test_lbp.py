"""Local binary patterns: against a loop over pixels, and scikit-image, whose codes they are, bit for bit."""

import numpy as np
import pytest

from striate import image


def pictures():
    rng = np.random.default_rng(0)
    return {
        "noise": rng.integers(0, 256, (40, 50)).astype(np.uint8),
        "few values": rng.integers(0, 3, (40, 50)).astype(np.uint8),
        "smooth": (np.add.outer(np.arange(40.0), np.arange(50.0) ** 2) / 77).astype(np.float32),
        "flat": np.full((20, 30), 0.3),
        "one pixel": np.ones((1, 1)),
    }


@pytest.mark.filterwarnings("ignore:Applying `local_binary_pattern` to floating-point images:UserWarning")
@pytest.mark.parametrize("method", ["default", "ror", "uniform"])
@pytest.mark.parametrize(("points", "radius"), [(8, 1), (8, 2.5), (16, 2), (24, 3), (5, 1.5), (1, 1), (4, 70)])
@pytest.mark.parametrize("name", pictures())
def test_codes_are_those_of_scikit_image(name, points, radius, method):
    feature = pytest.importorskip("skimage.feature")
    x = pictures()[name]
    got = image.local_binary_pattern(x, points, radius, method)
    assert got.dtype == np.int32
    np.testing.assert_array_equal(got, feature.local_binary_pattern(x, points, radius, method))


def test_codes_of_four_points_are_comparisons_with_neighbours():
    x = pictures()["few values"]
    want = np.zeros(x.shape, int)
    for i, j in np.ndindex(*x.shape):
        for bit, (down, right) in enumerate([(0, 1), (-1, 0), (0, -1), (1, 0)]):
            row, column = i + down, j + right
            inside = 0 <= row < x.shape[0] and 0 <= column < x.shape[1]
            want[i, j] |= ((x[row, column] if inside else 0) >= x[i, j]) << bit
    np.testing.assert_array_equal(image.local_binary_pattern(x, 4), want)
    smallest = [min((code >> i | code << (4 - i)) & 15 for i in range(4)) for code in range(16)]
    np.testing.assert_array_equal(image.local_binary_pattern(x, 4, method="ror"), np.array(smallest)[want])
    uniform = [5 if code in (0b0101, 0b1010) else code.bit_count() for code in range(16)]
    np.testing.assert_array_equal(image.local_binary_pattern(x, 4, method="uniform"), np.array(uniform)[want])


def test_turned_images_have_the_same_textures():
    x = pictures()["noise"]
    for method in ("ror", "uniform"):
        counts = [
            np.bincount(image.local_binary_pattern(turned, 4, 1, method)[1:-1, 1:-1].ravel())
            for turned in (x, np.rot90(x), x[::-1, ::-1])
        ]
        np.testing.assert_array_equal(counts[0], counts[1])
        np.testing.assert_array_equal(counts[0], counts[2])


def test_wrong_arguments_are_refused():
    x = np.zeros((5, 5))
    with pytest.raises(ValueError, match="points=25 is too large; expected an integer of at least 1 and at most 24"):
        image.local_binary_pattern(x, 25)
    with pytest.raises(ValueError, match="radius=0 is out of range; expected a finite number above 0"):
        image.local_binary_pattern(x, 8, 0)
    with pytest.raises(ValueError, match="method='var' is unknown; expected one of 'default', 'ror', 'uniform'"):
        image.local_binary_pattern(x, 8, 1, "var")
    x[1, 1] = np.inf
    with pytest.raises(ValueError, match=r"image holds inf at \(1, 1\)"):
        image.local_binary_pattern(x)

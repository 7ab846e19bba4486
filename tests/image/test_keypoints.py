"""Keypoints of scikit-image, and their matching."""

import builtins

import numpy as np
import pytest

from striate import image


def picture(dtype=np.uint8):
    """Return a smooth image of random spots."""
    x = image.resize(np.random.default_rng(0).integers(0, 256, (14, 16)).astype(np.uint8), (112, 128), "bicubic")
    return x if dtype == np.uint8 else (x / 255).astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_keypoints_are_those_of_scikit_image(dtype):
    feature = pytest.importorskip("skimage.feature")
    x = picture(dtype)
    data_range = None if dtype == np.uint8 else (0, 1)
    theirs = feature.SIFT(c_dog=0.02)
    theirs.detect_and_extract(x / 255 if dtype == np.uint8 else x)
    own = image.sift(x, data_range, c_dog=0.02)
    assert len(own.points) > 20
    np.testing.assert_array_equal(own.points, theirs.positions)
    np.testing.assert_array_equal(own.scales, theirs.sigmas)
    np.testing.assert_array_equal(own.orientations, theirs.orientations)
    np.testing.assert_array_equal(own.descriptors, theirs.descriptors)
    theirs = feature.ORB(n_keypoints=30)
    theirs.detect_and_extract(x)
    own = image.orb(x, 30, data_range)
    assert len(own.points) == 30
    np.testing.assert_array_equal(own.points, theirs.keypoints)
    np.testing.assert_array_equal(own.descriptors, theirs.descriptors)


@pytest.mark.parametrize("method", [image.sift, image.orb])
def test_values_count_by_their_range(method):
    pytest.importorskip("skimage.feature")
    x = picture(np.float64)
    np.testing.assert_allclose(method(4 * x - 3, data_range=(-3, 1)).points, method(x, data_range=(0, 1)).points)


@pytest.mark.parametrize(("method", "ratio"), [(image.sift, 0.8), (image.orb, 0.9)])
def test_places_are_found_again_in_a_shifted_image(method, ratio):
    pytest.importorskip("skimage.feature")
    x = picture()
    first, second = method(x[8:, 4:]), method(x[:-8, :-4])
    pairs = image.match(first.descriptors, second.descriptors, ratio)
    assert len(pairs) > 10
    assert pairs.dtype == np.int64
    moved = second.points[pairs[:, 1]] - first.points[pairs[:, 0]]
    assert (np.abs(moved - (8, 4)).max(1) <= 1).mean() > 0.8


def test_flat_images_have_no_keypoints():
    pytest.importorskip("skimage.feature")
    for method, length in ((image.sift, 128), (image.orb, 256)):
        found = method(np.zeros((64, 64), np.uint8))
        assert found.points.shape == (0, 2)
        assert found.descriptors.shape == (0, length)
        assert image.match(found.descriptors, found.descriptors).shape == (0, 2)


def test_matches_are_nearest_ones():
    pytest.importorskip("skimage.feature")
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 256, (9, 16)).astype(np.uint8), rng.integers(0, 256, (12, 16)).astype(np.uint8)
    apart = np.linalg.norm(first[:, None].astype(float) - second, axis=2)
    assert image.match(first, second, cross_check=False).tolist() == [[i, j] for i, j in enumerate(apart.argmin(1).tolist())]
    both = [[i, j] for i, j in enumerate(apart.argmin(1).tolist()) if apart[:, j].argmin() == i]
    assert image.match(first, second).tolist() == both
    nearest = np.sort(apart, 1)
    clear = [[i, j] for i, j in both if nearest[i, 0] < 0.8 * nearest[i, 1]]
    assert image.match(first, second, 0.8).tolist() == clear
    bits = rng.random((5, 40)) < 0.5
    assert image.match(bits, bits[::-1]).tolist() == [[i, 4 - i] for i in range(5)]


def test_without_scikit_image_the_extra_is_named(monkeypatch):
    original = builtins.__import__

    def without(name, *arguments, **settings):
        if name.startswith("skimage"):
            raise ImportError(name)
        return original(name, *arguments, **settings)

    monkeypatch.setattr(builtins, "__import__", without)
    for function in (image.sift, image.orb):
        with pytest.raises(ImportError, match=r"need scikit-image, .*; install it with pip install striate\[features\]"):
            function(picture())


def test_wrong_arguments_are_refused():
    pytest.importorskip("skimage.feature")
    for method in (image.sift, image.orb):
        with pytest.raises(ValueError, match="data_range=None tells nothing about an image of float64"):
            method(np.zeros((64, 64)))
        with pytest.raises(ValueError, match="image has 3 dimensions"):
            method(np.zeros((64, 64, 3), np.uint8))
    with pytest.raises(ValueError, match="most=0 is too small"):
        image.orb(np.zeros((64, 64), np.uint8), 0)
    with pytest.raises(ValueError, match=r"first has shape \(2, 3\) and dtype float64, second has \(2, 4\)"):
        image.match(np.zeros((2, 3)), np.zeros((2, 4)))
    with pytest.raises(ValueError, match="second has 1 dimensions"):
        image.match(np.zeros((2, 3)), np.zeros(3))
    with pytest.raises(ValueError, match="ratio=2 is out of range"):
        image.match(np.zeros((2, 3)), np.zeros((2, 3)), 2)

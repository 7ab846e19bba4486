"""Alignment of faces by their landmarks."""

import numpy as np
import pytest

from striate.faces import align
from striate.faces.alignment import TEMPLATE, similarity


def turned(points, angle, scale, shift):
    """Return points after a similarity transform."""
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    return points @ np.array([[cosine, sine], [-sine, cosine]]) + shift


@pytest.mark.parametrize(("angle", "scale"), [(0.0, 1.0), (0.4, 2.5), (-2.0, 0.3)])
def test_a_similarity_is_found_again(angle, scale):
    (a, b), shift = similarity(TEMPLATE, turned(TEMPLATE, angle, scale, [3, -7]))
    np.testing.assert_allclose([a, b, *shift], [scale * np.cos(angle), scale * np.sin(angle), 3, -7], atol=1e-12)


def test_the_similarity_is_that_of_least_squares():
    rng = np.random.default_rng(0)
    points, places = rng.random((5, 2)), rng.random((5, 2))
    # The map is linear in a, b and the shift: one row for each coordinate of each point.
    rows = [row for x, y in points for row in ([x, -y, 1, 0], [y, x, 0, 1])]
    want = np.linalg.lstsq(np.array(rows), places.ravel(), rcond=None)[0]
    (a, b), shift = similarity(points, places)
    np.testing.assert_allclose([a, b, *shift], want, atol=1e-12)


def spot(point, radius, shape):
    """Return an image with a smooth spot."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.exp(-((rows - point[1]) ** 2 + (columns - point[0]) ** 2) / (2 * radius**2))


@pytest.mark.parametrize(("angle", "scale"), [(0.0, 60.0), (0.5, 90.0), (-0.3, 45.0)])
def test_landmarks_come_to_their_places(angle, scale):
    points = turned(TEMPLATE - 0.5, angle, scale, [70, 60])
    for point, place in zip(points, TEMPLATE * 64, strict=True):
        face = align(spot(point, 0.03 * scale, (120, 140)), points, 64)
        assert face.shape == (64, 64)
        weights = face / face.sum()
        found = [(weights.sum(axis) * np.arange(64)).sum() for axis in (0, 1)]
        np.testing.assert_allclose(found, place, atol=0.05)


def test_several_faces_of_one_image():
    image = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    points = np.stack([turned(TEMPLATE, 0, 20, [5, 6]), turned(TEMPLATE, 0.2, 25, [20, 3])])
    faces = align(image, points, 24)
    assert faces.shape == (2, 24, 24, 3)
    assert faces.dtype == np.uint8
    np.testing.assert_array_equal(faces[1], align(image, points[1], 24))
    assert align(image, points[:0], 24).shape == (0, 24, 24, 3)
    assert align(image[..., 0], points, 24).shape == (2, 24, 24)


def test_an_aligned_face_stays_as_it_is():
    image = np.random.default_rng(0).integers(0, 256, (112, 112, 3), np.uint8)
    np.testing.assert_array_equal(align(image, 112 * TEMPLATE), image)


@pytest.mark.parametrize(
    ("landmarks", "message"),
    [
        (np.zeros((4, 2)), r"landmarks has shape \(4, 2\); expected \(5, 2\)"),
        (np.zeros((2, 5, 3)), r"landmarks has shape \(2, 5, 3\); expected \(2, 5, 2\)"),
        (np.ones((5, 2)), r"landmarks holds the point \[1.0, 1.0\] alone"),
        (np.full((5, 2), np.inf), "landmarks holds NaN or infinity"),
    ],
)
def test_wrong_landmarks_are_named(landmarks, message):
    with pytest.raises(ValueError, match=message):
        align(np.zeros((9, 9)), landmarks)


def test_scikit_image_finds_the_same():
    transform = pytest.importorskip("skimage.transform")
    rng = np.random.default_rng(1)
    points, places = rng.random((5, 2)), rng.random((5, 2))
    (a, b), shift = similarity(points, places)
    other = transform.estimate_transform("similarity", points, places).params
    np.testing.assert_allclose(other[:2], [[a, -b, shift[0]], [b, a, shift[1]]], atol=1e-12)

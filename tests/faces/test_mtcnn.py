"""The detector of faces: its arguments, and what it finds, compared with facenet-pytorch where that is installed."""

from pathlib import Path

import numpy as np
import pytest

from striate.faces import MTCNN, Faces, convert_mtcnn


@pytest.fixture
def eager():
    """Return a detector with random weights that sees faces in every part of an image."""
    detector = MTCNN(min_face_size=12, thresholds=(0.3, 0.3, 0.3), rng=1)
    rng = np.random.default_rng(2)
    for layer in (each for name in ("pnet", "rnet", "onet") for each in detector.model.get_layer(name).layers):
        for weight in layer.weights:
            if weight.name != "kernel":
                weight.assign(rng.uniform(-0.1, 0.1, weight.shape))
    return detector


def photograph():
    """Return an image of noise of several scales."""
    rng = np.random.default_rng(3)
    return sum(rng.integers(0, 64, (8 * k, 10 * k, 3), np.uint8).repeat(8 // k, 0).repeat(8 // k, 1) for k in (1, 2, 4, 8))


def test_what_is_found(eager):
    found = eager.detect(photograph())
    assert isinstance(found, Faces)
    assert len(found) > 0
    assert (np.diff(found.scores) <= 0).all()
    assert found.landmarks.shape == (len(found), 5, 2)
    assert not found.labels.any()
    assert len(found[:1]) == 1


def test_an_image_in_grey_is_one_in_colour(eager):
    gray = photograph()[..., 0]
    found, of_color = eager.detect(gray), eager.detect(np.repeat(gray[..., np.newaxis], 3, 2))
    np.testing.assert_array_equal(found.boxes, of_color.boxes)


def test_several_images_at_once_give_the_same(eager):
    image = photograph()
    several = eager.predict([image, image[:40], np.zeros((5, 5), np.uint8)])
    assert len(several[2]) == 0
    for got, want in zip(several, map(eager.detect, [image, image[:40]]), strict=False):
        np.testing.assert_array_equal(got.boxes, want.boxes)
        np.testing.assert_array_equal(got.landmarks, want.landmarks)
    assert len(eager.predict(np.stack([image, image]))) == 2


def test_weights_are_read_again(eager, tmp_path):
    eager.save_weights(tmp_path / "weights.npz")
    again = MTCNN(tmp_path / "weights.npz", min_face_size=12, thresholds=(0.3, 0.3, 0.3))
    np.testing.assert_array_equal(again.detect(photograph()).boxes, eager.detect(photograph()).boxes)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"min_face_size": 11}, ValueError, "min_face_size=11 is too small; expected an integer of at least 12"),
        ({"thresholds": (0.5, 0.5)}, ValueError, "has 2 elements; expected one for each of 3 networks"),
        ({"thresholds": (0.5, 0.5, 1.5)}, ValueError, r"thresholds\[2\]=1.5 is out of range"),
        ({"factor": 1}, ValueError, "factor=1 is out of range; expected a finite number above 0 and below 1"),
        ({"weights": 3}, TypeError, "weights=3 is of type int"),
        ({"weights": "nowhere.npz"}, FileNotFoundError, "nowhere.npz"),
    ],
)
def test_wrong_arguments_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        MTCNN(**arguments)


def test_wrong_images_are_named():
    detector = MTCNN(rng=0)
    with pytest.raises(TypeError, match="image has dtype float64"):
        detector.detect(np.zeros((9, 9)))
    with pytest.raises(ValueError, match=r"images\[1\] has shape \(9, 9, 2\), 2 channels"):
        detector.predict([np.zeros((9, 9), np.uint8), np.zeros((9, 9, 2), np.uint8)])
    with pytest.raises(ValueError, match=r"images has shape \(9, 9, 3\)"):
        detector.predict(np.zeros((9, 9, 3), np.uint8))


def test_faces_need_five_landmarks():
    with pytest.raises(ValueError, match=r"landmarks has shape \(1, 4, 2\); expected \(1, 5, 2\)"):
        Faces([[0, 0, 1, 1]], [0.5], np.zeros((1, 4, 2)))
    with pytest.raises(ValueError, match="landmarks holds NaN or infinity"):
        Faces([[0, 0, 1, 1]], [0.5], np.full((1, 5, 2), np.nan))


# ------------------------------------------------------------------------------------------------- against facenet-pytorch


def images():
    """Return real photographs: a portrait, and a grid of faces from the news."""
    data = pytest.importorskip("skimage.data")
    faces = (255 * data.lfw_subset()[:36]).round().astype(np.uint8).repeat(3, 1).repeat(3, 2)
    grid = faces.reshape(6, 6, 75, 75).transpose(0, 2, 1, 3).reshape(450, 450)
    return {"portrait": data.astronaut(), "grid": np.repeat(grid[..., np.newaxis], 3, 2)}


def test_faces_are_those_of_facenet_pytorch(facenet, tmp_path):
    other = facenet.MTCNN(keep_all=True, select_largest=False)
    detector = convert_mtcnn(Path(facenet.__file__).parent / "data", tmp_path / "weights.npz")
    for name, image in images().items():
        boxes, scores, landmarks = (np.stack(each).astype(float) for each in other.detect(image, landmarks=True))
        found = detector.detect(image)
        assert len(found) == len(boxes) >= (1 if name == "portrait" else 30)
        np.testing.assert_allclose(np.sort(found.scores), np.sort(scores), rtol=0, atol=1e-4)
        for box, points in zip(boxes, landmarks, strict=True):
            nearest = np.abs(found.boxes - box).max(1).argmin()
            np.testing.assert_allclose(found.boxes[nearest], box, rtol=0, atol=0.01)  # pixels
            np.testing.assert_allclose(found.landmarks[nearest], points, rtol=0, atol=0.01)

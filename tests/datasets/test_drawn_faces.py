"""Synthetic faces: what they depend on, and that identities differ where images of one do not."""

import zlib

import numpy as np
import pytest

from striate.datasets import drawn_faces


@pytest.fixture(scope="module")
def drawn():
    return drawn_faces.generate(20, 5, 48, seed=7)


def test_shapes_dtypes_and_labels(drawn):
    x, y, landmarks = drawn
    assert (x.shape, x.dtype) == ((100, 48, 48, 3), np.uint8)
    np.testing.assert_array_equal(y, np.repeat(np.arange(20), 5))
    assert (landmarks.shape, landmarks.dtype) == ((100, 5, 2), np.float32)
    assert len({image.tobytes() for image in x}) == len(x)


def test_images_depend_on_seed_and_index_only(drawn):
    x, _, landmarks = drawn
    fewer, _, points = drawn_faces.generate(3, 2, 48, seed=7)
    chosen = [0, 1, 5, 6, 10, 11]
    np.testing.assert_array_equal(fewer, x[chosen])
    np.testing.assert_array_equal(points, landmarks[chosen])
    assert (drawn_faces.generate(3, 2, 48, seed=8)[0] != fewer).any((1, 2, 3)).all()
    assert [len(each) for each in drawn_faces.generate(0)] == [0, 0, 0]


def test_identities_and_images_have_different_random_numbers(monkeypatch):
    """NumPy pads seeds with zeros: [7, i, 0] is [7, i]."""
    numbers = []
    monkeypatch.setattr(drawn_faces, "_identity", lambda rng: numbers.append(rng.random()))
    monkeypatch.setattr(drawn_faces, "_image", lambda face, size, rng: (numbers.append(rng.random()) or 0, 0))
    drawn_faces.generate(4, 3, 32, seed=7)
    assert len(set(numbers)) == len(numbers) == 4 + 4 * 3


def test_images_are_the_same_on_every_machine():
    x, _, landmarks = drawn_faces.generate(4, 3, 32, seed=4)
    assert (zlib.crc32(x.tobytes()), zlib.crc32(landmarks.tobytes())) == (2931952733, 2131236263)


def test_landmarks_are_where_faces_have_them(drawn):
    _, _, landmarks = drawn
    left_eye, right_eye, nose, left_mouth, right_mouth = landmarks.transpose(1, 0, 2)
    assert (landmarks > 0).all()
    assert (landmarks < 47).all()
    assert (right_eye[:, 0] > left_eye[:, 0] + 4).all()
    assert (right_mouth[:, 0] > left_mouth[:, 0] + 2).all()
    eyes, mouth = (left_eye + right_eye)[:, 1] / 2, (left_mouth + right_mouth)[:, 1] / 2
    assert (eyes < nose[:, 1]).all()
    assert (nose[:, 1] < mouth).all()


def test_pupils_are_at_the_landmarks_of_eyes(monkeypatch):
    monkeypatch.setattr(drawn_faces, "lit", lambda pixels, rng: (255 * pixels).astype(np.uint8))
    x, _, landmarks = drawn_faces.generate(15, 1, 256, seed=1)
    for image, points in zip(x, landmarks.round().astype(int), strict=True):
        for column, row in points[:2]:
            looked_at = image[row - 1 : row + 2, column - 8 : column + 9] / 255
            assert np.abs(looked_at - drawn_faces._PUPIL).max(-1).min() < 0.05


def test_images_of_one_identity_are_more_alike_than_others():
    """After alignment and without the light, what is left is mostly the identity: shapes and colours."""
    from striate.faces import align

    x, y, landmarks = drawn_faces.generate(30, 4, 48, seed=3)
    aligned = np.stack([align(*each, 24) for each in zip(x, landmarks, strict=True)]).astype(float)
    flat = aligned.reshape(len(x), -1)
    flat = (flat - flat.mean(1, keepdims=True)) / flat.std(1, keepdims=True)
    distances = ((flat[:, np.newaxis] - flat) ** 2).mean(-1)
    same = y[:, np.newaxis] == y
    apart = ~np.eye(len(x), dtype=bool)
    assert distances[same & apart].mean() < 0.85 * distances[~same].mean()


def test_load_data_is_what_its_seeds_generate(monkeypatch):
    monkeypatch.setattr(drawn_faces, "generate", lambda *arguments, **settings: (arguments, settings))
    assert drawn_faces.load_data(40) == (((300, 10, 40), {"seed": 0}), ((100, 10, 40), {"seed": 1}))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1,), "identities=-1 is too small"),
        ((1, -1), "images=-1 is too small"),
        ((1, 1, 31), "size=31 is too small; expected an integer of at least 32"),
        ((1, 1, 2000), "size=2000 is too large"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        drawn_faces.generate(*arguments)

"""Augmentation: boxes go where their objects go."""

import numpy as np
import pytest

from striate.detection import Dataset, Objects, RandomAffine, RandomColor, RandomCrop, RandomFlip, augment


def marked(seed=0):
    """Return a dark image with a bright rectangle, and the object that it is."""
    rng = np.random.default_rng(seed)
    row, column, height, width = rng.integers((0, 0, 8, 8), (30, 40, 18, 24))
    image = np.ones((48, 64, 1), np.uint8)
    image[row : row + height, column : column + width] = 250
    return image, Objects([[column, row, column + width, row + height]], [0])


def seen_box(image):
    """Return the box around the bright pixels, None if there are none; what is grey beside the image is darker."""
    rows, columns = (np.flatnonzero((image[..., 0] > 190).any(axis)) for axis in (1, 0))
    return None if not len(rows) else [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]


@pytest.mark.parametrize(
    ("change", "tolerance"),
    [
        (RandomFlip(probability=1), 0),
        (RandomFlip("vertical", probability=1), 0),
        (RandomCrop(0.4), 0),
        (RandomAffine((1, 1), 0.3), 0.75),
        (RandomAffine((0.6, 1.8), 0.2), 1),
    ],
)
def test_boxes_stay_around_their_objects(change, tolerance):
    checked = 0
    for seed in range(40):
        changed, moved = change(*marked(seed), np.random.default_rng(seed))
        assert changed.dtype == np.uint8
        seen = seen_box(changed)
        if seen is None:
            assert moved.ignored.all()  # nothing is left, or the edge of a pixel
        else:
            np.testing.assert_allclose(moved.boxes[0], seen, rtol=0, atol=tolerance)
            checked += 1
    assert checked > 30


def test_half_of_the_images_are_mirrored():
    rng = np.random.default_rng(0)
    image, objects = marked()
    kept = sum(RandomFlip()(image, objects, rng)[0] is image for _ in range(200))
    assert 70 < kept < 130


def test_what_is_hardly_seen_is_ignored_and_what_is_outside_is_left_out():
    objects = Objects([[0, 0, 10, 10], [7, 0, 17, 10], [5, 0, 15, 10], [12, 0, 20, 10]], range(4))
    image = np.zeros((10, 20, 1), np.uint8)
    crop = RandomCrop(0.5)
    for seed in range(50):
        part, left = crop(image, objects, np.random.default_rng(seed))
        for box, label, ignored, area in zip(left.boxes, left.labels, left.ignored, left.areas, strict=True):
            whole = objects.areas[label]
            own = (box[2:] - box[:2]).prod()
            assert own > 0
            assert box[2] <= part.shape[1]
            assert ignored == (own / whole < 0.3)
            assert area == pytest.approx(own)


def test_colors_change_within_their_bounds():
    rng = np.random.default_rng(0)
    image = rng.integers(60, 190, (8, 8, 3), np.uint8)
    objects = Objects([[0, 0, 8, 8]], [0])
    for _ in range(20):
        changed, same = RandomColor(0.1, 0, 0)(image, objects, rng)
        shift = changed.astype(int) - image
        assert same is objects
        assert np.ptp(shift) <= 1
        assert abs(shift).max() <= 26
    changed, _ = RandomColor(0, 1, 0)(image, objects, np.random.default_rng(4))
    ratio = changed.std() / image.std()
    assert ratio != pytest.approx(1, abs=0.01)
    gray = np.repeat(image[..., :1], 3, 2)
    changed, _ = RandomColor(0, 0, 1)(gray, objects, rng)
    np.testing.assert_allclose(changed.astype(int), gray, atol=1)  # grey has no saturation
    assert RandomColor()(image[..., :1], objects, rng)[0].shape == (8, 8, 1)


def test_data_sets_are_augmented_from_a_seed():
    image, objects = marked()
    data = Dataset([image], [objects], ["bright"])
    changes = [RandomFlip(), RandomAffine(), RandomColor()]
    first, again, other = (augment(data, changes, copies=3, rng=seed) for seed in (0, 0, 1))
    assert len(first) == 3
    assert all((a == b).all() for (a, _), (b, _) in zip(first, again, strict=True))
    assert any((a != b).any() for (a, _), (b, _) in zip(first, other, strict=True))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: RandomFlip("left"), "RandomFlip: direction='left' is unknown; expected"),
        (lambda: RandomCrop(0), "RandomCrop: smallest=0 is out of range"),
        (lambda: RandomAffine(2), "RandomAffine: scale=2 is not a range; expected"),
        (lambda: RandomAffine((2, 1)), r"RandomAffine: scale\[1\]=1 is out of range"),
        (lambda: RandomColor(contrast=2), "RandomColor: contrast=2 is out of range"),
        (lambda: RandomFlip()(np.zeros((4, 4)), Objects([], [])), "image has dtype float64; expected an image of uint8"),
        (lambda: RandomFlip()(marked()[0], 3), "objects=3 is of type int; expected Objects"),
        (lambda: augment(3, []), r"dataset=3 is of type int; expected a striate\.detection\.Dataset"),
        (lambda: augment(Dataset([marked()[0]], [Objects([], [])], ["a", "b"]), [3]), r"augmentation\[0\]=3 cannot be called"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()

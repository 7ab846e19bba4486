"""Scenes of digits and of streets: what they depend on, and that their boxes are around what is there."""

import itertools
import zlib

import numpy as np
import pytest

from striate.datasets import digit_scenes, load_digits, street_scenes
from striate.datasets.drawing import Canvas
from striate.datasets.placing import box_around, is_free


def digits(n, size=64, seed=0):
    return digit_scenes.generate(n, size, seed=seed, digits=load_digits())


def streets(n, size=64, seed=0):
    return street_scenes.generate(n, size, seed=seed)


#: What the streets of seed 4 are.
LABELS = [[5], [2], [0, 3, 4], [4], [1, 1, 1, 1], [2, 4, 5], [4, 3, 3, 4, 0], [5, 1, 1, 5, 1], [0, 5, 4, 4, 4], [1, 4, 2, 1, 1]]
BOXES, PIXELS = 394159027, 244147512

MAKERS = pytest.mark.parametrize("make", [digits, streets])


@MAKERS
def test_boxes_and_labels_fit_their_scenes(make):
    x, boxes, labels = make(60, 80)
    assert x.shape[:3] == (60, 80, 80)
    assert x.dtype == np.uint8
    assert len(boxes) == len(labels) == 60
    for each, own in zip(boxes, labels, strict=True):
        assert each.shape == (len(own), 4)
        assert (each.dtype, own.dtype) == (np.float32, np.uint8)
        assert (each[:, 2:] - each[:, :2] >= 2).all()
        assert each.min(initial=0) >= 0
        assert each.max(initial=0) <= 80
    count = 10 if make is digits else 6
    assert set(np.concatenate(labels)) == set(range(count))
    assert max(map(len, boxes)) >= 4


@MAKERS
def test_no_object_hides_another(make):
    most = 0
    for boxes in make(60)[1]:
        for a, b in itertools.combinations(boxes, 2):
            shared = np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0).prod()
            most = max(most, shared / min((a[2:] - a[:2]).prod(), (b[2:] - b[:2]).prod()))
    assert 0.1 < most <= 0.3 + 1e-6


@MAKERS
def test_scenes_depend_on_seed_and_index_only(make):
    x, boxes, _ = make(6)
    fewer, same, _ = make(3)
    np.testing.assert_array_equal(fewer, x[:3])
    for a, b in zip(same, boxes, strict=False):
        np.testing.assert_array_equal(a, b)
    assert (make(3, seed=1)[0] != fewer).any((1, 2) if make is digits else (1, 2, 3)).all()


def test_streets_are_the_same_on_every_machine():
    x, boxes, labels = streets(10, seed=4)
    assert [each.tolist() for each in labels] == LABELS
    assert zlib.crc32(np.concatenate(boxes).tobytes()) == BOXES
    assert zlib.crc32(x.tobytes()) == PIXELS


def test_boxes_are_around_the_ink():
    """Digits of which nothing is empty, in the largest scenes: their boxes are bright, and what is beside them is not."""
    glyphs = np.full((1, 8, 6), 9)
    x, boxes, _ = digit_scenes.generate(30, 96, digits=(glyphs, [3]))
    checked = 0
    for scene, each in zip(x, boxes, strict=True):
        for left, top, right, bottom in each.astype(int):
            inside = scene[top:bottom, left:right]
            assert np.median(inside) > 0.6 * 255
            beside = [scene[max(top - 2, 0), left:right], scene[top:bottom, max(left - 2, 0)]]
            checked += sum(np.median(one) < np.median(inside) - 15 for one in beside)
    assert checked > 60  # others and the border may be beside it


def test_digits_have_different_sizes():
    heights = np.concatenate([each[:, 3] - each[:, 1] for each in digits(80, 128)[1]])
    assert heights.min() < 0.16 * 128
    assert heights.max() > 0.38 * 128


def test_pedestrians_are_higher_than_wide():
    outlines = []
    for seed in range(10):
        canvas = Canvas(64, (0.0, 0.0, 0.0))
        canvas.pixels[:] = -1  # a colour that nothing has
        canvas.place((32, 60), 40)
        street_scenes._pedestrian(canvas, np.random.default_rng(seed))
        box = box_around((canvas.pixels > -0.5).all(-1))
        outlines.append(box[2:] - box[:2])
    assert (np.array(outlines)[:, 1] > 1.5 * np.array(outlines)[:, 0]).all()


def test_places():
    mask = np.zeros((6, 8), bool)
    assert box_around(mask) is None
    mask[2, 3] = mask[4, 5] = True
    assert box_around(mask).tolist() == [3, 2, 6, 5]
    box = np.array([0.0, 0, 10, 10])
    assert is_free(box, [])
    assert is_free(box, [[7, 0, 17, 10]])
    assert not is_free(box, [[6, 0, 16, 10]])
    assert not is_free(box, [[20, 0, 30, 10], [2, 2, 4, 4]])  # a small one that would be hidden


def test_mnist_is_the_default():
    try:
        x, _, labels = digit_scenes.generate(3, 64)
    except OSError:
        pytest.skip("MNIST can neither be found nor downloaded")
    assert x.shape == (3, 64, 64)
    assert all(len(each) for each in labels)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: digit_scenes.generate(-1), "n=-1 is too small"),
        (lambda: digit_scenes.generate(1, 16), "size=16 is too small"),
        (lambda: street_scenes.generate(1, 32), "size=32 is too small"),
        (lambda: street_scenes.generate(1, seed=-1), "seed=-1 is too small"),
        (lambda: digit_scenes.generate(1, digits=3), "digits=3 is not a pair; expected images and labels"),
        (lambda: digit_scenes.generate(1, digits=([[1]], [1])), r"digits\[0\] has shape \(1, 1\) and dtype int64; expected"),
        (lambda: digit_scenes.generate(1, digits=(np.zeros((1, 4, 4)), [1])), r"digits\[0\] has shape \(1, 4, 4\)"),
        (lambda: digit_scenes.generate(1, digits=(np.ones((1, 4, 4)), [1, 2])), r"digits\[1\] has shape \(2,\); expected the"),
        (lambda: digit_scenes.generate(1, digits=(np.ones((1, 4, 4)), [10])), r"digits\[1\] has dtype int64 or other labels"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()

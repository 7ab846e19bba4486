"""Scenes with signs: their boxes are around what is written, none hides another, and they depend on their seed alone."""

import itertools
import re
import zlib

import numpy as np
import pytest

from striate.datasets import sign_scenes

#: What is written in the scenes of seed 4, and how they look.
TEXTS = [["Ygu 0", "CB2IW", "Xaw"], ["pedyh"], ["2:10", "umosb"], ["2l17,", "1a& J", "#3997"]]
PIXELS = 3929592619


def test_boxes_and_texts_fit_their_scenes():
    x, boxes, texts = sign_scenes.generate(60, 96, alphabet="0123456789", longest=4)
    assert x.shape == (60, 96, 96)
    assert x.dtype == np.uint8
    for each, written in zip(boxes, texts, strict=True):
        assert each.shape == (len(written), 4)
        assert each.dtype == np.float32
        assert each.min(initial=0) >= 0
        assert each.max(initial=0) <= 96
        heights = each[:, 3] - each[:, 1]
        assert (heights >= 15).all()
        assert (heights <= 26).all()
        assert all(re.fullmatch(r"\d{1,4}", text) for text in written)
    assert max(map(len, boxes)) == 3


def test_no_sign_hides_another():
    pairs = 0
    for boxes in sign_scenes.generate(60)[1]:
        for a, b in itertools.combinations(boxes, 2):
            assert (np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])).min() <= 0
            pairs += 1
    assert pairs > 20


def test_signs_have_contrast():
    x, boxes, _ = sign_scenes.generate(40)
    for scene, each in zip(x, boxes, strict=True):
        for left, top, right, bottom in each.astype(int):
            assert np.ptp(np.percentile(scene[top:bottom, left:right], [1, 99])) > 25


def test_scenes_depend_on_seed_and_index_only():
    x, boxes, texts = sign_scenes.generate(6)
    fewer, same, written = sign_scenes.generate(3)
    np.testing.assert_array_equal(fewer, x[:3])
    assert written == texts[:3]
    for a, b in zip(same, boxes[:3], strict=True):
        np.testing.assert_array_equal(a, b)
    assert (sign_scenes.generate(3, seed=1)[0] != fewer).any((1, 2)).all()


def test_scenes_are_the_same_on_every_machine():
    x, _, texts = sign_scenes.generate(4, seed=4)
    assert texts == TEXTS
    assert zlib.crc32(x.tobytes()) == PIXELS


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 63}, "size=63 is too small; expected an integer of at least 64"),
        ({"longest": 21}, "longest=21 is too large"),
        ({"alphabet": "é"}, "alphabet='é' has 'é', which the font lacks"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        sign_scenes.generate(2, **arguments)

"""Boxes drawn into images."""

import numpy as np
import pytest

from striate.detection import Detections, Objects, draw_boxes

pytest.importorskip("PIL")

IMAGE = np.full((60, 80), 50, np.uint8)


def test_lines_lie_inside_their_boxes():
    drawn = draw_boxes(IMAGE, Objects([[10, 20, 50, 45]], [0]), width=2)
    changed = (drawn != 50).any(-1)
    expected = np.zeros((60, 80), bool)
    expected[20:45, 10:50] = True
    expected[22:43, 12:48] = False
    np.testing.assert_array_equal(changed, expected)
    assert len(np.unique(drawn[changed], axis=0)) == 1


def test_classes_have_their_own_colors():
    boxes = [[10 * i, 5, 10 * i + 8, 20] for i in range(6)]
    drawn = draw_boxes(IMAGE, Detections(boxes, range(6), np.ones(6)), width=1)
    colors = {tuple(drawn[5, 10 * i]) for i in range(6)}
    assert len(colors) == 6
    assert tuple(draw_boxes(IMAGE, Objects([boxes[0]], [3]))[5, 0]) in colors


def test_names_are_written_above_or_inside():
    plain, named = (draw_boxes(IMAGE, Objects([[10, 30, 50, 50]], [0]), classes) for classes in (None, ["cat"]))
    assert (plain[:29] == 50).all()
    assert (named[14:30] != 50).any()
    np.testing.assert_array_equal(named[31:], plain[31:])
    at_border = draw_boxes(IMAGE, Detections([[60, 0, 80, 40]], [0], [0.5]), ["elephant"])
    assert (at_border[:16, 30:] != 50).any()
    draw_boxes(np.zeros((4, 4, 3), np.uint8), Objects([[0, 0, 1, 1]], [0]), ["猫"])  # a name without letters in the font


def test_the_image_stays_and_nothing_can_be_found():
    image = IMAGE.copy()
    drawn = draw_boxes(image, Detections([], [], []), ["cat"])
    np.testing.assert_array_equal(image, IMAGE)
    np.testing.assert_array_equal(drawn, np.repeat(IMAGE[..., np.newaxis], 3, 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: draw_boxes(IMAGE, 3), "found=3 is of type int; expected Detections or Objects"),
        (lambda: draw_boxes(IMAGE, Objects([[0, 0, 1, 1]], [1]), ["a"]), r"classes=\['a'\] has no name for the label 1"),
        (lambda: draw_boxes(IMAGE / 255, Objects([], [])), "image has dtype float64; expected an image of uint8"),
        (lambda: draw_boxes(IMAGE, Objects([], []), width=0), "width=0 is too small"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()

"""Tracks drawn into frames."""

import numpy as np
import pytest

from striate.tracking import Tracks, draw_tracks

pytest.importorskip("PIL")

IMAGE = np.full((80, 120), 50, np.uint8)


def tracks(x, id=3, label=0):
    return Tracks([[x, 20, x + 20, 60]], [label], [0.9], [id])


def test_identities_have_their_own_colors():
    colors = {tuple(draw_tracks(IMAGE, tracks(30, id), width=1)[40, 30]) for id in range(6)}
    assert len(colors) == 6
    assert tuple(draw_tracks(IMAGE, tracks(30, 4, label=1), width=1)[40, 30]) in colors


def test_ways_go_through_the_middles_of_boxes_of_the_same_identity():
    plain = draw_tracks(IMAGE, tracks(80), width=1)
    drawn = draw_tracks(IMAGE, tracks(80), before=[tracks(10), tracks(40), tracks(60, id=4)], width=1)
    changed = (drawn != plain).any(-1)
    assert changed[40, 21:80].all()
    assert changed[40, 81:89].all()  # Between them is the side of the box.
    assert not changed[:39].any()
    assert not changed[42:].any()
    np.testing.assert_array_equal(draw_tracks(IMAGE, tracks(80), before=[tracks(10, id=4)], width=1), plain)


def test_names_and_identities_are_written():
    plain, named = (draw_tracks(IMAGE, tracks(30), classes) for classes in (None, ["cat"]))
    assert (plain[:20] != 50).any()  # the identity
    assert (named[:20] != plain[:20]).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: draw_tracks(IMAGE, 3), "tracks=3 is of type int; expected Tracks"),
        (lambda: draw_tracks(IMAGE, tracks(0, label=1), ["a"]), r"classes=\['a'\] has no name for the label 1"),
        (lambda: draw_tracks(IMAGE, tracks(0), before=[3]), r"before\[0\] is of type int; expected Tracks"),
        (lambda: draw_tracks(IMAGE / 255, tracks(0)), "image has dtype float64"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()

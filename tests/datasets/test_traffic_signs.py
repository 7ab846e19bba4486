"""Synthetic traffic signs: what they depend on, that they differ in all that they should, and that no sign is another one."""

import zlib

import numpy as np
import pytest

from striate.datasets import traffic_signs
from striate.datasets.drawing import Canvas


@pytest.fixture(scope="module")
def signs():
    return traffic_signs.generate(200, 24, seed=7)


def test_shapes_dtypes_and_labels(signs):
    x, y = signs
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((200, 24, 24, 3), np.uint8, (200,), np.uint8)
    assert set(y) == set(range(len(traffic_signs.CLASSES)))
    assert len(set(traffic_signs.CLASSES)) == len(traffic_signs.DRAW) == 15
    assert x.min() < 20
    assert x.max() > 235


def test_images_depend_on_seed_and_index_only(signs):
    x, y = signs
    fewer, labels = traffic_signs.generate(5, 24, seed=7)
    np.testing.assert_array_equal(fewer, x[:5])
    np.testing.assert_array_equal(labels, y[:5])
    assert (traffic_signs.generate(5, 24, seed=8)[0] != fewer).any((1, 2, 3)).all()


def test_images_are_the_same_on_every_machine():
    x, y = traffic_signs.generate(20, 32, seed=4)
    assert y.tolist() == [10, 6, 4, 3, 5, 1, 5, 12, 2, 0, 13, 12, 3, 2, 13, 0, 10, 6, 11, 12]
    assert zlib.crc32(x.tobytes()) == 440661231


def face(label, size=64):
    """Return a sign alone, upright, on a ground that has no sign's colour."""
    canvas = Canvas(size, (0.0, 0.6, 0.0))
    canvas.place((size / 2, size / 2), size / 2.4)
    traffic_signs.DRAW[label](canvas)
    return canvas.pixels


def test_every_sign_looks_different():
    faces = [face(label) for label in range(len(traffic_signs.CLASSES))]
    for i, one in enumerate(faces):
        for other in faces[:i]:
            assert (abs(one - other).max(-1) > 0.3).mean() > 0.015


@pytest.mark.parametrize(
    ("name", "corners"),
    [("stop", 8), ("yield", 3), ("danger", 3), ("priority road", 4), ("no entry", 0), ("pedestrian crossing", 4)],
)
def test_signs_have_their_outlines(name, corners):
    """The part of its bounding box that a sign covers tells a triangle, an octagon, a disk, a square and a diamond apart."""
    covered = abs(face(traffic_signs.CLASSES.index(name)) - (0.0, 0.6, 0.0)).max(-1) > 0.2
    rows, columns = np.flatnonzero(covered.any(1)), np.flatnonzero(covered.any(0))
    part = covered.sum() / (np.ptp(rows) + 1) / (np.ptp(columns) + 1)
    expected = {3: 0.5, 8: 2 * np.sqrt(2) - 2, 0: np.pi / 4, 4: 1.0 if "crossing" in name else 0.5}[corners]
    assert part == pytest.approx(expected, abs=0.03)


def test_faces_have_their_colours():
    def middle(name, row=32, column=32):
        return face(traffic_signs.CLASSES.index(name))[row, column]

    red, green, blue = middle("no entry", 20)
    assert red > 0.6 > 0.2 > max(green, blue)
    assert middle("no entry").min() > 0.9  # the bar
    red, green, blue = middle("priority road")
    assert min(red, green) > 0.7 > 0.2 > blue
    red, green, blue = middle("ahead only", 32, 12)
    assert blue > 0.6 > 0.3 > max(red, green)
    assert middle("no vehicles").min() > 0.9
    assert middle("danger", 28).max() < 0.1


def test_light_and_sharpness_change(signs):
    x = signs[0].astype(float)
    brightness = x.mean((1, 2, 3))
    assert brightness.max() > 2 * brightness.min()
    steps = abs(np.diff(x, axis=2)).mean((1, 2, 3)) / x.std((1, 2, 3))
    assert steps.max() > 2.5 * steps.min()


def test_load_data_is_what_its_seeds_generate(monkeypatch):
    monkeypatch.setattr(traffic_signs, "generate", lambda *arguments, **settings: (arguments, settings))
    assert traffic_signs.load_data(24) == (((3000, 24), {"seed": 0}), ((600, 24), {"seed": 1}))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": -1}, ValueError, "n=-1 is too small"),
        ({"n": 1, "size": 15}, ValueError, "size=15 is too small; expected an integer of at least 16 and at most 1024"),
        ({"n": 2**62}, MemoryError, r"no memory for an array of shape \(4611686018427387904, 32, 32, 3\)"),
        ({"n": 1, "seed": "a"}, TypeError, "seed='a' is of type str"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        traffic_signs.generate(**arguments)

"""Synthetic vehicles: what they depend on, and that they differ in all that they should."""

import zlib

import numpy as np
import pytest

from striate.datasets import vehicles


@pytest.fixture(scope="module")
def drawn():
    return vehicles.generate(120, 32, seed=7)


def test_shapes_dtypes_and_labels(drawn):
    x, y = drawn
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((120, 32, 32, 3), np.uint8, (120,), np.uint8)
    assert set(y) == set(range(len(vehicles.CLASSES)))
    assert x.min() < 20
    assert x.max() > 235


def test_images_depend_on_seed_and_index_only(drawn):
    x, y = drawn
    fewer, labels = vehicles.generate(5, 32, seed=7)
    np.testing.assert_array_equal(fewer, x[:5])
    np.testing.assert_array_equal(labels, y[:5])
    other, _ = vehicles.generate(5, 32, seed=8)
    assert all((one != another).any() for one, another in zip(other, fewer, strict=True))


def test_images_are_the_same_on_every_machine():
    x, y = vehicles.generate(20, 32, seed=4)
    assert y.tolist() == [3, 2, 1, 1, 1, 0, 1, 4, 0, 0, 4, 4, 1, 0, 4, 0, 3, 2, 3, 4]
    assert zlib.crc32(x.tobytes()) == 3229411916


def test_no_image_is_drawn_twice_and_none_is_empty(drawn):
    x, _ = drawn
    assert len({image.tobytes() for image in x}) == len(x)
    assert x.reshape(len(x), -1).std(1).min() > 4


def test_light_changes(drawn):
    brightness = drawn[0].mean((1, 2, 3))
    assert brightness.max() > 2 * brightness.min()


def test_classes_differ_in_their_shape_not_in_their_colour():
    """A vehicle in front of nothing: what its pixels have in common is its outline."""
    outlines = []
    for draw in vehicles.DRAW:
        found = []
        for seed in range(2):
            canvas = vehicles.Canvas(64, (0.0, 0.0, 0.0))
            canvas.pixels[:] = -1  # a colour that nothing has
            canvas.place((32, 50), 26)
            draw(canvas, np.random.default_rng(seed))
            found.append((canvas.pixels > -0.5).all(-1))
        outlines.append(found)
    for i, (one, same) in enumerate(outlines):
        inside = (one & same).sum() / (one | same).sum()
        others = [(one & other).sum() / (one | other).sum() for j, (other, _) in enumerate(outlines) if j != i]
        assert 0.05 < one.mean() < 0.6
        assert inside > max(others), vehicles.CLASSES[i]


def test_load_data_is_what_its_seeds_generate(monkeypatch):
    monkeypatch.setattr(vehicles, "generate", lambda *arguments, **settings: (arguments, settings))
    assert vehicles.load_data(24) == (((2000, 24), {"seed": 0}), ((500, 24), {"seed": 1}))


def test_none_can_be_drawn():
    x, y = vehicles.generate(0, 16)
    assert (x.shape, y.shape) == ((0, 16, 16, 3), (0,))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": -1}, ValueError, "n=-1 is too small; expected an integer of at least 0"),
        ({"n": 2.0}, TypeError, "n=2.0 is of type float; expected an integer"),
        ({"n": 1, "size": 15}, ValueError, "size=15 is too small; expected an integer of at least 16 and at most 1024"),
        ({"n": 1, "size": 1025}, ValueError, "size=1025 is too large; expected an integer of at least 16 and at most 1024"),
        ({"n": 2**62}, MemoryError, r"no memory for an array of shape \(4611686018427387904, 48, 48, 3\)"),
        ({"n": 1, "seed": -1}, ValueError, "seed=-1 is too small; expected an integer of at least 0"),
        ({"n": 1, "seed": None}, TypeError, "seed=None is of type NoneType; expected an integer"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        vehicles.generate(**arguments)

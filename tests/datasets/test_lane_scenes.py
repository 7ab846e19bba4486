"""Synthetic roads: what they depend on, and that masks and polylines are where the markers are."""

import zlib

import numpy as np
import pytest

from striate.datasets import lane_scenes


@pytest.fixture(scope="module")
def scenes():
    return lane_scenes.generate(60, 80, seed=2)


def test_shapes_and_dtypes(scenes):
    x, masks, lines = scenes
    assert (x.shape, x.dtype) == ((60, 80, 80, 3), np.uint8)
    assert (masks.shape, masks.dtype) == ((60, 80, 80), np.uint8)
    assert (lines.shape, lines.dtype) == ((60, 2, 24, 2), np.float32)
    assert set(masks.ravel()) == {0, 1, 2}


def test_scenes_depend_on_seed_and_index_only(scenes):
    fewer, other = lane_scenes.generate(4, 80, seed=2), lane_scenes.generate(4, 80, seed=3)
    for array, few, different in zip(scenes, fewer, other, strict=True):
        np.testing.assert_array_equal(few, array[:4])
        assert (few != different).any(tuple(range(1, few.ndim))).all()


def test_scenes_are_the_same_on_every_machine():
    assert [zlib.crc32(array.tobytes()) for array in lane_scenes.generate(6, 64, seed=5)] == [
        4253569535,
        2738838454,
        3156447083,
    ]


def test_paint_lies_along_the_lines(scenes):
    """On each row, the middle of the paint is at the line, as far as pixels allow."""
    _, masks, lines = scenes
    distances = []
    for mask, pair in zip(masks, lines, strict=True):
        for label, line in enumerate(pair, 1):
            for row in np.flatnonzero((mask == label).any(1)):
                columns = np.flatnonzero(mask[row] == label)
                if columns[0] > 0 and columns[-1] < 79:  # not cut off by the border
                    x = np.interp(row + 0.5, line[::-1, 1], line[::-1, 0])
                    distances.append(abs(columns.mean() + 0.5 - x))
    assert len(distances) > 1500
    assert np.median(distances) < 0.5
    assert np.quantile(distances, 0.95) < 3  # Near the horizon, lines cross many columns on a row.


def test_lines_go_from_the_lower_border_up_and_the_lane_narrows(scenes):
    lines = scenes[2]
    np.testing.assert_array_equal(lines[:, :, 0, 1], 80)
    assert (np.diff(lines[..., 1], axis=-1) < 0).all()
    widths = lines[:, 1, :, 0] - lines[:, 0, :, 0]
    np.testing.assert_allclose(widths, widths[:, :1] * np.linspace(1, 0.15, 24), rtol=1e-4)
    assert widths[:, 0].min() < 0.65 * 80
    assert widths[:, 0].max() > 0.95 * 80


def test_roads_turn_to_both_sides(scenes):
    middles = scenes[2][..., 0].mean(1)
    shifts = middles[:, -1] - middles[:, 0]
    assert shifts.min() < -15
    assert shifts.max() > 15


def test_some_markers_are_dashed_and_some_are_solid(scenes):
    """Rows between the first and the last paint of a marker that have no paint."""
    gaps = []
    for mask in scenes[1]:
        for label in (1, 2):
            rows = np.flatnonzero((mask == label).any(1))
            gaps.append(1 - len(rows) / (rows[-1] - rows[0] + 1) if len(rows) else 1)
    assert 0.25 < np.mean(np.array(gaps) == 0) < 0.7
    assert np.max(gaps) > 0.3


def test_markers_are_brighter_than_the_road_in_most_scenes(scenes):
    x, masks, _ = scenes
    brighter = []
    for image, mask in zip(x, masks, strict=True):
        near = np.zeros(mask.shape, bool)
        near[:, 4:] |= mask[:, :-4] > 0
        near[:, :-4] |= mask[:, 4:] > 0
        brighter.append(image[mask > 0].mean() - image[near & (mask == 0)].mean())
    assert np.mean(np.array(brighter) > 5) > 0.8


def test_load_data_is_what_its_seeds_generate(monkeypatch):
    monkeypatch.setattr(lane_scenes, "generate", lambda *arguments, **settings: (arguments, settings))
    assert lane_scenes.load_data(72) == (((400, 72), {"seed": 0}), ((100, 72), {"seed": 1}))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": -1}, ValueError, "n=-1 is too small"),
        ({"n": 1, "size": 63}, ValueError, "size=63 is too small; expected an integer of at least 64 and at most 1024"),
        ({"n": 2**62}, MemoryError, r"no memory for an array of shape \(4611686018427387904, 96, 96, 3\)"),
        ({"n": 1, "seed": -2}, ValueError, "seed=-2 is too small"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        lane_scenes.generate(**arguments)

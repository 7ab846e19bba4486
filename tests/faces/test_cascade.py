"""What happens between the networks of MTCNN: each step against loops."""

import math

import numpy as np
import pytest

from striate.faces import cascade

RNG = np.random.default_rng(0)


def boxes(count, size=100):
    """Return boxes of random corners and sizes."""
    corner = RNG.uniform(-20, size, (count, 2))
    return np.concatenate([corner, corner + RNG.uniform(1, size / 2, (count, 2))], 1).astype(np.float32)


def test_the_pyramid_ends_where_a_window_is_larger_than_the_image():
    scales = cascade.pyramid((100, 60), 20, 0.709)
    assert scales[0] == 0.6
    assert scales == pytest.approx([0.6 * 0.709**i for i in range(4)])
    assert 60 * scales[-1] >= 12 > 60 * scales[-1] * 0.709
    assert cascade.pyramid((19, 100), 20, 0.709) == []


def test_proposals_are_the_windows_above_the_threshold():
    probabilities = RNG.random((5, 7), np.float32)
    probabilities[2, 3] = 0.5
    offsets = RNG.random((5, 7, 4), np.float32)
    found, scores, moves = cascade.proposals(probabilities, offsets, 0.6, 0.5)
    want = []
    for i, j in np.ndindex(probabilities.shape):
        if probabilities[i, j] >= 0.5:
            corners = [2 * j + 1, 2 * i + 1, 2 * j + 12, 2 * i + 12]
            want.append(([np.floor(np.float32(corner) / np.float32(0.6)) for corner in corners], i, j))
    assert len(found) == len(want) > 5
    for row, (box, i, j) in enumerate(want):
        np.testing.assert_array_equal(found[row], box)
        np.testing.assert_array_equal(moves[row], offsets[i, j])
        assert scores[row] == probabilities[i, j]


def test_boxes_are_moved_by_parts_of_their_size():
    found = cascade.moved(np.float32([[10, 20, 19, 39]]), np.float32([[0.1, -0.1, 0.2, 0.5]]), beyond=1)
    np.testing.assert_allclose(found, [[11, 18, 21, 49]], rtol=1e-6)
    found = cascade.moved(np.float32([[10, 20, 20, 40]]), np.float32([[0.1, -0.1, 0.2, 0.5]]), beyond=0)
    np.testing.assert_allclose(found, [[11, 18, 22, 50]], rtol=1e-6)


def test_squares_have_the_centre_and_the_longer_side():
    given = boxes(20)
    found = cascade.squares(given)
    np.testing.assert_allclose(found[:, :2] + found[:, 2:], given[:, :2] + given[:, 2:], rtol=1e-5, atol=1e-4)
    side = (given[:, 2:] - given[:, :2]).max(1)
    np.testing.assert_allclose(found[:, 2:] - found[:, :2], np.stack([side, side], 1), rtol=1e-5)


def test_parts_begin_and_end_within_the_image():
    given = np.float32([[-3.5, 2.9, 7.2, 8.99], [95, 50, 130, 90], [-9, -9, -1, -1], [60, 200, 70, 300], [5, 5, 5.5, 5.9]])
    inside, parts = cascade.within(given, (80, 100))
    want, kept = [], []
    for box in given:
        x, y, right, bottom = (int(each) for each in box)
        part = [max(x, 1) - 1, max(y, 1) - 1, min(right, 100), min(bottom, 80)]
        kept.append(part[2] > part[0] and part[3] > part[1])
        want += [part] if kept[-1] else []
    np.testing.assert_array_equal(inside, kept)
    np.testing.assert_array_equal(parts, want)
    assert sum(kept) == 3
    assert not cascade.within(np.float32([[np.nan, 0, 5, 5]]), (80, 100))[0].any()


def test_a_face_within_a_face_is_left_out():
    given, scores = boxes(60), RNG.random(60, np.float32)
    found = cascade.suppress_nested(given, scores, 0.7)
    kept = []
    for i in sorted(range(60), key=lambda i: -scores[i]):
        for j in kept:
            sizes = [min(given[i, 2 + k], given[j, 2 + k]) - max(given[i, k], given[j, k]) + 1 for k in (0, 1)]
            smaller = min(math.prod(float(given[k, 2 + m] - given[k, m] + 1) for m in (0, 1)) for k in (i, j))
            if min(sizes) > 0 and sizes[0] * sizes[1] / smaller > 0.7:
                break
        else:
            kept.append(i)
    assert list(found) == kept
    assert len(kept) < 60
    assert cascade.suppress_nested(given[:0], scores[:0], 0.7).shape == (0,)


def test_landmarks_are_relative_to_boxes():
    points = RNG.random((2, 10), np.float32)
    given = boxes(2)
    found = cascade.placed(points, given)
    for n, k in np.ndindex(2, 5):
        for axis in (0, 1):
            size = given[n, axis + 2] - given[n, axis] + 1
            assert found[n, k, axis] == pytest.approx(points[n, 5 * axis + k] * size + given[n, axis] - 1, rel=1e-5)

"""Videos of digits and of a hall: what they depend on, and that their truth is true."""

import itertools

import numpy as np
import pytest

from striate.datasets import hall_scenes, load_digits, moving_digits


def digits(n, frames=30, size=64, seed=0):
    return moving_digits.generate(n, frames, size, seed=seed, digits=load_digits())


def test_boxes_identities_and_parts_fit():
    x, boxes, labels, ids, visible = digits(5, 60)
    assert x.shape == (5, 60, 64, 64)
    assert x.dtype == np.uint8
    for video in zip(boxes, labels, ids, visible, strict=True):
        names = {}
        for each, own, identities, parts in zip(*video, strict=True):
            assert each.shape == (len(own), 4)
            assert len(set(identities.tolist())) == len(own) == len(parts)
            assert (each.min(initial=0), each.max(initial=0)) >= (0, 0)
            assert each.max(initial=0) <= 64
            assert ((parts > 0) & (parts <= 1)).all()
            for id, label in zip(identities.tolist(), own.tolist(), strict=True):
                assert names.setdefault(id, label) == label
        assert set(names) <= set(range(1, max(names) + 1))


def test_digits_move_hide_each_other_come_and_go():
    _, boxes, _, ids, visible = digits(12, 80)
    speeds, come = [], 0
    for video, names in zip(boxes, ids, strict=True):
        for (a, first), (b, second) in itertools.pairwise(zip(video, names, strict=True)):
            for id in np.intersect1d(first, second):
                place = a[first == id][0], b[second == id][0]
                if min(place[0].min(), place[1].min()) > 2 and max(place[0].max(), place[1].max()) < 62:
                    speeds.append(np.abs(place[1][:2] - place[0][:2]).max())
        come += max(names[-1], default=0) > 3
    assert max(speeds) <= 3
    assert np.mean(np.array(speeds) == 0) > 0.05
    assert np.mean(speeds) > 0.3
    assert come > 6
    parts = np.concatenate([part for video in visible for part in video])
    assert 0.02 < np.mean(parts < 0.5) < 0.4


def test_videos_depend_on_seed_and_index_only():
    x, boxes, *_ = digits(4)
    fewer, same, *_ = digits(2)
    np.testing.assert_array_equal(fewer, x[:2])
    np.testing.assert_array_equal(np.concatenate(same[1]), np.concatenate(boxes[1]))
    assert (digits(2, seed=1)[0] != fewer).any((1, 2, 3)).all()


@pytest.fixture(scope="module")
def hall():
    return hall_scenes.generate(120, 64)


def test_what_happens_in_a_hall_is_told(hall):
    x, events = hall
    assert x.shape == (120, 64, 64, 3)
    assert sorted(name for _, _, name in events) == ["bag", "light", "person"]
    assert [frame for frame, _, _ in events] == sorted(frame for frame, _, _ in events)
    for frame, (left, top, right, bottom), name in events:
        assert 0 <= left < right <= 64
        assert 0 <= top < bottom <= 64
        before, after = (x[frame + i, int(top) : int(bottom), int(left) : int(right)].astype(int) for i in (-15, 3))
        assert np.abs(after - before).max(-1).mean() > (10 if name == "light" else 15)


def test_bags_and_light_stay_and_people_go(hall):
    x, events = hall
    for frame, (left, top, right, bottom), name in events:
        place = slice(int(top), int(bottom)), slice(int(left), int(right))
        first, last = (np.median(x[i : i + 4, *place], 0) for i in (frame + 3, 115))
        same = (np.abs(first - last).max(-1) < 25).mean() > 0.8
        assert same == (name != "person"), name


def test_a_hall_depends_on_its_seed():
    x, events = hall_scenes.generate(60, 64, seed=3)
    again, same = hall_scenes.generate(60, 64, seed=3)
    np.testing.assert_array_equal(x, again)
    assert events == same
    assert (hall_scenes.generate(60, 64, seed=4)[0] != x).any((1, 2, 3)).all()


def test_crops_have_all_classes():
    x, y = hall_scenes.crops(30, 24)
    assert x.shape == (30, 24, 24, 3)
    assert set(y) == {0, 1, 2}
    np.testing.assert_array_equal(hall_scenes.crops(12, 24)[0], x[:12])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: digits(-1), "n=-1 is too small"),
        (lambda: digits(1, frames=0), "frames=0 is too small"),
        (lambda: digits(1, size=16), "size=16 is too small"),
        (lambda: moving_digits.generate(1, digits=3), "digits=3 is not a pair"),
        (lambda: hall_scenes.generate(10), "frames=10 is too small"),
        (lambda: hall_scenes.generate(60, 32), "size=32 is too small"),
        (lambda: hall_scenes.crops(1, 8), "size=8 is too small"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()

"""MOTA, MOTP and IDF1: worked by hand, and against py-motmetrics."""

import numpy as np
import pytest

from striate.tracking import Tracks, tracking_accuracy

pytest.importorskip("scipy")


def frame(*boxes):
    """Return tracks from (id, x): boxes of 10 x 10 pixels."""
    return Tracks([[x, 0, x + 10, 10] for _, x in boxes], [0] * len(boxes), [1.0] * len(boxes), [id for id, _ in boxes])


def test_a_worked_example():
    """Two objects for five frames: one is missed twice, the other one is found under two identities."""
    truth = [frame((1, 0), (2, 50))] * 5
    found = [
        frame((7, 0), (8, 51)),
        frame((7, 0), (8, 51)),
        frame((8, 51)),
        frame((9, 51), (6, 90)),
        frame((7, 2), (9, 51)),
    ]
    result = tracking_accuracy(truth, found)
    assert (result.objects, result.matches, result.misses, result.false_positives, result.id_switches) == (10, 8, 2, 1, 1)
    assert result.mota == pytest.approx(1 - (2 + 1 + 1) / 10)
    assert result.motp == pytest.approx((2 * 1 + 8 / 12 + 5 * 9 / 11) / 8)
    # 7 is the first object for three frames, 8 the second one for three: six of nine boxes found, and of ten objects.
    assert result.idf1 == pytest.approx(2 * 6 / (9 + 10))
    assert result.id_precision == pytest.approx(6 / 9)
    assert result.id_recall == pytest.approx(6 / 10)


def test_what_matched_before_stays_matched():
    """A box that lies nearer does not take an object over from one that still overlaps it."""
    truth = [frame((1, 0))] * 2
    result = tracking_accuracy(truth, [frame((5, 0)), frame((5, 3), (6, 0))])
    assert (result.id_switches, result.false_positives) == (0, 1)
    assert result.motp == pytest.approx((1 + 7 / 13) / 2)


def test_ignored_things_cost_nothing():
    truth, found = [frame((1, 0))], [frame((1, 0), (2, 50), (3, 90))]
    assert tracking_accuracy(truth, found).false_positives == 2
    result = tracking_accuracy(truth, found, ignored=[[[51, 0, 61, 10], [0, 0, 10, 10]]])
    assert (result.matches, result.false_positives, result.misses) == (1, 1, 0)


def test_nothing_at_all():
    result = tracking_accuracy([], [])
    assert np.isnan([result.mota, result.motp, result.idf1]).all()
    assert tracking_accuracy([frame((1, 0))], [frame()]).mota == 0
    assert tracking_accuracy([frame((1, 0))] * 3, [frame((4, 0))] * 3).mota == 1


def random_tracks(rng):
    """Return a video's truth, and what a bad tracker makes of it."""
    truth, found = [], []
    places, names = rng.uniform(0, 100, (6, 2)), np.arange(6)
    for _ in range(40):
        places = places + rng.normal(scale=2, size=places.shape)
        if rng.random() < 0.2:
            names = rng.permutation(8)[:6]
        boxes = np.concatenate([places, places + 15], 1)
        there, seen = rng.random(6) < 0.9, rng.random(6) < 0.8
        truth.append(Tracks(boxes[there], np.zeros(there.sum(), int), np.ones(there.sum()), np.flatnonzero(there)))
        moved = boxes + rng.normal(scale=1.5, size=boxes.shape)
        found.append(Tracks(moved[seen], np.zeros(seen.sum(), int), np.ones(seen.sum()), names[seen] + 100))
    return truth, found


def overlap(a, b):
    """Return the intersection over union of two boxes."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(width, 0) * max(height, 0)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(8))
def test_py_motmetrics_agrees(seed):
    mm = pytest.importorskip("motmetrics")
    truth, found = random_tracks(np.random.default_rng(seed))
    events = mm.MOTAccumulator(auto_id=True)
    for there, each in zip(truth, found, strict=True):
        distances = 1 - np.array([[overlap(a, b) for b in each.boxes] for a in there.boxes])
        events.update(there.ids, each.ids, np.where(distances <= 0.5, distances, np.nan))
    names = ["mota", "motp", "idf1", "idp", "idr", "num_switches", "num_misses", "num_false_positives", "num_matches"]
    want = mm.metrics.create().compute(events, metrics=names).iloc[0]
    got = tracking_accuracy(truth, found)
    assert got.id_switches == want.num_switches > 0
    assert (got.misses, got.false_positives) == (want.num_misses, want.num_false_positives)
    assert got.matches == want.num_matches + want.num_switches
    expected = [want.mota, 1 - want.motp, want.idf1, want.idp, want.idr]
    np.testing.assert_allclose([got.mota, got.motp, got.idf1, got.id_precision, got.id_recall], expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tracking_accuracy([frame()], []), "truth has 1 elements and found 0; expected equal numbers"),
        (lambda: tracking_accuracy([frame()], [3]), r"found\[0\] is of type int; expected Tracks"),
        (lambda: tracking_accuracy([frame()], [frame()], iou_threshold=0), "iou_threshold=0 is out of range"),
        (lambda: tracking_accuracy([frame()], [frame()], ignored=[]), "ignored has 0 elements and found 1"),
        (lambda: tracking_accuracy([frame()], [frame()], ignored=[[[1, 2]]]), r"ignored\[0\] has shape \(1, 2\)"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()

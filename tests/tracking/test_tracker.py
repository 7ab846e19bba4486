"""Trackers, on detections that are made up: what keeps its identity, and what ends."""

import gc
import weakref

import numpy as np
import pytest

from striate import Sequential, layers
from striate.detection import Detections, Detector
from striate.tracking import BoxFilter, TemplateTracker, Tracker, Tracks, embed_boxes, track
from striate.tracking.template import seen_around

pytest.importorskip("scipy")


def box(x, y=50.0, size=20.0):
    return [x - size / 2, y - size / 2, x + size / 2, y + size / 2]


def detections(*boxes, scores=None, labels=None):
    scores = [0.9] * len(boxes) if scores is None else scores
    return Detections(np.array(boxes).reshape(-1, 4), [0] * len(boxes) if labels is None else labels, scores)


def ids_along(tracker, frames):
    return [tracker.update(each).ids.tolist() for each in frames]


def test_things_that_cross_keep_their_identities():
    frames = [detections(box(10 + 4 * i, 50), box(130 - 4 * i, 60)) for i in range(31)]
    tracker = Tracker()
    for frame in frames:
        tracks = tracker.update(frame)
    assert tracks.ids.tolist() == [1, 2]
    np.testing.assert_allclose(tracks.boxes, [box(130, 50), box(10, 60)], atol=1e-6)


def test_what_is_not_seen_for_a_while_comes_back_with_its_identity():
    frames = [detections() if 10 <= i < 18 else detections(box(10 + 4 * i)) for i in range(25)]
    assert ids_along(Tracker(), frames) == [[1]] * 10 + [[]] * 8 + [[1]] * 7
    after = ids_along(Tracker(max_age=3), frames)
    assert after[18:] == [[], *[[2]] * 6]  # A new one is confirmed by its second frame.


def test_what_is_seen_once_does_not_count():
    frames = [detections(box(50))] * 5 + [detections(box(50), box(150))] + [detections(box(50))] * 3
    assert ids_along(Tracker(), frames) == [[1]] * 9
    assert ids_along(Tracker(confirm=1), frames)[5] == [1, 2]


def test_low_scores_continue_tracks_and_begin_none():
    frames = [detections(box(50), scores=[0.9])] * 3 + [detections(box(50), box(150), scores=[0.4, 0.4])] * 5
    assert ids_along(Tracker(), frames) == [[1]] * 8
    assert ids_along(Tracker(low_threshold=0.45), frames)[3:] == [[]] * 5


def test_a_thing_found_twice_is_one():
    frames = [detections(box(50), box(51), labels=[0, 1], scores=[0.9, 0.8])] * 4
    tracker = Tracker()
    assert ids_along(tracker, frames) == [[1]] * 4
    assert ids_along(Tracker(same_class=True), frames)[-1] == [1, 2]


def test_a_class_is_what_most_scores_say():
    tracker = Tracker()
    for label, score in ((3, 0.6), (1, 0.9), (3, 0.8), (1, 0.4)):
        tracks = tracker.update(detections(box(50), labels=[label], scores=[score]))
    assert tracks.labels.tolist() == [3]
    np.testing.assert_array_equal(tracks.scores, [0.4])


def test_tracks_end_beyond_the_border():
    frame = np.zeros((100, 60), np.uint8)
    tracker = Tracker()
    for i in range(8):
        tracker.update(detections(box(20 + 5 * i)), frame)
    tracker.update(detections(), frame)
    tracker.update(detections(), frame)
    assert len(tracker._tracks) == 0


def test_reset_begins_a_new_video():
    tracker = Tracker()
    for _ in range(2):
        tracker.reset()
        assert ids_along(tracker, [detections(box(50))] * 3) == [[1]] * 3


def patch(image, x, pattern, y=50):
    half = len(pattern) // 2
    image[y - half : y - half + len(pattern), x - half : x - half + len(pattern)] = pattern


def network(size=32, stride=4):
    """Return a network of random features."""
    parts = [layers.Rescaling(1 / 127.5, offset=-1), layers.Conv2D(24, 5, strides=stride, padding="same", activation="relu")]
    return Sequential([layers.Input((size, size, 1)), *parts], rng=0)


def pattern(seed):
    return np.kron(np.random.default_rng(seed).integers(0, 2, (5, 5)), np.full((4, 4), 255)).astype(np.uint8)


def test_vectors_of_appearance_tell_things_apart():
    image = np.full((100, 200), 90, np.uint8)
    for x, seed in ((30, 0), (90, 1), (150, 0)):
        patch(image, x, pattern(seed))
    model = Sequential([network(20), layers.Flatten()])
    first, second, same = embed_boxes(model, image, [box(30), box(90), box(150)])
    np.testing.assert_allclose(np.linalg.norm(first), 1, rtol=1e-5)
    assert first @ same > 0.999 > first @ second + 0.05
    assert embed_boxes(model, image, np.zeros((0, 4))).shape[0] == 0


def test_appearance_finds_things_that_have_changed_places():
    model = Sequential([network(20), layers.Flatten()])
    wide = BoxFilter(position=0.3)  # so that the other place is within its reach
    by_boxes, by_looks = Tracker(motion=wide), Tracker(motion=wide, appearance=model, appearance_weight=1.0)
    for seeds in [(0, 1)] * 5 + [(1, 0)]:
        image = np.full((100, 200), 90, np.uint8)
        for x, seed in zip((80, 104), seeds, strict=True):
            patch(image, x, pattern(seed))
        found = detections(box(80), box(104))
        places, looks = by_boxes.update(found, image), by_looks.update(found, image)
    assert places.ids.tolist() == looks.ids.tolist() == [1, 2]
    np.testing.assert_allclose(places.boxes, [box(80), box(104)])
    np.testing.assert_allclose(looks.boxes, [box(104), box(80)])


def test_templates_find_what_detection_loses():
    frames, truth = [], []
    rng = np.random.default_rng(0)
    for i in range(16):
        image = rng.integers(60, 120, (100, 160), np.uint8)
        patch(image, 30 + 5 * i, pattern(3))
        frames.append(image)
        truth.append(box(30 + 5 * i))
    tracker, without = Tracker(template=network(64, 4), template_threshold=0.5), Tracker()
    for i, (image, there) in enumerate(zip(frames, truth, strict=True)):
        found = detections(there) if i < 8 else detections()
        tracks, none = tracker.update(found, image), without.update(found, image)
        assert tracks.ids.tolist() == [1]
        assert none.ids.tolist() == ([1] if i < 8 else [])
        np.testing.assert_allclose(tracks.boxes[0], there, atol=4)
    gone = tracker.update(detections(), rng.integers(60, 120, (100, 160), np.uint8))
    assert len(gone) == 0


def moving(count=12, x=30, step=5):
    """Return frames with a thing that moves, and where it is."""
    rng, frames = np.random.default_rng(0), []
    for i in range(count):
        frames.append(rng.integers(60, 120, (100, 160), np.uint8))
        patch(frames[-1], x + step * i, pattern(3))
    return frames, [box(x + step * i) for i in range(count)]


def test_flat_detections_are_not_followed_by_templates():
    frames, truth = moving()
    tracker = Tracker(template=network(64, 4), template_threshold=0.5, confirm=1)
    for i, (image, there) in enumerate(zip(frames, truth, strict=True)):
        found = detections(there, [140, 80, 140, 95], [100, 90, 110, 90]) if i < 6 else detections()
        tracks = tracker.update(found, image)
        assert 1 in tracks.ids
        np.testing.assert_allclose(tracks.boxes[tracks.ids == 1][0], there, atol=4)


@pytest.mark.parametrize("x", [5, 30])  # A part of the window may lie beyond the border.
def test_templates_do_not_change_with_the_memory_of_frames(x):
    frames, truth = moving(x=max(x, 10))
    truth = [np.array(each) - [max(10 - x, 0), 0, 0, 0] for each in truth]
    made = []
    for memory in (None, np.empty_like(frames[0])):
        tracker = Tracker(template=network(64, 4), template_threshold=0.5)
        for i, (image, there) in enumerate(zip(frames, truth, strict=True)):
            given = image.copy()
            if memory is not None:
                memory[:] = image
                given = memory
            tracks = tracker.update(detections(there) if i < 6 else detections(), given)
        made.append(tracks)
    assert made[0].ids.tolist() == made[1].ids.tolist() == [1]
    np.testing.assert_array_equal(made[0].boxes, made[1].boxes)


@pytest.mark.parametrize(
    "place", [[30, 20, 50, 40], [-8.5, 3.25, 14, 30], [120, 80, 170, 110], [300, 300, 310, 310], [2, 3, 159, 97]]
)
def test_a_template_is_that_of_the_whole_frame(place):
    (frame,), _ = moving(1)
    model, place = network(64, 4), np.array(place)
    whole, part = TemplateTracker(model, frame, place), TemplateTracker(model, *seen_around(frame[..., np.newaxis], place))
    np.testing.assert_allclose(part._template, whole._template, atol=1e-5)


@pytest.mark.parametrize("with_template", [False, True])
def test_tracks_keep_no_frames(with_template):
    frames, truth = moving()
    tracker = Tracker(template=network(64, 4) if with_template else None)
    references = []
    for image, there in zip(frames, truth, strict=True):
        references.append(weakref.ref(given := image.copy()))
        tracker.update(detections(there), given)
    del given
    gc.collect()
    assert len(tracker._tracks) == 1
    assert all(each() is None for each in references)


def test_a_video_is_tracked():
    detector = Detector(["a"], (64, 64, 1), strides=(8,), channels=8, rng=0)
    made = list(track(np.zeros((3, 64, 64), np.uint8), detector, Tracker()))
    assert [len(each) for each in made] == [0, 0, 0]
    assert all(isinstance(each, Tracks) for each in made)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Tracker(score_threshold=2), "Tracker: score_threshold=2 is out of range"),
        (lambda: Tracker(appearance=3), "appearance=3 is of type int; expected a Model"),
        (lambda: Tracker(motion=3), "motion=3 is of type int; expected a BoxFilter"),
        (lambda: Tracker().update(3), "detections=3 is of type int; expected Detections"),
        (lambda: Tracker(template=network()).update(detections()), "frame=None, and the tracker has a network"),
        (lambda: track([], 3), "detector=3 is of type int; expected a Detector"),
        (lambda: Tracks([box(1)], [0], [1.0], [-1]), "Tracks: ids has dtype int64 and holds -1; expected integers"),
        (lambda: Tracks([box(1)] * 2, [0, 0], [1.0, 1.0], [3, 3]), r"ids has shape \(2,\) and holds an identity twice"),
        (lambda: Tracks([box(1)], [0], [1.0], [1, 2]), r"ids has shape \(2,\); expected \(1,\), one for each box"),
        (lambda: embed_boxes(network(), np.zeros((9, 9)), [box(1)]), "image has dtype float64"),
        (lambda: embed_boxes(Sequential([layers.Input((3,)), layers.Dense(2)]), np.zeros((9, 9), np.uint8), []), "model takes"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_the_low_threshold_follows_the_other():
    assert Tracker(score_threshold=0.2).low_threshold == pytest.approx(0.12)
    with pytest.raises(ValueError, match=r"low_threshold=0.6 is out of range; .* at least 0 and at most 0.3"):
        Tracker(score_threshold=0.3, low_threshold=0.6)

"""Things that come and stay: when they are found, what is not, and what they are called."""

import numpy as np
import pytest

from striate import Sequential, layers
from striate.video import RunningMedian, StaticObjects

FPS = 10


def noise(rng):
    return rng.integers(90, 110, (60, 80), dtype=np.uint8)


def run(finder, draw, count):
    """Return the events in a video whose frame i is drawn by ``draw(frame, i)``."""
    rng, events = np.random.default_rng(0), []
    for i in range(count):
        frame = noise(rng)
        draw(frame, i)
        events += finder.update(frame)
    return events


def bag(frame, i):
    if i >= 30:
        frame[40:50, 50:60] = 200


def test_what_stays_is_found_once_in_time():
    (event,) = run(StaticObjects(FPS, seconds=4), bag, 200)
    assert event.box == (50, 40, 60, 50)
    assert (event.label, event.score) == ("object", 1.0)
    assert 3 + 4 < event.time < 3 + 4 + 4  # learned by the fast background, stayed, and settled


@pytest.mark.parametrize(("fps", "seconds"), [(0.01, 5), (2, 5), (2, 28), (2, 60), (2, 200), (10, 50)])
def test_what_must_stay_for_long_is_found_in_time(fps, seconds):
    """The slow background must not have learned a thing before it has stayed long enough."""
    (event,) = run(StaticObjects(fps, seconds), bag, 32 + round((seconds + 4) * fps) + 3)
    assert event.box == (50, 40, 60, 50)
    assert 30 / fps + seconds < event.time < 30 / fps + seconds + max(4, 3 / fps)


def test_what_moves_is_not_found():
    def walker(frame, i):
        if i >= 20:
            x = 3 * i % 70
            frame[20:50, x : x + 10] = 220

    assert run(StaticObjects(FPS, seconds=4), walker, 200) == []


def test_who_passes_by_before_a_thing_does_not_hide_it_for_good():
    def both(frame, i):
        bag(frame, i)
        if 60 <= i < 68:
            frame[30:60, 10 * (i - 60) : 10 * (i - 60) + 12] = 30

    (event,) = run(StaticObjects(FPS, seconds=4), both, 200)
    np.testing.assert_allclose(event.box, (50, 40, 60, 50), atol=1)


def test_lamps_that_change_are_nothing_new():
    def darker(frame, i):
        frame[:] = (frame * (1 - 0.3 * min(max(i - 50, 0) / 10, 1))).astype(np.uint8)

    assert run(StaticObjects(FPS, seconds=4), darker, 200) == []


def test_what_goes_and_comes_again_is_found_again():
    def twice(frame, i):
        if 30 <= i < 130 or i >= 230:
            frame[40:50, 50:60] = 200

    events = run(StaticObjects(FPS, seconds=4), twice, 380)
    assert len(events) == 2
    assert events[1].time > 23 + 4


def test_small_things_are_left_out():
    def dot(frame, i):
        if i >= 30:
            frame[40:43, 50:53] = 200

    assert run(StaticObjects(FPS, seconds=4, least_area=20), dot, 150) == []
    assert len(run(StaticObjects(FPS, seconds=4, least_area=5), dot, 150)) == 1


def bright(images):
    """Return probabilities of dark and bright, by the mean of the middle."""
    middle = images[:, images.shape[1] // 3 : -(images.shape[1] // 3), images.shape[2] // 3 : -(images.shape[2] // 3)]
    part = middle.mean((1, 2, 3)) / 255
    return np.stack([1 - part, part], 1)


def test_a_classifier_says_what_it_is():
    def two(frame, i):
        if i >= 30:
            frame[10:22, 10:22], frame[40:52, 50:62] = 10, 250

    events = run(StaticObjects(FPS, 4, classifier=bright, classes=["dark", "bright"]), two, 150)
    assert sorted((event.label, event.box[0]) for event in events) == [("bright", 50), ("dark", 10)]
    assert all(event.score > 0.9 for event in events)
    (event,) = run(StaticObjects(FPS, 4, classifier=bright, classes=["dark", "bright"], wanted=["dark"]), two, 150)
    assert event.label == "dark"


def test_a_network_can_be_the_classifier():
    model = Sequential(
        [layers.Input((16, 16, 3)), layers.GlobalAveragePooling2D(), layers.Dense(2, activation="softmax")], rng=0
    )
    model.layers[-1].kernel.assign(np.array([[-0.05, 0.05]] * 3, np.float32))
    model.layers[-1].bias.assign(np.array([20, -20], np.float32))
    (event,) = run(StaticObjects(FPS, 4, classifier=model, classes=["dark", "bright"]), bag, 150)
    assert event.label == "bright"


def test_the_models_of_the_background_can_be_others():
    finder = StaticObjects(FPS, 4, fast=RunningMedian(step=8), slow=RunningMedian(step=0.05))
    (event,) = run(finder, bag, 150)
    assert event.box == (50, 40, 60, 50)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: StaticObjects(0), "StaticObjects: fps=0 is out of range"),
        (lambda: StaticObjects(10, seconds=-1), "seconds=-1 is out of range"),
        (lambda: StaticObjects(10, classes=["a", "b"]), r"classes=\['a', 'b'\]; expected one name without a classifier"),
        (lambda: StaticObjects(10, wanted=["bag"]), r"wanted=\['bag'\] holds \['bag'\]; expected some of the classes"),
        (lambda: StaticObjects(10, classifier=3), "classifier=3 cannot be called"),
        (lambda: StaticObjects(10, fast=3), "fast=3 is of type int; expected a MixtureOfGaussians or RunningMedian"),
        (lambda: StaticObjects(10).update(np.zeros((4, 4))), "frame has dtype float64"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_a_classifier_of_other_classes_is_refused():
    model = Sequential([layers.Input((16, 16, 3)), layers.GlobalAveragePooling2D(), layers.Dense(2)])
    with pytest.raises(ValueError, match=r"classifier takes \(16, 16, 3\) and returns \(None, 2\); expected"):
        StaticObjects(10, classifier=model, classes=["a", "b", "c"])
    finder = StaticObjects(FPS, 4, classifier=lambda x: np.zeros((1, 3)), classes=["a", "b"])
    with pytest.raises(ValueError, match=r"classifier returns shape \(1, 3\); expected \(1, 2\)"):
        run(finder, bag, 150)


def test_frames_have_one_shape():
    finder = StaticObjects(fps=10)
    finder.update(np.zeros((6, 8), np.uint8))
    with pytest.raises(ValueError, match=r"frame has shape \(3, 8, 1\); expected the shape of the frames before, \(6, 8, 1\)"):
        finder.update(np.zeros((3, 8), np.uint8))

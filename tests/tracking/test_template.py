"""Templates: one object is followed by the correlation of features."""

import numpy as np
import pytest

from striate import Sequential, layers
from striate.image import resize
from striate.tracking import TemplateTracker


def features(size=64, channels=1):
    parts = [layers.Rescaling(1 / 127.5, offset=-1), layers.Conv2D(24, 5, strides=4, padding="same", activation="relu")]
    return Sequential([layers.Input((size, size, channels)), *parts], rng=0)


def frame_with(x, y, size=20, seed=3, noise=0):
    pattern = resize(np.random.default_rng(seed).integers(0, 2, (5, 5), np.uint8) * 255, size, "nearest")
    image = np.random.default_rng(noise).integers(60, 120, (90, 140), np.uint8)
    image[y : y + size, x : x + size] = pattern
    return image


def test_an_object_is_followed():
    tracker = TemplateTracker(features(), frame_with(20, 30), [20, 30, 40, 50])
    scores = []
    for i in range(1, 15):
        x, y = 20 + 5 * i, 30 + 2 * i
        box, score = tracker.update(frame_with(x, y, noise=i))
        np.testing.assert_allclose(box, [x, y, x + 20, y + 20], atol=4)
        scores.append(score)
    _, other = tracker.update(frame_with(95, 60, seed=9, noise=99))
    assert min(scores) > other + 0.1


def test_the_response_is_a_cosine():
    tracker = TemplateTracker(features(), frame_with(20, 30), [20, 30, 40, 50])
    maps = tracker._maps(frame_with(23, 28, noise=5), (1.0,))
    response = tracker.response(frame_with(23, 28, noise=5))
    size = len(tracker._template)
    template = tracker._template[..., 0].astype(np.float64)
    for i, j in ((0, 0), (2, 5), (4, 3)):
        part = (maps[0, i : i + size, j : j + size] - tracker._mean).astype(np.float64)
        expected = (part * template).sum() / np.linalg.norm(part) / np.linalg.norm(template)
        np.testing.assert_allclose(response[i, j], expected, rtol=1e-4)


def test_growing_objects_get_larger_boxes():
    tracker = TemplateTracker(features(), frame_with(50, 30, 20), [50, 30, 70, 50])
    for size in np.repeat(np.arange(21, 32), 2).tolist():
        box, _ = tracker.update(frame_with(60 - size // 2, 40 - size // 2, size))
    assert 25 < box[2] - box[0] < 37


def test_networks_of_any_size_take_windows_of_128():
    model = Sequential(
        [layers.Input((None, None, 3)), layers.Conv2D(8, 5, strides=8, padding="same", activation="relu")], rng=0
    )
    tracker = TemplateTracker(model, frame_with(20, 30), [20, 30, 40, 50])
    box, _ = tracker.update(frame_with(22, 30))
    np.testing.assert_allclose(box, [22, 30, 42, 50], atol=4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TemplateTracker(3, frame_with(0, 0), [0, 0, 9, 9]), "TemplateTracker: features=3 is of type int"),
        (lambda: TemplateTracker(features(), frame_with(0, 0), [0, 0, 0, 9]), "box has a size of 0 x 9 pixels; expected"),
        (lambda: TemplateTracker(features(), frame_with(0, 0), [0, 0, 9]), r"box has shape \(3,\)"),
        (lambda: TemplateTracker(features(16), frame_with(0, 0), [0, 0, 9, 9]), r"features has an output of shape \(1, 4,"),
        (lambda: TemplateTracker(features(), np.zeros((9, 9)), [0, 0, 9, 9]), "frame has dtype float64"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()

"""Models of the background: what they learn, against plain loops, and OpenCV's as a second opinion."""

import numpy as np
import pytest

from striate.video import MixtureOfGaussians, RunningMedian
from striate.video.background import mixture_for


def frames(count, seed=0, shape=(12, 16), base=100):
    rng = np.random.default_rng(seed)
    return np.clip(np.rint(rng.normal(base, 3, (count, *shape))), 0, 255).astype(np.uint8)


def test_the_running_median_approaches_the_median():
    model, rng = RunningMedian(step=1), np.random.default_rng(0)
    seen = []
    for _ in range(400):
        frame = np.where(rng.random((6, 8)) < 0.7, 100, 220).astype(np.uint8)
        model.apply(frame)
        seen.append(frame)
    np.testing.assert_allclose(model.background[..., 0], np.median(seen, 0), atol=12)


@pytest.mark.parametrize("make", [RunningMedian, lambda: MixtureOfGaussians(learning_rate=0.05)])
def test_what_is_new_is_foreground_until_it_is_learned(make):
    model = make()
    masks = []
    for i, frame in enumerate(frames(300)):
        if i >= 60:
            frame[4:8, 5:9] = 200
        masks.append(model.apply(frame))
    new = np.zeros((12, 16), bool)
    new[4:8, 5:9] = True
    assert not masks[0].any()
    assert np.mean(masks[30:60]) < 0.01
    assert (masks[60] == new).mean() > 0.98
    assert np.mean([mask[new] for mask in masks[-20:]]) < 0.05


def plain_mixture(frames, rate, components=3, distance=3.0, part=0.7):
    """Return the masks of Stauffer and Grimson's model of one pixel, with lists and loops."""
    mixture, masks = None, []
    for x in frames.astype(np.float64):
        if mixture is None:
            mixture = [[1.0, x, 15.0**2]] + [[0.0, np.zeros_like(x), 15.0**2] for _ in range(components - 1)]
            masks.append(False)
            continue
        near = [((x - mean) ** 2).mean() < distance**2 * variance for _, mean, variance in mixture]
        chosen = near.index(True) if any(near) else None
        masks.append(chosen is None or sum(each[0] for each in mixture[:chosen]) > part)
        for i, each in enumerate(mixture):
            each[0] += rate * ((i == chosen) - each[0])
        if chosen is None:
            mixture[-1] = [0.05, x.copy(), 15.0**2]
        else:
            own = mixture[chosen]
            step, offset = min(rate / max(own[0], 1e-6), 1), x - own[1]
            own[1] = own[1] + step * offset
            own[2] = max(own[2] + step * ((offset**2).mean() - own[2]), 3.0**2)
        total = sum(each[0] for each in mixture)
        for each in mixture:
            each[0] /= total
        mixture.sort(key=lambda each: -each[0] / np.sqrt(each[2]))
    return np.array(masks)


def frames_to_learn(model):
    """Return for how many frames something new is foreground."""
    seen = frames(1400, shape=(4, 4))
    for i in range(100):
        model.apply(seen[i])
    seen += np.uint8(100)
    return next(i for i in range(1300) if model.apply(seen[100 + i]).mean() < 0.5)


@pytest.mark.parametrize(("rate", "count"), [(0.05, 6), (0.01, 31), (0.002, 154)])
def test_the_mixture_learns_as_fast_as_its_rate_says(rate, count):
    assert frames_to_learn(MixtureOfGaussians(learning_rate=rate)) == pytest.approx(count, rel=0.05, abs=1)


@pytest.mark.parametrize("count", [2, 15, 120, 600, 1100])
def test_a_mixture_for_some_frames_learns_within_them(count):
    assert frames_to_learn(mixture_for(count)) == pytest.approx(count, rel=0.05, abs=1)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_mixture_is_that_of_plain_loops(channels):
    rng = np.random.default_rng(3)
    levels = np.array([60, 120, 200])[rng.choice(3, (150, 5, 4), p=[0.6, 0.3, 0.1])]
    seen = np.clip(levels[..., np.newaxis] + rng.normal(0, 4, (150, 5, 4, channels)), 0, 255).astype(np.uint8)
    model = MixtureOfGaussians(learning_rate=0.03)
    masks = np.stack([model.apply(frame) for frame in seen])
    expected = np.stack([[plain_mixture(seen[:, i, j], 0.03) for j in range(4)] for i in range(5)])
    np.testing.assert_array_equal(masks, expected.transpose(2, 0, 1))
    assert 0.05 < masks.mean() < 0.5


def test_a_background_of_two_colors_is_learned():
    """A lamp that blinks is background, and what is neither on nor off is not."""
    model, rng = MixtureOfGaussians(learning_rate=0.02), np.random.default_rng(1)
    for i in range(400):
        frame = np.clip(rng.normal(60 if i % 2 else 180, 3, (6, 6)), 0, 255).astype(np.uint8)
        mask = model.apply(frame)
    assert mask.mean() < 0.05
    assert model.apply(np.full((6, 6), 120, np.uint8)).all()


def test_opencv_finds_the_same_things():
    cv2 = pytest.importorskip("cv2")
    model, other = MixtureOfGaussians(learning_rate=0.01), cv2.createBackgroundSubtractorMOG2(100, 16, False)
    rng = np.random.default_rng(5)
    for i in range(150):
        frame = np.clip(rng.normal(100, 4, (40, 60, 3)), 0, 255).astype(np.uint8)
        thing = np.zeros((40, 60), bool)
        thing[10:25, 5 * (i - 140) : 5 * (i - 140) + 10] = i >= 140
        frame[thing] = (200, 40, 90)
        mask, want = model.apply(frame), other.apply(frame, learningRate=0.01) > 0
        if i > 40:
            assert (mask == thing).mean() > 0.99
            assert (want == thing).mean() > 0.99


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: RunningMedian(step=0), "RunningMedian: step=0 is out of range"),
        (lambda: MixtureOfGaussians(learning_rate=1), "MixtureOfGaussians: learning_rate=1 is out of range"),
        (lambda: MixtureOfGaussians(components=0), "components=0 is too small"),
        (lambda: RunningMedian().apply(np.zeros((4, 4))), "frame has dtype float64"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_frames_have_one_shape():
    model = RunningMedian()
    model.apply(np.zeros((4, 5), np.uint8))
    with pytest.raises(ValueError, match=r"frame has shape \(5, 4, 1\); expected the shape of the frames before, \(4, 5, 1\)"):
        model.apply(np.zeros((5, 4), np.uint8))

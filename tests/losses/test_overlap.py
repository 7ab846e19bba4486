"""Losses of overlap: masks of any form, their relations, and that networks learn with them."""

import numpy as np
import pytest

import striate
from striate import layers, losses, metrics

OVERLAPS = pytest.mark.parametrize("name", ["Dice", "Jaccard", "Tversky"])
RNG = np.random.default_rng(5)
MASKS, P = RNG.integers(0, 3, (2, 4, 5)), RNG.dirichlet(np.ones(3), (2, 4, 5))


def test_overlaps_are_those_of_tversky():
    one_hot = np.eye(3)[MASKS]
    assert losses.Jaccard()(one_hot, P) == pytest.approx(losses.Tversky(1, 1)(one_hot, P), rel=1e-12)
    # Dice adds the same 1e-7 to a denominator, here near 80, that is twice as large.
    assert losses.Dice()(one_hot, P) == pytest.approx(losses.Tversky()(one_hot, P), rel=2e-9)
    iou = 1 - losses.Jaccard()(one_hot, P)
    assert losses.Dice()(one_hot, P) == pytest.approx(1 - 2 * iou / (1 + iou), rel=1e-6)


@OVERLAPS
@pytest.mark.parametrize("axis", [None, (1, 2), (0, 1, 2), -1])
def test_class_indices_stand_for_one_hot_masks(name, axis):
    loss = getattr(losses, name)(axis=axis, reduction="none")
    expected = loss(np.eye(3)[MASKS], P)
    for masks in (MASKS, MASKS[..., np.newaxis], MASKS.astype(np.uint8), MASKS.astype(float)):
        np.testing.assert_array_equal(loss(masks, P), expected)


@OVERLAPS
def test_binary_masks_may_lack_the_channel_and_be_of_any_dtype(name):
    loss, masks, p = getattr(losses, name)(), MASKS > 0, P[..., :1]
    expected = loss(masks[..., np.newaxis].astype(float), p)
    for each in (masks, masks.astype(np.uint8), masks[..., np.newaxis]):
        assert loss(each, p) == expected


@OVERLAPS
def test_the_loss_of_a_perfect_prediction_is_zero(name):
    masks = np.eye(3, dtype=np.float32)[MASKS]
    assert getattr(losses, name)()(masks, masks) == pytest.approx(0, abs=1e-6)
    assert getattr(losses, name)()(masks, np.roll(masks, 1, -1)) == pytest.approx(1, abs=1e-6)


@OVERLAPS
def test_networks_learn_masks_of_class_indices_with_them(name):
    rng = np.random.default_rng(0)
    masks = rng.integers(0, 3, (16, 8, 8))
    x = (masks[..., np.newaxis] + 0.1 * rng.standard_normal((16, 8, 8, 1))).astype(np.float32)
    parts = [layers.Conv2D(8, 1, activation="relu"), layers.Conv2D(3, 1, activation="softmax")]
    model = striate.Sequential([layers.Input((8, 8, 1)), *parts], rng=0)
    model.compile(striate.optimizers.Adam(0.05), getattr(losses, name)(axis=(0, 1, 2)), metrics=[metrics.MeanIoU(3)])
    history = model.fit(x, masks, batch_size=4, epochs=25, verbose=0, rng=0).history
    assert history["mean_io_u"][-1] > 0.95
    assert history["loss"][-1] < 0.2 < history["loss"][0]


@OVERLAPS
@pytest.mark.parametrize(
    ("masks", "message"),
    [
        (255 * (MASKS > 0), "y holds the label 255, out of range; expected 0 to 2 for 3 classes"),
        (MASKS + 0.5, "which is not a class index"),
        (np.full((2, 4, 5, 3), 2.0), "y holds .*2.0.*, out of range; expected 0 for no and 1 for yes"),
        (np.zeros((2, 4, 3)), r"y has shape \(2, 4, 3\)"),
        (np.full((2, 4, 5, 3), np.nan), "y holds NaN or infinity"),
    ],
)
def test_wrong_masks_are_named(name, masks, message):
    with pytest.raises(ValueError, match=message):
        getattr(losses, name)()(masks, P)

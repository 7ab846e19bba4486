"""Confusion matrices of classes, and intersection over union."""

import numpy as np
import pytest

from striate import losses, metrics
from tests.metrics.samples import CLASSES, MAPS, NAN, SURE


def test_confusion_matrices_count_pairs_of_classes():
    metric = metrics.ConfusionMatrix(3)
    metric.update_state([0, 1, 2, 2], [0, 2, 2, 1])
    metric.update_state(np.array([2, 0]), np.array([[0.1, 0.2, 0.7], [0.2, 0.5, 0.3]]), sample_weight=[1.0, 0.5])
    np.testing.assert_array_equal(metric.result(), [[1, 0.5, 0], [0, 0, 1], [0, 1, 2]])
    assert metrics.MeanIoU(3)([0, 1, 2, 2], [0, 2, 2, 1]) == pytest.approx(np.mean([1, 0, 1 / 3]))
    with pytest.raises(ValueError, match="y_true holds 0 to 3; expected class indices from 0 to 2, since num_classes=3"):
        metric.update_state([0, 3], [0, 1])


def test_targets_that_are_nan_are_refused():
    y_true = np.eye(3)[CLASSES]
    y_true[1, 2] = NAN
    for metric in (metrics.ConfusionMatrix(3), metrics.MeanIoU(3, sparse_y_true=False, sparse_y_pred=False)):
        with pytest.raises(ValueError, match="y_true holds NaN or infinity; expected class indices"):
            metric.update_state(y_true, np.eye(3)[CLASSES])


def test_ignored_targets_may_be_outside_the_classes():
    metric = metrics.MeanIoU(3, ignore_class=255, sparse_y_pred=False)
    metric.update_state([0, 1, 255, 0], SURE)
    assert metric.result() == pytest.approx((1 / 2 + 1) / 2)


def test_class_indices_that_are_nan_are_refused():
    for metric in (metrics.MeanIoU(3), metrics.ConfusionMatrix(3)):
        with pytest.raises(ValueError, match="y_pred holds NaN or infinity; expected class indices"):
            metric.update_state([0, 1], [0, NAN])


def test_maps_of_class_indices_may_be_as_wide_as_there_are_classes():
    wanted, found = MAPS[0][:, :, :3], MAPS[1][:, :, :3]
    expected = np.zeros((3, 3))
    np.add.at(expected, (wanted, found), 1)
    metric = metrics.ConfusionMatrix(3)
    metric.update_state(wanted, found)
    np.testing.assert_array_equal(metric.result(), expected)
    metric.reset_state()
    metric.update_state(np.eye(3)[wanted], np.eye(3)[found])
    np.testing.assert_array_equal(metric.result(), expected)


def test_intersection_over_union_of_classes_that_do_not_occur_is_zero():
    metric = metrics.IoU(3, [2])
    metric.update_state([0, 1, 1], [0, 1, 0])
    assert metric.result() == 0


PROBABILITIES = np.random.default_rng(3).dirichlet(np.ones(3), (5, 6, 7))


def test_masks_of_class_indices_are_compared_with_vectors_over_the_classes():
    wanted = MAPS[0]
    expected = metrics.MeanIoU(3)(wanted, PROBABILITIES.argmax(-1))
    assert metrics.MeanIoU(3)(wanted, PROBABILITIES) == expected
    assert metrics.MeanIoU(3)(wanted[..., np.newaxis], PROBABILITIES) == expected
    assert metrics.OneHotMeanIoU(3)(np.eye(3)[wanted], PROBABILITIES) == expected
    assert 0.1 < expected < 0.5


@pytest.mark.parametrize("ids", [[1, 2], [0], None])
def test_dice_coefficients_match_the_formula(ids):
    wanted, found = MAPS
    sizes = [(wanted == i).sum() + (found == i).sum() for i in range(3)]
    both = [((wanted == i) & (found == i)).sum() for i in range(3)]
    expected = np.mean([2 * both[i] / sizes[i] for i in ids or [1, 2]])
    for y_pred in (found, np.eye(3)[found], found.astype(float)):
        assert metrics.DiceCoefficient(3, ids)(wanted, y_pred) == pytest.approx(expected, rel=1e-12)


def test_the_dice_coefficient_of_a_binary_mask_is_its_f1_score_and_one_minus_the_loss():
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(0, 2, (3, 5, 4)), rng.random((3, 5, 4, 1)).astype(np.float32)
    found = metrics.DiceCoefficient()(y_true, y_pred)
    f1 = metrics.F1Score(average="micro", threshold=0.5)(y_true.reshape(-1, 1), y_pred.reshape(-1, 1))
    assert found == pytest.approx(f1, rel=1e-6)
    assert found == pytest.approx(1 - losses.Dice()(y_true, (y_pred >= 0.5).astype(np.float32)), rel=1e-5)
    again = metrics.get({"class_name": "DiceCoefficient", "config": metrics.DiceCoefficient(4, [2], 0.3).get_config()})
    assert again.get_config() == metrics.DiceCoefficient(4, [2], 0.3).get_config()
    with pytest.raises(ValueError, match="num_classes=1 is too small"):
        metrics.DiceCoefficient(1)

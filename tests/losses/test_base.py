"""What all losses have in common: sample weights, shapes, subclasses and kernels."""

import numpy as np
import pytest

import striate
from striate import losses, ops
from tests.losses.samples import probabilities


def test_targets_may_have_more_axes():
    rng = np.random.default_rng(1)
    labels, p = rng.integers(0, 3, (2, 5, 4)), probabilities(rng, (2, 5, 4, 3))
    expected = -np.log(np.take_along_axis(p, labels[..., None], -1)).mean()
    assert losses.SparseCategoricalCrossentropy()(labels, p) == pytest.approx(expected)
    assert losses.CategoricalCrossentropy()(np.eye(3)[labels], p) == pytest.approx(expected)


def test_a_different_number_of_samples_is_refused():
    with pytest.raises(ValueError, match=r"y_true has shape \(2, 1\) and y_pred has shape \(3, 1\)"):
        losses.MeanSquaredError()([1, 2], np.ones((3, 1)))


@pytest.mark.parametrize(
    "kind",
    [losses.BinaryCrossentropy, losses.BinaryFocalCrossentropy, losses.CategoricalCrossentropy, losses.MeanSquaredError],
)
def test_a_call_that_a_subclass_overrides_is_used(kind):
    class Doubled(kind):
        def call(self, y_true, y_pred):
            return 2.0 * super().call(y_true, y_pred)

    rng = np.random.default_rng(0)
    y, p = np.eye(4)[rng.integers(0, 4, 6)], probabilities(rng, (6, 4))
    (value, gradient), (expected, slopes) = Doubled().value_and_gradient(y, p), kind().value_and_gradient(y, p)
    assert value == pytest.approx(2 * expected, rel=1e-12)
    np.testing.assert_allclose(gradient, 2 * slopes, rtol=1e-12)


@pytest.mark.parametrize(
    "loss",
    [
        losses.SparseCategoricalCrossentropy(),
        losses.CategoricalCrossentropy(from_logits=True),
        losses.BinaryCrossentropy(),
        losses.MeanSquaredError(),
        losses.Huber(0.2),
        losses.KLDivergence(),
        losses.CosineSimilarity(),
    ],
)
@pytest.mark.parametrize("weights", [[1.0, 0.0, 2.5], [[1.0], [0.5], [0.0]]])
def test_weights_multiply_the_value_and_gradient_of_each_sample(loss, weights):
    rng = np.random.default_rng(5)
    y_pred = probabilities(rng, (3, 4))
    y_true = rng.integers(0, 4, 3) if isinstance(loss, losses.SparseCategoricalCrossentropy) else probabilities(rng, (3, 4))
    alone = [loss(y_true[i : i + 1], y_pred[i : i + 1]) for i in range(3)]
    factors = np.ravel(weights)
    assert loss(y_true, y_pred, sample_weight=weights) == pytest.approx(np.mean(factors * alone), rel=1e-10)
    prepared = loss.prepare(y_true, (None, 4), "float64")
    _, gradient = loss.value_and_gradient(prepared, y_pred, factors)
    for i in range(3):
        _, own = loss.value_and_gradient(prepared[i : i + 1], y_pred[i : i + 1])
        np.testing.assert_allclose(gradient[i], factors[i] * own[0] / 3, rtol=1e-8, atol=1e-12)


def test_reduction_none_works_in_calls_only():
    loss = losses.Huber(reduction="none")
    with pytest.raises(ValueError, match="reduction='none' of Huber does not reduce the samples' values to a number"):
        loss.value_and_gradient(np.ones((2, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="reduction='most' is unknown; expected one of 'sum_over_batch_size', 'mean'"):
        losses.MeanSquaredError(reduction="most")


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, bool])
def test_integer_predictions_are_converted_to_floats(dtype):
    y, p = np.array([[0, 1], [1, 0]]), np.array([[1, 0], [1, 1]], dtype)
    for loss in (losses.MeanSquaredError(), losses.MeanAbsoluteError(), losses.BinaryCrossentropy(), losses.mean_squared_error):
        np.testing.assert_array_equal(loss(y, p), loss(y, p.astype(np.float32)))
    with pytest.raises(TypeError, match="y_pred has dtype complex64"):
        losses.MeanSquaredError()(y, p.astype(np.complex64))


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "mean_with_sample_weight", "sum", "none"])
def test_sample_weight_may_be_one_number(reduction):
    y, p = np.array([[0.0], [1.0], [1.0]]), np.array([[1.0], [0.5], [1.0]])
    for loss in (losses.MeanSquaredError(reduction), losses.MeanAbsoluteError(reduction)):
        np.testing.assert_array_equal(loss(y, p, sample_weight=0.5), loss(y, p, sample_weight=np.full(3, 0.5)))


FUSED = [losses.BinaryCrossentropy(), losses.BinaryFocalCrossentropy(), losses.MeanSquaredError()]


@pytest.mark.parametrize("loss", FUSED)
def test_predictions_of_one_axis_may_be_weighted(loss):
    y, p, weights = np.array([0.0, 1, 1, 0]), np.array([0.2, 0.6, 0.9, 0.4]), np.array([1.0, 2, 0, 1])
    model = striate.Sequential([striate.layers.Input((1,)), striate.layers.Lambda(lambda x: ops.squeeze(x, -1))])
    model.compile("sgd", loss)
    logs = model.evaluate(p[:, None], y, sample_weight=weights, verbose=0)
    assert np.isfinite(logs)
    assert np.isfinite(loss.value_and_gradient(y, p, weights)[1]).all()


@pytest.mark.parametrize("loss", FUSED)
def test_weights_of_single_elements_are_refused(loss):
    p = np.full((3, 4), 0.5)
    with pytest.raises(ValueError, match="expected a value for each sample"):
        loss.value_and_gradient(np.ones((3, 4)), p, np.ones((3, 4)))


@pytest.mark.parametrize("loss", FUSED)
def test_targets_and_weights_take_the_dtype_of_predictions(loss):
    rng = np.random.default_rng(0)
    y, p, weights = rng.integers(0, 2, (5, 3)), rng.random((5, 3)), rng.random(5)
    expected = loss.value_and_gradient(y.astype(float), p, weights)
    value, gradient = loss.value_and_gradient(y.astype(np.float32), p, weights.astype(np.float32))
    assert value == pytest.approx(expected[0], rel=1e-6)
    np.testing.assert_allclose(gradient, expected[1], rtol=1e-6)

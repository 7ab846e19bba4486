"""Losses: values by their formulas, gradients by finite differences, and targets that are refused."""

import numpy as np
import pytest

import striate
from striate import activations, losses, ops
from striate.engine import Graph, Plan, append_gradients


def probabilities(rng, shape):
    p = rng.random(shape) + 0.05
    return p / p.sum(-1, keepdims=True)


def cases():
    rng = np.random.default_rng(0)
    labels, p, z = rng.integers(0, 4, 6), probabilities(rng, (6, 4)), rng.standard_normal((6, 4))
    log_z = z - np.log(np.exp(z).sum(-1, keepdims=True))
    one_hot, soft = np.eye(4)[labels], probabilities(rng, (6, 4))
    rows = np.arange(6)
    yes, signs = labels % 2, 2.0 * (labels % 2) - 1
    q = p[:, 0]
    right, balance = np.where(yes, q, 1 - q), np.where(yes, 0.3, 0.7)
    unit = [v / np.linalg.norm(v, axis=-1, keepdims=True) for v in (soft, z)]
    margins = np.maximum(1 - signs[:, None] * z[:, :1], 0)
    wrong = np.where(one_hot, 0, z).max(-1)
    return [
        (losses.BinaryFocalCrossentropy(gamma=1.5), yes, p[:, :1], (-np.log(right) * (1 - right) ** 1.5).mean()),
        (
            losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.3),
            yes,
            p[:, :1],
            (-np.log(right) * (1 - right) ** 2 * balance).mean(),
        ),
        (
            losses.BinaryFocalCrossentropy(from_logits=True, label_smoothing=0.2),
            yes,
            np.log(q / (1 - q))[:, None],
            losses.BinaryFocalCrossentropy(label_smoothing=0.2)(yes, p[:, :1]),
        ),
        (
            losses.CategoricalFocalCrossentropy(),
            one_hot,
            p,
            -(0.25 * (1 - p[rows, labels]) ** 2 * np.log(p[rows, labels])).mean(),
        ),
        (
            losses.CategoricalFocalCrossentropy([1.0, 2.0, 3.0, 4.0], 1.0, from_logits=True),
            soft,
            z,
            -(soft * np.arange(1, 5) * (1 - np.exp(log_z)) * log_z).sum(-1).mean(),
        ),
        (losses.Hinge(), yes, z[:, :1], margins.mean()),
        (losses.Hinge(), signs, z[:, :1], margins.mean()),
        (losses.SquaredHinge(), yes, z[:, :1], (margins**2).mean()),
        (losses.CategoricalHinge(), one_hot, z, np.maximum(1 + np.maximum(wrong, 0) - z[rows, labels], 0).mean()),
        (losses.CosineSimilarity(), soft, z, -(unit[0] * unit[1]).sum(-1).mean()),
        (losses.KLDivergence(), soft, p, (soft * np.log(soft / p)).sum(-1).mean()),
        (losses.Poisson(), 5 * soft, p, (p - 5 * soft * np.log(p + 1e-7)).mean()),
        (losses.Dice(), one_hot, p, 1 - 2 * (one_hot * p).sum() / (one_hot.sum() + p.sum() + 1e-7)),
        (losses.Dice(axis=1), one_hot, p, (1 - 2 * (one_hot * p).sum(1) / (2 + 1e-7)).mean()),
        (losses.SparseCategoricalCrossentropy(), labels, p, -np.log(p[rows, labels]).mean()),
        (losses.SparseCategoricalCrossentropy(), labels, 3 * p, -np.log(p[rows, labels]).mean()),
        (losses.CategoricalCrossentropy(), soft, p * np.arange(1, 7)[:, None], -(soft * np.log(p)).sum(-1).mean()),
        (losses.SparseCategoricalCrossentropy(from_logits=True), labels, z, -log_z[rows, labels].mean()),
        (losses.SparseCategoricalCrossentropy(), labels[:, None].astype(float), p, -np.log(p[rows, labels]).mean()),
        (losses.CategoricalCrossentropy(), one_hot, p, -np.log(p[rows, labels]).mean()),
        (losses.CategoricalCrossentropy(), soft, p, -(soft * np.log(p)).sum(-1).mean()),
        (losses.CategoricalCrossentropy(from_logits=True), soft, z, -(soft * log_z).sum(-1).mean()),
        (losses.CategoricalCrossentropy(label_smoothing=0.2), one_hot, p, -((0.8 * one_hot + 0.05) * np.log(p)).sum(-1).mean()),
        (losses.BinaryCrossentropy(), soft, p, -(soft * np.log(p) + (1 - soft) * np.log(1 - p)).mean()),
        (losses.BinaryCrossentropy(), labels % 2, p[:, :1], -np.log(np.where(labels % 2, p[:, 0], 1 - p[:, 0])).mean()),
        (losses.BinaryCrossentropy(from_logits=True), soft, 3 * z, (np.log1p(np.exp(3 * z)) - 3 * z * soft).mean()),
        (
            losses.BinaryCrossentropy(label_smoothing=0.1),
            one_hot,
            p,
            -((0.9 * one_hot + 0.05) * np.log(p) + (0.95 - 0.9 * one_hot) * np.log(1 - p)).mean(),
        ),
        (
            losses.Tversky(0.3, 0.6, axis=1),
            one_hot,
            p,
            (1 - p[rows, labels] / (p[rows, labels] + 0.3 * (1 - p[rows, labels]) + 0.6 * (1 - p[rows, labels]) + 1e-7)).mean(),
        ),
        (losses.MeanAbsoluteError(), soft, z, abs(soft - z).mean()),
        (losses.MeanAbsolutePercentageError(), soft, z, 100 * abs((soft - z) / soft).mean()),
        (losses.MeanSquaredLogarithmicError(), soft, p, ((np.log1p(soft) - np.log1p(p)) ** 2).mean()),
        (losses.Huber(0.5), soft, z, np.where(abs(soft - z) < 0.5, (soft - z) ** 2 / 2, 0.5 * (abs(soft - z) - 0.25)).mean()),
        (losses.LogCosh(), soft, z, np.log(np.cosh(soft - z)).mean()),
        (losses.MeanSquaredError(), soft, z, ((soft - z) ** 2).mean()),
        (losses.MeanSquaredError(), soft[:, 0], z[:, :1], ((soft[:, :1] - z[:, :1]) ** 2).mean()),
    ]


@pytest.mark.parametrize(("loss", "y_true", "y_pred", "expected"), cases())
def test_values_match_the_formulas(loss, y_true, y_pred, expected):
    assert loss(y_true, y_pred) == pytest.approx(expected, rel=1e-12)
    assert loss(y_true, y_pred.astype(np.float32)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("loss", "y_true", "y_pred", "expected"), cases())
def test_gradient_matches_finite_differences(loss, y_true, y_pred, expected):
    prepared = loss.prepare(y_true, (None, *y_pred.shape[1:]), "float64")
    _, gradient = loss.value_and_gradient(prepared, y_pred.copy())
    for index in np.ndindex(y_pred.shape):
        step = np.zeros_like(y_pred)
        step[index] = 1e-6
        difference = (loss(y_true, y_pred + step) - loss(y_true, y_pred - step)) / 2e-6
        assert gradient[index] == pytest.approx(difference, rel=1e-5, abs=1e-8)


def test_targets_may_have_more_axes():
    rng = np.random.default_rng(1)
    labels, p = rng.integers(0, 3, (2, 5, 4)), probabilities(rng, (2, 5, 4, 3))
    expected = -np.log(np.take_along_axis(p, labels[..., None], -1)).mean()
    assert losses.SparseCategoricalCrossentropy()(labels, p) == pytest.approx(expected)
    assert losses.CategoricalCrossentropy()(np.eye(3)[labels], p) == pytest.approx(expected)


def test_impossible_predictions_give_a_finite_loss_and_gradient():
    p = np.array([[0.0, 1.0]], np.float32)
    for loss, target in ((losses.SparseCategoricalCrossentropy(), [0]), (losses.CategoricalCrossentropy(), [[1, 0]])):
        assert loss(target, p) == pytest.approx(-np.log(1e-7), rel=1e-6)
        gradient = loss.value_and_gradient(loss.prepare(target, (None, 2), "float32"), p)[1]
        assert np.isfinite(gradient).all()
        assert gradient[0, 0] < 0
    z = np.array([[-1000.0, 1000.0]], np.float32)
    assert losses.SparseCategoricalCrossentropy(from_logits=True)([0], z) == 2000


@pytest.mark.parametrize(
    ("loss", "y", "error", "message"),
    [
        ("sparse_categorical_crossentropy", [0, 3], ValueError, r"label 3, out of range; expected 0 to 2 for 3 classes"),
        ("sparse_categorical_crossentropy", [-1, 2], ValueError, r"label -1, out of range"),
        ("sparse_categorical_crossentropy", [0.0, np.nan], ValueError, r"y holds NaN or infinity, first in sample 1"),
        ("sparse_categorical_crossentropy", [0.5, 1], ValueError, r"0\.5.*not a class index"),
        ("sparse_categorical_crossentropy", np.eye(3), ValueError, r"y has shape \(3, 3\).*one-hot"),
        ("sparse_categorical_crossentropy", ["cat", "dog"], TypeError, r"y=.* has dtype <U3; expected real numbers"),
        ("categorical_crossentropy", [0, 1], ValueError, r"y has shape \(2,\).*class indices"),
        ("categorical_crossentropy", [[0, 0, 2.0]], ValueError, r"2\.0.*out of range"),
        ("categorical_crossentropy", [[0, 0, np.nan]], ValueError, r"NaN"),
        ("mse", [[1.0, 2.0, np.inf]], ValueError, r"NaN or infinity, first in sample 0"),
        ("mse", [[1.0, 2.0]], ValueError, r"y has shape \(1, 2\); expected"),
    ],
)
def test_bad_targets_are_refused(loss, y, error, message):
    with pytest.raises(error, match=message):
        losses.get(loss).prepare(y, (None, 3), "float32")


def test_unknown_losses_are_refused():
    with pytest.raises(ValueError, match=r"loss='regret' is unknown; expected one of 'binary_crossentropy'"):
        losses.get("regret")
    with pytest.raises(
        TypeError, match=r"loss=None is not a valid loss; expected an instance of striate\.losses\.Loss or a name"
    ):
        losses.get(None)


def test_a_different_number_of_samples_is_refused():
    with pytest.raises(ValueError, match=r"y_true has shape \(2, 1\) and y_pred has shape \(3, 1\)"):
        losses.MeanSquaredError()([1, 2], np.ones((3, 1)))


def test_binary_crossentropy_of_impossible_predictions_is_finite():
    loss = losses.BinaryCrossentropy()
    value, gradient = loss.value_and_gradient(np.array([[1.0, 0.0]], np.float32), np.array([[0.0, 1.0]], np.float32))
    assert value == pytest.approx(-np.log(1e-7), rel=0.02)
    np.testing.assert_array_equal(gradient, 0)
    large = losses.BinaryCrossentropy(from_logits=True)(np.array([[1, 0]]), np.array([[-1e4, 1e4]], np.float32))
    assert large == pytest.approx(1e4)


@pytest.mark.parametrize(
    "kind",
    [losses.BinaryCrossentropy, losses.BinaryFocalCrossentropy, losses.CategoricalCrossentropy, losses.MeanSquaredError],
)
def test_call_of_a_subclass_counts(kind):
    class Doubled(kind):
        def call(self, y_true, y_pred):
            return 2.0 * super().call(y_true, y_pred)

    rng = np.random.default_rng(0)
    y, p = np.eye(4)[rng.integers(0, 4, 6)], probabilities(rng, (6, 4))
    (value, gradient), (expected, slopes) = Doubled().value_and_gradient(y, p), kind().value_and_gradient(y, p)
    assert value == pytest.approx(2 * expected, rel=1e-12)
    np.testing.assert_allclose(gradient, 2 * slopes, rtol=1e-12)


def test_targets_of_binary_crossentropy_are_checked():
    with pytest.raises(ValueError, match=r"y holds .*2.0.*, out of range; expected 0 for no and 1 for yes"):
        losses.BinaryCrossentropy()(np.array([2]), np.array([[0.5]]))
    with pytest.raises(ValueError, match="label_smoothing=2 is out of range"):
        losses.BinaryCrossentropy(label_smoothing=2)


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
def test_weights_multiply_each_samples_part(loss, weights):
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


def test_functions_and_subclasses_are_losses():
    def quartic(y_true, y_pred):
        return ops.mean(ops.square(ops.square(y_true - y_pred)), axis=-1)

    class Quartic(losses.Loss):
        def call(self, y_true, y_pred):
            return quartic(y_true, y_pred)

    y_true, y_pred = np.random.default_rng(0).standard_normal((2, 5, 3))
    for loss in (losses.get(quartic), Quartic()):
        assert loss(y_true, y_pred) == pytest.approx(((y_true - y_pred) ** 4).mean())
        _, gradient = loss.value_and_gradient(y_true, y_pred)
        np.testing.assert_allclose(gradient, 4 * (y_pred - y_true) ** 3 / 15)
    assert losses.get(quartic).get_config()["function"] == "quartic"
    with pytest.raises(TypeError, match="returned float; expected what"):
        losses.get(lambda y_true, y_pred: 1.0)(y_true, y_pred)


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"sample_weight has shape \(2,\); expected \(3,\)"),
        ([1.0, np.nan, 1.0], ValueError, "sample_weight holds NaN"),
        (["a", "b", "c"], TypeError, "sample_weight=.* has dtype"),
    ],
)
def test_bad_weights_are_refused(weights, error, message):
    with pytest.raises(error, match=message):
        losses.MeanSquaredError()(np.zeros((3, 2)), np.zeros((3, 2)), sample_weight=weights)


@pytest.mark.parametrize(("loss", "y_true", "y_pred", "expected"), cases())
def test_reductions_are_those_of_keras(loss, y_true, y_pred, expected):
    weights = np.arange(1.0, 7.0)
    config = loss.get_config()
    summed, weighted, single = (
        type(loss)(**{**config, "reduction": reduction}) for reduction in ("sum", "mean_with_sample_weight", None)
    )
    values = single(y_true, y_pred)
    assert np.mean(values) == pytest.approx(expected, rel=1e-12)
    assert summed(y_true, y_pred) == pytest.approx(np.sum(values), rel=1e-12)
    function = getattr(losses, loss.name)
    settings = {key: value for key, value in config.items() if key not in ("name", "reduction")}
    np.testing.assert_array_equal(function(y_true, y_pred, **settings), values)
    if np.shape(values) != (6,):
        return  # one number for the whole batch, which weights do not fit
    assert weighted(y_true, y_pred) == pytest.approx(expected, rel=1e-12)
    assert weighted(y_true, y_pred, weights) == pytest.approx((values * weights).sum() / 21, rel=1e-12)
    assert weighted(y_true, y_pred, 0 * weights) == 0
    assert summed(y_true, y_pred, weights) == pytest.approx((values * weights).sum(), rel=1e-12)
    np.testing.assert_allclose(single(y_true, y_pred, weights), values * weights, rtol=1e-12)


def test_reduction_none_is_for_calls_only():
    loss = losses.Huber(reduction="none")
    with pytest.raises(ValueError, match="reduction='none' of Huber does not reduce the samples' values to a number"):
        loss.value_and_gradient(np.ones((2, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="reduction='most' is unknown; expected one of 'sum_over_batch_size', 'mean'"):
        losses.MeanSquaredError(reduction="most")


def test_names_and_functions_of_losses():
    for name, thing in vars(losses).items():
        if isinstance(thing, type) and issubclass(thing, losses.Loss) and thing not in (losses.Loss, losses.FunctionLoss):
            function = getattr(losses, thing().name)
            assert type(losses.get(function)) is type(losses.get(thing().name)) is thing, name
    assert losses.Huber(name="error").get_config() == {"delta": 1.0, "reduction": "sum_over_batch_size", "name": "error"}
    with pytest.raises(TypeError, match="too many positional arguments"):
        losses.mean_squared_error(np.ones((2, 3)), np.ones((2, 3)), 5.0)
    with pytest.raises(ValueError, match=r"y holds .*2\.0.*, out of range"):
        losses.binary_crossentropy([[2.0]], [[0.5]])


def test_functions_serve_in_custom_losses():
    def both(y_true, y_pred):
        smooth = losses.categorical_crossentropy(y_true, y_pred, label_smoothing=0.1)
        classes = ops.argmax(y_true, axis=-1)
        return smooth + 0.5 * losses.sparse_categorical_crossentropy(classes, y_pred) + losses.hinge(y_true, y_pred)

    rng = np.random.default_rng(3)
    y_true, y_pred = np.eye(4)[rng.integers(0, 4, 5)], probabilities(rng, (5, 4))
    signs = 2 * y_true - 1
    expected = (
        losses.CategoricalCrossentropy(label_smoothing=0.1)(y_true, y_pred)
        + 0.5 * losses.CategoricalCrossentropy()(y_true, y_pred)
        + np.maximum(1 - signs * y_pred, 0).mean()
    )
    assert losses.get(both)(y_true, y_pred) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("BinaryFocalCrossentropy", {"apply_class_balancing": True, "label_smoothing": 0.1}),
        ("CategoricalFocalCrossentropy", {"gamma": 1.0, "label_smoothing": 0.1}),
        ("Hinge", {}),
        ("SquaredHinge", {}),
        ("CategoricalHinge", {}),
        ("CosineSimilarity", {}),
        ("KLDivergence", {}),
        ("Poisson", {}),
        ("Dice", {}),
        ("Tversky", {"alpha": 0.3, "beta": 0.6, "axis": 1}),
        ("MeanAbsolutePercentageError", {}),
        ("MeanSquaredLogarithmicError", {}),
        ("SparseCategoricalCrossentropy", {"from_logits": True}),
        ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}),
        ("Huber", {"delta": 0.3}),
        ("LogCosh", {}),
    ],
)
def test_values_are_those_of_keras(name, settings):
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(7)
    labels, y_pred = rng.integers(0, 4, 6), probabilities(rng, (6, 4)).astype("float32")
    y_true = labels if name.startswith("Sparse") else np.eye(4, dtype="float32")[labels]
    weights = rng.random(6).astype("float32")
    own, other = getattr(losses, name)(**settings), getattr(keras.losses, name)(**settings)
    assert own(y_true, y_pred) == pytest.approx(float(other(y_true, y_pred)), rel=1e-4)
    if name != "Dice":
        assert own(y_true, y_pred, weights) == pytest.approx(float(other(y_true, y_pred, weights)), rel=1e-4)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, bool])
def test_integer_predictions_are_class_indices(dtype):
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


def _classes(y):
    return np.eye(3)[y]


def _smooth(y):
    return _classes(y) * 0.8 + 0.2 / 3


def _column(y):
    return y[:, np.newaxis]


# a loss of predictions, the activation that makes them, the same loss of logits, and what makes targets of class indices
OF_LOGITS = {
    "sparse": (losses.SparseCategoricalCrossentropy(), "softmax", losses.SparseCategoricalCrossentropy(True), None),
    "categorical": (losses.CategoricalCrossentropy(), "softmax", losses.CategoricalCrossentropy(True), _classes),
    "binary": (losses.BinaryCrossentropy(), "sigmoid", losses.BinaryCrossentropy(True), _classes),
    "binary focal": (losses.BinaryFocalCrossentropy(), "sigmoid", losses.BinaryFocalCrossentropy(from_logits=True), _classes),
    "categorical focal": (
        losses.CategoricalFocalCrossentropy(),
        "softmax",
        losses.CategoricalFocalCrossentropy(from_logits=True),
        _classes,
    ),
    "divergence": (
        losses.KLDivergence(),
        "softmax",
        losses.CategoricalCrossentropy(True),
        _smooth,
    ),
    "divergence from classes": (losses.KLDivergence(), "softmax", losses.CategoricalCrossentropy(True), _classes),
    "function": (
        lambda y, p: losses.sparse_categorical_crossentropy(y, p),
        "softmax",
        losses.SparseCategoricalCrossentropy(True),
        None,
    ),
    "ops, sparse": (
        lambda y, p: ops.sparse_categorical_crossentropy(y, p),
        "softmax",
        losses.SparseCategoricalCrossentropy(True),
        _column,
    ),
    "ops, categorical": (
        lambda y, p: ops.categorical_crossentropy(y, p),
        "softmax",
        losses.CategoricalCrossentropy(True),
        _classes,
    ),
    "ops, binary": (lambda y, p: ops.binary_crossentropy(y, p), "sigmoid", losses.BinaryCrossentropy(True), _classes),
}


@pytest.mark.parametrize("reshaped", [False, True])
@pytest.mark.parametrize("name", OF_LOGITS)
def test_probabilities_that_are_rounded_to_zero_are_trained(name, reshaped):
    of_predictions, activation, of_logits, make_targets = OF_LOGITS[name]
    y = np.array([0, 1, 2, 2])
    targets = y if make_targets is None else make_targets(y)
    logits = np.array([[-120.0, 0.0, 3.0], [60.0, -60.0, 0.0], [1.0, 2.0, -0.5], [0.0, 30.0, -30.0]], np.float32)
    steps = []
    for loss, last in ((of_predictions, activation), (of_logits, None)):
        inputs = striate.Input((3,))
        outputs = striate.layers.Dense(3, last, use_bias=False)(inputs)
        if reshaped and last:
            outputs = striate.layers.Reshape((3,))(outputs)
        model = striate.Model(inputs, outputs)
        model.set_weights([np.eye(3)])
        model.compile(striate.optimizers.SGD(1.0), loss)
        before = model.evaluate(logits, targets)
        assert model.train_on_batch(logits, targets) == pytest.approx(before, rel=1e-6)
        steps.append((before, np.eye(3) - model.get_weights()[0]))
    entropy = (_smooth(y) * np.log(_smooth(y))).sum(-1).mean() if make_targets is _smooth else 0  # of a divergence, not a part
    assert steps[0][0] == pytest.approx(steps[1][0] + entropy, rel=1e-5)
    np.testing.assert_allclose(steps[0][1], steps[1][1], rtol=1e-4, atol=1e-4)
    assert np.abs(steps[0][1]).max() > 1


def _value_and_gradient(loss, activation, y_true, logits):
    """Those of a loss of what an activation makes of logits; with none, of the logits."""
    graph = Graph()
    x, targets = (graph.input(array.shape, array.dtype) for array in (logits, y_true))
    found = losses.get(loss).emit(targets, activations.get(activation)(x) if activation else x)
    gradient = append_gradients(graph, found.starts, [x])[x]
    value, gradient = Plan(graph, [found.value, gradient], 1).instantiate().compute([logits, y_true])
    return value.item(), gradient


@pytest.mark.parametrize("after_activation", [True, False])
@pytest.mark.parametrize("low", [-1e9, -np.inf])
@pytest.mark.parametrize("name", [name for name, (*_, make_targets) in OF_LOGITS.items() if make_targets is not _smooth])
def test_impossible_classes_that_are_no_targets_count_for_nothing(dtype, name, low, after_activation):
    of_predictions, activation, of_logits, make_targets = OF_LOGITS[name]
    y = np.array([0, 2])
    targets = y if make_targets is None else make_targets(y)
    targets = targets.astype(dtype) if targets.dtype.kind == "f" else targets
    loss, activation = (of_predictions, activation) if after_activation else (of_logits, None)
    logits = np.array([[1.0, low, 2.0], [low, 0.0, 1.0]], dtype)
    value, gradient = _value_and_gradient(loss, activation, targets, logits)
    unlikely = np.where(logits == low, dtype.type(-80), logits)
    expected = _value_and_gradient(loss, activation, targets, unlikely)
    assert value == pytest.approx(expected[0], rel=1e-6)
    np.testing.assert_allclose(gradient, expected[1], rtol=1e-5, atol=1e-30)
    if "focal" not in name:
        columns = 3 if OF_LOGITS[name][1] == "sigmoid" else 1
        p = activations.get(OF_LOGITS[name][1])(logits)
        np.testing.assert_allclose(gradient, (p - _classes(y)) / (2 * columns), rtol=1e-5, atol=1e-7)


def test_divergence_of_logits_is_that_of_probabilities():
    logits, y = np.array([[1.0, -1e9, 2.0], [0.0, 1.0, 2.0]]), np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]])
    model = striate.Sequential([striate.layers.Input((3,)), striate.layers.Softmax()])
    model.compile(loss="kl_divergence")
    right = losses.KLDivergence()(y, activations.softmax(logits))
    assert model.evaluate(logits, y, verbose=0) == pytest.approx(right, rel=1e-4)
    assert right == pytest.approx((1.3132617 + np.log(1 / 2) + 0.9076059) / 2, rel=1e-5)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("kind", [losses.BinaryFocalCrossentropy, losses.CategoricalFocalCrossentropy])
def test_focal_losses_have_gradients_where_all_is_right(kind, gamma):
    logits = np.array([[-200.0, 200.0, -np.inf], [-1.0, 0.5, 0.25]], np.float32)
    y = np.array([[0.0, 1.0, 0.0]] * 2, np.float32)
    value, gradient = kind(gamma=gamma, from_logits=True).value_and_gradient(y, logits)
    assert np.isfinite(value)
    np.testing.assert_array_equal(gradient[0], 0)
    assert (gradient[1] != 0).all()


@pytest.mark.parametrize(
    "name", [name for name in losses.__all__ if name[0].isupper() and name not in ("Loss", "FunctionLoss")]
)
def test_nan_makes_the_loss_nan(name, dtype):
    kind = getattr(losses, name)
    settings = [{}, {"from_logits": True}] if "Crossentropy" in name else [{}]
    for loss in (kind(**each) for each in settings):
        for column in range(3):
            y_pred = np.array([[0.2, 0.5, 0.3]] * 2, dtype)
            y_pred[1, column] = np.nan
            for y in (0, 1, 2):
                targets = np.array([y, y]) if name.startswith("Sparse") else np.eye(3, dtype=dtype)[[y, y]]
                assert np.isnan(loss(targets, y_pred))
    if name == "CategoricalCrossentropy":
        assert np.isnan(losses.CategoricalCrossentropy(True)(np.zeros((2, 3)), y_pred))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_log_softmax_along_any_axis_keeps_what_is_unlikely(dtype, axis):
    x = np.array([[0.0, -200.0, 3.0], [-3000.0, 1.0, -1e4]], dtype)
    expected = x - np.log(np.exp(x - x.max(axis, keepdims=True)).sum(axis, keepdims=True)) - x.max(axis, keepdims=True)
    np.testing.assert_allclose(ops.log_softmax(x, axis), expected, rtol=1e-6, atol=1e-7)
    classes = np.zeros(x.shape[1 - axis % 2], int)
    value = ops.sparse_categorical_crossentropy(classes, x, from_logits=True, axis=axis)
    np.testing.assert_allclose(value, -np.take(expected, 0, axis), rtol=1e-6, atol=1e-7)


def test_metrics_of_a_model_that_ends_in_softmax_get_probabilities(rng):
    model = striate.Sequential([striate.layers.Input((3,)), striate.layers.Dense(3, "softmax")], rng=0)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["sparse_categorical_crossentropy"])
    x = rng.standard_normal((8, 3)).astype(np.float32)
    logs = model.evaluate(x, np.arange(8) % 3, return_dict=True)
    assert logs["loss"] == pytest.approx(logs["sparse_categorical_crossentropy"], rel=1e-5)
    np.testing.assert_allclose(model.predict(x).sum(1), 1, rtol=1e-5)


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
def test_weights_of_elements_are_refused(loss):
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

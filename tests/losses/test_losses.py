"""All losses: values compared with formulas and with Keras, gradients with finite differences; reductions and names."""

import sys

import numpy as np
import pytest

from striate import Input, Sequential, layers, losses
from striate.dtype_policies import DTypePolicy
from tests.losses.samples import probabilities


def cases():
    rng = np.random.default_rng(0)
    labels, p, z = rng.integers(0, 4, 6), probabilities(rng, (6, 4)), rng.standard_normal((6, 4))
    log_z = z - np.log(np.exp(z).sum(-1, keepdims=True))
    one_hot, soft = np.eye(4)[labels], probabilities(rng, (6, 4))
    rows = np.arange(6)
    yes, signs = labels % 2, 2.0 * (labels % 2) - 1
    q = p[:, 0]
    shared = (one_hot * p).sum()
    right, balance = np.where(yes, q, 1 - q), np.where(yes, 0.3, 0.7)
    unit = [v / np.linalg.norm(v, axis=-1, keepdims=True) for v in (soft, z)]
    margins = np.maximum(1 - signs[:, None] * z[:, :1], 0)
    wrong = np.where(one_hot, 0, z).max(-1)
    cosines, same = unit[1] @ unit[1].T, yes[:, None] == yes
    near = np.where(same & ~np.eye(6, dtype=bool), np.exp(-4 * (1.3 - cosines) * (cosines - 0.7)), 0).sum(1)
    far = np.where(same, 0, np.exp(4 * np.maximum(0.3 + cosines, 0) * (cosines - 0.3))).sum(1)
    two_p, two_soft, two_labels = (np.stack(each, -1) for each in ((p, p[:, ::-1]), (soft, one_hot), (labels, 3 - labels)))
    return [
        (losses.Circle(gamma=4.0, margin=0.3), yes, unit[1], np.log1p(near * far).mean()),
        (losses.CategoricalGeneralizedCrossEntropy(q=0.7), labels, p, ((1 - p[rows, labels] ** 0.7) / 0.7).mean()),
        (losses.SparseCategoricalCrossentropy(axis=1), two_labels, two_p, -np.log(p[rows, labels]).mean()),
        (losses.CategoricalCrossentropy(axis=1), two_soft, two_p, -(two_soft * np.log(two_p)).sum(1).mean()),
        (
            losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2, axis=1),
            two_soft,
            np.log(two_p) + 1,
            -((0.8 * two_soft + 0.05) * np.log(two_p)).sum(1).mean(),
        ),
        (
            losses.CategoricalFocalCrossentropy(gamma=1.0, axis=1),
            two_soft,
            two_p,
            -(0.25 * two_soft * (1 - two_p) * np.log(two_p)).sum(1).mean(),
        ),
        (
            losses.BinaryCrossentropy(axis=1),
            two_soft,
            two_p,
            -(two_soft * np.log(two_p) + (1 - two_soft) * np.log(1 - two_p)).mean(1).mean(),
        ),
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
        (losses.Jaccard(), one_hot, p, 1 - shared / (one_hot.sum() + p.sum() - shared + 1e-7)),
        (losses.Jaccard(axis=1), soft, p, 1 - ((soft * p).sum(1) / (2 - (soft * p).sum(1) + 1e-7)).mean()),
        (losses.Jaccard(), labels, p, losses.Jaccard()(one_hot, p)),
        (losses.Dice(axis=0), labels[:, None], p, losses.Dice(axis=0)(one_hot, p)),
        (losses.Tversky(0.2, axis=1), labels, p, losses.Tversky(0.2, axis=1)(one_hot, p)),
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


def test_unknown_losses_are_refused():
    with pytest.raises(ValueError, match=r"loss='regret' is unknown; expected one of 'arc_face_loss', 'binary_crossentropy'"):
        losses.get("regret")
    with pytest.raises(TypeError, match=r"loss=3 is not a valid loss; expected an instance of striate\.losses\.Loss or a name"):
        losses.get(3)
    assert losses.get(None) is None


@pytest.mark.parametrize(("loss", "y_true", "y_pred", "expected"), cases())
def test_reductions_match_their_definitions(loss, y_true, y_pred, expected):
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
        return  # The loss is one number for the whole batch, which weights do not fit.
    assert weighted(y_true, y_pred) == pytest.approx(expected, rel=1e-12)
    assert weighted(y_true, y_pred, weights) == pytest.approx((values * weights).sum() / 21, rel=1e-12)
    assert weighted(y_true, y_pred, 0 * weights) == 0
    assert summed(y_true, y_pred, weights) == pytest.approx((values * weights).sum(), rel=1e-12)
    np.testing.assert_allclose(single(y_true, y_pred, weights), values * weights, rtol=1e-12)


@pytest.mark.parametrize("settings", [{}, {"from_logits": True}, {"axis": 1}])
def test_an_ignored_class_is_left_out_of_the_mean(rng, settings):
    y_pred = probabilities(rng, (5, 3, 4))
    y_true, weights = rng.integers(0, 4, (5, 3)), rng.random(5)
    y_true[0], y_true[3, 1] = 255, 255
    counted = y_true != 255
    p = np.take_along_axis(y_pred, np.where(counted, y_true, 0)[..., None], -1)[..., 0]
    values = np.where(counted, -np.log(p), 0)
    if settings.get("from_logits"):
        y_pred = np.log(y_pred)
    if settings.get("axis"):
        y_pred = np.moveaxis(y_pred, -1, 1)

    def loss(reduction="sum_over_batch_size"):
        return losses.SparseCategoricalCrossentropy(ignore_class=255, reduction=reduction, **settings)

    assert loss()(y_true, y_pred) == pytest.approx(values.sum() / counted.sum(), rel=1e-12)
    assert loss("sum")(y_true, y_pred) == pytest.approx(values.sum(), rel=1e-12)
    assert loss()(y_true, y_pred, weights) == pytest.approx((values * weights[:, None]).sum() / counted.sum(), rel=1e-12)
    weighted = loss("mean_with_sample_weight")
    total = (counted * weights[:, None]).sum()
    assert weighted(y_true, y_pred, weights) == pytest.approx((values * weights[:, None]).sum() / total, rel=1e-12)
    np.testing.assert_allclose(loss(None)(y_true, y_pred), values, rtol=1e-12)
    _, gradient = loss().value_and_gradient(loss().prepare(y_true, (None, *y_pred.shape[1:]), "float64"), y_pred)
    assert not gradient[0].any()
    assert gradient[1].all(axis=0 if settings.get("axis") else -1).any()
    with pytest.raises(ValueError, match="y holds the label 255, out of range"):
        losses.SparseCategoricalCrossentropy(ignore_class=7, **settings)(y_true, y_pred)


def test_the_mean_of_circle_is_that_of_values_above_zero():
    embeddings = np.eye(3)[[0, 0, 1, 2]]
    values = losses.circle([0, 0, 1, 2], embeddings, gamma=4.0)
    assert (values[:2] > 0).all()
    assert not values[2:].any()
    assert losses.Circle(gamma=4.0)([0, 0, 1, 2], embeddings) == pytest.approx(values[:2].mean(), rel=1e-12)
    others = losses.circle([0, 1], embeddings[1:3], [0, 0, 1], embeddings[:3], remove_diagonal=False, gamma=4.0)
    assert others[0] == pytest.approx(losses.circle([0, 0, 1], embeddings[:3], remove_diagonal=False, gamma=4.0)[1], rel=1e-12)


def test_the_dtype_of_a_loss_is_that_of_its_computation():
    y_true, y_pred = np.zeros((3, 2), "float32"), np.full((3, 2), 0.1, "float32")
    assert losses.MeanSquaredError(reduction=None, dtype="float64")(y_true, y_pred).dtype == np.float64
    assert losses.MeanSquaredError(reduction=None)(y_true, y_pred).dtype == np.float32
    assert losses.MeanSquaredError(dtype="float64").get_config()["dtype"] == "float64"
    value = losses.MeanSquaredError()(y_true, y_pred)
    assert value.dtype == np.float32
    for dtype in ("float16", np.float16, DTypePolicy("float16")):
        loss = losses.MeanSquaredError(dtype=dtype)
        assert loss(y_true, y_pred) == np.float16(value)
        assert loss(y_true, y_pred).dtype == losses.deserialize(losses.serialize(loss)).dtype == "float16"
    model = Sequential([Input((2,)), layers.Dense(2)], rng=0)
    found = []
    for loss in (losses.MeanSquaredError(), losses.MeanSquaredError(dtype="float16")):  # In a model, float16 is not rounded.
        model.compile(loss=loss)
        found.append(model.evaluate(y_pred, y_true, verbose=0))
    assert found[0] == found[1] != float(np.float16(found[1]))
    with pytest.raises(ValueError, match="MeanSquaredError: dtype='int8' is not supported"):
        losses.MeanSquaredError(dtype="int8")
    with pytest.raises(AttributeError, match="dtype"):
        loss.dtype = "float32"


def test_a_loss_in_bfloat16_is_rounded(monkeypatch):
    y_true, y_pred = [[0.0, 0.0]], [[0.1, 0.3]]
    ml_dtypes = pytest.importorskip("ml_dtypes")
    value = losses.MeanSquaredError(dtype="bfloat16")(y_true, y_pred)
    assert value.dtype == ml_dtypes.bfloat16
    assert float(value) == float(ml_dtypes.bfloat16(losses.MeanSquaredError()(y_true, y_pred)))
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    with pytest.raises(ImportError, match=r"pip install striate\[keras\]"):
        losses.MeanSquaredError(dtype="bfloat16")


def test_a_loss_is_made_from_its_configuration():
    for loss in (losses.Circle(margin=0.2), losses.SparseCategoricalCrossentropy(ignore_class=3), losses.Tversky(0.2, axis=1)):
        again = losses.deserialize(losses.serialize(loss))
        assert type(again) is type(loss)
        assert again.get_config() == loss.get_config() == type(loss).from_config(loss.get_config()).get_config()
    assert losses.deserialize("huber").name == "huber"


def test_axes_and_single_classes():
    with pytest.raises(ValueError, match="axis=0 is that of the samples"):
        losses.CategoricalCrossentropy(axis=0)(np.eye(3), np.eye(3))
    with pytest.raises(ValueError, match="axis=2 is out of range"):
        losses.BinaryCrossentropy(axis=2)(np.eye(3), np.eye(3))
    with pytest.warns(SyntaxWarning, match="has a single class"):
        losses.CategoricalCrossentropy()(np.ones((3, 1)), np.ones((3, 1)))


def test_each_loss_is_found_by_its_name_and_function():
    for name, thing in vars(losses).items():
        if isinstance(thing, type) and issubclass(thing, losses.Loss) and thing not in (losses.Loss, losses.FunctionLoss):
            function = getattr(losses, thing().name)
            assert type(losses.get(function)) is type(losses.get(thing().name)) is thing, name
    assert losses.Huber(name="error").get_config() == {"delta": 1.0, "reduction": "sum_over_batch_size", "name": "error"}
    with pytest.raises(TypeError, match="too many positional arguments"):
        losses.mean_squared_error(np.ones((2, 3)), np.ones((2, 3)), 5.0)
    with pytest.raises(ValueError, match=r"y holds .*2\.0.*, out of range"):
        losses.binary_crossentropy([[2.0]], [[0.5]])


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
        ("SparseCategoricalCrossentropy", {"ignore_class": 2}),
        ("CategoricalGeneralizedCrossEntropy", {"q": 0.3}),
        ("Circle", {}),
        ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}),
        ("Huber", {"delta": 0.3}),
        ("LogCosh", {}),
    ],
)
def test_values_match_keras(name, settings):
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(7)
    labels, y_pred = rng.integers(0, 4, 6), probabilities(rng, (6, 4)).astype("float32")
    y_true = labels if getattr(losses, name).takes_classes else np.eye(4, dtype="float32")[labels]
    weights = rng.random(6).astype("float32")
    own, other = getattr(losses, name)(**settings), getattr(keras.losses, name)(**settings)
    assert own(y_true, y_pred) == pytest.approx(float(other(y_true, y_pred)), rel=1e-4)
    if name != "Dice":
        assert own(y_true, y_pred, weights) == pytest.approx(float(other(y_true, y_pred, weights)), rel=1e-4)


@pytest.mark.parametrize(
    "name", [name for name in losses.__all__ if name[0].isupper() and name not in ("Loss", "FunctionLoss", "CTC")]
)
def test_nan_makes_the_loss_nan(name, dtype):
    kind = getattr(losses, name)
    settings = [{}, {"from_logits": True}] if "Crossentropy" in name else [{}]
    for loss in (kind(**each) for each in settings):
        for column in range(3):
            y_pred = np.array([[0.2, 0.5, 0.3]] * 2, dtype)
            y_pred[1, column] = np.nan
            for y in (0, 1, 2):
                targets = np.array([y, y]) if kind.takes_classes else np.eye(3, dtype=dtype)[[y, y]]
                assert np.isnan(loss(targets, y_pred))
    if name == "CategoricalCrossentropy":
        assert np.isnan(losses.CategoricalCrossentropy(True)(np.zeros((2, 3)), y_pred))

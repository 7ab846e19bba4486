"""All metrics: results equal those of Keras, and are never better with NaN in predictions; names, weights and integers."""

import numpy as np
import pytest

import striate
from striate import metrics
from tests.metrics.samples import BINARY, CLASSES, GUESSES, LABELS, MAPS, NAN, NUMBERS, ONE_HOT, REAL, SIDES, SURE

Y_PRED = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3]])


@pytest.mark.parametrize(
    ("name", "y_true", "expected"),
    [
        ("accuracy", np.array([0, 2, 0]), 2 / 3),
        ("accuracy", np.eye(3)[[0, 2, 0]], 2 / 3),
        ("sparse_categorical_accuracy", np.array([0, 1, 1]), 2 / 3),
        ("categorical_accuracy", np.eye(3)[[1, 2, 1]], 2 / 3),
        ("mse", np.zeros((3, 3)), (Y_PRED**2).mean()),
    ],
)
def test_result_is_the_mean_over_all_batches(name, y_true, expected):
    metric = metrics.get(name)
    assert metric.name == name
    assert metric.result() == 0
    metric.update_state(y_true[:1], Y_PRED[:1])
    metric.update_state(y_true[1:], Y_PRED[1:])
    assert metric.result() == pytest.approx(expected)
    metric.reset_state()
    assert metric(y_true, Y_PRED) == pytest.approx(expected)


def test_unknown_metrics_are_refused():
    with pytest.raises(ValueError, match="metric='luck' is unknown; expected one of 'auc'"):
        metrics.get("luck")
    with pytest.raises(TypeError, match="metric=3 is not a valid metric"):
        metrics.get(3)


CASES = [
    ("Precision", {}, BINARY),
    ("Precision", {"thresholds": [0.2, 0.7]}, BINARY),
    ("Precision", {"top_k": 2}, ONE_HOT),
    ("Recall", {"class_id": 1, "thresholds": 0.3}, BINARY),
    ("Recall", {"top_k": 1, "class_id": 2}, ONE_HOT),
    ("F1Score", {}, ONE_HOT),
    ("F1Score", {"average": "macro"}, ONE_HOT),
    ("F1Score", {"average": "weighted", "threshold": 0.4}, BINARY),
    ("F1Score", {"average": "micro", "threshold": 0.4}, BINARY),
    ("FBetaScore", {"average": "macro", "beta": 0.5, "threshold": 0.4}, BINARY),
    ("FBetaScore", {"average": "weighted", "beta": 2.0}, ONE_HOT),
    ("FBetaScore", {"beta": 3.0, "threshold": 0.4}, BINARY),
    ("TruePositives", {"thresholds": [0.7, 0.2]}, BINARY),
    ("FalsePositives", {"thresholds": [0.7, 0.2]}, BINARY),
    ("TrueNegatives", {"thresholds": [0.7, 0.2]}, BINARY),
    ("FalseNegatives", {"thresholds": [0.7, 0.2]}, BINARY),
    ("SensitivityAtSpecificity", {"specificity": 0.6}, BINARY),
    ("SpecificityAtSensitivity", {"sensitivity": 0.6, "num_thresholds": 11}, BINARY),
    ("PrecisionAtRecall", {"recall": 0.3, "num_thresholds": 20}, BINARY),
    ("PrecisionAtRecall", {"recall": 0.7, "num_thresholds": 1}, BINARY),
    ("RecallAtPrecision", {"precision": 0.55, "class_id": 1}, BINARY),
    ("AUC", {}, BINARY),
    ("AUC", {"curve": "PRGAIN"}, BINARY),
    ("AUC", {"curve": "PRGAIN", "summation_method": "minoring", "num_thresholds": 12}, BINARY),
    ("AUC", {"thresholds": [0.8, 0.3, 0.5]}, BINARY),
    ("AUC", {"multi_label": True, "num_labels": 3, "label_weights": [0.5, 0.2, 0.1]}, BINARY),
    ("AUC", {"label_weights": [0.5, 0.2, 0.1]}, BINARY),
    ("AUC", {"curve": "PR"}, BINARY),
    ("AUC", {"curve": "PR", "summation_method": "majoring", "num_thresholds": 20}, BINARY),
    ("AUC", {"summation_method": "minoring", "multi_label": True}, BINARY),
    ("AUC", {"from_logits": True}, (BINARY[0], REAL[1])),
    ("BinaryAccuracy", {"threshold": 0.3}, BINARY),
    ("CategoricalAccuracy", {}, ONE_HOT),
    ("SparseCategoricalAccuracy", {}, LABELS),
    ("TopKCategoricalAccuracy", {"k": 2}, ONE_HOT),
    ("SparseTopKCategoricalAccuracy", {"k": 3}, LABELS),
    ("SparseTopKCategoricalAccuracy", {"k": 2, "from_sorted_ids": True}, (LABELS[0], np.argsort(-LABELS[1], -1))),
    ("MeanSquaredError", {}, REAL),
    ("RootMeanSquaredError", {}, REAL),
    ("MeanAbsoluteError", {}, REAL),
    ("MeanAbsolutePercentageError", {}, REAL),
    ("CosineSimilarity", {}, REAL),
    ("BinaryCrossentropy", {"label_smoothing": 0.1}, BINARY),
    ("BinaryCrossentropy", {"from_logits": True}, (BINARY[0], REAL[1])),
    ("CategoricalCrossentropy", {}, ONE_HOT),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, ONE_HOT),
    ("SparseCategoricalCrossentropy", {}, LABELS),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, LABELS),
    ("SparseCategoricalCrossentropy", {"ignore_class": 2}, LABELS),
    ("KLDivergence", {}, (ONE_HOT[1][::-1], ONE_HOT[1])),
    ("Poisson", {}, (BINARY[0], BINARY[1])),
    ("Hinge", {}, BINARY),
    ("SquaredHinge", {}, (2 * BINARY[0] - 1, REAL[1])),
    ("CategoricalHinge", {}, ONE_HOT),
    ("MeanSquaredLogarithmicError", {}, (BINARY[0], REAL[1])),
    ("LogCoshError", {}, REAL),
    ("PearsonCorrelation", {}, REAL),
    ("ConcordanceCorrelation", {}, REAL),
    ("R2Score", {}, REAL),
    ("R2Score", {"class_aggregation": None}, REAL),
    ("R2Score", {"class_aggregation": "variance_weighted_average"}, REAL),
    ("IoU", {"num_classes": 3, "target_class_ids": [0, 2]}, MAPS),
    ("MeanIoU", {"num_classes": 3}, MAPS),
    ("MeanIoU", {"num_classes": 3, "ignore_class": 1}, MAPS),
    ("BinaryIoU", {"target_class_ids": [1], "threshold": 0.4}, BINARY),
    ("OneHotIoU", {"num_classes": 4, "target_class_ids": [0, 3]}, ONE_HOT),
    ("OneHotMeanIoU", {"num_classes": 4}, ONE_HOT),
    ("OneHotMeanIoU", {"num_classes": 4, "ignore_class": 2}, ONE_HOT),
]


#: Metrics that take weights of elements only, in Keras.
OF_ELEMENTS = [
    "AUC", "BinaryIoU", "FalseNegatives", "FalsePositives", "IoU", "MeanIoU", "Precision", "PrecisionAtRecall", "Recall",
    "RecallAtPrecision", "SensitivityAtSpecificity", "SpecificityAtSensitivity", "TrueNegatives", "TruePositives",
]  # fmt: skip


@pytest.mark.parametrize(("name", "settings", "data"), CASES)
@pytest.mark.parametrize("weighted", [False, True])
def test_results_match_keras(name, settings, data, weighted):
    keras = pytest.importorskip("keras")
    own, other = getattr(metrics, name)(**settings), getattr(keras.metrics, name)(**settings)
    y_true, y_pred = data
    weights = np.random.default_rng(0).integers(0, 4, len(y_true)) if weighted else None
    for part in (slice(0, 15), slice(15, None)) if len(y_true) > 15 else (slice(0, 2), slice(2, None)):
        own.update_state(y_true[part], y_pred[part], None if weights is None else weights[part])
        shape = (-1, *(1,) * (y_true.ndim - 1))
        given = None if weights is None else weights[part]
        of_elements = name in OF_ELEMENTS and "class_id" not in settings
        if weighted and of_elements:
            given = np.broadcast_to(given.reshape(shape), y_true[part].shape)
        other.update_state(y_true[part], y_pred[part], given)
    np.testing.assert_allclose(own.result(), np.asarray(other.result()), rtol=2e-5, atol=1e-6)
    again = metrics.get({"class_name": name, "config": own.get_config()})
    assert again.get_config() == own.get_config()


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"y_true has shape \(3,\), y_pred \(3, 2\)"):
        metrics.MeanSquaredError()(np.zeros(3), np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"sample_weight has shape \(2,\)"):
        metrics.MeanSquaredError()(np.zeros((3, 2)), np.zeros((3, 2)), [1, 2])


#: For each metric: its settings, targets, predictions with NaN, and the expected result.
OF_NAN = {
    "AUC": [({}, SIDES, GUESSES, NAN), ({"from_logits": True}, SIDES, GUESSES, NAN)],
    "Accuracy": [({}, CLASSES, SURE, 3 / 4), ({}, SIDES, GUESSES, 2 / 4), ({}, [1.0, 2.0], [1.0, NAN], 1 / 2)],
    "BinaryAccuracy": [({}, SIDES, GUESSES, 2 / 4)],
    "BinaryCrossentropy": [({}, SIDES, GUESSES, NAN), ({"from_logits": True}, SIDES, GUESSES, NAN)],
    "BinaryIoU": [({"target_class_ids": [1]}, SIDES, GUESSES, 1 / 2), ({"target_class_ids": [0]}, SIDES, GUESSES, 1 / 2)],
    "CategoricalAccuracy": [({}, np.eye(3)[CLASSES], SURE, 3 / 4)],
    "CategoricalCrossentropy": [({}, np.eye(3)[CLASSES], SURE, NAN)],
    "CategoricalHinge": [({}, np.eye(3)[CLASSES], SURE, NAN)],
    "ConcordanceCorrelation": [({"axis": 0}, *NUMBERS, NAN)],
    "ConfusionMatrix": [({"num_classes": 3}, CLASSES, SURE, [[1, 0, 0], [0, 1, 0], [0, 0, 1]])],
    "CosineSimilarity": [({}, *NUMBERS, NAN)],
    "DiceCoefficient": [({}, SIDES, GUESSES, 2 / 3), ({"num_classes": 3}, CLASSES, SURE, 1)],
    "F1Score": [({"average": "macro"}, np.eye(3)[CLASSES], SURE, (2 / 3 + 1 + 1) / 3), ({}, SIDES, GUESSES, 2 / 3)],
    "FBetaScore": [({"average": "macro", "beta": 2.0}, np.eye(3)[CLASSES], SURE, (5 / 9 + 1 + 1) / 3)],
    "FalseNegatives": [({}, SIDES, GUESSES, 1)],
    "FalsePositives": [({}, SIDES, GUESSES, 0)],
    "FunctionMetric": [({"function": lambda y, p: p[:, 0] - y[:, 0]}, *NUMBERS, NAN)],
    "Hinge": [({}, SIDES, GUESSES, NAN)],
    "IoU": [({"num_classes": 3, "target_class_ids": [0], "sparse_y_pred": False}, CLASSES, SURE, 1 / 2)],
    "KLDivergence": [({}, np.eye(3)[CLASSES], SURE, NAN)],
    "LogCoshError": [({}, *NUMBERS, NAN)],
    "Mean": [({}, [1.0, NAN], None, NAN)],
    "MeanAbsoluteError": [({}, *NUMBERS, NAN)],
    "MeanAbsolutePercentageError": [({}, *NUMBERS, NAN)],
    "MeanIoU": [({"num_classes": 3, "sparse_y_pred": False}, CLASSES, SURE, (1 / 2 + 1 + 1) / 3)],
    "MeanMetricWrapper": [({"fn": lambda y, p: p[:, 0] - y[:, 0]}, *NUMBERS, NAN)],
    "MeanSquaredError": [({}, *NUMBERS, NAN)],
    "MeanSquaredLogarithmicError": [({}, *NUMBERS, NAN)],
    "OneHotIoU": [({"num_classes": 3, "target_class_ids": [0]}, np.eye(3)[CLASSES], SURE, 1 / 2)],
    "OneHotMeanIoU": [({"num_classes": 3}, np.eye(3)[CLASSES], SURE, (1 / 2 + 1 + 1) / 3)],
    "PearsonCorrelation": [({"axis": 0}, *NUMBERS, NAN)],
    "Poisson": [({}, *NUMBERS, NAN)],
    "Precision": [({}, SIDES, GUESSES, 1), ({"top_k": 1}, np.eye(3)[CLASSES], SURE, 1)],
    "PrecisionAtRecall": [({"recall": 0.5}, SIDES, GUESSES, 1), ({"recall": 0.6}, SIDES, GUESSES, 0)],
    "R2Score": [({}, *NUMBERS, NAN)],
    "Recall": [({}, SIDES, GUESSES, 1 / 2), ({"top_k": 3}, np.eye(3)[CLASSES], SURE, 3 / 4)],
    "RecallAtPrecision": [({"precision": 0.5}, SIDES, GUESSES, 1 / 2)],
    "RootMeanSquaredError": [({}, *NUMBERS, NAN)],
    "SensitivityAtSpecificity": [({"specificity": 0.5}, SIDES, GUESSES, 1 / 2)],
    "SparseCategoricalAccuracy": [({}, CLASSES, SURE, 3 / 4)],
    "SparseCategoricalCrossentropy": [({}, CLASSES, SURE, NAN)],
    "SparseTopKCategoricalAccuracy": [({"k": 2}, CLASSES, SURE, 3 / 4)],
    "SpecificityAtSensitivity": [({"sensitivity": 0.5}, SIDES, GUESSES, 1)],
    "SquaredHinge": [({}, SIDES, GUESSES, NAN)],
    "Sum": [({}, [1.0, NAN], None, NAN)],
    "TopKAccuracy": [({"k": 2}, CLASSES, SURE, 3 / 4), ({"k": 9}, CLASSES, SURE, 3 / 4)],
    "TopKCategoricalAccuracy": [({"k": 2}, np.eye(3)[CLASSES], SURE, 3 / 4)],
    "TrueNegatives": [({}, SIDES, GUESSES, 1), ({"thresholds": [0.0, 0.5]}, SIDES, GUESSES, [0, 1])],
    "TruePositives": [({}, SIDES, GUESSES, 1)],
}


@pytest.mark.parametrize(
    "name", [name for name in metrics.__all__ if isinstance(getattr(metrics, name), type) and name not in ("Metric", "ROC")]
)
def test_metrics_have_the_expected_results_for_nan(name):
    for settings, y_true, y_pred, expected in OF_NAN[name]:
        metric = getattr(metrics, name)(**settings)
        metric.update_state(*(np.array(each) for each in (y_true, y_pred) if each is not None))
        np.testing.assert_allclose(metric.result(), expected)


BETTER_WITHOUT_NAN = [
    "Accuracy", "BinaryAccuracy", "BinaryIoU", "CategoricalAccuracy", "ConfusionMatrix", "DiceCoefficient", "F1Score", "IoU",
    "MeanIoU", "OneHotIoU", "OneHotMeanIoU", "Precision", "Recall", "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy", "TopKAccuracy", "TopKCategoricalAccuracy", "TrueNegatives", "TruePositives",
]  # fmt: skip
SETTINGS_OF_CLASSES = {
    "ConfusionMatrix": {"num_classes": 3},
    "DiceCoefficient": {"num_classes": 3, "target_class_ids": [0, 1, 2]},
    "F1Score": {"average": "macro"},
    "IoU": {"num_classes": 3, "target_class_ids": [0, 1, 2], "sparse_y_pred": False},
    "MeanIoU": {"num_classes": 3, "sparse_y_pred": False},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0, 1, 2]},
    "OneHotMeanIoU": {"num_classes": 3},
}


@pytest.mark.parametrize("where", ["all", "one"])
@pytest.mark.parametrize("target", [0, 1, 2])
@pytest.mark.parametrize("name", BETTER_WITHOUT_NAN)
def test_nan_never_counts_as_correct(name, target, where):
    metric = getattr(metrics, name)(**SETTINGS_OF_CLASSES.get(name, {}))
    columns = 1 if name.startswith("Binary") else 3
    y_pred = np.full((6, columns), NAN)
    if where == "one" and columns > 1:
        y_pred[:] = 0.0
        y_pred[:, target] = NAN
    y_true = np.full((6, 1), min(target, 1)) if columns == 1 else np.full(6, target)
    if name == "CategoricalAccuracy" or name.startswith("OneHot"):
        y_true = np.eye(3)[y_true]
    metric.update_state(y_true, y_pred)
    correct = 12 if name == "TrueNegatives" and where == "one" else 0  # The zeros beside the NaN are true negatives.
    np.testing.assert_array_equal(metric.result(), np.full_like(metric.result(), correct))


@pytest.mark.parametrize("name", ["BinaryAccuracy", "MeanSquaredError", "Precision", "CategoricalAccuracy"])
def test_weights_of_samples_may_be_a_column(name):
    rng = np.random.default_rng(0)
    y_true, y_pred, weights = rng.integers(0, 2, (6, 3)), rng.random((6, 3)), rng.random(6)
    results = [getattr(metrics, name)()(y_true, y_pred, each) for each in (weights, weights[:, np.newaxis])]
    assert results[0] == results[1] > 0


@pytest.mark.parametrize(
    "name", ["binary_accuracy", "categorical_accuracy", "pearson_correlation", "concordance_correlation", "huber", "hinge"]
)
def test_functions_match_those_of_keras(name):
    keras = pytest.importorskip("keras")
    y_true, y_pred = ONE_HOT
    got = getattr(metrics, name)(y_true, y_pred)
    expected = np.asarray(getattr(keras.metrics, name, getattr(keras.losses, name, None))(y_true, y_pred))
    assert got.shape == expected.shape
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-6)


def test_functions_take_the_arguments_of_their_classes():
    labels, y_pred = LABELS
    best = np.argsort(-y_pred, -1)
    expected = (best[:, :2] == labels[:, np.newaxis]).any(-1)
    np.testing.assert_array_equal(metrics.sparse_top_k_categorical_accuracy(labels, y_pred, k=2), expected)
    np.testing.assert_array_equal(metrics.sparse_top_k_categorical_accuracy(labels, best, 2, from_sorted_ids=True), expected)
    np.testing.assert_array_equal(metrics.top_k_categorical_accuracy(np.eye(4)[labels], y_pred, k=2), expected)
    np.testing.assert_array_equal(metrics.sparse_categorical_accuracy(labels, y_pred), best[:, 0] == labels)
    np.testing.assert_array_equal(metrics.binary_accuracy([[1, 0]], [[0.6, 0.6]], threshold=0.7), [[0, 1]])
    with pytest.raises(
        TypeError, match=r"^binary_accuracy got an unknown argument 'k'; expected some of y_true, y_pred, threshold$"
    ):
        metrics.binary_accuracy([[1]], [[0.5]], k=2)


def test_a_metric_is_made_from_its_configuration():
    for metric in (
        metrics.FBetaScore(beta=2.0, dtype="float64"),
        metrics.RecallAtPrecision(0.7, class_id=1),
        metrics.Mean("x"),
    ):
        again = metrics.deserialize(metrics.serialize(metric))
        assert type(again) is type(metric)
        assert again.get_config() == metric.get_config() == type(metric).from_config(metric.get_config()).get_config()
    assert metrics.FBetaScore(dtype="float16").get_config()["dtype"] == "float16"
    assert metrics.deserialize("auc").name == "auc"


def test_variables_hold_what_the_result_is_computed_from():
    mean, total, recall = metrics.Mean(), metrics.Sum(), metrics.Recall([0.3, 0.6])
    for metric in (mean, total):
        metric.update_state([1.0, 3.0], [1.0, 2.0])
    recall.update_state([1, 1, 0], [0.5, 0.9, 0.9])
    assert [each.numpy() for each in mean.variables] == [7, 3]
    assert [each.numpy() for each in total.variables] == [7]
    assert {each.name: each.numpy().tolist() for each in recall.variables} == {
        "true_positives": [2, 1],
        "false_negatives": [0, 1],
    }
    for metric in (mean, total, recall):
        metric.reset_state()
        assert not any(each.numpy().any() for each in metric.variables)


def test_a_row_of_weights_is_for_all_samples():
    values, weights = np.arange(6.0).reshape(2, 3), [[1.0, 0.0, 2.0]]
    assert metrics.Mean()(values, weights) == pytest.approx((values * weights).sum() / 6)
    with pytest.raises(ValueError, match=r"sample_weight has shape \(1, 2\)"):
        metrics.Mean()(values, [[1.0, 0.0]])


def test_axes_of_classes():
    rng = np.random.default_rng(2)
    y_true, y_pred = np.eye(4)[rng.integers(0, 4, (5, 3))], rng.random((5, 3, 4))
    expected = metrics.OneHotMeanIoU(4)(y_true, y_pred)
    assert metrics.OneHotMeanIoU(4, axis=1)(np.moveaxis(y_true, -1, 1), np.moveaxis(y_pred, -1, 1)) == expected > 0


def test_arguments_of_curves_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="num_labels=3 is given with multi_label=False"):
        metrics.AUC(num_labels=3)
    with pytest.raises(ValueError, match="label_weights has 2 elements; expected one for each column"):
        metrics.AUC(label_weights=[1.0, 2.0])(*BINARY)
    with pytest.raises(ValueError, match=r"y_pred has shape \(40, 3\); expected 2 columns"):
        metrics.AUC(multi_label=True, num_labels=2)(*BINARY)
    with pytest.raises(ValueError, match=r"thresholds=.* holds None"):
        metrics.Precision([0.5, None])
    with pytest.raises(ValueError, match=r"recall=1\.5 is out of range"):
        metrics.PrecisionAtRecall(1.5)


@pytest.mark.parametrize("name", ["AUC", "auc", "MeanSquaredError", "mse", "MSE", "accuracy", "acc"])
def test_metrics_have_the_name_that_was_passed(name):
    assert metrics.get(name).name == name


def test_logs_have_the_names_that_were_passed():
    x, y = np.ones((4, 3), np.float32), np.array([[0.0], [1.0], [1.0], [0.0]])
    model = striate.Sequential([striate.layers.Input((3,)), striate.layers.Dense(1, "sigmoid")], rng=0)
    model.compile("sgd", "binary_crossentropy", metrics=["AUC"], weighted_metrics=["BinaryAccuracy", "mean_absolute_error"])
    history = model.fit(x, y, validation_data=(x, y), verbose=0).history
    names = ["loss", "AUC", "BinaryAccuracy", "mean_absolute_error"]
    assert list(history) == names + [f"val_{name}" for name in names]


@pytest.mark.parametrize(
    "metric",
    [
        metrics.IoU(3, [0, 2]),
        metrics.MeanIoU(3),
        metrics.BinaryIoU(),
        metrics.DiceCoefficient(),
        metrics.AUC(),
        metrics.AUC(curve="PR"),
        metrics.F1Score(),
    ],
)
def test_metrics_without_samples_are_zero(metric):
    assert metric.result() == 0
    assert isinstance(metric.result(), float)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, bool])
def test_integer_predictions_give_the_results_of_floats(dtype):
    y, p = np.array([[0, 1], [1, 0], [1, 1]]), np.array([[1, 0], [0, 0], [1, 1]], dtype)
    for metric in (
        metrics.Precision(top_k=1),
        metrics.Precision(),
        metrics.AUC(from_logits=True),
        metrics.MeanAbsoluteError(),
        metrics.CosineSimilarity(),
        metrics.FunctionMetric(lambda y, p: abs(y.astype(p.dtype) - p).mean(-1)),
    ):
        found = metric(y, p)
        metric.reset_state()
        assert found == metric(y, p.astype(np.float64))


@pytest.mark.parametrize("metric", [metrics.MeanSquaredError(), metrics.R2Score(), metrics.Recall(), metrics.MeanIoU(2)])
def test_sample_weight_may_be_one_number(metric):
    y, p = np.array([[0.0], [1.0], [1.0], [1.0]]), np.array([[1.0], [0.0], [1.0], [1.0]])
    found = metric(y, p, sample_weight=0.5)
    metric.reset_state()
    assert found == metric(y, p, sample_weight=np.full(4, 0.5))


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("bce", "binary_crossentropy"),
        ("kld", "kl_divergence"),
        ("logcosh", "log_cosh_error"),
        ("msle", "mean_squared_logarithmic_error"),
    ],
)
def test_abbreviations(short, name):
    metric = metrics.get(short)
    assert metric.name == short
    assert type(metric) is type(metrics.get(name))

"""Weights of samples and classes, penalties, constraints and averages of weights: against plain NumPy."""

import numpy as np
import pytest

import striate
from striate import constraints, layers, losses, ops, optimizers, regularizers

X = np.random.default_rng(0).standard_normal((24, 5, 5, 2)).astype(np.float32)
Y = np.random.default_rng(1).integers(0, 3, 24)
WEIGHTS = np.random.default_rng(2).uniform(0, 2, 24)


def network(seed=0, **arguments):
    convolution = layers.Conv2D(4, 3, activation="relu", **arguments)
    return striate.Sequential(
        [layers.Input((5, 5, 2)), convolution, layers.Flatten(), layers.Dense(3, activation="softmax")], rng=seed
    )


def crossentropies(model):
    p = np.clip(model.predict(X).astype(np.float64), 1e-7, None)
    return -np.log(p[np.arange(len(Y)), Y])


TARGETS = {
    "sparse_categorical_crossentropy": Y,
    "categorical_crossentropy": np.eye(3)[Y],
    "mean_squared_error": np.eye(3)[Y],
}


@pytest.mark.parametrize("loss", TARGETS)
def test_repeating_a_sample_is_weighting_it(loss):
    times = np.array([1, 2, 0, 3] * 6)
    weighted, repeated = network(), network()
    for model in (weighted, repeated):
        model.compile(optimizers.SGD(0.1), loss)
    y = TARGETS[loss]
    first = weighted.train_on_batch(X, y, sample_weight=times)
    second = repeated.train_on_batch(np.repeat(X, times, 0), np.repeat(y, times, 0))
    scale = times.sum() / len(X)  # the weighted mean is one over the number of samples
    assert first == pytest.approx(second * scale, rel=1e-5)
    start = network().get_weights()
    for a, b, c in zip(weighted.get_weights(), repeated.get_weights(), start, strict=True):
        np.testing.assert_allclose(a - c, (b - c) * scale, rtol=1e-3, atol=1e-6)


def test_loss_and_metrics_are_weighted():
    model = network()
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    logs = model.evaluate(X, Y, batch_size=7, sample_weight=WEIGHTS, return_dict=True)
    assert logs["loss"] == pytest.approx(np.mean(WEIGHTS * crossentropies(model)), rel=1e-5)
    assert logs["accuracy"] == pytest.approx(np.mean(model.predict(X).argmax(-1) == Y))
    assert model.evaluate(X, Y)[0] == pytest.approx(np.mean(crossentropies(model)), rel=1e-5)


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy"])
def test_weights_of_classes_are_weights_of_their_samples(loss):
    of_classes, of_samples = network(), network()
    for model in (of_classes, of_samples):
        model.compile("sgd", loss)
    first = of_classes.fit(X, TARGETS[loss], class_weight={0: 2.0, 2: 0.5}, verbose=0, rng=0)
    second = of_samples.fit(X, TARGETS[loss], sample_weight=np.array([2.0, 1.0, 0.5])[Y], verbose=0, rng=0)
    assert first.history == second.history
    np.testing.assert_equal(of_classes.get_weights(), of_samples.get_weights())


CUSTOM = lambda y_true, y_pred: losses.sparse_categorical_crossentropy(y_true, y_pred)  # noqa: E731


@pytest.mark.parametrize("column", [False, True])
@pytest.mark.parametrize("loss", [CUSTOM, "sparse_categorical_crossentropy"], ids=["own", "named"])
def test_class_weights_work_with_custom_losses(loss, column):
    model = network()
    model.compile("sgd", loss)
    y = Y[:, np.newaxis] if column else Y
    expected = np.mean(np.array([1.0, 1.0, 100.0])[Y] * crossentropies(model))
    assert model.train_on_batch(X, y, class_weight={2: 100.0}) == pytest.approx(expected, rel=1e-5)
    model = network()
    model.compile("sgd", loss)
    expected = np.mean(crossentropies(model))
    assert model.train_on_batch(X, y, class_weight={7: 100.0}) == pytest.approx(expected, rel=1e-5)  # nothing is of class 7


@pytest.mark.parametrize("column", [False, True])
@pytest.mark.parametrize("loss", [CUSTOM, "sparse_categorical_crossentropy"], ids=["own", "named"])
def test_class_weights_apply_to_the_classes_of_places(loss, column):
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((4, 5, 6, 2)), rng.integers(0, 3, (4, 5, 6))
    for shape in ((5, 6, 2), (None, None, 2)):
        model = striate.Sequential([layers.Input(shape), layers.Conv2D(3, 1, activation="softmax")], rng=0)
        model.compile("sgd", loss)
        p = model.predict(x).astype(np.float64)
        entropies = -np.log(np.take_along_axis(p, y[..., np.newaxis], -1)[..., 0])
        expected = np.mean(np.array([1.0, 3.0, 0.5])[y] * entropies)
        given = y[..., np.newaxis] if column else y
        assert model.train_on_batch(x, given, class_weight={1: 3.0, 2: 0.5}) == pytest.approx(expected, rel=1e-5)


def test_class_weights_apply_to_binary_targets():
    yes = (Y > 0).astype(float)
    for y in (yes, yes[:, np.newaxis]):
        model = striate.Sequential([layers.Input((5, 5, 2)), layers.Flatten(), layers.Dense(1, activation="sigmoid")], rng=0)
        model.compile("sgd", "binary_crossentropy")
        p = model.predict(X)[:, 0].astype(np.float64)
        expected = np.mean(np.where(yes, 5.0, 1.0) * -np.log(np.where(yes, p, 1 - p)))
        assert model.train_on_batch(X, y, class_weight={1: 5.0}) == pytest.approx(expected, rel=1e-5)


def test_weights_of_classes_need_classes():
    model = network()
    model.compile("sgd", lambda y_true, y_pred: ops.mean(ops.square(y_pred - y_true[:, 0, 0]), axis=-1))
    with pytest.raises(ValueError, match=r"class_weight needs targets that are classes, and y has shape \(24, 1, 1, 3\)"):
        model.train_on_batch(X, np.eye(3)[Y][:, np.newaxis, np.newaxis], class_weight={1: 2.0})


#: Losses of single numbers, a value for each sample.
ONE_OUTPUT = [
    name
    for name in losses.__all__
    if isinstance(cls := getattr(losses, name), type)
    and name not in ("CTC", "CategoricalCrossentropy", "CategoricalFocalCrossentropy")
    and name not in ("Dice", "FunctionLoss", "Jaccard", "Loss", "Tversky")
    and not cls.takes_classes
]


@pytest.mark.parametrize("name", ONE_OUTPUT)
def test_weights_of_samples_may_be_a_column(name):
    model = striate.Sequential([layers.Input((5, 5, 2)), layers.Flatten(), layers.Dense(1, activation="sigmoid")], rng=0)
    model.compile("sgd", getattr(losses, name)())
    y = np.random.default_rng(4).integers(0, 2, (24, 1)).astype(float)
    values = [model.evaluate(X[i : i + 1], y[i : i + 1]) for i in range(24)]
    for weights in (WEIGHTS, WEIGHTS[:, np.newaxis]):
        assert model.evaluate(X, y, sample_weight=weights) == pytest.approx(np.mean(WEIGHTS * values), rel=1e-4, abs=1e-6)
        own = getattr(losses, name)()
        assert own(y, model.predict(X), weights) == pytest.approx(np.mean(WEIGHTS * values), rel=1e-4, abs=1e-6)


def test_an_output_that_does_not_count_has_its_own_loss():
    image = layers.Input((5, 5, 2))
    flat = layers.Flatten()(image)
    outputs = [layers.Dense(3, activation="softmax", name="kind")(flat), layers.Dense(1, name="size")(flat)]
    for weights in ([1.0, 0.0], {"size": 0.0}):
        model = striate.Model(image, outputs)
        model.compile(
            optimizers.SGD(0.1), ["sparse_categorical_crossentropy", "mse"], loss_weights=weights, metrics=[[], "mae"]
        )
        y = [Y, X[:, 0, 0, 0]]
        size = model.predict(X)[1][:, 0]
        before = model.get_weights()
        logs = model.evaluate(X, y, return_dict=True)
        assert logs["size_loss"] == pytest.approx(np.square(size - y[1]).mean(), rel=1e-5)
        assert logs["loss"] == logs["kind_loss"]
        history = model.fit(X, y, batch_size=24, verbose=0).history
        assert history["size_loss"] == [pytest.approx(logs["size_loss"], rel=1e-6)]
        assert history["loss"] == history["kind_loss"]
        changed = [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
        assert changed == [True, True, False, False]
    model.compile("sgd", "mse", loss_weights=[0.0, 0.0])
    before = model.get_weights()
    assert model.train_on_batch(X, [np.eye(3)[Y], y[1]])[0] == 0
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


class Halved(losses.MeanSquaredError):
    """A loss that loses half of the targets."""

    def adapt(self, y_true):
        """Return the first of them."""
        return y_true[: len(y_true) // 2]


@pytest.mark.parametrize("shuffle", [False, True])
def test_arrays_of_the_wrong_length_are_refused(shuffle):
    model = striate.Sequential([layers.Input((5, 5, 2)), layers.Flatten(), layers.Dense(1)], rng=0)
    model.compile("sgd", Halved())
    with pytest.raises(ValueError, match="adapt of Halved returned 12 samples; expected 24"):
        model.fit(X, np.ones(24), shuffle=shuffle, verbose=0)


def test_validation_data_may_have_sample_weights():
    model = network()
    model.compile(optimizers.SGD(1e-9), "sparse_categorical_crossentropy")
    history = model.fit(X, Y, validation_data=(X, Y, WEIGHTS), validation_batch_size=5, verbose=0).history
    assert history["val_loss"][0] == pytest.approx(np.mean(WEIGHTS * crossentropies(model)), rel=1e-4)
    history = model.fit(X, Y, sample_weight=WEIGHTS, validation_split=0.25, epochs=2, validation_freq=2, verbose=0).history
    assert len(history["val_loss"]) == 1
    assert history["val_loss"][0] == pytest.approx(np.mean((WEIGHTS * crossentropies(model))[18:]), rel=1e-4)


def test_outputs_have_weights_of_their_own():
    image = layers.Input((5, 5, 2))
    flat = layers.Flatten()(image)
    model = striate.Model(image, [layers.Dense(3, activation="softmax", name="kind")(flat), layers.Dense(1, name="size")(flat)])
    model.compile("sgd", {"kind": "sparse_categorical_crossentropy", "size": "mse"})
    y = {"kind": Y, "size": X[:, 0, 0, 0]}
    plain = model.evaluate(X, y, return_dict=True)
    logs = model.evaluate(X, y, sample_weight={"size": np.full(24, 3.0)}, return_dict=True)
    assert logs["kind_loss"] == pytest.approx(plain["kind_loss"])
    assert logs["size_loss"] == pytest.approx(3 * plain["size_loss"], rel=1e-5)
    with pytest.raises(ValueError, match=r"sample_weight has the keys \['weight'\]"):
        model.evaluate(X, y, sample_weight={"weight": WEIGHTS})
    with pytest.raises(ValueError, match="class_weight is for models with one output"):
        model.fit(X, y, class_weight={0: 1.0}, verbose=0)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"sample_weight": WEIGHTS[:5]}, ValueError, r"sample_weight has shape \(5,\); expected \(24,\)"),
        ({"sample_weight": WEIGHTS * np.nan}, ValueError, "sample_weight holds NaN"),
        ({"sample_weight": np.array(["1"] * 24)}, TypeError, "sample_weight has dtype"),
        ({"class_weight": [1, 2, 3]}, TypeError, r"class_weight=\[1, 2, 3\]"),
        ({"class_weight": {"a": 1.0}}, TypeError, "class_weight's key='a'"),
        ({"class_weight": {1: "much"}}, TypeError, r"class_weight\[1\]='much'"),
    ],
)
def test_bad_weights_are_refused(arguments, error, message):
    model = network()
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = model.get_weights()
    with pytest.raises(error, match=message):
        model.fit(X, Y, verbose=0, **arguments)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


# ------------------------------------------------------------------------------------------------------------ penalties


@pytest.mark.parametrize(
    ("regularizer", "value"),
    [
        ("l2", lambda w: 0.01 * np.sum(w**2)),
        (regularizers.L1(0.3), lambda w: 0.3 * np.sum(np.abs(w))),
        (regularizers.L1L2(0.1, 0.2), lambda w: 0.1 * np.sum(np.abs(w)) + 0.2 * np.sum(w**2)),
        (lambda w: 0.3 * ops.mean(w**4), lambda w: 0.3 * np.mean(w**4)),
    ],
)
def test_penalties_on_weights_are_added_to_the_loss(regularizer, value):
    plain, penalized = network(), network(kernel_regularizer=regularizer)
    for model in (plain, penalized):
        model.compile(optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    kernel = plain.get_weights()[0].astype(np.float64)
    expected = value(kernel)
    assert penalized.evaluate(X, Y) == pytest.approx(plain.evaluate(X, Y) + expected, rel=1e-5)
    assert regularizers.get(regularizer)(kernel) == pytest.approx(expected)
    assert penalized.train_on_batch(X, Y) == pytest.approx(plain.train_on_batch(X, Y) + expected, rel=1e-5)
    step, element = 1e-6, np.zeros_like(kernel)
    element[1, 2, 0, 3] = step
    slope = (value(kernel + element) - value(kernel - element)) / (2 * step)
    difference = penalized.get_weights()[0] - plain.get_weights()[0]
    assert difference[1, 2, 0, 3] == pytest.approx(-0.5 * slope, rel=1e-3)


def test_orthogonal_regularizer_penalizes_cosines():
    w = np.random.default_rng(3).standard_normal((4, 6))
    rows = w / np.linalg.norm(w, axis=1, keepdims=True)
    cosines = np.abs(rows @ rows.T)[np.triu_indices(4, 1)]
    assert regularizers.OrthogonalRegularizer(0.5)(w) == pytest.approx(0.5 * cosines.mean())
    assert regularizers.OrthogonalRegularizer(0.5, "columns")(w.T) == pytest.approx(0.5 * cosines.mean())
    image = layers.Input((6,))
    penalized = striate.Model(image, layers.Dense(4, kernel_regularizer=regularizers.OrthogonalRegularizer(2.0))(image), rng=0)
    penalized.compile(optimizers.SGD(0.1), "mse")
    penalized.set_weights([w.T, np.zeros(4)])
    x = np.zeros((2, 6), np.float32)  # the loss itself has no gradient
    before = penalized.train_on_batch(x, np.zeros((2, 4)))
    for _ in range(60):
        after = penalized.train_on_batch(x, np.zeros((2, 4)))
    assert after < 0.8 * before


def test_penalties_on_outputs_and_added_losses_add_up():
    class Doubled(layers.Layer):
        def call(self, x):
            self.add_loss(striate.ops.mean(striate.ops.square(x)))
            return x

    image = layers.Input((5, 5, 2))
    y = layers.Dense(3, activation="softmax", activity_regularizer=regularizers.L2(0.1))(layers.Flatten()(Doubled()(image)))
    model = striate.Model(image, y, rng=0)
    model.compile("sgd", losses.SparseCategoricalCrossentropy())
    expected = np.mean(crossentropies(model)) + 0.1 * np.sum(model.predict(X) ** 2) / 24 + np.mean(X**2)
    assert model.evaluate(X, Y, batch_size=24) == pytest.approx(expected, rel=1e-5)


def test_penalties_are_saved_and_loaded(tmp_path):
    model = network(kernel_regularizer=regularizers.L1L2(0.1, 0.2), bias_constraint="non_neg", activity_regularizer="l1")
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.save(tmp_path / "model.npz")
    again = striate.Sequential.load(tmp_path / "model.npz")
    assert again.layers[0].kernel_regularizer == regularizers.L1L2(0.1, 0.2)
    assert again.layers[0].bias_constraint == constraints.NonNeg()
    assert again.evaluate(X, Y) == model.evaluate(X, Y)


def test_functions_are_regularizers_that_are_saved_by_their_names(tmp_path):
    def penalty(x):
        return 0.1 * ops.sum(ops.square(x))

    by_function, by_class = network(activity_regularizer=penalty), network(activity_regularizer=regularizers.L2(0.1))
    for model in (by_function, by_class):
        model.compile("sgd", "sparse_categorical_crossentropy")
    assert by_function.train_on_batch(X, Y) == pytest.approx(by_class.train_on_batch(X, Y), rel=1e-5)
    by_function.save(tmp_path / "model.npz")
    again = striate.Sequential.load(tmp_path / "model.npz", custom_objects={"penalty": penalty})
    assert again.evaluate(X, Y) == by_function.evaluate(X, Y)
    model = network(kernel_regularizer=lambda w: 0.5)
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(TypeError, match=r"FunctionRegularizer\(<function .*\) returned 0.5; expected a number computed from"):
        model.train_on_batch(X, Y)


REGULARIZERS = ["L1", "L2", "L1L2", "OrthogonalRegularizer", "l1", "l2", "l1_l2", "orthogonal_regularizer"]
NORMS = ["MaxNorm", "UnitNorm", "MinMaxNorm", "max_norm", "unit_norm", "min_max_norm"]
NAMES = [
    *[(regularizers, name, {}) for name in REGULARIZERS],
    *[(constraints, name, {}) for name in (*NORMS, "NonNeg", "non_neg")],
    *[(constraints, name, {"axis": axis}) for name in NORMS for axis in ([0, -1], None)],
]


def _rounded(config):
    """Return a configuration with floats as float32, which some of Keras' are."""
    return {key: float(np.float32(each)) if isinstance(each, float) else each for key, each in config.items()}


@pytest.mark.parametrize(("room", "name", "settings"), NAMES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_names_defaults_and_results_are_those_of_keras(room, name, settings):
    keras = pytest.importorskip("keras")
    other = getattr(getattr(keras, room.__name__.rpartition(".")[2]), name)(**settings)
    own = getattr(room, name)(**settings)
    assert _rounded(own.get_config()) == _rounded(other.get_config())
    w = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    np.testing.assert_allclose(own(w), np.asarray(other(keras.ops.convert_to_tensor(w))), rtol=1e-5)
    assert room.deserialize(room.serialize(own)) == own
    assert type(own).from_config(own.get_config()) == own
    assert room.deserialize(None) is None


class Half(constraints.Constraint):
    """A custom one."""

    def __init__(self, factor=0.5):
        self.factor = factor

    def __call__(self, w):
        """Return smaller weights."""
        return w * self.factor


def test_configurations_of_custom_constraints_are_kept():
    description = constraints.serialize(Half(0.25))
    assert constraints.deserialize(description, {"Half": Half}) == Half(0.25)
    with pytest.raises(ValueError, match="class_name of constraint='Half' is unknown; expected one of 'MaxNorm'"):
        constraints.deserialize(description)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: constraints.MaxNorm(axis="x"), TypeError, "axis='x' is of type str; expected an integer"),
        (lambda: constraints.UnitNorm(axis=[0, 0.5]), TypeError, r"axis\[1\]=0.5 is of type float; expected an integer"),
        (lambda: constraints.MinMaxNorm(1.0, 0.5), ValueError, "max_value=0.5 is below min_value=1.0"),
        (lambda: regularizers.get(3), TypeError, "regularizer=3 is not a valid regularizer"),
        (lambda: regularizers.get(dict), TypeError, "regularizer=<class 'dict'> is not a valid regularizer"),
    ],
)
def test_settings_that_do_not_fit_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


# ------------------------------------------------------------------------------------------------- constraints, averages


@pytest.mark.parametrize(
    ("constraint", "check"),
    [
        (constraints.MaxNorm(0.3, axis=[0, 1, 2]), lambda norms: (norms <= 0.3 + 1e-6).all()),
        (constraints.UnitNorm(axis=[0, 1, 2]), lambda norms: np.allclose(norms, 1)),
        (constraints.MinMaxNorm(0.4, 0.5, axis=[0, 1, 2]), lambda norms: ((norms > 0.399) & (norms < 0.501)).all()),
    ],
)
def test_constraints_hold_after_each_step(constraint, check):
    model = network(kernel_constraint=constraint)
    model.compile(optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    model.train_on_batch(X, Y)
    assert check(np.sqrt(np.square(model.get_weights()[0]).sum((0, 1, 2))))


def test_weights_that_may_not_be_negative():
    model = network(kernel_constraint="non_neg")
    model.compile(optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    model.train_on_batch(X, Y)
    kernel = model.get_weights()[0]
    assert kernel.min() == 0
    assert kernel.max() > 0


@pytest.mark.parametrize("frequency", [None, 2])
def test_the_moving_average_of_weights_follows_the_formula(frequency):
    averaged, plain = network(), network()
    settings = {} if frequency is None else {"ema_overwrite_frequency": frequency}
    averaged.compile(optimizers.SGD(0.2, use_ema=True, ema_momentum=0.7, **settings), "sparse_categorical_crossentropy")
    plain.compile(optimizers.SGD(0.2), "sparse_categorical_crossentropy")
    averages = None
    for step in range(1, 6):
        averaged.train_on_batch(X, Y)
        plain.train_on_batch(X, Y)
        weights = plain.get_weights()
        averages = weights if averages is None else [0.7 * a + 0.3 * w for a, w in zip(averages, weights, strict=True)]
        if frequency and step % frequency == 0:
            plain.set_weights(averages)
        for a, b in zip(averaged.get_weights(), plain.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    averaged.optimizer.finish(averaged.trainable_weights)
    for a, b in zip(averaged.get_weights(), averages, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_fit_ends_with_the_average():
    model = network()
    model.compile(optimizers.Adam(0.01, use_ema=True, ema_momentum=0.5), "sparse_categorical_crossentropy")
    model.fit(X, Y, epochs=2, verbose=0)
    average = [array.copy() for array in (model.optimizer.average_of(weight).array for weight in model.trainable_weights)]
    for a, b in zip(model.get_weights(), average, strict=True):
        np.testing.assert_array_equal(a, b)


def test_sample_weight_may_be_one_number():
    x = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32)
    results = []
    for weight in (np.full(6, 0.5), 0.5, np.float32(0.5), np.array(0.5)):
        model = striate.Sequential([layers.Input((3,)), layers.Dense(1)], rng=0)
        model.compile("sgd", "mse", weighted_metrics=["mse"])
        found = model.evaluate(x, x[:, :1], sample_weight=weight)
        history = model.fit(x, x[:, :1], sample_weight=weight, verbose=0, shuffle=False).history
        results.append((found, history, model.train_on_batch(x, x[:, :1], sample_weight=weight)))
    assert results[1:] == results[:1] * 3

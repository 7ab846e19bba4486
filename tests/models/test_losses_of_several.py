"""Losses of several outputs at once, several losses of one output, and metrics without a loss."""

from typing import NamedTuple

import numpy as np
import pytest

import striate
from striate import Input, Loss, Model, layers, losses, models, ops

RNG = np.random.default_rng(0)
X = RNG.standard_normal((6, 4)).astype("float32")
A, B = (RNG.standard_normal((6, size)).astype("float32") for size in (1, 2))


class Pair(NamedTuple):
    """Outputs by name."""

    a: object
    b: object


def both(y_true, y_pred):
    """Return the sum of two errors, of outputs in a tuple."""
    assert type(y_true) is type(y_pred)
    (a, b), (p, q) = y_true, y_pred
    return ops.mean(ops.abs(a - p), -1) + ops.mean(ops.square(b - q), -1)


def made(kind=tuple):
    """Return a model with outputs "a" and "b" in a tuple, and its predictions."""
    x = Input((4,))
    outputs = layers.Dense(1, name="a")(x), layers.Dense(2, name="b")(x)
    model = Model(x, Pair(*outputs) if kind is Pair else kind(outputs), rng=0)
    return model, model.predict(X)


@pytest.mark.parametrize("kind", [tuple, Pair])
def test_a_loss_of_two_outputs_beside_losses_of_each(kind):
    model, (p, q) = made(kind)
    each = ("mae", None) if kind is tuple else Pair("mae", None)
    model.compile("sgd", loss=[both, each], loss_weights=[0.5, (2.0, None)], metrics=[None, ["mse"]])
    y = kind((A, B)) if kind is tuple else Pair(A, B)
    weights = np.arange(6.0)
    for given, factors in ((None, np.ones(6)), (weights, weights)):
        found = model.evaluate(X, y, sample_weight=given, batch_size=4, return_dict=True)
        of_a, of_b = np.abs(A - p).mean(1), np.square(B - q).mean(1)
        total = 0.5 * (factors * (of_a + of_b)).mean() + 2 * (factors * of_a).mean()
        assert list(found) == ["loss", "a_b_loss", "a_loss", "b_mse"]
        assert found["loss"] == pytest.approx(total, rel=1e-5)
        assert found["a_b_loss"] == pytest.approx((factors * (of_a + of_b)).mean(), rel=1e-5)
        assert found["b_mse"] == pytest.approx(of_b.mean(), rel=1e-5)


def test_training_on_a_loss_of_two_outputs_is_that_on_two_losses():
    one, _ = made()
    two, _ = made()
    one.compile("sgd", loss=[both])
    two.compile("sgd", loss=("mae", "mse"))
    for model in (one, two):
        model.fit(X, (A, B), batch_size=3, epochs=2, shuffle=False, verbose=0)
    for mine, other in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-7)
    assert list(one.history.history) == ["loss"]


def test_a_function_without_a_module_is_a_custom_loss():
    names = {"both": both}
    exec("def typed(y_true, y_pred): return both(y_true, y_pred)", names)
    assert names["typed"].__module__ is None
    model, _ = made()
    model.compile("sgd", loss=[names["typed"]])
    found = model.evaluate(X, (A, B))
    model.compile("sgd", loss=[both])
    assert found == model.evaluate(X, (A, B))


class Both(Loss):
    """The loss as a class."""

    def call(self, y_true, y_pred):
        return both(y_true, y_pred)


def test_losses_within_nested_outputs():
    x = Input((4,))
    a, b, c = layers.Dense(1, name="a")(x), layers.Dense(2, name="b")(x), layers.Dense(1, name="c")(x)
    model = Model(x, {"pair": (a, b), "more": {"one": a, "other": c}}, rng=0)
    of_pair, more = Both(), losses.MeanSquaredError()
    model.compile("sgd", loss={"pair": [of_pair, (None, "mse")], "more": {"other": more}})
    found = model.evaluate(X, {"pair": (A, B), "more": {"one": A, "other": A}}, return_dict=True)
    p, q, r = model.predict(X)["pair"] + (model.predict(X)["more"]["other"],)
    assert found["pair_loss"] == pytest.approx(np.abs(A - p).mean() + np.square(B - q).mean(), rel=1e-5)
    assert found["pair/b_loss"] == pytest.approx(np.square(B - q).mean(), rel=1e-5)
    assert found["more/other_loss"] == pytest.approx(np.square(A - r).mean(), rel=1e-5)
    assert found["loss"] == pytest.approx(sum(found[f"{name}_loss"] for name in ("pair", "pair/b", "more/other")), rel=1e-5)


def test_a_list_in_place_of_one_loss_holds_several():
    x = Input((4,))
    model = Model(x, layers.Dense(1)(x), rng=0)
    model.compile("sgd", loss=["mse", "mae"], loss_weights=[1.0, 3.0])
    error = A - model.predict(X)
    assert model.evaluate(X, A)[0] == pytest.approx(np.square(error).mean() + 3 * np.abs(error).mean(), rel=1e-5)


def test_losses_of_one_output_have_names_of_their_own():
    x = Input((4,))
    model = Model(x, layers.Dense(1, name="out")(x), rng=0)
    model.compile("sgd", loss=["mse", "mae"], metrics=["mae"])
    error = A - model.predict(X)
    found = model.evaluate(X, A)
    assert model.metrics_names == ["loss", "out_loss", "out_1_loss", "mae"]
    assert len(found) == len(model.metrics_names)
    means = np.square(error).mean(), np.abs(error).mean()
    assert found == pytest.approx([sum(means), *means, means[1]], rel=1e-5)


def test_a_number_in_the_name_of_a_loss_makes_no_other_outputs_name():
    x = Input((4,))
    model = Model(x, {"a": layers.Dense(1)(x), "a_1": layers.Dense(1)(x)}, rng=0)
    model.compile("sgd", loss={"a": ["mse", "mae"], "a_1": "mse"})
    assert list(model.evaluate(X, {"a": A, "a_1": A}, return_dict=True)) == ["loss", "a_loss", "a_2_loss", "a_1_loss"]


def test_a_loss_of_the_library_is_for_each_output_of_a_part():
    model, (p, q) = made(list)
    nested = Model(model.input, {"all": tuple(model.outputs)}, rng=0)
    nested.compile("sgd", loss={"all": "mse"})
    found = nested.evaluate(X, {"all": (A, B)}, return_dict=True)
    assert found["loss"] == pytest.approx(np.square(A - p).mean() + np.square(B - q).mean(), rel=1e-5)


def test_a_subclass_learns_its_outputs_from_data():
    class Two(Model):
        def __init__(self):
            super().__init__(rng=0)
            self.a, self.b = layers.Dense(1), layers.Dense(2)

        def call(self, x):
            return self.a(x), self.b(x)

    model = Two()
    model.compile("sgd", loss=[both, ("mae", "mse")])
    found = model.evaluate(X, (A, B))
    assert found[0] == pytest.approx(2 * found[1], rel=1e-5)


@pytest.mark.parametrize("loss", [["mse", "mae"], [Both(), ({"class_name": "MeanAbsoluteError", "config": {}}, None)]])
def test_losses_of_several_outputs_are_saved(loss, tmp_path):
    model, _ = made()
    y = (A, B)
    if loss[0] == "mse":
        model, y = Model(model.input, model.output[0]), A
    model.compile("sgd", loss=loss, loss_weights=[2.0, 0.5] if loss[0] == "mse" else [2.0, (0.5, None)])
    model.save(tmp_path / "model.keras")
    same = models.load_model(tmp_path / "model.keras", custom_objects={"Both": Both})
    assert same.evaluate(X, y) == model.evaluate(X, y)


def test_metrics_need_no_loss():
    model, (p, q) = made()
    model.compile("sgd", loss=("mae", None), metrics=(None, ["mse"]))
    logs = model.fit(X, (A, B), batch_size=6, verbose=0).history
    assert list(logs) == ["loss", "b_mse"]
    assert logs["loss"][0] == pytest.approx(np.abs(A - p).mean(), rel=1e-5)
    assert logs["b_mse"][0] == pytest.approx(np.square(B - q).mean(), rel=1e-5)
    model.compile("sgd", metrics=(["mae"], None))
    assert model.evaluate(X, (A, B), return_dict=True)["a_mae"] >= 0
    with pytest.raises(ValueError, match="the model has no loss"):
        model.fit(X, (A, B), verbose=0)


def test_own_steps_take_losses_of_several_outputs():
    class Stepping(Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return super().compute_loss(x, y, y_pred, sample_weight, training) * 2

    x = Input((4,))
    model = Stepping(x, (layers.Dense(1)(x), layers.Dense(2)(x)), rng=0)
    p, q = model.predict(X)
    model.compile("sgd", loss=[both])
    expected = 2 * (np.abs(A - p).mean() + np.square(B - q).mean())
    assert model.evaluate(X, (A, B), return_dict=True)["loss"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"loss": ("mse", "mse", "mse")}, "loss has 3 elements for the outputs"),
        ({"loss": {"a": "mse", "z": "mse"}}, r"loss has the keys \['z'\]; expected the names of outputs, \['a', 'b'\]"),
        ({"loss": (None, None)}, "is None for all outputs"),
        ({"loss": [both], "loss_weights": {"a": 2.0}}, "expected weights in the structure of the losses"),
    ],
)
def test_losses_that_do_not_fit_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        made()[0].compile("sgd", **settings)


def test_weights_of_each_output_do_not_fit_a_loss_of_both():
    model, _ = made()
    model.compile("sgd", loss=[both])
    with pytest.raises(ValueError, match="expected one array for all outputs"):
        model.evaluate(X, (A, B), sample_weight=(np.ones(6), np.ones(6)))


def _of_both(ops):
    """Return a loss of two outputs, written with the functions of a library."""

    def both(y_true, y_pred):
        (a, b), (p, q) = y_true, y_pred
        return ops.mean(ops.abs(a - p), axis=-1) + ops.mean(ops.square(b - q), axis=-1)

    return both


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
@pytest.mark.parametrize("weights", [None, [2.0, (0.5, 3.0)]], ids=["alike", "weighted"])
def test_training_is_that_of_keras(weights):
    keras = pytest.importorskip("keras")
    logs, results = [], []
    for library in (striate, keras):
        x = library.Input((4,))
        outputs = library.layers.Dense(1, name="a")(x), library.layers.Dense(2, name="b")(x)
        model = library.Model(x, outputs)
        model.set_weights([np.full((4, 1), 0.1), np.zeros(1), np.full((4, 2), 0.2), np.zeros(2)])
        loss = [_of_both(library.ops), ("mse", "mae")]
        model.compile(library.optimizers.SGD(0.1), loss=loss, loss_weights=weights)
        settings = {"batch_size": 3, "shuffle": False, "epochs": 2, "verbose": 0}
        logs.append(model.fit(X, (A, B), sample_weight=None, **settings).history)
        results.append(model.predict(X, verbose=0))
    assert logs[0].keys() == logs[1].keys()
    for name, values in logs[0].items():
        np.testing.assert_allclose(values, logs[1][name], rtol=1e-5)
    for mine, other in zip(*results, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-6)

"""Custom initializers, regularizers, constraints and functions in files: what is saved can be loaded."""

import functools

import numpy as np
import pytest

from striate import (
    Input,
    Model,
    Sequential,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    regularizers,
    saving,
)

X = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)


class Quartic(regularizers.Regularizer):
    """Has a configuration."""

    def __init__(self, strength=0.5):
        self._strength = strength

    def __call__(self, x):
        return ops.sum(ops.square(ops.square(x))) * self._strength

    def get_config(self):
        return {"strength": self._strength}


class Weighted(regularizers.Regularizer):
    """Its arguments are kept for it."""

    def __init__(self, factors, of=abs, inner="l2"):
        self._factor, self._inner = sum(factors), regularizers.get(inner)

    def __call__(self, x):
        return self._inner(x) * self._factor


class Halved(regularizers.L2):
    """Calls what its base class takes otherwise."""

    def __init__(self, strength):
        super().__init__(strength / 2)


class Below(constraints.Constraint):
    """Has a configuration."""

    def __init__(self, limit):
        self._limit = limit

    def __call__(self, w):
        return np.minimum(w, self._limit)

    def get_config(self):
        return {"limit": self._limit}


class Filled(initializers.Initializer):
    """Has a configuration."""

    def __init__(self, values):
        self._values = values

    def __call__(self, shape, dtype=None):
        return np.full(shape, sum(self._values), dtype)

    def get_config(self):
        return {"values": self._values}


class Plain:
    """An initializer of no class of the library's."""

    def __init__(self, value):
        self.value = value

    def __call__(self, shape, dtype=None):
        return np.full(shape, self.value, dtype)

    def get_config(self):
        return {"value": self.value}


def thirds(shape, dtype=None):
    return np.full(shape, 1 / 3, dtype)


def fourth_powers(w):
    return ops.sum(ops.square(ops.square(w)))


def at_least_0(w):
    return np.maximum(w, 0)


_PARTS = Quartic, Weighted, Halved, Below, Filled, Plain, thirds, fourth_powers, at_least_0
CUSTOM = {thing.__name__: thing for thing in _PARTS}
SETTINGS = [
    {"kernel_regularizer": Quartic(0.25)},
    {"bias_regularizer": Quartic()},
    {"activity_regularizer": Quartic(0.125)},
    {"kernel_regularizer": Weighted([1, 2])},
    {"kernel_regularizer": Weighted((0.5,), inner=Quartic(3.0))},
    {"kernel_regularizer": Halved(0.5)},
    {"kernel_constraint": Below(0.01)},
    {"kernel_regularizer": fourth_powers, "kernel_constraint": at_least_0},
    {"kernel_initializer": Filled([0.5, 0.25])},
    {"kernel_initializer": Plain(0.5), "bias_initializer": thirds},
]


def trained(model):
    """Return the losses of a training."""
    return model.fit(X, np.ones((8, 2)), epochs=3, shuffle=False, verbose=0).history["loss"]


def sequential(**settings):
    return Sequential([Input((3,)), layers.Dense(2, **settings)], rng=0)


def functional(**settings):
    x = Input((3,))
    return Model(x, layers.Dense(2, **settings)(x), rng=0)


@pytest.mark.parametrize("make", [sequential, functional])
@pytest.mark.parametrize("known", ["given", "in scope"])
@pytest.mark.parametrize("settings", SETTINGS)
def test_layers_with_custom_settings_are_loaded(tmp_path, make, known, settings):
    model = make(**settings)
    model.compile("sgd", "mse")
    model.save(tmp_path / "model.npz")
    with pytest.raises(ValueError, match="is unknown"):
        models.load_model(tmp_path / "model.npz")
    if known == "given":
        again = models.load_model(tmp_path / "model.npz", custom_objects=CUSTOM)
    else:
        with saving.custom_object_scope(CUSTOM):
            again = models.load_model(tmp_path / "model.npz")
    for name in settings:
        assert type(getattr(again.layers[-1], name)) is type(getattr(model.layers[-1], name))
    assert trained(again) == trained(model)
    fresh = type(model).from_config(model.get_config(), custom_objects=CUSTOM)
    if "kernel_initializer" in settings:
        np.testing.assert_array_equal(fresh.layers[-1].kernel.value, make(**settings).layers[-1].kernel.value)


def test_registered_settings_are_known_by_name_and_description():
    with saving.custom_object_scope(CUSTOM | {"half": half}):
        for settings in SETTINGS:
            layer = layers.Dense(2, **settings)
            assert layers.Dense.from_config(layer.get_config()).get_config() == layer.get_config()
        assert layers.Dense(2, kernel_constraint="at_least_0").kernel_constraint is at_least_0
        assert regularizers.get("Quartic") == Quartic()
        model = sequential()
        model.compile("sgd", "half", metrics=["half"])
    assert model.evaluate(X, np.ones((8, 2)), return_dict=True)["half"] > 0


def rolled(x, shift, axis):
    return ops.roll(x, shift, axis)


def test_functions_of_lambda_layers_are_loaded_by_name(tmp_path):
    model = Sequential(
        [Input((3,)), layers.Lambda(rolled, arguments={"shift": (1, 1), "axis": (0, 1)}), layers.Dense(2)], rng=0
    )
    model.save(tmp_path / "model.npz")
    again = models.load_model(tmp_path / "model.npz", custom_objects={"rolled": rolled})
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    with pytest.raises(ValueError, match=r"function \(see custom_objects\)='rolled' is unknown"):
        models.load_model(tmp_path / "model.npz")


class Own(layers.Layer):
    """Says itself what it was made with."""

    def __init__(self, penalty, **kwargs):
        super().__init__(**kwargs)
        self.penalty = regularizers.get(penalty)
        self.dense = layers.Dense(2, kernel_regularizer=self.penalty)

    def call(self, x):
        return self.dense(x)

    def get_config(self):
        return {**super().get_config(), "penalty": regularizers.serialize(self.penalty)}


def test_custom_layers_with_custom_settings_are_loaded(tmp_path):
    model = Sequential([Input((3,)), Own(Quartic(2.0))], rng=0)
    model.save(tmp_path / "model.npz")
    again = models.load_model(tmp_path / "model.npz", custom_objects=CUSTOM | {"Own": Own})
    assert again.layers[0].penalty == Quartic(2.0)


def test_a_layer_may_be_called_as_a_class(tmp_path):
    model = Sequential([Input((3,)), layers.Dense(2, name="Below"), layers.ReLU(name="thirds")], rng=0)
    model.save(tmp_path / "model.npz")
    again = models.load_model(tmp_path / "model.npz", custom_objects=CUSTOM)
    assert [layer.name for layer in again.layers] == ["Below", "thirds"]


class Unwritable(regularizers.Regularizer):
    """Was given what a file cannot hold."""

    def __init__(self, of):
        self.of = of


class Unconfigured:
    """An initializer that does not tell its arguments."""

    def __call__(self, shape, dtype=None):
        return np.zeros(shape, dtype)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kernel_regularizer": Unwritable(lambda x: x)}, "Unwritable was given of=<function"),
        ({"activity_regularizer": Unwritable(object())}, "Unwritable was given of=<object"),
        (
            {"kernel_initializer": Unconfigured()},
            "initializer=<.*cannot be saved; expected a function with a name, or a class with",
        ),
        ({"bias_initializer": lambda shape, dtype: np.zeros(shape, dtype)}, "initializer=<function.*cannot be saved"),
        ({"kernel_regularizer": lambda x: ops.sum(x)}, "regularizer=<function.*cannot be saved; expected a function"),
        ({"kernel_constraint": functools.partial(np.clip, a_min=0, a_max=1)}, "constraint=functools.partial.*cannot be saved"),
        ({"activation": lambda x: ops.tanh(x)}, "activation=<function.*<lambda>.*cannot be saved; expected a function with a"),
        ({"activation": functools.partial(ops.softmax, axis=-1)}, "activation=functools.partial.*cannot be saved"),
    ],
)
def test_what_could_not_be_loaded_is_not_saved(tmp_path, settings, message):
    model = Sequential([Input((3,)), layers.Dense(2, **settings)])
    with pytest.raises(TypeError, match=message):
        model.save(tmp_path / "model.npz")
    assert not list(tmp_path.iterdir())


def half(y_true, y_pred):
    return ops.mean(ops.square(y_true - y_pred), axis=-1) * 0.5


@pytest.mark.parametrize("kind", ["loss", "metric", "weighted metric"])
@pytest.mark.parametrize("function", [lambda t, p: half(t, p), functools.partial(half)])
def test_functions_without_a_name_are_not_saved(tmp_path, kind, function):
    model = sequential()
    if kind == "loss":
        model.compile("sgd", losses.FunctionLoss(function, name="half"))
    else:
        metric = metrics.FunctionMetric(function, name="half")
        model.compile("sgd", "mse", **{"metrics" if kind == "metric" else "weighted_metrics": [metric]})
    assert np.isfinite(model.evaluate(X, np.ones((8, 2)), return_dict=True)["loss"])
    with pytest.raises(TypeError, match=f"{kind.split()[-1]}=.*cannot be saved; expected a function with a name"):
        model.save(tmp_path / "model.npz")
    assert not list(tmp_path.iterdir())


class Steps(optimizers.schedules.LearningRateSchedule):
    """Its arguments are kept for it."""

    def __init__(self, rates):
        self._rates = list(rates)

    def __call__(self, step):
        return self._rates[min(step, len(self._rates) - 1)]


class Signs(optimizers.Optimizer):
    """Its arguments are kept for it."""

    def __init__(self, factors, learning_rate=0.1):
        super().__init__(learning_rate)
        self._factors = factors
        assert isinstance(factors, list)

    def update(self, weight, gradient, state):
        weight -= self.step_size() * sum(self._factors) * np.sign(gradient)


def test_custom_optimizers_and_schedules_are_loaded(tmp_path):
    model = sequential()
    model.compile(Signs([0.5, 0.25], Steps([0.1, 0.2])), "mse")
    model.save(tmp_path / "model.npz")
    again = models.load_model(tmp_path / "model.npz", custom_objects={"Signs": Signs, "Steps": Steps})
    assert trained(again) == trained(model)


def test_equal_settings_are_equal_however_they_were_given():
    assert Weighted([1]) != Weighted([2])
    assert Quartic(0.5) == Quartic() == Quartic(strength=0.5)
    assert Halved(1.0) == Halved(strength=1.0)
    assert repr(Unwritable(3)) == "Unwritable(of=3)"

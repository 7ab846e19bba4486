"""Custom optimizers as they are written for Keras, with `build`, `update_step` and variables of their own."""

import numpy as np
import pytest

import striate
from striate import Sequential, Variable, layers, models, ops, optimizers, saving


@saving.register_keras_serializable("tests")
class Momentum(optimizers.Optimizer):
    """Momentum as in the documentation of Keras, which counts its steps, too."""

    def __init__(self, learning_rate=0.1, momentum=0.9, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.momentum = momentum

    def build(self, variables):
        super().build(variables)
        self.momentums = self.add_optimizer_variables(variables, "momentum")
        self.count = self.add_variable((), name="count")

    def update_step(self, gradient, variable, learning_rate):
        rate = ops.cast(learning_rate, variable.dtype)
        m = self.momentums[self._get_variable_index(variable)]
        self.assign(m, ops.subtract(ops.multiply(m, ops.cast(self.momentum, variable.dtype)), ops.multiply(gradient, rate)))
        self.assign_add(variable, m)
        self.assign(self.count, float(self.iterations))

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum}


def data():
    x = np.random.default_rng(0).standard_normal((12, 3)).astype("float32")
    return x, x.sum(1, keepdims=True)


def trained(optimizer, epochs=3):
    x, y = data()
    model = Sequential([layers.Input((3,)), layers.Dense(4, activation="tanh"), layers.Dense(1)], rng=0)
    model.compile(optimizer, "mse")
    model.fit(x, y, batch_size=4, epochs=epochs, shuffle=False, verbose=0)
    return model


@pytest.mark.parametrize(
    "settings",
    [{}, {"weight_decay": 0.1}, {"clipnorm": 0.1}, {"clipvalue": 0.01}, {"global_clipnorm": 0.1}, {"use_ema": True},
     {"gradient_accumulation_steps": 3}],
)  # fmt: skip
def test_it_trains_as_the_optimizer_of_the_library(settings):
    own, expected = trained(Momentum(**settings)), trained(optimizers.SGD(0.1, momentum=0.9, **settings))
    for one, other in zip(own.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-6)
    assert own.optimizer.iterations == expected.optimizer.iterations
    assert float(own.optimizer.count) == own.optimizer.iterations - 1  # In a step, it is the number of those before.


def test_its_variables_are_saved_with_the_model(tmp_path):
    x, y = data()
    model = trained(Momentum())
    model.save(tmp_path / "model.npz")
    loaded = models.load_model(tmp_path / "model.npz")
    assert float(loaded.optimizer.count) == 8.0
    for each in (model, loaded):
        each.fit(x, y, batch_size=4, epochs=1, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


class CentralizedAdam(optimizers.Adam):
    """Adam of gradients whose means over the inputs are zero."""

    def update_step(self, gradient, variable, learning_rate):
        if gradient.ndim > 1:
            gradient = gradient - ops.mean(gradient, axis=0, keepdims=True)
        super().update_step(gradient, variable, learning_rate)


@pytest.mark.parametrize("settings", [{}, {"weight_decay": 0.1, "clipvalue": 0.5}])
def test_it_may_change_what_the_library_is_given(settings):
    gradients = np.random.default_rng(0).standard_normal((3, 4, 2)).clip(-0.5, 0.5)
    own, expected = Variable(np.ones((4, 2))), Variable(np.ones((4, 2)))
    centralized, plain = CentralizedAdam(0.1, **settings), optimizers.Adam(0.1, weight_decay=settings.get("weight_decay"))
    for gradient in gradients:
        centralized.apply([gradient], [own])
        plain.apply([gradient - gradient.mean(0)], [expected])
    np.testing.assert_allclose(own.value, expected.value, rtol=1e-12)


def test_update_step_takes_the_rate_it_is_given():
    weight = Variable(np.ones(2))
    optimizer = optimizers.SGD(0.1, momentum=0.5)
    optimizer.build([weight])
    for _ in range(2):
        optimizer.update_step(np.ones(2), weight, 0.25)
    np.testing.assert_allclose(weight.value, [1 - 0.25 - 0.375] * 2)
    assert (optimizer.learning_rate, optimizer.iterations) == (0.1, 0)


def test_weights_that_are_overwritten_get_their_gradients():
    ones = [Variable(np.zeros(2)), Variable(np.zeros(2))]
    ones[0].overwrite_with_gradient = True
    optimizers.SGD(1.0, weight_decay=0.5).apply([np.array([3.0, 4.0])] * 2, ones)
    assert [weight.numpy().tolist() for weight in ones] == [[3.0, 4.0], [-3.0, -4.0]]


def test_a_step_without_state_changes_nothing():
    weight = Variable(np.ones(2))
    optimizer = optimizers.Adam(0.5)
    with pytest.raises(ValueError, match=r"expected build\(weights\) before stateless_apply"):
        optimizer.stateless_apply([], [np.ones(2)], [np.ones(2)])
    optimizer.build([weight])
    before = [variable.numpy() for variable in optimizer.variables]
    (new,), state = optimizer.stateless_apply(before, [np.ones(2)], [np.zeros(2)])
    optimizer.apply([np.ones(2)])
    np.testing.assert_allclose(new, weight.numpy() - 1)
    for array, variable in zip(state, optimizer.variables, strict=True):
        np.testing.assert_array_equal(array, variable.numpy())


def test_weights_without_a_gradient_are_named():
    weights = [Variable(np.ones(2), "a"), Variable(np.ones(2), "b")]
    with pytest.warns(UserWarning, match=r"the gradients of \['a'\] are None"):
        optimizers.SGD(1.0).apply([None, np.ones(2)], weights)
    assert weights[0].numpy().tolist() == [1.0, 1.0]


def test_custom_variables_belong_to_the_weights_of_build():
    model = trained(Momentum(), epochs=1)
    model.add(layers.Dense(1))
    with pytest.raises(ValueError, match="expected one optimizer for each set of weights"):
        model.fit(*data(), verbose=0)


def test_paths_name_layers_as_in_keras():
    inputs = striate.Input((3,))
    encoder = Sequential([layers.Input((3,)), layers.Dense(2)], name="encoder")
    model = striate.Model(inputs, layers.Dense(1, name="head")(encoder(inputs)), name="whole")
    assert [weight.path for weight in model.weights] == [
        "encoder/dense/kernel", "encoder/dense/bias", "head/kernel", "head/bias",
    ]  # fmt: skip
    with striate.name_scope("outer"), striate.name_scope("inner"):
        assert Variable(1.0, name="scale").path == "outer/inner/scale"


def test_weights_are_given_before_they_are_known():
    with pytest.raises(ValueError, match=r"expected trainable_variables, or build\(weights\) before"):
        optimizers.SGD().apply([np.ones(2)])


@pytest.mark.parametrize(("name", "meant"), [("adm", "adam"), ("adagrd", "adagrad")])
def test_an_error_tells_which_name_was_meant(name, meant):
    with pytest.raises(ValueError, match=rf"is unknown; expected one of .*; did you mean '{meant}'\?"):
        optimizers.get(name)


def test_an_older_name_of_the_learning_rate_is_known():
    with pytest.raises(TypeError, match="unknown argument 'lr'; did you mean 'learning_rate'"):
        optimizers.Adam(lr=0.1)

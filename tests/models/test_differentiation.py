"""Values and gradients of chosen parts of models, against finite differences and what the parts are made of."""

import functools

import numpy as np
import pytest

import striate
from striate import functional as F
from striate import layers, losses, ops, optimizers
from striate.models import values_and_gradients
from tests.helpers.small_models import Residual, digits, nested_network, residual_network, two_headed


def small_model(**kwargs):
    """A model in float64 of a convolution without an activation, one with it, and what follows."""
    parts = [
        layers.Input((6, 5, 2), dtype="float64"),
        layers.Conv2D(3, 3, padding="same", name="plain", dtype="float64"),
        layers.BatchNormalization(name="normalized", dtype="float64"),
        layers.ReLU(name="relu", dtype="float64"),
        layers.MaxPooling2D(name="pooled", dtype="float64"),
        layers.Conv2D(4, 2, activation="tanh", name="last", dtype="float64"),
        layers.Flatten(dtype="float64"),
        layers.Dense(3, activation="softmax", name="scores", dtype="float64"),
    ]
    model = striate.Sequential(parts, rng=1, **kwargs)
    rng = np.random.default_rng(2)
    for weight in model.weights:
        weight.assign(rng.uniform(0.2, 1, weight.shape) * (1 if "variance" in weight.name else rng.choice([-1, 1])))
    return model


def second(y):
    return y[:, 1]


def numerical(function, array, h=1e-6):
    """The gradient of a function of an array, by central differences."""
    gradient = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        ends = []
        for step in (h, -h):
            changed = array.copy()
            changed[place] += step
            ends.append(function(changed))
        gradient[place] = (ends[0] - ends[1]) / (2 * h)
    return gradient


def output_with(model, x, weight, array):
    weight.assign(array)
    return model.predict(x)[:, 1].sum()


@pytest.fixture
def x():
    return np.random.default_rng(3).standard_normal((2, 6, 5, 2))


def test_gradients_of_inputs_and_weights_are_those_of_finite_differences(x):
    model = small_model()
    found = values_and_gradients(model, x, second, ["input_layer", *model.trainable_weights])
    np.testing.assert_allclose(found.objective, model.predict(x)[:, 1], rtol=1e-12)
    np.testing.assert_array_equal(found.values[0], x)
    assert found.values[1:] == [None] * len(model.trainable_weights)
    expected = numerical(lambda x: model.predict(x)[:, 1].sum(), x)
    np.testing.assert_allclose(found.gradients[0], expected, rtol=1e-6, atol=1e-9)
    for weight, gradient in zip(model.trainable_weights, found.gradients[1:], strict=True):
        before = weight.numpy()
        expected = numerical(functools.partial(output_with, model, x, weight), before)
        weight.assign(before)
        np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-9, err_msg=weight.name)


@pytest.mark.parametrize("name", ["plain", "normalized", "relu", "pooled", "last"])
def test_gradients_of_layers_are_those_of_what_follows(name, x):
    model = small_model()
    found = values_and_gradients(model, x, second, name)
    index = [layer.name for layer in model.layers].index(name) + 1

    def run(array, some):
        for layer in some:
            array = layer(array)
        return array

    np.testing.assert_allclose(found.values[0], run(x, model.layers[:index]), rtol=1e-12)
    expected = numerical(lambda value: run(value, model.layers[index:])[:, 1].sum(), found.values[0])
    np.testing.assert_allclose(found.gradients[0], expected, rtol=1e-6, atol=1e-9)


def test_gradients_of_weights_follow_from_those_of_the_layer(x):
    model = small_model()
    kernel, bias = model.get_layer("plain").weights
    dy, dkernel, dbias = values_and_gradients(model, x, second, ["plain", kernel, bias]).gradients
    np.testing.assert_allclose(dbias, dy.sum((0, 1, 2)), rtol=1e-10)
    np.testing.assert_allclose(dkernel, F.conv2d_backward_kernel(dy, x, kernel.shape, padding="same"), rtol=1e-10, atol=1e-12)


def test_an_objective_takes_the_output_of_a_layer(x):
    model = small_model()

    def mean_of_channel(y):
        return ops.mean(y[..., 2], axis=(1, 2))

    found = values_and_gradients(model, x, mean_of_channel, ["plain", "scores"], layer=model.get_layer("plain"))
    np.testing.assert_allclose(found.objective, found.values[0][..., 2].mean((1, 2)), rtol=1e-12)
    expected = np.zeros_like(found.values[0])
    expected[..., 2] = 1 / 30
    np.testing.assert_allclose(found.gradients[0], expected, rtol=1e-12)
    np.testing.assert_array_equal(found.gradients[1], np.zeros((2, 3)))  # It is not read.


def test_gradients_of_outputs_are_those_of_the_objective(x):
    model = small_model()
    found = values_and_gradients(model, x, lambda y: y, ["scores", "last"])
    np.testing.assert_array_equal(found.gradients[0], np.ones((2, 3)))
    np.testing.assert_allclose(found.gradients[1], np.zeros((2, 2, 1, 4)), atol=1e-15)  # Probabilities add up to 1.
    twice = values_and_gradients(model, x, lambda y: y * y, "scores")
    np.testing.assert_allclose(twice.gradients[0], 2 * twice.values[0], rtol=1e-14)


def test_inputs_outputs_and_layers_within_models_have_names():
    model = two_headed()
    x = [np.ones((2, 8, 8, 3), np.float32), np.full((2, 2), 0.5, np.float32)]

    def place(outputs):
        return outputs[1]

    both = values_and_gradients(model, x, place)
    assert [gradient.shape for gradient in both.gradients] == [(2, 8, 8, 3), (2, 2)]
    extra = values_and_gradients(model, dict(zip(("image", "extra"), x, strict=True)), place, "extra")
    np.testing.assert_array_equal(extra.gradients[0], both.gradients[1])
    kernel = model.get_layer("place").kernel.numpy()
    np.testing.assert_allclose(extra.gradients[0], np.tile(kernel[-2:].sum(1), (2, 1)), rtol=1e-6)

    nested = nested_network()
    x = np.random.default_rng(0).standard_normal((3, 8, 8, 3)).astype(np.float32)
    scores = nested.get_layer("head").get_layer("scores")
    by_path, by_layer, of_head = values_and_gradients(nested, x, None, ["head/scores", scores, "head"]).values
    np.testing.assert_array_equal(by_path, nested.predict(x))
    np.testing.assert_array_equal(by_layer, by_path)
    np.testing.assert_array_equal(of_head, by_path)


def test_layers_within_custom_layers_have_paths():
    model = striate.Sequential([layers.Input((5, 5, 2)), Residual(2, name="block")], rng=0)
    x = np.random.default_rng(0).standard_normal((1, 5, 5, 2)).astype(np.float32)
    first, whole = values_and_gradients(model, x, None, ["block/conv2d", "block"]).values
    np.testing.assert_allclose(first, model.layers[0].inner[0](x), rtol=1e-6)
    np.testing.assert_allclose(whole, model.predict(x), rtol=1e-6)


def test_a_custom_training_step_takes_the_step_of_fit():
    x, y = digits(64)
    models = [residual_like(), residual_like()]
    models[0].compile(optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    models[0].train_on_batch(x, y)

    def objective(y_pred, y_true):
        return ops.mean(losses.sparse_categorical_crossentropy(y_true, y_pred))

    weights = models[1].trainable_weights
    found = values_and_gradients(models[1], x, objective, weights, arrays=[y], training=True)
    optimizers.SGD(0.1).apply(found.gradients, weights)
    for one, other in zip(models[0].weights, models[1].weights, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-5, atol=1e-7)


def residual_like():
    """A model whose normalization learns in training."""
    parts = [layers.Conv2D(4, 3), layers.BatchNormalization(), layers.ReLU(), layers.Flatten(), layers.Dense(10, "softmax")]
    return striate.Sequential([layers.Input((8, 8, 1)), *parts], rng=0)


def test_random_layers_are_active_in_training_alone():
    model = striate.Sequential([layers.Input((50,)), layers.Dropout(0.5)])
    x = np.ones((2, 50), np.float32)
    np.testing.assert_array_equal(values_and_gradients(model, x, lambda y: y).gradients[0], 1)
    found = values_and_gradients(model, x, lambda y: y, training=True, rng=0)
    np.testing.assert_array_equal(found.gradients[0], found.objective)
    assert set(found.objective.ravel()) == {0, 2}


def test_the_same_function_is_planned_once():
    model = residual_network()
    x = np.ones((2, 8, 8, 3), np.float32)
    for _ in range(3):
        values_and_gradients(model, x, second, "stem")
    assert len(model._programs) == 1
    before = values_and_gradients(model, x, second).gradients[0]
    model.get_layer("stem").kernel.assign(model.get_layer("stem").kernel.numpy() * 2)
    assert np.abs(values_and_gradients(model, x, second).gradients[0] - before).max() > 0  # Packed kernels are packed again.


def test_layers_within_others_have_paths_and_names():
    block = striate.Sequential([layers.Conv2D(2, 3, name="c"), layers.Flatten()], name="block")
    model = striate.Sequential([layers.Input((5, 5, 1)), block, layers.Dense(3)])
    x = np.ones((1, 5, 5, 1))
    by_path, by_name, by_itself = (
        values_and_gradients(model, x, second, [which]).gradients[0] for which in ("block/c", "c", block.layers[0])
    )
    assert by_path.shape == (1, 3, 3, 2)
    np.testing.assert_array_equal(by_name, by_path)
    np.testing.assert_array_equal(by_itself, by_path)


def test_models_of_any_size():
    model = striate.Sequential([layers.Input((None, None, 1)), layers.Conv2D(2, 3, name="c"), layers.GlobalAveragePooling2D()])
    for size in (5, 8):
        found = values_and_gradients(model, np.ones((1, size, size, 1)), second, ["c"])
        np.testing.assert_allclose(found.gradients[0][..., 1], 1 / (size - 2) ** 2, rtol=1e-6)
        np.testing.assert_array_equal(found.gradients[0][..., 0], 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": 3}, "model=3 is of type int; expected a Model"),
        ({"objective": 3}, "objective=3 cannot be called; expected a function of the model's output"),
        ({"objective": lambda y: 3}, "objective returned 3; expected a value, as the functions of striate.ops return"),
        ({"wrt": "nowhere"}, r"wrt='nowhere' has no single output in the model; expected one of \['plain', .*'input_layer'\]"),
        ({"layer": "nowhere"}, r"layer='nowhere' has no single output in the model; expected one of \['plain', "),
        ({"wrt": [3]}, r"wrt\[0\]=3 is of type int; expected a layer, a weight or a name"),
        ({"wrt": layers.Dense(2)}, r"wrt\[0\]=<Dense 'dense'> is not a part of the model; expected one of its layers"),
        ({"arrays": 3}, "arrays=3 is of type int; expected a list or tuple of arrays"),
        ({"arrays": ["a"]}, r"arrays\[0\]='a' has dtype <U1; expected real numbers"),
        ({"training": "no"}, "training='no' is neither true nor false"),
        ({"x": np.ones((2, 6, 5, 3))}, r"x has samples of shape \(6, 5, 3\); expected the model's input shape \(6, 5, 2\)"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message, x):
    with pytest.raises((TypeError, ValueError), match=message):
        values_and_gradients(**{"model": small_model(), "x": x, "objective": second, **arguments})

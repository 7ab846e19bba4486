"""Paths of variables, and trees of everything that training changes."""

import copy
import pickle

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers

X, Y = np.ones((4, 3), "float32"), np.ones((4, 1), "float32")


class Block(layers.Layer):
    """A layer within a layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(2, name="inner")
        self.scale = None

    def build(self, input_shape):
        """Make a weight."""
        self.scale = self.add_weight((), "ones", name="scale", trainable=False)

    def call(self, x):
        """Return the scaled output."""
        return self.dense(x) * self.scale


def compiled():
    """Return a model, compiled and trained."""
    x = Input((3,))
    model = Model(x, layers.Dense(1, name="out")(Block(name="block")(x)), rng=0)
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(X, Y, verbose=0)
    return model


def test_a_tree_with_a_wrong_dtype_sets_nothing():
    model = Sequential([layers.Input((3,)), layers.Dense(1, name="out")], name="model", rng=0)
    before = model.get_weights()
    with pytest.raises(TypeError, match="model/out/bias"):
        model.set_state_tree({"trainable_variables": {"model": {"out": {"kernel": np.ones((3, 1)), "bias": ["a"]}}}})
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_a_weight_beside_a_layer_of_its_name_has_no_place_in_a_tree():
    class Clashing(Block):
        def build(self, input_shape):
            self.scale = self.add_weight((), "ones", name="inner", trainable=True)

    model = Sequential([layers.Input((3,)), Clashing(name="block")], rng=0)
    with pytest.raises(ValueError, match="a layer has the path of a variable, as 'sequential/block/inner/kernel' shows"):
        model.get_state_tree()


def test_paths_name_the_layers_that_a_weight_is_in():
    assert [weight.path for weight in compiled().weights] == [
        "block/scale",
        "block/inner/kernel",
        "block/inner/bias",
        "out/kernel",
        "out/bias",
    ]
    model = Sequential([Input((3,)), layers.Dense(2), layers.Dense(1)], name="two")
    assert [layer.path for layer in model.layers] == ["two/dense", "two/dense_1"]
    assert model.weights[2].path == "two/dense_1/kernel"

    class Subclass(Model):
        def __init__(self):
            super().__init__(name="whole")
            self.block = Block(name="part")

        def call(self, x):
            return self.block(x)

    whole = Subclass()
    whole(X)
    assert whole.weights[-1].path == "whole/part/inner/bias"
    for same in (copy.deepcopy(whole.weights[0]), pickle.loads(pickle.dumps(whole.weights[0]))):
        assert same.path == "whole/part/scale"


def test_the_tree_holds_what_training_changes():
    model = compiled()
    tree = model.get_state_tree()
    assert list(tree) == ["trainable_variables", "non_trainable_variables", "optimizer_variables", "metrics_variables"]
    np.testing.assert_array_equal(tree["trainable_variables"]["block"]["inner"]["kernel"], model.weights[1].numpy())
    assert tree["non_trainable_variables"] == {"block": {"scale": 1.0}}
    optimizer = tree["optimizer_variables"]["adam"]
    assert optimizer["iteration"] == 1
    np.testing.assert_array_equal(optimizer["out_bias_0"], model.optimizer.state_of(model.weights[-1])[0])
    logs = model.history.history
    loss = tree["metrics_variables"]["loss"]
    assert loss["total"] / loss["count"] == pytest.approx(logs["loss"][0])
    copies = model.get_state_tree("numpy_array")
    model.fit(X, Y, verbose=0)
    assert copies["optimizer_variables"]["adam"]["iteration"] == 1


def test_a_tree_restores_a_training():
    first, second = compiled(), compiled()
    tree = first.get_state_tree("numpy_array")
    first.fit(X, Y, verbose=0)
    second.fit(X, Y, epochs=3, verbose=0)
    second.set_state_tree(tree)
    second.fit(X, Y, verbose=0)
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    plain = Sequential([Input((3,)), layers.Dense(1)])
    assert plain.get_state_tree()["optimizer_variables"] == plain.get_state_tree()["metrics_variables"] == {}


@pytest.mark.parametrize(
    ("tree", "error", "message"),
    [
        ({"weights": {}}, ValueError, "state_tree has the key 'weights'; expected some of trainable_variables"),
        ({"trainable_variables": {"out": {"b": 1}}}, ValueError, "has the path 'out/b'; expected some of"),
        ({"trainable_variables": {"out": {"bias": [1, 2]}}}, ValueError, r"'out/bias' has shape \(2,\); expected \(1,\)"),
        ({"trainable_variables": [1]}, TypeError, r"state_tree\['trainable_variables'\]=.* is of type list; expected a dict"),
    ],
)
def test_trees_that_do_not_fit_are_refused(tree, error, message):
    model = compiled()
    before = model.get_weights()
    good = {"trainable_variables": {"out": {"kernel": np.zeros((2, 1))}}}
    with pytest.raises(error, match=message):
        model.set_state_tree(good | tree)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_two_variables_of_one_path_have_no_tree():
    twice = Sequential([Input((3,)), layers.Dense(1)], name="same")
    x = Input((3,))
    model = Model(x, twice(x) + Sequential([Input((3,)), layers.Dense(1)], name="other")(x))
    model.layers[2].weights[0].path = "same/dense/kernel"
    with pytest.raises(ValueError, match="two variables have the path 'same/dense/kernel'"):
        model.get_state_tree()

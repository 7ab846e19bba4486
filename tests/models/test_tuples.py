"""Tuples and named tuples of inputs and outputs."""

from typing import NamedTuple

import numpy as np
import pytest

from striate import Input, KerasTensor, Model, layers, models
from striate._common.structures import leaves

X = np.random.default_rng(0).standard_normal((6, 4)).astype("float32")


class Parts(NamedTuple):
    """Outputs by name."""

    first: object
    second: object


class Halves(layers.Layer):
    """Return both halves of the features."""

    def call(self, x):
        """Return them by name."""
        return Parts(x[:, :2], x[:, 2:])


class Subclassed(Model):
    """A model that returns a tuple."""

    def __init__(self):
        super().__init__(rng=0)
        self.halves = Halves()

    def call(self, x):
        """Return a tuple within a dict."""
        return {"halves": tuple(self.halves(x)), "all": x}


@pytest.mark.parametrize("kind", [tuple, list, Parts])
def test_a_model_returns_the_structure_of_its_outputs(kind):
    x = Input((4,))
    outputs = kind(*Halves()(x)) if kind is Parts else kind(Halves()(x))
    model = Model(x, outputs)
    assert type(model.output) is kind
    assert model.output_shape == [(None, 2), (None, 2)]
    for found in (model(X), model.predict(X, batch_size=4), model.predict(iter([X[:4], X[4:]])), model(Input((4,)))):
        assert type(found) is kind
        assert len(found) == 2
    np.testing.assert_array_equal(model.predict(X)[1], X[:, 2:])


def test_layers_return_tuples():
    found = Halves()(X)
    assert type(found) is Parts
    np.testing.assert_array_equal(found.second, X[:, 2:])
    symbolic = Halves()(Input((4,)))
    assert type(symbolic) is Parts
    assert isinstance(symbolic.first, KerasTensor)
    assert type(Halves().compute_output_spec(Input((4,)))) is Parts


def test_a_subclass_returns_a_tuple_within_a_dict():
    model = Subclassed()
    for found in (model(X), model.predict(X, batch_size=4)):
        assert type(found["halves"]) is tuple
        np.testing.assert_array_equal(found["halves"][0], X[:, :2])


def test_a_layer_gets_the_tuple_that_it_was_called_on():
    class Kind(layers.Layer):
        def call(self, pair):
            assert type(pair) is Parts
            return pair.first + pair.second

    a, b = Input((4,)), Input((4,))
    np.testing.assert_array_equal(Model((a, b), Kind()(Parts(a, b))).predict((X, X)), 2 * X)
    np.testing.assert_array_equal(Kind()(Parts(X, X)), 2 * X)


@pytest.mark.parametrize("copy", ["file", "clone", "config"])
def test_copies_return_tuples(copy, tmp_path):
    x = Input((4,))
    y = layers.Dense(1)(x)
    model = Model(x, {"pair": (y, x), "named": Parts(x, y)})
    if copy == "file":
        model.save(tmp_path / "model.keras")
        same = models.load_model(tmp_path / "model.keras")
    else:
        same = models.clone_model(model) if copy == "clone" else Model.from_config(model.get_config())
        same.set_weights(model.get_weights())
    found, wanted = same.predict(X), model.predict(X)
    assert type(found["pair"]) is tuple
    assert type(found["named"]) is tuple  # Configurations know no names of tuples.
    for one, other in zip(leaves(found), leaves(wanted), strict=True):
        np.testing.assert_array_equal(one, other)


def test_targets_are_given_in_tuples():
    x = Input((4,))
    model = Model(x, (layers.Dense(1, name="a")(x), layers.Dense(2, name="b")(x)), rng=0)
    model.compile("sgd", loss=("mse", "mae"), metrics=(["mae"], None))
    logs = model.fit(X, (X[:, :1], X[:, 1:3]), verbose=0).history
    assert list(logs) == ["loss", "a_loss", "b_loss", "a_mae"]

"""Models as estimators: scikit-learn can copy and search them, and their targets are those of users."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from striate import Sequential, layers, wrappers

X = np.random.default_rng(0).normal(size=(60, 2)).astype("float32")


def made(X, y, units=None):
    model = Sequential([layers.Input(X.shape[1:]), layers.Dense(y.shape[1] if units is None else units)], rng=0)
    model.compile("adam", "mse")
    return model


def test_classes_are_those_of_users():
    model = Sequential([layers.Input((2,)), layers.Dense(2, activation="softmax")], rng=0)
    model.compile("adam", "categorical_crossentropy")
    before = model.get_weights()[0]
    y = np.where(X[:, 0] > 0, "right", "left")
    estimator = wrappers.SKLearnClassifier(model, fit_kwargs={"verbose": 0, "epochs": 100}).fit(X, y)
    assert estimator.score(X, y) > 0.9
    assert estimator.classes_.tolist() == ["left", "right"]
    assert len(estimator.history_["loss"]) == 100
    np.testing.assert_array_equal(model.get_weights()[0], before)  # A copy was trained.
    np.testing.assert_array_equal(estimator.decision_function(X).argmax(1) == 1, estimator.predict(X) == "right")
    with pytest.raises(NotFittedError):
        clone(estimator).predict(X)
    with pytest.raises(ValueError, match="at least two"):
        estimator.fit(X, ["left"] * 60)


def test_shapes_of_targets_come_back():
    vector = wrappers.SKLearnRegressor(made).fit(X, X[:, 0], verbose=0)
    assert vector.predict(X).shape == (60,)
    assert wrappers.SKLearnRegressor(made).fit(X, X, verbose=0).predict(X).shape == (60, 2)
    transformer = wrappers.SKLearnTransformer(made, model_kwargs={"units": 2}, fit_kwargs={"verbose": 0}).fit(X, X)
    np.testing.assert_array_equal(transformer.transform(X), transformer.model_.predict(X))


def test_training_may_go_on():
    estimator = wrappers.SKLearnRegressor(made, warm_start=True).fit(X, X, verbose=0)
    first = estimator.model_
    assert estimator.fit(X, X, verbose=0).model_ is first
    estimator.set_params(warm_start=False)
    assert estimator.fit(X, X, verbose=0).model_ is not first


@pytest.mark.parametrize(("model", "error"), [(3, TypeError), (lambda X, y: 3, RuntimeError), (Sequential([]), RuntimeError)])
def test_other_things_are_no_models(model, error):
    with pytest.raises(error, match="expected"):
        wrappers.SKLearnRegressor(model).fit(X, X)

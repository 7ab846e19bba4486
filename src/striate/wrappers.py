"""Models as estimators of scikit-learn, which must be installed, with Keras' names; see `striate.sklearn`, too."""

import copy

import numpy as np

from ._common.checks import boolean, shown
from ._common.extras import needing
from ._common.names import public_attributes
from .models import Model, clone_model

with needing("striate.wrappers needs scikit-learn", "sklearn"):
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, TransformerMixin
    from sklearn.utils.multiclass import type_of_target
    from sklearn.utils.validation import check_is_fitted, validate_data

__all__ = ["SKLearnClassifier", "SKLearnRegressor", "SKLearnTransformer"]

__getattr__, __dir__ = public_attributes(globals())


class _Wrapped(BaseEstimator):
    """The base class of the three estimators."""

    def __init__(self, model, warm_start=False, model_kwargs=None, fit_kwargs=None):
        self.model = model
        self.warm_start = warm_start
        self.model_kwargs = model_kwargs
        self.fit_kwargs = fit_kwargs

    def __sklearn_clone__(self):
        return type(self)(
            model=self.model if not isinstance(self.model, Model) else copy.deepcopy(self.model),
            warm_start=self.warm_start,
            model_kwargs=self.model_kwargs,
            fit_kwargs=self.fit_kwargs,
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        return tags

    def _made(self, X, y):
        """Return the model to train."""
        warm = boolean("warm_start", self.warm_start)
        if warm and hasattr(self, "model_"):
            return self.model_
        if isinstance(self.model, Model):
            model = self.model if warm else _copied(self.model)
        elif callable(self.model):
            model = self.model(X=X, y=y, **(self.model_kwargs or {}))
        else:
            raise TypeError(f"model={shown(self.model)} is no model; expected a Model, or a function that returns one")
        if not isinstance(model, Model) or getattr(model, "optimizer", None) is None:
            raise RuntimeError(f"model={shown(model)} is not compiled; expected a Model with an optimizer and a loss")
        return model

    def fit(self, X, y, **kwargs):
        """Train the model.

        Parameters
        ----------
        X : array_like, shape (samples, features)
            Inputs.
        y : array_like, shape (samples,) or (samples, outputs)
            Targets.
        **kwargs
            Arguments of the model's `fit`.
        """
        X, y = validate_data(self, X, y, multi_output=True)
        y = self._targets(y)
        model = self._made(X, y)
        self.history_ = model.fit(X, y, **{**(self.fit_kwargs or {}), **kwargs}).history
        self.model_ = model
        return self

    def _targets(self, y):
        """Return the targets as the model takes them."""
        type_of_target(y, raise_unknown=True)
        self._is_vector = y.ndim == 1
        return y.reshape(len(y), -1)

    def _outputs(self, X):
        """Return the outputs of the trained model."""
        check_is_fitted(self)
        return np.asarray(self.model_.predict(validate_data(self, X, reset=False), verbose=0))

    def predict(self, X):
        """Return the predictions for samples.

        Parameters
        ----------
        X : array_like, shape (samples, features)
            Inputs.
        """
        outputs = self._outputs(X)
        return outputs[:, 0] if self._is_vector and outputs.ndim == 2 and outputs.shape[1] == 1 else outputs


def _copied(model):
    """Return a model of the same layers with new weights, compiled in the same way."""
    copied = clone_model(model)
    if getattr(model, "optimizer", None) is not None:
        optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
        copied.compile(optimizer, copy.deepcopy(model.loss))
    return copied


class SKLearnClassifier(ClassifierMixin, _Wrapped):
    """A model as a classifier of scikit-learn. Targets are one-hot vectors for the model.

    Parameters
    ----------
    model : Model or callable
        A compiled model, of which a copy is trained; or a function of `X`, `y` and `model_kwargs` that returns one.
    warm_start : bool
        Whether `fit` continues with the weights of the last one, instead of a copy with new weights.
    model_kwargs, fit_kwargs : dict, optional
        Further arguments of `model`, and of the model's `fit`.

    Attributes
    ----------
    model_ : Model
        The trained model.
    history_ : dict of str to list
        Loss and metrics after each epoch.
    classes_ : ndarray
        The classes.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, wrappers
    >>> model = Sequential([layers.Input((2,)), layers.Dense(2, activation="softmax")], rng=0)
    >>> model.compile("adam", "categorical_crossentropy")
    >>> x, y = np.array([[0.0, 1.0], [1.0, 0.0]] * 8), np.array(["a", "b"] * 8)
    >>> estimator = wrappers.SKLearnClassifier(model, fit_kwargs={"verbose": 0}).fit(x, y, epochs=200)
    >>> estimator.predict(x[:2]).shape
    (2,)
    """

    def _targets(self, y):
        kind = type_of_target(y, raise_unknown=True)
        if kind not in ("binary", "multiclass"):
            raise ValueError(f"y holds targets of the kind {kind!r}; expected one class for each sample")
        self.classes_, indices = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"Classifier got one class, {shown(self.classes_[0])}, in y; expected at least two")
        self._is_vector = y.ndim == 1
        return np.eye(len(self.classes_), dtype=np.float32)[indices.ravel()]

    def decision_function(self, X):
        """Return the model's outputs for samples."""
        return self._outputs(X)

    def predict(self, X):
        """Return the class of each sample: that of the largest output."""
        outputs = self._outputs(X)
        return self.classes_[outputs.argmax(axis=1)]


class SKLearnRegressor(RegressorMixin, _Wrapped):
    """A model as a regressor of scikit-learn.

    Parameters
    ----------
    model : Model or callable
        A compiled model, of which a copy is trained; or a function of `X`, `y` and `model_kwargs` that returns one.
    warm_start : bool
        Whether `fit` continues with the weights of the last one, instead of a copy with new weights.
    model_kwargs, fit_kwargs : dict, optional
        Further arguments of `model`, and of the model's `fit`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, wrappers
    >>> def made(X, y):
    ...     model = Sequential([layers.Input(X.shape[1:]), layers.Dense(1)], rng=0)
    ...     model.compile("adam", "mse")
    ...     return model
    >>> x = np.arange(8.0).reshape(8, 1)
    >>> wrappers.SKLearnRegressor(made).fit(x, 2 * x[:, 0], verbose=0).predict(x).shape
    (8,)
    """


class SKLearnTransformer(TransformerMixin, _Wrapped):
    """A model as a transformer of scikit-learn, which `transform` applies to data.

    Parameters
    ----------
    model : Model or callable
        A compiled model, of which a copy is trained; or a function of `X`, `y` and `model_kwargs` that returns one.
    warm_start : bool
        Whether `fit` continues with the weights of the last one, instead of a copy with new weights.
    model_kwargs, fit_kwargs : dict, optional
        Further arguments of `model`, and of the model's `fit`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, wrappers
    >>> model = Sequential([layers.Input((3,)), layers.Dense(2)], rng=0)
    >>> model.compile("adam", "mse")
    >>> x = np.ones((4, 3))
    >>> wrappers.SKLearnTransformer(model, fit_kwargs={"verbose": 0}).fit(x, x[:, :2]).transform(x).shape
    (4, 2)
    """

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

    def transform(self, X):
        """Return the model's outputs for samples."""
        return self._outputs(X)

"""Convolutional networks as estimators for pipelines and parameter searches of scikit-learn, which must be installed."""

import copy
import math

import numpy as np

from . import callbacks, layers, losses
from ._common.checks import boolean, choice, integer, integers, number, shown
from ._common.extras import needing
from ._common.names import public_attributes
from .config import with_channels_last
from .models import Sequential
from .optimizers import get as get_optimizer

with needing("striate.sklearn needs scikit-learn", "sklearn"):
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

__all__ = ["CNNClassifier", "CNNRegressor"]

__getattr__, __dir__ = public_attributes(globals())

_POOLING = {"max": layers.MaxPooling2D, "average": layers.AveragePooling2D, None: None}


def _moments(values, axis=0):
    """Return mean and standard deviation in float64; features that are constant up to rounding have a deviation of 1."""
    mean, deviation = values.mean(axis, dtype=np.float64), values.std(axis, dtype=np.float64)
    return mean, np.where(deviation > len(values) * np.finfo(np.float64).eps * np.abs(mean), deviation, 1.0)


class _Network(BaseEstimator):
    """The base class of both estimators.

    The network is ``((Conv → ReLU)*n → Pool)*m → (FC → ReLU → Dropout)*k → FC``.
    """

    def __init__(
        self,
        conv=((1, 16), (1, 32)),
        dense=(64,),
        *,
        image_shape=None,
        kernel_size=3,
        pool="max",
        dropout=0.0,
        optimizer="adam",
        learning_rate=1e-3,
        batch_size=32,
        epochs=20,
        standardize=True,
        early_stopping=False,
        validation_fraction=0.1,
        n_iter_no_change=5,
        random_state=None,
        verbose=0,
    ):
        self.conv = conv
        self.dense = dense
        self.image_shape = image_shape
        self.kernel_size = kernel_size
        self.pool = pool
        self.dropout = dropout
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.standardize = standardize
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.random_state = random_state
        self.verbose = verbose

    def _images(self, X):
        """Return checked data as images, or as rows if the shape of images is unknown."""
        if X.ndim == 3:
            X = X[..., np.newaxis]
        if X.ndim == 2 and self.image_shape is not None:
            given = integers("image_shape", self.image_shape, 1)
            shape = given if len(given) == 3 else (*given, 1)
            if len(shape) != 3 or math.prod(shape) != X.shape[1]:
                raise ValueError(
                    f"image_shape={shown(self.image_shape)} does not fit rows of {X.shape[1]} features; expected as many pixels"
                )
            X = X.reshape(-1, *shape)
        return X

    def _scaled(self, X):
        """Return images or rows in float32, standardized in their own dtype before, so that rounding hides no differences."""
        return np.asarray((X - self._mean) / self._deviation if boolean("standardize", self.standardize) else X, np.float32)

    def _stages(self):
        """Return the checked pairs of `conv`."""
        expected = "pairs of integers, (number of convolutions, filters) for each stage"
        if not isinstance(self.conv, (tuple, list)):
            raise TypeError(f"conv={shown(self.conv)} is of type {type(self.conv).__name__}; expected {expected}")
        for i, stage in enumerate(self.conv):
            if not isinstance(stage, (tuple, list)) or len(stage) != 2:
                raise ValueError(f"conv[{i}]={shown(stage)} is not a pair; expected {expected}")
        return [tuple(integer(f"conv[{i}][{j}]", stage[j], 1) for j in range(2)) for i, stage in enumerate(self.conv)]

    @with_channels_last
    def _network(self, shape, units, activation, rng):
        """Return the network; for rows that are not images, it has only dense layers."""
        chain = [layers.Input(shape)]
        if len(shape) == 3:
            pooling = _POOLING[choice("pool", self.pool, tuple(_POOLING))]
            for count, filters in self._stages():
                chain += [layers.Conv2D(filters, self.kernel_size, padding="same", activation="relu") for _ in range(count)]
                chain += [] if pooling is None else [pooling(padding="same")]
            chain.append(layers.Flatten())
        dropout = number("dropout", self.dropout, 0, 1)
        for size in integers("dense", self.dense, 1):
            chain.append(layers.Dense(size, activation="relu"))
            chain += [layers.Dropout(dropout)] if dropout else []
        return Sequential([*chain, layers.Dense(units, activation=activation)], rng=rng)

    def _fit(self, X, y, sample_weight, units, activation, loss):
        """Train a network on prepared targets."""
        random_state = self.random_state
        if isinstance(random_state, np.random.RandomState):
            random_state = random_state.randint(2**31)
        if not (random_state is None or isinstance(random_state, np.random.Generator)):
            random_state = integer("random_state", random_state, 0)
        images = self._images(X)
        if boolean("standardize", self.standardize):
            self._mean, self._deviation = _moments(images, None if images.ndim == 4 else 0)
        images = self._scaled(images)
        self.model_ = self._network(images.shape[1:], units, activation, random_state)
        optimizer = copy.deepcopy(get_optimizer(self.optimizer))  # An optimizer keeps the state of only one network.
        if isinstance(self.optimizer, str):
            optimizer.learning_rate = self.learning_rate
        self.model_.compile(optimizer, loss)
        listeners, held_back = [], 0.0
        if boolean("early_stopping", self.early_stopping):
            held_back = number("validation_fraction", self.validation_fraction, 0, 1, open_minimum=True, open_maximum=True)
            listeners.append(callbacks.EarlyStopping(patience=self.n_iter_no_change, restore_best_weights=True))
        order = np.random.default_rng(random_state).permutation(len(images))
        weights = None if sample_weight is None else sample_weight[order]
        history = self.model_.fit(
            images[order], y[order], batch_size=self.batch_size, epochs=self.epochs, sample_weight=weights, callbacks=listeners,
            validation_split=held_back, verbose=self.verbose,
        )  # fmt: skip
        self.history_ = history.history
        self.n_iter_ = len(history.epoch)
        return self

    def _outputs(self, X):
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, allow_nd=True, dtype=[np.float64, np.float32])
        return self.model_.predict(self._scaled(self._images(X)), batch_size=256)

    def _checked(self, X, y, sample_weight, **settings):
        X, y = validate_data(self, X, y, allow_nd=True, dtype=[np.float64, np.float32], **settings)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, X)
        return X, y, sample_weight


_PARAMETERS = """
    Parameters
    ----------
    conv : sequence of (int, int)
        For each stage, the number of convolutions and the number of their filters; used only for images.
    dense : sequence of int
        Units of the fully connected layers before the last.
    image_shape : tuple of int, optional
        (height, width) or (height, width, channels) of the images in the rows of X. If None, rows are not images, and the
        network has only dense layers.
    kernel_size : int or pair of int
        Kernel size of the convolutions, which keep height and width.
    pool : {"max", "average", None}
        Pooling at the end of each stage.
    dropout : float
        Fraction of the units that is dropped after each fully connected layer in training.
    optimizer : str or Optimizer
        Optimizer; each fit begins with a copy.
    learning_rate : float
        Learning rate, if the optimizer is given by its name.
    batch_size, epochs : int
        Samples per training step, and number of passes over all samples.
    standardize : bool
        Whether X is scaled to mean 0 and variance 1: images over all pixels, and rows feature by feature.
    early_stopping : bool
        Whether training ends when the loss on held-back samples no longer falls.
    validation_fraction : float
        Fraction of the samples that is held back for early stopping, at least one sample.
    n_iter_no_change : int
        Epochs without improvement after which training ends early.
    random_state : None, int or numpy.random.RandomState
        Source of random numbers; with an int, results are the same every time.
    verbose : {0, 1, 2}
        How much training prints.

    Attributes
    ----------
    model_ : Sequential
        The network.
    history_ : dict
        Losses after each epoch.
    n_iter_ : int
        Number of epochs that the training took.
"""


class CNNClassifier(ClassifierMixin, _Network):
    __doc__ = f"""A convolutional network for classification.
{_PARAMETERS}    classes_ : ndarray
        The class labels.

    Examples
    --------
    >>> from sklearn.model_selection import cross_val_score
    >>> from striate.datasets import load_digits
    >>> from striate.sklearn import CNNClassifier
    >>> X, y = load_digits()
    >>> model = CNNClassifier(conv=[(2, 16)], epochs=20, random_state=0)
    >>> bool(cross_val_score(model, X[:600] / 16, y[:600], cv=2).mean() > 0.8)
    True
    """

    def fit(self, X, y, sample_weight=None):
        """Train on images (samples, height, width[, channels]) or rows (samples, features), and labels (samples,)."""
        X, y, sample_weight = self._checked(X, y, sample_weight)
        check_classification_targets(y)
        self.classes_, indices = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"y has one class, {self.classes_[0]!r}; expected at least two classes")
        loss = losses.SparseCategoricalCrossentropy()
        return self._fit(X, indices, sample_weight, len(self.classes_), "softmax", loss)

    def predict_proba(self, X):
        """Return probabilities (samples, classes), in the order of `classes_`."""
        return self._outputs(X)

    def predict(self, X):
        """Return labels (samples,)."""
        indices = self.predict_proba(X).argmax(1)
        return self.classes_[indices]


class CNNRegressor(RegressorMixin, _Network):
    __doc__ = f"""A convolutional network for regression, with one target or several.
{_PARAMETERS}
    Examples
    --------
    >>> from striate.datasets import load_digits
    >>> from striate.sklearn import CNNRegressor
    >>> X, _ = load_digits()
    >>> brightness = X.mean(axis=(1, 2))
    >>> model = CNNRegressor(conv=[(1, 8)], dense=[16], random_state=0)
    >>> model.fit(X[:600], brightness[:600]).score(X[600:], brightness[600:]) > 0.9
    True
    """

    def fit(self, X, y, sample_weight=None):
        """Train on images (samples, height, width[, channels]) or rows (samples, features), and targets (samples[, n])."""
        X, y, sample_weight = self._checked(X, y, sample_weight, multi_output=True, y_numeric=True)
        self._shape = y.shape[1:]
        targets = np.asarray(y, np.float64).reshape(len(y), -1)
        self._target_mean, self._target_deviation = _moments(targets)
        targets = (targets - self._target_mean) / self._target_deviation
        return self._fit(X, targets, sample_weight, targets.shape[1], None, losses.MeanSquaredError())

    def predict(self, X):
        """Return predictions (samples[, n])."""
        y = self._outputs(X) * self._target_deviation + self._target_mean
        return y.reshape(-1, *self._shape)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

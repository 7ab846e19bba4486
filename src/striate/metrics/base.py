"""The base class of metrics: running means over batches."""

import numpy as np

from .. import initializers
from .._common.arguments import KeepsArguments, name_of
from .._common.checks import called, float_dtype, real_array, text
from .._common.docstrings import documented
from .._common.registry import snake_case
from ..engine import Variable

#: What docstrings share.
NAMED = """
    Parameters
    ----------
    name : str, optional
        Its name in logs.
    """


class Metric(KeepsArguments):
    """Base class of metrics: the mean over samples of a value for each. A subclass defines `values`.

    Or it makes variables in its constructor, by `add_variable`, and defines `update_state` and `result`.

    Parameters
    ----------
    name : str, optional
        Its name in logs.
    dtype : {"float32", "float64"}, optional
        Of its variables; "float32" if None.
    """

    default_name = None  # the class's name, in small letters

    #: Whether a larger value is better; None if unknown.
    larger_is_better = None

    def __init__(self, name=None, dtype=None):
        self.name = (self.default_name or snake_case(type(self).__name__)) if name is None else text("name", name)
        self.dtype = float_dtype("dtype", dtype)
        self._variables = []
        self._total = self._weight = 0.0

    @property
    def variables(self):
        """The variables that `add_variable` made."""
        return list(self._variables)

    def add_variable(self, shape=(), initializer="zeros", dtype=None, aggregation=None, name=None):
        """Return a new `Variable` for the state of the metric, with `assign` and `assign_add`.

        Parameters
        ----------
        shape : tuple of int
            Its shape.
        initializer : str or callable
            How it begins; `reset_state` sets it to zero.
        dtype : str, optional
            Of its elements; the metric's if None.
        aggregation : str, optional
            Accepted for programs written for Keras, which may run on several machines.
        name : str, optional
            Its name.
        """
        dtype = np.dtype(self.dtype if dtype is None else dtype)
        array = initializers.initial_array(initializers.get(initializer), tuple(shape), dtype, np.random.default_rng(0))
        self._variables.append(Variable(array, f"variable_{len(self._variables)}" if name is None else name, trainable=False))
        return self._variables[-1]

    def add_weight(self, shape=(), initializer="zeros", dtype=None, name=None):
        """Return what `add_variable`, the newer name, does."""
        return self.add_variable(shape, initializer, dtype, name=name)

    def values(self, y_true, y_pred):
        """Return the value of each sample, or each place of it.

        Parameters
        ----------
        y_true : ndarray
            Targets, as the loss prepared them.
        y_pred : ndarray, shape (batch, ...)
            Predictions.
        """
        raise TypeError(f"{type(self).__name__} does not define values; expected a metric that does")

    def reset_state(self):
        """Forget all batches."""
        self._total = self._weight = 0.0
        for variable in self._variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account.

        Parameters
        ----------
        y_true, y_pred : array_like
            Targets and predictions.
        sample_weight : float or array_like, shape (batch,) or (batch, ...), optional
            How much each sample counts.
        """
        values = np.asarray(self.values(real_array("y_true", y_true), real_array("y_pred", y_pred)), np.float64)
        weights = weights_for(values, sample_weight)
        self._total += float((values * weights).sum())
        self._weight += float(weights.sum())

    def result(self):
        """Return the mean over all samples so far, 0 if none counts, as in Keras."""
        return self._total / self._weight if self._weight else 0.0

    def __call__(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account and return the result so far."""
        self.update_state(y_true, y_pred, *([] if sample_weight is None else [sample_weight]))
        return self.result()

    def get_config(self):
        """Return the constructor's arguments."""
        return {"name": self.name}


class _OfValues(Metric):
    """A metric of numbers instead of targets and predictions."""

    def update_state(self, values, sample_weight=None):
        """Take numbers into account, each as often as its weight says."""
        values = real_array("values", values)
        super().update_state(values, values, sample_weight)

    def values(self, y_true, y_pred):
        """Return the numbers."""
        return y_pred

    def __call__(self, values, sample_weight=None):
        """Take numbers into account and return the result so far."""
        self.update_state(values, sample_weight)
        return self.result()


@documented(NAMED)
class Mean(_OfValues):
    """Mean of numbers."""


@documented(NAMED)
class Sum(_OfValues):
    """Sum of numbers."""

    def result(self):
        """Return the sum so far."""
        return self._total


class FunctionMetric(Metric):
    """The mean of what a function returns for each sample.

    Parameters
    ----------
    function : callable
        ``function(y_true, y_pred)``, on arrays.
    name : str, optional
        Its name in logs; the function's name if None.
    larger_is_better : bool, optional
        Whether a larger value is better; None if unknown.
    """

    def __init__(self, function, name=None, larger_is_better=None):
        self.function = called("function", function)
        super().__init__(getattr(function, "__name__", "metric") if name is None else name)
        self.larger_is_better = larger_is_better

    def values(self, y_true, y_pred):
        """Return the value of each sample."""
        return self.function(y_true, predictions(y_pred))

    def get_config(self):
        """Return the constructor's arguments, the function as its name, under which it is passed to the loader."""
        function = name_of("metric", self.function)
        return {**super().get_config(), "larger_is_better": self.larger_is_better, "function": function}


def predictions(y_pred):
    """Return predictions as an array; integers as floats, whose differences do not wrap around."""
    array = real_array("y_pred", y_pred)
    return array.astype(np.float32) if array.dtype.kind in "iub" else array


def weights_for(values, sample_weight):
    """Return weights of the shape of `values`, ones for None; a last axis of size 1 may be one of theirs or one more."""
    if sample_weight is None:
        return np.ones(values.shape)
    weights = real_array("sample_weight", sample_weight, np.float64)
    if not weights.ndim:
        return np.full(values.shape, weights)
    if weights.ndim > 1 and weights.shape[-1] == 1:
        weights = weights[..., 0]
    if weights.shape != values.shape[: weights.ndim]:
        raise ValueError(f"sample_weight has shape {weights.shape}; expected that of the samples, {values.shape}")
    return np.broadcast_to(weights.reshape(*weights.shape, *(1,) * (values.ndim - weights.ndim)), values.shape)


def like(y_true, y_pred):
    """Return targets in the predictions' shape."""
    if y_true.size != y_pred.size:
        raise ValueError(f"y_true has shape {y_true.shape}, y_pred {y_pred.shape}; expected the same")
    return y_true.reshape(y_pred.shape)


def class_indices(y_true, y_pred):
    """Return targets, class indices or vectors over the classes, as class indices for each row of predictions."""
    if y_true.shape == y_pred.shape and y_pred.shape[-1] > 1:
        return y_true.argmax(-1)
    if y_true.size != y_pred[..., 0].size:
        raise ValueError(f"y_true has shape {y_true.shape}, y_pred {y_pred.shape}; expected a class for each row, or vectors")
    return y_true.reshape(y_pred.shape[:-1])


def most_probable(y_pred):
    """Return the most probable class of each row, and whether the row holds NaN: such a prediction is of no class."""
    return y_pred.argmax(-1), np.isnan(y_pred).any(-1)

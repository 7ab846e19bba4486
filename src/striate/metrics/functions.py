"""Metrics as functions, which return the values that a metric's result is the mean of; losses are among them, as in Keras."""

import inspect

import numpy as np

from .._common.checks import real_array
from .._common.errors import bound
from .._common.registry import snake_case
from ..losses import (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_hinge,
    hinge,
    huber,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from .accuracy import (
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from .base import predictions
from .correlation import ConcordanceCorrelation, PearsonCorrelation


def _function_of(cls, y_true="[[0.0, 1.0]]", y_pred="[[0.25, 0.75]]"):
    """Return a class of metrics as a function, which returns the values that the metric's result is the mean of."""
    settings = [parameter for name, parameter in inspect.signature(cls).parameters.items() if name not in ("name", "dtype")]

    def function(y_true, y_pred, *arguments, **named):
        metric = cls(**bound(function, settings, arguments, named))
        return np.asarray(metric.values(real_array("y_true", y_true), predictions(y_pred)), np.float32)

    data = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in ("y_true", "y_pred")]
    function.__signature__ = inspect.Signature([*data, *settings])
    function.__name__ = function.__qualname__ = snake_case(cls.__name__)
    function.__module__ = __name__
    function.__doc__ = f"""Return the values that the result of `{cls.__name__}` is the mean of.

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions; see `{cls.__name__}`, also for further parameters.

    Returns
    -------
    ndarray of float32

    Raises
    ------
    TypeError, ValueError
        If the targets do not fit the predictions.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import metrics
    >>> y_true, y_pred = {y_true}, {y_pred}
    >>> values = metrics.{function.__name__}(y_true, y_pred)
    >>> bool(np.isclose(np.mean(values), metrics.{cls.__name__}()(y_true, y_pred)))
    True
    """
    return function


binary_accuracy = _function_of(BinaryAccuracy)
categorical_accuracy = _function_of(CategoricalAccuracy)
concordance_correlation = _function_of(ConcordanceCorrelation)
pearson_correlation = _function_of(PearsonCorrelation)
sparse_categorical_accuracy = _function_of(SparseCategoricalAccuracy, "[1]")
sparse_top_k_categorical_accuracy = _function_of(SparseTopKCategoricalAccuracy, "[1]")
top_k_categorical_accuracy = _function_of(TopKCategoricalAccuracy)

__all__ = [
    "binary_accuracy",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_accuracy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "concordance_correlation",
    "hinge",
    "huber",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "pearson_correlation",
    "poisson",
    "sparse_categorical_accuracy",
    "sparse_categorical_crossentropy",
    "sparse_top_k_categorical_accuracy",
    "squared_hinge",
    "top_k_categorical_accuracy",
]

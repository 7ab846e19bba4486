"""Metrics, which measure how well a model does over batches."""

from .._common.arguments import deserialized, name_of
from .._common.names import public_attributes
from .._common.registry import describe, registered, resolve, snake_case
from . import functions
from .accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKAccuracy,
    TopKCategoricalAccuracy,
)
from .base import FunctionMetric, Mean, MeanMetricWrapper, Metric, Sum
from .confusion import FalseNegatives, FalsePositives, Precision, Recall, TrueNegatives, TruePositives
from .correlation import ConcordanceCorrelation, PearsonCorrelation
from .curves import AUC, PrecisionAtRecall, RecallAtPrecision, SensitivityAtSpecificity, SpecificityAtSensitivity
from .f_score import F1Score, FBetaScore
from .functions import *  # noqa: F403
from .margin import CategoricalHinge, Hinge, SquaredHinge
from .probabilistic import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    KLDivergence,
    Poisson,
    SparseCategoricalCrossentropy,
)
from .regression import (
    CosineSimilarity,
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    R2Score,
    RootMeanSquaredError,
)
from .roc import ROC, roc_curve
from .segmentation import BinaryIoU, ConfusionMatrix, DiceCoefficient, IoU, MeanIoU, OneHotIoU, OneHotMeanIoU

__all__ = [
    "AUC",
    "ROC",
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "BinaryIoU",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "ConcordanceCorrelation",
    "ConfusionMatrix",
    "CosineSimilarity",
    "DiceCoefficient",
    "F1Score",
    "FBetaScore",
    "FalseNegatives",
    "FalsePositives",
    "FunctionMetric",
    "Hinge",
    "IoU",
    "KLDivergence",
    "LogCoshError",
    "Mean",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanIoU",
    "MeanMetricWrapper",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Metric",
    "OneHotIoU",
    "OneHotMeanIoU",
    "PearsonCorrelation",
    "Poisson",
    "Precision",
    "PrecisionAtRecall",
    "R2Score",
    "Recall",
    "RecallAtPrecision",
    "RootMeanSquaredError",
    "SensitivityAtSpecificity",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
    "SpecificityAtSensitivity",
    "SquaredHinge",
    "Sum",
    "TopKAccuracy",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "deserialize",
    "get",
    "roc_curve",
    "serialize",
    *functions.__all__,
]

__getattr__, __dir__ = public_attributes(globals())

_CLASSES = [thing for thing in map(globals().get, __all__) if isinstance(thing, type) and issubclass(thing, Metric)]
#: The metrics by name, including abbreviations such as "mae".
BY_NAME = {snake_case(cls.__name__): cls for cls in _CLASSES if cls not in (Metric, FunctionMetric, MeanMetricWrapper)} | {
    "acc": Accuracy,
    "bce": BinaryCrossentropy,
    "iou": IoU,
    "kld": KLDivergence,
    "logcosh": LogCoshError,
    "mae": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "mse": MeanSquaredError,
    "msle": MeanSquaredLogarithmicError,
}


def get(identifier):
    """Return a metric; None for None.

    Parameters
    ----------
    identifier : Metric, str, dict or callable
        A metric, which is returned as it is; a name, such as "mae" or "MeanAbsoluteError", which becomes the metric's name in
        logs; a configuration; or a function of targets and predictions.

    Raises
    ------
    TypeError, ValueError
        If `identifier` is none of these.

    Examples
    --------
    >>> from striate import metrics
    >>> metrics.get("mae").name, type(metrics.get("AUC")).__name__
    ('mae', 'AUC')
    """
    if identifier is None:
        return None
    identifier = registered(identifier)
    if callable(identifier) and not isinstance(identifier, (Metric, type)):
        return FunctionMetric(identifier)
    metric = resolve("metric", identifier, Metric, BY_NAME)
    if isinstance(identifier, str):
        metric.name = identifier
    return metric


def serialize(metric):
    """Return the description ``{"class_name": …, "config": …}`` of a metric, or the name of a function.

    Examples
    --------
    >>> from striate import metrics
    >>> metrics.serialize(metrics.AUC())["class_name"]
    'AUC'
    """
    return describe(metric, "metric") if isinstance(metric, Metric) else name_of("metric", metric, ", or a Metric")


def deserialize(config, custom_objects=None):
    """Return the metric for what `serialize` returned.

    Parameters
    ----------
    config : str or dict
        Name or description.
    custom_objects : dict of str to class or function, optional
        Custom classes and functions, by name.

    Raises
    ------
    TypeError, ValueError
        If `config` is neither, or the metric is unknown.

    Examples
    --------
    >>> from striate import metrics
    >>> metrics.deserialize(metrics.serialize(metrics.TopKAccuracy(3))).k
    3
    """
    return deserialized(config, get, custom_objects)

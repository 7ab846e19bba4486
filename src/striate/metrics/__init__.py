"""Metrics, which measure how well a model does over batches."""

from .._common.names import public_names
from .._common.registry import resolve, snake_case
from .accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKAccuracy,
    TopKCategoricalAccuracy,
)
from .base import FunctionMetric, Mean, Metric, Sum
from .confusion import (
    AUC,
    F1Score,
    FalseNegatives,
    FalsePositives,
    Precision,
    Recall,
    TrueNegatives,
    TruePositives,
)
from .correlation import ConcordanceCorrelation, PearsonCorrelation
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
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Metric",
    "OneHotIoU",
    "OneHotMeanIoU",
    "PearsonCorrelation",
    "Poisson",
    "Precision",
    "R2Score",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
    "SquaredHinge",
    "Sum",
    "TopKAccuracy",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "get",
    "roc_curve",
]

__dir__ = public_names(globals())

_CLASSES = [thing for thing in map(globals().get, __all__) if isinstance(thing, type) and issubclass(thing, Metric)]
#: The metrics by name, including abbreviations such as "mae".
BY_NAME = {snake_case(cls.__name__): cls for cls in _CLASSES if cls not in (Metric, FunctionMetric)} | {
    "acc": Accuracy,
    "iou": IoU,
    "mae": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "mse": MeanSquaredError,
}


def get(identifier):
    """Return a metric.

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
    if callable(identifier) and not isinstance(identifier, (Metric, type)):
        return FunctionMetric(identifier)
    metric = resolve("metric", identifier, Metric, BY_NAME)
    if isinstance(identifier, str):
        metric.name = identifier
    return metric

"""Metrics: what tells how well a model does, batch after batch."""

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
from .regression import (
    CosineSimilarity,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    R2Score,
    RootMeanSquaredError,
)
from .segmentation import BinaryIoU, ConfusionMatrix, IoU, MeanIoU

__all__ = [
    "AUC",
    "Accuracy",
    "BinaryAccuracy",
    "BinaryIoU",
    "CategoricalAccuracy",
    "ConfusionMatrix",
    "CosineSimilarity",
    "F1Score",
    "FalseNegatives",
    "FalsePositives",
    "FunctionMetric",
    "IoU",
    "Mean",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanIoU",
    "MeanSquaredError",
    "Metric",
    "Precision",
    "R2Score",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "Sum",
    "TopKAccuracy",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "get",
]

_CLASSES = [thing for name in __all__ if isinstance(thing := globals().get(name), type) and thing is not Metric]
#: The metrics by name, including abbreviations such as "mae".
BY_NAME = {snake_case(cls.__name__): cls for cls in _CLASSES if cls is not FunctionMetric} | {
    "acc": Accuracy,
    "iou": IoU,
    "mae": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "mse": MeanSquaredError,
}


def get(identifier):
    """Return a metric: `identifier` itself, the one of that name (which it then bears), configuration or function."""
    if callable(identifier) and not isinstance(identifier, (Metric, type)):
        return FunctionMetric(identifier)
    metric = resolve("metric", identifier, Metric, BY_NAME)
    if isinstance(identifier, str):
        metric.name = identifier
    return metric

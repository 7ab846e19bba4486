# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Self
import numpy as np
import numpy.typing as npt

from striate.losses import binary_crossentropy as binary_crossentropy
from striate.losses import binary_focal_crossentropy as binary_focal_crossentropy
from striate.losses import categorical_crossentropy as categorical_crossentropy
from striate.losses import categorical_focal_crossentropy as categorical_focal_crossentropy
from striate.losses import categorical_hinge as categorical_hinge
from striate.losses import hinge as hinge
from striate.losses import huber as huber
from striate.losses import kl_divergence as kl_divergence
from striate.losses import log_cosh as log_cosh
from striate.losses import mean_absolute_error as mean_absolute_error
from striate.losses import mean_absolute_percentage_error as mean_absolute_percentage_error
from striate.losses import mean_squared_error as mean_squared_error
from striate.losses import mean_squared_logarithmic_error as mean_squared_logarithmic_error
from striate.losses import poisson as poisson
from striate.losses import sparse_categorical_crossentropy as sparse_categorical_crossentropy
from striate.losses import squared_hinge as squared_hinge
from striate import Variable
from striate.dtype_policies import DTypePolicy
from striate.initializers import Initializer
from striate.layers import Tensor

__all__ = [
    "AUC",
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
    "ROC",
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
    "binary_accuracy",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_accuracy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "concordance_correlation",
    "deserialize",
    "get",
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
    "roc_curve",
    "serialize",
    "sparse_categorical_accuracy",
    "sparse_categorical_crossentropy",
    "sparse_top_k_categorical_accuracy",
    "squared_hinge",
    "top_k_categorical_accuracy",
]

class Accuracy(Metric):
    def values(self, y_true: npt.NDArray[Any], y_pred: npt.NDArray[Any]) -> bool: ...

class AUC(Metric):
    curve: Literal["ROC", "PR", "PRGAIN"]
    from_logits: bool
    label_weights: Any
    multi_label: bool
    num_labels: int | None
    num_thresholds: int
    summation_method: Literal["interpolation", "minoring", "majoring"]
    def __init__(
        self,
        num_thresholds: int = 200,
        curve: Literal["ROC", "PR", "PRGAIN"] = "ROC",
        summation_method: Literal["interpolation", "minoring", "majoring"] = "interpolation",
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
        thresholds: Sequence[float] | npt.NDArray[Any] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Sequence[float] | npt.NDArray[Any] | None = None,
        from_logits: bool = False,
    ) -> None: ...
    @property
    def thresholds(self) -> Any: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

def binary_accuracy(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    threshold: float = 0.5,
) -> npt.NDArray[np.float32]: ...

class BinaryAccuracy(Metric):
    threshold: float
    def __init__(
        self,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
        threshold: float = 0.5,
    ) -> None: ...
    def values(self, y_true: npt.NDArray[Any], y_pred: npt.NDArray[Any]) -> bool: ...

class BinaryCrossentropy(Metric):
    from_logits: bool
    label_smoothing: float
    def __init__(
        self,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
    ) -> None: ...

class BinaryIoU(IoU):
    threshold: float
    def __init__(
        self,
        target_class_ids: Sequence[int] | npt.NDArray[Any] = ...,
        threshold: float = 0.5,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...

def categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[np.float32]: ...

class CategoricalAccuracy(Metric):
    def values(self, y_true: npt.NDArray[Any], y_pred: npt.NDArray[Any]) -> bool: ...

class CategoricalCrossentropy(Metric):
    axis: int
    from_logits: bool
    label_smoothing: float
    def __init__(
        self,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
    ) -> None: ...

class CategoricalHinge(Metric): ...

def concordance_correlation(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    axis: int = -1,
) -> npt.NDArray[np.float32]: ...

class ConcordanceCorrelation(Metric):
    axis: int
    def __init__(
        self,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
        axis: int = -1,
    ) -> None: ...

class ConfusionMatrix(Metric):
    ignore_class: Any
    num_classes: int
    def __init__(self, num_classes: int, name: str | None = None, dtype: str | None = None) -> None: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class CosineSimilarity(Metric):
    axis: int
    def __init__(
        self,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
        axis: int = -1,
    ) -> None: ...

def deserialize(config: str | Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Any: ...

class DiceCoefficient(IoU):
    threshold: float
    def __init__(
        self,
        num_classes: int = 2,
        target_class_ids: Sequence[int] | npt.NDArray[Any] | None = None,
        threshold: float = 0.5,
        name: str | None = None,
        ignore_class: int | None = None,
        dtype: str | None = None,
    ) -> None: ...

class F1Score(FBetaScore):
    def __init__(
        self,
        average: Literal[None, "micro", "macro", "weighted"] | None = None,
        threshold: float | None = None,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...

class FalseNegatives(Metric):
    counts: Any
    class_id: Any
    thresholds: Any
    top_k: Any
    def __init__(
        self,
        thresholds: float | Sequence[float] | npt.NDArray[Any] | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None: ...
    @property
    def accumulator(self) -> Any: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class FalsePositives(Metric):
    counts: Any
    class_id: Any
    thresholds: Any
    top_k: Any
    def __init__(
        self,
        thresholds: float | Sequence[float] | npt.NDArray[Any] | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None: ...
    @property
    def accumulator(self) -> Any: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class FBetaScore(Metric):
    average: Literal[None, "micro", "macro", "weighted"] | None
    beta: float
    threshold: float | None
    def __init__(
        self,
        average: Literal[None, "micro", "macro", "weighted"] | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class FunctionMetric(Metric):
    function: Any
    def __init__(
        self,
        function: Callable[..., Any],
        name: str | None = None,
        larger_is_better: bool | None = None,
        dtype: str | None = None,
    ) -> None: ...

def get(identifier: Any) -> Any: ...

class Hinge(Metric): ...

class IoU(ConfusionMatrix):
    axis: int
    sparse_y_pred: bool
    sparse_y_true: bool
    target_class_ids: Any
    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int] | npt.NDArray[Any],
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None: ...

class KLDivergence(Metric): ...

class LogCoshError(Metric): ...

class Mean(Metric):
    def __call__(
        self,
        values: npt.ArrayLike,
        sample_weight: npt.ArrayLike | Tensor | None = None,
    ) -> Any: ...
    def update_state(self, values: npt.ArrayLike, sample_weight: float | npt.ArrayLike | None = None) -> None: ...

class MeanAbsoluteError(Metric): ...

class MeanAbsolutePercentageError(MeanAbsoluteError): ...

class MeanIoU(IoU):
    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None: ...

class MeanMetricWrapper(Metric):
    fn: Any
    def __init__(
        self,
        fn: Callable[..., Any],
        name: str | None = None,
        dtype: str | None = None,
        **kwargs: Any,
    ) -> None: ...

class MeanSquaredError(Metric): ...

class MeanSquaredLogarithmicError(Metric): ...

class Metric:
    default_name: str
    keeps_arguments: bool
    kind: str
    larger_is_better: bool
    name: str
    def __init__(
        self,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...
    def __call__(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
        sample_weight: npt.ArrayLike | Tensor | None = None,
    ) -> Any: ...
    def add_variable(
        self,
        shape: Sequence[int] = ...,
        initializer: str | Callable[..., Any] = "zeros",
        dtype: str | None = None,
        aggregation: str | None = None,
        name: str | None = None,
    ) -> Variable: ...
    def add_weight(
        self,
        shape: Sequence[int] = ...,
        initializer: str | Initializer | Callable[..., Any] = "zeros",
        dtype: npt.DTypeLike | None = None,
        name: str | None = None,
    ) -> Variable: ...
    @property
    def dtype(self) -> Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...
    def reset_state(self) -> None: ...
    def result(self) -> Any: ...
    def stateless_reset_state(self) -> Any: ...
    def stateless_result(self, metric_variables: Any) -> Any: ...
    def stateless_update_state(self, metric_variables: Any, *args: Any, **kwargs: Any) -> Any: ...
    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None: ...
    def values(self, y_true: npt.NDArray[Any], y_pred: npt.NDArray[Any]) -> Any: ...
    @property
    def variables(self) -> list[Variable]: ...

class OneHotIoU(IoU):
    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int] | npt.NDArray[Any],
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None: ...

class OneHotMeanIoU(MeanIoU):
    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None: ...

def pearson_correlation(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, axis: int = -1) -> npt.NDArray[np.float32]: ...

class PearsonCorrelation(Metric):
    axis: int
    def __init__(
        self,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
        axis: int = -1,
    ) -> None: ...

class Poisson(Metric): ...

class Precision(Metric):
    counts: Any
    class_id: int | None
    thresholds: Any
    top_k: int | None
    def __init__(
        self,
        thresholds: float | Sequence[float] | npt.NDArray[Any] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class PrecisionAtRecall(Metric):
    constraint: str
    counts: Any
    class_id: int | None
    num_thresholds: int
    thresholds: Any
    top_k: Any
    value: Any
    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...
    @property
    def recall(self) -> float: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class R2Score(Metric):
    class_aggregation: Literal["uniform_average", "variance_weighted_average", None]
    num_regressors: int
    def __init__(
        self,
        class_aggregation: Literal["uniform_average", "variance_weighted_average", None] = "uniform_average",
        num_regressors: int = 0,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class Recall(Metric):
    counts: Any
    class_id: int | None
    thresholds: Any
    top_k: int | None
    def __init__(
        self,
        thresholds: float | Sequence[float] | npt.NDArray[Any] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class RecallAtPrecision(Metric):
    constraint: str
    counts: Any
    class_id: int | None
    num_thresholds: int
    thresholds: Any
    top_k: Any
    value: Any
    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...
    @property
    def precision(self) -> float: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class ROC(NamedTuple):
    false_positive_rate: npt.NDArray[Any]
    true_positive_rate: npt.NDArray[Any]
    thresholds: npt.NDArray[Any]
    @property
    def auc(self) -> float: ...
    @property
    def equal_error_rate(self) -> float: ...
    def threshold_at(self, false_positive_rate: float) -> float: ...

def roc_curve(y_true: npt.ArrayLike, y_score: npt.ArrayLike) -> ROC: ...

class RootMeanSquaredError(MeanSquaredError): ...

class SensitivityAtSpecificity(Metric):
    constraint: str
    counts: Any
    class_id: int | None
    num_thresholds: int
    thresholds: Any
    top_k: Any
    value: Any
    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...
    @property
    def specificity(self) -> float: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

def serialize(metric: Any) -> Any: ...
def sparse_categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[np.float32]: ...
def sparse_top_k_categorical_accuracy(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    k: int = 5,
    from_sorted_ids: bool = False,
) -> npt.NDArray[np.float32]: ...

class SparseCategoricalAccuracy(Metric):
    def values(self, y_true: npt.NDArray[Any], y_pred: npt.NDArray[Any]) -> bool: ...

class SparseCategoricalCrossentropy(Metric):
    axis: int
    from_logits: bool
    ignore_class: int | None
    def __init__(
        self,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class SparseTopKCategoricalAccuracy(TopKAccuracy):
    from_sorted_ids: bool
    def __init__(
        self,
        k: int = 5,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
        from_sorted_ids: bool = False,
    ) -> None: ...

class SpecificityAtSensitivity(Metric):
    constraint: str
    counts: Any
    class_id: int | None
    num_thresholds: int
    thresholds: Any
    top_k: Any
    value: Any
    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...
    @property
    def sensitivity(self) -> float: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class SquaredHinge(Metric): ...

class Sum(Metric):
    def __call__(
        self,
        values: npt.ArrayLike,
        sample_weight: npt.ArrayLike | Tensor | None = None,
    ) -> Any: ...
    def update_state(self, values: npt.ArrayLike, sample_weight: float | npt.ArrayLike | None = None) -> None: ...

def top_k_categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, k: int = 5) -> npt.NDArray[np.float32]: ...

class TopKAccuracy(Metric):
    k: int
    def __init__(
        self,
        k: int = 5,
        name: str | None = None,
        dtype: str | DTypePolicy | None = None,
    ) -> None: ...
    def values(self, y_true: npt.NDArray[Any], y_pred: npt.NDArray[Any]) -> bool: ...

class TopKCategoricalAccuracy(TopKAccuracy): ...

class TrueNegatives(Metric):
    counts: Any
    class_id: Any
    thresholds: Any
    top_k: Any
    def __init__(
        self,
        thresholds: float | Sequence[float] | npt.NDArray[Any] | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None: ...
    @property
    def accumulator(self) -> Any: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

class TruePositives(Metric):
    counts: Any
    class_id: Any
    thresholds: Any
    top_k: Any
    def __init__(
        self,
        thresholds: float | Sequence[float] | npt.NDArray[Any] | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None: ...
    @property
    def accumulator(self) -> Any: ...
    def update_state(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> None: ...

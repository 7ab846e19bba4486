# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Self, overload
import numpy as np
import numpy.typing as npt

from striate.dtype_policies import DTypePolicy
from striate.layers import Tensor

__all__ = [
    "ArcFaceLoss",
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CTC",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy",
    "CategoricalHinge",
    "Circle",
    "ContrastiveLoss",
    "CosineSimilarity",
    "Dice",
    "FunctionLoss",
    "Hinge",
    "Huber",
    "Jaccard",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "TripletHardLoss",
    "TripletSemiHardLoss",
    "Tversky",
    "arc_face_loss",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
    "circle",
    "contrastive_loss",
    "cosine_similarity",
    "ctc",
    "deserialize",
    "dice",
    "get",
    "hinge",
    "huber",
    "jaccard",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "serialize",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "triplet_hard_loss",
    "triplet_semi_hard_loss",
    "tversky",
]

@overload
def arc_face_loss(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    margin: float = 0.5,
    scale: float = 64.0,
) -> npt.NDArray[Any]: ...
@overload
def arc_face_loss(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    margin: float = 0.5,
    scale: float = 64.0,
) -> Tensor: ...

class ArcFaceLoss(SparseCategoricalCrossentropy):
    margin: float
    scale: float
    def __init__(
        self,
        margin: float = 0.5,
        scale: float = 64.0,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...

@overload
def binary_crossentropy(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int | Sequence[int] = -1,
) -> npt.NDArray[Any]: ...
@overload
def binary_crossentropy(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...
@overload
def binary_focal_crossentropy(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int | Sequence[int] = -1,
) -> npt.NDArray[Any]: ...
@overload
def binary_focal_crossentropy(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...

class BinaryCrossentropy(Loss):
    classes: int
    axis: int
    from_logits: bool
    label_smoothing: float
    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class BinaryFocalCrossentropy(Loss):
    classes: int
    alpha: float
    apply_class_balancing: bool
    axis: int
    from_logits: bool
    gamma: float
    label_smoothing: float
    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

@overload
def categorical_crossentropy(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int | Sequence[int] = -1,
) -> npt.NDArray[Any]: ...
@overload
def categorical_crossentropy(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...
@overload
def categorical_focal_crossentropy(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int | Sequence[int] = -1,
) -> npt.NDArray[Any]: ...
@overload
def categorical_focal_crossentropy(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...
@overload
def categorical_generalized_cross_entropy(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    q: float = 0.5,
) -> npt.NDArray[Any]: ...
@overload
def categorical_generalized_cross_entropy(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    q: float = 0.5,
) -> Tensor: ...
@overload
def categorical_hinge(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def categorical_hinge(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...

class CategoricalCrossentropy(Loss):
    classes: Any
    axis: int
    from_logits: bool
    label_smoothing: float
    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class CategoricalFocalCrossentropy(Loss):
    classes: Any
    alpha: Any
    axis: int
    from_logits: bool
    gamma: float
    label_smoothing: float
    def __init__(
        self,
        alpha: float | Sequence[float] | npt.NDArray[Any] = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class CategoricalGeneralizedCrossEntropy(Loss):
    q: float
    def __init__(
        self,
        q: float = 0.5,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...

class CategoricalHinge(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class Circle(Loss):
    gamma: float
    margin: float
    remove_diagonal: bool
    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def compared(self, classes: Any, x: Any, ref_classes: Any, ref_x: Any) -> Any: ...

def circle(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    ref_labels: npt.ArrayLike | None = None,
    ref_embeddings: npt.ArrayLike | None = None,
    remove_diagonal: bool = True,
    gamma: float = 80.0,
    margin: float = 0.4,
) -> npt.NDArray[Any]: ...
@overload
def contrastive_loss(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, margin: float = 1.0) -> npt.NDArray[Any]: ...
@overload
def contrastive_loss(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    margin: float = 1.0,
) -> Tensor: ...

class ContrastiveLoss(Loss):
    distance_metric: Any
    margin: float
    def __init__(
        self,
        margin: float = 1.0,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...

@overload
def cosine_similarity(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    axis: int | Sequence[int] = -1,
) -> npt.NDArray[Any]: ...
@overload
def cosine_similarity(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...

class CosineSimilarity(Loss):
    axis: int
    def __init__(
        self,
        axis: int = -1,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class CTC(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...

@overload
def ctc(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def ctc(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...
def deserialize(name: str | Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Any: ...

class Dice(Loss):
    axis: Any
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        axis: int | Sequence[int] | npt.NDArray[Any] | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

@overload
def dice(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, axis: int | Sequence[int] | None = None) -> npt.NDArray[Any]: ...
@overload
def dice(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...

class FunctionLoss(Loss):
    function: Any
    def __init__(
        self,
        function: Callable[..., Any],
        name: str | None = None,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...

def get(identifier: Any) -> Any: ...

class Hinge(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...
    def of_hinge(self, hinge: Any) -> Any: ...

@overload
def hinge(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def hinge(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...

class Huber(Loss):
    delta: float
    def __init__(
        self,
        delta: float = 1.0,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

@overload
def huber(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, delta: float = 1.0) -> npt.NDArray[Any]: ...
@overload
def huber(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    delta: float = 1.0,
) -> Tensor: ...

class Jaccard(Loss):
    axis: Any
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        axis: int | Sequence[int] | npt.NDArray[Any] | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

@overload
def jaccard(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    axis: int | Sequence[int] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def jaccard(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...
@overload
def kl_divergence(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def kl_divergence(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...

class KLDivergence(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

@overload
def log_cosh(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def log_cosh(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...

class LogCosh(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class Loss:
    changes: int
    keeps_arguments: bool
    kind: Any
    reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None]
    required_axes: Any
    takes_classes: bool
    name: str
    def __init__(
        self,
        name: str | None = None,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def __call__(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        sample_weight: float | npt.ArrayLike | None = None,
    ) -> Any: ...
    def adapt(self, y_true: npt.ArrayLike | Tensor) -> Any: ...
    def adapted(self, y_true: npt.ArrayLike | Tensor) -> Any: ...
    def call(self, y_true: Any, y_pred: Any) -> Any: ...
    def checked(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def counted(self, y_true: npt.ArrayLike | Tensor, values: Any) -> Any: ...
    @property
    def dtype(self) -> Any: ...
    def emit(
        self,
        y_true: Tensor,
        y_pred: Tensor,
        weight: float = 1.0,
        sample_weight: Tensor | None = None,
    ) -> Any: ...
    def fitted(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def fused(
        self,
        y_true: Tensor,
        y_pred: Tensor,
        weight: float,
        sample_weight: Tensor | None,
    ) -> Any: ...
    def get_config(self) -> dict[str, Any]: ...
    def prepare(self, y_true: npt.ArrayLike, output_shape: Sequence[Any], dtype: str) -> Any: ...
    def value_and_gradient(
        self,
        y_true: npt.NDArray[Any],
        y_pred: npt.NDArray[np.floating],
        sample_weight: npt.NDArray[Any] | None = None,
    ) -> Any: ...

@overload
def mean_absolute_error(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def mean_absolute_error(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def mean_absolute_percentage_error(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def mean_absolute_percentage_error(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def mean_squared_error(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def mean_squared_error(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def mean_squared_logarithmic_error(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def mean_squared_logarithmic_error(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...

class MeanAbsoluteError(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class MeanAbsolutePercentageError(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class MeanSquaredError(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class MeanSquaredLogarithmicError(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

class Poisson(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

@overload
def poisson(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def poisson(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...
def serialize(loss: Any) -> Any: ...
@overload
def sparse_categorical_crossentropy(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int | Sequence[int] = -1,
) -> npt.NDArray[Any]: ...
@overload
def sparse_categorical_crossentropy(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...

class SparseCategoricalCrossentropy(Loss):
    axis: int
    from_logits: bool
    ignore_class: int | None
    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...

@overload
def squared_hinge(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def squared_hinge(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
) -> Tensor: ...

class SquaredHinge(Loss):
    def __init__(
        self,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...
    def of_hinge(self, hinge: Any) -> Any: ...

@overload
def triplet_hard_loss(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    margin: float = 1.0,
    soft: bool = False,
    distance_metric: str = "L2",
) -> npt.NDArray[Any]: ...
@overload
def triplet_hard_loss(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    margin: float = 1.0,
    soft: bool = False,
    distance_metric: str = "L2",
) -> Tensor: ...
@overload
def triplet_semi_hard_loss(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    margin: float = 1.0,
    distance_metric: str = "L2",
) -> npt.NDArray[Any]: ...
@overload
def triplet_semi_hard_loss(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    margin: float = 1.0,
    distance_metric: str = "L2",
) -> Tensor: ...

class TripletHardLoss(Loss):
    distance_metric: Literal["L2", "squared-L2", "angular"]
    margin: float
    soft: bool
    def __init__(
        self,
        margin: float = 1.0,
        soft: bool = False,
        distance_metric: Literal["L2", "squared-L2", "angular"] = "L2",
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...

class TripletSemiHardLoss(Loss):
    distance_metric: Literal["L2", "squared-L2", "angular"]
    margin: float
    def __init__(
        self,
        margin: float = 1.0,
        distance_metric: Literal["L2", "squared-L2", "angular"] = "L2",
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...

class Tversky(Loss):
    alpha: float
    axis: Any
    beta: float
    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: Literal["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None] = "sum_over_batch_size",
        name: str | None = None,
        axis: int | Sequence[int] | npt.NDArray[Any] | None = None,
        dtype: Literal["float32", "float64", "float16", "bfloat16"] | DTypePolicy | None = None,
    ) -> None: ...
    def call(
        self,
        y_true: npt.ArrayLike | Tensor,
        y_pred: npt.ArrayLike | Tensor,
    ) -> Any: ...
    def check(self, targets: Any) -> Any: ...

@overload
def tversky(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    alpha: float = 0.5,
    beta: float = 0.5,
    axis: int | Sequence[int] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def tversky(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    alpha: float = 0.5,
    beta: float = 0.5,
    axis: int | Sequence[int] | None = None,
) -> Tensor: ...

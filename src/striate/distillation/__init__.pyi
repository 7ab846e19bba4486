# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Self, overload
import numpy as np
import numpy.typing as npt

from striate.dtype_policies import DTypePolicy
from striate.layers import Tensor
from striate.losses import Loss
from striate.models import Model
from striate.optimizers import Optimizer
from striate.regularizers import Regularizer

__all__ = [
    "DistillationLoss",
    "Distiller",
    "FeatureDistillation",
    "LogitsDistillation",
]

class DistillationLoss:
    keeps_arguments: bool
    student_layer_name: Any
    teacher_layer_name: Any
    def compute_loss(
        self,
        teacher_outputs: Any | npt.NDArray[Any],
        student_outputs: Any | npt.NDArray[Any],
        **kwargs: Any,
    ) -> Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def validate_model_compatibility(self, teacher: Any, student: Any) -> None: ...
    def validate_outputs(self, teacher_outputs: Any, student_outputs: Any) -> None: ...

class Distiller(Model):
    distillation_loss_tracker: Any
    distillation_loss_weights: Any
    distillation_losses: Any
    student: Model
    student_loss_tracker: Any
    student_loss_weight: float
    teacher: Model
    total_loss_tracker: Any
    def __init__(
        self,
        teacher: Model,
        student: Model,
        distillation_losses: DistillationLoss | Sequence[Any],
        distillation_loss_weights: Sequence[float] | None = None,
        student_loss_weight: float = 0.5,
        name: str = "distiller",
        *,
        inputs: Tensor | Any = None,
        outputs: Tensor | Any = None,
        rng: int | np.random.Generator | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, training: Any = None) -> Any: ...
    def compile(
        self,
        optimizer: str | Optimizer = "adam",
        loss: str | Loss | Callable[..., Any] | Any = None,
        metrics: Sequence[Any] | None = None,
        **kwargs: Any,
    ) -> None: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Self: ...
    @property
    def metrics(self) -> Any: ...

class FeatureDistillation(DistillationLoss):
    loss: Any
    def __init__(
        self,
        loss: str | Loss | Callable[..., Any] | Any = "mse",
        teacher_layer_name: str | None = None,
        student_layer_name: str | None = None,
    ) -> None: ...
    def get_config(self) -> dict[str, Any]: ...

class LogitsDistillation(DistillationLoss):
    loss: Any
    temperature: float
    def __init__(
        self,
        temperature: float = 3.0,
        loss: str | Loss | Callable[..., Any] | Any = "kl_divergence",
    ) -> None: ...
    def get_config(self) -> dict[str, Any]: ...

# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self
import numpy.typing as npt

from striate.optimizers import schedules as schedules
from collections.abc import MutableMapping
from striate import Variable
from striate.optimizers.schedules import LearningRateSchedule

__all__ = [
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "MultiOptimizer",
    "Muon",
    "Nadam",
    "Optimizer",
    "OptimizerMap",
    "RMSprop",
    "SGD",
    "ScheduleFreeAdamW",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]

class Adadelta(Optimizer):
    epsilon: float
    rho: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        rho: float = 0.95,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...

class Adafactor(Optimizer):
    beta_2_decay: float
    clip_threshold: float
    epsilon_1: float
    epsilon_2: float
    relative_step: bool
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 0.001,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...

class Adagrad(Optimizer):
    epsilon: float
    initial_accumulator_value: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...
    def update(self, weight: Any, gradient: Any, state: Any, scale: Any = None, program: Any = None) -> None: ...

class Adam(Optimizer):
    amsgrad: bool
    beta_1: float
    beta_2: float
    epsilon: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        amsgrad: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...
    def update(self, weight: Any, gradient: Any, state: Any, scale: Any = None, program: Any = None) -> None: ...

class Adamax(Optimizer):
    beta_1: float
    beta_2: float
    epsilon: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...

class AdamW(Adam):
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...

def deserialize(config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Any: ...

class Ftrl(Optimizer):
    beta: float
    initial_accumulator_value: float
    l1_regularization_strength: float
    l2_regularization_strength: float
    l2_shrinkage_regularization_strength: float
    learning_rate_power: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...

def get(identifier: Any) -> Any: ...

class Lamb(Optimizer):
    beta_1: float
    beta_2: float
    epsilon: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...

class Lion(Optimizer):
    beta_1: float
    beta_2: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...
    def update(self, weight: Any, gradient: Any, state: Any, scale: Any = None, program: Any = None) -> None: ...

class MultiOptimizer(Optimizer):
    global_clipnorm: Any
    def __init__(
        self,
        optimizer_map: OptimizerMap | Callable[..., Any],
        loss_scale_factor: None = None,
        name: str | None = None,
    ) -> None: ...
    def get_state(self) -> Any: ...
    @property
    def optimizers(self) -> list[Optimizer]: ...

class Muon(Optimizer):
    adam_beta_1: float
    adam_beta_2: float
    adam_lr_ratio: float
    adam_weight_decay: float
    epsilon: float
    exclude_embeddings: bool
    exclude_layers: Any
    momentum: float
    muon_a: float
    muon_b: float
    muon_c: float
    nesterov: bool
    ns_steps: int
    rms_rate: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float = 0.004,
        epsilon: float = 1e-07,
        weight_decay: float = 0.004,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_layers: list[str] | tuple[str, ...] | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.775,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float = 0.2,
    ) -> None: ...
    def lr_adjust(self, x: Any) -> Any: ...
    def zeropower_via_newtonschulz5(self, x: npt.NDArray[Any], steps: int) -> Any: ...

class Nadam(Optimizer):
    beta_1: float
    beta_2: float
    epsilon: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...

class Optimizer:
    by_rows: bool
    iterations: int
    keeps_arguments: bool
    learning_rate: Any
    slots: int
    updates_variables: bool
    clipnorm: float | None
    clipvalue: float | None
    ema_momentum: float
    ema_overwrite_frequency: int | None
    global_clipnorm: float | None
    gradient_accumulation_steps: int | None
    name: str
    use_ema: bool
    weight_decay: float | None
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any],
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...
    def add_optimizer_variables(
        self,
        trainable_variables: Sequence[Variable],
        name: str | list[str] | tuple[str, ...],
        initializer: str | Callable[..., Any] | Sequence[Any] = "zeros",
    ) -> list[Variable] | tuple[list[Any], ...]: ...
    def add_variable(
        self,
        shape: Sequence[int],
        initializer: str | Callable[..., Any] = "zeros",
        dtype: str | None = None,
        aggregation: str = "none",
        layout: Any = None,
        name: str | None = None,
    ) -> Variable: ...
    def add_variable_from_reference(
        self,
        reference_variable: Variable,
        name: str | None = None,
        initializer: str | Callable[..., Any] = "zeros",
    ) -> Variable: ...
    def apply(
        self,
        grads: Sequence[npt.NDArray[Any]],
        trainable_variables: Sequence[Variable] | None = None,
    ) -> None: ...
    def apply_gradients(self, grads_and_vars: Any) -> Any: ...
    def assign(self, variable: Any, value: Any) -> None: ...
    def assign_add(self, variable: Any, value: Any) -> None: ...
    def assign_sub(self, variable: Any, value: Any) -> None: ...
    def average_of(self, weight: Any) -> Any: ...
    def begin_step(self) -> None: ...
    def build(self, variables: Sequence[Variable]) -> None: ...
    @property
    def built(self) -> bool: ...
    def check_state(self, arrays: Any, weights: Sequence[Variable] | None) -> Any: ...
    def decays(self, weight: Any) -> Any: ...
    def end_step(self, weights: Sequence[Variable] | None) -> None: ...
    def exclude_from_weight_decay(
        self,
        var_list: Sequence[Variable] | None = None,
        var_names: list[str] | tuple[str, ...] | None = None,
    ) -> None: ...
    def finish(self, weights: Sequence[Variable] | None) -> None: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...
    def get_state(self) -> list[npt.NDArray[Any]]: ...
    @property
    def has_schedule(self) -> bool: ...
    def initial_state(self, weight: Any) -> Any: ...
    @property
    def joins_programs(self) -> bool: ...
    @property
    def optimizers(self) -> Any: ...
    @staticmethod
    def overwrites(weight: Any) -> bool: ...
    def prepare(self, weights: Sequence[Variable], more: bool = False) -> None: ...
    def scales(self, gradients: Sequence[Any], clip: Callable[..., Any]) -> Any: ...
    def set_state(self, iterations: Any, arrays: Any, weights: Sequence[Variable] | None) -> None: ...
    def set_weights(self, weights: Sequence[Variable] | None) -> None: ...
    def slots_of(self, weight: Any) -> Any: ...
    def state_of(self, weight: Any) -> Any: ...
    def stateless_apply(
        self,
        optimizer_variables: Sequence[npt.ArrayLike],
        grads: Sequence[npt.ArrayLike],
        trainable_variables: Sequence[npt.ArrayLike],
    ) -> list[npt.NDArray[Any]]: ...
    def step(self, weight: Any, gradient: Any, scale: Any = None) -> None: ...
    def step_size(self) -> Any: ...
    def update(self, weight: Any, gradient: Any, state: Any) -> None: ...
    def update_step(self, gradient: npt.NDArray[Any], variable: Variable, learning_rate: float) -> None: ...
    @property
    def variables(self) -> list[Variable]: ...
    def weights_by_optimizer(self, weights: Sequence[Variable] | None) -> Any: ...

class OptimizerMap(MutableMapping[Any, Any]):
    def __init__(
        self,
        default_optimizer: Optimizer,
        optimizer_map: Mapping[str, Optimizer] | None = None,
    ) -> None: ...
    def __call__(self, variable: Any) -> Any: ...
    def __delitem__(self, key: Any) -> None: ...
    def __getitem__(self, key: Any) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def __setitem__(self, key: Any, optimizer: Any) -> None: ...
    @property
    def default_optimizer(self) -> Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...

class RMSprop(Optimizer):
    centered: bool
    epsilon: float
    momentum: float
    rho: float
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-07,
        centered: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...
    def update(self, weight: Any, gradient: Any, state: Any, scale: Any = None, program: Any = None) -> None: ...

class ScheduleFreeAdamW(Optimizer):
    beta_1: float
    beta_2: float
    epsilon: float
    warmup_steps: int
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-08,
        warmup_steps: int = 0,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...

def serialize(optimizer: Any) -> Any: ...

class SGD(Optimizer):
    momentum: float
    nesterov: bool
    def __init__(
        self,
        learning_rate: float | LearningRateSchedule | Callable[..., Any] = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...
    def update(self, weight: Any, gradient: Any, state: Any, scale: Any = None, program: Any = None) -> None: ...

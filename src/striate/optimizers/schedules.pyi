# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Mapping, Sequence
from typing import Any, Self

__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "OneCycle",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "get",
    "serialize",
]

class CosineDecay(LearningRateSchedule):
    alpha: float
    decay_steps: float
    initial_learning_rate: float
    name: str
    warmup_steps: float
    warmup_target: float | None
    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: float = 0,
    ) -> None: ...
    def __call__(self, step: int) -> float: ...

class CosineDecayRestarts(LearningRateSchedule):
    alpha: float
    first_decay_steps: float
    initial_learning_rate: float
    m_mul: float
    name: str
    t_mul: float
    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: float,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None: ...
    def __call__(self, step: int) -> float: ...

def deserialize(config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Any: ...

class ExponentialDecay(LearningRateSchedule):
    decay_rate: float
    decay_steps: float
    initial_learning_rate: float
    name: str
    staircase: bool
    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None: ...
    def __call__(self, step: int) -> float: ...

def get(identifier: Any) -> Any: ...

class InverseTimeDecay(LearningRateSchedule):
    decay_rate: float
    decay_steps: float
    initial_learning_rate: float
    name: str
    staircase: bool
    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None: ...
    def __call__(self, step: int) -> float: ...

class LearningRateSchedule:
    keeps_arguments: bool
    def __call__(self, step: Any, /) -> Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...

class OneCycle(LearningRateSchedule):
    end_factor: float
    max_learning_rate: float
    name: str
    start_factor: float
    total_steps: int
    warmup: float
    def __init__(
        self,
        max_learning_rate: float,
        total_steps: int,
        warmup: float = 0.3,
        start_factor: float = 25.0,
        end_factor: float = 10000.0,
        name: str = "OneCycle",
    ) -> None: ...
    def __call__(self, step: int) -> float: ...

class PiecewiseConstantDecay(LearningRateSchedule):
    boundaries: Any
    name: str
    values: Any
    def __init__(
        self,
        boundaries: Sequence[float],
        values: Sequence[float],
        name: str = "PiecewiseConstant",
    ) -> None: ...
    def __call__(self, step: int) -> float: ...

class PolynomialDecay(LearningRateSchedule):
    cycle: bool
    decay_steps: float
    end_learning_rate: float
    initial_learning_rate: float
    name: str
    power: float
    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None: ...
    def __call__(self, step: int) -> float: ...

def serialize(learning_rate_schedule: Any) -> Any: ...

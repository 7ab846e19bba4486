# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Self
import numpy as np
import numpy.typing as npt

from striate.random import SeedGenerator

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomInitializer",
    "RandomNormal",
    "RandomUniform",
    "STFT",
    "STFTInitializer",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "stft",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]

class Constant(Initializer):
    value: Any
    def __init__(self, value: float | npt.ArrayLike = 0.0) -> None: ...

def deserialize(
    config: str | Mapping[Any, Any] | Callable[..., Any] | None,
    custom_objects: Mapping[str, Any] | None = None,
) -> Any: ...
def get(identifier: Any) -> Any: ...

class GlorotNormal(VarianceScaling):
    def __init__(
        self,
        seed: int | SeedGenerator | None = None,
        input_axes: Sequence[int] | npt.NDArray[Any] | None = None,
        output_axes: Sequence[int] | npt.NDArray[Any] | None = None,
    ) -> None: ...

class GlorotUniform(VarianceScaling):
    def __init__(
        self,
        seed: int | SeedGenerator | None = None,
        input_axes: Sequence[int] | npt.NDArray[Any] | None = None,
        output_axes: Sequence[int] | npt.NDArray[Any] | None = None,
    ) -> None: ...

class HeNormal(VarianceScaling):
    def __init__(
        self,
        seed: int | SeedGenerator | None = None,
        input_axes: Sequence[int] | npt.NDArray[Any] | None = None,
        output_axes: Sequence[int] | npt.NDArray[Any] | None = None,
    ) -> None: ...

class HeUniform(VarianceScaling):
    def __init__(
        self,
        seed: int | SeedGenerator | None = None,
        input_axes: Sequence[int] | npt.NDArray[Any] | None = None,
        output_axes: Sequence[int] | npt.NDArray[Any] | None = None,
    ) -> None: ...

class Identity(Initializer):
    gain: float
    def __init__(self, gain: float = 1.0) -> None: ...

class Initializer:
    changes: int
    keeps_arguments: bool
    kind: str
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def deferred(self, shape: Sequence[int], dtype: Any, rng: int | np.random.Generator | None) -> Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...

class LecunNormal(VarianceScaling):
    def __init__(
        self,
        seed: int | SeedGenerator | None = None,
        input_axes: Sequence[int] | npt.NDArray[Any] | None = None,
        output_axes: Sequence[int] | npt.NDArray[Any] | None = None,
    ) -> None: ...

class LecunUniform(VarianceScaling):
    def __init__(
        self,
        seed: int | SeedGenerator | None = None,
        input_axes: Sequence[int] | npt.NDArray[Any] | None = None,
        output_axes: Sequence[int] | npt.NDArray[Any] | None = None,
    ) -> None: ...

class Ones(Initializer): ...

class Orthogonal(RandomInitializer):
    gain: float
    def __init__(self, gain: float = 1.0, seed: int | SeedGenerator | None = None) -> None: ...

class RandomInitializer(Initializer):
    seed: Any
    def __init__(self, seed: int | SeedGenerator | None = None) -> None: ...

class RandomNormal(RandomInitializer):
    mean: float
    stddev: float
    def __init__(
        self,
        mean: float = 0.0,
        stddev: float = 0.05,
        seed: int | SeedGenerator | None = None,
    ) -> None: ...

class RandomUniform(RandomInitializer):
    maxval: float
    minval: float
    def __init__(
        self,
        minval: float = -0.05,
        maxval: float = 0.05,
        seed: int | SeedGenerator | None = None,
    ) -> None: ...

def serialize(initializer: str | Initializer | Callable[..., Any]) -> Any: ...

class STFT(Initializer):
    periodic: bool
    scaling: Literal["density", "spectrum"]
    side: Literal["real", "imag"]
    window: Any
    def __init__(
        self,
        side: Literal["real", "imag"] = "real",
        window: str | npt.ArrayLike = "hann",
        scaling: Literal["density", "spectrum"] = "density",
        periodic: bool = False,
    ) -> None: ...

class TruncatedNormal(RandomNormal): ...

class VarianceScaling(RandomInitializer):
    input_axes: Any
    output_axes: Any
    distribution: Literal["truncated_normal", "untruncated_normal", "uniform"]
    mode: Literal["fan_in", "fan_out", "fan_avg"]
    scale: float
    def __init__(
        self,
        scale: float = 1.0,
        mode: Literal["fan_in", "fan_out", "fan_avg"] = "fan_in",
        distribution: Literal["truncated_normal", "untruncated_normal", "uniform"] = "truncated_normal",
        seed: int | SeedGenerator | None = None,
        input_axes: Sequence[int] | npt.NDArray[Any] | None = None,
        output_axes: Sequence[int] | npt.NDArray[Any] | None = None,
    ) -> None: ...

class Zeros(Initializer): ...

constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = Identity
IdentityInitializer = Identity
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
ones = Ones
orthogonal = Orthogonal
OrthogonalInitializer = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
stft = STFT
STFTInitializer = STFT
truncated_normal = TruncatedNormal
variance_scaling = VarianceScaling
zeros = Zeros

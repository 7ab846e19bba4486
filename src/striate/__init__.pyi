# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Self, overload
import numpy as np
import numpy.typing as npt

from striate import activations as activations
from striate import applications as applications
from striate import architectures as architectures
from striate import backend as backend
from striate import callbacks as callbacks
from striate import config as config
from striate import constraints as constraints
from striate import data as data
from striate import datasets as datasets
from striate import detection as detection
from striate import distillation as distillation
from striate import dtype_policies as dtype_policies
from striate import faces as faces
from striate import functional as functional
from striate import image as image
from striate import initializers as initializers
from striate import interop as interop
from striate import io as io
from striate import layers as layers
from striate import losses as losses
from striate import metrics as metrics
from striate import models as models
from striate import ocr as ocr
from striate import ops as ops
from striate import optimizers as optimizers
from striate import preprocessing as preprocessing
from striate import quantization as quantization
from striate import random as random
from striate import regularizers as regularizers
from striate import retrieval as retrieval
from striate import saving as saving
from striate import sklearn as sklearn
from striate import tracking as tracking
from striate import tree as tree
from striate import utils as utils
from striate import video as video
from striate import visualization as visualization
from striate import visualize as visualize
from striate import wrappers as wrappers
from striate.dtype_policies import DTypePolicy as DTypePolicy
from striate.dtype_policies import FloatDTypePolicy as FloatDTypePolicy
from striate.initializers import Initializer as Initializer
from striate.layers import Input as Input
from striate.layers import InputLayer as InputLayer
from striate.layers import InputSpec as InputSpec
from striate.layers import Layer as Layer
from striate.layers import Tensor as KerasTensor
from striate.losses import Loss as Loss
from striate.metrics import Metric as Metric
from striate.models import Function as Function
from striate.models import Model as Functional
from striate.models import Model as Model
from striate.models import Sequential as Sequential
from striate.optimizers import Optimizer as Optimizer
from striate.regularizers import Regularizer as Regularizer
from contextlib import AbstractContextManager
from striate.constraints import Constraint
from striate.layers import Tensor

__all__ = [
    "DTypePolicy",
    "FloatDTypePolicy",
    "Function",
    "Functional",
    "GradientTape",
    "Initializer",
    "Input",
    "InputLayer",
    "InputSpec",
    "KerasTensor",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Operation",
    "Optimizer",
    "Regularizer",
    "RematScope",
    "Sequential",
    "Variable",
    "__version__",
    "activations",
    "applications",
    "architectures",
    "backend",
    "callbacks",
    "config",
    "constraints",
    "data",
    "datasets",
    "detection",
    "device",
    "distillation",
    "dtype_policies",
    "faces",
    "functional",
    "get_num_threads",
    "get_winograd",
    "gradients",
    "image",
    "initializers",
    "interop",
    "io",
    "layers",
    "losses",
    "metrics",
    "models",
    "name_scope",
    "num_threads",
    "ocr",
    "ops",
    "optimizers",
    "preprocessing",
    "quantization",
    "random",
    "regularizers",
    "remat",
    "retrieval",
    "saving",
    "set_num_threads",
    "set_winograd",
    "show_versions",
    "tracking",
    "tree",
    "utils",
    "version",
    "video",
    "visualization",
    "visualize",
]

def device(device_name: str) -> AbstractContextManager[Any]: ...
def get_num_threads() -> int: ...
def get_winograd() -> bool: ...
def gradients(
    function: Callable[..., Any],
    x: npt.ArrayLike,
    *more: npt.ArrayLike,
) -> npt.NDArray[Any] | tuple[npt.NDArray[Any], ...]: ...

class GradientTape:
    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *exception: object) -> None: ...
    def gradient(
        self,
        target: Any | Sequence[Any] | Mapping[str, Any],
        sources: Variable | Any | npt.NDArray[Any] | Sequence[Any] | Mapping[str, Any],
        output_gradients: Any | npt.NDArray[Any] | Sequence[Any] = None,
        unconnected_gradients: Literal["none", "zero"] = "none",
    ) -> Any: ...
    def watch(self, tensor: npt.NDArray[Any] | Sequence[Any] | Mapping[str, Any]) -> None: ...

class _GraphOperation:
    any_dtype: bool
    changed: Any
    differentiates_all: bool
    has_effect: bool
    in_place: Any
    pins_inputs: bool
    reads: Any
    samplewise: bool
    storage: Any
    takes_strings: bool
    view: bool
    inputs: _Named
    layer: str | None
    outputs: tuple[Tensor, ...]
    def by_name(self, values: Any) -> Any: ...
    @property
    def changes(self) -> Any: ...
    def describe(self) -> Any: ...
    def flops(self) -> int: ...
    def gradient(
        self,
        dy: Tensor,
        wanted: _Named,
    ) -> list[Tensor] | None: ...
    def lower(self, lowering: Any) -> None: ...
    @property
    def overwritable(self) -> Any: ...
    def preactivation_gradient(self, y: Any, name: str | None, alpha: Any) -> Any: ...
    def replace_inputs(self, **values: Any) -> None: ...
    @property
    def y(self) -> Any: ...

class _LazyArray(NamedTuple):
    shape: tuple[Any, ...]
    dtype: np.dtype[Any]
    make: Callable[..., Any]
    repeatable: bool = ...

def name_scope(name: str | None, caller: Any = None) -> AbstractContextManager[Any]: ...

class _Named: ...

def num_threads(num_threads: int) -> AbstractContextManager[Any]: ...

class Operation(Layer):
    def __init__(self, name: str | None = None) -> None: ...
    @overload
    def __call__(
        self,
        *args: npt.ArrayLike | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
        **kwargs: Any,
    ) -> npt.NDArray[Any] | Any: ...
    @overload
    def __call__(
        self,
        *args: npt.ArrayLike | Tensor | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
        **kwargs: Any,
    ) -> Tensor | Any: ...
    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any: ...

class _Plan:
    autotune: bool
    changes: list[Variable]
    derived_weights: Any
    graph: Any
    nbytes: int
    operations: list[_GraphOperation]
    outputs: Any
    seconds: list[float] | None
    slices: Any
    storage: Any
    threads: int
    def instantiate(self) -> Any: ...
    def measure(self, repeats: int = 20) -> _Plan: ...
    def report(self, print_fn: Callable[..., Any] | None = None) -> None: ...

def remat(f: Callable[..., Any]) -> Callable[..., Any]: ...

class RematScope(AbstractContextManager[Any]):
    layer_names: Any
    mode: str
    output_size_threshold: int
    def __init__(
        self,
        mode: str = "full",
        output_size_threshold: int = 1024,
        layer_names: Sequence[str] | None = None,
    ) -> None: ...
    def __exit__(self, *exception: object) -> None: ...

def set_num_threads(num_threads: int) -> None: ...
def set_winograd(enabled: bool) -> None: ...
def show_versions() -> None: ...

class Variable:
    changes: int
    constraint: Any
    dtype: np.dtype[Any]
    name: str
    path: str
    regularizer: Any
    shape: tuple[int, ...]
    trainable: bool
    version: int
    def __init__(
        self,
        initializer: npt.ArrayLike | _LazyArray | str | Callable[..., Any],
        name: str = "variable",
        trainable: bool = True,
        regularizer: Regularizer | Callable[..., Any] | None = None,
        constraint: Constraint | Callable[..., Any] | None = None,
        *,
        shape: Sequence[int] | None = None,
        dtype: str | None = None,
        autocast: bool = True,
        aggregation: Any = None,
        synchronization: Any = None,
        layout: Any = None,
    ) -> None: ...
    def __abs__(self) -> npt.NDArray[Any]: ...
    @overload
    def __add__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __add__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __and__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __and__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]: ...
    @overload
    def __eq__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __eq__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __float__(self) -> float: ...
    @overload
    def __floordiv__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __floordiv__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __ge__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __ge__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __getitem__(self, key: Any) -> Any: ...
    @overload
    def __gt__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __gt__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __int__(self) -> int: ...
    def __invert__(self) -> npt.NDArray[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...
    @overload
    def __le__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __le__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __lt__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __lt__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __matmul__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __matmul__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __mod__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __mod__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __mul__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __mul__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __ne__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __ne__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __neg__(self) -> npt.NDArray[Any]: ...
    @overload
    def __or__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __or__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __pos__(self) -> npt.NDArray[Any]: ...
    @overload
    def __pow__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __pow__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __radd__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __radd__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __rand__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __rand__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __rfloordiv__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __rfloordiv__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __rmatmul__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __rmatmul__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __rmod__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __rmod__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __rmul__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __rmul__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __ror__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __ror__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __rpow__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __rpow__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __rsub__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __rsub__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __rtruediv__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __rtruediv__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __rxor__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __rxor__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __sub__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __sub__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __truediv__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __truediv__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @overload
    def __xor__(self, other: npt.ArrayLike) -> npt.NDArray[Any]: ...
    @overload
    def __xor__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @property
    def array(self) -> npt.NDArray[Any]: ...
    def assign(self, value: npt.ArrayLike | Variable) -> Variable: ...
    def assign_add(self, value: npt.ArrayLike | Variable) -> Variable: ...
    def assign_lazily(self, lazy: npt.ArrayLike | Variable) -> Variable: ...
    def assign_sub(self, value: npt.ArrayLike | Variable) -> Variable: ...
    def changed(self) -> None: ...
    @property
    def is_untouched(self) -> bool: ...
    @property
    def nbytes(self) -> int: ...
    @property
    def ndim(self) -> int: ...
    def numpy(self) -> npt.NDArray[Any]: ...
    def peek(self) -> Any: ...
    @property
    def value(self) -> npt.NDArray[Any]: ...

def version() -> str: ...
__version__: str

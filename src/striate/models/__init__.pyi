# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, NamedTuple, Self, overload
import numpy as np
import numpy.typing as npt

from striate import Operation
from striate import Variable
from striate import _Plan
from striate.callbacks import Callback
from striate.callbacks import History
from striate.dtype_policies import DTypePolicy
from striate.layers import Layer
from striate.layers import Tensor
from striate.losses import Loss
from striate.metrics import Metric
from striate.optimizers import Optimizer
from striate.regularizers import Regularizer

__all__ = [
    "Function",
    "Functional",
    "Model",
    "Sequential",
    "clone_model",
    "load_model",
    "model_from_json",
    "save_model",
    "values_and_gradients",
]

def clone_model(
    model: Model | Sequential,
    input_tensors: Tensor | Any = None,
    clone_function: Callable[..., Any] | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
) -> Model: ...

class _Differentiated(NamedTuple):
    objective: Any
    values: list[Any]
    gradients: list[Any]

class Function(Operation):
    def __init__(
        self,
        inputs: Tensor | Any,
        outputs: Tensor | Any,
        name: str | None = None,
    ) -> None: ...
    def __call__(
        self,
        inputs: Any,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any] | Any: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def compute_output_spec(self, inputs: Any) -> Tensor | Any: ...
    @property
    def inputs(self) -> Any: ...
    @property
    def operations(self) -> Any: ...
    @property
    def outputs(self) -> Any: ...

def load_model(
    filepath: str | PathLike[str],
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
    lazy: bool = False,
) -> Model | Sequential: ...

class Model(Layer):
    dtype_policy: Any
    has_own_prediction: bool
    has_own_steps: bool
    weight_dtype: Literal["float32", "float64", "int8", "bfloat16"]
    autotune: bool
    compiled: bool
    dtype: Any
    history: History
    nodes: Any
    optimizer: Optimizer
    quantization: Any
    rng: np.random.Generator
    steps_per_execution: int
    stop_evaluating: bool
    stop_predicting: bool
    stop_training: bool
    def __init__(
        self,
        inputs: Tensor | Any = None,
        outputs: Tensor | Any = None,
        name: str | None = None,
        *,
        rng: int | np.random.Generator | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def _repr_html_(self) -> str: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def compile(
        self,
        optimizer: str | Optimizer = "rmsprop",
        loss: str | Loss | Callable[..., Any] | Any = None,
        loss_weights: float | Any = None,
        metrics: str | Metric | Callable[..., Any] | Sequence[Any] | Mapping[str, Any] | None = None,
        weighted_metrics: str | Metric | Callable[..., Any] | Sequence[Any] | Mapping[str, Any] | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | Literal["auto"] = "auto",
        auto_scale_loss: bool = True,
        *,
        autotune: bool = False,
    ) -> None: ...
    def compile_like(self, model: Model) -> None: ...
    def compiled_loss(
        self,
        y: Any,
        y_pred: npt.ArrayLike | Tensor,
        sample_weight: npt.ArrayLike | Tensor | None = None,
        training: bool = False,
    ) -> Any: ...
    @property
    def compiled_metrics(self) -> Any: ...
    def compute_loss(
        self,
        x: Any | Sequence[Any] | Mapping[str, Any] = None,
        y: Any | Sequence[Any] | Mapping[str, Any] = None,
        y_pred: Any = None,
        sample_weight: Any | Sequence[Any] | Mapping[str, Any] = None,
        training: bool = True,
    ) -> Any: ...
    def compute_metrics(
        self,
        x: Any,
        y: Any,
        y_pred: npt.ArrayLike | Tensor,
        sample_weight: npt.ArrayLike | Tensor | None = None,
    ) -> dict[str, Any]: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    @overload
    def evaluate(
        self,
        x: npt.NDArray[Any] | Sequence[Any] | Mapping[str, Any] | Any = None,
        y: npt.ArrayLike | Sequence[Any] | Mapping[str, Any] | None = None,
        batch_size: int | None = None,
        verbose: Literal["auto", 0, 1, 2] | bool = "auto",
        sample_weight: float | npt.ArrayLike | Sequence[Any] | Mapping[str, Any] | None = None,
        steps: int | None = None,
        callbacks: Callback | Sequence[Any] | None = None,
        *,
        return_dict: Literal[True],
    ) -> dict[str, float]: ...
    @overload
    def evaluate(
        self,
        x: npt.NDArray[Any] | Sequence[Any] | Mapping[str, Any] | Any = None,
        y: npt.ArrayLike | Sequence[Any] | Mapping[str, Any] | None = None,
        batch_size: int | None = None,
        verbose: Literal["auto", 0, 1, 2] | bool = "auto",
        sample_weight: float | npt.ArrayLike | Sequence[Any] | Mapping[str, Any] | None = None,
        steps: int | None = None,
        callbacks: Callback | Sequence[Any] | None = None,
        return_dict: bool = False,
    ) -> Any: ...
    def fit(
        self,
        x: npt.NDArray[Any] | Sequence[Any] | Mapping[str, Any] | Any = None,
        y: npt.ArrayLike | Sequence[Any] | Mapping[str, Any] | None = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Literal["auto", 0, 1, 2] | bool = "auto",
        callbacks: Callback | Sequence[Any] | None = None,
        validation_split: float = 0.0,
        validation_data: Sequence[Any] | Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: float | npt.ArrayLike | Sequence[Any] | Mapping[str, Any] | None = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
        rng: int | np.random.Generator | None = None,
    ) -> History: ...
    @classmethod
    def from_config(
        cls,
        config: Mapping[Any, Any],
        custom_objects: Mapping[str, Any] | None = None,
        make_layer: Callable[..., Any] | None = None,
    ) -> Self: ...
    def get_layer(self, name: str | None = None, index: int | None = None) -> Any: ...
    def get_metrics_result(self) -> dict[str, Any]: ...
    def get_state_tree(
        self,
        value_format: Literal["backend_tensor", "numpy_array"] = "backend_tensor",
    ) -> dict[str, Any]: ...
    @property
    def input(self) -> Tensor | Any: ...
    @property
    def inputs(self) -> list[Tensor]: ...
    @property
    def is_in_paths(self) -> bool: ...
    @property
    def layers(self) -> list[Any]: ...
    @classmethod
    def load(
        cls,
        filepath: str | PathLike[str],
        custom_objects: Mapping[str, Any] | None = None,
        compile: bool = True,
        lazy: bool = False,
    ) -> Model: ...
    def load_weights(
        self,
        filepath: str | PathLike[str],
        skip_mismatch: bool = False,
        by_name: bool = False,
        objects_to_skip: Sequence[Layer] | None = None,
    ) -> None: ...
    @property
    def loss(self) -> Any: ...
    def metrics_by_key(self) -> Any: ...
    @property
    def metrics_names(self) -> list[str]: ...
    @property
    def metrics_variables(self) -> Any: ...
    @property
    def operations(self) -> list[Layer]: ...
    @property
    def output(self) -> Tensor | Any: ...
    @property
    def output_shape(self) -> Any: ...
    @property
    def outputs(self) -> list[Tensor]: ...
    def plan(self, batch_size: int, x: npt.NDArray[Any] | Any = None) -> _Plan: ...
    def predict(
        self,
        x: npt.NDArray[Any] | Sequence[Any] | Mapping[str, Any] | Any,
        batch_size: int | None = None,
        verbose: Literal["auto", 0, 1, 2] | bool = "auto",
        steps: int | None = None,
        callbacks: Callback | Sequence[Any] | None = None,
    ) -> npt.NDArray[Any] | Any: ...
    def predict_on_batch(self, x: npt.ArrayLike | Any) -> npt.NDArray[Any] | Any: ...
    def predict_step(self, data: Any, /) -> Any: ...
    def reset_metrics(self) -> None: ...
    def restore(self, filepath: str | PathLike[str]) -> None: ...
    def restore_training(self, filepath: str | PathLike[str]) -> None: ...
    def save(
        self,
        filepath: str | PathLike[str],
        overwrite: bool = True,
        zipped: bool | None = None,
        include_optimizer: bool = True,
    ) -> None: ...
    def save_training(self, filepath: str | PathLike[str]) -> None: ...
    def save_weights(
        self,
        filepath: str | PathLike[str],
        overwrite: bool = True,
        *,
        objects_to_skip: Sequence[Layer] | None = None,
    ) -> None: ...
    def set_state_tree(self, state_tree: Any) -> None: ...
    def summary(
        self,
        line_length: int | None = None,
        print_fn: Callable[..., Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None: ...
    @property
    def takes_empty_samples(self) -> bool: ...
    @overload
    def test_on_batch(
        self,
        x: npt.ArrayLike | Any,
        y: npt.ArrayLike | Any = None,
        sample_weight: npt.ArrayLike | Tensor | None = None,
        *,
        return_dict: Literal[True],
    ) -> dict[str, float]: ...
    @overload
    def test_on_batch(
        self,
        x: npt.ArrayLike | Any,
        y: npt.ArrayLike | Any = None,
        sample_weight: npt.ArrayLike | Tensor | None = None,
        return_dict: bool = False,
    ) -> Any: ...
    def test_step(self, data: Any, /) -> Any: ...
    def to_json(self, **kwargs: Any) -> str: ...
    @overload
    def train_on_batch(
        self,
        x: npt.NDArray[Any] | Any,
        y: npt.ArrayLike | Any = None,
        sample_weight: npt.ArrayLike | Tensor | None = None,
        class_weight: npt.ArrayLike | Any = None,
        *,
        return_dict: Literal[True],
    ) -> dict[str, float]: ...
    @overload
    def train_on_batch(
        self,
        x: npt.NDArray[Any] | Any,
        y: npt.ArrayLike | Any = None,
        sample_weight: npt.ArrayLike | Tensor | None = None,
        class_weight: npt.ArrayLike | Any = None,
        return_dict: bool = False,
    ) -> Any: ...
    def train_step(self, data: Any, /) -> Any: ...

def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Model: ...
def save_model(
    model: Model,
    filepath: str | PathLike[str],
    overwrite: bool = True,
    zipped: bool | None = None,
    include_optimizer: bool = True,
) -> None: ...

class Sequential(Model):
    def __init__(
        self,
        layers: Sequence[Any] | None = None,
        name: str | None = None,
        rng: int | np.random.Generator | None = None,
        *,
        trainable: bool = True,
    ) -> None: ...
    def add(self, layer: Layer | Tensor) -> None: ...
    @property
    def output_shapes(self) -> list[tuple[Any, ...]]: ...
    def pop(self) -> Any: ...

def values_and_gradients(
    model: Model,
    x: npt.NDArray[Any] | Sequence[Any] | Mapping[str, Any],
    objective: Callable[..., Any] | None,
    wrt: Layer | Variable | str | Sequence[Any] | None = None,
    *,
    layer: Layer | str | None = None,
    arrays: Sequence[npt.ArrayLike] = ...,
    training: bool = False,
    rng: int | np.random.Generator | None = None,
) -> _Differentiated: ...
Functional = Model

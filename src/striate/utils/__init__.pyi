# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Iterable, Iterator, Mapping, Sequence as _Sequence
from os import PathLike
from typing import IO, Any, Literal, Self, overload
import builtins
import numpy as np
import numpy.typing as npt

from striate.config import disable_interactive_logging as disable_interactive_logging
from striate.config import enable_interactive_logging as enable_interactive_logging
from striate.config import is_interactive_logging_enabled as is_interactive_logging_enabled
from striate.saving import custom_object_scope as CustomObjectScope
from striate.saving import custom_object_scope as custom_object_scope
from striate.saving import deserialize_keras_object as deserialize_keras_object
from striate.saving import get_custom_objects as get_custom_objects
from striate.saving import get_registered_name as get_registered_name
from striate.saving import get_registered_object as get_registered_object
from striate.saving import register_keras_serializable as register_keras_serializable
from striate.saving import serialize_keras_object as serialize_keras_object
from striate.utils import bounding_boxes as bounding_boxes
from PIL.Image import Image
from striate.data import DataLoader
from striate.layers import Layer
from striate.layers import Tensor
from striate.models import Model
from striate.models import Sequential

__all__ = [
    "Config",
    "CustomObjectScope",
    "FeatureSpace",
    "Progbar",
    "PyDataset",
    "Sequence",
    "array_to_img",
    "audio_dataset_from_directory",
    "bounding_boxes",
    "clear_session",
    "custom_object_scope",
    "deserialize_keras_object",
    "disable_interactive_logging",
    "enable_interactive_logging",
    "get_custom_objects",
    "get_file",
    "get_registered_name",
    "get_registered_object",
    "get_source_inputs",
    "image_dataset_from_directory",
    "img_to_array",
    "is_interactive_logging_enabled",
    "is_keras_tensor",
    "load_img",
    "model_to_dot",
    "normalize",
    "pack_x_y_sample_weight",
    "pad_sequences",
    "plot_model",
    "register_keras_serializable",
    "save_img",
    "serialize_keras_object",
    "set_random_seed",
    "split_dataset",
    "standardize_dtype",
    "text_dataset_from_directory",
    "timeseries_dataset_from_array",
    "to_categorical",
    "unpack_x_y_sample_weight",
]

def array_to_img(
    x: npt.ArrayLike,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    scale: bool = True,
    dtype: npt.DTypeLike | None = None,
) -> Image: ...
def audio_dataset_from_directory(
    directory: str | PathLike[str],
    labels: Literal["inferred", None] | _Sequence[int] | npt.NDArray[Any] = "inferred",
    label_mode: Literal["int", "categorical", "binary", None] = "int",
    class_names: _Sequence[str] | None = None,
    batch_size: int | None = 32,
    sampling_rate: int | None = None,
    output_sequence_length: int | None = None,
    ragged: bool = False,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: Literal["training", "validation", "both"] | None = None,
    follow_links: bool = False,
    format: str = "tf",
    verbose: bool = True,
) -> Any: ...
def clear_session(free_memory: bool = True) -> None: ...

class Config:
    def __init__(self, **kwargs: Any) -> None: ...
    def __contains__(self, key: Any) -> bool: ...
    def __delitem__(self, key: Any) -> None: ...
    def __getattr__(self, name: str | None) -> Any: ...
    def __getitem__(self, key: Any) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def __setattr__(self, name: str, value: Any) -> None: ...
    def __setitem__(self, key: Any, value: Any) -> None: ...
    def as_dict(self) -> dict[str, Any]: ...
    def freeze(self) -> Any: ...
    @property
    def frozen(self) -> bool: ...
    def get(self, keyname: Any, value: Any = None) -> Any: ...
    def items(self) -> Iterable[tuple[str, Any]]: ...
    def keys(self) -> Iterable[str]: ...
    def pop(self, *args: Any) -> Any: ...
    def to_json(self) -> str: ...
    def unfreeze(self) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...
    def values(self) -> Iterable[Any]: ...

class FeatureSpace(Model):
    crossers: Any
    crosses: Any
    crossing_dim: int
    features: Any
    hashing_dim: int
    num_discretization_bins: int
    output_mode: Literal["concat", "dict"]
    preprocessors: Any
    def __init__(
        self,
        features: Mapping[Any, Any],
        output_mode: Literal["concat", "dict"] = "concat",
        crosses: _Sequence[Any] | None = None,
        crossing_dim: int = 32,
        hashing_dim: int = 32,
        num_discretization_bins: int = 32,
        name: str | None = None,
    ) -> None: ...
    def __call__(
        self,
        data: Mapping[Any, Any],
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any] | Any: ...
    def adapt(self, dataset: Mapping[str, npt.ArrayLike] | Iterable[Any], verbose: int = 1) -> None: ...
    @classmethod
    def cross(
        cls,
        feature_names: list[str] | tuple[str, ...],
        crossing_dim: int,
        output_mode: Literal["one_hot", "int"] = "one_hot",
    ) -> Any: ...
    @classmethod
    def feature(
        cls,
        dtype: str,
        preprocessor: Layer,
        output_mode: Literal["float", "int", "one_hot"],
    ) -> Any: ...
    @classmethod
    def float(cls, name: str | None = None) -> Any: ...
    @classmethod
    def float_discretized(
        cls,
        num_bins: Any,
        bin_boundaries: Any = None,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Any: ...
    @classmethod
    def float_normalized(cls, name: str | None = None) -> Any: ...
    @classmethod
    def float_rescaled(
        cls,
        scale: builtins.float = 1.0,
        offset: builtins.float = 0.0,
        name: str | None = None,
    ) -> Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def get_encoded_features(self) -> Any: ...
    def get_inputs(self) -> Any: ...
    @classmethod
    def integer_categorical(
        cls,
        max_tokens: Any = None,
        num_oov_indices: int = 1,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Any: ...
    @classmethod
    def integer_hashed(cls, num_bins: Any, output_mode: str = "one_hot", name: str | None = None) -> Any: ...
    @classmethod
    def string_categorical(
        cls,
        max_tokens: Any = None,
        num_oov_indices: int = 1,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Any: ...
    @classmethod
    def string_hashed(cls, num_bins: Any, output_mode: str = "one_hot", name: str | None = None) -> Any: ...

def get_file(
    fname: str | None = None,
    origin: str | None = None,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: Literal["auto", "sha256", "md5"] = "auto",
    extract: bool = False,
    archive_format: Literal["auto", "tar", "zip", None] = "auto",
    cache_dir: str | PathLike[str] | None = None,
    force_download: bool = False,
) -> str: ...
def get_source_inputs(tensor: Tensor) -> list[Tensor]: ...
def image_dataset_from_directory(
    directory: str | PathLike[str],
    labels: Literal["inferred", None] | _Sequence[int] | npt.NDArray[Any] = "inferred",
    label_mode: Literal["int", "categorical", "binary", None] = "int",
    class_names: _Sequence[str] | None = None,
    color_mode: Literal["rgb", "grayscale", "rgba"] = "rgb",
    batch_size: int | None = 32,
    image_size: _Sequence[int] = ...,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: Literal["training", "validation", "both"] | None = None,
    interpolation: Literal["bilinear", "nearest", "bicubic", "lanczos", "box", "hamming"] = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    format: Literal["tf", "grain"] = "tf",
    verbose: bool = True,
) -> Any: ...
def img_to_array(
    img: Image,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> npt.NDArray[Any]: ...
def is_keras_tensor(x: Any) -> bool: ...
def load_img(
    path: str | PathLike[str],
    color_mode: Literal["rgb", "grayscale", "rgba"] = "rgb",
    target_size: _Sequence[int] | None = None,
    interpolation: Literal["nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"] = "nearest",
    keep_aspect_ratio: bool = False,
) -> Image: ...
def model_to_dot(
    model: Model,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
) -> str: ...
def normalize(x: npt.ArrayLike, axis: int = -1, order: float | str = 2) -> npt.NDArray[Any]: ...
def pack_x_y_sample_weight(
    x: Any,
    y: Any = None,
    sample_weight: npt.ArrayLike | Tensor | None = None,
) -> tuple[Any, ...]: ...
def pad_sequences(
    sequences: _Sequence[_Sequence[Any] | npt.NDArray[Any]],
    maxlen: int | None = None,
    dtype: npt.DTypeLike = "int32",
    padding: Literal["pre", "post"] = "pre",
    truncating: Literal["pre", "post"] = "pre",
    value: float | str = 0.0,
) -> npt.NDArray[Any]: ...
def plot_model(
    model: Model | Sequential,
    to_file: str | PathLike[str] = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: Literal["TB", "LR", "BT", "RL"] = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
) -> Any: ...

class Progbar:
    interval: float
    stateful_metrics: Any
    stateless_metrics: Any
    target: int | None
    unit_name: str
    verbose: Literal[0, 1, 2] | bool
    width: int
    def __init__(
        self,
        target: int | None,
        width: int = 20,
        verbose: Literal[0, 1, 2] | bool = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
        stateless_metrics: Iterable[str] | None = None,
    ) -> None: ...
    def add(self, n: Any, values: Any = None) -> None: ...
    def update(
        self,
        current: int,
        values: _Sequence[tuple[str, float]] | None = None,
        finalize: bool | None = None,
    ) -> None: ...

class PyDataset:
    num_batches: int | None
    max_queue_size: int
    use_multiprocessing: bool
    workers: int
    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None: ...
    def __getitem__(self, index: Any, /) -> Any: ...
    def __len__(self) -> int: ...
    def on_epoch_begin(self) -> None: ...
    def on_epoch_end(self) -> None: ...

def save_img(
    path: str | PathLike[str] | IO[Any],
    x: npt.ArrayLike,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **settings: Any,
) -> None: ...
def set_random_seed(seed: int) -> None: ...
def split_dataset(
    dataset: npt.NDArray[Any] | _Sequence[npt.NDArray[Any]] | Iterable[Any],
    left_size: int | float | None = None,
    right_size: int | float | None = None,
    shuffle: bool = False,
    seed: int | None = None,
    preferred_backend: str | None = None,
) -> DataLoader: ...
def standardize_dtype(dtype: npt.DTypeLike | None) -> str: ...
def text_dataset_from_directory(
    directory: str | PathLike[str],
    labels: Literal["inferred", None] | _Sequence[int] | npt.NDArray[Any] = "inferred",
    label_mode: Literal["int", "categorical", "binary", None] = "int",
    class_names: _Sequence[str] | None = None,
    batch_size: int | None = 32,
    max_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: Literal["training", "validation", "both"] | None = None,
    follow_links: bool = False,
    format: str = "tf",
    verbose: bool = True,
) -> Any: ...
def timeseries_dataset_from_array(
    data: npt.ArrayLike,
    targets: npt.ArrayLike | None,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
    format: Literal["tf", "grain"] = "tf",
) -> DataLoader: ...
@overload
def to_categorical(x: npt.ArrayLike, num_classes: int | None = None) -> npt.NDArray[Any]: ...
@overload
def to_categorical(
    x: npt.ArrayLike | Tensor,
    num_classes: int | None = None,
) -> Tensor: ...
def unpack_x_y_sample_weight(data: Any) -> tuple[Any, ...]: ...
Sequence = PyDataset

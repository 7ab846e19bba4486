"""Helper functions with Keras' names."""

from .._common.later import importing_later
from ..config import disable_interactive_logging, enable_interactive_logging, is_interactive_logging_enabled
from ..engine.dtypes import standardize_dtype
from ..saving import (
    CustomObjectScope,
    custom_object_scope,
    deserialize_keras_object,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
    serialize_keras_object,
)
from . import bounding_boxes
from .configuration import Config
from .downloads import get_file
from .images import array_to_img, image_dataset_from_directory, img_to_array, load_img, save_img
from .numerical import normalize, to_categorical
from .plotting import model_to_dot, plot_model
from .progress import Progbar
from .pydataset import PyDataset, Sequence
from .samples import pack_x_y_sample_weight, split_dataset, unpack_x_y_sample_weight
from .sequences import pad_sequences, timeseries_dataset_from_array
from .session import clear_session, get_source_inputs, is_keras_tensor, set_random_seed
from .sounds import audio_dataset_from_directory
from .texts import text_dataset_from_directory

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

__getattr__, __dir__ = importing_later(globals(), {"feature_space": ("FeatureSpace",)})

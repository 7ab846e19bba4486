"""Helper functions with Keras' names."""

from .._common.names import public_names
from . import bounding_boxes
from .images import array_to_img, image_dataset_from_directory, img_to_array, load_img, save_img
from .numerical import normalize, to_categorical
from .plotting import model_to_dot, plot_model
from .pydataset import PyDataset, Sequence
from .session import clear_session, is_keras_tensor, set_random_seed

__all__ = [
    "PyDataset",
    "Sequence",
    "array_to_img",
    "bounding_boxes",
    "clear_session",
    "image_dataset_from_directory",
    "img_to_array",
    "is_keras_tensor",
    "load_img",
    "model_to_dot",
    "normalize",
    "plot_model",
    "save_img",
    "set_random_seed",
    "to_categorical",
]

__dir__ = public_names(globals())

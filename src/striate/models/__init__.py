"""Models: layers put together, trained, used and saved."""

from ..layers.deserialization import LAYERS
from .files import clone_model, load_model, model_from_json, save_model
from .model import Model
from .sequential import Sequential

__all__ = ["Functional", "Model", "Sequential", "clone_model", "load_model", "model_from_json", "save_model"]

Functional = Model  # Keras' other name

LAYERS |= {"Model": Model, "Sequential": Sequential}

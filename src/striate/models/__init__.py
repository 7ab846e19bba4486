"""Models: layers put together, trained, used and saved."""

from .._common.names import public_attributes
from ..layers import deserialization as _deserialization
from .differentiation import values_and_gradients
from .files import clone_model, load_model, model_from_json, save_model
from .function import Function
from .model import Model
from .sequential import Sequential

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

__getattr__, __dir__ = public_attributes(globals())

Functional = Model  # Keras' name for a model made of a graph of layers

_deserialization.LAYERS.add({"Model": Model, "Sequential": Sequential})
_deserialization.LAYERS.add_later("striate.models.feature_space", ["FeatureSpace"])
_deserialization.LAYERS.add_later("striate.distillation", ["Distiller"])

"""Functions on models with Keras' names: loading, saving, copying."""

import json

from .._registry import describe
from .keras_files import is_keras_file, load_keras_model
from .model import Model, model_classes
from .saving import make_model
from .sequential import Sequential


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True):
    """Read a model that `save_model` or `Model.save` wrote, or one of Keras' (``.keras``; h5py, an extra), not compiled.

    Which of the two a file is, is seen from what is in it, whatever its name.

    Parameters
    ----------
    filepath : path
        The file.
    custom_objects : dict of str to class or function, optional
        Layers, losses, metrics and optimizers of one's own, by the names of their classes or functions.
    compile : bool
        Whether the model is compiled as it was.
    safe_mode : bool
        Accepted for programs written for Keras: no file can run code.

    Returns
    -------
    Model or Sequential
    """
    if is_keras_file(filepath):
        return load_keras_model(filepath, custom_objects)
    return Model.load(filepath, custom_objects, compile)


def save_model(model, filepath, overwrite=True):
    """Write a model to a file: completely, or not at all.

    Parameters
    ----------
    model : Model
        The model.
    filepath : path
        The file.
    overwrite : bool
        Whether a file that is there is replaced; otherwise that is an error.
    """
    model.save(filepath, overwrite=overwrite)


def model_from_json(json_string, custom_objects=None):
    """Return the model that `Model.to_json` wrote, with new weights.

    Parameters
    ----------
    json_string : str
        The text.
    custom_objects : dict of str to class, optional
        Layers of one's own, by the names of their classes.
    """
    return make_model(json.loads(json_string), {**model_classes(), **(custom_objects or {})})


def clone_model(model):
    """Return a model of the same layers with new weights.

    Parameters
    ----------
    model : Model or Sequential
        The model.
    """
    clone = make_model(describe(model), {"Model": Model, "Sequential": Sequential, type(model).__name__: type(model)})
    if model.built and not clone.built:
        clone.build(model.input_shape)
    return clone

"""Models as ``.keras`` files, which Keras loads: an archive of a configuration and of weights."""

import io

import numpy as np

from ... import activations, constraints, initializers, layers, regularizers
from ..._common.arguments import is_of_the_library
from ..._common.checks import check_path
from ..._common.files import check_folder, write_atomically
from ..._common.lazy_modules import json
from ..._common.registry import NAMES
from ..._common.structures import Arguments, mapped
from ...layers.symbolic import Tensor
from ...models import Model, Sequential
from ...models.model import check_model
from .archive import CONFIG, WEIGHTS
from .models import ELEMENTWISE
from .weights import write_keras_weights

_MODULES = {"layers": layers, "initializers": initializers, "regularizers": regularizers, "constraints": constraints}

#: The oldest version of Keras that reads the files.
_VERSION = "3.0.0"

#: Classes that Keras lacks.
_OURS_ALONE = (layers.CosineDense, layers.LocalResponseNormalization)

#: Elementwise functions that are not in Keras' module of NumPy's functions.
_IN_MATH = ("rsqrt",)


def save_keras_model(model, path):
    """Write a model to a file that Keras loads, completely or not at all: its layers, how they are connected, and its weights.

    The model that Keras loads is not compiled, and computes the same. Custom layers and models need classes of the same names
    and arguments there, which are passed to Keras' `load_model`. `striate.models.load_model` reads the file, too.

    Parameters
    ----------
    model : Model or Sequential
        The model, built.
    path : path
        The file, ending in ``.keras``.

    Raises
    ------
    ImportError
        If h5py is not installed.
    ValueError
        If the model is not built, `path` does not end in ``.keras``, or the model has layers that Keras lacks.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, layers, interop
    >>> x = np.ones((1, 4), "float32")
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> path = tempfile.mkdtemp() + "/model.keras"
    >>> interop.save_keras_model(model, path)
    >>> bool((interop.load_keras_model(path).predict(x) == model.predict(x)).all())
    True
    """
    check_model(model)._require_built()
    path = check_path("path", path)
    if not path.endswith(".keras"):
        raise ValueError(f"path={path!r} is the name of no model of Keras'; expected one that ends in '.keras'")
    import zipfile  # This module is slow to import.

    config = json.dumps(_described(model, whole=True))
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": _VERSION}))
        archive.writestr(CONFIG, config)
        archive.writestr(WEIGHTS, write_keras_weights(model))
    write_atomically(check_folder(path), memory.getvalue())


def _described(layer, whole=False):
    """Return the description of a layer or model in Keras' form, of the `whole` model with the shapes it was built for."""
    if type(layer) is Model:
        described = _of_class("keras.src.models.functional", "Functional", _graph(layer))
    elif isinstance(layer, Sequential):
        described = _of(layer, "keras", _sequence(layer))
    elif isinstance(layer, layers.InputLayer):
        shape = [layer.get_config().get("batch_size"), *layer.shape]
        config = {"batch_shape": shape, "dtype": layer.dtype, "sparse": False, "name": layer.name}
        described = _of(layer, "keras.layers", config | ({"optional": True} if layer.optional else {}))
    elif isinstance(layer, layers.Operation):
        described = _function(layer)
    elif isinstance(layer, layers.Lambda):
        described = _of(layer, "keras.layers", _arguments_of_lambda(layer.get_config()))
    else:
        described = _of(layer, "keras.layers", _arguments(layer.get_config()))
        if type(layer) in _OURS_ALONE:
            raise ValueError(f"layer {layer.name!r} is a {type(layer).__name__}, which Keras lacks; expected layers of Keras")
    if whole and not is_of_the_library(type(layer)):
        described["build_config"] = {"input_shape": layer.input_shape}
    return described


def _of(layer, module, config):
    """Return the description of a layer by its class, for a custom one by its registered name, too."""
    cls = type(layer)
    if is_of_the_library(cls):
        return _of_class(module, cls.__name__, config)
    return _of_class(cls.__module__, cls.__name__, config, NAMES.get(cls, cls.__name__))


def _of_class(module, name, config, registered_name=None):
    return {"module": module, "class_name": name, "config": config, "registered_name": registered_name}


def _sequence(model):
    """Return the configuration of a `Sequential`, which begins with an input."""
    given = model._input_layer or layers.InputLayer(tuple(model.input_shape[1:]), dtype=model.dtype, name="input_layer")
    parts = [_described(each) for each in (given, *model.layers)]
    return {"name": model.name, "trainable": model.trainable, "layers": parts}


def _graph(model):
    """Return the configuration of a model of a graph of layers."""
    places, calls = {}, {}  # place of each output as Keras refers to it, and the calls of each layer
    for node in model.nodes:
        mine = calls.setdefault(node.layer.name, [])
        places |= {place: [node.layer.name, len(mine), i] for i, place in enumerate(node.places)}
        mine.append(node)

    def entry(layer):
        nodes = [_call(node, places) for node in calls[layer.name] if node.inputs is not None]
        return {**_described(layer), "name": layer.name, "inbound_nodes": nodes}

    return {
        "name": model.name,
        "trainable": model.trainable,
        "layers": [entry(layer) for layer in model.operations],
        "input_layers": mapped(lambda tensor: places[tensor.place], model._inputs),
        "output_layers": mapped(lambda tensor: places[tensor.place], model._outputs),
    }


def _call(node, places):
    """Return a call of a layer with its arguments."""

    def argument(value):
        if isinstance(value, Tensor):
            config = {"shape": list(value.shape), "dtype": value.dtype, "keras_history": places[value.place]}
            return {"class_name": "__keras_tensor__", "config": config}
        if isinstance(value, (list, tuple)):
            return [argument(each) for each in value]
        return {key: argument(each) for key, each in value.items()}

    named = {} if node.training is None else {"training": node.training}
    if isinstance(node.layer, layers.Operation):
        given = iter(node.sources)
        args = [argument(next(given)) if each is None else _number(node.layer, each) for each in node.layer.arguments]
    elif isinstance(node.inputs, Arguments):
        first, *others = node.inputs.items()
        args = [argument(first[1])]
        named |= {name: argument(value) for name, value in others} | node.inputs.constants
    else:
        args = [argument(node.inputs)]
    return {"args": args, "kwargs": named}


def _function(layer):
    """Return the description of a function of tensors."""
    if layer.function not in ELEMENTWISE:
        raise ValueError(f"layer {layer.name!r} computes {layer.function!r}; expected functions among {sorted(ELEMENTWISE)}")
    module = "math" if layer.function in _IN_MATH else "numpy"
    name = "".join(map(str.capitalize, layer.function.split("_")))
    return _of_class(f"keras.src.ops.{module}", name, {"name": layer.name})


def _number(layer, value):
    """Return a number that a function of tensors takes, in a form that JSON can hold."""
    if isinstance(value, np.ndarray) and value.ndim:
        raise ValueError(f"layer {layer.name!r} takes an array of shape {value.shape}; expected tensors and numbers alone")
    return value.item() if isinstance(value, (np.ndarray, np.generic)) else value


def _arguments(config):
    """Return the arguments of a layer in Keras' form: custom functions, which are names here, are described as functions.

    `trainable` is left out where it is true, since not all of Keras' classes take it.
    """
    found = {}
    for name, value in config.items():
        custom = name.endswith("activation") and isinstance(value, str) and value not in activations.NAMES
        if not (name == "trainable" and value):
            found[name] = _of_class("builtins", "function", value, value) if custom else _converted(value)
    return found


def _arguments_of_lambda(config):
    """Return the arguments of a `Lambda` in Keras' form: functions with a name are described as functions."""
    found = _arguments(config)
    for name in ("function", "output_shape"):
        if isinstance(found[name], str):
            package, _, function = found[name].rpartition(".")  # of a function of `striate.ops`; custom ones have none
            found[name] = _of_class(f"keras.{package}" if package else "builtins", "function", function, function)
    return found


def _converted(value):
    """Return an argument in a configuration in Keras' form."""
    if isinstance(value, layers.Layer):
        return _described(value)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_converted(each) for each in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("striate")
    if kind in ("list", "array", "function"):
        return _converted(value["value"])
    if "class_name" not in value:
        return {key: _converted(each) for key, each in value.items()}
    name, config = value["class_name"], _arguments(value["config"])
    module = next((room for room, module in _MODULES.items() if hasattr(module, name)), None)
    return _of_class(module and f"keras.{module}", name, config, None if module else name)

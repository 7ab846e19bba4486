"""Keras 3's model files, ``.keras``: an archive of a configuration and of weights."""

import inspect
import json

from ... import layers
from ..._common.checks import check_path
from ..._common.files import open_regular, reading
from ..._common.registry import REGISTERED, snake_case, with_custom_objects
from ..._common.structures import flat
from ...functional.activation_table import KERNELS
from ...layers.deserialization import LAYERS
from ...models import Model, Sequential
from ..weights import as_stored
from .archive import CONFIG, import_h5py, member_of, open_weights
from .weights import find_weights

#: Arguments of Keras' layers that affect neither the computation nor the weights in a file.
_IGNORED = {
    "autocast", "batch_input_shape", "build_config", "data_format", "optional", "ragged", "registered_name", "renorm_momentum",
    "seed", "sparse", "supports_jit",
}  # fmt: skip

#: Elementwise functions of `keras.ops` that striate has under the same name.
_ELEMENTWISE = {
    "absolute", "add", "cos", "divide", "exp", "expm1", "log", "log1p", "maximum", "minimum", "multiply", "negative", "power",
    "reciprocal", "rsqrt", "sin", "sqrt", "square", "subtract",
}  # fmt: skip


def load_keras_model(path, custom_objects=None):
    """Return the model in a ``.keras`` file, with its weights, not compiled.

    Parameters
    ----------
    path : path
        The file.
    custom_objects : dict of str to class or function, optional
        Custom layers, models and functions, by their names, in addition to those registered by
        `saving.register_keras_serializable`.

    Returns
    -------
    Model or Sequential

    Raises
    ------
    ImportError
        If h5py is not installed.
    ValueError
        If the file is not Keras', or if the model has layers, or arguments of layers, that striate lacks; all are listed.
    """
    import zipfile  # This module is slow to import.

    path, custom_objects = check_path("path", path), with_custom_objects(REGISTERED, custom_objects)
    import_h5py()
    with reading(path, "a .keras file"):
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            # Parsed JSON takes many times the memory of its text, so that a highly compressed one could exhaust it.
            config = json.loads(member_of(archive, CONFIG, 1))
        reader = _Reader(custom_objects)
        model = reader.layer(config)
        if reader.missing:
            raise ValueError(f"path={str(path)!r} holds what striate lacks: {'; '.join(reader.missing)}")
        if not model.built and (shape := (config.get("build_config") or {}).get("input_shape")):
            several = isinstance(shape[0], list)
            model.build([(None, *each[1:]) for each in shape] if several else (None, *shape[1:]))
    with open_weights(path) as file:
        for weight, dataset in find_weights(model, file, path, reader.orders):
            weight.assign(as_stored(dataset[()], weight.dtype))
    return model


class _Reader:
    """Makes models from Keras' configurations, and collects what striate lacks in `missing`."""

    def __init__(self, custom_objects):
        self.custom = custom_objects
        self.missing = []
        self.orders = {}  # layers of each model in the file's order, by the model's id

    def model(self, item, cls):
        """Return a model of layers in sequence or in a graph, or None if striate lacks a layer."""
        config = item["config"]
        made = [(entry, self.layer(entry)) for entry in config["layers"]]
        if self.missing:
            return None
        if issubclass(cls, Sequential):
            model = cls([layer for _, layer in made], name=config["name"], trainable=config.get("trainable", True))
            self.orders[id(model)] = list(model.layers)
            return model
        tensors = {}  # output tensors by the name of the layer and the index of the call
        first = _first_calls(config)
        by_name = {entry["config"]["name"]: layer for entry, layer in made}
        waiting = [(entry, call, first) for entry, _ in made for call in range(max(len(entry["inbound_nodes"]), 1))]
        while waiting:
            ready = [each for each in waiting if self._connect(*each, by_name, tensors)]
            if not ready:
                raise ValueError("the layers of the model are connected in a cycle; expected a path from inputs to outputs")
            waiting = [each for each in waiting if each not in ready]
        ends = [_tensors(config[key], tensors) for key in ("input_layers", "output_layers")]
        model = cls(*ends, name=config["name"], trainable=config.get("trainable", True))
        self.orders[id(model)] = [layer for _, layer in made]
        return model

    @staticmethod
    def _connect(entry, call, first, by_name, tensors):
        """Call a layer as one of its nodes says, if its inputs exist already; return whether they do."""
        name = entry["config"]["name"]
        layer = by_name[name]
        if not entry["inbound_nodes"]:
            tensors[name, call + first[name]] = flat(layer.output)
            return True
        arguments = entry["inbound_nodes"][call]["args"]
        wanted = _histories(arguments)
        if any((history[0], history[1]) not in tensors for history in wanted):
            return False
        inputs = [tensors[history[0], history[1]][history[2]] for history in wanted]
        if isinstance(layer, layers.Operation):
            several = len(inputs) > 1
        elif len(arguments) == 1:
            several = isinstance(arguments[0], list)
        else:
            raise ValueError(f"layer {name!r} is called with {len(arguments)} arguments; expected an input, or a list of them")
        training = entry["inbound_nodes"][call].get("kwargs", {}).get("training")
        tensors[name, call + first[name]] = flat(layer(inputs if several else inputs[0], training=training))
        return True

    def layer(self, item):
        """Return a layer, or None for one that striate lacks."""
        kind, config = item["class_name"], item["config"]
        label = config.get("name", kind)
        if ".ops" in (item.get("module") or ""):  # Some functions have the class names of layers.
            return self._function(item)
        cls = self._class(item)
        if cls is None:
            self.missing.append(f"layer {label!r} of class {kind}")
        elif issubclass(cls, Model) and "layers" in config:
            return self.model(item, cls)
        elif kind == "InputLayer":
            shape = config.get("batch_shape") or config["batch_input_shape"]
            return cls(tuple(shape[1:]), name=label, dtype=_dtype(config["dtype"]))
        else:
            before = len(self.missing)
            arguments = self._arguments(cls, kind, config)
            if len(self.missing) == before:
                try:
                    return cls.from_config(arguments)
                except (TypeError, ValueError) as error:
                    self.missing.append(f"layer {label!r} ({kind}): {error}")
        return None

    def _function(self, item):
        """Return a function of Keras' as a layer, or None if its name alone does not determine what it computes."""
        kind, (node,) = snake_case(item["class_name"]).removeprefix("true_"), item["inbound_nodes"]
        label, dtype = item["config"]["name"], _dtype(_tensors_in(node["args"])[0]["dtype"])
        fixed = [None if _tensors_in([each]) else each for each in node["args"]]
        if item["config"].keys() == {"name"} and not node["kwargs"]:
            if kind in _ELEMENTWISE and all(isinstance(each, (int, float, type(None))) for each in fixed):
                return layers.Operation(kind, fixed, name=label, dtype=dtype)
            if kind in KERNELS and fixed == [None]:
                return layers.Activation(kind, name=label, dtype=dtype)
        self.missing.append(f"function {label!r} ({item['class_name']})")
        return None

    def _class(self, item):
        """Return the class of a layer, or None if it is unknown."""
        kind = item["class_name"]
        for cls in (self._custom(item), LAYERS.get("Model" if kind == "Functional" else kind)):
            if isinstance(cls, type) and issubclass(cls, layers.Layer):
                return cls
        return None

    def _custom(self, item):
        """Return the custom class or function registered for a configuration, or None."""
        registered = (item.get("registered_name") or "").rpartition(">")[2]
        return self.custom.get(registered) or self.custom.get(item["class_name"])

    def _arguments(self, cls, kind, config):
        """Return the arguments of a layer in Keras' configuration as arguments of striate's class."""
        taken, accepted = {}, _parameters(cls)
        own = cls in self.custom.values()  # Custom classes may take any arguments.
        for key, value in config.items():
            if key == "dtype":
                taken[key] = _dtype(value)
            elif own or (key in accepted and key != "seed"):
                taken[key] = self._value(value)
            elif key not in _IGNORED and value not in (None, False):
                self.missing.append(f"{key}={value!r} of layer {config['name']!r} ({kind})")
        if cls is layers.Normalization and isinstance(taken.get("axis"), tuple):
            taken["axis"] = taken["axis"][0] if len(taken["axis"]) == 1 else taken["axis"] or None
        return taken

    def _value(self, value):
        """Return an argument in Keras' configuration as striate takes it."""
        if isinstance(value, list):
            return tuple(self._value(each) for each in value)
        if not isinstance(value, dict):
            return value
        if "class_name" not in value:
            return {key: self._value(each) for key, each in value.items()}
        if value["class_name"] == "function":
            name = value["config"].rpartition(">")[2]
            return self.custom.get(name, name)
        if value["class_name"] == "__numpy__":
            return value["config"]["value"]
        if self._class(value) is not None:
            return self.layer(value)
        config = {key: self._value(each) for key, each in value["config"].items() if key != "seed" and each is not None}
        custom = self._custom(value)
        return {"class_name": value["class_name"], "config": config} if custom is None else custom(**config)


def _parameters(cls):
    """Return the names of a class's arguments, including those of its base classes."""
    names = set()
    for each in cls.__mro__:
        if "__init__" in vars(each):
            names |= set(inspect.signature(each.__init__).parameters)
    return names - {"self", "args", "kwargs", "arguments"}


def _dtype(policy):
    config = policy["config"] if isinstance(policy, dict) else {"name": policy}
    if "default_policy" in config:  # This is a map of policies by layer.
        return _dtype(config["default_policy"])
    if config["name"] not in ("float32", "float64"):
        raise ValueError(f"the model has layers of dtype {config['name']!r}; expected 'float32' or 'float64'")
    return config["name"]


def _first_calls(config):
    """Return the index that each layer's first call has in the file, which is 1 in nested models."""
    histories = [tuple(each) for key in ("input_layers", "output_layers") for each in _references(config[key])]
    for entry in config["layers"]:
        for node in entry["inbound_nodes"]:
            histories += map(tuple, _histories(node["args"]))
    last = {}
    for name, call, _ in histories:
        last[name] = max(last.get(name, 0), call)
    calls = {entry["config"]["name"]: max(len(entry["inbound_nodes"]), 1) for entry in config["layers"]}
    return {name: max(last.get(name, 0) + 1 - count, 0) for name, count in calls.items()}


def _histories(arguments):
    """Return the origins of the tensors among a call's arguments: layer, index of its call, index of the output."""
    return [config["keras_history"] for config in _tensors_in(arguments)]


def _tensors_in(arguments):
    """Return the descriptions of the tensors among a call's arguments."""
    found = []
    for argument in arguments:
        if isinstance(argument, list):
            found += _tensors_in(argument)
        elif isinstance(argument, dict) and argument.get("class_name") == "__keras_tensor__":
            found.append(argument["config"])
    return found


def _tensors(references, tensors):
    """Return the input or output tensor of a model, or a list of them."""
    found = [tensors[name, call][index] for name, call, index in _references(references)]
    return found if len(found) > 1 else found[0]


def _references(references):
    """Return a list of references; the file has a single one without a list."""
    return [references] if isinstance(references[0], str) else references

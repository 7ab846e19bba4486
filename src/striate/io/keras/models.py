"""Keras' model files: ``.keras``, an archive of a configuration and of weights, and ``.h5``, with both in one HDF5 file."""

import inspect

from ... import activations, layers
from ..._common.checks import boolean, check_path
from ..._common.code import function_of, is_code, require_no_code, trusting_code
from ..._common.files import open_regular, reading
from ..._common.functions_of_ops import function_of_ops
from ..._common.lazy_modules import json
from ..._common.registry import REGISTERED, snake_case, with_custom_objects
from ..._common.structures import flat, leaves, mapped_shapes, shapes_of_json
from ...functional.activation_table import KERNELS
from ...layers.deserialization import LAYERS
from ...models import Model, Sequential
from ..weights import as_stored
from .archive import CONFIG, import_h5py, member_of, open_hdf5
from .compilation import compile_arguments
from .legacy import is_legacy, legacy_configurations, legacy_entries
from .vocabularies import read_vocabularies
from .weights import find_weights, keras_entries

#: Arguments of Keras' layers that affect neither the computation nor the weights in a file.
_IGNORED = {
    "autocast", "batch_input_shape", "build_config", "data_format", "optional", "ragged", "registered_name", "renorm_momentum",
    "seed", "sparse", "supports_jit", "vocabulary_size",
}  # fmt: skip

#: Dtypes of inputs beside floats.
_OTHER_DTYPES = {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "string"}

#: Elementwise functions of `keras.ops` that striate has under the same name.
ELEMENTWISE = {
    "absolute", "add", "cos", "divide", "exp", "expm1", "log", "log1p", "maximum", "minimum", "multiply", "negative", "power",
    "reciprocal", "rsqrt", "sin", "sqrt", "square", "subtract",
}  # fmt: skip


def load_keras_model(path, custom_objects=None, compile=True, safe_mode=True):
    """Return the model in a file of Keras', with its weights.

    Parameters
    ----------
    path : path
        A ``.keras`` file, or an ``.h5`` file in the layout of Keras 2, which Keras 3 also writes.
    custom_objects : dict of str to class or function, optional
        Custom layers, models, losses, metrics, optimizers and functions, by their names, in addition to those registered by
        `saving.register_keras_serializable`.
    compile : bool
        Whether the model is compiled as it was. Its optimizer starts anew.
    safe_mode : bool
        Whether a file that holds code is refused: that of Python lambdas in ``Lambda`` layers. If False, such code becomes part
        of the model, and can do anything. It must have been compiled by the same version of Python.

    Returns
    -------
    Model or Sequential

    Raises
    ------
    ImportError
        If h5py is not installed.
    ValueError
        If the file is not Keras', if the model has layers, or arguments of layers, that striate lacks, all of which are listed,
        or if it holds code.
    """
    path, custom_objects = check_path("path", path), with_custom_objects(REGISTERED, custom_objects)
    compile, safe_mode = boolean("compile", compile), boolean("safe_mode", safe_mode)
    import_h5py()
    with trusting_code(not safe_mode):
        return _loaded(path, custom_objects, compile)


def _loaded(path, custom_objects, compile):
    """Return the model in a file; arguments as for `load_keras_model`, checked."""
    with reading(path, "a file of a model of Keras'"):
        config, compilation = _configurations(path)
        require_no_code(path, config["config"])
        reader = _Reader(custom_objects)
        model = reader.layer(config)
    if reader.missing:
        raise ValueError(f"path={str(path)!r} holds what striate lacks: {'; '.join(reader.missing)}")
    if not model.built and (shape := (config.get("build_config") or {}).get("input_shape")):
        model.build(mapped_shapes(lambda each: (None, *each[1:]), shapes_of_json(shape)))
    with open_hdf5(path) as file:
        entries = legacy_entries(model, file, path) if is_legacy(file) else keras_entries(model, file, path, reader.orders)
        for weight, dataset in find_weights(entries, file, path):
            weight.assign(as_stored(dataset[()], weight.dtype))
    with reading(path, "a file of a model of Keras'"):
        read_vocabularies(model, path, reader.orders)
    if compile and compilation:
        try:
            model.compile(**compile_arguments(compilation, custom_objects))
        except (TypeError, ValueError) as error:
            raise ValueError(f"path={str(path)!r} cannot be compiled as it was: {error}; expected compile=False") from error
    return model


def _configurations(path):
    """Return the configuration of the model in a file, and that of its compilation, or None."""
    import zipfile  # This module is slow to import.

    with open_regular(path) as source:
        if not zipfile.is_zipfile(source):
            with open_hdf5(path) as file:
                return legacy_configurations(file)
        with zipfile.ZipFile(source) as archive:
            # Parsed JSON takes many times the memory of its text, so that a highly compressed one could exhaust it.
            config = json.loads(member_of(archive, CONFIG, 1))
    return config, config.get("compile_config")


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
        node = entry["inbound_nodes"][call]
        wanted = _histories(_arguments_of(node))
        if any((history[0], history[1]) not in tensors for history in wanted):
            return False
        if isinstance(layer, layers.Operation):
            inputs = [tensors[history[0], history[1]][history[2]] for history in wanted]
            y = layer(inputs if len(inputs) > 1 else inputs[0])
        else:
            named = {key: _with_tensors(value, tensors) for key, value in node.get("kwargs", {}).items() if value is not None}
            y = layer(*_with_tensors(node["args"], tensors), **named)
        tensors[name, call + first[name]] = leaves(y)
        return True

    def layer(self, item):
        """Return a layer, or None for one that striate lacks."""
        kind, config = item["class_name"], item["config"]
        label = config.get("name", kind)
        # Some functions have the class names of layers. Keras 2's layout does not name modules.
        if ".ops" in (item.get("module") or "") or config.keys() == {"name"}:
            return self._function(item)
        cls = self._class(item)
        if cls is None:
            self.missing.append(f"layer {label!r} of class {kind}")
        elif issubclass(cls, Model) and "layers" in config:
            return self.model(item, cls)
        elif kind == "InputLayer":
            shape = config.get("batch_shape") or config["batch_input_shape"]
            optional = bool(config.get("optional"))
            return cls(tuple(shape[1:]), name=label, dtype=_dtype(config["dtype"], whole=True), optional=optional)
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
            if kind in ELEMENTWISE and all(isinstance(each, (int, float, type(None))) for each in fixed):
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
                taken[key] = _dtype(value, whole=kind in ("Hashing", "HashedCrossing"))
            elif kind == "StringLookup" and key == "oov_method":
                continue  # Strings have no remainders: Keras takes their hashes, whatever this is.
            elif own or (key in accepted and key != "seed"):
                taken[key] = self._value(value)
            elif key not in _IGNORED and value not in (None, False):
                self.missing.append(f"{key}={value!r} of layer {config['name']!r} ({kind})")
        if cls is layers.Lambda and isinstance(taken.get("function"), str):
            taken["function"] = _function_of_keras(taken["function"])
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
        if is_code(value):
            return function_of(value)
        if value["class_name"] == "function":
            name = value["config"].rpartition(">")[2]
            found = function_of_ops(f"{str(value.get('module')).removeprefix('keras.')}.{name}")
            return self.custom.get(name, name if found is None else found)
        if value["class_name"] == "__numpy__":
            return value["config"]["value"]
        if self._class(value) is not None:
            return self.layer(value)
        config = {key: self._value(each) for key, each in value["config"].items() if key != "seed" and each is not None}
        custom = self._custom(value)
        return {"class_name": value["class_name"], "config": config} if custom is None else custom(**config)


def _function_of_keras(name):
    """Return a function that Keras wrote without its module, an activation first; its name if there is none."""
    return activations.get(name) if name in activations.NAMES else function_of_ops(f"ops.{name}") or name


def _parameters(cls):
    """Return the names of a class's arguments, including those of its base classes."""
    constructors = [each.__init__ for each in cls.__mro__ if "__init__" in vars(each)]
    parameters = [one for each in constructors for one in inspect.signature(each).parameters.values()]
    return {one.name for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)} - {"self"}


def _dtype(policy, whole=False):
    """Return the name of a dtype in Keras' configuration; `whole` are other ones than floats allowed, as in inputs."""
    config = policy["config"] if isinstance(policy, dict) else {"name": policy}
    if "default_policy" in config:  # This is a map of policies by layer.
        return _dtype(config["default_policy"])
    if whole and config["name"] in _OTHER_DTYPES:
        return config["name"]
    if config["name"] not in ("float32", "float64"):
        raise ValueError(f"the model has layers of dtype {config['name']!r}; expected 'float32' or 'float64'")
    return config["name"]


def _first_calls(config):
    """Return the index that each layer's first call has in the file, which is 1 in nested models."""
    histories = [tuple(each) for key in ("input_layers", "output_layers") for each in _references(config[key])]
    for entry in config["layers"]:
        for node in entry["inbound_nodes"]:
            histories += map(tuple, _histories(_arguments_of(node)))
    last = {}
    for name, call, _ in histories:
        last[name] = max(last.get(name, 0), call)
    calls = {entry["config"]["name"]: max(len(entry["inbound_nodes"]), 1) for entry in config["layers"]}
    return {name: max(last.get(name, 0) + 1 - count, 0) for name, count in calls.items()}


def _histories(arguments):
    """Return the origins of the tensors among a call's arguments: layer, index of its call, index of the output."""
    return [config["keras_history"] for config in _tensors_in(arguments)]


def _arguments_of(node):
    """Return the arguments of a call, those by name after the others."""
    return [*node["args"], *node.get("kwargs", {}).values()]


def _with_tensors(argument, tensors):
    """Return an argument of a call with tensors in place of their descriptions."""
    if isinstance(argument, list):
        return [_with_tensors(each, tensors) for each in argument]
    if isinstance(argument, dict) and argument.get("class_name") == "__keras_tensor__":
        layer, call, index = argument["config"]["keras_history"]
        return tensors[layer, call][index]
    return argument


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
    """Return the input or output tensor of a model, or a list or dict of them."""
    if isinstance(references, dict):
        return {key: _tensors(each, tensors) for key, each in references.items()}
    found = [tensors[name, call][index] for name, call, index in _references(references)]
    return found if len(found) > 1 else found[0]


def _references(references):
    """Return a list of references; the file has a single one without a list, and dicts of them."""
    if isinstance(references, dict):
        return [each for value in references.values() for each in _references(value)]
    return [references] if isinstance(references[0], str) else references

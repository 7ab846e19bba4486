"""Keras 3's files: ``.weights.h5``, and ``.keras``, which holds a description of the model as well.

In both, the weights of a layer lie at ``<place>/vars/<index>``. The place of a layer within another is the attribute that it
is, and in a list, such as a model's ``layers``, its class, numbered in the list's order: ``layers/block/convs/conv2d_1``.
"""

import contextlib
import functools
import inspect
import io
import json
import math
from pathlib import Path

import numpy as np

from .. import layers
from .._checks import check_path
from .._files import check_folder, open_regular, reading, write_atomically
from .._registry import snake_case, with_custom_objects
from ..functional.activations import ACTIVATIONS
from ..layers.randomness import RandomLayer
from ..layers.separable import SeparableConvolution
from ..layers.symbolic import flat
from .model import Model, check_model
from .npz import MOST_INFLATION, SMALL, Claims
from .saving import REGISTERED, as_stored, set_weights
from .sequential import Sequential

#: Arguments of Keras' layers that concern neither what is computed nor the weights in a file.
_IGNORED = {
    "autocast", "batch_input_shape", "build_config", "data_format", "optional", "ragged", "registered_name", "renorm_momentum",
    "seed", "sparse", "supports_jit",
}  # fmt: skip

#: Functions of `keras.ops` that striate has by the same name, each element's result made of one of each argument.
_ELEMENTWISE = {
    "absolute", "add", "cos", "divide", "exp", "expm1", "log", "log1p", "maximum", "minimum", "multiply", "negative", "power",
    "reciprocal", "rsqrt", "sin", "sqrt", "square", "subtract",
}  # fmt: skip


#: The layers that files may name.
_LAYERS = {name: thing for name in layers.__all__ if isinstance(thing := getattr(layers, name), type)}

_CONFIG = "config.json"
_WEIGHTS = "model.weights.h5"
_KIND = "a file of Keras'"


def is_keras_file(path):
    """Tell whether a file is one of Keras': by what is in it, as files that striate writes may bear the same endings."""
    import zipfile  # slow to import

    with reading(path, "a file of a model or weights"), open_regular(path) as file:
        if not zipfile.is_zipfile(file):
            return Path(path).suffix in (".h5", ".keras")
        with zipfile.ZipFile(file) as archive:
            return not {_CONFIG, _WEIGHTS}.isdisjoint(archive.namelist())


# ---------------------------------------------------------------------------------------------------------------- weights


def load_keras_weights(model, path):
    """Set a model's weights to those in a file of Keras'. If some do not fit, none is changed.

    Parameters
    ----------
    model : Model or Sequential
        Built of the same layers, in the same order.
    path : path
        A ``.weights.h5`` or ``.keras`` file.

    Raises
    ------
    ImportError
        If h5py is not installed.
    ValueError
        If the file is not Keras' or its weights are not the model's.
    """
    check_model(model)
    with _open_weights(check_path("path", path)) as file:
        found = _find_weights(model, file, path, {})
        found = [(weight, as_stored(dataset[()], weight.dtype)) for weight, dataset in found]
    set_weights(found)


def _find_weights(model, file, path, orders):
    """Return (weight, dataset) of an open file; `orders` are the layers of models, by the models' ids, in Keras' order."""
    found, claims = [], Claims(file.id.get_filesize())
    for place, layer in _places(model, orders):
        expected = _own_weights(layer)
        group = _child(file, f"{place}vars")
        datasets = [] if group is None else [_child(group, str(i)) for i in range(len(group))]
        shapes = [_shape(dataset, f"{place}vars/{i}", claims) for i, dataset in enumerate(datasets)]
        if shapes != [weight.shape for weight in expected]:
            raise ValueError(
                f"path={str(path)!r} holds weights of shapes {shapes} for {place.rstrip('/')!r}; expected "
                f"{[weight.shape for weight in expected]}, as layer {layer.name!r} has"
            )
        found += zip(expected, datasets, strict=True)
    return found


def _child(group, place):
    """Return the member of a group at a path, or None; links, as to other files, raise an error."""
    h5py = _h5py()
    for name in filter(None, place.split("/")):
        link = group.get(name, getlink=True)
        if link is None:
            return None
        if not isinstance(link, h5py.HardLink):
            raise ValueError(f"{name!r} is a link; expected everything to be in the file itself")
        group = group[name]
    return group


def _shape(dataset, place, claims):
    """Return the shape of a dataset, all of whose elements must be in the file itself."""
    h5py = _h5py()
    if not isinstance(dataset, h5py.Dataset) or dataset.is_virtual or dataset.external:
        raise ValueError(f"{place!r} is not an array in the file itself; expected one")
    if dataset.shape is None or dataset.dtype.kind not in "fiub":
        raise ValueError(f"{place!r} holds {dataset.dtype}; expected real numbers")
    in_pieces = dataset.chunks is not None  # which may be compressed
    if not in_pieces and dataset.id.get_storage_size() < dataset.nbytes:
        raise ValueError(f"{place!r} has no elements; expected {dataset.nbytes} bytes of them")
    if in_pieces and math.prod(dataset.chunks) * dataset.dtype.itemsize > max(dataset.nbytes, SMALL):
        raise ValueError(f"{place!r} has chunks of shape {dataset.chunks}; expected them to be smaller than the whole")
    claims.add(place, dataset.nbytes, in_pieces)
    if in_pieces and dataset.id.get_num_chunks() < math.prod(map(_pieces, dataset.shape, dataset.chunks)):
        raise ValueError(f"{place!r} lacks some of its chunks of shape {dataset.chunks}; expected all of its elements")
    return dataset.shape


def _pieces(size, chunk):
    return -(-size // chunk)


def save_keras_weights(model, path):
    """Write a model's weights to a file that Keras loads into the same network: completely, or not at all.

    Parameters
    ----------
    model : Model or Sequential
        The model.
    path : path
        The file, ending in ``.weights.h5``.

    Raises
    ------
    ImportError
        If h5py is not installed.
    """
    check_model(model)
    path = check_path("path", path)
    h5py = _h5py()
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        for place, layer in _places(model, {}):
            group = file.create_group(f"{place}vars")
            group.attrs["name"] = layer.name
            for i, weight in enumerate(_own_weights(layer)):
                group.create_dataset(str(i), data=weight.peek())
            if isinstance(layer, RandomLayer):  # Keras keeps the state of its random numbers there
                file.create_dataset(f"{place}seed_generator/vars/0", data=np.zeros(2, np.uint32))
    write_atomically(check_folder(path), memory.getvalue())


def _h5py():
    try:
        import h5py
    except ImportError as error:
        raise ImportError("Keras' files need h5py; expected it to be installed, as by pip install striate[keras]") from error
    return h5py


@contextlib.contextmanager
def _open_weights(path):
    """Open the weights in a file, in a ``with`` block that reads them."""
    import zipfile  # slow to import

    h5py = _h5py()
    with reading(path, _KIND), contextlib.ExitStack() as opened:
        source = opened.enter_context(open_regular(path))
        if zipfile.is_zipfile(source):
            source = io.BytesIO(_member(opened.enter_context(zipfile.ZipFile(source)), _WEIGHTS))
        else:
            source.seek(0)
        file = opened.enter_context(h5py.File(source, "r"))
        if {"layers", "vars", "_layer_checkpoint_dependencies"}.isdisjoint(file):
            raise ValueError(
                f"path={str(path)!r} holds no layers as Keras 3 writes them; expected a .weights.h5 or .keras file"
            )
        yield file


def _member(archive, name, most_inflation=MOST_INFLATION):
    """Return the content of a member of a zip archive."""
    member = archive.getinfo(name)
    if member.file_size > max(most_inflation * member.compress_size, SMALL):
        raise ValueError(f"{name!r} claims that its {member.compress_size} bytes become {member.file_size}")
    with archive.open(member) as file:
        content = file.read(member.file_size)
        file.read(1)  # at the end, the checksum is compared
    return content


def _places(layer, orders, place="", seen=None):
    """Yield (path, layer) of a layer and of all within it, each once, by the path at which Keras finds it first."""
    seen = set() if seen is None else seen
    if id(layer) in seen:
        return
    seen.add(id(layer))
    yield place, layer
    for name, child in _children(layer, orders):
        for inner, each in _entries(child, f"{place}{name}/"):
            yield from _places(each, orders, inner, seen)


def _children(layer, orders):
    """Yield (name, layer or list or dict) of the layers within a layer, in Keras' order."""
    if isinstance(layer, SeparableConvolution):  # of one piece there
        yield "activation", layer.pointwise.activation
        return
    known = _attributes_of(Sequential if isinstance(layer, Model) else layers.Layer)
    attributes = {name: value for name, value in vars(layer).items() if name not in known}
    if isinstance(layer, Model):
        of_model = orders.get(id(layer)) or layer.layers
        if isinstance(layer, Sequential) or layer.nodes:
            yield "layers", of_model
        else:
            attributes["layers"] = of_model
    yield from sorted(attributes.items(), key=lambda item: (item[0].startswith("_"), item[0]))


@functools.cache
def _attributes_of(cls):
    """Return the names of attributes that the library sets."""
    return frozenset(vars(cls()))


def _entries(child, place):
    """Yield (place, layer) of an attribute, or of what is in it if it is a list or dict."""
    if isinstance(child, layers.Layer):
        yield place, child
    elif isinstance(child, (list, tuple, dict)):
        used = {}
        for each in flat(child):
            container = isinstance(each, (list, tuple, dict))
            if container or isinstance(each, layers.Layer):
                name = "container" if container else _class_name(each)
                used[name] = used.get(name, -1) + 1
                yield from _entries(each, f"{place}{name}_{used[name]}/" if used[name] else f"{place}{name}/")


def _own_weights(layer):
    """Return the weights that Keras keeps in a layer itself, in its order: first those that training changes."""
    own = layer._own_weights
    if isinstance(layer, SeparableConvolution):
        own = [*layer.depthwise._own_weights, *layer.pointwise._own_weights]
    return sorted(own, key=lambda weight: not weight.trainable)


def _class_name(layer):
    return "functional" if type(layer) is Model else snake_case(type(layer).__name__)


# ----------------------------------------------------------------------------------------------------------------- models


def load_keras_model(path, custom_objects=None):
    """Return the model in a ``.keras`` file, with its weights, not compiled.

    Parameters
    ----------
    path : path
        The file.
    custom_objects : dict of str to class or function, optional
        Custom layers, models and functions, by their names, beside those that `saving.register_keras_serializable` made
        known.

    Returns
    -------
    Model or Sequential

    Raises
    ------
    ImportError
        If h5py is not installed.
    ValueError
        If the file is not Keras', or the model has layers, or arguments of layers, that striate lacks: all are listed.
    """
    import zipfile  # slow to import

    path, custom_objects = check_path("path", path), with_custom_objects(REGISTERED, custom_objects)
    _h5py()
    with reading(path, "a .keras file"):
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            config = json.loads(_member(archive, _CONFIG, 1))  # even a small one of which would take much memory
        reader = _Reader(custom_objects)
        model = reader.layer(config)
        if reader.missing:
            raise ValueError(f"path={str(path)!r} holds what striate lacks: {'; '.join(reader.missing)}")
        if not model.built and (shape := (config.get("build_config") or {}).get("input_shape")):
            several = isinstance(shape[0], list)
            model.build([(None, *each[1:]) for each in shape] if several else (None, *shape[1:]))
    with _open_weights(path) as file:
        for weight, dataset in _find_weights(model, file, path, reader.orders):
            weight.assign(as_stored(dataset[()], weight.dtype))
    return model


class _Reader:
    """Makes models from Keras' configurations, and notes what striate lacks."""

    def __init__(self, custom_objects):
        self.custom = custom_objects
        self.missing = []
        self.orders = {}  # of models' ids: their layers, in the file's order

    def model(self, item, cls):
        """Return a model of layers in a row or in a graph."""
        config = item["config"]
        made = [(entry, self.layer(entry)) for entry in config["layers"]]
        if self.missing:
            return None
        if issubclass(cls, Sequential):
            model = cls([layer for _, layer in made], name=config["name"], trainable=config.get("trainable", True))
            self.orders[id(model)] = list(model.layers)
            return model
        tensors = {}  # by the layer's name and the index of the call
        first = _first_calls(config)
        by_name = {entry["config"]["name"]: layer for entry, layer in made}
        waiting = [(entry, call, first) for entry, _ in made for call in range(max(len(entry["inbound_nodes"]), 1))]
        while waiting:
            ready = [each for each in waiting if self._connect(*each, by_name, tensors)]
            if not ready:
                raise ValueError("the layers of the model are connected in a circle; expected inputs to lead to outputs")
            waiting = [each for each in waiting if each not in ready]
        ends = [_tensors(config[key], tensors) for key in ("input_layers", "output_layers")]
        model = cls(*ends, name=config["name"], trainable=config.get("trainable", True))
        self.orders[id(model)] = [layer for _, layer in made]
        return model

    @staticmethod
    def _connect(entry, call, first, by_name, tensors):
        """Call a layer as one of its nodes says, if its inputs exist already; return whether they did."""
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
        if ".ops" in (item.get("module") or ""):  # some are named like layers
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
        """Return a function of Keras' as a layer, or None for one that is not known by its name alone."""
        kind, (node,) = snake_case(item["class_name"]).removeprefix("true_"), item["inbound_nodes"]
        label, dtype = item["config"]["name"], _dtype(_tensors_in(node["args"])[0]["dtype"])
        fixed = [None if _tensors_in([each]) else each for each in node["args"]]
        if item["config"].keys() == {"name"} and not node["kwargs"]:
            if kind in _ELEMENTWISE and all(isinstance(each, (int, float, type(None))) for each in fixed):
                return layers.Operation(kind, fixed, name=label, dtype=dtype)
            if kind in ACTIVATIONS and fixed == [None]:
                return layers.Activation(kind, name=label, dtype=dtype)
        self.missing.append(f"function {label!r} ({item['class_name']})")
        return None

    def _class(self, item):
        """Return the class of a layer, or None if it is unknown."""
        kind = item["class_name"]
        models = {"Functional": Model, "Model": Model, "Sequential": Sequential}
        for cls in (self._custom(item), models.get(kind), _LAYERS.get(kind)):
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
        own = cls in self.custom.values()  # may take any arguments
        for key, value in config.items():
            if key == "dtype":
                taken[key] = _dtype(value)
            elif own or (key in accepted and key not in ("seed", "data_format")):
                taken[key] = self._value(value)
            elif key == "data_format" and value != "channels_last":
                self.missing.append(f"data_format={value!r} of layer {config['name']!r}")
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
    """Return the names of a class's arguments, those that it passes on included."""
    names = set()
    for each in cls.__mro__:
        if "__init__" in vars(each):
            names |= set(inspect.signature(each.__init__).parameters)
    return names - {"self", "args", "kwargs", "arguments"}


def _dtype(policy):
    config = policy["config"] if isinstance(policy, dict) else {"name": policy}
    if "default_policy" in config:  # of a map of policies
        return _dtype(config["default_policy"])
    if config["name"] not in ("float32", "float64"):
        raise ValueError(f"the model has layers of dtype {config['name']!r}; expected 'float32' or 'float64'")
    return config["name"]


def _first_calls(config):
    """Return the index that each layer's first call has in the file: within nested models it is 1."""
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
    """Return where the tensors among a call's arguments come from: layer, index of its call, index of the output."""
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
    """Return the tensor, or tensors, that a model begins or ends with."""
    found = [tensors[name, call][index] for name, call, index in _references(references)]
    return found if len(found) > 1 else found[0]


def _references(references):
    """Return a list of references, of which one alone is not in a list."""
    return [references] if isinstance(references[0], str) else references

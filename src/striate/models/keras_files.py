"""Keras 3's files: ``.weights.h5``, and ``.keras``, which holds a description of the model as well.

In both, weights lie at ``layers/<class>_<number>/vars/<number>``, layers numbered by class in the order of the model's layers,
those of models within models below them.
"""

import contextlib
import inspect
import io
import json
from pathlib import Path

import numpy as np

from .. import layers
from .._registry import snake_case
from ..layers.randomness import RandomLayer
from ..layers.symbolic import flat
from .model import Model
from .saving import check_folder, write_whole
from .sequential import Sequential

#: Arguments of Keras' layers that say nothing of what is computed, or of what a file's weights are.
_IGNORED = {
    "autocast", "batch_input_shape", "build_config", "data_format", "optional", "ragged", "registered_name", "renorm_momentum",
    "seed", "sparse", "supports_jit",
}  # fmt: skip


def is_keras_file(path):
    """Tell whether a file is one of Keras': by what is in it, as files that striate writes may bear the same endings."""
    import zipfile  # slow to import

    if not zipfile.is_zipfile(path):
        return Path(path).suffix in (".h5", ".keras")
    with zipfile.ZipFile(path) as archive:
        return not {"config.json", "model.weights.h5"}.isdisjoint(archive.namelist())


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
    with _open_weights(path) as file:
        _set_weights(model, file, path, {})


def _set_weights(model, file, path, orders):
    """Set weights from an open file; `orders` are the layers of models, by the models' ids, in Keras' order."""
    found = []
    for place, layer in _places(model, orders):
        expected = layer.weights
        group = file.get(f"{place}/vars")
        arrays = [] if group is None else [group[str(i)][()] for i in range(len(group))]
        if [array.shape for array in arrays] != [weight.shape for weight in expected]:
            raise ValueError(
                f"path={str(path)!r} holds weights of shapes {[array.shape for array in arrays]} for {place!r}; expected "
                f"{[weight.shape for weight in expected]}, as layer {layer.name!r} has"
            )
        found += zip(expected, arrays, strict=True)
    for weight, array in found:
        weight.assign(array)


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
    h5py = _h5py()
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        file.create_group("vars")
        for place, layer in _places(model, {}):
            group = file.create_group(f"{place}/vars")
            group.attrs["name"] = layer.name
            for i, weight in enumerate(layer.weights):
                group.create_dataset(str(i), data=weight.value)
            if isinstance(layer, RandomLayer):  # Keras keeps the state of its random numbers there
                file.create_dataset(f"{place}/seed_generator/vars/0", data=np.zeros(2, np.uint32))
    write_whole(check_folder(path), memory.getvalue())


def _h5py():
    try:
        import h5py
    except ImportError as error:
        raise ImportError("Keras' files need h5py; expected it, or pip install striate[keras]") from error
    return h5py


@contextlib.contextmanager
def _open_weights(path):
    """Open the weights in a file."""
    import zipfile  # slow to import

    h5py = _h5py()
    if not Path(path).is_file():
        raise FileNotFoundError(f"path={str(path)!r} is no file; expected one that Keras wrote")
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                source = io.BytesIO(archive.read("model.weights.h5"))
        else:
            source = path
        file = h5py.File(source, "r")
    except (KeyError, OSError, zipfile.BadZipFile) as error:
        raise ValueError(f"path={str(path)!r} is not a file of Keras', or is damaged ({error})") from error
    with file:
        if "layers" not in file and "_layer_checkpoint_dependencies" not in file:
            raise ValueError(
                f"path={str(path)!r} holds no layers as Keras 3 writes them; expected a .weights.h5 or .keras file"
            )
        yield file


def _places(model, orders, prefix=""):
    """Yield (place, layer) of all layers within a model."""
    used = {}
    for layer in orders.get(id(model)) or model.layers:
        name = _class_name(layer)
        used[name] = used.get(name, -1) + 1
        place = f"{prefix}layers/{name}_{used[name]}" if used[name] else f"{prefix}layers/{name}"
        if isinstance(layer, Model):
            yield from _places(layer, orders, f"{place}/")
        else:
            yield place, layer


def _class_name(layer):
    if isinstance(layer, Sequential):
        return "sequential"
    return "functional" if type(layer) is Model else snake_case(type(layer).__name__)


# ----------------------------------------------------------------------------------------------------------------- models


def load_keras_model(path, custom_objects=None):
    """Return the model in a ``.keras`` file, with its weights, not compiled.

    Parameters
    ----------
    path : path
        The file, of a `Sequential` or functional model.
    custom_objects : dict of str to class, optional
        Layers of one's own, by the names of their classes.

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

    _h5py()
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"path={str(path)!r} is not a .keras file, or is damaged ({error})") from error
    reader = _Reader(custom_objects or {})
    model = reader.model(config)
    if reader.missing:
        raise ValueError(f"path={str(path)!r} holds what striate lacks: {'; '.join(reader.missing)}")
    with _open_weights(path) as file:
        _set_weights(model, file, path, reader.orders)
    return model


class _Reader:
    """Makes models of Keras' descriptions, and takes down what it cannot."""

    def __init__(self, custom_objects):
        known = {name: thing for name in layers.__all__ if isinstance(thing := getattr(layers, name), type)}
        self.known = {**known, **custom_objects}
        self.missing = []
        self.orders = {}  # of models' ids: their layers, in the file's order

    def model(self, item):
        """Return a model."""
        config = item["config"]
        made = [(entry, self.layer(entry)) for entry in config["layers"]]
        if self.missing:
            return None
        if item["class_name"] == "Sequential":
            model = Sequential([layer for _, layer in made], name=config["name"], trainable=config.get("trainable", True))
            if not model.built and (shape := item.get("build_config", {}).get("input_shape")):
                model.build(tuple(shape))
            self.orders[id(model)] = list(model.layers)
            return model
        tensors = {}  # by layer's name and number of the call
        first = _first_calls(config)
        by_name = {entry["config"]["name"]: layer for entry, layer in made}
        waiting = [(entry, number, first) for entry, _ in made for number in range(max(len(entry["inbound_nodes"]), 1))]
        while waiting:
            ready = [each for each in waiting if self._connect(*each, by_name, tensors)]
            if not ready:
                raise ValueError("the layers of the model are connected in a circle; expected inputs to lead to outputs")
            waiting = [each for each in waiting if each not in ready]
        ends = [_tensors(config[key], tensors) for key in ("input_layers", "output_layers")]
        model = Model(*ends, name=config["name"], trainable=config.get("trainable", True))
        self.orders[id(model)] = [layer for _, layer in made]
        return model

    @staticmethod
    def _connect(entry, number, first, by_name, tensors):
        """Call a layer as one of its nodes says, if what it takes is there; return whether it was."""
        name = entry["config"]["name"]
        layer = by_name[name]
        if not entry["inbound_nodes"]:
            tensors[name, number + first[name]] = flat(layer.output)
            return True
        arguments = entry["inbound_nodes"][number]["args"]
        wanted = _histories(arguments)
        if any((history[0], history[1]) not in tensors for history in wanted):
            return False
        inputs = [tensors[history[0], history[1]][history[2]] for history in wanted]
        several = bool(arguments) and isinstance(arguments[0], list)
        training = entry["inbound_nodes"][number].get("kwargs", {}).get("training")
        tensors[name, number + first[name]] = flat(layer(inputs if several else inputs[0], training=training))
        return True

    def layer(self, item):
        """Return a layer, or None for one that striate lacks."""
        kind = item["class_name"]
        if kind in ("Sequential", "Functional", "Model"):
            return self.model(item)
        cls = self.known.get(kind)
        if cls is None:
            self.missing.append(f"layer {item['config'].get('name', kind)!r} of class {kind}")
            return None
        config = dict(item["config"])
        if kind == "InputLayer":
            shape = config.get("batch_shape") or config["batch_input_shape"]
            return cls(tuple(shape[1:]), name=config["name"], dtype=_dtype(config["dtype"]))
        taken, accepted = {}, _parameters(cls)
        for key, value in config.items():
            if key == "dtype":
                taken[key] = _dtype(value)
            elif key in accepted and key not in ("seed", "data_format"):
                taken[key] = _plain(value)
            elif key == "data_format" and value != "channels_last":
                self.missing.append(f"data_format={value!r} of layer {config['name']!r}")
            elif key not in _IGNORED and value not in (None, False):
                self.missing.append(f"{key}={value!r} of layer {config['name']!r} ({kind})")
        return cls(**taken)


def _parameters(cls):
    """Return the names of a class's arguments, those it hands on included."""
    names = set()
    for each in cls.__mro__:
        if "__init__" in vars(each):
            names |= set(inspect.signature(each.__init__).parameters)
    return names - {"self", "args", "kwargs", "arguments"}


def _dtype(policy):
    name = policy["config"]["name"] if isinstance(policy, dict) else policy
    if name not in ("float32", "float64"):
        raise ValueError(f"the model has layers of dtype {name!r}; expected 'float32' or 'float64'")
    return name


def _plain(value):
    """Return what Keras wrote of an argument as striate takes it."""
    if isinstance(value, dict) and "class_name" in value:
        if value["class_name"] == "function":
            return value["config"]
        config = {key: _plain(each) for key, each in value["config"].items() if key != "seed" and each is not None}
        return {"class_name": value["class_name"], "config": config}
    if isinstance(value, list):
        return tuple(_plain(each) for each in value)
    return value


def _first_calls(config):
    """Return the number that each layer's first call has in the file: models within a model count from 1."""
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
    """Return where the tensors among a call's arguments come from: layer, call and number."""
    found = []
    for argument in arguments:
        if isinstance(argument, list):
            found += _histories(argument)
        elif isinstance(argument, dict) and argument.get("class_name") == "__keras_tensor__":
            found.append(argument["config"]["keras_history"])
    return found


def _tensors(references, tensors):
    """Return the tensor, or tensors, that a model begins or ends with."""
    found = [tensors[name, call][number] for name, call, number in _references(references)]
    return found if len(found) > 1 else found[0]


def _references(references):
    """Return a list of references, of which one alone is not in a list."""
    return [references] if isinstance(references[0], str) else references

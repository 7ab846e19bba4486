"""Models in files: one ``.npz`` with the weights as arrays and all the rest as JSON. Nothing is ever unpickled."""

import contextlib
import json
import os
from pathlib import Path

import numpy as np

from .. import layers, losses, metrics, optimizers
from .._checks import choice
from .._registry import describe
from .training import Trainable

_FORMAT = "striate"
_VERSION = 1

#: Classes of users that files may name.
REGISTERED = {}


def check_folder(path):
    """Return `path` as a Path, whose folder must exist."""
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"path={str(path)!r} cannot be written: there is no folder {str(path.parent)!r}")
    return path


def save(model, path):
    """Write `model` to `path`: completely, or not at all."""
    path = check_folder(path)
    arrays = {f"weights/{path}": weight.value for path, weight in weight_paths(model)}
    description = {
        "format": _FORMAT,
        "version": _VERSION,
        "class_name": type(model).__name__,
        "config": model.get_config(),
        "input_shape": model.input_shape,
        "rng": _rng_state(model.rng),
    }
    if model.compiled:
        description["compile"] = {
            "optimizer": describe(model.optimizer),
            "iterations": model.optimizer.iterations,
            "loss": {objective.name: describe(objective.loss) for objective in model._objectives},
            "loss_weights": {objective.name: objective.weight for objective in model._objectives},
            "metrics": {objective.name: [describe(metric) for metric in objective.metrics] for objective in model._objectives},
            "autotune": model.autotune,
        }
        for path_, weight in weight_paths(model):
            arrays |= {f"optimizer/{path_}/{i}": array for i, array in enumerate(model.optimizer.state_of(weight))}
    arrays["model.json"] = np.frombuffer(json.dumps(description).encode(), np.uint8)
    _write(path, arrays)


def save_weights(model, path):
    """Write a model's weights to `path`: completely, or not at all."""
    _write(check_folder(path), {f"weights/{place}": weight.value for place, weight in weight_paths(model)})


def load_weights(model, path):
    """Set a model's weights to those in a file, all or none."""
    arrays = _read(path)
    for place, weight in weight_paths(model):
        found = arrays.get(f"weights/{place}")
        if found is not None and found.shape != weight.shape:
            raise ValueError(f"path={str(path)!r} holds shape {found.shape} for the weight {place!r}; expected {weight.shape}")
    _restore_weights(model, arrays, path)


def _write(path, arrays):
    with _whole(path) as file:
        np.savez(file, **arrays)


def write_whole(path, content):
    """Write bytes to a file: completely, or not at all."""
    with _whole(path) as file:
        file.write(content)


@contextlib.contextmanager
def _whole(path):
    """Open a file that takes its place when all is written."""
    import tempfile  # with what it imports, slow to import; so are others in functions

    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def load(path, model_classes, custom_objects=None):
    """Read a model from `path`; see `Model.load`."""
    custom_objects = {**REGISTERED, **(custom_objects or {})}
    arrays = _read(path)
    try:
        description = json.loads(bytes(arrays.pop("model.json")))
        if description["format"] != _FORMAT:
            raise KeyError("format")
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"path={str(path)!r} is not a model saved by striate, or is damaged ({error})") from error
    if description["version"] != _VERSION:
        raise ValueError(
            f"path={str(path)!r} holds a model in format version {description['version']}; expected {_VERSION} "
            "(a newer striate may read it)"
        )
    classes = {**model_classes, **custom_objects}
    choice("model class", description["class_name"], tuple(classes))
    model = make_model({"class_name": description["class_name"], "config": description["config"]}, classes, path)
    model.build(_shapes(description["input_shape"]))
    if description["rng"] is not None:
        model.rng = _rng(description["rng"])
    _restore_weights(model, arrays, path)
    if "compile" in description:
        _restore_compilation(model, description["compile"], arrays, custom_objects)
    return model


def restore(model, path):
    """Bring a compiled model into the state that one of the same layers was saved in: weights, optimizer and random numbers."""
    arrays = _read(path)
    description = json.loads(bytes(arrays.pop("model.json")))
    _restore_weights(model, arrays, path)
    _restore_optimizer(model, description["compile"], arrays)
    rate = description["compile"]["optimizer"]["config"]["learning_rate"]
    if not isinstance(rate, dict):
        model.optimizer.learning_rate = rate
    if description["rng"] is not None:
        model.rng.bit_generator.state = description["rng"]


def make_model(description, classes, source="a configuration"):
    """Return the layer or model of a description, as `describe` makes it.

    Parameters
    ----------
    description : dict
        Class and configuration.
    classes : dict of str to class
        Models and classes of users, by name; the library's layers are known.
    source : object
        Where the description comes from, for errors.
    """
    known = {name: thing for name in layers.__all__ if isinstance(thing := getattr(layers, name), type)} | classes

    def make(item):
        cls = known[choice(f"layer class in {source}", item["class_name"], tuple(known))]
        config = _tuples(item["config"])
        return cls.from_config(config, make) if issubclass(cls, Trainable) and "layers" in config else cls.from_config(config)

    return make(description)


def _read(path):
    """Return the arrays in a file, by name."""
    import zipfile

    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as saved:
            return {name: saved[name] for name in saved.files}
    except (zipfile.BadZipFile, AttributeError, EOFError, TypeError, ValueError) as error:
        raise ValueError(f"path={str(path)!r} is not a model saved by striate, or is damaged ({error})") from error


def _restore_weights(model, arrays, path):
    places = list(weight_paths(model))
    for place, _ in places:
        if f"weights/{place}" not in arrays:
            raise ValueError(f"path={str(path)!r} lacks the weight {place!r}; expected one for each layer's weight")
    for place, weight in places:
        weight.assign(arrays[f"weights/{place}"])


def weight_paths(model):
    """Yield (path, weight) of the weights of all layers within a model, the path made of their names."""
    seen = {}
    for path, weight in _weight_paths(model, ""):
        seen[path] = seen.get(path, 0) + 1
        yield (path if seen[path] == 1 else f"{path}#{seen[path]}"), weight


def _weight_paths(layer, prefix):
    for sublayer in layer._sublayers():
        path = f"{prefix}{sublayer.name}/"
        yield from ((path + weight.name, weight) for weight in sublayer._own_weights)
        yield from _weight_paths(sublayer, path)


def _restore_compilation(model, description, arrays, custom_objects):
    def make(module, item):
        if item["class_name"] in custom_objects:
            return custom_objects[item["class_name"]](**item["config"])
        return module.get(item)

    model.compile(
        optimizer=make(optimizers, description["optimizer"]),
        loss={name: make(losses, item) for name, item in description["loss"].items()},
        metrics={name: [make(metrics, item) for item in items] for name, items in description["metrics"].items()},
        loss_weights=description["loss_weights"],
        autotune=description["autotune"],
    )
    _restore_optimizer(model, description, arrays)


def _restore_optimizer(model, description, arrays):
    states = {}
    for path, weight in weight_paths(model):
        names = sorted((name for name in arrays if name.rpartition("/")[0] == f"optimizer/{path}"), key=_number)
        if names:
            states[weight] = [arrays[name] for name in names]
    if description["iterations"]:
        state = [array for each in states.values() for array in each]
        model.optimizer.set_state(description["iterations"], state, list(states))


def _number(name):
    return int(name.rpartition("/")[2])


def _rng_state(rng):
    state = rng.bit_generator.state
    return state if state["bit_generator"] in ("PCG64", "PCG64DXSM") else None  # the others' states hold arrays


def _rng(state):
    generator = np.random.Generator({"PCG64": np.random.PCG64, "PCG64DXSM": np.random.PCG64DXSM}[state["bit_generator"]]())
    generator.bit_generator.state = state
    return generator


def _tuples(value):
    """JSON's lists as the tuples they were."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def _shapes(shape):
    """A shape, or a list of shapes, out of JSON."""
    return [tuple(each) for each in shape] if isinstance(shape[0], list) else tuple(shape)


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask

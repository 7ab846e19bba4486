"""Models in files: one ``.npz`` with the weights as arrays and all the rest as JSON. Nothing is ever unpickled."""

import contextlib
import json
import os
import warnings
from pathlib import Path

import numpy as np

from .. import layers, losses, metrics, optimizers
from .._arguments import read
from .._checks import choice
from .._registry import describe
from ..engine.variable import Later
from ..layers.makers import makers
from .stored import StoredArrays
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


def save(model, path, training=None):
    """Write `model` to `path`: completely, or not at all.

    `training` is the state of batches, a dict of numbers, arrays and lists of arrays by name, and a list of callbacks' class
    names and states.
    """
    path = check_folder(path)
    arrays = {f"weights/{path}": weight.peek() for path, weight in weight_paths(model)}
    description = {
        "format": _FORMAT,
        "version": _VERSION,
        "class_name": type(model).__name__,
        "config": model.get_config(),
        "input_shape": model.input_shape,
        "rng": state_of(model.rng),
        "layers": {path: state_of(rng) for path, rng in _rngs_of_layers(model)},
    }
    if model.compiled:
        description["compile"] = {
            "optimizer": describe(model.optimizer),
            "iterations": model.optimizer.iterations,
            "loss": {objective.name: describe(objective.loss) for objective in model._objectives},
            "loss_weights": {objective.name: objective.weight for objective in model._objectives},
            "metrics": _described(model, "metrics"),
            "weighted_metrics": _described(model, "weighted_metrics"),
            "autotune": model.autotune,
        }
        for path_, weight in weight_paths(model):
            arrays |= {f"optimizer/{path_}/{i}": array for i, array in enumerate(model.optimizer.state_of(weight))}
    if training is not None:
        batches, callbacks = training
        description["callbacks"] = [name for name, _ in callbacks]
        for place, state in (("batches", batches), *((f"callbacks/{i}", state) for i, (_, state) in enumerate(callbacks))):
            for name, value in state.items():
                if isinstance(value, list):
                    arrays |= {f"training/{place}/{name}/{i}": each for i, each in enumerate(value)}
                else:
                    arrays[f"training/{place}/{name}"] = np.asarray(value)
    arrays["model.json"] = np.frombuffer(json.dumps(description).encode(), np.uint8)
    _write(path, arrays)


def save_weights(model, path):
    """Write a model's weights to `path`: completely, or not at all."""
    _write(check_folder(path), {f"weights/{place}": weight.value for place, weight in weight_paths(model)})


def load_weights(model, path, skip_mismatch=False):
    """Set a model's weights to those in a file: all or none, or with `skip_mismatch` those that fit."""
    _set_weights(_fitting_weights(model, _read(path), path, skip_mismatch))


def _described(model, kind):
    return {objective.name: [describe(metric) for metric in getattr(objective, kind)] for objective in model._objectives}


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


def load(path, model_classes, custom_objects=None, compile=True, lazy=False):
    """Read a model from `path`; see `Model.load`. With `compile` False, it is not compiled."""
    custom_objects = {**REGISTERED, **(custom_objects or {})}
    arrays = _read(path, lazy)
    description = _description(arrays, path)
    classes = {**model_classes, **custom_objects}
    choice("model class", description["class_name"], tuple(classes))
    model = make_model({"class_name": description["class_name"], "config": description["config"]}, classes, path)
    model.build(_shapes(description["input_shape"]))
    _set_rngs(model, description)
    _set_weights(_fitting_weights(model, arrays, path))
    if "compile" in description and compile:
        _restore_compilation(model, description["compile"], arrays, custom_objects)
    return model


def restore(model, path):
    """Bring a compiled model into the state that one of the same layers was saved in: weights, optimizer and random numbers.

    Return the state of the training that it was saved in, if it was. Nothing is changed if the file is of another model, or of
    one compiled with another optimizer.
    """
    arrays = _read(path)
    description = _description(arrays, path)
    saved = description.get("compile", {}).get("optimizer")
    if not model.compiled or saved is None or saved["class_name"] != type(model.optimizer).__name__:
        raise ValueError(
            f"path={str(path)!r} holds a model compiled with {saved and saved['class_name']}; expected one compiled with "
            f"{type(model.optimizer).__name__ if model.compiled else 'an optimizer, and a compiled model'}"
        )
    rate = saved["config"].get("learning_rate")  # an optimizer of one's own may take none
    if rate is not None and not isinstance(rate, dict) and model.optimizer.has_schedule:
        raise ValueError(
            f"path={str(path)!r} holds a model compiled with learning_rate={rate!r}; expected a schedule, as the model has one"
        )
    if not model.built:
        model.build(_shapes(description["input_shape"]))
    _set_weights(_fitting_weights(model, arrays, path))
    _restore_optimizer(model, description["compile"], arrays)
    if rate is not None and not isinstance(rate, dict):
        model.optimizer.learning_rate = rate
    _set_rngs(model, description)
    return _training_in(arrays, description.get("callbacks", []))


def _training_in(arrays, callbacks):
    """Return the state of batches, and a list of callbacks' class names and states, as `save` was given them."""
    states = {"batches": {}, **{str(i): {} for i in range(len(callbacks))}}
    for name in arrays:
        if name.startswith("training/"):
            _, kind, *rest = name.split("/")
            state = states["batches" if kind == "batches" else rest.pop(0)]
            if len(rest) == 2:  # a list of arrays
                state.setdefault(rest[0], []).append(arrays[name])
            else:
                state[rest[0]] = arrays[name]
    return states["batches"], [(name, states[str(i)]) for i, name in enumerate(callbacks)]


def _description(arrays, path):
    """Return what is said of a model in a file, besides the weights; `arrays` are left without it."""
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
    return description


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
    return maker(classes, source=source)(description)


def maker(classes, custom_objects=None, source="a configuration"):
    """Return a function that returns the layer or model of a description; see `make_model`."""
    known = {name: thing for name in layers.__all__ if isinstance(thing := getattr(layers, name), type)}
    known |= {**classes, **REGISTERED, **(custom_objects or {})}

    def make(item):
        cls = known[choice(f"layer class in {source}", item["class_name"], tuple(known))]
        config = _tuples(item["config"])
        own = known.get(config.get("activation")) if isinstance(config.get("activation"), str) else None
        if own is not None and not isinstance(own, type):  # an activation of one's own
            config["activation"] = own
        if cls.keeps_arguments:
            return cls.from_config(read(config, makers(make, known)))
        if issubclass(cls, Trainable) and "layers" in config:
            return cls.from_config(config, make_layer=make)
        return cls.from_config(config)

    return make


def _read(path, lazy=False):
    """Return the arrays in a file, by name; weights as `Later` if `lazy`."""
    import zipfile

    try:
        source = StoredArrays(path) if lazy else None
        later = {name: array for name, array in source.later().items() if name.startswith("weights/")} if lazy else {}
        with source.open() if lazy else open(path, "rb") as file, np.load(file, allow_pickle=False) as saved:
            return {name: later[name] if name in later else saved[name] for name in saved.files}
    except (zipfile.BadZipFile, AttributeError, EOFError, TypeError, ValueError) as error:
        raise ValueError(f"path={str(path)!r} is not a model saved by striate, or is damaged ({error})") from error


def _fitting_weights(model, arrays, path, skip_mismatch=False):
    """Return (weight, array) for each of a model's weights; what does not fit is refused, or left out with a warning."""
    wanted = {f"weights/{place}": weight for place, weight in weight_paths(model)}
    found = [name for name in arrays if name.startswith("weights/")]
    problems = [f"lacks the weight {name[8:]!r}" for name in wanted if name not in arrays]
    problems += [f"holds the weight {name[8:]!r}, which the model has not" for name in found if name not in wanted]
    problems += [
        f"holds shape {arrays[name].shape} for the weight {name[8:]!r}, where the model has {weight.shape}"
        for name, weight in wanted.items()
        if name in arrays and arrays[name].shape != weight.shape
    ]
    if problems:
        text = f"path={str(path)!r} {'; '.join(problems[:5])}{' …' if len(problems) > 5 else ''}"
        if not skip_mismatch:
            raise ValueError(f"{text}; expected the weights of this model")
        warnings.warn(text, stacklevel=4)
    return [(weight, arrays[name]) for name, weight in wanted.items() if name in arrays and arrays[name].shape == weight.shape]


def _set_weights(found):
    for weight, array in found:
        if isinstance(array, Later) and array.dtype == weight.dtype:
            weight.assign_later(array)
        else:
            weight.assign(array.make() if isinstance(array, Later) else array)


def weight_paths(model):
    """Yield (path, weight) of the weights of all layers within a model, the path made of their names."""
    seen = {}
    for path, weight in (*((weight.name, weight) for weight in model._own_weights), *_weight_paths(model, "")):
        seen[path] = seen.get(path, 0) + 1
        yield (path if seen[path] == 1 else f"{path}#{seen[path]}"), weight


def _weight_paths(layer, prefix):
    for sublayer in layer._sublayers():
        path = f"{prefix}{sublayer.name}/"
        yield from ((path + weight.name, weight) for weight in sublayer._own_weights)
        yield from _weight_paths(sublayer, path)


def _restore_compilation(model, description, arrays, custom_objects):
    kinds = makers(None, custom_objects)

    def make(module, item):
        """Return a loss or metric; what is no class of striate's is looked up by its name."""
        config = dict(item["config"])
        if "function" in config:
            name = config.pop("function")
            function = custom_objects.get(name) or getattr(losses, name, None)
            if function is None:
                choice("function (see custom_objects)", name, tuple(custom_objects))
            return getattr(module, item["class_name"])(function, **config)
        if item["class_name"] in custom_objects:
            return custom_objects[item["class_name"]](**read(config, kinds))
        return module.get(item)

    model.compile(
        optimizer=optimizers.deserialize(description["optimizer"], custom_objects),
        loss={name: make(losses, item) for name, item in description["loss"].items()} or None,
        loss_weights=description["loss_weights"],
        **{
            kind: {name: [make(metrics, item) for item in items] for name, items in description[kind].items()}
            for kind in ("metrics", "weighted_metrics")
        },
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


def _rngs_of_layers(layer, prefix=""):
    """Yield (path, generator) of the layers that have one of their own."""
    for sublayer in layer._sublayers():
        path = f"{prefix}{sublayer.name}/"
        if getattr(sublayer, "_own_rng", None) is not None:
            yield path, sublayer._own_rng
        yield from _rngs_of_layers(sublayer, path)


def _set_rngs(model, description):
    """Bring the generators of a model and of its layers into the states that they were saved in."""
    model.rng = rng_of(description["rng"])
    states = description["layers"]
    for path, rng in _rngs_of_layers(model):
        if path in states:
            rng.bit_generator.state = rng_of(states[path]).bit_generator.state


def state_of(rng):
    """Return the state of a generator as JSON can hold it."""

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, np.ndarray):
            return {"array": value.tolist(), "dtype": value.dtype.name}
        return value.item() if isinstance(value, np.generic) else value

    return plain(rng.bit_generator.state)


def rng_of(state):
    """Return a generator in the state that `state_of` returned."""

    def read(value):
        if isinstance(value, dict):
            return np.array(value["array"], value["dtype"]) if "array" in value else {k: read(v) for k, v in value.items()}
        return value

    name = choice("bit generator", state["bit_generator"], ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"))
    rng = np.random.Generator(getattr(np.random, name)())
    rng.bit_generator.state = read(state)
    return rng


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

"""The library's own format: one ``.npz`` with the weights as arrays and the rest as JSON. Nothing is ever unpickled."""

import contextlib
import copy
import json
import warnings
from typing import NamedTuple

import numpy as np

from .. import losses, metrics, optimizers
from .._common.arguments import read
from .._common.checks import choice, integer, number, shown
from .._common.code import require_no_code
from .._common.files import atomic_write, check_folder
from .._common.names import public_attributes
from .._common.registry import REGISTERED, describe
from .._common.structures import keys_of, parts_of, shapes_of_json
from ..engine import Quantization
from ..engine.low_precision import REASONS
from ..layers.deserialization import deserializers
from ..models import formats
from ..models.assignment import is_collection
from ..models.deserialization import known_models, layer_deserializer
from .npz import SMALL, StoredArrays
from .random_states import rng_of, rngs_of_layers, state_of
from .training_states import arrays_of_training, training_in
from .weights import as_stored, set_weights, weight_paths

_FORMAT = "striate"
_VERSION = 1

#: Largest absolute bound of the range of quantized values.
_LARGEST_BOUND = float(np.finfo(np.float32).max)


@formats.register(formats.OWN)
class OwnFormat(formats.Format):
    """The format that `Model.save`, `save_weights` and `save_training` write."""

    def load_model(self, path, custom_objects, compile, lazy, safe_mode=True, *classes):
        """Return the model in a file, which may be of one of `classes`: see `Model.load`."""
        arrays = StoredArrays(path)
        with contextlib.nullcontext() if lazy else arrays, arrays.reading():
            description = _description(arrays)
            if "config" not in description:
                raise ValueError(f"path={str(path)!r} holds the state of a training; expected a model")
            require_no_code(path, description["config"])
            if description["class_name"] not in known_models(custom_objects, *classes):
                raise ValueError(
                    f"model class={shown(description['class_name'])} is unknown; expected a class of striate, one that is "
                    "registered, or one in `custom_objects`"
                )
            make_model = layer_deserializer(custom_objects, *classes)
            model = make_model({"class_name": description["class_name"], "config": description["config"]})
            if description["input_shape"] is not None:
                model.build(shapes_of_json(description["input_shape"]))
            if "dtype_policy" in description:
                model.dtype_policy = description["dtype_policy"]
            if "weight_dtype" in description:
                model.weight_dtype = description["weight_dtype"]
            if "quantization" in description:
                model.quantization = _quantization_in(description)
            _set_rngs(_rngs_in(model, description))
            found = _fitting_weights(model, arrays)  # All shapes are checked before any weight takes memory.
            if lazy:
                found = [(weight, array) for weight, array in found if not _left_in_file(weight, array)]
            for weight, array in _read_weights(found):
                weight.assign(array)
            if "compile" in description and compile:
                _restore_compilation(model, description["compile"], {**REGISTERED, **custom_objects})
                _set_optimizer(model, _optimizer_state_in(model, description["compile"], arrays))
                _set_learning_rates(model.optimizer, _learning_rates_in(model, description["compile"], arrays.path))
        return model

    def load_weights(self, model, path, skip_mismatch, by_name, skipped=()):
        """Set a model's weights to those in a file: all or none, or, with `skip_mismatch`, those that fit.

        Those of the layers `skipped` stay as they are.
        """
        if by_name:
            raise ValueError(f"by_name=True does not work with {path!r}, which striate saved; expected False")
        with StoredArrays(path) as arrays:
            found = list(_read_weights(_fitting_weights(model, arrays, skip_mismatch, skipped)))
        set_weights(found)

    def save_weights(self, model, path, skipped=()):
        """Write a model's weights to a file, but for those of the layers `skipped`, completely or not at all."""
        _write(check_folder(path), {f"weights/{place}": weight.value for place, weight in weight_paths(model, skipped)})

    def save_model(self, model, path, training=None, include_optimizer=True):
        """Write a model to a file, completely or not at all.

        `training` is a pair: the state of the batches, a dict of numbers, arrays and lists of arrays by name, and a list of
        (class name, state) of the callbacks. Without `include_optimizer`, the model is written as if it were not compiled.
        """
        path = check_folder(path)
        compiled = model.compiled and include_optimizer
        description = _describe(model, training is None, compiled)
        arrays = {f"weights/{place}": weight.peek() for place, weight in weight_paths(model)}
        if compiled:
            for place, weight in weight_paths(model):
                arrays |= {f"optimizer/{place}/{i}": array for i, array in enumerate(model.optimizer.state_of(weight))}
        if training is not None:
            batches, callbacks = training
            description["callbacks"] = [name for name, _ in callbacks]
            arrays |= arrays_of_training(batches, [state for _, state in callbacks])
        arrays["model.json"] = np.frombuffer(json.dumps(description).encode(), np.uint8)
        _write(path, arrays)

    def restore(self, model, path, check=None):
        """Restore a compiled model from the file of one with the same layers: weights, optimizer and random numbers.

        Return the state of the training that was saved with it, if there is one. Nothing is changed if the file holds another
        model, or one compiled with another optimizer, or is damaged, or if `check` raises an error for its path, the state of
        the training and a built model.
        """

        def read_for(model):
            checkpoint = _Checkpoint.read(model, description, arrays)
            if check is not None:
                check(path, checkpoint.training, model)
            return checkpoint

        with StoredArrays(path) as arrays, arrays.reading():
            description = _description(arrays)
            saved = description.get("compile", {}).get("optimizer")
            if not model.compiled or saved is None or saved["class_name"] != type(model.optimizer).__name__:
                raise ValueError(
                    f"path={str(path)!r} holds a model compiled with {saved and saved['class_name']}; expected one compiled "
                    f"with {type(model.optimizer).__name__ if model.compiled else 'an optimizer, and a compiled model'}"
                )
            if not model.built:
                shapes = shapes_of_json(description["input_shape"])
                trial = copy.deepcopy(model)
                trial.build(shapes)
                read_for(trial)  # A file that does not fit must not leave the model built.
                model.build(shapes)
            checkpoint = read_for(model)
        checkpoint.load_into(model)
        return checkpoint.training


def _describe(model, whole, compiled):
    """Return what a file holds besides arrays; unless `whole`, it suffices only to restore a model of the same layers.

    It describes how the model was compiled if `compiled`.
    """
    description = {
        "format": _FORMAT,
        "version": _VERSION,
        "class_name": type(model).__name__,
        "input_shape": model.input_shape,
        "rng": state_of(model.rng),
        "layers": {place: state_of(rng) for place, rng in rngs_of_layers(model)},
    }
    if model.dtype_policy != model.dtype:
        description["dtype_policy"] = model.dtype_policy
    if model.weight_dtype != model.dtype:
        description["weight_dtype"] = model.weight_dtype
    if model.quantization is not None:
        description["quantization"] = {str(index): bounds for index, bounds in model.quantization.ranges.items()}
        if model.quantization.kept:
            description["kept"] = {str(index): reason for index, reason in model.quantization.kept.items()}
    if whole:
        description["config"] = model.get_config()
    if compiled:
        description["compile"] = {
            "optimizer": describe(model.optimizer),
            "iterations": model.optimizer.iterations,
            **_learning_rates(model.optimizer),
            "autotune": model.autotune,
            **(_describe_objectives(model) if whole else {}),
        }
    return description


def _describe_objectives(model):
    """Return the losses, their weights and the metrics of a compiled model, by the names of its outputs.

    Where an output has several losses, or a loss takes several outputs, losses are in the structure given to `compile`.
    """
    objectives = model._objectives
    names = [each.name for each in objectives if isinstance(each.output, int)]
    if len(set(names)) == len(objectives):
        judged = {
            "loss": {each.name: None if each.loss is None else describe(each.loss) for each in objectives},
            "loss_weights": {each.name: each.weight for each in objectives},
        }
    else:
        given = model._asked_for
        judged = {
            "losses": _written(given["loss"], lambda loss: describe(losses.get(loss))),
            "loss_weights": _written(given["loss_weights"], float),
        }
    return judged | {
        "metrics": {each.name: list(map(describe, each.metrics)) for each in objectives if each.metrics},
        "weighted_metrics": {
            each.name: list(map(describe, each.weighted_metrics)) for each in objectives if each.weighted_metrics
        },
    }


def _written(structure, describe):
    """Return a structure given to `compile` in a form that JSON can hold, with descriptions of its leaves."""
    if not is_collection(structure):
        return None if structure is None else describe(structure)
    parts = [_written(each, describe) for each in parts_of(structure)]
    if isinstance(structure, dict):
        return {"dict": dict(zip(keys_of(structure), parts, strict=True))}
    return {"tuple" if isinstance(structure, tuple) else "list": parts}


def _read(found, make):
    """Return the structure that `_written` wrote, with what a function makes of the descriptions of its leaves."""
    if isinstance(found, dict) and "dict" in found:
        return {key: _read(each, make) for key, each in found["dict"].items()}
    for kind in (tuple, list):
        if isinstance(found, dict) and kind.__name__ in found:
            return kind(_read(each, make) for each in found[kind.__name__])
    return None if found is None else make(found)


def _write(path, arrays):
    with atomic_write(path) as file:
        np.savez(file, **arrays)


class _Checkpoint(NamedTuple):
    """The state of a compiled model in a file, read and checked as a whole before the model is changed."""

    weights: list  # (weight, array)
    optimizer: tuple  # arguments of the optimizer's `set_state`
    learning_rates: list  # constant learning rate of each optimizer, or None to keep the optimizer's
    rngs: tuple  # what `_rngs_in` returns
    training: tuple  # what `training_in` returns

    @classmethod
    def read(cls, model, description, arrays):
        """Return the checkpoint in a file, checked against a model."""
        found = _fitting_weights(model, arrays)
        state = _optimizer_state_in(model, description["compile"], arrays)
        return cls(
            list(_read_weights(found)),
            state,
            _learning_rates_in(model, description["compile"], arrays.path),
            _rngs_in(model, description),
            training_in(arrays, description.get("callbacks", [])),
        )

    def load_into(self, model):
        """Set the state of the model to that of the checkpoint."""
        set_weights(self.weights)
        _set_optimizer(model, self.optimizer)
        _set_learning_rates(model.optimizer, self.learning_rates)
        _set_rngs(self.rngs)


def _description(arrays):
    """Return the description of a model in a file, which is everything but the weights."""
    text = arrays["model.json"]
    # Parsed JSON takes many times the memory of its text, so that a highly compressed one could exhaust it.
    if text.shape[0] > max(arrays.size, SMALL):
        raise ValueError(f"its description has {text.shape[0]} bytes; expected at most as many as the file")
    description = json.loads(bytes(text.make()))
    if description["format"] != _FORMAT:
        raise ValueError(f"its format is {description['format']!r}")
    if description["version"] != _VERSION:
        raise ValueError(
            f"path={str(arrays.path)!r} holds a model in format version {description['version']}; expected {_VERSION} "
            "(a newer striate may read it)"
        )
    return description


def _fitting_weights(model, arrays, skip_mismatch=False, skipped=()):
    """Return (weight, `LazyArray`) for each of a model's weights; any that does not fit raises an error or a warning.

    Those of the layers `skipped` are left out.
    """
    known = {f"weights/{place}" for place, _ in weight_paths(model)}
    wanted = {f"weights/{place}": weight for place, weight in weight_paths(model, skipped)}
    found = [name for name in arrays.names if name.startswith("weights/")]
    held = {name: arrays[name] for name in wanted if name in arrays}
    fitting = {name: lazy for name, lazy in held.items() if lazy.shape == wanted[name].shape}
    problems = [f"lacks the weight {name[8:]!r}" for name in wanted if name not in held]
    problems += [f"holds the weight {name[8:]!r}, which the model does not have" for name in found if name not in known]
    problems += [
        f"holds shape {lazy.shape} for the weight {name[8:]!r}, where the model has {wanted[name].shape}"
        for name, lazy in held.items()
        if name not in fitting
    ]
    if problems:
        text = f"path={str(arrays.path)!r} {'; '.join(problems[:5])}{' …' if len(problems) > 5 else ''}"
        if not skip_mismatch:
            raise ValueError(f"{text}; expected the weights of this model")
        warnings.warn(text, stacklevel=4)
    return [(wanted[name], lazy) for name, lazy in fitting.items()]


def _left_in_file(weight, lazy):
    """Leave a weight in its file until it is first needed, if possible; return whether it is."""
    possible = lazy.repeatable and lazy.dtype == weight.dtype
    if possible:
        weight.assign_lazily(lazy)
    return possible


def _read_weights(found):
    """Yield (weight, array) for (weight, `LazyArray`)."""
    return ((weight, as_stored(lazy.make(), weight.dtype)) for weight, lazy in found)


def _restore_compilation(model, description, custom_objects):
    kinds = deserializers(None, custom_objects)

    def make(module, wrapper, item):
        """Return a loss or metric; a function, or a custom class, is looked up by its name."""
        config = dict(item["config"])
        if "function" in config:
            functions = {**losses.FUNCTIONS, **custom_objects}
            name = choice("function (see custom_objects)", config.pop("function"), tuple(functions))
            choice("class of a function", item["class_name"], (wrapper.__name__,))
            return wrapper(functions[name], **config)
        if item["class_name"] in custom_objects:
            return custom_objects[item["class_name"]](**read(config, kinds))
        return module.get(item)

    def make_loss(item):
        return make(losses, losses.FunctionLoss, item)

    weights = description["loss_weights"]
    if "losses" in description:
        loss, weights = _read(description["losses"], make_loss), _read(weights, float)
    else:
        loss = {name: make_loss(item) for name, item in description["loss"].items() if item} or None
    model.compile(
        optimizer=optimizers.deserialize(description["optimizer"], custom_objects),
        loss=loss,
        loss_weights=weights,
        **{
            kind: {
                name: [make(metrics, metrics.FunctionMetric, item) for item in items]
                for name, items in description[kind].items()
            }
            for kind in ("metrics", "weighted_metrics")
        },
        autotune=description["autotune"],
    )


def _optimizer_state_in(model, description, arrays):
    """Return the arguments of `set_state` of a model's optimizer, checked."""
    iterations = integer("iterations", description["iterations"], 0, np.iinfo(np.int64).max)
    found = {}
    for name in arrays.names:
        if name.startswith("optimizer/"):
            path, _, index = name.removeprefix("optimizer/").rpartition("/")
            found.setdefault(path, {})[int(index)] = arrays[name]
    weights = {path: weight for path, weight in weight_paths(model) if path in found}
    if unknown := sorted(found.keys() - weights.keys()):
        raise ValueError(f"it holds an optimizer's state for {unknown[0]!r}, which the model does not have")
    if not iterations:
        return 0, [], []
    lazy_arrays = [found[path][i] for path in weights for i in range(len(found[path]))]
    wanted = model.optimizer.check_state(lazy_arrays, list(weights.values()))
    arrays = [as_stored(lazy.make(), dtype) for lazy, dtype in zip(lazy_arrays, wanted, strict=True)]
    return iterations, arrays, list(weights.values())


def _learning_rates(optimizer):
    """Return the learning rates of several optimizers in one, None for schedules; a single one's is in its configuration."""
    if optimizer.optimizers == [optimizer]:
        return {}
    return {"learning_rates": [None if each.has_schedule else float(each.learning_rate) for each in optimizer.optimizers]}


def _set_learning_rates(optimizer, rates):
    """Set the learning rates that several optimizers in one, or a single one, had; None keeps that of an optimizer."""
    for each, rate in zip(optimizer.optimizers, rates, strict=True):
        if rate is not None:
            each.learning_rate = rate


def _learning_rates_in(model, description, path):
    """Return the constant learning rate of each of a model's optimizers, checked, None for those with schedules."""
    rate = description["optimizer"]["config"].get("learning_rate")  # A custom optimizer may have none.
    rates = description.get("learning_rates", [None if isinstance(rate, dict) else rate])
    own = model.optimizer.optimizers
    if not isinstance(rates, list) or len(rates) != len(own):
        raise ValueError(f"path={str(path)!r} holds learning_rates={shown(rates)}; expected {len(own)} in a list")
    for optimizer, rate in zip(own, rates, strict=True):
        if rate is not None and optimizer.has_schedule:
            raise ValueError(
                f"path={str(path)!r} holds a model compiled with learning_rate={shown(rate)}; expected a schedule, as the "
                "model has one"
            )
    return [None if rate is None else number("learning_rate", rate, 0) for rate in rates]


def _set_optimizer(model, state):
    model.optimizer.set_state(*state)


def _rngs_in(model, description):
    """Return the model, its new generator, and (generator, state) of the layers that have generators of their own."""
    states = description["layers"]
    of_layers = []
    for path, rng in rngs_of_layers(model):
        if path in states:
            state = rng_of(states[path]).bit_generator.state
            choice(f"bit generator of layer {path.rstrip('/')!r}", state["bit_generator"], (type(rng.bit_generator).__name__,))
            of_layers.append((rng, state))
    return model, rng_of(description["rng"]), of_layers


def _set_rngs(rngs):
    """Set the generators of a model and of its layers to their saved states."""
    model, model.rng, of_layers = rngs
    for rng, state in of_layers:
        rng.bit_generator.state = state


def _quantization_in(description):
    """Return how the graph of a model is quantized: see `striate.engine.low_precision`."""
    ranges = {int(key): _bounds(key, value) for key, value in description["quantization"].items()}
    kept = description.get("kept", {}).items()
    return Quantization(ranges, {int(key): choice(f"kept[{key}]", reason, REASONS) for key, reason in kept})


def _bounds(key, value):
    """Return the bounds of the values of an operation: see `striate.quantization`."""
    low, high = value
    return number(f"quantization[{key}][0]", low, -_LARGEST_BOUND, 0), number(
        f"quantization[{key}][1]", high, 0, _LARGEST_BOUND
    )


__all__ = ["OwnFormat"]

__getattr__, __dir__ = public_attributes(globals())

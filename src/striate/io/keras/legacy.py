"""Keras 2's HDF5 files, ``.h5``, which Keras 3 also writes: weights alone, or, in a group, beside a model's configuration.

Each of a model's layers has a group of its name, whose attribute ``weight_names`` has the names of the arrays in it, in the
order of the weights: those that are trained first. The attribute ``layer_names`` of the whole has the names of these groups.
"""

import itertools

from ..._common.lazy_modules import json
from .archive import child

#: Group of the weights that are a model's own, not those of its layers.
_OWN = "top_level_model_weights"

#: Arguments in configurations of Keras 2 without a counterpart, by the beginning of the class's name.
_OUTDATED = {
    "Lambda": ("module", "function_type", "output_shape_type", "output_shape_module"),
    "SeparableConv": ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"),
    "": ("implementation", "time_major"),
}


def is_legacy(file):
    """Return whether an open HDF5 file has the layout of Keras 2."""
    return "model_weights" in file or not {"layer_names", "layer_names0", "model_config"}.isdisjoint(file.attrs)


def legacy_entries(model, file, path, by_name=False):
    """Yield (name, layer, weights, datasets) of the layers of a model in a file: those with weights, in order, or by name."""
    group = child(file, "model_weights") if "layer_names" not in file.attrs and "model_weights" in file else file
    stored = {name: _datasets(group, name) for name in _names(group, "layer_names")}
    if by_name:
        layers = {layer.name: layer for layer in model.layers}
        pairs = [(name, layers[name]) for name in stored if name in layers]
    else:
        names, layers = [name for name in stored if stored[name]], [layer for layer in model.layers if _weights(layer)]
        if len(names) != len(layers):
            raise ValueError(
                f"path={str(path)!r} holds {len(names)} layers with weights; expected {len(layers)}, as the model has, or "
                "by_name=True"
            )
        pairs = zip(names, layers, strict=True)
    for name, layer in pairs:
        yield name, layer, _weights(layer), stored[name]
    if _OWN in group:
        own = sorted(model._own_weights, key=lambda weight: not weight.trainable)
        yield _OWN, model, own, _datasets(group, _OWN)


def _weights(layer):
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _datasets(group, name):
    """Return the arrays of a layer."""
    layer = child(group, name)
    if layer is None:
        raise ValueError(f"there is no group {name!r}; expected one for each of the layers that are named")
    return [child(layer, each) for each in _names(layer, "weight_names")]


def _names(group, attribute):
    """Return the names in an attribute, which is spread over several, with numbers, if it is long."""
    numbered = itertools.takewhile(lambda name: name in group.attrs, (f"{attribute}{i}" for i in itertools.count()))
    parts = [attribute] if attribute in group.attrs else numbered
    return [each.decode() if isinstance(each, bytes) else str(each) for part in parts for each in group.attrs[part]]


def legacy_configurations(file):
    """Return the configuration of the model in an open file as Keras 3 writes it, and that of its compilation, or None."""
    if "model_config" not in file.attrs:
        raise ValueError("the file holds weights, but no model; expected one that `save` wrote, not `save_weights`")
    model, training = (
        json.loads(file.attrs[name]) if name in file.attrs else None for name in ("model_config", "training_config")
    )
    if training is not None:
        training = {**training, "optimizer": training.get("optimizer_config")}
    return _as_keras_3(model), training


def _as_keras_3(item):
    """Return the description of a layer or model as Keras 3 writes it in ``.keras`` files."""
    kind, config = item["class_name"], item["config"]
    config = {"name": "sequential", "layers": config} if isinstance(config, list) else dict(config)
    for beginning, names in _OUTDATED.items():
        for name in names if kind.startswith(beginning) else ():
            config.pop(name, None)
    for name, value in config.items():
        if isinstance(value, dict) and isinstance(value.get("config"), dict) and name in ("layer", "cell", "backward_layer"):
            config[name] = _as_keras_3(value)
    if "layers" in config:
        config["layers"] = [_as_keras_3(each) for each in config["layers"]]
    shape = config.pop("batch_input_shape", None)
    if shape is not None:
        config |= {"batch_shape": shape} if kind == "InputLayer" else {"input_shape": shape[1:]}
    axis = config.get("axis")
    if kind == "BatchNormalization" and isinstance(axis, list) and len(axis) == 1:
        config["axis"] = axis[0]
    if kind == "LeakyReLU" and "alpha" in config:
        config["negative_slope"] = config.pop("alpha")
    function = config.get("function")
    if kind == "Lambda" and isinstance(function, list):
        config["function"] = _lambda(function)
    return {**item, "config": config, "inbound_nodes": [_as_call(each) for each in item.get("inbound_nodes", ())]}


def _lambda(function):
    return {"class_name": "__lambda__", "config": dict(zip(("code", "defaults", "closure"), function, strict=True))}


def _as_call(node):
    """Return the description of a call; in Keras 2, it is a list of tensors: a layer, two indices, and keyword arguments."""
    if isinstance(node, dict):
        return node
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"dtype": "float32", "keras_history": list(each[:3])}} for each in node
    ]
    return {"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": node[0][3] if len(node[0]) > 3 else {}}

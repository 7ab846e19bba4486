"""How Keras compiled a model: its optimizer, losses and metrics, as arguments of `compile`."""

from ... import losses, metrics, optimizers
from ..._common.arguments import deserialized
from ..._common.errors import parameters_of

#: Arguments of Keras' classes that affect nothing here.
_IRRELEVANT = {"dtype", "ema_momentum", "fn", "is_legacy_optimizer", "jit_compile"}


def compile_arguments(config, custom_objects):
    """Return the arguments of `compile` for the configuration in a file.

    Parameters
    ----------
    config : dict
        What Keras wrote: ``compile_config`` of a ``.keras`` file, or ``training_config`` of an ``.h5`` file.
    custom_objects : dict of str to class or function
        Custom losses, metrics and optimizers, by name.
    """
    rooms = {"optimizer": optimizers, "loss": losses, "metrics": metrics, "weighted_metrics": metrics}
    given = {"optimizer": "rmsprop", **{name: value for name, value in config.items() if value is not None}}
    made = {name: _made(given[name], room, custom_objects) for name, room in rooms.items() if name in given}
    return {**made, "loss_weights": config.get("loss_weights")}


def _made(item, module, custom):
    """Return the objects that an item describes: an object, or a list or dict of items."""
    if item is None:
        return None
    if isinstance(item, list):
        return [_made(each, module, custom) for each in item]
    if isinstance(item, dict) and "class_name" not in item:
        return {name: _made(each, module, custom) for name, each in item.items()}
    name, config = (item["class_name"], item["config"]) if isinstance(item, dict) else (item, {})
    if name == "function":
        name, config = config, {}
    elif name == "MeanMetricWrapper":  # Keras 2's metric that is the mean of a function.
        name, config = config["fn"], {}
    name = name.rpartition(">")[2]
    if not config:  # What "accuracy" is depends on the model's outputs.
        return custom.get(name, name)
    if name not in custom:
        config = _known(name, config, parameters_of(getattr(module, name, object)))
    description = {"class_name": name, "config": config}
    if module is optimizers:
        return optimizers.deserialize(description, custom)
    return deserialized(description, module.get, custom)


def _known(name, config, accepted):
    """Return the arguments that a class takes; others must have no effect."""
    taken = {}
    for key, value in config.items():
        if key in accepted:
            taken[key] = "sum_over_batch_size" if (key, value) == ("reduction", "auto") else value
        elif key not in _IRRELEVANT and value not in (None, False, 0):
            raise ValueError(f"{name} with {key}={value!r} is not supported")
    return taken

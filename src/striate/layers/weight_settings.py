"""Settings of a layer's weights, initializer, regularizer and constraint, as attributes named after the weight."""

from .. import constraints, initializers, regularizers

SETTINGS = {"initializer": initializers, "regularizer": regularizers, "constraint": constraints}


def setting(argument, given):
    """Return an initializer, regularizer or constraint, given as an object or by name; `argument` ends with the kind."""
    try:
        return SETTINGS[argument.rpartition("_")[2]].get(given)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{argument}: {error}") from None


def set_weight(layer, name, initializer, regularizer=None, constraint=None, argument=None):
    """Keep the settings of the weight `name`, given as objects or by name; errors call them after `argument` or the name."""
    for kind, given in zip(SETTINGS, (initializer, regularizer, constraint), strict=True):
        setattr(layer, f"{name}_{kind}", setting(f"{argument or name}_{kind}", given))


def make_weight(layer, name, shape):
    """Return the weight `name`, made according to its settings."""
    return layer.add_weight(shape, name=name, **{kind: getattr(layer, f"{name}_{kind}") for kind in SETTINGS})


def weight_config(layer, name, argument=None):
    """Return the settings of the weight `name` as the constructor's arguments, which begin with `argument` or the name."""
    return {
        f"{argument or name}_{kind}": module.serialize(getattr(layer, f"{name}_{kind}")) for kind, module in SETTINGS.items()
    }

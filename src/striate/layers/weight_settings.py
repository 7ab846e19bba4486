"""Settings of a layer: its activation, and the initializer, regularizer and constraint of each weight, as attributes."""

from .. import activations, constraints, initializers, regularizers

#: Kinds of settings, with the modules that return them by name.
SETTINGS = {"initializer": initializers, "regularizer": regularizers, "constraint": constraints}


class ActivationSetting:
    """An activation as an attribute of a layer, which is a function.

    The attribute with an underscore before its name is what `activations.resolve` makes of it, for operations that fuse it.
    """

    def __set_name__(self, owner, name):
        self._resolved = f"_{name}"

    def __get__(self, layer, owner=None):
        return self if layer is None else activations.get(getattr(layer, self._resolved))

    def __set__(self, layer, given):
        setattr(layer, self._resolved, activations.resolve(given))


def setting(argument, given):
    """Return an initializer, regularizer or constraint, given as an object or a name; `argument` ends with its kind."""
    try:
        return SETTINGS[argument.rpartition("_")[2]].get(given)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{argument}: {error}") from None


def set_weight(layer, name, initializer, regularizer=None, constraint=None, argument=None):
    """Keep the settings of the weight `name`, given as objects or names; in errors, they begin with `argument` or `name`."""
    for kind, given in zip(SETTINGS, (initializer, regularizer, constraint), strict=True):
        setattr(layer, f"{name}_{kind}", setting(f"{argument or name}_{kind}", given))


def make_weight(layer, name, shape, **others):
    """Make the weight `name` according to its settings, of which `others` take the place of some, and return it."""
    return layer.add_weight(shape, name=name, **{kind: getattr(layer, f"{name}_{kind}") for kind in SETTINGS} | others)


def weight_config(layer, name, argument=None):
    """Return the settings of the weight `name` as arguments of the constructor, whose names begin with `argument` or `name`."""
    return {
        f"{argument or name}_{kind}": module.serialize(getattr(layer, f"{name}_{kind}")) for kind, module in SETTINGS.items()
    }

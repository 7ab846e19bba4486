"""Settings of a layer's weights: how one begins, its penalty and its constraint, as attributes named after it."""

from .. import constraints, initializers, regularizers

ROOMS = {"initializer": initializers, "regularizer": regularizers, "constraint": constraints}


def set_weight(layer, name, initializer, regularizer=None, constraint=None):
    """Keep the settings of the weight `name`, given as objects or by name."""
    for kind, given in zip(ROOMS, (initializer, regularizer, constraint), strict=True):
        setattr(layer, f"{name}_{kind}", ROOMS[kind].get(given))


def make_weight(layer, name, shape):
    """Return the weight `name`, made as its settings tell."""
    return layer.add_weight(shape, name=name, **{kind: getattr(layer, f"{name}_{kind}") for kind in ROOMS})


def weight_config(layer, name, argument=None):
    """Return the settings of the weight `name` as the constructor's arguments, which begin with `argument` or the name."""
    return {f"{argument or name}_{kind}": room.serialize(getattr(layer, f"{name}_{kind}")) for kind, room in ROOMS.items()}

"""The states of random number generators, in a form that JSON can hold."""

import numpy as np

from .._common.checks import choice
from ..layers.sublayers import layers_by_path

_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")  # Their classes would be slow to import.


def rngs_of_layers(model):
    """Yield (path, generator) of the layers in a model that have their own generator; the path ends with a slash."""
    for path, layer in layers_by_path(model):
        if getattr(layer, "_own_rng", None) is not None:
            yield f"{path}/", layer._own_rng


def state_of(rng):
    """Return the state of a generator in a form that JSON can hold."""

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
        if not isinstance(value, dict):
            return value
        if "array" in value:
            return np.array(value["array"], choice("dtype of random numbers", value["dtype"], ("uint32", "uint64")))
        return {key: read(each) for key, each in value.items()}

    name = choice("bit generator", state["bit_generator"], _BIT_GENERATORS)
    rng = np.random.Generator(getattr(np.random, name)())
    rng.bit_generator.state = read(state)
    return rng

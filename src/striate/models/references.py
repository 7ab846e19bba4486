"""The inputs and outputs of calls in a graph of layers, in a form that JSON can hold: each tensor as (node, index).

Named tuples become tuples without names.
"""

from .._common.arguments import read, written
from .._common.structures import Arguments
from ..layers.deserialization import deserializers


def reference(tensors, index):
    """Return what refers to the tensors of a structure.

    Parameters
    ----------
    tensors : Tensor, or a structure of them
        The tensors.
    index : dict of int to int
        Index of each node, by its id.
    """
    if isinstance(tensors, Arguments):
        found = {name: reference(each, index) for name, each in tensors.items()}
        return {"arguments": found, "constants": {name: written(each) for name, each in tensors.constants.items()}}
    if isinstance(tensors, dict):
        return {"dict": {key: reference(each, index) for key, each in tensors.items()}}
    if isinstance(tensors, (list, tuple)):
        found = [reference(each, index) for each in tensors]
        return {"tuple": found} if isinstance(tensors, tuple) else found
    return index[id(tensors.node)], tensors.index


def referred(found, tensors):
    """Return the structure of tensors that `reference` made `found` for; `tensors` holds a list of tensors for each node."""
    if isinstance(found, dict) and "arguments" in found:
        constants = {name: read(each, deserializers()) for name, each in found["constants"].items()}
        return Arguments({name: referred(each, tensors) for name, each in found["arguments"].items()}, constants)
    if isinstance(found, dict) and "tuple" in found:
        return tuple(referred(each, tensors) for each in found["tuple"])
    if isinstance(found, dict):
        return {key: referred(each, tensors) for key, each in found["dict"].items()}
    if isinstance(found[0], int):
        node, index = found
        return tensors[node][index]
    return [referred(each, tensors) for each in found]

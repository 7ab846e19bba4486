"""The weights of operations in the graph of a prediction, and the variables that they are made from."""

from ..engine import Variable
from ..engine.operations import Conv2D, Dense


def array_of(weight):
    """Return the array of a value that is a weight, or is derived from weights, up to date; None for None."""
    if weight is None or isinstance(weight.source, Variable):
        return None if weight is None else weight.source.value
    weight.source.refresh()
    return weight.source.array


def sources_of(operation):
    """Return the variables of the kernel and bias of a convolution or matrix product, by their names; none of another one."""
    if not isinstance(operation, (Conv2D, Dense)):
        return {}
    sources = {}
    for name in ("kernel", "bias"):
        source = None if getattr(operation.inputs, name) is None else getattr(operation.inputs, name).source
        if isinstance(source, Variable):
            sources[name] = source
        elif source is not None:
            sources |= source.sources
    return sources

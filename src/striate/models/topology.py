"""The order of the layers and nodes in a graph of layers."""

from .._common.structures import leaves, mapped
from ..layers.call_arguments import arguments_of, repeated
from ..layers.core import InputLayer


def layers_in_order(outputs):
    """Return the layers in Keras' order: those farthest from the outputs first, and equally far ones as they are found."""
    nodes, met, done = [], {}, set()
    stack = [(tensor.node, False) for tensor in reversed(outputs)]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if ready:
            done.add(id(node))
            nodes.append(node)
            continue
        met.setdefault(id(node.layer), len(met))
        stack.append((node, True))
        stack.extend((tensor.node, False) for tensor in reversed(node.sources))
    node_depth, depth = {}, {}
    for node in reversed(nodes):
        own = max(node_depth.get(id(node), 0), depth.get(id(node.layer), 0))
        node_depth[id(node)] = depth[id(node.layer)] = own
        for tensor in node.sources:
            node_depth[id(tensor.node)] = max(node_depth.get(id(tensor.node), 0), own + 1)
    found = {id(node.layer): node.layer for node in nodes}
    return sorted(found.values(), key=lambda layer: (-depth[id(layer)], met[id(layer)]))


def sorted_nodes(inputs, outputs):
    """Return the nodes between inputs and outputs in topological order."""
    starts = {id(tensor.node) for tensor in inputs}
    done, order = set(), []
    stack = [(tensor.node, False) for tensor in reversed([*inputs, *outputs])]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if ready or id(node) in starts:
            done.add(id(node))
            order.append(node)
            continue
        if node.inputs is None:
            raise ValueError(
                f"outputs depend on {node.outputs!r}, which is not one of the inputs; expected it to be among them"
            )
        stack.append((node, True))
        stack.extend((tensor.node, False) for tensor in reversed(node.sources))
    return order


def from_inputs(inputs, outputs):
    """Return inputs and outputs, each a tensor or a structure, of a graph in which no layer computes an input.

    Where layers compute some inputs, new ones take their place, and the same layers are called again.
    """
    starts = {tensor.node for tensor in leaves(inputs)}
    if all(isinstance(node.layer, InputLayer) for node in starts):
        return inputs, outputs
    known = {}
    for tensor in leaves(inputs):
        own = isinstance(tensor.node.layer, InputLayer)
        known[tensor.place] = tensor if own else InputLayer(batch_shape=tensor.shape, dtype=tensor.dtype).output
    for node in sorted_nodes(leaves(inputs), leaves(outputs)):
        if node not in starts:
            known |= dict(zip(node.places, leaves(repeated(node, known)), strict=True))
    return tuple(mapped(lambda tensor: known[tensor.place], each) for each in (inputs, outputs))


def called_again(model, layers, call_function):
    """Return inputs and outputs of a graph of new layers like that of a model.

    Parameters
    ----------
    model : Model
        The model.
    layers : dict of int to Layer
        The new layers, by the id of those of the model.
    call_function : callable
        Returns the output of a new layer for the arguments of a call.
    """
    known = {}
    for node in model.nodes:
        layer = layers[id(node.layer)]
        if node.inputs is None:
            y = layer.output
        else:
            args, settings = arguments_of(node, known)
            y = call_function(layer, *args, **settings)
        known |= dict(zip(node.places, leaves(y), strict=True))
    return tuple(mapped(lambda tensor: known[tensor.place], each) for each in (model.input, model.output))

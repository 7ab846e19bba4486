"""The order of the layers and nodes in a graph of layers."""

from .._common.structures import flat
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
        stack.extend((tensor.node, False) for tensor in reversed(flat(node.inputs)))
    node_depth, depth = {}, {}
    for node in reversed(nodes):
        own = max(node_depth.get(id(node), 0), depth.get(id(node.layer), 0))
        node_depth[id(node)] = depth[id(node.layer)] = own
        for tensor in flat(node.inputs):
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
        if isinstance(node.layer, InputLayer):
            raise ValueError(
                f"outputs depend on {node.outputs!r}, which is not one of the inputs; expected it to be among them"
            )
        stack.append((node, True))
        stack.extend((tensor.node, False) for tensor in reversed(flat(node.inputs)))
    return order

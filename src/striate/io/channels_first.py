"""The order of features in a channels-first library: how it arranges the elements of vectors flattened from feature maps.

A *map* is a sample with several axes, the last of them the channels: an image or a sequence. An *order* says how the other
library arranges the elements of a sample:

- `SAME`: as here. Vectors that were not flattened from a map, and sequences that no channels-first layer has processed, are so.
- `CHANNELS_FIRST`: with the last axis first.
- An array: element ``i`` of a vector there is element ``order[i]`` here.
- None: unknown.
"""

import math

import numpy as np

from .. import layers
from .._common.structures import flat_shapes, leaves, structured
from ..layers.arithmetic import Operation
from ..layers.base import Elementwise
from ..layers.sublayers import layers_within
from ..layers.symbolic import Trace, shapes_of, tensors_of
from ..models.topology import sorted_nodes

SAME, CHANNELS_FIRST = "same", "channels first"

_MERGING = (layers.Add, layers.Average, layers.Maximum, layers.Minimum, layers.Multiply, layers.Subtract)
_ACROSS_GROUPS = (layers.GroupNormalization, layers.LocalResponseNormalization)
_REDUCTIONS = ("max", "mean", "min", "sum")
_OTHER_ORDER = ("argmax", "argmin", "getitem", "matmul", "one_hot", "sparsemax", "stack", "transpose")
_LIBRARY = tuple({thing for name in layers.__all__ if isinstance(thing := getattr(layers, name), type)} - {layers.Layer})


def input_orders(model):
    """Return the orders of the inputs of the layers within a model, by the layers' ids.

    Raises
    ------
    ValueError
        If a layer reshapes features to a map that would be another map in the other library.
    """
    found = {}
    shapes = flat_shapes(model.input_shape)
    _follow(model, [CHANNELS_FIRST if len(shape) > 3 else SAME for shape in shapes], shapes, found)
    return found


def _follow(layer, orders, shapes, found):
    """Return the orders of the outputs of a layer composed of layers, or None if its layers are unknown."""
    starts = tensors_of(shapes, layer, Trace(None))
    try:
        outputs = leaves(layer._call_bare(structured(layer.input_shape, starts), None))
    except (AttributeError, TypeError, ValueError):  # A custom `call` may do what symbolic tensors do not support.
        known = all(_equal(order, SAME) and len(shape) == 2 for order, shape in zip(orders, shapes, strict=True))
        for each in layers_within(layer):
            _take_down(each, SAME if known else None, found)
        return None
    of_tensors = {start.place: order for start, order in zip(starts, orders, strict=True)}
    for node in sorted_nodes(starts, outputs):
        if node.inputs is not None:
            ends = _orders_after(node, [of_tensors[each.place] for each in node.sources], found)
            of_tensors |= dict(zip(node.places, ends, strict=True))
    return [of_tensors[each.place] for each in outputs]


def _take_down(layer, order, found):
    found[id(layer)] = order if id(layer) not in found or _equal(found[id(layer)], order) else None


def _orders_after(node, orders, found):
    """Return the orders of the outputs of a call."""
    layer, starts, ends = node.layer, node.sources, leaves(node.outputs)
    shapes = shapes_of(starts)
    _take_down(layer, orders[0] if len(orders) == 1 else None, found)
    if not isinstance(layer, _LIBRARY) and layer._sublayers():
        inner = _follow(layer, orders, shapes, found)
        if inner is not None:
            return inner
    return [_order_after(node, orders, shapes, shapes_of(end)) for end in ends]


def _order_after(node, orders, shapes, shape):
    layer, order = node.layer, orders[0]
    function = layer.function if isinstance(layer, Operation) else None
    is_map = len(shape) > 2
    if isinstance(layer, (layers.Flatten, layers.Reshape)) or function == "reshape":
        return _reshaped(node, order, shapes[0], shape)
    if isinstance(layer, layers.Concatenate) or function == "concatenate":
        return _concatenated(orders, shapes)
    if isinstance(layer, _ACROSS_GROUPS):
        return order if is_map or _equal(order, SAME) else None
    if isinstance(layer, (Elementwise, layers.Softmax, *_MERGING)):
        return order if all(_equal(order, other) for other in orders) else None
    if function in _REDUCTIONS:
        if len(shapes[0]) == 2 or layer.settings.get("axis") not in _all_but_channels(shapes[0]):
            return None
        return CHANNELS_FIRST if is_map else SAME
    if function is not None:
        return order if function not in _OTHER_ORDER and all(_equal(order, other) for other in orders) else None
    if isinstance(layer, layers.Permute):
        return None
    if isinstance(layer, layers.Dense):
        # For a map, the other library needs the channels last, and may or may not move them first again.
        return (CHANNELS_FIRST if math.prod(shape[1:-1]) == 1 else None) if is_map else SAME
    if isinstance(layer, _LIBRARY):
        return CHANNELS_FIRST if is_map else SAME
    # What remains are custom layers. One that keeps the number of axes is taken to keep the order.
    if is_map == (len(shapes[0]) > 2):
        return order if is_map or _equal(order, SAME) else None
    flattened = shape[1] != shapes[0][-1] and shape[1] == math.prod(shapes[0][1:])
    return None if is_map or flattened else SAME


def _all_but_channels(shape):
    """Return the ways in which an argument may give the axes between batch and channels."""
    axes = tuple(range(1, len(shape) - 1))
    return (axes, list(axes), *(axes if len(axes) == 1 else ()))


def _reshaped(node, order, before, after):
    indices = _indices(order, before[1:])
    if indices is None:
        return None
    if len(after) == 2:
        return SAME if np.array_equal(indices, np.arange(len(indices))) else indices
    for possible in (CHANNELS_FIRST, SAME) if len(after) == 3 else (CHANNELS_FIRST,):
        if np.array_equal(indices, _indices(possible, after[1:])):
            return possible
    if node.sources[0].node.inputs is None:
        return CHANNELS_FIRST  # An input has no order of its own: the user may arrange it for the other library.
    raise ValueError(
        f"layer {node.layer.name!r} reshapes features, whose order differs with channels first, to samples of shape "
        f"{after[1:]}; expected vectors, or maps with the same channels"
    )


def _concatenated(orders, shapes):
    if any(order is None for order in orders):
        return None
    if len(shapes[0]) > 2 or all(_equal(order, SAME) for order in orders):
        return orders[0] if all(_equal(orders[0], order) for order in orders) else None
    starts = np.cumsum([0, *(shape[1] for shape in shapes[:-1])])
    parts = [_indices(order, shape[1:]) + start for order, shape, start in zip(orders, shapes, starts, strict=True)]
    return np.concatenate(parts)


def _indices(order, sample_shape):
    """Return, for each element of a sample in the other library, its index in this one, both in memory order."""
    if order is None or isinstance(order, np.ndarray):
        return order
    indices = np.arange(math.prod(sample_shape)).reshape(sample_shape)
    return (np.moveaxis(indices, -1, 0) if order == CHANNELS_FIRST else indices).ravel()


def _equal(a, b):
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.array_equal(a, b)
    return a == b

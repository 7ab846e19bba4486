"""What a layer makes of arrays in training, and the gradients, which several tests look at."""

import numpy as np

from striate._common.structures import flat
from striate.engine import Graph, Plan, append_gradients


def gradients(layer, x, dy, seed=2, threads=2):
    """The layer's output in training, and the gradients of sum(dy * output) with respect to inputs and trainable weights."""
    graph = Graph(training=True, rng=np.random.default_rng(0))
    values = [graph.input(array.shape, array.dtype) for array in flat(x)]
    y = layer(values if isinstance(x, list) else values[0])
    weights = [graph.value_of(weight) for weight in layer.trainable_weights]
    dy_value = graph.input(dy.shape, dy.dtype)
    found = append_gradients(graph, [(y, dy_value)], [*values, *weights])
    executable = Plan(graph, [y, *[found[value] for value in (*values, *weights)]], threads).instantiate()
    for place, array in zip(executable.inputs, [*flat(x), dy], strict=True):
        place[...] = array
    executable.run(np.random.default_rng(seed))
    return [array.copy() for array in executable.outputs]

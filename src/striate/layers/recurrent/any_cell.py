"""What any cell of a recurrent layer has: sizes, initial states and a step, whether it is the library's or the user's."""

import numpy as np

from ..._common.checks import integer
from ..._common.structures import Arguments, leaves
from ..base import Layer
from ..call_arguments import signature_of


def check_step(cell, inputs_shape, states_shape):
    """Raise an error unless a cell got states, of as many sequences as the input has, of the cell's sizes."""
    if states_shape is None:
        raise ValueError(f"layer {cell.name!r} got no states; expected the input, and a list of the states before the step")
    expected = leaves(shapes_of_state(list_of(cell.state_size), inputs_shape[0]), list)
    found = leaves(states_shape, list)
    if [tuple(shape) for shape in found] != expected:
        raise ValueError(f"layer {cell.name!r} got states of shapes {found}; expected {expected}")


def list_of(states):
    """Return the states of a cell, or their sizes, as a list; there may be a single one, outside of a list."""
    return list(states) if isinstance(states, (list, tuple)) else [states]


def output_size_of(cell):
    """Return the number of features of a cell's output: its `output_size`, or the size of its first state."""
    size = getattr(cell, "output_size", None)
    if size is None:
        size = cell.state_size[0] if isinstance(cell.state_size, (list, tuple)) else cell.state_size
    return integer("output_size of the cell", size, 1)


def shapes_of_state(size, batch):
    """Return the shape of a state, or the list of the shapes of several, for the sizes of the states."""
    if isinstance(size, (list, tuple)):
        return [shapes_of_state(each, batch) for each in size]
    return batch, size


def initial_state_of(cell, batch, dtype):
    """Return a cell's initial states, zeros unless it defines others, as a list."""
    if hasattr(cell, "get_initial_state"):
        state = cell.get_initial_state(batch_size=batch)
        return list_of(state)
    return [np.zeros(shape, dtype) for shape in shapes_of_state(list_of(cell.state_size), batch)]


def like_sizes(cell, states):
    """Return a list of the states of a cell, or its only state if `state_size` is a number."""
    return states if isinstance(cell.state_size, (list, tuple)) else states[0]


def build_cell(layer, cell, shape):
    """Build a cell, and with it the layers that it calls, within the `build` of a layer, for inputs of a shape."""
    if isinstance(cell, Layer):
        inputs, states = list(signature_of(type(cell)).parameters)[:2]
        states_shape = shapes_of_state(list_of(cell.state_size), shape[0])
        layer._build_within(cell, Arguments({inputs: shape, states: states_shape}))


def call_cell(cell, x, states, training):
    """Return the output of a cell, and its new states as it returned them."""
    if not isinstance(cell, Layer):
        return cell.call(x, states)
    return cell(x, states, training=training)

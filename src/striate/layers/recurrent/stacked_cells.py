"""Cells that are stacked to one cell."""

from ..._common.arguments import written
from ..._common.checks import sequence, shown
from ..nesting import TakesLayers, of_the_same_dtype
from . import any_cell


class StackedRNNCells(TakesLayers):
    """Cells that pass their output on, each to the next one, as one cell.

    Parameters
    ----------
    cells : sequence of cells
        The cells, the first one first.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> layer = layers.RNN(layers.StackedRNNCells([layers.LSTMCell(8), layers.LSTMCell(4)]))
    >>> layer(np.ones((1, 5, 3), np.float32)).shape
    (1, 4)
    """

    def __init__(self, cells, **kwargs):
        cells = [check_cell(f"cells[{i}]", cell) for i, cell in enumerate(sequence("cells", cells, "cells"))]
        if not cells:
            raise ValueError("cells is empty; expected at least one cell")
        super().__init__(**of_the_same_dtype(cells[0], kwargs))
        self.cells = cells

    @property
    def state_size(self):
        """The sizes of the states of each cell."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self):
        """Number of features of the output."""
        return any_cell.output_size_of(self.cells[-1])

    def build(self, input_shape):
        """Build the cells."""
        shape = tuple(input_shape)
        for cell in self.cells:
            any_cell.build_cell(self, cell, shape)
            shape = (shape[0], any_cell.output_size_of(cell))

    def compute_output_shape(self, inputs_shape, states_shape=None):
        """Return the shape of the output, and the list of the shapes of each cell's states."""
        any_cell.check_step(self, inputs_shape, states_shape)
        return (inputs_shape[0], self.output_size), [
            any_cell.shapes_of_state(cell.state_size, inputs_shape[0]) for cell in self.cells
        ]

    def get_initial_state(self, batch_size=None):
        """Return the initial states of each cell for a number of sequences."""
        return [any_cell.like_sizes(cell, any_cell.initial_state_of(cell, batch_size, self.dtype)) for cell in self.cells]

    def call(self, inputs, states, training=False):
        """Call the cells; return the output of the last one, and the list of the new states of each."""
        new = []
        for cell, state in zip(self.cells, states, strict=True):
            inputs, after = any_cell.call_cell(cell, inputs, any_cell.list_of(state), training)
            new.append(any_cell.like_sizes(cell, any_cell.list_of(after)))
        return inputs, new

    def get_config(self):
        """Return the constructor's arguments."""
        return {"cells": [written(cell) for cell in self.cells], **super().get_config()}


def check_cell(argument, cell):
    """Return a cell, after checking that it is one; a sequence of cells is stacked."""
    if isinstance(cell, (list, tuple)):
        return StackedRNNCells(cell)
    if not callable(getattr(cell, "call", None)):
        raise ValueError(f"{argument}={shown(cell)} has no method `call`; expected a cell, such as LSTMCell")
    sizes = getattr(cell, "state_size", None)
    if not isinstance(sizes, (int, list, tuple)):
        raise ValueError(
            f"{argument}={shown(cell)} has state_size={shown(sizes)}; expected the number of units of its state, or a list of "
            "numbers for several states"
        )
    return cell

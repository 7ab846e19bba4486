"""The layer that takes the steps of any cell."""

import numpy as np

from ..._common.arguments import written
from ..._common.checks import boolean, shown
from ..._common.docstrings import documented
from ..._common.structures import leaves, mapped
from ...engine import Value, Variable, operations
from ..nesting import TakesLayers, of_the_same_dtype
from . import any_cell
from .cells import RecurrentCell, one_call
from .stacked_cells import check_cell

SEQUENCE_DOC = """
    Parameters
    ----------
    return_sequences : bool
        Whether the output of each step is returned, instead of the last one only.
    return_state : bool
        Whether the last states are returned, too, after the output.
    go_backwards : bool
        Whether the last step comes first. The outputs are in the order in which they are computed.
    stateful : bool
        Whether the states at the end of a batch are those at the beginning of the next one, which must have as many sequences.
        `reset_state` sets them to zero.
    unroll : bool
        Accepted for compatibility with Keras, without effect.
    zero_output_for_mask : bool
        Accepted for compatibility with Keras; masks are not supported.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    The input has shape (batch, steps, features). The argument `initial_state` of a call, a list of states of shape
    (batch, units), is where the first step begins instead of zeros. The argument `mask` must be None.
    """


@documented(SEQUENCE_DOC)
class RNN(TakesLayers):
    """Recurrent layer: it calls a cell for each step of a sequence, with the states that the step before returned.

    Parameters
    ----------
    cell : cell, or a list of cells
        A layer, or another object, with a method ``call(inputs, states)``, which returns the output and a list of the new
        states, and an attribute `state_size`, the number of units of its state, or a list of numbers for several states. Its
        method `get_initial_state` and its attribute `output_size` are used if it has them. Several cells are stacked; see
        `StackedRNNCells`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers, ops
    >>> class Sum(layers.Layer):
    ...     state_size = 1
    ...     def call(self, inputs, states):
    ...         total = ops.sum(inputs, axis=1, keepdims=True) + states[0]
    ...         return total, [total]
    >>> layers.RNN(Sum(), return_sequences=True)(np.array([[[1], [2], [3]]], np.float32)).tolist()
    [[[1.0], [3.0], [6.0]]]
    """

    unwatched = TakesLayers.unwatched | {"states"}

    def __init__(
        self,
        cell,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        zero_output_for_mask=False,
        **kwargs,
    ):
        cell = check_cell("cell", cell)
        super().__init__(**of_the_same_dtype(cell, kwargs))
        self.cell = cell
        self.return_sequences = boolean("return_sequences", return_sequences)
        self.return_state = boolean("return_state", return_state)
        self.go_backwards = boolean("go_backwards", go_backwards)
        self.stateful = boolean("stateful", stateful)
        self.unroll = boolean("unroll", unroll)
        self.zero_output_for_mask = boolean("zero_output_for_mask", zero_output_for_mask)
        self.states = None  # Variables of a stateful layer, once it was called, in the structure of the cell's states

    @property
    def state_size(self):
        """The sizes of the cell's states, as a list."""
        return any_cell.list_of(self.cell.state_size)

    def build(self, sequences_shape):
        """Build the cell."""
        any_cell.build_cell(self, self.cell, self._step_shape(sequences_shape))

    def _step_shape(self, sequences_shape):
        """Return the shape of a step's input."""
        if len(sequences_shape) < 3:
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(sequences_shape)}; expected (batch, steps, features)"
            )
        return (sequences_shape[0], *sequences_shape[2:])

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        """Return the shape of the output, and with `return_state` those of the states after it."""
        self._step_shape(sequences_shape)
        batch, steps = sequences_shape[:2]
        units = any_cell.output_size_of(self.cell)
        shape = (batch, steps, units) if self.return_sequences else (batch, units)
        return (shape, *any_cell.shapes_of_state(self.state_size, batch)) if self.return_state else shape

    def get_initial_state(self, batch_size):
        """Return the cell's initial states for a number of sequences, as a list."""
        return any_cell.initial_state_of(self.cell, batch_size, self.dtype)

    def call(self, sequences, initial_state=None, mask=None, training=False):
        """Take all steps; return the output, and with `return_state` the last states after it."""
        if mask is not None:
            raise ValueError(f"mask={shown(mask)} is not supported; expected None")
        if not sequences.shape[1]:
            raise ValueError(f"layer {self.name!r} got input of shape {sequences.shape}; expected at least one step")
        kept = self._kept_states(sequences) if self.stateful else None
        initial = self._initial(sequences, kept if initial_state is None else initial_state)
        output, states = self._take_steps(sequences, initial, training)
        if self.stateful:
            for variable, state in zip(leaves(kept), leaves(states), strict=True):
                sequences.graph.assign(variable, state)
        return (output, *states) if self.return_state else output

    def _initial(self, sequences, given):
        """Return the states before the first step as a list of values, or None where the library's cell begins with zeros."""
        graph, batch = sequences.graph, sequences.shape[0]
        if given is None and isinstance(self.cell, RecurrentCell):
            return None
        given = self.get_initial_state(batch) if given is None else any_cell.list_of(given)
        states = mapped(lambda each: self._as_value(each, graph), given)
        shapes = leaves(any_cell.shapes_of_state(self.state_size, batch), list)
        found = [state.shape for state in leaves(states)]
        if found != shapes:
            raise ValueError(f"layer {self.name!r} got initial_state of shapes {found}; expected {shapes}")
        return states

    def _as_value(self, state, graph):
        """Return a state as a value of the layer's dtype."""
        if not isinstance(state, (Value, Variable)):
            state = graph.constant(state)
        return graph.value_of(state).cast(self.dtype)

    def _kept_states(self, sequences):
        """Return the variables of the states of a stateful layer, new ones in its first call."""
        batch, traced = sequences.shape[0], sequences.graph.traced
        if self.states is None or traced:
            states = mapped(lambda each: Variable(each, "rnn_state", trainable=False), self.get_initial_state(batch))
            if traced:  # The batch is not a real one.
                return states
            self.states = states
        expected = leaves(self.states)[0].shape[0]
        if expected != batch:
            raise ValueError(
                f"layer {self.name!r} is stateful, and got a batch of {batch} sequences after batches of {expected}; expected "
                "as many in each"
            )
        return self.states

    def _take_steps(self, sequences, states, training):
        """Return the output, and the list of the last states."""
        if states is None:
            states = mapped(lambda each: self._as_value(each, sequences.graph), self.get_initial_state(sequences.shape[0]))
        steps = unstacked(sequences)
        outputs = []
        with one_call():
            for x in reversed(steps) if self.go_backwards else steps:
                output, states = any_cell.call_cell(self.cell, x, states, training)
                states = any_cell.list_of(states)
                outputs.append(output)
        return (stacked(outputs) if self.return_sequences else outputs[-1]), states

    def reset_state(self):
        """Set the states of a stateful layer to zero."""
        if self.states is not None:
            for variable in leaves(self.states):
                variable.assign(np.zeros(variable.shape))

    reset_states = reset_state

    def get_config(self):
        """Return the constructor's arguments."""
        return {"cell": written(self.cell), **self._sequence_config(), **super().get_config()}

    def _sequence_config(self):
        names = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll", "zero_output_for_mask")
        return {name: getattr(self, name) for name in names}


def unstacked(x):
    """Return the parts of a value along its second axis, without that axis."""
    batch, steps, *rest = x.shape
    if steps == 1:
        return [operations.Reshape(x, (batch, *rest)).y]
    by_step = operations.Transpose(x, (1, 0, *range(2, len(x.shape)))).y
    return [
        operations.Reshape(part, (batch, *rest)).y for part in operations.Split(by_step, [(1, batch, *rest)] * steps, 0).outputs
    ]


def stacked(values):
    """Return values, stacked along a new second axis."""
    parts = [operations.Reshape(each, (each.shape[0], 1, *each.shape[1:])).y for each in values]
    return operations.Concatenate(parts, 1).y if len(parts) > 1 else parts[0]

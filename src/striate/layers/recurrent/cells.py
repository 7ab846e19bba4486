"""Cells of recurrent layers: what a step computes from the input and the states."""

import contextlib
import contextvars

import numpy as np

from ... import activations
from ..._common.arguments import written
from ..._common.checks import boolean, choice, integer, number, sequence, shown
from ..._common.docstrings import documented
from ..._common.structures import Arguments, leaves
from ...engine import operations
from ...engine.operators import apply
from ..base import Layer
from ..call_arguments import signature_of
from ..nesting import TakesLayers, of_the_same_dtype
from ..randomness import RandomLayer
from ..weight_settings import make_weight, set_weight, weight_config

#: What the cells of a recurrent layer compute once for all steps of a call, by the cell and a name; None outside of a call.
_shared_by_steps = contextvars.ContextVar("_shared_by_steps", default=None)

CELL_DOC = """
    Parameters
    ----------
    units : int
        Number of units: features of the output and of each state.
    activation : str or callable, optional
        Of the candidate and the output; see `striate.activations`. None means none.
    recurrent_activation : str or callable, optional
        Of the gates.
    use_bias : bool
        Whether a bias is added.
    kernel_initializer, recurrent_initializer, bias_initializer : str or Initializer
        Initial values of the weights; see `striate.initializers`.
    kernel_regularizer, recurrent_regularizer, bias_regularizer : str or Regularizer, optional
        Penalties on the weights; see `striate.regularizers`.
    kernel_constraint, recurrent_constraint, bias_constraint : str or Constraint, optional
        Constraints applied to the weights after each step of training; see `striate.constraints`.
    dropout : float
        Fraction of the input's features that is set to zero in training, the same in all steps of a sequence.
    recurrent_dropout : float
        Fraction of the state's units that is set to zero in training, likewise, for each gate by itself.
    seed : int, optional
        Seed of dropout; if None, random numbers come from the training's ``rng``.
    implementation : {1, 2}
        Accepted for compatibility with Keras, without effect.
    activity_regularizer, name, trainable, dtype
        See `Layer`.
    """


@contextlib.contextmanager
def one_call():
    """Within this block, which is a call of a recurrent layer, cells draw masks once for all steps."""
    token = _shared_by_steps.set({})
    try:
        yield
    finally:
        _shared_by_steps.reset(token)


def activated(x, activation):
    """Return the activation of a value, by a name or a function."""
    return x._activate(activation) if isinstance(activation, str) else activation(x)


class RecurrentCell(RandomLayer):
    """The base class of the library's cells. A subclass defines `gates`, and `call` by means of `arguments_of`."""

    takes_lists = True
    gates = 1  # for each of which the kernels have columns, one for each unit
    states = 1

    def __init__(
        self,
        units,
        activation,
        use_bias,
        initializers,
        regularizers,
        constraints,
        dropout,
        recurrent_dropout,
        implementation,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = integer("units", units, 1)
        self.activation = activations.resolve(activation)
        self.use_bias = boolean("use_bias", use_bias)
        for name, argument, *settings in zip(
            ("kernel", "recurrent_kernel", "bias"),
            ("kernel", "recurrent", "bias"),
            initializers,
            regularizers,
            constraints,
            strict=True,
        ):
            set_weight(self, name, *settings, argument=argument)
        self.dropout = number("dropout", dropout, 0, 1)
        self.recurrent_dropout = number("recurrent_dropout", recurrent_dropout, 0, 1)
        self.implementation = choice("implementation", implementation, (0, 1, 2))
        self.kernel = self.recurrent_kernel = self.bias = None

    @property
    def state_size(self):
        """Number of units of the state, or a list of numbers for several states."""
        return self.units if self.states == 1 else [self.units] * self.states

    @property
    def output_size(self):
        """Number of features of the output."""
        return self.units

    @property
    def recurrent_initializer(self):
        """Initializer of the recurrent kernel."""
        return self.recurrent_kernel_initializer

    @property
    def recurrent_regularizer(self):
        """Penalty on the recurrent kernel."""
        return self.recurrent_kernel_regularizer

    @property
    def recurrent_constraint(self):
        """Constraint applied to the recurrent kernel."""
        return self.recurrent_kernel_constraint

    def bias_shape(self):
        """Return the bias's shape."""
        return (self.gates * self.units,)

    def biases(self, graph):
        """Return the biases of the input's part and of the state's part of the gates' arguments; either may be None."""
        return self.bias, None

    def build(self, input_shape):
        """Make the kernels and the bias."""
        columns = self.gates * self.units
        self.kernel = make_weight(self, "kernel", (input_shape[-1], columns))
        self.recurrent_kernel = make_weight(self, "recurrent_kernel", (self.units, columns))
        if self.use_bias:
            self.bias = make_weight(self, "bias", self.bias_shape())

    def compute_output_shape(self, inputs_shape, states_shape=None):
        """Return the shape of the output, and the list of the states' shapes."""
        check_step(self, inputs_shape, states_shape)
        if len(inputs_shape) != 2:
            raise ValueError(f"layer {self.name!r} got input of shape {inputs_shape}; expected (batch, features)")
        state = (inputs_shape[0], self.units)
        return state, [state] * self.states

    def get_initial_state(self, batch_size=None):
        """Return states of zeros for a number of sequences."""
        return [np.zeros((integer("batch_size", batch_size, 0), self.units), self.dtype) for _ in range(self.states)]

    def is_native(self, training):
        """Return whether one operation takes all steps of this cell."""
        return self.activation == "tanh" and not (training and self.recurrent_dropout)

    def with_dropout(self, x, training):
        """Return the input of a step, or of all steps, with dropped features in training."""
        if not (training and self.dropout):
            return x
        mask = self._once("input", lambda: self._mask(x.graph, (x.shape[0], x.shape[-1]), self.dropout))
        if len(x.shape) > len(mask.shape):
            mask = operations.broadcast(operations.Reshape(mask, (x.shape[0], 1, x.shape[-1])).y, x.shape)
        return x * mask

    def of_input(self, x, bias, training):
        """Return the input's part of the gates' arguments, for a step or for all of them."""
        return operations.Dense(self.with_dropout(x, training), self.kernel, bias).y

    def of_state(self, h, training, first=0, gates=None):
        """Return the state's part of the arguments of some gates, all by default."""
        end = self.gates if gates is None else first + gates
        if training and self.recurrent_dropout:
            masks = [self._once(f"state {i}", lambda: self._mask(h.graph, h.shape, self.recurrent_dropout)) for i in range(end)]
            parts = [self._product(h * masks[i], i, i + 1) for i in range(first, end)]
            return operations.Concatenate(parts, 1).y if len(parts) > 1 else parts[0]
        return self._product(h, first, end)

    def _product(self, h, first, end):
        """Return the product of the state and the columns of some gates in the recurrent kernel."""
        kernel = h.graph.value_of(self.recurrent_kernel)
        if (first, end) != (0, self.gates):
            columns = slice(first * self.units, end * self.units)
            kernel = self._once(f"columns {first} {end}", lambda: kernel[:, columns])
        return operations.MatMul(h, kernel, (h.shape[0], kernel.shape[1])).y

    def _once(self, name, compute):
        """Return the result of a function, which is called only once for all steps of a call."""
        known = _shared_by_steps.get()
        if known is None:
            return compute()
        if (self, name) not in known:
            known[self, name] = compute()
        return known[self, name]

    def _mask(self, graph, shape, rate):
        """Return a mask of zeros and, where elements are kept, numbers that keep the expected sum."""

        def draw(rng, out):
            out[...] = rng.random(out.shape) >= rate
            out *= 0 if rate == 1 else 1 / (1 - rate)

        return self._draw(graph, shape, draw)

    def by_gate(self, arguments):
        """Return the part of each gate."""
        batch, columns = arguments.shape
        return operations.Split(arguments, [(batch, self.units)] * (columns // self.units), 1).outputs

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            **weight_config(self, "kernel"),
            **weight_config(self, "recurrent_kernel", "recurrent"),
            **weight_config(self, "bias"),
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            **super().get_config(),
        }


class GatedCell(RecurrentCell):
    """The base class of cells whose gates have an activation of their own."""

    def __init__(self, units, activation, recurrent_activation, *args, **kwargs):
        super().__init__(units, activation, *args, **kwargs)
        self.recurrent_activation = activations.resolve(recurrent_activation, "recurrent_activation")

    def is_native(self, training):
        """Return whether one operation takes all steps of this cell."""
        return self.recurrent_activation == "sigmoid" and super().is_native(training)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"recurrent_activation": activations.serialize(self.recurrent_activation), **super().get_config()}


@documented(CELL_DOC)
class SimpleRNNCell(RecurrentCell):
    """A step of `SimpleRNN`: ``h = activation(x @ kernel + h @ recurrent_kernel + bias)``.

    Notes
    -----
    It is called with the input, shape (batch, features), and a list of the state, shape (batch, units), and returns the output
    and such a list.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> cell = layers.SimpleRNNCell(2, kernel_initializer="ones")
    >>> y, states = cell(np.ones((1, 3), np.float32), [np.zeros((1, 2), np.float32)])
    >>> np.round(y, 3)
    array([[0.995, 0.995]], dtype=float32)
    """

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        *,
        implementation=2,
        **kwargs,
    ):
        super().__init__(
            units,
            activation,
            use_bias,
            (kernel_initializer, recurrent_initializer, bias_initializer),
            (kernel_regularizer, recurrent_regularizer, bias_regularizer),
            (kernel_constraint, recurrent_constraint, bias_constraint),
            dropout,
            recurrent_dropout,
            implementation,
            seed=seed,
            **kwargs,
        )

    def call(self, inputs, states, training=False):
        """Return the output, and the list of the new state."""
        h = activated(self.of_input(inputs, self.bias, training) + self.of_state(list_of(states)[0], training), self.activation)
        return h, [h]


@documented(CELL_DOC)
class LSTMCell(GatedCell):
    """A step of `LSTM`, where its gates and formulas are described.

    Parameters
    ----------
    unit_forget_bias : bool
        Whether the bias of the forget gate begins with ones.

    Notes
    -----
    It is called with the input, shape (batch, features), and a list of the states h and c, shape (batch, units), and returns
    the output, h, and such a list.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> cell = layers.LSTMCell(2, kernel_initializer="ones")
    >>> y, (h, c) = cell(np.ones((1, 3), np.float32), [np.zeros((1, 2), np.float32)] * 2)
    >>> np.round(c, 3)
    array([[0.948, 0.948]], dtype=float32)
    """

    gates = 4
    states = 2

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        *,
        implementation=2,
        **kwargs,
    ):
        super().__init__(
            units,
            activation,
            recurrent_activation,
            use_bias,
            (kernel_initializer, recurrent_initializer, bias_initializer),
            (kernel_regularizer, recurrent_regularizer, bias_regularizer),
            (kernel_constraint, recurrent_constraint, bias_constraint),
            dropout,
            recurrent_dropout,
            implementation,
            seed=seed,
            **kwargs,
        )
        self.unit_forget_bias = boolean("unit_forget_bias", unit_forget_bias)

    def build(self, input_shape):
        """Make the kernels and the bias."""
        super().build(input_shape)
        if self.use_bias and self.unit_forget_bias:
            bias = self.bias.numpy()
            bias[self.units : 2 * self.units] = 1
            self.bias.assign(bias)

    def call(self, inputs, states, training=False):
        """Return the output, and the list of the new states."""
        h, c = list_of(states)
        gates = self.of_input(inputs, self.bias, training) + self.of_state(h, training)
        i, f, g, o = self.by_gate(gates)
        i, f, o = (activated(gate, self.recurrent_activation) for gate in (i, f, o))
        c = f * c + i * activated(g, self.activation)
        h = o * activated(c, self.activation)
        return h, [h, c]

    def get_config(self):
        """Return the constructor's arguments."""
        return {"unit_forget_bias": self.unit_forget_bias, **super().get_config()}


@documented(CELL_DOC)
class GRUCell(GatedCell):
    """A step of `GRU`, where its gates and formulas are described.

    Parameters
    ----------
    reset_after : bool
        Whether the reset gate multiplies the product of the state and the recurrent kernel, rather than the state.

    Notes
    -----
    It is called with the input, shape (batch, features), and a list of the state, shape (batch, units), and returns the output
    and such a list.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> cell = layers.GRUCell(2, kernel_initializer="ones")
    >>> y, states = cell(np.ones((1, 3), np.float32), [np.zeros((1, 2), np.float32)])
    >>> np.round(y, 3)
    array([[0.047, 0.047]], dtype=float32)
    """

    gates = 3

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        reset_after=True,
        seed=None,
        *,
        implementation=2,
        **kwargs,
    ):
        super().__init__(
            units,
            activation,
            recurrent_activation,
            use_bias,
            (kernel_initializer, recurrent_initializer, bias_initializer),
            (kernel_regularizer, recurrent_regularizer, bias_regularizer),
            (kernel_constraint, recurrent_constraint, bias_constraint),
            dropout,
            recurrent_dropout,
            implementation,
            seed=seed,
            **kwargs,
        )
        self.reset_after = boolean("reset_after", reset_after)

    def bias_shape(self):
        """Return the bias's shape: one row, or a second one that is added to the state's part."""
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

    def is_native(self, training):
        """Return whether one operation takes all steps of this cell."""
        return self.reset_after and super().is_native(training)

    def biases(self, graph):
        """Return the biases of the input's part and of the state's part of the gates' arguments; either may be None."""
        if self.bias is None or not self.reset_after:
            return self.bias, None
        both = graph.value_of(self.bias)
        return self._once("input bias", lambda: both[0]), self._once("state bias", lambda: both[1])

    def call(self, inputs, states, training=False):
        """Return the output, and the list of the new state."""
        (h,) = list_of(states)
        bias, state_bias = self.biases(inputs.graph)
        z, r, g = self.by_gate(self.of_input(inputs, bias, training))
        state = self.of_state(h, training, gates=3 if self.reset_after else 2)
        state_z, state_r, *state_g = self.by_gate(state if state_bias is None else apply("add", state, state_bias))
        z = activated(z + state_z, self.recurrent_activation)
        r = activated(r + state_r, self.recurrent_activation)
        state_g = r * state_g[0] if self.reset_after else self.of_state(r * h, training, first=2, gates=1)
        h = z * h + (1 - z) * activated(g + state_g, self.activation)
        return h, [h]

    def get_config(self):
        """Return the constructor's arguments."""
        return {"reset_after": self.reset_after, **super().get_config()}


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
        return output_size_of(self.cells[-1])

    def build(self, input_shape):
        """Build the cells."""
        shape = tuple(input_shape)
        for cell in self.cells:
            build_cell(self, cell, shape)
            shape = (shape[0], output_size_of(cell))

    def compute_output_shape(self, inputs_shape, states_shape=None):
        """Return the shape of the output, and the list of the shapes of each cell's states."""
        check_step(self, inputs_shape, states_shape)
        return (inputs_shape[0], self.output_size), [shapes_of_state(cell.state_size, inputs_shape[0]) for cell in self.cells]

    def get_initial_state(self, batch_size=None):
        """Return the initial states of each cell for a number of sequences."""
        return [_like_sizes(cell, initial_state_of(cell, batch_size, self.dtype)) for cell in self.cells]

    def call(self, inputs, states, training=False):
        """Call the cells; return the output of the last one, and the list of the new states of each."""
        new = []
        for cell, state in zip(self.cells, states, strict=True):
            inputs, after = call_cell(cell, inputs, list_of(state), training)
            new.append(_like_sizes(cell, list_of(after)))
        return inputs, new

    def get_config(self):
        """Return the constructor's arguments."""
        return {"cells": [written(cell) for cell in self.cells], **super().get_config()}


# ------------------------------------------------------------------------------------------------------------- any cell


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


def _like_sizes(cell, states):
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

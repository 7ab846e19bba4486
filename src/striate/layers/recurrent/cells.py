"""The base classes of cells of recurrent layers, which compute a step from the input and the states."""

import contextvars

import numpy as np

from ... import activations
from ..._common.checks import boolean, choice, integer, number
from ..._common.contexts import setting
from ...engine import operations
from ..randomness import RandomLayer
from ..weight_settings import make_weight, set_weight, weight_config
from .any_cell import check_step

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


def one_call():
    """Within this block, which is a call of a recurrent layer, cells draw masks once for all steps."""
    return setting(_shared_by_steps, {})


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

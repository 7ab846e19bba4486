"""The base class of recurrent layers of the library's own cells, whose steps one operation takes."""

import operator

from ...engine import operations
from ..base import Layer
from .rnn import RNN

#: Arguments of constructors that are the layer's, not its cell's.
_OF_SEQUENCES = ("activity_regularizer", "return_sequences", "return_state", "go_backwards", "stateful", "unroll")

#: Local variables of constructors that are neither; `use_cudnn` has no effect.
_OF_LAYERS = ("self", "__class__", "kwargs", "use_cudnn")


def of_cell(name):
    """Return a property that is an attribute of the layer's cell."""
    return property(operator.attrgetter(f"cell.{name}"), doc=f"The cell's `{name}`.")


class NativeRNN(RNN):
    """A recurrent layer of one of the library's cells.

    One operation takes all steps if the activations are the usual ones, and there is no recurrent dropout. Otherwise the cell
    is called for each step.
    """

    cell_kind = ""  # name of the cell in `engine.operations.recurrent`

    units = of_cell("units")
    activation = of_cell("activation")
    use_bias = of_cell("use_bias")
    kernel_initializer = of_cell("kernel_initializer")
    recurrent_initializer = of_cell("recurrent_initializer")
    bias_initializer = of_cell("bias_initializer")
    kernel_regularizer = of_cell("kernel_regularizer")
    recurrent_regularizer = of_cell("recurrent_regularizer")
    bias_regularizer = of_cell("bias_regularizer")
    kernel_constraint = of_cell("kernel_constraint")
    recurrent_constraint = of_cell("recurrent_constraint")
    bias_constraint = of_cell("bias_constraint")
    dropout = of_cell("dropout")
    recurrent_dropout = of_cell("recurrent_dropout")
    implementation = of_cell("implementation")
    seed = of_cell("seed")

    def _step_shape(self, sequences_shape):
        if len(sequences_shape) != 3:
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(sequences_shape)}; expected (batch, steps, features)"
            )
        return super()._step_shape(sequences_shape)

    def _take_steps(self, sequences, states, training):
        """Return the output, and the list of the last states."""
        cell = self.cell
        if not cell.is_native(training):
            return super()._take_steps(sequences, states, training)
        bias, state_bias = cell.biases(sequences.graph)
        projections = cell.of_input(sequences, bias, training)
        steps = operations.Recurrence(
            self.cell_kind, projections, cell.recurrent_kernel, state_bias, *(states or []), backwards=self.go_backwards
        )
        last = [state for state in (steps.h, steps.c) if state is not None]
        if not self.return_sequences:
            return steps.h, last
        return (operations.flip(steps.sequence, 1) if self.go_backwards else steps.sequence), last

    def get_config(self):
        """Return the constructor's arguments."""
        of_the_cell = {name: value for name, value in self.cell.get_config().items() if name not in self._stored_otherwise}
        return {**of_the_cell, **self._sequence_config(), **Layer.get_config(self)}


def with_cell(cell_class, arguments):
    """Return the arguments of `RNN` that are made of those of a layer's constructor, given as its local variables.

    The cell gets all that are not of any sequence, so that its constructor refuses those that it does not have.
    """
    kwargs = dict(arguments["kwargs"])
    of_sequences = {name: arguments[name] for name in _OF_SEQUENCES}
    of_cell = {name: value for name, value in arguments.items() if name not in (*of_sequences, *_OF_LAYERS)}
    if "dtype" in kwargs:
        of_cell["dtype"] = kwargs["dtype"]
    if "implementation" in kwargs:
        of_cell["implementation"] = kwargs.pop("implementation")  # The layer does not take it.
    return {"cell": cell_class(**of_cell), **of_sequences, **kwargs}

"""Recurrent layers: all steps of a sequence in one operation."""

import math

from ...kernels import bindings
from .base import GraphOperation
from .dense import MatMul, SumRows

#: Number of gates of each cell, for each of which its kernels have a column for each unit.
GATES = {"lstm": 4, "gru": 3, "simple_rnn": 1}


class Recurrence(GraphOperation):
    """The steps of a recurrent layer; see `striate.functional.lstm`, `striate.functional.gru` and `functional.simple_rnn`.

    Parameters
    ----------
    cell : {"lstm", "gru", "simple_rnn"}
        What a step computes.
    projections : Value, shape (batch, steps, gates · units)
        Products of the input and the layer's kernel, with the bias added.
    kernel : Variable, shape (units, gates · units)
        The recurrent kernel.
    bias : Value or Variable, shape (gates · units,), optional
        Added to the product of the state and the recurrent kernel.
    h0, c0 : Value, shape (batch, units), optional
        State before the first step, and the cell state of an LSTM; zeros if None.
    backwards : bool
        Whether the last step comes first. The outputs of the steps are in the order of their inputs all the same.

    Attributes
    ----------
    sequence : Value, shape (batch, steps, units)
        State after each step.
    h, c : Value, shape (batch, units)
        State after all steps; `c` is None if the cell is no LSTM.
    """

    reads = ("projections", "kernel", "bias", "h0", "c0")
    in_place = ("projections",)
    differentiates_all = True

    def __init__(self, cell, projections, kernel, bias=None, h0=None, c0=None, *, backwards=False):
        batch, steps, _ = projections.shape
        units = kernel.shape[0]
        states = [(batch, steps, units), *[(batch, units)] * (2 if cell == "lstm" else 1)]
        kept = [] if cell == "simple_rnn" else [projections.shape, (batch, steps, units)]  # The first takes the input's place.
        super().__init__((projections, kernel, bias, h0, c0), *kept, *states)
        self.settings = {"cell": cell, "backwards": backwards}
        self.gates, self.carry = self.outputs[:2] if kept else (None, None)
        self.sequence, self.h, self.c = (*self.outputs[len(kept) :], None)[:3]

    def gradient(self, dy, wanted):
        """Return the gradients of the inputs."""
        back = RecurrenceGradient(self, dict(zip(self.outputs, dy, strict=True)), wanted)
        kernel, bias = self.inputs.kernel, back.dstates
        return [
            back.y if wanted.projections else None,
            MatMul(back.previous, back.dstates, kernel.shape, transpose_a=True).y if wanted.kernel else None,
            SumRows(bias).y if wanted.bias else None,
            back.dh0,
            back.dc0,
        ]

    def lower(self, lowering):
        """Append the kernel call."""
        projections, kernel, *initial = map(lowering.array, self.inputs)
        arrays = dict(zip(("bias", "h0", "c0"), initial, strict=True))
        arrays |= {name: lowering.array(getattr(self, name)) for name in ("gates", "carry", "h", "c")}
        bindings.recurrence_forward(
            projections, kernel, lowering.array(self.sequence), **arrays, **self.settings, **lowering.target
        )

    def flops(self):
        """Return two for each product."""
        return 2 * math.prod(self.inputs.projections.shape) * self.inputs.kernel.shape[0]

    def describe(self):
        """Return the cell."""
        return self.settings["cell"]


class RecurrenceGradient(GraphOperation):
    """Gradients of the projections, the first output, and of the states' products and the initial states of a `Recurrence`.

    Parameters
    ----------
    forward : Recurrence
        The operation.
    gradients : dict of Value to Value or None
        Gradients of its outputs.
    wanted : Named
        Which inputs' gradients are wanted.
    """

    reads = ("kernel", "h0", "c0", "gates", "carry", "y", "dy", "dh", "dc")

    def __init__(self, forward, gradients, wanted):
        shape, x = forward.sequence.shape, forward.inputs
        kept = forward.gates, forward.carry, forward.sequence
        given = [gradients.get(value) for value in (forward.sequence, forward.h, forward.c)]
        names = ["dstates"] if forward.settings["cell"] == "gru" else []
        shapes = [x.projections.shape, *[x.projections.shape] * len(names), shape]
        names += ["previous", *(["dh0"] if wanted.h0 else []), *(["dc0"] if wanted.c0 else [])]
        shapes += [(shape[0], shape[2])] * (wanted.h0 + wanted.c0)
        super().__init__((x.kernel, x.h0, x.c0, *kept, *given), *shapes)
        self.named = dict(zip(names, self.outputs[1:], strict=True))
        self.previous, self.dh0, self.dc0 = map(self.named.get, ("previous", "dh0", "dc0"))
        self.dstates = self.named.get("dstates", self.y)  # They differ if a gate multiplies the product, as that of a GRU does.
        self.settings = forward.settings
        self.in_place = ("dy",) if forward.gates is None else ("gates",)

    def lower(self, lowering):
        """Append the kernel call."""
        inputs = {name: lowering.array(value) for name, value in vars(self.inputs).items()}
        outputs = {name: lowering.array(value) for name, value in self.named.items()}
        bindings.recurrence_backward(
            dprojections=lowering.array(self.y), **inputs, **outputs, **self.settings, **lowering.target
        )

    def flops(self):
        """Return two for each product."""
        return 2 * math.prod(self.y.shape) * self.inputs.kernel.shape[0]

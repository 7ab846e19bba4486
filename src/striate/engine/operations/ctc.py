"""The loss of sequences of labels by connectionist temporal classification."""

from ...functional.ctc import ctc_loss_and_gradient
from .base import GraphOperation
from .merging import Merge
from .resampling import broadcast
from .reshape import Reshape


class CTCLoss(GraphOperation):
    """`functional.ctc_loss` of each sequence, a call of Python; the second output is its gradient, computed in the same pass.

    Parameters
    ----------
    output : Value, shape (batch, steps, classes)
        Logits.
    target, target_length, output_length : Value
        Integers, which floats may hold.
    mask_index : int
        Class of the blank.
    """

    reads = ("output", "target", "target_length", "output_length")
    any_dtype = True

    def __init__(self, output, target, target_length, output_length, *, mask_index):
        super().__init__((output, target, target_length, output_length), output.shape[:1], output.shape)
        self.mask_index = mask_index

    def gradient(self, dy, wanted):
        """Return the gradient of the logits; integers have none."""
        if not wanted.output:
            return [None] * len(wanted)
        of_loss = self.outputs[1]
        dy = broadcast(Reshape(dy, (*dy.shape, 1, 1)).y, of_loss.shape)
        return [Merge("multiply", (dy, of_loss)).y, None, None, None]

    def lower(self, lowering):
        """Append a call of Python."""
        output, target, *lengths = map(lowering.array, self.inputs)
        loss, gradient = map(lowering.array, self.outputs)

        def forward():
            loss[...], gradient[...] = ctc_loss_and_gradient(target, output, *lengths, self.mask_index)

        lowering.program.call(forward)

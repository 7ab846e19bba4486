"""Scores of classes: what explanations differentiate, or watch while they change an input."""

import functools

import numpy as np

from .. import ops
from .._common.checks import boolean, integer, integers
from .._common.structures import flat
from ..engine.operations import ActivationFunction
from ..models import values_and_gradients
from ..models.arrays import parts
from .models import as_batch

#: Activations of outputs that make probabilities of scores.
_TO_PROBABILITIES = ("softmax", "log_softmax", "sigmoid")

#: Parameters that explanations share, for their docstrings.
OF_QUESTION = """
    Parameters
    ----------
    model : Model
        The model.
    x : ndarray, shape (batch, ...), or of one sample, or a list of arrays
        Inputs. The result for one sample has no axis for the batch.
    target : int or sequence of int, optional
        Class to explain, or one for each sample: the index along the output's last axis. The class with the largest output if
        None. Where the output has further axes, such as those of a segmentation, their sum is explained.
    output : int
        Index of the output, in a model with several.
    probability : bool
        Whether the probability is explained; False for the score from which a final softmax or sigmoid makes it, which other
        classes do not influence.
    """


class Question:
    """What is to be explained: the score of one class for each of some samples; for arguments see `OF_QUESTION`.

    Attributes
    ----------
    x : list of ndarray
        Inputs of the model.
    alone : bool
        Whether there is one sample, given without an axis for the batch.
    target : ndarray of int, shape (batch,)
        The classes.
    """

    def __init__(self, model, x, target=None, output=0, probability=False):
        self.model = model
        self.x, self.alone = as_batch(model, x)
        probability = boolean("probability", probability)
        predicted = flat(model.predict(self.x if len(self.x) > 1 else self.x[0]))
        predicted = predicted[integer("output", output, 0, len(predicted) - 1)]
        samples, *positions, classes = predicted.shape
        if target is None:
            self.target = predicted.reshape(samples, -1, classes).sum(1).argmax(-1)
        elif isinstance(target, (list, tuple)) or np.ndim(target):
            self.target = np.array(integers("target", target, 0, classes - 1))
            if len(self.target) != samples:
                raise ValueError(f"target has {len(self.target)} classes for {samples} samples; expected one for each sample")
        else:
            self.target = np.full(samples, integer("target", target, 0, classes - 1))
        selection = np.arange(classes) == self.target[:, np.newaxis]
        self._selection = selection.astype(model.dtype).reshape(samples, *(1 for _ in positions), classes)
        self._score = _score_of(output if len(model._output_structure.names) > 1 else None, probability)

    def differentiate(self, x, which, wrt=None):
        """Return the scores of changed samples, with values and gradients; see `values_and_gradients`.

        Parameters
        ----------
        x : list of ndarray
            Inputs of the model, one batch.
        which : slice or ndarray of int
            Samples that they were made from.
        wrt : list, optional
            What gradients are wanted of.
        """
        return values_and_gradients(self.model, x, self._score, wrt, arrays=[self._selection[which]])

    def of(self, part):
        """Return the inputs of some samples."""
        return [array[part] for array in self.x]

    def batches(self, batch_size):
        """Yield slices of the samples."""
        yield from parts(len(self.x[0]), integer("batch_size", batch_size, 1))


@functools.cache  # The same function for each call, as programs are made once for a function.
def _score_of(output, probability):
    def score(y, selection):
        y = y if output is None else y[output]
        return selected(y if probability else before_probabilities(y), selection)

    return score


def selected(y, selection):
    """Return the sums of selected elements of each sample."""
    return ops.sum(ops.multiply(y, selection), axis=tuple(range(1, len(y.shape))))


def before_probabilities(y):
    """Return the scores from which the last operation made probabilities, or the value itself."""
    made_by = y.producer
    return made_by.inputs.x if isinstance(made_by, ActivationFunction) and made_by.name in _TO_PROBABILITIES else y

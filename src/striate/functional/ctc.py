"""Connectionist temporal classification (CTC): the loss of a sequence of labels of which only the order is known.

At each step, scores of classes tell how probable each label is, and how probable the blank, which stands for none. A path, one
class for each step, reads as the labels that are left when equal neighbours are merged and blanks removed afterwards. The
probability of the target is the sum over all paths that read as it: with a blank before, between and after its labels it has
``2 length + 1`` states, and a step leads from a state to itself, to the next one, or, past a blank between different labels, to
the one after. alpha[t, s] is the probability of the first t steps of all paths that are then in state s; the same sums from the
end tell how the paths go on, and both together how probable each state is at each step, from which the gradient follows
(Graves, A. et al., "Connectionist temporal classification: labelling unsegmented sequence data with recurrent neural networks",
ICML 2006, equations 6 to 8 and 16).

Sums over paths are logarithms in float64, whatever the dtype of the scores. Both directions are one computation, which the
backward sums do on reversed sequences; NumPy computes a step of all sequences at once.
"""

import numpy as np

from .._common.checks import check_shape, float_array, integer, real_array
from .._common.docstrings import documented

#: Logarithm of the probability 0: finite, so that differences are no NaN, and far below that of any other probability.
_NEVER = -1e30

_quiet = np.errstate(over="ignore", invalid="ignore")  # for logits that are not finite, and for what is beyond the lengths

_ARGUMENTS = """
    Parameters
    ----------
    target : array_like of integers, shape (batch, length)
        Labels, each of them a class but the blank's; those from the target's length on do not matter.
    output : ndarray of float32 or float64, shape (batch, steps, classes)
        Logits of the classes at each step; see `striate.activations.softmax`.
    target_length : array_like of integers, shape (batch,)
        Number of labels of each target.
    output_length : array_like of integers, shape (batch,)
        Number of steps of each sequence; those after them do not matter.
    mask_index : int
        Class of the blank; negative ones count from the last class.

    Raises
    ------
    TypeError
        If `output` is not float32 or float64.
    ValueError
        If the shapes do not fit together, or a label or length is out of range.

    Notes
    -----
    A target that no path reads as, since there are fewer steps than labels (and one more for each pair of equal neighbours),
    has an infinite loss, and a gradient of 0.
    """


@documented(_ARGUMENTS)
def ctc_loss(target, output, target_length, output_length, *, mask_index=0):
    """Negative logarithm of the probability that a sequence of scores is read as the target, by CTC [1]_.

    Returns
    -------
    ndarray of output's dtype, shape (batch,)

    References
    ----------
    .. [1] Graves, A. et al., "Connectionist temporal classification: labelling unsegmented sequence data with recurrent neural
       networks", ICML 2006, equation 8.

    Examples
    --------
    Two steps are read as the label 1 if it is at either of them, or at both:

    >>> import numpy as np
    >>> from striate import functional as F
    >>> p = np.array([[[0.6, 0.4], [0.9, 0.1]]])
    >>> loss = F.ctc_loss([[1]], np.log(p), [1], [2])
    >>> np.round(np.exp(-loss), 4), round(0.4 * 0.9 + 0.6 * 0.1 + 0.4 * 0.1, 4)
    (array([0.46]), 0.46)
    """
    sequences = _Sequences(target, output, target_length, output_length, mask_index)
    return sequences.loss().astype(sequences.output.dtype)


@documented(_ARGUMENTS)
def ctc_loss_backward_output(dy, target, output, target_length, output_length, *, mask_index=0):
    """Gradient of `ctc_loss` with respect to the logits.

    Parameters
    ----------
    dy : ndarray of output's dtype, shape (batch,)
        Gradient with respect to the losses.

    Returns
    -------
    ndarray of output's dtype, shape (batch, steps, classes)

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> F.ctc_loss_backward_output(np.ones(1), [[1]], np.zeros((1, 1, 2)), [1], [1])
    array([[[ 0.5, -0.5]]])
    """
    sequences = _Sequences(target, output, target_length, output_length, mask_index)
    dy = float_array("dy", dy, ("batch",), like=("output", sequences.output))
    check_shape("dy", dy, sequences.output.shape[:1], "the losses")
    return sequences.loss_and_gradient()[1] * dy[:, np.newaxis, np.newaxis]


def ctc_loss_and_gradient(target, output, target_length, output_length, mask_index):
    """Return `ctc_loss` in float64 and, of the same computation, the gradient of each of them with respect to the logits."""
    return _Sequences(target, output, target_length, output_length, mask_index).loss_and_gradient()


class _Sequences:
    """The sequences of a batch, with the states of their targets."""

    @_quiet
    def __init__(self, target, output, target_length, output_length, mask_index):
        self.output = float_array("output", output, ("batch", "steps", "classes"))
        batch, steps, classes = self.output.shape
        if not classes:
            raise ValueError(f"output has shape {self.output.shape}; expected at least one class, the blank")
        mask_index = integer("mask_index", mask_index, -classes, classes - 1) % classes
        target = _integers("target", target)
        if target.ndim != 2 or len(target) != batch:
            raise ValueError(f"target has shape {target.shape}; expected (batch, length), for output of {batch} sequences")
        self.target_length = check_lengths("target_length", target_length, batch, target.shape[1])
        self.output_length = check_lengths("output_length", output_length, batch, steps)
        inside = np.arange(target.shape[1]) < self.target_length[:, np.newaxis]
        wrong = inside & ((target < 0) | (target >= classes) | (target == mask_index))
        if wrong.any():
            raise ValueError(
                f"target holds {target[wrong][0]}, which is not a label; expected 0 to {classes - 1} for {classes} classes, "
                f"and not the blank, {mask_index}"
            )
        self.states = np.full((batch, 2 * target.shape[1] + 1), mask_index)
        self.states[:, 1::2] = np.where(inside, target, mask_index)
        largest = self.output.max(-1, keepdims=True, initial=-np.inf)
        self._exponentials = np.exp(self.output - largest)
        self._totals = self._exponentials.sum(-1, dtype=np.float64, keepdims=True)
        logits = np.take_along_axis(self.output, self.states[:, np.newaxis], 2).astype(np.float64)
        # The log-probabilities of the states at each step, shape (batch, steps, states)
        self._scores = np.maximum(logits - largest - np.log(self._totals), _NEVER)

    @_quiet
    def loss(self):
        """Return the losses as float64."""
        return self._loss_of(_path_sums(self._scores, self.states))

    @_quiet
    def loss_and_gradient(self):
        """Return the losses as float64, and their gradients with respect to the logits, in their dtype."""
        batch, steps, classes = self.output.shape
        rows = np.arange(batch)[:, np.newaxis, np.newaxis]
        # Each sequence and its target reversed within their lengths; what is beyond them may be anything.
        step = np.maximum(self.output_length[:, np.newaxis] - 1 - np.arange(steps), 0)[:, :, np.newaxis]
        state = np.maximum(2 * self.target_length[:, np.newaxis] - np.arange(self.states.shape[1]), 0)[:, np.newaxis]
        reversed_states = self.states[rows[:, 0], state[:, 0]]
        both = _path_sums(
            np.concatenate([self._scores, self._scores[rows, step, state]]), np.concatenate([self.states, reversed_states])
        )
        loss = self._loss_of(both[:, :, :batch])
        forward, backward = both[1:, 2:].transpose(2, 0, 1)[:batch], both[1:, 2:].transpose(2, 0, 1)[batch:]
        inside = np.arange(steps)[:, np.newaxis] < self.output_length[:, np.newaxis, np.newaxis]
        possible = inside & (loss != np.inf)[:, np.newaxis, np.newaxis]
        used = possible & (np.arange(self.states.shape[1]) <= 2 * self.target_length[:, np.newaxis, np.newaxis])
        of_paths = forward + backward[rows, step, state] - self._scores + loss[:, np.newaxis, np.newaxis]
        of_states = np.where(used, np.exp(of_paths), 0)
        places = (rows * steps + np.arange(steps)[:, np.newaxis]) * classes + self.states[:, np.newaxis]
        expected = np.bincount(places.reshape(-1), of_states.reshape(-1), self.output.size).reshape(self.output.shape)
        gradient = np.where(possible, self._exponentials / self._totals - expected, 0)
        return loss, gradient.astype(self.output.dtype)

    def _loss_of(self, sums):
        """Return the losses, given the sums over paths of the sequences."""
        last = sums[self.output_length, :, np.arange(len(self.output))]  # (batch, states + 2)
        ends = np.take_along_axis(last, 2 * self.target_length[:, np.newaxis] + [1, 2], 1)
        total = np.logaddexp(ends[:, 0], ends[:, 1])
        return np.where(total < _NEVER / 2, np.inf, -total)


def _path_sums(scores, states):
    """Return log(alpha), shape (steps + 1, states + 2, batch), where index s + 2 is that of state s.

    Before the first step, all paths are at index 1, from which they reach the first blank and the first label.

    Parameters
    ----------
    scores : ndarray of float64, shape (batch, steps, states)
        Log-probabilities of the states at each step.
    states : ndarray of integers, shape (batch, states)
        Classes of the states.
    """
    batch, steps, count = scores.shape
    past_blank = np.full((count, batch), _NEVER)
    past_blank[1:2] = 0
    past_blank[3::2] = np.where(states[:, 3::2] != states[:, 1:-2:2], 0, _NEVER).T
    scores = np.ascontiguousarray(scores.transpose(1, 2, 0))
    sums = np.full((steps + 1, count + 2, batch), _NEVER)
    sums[0, 1] = 0
    ways, largest = np.empty((3, count, batch)), np.empty((count, batch))
    for t in range(steps):
        before, after = sums[t], sums[t + 1, 2:]
        ways[0], ways[1] = before[2:], before[1:-1]
        np.add(before[:-2], past_blank, out=ways[2])
        np.max(ways, 0, out=largest)
        np.exp(np.subtract(ways, largest, out=ways), out=ways)
        np.log(np.sum(ways, 0, out=after), out=after)
        after += largest
        after += scores[t]
    return sums


def _integers(name, value):
    """Return an array of integers, which floats may hold, as they do in a graph."""
    array = real_array(name, value)
    if array.dtype.kind == "f" and not (array == np.floor(array)).all():
        raise ValueError(f"{name} holds {array[array != np.floor(array)][0]}; expected integers")
    return array.astype(np.int64)


def check_lengths(name, value, batch, largest):
    """Return lengths, one for each sequence, from 0 to the largest."""
    array = _integers(name, value)
    if array.shape != (batch,):
        raise ValueError(f"{name} has shape {array.shape}; expected ({batch},), one for each sequence")
    if batch and not (array.min() >= 0 and array.max() <= largest):
        wrong = array[(array < 0) | (array > largest)][0]
        raise ValueError(f"{name} holds {wrong}, out of range; expected 0 to {largest}")
    return array

"""Sequences of labels of which only the order is known: connectionist temporal classification."""

import numpy as np

from .._common.checks import boolean, choice, integer, shown
from .._common.errors import explain_all
from ..activations import log_softmax
from ..engine.dtypes import FLOAT32, promoted
from ..engine.operators import Operators, apply
from ..functional.ctc import check_lengths
from ._functions import shape_of
from .beam_search import beam_search
from .core import cast, convert_to_tensor
from .numpy import argmax, argsort, concatenate, equal, expand_dims, max, negative, sum, take_along_axis, where


def ctc_loss(target, output, target_length, output_length, mask_index=0):
    """Return the negative logarithm of the probability that each sequence is read as its target.

    Parameters
    ----------
    target : array_like of integers or symbolic tensor, shape (batch, length)
        Labels, each of them a class but the blank's; those from the target's length on do not matter.
    output : array_like or symbolic tensor, shape (batch, steps, classes)
        Logits.
    target_length, output_length : array_like of integers or symbolic tensor, shape (batch,)
        Number of labels of each target, and of steps of each sequence.
    mask_index : int
        Class of the blank, which stands for no label; negative ones count from the last class.

    Returns
    -------
    array or symbolic tensor, shape (batch,)
        Losses; infinite, with a gradient of 0, for a target that has too many labels for its sequence. See
        `striate.functional.ctc_loss`.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or a label or length is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> p = np.array([[[0.6, 0.4], [0.9, 0.1]]])
    >>> np.round(np.exp(-ops.ctc_loss([[1]], np.log(p), [1], [2])), 4)
    array([0.46])
    """
    return apply("ctc_loss", output, target, target_length, output_length, mask_index=integer("mask_index", mask_index))


def ctc_decode(inputs, sequence_lengths, strategy="greedy", beam_width=100, top_paths=1, merge_repeated=True, mask_index=0):
    """Return the labels that sequences of logits are read as.

    Parameters
    ----------
    inputs : array_like or symbolic tensor, shape (batch, steps, classes)
        Logits.
    sequence_lengths : array_like of integers or symbolic tensor, shape (batch,)
        Number of steps of each sequence; those after them do not matter.
    strategy : {"greedy", "beam_search"}
        "greedy" takes the most probable class at each step, merges equal neighbours and removes blanks. "beam_search" adds up
        the probabilities of all paths that are read as the same labels, for the `beam_width` most probable beginnings
        [1]_; it takes arrays only.
    beam_width : int
        Number of beginnings of which a beam search keeps track.
    top_paths : int
        Number of readings that a beam search returns, at most `beam_width`.
    merge_repeated : bool
        Whether "greedy" merges equal neighbours.
    mask_index : int, optional
        Class of the blank; None for the last class.

    Returns
    -------
    labels : array of int32 or symbolic tensor, shape (readings, batch, steps)
        Labels, followed by -1; the best reading first, a single one for "greedy".
    scores : array or symbolic tensor, shape (batch, readings)
        Logarithms of the readings' probabilities, minus infinity for readings that are not there; for "greedy", as in Keras,
        the negative sums of the largest logits.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    References
    ----------
    .. [1] Graves, A. and Jaitly, N., "Towards end-to-end speech recognition with recurrent neural networks", ICML 2014,
       algorithm 1.

    Examples
    --------
    The most probable class is the blank, 0, at both steps; but more probable than no label is one at either step:

    >>> import numpy as np
    >>> from striate import ops
    >>> logits = np.log([[[0.6, 0.4], [0.6, 0.4]]])
    >>> ops.ctc_decode(logits, [2])[0]
    array([[[-1, -1]]], dtype=int32)
    >>> labels, scores = ops.ctc_decode(logits, [2], "beam_search", top_paths=2)
    >>> labels[:, 0], np.exp(scores)
    (array([[ 1, -1],
           [-1, -1]], dtype=int32), array([[0.64, 0.36]]))
    """
    choice("strategy", strategy, ("greedy", "beam_search"))
    merge_repeated = boolean("merge_repeated", merge_repeated)
    beam_width = integer("beam_width", beam_width, 1)
    top_paths = integer("top_paths", top_paths, 1, beam_width)
    inputs = convert_to_tensor(inputs)
    inputs = cast(inputs, promoted(np.dtype(inputs.dtype), FLOAT32))
    shape = shape_of(inputs)
    if len(shape) != 3 or not shape[2]:
        raise ValueError(f"inputs has shape {tuple(shape)}; expected (batch, steps, classes)")
    classes = shape[2]
    mask_index = classes - 1 if mask_index is None else integer("mask_index", mask_index, -classes, classes - 1) % classes
    if not isinstance(inputs, Operators) and not isinstance(sequence_lengths, Operators):
        sequence_lengths = check_lengths("sequence_lengths", sequence_lengths, *shape[:2])
    if strategy == "greedy":
        return _most_probable(inputs, sequence_lengths, merge_repeated, mask_index)
    if isinstance(inputs, Operators) or isinstance(sequence_lengths, Operators):
        raise TypeError(f"inputs={shown(inputs)} or sequence_lengths is symbolic; expected arrays for strategy='beam_search'")
    log_p = log_softmax(inputs)
    labels = np.full((top_paths, *shape[:2]), -1, np.int32)
    scores = np.full((shape[0], top_paths), -np.inf, log_p.dtype)
    for i, (sequence, length) in enumerate(zip(log_p, sequence_lengths, strict=True)):
        for rank, (reading, score) in enumerate(beam_search(sequence[:length], beam_width, mask_index)[:top_paths]):
            labels[rank, i, : len(reading)] = reading
            scores[i, rank] = score
    return labels, scores


def _most_probable(inputs, lengths, merge_repeated, blank):
    """Return the labels of the most probable path of each sequence, and the negative sums of their logits."""
    steps = np.arange(shape_of(inputs)[1], dtype=np.int32)
    inside = steps < expand_dims(lengths, 1)
    labels = where(inside, argmax(inputs, -1), blank)
    if merge_repeated:
        repeated = equal(labels[:, 1:], labels[:, :-1])
        labels = concatenate([labels[:, :1], where(repeated, blank, labels[:, 1:])], 1)
    is_blank = equal(labels, blank)
    order = argsort(where(is_blank, len(steps), steps), -1)  # Labels come first, in their order.
    labels = take_along_axis(where(is_blank, -1, labels), order, -1)
    return expand_dims(labels, 0), expand_dims(negative(sum(where(inside, max(inputs, -1), 0), 1)), 1)


__all__ = ["ctc_decode", "ctc_loss"]

explain_all(globals(), __all__)

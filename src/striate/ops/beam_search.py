"""The most probable readings of a sequence, by a beam search over their beginnings.

Many paths, one class for each step, are read as the same labels. The search knows for each beginning of a reading, a prefix,
how probable the paths are that are read as it and end in the blank, and those that end in its last label: a step with that
label adds a second one only to the former (Graves, A. and Jaitly, N., "Towards end-to-end speech recognition with recurrent
neural networks", ICML 2014, algorithm 1).
"""

import numpy as np


class _Prefixes:
    """All prefixes met, as a tree: each has an index, a parent, which lacks its last label, and that label."""

    def __init__(self):
        self.parents, self.labels = [-1], [-1]  # of the empty prefix
        self._indices = {}

    def extended(self, parent, label):
        """Return the index of the prefix that extends another one by a label."""
        index = self._indices.setdefault((parent, label), len(self.parents))
        if index == len(self.parents):
            self.parents.append(parent)
            self.labels.append(label)
        return index

    def reading(self, index):
        """Return the labels of a prefix."""
        labels = []
        while index:
            labels.append(self.labels[index])
            index = self.parents[index]
        return labels[::-1]


def beam_search(log_p, width, blank):
    """Return the most probable readings, at most `width` of them, with the logarithms of their probabilities, the best first.

    Parameters
    ----------
    log_p : ndarray of floats, shape (steps, classes)
        Log-probabilities of the classes at each step.
    width : int
        Number of prefixes that are kept after each step.
    blank : int
        Class that stands for no label.
    """
    prefixes = _Prefixes()
    beam = [0]
    in_blank, in_label = np.zeros(1), np.full(1, -np.inf)  # log-probabilities of the paths by their last class
    for row in log_p.astype(np.float64):
        total = np.logaddexp(in_blank, in_label)
        last = np.array([prefixes.labels[each] for each in beam])
        longer = total[:, np.newaxis] + row  # (prefixes, classes)
        longer[np.arange(len(beam)), last] = in_blank + row[last]
        longer[:, blank] = -np.inf
        in_blank, in_label = total + row[blank], in_label + row[last]
        places = {each: i for i, each in enumerate(beam)}
        for i, each in enumerate(beam):
            parent = places.get(prefixes.parents[each])
            if parent is not None:  # The longer prefix is in the beam already.
                in_label[i] = np.logaddexp(in_label[i], longer[parent, last[i]])
                longer[parent, last[i]] = -np.inf
        scores = np.concatenate([np.logaddexp(in_blank, in_label), longer.reshape(-1)])
        best = np.argpartition(-scores, width)[:width] if len(scores) > width else np.arange(len(scores))
        best = best[np.argsort(-scores[best], kind="stable")]
        best = best[scores[best] > -np.inf]
        kept, new = best[best < len(beam)], best[best >= len(beam)] - len(beam)
        parents, labels = np.divmod(new, len(row))
        in_blank = np.concatenate([in_blank[kept], np.full(len(new), -np.inf)])
        in_label = np.concatenate([in_label[kept], longer[parents, labels]])
        beam = [beam[i] for i in kept] + [
            prefixes.extended(beam[i], label) for i, label in zip(parents, labels.tolist(), strict=True)
        ]
    scores = np.logaddexp(in_blank, in_label)
    return [(prefixes.reading(beam[i]), scores[i]) for i in np.argsort(-scores, kind="stable")]

"""How good ranked answers are: which of them are relevant tells everything."""

import numpy as np

from .._common.checks import as_array, integer, real_array
from .._common.docstrings import documented

_MEASURES_DOC = """
    Parameters
    ----------
    relevant : array_like of bool, shape (queries, answers)
        Which of the answers to each query are relevant, in their order, the best first.
    k : int
        Number of answers that count, the first ones.
    total : array_like of int, shape (queries,)
        Number of all relevant things that there are for each query, found or not.

    Returns
    -------
    float
        The mean over all queries; NaN if there are none.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.
    """


@documented(_MEASURES_DOC)
def precision_at_k(relevant, k):
    """Return the precision at k: the share of the first k answers that are relevant.

    Examples
    --------
    >>> from striate import retrieval
    >>> retrieval.precision_at_k([[True, False, True, False], [True, True, False, False]], k=2)
    0.75
    """
    relevant, k = _check(relevant, k)
    return _mean(relevant[:, :k].mean(1))


@documented(_MEASURES_DOC)
def recall_at_k(relevant, k, total):
    """Return the recall at k: the share of all relevant things that are among the first k answers.

    Queries without relevant things do not count.

    Examples
    --------
    >>> from striate import retrieval
    >>> retrieval.recall_at_k([[True, False, True, False], [True, True, False, False]], k=2, total=[2, 4])
    0.5
    """
    relevant, k = _check(relevant, k)
    total = _check_total(total, relevant)
    asked = total > 0
    return _mean(relevant[asked, :k].sum(1) / total[asked])


@documented(_MEASURES_DOC)
def mean_average_precision(relevant, total=None):
    """Return the mean average precision: for each query, the mean of the precisions at the ranks of relevant answers [1]_.

    Queries without relevant things do not count.

    Parameters
    ----------
    total : array_like of int, shape (queries,), optional
        Number of all relevant things that there are for each query, found or not; None if all of them are among the answers.

    References
    ----------
    .. [1] Manning, C. D., Raghavan, P. and Schütze, H., "Introduction to information retrieval", 2008, section 8.4.

    Examples
    --------
    >>> from striate import retrieval
    >>> round(retrieval.mean_average_precision([[True, False, True, False], [False, True, False, False]]), 3)
    0.667
    """
    relevant, _ = _check(relevant, 1)
    total = relevant.sum(1) if total is None else _check_total(total, relevant)
    precisions = np.cumsum(relevant, 1) / np.arange(1, relevant.shape[1] + 1)
    asked = total > 0
    return _mean((precisions * relevant)[asked].sum(1) / total[asked])


def _check(relevant, k):
    """Return what is relevant, and k, which is not larger than the number of answers."""
    relevant = as_array("relevant", relevant)
    if relevant.ndim != 2 or relevant.dtype != bool or not relevant.shape[1]:
        raise ValueError(
            f"relevant has shape {relevant.shape} and dtype {relevant.dtype}; expected (queries, answers) of bool, and answers"
        )
    k = integer("k", k, 1)
    if k > relevant.shape[1]:
        raise ValueError(f"k={k} is larger than the number of answers; expected at most {relevant.shape[1]}")
    return relevant, k


def _check_total(total, relevant):
    """Return the numbers of relevant things as an array, none of them smaller than what was found."""
    total = real_array("total", total)
    if total.shape != relevant.shape[:1] or (total.size and total.dtype.kind not in "iu"):
        raise ValueError(f"total has shape {total.shape} and dtype {total.dtype}; expected ({len(relevant)},) integers")
    if (total < relevant.sum(1)).any():
        raise ValueError(f"total holds {total.min()} or more, fewer than are relevant; expected all relevant things")
    return total


def _mean(values):
    return float(values.mean()) if values.size else float("nan")

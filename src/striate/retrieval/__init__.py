"""Retrieval: which of many vectors are most like a query, and how good the answers are.

``index``     vectors by their ids, searched exactly, and their files
``columns``   the vectors in memory
``measures``  precision, recall and average precision of ranked answers
"""

from .._common.names import public_attributes
from .index import Index, Matches, load_index
from .measures import mean_average_precision, precision_at_k, recall_at_k

__all__ = [
    "Index",
    "Matches",
    "load_index",
    "mean_average_precision",
    "precision_at_k",
    "recall_at_k",
]

__getattr__, __dir__ = public_attributes(globals())

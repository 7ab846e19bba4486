"""The engine: a graph of operations becomes a plan, and a plan a program that runs in preallocated memory.

``graph``              what is computed: values, and operations that read and write them
``operations``         one class an operation: its shape, its gradient, and the kernel call it becomes
``shapes``             the shapes of what functions return, where sizes need not be known
``dtypes``             their dtypes
``fusion``             operations made one
``gradients``          the operations that compute gradients, appended to a graph
``rematerialization``  values that are computed again for gradients instead of kept
``low_precision``      operations on real numbers made ones on 8-bit integers or bfloat16
``derived_weights``    folded and packed weights: computed once, and again when their sources change
``memory``             where each value lies: memory is used again as soon as a value is dead
``plan``               all of it together: a graph in, something to run out
"""

from .derived_weights import DerivedWeight
from .fusion import fuse
from .gradients import append_gradients
from .graph import Graph, Value
from .low_precision import quantize, round_to_bfloat16
from .plan import Plan
from .rematerialization import rematerialize
from .variable import LazyArray, Variable

__all__ = [
    "DerivedWeight",
    "Graph",
    "LazyArray",
    "Plan",
    "Value",
    "Variable",
    "append_gradients",
    "fuse",
    "quantize",
    "rematerialize",
    "round_to_bfloat16",
]

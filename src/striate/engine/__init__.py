"""The engine: a graph of operations becomes a plan, and a plan a program that runs in preallocated memory.

``graph``              what is computed: values, and operations that read and write them
``operations``         one class per operation: its shape, its gradient, and the kernel call it becomes
``shapes``             shapes of the results of functions, where sizes need not be known
``dtypes``             dtypes of the results of functions
``fusion``             fusion of operations
``gradients``          operations that compute gradients, appended to a graph
``rematerialization``  values that are recomputed for gradients instead of kept
``low_precision``      float32 operations replaced by ones on 8-bit integers or bfloat16
``fake_quantization``  training that rounds as predictions in low precision do
``precision_tuning``   operations that are measured to be faster in float32
``stored_weights``     weights of large dense layers in fewer bits
``derived_weights``    folded and packed weights, recomputed when their sources change
``memory``             places of values in memory, which is reused as soon as a value is dead
``plan``               plans, which put all of this together, and their executables
``tape``               gradients of what is computed within a block
"""

from .derived_weights import DerivedWeight
from .fusion import fuse, fuse_hard_activations
from .gradients import append_gradients
from .graph import Graph, Value
from .low_precision import Quantization, quantize, round_to_bfloat16
from .plan import Plan
from .rematerialization import rematerialize
from .stored_weights import store_weights
from .tape import GradientTape, gradients
from .variable import LazyArray, Variable

__all__ = [
    "DerivedWeight",
    "GradientTape",
    "Graph",
    "LazyArray",
    "Plan",
    "Quantization",
    "Value",
    "Variable",
    "append_gradients",
    "fuse",
    "fuse_hard_activations",
    "gradients",
    "quantize",
    "rematerialize",
    "round_to_bfloat16",
    "store_weights",
]

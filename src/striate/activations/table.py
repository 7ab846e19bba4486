"""The table of activations as functions of arrays and symbolic tensors, by name."""

import numpy as np

from .._common.checks import real_array
from .._common.docstrings import T
from .._common.errors import explained
from ..engine import Graph, Plan
from ..engine.dtypes import promoted
from ..engine.graph import of_the_block
from ..engine.operators import Operators
from ..threads import get_num_threads

#: All activations by name, those with kernels and those composed of arithmetic.
FUNCTIONS = {}


def register(function: T) -> T:
    """Enter a function into the table under its name, with errors that are explained by its arguments, and return it."""
    FUNCTIONS[function.__name__] = explained(function)
    return FUNCTIONS[function.__name__]


def activate(x, name, alpha=None):
    """Return the activation of `x` that has a name in `striate.functional`; softmax is taken along the last axis.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Input.
    name : str
        Name of the activation.
    alpha : float, optional
        Factor of the part below zero of "leaky_relu" and "elu"; their default if None.
    """
    x = of_the_block(x)
    if isinstance(x, Operators):
        return x._activate(name, alpha)
    array = real_array("x", x)
    # Python's floats are taken as float32.
    dtype = promoted(array.dtype if hasattr(x, "dtype") or array.dtype.kind != "f" else float)
    graph = Graph()
    y = graph.input(array.shape, np.float64 if dtype == np.float64 else np.float32)._activate(name, alpha)
    y = Plan(graph, [y], get_num_threads()).instantiate().compute([array])[0]
    return y.astype(dtype) if dtype == np.float16 else y

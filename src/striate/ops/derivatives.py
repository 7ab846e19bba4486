"""Derivatives in a direction."""

import numpy as np

from .._common.checks import boolean, called, sequence, shown
from .._common.errors import explain_all
from .._common.structures import leaves, mapped, with_leaves
from ..engine.graph import of_the_block
from ..engine.operators import Operators
from ..engine.tape import GradientTape
from ._functions import shape_of
from .core import convert_to_tensor
from .numpy import add, multiply, sum


def jvp(fun, primals, tangents, has_aux=False):
    """Return what a function returns, and its derivative in a direction: the product of its Jacobian and a vector.

    Parameters
    ----------
    fun : callable
        ``fun(*primals)`` returns an array, or nested lists of them, computed by functions of `striate.ops`.
    primals : sequence of array_like
        Arguments: floats, or nested lists of arrays of them.
    tangents : sequence of array_like
        The direction, in the form of the arguments.
    has_aux : bool
        Whether `fun` returns a pair, whose second element is not differentiated.

    Returns
    -------
    primals_out, tangents_out : array, or nested lists of them
        The result and its derivative.
    aux : array, or nested lists of them
        The second element of the pair, with `has_aux`.

    Notes
    -----
    The gradient of ``sum(u * f)`` is linear in u, and the derivative of its product with the direction, with respect to u, is
    what is wanted. So gradients must have gradients; see `striate.GradientTape`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.jvp(ops.square, (np.array([1.0, 3.0]),), (np.array([1.0, 0.5]),))
    (array([1., 9.]), array([2., 3.]))
    """
    called("fun", fun, "the primals")
    primals, tangents = sequence("primals", primals, "arguments"), sequence("tangents", tangents, "directions")
    arrays, directions = ([_floats(each) for each in leaves(given)] for given in (primals, tangents))
    if [each.shape for each in arrays] != [each.shape for each in directions]:
        raise ValueError(
            f"tangents has the shapes {[each.shape for each in directions]}; expected those of primals, "
            f"{[each.shape for each in arrays]}"
        )
    has_aux = boolean("has_aux", has_aux)
    with GradientTape() as outer:
        with GradientTape() as inner:
            inner.watch(arrays)
            results = fun(*with_leaves(primals, [of_the_block(each) for each in arrays]))
            results, aux = results if has_aux else (results, None)
            parts = leaves(results)
            factors = [np.ones(shape_of(each), np.dtype(each.dtype)) for each in parts]
            outer.watch(factors)
            total = _total(parts, factors)
        gradients = inner.gradient(total, arrays, unconnected_gradients="zero")
        product = _total(gradients, directions)
    derivatives = outer.gradient(product, factors, unconnected_gradients="zero")
    found = mapped(np.asarray, results), with_leaves(results, derivatives)
    return (*found, mapped(np.asarray, aux)) if has_aux else found


def _total(arrays, factors):
    """Return the sum of the products of the elements of arrays and factors."""
    total = 0.0
    for each, factor in zip(arrays, factors, strict=True):
        total = add(total, sum(multiply(each, factor)))
    return total


def _floats(x):
    """Return an argument as a new array of floats."""
    if isinstance(x, Operators):
        raise TypeError(f"primals or tangents hold {shown(x)}; expected arrays, and gradients in a model")
    array = convert_to_tensor(x)
    return array.astype(array.dtype if array.dtype.kind == "f" else np.float32)


__all__ = ["jvp"]

explain_all(globals(), __all__)

"""Choices, loops, and gradients of one's choice.

What a model computes is known before it runs. So a choice computes all branches and selects elements, and loops are unrolled,
which takes known numbers of iterations.
"""

import functools
import inspect

import numpy as np

from .._common.checks import axis_of, boolean, called, integer, shown
from .._common.errors import explain_all
from .._common.structures import leaves, with_leaves
from ..engine import Value, Variable
from ..engine.graph import of_the_block
from ..engine.operations import CustomGradient
from ..engine.operators import Operators, current_graph
from ..engine.shapes import AnySize
from ..layers import Lambda
from ..layers.symbolic import Tensor, trace_of
from ._functions import indexed, shape_of
from .core import convert_to_tensor
from .numpy import concatenate, flip, less_equal, reshape, stack, where


def cond(pred, true_fn, false_fn):
    """Return the result of one of two functions.

    Parameters
    ----------
    pred : bool, array of one element, or symbolic tensor
        Which of them.
    true_fn, false_fn : callable
        Functions without arguments. For a symbolic `pred`, both are computed, and must return arrays of the same shape and
        dtype, or nested lists of them.

    Returns
    -------
    array, symbolic tensor, or a nested list of them

    Examples
    --------
    >>> from striate import ops
    >>> x = ops.array([1.0, 2.0])
    >>> ops.cond(ops.sum(x) > 2, lambda: x, lambda: -x)
    array([1., 2.], dtype=float32)
    """
    called("true_fn", true_fn, "none")
    called("false_fn", false_fn, "none")
    known = _known(pred)
    if known is not None:
        return true_fn() if known else false_fn()
    return _selected(pred, true_fn(), false_fn())


def switch(index, branches, *operands):
    """Return the result of one of several functions.

    Parameters
    ----------
    index : int, array of one element, or symbolic tensor
        Index of the function, which is clipped.
    branches : sequence of callable
        Functions of the operands. For a symbolic `index`, all are computed, as in `cond`.
    *operands
        What they are called with.

    Returns
    -------
    array, symbolic tensor, or a nested list of them

    Examples
    --------
    >>> from striate import ops
    >>> ops.switch(1, [lambda x: x + 1, lambda x: x * 10], 4)
    40
    """
    for i, each in enumerate(branches):
        called(f"branches[{i}]", each, "the operands")
    if not branches:
        raise ValueError("branches is empty; expected at least one function")
    if _known(index) is not None:
        return branches[int(np.clip(int(np.asarray(index).reshape(())), 0, len(branches) - 1))](*operands)
    results = [each(*operands) for each in branches]
    chosen = results[-1]
    for i in reversed(range(len(branches) - 1)):
        chosen = _selected(less_equal(index, i), results[i], chosen)
    return chosen


def _known(condition):
    """Return whether a condition holds, None if that is only known when a model runs."""
    if isinstance(condition, Variable) and current_graph() is None:
        condition = condition.numpy()
    if isinstance(condition, Operators):
        try:
            return bool(condition)
        except TypeError:
            return None
    return bool(np.asarray(condition).reshape(()))


def _selected(condition, first, second):
    """Return the elements of one of two nested lists of arrays, by a symbolic condition."""
    firsts, seconds = _tensors(first), _tensors(second)
    told = [[None if each is None else (shape_of(each), np.dtype(each.dtype).name) for each in xs] for xs in (firsts, seconds)]
    if told[0] != told[1]:
        raise ValueError(f"branches return arrays of shapes and dtypes {told[0]} and {told[1]}; expected the same of both")
    chosen = [None if each is None else where(condition, each, other) for each, other in zip(firsts, seconds, strict=True)]
    return with_leaves(first, chosen)


def _tensors(structure):
    """Return the leaves of nested lists as arrays or symbolic tensors; None stays None."""
    return [each if each is None or isinstance(each, Operators) else convert_to_tensor(each) for each in leaves(structure)]


def map(f, xs):
    """Return the results of a function for the parts of arrays along the first axis, stacked.

    Parameters
    ----------
    f : callable
        Function of a part of `xs`.
    xs : array_like, symbolic tensor of a known size, or nested list of them
        Arrays of the same size along the first axis.

    Returns
    -------
    array, symbolic tensor, or nested list of them

    Examples
    --------
    >>> from striate import ops
    >>> ops.map(lambda x: x**2, ops.arange(4)).tolist()
    [0, 1, 4, 9]
    """
    called("f", f, "a part of xs")
    arrays = _tensors(xs)
    count = _length("xs", xs, arrays, 0)
    return _stacked([f(with_leaves(xs, [indexed(each, i) for each in arrays])) for i in range(count)])


def vectorized_map(function, elements):
    """Return the results of a function for the parts of arrays along the first axis, stacked; see `map`."""
    return map(function, elements)


def scan(f, init, xs=None, length=None, reverse=False, unroll=1):
    """Return the results of a function for one part of arrays after another, which also changes a state.

    Parameters
    ----------
    f : callable
        ``f(carry, x)`` returns the next state and a result.
    init : array_like, symbolic tensor, or nested list of them
        The first state.
    xs : array_like, symbolic tensor of a known size, or nested list of them, optional
        Arrays, of which `f` gets the parts along the first axis; None if it gets none.
    length : int, optional
        Number of parts, needed without `xs`.
    reverse : bool
        Whether to begin with the last part.
    unroll : int or bool
        Accepted for compatibility with Keras, without effect: all of a model's loops are unrolled.

    Returns
    -------
    carry : structure
        The last state.
    ys : structure
        The results, stacked; None if they are None.

    Examples
    --------
    >>> from striate import ops
    >>> carry, sums = ops.scan(lambda carry, x: (carry + x, carry + x), ops.array(0), ops.array([1, 2, 3]))
    >>> int(carry), sums.tolist()
    (6, [1, 3, 6])
    """
    called("f", f, "a state and a part of xs")
    if not isinstance(unroll, bool):
        integer("unroll", unroll, 1)
    if xs is None and length is None:
        raise ValueError("xs=None and length=None; expected arrays, or a number of iterations")
    arrays = [] if xs is None else _tensors(xs)
    count = _length("xs", xs, arrays, 0) if length is None else integer("length", length, 0)
    carry = with_leaves(init, _tensors(init))
    results = []
    order = range(count)
    for i in reversed(order) if boolean("reverse", reverse) else order:
        carry, y = f(carry, None if xs is None else with_leaves(xs, [indexed(each, i) for each in arrays]))
        results.append(y)
    return carry, None if all(each is None for each in results) else _stacked(results[::-1] if reverse else results)


def associative_scan(f, elems, reverse=False, axis=0):
    """Return an array along an axis combined with all elements before each one, by an associative function.

    Parameters
    ----------
    f : callable
        ``f(a, b)`` combines arrays element by element, or nested lists of them.
    elems : array_like, symbolic tensor, or nested list of them
        Arrays of the same, known size along the axis.
    reverse : bool
        Whether to combine elements with those behind them.
    axis : int
        The axis.

    Returns
    -------
    array, symbolic tensor, or nested list of them

    Notes
    -----
    Half as many pairs are combined at each level, of which there are as many as the logarithm of the size [1]_.

    References
    ----------
    .. [1] Blelloch, G. E., "Prefix sums and their applications", 1990.

    Examples
    --------
    >>> from striate import ops
    >>> ops.associative_scan(ops.add, ops.arange(5)).tolist()
    [0, 1, 3, 6, 10]
    """
    called("f", f, "two arrays")
    arrays = _tensors(elems)
    axes = [axis_of(axis, "elems", shape_of(each)) for each in arrays]
    if boolean("reverse", reverse):
        arrays = [flip(each, i) for each, i in zip(arrays, axes, strict=True)]
    _length("elems", elems, arrays, axis)

    def part(xs, *key):
        return [indexed(each, *[slice(None)] * i, slice(*key)) for each, i in zip(xs, axes, strict=True)]

    def combine(first, second):
        return leaves(f(with_leaves(elems, first), with_leaves(elems, second)))

    def interleave(first, second, i):
        """Return elements of two arrays in turn; the first one may have one more."""
        shape, count = shape_of(first), shape_of(second)[i]
        pairs = stack([*part_of(first, i, count), second], axis=i + 1)
        whole = reshape(pairs, (*shape[:i], 2 * count, *shape[i + 1 :]))
        return whole if shape[i] == count else concatenate([whole, *part_of(first, i, count, shape[i])], axis=i)

    def part_of(x, i, *key):
        return [indexed(x, *[slice(None)] * i, slice(*key))]

    def combined(xs):
        count = shape_of(xs[0])[axes[0]]
        if count < 2:
            return xs
        first, second = part(xs, None, None, 2), part(xs, 1, None, 2)
        odd = combined(combine(part(first, count // 2), second))
        if count == 2:
            even = first
        else:
            rest = combine(part(odd, (count - 1) // 2), part(first, 1, None))
            even = [concatenate(each, axis=i) for *each, i in zip(part(first, 1), rest, axes, strict=True)]
        return [interleave(*each) for each in zip(even, odd, axes, strict=True)]

    results = combined(arrays)
    if reverse:
        results = [flip(each, i) for each, i in zip(results, axes, strict=True)]
    return with_leaves(elems, results)


def fori_loop(lower, upper, body_fun, init_val):
    """Return what a function makes of a value in a number of iterations.

    Parameters
    ----------
    lower, upper : int
        The first index, and that after the last one.
    body_fun : callable
        ``body_fun(index, value)`` returns the next value.
    init_val : object
        The first value.

    Returns
    -------
    object
        The last value.

    Examples
    --------
    >>> from striate import ops
    >>> ops.fori_loop(0, 4, lambda i, x: x + i, 10)
    16
    """
    called("body_fun", body_fun, "an index and a value")
    value = init_val
    for i in range(_bound("lower", lower), _bound("upper", upper)):
        value = body_fun(i, value)
    return value


def _bound(name, value):
    """Return a bound of a loop as an int."""
    if _known(value) is None:
        raise TypeError(f"{name}={shown(value)} is symbolic; expected an integer, and ops.where in the body")
    return integer(name, np.asarray(value).item())


def while_loop(cond, body, loop_vars, maximum_iterations=None):
    """Return what a function makes of values while a condition holds.

    Parameters
    ----------
    cond : callable
        ``cond(*loop_vars)`` returns whether to go on; in a model, it must not depend on symbolic tensors.
    body : callable
        ``body(*loop_vars)`` returns the next values.
    loop_vars : array_like, or list or tuple of them
        The first values.
    maximum_iterations : int, optional
        Number of iterations after which to stop.

    Returns
    -------
    array, or a tuple of them

    Examples
    --------
    >>> from striate import ops
    >>> int(ops.while_loop(lambda i: i < 10, lambda i: i * 2, ops.array(1)))
    16
    """
    called("cond", cond, "loop_vars")
    called("body", body, "loop_vars")
    several = isinstance(loop_vars, (tuple, list))
    values = tuple(loop_vars) if several else (loop_vars,)
    values = tuple(with_leaves(each, _tensors(each)) for each in values)
    left = None if maximum_iterations is None else integer("maximum_iterations", maximum_iterations, 0)
    while left is None or left > 0:
        going_on = _known(condition := cond(*values))
        if going_on is None:
            raise TypeError(
                f"cond returned {shown(condition)}, which is only known when the model runs; expected fori_loop or scan with a "
                "known number of iterations, and ops.where in its body"
            )
        if not going_on:
            break
        values = body(*values)
        values = tuple(values) if isinstance(values, (list, tuple)) else (values,)
        left = None if left is None else left - 1
    return values if several else values[0]


def custom_gradient(f):
    """Return a function that computes gradients by another one.

    Parameters
    ----------
    f : callable
        ``f(*args)`` returns an array or symbolic tensor, and a function of the gradient with respect to it that returns those
        with respect to the arguments, one or a tuple. That function may take the arguments too, and the gradient by its name
        ``upstream``.

    Returns
    -------
    callable
        Function of the arguments of `f`, which returns its first result.

    Examples
    --------
    >>> import striate
    >>> from striate import ops
    >>> @ops.custom_gradient
    ... def log1pexp(x):
    ...     e = ops.exp(x)
    ...     def gradient(*args, upstream=None):
    ...         return ops.multiply(upstream, 1.0 - 1.0 / ops.add(1, e))
    ...     return ops.log(1 + e), gradient
    >>> striate.gradients(log1pexp, [0.0, 100.0])
    array([0.5, 1. ], dtype=float32)
    """
    called("f", f)

    @functools.wraps(f)
    def function(*args, **kwargs):
        args = [of_the_block(each) for each in args]
        if any(isinstance(each, Tensor) for each in args) and trace_of(args) is None:
            return _in_a_layer(function, args, kwargs)
        y, gradient = f(*args, **kwargs)
        graph = current_graph()
        if graph is None or isinstance(y, Tensor) or not any(isinstance(each, Operators) for each in args):
            return y
        values = [graph.value_of(each) for each in args if isinstance(each, Operators)]
        if not isinstance(y, Value):
            raise TypeError(
                f"{f.__name__} returned {shown(y)}; expected one tensor, computed from the arguments by striate.ops"
            )

        def gradients(dy):
            found = _called_with(gradient, args, dy)
            found = list(found) if isinstance(found, (list, tuple)) else [found]
            if len(found) != len(args):
                raise ValueError(f"the gradient of {f.__name__} returned {len(found)} arrays; expected {len(args)}")
            return [each for each, arg in zip(found, args, strict=True) if isinstance(arg, Operators)]

        cells = [cell.cell_contents for cell in gradient.__closure__ or ()]
        return CustomGradient(y, values, gradients, [each for each in cells if isinstance(each, Value)]).y

    return function


def _in_a_layer(function, args, kwargs):
    """Return the result of a function of symbolic tensors as the output of a layer, since gradients are computed of values."""
    tensors = [each for each in args if isinstance(each, Tensor)]

    def call(xs):
        given = iter(xs if isinstance(xs, (list, tuple)) else [xs])
        return function(*[next(given) if isinstance(each, Tensor) else each for each in args], **kwargs)

    dtype = "float64" if any(each.dtype == "float64" for each in tensors) else "float32"
    return Lambda(call, dtype=dtype)(tensors if len(tensors) > 1 else tensors[0])


def _called_with(gradient, args, dy):
    """Return what a user's function of a gradient returns, which may take the arguments, too."""
    parameters = inspect.signature(gradient).parameters
    takes_all = any(each.kind is each.VAR_POSITIONAL for each in parameters.values())
    if "upstream" in parameters and (takes_all or len(parameters) == len(args) + 1 > 1):
        return gradient(*args, upstream=dy)
    return gradient(dy)


def _length(name, structure, arrays, axis):
    """Return the common size along an axis of arrays, the leaves of nested lists, checked."""
    sizes = {shape_of(each)[axis] if shape_of(each) else None for each in arrays}
    size = sizes.pop() if len(sizes) == 1 else None
    if size is None or isinstance(size, AnySize):
        raise ValueError(
            f"{name}={shown(structure)} has the shapes {[shape_of(each) for each in arrays]}; expected the same, known size of "
            f"axis {axis}, as loops are unrolled"
        )
    return size


def _stacked(results):
    """Return nested lists of arrays of the same structure as one of stacked arrays."""
    if not results:
        raise ValueError("there is nothing to stack; expected at least one element along the first axis")
    parts = zip(*[_tensors(each) for each in results], strict=True)
    return with_leaves(results[0], [None if each[0] is None else stack(each) for each in parts])


__all__ = [
    "associative_scan",
    "cond",
    "custom_gradient",
    "fori_loop",
    "map",
    "scan",
    "switch",
    "vectorized_map",
    "while_loop",
]

explain_all(globals(), __all__)

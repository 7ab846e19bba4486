"""Python's operators on symbolic tensors: values of a graph, tensors of a graph of layers, and weights in `call`.

What an operator does is defined in modules that import the class of tensor; each registers its function with
`defines_functions_of` or `defines_activations_of`.
"""

import contextvars

from .._common.contexts import setting

#: Graph to which a layer's operations are appended, or None.
emitting_to = contextvars.ContextVar("emitting_to", default=None)


#: Whether the shape of what a layer's `call` returns is being inferred, so that nothing may change.
inferring_shapes = contextvars.ContextVar("inferring_shapes", default=False)


def current_graph():
    """Return the graph to which a layer's operations are appended, or None."""
    return emitting_to.get()


def nothing_emitted():
    """Compute at once in this block, even while a layer's operations are appended to a graph."""
    return setting(emitting_to, None)


#: Functions that operators of NumPy's arrays call, and their names here where these differ.
_OPERATORS = {
    "absolute", "add", "bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor", "divide", "equal", "floor_divide", "greater",
    "greater_equal", "less", "less_equal", "matmul", "mod", "multiply", "negative", "not_equal", "power", "subtract",
}  # fmt: skip
_NAMES = {"remainder": "mod", "invert": "bitwise_not"}


class Operators:
    """The operators `+`, `==`, `@`, indexing …, which apply functions of `engine.operations.arithmetic`."""

    __slots__ = ()
    _rank = 0  # The argument of the highest rank decides how a function of several arguments is applied.

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **settings):
        """Apply an operator of NumPy's arrays and numbers; one in place, such as ``array += value``, returns a new value."""
        name = _NAMES.get(ufunc.__name__, ufunc.__name__)
        in_place = out is not None and out[0] is inputs[0]
        if name not in _OPERATORS or method != "__call__" or settings or not (out is None or in_place):
            raise TypeError(f"numpy.{ufunc.__name__} got {self!r}; expected arrays, or a function of striate.ops")
        return apply(name, *inputs)

    @staticmethod
    def _apply(name, *arguments, **settings):
        """Apply a function, given by its name, to arguments, at least one of which is of this class."""
        raise NotImplementedError

    def _activate(self, name, alpha=None):
        """Apply an activation, given by its name in `striate.functional`."""
        raise NotImplementedError

    def __add__(self, other):
        return self._apply("add", self, other)

    def __radd__(self, other):
        return self._apply("add", other, self)

    def __sub__(self, other):
        return self._apply("subtract", self, other)

    def __rsub__(self, other):
        return self._apply("subtract", other, self)

    def __mul__(self, other):
        return self._apply("multiply", self, other)

    def __rmul__(self, other):
        return self._apply("multiply", other, self)

    def __truediv__(self, other):
        return self._apply("divide", self, other)

    def __rtruediv__(self, other):
        return self._apply("divide", other, self)

    def __pow__(self, other):
        return self._apply("power", self, other)

    def __rpow__(self, other):
        return self._apply("power", other, self)

    def __matmul__(self, other):
        return self._apply("matmul", self, other)

    def __rmatmul__(self, other):
        return self._apply("matmul", other, self)

    def __floordiv__(self, other):
        return self._apply("floor_divide", self, other)

    def __rfloordiv__(self, other):
        return self._apply("floor_divide", other, self)

    def __mod__(self, other):
        return self._apply("mod", self, other)

    def __rmod__(self, other):
        return self._apply("mod", other, self)

    def __and__(self, other):
        return self._apply("bitwise_and", self, other)

    def __rand__(self, other):
        return self._apply("bitwise_and", other, self)

    def __or__(self, other):
        return self._apply("bitwise_or", self, other)

    def __ror__(self, other):
        return self._apply("bitwise_or", other, self)

    def __xor__(self, other):
        return self._apply("bitwise_xor", self, other)

    def __rxor__(self, other):
        return self._apply("bitwise_xor", other, self)

    def __invert__(self):
        return self._apply("bitwise_not", self)

    def __neg__(self):
        return self._apply("negative", self)

    def __pos__(self):
        return self._apply("multiply", self, 1)

    def __round__(self, digits=0):
        return self._apply("round", self, decimals=digits)

    def __abs__(self):
        return self._apply("absolute", self)

    __hash__ = object.__hash__  # `__eq__` removes the default, and sets and dicts compare by identity first.

    def __eq__(self, other):
        return self._apply("equal", self, other) if _is_numbers(other) else NotImplemented

    def __ne__(self, other):
        return self._apply("not_equal", self, other) if _is_numbers(other) else NotImplemented

    def __lt__(self, other):
        return self._apply("less", self, other)

    def __le__(self, other):
        return self._apply("less_equal", self, other)

    def __gt__(self, other):
        return self._apply("greater", self, other)

    def __ge__(self, other):
        return self._apply("greater_equal", self, other)

    def __getitem__(self, key):
        return self._apply("getitem", self, key=key)

    def __bool__(self):
        raise TypeError(
            f"{self!r} is neither true nor false, since it has no elements yet; expected ops.where instead of a condition"
        )

    def __iter__(self):
        raise TypeError(f"{self!r} cannot be iterated over; expected indexing, or an array")


def _is_numbers(thing):
    """Return whether an object can be compared elementwise."""
    return isinstance(thing, (Operators, int, float, list, tuple)) or hasattr(thing, "dtype")


def apply(name, *arguments, **settings):
    """Apply a function, given by its name in `engine.operations.functions`, to arrays or symbolic tensors."""
    first = max((each for each in arguments if isinstance(each, Operators)), key=lambda each: each._rank, default=None)
    return (Operators if first is None else first)._apply(name, *arguments, **settings)


def defines_functions_of(cls):
    """Return a decorator for the function that applies functions, by name, to arguments of a class of symbolic tensors."""

    def register(function):
        cls._apply = staticmethod(function)
        return function

    return register


def defines_activations_of(cls):
    """Return a decorator for the function that applies activations, by name and `alpha`, to a symbolic tensor of a class."""

    def register(function):
        cls._activate = function
        return function

    return register

"""Regularizers: penalties on weights or outputs, which are added to the loss in training.

Called with an array, a regularizer returns its penalty as a float; called with a symbolic tensor, as a symbolic tensor.
"""

import numpy as np

from ._common.arguments import Configured, deserialized, name_of
from ._common.checks import called, choice, number, real_array
from ._common.names import public_attributes
from ._common.registry import describe, registered, resolve
from .engine import Value, operations
from .engine.operators import Operators, apply

_EPSILON = 1e-7  # Smallest length by which a row is divided.


class Regularizer(Configured):
    """Base class of regularizers. A subclass defines `__call__` with functions of `striate.ops`, and `get_config`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops, regularizers
    >>> w = np.array([[3.0, 4.0]], "float32")
    >>> class Cubic(regularizers.Regularizer):
    ...     def __call__(self, w):
    ...         return 0.1 * ops.sum(ops.abs(w) ** 3)
    >>> round(float(Cubic()(w)), 3)
    9.1
    """

    kind = "regularizer"

    def __call__(self, x):
        """Return the penalty, one number, on an array or symbolic tensor."""
        raise TypeError(f"{type(self).__name__} does not define __call__; expected a regularizer that does")

    def emit(self, value, weight=1.0):
        """Add the penalty on a value, multiplied by a weight, to the losses of the value's graph."""
        penalty = self(value)
        if not isinstance(penalty, Value):
            raise TypeError(f"{self!r} returned {penalty!r}; expected a number computed from its argument with striate.ops")
        value.graph.add_loss(penalty if weight == 1 else penalty * weight)


class FunctionRegularizer(Regularizer):
    """A function, written with `striate.ops`, as a regularizer.

    Parameters
    ----------
    function : callable
        ``function(x)`` returns the penalty on an array or symbolic tensor.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops, regularizers
    >>> w = np.array([[3.0, 4.0]], "float32")
    >>> penalty = regularizers.FunctionRegularizer(lambda w: 0.1 * ops.sum(ops.abs(w)))
    >>> round(float(penalty(w)), 3)
    0.7
    """

    def __init__(self, function):
        self.function = called("function", function)

    def __call__(self, x):
        """Return the penalty."""
        return self.function(x)

    def get_config(self):
        """Return the function's name, by which loading finds it among custom objects."""
        return {"function": name_of("regularizer", self.function, ", or a Regularizer")}

    def __repr__(self):
        """Return the call that makes an equal regularizer."""
        return f"{type(self).__name__}({self.function!r})"


class L1L2(Regularizer):
    """Penalty ``l1 * sum(abs(x)) + l2 * sum(x²)``.

    Parameters
    ----------
    l1, l2 : float
        Factors, at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import regularizers
    >>> w = np.array([[3.0, 4.0]], "float32")
    >>> round(float(regularizers.L1L2(l1=0.1, l2=0.1)(w)), 3)
    3.2
    """

    def __init__(self, l1=0.0, l2=0.0):
        self.l1 = number("l1", 0.0 if l1 is None else l1, 0)
        self.l2 = number("l2", 0.0 if l2 is None else l2, 0)

    def __call__(self, x):
        """Return the penalty."""
        if isinstance(x, Operators):
            return apply("sum", abs(x)) * self.l1 + apply("sum", apply("square", x)) * self.l2
        x = real_array("x", x)
        return float(self.l1 * np.abs(x).sum(dtype=np.float64) + self.l2 * np.square(x, dtype=np.float64).sum())

    def emit(self, value, weight=1.0):
        """Add the penalty on a value, multiplied by a weight, to the losses of the value's graph, as one operation."""
        if type(self).__call__ is not L1L2.__call__:  # A subclass computes another penalty.
            super().emit(value, weight)
            return
        penalty = operations.Penalty(value, self.l1 * weight, self.l2 * weight)
        value.graph.losses.append((penalty.value, penalty.starts))


class L1(L1L2):
    """Penalty ``l1 * sum(abs(x))``, which makes weights sparse.

    Parameters
    ----------
    l1 : float
        Factor, at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import regularizers
    >>> w = np.array([[3.0, 4.0]], "float32")
    >>> round(float(regularizers.L1(0.1)(w)), 3)
    0.7
    """

    def __init__(self, l1=0.01):
        super().__init__(l1, 0.0)

    def get_config(self):
        """Return the arguments that make an equal regularizer."""
        return {"l1": self.l1}


class L2(L1L2):
    """Penalty ``l2 * sum(x²)``, which keeps weights small.

    Parameters
    ----------
    l2 : float
        Factor, at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import regularizers
    >>> w = np.array([[3.0, 4.0]], "float32")
    >>> round(float(regularizers.L2(0.1)(w)), 3)
    2.5
    """

    def __init__(self, l2=0.01):
        super().__init__(0.0, l2)

    def get_config(self):
        """Return the arguments that make an equal regularizer."""
        return {"l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """Penalty ``factor`` times the mean absolute cosine of the angles between rows, or columns, of a matrix.

    Parameters
    ----------
    factor : float
        Factor, at least 0.
    mode : {"rows", "columns"}
        Whether rows or columns should be orthogonal.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import regularizers
    >>> w = np.array([[1.0, 0.0], [1.0, 1.0]], "float32")
    >>> round(float(regularizers.OrthogonalRegularizer(0.1)(w)), 4)
    0.0707
    """

    def __init__(self, factor=0.01, mode="rows"):
        self.factor = number("factor", factor, 0)
        self.mode = choice("mode", mode, ("rows", "columns"))

    def __call__(self, x):
        """Return the penalty on a matrix with at least two rows, or columns."""
        x = x if isinstance(x, Operators) else real_array("x", x)
        if len(x.shape) != 2:
            raise ValueError(f"x has shape {tuple(x.shape)}; expected a matrix")
        size = x.shape[0] if self.mode == "rows" else x.shape[1]
        if size < 2:
            raise ValueError(f"x has shape {tuple(x.shape)}; expected at least two {self.mode}")
        rows = x if self.mode == "rows" else apply("transpose", x)
        lengths = apply("sqrt", apply("sum", apply("square", rows), axis=1, keepdims=True))
        rows = apply("divide", rows, apply("maximum", lengths, _EPSILON))
        cosines = apply("absolute", apply("matmul", rows, apply("transpose", rows)))
        off_diagonal = apply("multiply", cosines, 1.0 - np.eye(size))
        return apply("multiply", apply("sum", off_diagonal), self.factor / (size * (size - 1)))


_BY_NAME = {
    "l1": L1,
    "l2": L2,
    "l1_l2": L1L2,
    "l1l2": L1L2,
    "orthogonal_regularizer": OrthogonalRegularizer,
}


l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer  # Keras also has these names.


def get(identifier):
    """Return a regularizer: `identifier` itself, or the one of that name, description or function; None for None.

    Examples
    --------
    >>> from striate import regularizers
    >>> type(regularizers.get("l2")).__name__
    'L2'
    """
    identifier = registered(identifier)
    if callable(identifier) and not isinstance(identifier, (Regularizer, type)):
        return FunctionRegularizer(identifier)
    return None if identifier is None else resolve("regularizer", identifier, Regularizer, _BY_NAME)


def serialize(regularizer):
    """Return the description ``{"class_name": …, "config": …}`` of a regularizer, or the name of a function; None for None.

    Examples
    --------
    >>> from striate import regularizers
    >>> regularizers.serialize(regularizers.L2(0.1))["class_name"]
    'L2'
    """
    if isinstance(regularizer, FunctionRegularizer):
        return name_of("regularizer", regularizer.function, ", or a Regularizer")
    return None if regularizer is None else describe(regularizer, "regularizer")


def deserialize(config, custom_objects=None):
    """Return the regularizer of a name or description; `custom_objects` holds custom classes and functions by name.

    Examples
    --------
    >>> from striate import regularizers
    >>> config = regularizers.serialize(regularizers.L2(0.1))
    >>> type(regularizers.deserialize(config)).__name__
    'L2'
    """
    return deserialized(config, get, custom_objects)


__all__ = [
    "L1",
    "L1L2",
    "L2",
    "FunctionRegularizer",
    "OrthogonalRegularizer",
    "Regularizer",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "orthogonal_regularizer",
    "serialize",
]

__getattr__, __dir__ = public_attributes(globals())

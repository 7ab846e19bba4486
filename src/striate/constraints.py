"""Constraints: functions that are applied to weights after each step of an optimizer, from arrays to arrays."""

import numpy as np

from ._common.arguments import Configured, deserialized, name_of
from ._common.checks import axes, axes_of, number, real_array
from ._common.names import public_attributes
from ._common.registry import describe, registered, resolve

_EPSILON = 1e-7  # Added to norms, since a vector of length 0 cannot be divided by its norm.


class Constraint(Configured):
    """Base class of constraints, whose arguments are attributes. A subclass defines `__call__`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import constraints
    >>> w = np.array([[3.0], [-4.0]], "float32")
    >>> class Clip(constraints.Constraint):
    ...     def __call__(self, w):
    ...         return np.clip(w, -1, 1)
    >>> Clip()(w)
    array([[ 1.],
           [-1.]], dtype=float32)
    """

    kind = "constraint"

    def __call__(self, w):
        """Return the constrained weights, an array of the shape of `w`, which is the model's own array."""
        raise TypeError(f"{type(self).__name__} does not define __call__; expected a constraint that does")


class _NormConstraint(Constraint):
    """Base class of constraints on the Euclidean norms of weight vectors, which lie along `axis`."""

    def __init__(self, axis=0):
        self.axis = None if axis is None else axes("axis", axis)

    def _norms(self, w):
        """Return the weights as an array of floats, and the norms of their vectors."""
        w = _floats(w)
        axis = None if self.axis is None else axes_of(self.axis, "w", w.shape)
        return w, np.sqrt(np.sum(np.square(w), axis=axis, keepdims=True))


def _floats(w):
    """Return weights as an array of floats."""
    array = real_array("w", w)
    return array if array.dtype.kind == "f" else array.astype(np.float32)


class MaxNorm(_NormConstraint):
    """Scale weight vectors that are longer than a limit down to that limit.

    Parameters
    ----------
    max_value : float
        Largest norm, at least 0.
    axis : int, list of int or None
        Axes of the vectors: 0 for a dense kernel, [0, 1, 2] for a convolution kernel, None for all axes.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import constraints
    >>> w = np.array([[3.0], [-4.0]], "float32")
    >>> constraints.MaxNorm(1.0)(w).round(3)
    array([[ 0.6],
           [-0.8]], dtype=float32)
    """

    def __init__(self, max_value=2, axis=0):
        super().__init__(axis)
        self.max_value = number("max_value", max_value, 0)

    def __call__(self, w):
        """Return the weights with norms of at most `max_value`."""
        w, norms = self._norms(w)
        return w * (np.clip(norms, 0, self.max_value) / (_EPSILON + norms)).astype(w.dtype)


class UnitNorm(_NormConstraint):
    """Scale weight vectors to length 1.

    Parameters
    ----------
    axis : int, list of int or None
        Axes of the vectors: 0 for a dense kernel, [0, 1, 2] for a convolution kernel, None for all axes.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import constraints
    >>> w = np.array([[3.0], [-4.0]], "float32")
    >>> constraints.UnitNorm()(w).round(3)
    array([[ 0.6],
           [-0.8]], dtype=float32)
    """

    def __call__(self, w):
        """Return the weights with norms of 1."""
        w, norms = self._norms(w)
        return w / (_EPSILON + norms).astype(w.dtype)


class MinMaxNorm(_NormConstraint):
    """Scale weight vectors so that their norms move towards an interval.

    Parameters
    ----------
    min_value, max_value : float
        Bounds of the interval, at least 0.
    rate : float
        Fraction of the distance to the interval that each step covers, from 0 to 1.
    axis : int, list of int or None
        Axes of the vectors: 0 for a dense kernel, [0, 1, 2] for a convolution kernel, None for all axes.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import constraints
    >>> w = np.array([[3.0], [-4.0]], "float32")
    >>> constraints.MinMaxNorm(0.5, 2.0)(w).round(3)
    array([[ 1.2],
           [-1.6]], dtype=float32)
    """

    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        super().__init__(axis)
        self.min_value = number("min_value", min_value, 0)
        self.max_value = number("max_value", max_value, 0)
        if self.max_value < self.min_value:
            raise ValueError(f"max_value={max_value} is below min_value={min_value}; expected at least min_value")
        self.rate = number("rate", rate, 0, 1)

    def __call__(self, w):
        """Return the weights with norms in the interval, or nearer to it."""
        w, norms = self._norms(w)
        new_norms = self.rate * np.clip(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        return w * (new_norms / (_EPSILON + norms)).astype(w.dtype)


class NonNeg(Constraint):
    """Set negative weights to 0.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import constraints
    >>> w = np.array([[3.0], [-4.0]], "float32")
    >>> constraints.NonNeg()(w).round(3)
    array([[3.],
           [0.]], dtype=float32)
    """

    def __call__(self, w):
        """Return the weights with negative ones set to 0."""
        return np.maximum(_floats(w), 0)


_BY_NAME = {
    "max_norm": MaxNorm,
    "min_max_norm": MinMaxNorm,
    "non_neg": NonNeg,
    "unit_norm": UnitNorm,
}

max_norm, min_max_norm, non_neg, unit_norm = MaxNorm, MinMaxNorm, NonNeg, UnitNorm  # Keras also has these names.


def get(identifier):
    """Return a constraint: `identifier` itself, or the one of that name or description; None for None.

    A function of an array is a constraint, too, and returned as it is.

    Examples
    --------
    >>> from striate import constraints
    >>> type(constraints.get("max_norm")).__name__
    'MaxNorm'
    """
    identifier = registered(identifier)
    if identifier is None or (callable(identifier) and not isinstance(identifier, type)):
        return identifier
    return resolve("constraint", identifier, Constraint, _BY_NAME)


def serialize(constraint):
    """Return the description ``{"class_name": …, "config": …}`` of a constraint, or the name of a function; None for None.

    Examples
    --------
    >>> from striate import constraints
    >>> constraints.serialize(constraints.NonNeg())["class_name"]
    'NonNeg'
    """
    if constraint is None or isinstance(constraint, Constraint):
        return constraint and describe(constraint, "constraint")
    return name_of("constraint", constraint, ", or a Constraint")


def deserialize(config, custom_objects=None):
    """Return the constraint of a name or description; `custom_objects` holds custom classes and functions by name.

    Examples
    --------
    >>> from striate import constraints
    >>> config = constraints.serialize(constraints.NonNeg())
    >>> type(constraints.deserialize(config)).__name__
    'NonNeg'
    """
    return deserialized(config, get, custom_objects)


__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "serialize",
    "unit_norm",
]

__getattr__, __dir__ = public_attributes(globals())

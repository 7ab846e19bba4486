"""Weights."""

import threading

import numpy as np

from .operators import Operators, current_graph

_counting = threading.Lock()


class Variable(Operators):
    """A weight: an array that keeps its place in memory, with a name.

    Parameters
    ----------
    value : ndarray
        The array; the variable changes it in place.
    name : str
        Its name within the layer, as "kernel".
    trainable : bool
        Whether training changes it.
    regularizer : Regularizer, optional
        Penalty on its size in training.
    constraint : Constraint, optional
        What is done to it after each step of an optimizer.

    Attributes
    ----------
    value : ndarray
        The array, not writeable: `assign` changes it.
    version : int
        How often it was changed.
    """

    #: How often any variable was changed: what was made of weights is up to date as long as this stays.
    changes = 0

    def __init__(self, value, name, trainable=True, regularizer=None, constraint=None):
        self.array = value  # whoever writes to it calls `changed`
        self.value = value.view()
        self.value.flags.writeable = False
        self.name = name
        self.trainable = trainable
        self.regularizer = regularizer
        self.constraint = constraint
        self.version = 0

    @property
    def shape(self):
        """Shape of the array."""
        return self.array.shape

    @property
    def dtype(self):
        """Dtype of the array."""
        return self.array.dtype

    def _activate(self, name, alpha=None):
        graph = current_graph()
        if graph is None:
            raise TypeError(f"{self!r} is a weight outside of a layer's `call`; expected its array, `numpy()`")
        return graph.value_of(self)._activate(name, alpha)

    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        """Compute with the array; in a layer's `call`, leave it to what stands for arrays there."""
        if current_graph() is not None:
            return NotImplemented
        arrays = [each.value if isinstance(each, Variable) else each for each in inputs]
        return getattr(ufunc, method)(*arrays, **settings)

    def changed(self):
        """Take note that the array has other elements than before."""
        with _counting:
            self.version += 1
            Variable.changes += 1

    def numpy(self):
        """Return a copy of the array."""
        return self.array.copy()

    def assign(self, value):
        """Copy `value`, of the same shape, into the array."""
        value = np.asarray(value)
        if value.shape != self.shape:
            raise ValueError(f"value for {self.name!r} has shape {value.shape}; expected {self.shape}")
        if value.dtype.kind not in "fiub":
            raise TypeError(f"value for {self.name!r} has dtype {value.dtype}; expected real numbers")
        self.array[...] = value
        self.changed()

    def __array__(self, dtype=None, copy=None):
        """Return the array, for NumPy."""
        return np.array(self.value, dtype=dtype, copy=copy)

    def __reduce__(self):
        return Variable, (self.array, self.name, self.trainable, self.regularizer, self.constraint)

    def __repr__(self):
        """Return name, shape and dtype."""
        return f"<Variable {self.name!r} shape={self.shape} dtype={self.dtype}>"

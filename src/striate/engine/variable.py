"""Weights, and arrays that are made when they are first needed."""

import contextlib
import contextvars
import math
import threading
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .._common.arrays import read_only
from .._common.checks import real_array, shown
from .._common.contexts import setting
from .._common.errors import Constructed
from .dtypes import dtype_named
from .operators import Operators, current_graph, inferring_shapes

_KINDS = "biufc"  # of dtypes of elements: a variable outside of models may be complex
_counting = threading.Lock()  # held while changes are counted
_making = threading.RLock()  # held while a lazy array is made or replaced

#: Names of the scopes in whose ``with`` blocks variables are made now, from the outermost in.
_scopes = contextvars.ContextVar("_scopes", default=())


def _initial_array(initializer, shape, dtype):
    """Return the array of an initializer; `initializers`, the room above that has them, replaces this function."""
    raise TypeError(f"initializer={shown(initializer)} is not an array; expected one, or striate.initializers to be imported")


@contextlib.contextmanager
def scope(name):
    """Put a name in front of the paths of the variables that are made in a ``with`` block."""
    with setting(_scopes, (*_scopes.get(), name)):
        yield


def use_initializers(function):
    """Set the function of an initializer, a shape and a dtype that returns the array of a variable."""
    global _initial_array
    _initial_array = function


class LazyArray(NamedTuple):
    """The initial array of a weight, made when it is first read, so that a weight that is loaded is not initialized first."""

    shape: tuple
    dtype: np.dtype
    make: Callable  # function without arguments that returns the array
    repeatable: bool = False  # whether `make` returns the same array whenever it is called


def made(array):
    """Return an array that may be lazy, made if it is."""
    return array.make() if isinstance(array, LazyArray) else array


class Variable(Constructed, Operators):
    """A weight: a named array that keeps its address.

    Parameters
    ----------
    initializer : array_like, LazyArray, str or callable
        The array, which the variable changes in place; anything else than an array is copied to one of float32 or int32. Or an
        initializer, by name or as a function of a shape and a dtype, which needs `shape`.
    name : str
        Name within the layer, such as "kernel".
    trainable : bool
        Whether training changes it.
    regularizer : Regularizer, optional
        Penalty on the weight, added to the loss in training.
    constraint : Constraint, optional
        Function applied to the weight after each step of an optimizer.
    shape : tuple of int, optional
        Shape, for an initializer; the shape of an array is its own.
    dtype : str, optional
        Dtype of the array; that of `initializer` if None, or float32 for an initializer. In models, all weights are real.
    autocast, aggregation, synchronization, layout
        Accepted for compatibility with Keras, and ignored.

    Attributes
    ----------
    shape : tuple of int
        Shape of the array.
    dtype : dtype
        Dtype of the array.
    version : int
        Number of changes to the array.
    path : str
        The names of the layers that hold the weight, and its own, as in "block/conv2d/kernel".

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> layer = layers.Dense(2, kernel_initializer="zeros")
    >>> layer.build((None, 3))
    >>> layer.kernel.assign(np.ones((3, 2)))
    <Variable 'kernel' shape=(3, 2) dtype=float32>
    >>> layer.kernel.shape, float(layer.kernel.numpy().sum())
    ((3, 2), 6.0)

    One that is an attribute of a model or a layer is saved with it, and trained unless `trainable` is False:

    >>> from striate import Variable
    >>> temperature = Variable(0.5, name="temperature")
    >>> temperature.assign_add(1)
    <Variable 'temperature' shape=() dtype=float32>
    >>> float(temperature.numpy())
    1.5
    """

    #: Number of changes to all variables; while it stays the same, derived weights are up to date.
    changes = 0

    def __init__(
        self,
        initializer,
        name="variable",
        trainable=True,
        regularizer=None,
        constraint=None,
        *,
        shape=None,
        dtype=None,
        autocast=True,
        aggregation=None,
        synchronization=None,
        layout=None,
    ):
        value = initializer
        if isinstance(value, str) or callable(value):
            if shape is None:
                raise ValueError(f"initializer={shown(initializer)} is given without a shape; expected a shape, or an array")
            value = _initial_array(initializer, tuple(shape), dtype_named("float32" if dtype is None else dtype, _KINDS))
        if not isinstance(value, LazyArray):
            given = value if isinstance(value, np.ndarray) else np.array(real_array("initializer", value, kinds=_KINDS))
            if dtype is None and not hasattr(value, "dtype"):  # Python's numbers have no dtype.
                dtype = {np.float64: np.float32, np.int64: np.int32}.get(given.dtype.type)
            value = given.astype(given.dtype if dtype is None else dtype_named(dtype, _KINDS), copy=False)
        self._array = value
        self.shape = tuple(value.shape)
        self.dtype = value.dtype
        self.name = name
        self.path = "".join(f"{each}/" for each in _scopes.get()) + f"{name}"
        self.trainable = trainable
        self.regularizer = regularizer
        self.constraint = constraint
        self.version = 0

    @property
    def array(self):
        """The array; call `changed` after writing to it."""
        if isinstance(self._array, LazyArray):
            with _making:
                if isinstance(self._array, LazyArray):
                    self._array = self._array.make()
        return self._array

    def peek(self):
        """Return the array for a single read; a repeatable lazy array is made, but not kept."""
        now = self._array
        return now.make() if isinstance(now, LazyArray) and now.repeatable else self.array

    @property
    def value(self):
        """The array, read-only; `assign` changes it."""
        return read_only(self.array)

    @property
    def ndim(self):
        """Number of axes."""
        return len(self.shape)

    @property
    def nbytes(self):
        """Size of the array in bytes."""
        return math.prod(self.shape) * self.dtype.itemsize

    def _activate(self, name, alpha=None):
        graph = current_graph()
        if graph is None:
            raise TypeError(f"{self!r} is a weight outside of a layer's `call`; expected its array, `numpy()`")
        return graph.value_of(self)._activate(name, alpha)

    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        """Compute with the array; in a layer's `call`, apply an operator to symbolic tensors."""
        if current_graph() is not None:
            return super().__array_ufunc__(ufunc, method, *inputs, **settings)
        arrays = [each.value if isinstance(each, Variable) else each for each in inputs]
        return getattr(ufunc, method)(*arrays, **settings)

    def changed(self):
        """Note that elements of the array have changed."""
        note_changes([self])

    def numpy(self):
        """Return a copy of the array."""
        array = self.peek()
        return array.copy() if array is self._array else array

    @property
    def is_untouched(self):
        """Whether the array has neither been read nor changed since the variable was made."""
        return isinstance(self._array, LazyArray) and not self.version

    def assign_lazily(self, lazy):
        """Replace the array of a new weight by a lazy array of the same shape and dtype."""
        with _making:
            self._array = lazy
        self.changed()

    def assign(self, value):
        """Copy `value`, an array of the same shape, into the array; return the variable.

        In a layer's `call` and in a model's steps, the assignment becomes a part of the program; in the block of a
        `GradientTape`, it takes place when the block ends, or when gradients or elements are needed before.
        """
        if inferring_shapes.get():
            return self
        graph = current_graph()
        if graph is not None:
            graph.assign(self, value)
            return self
        if isinstance(value, Operators) and not isinstance(value, Variable) and not hasattr(value, "numpy"):
            raise TypeError(
                f"value for {self.path!r} has no elements yet; expected an array (in `call`, compute with symbolic tensors)"
            )
        value = real_array("value", value, kinds=_KINDS if self.dtype.kind == "c" else "biuf")
        if value.shape != self.shape:
            raise ValueError(f"value for {self.path!r} has shape {value.shape}; expected {self.shape}")
        with _making:
            if isinstance(self._array, LazyArray):
                self._array = np.array(value, self.dtype, order="C")
            else:
                self._array[...] = value
        self.changed()
        return self

    def assign_add(self, value):
        """Add `value` to the array."""
        return self._assign_with("add", value)

    def assign_sub(self, value):
        """Subtract `value` from the array."""
        return self._assign_with("subtract", value)

    def _assign_with(self, name, value):
        """Assign a function of the array and another value."""
        if inferring_shapes.get():
            return self
        graph = current_graph()
        if graph is not None:
            return self.assign(graph.value_of(self)._apply(name, self, value))
        return self.assign(getattr(np, name)(self.array, self._fitting(value)))

    def _fitting(self, value):
        """Return `value` as an array that broadcasts to the variable's shape."""
        array = real_array("value", value, kinds=_KINDS if self.dtype.kind == "c" else "biuf")
        try:
            fits = np.broadcast_shapes(self.shape, array.shape) == self.shape
        except ValueError:
            fits = False
        if not fits:
            raise ValueError(f"value for {self.path!r} has shape {array.shape}; expected {self.shape}")
        return array

    def __bool__(self):
        """Return whether the single element is not 0."""
        return bool(self._only("a condition"))

    def __int__(self):
        """Return the single element as an int."""
        return int(self._only("an int"))

    def __float__(self):
        """Return the single element as a float."""
        return float(self._only("a float"))

    def _only(self, kind):
        """Return the single element, for what `kind` names."""
        if math.prod(self.shape) != 1:
            raise TypeError(f"{self!r} cannot be {kind}; expected a variable with one element")
        return self.array.item()

    def __array__(self, dtype=None, copy=None):
        """Return the array, for NumPy."""
        return np.array(self.value, dtype=dtype, copy=copy)

    def __reduce__(self):
        return Variable, (self.peek(), self.name, self.trainable, self.regularizer, self.constraint), {"path": self.path}

    def __repr__(self):
        """Return the name, the shape and the dtype."""
        return f"<Variable {self.name!r} shape={self.shape} dtype={self.dtype}>"


def note_changes(variables):
    """Note that elements of the arrays of variables have changed."""
    with _counting:
        for variable in variables:
            variable.version += 1
            Variable.changes += 1

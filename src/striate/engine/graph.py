"""What is computed: values, and the operations that read and write them, in the order of execution."""

import contextlib
import math
import weakref

import numpy as np

from .dtypes import FLOAT32, OF_KERNELS
from .operators import Operators, emitting_to
from .variable import Variable


class Value(Operators):
    """An array of a graph: its shape and dtype, the batch included.

    A graph holds its operations, and they their values; a value only refers to where it comes from. So the memory of a graph,
    and of the weights that it reads, goes with the last reference to it.

    Attributes
    ----------
    graph : Graph
        The graph that it belongs to.
    shape : tuple of int
        Its shape.
    dtype : numpy.dtype
        Its dtype.
    source : Variable, DerivedWeight or None
        The array that it is, if it is not computed by an operation.
    producer : GraphOperation or None
        The operation that writes it; None for inputs and weights.
    """

    __slots__ = ("_graph", "_producer", "dtype", "shape", "source")

    def __init__(self, graph, shape, dtype, source=None, producer=None):
        self._graph = weakref.ref(graph)
        self.shape = tuple(shape)
        self.dtype = np.dtype(dtype)
        self.source = source
        self.producer = producer

    @property
    def graph(self):
        return self._graph()

    @property
    def producer(self):
        return None if self._producer is None else self._producer()

    @producer.setter
    def producer(self, operation):
        self._producer = None if operation is None else weakref.ref(operation)

    def cast(self, dtype):
        """Return it in a dtype."""
        return self if self.dtype == dtype else self._apply("cast", self, dtype=np.dtype(dtype))

    @property
    def nbytes(self):
        """Size in bytes."""
        return math.prod(self.shape) * self.dtype.itemsize

    def __repr__(self):
        """Return shape, dtype and origin."""
        origin = "input" if self.producer is None else type(self.producer).__name__
        return f"<Value {self.shape} {self.dtype} of {origin if self.source is None else self.source!r}>"


class Graph:
    """Operations in a row.

    Parameters
    ----------
    training : bool
        Whether layers emit what they do in training.
    rng : numpy.random.Generator, optional
        Source of the initial weights of layers that are not built.
    undecided : bool
        Whether the mode was not given, so that layers decide.

    Attributes
    ----------
    operations : list of GraphOperation
        In the order of execution.
    inputs : list of Value
        What is filled in before each run.
    losses : list of (Value, list of (Value, Value))
        Numbers that are added to the loss of a model, each with values and what its gradient with respect to them begins with.
    seed : ndarray of uint64, shape (1,)
        Drawn before each run if `random` operations are among them.
    """

    def __init__(self, training=False, rng=None, undecided=False):
        self.training = training
        self.undecided = undecided
        self.rng = rng
        self.operations = []
        self.inputs = []
        self.losses = []
        self.layer = None
        self.streams = 0
        self._sources = {}

    def input(self, shape, dtype):
        """Return a new value that is filled in before each run."""
        value = Value(self, shape, dtype)
        self.inputs.append(value)
        return value

    def value_of(self, thing):
        """Return the value that an operation reads: itself, that of a variable or derived weight, or None for None."""
        if thing is None or isinstance(thing, Value):
            return thing
        if thing not in self._sources:
            self._sources[thing] = Value(self, thing.shape, thing.dtype, source=thing)
        return self._sources[thing]

    def add_loss(self, value):
        """Add a number, a value of one element, to the loss of the model."""
        if math.prod(value.shape) != 1:
            raise ValueError(f"value has shape {value.shape}; expected one number to add to the loss")
        value = value if value.dtype in OF_KERNELS else value.cast(FLOAT32)
        self.losses.append((value, [self.start_at(value)]))

    def start_at(self, value):
        """Return a number, and its gradient with respect to itself: where back-propagation begins."""
        return value, self.value_of(Variable(np.ones(value.shape, value.dtype), "one", trainable=False))

    def stream(self):
        """Return the index of a new random stream, one for each random operation."""
        self.streams += 1
        return self.streams - 1

    @contextlib.contextmanager
    def within(self, layer, training):
        """Emit operations on behalf of a layer, in the given mode unless `training` is None."""
        before = self.layer, self.training
        token = emitting_to.set(self)
        self.layer = layer
        self.training = self.training if training is None else training
        try:
            yield
        finally:
            self.layer, self.training = before
            emitting_to.reset(token)

"""What is computed: values, and the operations that read and write them, in the order of execution."""

import contextlib
import math
import weakref

import numpy as np

from .dtypes import FLOAT32, KERNEL_DTYPES, array_dtype
from .operators import Operators, current_graph, emitting_to
from .variable import Variable


class Value(Operators):
    """An array in a graph: its shape, including the batch, and its dtype.

    A graph holds its operations, and they hold their values; a value has only weak references to both. So a graph, and the
    weights that it reads, are freed with the last reference to it, without waiting for garbage collection. Only the values of
    a `GradientTape` outside of models, which programs keep and read, hold their graph.

    Attributes
    ----------
    graph : Graph
        The graph that it belongs to.
    shape : tuple of int
        Its shape.
    dtype : numpy.dtype
        Its dtype.
    source : Variable, DerivedWeight or None
        The weight whose array it is, if it is a weight.
    producer : GraphOperation or None
        The operation that writes it; None for inputs and weights.
    """

    __slots__ = ("_graph", "_producer", "dtype", "shape", "source")

    def __init__(self, graph, shape, dtype, source=None, producer=None):
        self._graph = weakref.ref(graph) if graph.recording is None else lambda: graph
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
        """Return the value converted to a dtype."""
        return self if self.dtype == dtype else self._apply("cast", self, dtype=np.dtype(dtype))

    @property
    def ndim(self):
        """Number of axes."""
        return len(self.shape)

    def __len__(self):
        """Return the size of the first axis."""
        if not self.shape:
            raise TypeError(f"{self!r} has no length; expected an array with axes")
        return self.shape[0]

    def __iter__(self):
        """Iterate over the parts along the first axis."""
        return (self[i] for i in range(len(self)))

    def numpy(self):
        """Return the elements, which only values have that a `GradientTape` recorded outside of a model."""
        graph = self.graph
        if graph is None or graph.recording is None:
            raise TypeError(
                f"{self!r} has no elements yet; expected functions of striate.ops, or a metric, in a step of a model"
            )
        return graph.recording.evaluate([self])[0]

    def __array__(self, dtype=None, copy=None):
        """Return the elements, for NumPy."""
        return np.asarray(self.numpy(), dtype)

    def __float__(self):
        return float(self.numpy())

    def __int__(self):
        return int(self.numpy())

    def __bool__(self):
        graph = self.graph
        return super().__bool__() if graph is None or graph.recording is None else bool(self.numpy())

    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        """Compute with elements if they have been recorded; else apply an operator to symbolic tensors."""
        inputs = [of_the_block(each) for each in inputs]
        if not any(isinstance(each, Operators) for each in inputs):
            return getattr(ufunc, method)(*inputs, **settings)
        return super().__array_ufunc__(ufunc, method, *inputs, **settings)

    def __format__(self, spec):
        return format(float(self), spec) if spec else repr(self)

    @property
    def nbytes(self):
        """Size in bytes."""
        return math.prod(self.shape) * self.dtype.itemsize

    def __repr__(self):
        """Return the shape, the dtype and the origin."""
        origin = "input" if self.producer is None else type(self.producer).__name__
        return f"<Value {self.shape} {self.dtype} of {origin if self.source is None else self.source!r}>"


def of_the_block(thing):
    """Return an argument as it is computed with: values of tapes whose block has ended as arrays, watched arrays as values."""
    current = current_graph()
    if isinstance(thing, Value):
        graph = thing.graph
        return thing if graph is None or graph is current or graph.recording is None else thing.numpy()
    tape = None if current is None else current.recording
    return tape.find(thing, thing) if tape is not None and isinstance(thing, np.ndarray) else thing


def step_graph(arguments):
    """Return the graph of the step of a model that is being made, and that arguments may be values of, or None."""
    graph = current_graph()
    if graph is None or graph.recording is not None:
        return None
    if any(isinstance(each, Value) and each.graph is not graph for each in arguments):
        raise TypeError("an argument is a value of another step; expected values of the step that is being made")
    return graph


class Graph:
    """A sequence of operations, with the values that they read and write.

    Parameters
    ----------
    training : bool
        Whether layers append the operations of training, not those of prediction.
    rng : numpy.random.Generator, optional
        Source of the initial weights of layers that are not built.
    undecided : bool
        Whether `training` was not given, so that layers decide.
    traced : bool
        Whether the graph only serves to find out what layers append to it, and is never run.

    Attributes
    ----------
    operations : list of GraphOperation
        The operations, in the order of execution.
    inputs : list of Value
        Values that are filled in before each run.
    losses : list of (Value, list of (Value, Value))
        Scalars that are added to the loss of a model, each with the values from which its back-propagation starts and its
        gradients with respect to them.
    results : dict of str to Value or list of Value
        What layers returned, by their paths, in the order of the calls; of a layer that was called several times, the last.
    returned : list of Value
        What layers returned that were not called by other layers.
    held : list of Value
        What was computed outside of layers before `fused`.
    fused : int
        Number of operations at the beginning that fusion leaves alone, as gradients of them, or updates, were appended.
    recording : Recording or None
        For the graph of a `GradientTape` outside of a model, what evaluates its values; None for other graphs.
    tapes : int
        Number of the tapes in whose blocks operations are appended.
    twice : bool
        Whether the gradients that are appended are to have gradients themselves.
    streams : int
        Number of random streams that operations use.
    fixed_statistics : bool
        Whether batch normalization uses its running statistics in training, too, as if it could not be trained.
    remarks : list of str
        What reports say of the graph besides its operations.
    """

    def __init__(self, training=False, rng=None, undecided=False, traced=False):
        self.training = training
        self.undecided = undecided
        self.traced = traced
        self.rng = rng
        self.operations = []
        self.inputs = []
        self.losses = []
        self.results = {}
        self.returned = []
        self.held = []
        self.fused = 0
        self.recording = None
        self.tapes = 0
        self.twice = False
        self.layer = None
        self.streams = 0
        self.fixed_statistics = False
        self.remarks = []
        self._sources = {}
        self._ones = set()

    def input(self, shape, dtype):
        """Return a new value that is filled in before each run."""
        value = Value(self, shape, array_dtype(dtype))
        self.inputs.append(value)
        return value

    def value_of(self, thing):
        """Return the value of a variable or derived weight; a value, or None, is returned as it is."""
        if thing is None or isinstance(thing, Value):
            return thing
        if thing not in self._sources:
            if thing.dtype.kind == "c":
                raise TypeError(f"{thing!r} has complex elements; expected real numbers in a model")
            if self.recording is not None:
                self.recording.note(thing)
            self._sources[thing] = Value(self, thing.shape, thing.dtype, source=thing)
        return self._sources[thing]

    def add_loss(self, value):
        """Add a value of one element to the loss of the model."""
        if math.prod(value.shape) != 1:
            raise ValueError(f"value has shape {value.shape}; expected one number to add to the loss")
        value = value if value.dtype in KERNEL_DTYPES else value.cast(FLOAT32)
        self.losses.append((value, [self.start_at(value)]))

    def start_at(self, value):
        """Return a scalar, and its gradient with respect to itself, 1, where back-propagation starts."""
        one = self.constant(np.ones(value.shape, value.dtype))
        self._ones.add(one)
        return value, one

    def is_one(self, value):
        """Return whether a value is the gradient, made by `start_at`, of a scalar with respect to itself."""
        return value in self._ones

    def constant(self, array):
        """Return an array as a value."""
        return self.value_of(Variable(np.array(array), "constant", trainable=False))  # a copy, as the array may change

    def assign(self, variable, value):
        """Append an assignment of a value, or of an array, to a variable."""
        raise NotImplementedError  # `engine.operations.calls` defines it.

    def stream(self):
        """Return the index of a new random stream, one for each random operation."""
        self.streams += 1
        return self.streams - 1

    @contextlib.contextmanager
    def within(self, layer, training):
        """Append operations on behalf of a layer, in the given mode unless `training` is None."""
        before = self.layer, self.training
        token = emitting_to.set(self)
        self.layer = layer
        self.training = self.training if training is None else training
        try:
            yield
        finally:
            self.layer, self.training = before
            emitting_to.reset(token)

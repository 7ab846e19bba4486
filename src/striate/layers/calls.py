"""Calls of layers: on symbolic tensors, which make a graph of layers; on values, when a model is planned; and on arrays."""

import inspect
import weakref

import numpy as np

from .._common.arguments import is_of_the_library
from .._common.checks import boolean, real_array, shown
from .._common.randomness import generator
from .._common.structures import flat
from ..engine import Graph, Plan, Value, Variable
from ..engine.graph import of_the_block
from ..engine.operators import current_graph
from ..threads import get_num_threads
from .shape_checks import naming
from .sizes import of_any_batch
from .symbolic import Node, Tensor, shapes_of, sizes_of, trace_of


class TakesCalls:
    """A base class of layers that makes them callable, and keeps track of the nodes that calls make in graphs of layers."""

    def __call__(self, x, *, training=None, rng=None):
        """Return the output.

        Parameters
        ----------
        x : Tensor, ndarray, or a list of them
            Input. A symbolic tensor adds the layer to a graph of layers. An array is converted to the layer's dtype, the layer
            is built if necessary, and the output is computed at once.
        training : bool, optional
            Whether the layer is in training mode. In a graph of layers, None leaves that to the model.
        rng : None, int or numpy.random.Generator
            Where random numbers come from: new weights, and the numbers that some layers draw in training.

        Returns
        -------
        Tensor, ndarray, or a list of them
            Output, of the same kind as the input.

        Raises
        ------
        TypeError
            If an input is neither a tensor nor an array of real numbers, or if tensors and arrays are mixed.
        ValueError
            If the layer cannot take inputs of such shapes or dtypes, or if arrays differ in their number of samples.
        """
        if training is not None and type(training) is not bool:
            training = boolean("training", training)
        graph = current_graph()
        if type(x) is np.ndarray and graph is None:  # The most frequent case comes first, for speed.
            return self._compute(x, training, rng)
        if isinstance(x, dict):
            raise TypeError(f"layer {self.name!r} got a dict; expected an input, or a list of inputs")
        inputs = flat(x)
        if not inputs:
            raise ValueError(f"layer {self.name!r} got x={shown(x)}; expected an input, or a list of inputs")
        if any(isinstance(each, Tensor) for each in inputs):
            return self._connect(x, training)
        if isinstance(inputs[0], Value) or graph is not None:
            inputs = [of_the_block(each) if isinstance(each, Value) else each for each in inputs]
            x = inputs if isinstance(x, (list, tuple)) else inputs[0]
        if graph is not None and any(isinstance(each, (np.ndarray, Variable)) for each in inputs):
            x = [self._recorded(graph, each) for each in inputs] if isinstance(x, (list, tuple)) else self._recorded(graph, x)
            return self._emit(x, training)
        if isinstance(inputs[0], Value):
            return self._emit(x, training)
        return self._compute(x, training, rng)

    def _recorded(self, graph, x):
        """Return an input as a value of the layer's dtype in the graph that operations are appended to."""
        if isinstance(x, Variable):
            x = graph.value_of(x)
        if not isinstance(x, np.ndarray):
            return x
        tape = graph.recording
        value = graph.constant(float_input(x, self.dtype)) if tape is None else tape.feed(x)
        return value.cast(self.dtype)

    def _connect(self, x, training):
        """Make a node for a call on symbolic tensors; return its outputs."""
        trace = trace_of(x)
        self._check_call(x, (Tensor, Value) if trace else Tensor)
        dtypes = [each.dtype for each in flat(x)]
        if trace is None:
            node = Node(self, x, *self._output_for(shapes_of(x), dtypes), training)
            self._note_call(node)
            return node.outputs
        if trace.rng is not None:
            self._build_or_check(of_any_batch(shapes_of(x)), trace.rng)
        return Node(self, x, *self._output_in_trace(sizes_of(x), dtypes), training, trace).outputs

    def _emit(self, x, training=None):
        """Append the layer's operations to the graph of the values `x`; return the output."""
        self._check_call(x, Value)
        shapes = of_any_batch(shapes_of(x))
        if not self._shape_follows_from_call():  # Otherwise `call` itself raises an error for a wrong shape.
            self._output_shape_for(shapes)
        self._build_or_check(shapes, flat(x)[0].graph.rng)
        return self._call(x, training)

    def _check_call(self, x, kind):
        """Raise an error unless the inputs are all of a class, and of the layer's dtype."""
        for each in flat(x):
            if not isinstance(each, kind):
                expected = type(flat(x)[0]).__name__
                raise TypeError(f"layer {self.name!r} got {type(each).__name__} beside a {expected}; expected {expected}s")
            self._check_dtype(each)

    def _check_dtype(self, x):
        """Raise an error if an input has the wrong floating-point dtype; dtypes that kernels lack are converted."""
        if x.dtype != self.dtype and x.dtype in ("float32", "float64"):
            raise ValueError(f"layer {self.name!r} has dtype {self.dtype}, its input {x.dtype}; expected the same")

    def _call(self, x, training):
        """Call `call` on values; cast the output to the layer's dtype and add the activity penalty."""
        graph = flat(x)[0].graph
        path = self.name if graph.layer is None else f"{graph.layer}/{self.name}"
        with graph.within(path, training):
            y = self._call_bare(x, graph.training or (graph.undecided and training is None and self.active_when_called))
            if is_of_the_library(type(self)) and not self._knows_dtype():
                y = [each.cast(self.dtype) for each in y] if isinstance(y, (list, tuple)) else y.cast(self.dtype)
            if self.activity_regularizer is not None:
                for each in flat(y):
                    self.activity_regularizer.emit(each, 1 / max(each.shape[0], 1))  # The mean over the batch, as in Keras.
        if "/" not in path:
            graph.returned += flat(y)
        graph.results.pop(path, None)  # The last call comes last.
        graph.results[path] = y
        return y

    def _call_bare(self, x, training):
        """Call `call`, with `training` if it has this argument, and check the type of its result."""
        y = self.call(x, training=training) if _takes_training(type(self)) else self.call(x)
        if isinstance(y, dict) or not flat(y) or not all(isinstance(each, (Tensor, Value)) for each in flat(y)):
            raise TypeError(
                f"call of layer {self.name!r} returned {type(y).__name__}; expected an output of a layer, or a list of them"
            )
        return y

    def _compute(self, x, training, rng):
        """Return the output for one or more arrays; `training` may be None."""
        rng = generator(rng)
        try:
            arrays = [float_input(each, self.dtype) for each in flat(x)]
        except (TypeError, ValueError) as error:
            raise naming(self, error) from None
        if len({array.shape[:1] for array in arrays}) > 1 or not arrays[0].ndim:
            shapes = ", ".join(str(array.shape) for array in arrays)
            raise ValueError(
                f"layer {self.name!r} got x of shape {shapes}; expected samples along the first axis, equally many in each"
            )
        graph = Graph(bool(training), rng, undecided=training is None)
        values = [graph.input(array.shape, self.dtype) for array in arrays]
        y = self._emit(values if isinstance(x, (list, tuple)) else values[0])
        outputs = Plan(graph, flat(y), get_num_threads()).instantiate().compute(arrays, rng)
        return outputs if isinstance(y, (list, tuple)) else outputs[0]

    @property
    def input(self):
        """The input of the layer's only call in a graph of layers."""
        return self._only_node().inputs

    @property
    def output(self):
        """The output of the layer's only call in a graph of layers."""
        return self._only_node().outputs

    @property
    def _nodes(self):
        """The nodes of calls in graphs of layers that still exist; tensors or a model keep them alive."""
        return [node for call in self._calls if (node := call()) is not None]

    def _note_call(self, node):
        """Remember the node of a call in a graph of layers, and forget nodes that no longer exist."""
        self._calls = [call for call in self._calls if call() is not None] + [weakref.ref(node)]

    def _only_node(self):
        """Return the node of the layer's only call in a graph of layers."""
        nodes, sequence = self._nodes, self._sequence and self._sequence()
        if not nodes and sequence is not None:
            sequence._connect_layers()
            nodes = self._nodes
        if len(nodes) != 1:
            raise ValueError(f"layer {self.name!r} was called {len(nodes)} times in graphs of layers; expected once")
        return nodes[0]

    def __getstate__(self):
        return {**vars(self), "_calls": [], "_sequence": None}  # Weak references cannot be copied.


def float_input(x, dtype):
    """Return a user's input as an array of a dtype."""
    return real_array("x", x, dtype)


def _takes_training(cls):
    """Return whether a class's `call` has an argument `training`; the answer is cached in the class."""
    if "_call_takes_training" not in vars(cls):
        cls._call_takes_training = "training" in inspect.signature(cls.call).parameters
    return cls._call_takes_training

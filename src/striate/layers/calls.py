"""Calls of layers: on tensors, which makes a graph of layers; on values, when a model is planned; and on arrays."""

import inspect
import weakref

import numpy as np

from .._common.arguments import is_of_the_library
from .._common.checks import boolean, real_array, shown
from .._common.randomness import generator
from ..engine import Graph, Plan, Value
from ..threads import get_num_threads
from .shape_checks import naming
from .sizes import of_any_batch
from .symbolic import Node, Tensor, flat, shapes_of, sizes_of, trial_of


class TakesCalls:
    """A base class of layers for calls of them, and for the nodes of graphs of layers that these make."""

    def __call__(self, x, *, training=None, rng=None):
        """Return the output.

        Parameters
        ----------
        x : Tensor, ndarray, or a list of them
            Tensors make a place for the layer in a graph of layers; with arrays, converted to the layer's dtype, the output
            is computed at once, the layer being built first if need be.
        training : bool, optional
            Whether the layer behaves as in training. In a graph of layers, None leaves it to the model.
        rng : None, int or numpy.random.Generator
            Where random numbers come from, for new weights and for layers that draw some in training.
        """
        if training is not None and type(training) is not bool:
            training = boolean("training", training)
        if type(x) is np.ndarray:  # what most calls bring
            return self._compute(x, training, rng)
        if isinstance(x, dict):
            raise TypeError(f"layer {self.name!r} got a dict; expected one input or a list of them")
        things = flat(x)
        if not things:
            raise ValueError(f"layer {self.name!r} got x={shown(x)}; expected an input, or a list of them")
        if any(isinstance(each, Tensor) for each in things):
            return self._connect(x, training)
        if things and isinstance(things[0], Value):
            return self._emit(x, training)
        return self._compute(x, training, rng)

    def _connect(self, x, training):
        trial = trial_of(x)
        self._check_call(x, (Tensor, Value) if trial else Tensor)
        dtypes = [each.dtype for each in flat(x)]
        if trial is None:
            node = Node(self, x, *self._output_for(shapes_of(x), dtypes), training)
            self._note_call(node)
            return node.outputs
        if trial.rng is not None:
            self._get_ready(of_any_batch(shapes_of(x)), trial.rng)
        return Node(self, x, *self._output_in_trial(sizes_of(x), dtypes), training, trial).outputs

    def _emit(self, x, training=None):
        """Append what the layer computes to the graph of `x`; return its output."""
        self._check_call(x, Value)
        shapes = of_any_batch(shapes_of(x))
        if not self._shape_follows_from_call():  # otherwise `call` finds out what does not fit
            self._output_shape_for(shapes)
        self._get_ready(shapes, flat(x)[0].graph.rng)
        return self._call(x, training)

    def _check_call(self, x, kind):
        """Check what the layer is called with: things of a kind, all of its dtype."""
        for each in flat(x):
            if not isinstance(each, kind):
                expected = type(flat(x)[0]).__name__
                raise TypeError(f"layer {self.name!r} got {type(each).__name__} beside a {expected}; expected {expected}s")
            self._check_dtype(each)

    def _check_dtype(self, x):
        """Check the dtype of what the layer is called with; what kernels do not compute in is converted."""
        if x.dtype != self.dtype and x.dtype in ("float32", "float64"):
            raise ValueError(f"layer {self.name!r} has dtype {self.dtype}, its input {x.dtype}; expected the same")

    def _call(self, x, training):
        """Call `call` on values, on behalf of the layer."""
        graph = flat(x)[0].graph
        path = self.name if graph.layer is None else f"{graph.layer}/{self.name}"
        with graph.within(path, training):
            y = self._call_bare(x, graph.training or (graph.undecided and training is None and self.active_when_called))
            if is_of_the_library(type(self)) and not self._knows_dtype():
                y = [each.cast(self.dtype) for each in y] if isinstance(y, (list, tuple)) else y.cast(self.dtype)
            if self.activity_regularizer is not None:
                for each in flat(y):
                    self.activity_regularizer.emit(each, 1 / max(each.shape[0], 1))  # a mean over the batch, as in Keras
        graph.results.pop(path, None)  # The last call comes last.
        graph.results[path] = y
        return y

    def _call_bare(self, x, training):
        """Call `call`, with `training` if it takes that."""
        y = self.call(x, training=training) if _takes_training(type(self)) else self.call(x)
        if isinstance(y, dict) or not flat(y) or not all(isinstance(each, (Tensor, Value)) for each in flat(y)):
            raise TypeError(
                f"call of layer {self.name!r} returned {type(y).__name__}; expected what layers returned, or a list of that"
            )
        return y

    def _compute(self, x, training, rng):
        """Return the output for arrays; `training` may be None."""
        rng = generator(rng)
        try:
            arrays = [float_input(each, self.dtype) for each in flat(x)]
        except (TypeError, ValueError) as error:
            raise naming(self, error) from None
        if len({array.shape[:1] for array in arrays}) > 1 or not arrays[0].ndim:
            shapes = ", ".join(str(array.shape) for array in arrays)
            raise ValueError(f"layer {self.name!r} got x of shape {shapes}; expected as many samples, the first axis, in each")
        graph = Graph(bool(training), rng, undecided=training is None)
        values = [graph.input(array.shape, self.dtype) for array in arrays]
        y = self._emit(values if isinstance(x, (list, tuple)) else values[0])
        outputs = Plan(graph, flat(y), get_num_threads()).instantiate().compute(arrays, rng)
        return outputs if isinstance(y, (list, tuple)) else outputs[0]

    @property
    def input(self):
        """What the layer was called with in a graph of layers."""
        return self._only_node().inputs

    @property
    def output(self):
        """What it returned there."""
        return self._only_node().outputs

    @property
    def _nodes(self):
        """The calls in graphs of layers that still exist: each is kept alive by its tensors or a model."""
        return [node for call in self._calls if (node := call()) is not None]

    def _note_call(self, node):
        """Take note of a call in a graph of layers."""
        self._calls = [call for call in self._calls if call() is not None] + [weakref.ref(node)]

    def _only_node(self):
        nodes, sequence = self._nodes, self._sequence and self._sequence()
        if not nodes and sequence is not None:
            sequence._connect_layers()
            nodes = self._nodes
        if len(nodes) != 1:
            raise ValueError(f"layer {self.name!r} was called {len(nodes)} times in graphs of layers; expected once")
        return nodes[0]

    def __getstate__(self):
        return {**vars(self), "_calls": [], "_sequence": None}  # weak references cannot be copied


def float_input(x, dtype):
    """Return what a user passes as input, as an array of a dtype."""
    return real_array("x", x, dtype)


def _takes_training(cls):
    if "_call_takes_training" not in vars(cls):
        cls._call_takes_training = "training" in inspect.signature(cls.call).parameters
    return cls._call_takes_training

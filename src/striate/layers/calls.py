"""Calls of layers: on symbolic tensors, which make a graph of layers; on values, when a model is planned; and on arrays."""

import inspect
import weakref

import numpy as np

from .._common.arguments import is_of_the_library
from .._common.checks import boolean, real_array, shown
from .._common.randomness import generator
from .._common.strings import holds_strings, strings_or_integers
from .._common.structures import Arguments, leaves, mapped, with_leaves
from ..engine import Graph, Plan, Value, Variable
from ..engine.dtypes import STRING, is_of_strings
from ..engine.graph import of_the_block
from ..engine.operators import current_graph
from ..threads import get_num_threads
from .call_arguments import bound, call_with, signature_of, with_constants
from .input_spec import check_inputs
from .shape_checks import naming
from .sizes import of_any_batch
from .symbolic import Node, Tensor, shapes_of, sizes_of, trace_of


class TakesCalls:
    """A base class of layers that makes them callable, and keeps track of the nodes that calls make in graphs of layers."""

    def __call__(self, *args, training=None, rng=None, **kwargs):
        """Return the output.

        Parameters
        ----------
        *args, **kwargs : Tensor, ndarray, or a structure of them
            The arguments of `call`, for most layers a single input. It may be a list, tuple or dict of several, which may
            contain others. A symbolic tensor adds the layer to a graph of layers. An array is converted to the layer's dtype,
            the layer is built if necessary, and the output is computed at once. Arguments beside the first without tensors or
            arrays, such as flags, are passed on to `call` as they are.
        training : bool, optional
            Whether the layer is in training mode. In a graph of layers, None leaves that to the model.
        rng : None, int or numpy.random.Generator
            Where random numbers come from: new weights, and the numbers that some layers draw in training.

        Returns
        -------
        Tensor, ndarray, or a structure of them
            Output, of the same kind as the input.

        Raises
        ------
        TypeError
            If an input is neither a tensor nor an array of real numbers, or if tensors and arrays are mixed.
        ValueError
            If the layer cannot take inputs of such shapes or dtypes, or if arrays differ in their number of samples.
        """
        x = args[0] if len(args) == 1 else None
        if kwargs or len(args) != 1:
            x, placed = bound(self, args, kwargs)
            training = placed if training is None else training
        if training is not None and type(training) is not bool:
            training = boolean("training", training)
        graph = current_graph()
        if type(x) is np.ndarray and graph is None:  # The most frequent case comes first, for speed.
            return self._compute(x, training, rng)
        inputs = leaves(x)
        if all(each is None for each in inputs):
            raise ValueError(f"layer {self.name!r} got x={shown(x)}; expected an input, or a list or dict of inputs")
        if any(each is None for each in inputs):
            x = self._with_missing(x)
            inputs = leaves(x)
        if any(isinstance(each, Tensor) for each in inputs):
            return self._connect(with_constants(x, (Tensor, Value)), training)
        if all(isinstance(each, (int, float)) for each in inputs):  # A list of numbers is an array.
            try:
                x = float_input(x, self.dtype)
            except (TypeError, ValueError) as error:
                raise naming(self, error) from None
            inputs = [x]
        if graph is not None or any(isinstance(each, Value) for each in inputs):
            x = mapped(lambda each: of_the_block(each) if isinstance(each, Value) else each, x)
            inputs = leaves(x)
        if graph is not None and any(isinstance(each, (np.ndarray, Variable)) for each in inputs):
            return self._emit(mapped(lambda each: self._recorded(graph, each), x), training)
        if any(isinstance(each, Value) for each in inputs):
            return self._emit(x, training)
        return self._compute(x, training, rng)

    def _with_missing(self, x):
        """Return an input with what stands for None in it, in a model that has optional inputs."""
        return x

    def compute_output_spec(self, *args, **kwargs):
        """Return symbolic tensors of the output's shape and dtype, as a call would, without a call.

        Parameters
        ----------
        *args, **kwargs : Tensor, or a structure of them
            The arguments of `call`.

        Returns
        -------
        Tensor, or a structure of them
            Output.
        """
        x, _ = bound(self, args, kwargs)
        x = with_constants(x, Tensor)
        return Node(self, x, *self._output_for(shapes_of(x), [self._dtype_taken(each) for each in leaves(x)])).outputs

    def signature_of_calls(self):
        """Return the signature of `call`, with the arguments that all layers take in addition."""
        own = [one for one in signature_of(type(self)).parameters.values() if one.name not in ("training", "rng")]
        common = [one for one in inspect.signature(self.__call__).parameters.values() if one.name in ("training", "rng")]
        return inspect.Signature(sorted([*own, *common], key=lambda one: one.kind))

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
        dtypes = [self._dtype_taken(each) for each in leaves(x)]
        if trace is None:
            shapes = shapes_of(x)
            output = self._output_for(shapes, dtypes)
            self._build_in_graph(of_any_batch(shapes))
            node = Node(self, x, *output, training)
            self._note_call(node)
            return node.outputs
        if trace.rng is not None:
            self._build_or_check(of_any_batch(shapes_of(x)), trace.rng)
        return Node(self, x, *self._output_in_trace(sizes_of(x), dtypes), training, trace).outputs

    def _emit(self, x, training=None):
        """Append the layer's operations to the graph of the values `x`; return the output."""
        self._check_call(x, Value)
        x = mapped(lambda each: each.cast(self._dtype_taken(each)), x)
        shapes = of_any_batch(shapes_of(x))
        if not self._shape_follows_from_call():  # Otherwise `call` itself raises an error for a wrong shape.
            self._output_shape_for(shapes)
        self._build_or_check(shapes, leaves(x)[0].graph.rng)
        return self._call(x, training)

    def _check_call(self, x, kind):
        """Raise an error unless the inputs are all of a class, and as `input_spec` says."""
        takes_strings = self.takes_strings or not is_of_the_library(type(self))
        for each in leaves(x):
            if each is None:
                raise TypeError(
                    f"layer {self.name!r} got None among its inputs; expected tensors, or a layer whose call takes what may be "
                    "None as an argument by itself"
                )
            if not isinstance(each, kind):
                expected = next(type(one).__name__ for one in leaves(x) if isinstance(one, kind))
                raise TypeError(f"layer {self.name!r} got {type(each).__name__} beside a {expected}; expected {expected}s")
            if not takes_strings and is_of_strings(each.dtype):
                raise TypeError(
                    f"layer {self.name!r} got strings; expected numbers, which StringLookup, Hashing and TextVectorization "
                    "make of strings"
                )
        if self.input_spec is not None:
            check_inputs(self, x)

    def _dtype_taken(self, x):
        """Return the dtype in which `call` gets an input: the layer's for floats, as in Keras."""
        return self.dtype if x.dtype in ("float32", "float64") else x.dtype

    def _call(self, x, training):
        """Call `call` on values; cast the output to the layer's dtype and add the activity penalty."""
        graph = leaves(x)[0].graph
        path = self.name if graph.layer is None else f"{graph.layer}/{self.name}"
        with graph.within(path, training):
            y = self._call_bare(x, graph.training or (graph.undecided and training is None and self.active_when_called))
            y = mapped(lambda each: self._in_graph(graph, each), y)
            if is_of_the_library(type(self)) and not self._knows_dtype():
                y = mapped(lambda each: each.cast(self.dtype), y)
            if self.activity_regularizer is not None:
                for each in leaves(y):
                    self.activity_regularizer.emit(each, 1 / max(each.shape[0], 1))  # The mean over the batch, as in Keras.
        if "/" not in path:
            graph.returned += leaves(y)
        graph.results.pop(path, None)  # The last call comes last.
        graph.results[path] = y
        return y

    def _call_bare(self, x, training):
        """Call `call`, with `training` if it has this argument, and check the type of its result."""
        y = call_with(self, x, training=training) if _takes_training(type(self)) else call_with(self, x)
        found = leaves(y)
        if not found or not all(isinstance(each, (Tensor, Value, Variable, np.ndarray)) for each in found):
            raise TypeError(
                f"call of layer {self.name!r} returned {type(y).__name__}; expected an output of a layer, or a list or dict of "
                "them"
            )
        return y

    def _in_graph(self, graph, y):
        """Return what `call` returned as a value: a weight as its value, and an array as a constant."""
        return graph.constant(y) if isinstance(y, np.ndarray) else graph.value_of(y)

    def _compute(self, x, training, rng):
        """Return the output for an array, or a structure of arrays; `training` may be None."""
        rng = generator(rng)
        given = leaves(x)
        try:
            arrays = [input_array(each, dtype) for each, dtype in zip(given, self._dtypes_of_arrays(given), strict=True)]
        except (TypeError, ValueError) as error:
            raise naming(self, error) from None
        if len({array.shape[:1] for array in arrays}) > 1 or not arrays[0].ndim:
            shapes = ", ".join(str(array.shape) for array in arrays)
            raise ValueError(
                f"layer {self.name!r} got x of shape {shapes}; expected samples along the first axis, equally many in each"
            )
        graph = Graph(bool(training), rng, undecided=training is None)
        values = [graph.input(array.shape, array.dtype) for array in arrays]
        y = self._emit(with_leaves(x, values))
        losses = [value for value, _ in graph.losses] if len(arrays[0]) else []
        results = [*leaves(y), *losses]
        outputs = Plan(graph, results, get_num_threads()).instantiate().compute(arrays, rng)
        if losses or self._added_losses:
            self._added_losses = [value.item() for value in outputs[len(outputs) - len(losses) :]]
        return with_leaves(y, outputs[: len(outputs) - len(losses)])

    def _dtypes_of_arrays(self, arrays):
        """Return the names of the dtypes in which the layer takes arrays: its own, or that of strings in custom layers."""
        if is_of_the_library(type(self)):
            return [self.dtype] * len(arrays)
        return [STRING if holds_strings(each) else self.dtype for each in arrays]

    @property
    def input(self):
        """The input of the layer's first call in a graph of layers; a list of the tensors in several arguments."""
        found = self._first_node().inputs
        return leaves(found) if isinstance(found, Arguments) else found

    @property
    def output(self):
        """The output of the layer's first call in a graph of layers."""
        return self._first_node().outputs

    @property
    def _nodes(self):
        """The nodes of calls in graphs of layers that still exist; tensors or a model keep them alive."""
        return [node for call in self._calls if (node := call()) is not None]

    def _note_call(self, node):
        """Remember the node of a call in a graph of layers, and forget nodes that no longer exist."""
        self._calls = [call for call in self._calls if call() is not None] + [weakref.ref(node)]

    def _first_node(self):
        """Return the node of the layer's first call in a graph of layers."""
        nodes, sequence = self._nodes, self._sequence and self._sequence()
        if not nodes and sequence is not None:
            sequence._connect_layers()
            nodes = self._nodes
        if not nodes:
            raise ValueError(f"layer {self.name!r} was not called in a graph of layers; expected a call")
        return nodes[0]

    def __getstate__(self):
        return {**vars(self), "_calls": [], "_undecided": None, "_sequence": None}  # Weak references cannot be copied.


def float_input(x, dtype):
    """Return a user's input as an array of a dtype."""
    return real_array("x", x, dtype)


def input_array(x, dtype):
    """Return a user's input as an array of a dtype given by its name, which may be that of strings."""
    if dtype != STRING:
        return float_input(x, dtype)
    array = strings_or_integers("x", x)
    if not is_of_strings(array.dtype):
        raise TypeError(f"x={shown(x)} has numbers; expected strings")
    return array


def _takes_training(cls):
    """Return whether a class's `call` has an argument `training`."""
    return "training" in signature_of(cls).parameters

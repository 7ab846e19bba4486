"""Gradients of what was computed: of parts of a graph while it is made, and of functions of arrays."""

import weakref

import numpy as np

from .._common.checks import boolean, called, real_array, shown
from .._common.errors import Constructed
from .._common.randomness import generator
from .._common.structures import flat_deep
from ..threads import get_num_threads
from .dtypes import KERNEL_DTYPES
from .fusion import fuse
from .gradients import append_gradients
from .graph import Graph, Value
from .operations import preserve
from .operators import current_graph, emitting_to, nothing_emitted
from .plan import Plan
from .variable import Variable

_UNCONNECTED = ("none", "zero")


class GradientTape(Constructed):
    """Gradients of values with respect to others, as TensorFlow's class of this name computes them.

    In a model's `train_step` and its like, and in `striate.gradients`, results are symbolic, and become a part of the step's
    program. Elsewhere, what is computed within the ``with`` block by layers, models, losses and functions of `striate.ops`,
    from weights and watched arrays, is recorded, and computed when its gradients or elements are first needed, all in one run;
    `gradient` returns arrays.

    Parameters
    ----------
    persistent : bool
        Whether `gradient` may be called more than once.
    watch_accessed_variables : bool
        Accepted for compatibility with TensorFlow, without effect: only the given sources count.

    Notes
    -----
    Gradients of gradients are computed by a tape within the block of another one. They pass through convolutions, matrix
    products, average pooling, activations and most functions of `striate.ops`; not through the gradients of max pooling,
    normalizations, resampling and layers written in Python, of which a TypeError names the operation.

    Examples
    --------
    >>> import numpy as np
    >>> import striate
    >>> x = np.array([1.0, 2.0], np.float32)
    >>> with striate.GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = striate.ops.sum(striate.ops.square(x))
    >>> float(y), tape.gradient(y, x).tolist()
    (5.0, [2.0, 4.0])

    The gradients of a loss with respect to the weights of a model:

    >>> model = striate.Sequential([striate.Input((2,)), striate.layers.Dense(1, kernel_initializer="ones")])
    >>> with striate.GradientTape() as tape:
    ...     loss = striate.losses.MeanSquaredError()(np.array([[1.0]]), model(x[None]))
    >>> [gradient.ravel().tolist() for gradient in tape.gradient(loss, model.trainable_weights)]
    [[4.0, 8.0], [4.0]]
    """

    def __init__(self, persistent=False, watch_accessed_variables=True):
        self._persistent = boolean("persistent", persistent)
        boolean("watch_accessed_variables", watch_accessed_variables)
        self._graph = None
        self._entered = []  # tokens of the blocks of this tape that opened a graph, None for those that joined one
        self._used = False

    def __enter__(self):
        graph = current_graph()
        if graph is None:
            self._graph = Graph(rng=generator(), undecided=True)
            self._graph.recording = Recording(self._graph)
            self._entered.append(emitting_to.set(self._graph))
        else:
            self._graph = graph
            self._entered.append(None)
        self._graph.tapes += 1
        return self

    def __exit__(self, *error):
        self._graph.tapes -= 1
        token = self._entered.pop()
        if token is not None:
            emitting_to.reset(token)
            if error == (None, None, None):
                self._graph.recording.carry_out_changes()

    def watch(self, tensor):
        """Make arrays sources of gradients: what is computed from them in this block is recorded.

        Parameters
        ----------
        tensor : ndarray, or a list or dict of them
            The arrays themselves, not copies, as `gradient` is given them. Weights and symbolic tensors are recorded anyway.
            Operators of arrays are NumPy's, and not recorded: ``ops.multiply(x, 2)`` is, in place of ``x * 2``.
        """
        if self._graph is None:
            raise ValueError("the tape records nothing yet; expected `watch` within its `with` block")
        for each in flat_deep(tensor):
            if not isinstance(each, (Value, Variable)):
                if not isinstance(each, np.ndarray):
                    raise TypeError(f"tensor={shown(each)} is of type {type(each).__name__}; expected an array")
                if self._graph.recording is not None:
                    self._graph.recording.feed(each)

    def gradient(self, target, sources, output_gradients=None, unconnected_gradients="none"):
        """Return the gradients of a value.

        Parameters
        ----------
        target : value, or a list or dict of them
            What is differentiated; the sum of its elements, if there are several.
        sources : Variable, value, watched ndarray, or a list or dict of them
            With respect to which. An array that a layer or model was called with in the block counts as watched.
        output_gradients : value or ndarray, or a list of them, optional
            Factors of the elements of `target`, one array for each; ones if None.
        unconnected_gradients : {"none", "zero"}
            What stands for the gradient of a source that the target does not depend on: None, or zeros.

        Returns
        -------
        value or ndarray, None, or a list or dict of them
            In the structure of `sources`: values within a model's step or another tape's block, arrays elsewhere.

        Raises
        ------
        TypeError, ValueError
            If the target was not recorded, a source is no source, or an operation in between has no gradient.
        """
        graph = self._graph
        if graph is None:
            raise ValueError("the tape has recorded nothing; expected `gradient` after its `with` block")
        if self._used and not self._persistent:
            raise ValueError("`gradient` was called before; expected GradientTape(persistent=True) for several calls")
        if unconnected_gradients not in _UNCONNECTED:
            raise ValueError(f"unconnected_gradients={shown(unconnected_gradients)}; expected one of {_UNCONNECTED}")
        self._used = True
        found = self._append(graph, target, sources, output_gradients)
        wanted = [_source(graph, each) for each in flat_deep(sources)]
        results = [found.get(value) for value in wanted]
        if unconnected_gradients == "zero":
            results = [
                graph.constant(np.zeros(value.shape, value.dtype)) if each is None else each
                for value, each in zip(wanted, results, strict=True)
            ]
        if graph.recording is not None and current_graph() is not graph:
            results = graph.recording.evaluate(results)
        return _like(sources, iter(results))

    def _append(self, graph, target, sources, output_gradients):
        """Append the operations of the gradients; return them by source."""
        with graph.within(None, None):
            starts = _starts(graph, target, output_gradients)
            finish_fusion(graph)
            preserve(graph, [value for value, _ in starts])
            graph.twice = graph.tapes > len(self._entered)  # Another tape may ask for gradients of these gradients.
            try:
                wanted = dict.fromkeys(_source(graph, each) for each in flat_deep(sources))
                found = append_gradients(graph, starts, list(wanted))
            finally:
                graph.twice = False
        graph.fused = len(graph.operations)
        return found


def _starts(graph, target, output_gradients):
    """Return the values from which back-propagation starts, with the gradients with respect to them."""
    targets = [_recorded("target", each, graph) for each in flat_deep(target)]
    if output_gradients is None:
        return [graph.start_at(each) for each in targets]
    given = flat_deep(output_gradients)
    if [np.shape(each) for each in given] != [each.shape for each in targets]:
        raise ValueError(
            f"output_gradients has the shapes {[np.shape(each) for each in given]}; expected those of the target, "
            f"{[each.shape for each in targets]}"
        )
    factors = [each if isinstance(each, Value) else graph.constant(real_array("output_gradients", each)) for each in given]
    return [(each, factor.cast(each.dtype)) for each, factor in zip(targets, factors, strict=True)]


def gradients(function, x, *more):
    """Return the gradients of a function of arrays.

    Parameters
    ----------
    function : callable
        ``function(x, *more)`` takes values, and returns a value, computed by layers, models, losses and functions of
        `striate.ops`; the sum of its elements is differentiated.
    x : array_like
        Its argument; integers are converted to float32.
    *more : array_like
        Further arguments.

    Returns
    -------
    ndarray, or tuple of ndarray
        The gradient with respect to x, or with `more`, one for each argument; zeros where the function does not depend on it.

    Raises
    ------
    TypeError
        If `function` returns anything else.

    Examples
    --------
    >>> import striate
    >>> striate.gradients(lambda x, y: striate.ops.sum(x * y), [1.0, 2.0], [3.0, 4.0])
    (array([3., 4.], dtype=float32), array([1., 2.], dtype=float32))
    """
    called("function", function)
    arrays = [_as_floats(name, each) for name, each in (("x", x), *((f"more[{i}]", each) for i, each in enumerate(more)))]
    with GradientTape() as tape:
        tape.watch(arrays)
        target = function(*(_source(tape._graph, each) for each in arrays))
    found = tape.gradient(target, arrays, unconnected_gradients="zero")
    return tuple(found) if more else found[0]


def _as_floats(name, value):
    """Return a new array of floats; lists, which have no dtype, and integers become float32. Values stay as they are."""
    if isinstance(value, Value):
        return value
    array = real_array(name, value)
    double = array.dtype in KERNEL_DTYPES and isinstance(value, np.ndarray)
    return array.astype(array.dtype if double else np.float32)


def finish_fusion(graph):
    """Fuse the operations since the last gradients or updates; those appended from now on are fused among themselves."""
    graph.held += [value for each in graph.operations[graph.fused :] if each.layer is None for value in each.outputs]
    fuse(graph, [*graph.held, *graph.returned], first=graph.fused)
    graph.fused = len(graph.operations)


def kept(value):
    """Return a value after checking that no fusion has made it a part of an operation that does more."""
    written = value.graph.inputs if value.producer is None else value.producer.outputs
    if value.source is None and all(each is not value for each in written):
        raise ValueError(
            f"{value!r}, which a layer computed within another one, was fused into the operation that follows; expected what a "
            "layer returns that is called in the step, or in the tape's block, itself"
        )
    return value


class Recording:
    """What evaluates the values of a tape's graph, once: the arrays that its inputs stand for, and a seed.

    All that a program may have kept is computed in one run, since weights may have changed before it is read. Operations may
    run again for the gradients of what was read before: they draw the same random numbers then, and change no variable again.

    Parameters
    ----------
    graph : Graph
        The graph.
    """

    def __init__(self, graph):
        self._graph = weakref.ref(graph)  # The graph holds this object.
        self._feeds = {}  # for each array's id, the array, and pairs of a value and the elements that the array had then
        self._found = {}  # arrays of values that were computed
        self._done = set()  # operations that were run
        self._versions = {}  # of the weights when they were first used
        self._before = {}  # arrays of variables, before the operations that were run changed them
        self._seed = int(generator().integers(1 << 62))

    def note(self, weight):
        """Note that a weight is used."""
        self._versions[weight] = weight.version

    def first(self, array):
        """Return the first value that stood for an array, or None."""
        found = self._feeds.get(id(array))
        return None if found is None else found[1][0][0]

    def find(self, array, default=None):
        """Return the value that stands for a known array as it is now, or `default` if the array is not known."""
        return self.feed(array) if id(array) in self._feeds else default

    def feed(self, array):
        """Return the value that stands for an array as it is now, a new one if there is none yet."""
        _, versions = self._feeds.setdefault(id(array), (array, []))
        if not versions or not np.array_equal(versions[-1][1], array, equal_nan=array.dtype.kind == "f"):
            versions.append((self._graph().input(array.shape, array.dtype), array.copy()))
        return versions[-1][0]

    def evaluate(self, values):
        """Return the arrays of values; None for None."""
        wanted = [kept(value) for value in values if value is not None and value not in self._found]
        if wanted:
            self._compute(wanted)
        return [None if value is None else self._found[value].copy() for value in values]

    def carry_out_changes(self):
        """Compute what was recorded if that changes variables, as assignments do, which take place until the block's end."""
        if any(operation.changes and operation not in self._done for operation in self._graph().operations):
            self._compute([])

    def _compute(self, values):
        """Compute values for the first time, and all others that a program may have kept."""
        graph = self._graph()
        finish_fusion(graph)
        others = [value for value in (*graph.held, *graph.returned) if value not in self._found]
        values = list(dict.fromkeys([*values, *others]))
        plan = Plan(graph, values, get_num_threads())
        self._check_weights(plan.operations)
        again = {weight for each in plan.operations if each in self._done for weight in each.changes}
        new = {weight for each in plan.operations if each not in self._done for weight in each.changes}
        changed = {weight: weight.numpy() for weight in again}
        known = {value: array for _, versions in self._feeds.values() for value, array in versions}
        with nothing_emitted():
            for weight in again:
                weight.assign(self._before[weight])
            self._before |= {weight: weight.numpy() for weight in plan.changes if weight not in self._before}
            arrays = [known[value] for value in graph.inputs]
            outputs = plan.instantiate().compute(arrays, np.random.default_rng(self._seed))
            for weight in again - new:
                weight.assign(changed[weight])
        self._found |= zip(values, outputs, strict=True)
        self._done.update(plan.operations)

    def _check_weights(self, operations):
        """Raise an error if weights have changed since they were used, other than by the operations themselves."""
        own = {weight for each in self._graph().operations for weight in each.changes}
        used = {value.source for each in operations for value in each.inputs if value is not None} & self._versions.keys()
        for weight in used - own:
            if weight.version != self._versions[weight]:
                raise ValueError(
                    f"the weight {weight.name!r} has changed since the tape used it; expected `gradient` before that"
                )


def _like(structure, found):
    """Return a structure like the given one, with what an iterator yields in place of its leaves."""
    if isinstance(structure, dict):
        return {key: _like(each, found) for key, each in structure.items()}
    if isinstance(structure, (list, tuple)):
        return [_like(each, found) for each in structure]
    return None if structure is None else next(found)


def _recorded(name, value, graph):
    """Return a value of a graph, that of a number in a float dtype."""
    if not isinstance(value, Value) or value.graph is not graph or value.dtype.kind != "f":
        raise TypeError(
            f"{name}={shown(value)} was not recorded by this tape; expected a value computed within its block from weights or "
            "watched arrays, by layers, losses or functions of striate.ops"
        )
    return value


def _source(graph, source):
    """Return the value of a source of gradients."""
    if isinstance(source, Value) and source.graph is graph:
        return kept(source)
    if isinstance(source, Variable):
        return graph.value_of(source)
    if isinstance(source, np.ndarray) and graph.recording is not None and (value := graph.recording.first(source)) is not None:
        return value
    raise TypeError(f"sources holds {shown(source)}; expected weights, values of this tape, or arrays that it watches")

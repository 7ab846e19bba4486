"""The base class of layers: building, names, configuration, and calls."""

import contextvars
import copy
import functools
import inspect
import threading
import weakref

import numpy as np

from .. import regularizers
from .._arguments import KeepsArguments, is_of_the_library, made_of
from .._checks import boolean, float_dtype, integer, real_array, shown
from .._randomness import generator
from .._registry import snake_case
from .._watched import Watched
from ..engine import Graph, Plan, Value
from ..engine.operations import PythonLayer
from ..engine.shapes import with_numbers, without_any_sizes
from ..threads import get_num_threads
from .deserialization import deserializers
from .shape_checks import naming, shapes_given, taking_shapes
from .sizes import SOME_BATCHES, common, has_unknown_sizes, with_axes
from .symbolic import Node, Tensor, Trial, dtypes_of, flat, flat_deep, flat_shapes, shapes_of, sizes_of, tensors_of, trial_of
from .weight_settings import setting
from .weights import WithWeights

_building = threading.RLock()  # of threads that use a layer first, one makes its weights
_rng_of_build = contextvars.ContextVar("_rng_of_build", default=None)  # while a layer's weights, and those within it, are made


class Layer(WithWeights, KeepsArguments, Watched):
    """Base class of layers.

    A layer holds its arguments and weights, and nothing of the data that passes through it, so one layer may serve several
    threads, and several places of a model, at once.

    A subclass defines, beside `build`, `compute_output_shape` and `get_config` where they apply, either of:

    - `call`, which returns the output made by calling other layers, kept as attributes. It is called when a model is planned,
      not when it runs.
    - `forward` and `backward` on arrays. They are called in each run, and may do what they like.

    Parameters
    ----------
    name : str, optional
        Unique within a model, which otherwise gives it a name made of the class's.
    trainable : bool
        Whether training changes the weights.
    dtype : {"float32", "float64"}
        Of weights, input and output.
    activity_regularizer : str or Regularizer, optional
        Penalty on the output, over the number of samples, added to the loss.
    input_shape : tuple of int, optional
        Shape of a sample, as an `Input` before the first layer of a `Sequential` gives it.
    input_dim : int, optional
        The same for samples of one axis.

    Attributes
    ----------
    built : bool
        Whether the weights exist.

    Examples
    --------
    A block of two convolutions with a way around them:

    >>> from striate import Input, Model, layers
    >>> class Residual(layers.Layer):
    ...     def __init__(self, filters, **kwargs):
    ...         super().__init__(**kwargs)
    ...         self.first = layers.Conv2D(filters, 3, padding="same", activation="relu")
    ...         self.second = layers.Conv2D(filters, 3, padding="same")
    ...         self.add = layers.Add()
    ...         self.relu = layers.ReLU()
    ...
    ...     def call(self, x):
    ...         return self.relu(self.add([x, self.second(self.first(x))]))
    >>> image = Input((32, 32, 16))
    >>> Model(image, Residual(16)(image)).count_params()
    4640
    """

    kind = "layer"
    unwatched = frozenset([
        "_axes_of_weights", "_given", "_known_sublayers", "_name", "_calls", "_own_rng", "_own_weights", "_rng", "_sequence",
        "_trainable", "automatic_name", "built", "input_shape", "sample_shape",
    ])  # fmt: skip

    #: Whether the output has the input's dtype, integers included, not the layer's.
    passes_dtype_on = False

    #: Whether the layer is in training mode where it, or a model that contains it, is called on arrays without `training`.
    active_when_called = False

    #: Whether the library's class, if it has its own `compute_output_shape`, takes lists of inputs.
    takes_several = False

    #: Whether samples may have an axis of size 0.
    takes_empty_samples = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "build" in vars(cls):
            cls.build = _callable_from_outside(cls.build)
        if "compute_output_shape" in vars(cls) and is_of_the_library(cls):
            cls.compute_output_shape = taking_shapes(cls.compute_output_shape)

    def __init__(
        self, *, name=None, trainable=True, dtype="float32", activity_regularizer=None, input_shape=None, input_dim=None
    ):
        if name is not None and (not isinstance(name, str) or not name or "/" in name):
            raise ValueError(f"name={shown(name)} is not a layer's name; expected a non-empty string without a slash")
        if input_dim is not None:
            input_shape = (integer("input_dim", input_dim, 1),)
        if input_shape is not None and not isinstance(input_shape, (tuple, list)):
            raise TypeError(
                f"input_shape={shown(input_shape)} is not a shape; expected a tuple such as (height, width, channels)"
            )
        self._name = name
        self.automatic_name = name is None  # whether a model chooses it
        self._trainable = boolean("trainable", trainable)
        self.dtype = _dtype_name(dtype)
        self.activity_regularizer = setting("activity_regularizer", activity_regularizer)
        self.sample_shape = None if input_shape is None else tuple(input_shape)  # if it was given
        self.built = False
        self.input_shape = None
        self._rng = None  # while weights are made
        self._own_weights = []
        self._axes_of_weights = frozenset()  # of the input, whose sizes the weights' shapes were made of, see `SizeOfInput`
        self._known_sublayers = None  # until the layer is built
        self._calls = []  # weak references to the nodes of graphs of layers in which it is called, and
        self._sequence = None  # one to the `Sequential` that makes such a node when it is asked for

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name not in self.unwatched:
            self._known_sublayers = None  # it may be one of them, or may have been

    # ---------------------------------------------------------------------------------------- what a subclass defines

    def build(self, input_shape):
        """Make the weights, by `add_weight`, for inputs of `input_shape` (with None for the batch)."""

    def compute_output_shape(self, input_shape):
        """Return the output's shape for an input's; both begin with the batch size or None, and None means sizes that are
        not known.

        By default the shape of what `call` returns, or without `call` the input's. For that, `call` may be called with tensors
        whose unknown sizes are numbers, for it to compute with: what comes of them counts as unknown, too.
        """
        shape = shapes_given(self, input_shape)
        return shape if type(self).call is Layer.call else self._outcome_of_call(shape)[0]

    def _trial_copy(self):
        """Return a layer like this one, that is built to find out a shape."""
        return copy.deepcopy(self)

    def _shape_follows_from_call(self):
        """Return whether the output's shape can only be inferred by calling `call`."""
        return type(self).compute_output_shape is Layer.compute_output_shape and type(self).call is not Layer.call

    def _knows_dtype(self):
        """Return whether the dtype of what `call` returns is known, and need not be the layer's."""
        return self.passes_dtype_on or self._shape_follows_from_call()

    def _outcome_of_call(self, input_shape, dtypes=None):
        """Return shape and dtype of what `call` returns for inputs of a shape and of dtypes; lists of both for several."""
        if type(self).build is Layer.build:
            x = tensors_of(input_shape, self, Trial(None), dtypes)
            y = self._call_bare(x if isinstance(input_shape, list) else x[0], None)
            return shapes_of(y), dtypes_of(y)
        rng = np.random.default_rng(0)
        layer = self if self.built else self._trial_copy()  # `call` needs the weights
        if not layer.built:
            layer._build(input_shape, rng)
        first, second = (layer._call_on_trial(input_shape, rng, dtypes, batch) for batch in SOME_BATCHES)
        return common(shapes_of(first), shapes_of(second)), dtypes_of(first)

    def _call_on_trial(self, input_shape, rng, dtypes=None, batch=1):
        """Return what `call` returns for inputs of a shape, having built the layers within this one."""
        graph = Graph(rng=rng)
        with graph.within(self.name, None):
            if has_unknown_sizes(input_shape):
                x = tensors_of(input_shape, self, Trial(rng), dtypes)
            else:
                shapes = flat_shapes(input_shape)
                dtypes = [self.dtype] * len(shapes) if dtypes is None else dtypes
                x = [graph.input((batch, *shape[1:]), dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]
            return self._call_bare(x if isinstance(input_shape, list) else x[0], False)

    def call(self, x):
        """Return the output, made by calling other layers.

        Parameters
        ----------
        x : Tensor or Value, or a list of them
            What other layers take. A subclass may take `training` as well.
        """
        if not isinstance(x, Value):
            raise TypeError(f"layer {self.name!r} takes one input; expected a layer with `call` for several")
        shape = (x.shape[0], *self.compute_output_shape((None, *x.shape[1:]))[1:])
        return PythonLayer(x, self, shape, x.graph.training).y

    def forward(self, x, *, training, rng):
        """Return the output for the array `x`, and whatever `backward` needs of this pass.

        `x` can only be read, and holds what it holds until `backward` returns, or without one `forward`: copy what is to be
        kept longer.
        """
        raise TypeError(f"{type(self).__name__} does not define call or forward; expected a layer that does")

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradients of ``sum(dy * output)``.

        Parameters
        ----------
        dy : ndarray
            Gradient of the output; it can only be read.
        saved : object
            What `forward` returned beside the output.
        input_gradient : bool
            Whether the gradient of the input is wanted; a model's first layer need not compute it.

        Returns
        -------
        dx : ndarray or None
            Gradient of the input.
        gradients : list of ndarray
            Gradients of `weights`, in their order.
        """
        raise TypeError(f"{type(self).__name__} does not define backward; expected a layer that does")

    def get_config(self):
        """Return the constructor's arguments, as JSON can hold them.

        A custom class with a constructor need not define it as long as they can be saved: numbers, strings, lists, dicts,
        arrays, functions with a name, layers, initializers and the like.
        """
        config = {"name": self._name, "trainable": self.trainable, "dtype": self.dtype}
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        return config

    # ------------------------------------------------------------------------------------------------ for all layers

    _stored_otherwise = frozenset(["dtype", "name", "trainable"])

    def _state_for_config(self, given):
        has = {"name": self.automatic_name, "trainable": not self._trainable, "dtype": False}
        state = {"name": self._name, "trainable": self._trainable, "dtype": self.dtype}
        return {name: value for name, value in state.items() if has[name] or name in given}

    @classmethod
    def from_config(cls, config):
        """Make a layer from what `get_config` returned."""
        return made_of(cls, config, deserializers)

    def add_loss(self, value):
        """Add a number to the loss, in `call`.

        Parameters
        ----------
        value : Value
            Of one element, made in `call` by `striate.ops` or a regularizer.
        """
        if isinstance(value, Value):
            value.graph.add_loss(value)
        elif not trial_of(value):
            raise TypeError(
                f"value={shown(value)} is not a value of the model; expected one computed in `call` from its input or weights"
            )

    @property
    def trainable(self):
        """Whether training changes the weights. Setting it sets it for all layers within, too."""
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        self._trainable = boolean("trainable", value)
        for layer in self._sublayers():
            layer.trainable = value

    @property
    def name(self):
        """Its name; made from that of its class until a model chooses one that differs from the other layers'."""
        return self._name or snake_case(type(self).__name__)

    @name.setter
    def name(self, value):
        self._name = value

    def _find_sublayers(self, rng):
        """Search for layers within it again, and build new ones."""
        self._known_sublayers = None
        if self.built and not all(layer.built for layer in self._sublayers()):
            self._build_sublayers(self.input_shape, rng)
        for layer in self._sublayers():
            layer._find_sublayers(rng)

    def _sublayers(self):
        """Layers that are attributes, or in lists or dicts that are, in the order in which they were set before building."""
        if self._known_sublayers is not None:
            return self._known_sublayers
        found = {}
        for attribute, value in vars(self).items():
            if attribute != "_given":
                found |= {id(each): each for each in flat_deep(value) if isinstance(each, Layer)}
        if self.built:
            self._known_sublayers = list(found.values())
        return list(found.values())

    def ensure_built(self, input_shape, rng):
        """Build the layer unless it is; check that it can take inputs of `input_shape`. Return the output's shape.

        For several inputs, `input_shape` is a list of shapes.
        """
        input_shape = _of_any_batch(input_shape)
        output_shape = self._output_shape_for(input_shape)
        self._get_ready(input_shape, rng)
        return output_shape

    def _get_ready(self, input_shape, rng):
        """Build the layer unless it is; check that the weights fit inputs of `input_shape`."""
        with _building:
            if not self.built:
                self._build_whole(input_shape, rng)
                return
        self._check_sizes_of_weights(input_shape)

    def _check_sizes_of_weights(self, input_shape):
        """Raise an error for an input in which a size that the weights' shapes depend on has changed."""
        shapes, built_for = flat_shapes(input_shape), flat_shapes(self.input_shape)
        for i, axis in sorted(self._axes_of_weights):
            found, wanted = shapes[i], built_for[i]
            fits = len(found) == len(wanted) or axis == -1  # there may be any number of axes of features
            if not fits or found[axis] != wanted[axis]:
                sizes = "channels or features" if axis == -1 else f"elements along axis {axis}"
                raise ValueError(
                    f"layer {self.name!r} was built for inputs of shape {self.input_shape}, got {input_shape}; expected as "
                    f"many {sizes}"
                )

    def _output_shape_for(self, input_shape):
        """Return the output's shape, with None where it depends on a None in the input's; errors name the layer."""
        return self._output_for(input_shape)[0]

    def _output_for(self, input_shape, dtypes=None):
        """Return shape and dtype of the output for inputs of a shape, and of dtypes; None for the layer's dtype."""
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        if not self.takes_empty_samples and any(0 in shape[1:] for shape in shapes):
            raise ValueError(f"layer {self.name!r} got input of shape {input_shape}; expected samples with sizes of at least 1")
        try:
            if self._shape_follows_from_call():
                return self._outcome_of_call(input_shape, dtypes)
            return self.compute_output_shape(input_shape), dtypes[0] if self.passes_dtype_on and dtypes else None
        except (TypeError, ValueError) as error:
            raise naming(self, error) from None

    def _build_whole(self, input_shape, rng):
        """Build the layer, or leave it as it was."""
        try:
            self._build(input_shape, rng)
        except BaseException:
            self._own_weights.clear()
            self._axes_of_weights = frozenset()
            raise
        finally:
            self._rng = None

    def _build(self, input_shape, rng):
        """Make the weights of the layer and of those within it."""
        self._rng = rng
        token = _rng_of_build.set(rng)
        try:
            self.build(with_axes(input_shape))
            self._build_sublayers(input_shape, rng)
        finally:
            _rng_of_build.reset(token)
        self.input_shape = input_shape
        self.built = True

    def _build_sublayers(self, input_shape, rng):
        """Build what `call` calls, by calling it once."""
        name_layers(self._sublayers())
        if not all(layer.built for layer in self._sublayers()):
            self._call_on_trial(input_shape, rng)

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

    # ------------------------------------------------------------------------------------------------------- calls

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
            self._get_ready(_of_any_batch(shapes_of(x)), trial.rng)
        return Node(self, x, *self._output_in_trial(sizes_of(x), dtypes), training, trial).outputs

    def _output_in_trial(self, sizes, dtypes):
        """Return shape and dtype of the output for inputs of a shape, both with `AnySize` for what is not known."""
        shape, dtype = self._output_for(without_any_sizes(sizes), dtypes)
        return with_numbers(shape, self._output_shape_for, sizes), dtype

    def _emit(self, x, training=None):
        """Append what the layer computes to the graph of `x`; return its output."""
        self._check_call(x, Value)
        shapes = _of_any_batch(shapes_of(x))
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

    def __getstate__(self):
        return {**vars(self), "_calls": [], "_sequence": None}  # weak references cannot be copied

    def __repr__(self):
        """Return class and name."""
        return f"<{type(self).__name__} {self.name!r}>"


class Elementwise(Layer):
    """A layer whose output has the input's shape."""

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        return input_shape


def _callable_from_outside(build):
    """Let `build`, called by others than the layer that makes its weights, as Keras' layers call it for those within them, make
    them all.
    """

    @functools.wraps(build)
    def made_once(self, input_shape):
        if self._rng is not None:  # the weights are being made
            return build(self, input_shape)
        shape = shapes_given(self, input_shape)
        if not self.built:
            rng = _rng_of_build.get() or getattr(self, "rng", None) or generator()
            self.ensure_built(shape, rng)
        return None

    return made_once


Layer.build = _callable_from_outside(Layer.build)


def _of_any_batch(shape):
    """Return a shape, or those in a list, with None for the batch."""
    return [(None, *each[1:]) for each in shape] if isinstance(shape, list) else (None, *shape[1:])


def _dtype_name(dtype):
    """Return the name of a layer's dtype; it may come as Keras writes it to files."""
    if isinstance(dtype, dict):
        dtype = dtype.get("config", {}).get("name")
    return float_dtype("dtype", dtype)


def float_input(x, dtype):
    """Return what a user passes as input, as an array of a dtype."""
    return real_array("x", x, dtype)


def name_layers(layers):
    """Name layers that have no name after their class, so that all differ; raise an error for a name that was given twice.

    Names given here before, in another model, are changed where they are taken.
    """
    taken = set()
    for layer in layers:
        if not layer.automatic_name:
            if layer._name in taken:
                raise ValueError(f"name={layer.name!r} is the name of another layer; expected a unique name")
            taken.add(layer.name)
    for layer in layers:
        if layer.automatic_name:
            if layer._name is None or layer._name in taken:
                base = snake_case(type(layer).__name__)
                layer.name = next(name for i in range(len(taken) + 1) if (name := f"{base}_{i}" if i else base) not in taken)
            taken.add(layer.name)


def layers_within(layer):
    """Yield all layers within a layer, those within them included."""
    for sublayer in layer._sublayers():
        yield sublayer
        yield from layers_within(sublayer)


def _takes_training(cls):
    if "_call_takes_training" not in vars(cls):
        cls._call_takes_training = "training" in inspect.signature(cls.call).parameters
    return cls._call_takes_training

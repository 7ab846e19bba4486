"""The base class of layers: what a subclass defines, arguments and configuration."""

from .. import regularizers
from .._common.arguments import KeepsArguments, is_of_the_library, made_of
from .._common.checks import boolean, float_dtype, integer, shown
from .._common.registry import snake_case
from .._common.watched import Watched
from ..engine import Value
from ..engine.operations import PythonLayer
from .building import BuiltOnce, callable_from_outside
from .calls import TakesCalls
from .deserialization import deserializers
from .shape_checks import shapes_given, taking_shapes
from .shape_inference import InfersShapes
from .sublayers import WithSublayers
from .symbolic import trial_of
from .weight_settings import setting
from .weights import WithWeights


class Layer(TakesCalls, InfersShapes, BuiltOnce, WithWeights, WithSublayers, KeepsArguments, Watched):
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
            cls.build = callable_from_outside(cls.build)
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
        return self._outcome_of_call(shape)[0] if self._defines("call") else shape

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
        raise TypeError(f"{type(self).__name__} does not define forward; expected a layer that does")

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
    def name(self):
        """Its name; made from that of its class until a model chooses one that differs from the other layers'."""
        return self._name or snake_case(type(self).__name__)

    @name.setter
    def name(self, value):
        self._name = value

    def _defines(self, method):
        """Return whether its class defines a method that is left to subclasses."""
        return getattr(type(self), method) is not getattr(Layer, method)

    def __repr__(self):
        """Return class and name."""
        return f"<{type(self).__name__} {self.name!r}>"


Layer.build = callable_from_outside(Layer.build)


class Elementwise(Layer):
    """A layer whose output has the input's shape."""

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        return input_shape


def _dtype_name(dtype):
    """Return the name of a layer's dtype; it may come as Keras writes it to files."""
    if isinstance(dtype, dict):
        dtype = dtype.get("config", {}).get("name")
    return float_dtype("dtype", dtype)

"""The base class of layers: the methods that a subclass defines, arguments, and configuration."""

from types import MappingProxyType

from .. import regularizers
from .._common.arguments import KeepsArguments, is_of_the_library, made_of
from .._common.checks import boolean, float_dtype, integer, shown
from .._common.errors import naming_inherited
from .._common.names import KnowsOtherNames
from .._common.registry import snake_case
from .._common.watched import Watched
from ..dtype_policies import DTypePolicy, DTypePolicyMap
from ..engine import Value
from ..engine.operations import PythonLayer
from .building import BuiltOnce, building_once
from .calls import TakesCalls
from .deserialization import deserializers
from .shape_checks import checked_shapes, with_checked_shapes
from .shape_inference import InfersShapes
from .sublayers import WithSublayers
from .symbolic import trace_of
from .weight_settings import setting
from .weights import WithWeights


@naming_inherited
class Layer(TakesCalls, InfersShapes, BuiltOnce, WithWeights, WithSublayers, KeepsArguments, KnowsOtherNames, Watched):
    """Base class of layers.

    A layer holds its arguments and weights, but none of the data that passes through it, so that several threads, and several
    places of a model, can use one layer at the same time.

    A subclass defines `build`, `compute_output_shape` and `get_config` where they apply, and one of:

    - `call`, which returns the output made by calling other layers, which are attributes. It is called when a model is planned,
      not when the model runs.
    - `forward` and `backward`, which take and return arrays. They are called in each run, and may contain any Python code.

    Parameters
    ----------
    name : str, optional
        Name, unique within a model; made from the name of the class if None.
    trainable : bool
        Whether training changes the weights.
    dtype : {"float32", "float64"} or DTypePolicy
        Dtype of weights, input and output.
    activity_regularizer : str or Regularizer, optional
        Penalty on the output, divided by the batch size and added to the loss.
    input_shape : tuple of (int or None), optional
        Shape of a sample, for the first layer of a `Sequential` without an `Input`.
    input_dim : int, optional
        Number of features, in place of ``input_shape=(input_dim,)``.

    Attributes
    ----------
    built : bool
        Whether the weights exist.

    Examples
    --------
    A residual block of two convolutions:

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
        "_added_losses", "_attributed", "_axes_of_weights", "_built", "_calls", "_undecided", "_given", "_known_sublayers",
        "_name", "_own_rng", "_own_weights", "_path", "_rng", "_sequence", "_trainable", "automatic_name", "built",
        "input_shape", "sample_shape",
    ])  # fmt: skip

    _other_names = MappingProxyType(
        {
            "get_input_at": "`input`, that of the first call",
            "get_output_at": "`output`, that of the first call",
            "quantize": "the function `striate.quantization.quantize`, which takes models",
        }
    )

    #: Whether the output has the dtype of the input, integers included, instead of the layer's dtype.
    passes_dtype_on = False

    #: Whether the layer is in training mode when it, or a model that contains it, is called on arrays without `training`.
    active_when_called = False

    #: Whether the layer takes lists of inputs; for the library's classes with their own `compute_output_shape`.
    takes_lists = False

    #: Whether the layer takes dicts of inputs, and lists within dicts; for the same classes.
    takes_dicts = False

    #: Whether the library's class takes strings.
    takes_strings = False

    #: Whether arguments of the library's class may be layers, which its configuration describes.
    takes_layers = False

    #: `InputSpec` of the input, or a list of them, which calls are checked against.
    input_spec = None

    #: Whether samples may have an axis of size 0.
    takes_empty_samples = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "build" in vars(cls):
            cls.build = building_once(cls.build)
        if "compute_output_shape" in vars(cls) and is_of_the_library(cls):
            cls.compute_output_shape = with_checked_shapes(cls.compute_output_shape)

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
        self.automatic_name = name is None  # Whether a model chooses the name.
        self._trainable = boolean("trainable", trainable)
        self.dtype = _dtype_name(dtype)
        self.activity_regularizer = setting("activity_regularizer", activity_regularizer)
        self.sample_shape = None if input_shape is None else tuple(input_shape)  # The argument `input_shape`.
        self.built = False
        self.input_shape = None  # Shape, or list of shapes, that the layer was built for.
        self._added_losses = []  # losses that the last call on arrays added, as numbers
        self._undecided = None  # weights of which a model may still decide what draws them
        self._rng = None  # Generator for new weights, only set during `build`.
        self._own_weights = []
        self._attributed = set()  # ids of the weights that became such as attributes
        self._axes_of_weights = frozenset()  # Axes of the input whose sizes the weights' shapes depend on; see `SizeOfInput`.
        self._known_sublayers = None  # Cached result of `_sublayers` once the layer is built.
        self._calls = []  # Weak references to the nodes in graphs of layers that calls of this layer made.
        self._sequence = None  # Weak reference to the `Sequential` that makes such a node on demand.

    # ------------------------------------------------------------------------------------- methods that a subclass defines

    def build(self, input_shape):
        """Make the weights with `add_weight`.

        Parameters
        ----------
        input_shape : tuple, or structure of tuple
            Shape of the input, or of each input, with None for the batch size.
        """

    def compute_output_shape(self, input_shape):
        """Return the shape of the output.

        By default, it is the shape of what `call` returns, or the input's shape if there is no `call`. To find it, `call` may
        get symbolic tensors that have integers in place of unknown sizes; sizes computed from these count as unknown.

        Parameters
        ----------
        input_shape : tuple, or structure of tuple
            Shape of the input, or of each input: the batch size first, None for unknown sizes.

        Returns
        -------
        tuple, or structure of tuple
            Shape of the output, or of each output, with None for unknown sizes.
        """
        shape = checked_shapes(self, input_shape)
        self._require_call("compute_output_shape")
        return self._infer_by_tracing(shape)[0] if self._defines("call") else shape

    def call(self, x):
        """Return the output, made by calling other layers.

        Parameters
        ----------
        x : Tensor or Value, or a structure of them
            Input, to be passed to other layers.

        Notes
        -----
        A subclass may take further arguments: `training`, whether the layer is in training mode, and any others, which are
        inputs, too, if they hold tensors or arrays. Their shapes are arguments of `build` and `compute_output_shape` where
        these have parameters of such names: `context_shape` is the shape of the argument `context`.
        """
        self._require_call("call")
        if not isinstance(x, Value):
            raise TypeError(f"layer {self.name!r} got several inputs; expected one, since the layer does not define `call`")
        shape = (x.shape[0], *self.compute_output_shape((None, *x.shape[1:]))[1:])
        return PythonLayer(x, self, shape, x.graph.training).y

    def forward(self, x, *, training, rng):
        """Return the output for an array.

        Parameters
        ----------
        x : ndarray
            Input. It is read-only, and only valid until `backward` returns, or until `forward` returns if there is no
            `backward`: copy what is needed for longer.
        training : bool
            Whether the layer is in training mode.
        rng : numpy.random.Generator
            Where random numbers come from.

        Returns
        -------
        y : ndarray
            Output, of the shape that `compute_output_shape` returns.
        saved : object
            Whatever `backward` needs.
        """
        raise TypeError(f"{type(self).__name__} does not define forward; expected a layer that does")

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradients of ``sum(dy * output)``.

        Parameters
        ----------
        dy : ndarray
            Gradient of the output, read-only.
        saved : object
            The second object that `forward` returned.
        input_gradient : bool
            Whether the gradient of the input is needed; it is not in a model's first layer.

        Returns
        -------
        dx : ndarray or None
            Gradient of the input; None is allowed if `input_gradient` is False.
        gradients : list of ndarray
            Gradients of `weights`, in the same order.
        """
        raise TypeError(f"{type(self).__name__} does not define backward; expected a layer that does")

    def get_config(self):
        """Return the constructor's arguments, in a form that JSON can hold.

        A custom class need not define it if all arguments of its constructor can be saved: numbers, strings, lists, dicts,
        arrays, functions with a name, layers, initializers and the like.
        """
        config = {"name": self._name, "trainable": self.trainable, "dtype": self.dtype}
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        return config

    # ------------------------------------------------------------------------------------------- methods of all layers

    _stored_otherwise = frozenset(["dtype", "name", "trainable"])

    def _state_for_config(self, given):
        """Return the name, dtype and `trainable` if they were given, or differ from what the constructor would set."""
        needed = {"name": self.automatic_name, "trainable": not self._trainable, "dtype": False}
        state = {"name": self._name, "trainable": self._trainable, "dtype": self.dtype}
        return {name: value for name, value in state.items() if needed[name] or name in given}

    @classmethod
    def from_config(cls, config):
        """Make a layer from what `get_config` returned."""
        return made_of(cls, config, deserializers)

    def add_loss(self, value):
        """Add a value to the loss, within `call`.

        Parameters
        ----------
        value : Value
            A value of one element, computed in `call` by functions of `striate.ops` or a regularizer.

        Raises
        ------
        TypeError
            If `value` was not computed in `call`.
        """
        if isinstance(value, Value):
            value.graph.add_loss(value)
        elif not trace_of(value):
            raise TypeError(
                f"value={shown(value)} is not a value of the model; expected one computed in `call` from its input or weights"
            )

    @property
    def compute_dtype(self):
        """Dtype that the layer computes in, the same as `dtype`."""
        return self.dtype

    @property
    def variable_dtype(self):
        """Dtype of the weights, the same as `dtype`."""
        return self.dtype

    @property
    def dtype_policy(self):
        """Policy of the layer's dtype, which layers take as `dtype`."""
        return DTypePolicy(self.dtype)

    @property
    def name(self):
        """The layer's name; made from the name of the class until a model chooses a unique one."""
        return self._name or snake_case(type(self).__name__)

    @name.setter
    def name(self, value):
        self._name = value

    def _require_call(self, method):
        """Raise an error unless the class defines what the layer computes."""
        if not (self._defines("call") or self._defines("forward")):
            raise NotImplementedError(
                f"{method} of layer {self.name!r}: {type(self).__name__} defines neither call nor forward; expected one of them"
            )

    def _defines(self, method):
        """Return whether the class overrides a method of `Layer`."""
        return getattr(type(self), method) is not getattr(Layer, method)

    def __repr__(self):
        """Return class and name."""
        return f"<{type(self).__name__} {self.name!r}>"


Layer.build = building_once(Layer.build)


class Elementwise(Layer):
    """A layer whose output has the input's shape."""

    built_at_once = True

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        return input_shape


def _dtype_name(dtype):
    """Return the name of a dtype, which may be a policy, or a dict, the form in which Keras saves one."""
    if isinstance(dtype, (DTypePolicy, DTypePolicyMap)):
        dtype = dtype.compute_dtype if dtype.compute_dtype == dtype.variable_dtype else dtype.name
    if isinstance(dtype, dict):
        dtype = dtype.get("config", {}).get("name")
    return float_dtype("dtype", dtype)

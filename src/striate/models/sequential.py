"""A model whose layers follow one another."""

import weakref
from collections.abc import Iterable

import numpy as np

from .._common.checks import shown
from .._common.errors import explained
from .._common.registry import arguments_in, describe
from .._common.structures import flat_shapes, leaves
from ..layers.base import Layer
from ..layers.core import InputLayer
from ..layers.sizes import with_batch_size
from ..layers.sublayers import name_layers
from ..layers.symbolic import Tensor
from .deserialization import layer_deserializer
from .model import Model
from .structures import of_rank, shape_of_rank


class Sequential(Model):
    """Layers, each fed by the one before.

    Parameters
    ----------
    layers : list of (Layer or Tensor), optional
        The layers, in order. If the first is an `Input`, weights are created at once, otherwise with the first data.
    name : str, optional
        The model's name.
    rng : None, int or numpy.random.Generator
        Source of everything random: initial weights, shuffling, dropout. The same seed gives the same bits with any
        number of threads; None draws a fresh seed.
    trainable : bool
        Whether training changes the weights.

    Attributes
    ----------
    layers : list of Layer
        The layers, without the `Input`.
    rng : numpy.random.Generator
        Source of random numbers.
    compiled, built : bool
        Whether `compile` was called; whether the weights exist.
    stop_training, stop_evaluating, stop_predicting : bool
        Callbacks set them to end `fit`, `evaluate` and `predict`.

    Examples
    --------
    >>> from striate import Sequential, layers
    >>> model = Sequential([
    ...     layers.Input((28, 28, 1)),
    ...     layers.Conv2D(6, 5, padding="same", activation="relu"),
    ...     layers.MaxPooling2D(),
    ...     layers.Flatten(),
    ...     layers.Dense(10, activation="softmax"),
    ... ], rng=0)
    >>> model.output_shape
    (None, 10)
    >>> model.count_params()
    11926
    """

    _structure = frozenset(["layers"])

    def __init__(self, layers=None, name=None, rng=None, *, trainable=True):
        self._layers = []
        super().__init__(name=name, rng=rng, trainable=trainable)
        self._input_layer = None
        self._tensor = None  # symbolic output of the last layer, computed on demand
        layers = [] if layers is None else layers
        if not isinstance(layers, Iterable) or isinstance(layers, (str, bytes, np.ndarray)):
            raise TypeError(f"layers={shown(layers)} is of type {type(layers).__name__}; expected a list of layers")
        for layer in layers:
            self.add(layer)

    def add(self, layer):
        """Append a layer.

        Parameters
        ----------
        layer : Layer or Tensor
            The layer; what `Input` returns can only be the first.

        Raises
        ------
        TypeError, ValueError
            If it is not a layer, is already in the model, has the name of another layer, or does not fit the output of the
            last one; or if the model was called on a `Tensor`, whose shape would no longer be right.
        """
        if self._nodes:
            raise ValueError(f"model {self.name!r} was already called in a graph of layers; expected `add` before that")
        if isinstance(layer, Tensor) and isinstance(layer.node.layer, InputLayer):
            layer = layer.node.layer
        if not isinstance(layer, Layer):
            raise TypeError(f"layer={shown(layer)} is not a layer; expected an instance of striate.layers.Layer")
        if isinstance(layer, InputLayer):
            if self._layers or self._input_layer is not None:
                raise ValueError(f"layer={shown(layer)} follows other layers; expected an Input only as the first layer")
            self._input_layer = layer
            self.dtype = layer.dtype
            name_layers([layer])
            return
        shape = layer.sample_shape
        if shape is None and isinstance(layer, Model) and isinstance(layer.input_shape, tuple):
            shape = layer.input_shape[1:]  # A model that is built knows its input shape.
        if shape is not None and self._input_layer is None and not self._layers:
            self.add(InputLayer(shape, dtype=layer._input_dtypes[0] if isinstance(layer, Model) else layer.dtype))
        if any(layer is other for other in self._layers):
            raise ValueError(f"layer={shown(layer)} is already in the model; expected another layer")
        name_layers([*self._layers, layer])
        if self._input_layer is not None or self.built:
            shape = self.output_shape if self._layers else (None, *self._input_layer.shape)
            layer.ensure_built(shape, self.rng)
            self.input_shape = (None, *self._input_layer.shape) if self._input_layer is not None else self.input_shape
            self.built = True
        self.dtype = layer.dtype
        self._layers.append(layer)
        layer._sequence = weakref.ref(self)
        self._additions += 1
        self._tensor = None
        self._structure_changed()

    def pop(self):
        """Remove the last layer and return it.

        Raises
        ------
        ValueError
            If the model has no layers, or was called on a `Tensor`.
        """
        if not self._layers or self._nodes:
            raise ValueError(f"model {self.name!r} has no layer to remove; expected one that is in no graph of layers")
        layer = self._layers.pop()
        layer._sequence = None
        self._additions += 1
        self._tensor = None
        self._structure_changed()
        return layer

    @property
    def layers(self):
        """The layers, without the `Input`."""
        return self._layers

    operations = layers

    def _sublayers(self):
        return self._layers

    def _build(self, input_shape, rng):
        if not self._layers:
            raise ValueError("the model has no layers; expected at least one")
        shape = input_shape
        for layer in self._layers:
            shape = layer.ensure_built(shape, rng)
        self.input_shape = input_shape
        self.built = True
        self._structure_changed()

    @property
    def output_shapes(self):
        """Output shape of each layer, with None for the batch."""
        shapes = [self.input_shape]
        for layer in self._layers:
            shapes.append(layer.compute_output_shape(shapes[-1]))
        return shapes[1:]

    @explained
    def compute_output_shape(self, input_shape):
        """Return the output shape for an input shape."""
        return self._output_for(input_shape)[0]

    @property
    def output_shape(self):
        """Shape of the output, with None for unknown sizes; None for a model that is not built."""
        shape = super().output_shape
        return shape if shape is None or self._input_layer is None else with_batch_size(shape, self._input_layer.batch_shape)

    def _shape_follows_from_call(self):
        return False

    def _dtypes_of_inputs(self):
        of_floats = self._input_layer is not None and self._input_layer.dtype in ("float32", "float64")
        return (self._input_layer.dtype,) if of_floats else super()._dtypes_of_inputs()

    def _output_for(self, input_shape, dtypes=None):
        if self._input_layer is not None:
            if isinstance(input_shape, tuple):
                input_shape = shape_of_rank((None, *self._input_layer.shape), input_shape)
            self._input_layer.compute_output_shape(input_shape)
        dtype = None
        for layer in self._layers:
            input_shape, dtype = layer._output_for(input_shape, dtypes)
            dtypes = leaves([layer.dtype] * len(flat_shapes(input_shape)) if dtype is None else dtype)
        return input_shape, dtype

    def call(self, x):
        """Append what the layers compute to a graph, or to a graph of layers."""
        if self._input_layer is not None and not isinstance(x, (list, tuple, dict)):
            x = of_rank((None, *self._input_layer.shape), x)
        for layer in self._layers:
            x = layer(x)
        return x

    def _has_fixed_size(self):
        return self._input_layer is not None and not self._any_size

    def _dtypes_of_inputs(self):
        return super()._dtypes_of_inputs() if self._input_layer is None else (self._input_layer.dtype,)

    @property
    def _input_names(self):
        return ["input" if self._input_layer is None else self._input_layer.name]

    @property
    def input(self):
        """The tensor of the model's `Input`."""
        self._connect_layers()
        return self._input_layer.output

    @property
    def output(self):
        """The tensor that the last layer returns in a graph of layers."""
        self._connect_layers()
        return self._tensor

    @property
    def inputs(self):
        """The tensor of the model's `Input`, in a list."""
        return [self.input]

    @property
    def outputs(self):
        """The tensor that the last layer returns, in a list."""
        return [self.output]

    def _connect_layers(self):
        """Connect the layers in a graph of layers, so that other models can be made from it."""
        self._require_built()
        if self._input_layer is None:
            self._input_layer = InputLayer(self.input_shape[1:], dtype=self.dtype)
        if self._tensor is None:
            self._tensor = self.call(self._input_layer.output)

    def _rows(self):
        yield from zip(self._layers, self.output_shapes if self.built else [None] * len(self._layers), strict=True)

    def get_config(self):
        """Return the name and the layers, in a form that JSON can hold."""
        layers = [layer for layer in (self._input_layer, *self._layers) if layer is not None]
        return {"name": self.name, "trainable": self.trainable, "layers": [describe(layer) for layer in layers]}

    @classmethod
    @explained
    def from_config(cls, config, custom_objects=None, make_layer=None):
        """Make a model from what `get_config` returned; see `Model.from_config`."""
        if cls.keeps_arguments:
            return super().from_config(config)
        arguments_in(config)
        make_layer = layer_deserializer(custom_objects, cls) if make_layer is None else make_layer
        return cls([make_layer(item) for item in config["layers"]], name=config["name"], trainable=config["trainable"])

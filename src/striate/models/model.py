"""Models: layers in a graph, from inputs to outputs."""

import inspect
from types import MappingProxyType

from .._common.checks import LARGEST, boolean, called, integer, sequence, shown
from .._common.errors import explained, naming_inherited, suggesting
from .._common.lazy_modules import json
from .._common.registry import arguments_in, describe, snake_case
from .._common.structures import OF_SHAPES, flat_shapes, leaves, like_shapes, mapped, paths_in, structure_of_shapes
from .._common.terminal import show
from ..engine.operators import Operators
from ..layers.arithmetic import Operation
from ..layers.call_arguments import call_layer, repeated
from ..layers.sizes import check_samples, with_axes
from ..layers.sublayers import name_layers
from ..layers.symbolic import Tensor, dtypes_of, shapes_of
from .deserialization import layer_deserializer
from .planned import names_at
from .references import reference, referred
from .saving import Savable
from .structures import arranged, is_missing, missing_beside, of_rank, require_optional, shape_of_rank
from .summary import summary_html, summary_table
from .topology import from_inputs, layers_in_order, sorted_nodes


@naming_inherited
class Model(Savable):
    """Layers in a graph, from inputs to outputs. A model is a layer, too, and may be part of other models.

    Parameters
    ----------
    inputs, outputs : Tensor, or a structure of Tensor
        Tensors that `Input` returned, and tensors computed from them, alone or in lists, tuples and dicts, which may contain
        others.
        Data are given, and predictions returned, in the same structure. Where inputs are tensors that layers compute, the
        model begins there. A subclass that defines `call` needs neither.
    name : str, optional
        The model's name.
    rng : None, int or numpy.random.Generator
        Source of everything random: initial weights, shuffling, dropout. The same seed gives the same bits with any
        number of threads; None draws a fresh seed.
    **kwargs
        `trainable` and `dtype`; see `striate.layers.Layer`.

    Attributes
    ----------
    layers : list of Layer
        The layers, each once, in the order in which they are computed.
    operations : list of Layer
        The layers together with the functions of `striate.ops` in the graph.
    inputs, outputs : list of Tensor
        The tensors given; those of dicts are in the order of the sorted keys.
    input, output : Tensor, or a structure of Tensor
        As given.
    rng : numpy.random.Generator
        Source of random numbers.
    compiled, built : bool
        Whether `compile` was called; whether the weights exist.
    stop_training, stop_evaluating, stop_predicting : bool
        Callbacks set them to end `fit`, `evaluate` and `predict`.
    autotune : bool
        Whether the algorithms of convolutions are chosen by measurement; see `compile`.

    Raises
    ------
    ValueError
        If an output does not depend on the inputs alone, or two layers have the same name.

    Examples
    --------
    A residual connection:

    >>> from striate import Input, Model, layers
    >>> image = Input((8, 8, 4))
    >>> x = layers.Conv2D(4, 3, padding="same", activation="relu")(image)
    >>> x = layers.Conv2D(4, 3, padding="same")(x)
    >>> x = layers.ReLU()(layers.Add()([image, x]))
    >>> model = Model(image, x, rng=0)
    >>> model.output_shape
    (None, 8, 8, 4)
    >>> [layer.name for layer in model.layers]
    ['input_layer', 'conv2d', 'conv2d_1', 'add', 're_lu']
    """

    def __init__(self, inputs=None, outputs=None, name=None, *, rng=None, **kwargs):
        super().__init__(name=name, rng=rng, **kwargs)
        self.nodes = []
        self.name = snake_case(type(self).__name__) if name is None else name
        if inputs is None and outputs is None:
            if type(self).call is Model.call and not self.has_own_steps:
                raise TypeError(
                    "Model got neither inputs nor outputs; expected both, or a subclass that defines call or train_step"
                )
            return
        for kind, given in (("inputs", inputs), ("outputs", outputs)):
            for tensor in leaves(given):
                if not isinstance(tensor, Tensor):
                    raise ValueError(f"{kind} holds {shown(tensor)}; expected Tensors, as striate.Input and layers return them")
            if not leaves(given):
                raise ValueError(f"{kind}={shown(given)} is empty; expected at least one Tensor")
        self._inputs, self._outputs = from_inputs(_alone(inputs), _alone(outputs))
        self.nodes = sorted_nodes(self.inputs, self.outputs)
        optional = [tensor.node.layer.optional for tensor in self.inputs]
        self._optional = optional if any(optional) else ()
        self._layers = layers_in_order(self.outputs)
        used = {id(layer) for layer in self._layers}
        self._layers += [node.layer for node in self.nodes if id(node.layer) not in used]  # `Input`s that no layer reads
        self.dtype = next((layer.dtype for layer in self._layers if layer.dtype in ("float32", "float64")), "float32")
        name_layers(self._layers)
        self.build(shapes_of(self._inputs))

    # ------------------------------------------------------------------------------------------------------- structure

    _other_names = MappingProxyType(
        Savable._other_names
        | {
            "evaluate_generator": "`evaluate`, which takes generators, too",
            "export": "`save`, or `striate.interop.save_keras_model` for a file that Keras loads and exports",
            "fit_generator": "`fit`, which takes generators, too",
            "predict_classes": "`predict`, and NumPy's argmax of the result along the last axis",
            "predict_generator": "`predict`, which takes generators, too",
            "predict_proba": "`predict`",
            "quantize": "the function `striate.quantization.quantize(model, images)`, which returns a quantized model",
            "to_yaml": "`to_json`",
        }
    )

    #: Arguments that the configuration does not hold as they are, since it describes the structure of the model itself.
    _structure = frozenset(["inputs", "outputs"])

    @classmethod
    def _needs_arguments(cls):
        parameters = inspect.signature(cls.__init__).parameters
        handed_on = any(each.kind is each.VAR_POSITIONAL for each in parameters.values())
        return not (handed_on or cls._structure <= set(parameters))

    _stored_otherwise = Savable._stored_otherwise | {"rng"}

    @property
    def layers(self):
        """The layers, each once, in the order in which they are computed; see `operations`."""
        return [layer for layer in self.operations if not isinstance(layer, Operation)]

    @property
    def operations(self):
        """The layers together with the functions of `striate.ops` in the graph of the model."""
        return self._layers if self.nodes else self._sublayers()

    @property
    def inputs(self):
        """The model's input tensors."""
        return leaves(self._inputs)

    @property
    def outputs(self):
        """The model's output tensors."""
        return leaves(self._outputs)

    @property
    def input(self):
        """The model's input tensor, or a structure of them."""
        return self._inputs

    @property
    def output(self):
        """The model's output tensor, or a structure of them."""
        return self._outputs

    @property
    def output_shape(self):
        """Shape of the output, or a structure of them, with None for unknown sizes; None for a model that is not built."""
        return shapes_of(self._outputs) if self.nodes else super().output_shape

    @property
    def is_in_paths(self):
        """Whether the paths of weights have the model's name; those in a graph of layers have not, as in Keras."""
        return not self.nodes

    def _sublayers(self):
        return self._layers if self.nodes else [layer for layer in super()._sublayers() if layer is not self]

    def build(self, input_shape):
        """Create the weights for inputs of a given shape.

        Parameters
        ----------
        input_shape : tuple, or structure of tuple
            Shape of the input, or of each; the first element, the batch, may be None.
        """

    def _build(self, input_shape, rng):
        if not self.nodes:
            if type(self).build is not Model.build:  # A subclass may create its layers in `build`.
                self._rng = rng
                self.build(with_axes(input_shape))
            self._build_sublayers(input_shape, rng)
        for node in self.nodes:
            if node.inputs is None:
                node.layer.built = True
            else:
                node.layer.ensure_built(shapes_of(node.inputs), rng)
        self.input_shape = input_shape
        self.built = True
        self._structure_changed()

    def _require_built(self):
        if not self.built and not self.nodes and type(self).call is Model.call:
            raise ValueError(
                f"{type(self).__name__} does not define call, and so has no weights of its own; expected the models that it is "
                "made of"
            )
        super()._require_built()

    def _require_savable(self):
        if type(self).call is Model.call and not self.nodes:
            self._require_built()
        super()._require_savable()

    def compute_output_shape(self, input_shape):
        """Return the output's shape, or the structure of the outputs' shapes."""
        if not self.nodes:
            return super().compute_output_shape(input_shape)
        if isinstance(input_shape, dict) and not isinstance(self._inputs, dict):
            shapes = [input_shape[name] for name in self._input_names if name in input_shape]
        else:
            if isinstance(input_shape, dict) and set(self._inputs) <= set(input_shape):
                input_shape = {key: input_shape[key] for key in self._inputs}  # A call ignores other keys, too.
            shapes = flat_shapes(structure_of_shapes(input_shape))
        if len(shapes) != len(self.inputs):
            expected = [tensor.shape for tensor in self.inputs]
            raise ValueError(
                f"input_shape={shown(input_shape)} does not fit the model; expected {len(expected)} shapes, as in {expected}"
            )
        if self._optional:
            shapes = [
                tensor.shape if tuple(shape[1:]) == (0,) else shape for shape, tensor in zip(shapes, self.inputs, strict=True)
            ]
        shapes = [shape_of_rank(tensor.shape, shape) for shape, tensor in zip(shapes, self.inputs, strict=True)]
        for shape, tensor in zip(shapes, self.inputs, strict=True):
            check_samples(shape, tensor.shape[1:])
        return like_shapes(shapes_of(self._outputs), self._shapes_of_outputs(shapes))

    def _shape_follows_from_call(self):
        return not self.nodes and type(self).compute_output_shape is Model.compute_output_shape

    def _knows_dtype(self):
        return True

    def _output_for(self, input_shape, dtypes=None):
        shape, found = super()._output_for(input_shape, dtypes)
        if self.nodes:
            found = dtypes_of(self._outputs)
        return shape, found

    def _shapes_of_outputs(self, shapes):
        """Return the outputs' shapes for input shapes that fit the model."""
        if [tuple(shape) for shape in shapes] == [tensor.shape for tensor in self.inputs]:
            return [tensor.shape for tensor in self.outputs]
        known = {tensor.place: tuple(shape) for tensor, shape in zip(self.inputs, shapes, strict=True)}
        for node in self.nodes:
            if node.places[0] not in known:
                given = like_shapes(shapes_of(node.inputs), [known[tensor.place] for tensor in node.sources])
                known |= dict(zip(node.places, flat_shapes(node.layer._output_shape_for(given)), strict=True))
        return [known[tensor.place] for tensor in self.outputs]

    def _with_missing(self, x):
        """Return an input with an empty part of another one in place of each that is None, where tensors are given."""
        given = next((each for each in leaves(x) if isinstance(each, Operators)), None)
        if not self._optional or given is None:
            return x
        require_optional(x, arranged("x", x, self.input_shape, self._input_names, "inputs"), self._optional)
        return mapped(lambda each: missing_beside(given) if each is None else each, x)

    def call(self, x):
        """Append what the layers compute to a graph, or to a graph of layers."""
        if not self.nodes:
            raise TypeError(f"{type(self).__name__} does not define call; expected its parts to be called in its steps")
        given = arranged("x", x, self.input_shape, self._input_names, "inputs")
        given = [
            None if self._optional and is_missing(each) else of_rank(tensor.shape, each)
            for tensor, each in zip(self.inputs, given, strict=True)
        ]
        known = dict(zip([tensor.place for tensor in self.inputs], given, strict=True))
        for node in self.nodes:
            if node.places[0] in known:
                continue
            known |= dict(zip(node.places, leaves(repeated(node, known)), strict=True))
        return mapped(lambda tensor: known[tensor.place], self._outputs)

    @property
    def takes_empty_samples(self):
        """Whether samples may have an axis of size 0, which stands for an optional input that is None."""
        return bool(self._optional)

    @property
    def _input_names(self):
        return [tensor.node.layer.name for tensor in self.inputs] if self.nodes else None

    def _has_fixed_size(self):
        return bool(self.nodes) and not self._any_size

    def _dtypes_of_inputs(self):
        return tuple(tensor.dtype for tensor in self.inputs) if self.nodes else super()._dtypes_of_inputs()

    def _names_of_outputs(self, shape):
        if not self.nodes:
            return super()._names_of_outputs(shape)
        names = []
        for name in names_at(paths_in(shape, OF_SHAPES), [tensor.node.layer.name for tensor in self.outputs]):
            names.append(next(each for i in range(len(names) + 1) if (each := f"{name}_{i}" if i else name) not in names))
        return names

    @suggesting
    def get_layer(self, name=None, index=None):
        """Return the layer with a name, or with an index in `layers`."""
        if (name is None) == (index is None):
            raise ValueError(f"name={shown(name)} and index={shown(index)} are given; expected exactly one of them")
        if index is not None:
            index = integer("index", index, -len(self.layers), len(self.layers) - 1)
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(
            f"name={shown(name)} is not the name of a layer; expected one of {[layer.name for layer in self.layers]}"
        )

    @suggesting
    def summary(self, line_length=None, print_fn=None, expand_nested=False, show_trainable=False, layer_range=None):
        """Print the layers with their output shapes, parameters, operations and memory.

        Floating-point operations (FLOPs) and memory are those of one sample; a multiply-add counts as two. What is not known
        until the model is built is shown as "?".

        Parameters
        ----------
        line_length : int, optional
            Characters after which lines are cut off.
        print_fn : callable, optional
            Takes the text; `print` if None.
        expand_nested : bool
            Whether the layers of nested models are shown.
        show_trainable : bool
            Whether to show which layers are trainable.
        layer_range : pair of str, optional
            Names of the first and the last layer to show.

        Raises
        ------
        ValueError
            If `layer_range` has a name that no layer has.
        """
        if line_length is not None:
            line_length = integer("line_length", line_length, 1, LARGEST)
        if print_fn is not None:
            called("print_fn", print_fn, "the text")
        if layer_range is not None:
            given = sequence("layer_range", layer_range, "the names of two layers")
            if len(given) != 2 or not all(
                isinstance(name, str) and any(layer.name == name for layer in self.layers) for name in given
            ):
                known = [layer.name for layer in self.layers]
                raise ValueError(f"layer_range={shown(layer_range)} is not the names of two layers; expected two of {known}")
        flags = {
            "expand_nested": boolean("expand_nested", expand_nested),
            "show_trainable": boolean("show_trainable", show_trainable),
        }
        (show if print_fn is None else print_fn)(summary_table(self, line_length=line_length, layer_range=layer_range, **flags))

    def _repr_html_(self):
        """Return the summary for a notebook; None for a model that is not built, whose `repr` is shown."""
        return summary_html(self) if self.built else None

    def _rows(self):
        """Yield (layer, output shape) for a summary."""
        for node in self.nodes:
            yield node.layer, shapes_of(node.outputs)
        if not self.nodes:
            for layer in self._sublayers():
                yield layer, layer.compute_output_shape(layer.input_shape) if layer._built else None

    # ---------------------------------------------------------------------------------------------------------- saving

    def get_config(self):
        """Return the name, the layers and their connections, in a form that JSON can hold."""
        if not self.nodes:
            return super().get_config()
        index = {id(node): i for i, node in enumerate(self.nodes)}
        layers = self._layers

        return {
            "name": self.name,
            "trainable": self.trainable,
            "layers": [describe(layer) for layer in layers],
            "nodes": [
                {
                    "layer": next(i for i, layer in enumerate(layers) if layer is node.layer),
                    "inputs": None if node.inputs is None else reference(node.inputs, index),
                    "training": node.training,
                }
                for node in self.nodes
            ],
            "inputs": reference(self._inputs, index),
            "outputs": reference(self._outputs, index),
        }

    @classmethod
    @explained
    def from_config(cls, config, custom_objects=None, make_layer=None):
        """Make a model from what `get_config` returned.

        Parameters
        ----------
        config : dict
            The configuration.
        custom_objects : dict of str to class, optional
            Classes of custom layers, by name.
        make_layer : callable, optional
            Makes a layer from its description in the configuration, in place of the classes of striate and `custom_objects`.
        """
        if "input_layers" in arguments_in(config):
            raise ValueError(
                f"config={shown(config)} is that of a model in Keras' files; expected what get_config returned, or load_model "
                "for such a file"
            )
        if cls.keeps_arguments or "nodes" not in config:
            return super().from_config(config)
        make_layer = layer_deserializer(custom_objects, cls) if make_layer is None else make_layer
        layers = [make_layer(item) for item in config["layers"]]
        tensors = []  # list of output tensors for each node

        for item in config["nodes"]:
            layer = layers[item["layer"]]
            start = item["inputs"] is None
            y = layer.output if start else call_layer(layer, referred(item["inputs"], tensors), item["training"])
            tensors.append(leaves(y))
        described = ("layers", "nodes", "inputs", "outputs")
        kwargs = {name: value for name, value in config.items() if name not in described}  # A subclass may have added some.
        return cls(referred(config["inputs"], tensors), referred(config["outputs"], tensors), **kwargs)

    def to_json(self, **kwargs):
        """Return the model without its weights as JSON, for `models.model_from_json`; arguments are those of `json.dumps`."""
        return json.dumps(describe(self), **kwargs)

    def __repr__(self):
        """Return the name, the number of layers, and whether the model is built."""
        kind, state = type(self).__name__, "built" if self.built else "not built"
        return f"<{kind} {self.name!r}: {len(self.layers)} layers, {state}>"


def check_model(model):
    """Return the argument if it is a model."""
    if not isinstance(model, Model):
        raise TypeError(f"model={shown(model)} is of type {type(model).__name__}; expected a Model")
    return model


def _alone(tensors):
    """Return a list of one tensor as that tensor, and other structures as they are."""
    if isinstance(tensors, (list, tuple)):
        return _alone(tensors[0]) if len(tensors) == 1 else tensors
    return tensors

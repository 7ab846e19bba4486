"""Functions on models, with Keras' names: loading, saving and cloning."""

from .. import config
from .._common.arguments import functions_in_configurations
from .._common.checks import boolean, called, check_path, shown, text
from .._common.code import trusting_code
from .._common.errors import explained
from .._common.files import parsing
from .._common.lazy_modules import json
from .._common.registry import with_custom_objects
from .._common.structures import leaves, paths_in
from ..layers.core import InputLayer
from .deserialization import layer_deserializer
from .formats import format_of
from .model import Model, check_model
from .sequential import Sequential
from .topology import called_again


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True, lazy=False):
    """Read a model that `save_model` or `Model.save` wrote, or one that Keras wrote (``.keras`` or ``.h5``; needs h5py).

    The format is recognized by the file's content, whatever its name.

    Parameters
    ----------
    filepath : path
        The file.
    custom_objects : dict of str to class or function, optional
        Custom layers, models, losses, metrics, optimizers and functions, by their names, in addition to those registered by
        `saving.register_keras_serializable`.
    compile : bool
        Whether the model is compiled as it was. The optimizer of a model that Keras wrote starts anew.
    safe_mode : bool
        Whether a file that holds code is refused: that of Python lambdas in ``Lambda`` layers. If False, such code becomes part
        of the model, and can do anything. It must have been compiled by the same version of Python.
    lazy : bool
        Whether weights stay in the file until something needs them, which halves the memory of a model that only predicts; see
        `Model.load`. Not for Keras' files.

    Returns
    -------
    Model or Sequential

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is of neither format, is damaged, claims more than it can hold, holds an unknown class, or holds code and
        `safe_mode` is true.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, layers, models
    >>> x = np.ones((1, 4), "float32")
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> path = tempfile.mkdtemp() + "/model.npz"
    >>> model.save(path)
    >>> bool((models.load_model(path).predict(x) == model.predict(x)).all())
    True
    """
    filepath, custom_objects = check_path("filepath", filepath), with_custom_objects({}, custom_objects)
    compile, lazy = boolean("compile", compile), boolean("lazy", lazy)
    safe_mode = boolean("safe_mode", safe_mode) and config.safe_mode()
    with trusting_code(not safe_mode):
        return format_of(filepath).load_model(filepath, custom_objects, compile, lazy, safe_mode)


def save_model(model, filepath, overwrite=True, zipped=None, include_optimizer=True):
    """Write a model to a file, completely or not at all.

    Parameters
    ----------
    model : Model
        The model.
    filepath : path
        The file.
    overwrite : bool
        Whether an existing file is replaced; if False, that is an error.
    zipped, include_optimizer
        See `Model.save`.

    Examples
    --------
    >>> import tempfile
    >>> from striate import Sequential, layers, models
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> path = tempfile.mkdtemp() + "/model.npz"
    >>> models.save_model(model, path)
    >>> models.load_model(path).output_shape
    (None, 2)
    """
    check_model(model).save(filepath, overwrite, zipped, include_optimizer)


def model_from_json(json_string, custom_objects=None):
    """Return the model that `Model.to_json` wrote, with new weights.

    Parameters
    ----------
    json_string : str
        The text.
    custom_objects : dict of str to class, optional
        Custom layers, by the names of their classes.

    Raises
    ------
    ValueError
        If the text is not what `Model.to_json` wrote, or holds an unknown class.

    Examples
    --------
    >>> from striate import Sequential, layers, models
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> models.model_from_json(model.to_json()).output_shape
    (None, 2)
    """
    json_string, make_model = text("json_string", json_string), layer_deserializer(custom_objects)
    with trusting_code(not config.safe_mode()), parsing(f"json_string={shown(json_string)}", "what Model.to_json wrote"):
        return make_model(json.loads(json_string))


@explained
@functions_in_configurations()
def clone_model(model, input_tensors=None, clone_function=None, call_function=None, recursive=False):
    """Return a model of the same layers with new weights, compiled as the model is, with a new optimizer and new metrics.

    The new model computes in the dtype of its weights: it has neither the `dtype_policy` nor the `weight_dtype` of the model.

    Parameters
    ----------
    model : Model or Sequential
        The model.
    input_tensors : Tensor, or a structure of Tensor, optional
        Tensors returned by `Input`, the inputs of the new model, in the structure of the model's inputs; by default, inputs
        like the model's own.
    clone_function : callable, optional
        Takes each layer except an `Input`, and returns the layer that takes its place in the new model; by default, a layer of
        the same class and configuration.
    call_function : callable, optional
        Takes the new layer and the arguments of a call in the model, and returns the output that takes its place; by default,
        that of the layer. Not for a `Sequential`.
    recursive : bool
        Whether models within the model are cloned in the same way, instead of being passed to `clone_function`.

    Raises
    ------
    ValueError
        If `input_tensors` do not have the structure of the model's inputs, or `input_tensors` or a function is given for a
        subclass of `Model` that defines `call`.

    Examples
    --------
    >>> from striate import Sequential, layers, models
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> copy = models.clone_model(model)
    >>> copy.count_params(), copy is model
    (10, False)
    """
    check_model(model)
    if clone_function is not None:
        called("clone_function", clone_function, "a layer")
    if call_function is not None:
        called("call_function", call_function, "a layer and the arguments of a call")
    recursive = boolean("recursive", recursive)
    if not _is_graph(model):
        if input_tensors is not None or clone_function is not None or call_function is not None:
            raise ValueError(
                f"model {model.name!r} is not made of layers in a graph; expected input_tensors=None and no functions"
            )
        clone = _clone_layer(model)
    else:
        if call_function is not None and isinstance(model, Sequential):
            raise ValueError(f"call_function={shown(call_function)} is given for a Sequential; expected a Model of a graph")
        make_layer = _clone_layer if clone_function is None else clone_function

        def make(layer):
            if recursive and _is_graph(layer):
                calls = None if isinstance(layer, Sequential) else call_function
                return clone_model(layer, clone_function=clone_function, call_function=calls, recursive=True)
            return make_layer(layer)

        tensors = [] if input_tensors is None else leaves(input_tensors)
        if tensors and isinstance(model.input, dict) and paths_in(input_tensors) != paths_in(model.input):
            raise ValueError(
                f"input_tensors={shown(input_tensors)} do not have the structure of the model's inputs; expected that of "
                f"{shown(model.input)}"
            )
        clone = _clone_graph(model, tensors, make, call_function)
    if model.built and not clone.built:
        clone.build(model.input_shape)
    if model.compiled and not clone.compiled:
        clone.compile_like(model)
    return clone


def _is_graph(layer):
    """Return whether a layer is a model made of layers in a graph."""
    return isinstance(layer, Sequential) or (isinstance(layer, Model) and bool(layer.nodes))


def _clone_layer(layer):
    return clone_model(layer) if _is_graph(layer) else type(layer).from_config(layer.get_config())


def _clone_graph(model, tensors, clone_function, call_function):
    """Return a copy of a model with layers made by `clone_function`, and with `tensors`, if there are any, as inputs."""
    if tensors and len(tensors) != len(model.inputs):
        raise ValueError(
            f"input_tensors={shown(tensors)} has {len(tensors)} elements; expected {len(model.inputs)}, one for each input"
        )
    if isinstance(model, Sequential):
        base, layers = Sequential, [*([] if model._input_layer is None else [model._input_layer]), *model.layers]
    else:
        base, layers = Model, model.operations
    cls = type(model) if type(model).__init__ is base.__init__ else base  # A custom `__init__` takes other arguments.
    given = {id(old.node.layer): new.node.layer for old, new in zip(model.inputs, tensors, strict=True)} if tensors else {}

    def make_layer(layer):
        if not isinstance(layer, InputLayer):
            return clone_function(layer)
        return given[id(layer)] if given else _clone_layer(layer)

    if call_function is not None:
        made = {id(layer): make_layer(layer) for layer in model.operations}
        inputs, outputs = called_again(model, made, call_function)
        return cls(inputs, outputs, name=model.name, trainable=model.trainable)
    return cls.from_config({**base.get_config(model), "layers": layers}, make_layer=make_layer)

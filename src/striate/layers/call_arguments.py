"""Calls of layers with several arguments: which of them are inputs, and what `build` and the like get for them."""

import inspect

import numpy as np

from .._common.checks import shown
from .._common.structures import Arguments, leaves, mapped
from ..engine import Value, Variable
from .symbolic import Tensor

#: Names by which the first argument of the library's own layers may be given.
_FIRST = ("inputs", "x")


def signature_of(cls, method="call"):
    """Return the signature of a method of a class, without `self`; it is cached in the class."""
    cache = f"_signature_of_{method}"
    if cache not in vars(cls):
        signature = inspect.signature(getattr(cls, method))
        setattr(cls, cache, signature.replace(parameters=list(signature.parameters.values())[1:]))
    return vars(cls)[cache]


def takes(cls, argument, method="call"):
    """Return whether a method of a class takes an argument of some name."""
    parameters = signature_of(cls, method).parameters.values()
    return any(each.name == argument or each.kind is each.VAR_KEYWORD for each in parameters)


def bound(layer, args, kwargs):
    """Return the input of a call, `Arguments` if there are several, and the argument `training`, None if it is not given."""
    signature = signature_of(type(layer))
    names = list(signature.parameters)
    given = next((name for name in _FIRST if name in kwargs and name not in names), None)
    if given is not None and not args:
        args, kwargs = (kwargs[given],), {name: value for name, value in kwargs.items() if name != given}
    if "mask" in kwargs and not takes(type(layer), "mask"):
        mask = kwargs.pop("mask")
        if mask is not None:
            raise ValueError(
                f"layer {layer.name!r}: mask={shown(mask)} is not supported; expected None, as its call takes none"
            )
    if "training" in names:  # which `__call__` takes out of the arguments that are given by name
        kwargs = {"training": None, **kwargs} if len(args) <= names.index("training") else kwargs
    try:
        arguments = signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        hint = f", where {names[0]} may be a list of inputs" if len(args) > len(names) and layer.takes_lists else ""
        raise TypeError(f"call of layer {layer.name!r}: {error}; expected the arguments {signature}{hint}") from None
    training = arguments.pop("training", None)
    inputs = {name: value for name, value in arguments.items() if name == names[0] or _holds_inputs(value)}
    defaults = {name: parameter.default for name, parameter in signature.parameters.items()}
    constants = {name: value for name, value in arguments.items() if name not in inputs and value is not defaults[name]}
    collects = signature.parameters[names[0]].kind is inspect.Parameter.VAR_POSITIONAL
    if list(inputs) == names[:1] and not constants and not collects:
        return inputs[names[0]], training
    return Arguments(inputs, constants), training


def _holds_inputs(value, kinds=(Tensor, Value, Variable, np.ndarray)):
    return any(isinstance(each, kinds) for each in leaves(value))


def with_constants(x, kind):
    """Return the input of a call with those arguments as constants that hold nothing of a class of symbolic tensors."""
    if not isinstance(x, Arguments):
        return x
    others = {name: value for name, value in x.items() if not _holds_inputs(value, kind)}
    return Arguments({name: value for name, value in x.items() if name not in others}, x.constants | others)


def call_with(layer, x, method="call", **settings):
    """Return what a method of a layer returns for the input of a call, or for `Arguments`."""
    if not isinstance(x, Arguments):
        return getattr(layer, method)(x, **settings)
    given = inspect.BoundArguments(signature_of(type(layer)), {**x, **x.constants})
    return getattr(layer, method)(*given.args, **given.kwargs, **settings)


def call_layer(layer, x, training):
    """Return what calling a layer returns for an input, or for `Arguments`."""
    if not isinstance(x, Arguments):
        return layer(x, training=training)
    given = inspect.BoundArguments(signature_of(type(layer)), {**x, **x.constants})
    return layer(*given.args, training=training, **given.kwargs)


def arguments_of(node, known):
    """Return the arguments of a node's call, positional ones and others, with known objects in place of its tensors."""
    x = mapped(lambda tensor: known[tensor.place], node.inputs)
    mode = {} if node.training is None else {"training": node.training}
    if not isinstance(x, Arguments):
        return (x,), mode
    given = inspect.BoundArguments(signature_of(type(node.layer)), {**x, **x.constants})
    return given.args, {**given.kwargs, **mode}


def repeated(node, known):
    """Return what calling the layer of a node again returns, with known objects in place of the tensors that it took."""
    args, settings = arguments_of(node, known)
    return node.layer(*args, **settings)


def call_with_shapes(layer, method, shape):
    """Return what `build` or `compute_output_shape` of a layer returns for the shape of the input, or for `Arguments`.

    A method with one parameter gets the shape of the first argument, one with several gets those that it names, as in Keras:
    `query_shape` is the shape of the argument `query`.
    """
    if not isinstance(shape, Arguments):
        return getattr(layer, method)(shape)
    parameters = signature_of(type(layer), method).parameters
    names = list(parameters)
    known = {f"{name}_shape": each for name, each in shape.items()}
    if len(names) == 1 and names[0] not in known:
        return getattr(layer, method)(next(iter(shape.values())))
    for name, parameter in parameters.items():
        collects = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        if name not in known and not collects and parameter.default is parameter.empty:
            raise ValueError(
                f"{method} of {type(layer).__name__} has the argument {name!r}; expected some of {', '.join(known)}, the "
                "shapes of the arguments of call"
            )
    return getattr(layer, method)(**{name: known[name] for name in names if name in known})


def shapes_by_name(layer, method, shapes, named):
    """Return the input's shape that a user passes to `build` or `compute_output_shape`, as `Arguments` if there are several."""
    if len(shapes) == 1 and not named:
        return shapes[0]
    arguments = signature_of(type(layer), method).bind(*shapes, **named).arguments
    if len(arguments) == 1:
        return next(iter(arguments.values()))
    return Arguments({name.removesuffix("_shape"): shape for name, shape in arguments.items() if shape is not None})

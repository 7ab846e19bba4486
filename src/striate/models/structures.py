"""What is given for the inputs and outputs of a model: in their structure, in a list, or in a dict by their names."""

import warnings

import numpy as np

from .._common.checks import shown
from .._common.structures import TupleOfShapes, flat_shapes, keys_of
from ..engine import Value
from ..engine.operations import Reshape
from ..engine.operators import apply


def arranged(what, given, shape, names, kind):
    """Return things given for the inputs or outputs of a model as a list, in the order of the leaves of their structure.

    Parameters
    ----------
    what : str
        What errors call `given`.
    given : object
        The things: in the structure, in a list, or in a dict by the names, unless inputs are a dict already. Further keys of a
        dict are ignored.
    shape : tuple, or structure of tuple
        The structure of the inputs or outputs.
    names : list of str or None
        Names of the inputs or outputs, if they have any.
    kind : {"inputs", "outputs"}
        What they are.
    """
    if isinstance(given, dict):
        if isinstance(shape, dict) and set(shape) <= set(given):
            keys = keys_of(shape)
            if kind == "inputs" and len(given) > len(shape):
                _warn(f"{what} has the keys {list(given)}, of which {keys} are taken; expected no others")
            return [each for key in keys for each in arranged(f"{what}[{key!r}]", given[key], shape[key], None, kind)]
        if isinstance(shape, dict) and kind == "inputs":
            raise ValueError(f"{what} has the keys {list(given)}; expected those of the model's inputs, {list(shape)}")
        if names is None or not set(names) <= set(given):
            expected = names or list(shape if isinstance(shape, dict) else ())
            raise ValueError(f"{what} has the keys {list(given)}; expected the names of the model's {kind}, {expected}")
        return [given[name] for name in names]
    if isinstance(shape, tuple):
        return [_alone(what, given, kind)]
    if isinstance(shape, dict) and kind == "inputs":
        if not isinstance(given, (list, tuple)) or list(shape) != keys_of(shape):  # Another order would be a guess.
            raise ValueError(f"{what} is of type {type(given).__name__}; expected a dict with the keys {list(shape)}")
        _warn(f"{what} is a {type(given).__name__}, taken in the order of the sorted keys {keys_of(shape)}; expected a dict")
    items = list(given) if isinstance(given, (list, tuple)) else [given]
    parts = [shape[key] for key in keys_of(shape)] if isinstance(shape, dict) else shape
    if len(items) == len(parts):
        pairs = enumerate(zip(items, parts, strict=True))
        return [each for i, (item, part) in pairs for each in arranged(f"{what}[{i}]", item, part, None, kind)]
    count = len(flat_shapes(shape))
    if len(items) != count:
        raise ValueError(f"{what} has {len(items)} arrays; expected {count}, one for each of the model's {kind}")
    return items


def _warn(message):
    """Warn of another structure in the words by which programs for Keras filter such warnings."""
    warnings.warn(f"The structure of `inputs` doesn't match the expected structure: {message}", stacklevel=2)


def _alone(what, given, kind):
    """Return what is given for a single input or output, by itself or in a list."""
    if not isinstance(given, (list, tuple)) or _is_array(given):
        return given
    if len(given) == 1:
        return given[0]
    if given and isinstance(given[0], np.ndarray):
        raise ValueError(f"{what} has {len(given)} arrays; expected 1, as the model has one of the {kind}")
    return given


def structure_of(x):
    """Return the structure in which arrays are given, with an empty shape in place of each of them."""
    if isinstance(x, dict):
        return {key: structure_of(each) for key, each in x.items()}
    if not isinstance(x, (list, tuple)) or _is_array(x):
        return ()
    parts = map(structure_of, x)
    return TupleOfShapes(parts, type(x)) if isinstance(x, tuple) else list(parts)


def _is_array(x):
    """Return whether nested lists are an array themselves, as their innermost elements are numbers or strings."""
    while isinstance(x, (list, tuple)) and len(x):
        x = x[0]
    return isinstance(x, (int, float, str, bytes, np.generic))


def require_optional(x, given, optional):
    """Raise an error if None is among the things that are given in x for inputs, unless that input is optional."""
    if any(each is None and not (optional and optional[i]) for i, each in enumerate(given)):
        raise ValueError(f"x={shown(x)} holds None in place of an input, which is not optional; expected an array")


def missing_beside(x):
    """Return the tensor of an optional input that is not given, made of another one, whose samples it has."""
    if len(x.shape) < 2:
        return apply("reshape", x, shape=(-1, 1))[:, :0]
    return x[:, *[0] * (len(x.shape) - 2), :0]


def missing(samples, dtype):
    """Return the array of an optional input that is not given: samples without elements, which no input has otherwise."""
    return np.empty((samples, 0), dtype)


def is_missing(x):
    """Return whether an array or a value is that of an optional input that is not given."""
    return x.shape[1:] == (0,)


def of_rank(shape, x):
    """Return an array or tensor with a last axis of size 1 more or less, if it then has the rank of `shape`, as in Keras."""
    fitted = shape_of_rank(shape, x.shape)
    if isinstance(x, Value) and len(fitted) != len(x.shape):
        return Reshape(x, fitted).y
    return x if len(fitted) == len(x.shape) else x[..., 0] if len(fitted) < len(x.shape) else x[..., None]


def shape_of_rank(expected, shape):
    """Return a shape with a last axis of size 1 more or less, if it then has the rank of the expected one."""
    rank, wanted = len(shape), len(expected)
    if rank == wanted + 1 and shape[-1] == 1:
        return tuple(shape[:-1])
    return (*shape, 1) if rank == wanted - 1 and expected[-1] == 1 else tuple(shape)

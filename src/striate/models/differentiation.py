"""Values and gradients of chosen parts of a model, for explanations of what it computes and for custom training steps."""

from typing import NamedTuple

import numpy as np

from .._common.checks import boolean, called, real_array, sequence, shown
from .._common.randomness import generator
from ..engine import Variable
from ..layers.base import Layer
from ..layers.sublayers import layers_within, paths_of
from .graphs import differentiation
from .model import check_model


class Differentiated(NamedTuple):
    """What `values_and_gradients` returns; values and gradients are in the order of `wrt`."""

    objective: np.ndarray | None  # what was differentiated
    values: list  # of ndarray; None for weights
    gradients: list  # of ndarray; empty without an objective


def values_and_gradients(model, x, objective, wrt=None, *, layer=None, arrays=(), training=False, rng=None):
    """Return an objective, and values and gradients of chosen inputs, layers and weights, for one batch.

    Parameters
    ----------
    model : Model
        The model, which is built for `x` if it is not built yet.
    x : ndarray, shape (batch, ...), or a list or dict of them
        Inputs.
    objective : callable or None
        Returns what is differentiated, as a value made by functions of `striate.ops`; for one that is not a single number, such
        as a number for each sample, the sum of its elements is differentiated. It takes the model's output, or the list of its
        outputs, as a value, and those of `arrays`. The same function is planned only once for each shape of `x`. With None,
        only values are computed.
    wrt : Layer, Variable or str, or a list of them, optional
        What values and gradients are those of: layers, by themselves, by path, such as "block/conv2d", or by a name that no
        other layer has; weights; inputs by name, that of the layer made by `Input`, or else "input". All inputs if None.
    layer : Layer or str, optional
        Layer whose output the objective takes instead of the model's.
    arrays : sequence of array_like
        Further arrays that the objective takes, such as targets; floats are converted to the model's dtype.
    training : bool
        Whether layers behave as in training.
    rng : None, int or numpy.random.Generator
        Source of random numbers in training; the model's own if None.

    Returns
    -------
    Differentiated
        `objective`, `values` and `gradients`. A layer that was called several times counts with its last call.

    Raises
    ------
    TypeError, ValueError
        If the data do not fit the model, or `wrt` or `layer` is not a part of it.

    Examples
    --------
    The gradient of a squared error, and a step of a custom training with it:

    >>> import numpy as np
    >>> from striate import Sequential, layers, ops, optimizers
    >>> from striate.models import values_and_gradients
    >>> model = Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
    >>> def squared_error(y_pred, y_true):
    ...     return ops.sum(ops.square(y_pred - y_true))
    >>> x, y = np.array([[1.0, 2.0, 3.0]]), np.array([[4.0]])
    >>> found = values_and_gradients(model, x, squared_error, model.trainable_weights, arrays=[y])
    >>> float(found.objective)
    4.0
    >>> [gradient.ravel().tolist() for gradient in found.gradients]
    [[4.0, 8.0, 12.0], [4.0]]
    >>> optimizers.SGD(0.25).apply(found.gradients, model.trainable_weights)
    >>> model.weights[0].numpy().ravel().tolist()
    [0.0, -1.0, -2.0]

    The gradient with respect to the input:

    >>> values_and_gradients(model, x, lambda y: y).gradients[0].tolist()
    [[0.0, -1.0, -2.0]]
    """
    check_model(model)
    if objective is not None:
        called("objective", objective, "the model's output")
    training = boolean("training", training)
    x = model._check_inputs(x)
    wanted = (model._input_names or ["input"]) if wrt is None else wrt if isinstance(wrt, (list, tuple)) else [wrt]
    wanted = tuple(_part_of(model, f"wrt[{i}]", each) for i, each in enumerate(wanted))
    if layer is not None:
        layer = _part_of(model, "layer", layer)
    further = [real_array(f"arrays[{i}]", each) for i, each in enumerate(sequence("arrays", arrays, "arrays"))]
    further = [each.astype(model.dtype, copy=False) if each.dtype.kind == "f" else each for each in further]
    trainable = tuple(each.trainable for each in layers_within(model)) if training else None
    of_further = tuple((each.shape, each.dtype) for each in further)
    what = of_further, objective, layer, wanted, training
    with model._lend(differentiation, len(x[0]), x, *what, trainable=trainable) as executable:
        outputs = executable.compute([*x, *further], model.rng if rng is None else generator(rng))
    value = None if objective is None else outputs.pop(0)
    values = [None if isinstance(each, int) else outputs.pop(0) for each in wanted]
    return Differentiated(value, values, outputs)


def _part_of(model, name, part):
    """Return a weight as its index in `weights`, and a layer or input as its path."""
    if isinstance(part, Variable):
        found = [i for i, weight in enumerate(model.weights) if weight is part]
    elif isinstance(part, (Layer, str)):
        found = paths_of(model, part)
    else:
        raise TypeError(f"{name}={shown(part)} is of type {type(part).__name__}; expected a layer, a weight or a name")
    if isinstance(part, str) and len(found) != 1:
        return str(part)  # It may be the name of an input; if not, the graph, which knows them, tells so.
    if not found:
        raise ValueError(f"{name}={shown(part)} is not a part of the model; expected one of its layers or weights")
    return found[0]

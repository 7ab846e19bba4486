"""Layers of models: which there are, which one to look at if none is named, and their outputs."""

import numpy as np

from .._common.checks import integer, shown
from ..engine import Value
from ..engine.operations import Conv2D, Conv2DTranspose
from ..layers.base import Layer
from ..layers.sublayers import layers_by_path, paths_of
from ..models import values_and_gradients
from ..models.arrays import parts
from ..models.graphs import emit
from ..models.model import check_model


def traced(model, x=None):
    """Return the graph of a built model for one sample, and its outputs.

    Parameters
    ----------
    model : Model
        The model.
    x : list of ndarray, optional
        Checked inputs, if the model takes inputs of any size.
    """
    model._require_built()
    if model._any_size and x is None:
        raise ValueError(f"the model takes inputs of shape {model.input_shape}, of any size; expected an input, x, of one size")
    return emit(model, 1, model._samples if x is None else [array.shape[1:] for array in x], False)


def target_layer(model, x=None):
    """Return the path of the layer that functions of `striate.visualize` look at if none is named.

    It is the last convolution with spatial extent, more than one position; or, if normalizations, activations, sums or
    concatenations with as many positions follow it, the last of these: of a residual network, the last block's output.

    Parameters
    ----------
    model : Model
        The model, built.
    x : ndarray, optional
        An input, if the model takes inputs of any size.

    Returns
    -------
    str
        Path of the layer, its name, or "block/conv2d" for one within "block".

    Raises
    ------
    ValueError
        If the model has no such layer.

    Examples
    --------
    >>> from striate import architectures, visualize
    >>> visualize.target_layer(architectures.LeNet5())
    'c3'
    >>> visualize.target_layer(architectures.ResNet18((64, 64, 3)))
    'stage4_block2_relu'
    """
    check_model(model)
    graph, _ = traced(model, None if x is None else as_batch(model, x)[0])
    return target_in(graph)


def target_in(graph):
    """Return the path of the target layer in a graph; see `target_layer`."""
    operation = _last_convolution(graph)
    reached = {operation.y, graph.results[operation.layer]}
    positions = graph.results[operation.layer].shape[:-1]
    for each in graph.operations[graph.operations.index(operation) :]:
        if each.y.shape[:-1] == positions and any(value in reached for value in each.inputs):
            reached.add(each.y)
    last = [value for value in graph.results.values() if isinstance(value, Value) and value in reached][-1]
    return next(path for path, value in graph.results.items() if value is last)


def _last_convolution(graph):
    """Return the last convolution with spatial extent that is part of a layer."""
    found = [
        each
        for each in graph.operations
        if isinstance(each, (Conv2D, Conv2DTranspose))
        and max(each.y.shape[1:3]) > 1
        and isinstance(graph.results.get(each.layer), Value)
    ]
    if not found:
        raise ValueError("the model has no convolution with more than one position; expected one, or the name of a layer")
    return found[-1]


def layer_at(model, layer):
    """Return path and layer of a layer given by itself, by its path, or by a name that no other layer has."""
    if not isinstance(layer, (Layer, str)):
        raise TypeError(f"layer={shown(layer)} is of type {type(layer).__name__}; expected a layer of the model, or its name")
    found, known = paths_of(model, layer), dict(layers_by_path(model))
    if len(found) != 1:
        raise ValueError(f"layer={shown(layer)} is not one layer of the model; expected one of {list(known)}")
    return found[0], known[found[0]]


def path_in(graph, model, layer):
    """Return the path of a layer that has one output in a graph, of the target layer for None."""
    if layer is None:
        return target_in(graph)
    path, _ = layer_at(model, layer)
    if not isinstance(graph.results.get(path), Value):
        expected = [path for path, value in graph.results.items() if isinstance(value, Value)]
        raise ValueError(f"layer={shown(layer)} has no single output in the model; expected one of {expected}")
    return path


def as_batch(model, x):
    """Return checked inputs in a list, and whether `x` was a single sample, to which an axis for the batch was added."""
    check_model(model)
    alone = isinstance(x, np.ndarray) and model.built and len(model._samples) == 1 and x.ndim == len(model._samples[0])
    return model._check_inputs(x[np.newaxis] if alone else x), alone


def without_batch(results, alone):
    """Return one array, or a list for several inputs, of a single sample if `alone`."""
    results = [array[0] for array in results] if alone else list(results)
    return results[0] if len(results) == 1 else results


def layer_outputs(model, x, path, batch_size):
    """Yield the output of a layer for each batch of checked inputs."""
    for part in parts(len(x[0]), integer("batch_size", batch_size, 1)):
        yield values_and_gradients(model, [array[part] for array in x], None, [path]).values[0]

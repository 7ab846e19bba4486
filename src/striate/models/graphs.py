"""What models compute for a batch: the graphs of prediction, of evaluation and of a training step.

Each function returns the arguments of `engine.Plan` for a batch of samples whose shapes are given, one for each input; targets
and weights are given by shape and dtype, a pair for each output that has a loss.
"""

import numpy as np

from .._common.checks import shown
from .._common.structures import leaves, structured
from ..engine import (
    Graph,
    Value,
    Variable,
    append_gradients,
    fuse,
    fuse_hard_activations,
    quantize,
    rematerialize,
    round_to_bfloat16,
    store_weights,
)
from ..engine.operations import append_updates
from ..losses.base import Emitted
from ..threads import get_num_threads
from .objectives import of_outputs


def emit(model, batch, samples, training):
    """Return a new graph of what the layers of a model compute, and its outputs, for a batch of samples of the given shapes."""
    graph = Graph(training, model.rng)
    graph.fixed_statistics = model.quantization is not None
    dtypes = model._input_dtypes
    values = [graph.input((batch, *shape), dtype) for shape, dtype in zip(samples, dtypes, strict=True)]
    with graph.within(None, None):  # Assignments of numbers, in which no value takes part, belong to the graph, too.
        outputs = model._call_bare(structured(model.input_shape, values), training)
    return graph, leaves(outputs)


def emit_all(model, batch, samples, training):
    """Return what `emit` does, with fused operations, and in the precision of the model, which training only simulates."""
    if training:
        return _emit_training(model, batch, samples)
    graph, outputs = emit_fused(model, batch, samples)
    threads = get_num_threads() if model.autotune else None
    if model.quantization is not None:
        quantize(graph, outputs, model.quantization, threads)
    fuse_hard_activations(graph, outputs)
    if model.quantization is None and model.dtype_policy == "bfloat16":
        round_to_bfloat16(graph, outputs, threads)
    derived_weights = _derived_weights(model, graph)
    if model.weight_dtype != model.dtype and derived_weights is not None:
        store_weights(graph, model.weight_dtype, derived_weights)
    return graph, outputs


def emit_fused(model, batch, samples):
    """Return the graph of a prediction in float32, with fused operations, and its outputs."""
    graph, outputs = emit(model, batch, samples, training=False)
    fuse(graph, outputs, _derived_weights(model, graph))
    return graph, outputs


def _emit_training(model, batch, samples):
    """Return the graph of the forward pass of a training step, with fused operations, and its outputs."""
    graph, outputs = emit(model, batch, samples, training=True)
    if model.quantization is None:
        fuse(graph, outputs)
        return graph, outputs
    from ..engine.fake_quantization import fake_quantize, fold_normalizations  # rarely needed

    fold_normalizations(graph, outputs)
    fuse(graph, outputs)
    prediction, _ = emit_fused(model, batch, samples)
    fake_quantize(graph, outputs, prediction, model.quantization)
    return graph, outputs


def _derived_weights(model, graph):
    """Return the store of derived weights, or None if each run changes weights, as an assignment in `call` does."""
    return None if any(operation.changes for operation in graph.operations) else model._derived_weights


def inference(model, batch, samples):
    """Return the arguments of a plan that computes the outputs."""
    graph, outputs = emit_all(model, batch, samples, training=False)
    return graph, outputs, get_num_threads(), _derived_weights(model, graph), model.autotune


def evaluation(model, batch, samples, targets, weights):
    """Return the arguments of a plan that computes the outputs that have a loss, and the parts of the loss."""
    graph, outputs = emit_all(model, batch, samples, training=False)
    predictions, results = _emit_losses(model, graph, batch, targets, weights, outputs)
    return graph, [*predictions, *_numbers(graph, results)], get_num_threads(), _derived_weights(model, graph), model.autotune


def training_step(model, batch, samples, targets, weights):
    """Return the arguments of a plan that computes what `evaluation` does, and updates the weights."""
    graph, outputs = emit_all(model, batch, samples, training=True)
    predictions, results = _emit_losses(model, graph, batch, targets, weights, outputs)
    if not results and not graph.losses:
        raise ValueError("the model has no loss; expected compile(loss=…), or a layer that calls `add_loss`")
    trained, optimizer = model._trained, model.optimizer
    optimizer.prepare(trained, more=True)
    at_once = optimizer.global_clipnorm is None  # Without a global norm, an update needs only its own gradient.
    starts = [start for loss in results for start in loss.starts]
    forward = len(graph.operations)
    gradients = append_gradients(
        graph,
        [*starts, *[start for _, more in graph.losses for start in more]],
        [graph.value_of(weight) for weight in trained],
        ready=(lambda value, gradient: append_updates(optimizer, {value: gradient})) if at_once else None,
    )
    if not at_once:
        append_updates(optimizer, gradients)
    read = [*predictions, *_numbers(graph, results)]
    fuse(graph, read, first=forward)
    rematerialize(graph, forward)
    return graph, read, get_num_threads(), None, model.autotune


def differentiation(model, batch, samples, arrays, objective, layer, wrt, training):
    """Return the arguments of a plan that computes an objective, values, and gradients: see `values_and_gradients`.

    Its outputs are the objective, if there is one; the values that are not weights; and all gradients.

    Parameters
    ----------
    model, batch, samples
        As for `emit`.
    arrays : tuple of (shape, dtype)
        Of further inputs, which the objective takes.
    objective : callable or None
        Returns what is differentiated, for the output of a layer and further inputs.
    layer : str or None
        Path of the layer; None for the model.
    wrt : tuple of int or str
        What values and gradients are those of: inputs by name, layers by path, or weights by index.
    training : bool
        Whether layers behave as in training.
    """
    weights = None if training else model._derived_weights
    graph, outputs = emit(model, batch, samples, training)
    inputs = dict(zip(model._input_names or ["input"], graph.inputs, strict=False))
    places = [
        graph.value_of(model.weights[each]) if isinstance(each, int) else _value_at("wrt", each, {**graph.results, **inputs})
        for each in wrt
    ]
    read = [place for place in places if not isinstance(place.source, Variable)]
    if objective is None:
        fuse(graph, read)
        return graph, read, get_num_threads(), weights, model.autotune
    judged = outputs[0] if len(outputs) == 1 else outputs
    if layer is not None:
        judged = _value_at("layer", layer, graph.results)
    further = [graph.input(shape, dtype) for shape, dtype in arrays]
    with graph.within(None, None):
        result = objective(judged, *further)
        if not isinstance(result, Value) or result.dtype not in ("float32", "float64"):
            raise TypeError(f"objective returned {shown(result)}; expected a value, as the functions of striate.ops return")
    fuse(graph, [*outputs, *read, result])
    found = append_gradients(graph, [graph.start_at(result)], places)
    gradients = [found[place] if place in found else _zeros_like(place) for place in places]
    return graph, [result, *read, *gradients], get_num_threads(), weights, model.autotune


def _value_at(name, path, known):
    """Return the value of an input or layer, given to an argument of some name."""
    value = known.get(path)
    if not isinstance(value, Value):
        expected = [path for path, each in known.items() if isinstance(each, Value)]
        raise ValueError(f"{name}={shown(path)} has no single output in the model; expected one of {expected}")
    return value


def _zeros_like(value):
    """Return the value of zeros of the same shape."""
    return value.graph.value_of(Variable(np.zeros(value.shape, value.dtype), "zeros", trainable=False))


def _emit_losses(model, graph, batch, targets, weights, outputs):
    """Append the losses to a graph; return the outputs of each objective, and the losses as `Emitted`."""
    objectives = model._objectives
    predictions = [outputs[i] for objective in objectives for i in objective.outputs]
    values = [graph.input((batch, *shape), dtype) for shape, dtype in targets]
    scales = [graph.input((batch, *shape), dtype) for shape, dtype in weights]
    taken = zip(objectives, of_outputs(objectives, values), of_outputs(objectives, predictions), strict=True)
    results = [
        _emit_loss(graph, objective, *map(objective.arranged, pair), *([scales[i]] if scales else []))
        for i, (objective, *pair) in enumerate(taken)
        if objective.loss is not None
    ]
    for weight in model.trainable_weights:
        if weight.regularizer is not None:
            weight.regularizer.emit(graph.value_of(weight))
    return predictions, results


def _emit_loss(graph, objective, y_true, y_pred, *sample_weight):
    """Append the loss of an output; return its value and where back-propagation begins.

    A loss whose weight is 0 is computed without a weight, and back-propagation begins with gradients of zero.
    """
    emitted = objective.loss.emit(y_true, y_pred, objective.scale, *sample_weight)
    if objective.weight:
        return emitted
    return Emitted(emitted.value, [(value, _zeros_like(value)) for value, _ in emitted.starts])


def _numbers(graph, results):
    """Return the parts of the loss that a program writes: the losses of the outputs, and those added by layers."""
    return [*[loss.value for loss in results], *[value for value, _ in graph.losses]]

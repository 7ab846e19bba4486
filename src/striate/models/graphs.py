"""What models compute for a batch: the graphs of prediction, of evaluation and of a training step.

Each function returns the arguments of `engine.Plan` for a batch of samples whose shapes are given, one for each input; targets
and weights are given by shape and dtype, a pair for each output that has a loss.
"""

import numpy as np

from ..engine import Graph, Variable, append_gradients, fuse, quantize, rematerialize, round_to_bfloat16
from ..engine.operations import append_updates
from ..layers.symbolic import flat
from ..losses.base import Emitted
from ..threads import get_num_threads


def emit_all(model, batch, samples, training):
    """Return a new graph of a whole model, and its outputs, for a batch of samples of the given shapes."""
    graph = Graph(training, model.rng)
    several = isinstance(model.input_shape, list)
    values = [graph.input((batch, *shape), model.dtype) for shape in samples]
    outputs = flat(model._call_bare(values if several else values[0], training))
    fuse(graph, outputs, None if training else model._derived_weights)
    if not training and model.quantization is not None:
        quantize(graph, outputs, model.quantization)
    elif not training and model.dtype_policy == "bfloat16":
        round_to_bfloat16(graph, outputs)
    return graph, outputs


def inference(model, batch, samples):
    """Return the arguments of a plan that computes the outputs."""
    graph, outputs = emit_all(model, batch, samples, training=False)
    return graph, outputs, get_num_threads(), model._derived_weights, model.autotune


def evaluation(model, batch, samples, targets, weights):
    """Return the arguments of a plan that computes the outputs that have a loss, and the parts of the loss."""
    graph, outputs = emit_all(model, batch, samples, training=False)
    predictions, results = _emit_losses(model, graph, batch, targets, weights, outputs)
    return graph, [*predictions, *_numbers(graph, results)], get_num_threads(), model._derived_weights, model.autotune


def training_step(model, batch, samples, targets, weights):
    """Return the arguments of a plan that computes what `evaluation` does, and updates the weights."""
    graph, outputs = emit_all(model, batch, samples, training=True)
    predictions, results = _emit_losses(model, graph, batch, targets, weights, outputs)
    if not results and not graph.losses:
        raise ValueError("the model has no loss; expected compile(loss=…), or a layer that calls `add_loss`")
    trained, optimizer = model._trained, model.optimizer
    optimizer.build(trained, more=True)
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
    rematerialize(graph, forward)
    return graph, [*predictions, *_numbers(graph, results)], get_num_threads(), None, model.autotune


def _emit_losses(model, graph, batch, targets, weights, outputs):
    """Append the losses to a graph; return the outputs that have a loss, and the losses as `Emitted`."""
    predictions = [outputs[objective.output] for objective in model._objectives]
    values = [graph.input((batch, *shape), dtype) for shape, dtype in targets]
    scales = [graph.input((batch, *shape), dtype) for shape, dtype in weights]
    results = [
        _emit_loss(graph, objective, y_true, y_pred, *([scales[i]] if scales else []))
        for i, (objective, y_true, y_pred) in enumerate(zip(model._objectives, values, predictions, strict=True))
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
    nothing = (Variable(np.zeros(value.shape, value.dtype), "nothing", trainable=False) for value, _ in emitted.starts)
    starts = [(value, graph.value_of(zero)) for (value, _), zero in zip(emitted.starts, nothing, strict=True)]
    return Emitted(emitted.value, starts)


def _numbers(graph, results):
    """Return the parts of the loss that a program writes: the losses of the outputs, and those added by layers."""
    return [*[loss.value for loss in results], *[value for value, _ in graph.losses]]

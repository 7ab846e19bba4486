"""The loss and metrics of each output of a model, from the arguments of `compile`."""

import itertools
from typing import NamedTuple

from .. import losses
from .. import metrics as metrics_
from .._common.checks import number, shown
from .._common.structures import OF_SHAPES, flat_deep, flat_shapes, keys_of, leaves, structured, with_leaves
from .assignment import assigned, is_collection, is_nested


class Objective(NamedTuple):
    """The loss and metrics of one output, or a loss of several outputs."""

    output: object  # index of the output, or a structure of indices, as the loss takes the outputs
    name: str
    key: str  # `name`, with a number if that is the name of several losses; the key in the logs without "_loss"
    loss: losses.Loss | None
    weight: float  # factor of the loss in the total loss
    metrics: list
    weighted_metrics: list

    @property
    def scale(self):
        """Factor of the loss in a program: its weight, or 1 where that is 0, so that the logs can show the loss."""
        return self.weight or 1.0

    @property
    def outputs(self):
        """The indices of the outputs, as a list."""
        return leaves(self.output)

    @property
    def loss_of_targets(self):
        """The loss that checks and adapts targets; one that takes any if there is no loss."""
        return losses.Loss() if self.loss is None else self.loss

    def arranged(self, things):
        """Return things, one for each of `outputs`, as the loss takes them."""
        return with_leaves(self.output, things)


def of_outputs(objectives, things):
    """Return lists of the things that belong to each objective, of a list with one thing for each of its outputs."""
    things = iter(things)
    return [[next(things) for _ in objective.outputs] for objective in objectives]


def choose_objectives(names, loss, metrics, loss_weights, weighted_metrics=None, shape=None):
    """Return the objectives: the losses with the outputs that they take, and metrics of outputs without a loss of their own.

    Parameters
    ----------
    names : list of str or None
        Names of the outputs; None if they are not known yet, and `loss` determines them.
    loss, metrics, loss_weights, weighted_metrics
        See `compile`.
    shape : tuple, or structure of tuple, optional
        The shapes of the outputs.
    """
    for what, given in (("metrics", metrics), ("weighted_metrics", weighted_metrics)):
        if given is not None and not isinstance(given, (list, tuple, dict)):
            raise TypeError(f"{what}={shown(given)} is of type {type(given).__name__}; expected a list")
    if loss is None and not (metrics or weighted_metrics):
        return []  # The model is trained on the losses that layers add.
    if names is None:
        if is_nested(loss):
            return []  # It cannot be told yet which outputs the losses take.
        names = _names_in(loss)
    outputs = list(range(len(names))) if shape is None else structured(shape, range(len(names)))
    if len(names) == 1:
        outputs = outputs if isinstance(outputs, int) or isinstance(loss, dict) else 0
        metrics, weighted_metrics = (each if isinstance(each, dict) else [each] for each in (metrics, weighted_metrics))
        loss_weights = loss_weights if is_collection(loss_weights) else [loss_weights]
    found = assigned(loss, loss_weights, outputs, names)
    if not found and is_collection(loss):
        raise ValueError(f"loss={shown(loss)} is None for all outputs; expected one for at least one output")
    weights = None if any(each.weight is not None for each in found) else _by_output("loss_weights", loss_weights, names, shape)
    judges = [_by_output(*each, names, shape) for each in (("metrics", metrics), ("weighted_metrics", weighted_metrics))]
    objectives = []
    names_of_losses = [each.name(names) for each in found]
    for each, name, key in zip(found, names_of_losses, _different(names_of_losses, names), strict=True):
        chosen = [[], []]
        if isinstance(each.output, int):
            chosen = [[_metric(metric) for metric in flat_deep(column[each.output])] for column in judges]
            for column in judges:
                column[each.output] = None  # A second loss of the output has no metrics.
        weight = _weight_of(each, weights)
        objectives.append(Objective(each.output, name, key, each.loss, weight, *chosen))
    for i, name in enumerate(names):
        if any(column[i] for column in judges):
            chosen = [[_metric(metric) for metric in flat_deep(column[i])] for column in judges]
            objectives.append(Objective(i, name, name, None, 1.0, *chosen))
    return objectives


def _different(given, others):
    """Return the names of losses, with a number if an earlier one has the name; none with a number is among `others`."""
    found = []
    for name in given:
        numbered = (f"{name}_{n}" for n in itertools.count(1))
        found.append(next(each for each in numbered if each not in (*given, *found, *others)) if name in found else name)
    return found


def _weight_of(assigned, weights):
    """Return the weight of a loss, for the weights of the outputs, or None if weights are in the structure of the losses."""
    if weights is None:
        return 1.0 if assigned.weight is None else number("loss_weights", assigned.weight)
    of_outputs = [weights[i] for i in leaves(assigned.output)]
    if isinstance(assigned.output, int):
        return 1.0 if of_outputs[0] is None else number("loss_weights", of_outputs[0])
    if any(each is not None for each in of_outputs):
        raise ValueError(
            f"loss_weights has one for each output, and {shown(assigned.loss)} takes several; expected weights in the "
            "structure of the losses"
        )
    return 1.0


def metrics_with_keys(objectives, several):
    """Yield (key in the logs, index of the objective, metric, whether it takes weights).

    `several` is whether the model has several outputs: keys then begin with the output's name.
    """
    taken = {"loss"}
    for i, objective in enumerate(objectives):
        for weighted, metrics in ((False, objective.metrics), (True, objective.weighted_metrics)):
            for metric in metrics:
                prefix = f"{objective.name}_" if several else ""
                names = [metric.name, *([f"weighted_{metric.name}"] if weighted else [])]
                names += [f"{names[-1]}_{n}" for n in range(1, len(taken) + 1)]
                key = next(key for name in names if (key := prefix + name) not in taken)
                taken.add(key)
                yield key, i, metric, weighted


def _metric(identifier):
    """Return a metric; a name may also be that of a loss."""
    if isinstance(identifier, str) and identifier in losses.FUNCTIONS and identifier not in metrics_.BY_NAME:
        return metrics_.FunctionMetric(losses.FUNCTIONS[identifier], larger_is_better=False)
    return metrics_.get(identifier)


def _names_in(loss):
    if not is_collection(loss):
        return ["output"]
    return list(loss) if isinstance(loss, dict) else [f"output_{i}" for i in range(len(loss))]


def _by_output(what, given, names, shape):
    """Return a list with an element for each output, from a dict by name, a list in order, or the outputs' own structure."""
    if given is None:
        return [None] * len(names)
    if isinstance(given, dict) and set(given) <= set(names):
        return [given.get(name) for name in names]
    if isinstance(given, dict):
        if not isinstance(shape, dict) or not set(given) <= set(shape):
            unknown = sorted(set(given) - set(names))
            raise ValueError(f"{what} has the keys {unknown}; expected the names of outputs, {names}")
        keys = keys_of(shape)
        pairs = [(given.get(key), shape[key]) for key in keys]
    elif not isinstance(given, (list, tuple)) or len(given) not in (len(names), len(shape or ())):
        raise ValueError(f"{what}={shown(given)} does not fit the outputs {names}; expected a list or dict with one for each")
    elif len(given) == len(names):
        return list(given)
    else:
        pairs = list(zip(given, [shape[key] for key in keys_of(shape)] if isinstance(shape, dict) else shape, strict=True))
    found = []
    for each, part in pairs:
        count = len(flat_shapes(part))
        nested = isinstance(part, OF_SHAPES) and is_collection(each)
        of_part = names[len(found) : len(found) + count]
        found += _by_output(what, each, of_part, part) if nested else [each] * count
    return found

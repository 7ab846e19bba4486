"""The loss and metrics of each output of a model, from the arguments of `compile`."""

from typing import NamedTuple

from .. import losses
from .. import metrics as metrics_
from .._common.checks import number, shown
from .._common.structures import OF_SHAPES, flat_deep, flat_shapes, keys_of


class Objective(NamedTuple):
    """The loss and metrics of one output."""

    output: int  # index of the output
    name: str
    loss: losses.Loss | None  # None only in a model that computes its loss itself
    weight: float  # factor of the loss in the total loss
    metrics: list
    weighted_metrics: list

    @property
    def scale(self):
        """Factor of the loss in a program: its weight, or 1 where that is 0, so that the logs can show the loss."""
        return self.weight or 1.0


def choose_objectives(names, loss, metrics, loss_weights, weighted_metrics=None, shape=None, needs_loss=True):
    """Return the objectives, one for each output that has a loss.

    Parameters
    ----------
    names : list of str or None
        Names of the outputs; None if they are not known yet, and `loss` determines them.
    loss, metrics, loss_weights, weighted_metrics
        See `compile`.
    shape : tuple, or structure of tuple, optional
        The shapes of the outputs.
    needs_loss : bool
        Whether outputs with metrics need a loss, too.
    """
    for what, given in (("metrics", metrics), ("weighted_metrics", weighted_metrics)):
        if given is not None and not isinstance(given, (list, tuple, dict)):
            raise TypeError(f"{what}={shown(given)} is of type {type(given).__name__}; expected a list")
    if loss is None and not (metrics or weighted_metrics):
        return []  # The model is trained on the losses that layers add.
    if names is None:
        names = _names_in(loss)
    alone = len(names) == 1
    if alone and isinstance(loss, (list, tuple)) and len(loss) == 1:
        loss = loss[0]
    if not _is_collection(loss):
        loss = [loss] * len(names)
    if alone:
        metrics, weighted_metrics = (each if isinstance(each, dict) else [each] for each in (metrics, weighted_metrics))
        loss_weights = loss_weights if _is_collection(loss_weights) else [loss_weights]
    objectives = []
    asked_for = {"loss": loss, "metrics": metrics, "loss_weights": loss_weights, "weighted_metrics": weighted_metrics}
    columns = (_by_output(what, given, names, shape) for what, given in asked_for.items())
    for i, (name, each, judged, weight, weighted) in enumerate(zip(names, *columns, strict=True)):
        if needs_loss and each is None and (judged or weighted or alone):
            raise ValueError(f"loss is None for output {name!r}; expected a loss, or an output without metrics among others")
        each = each[0] if isinstance(each, (list, tuple)) and len(each) == 1 else each
        if each is not None or judged or weighted:
            weight = 1.0 if weight is None else number("loss_weights", weight)
            chosen = ([_metric(metric) for metric in flat_deep(given)] for given in (judged, weighted))
            objectives.append(Objective(i, name, None if each is None else losses.get(each), weight, *chosen))
    if not objectives:
        raise ValueError(f"loss={shown(loss)} is None for all outputs; expected one for at least one output")
    return objectives


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


def _is_collection(given):
    """Return whether an argument is a list or dict for several outputs, not a dict that describes one object."""
    return isinstance(given, (list, tuple)) or (isinstance(given, dict) and "class_name" not in given)


def _names_in(loss):
    if not _is_collection(loss):
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
        nested = isinstance(part, OF_SHAPES) and _is_collection(each)
        of_part = names[len(found) : len(found) + count]
        found += _by_output(what, each, of_part, part) if nested else [each] * count
    return found

"""Which outputs of a model the losses given to `compile` take: one output, or a structure of several."""

from typing import NamedTuple

from .. import losses
from .._common.arguments import is_of_the_library
from .._common.structures import BRANCHES, leaves, parts_of, paths_in, with_parts


class Assigned(NamedTuple):
    """A loss and what it takes."""

    output: object  # index of an output, or a structure of indices
    path: tuple  # keys and indices that lead there in the structure of all outputs
    loss: losses.Loss
    weight: object  # its weight in the structure of the losses; None if there is none

    def name(self, names):
        """Return the name of the loss in the logs, which is Keras', for the names of all outputs."""
        if isinstance(self.output, int):
            return names[self.output]
        if self.path:
            return "/".join(map(str, self.path))
        return "_".join(self.output if isinstance(self.output, dict) else [names[i] for i in leaves(self.output)])


def assigned(loss, weights, outputs, names):
    """Return the losses with the outputs that they take, in the order of the outputs.

    Parameters
    ----------
    loss, weights : object
        The arguments `loss` and `loss_weights` of `compile`.
    outputs : int, or structure of int
        The indices of the outputs, in their structure.
    names : list of str
        Names of the outputs.
    """
    if not is_collection(loss):
        return [] if loss is None else [Assigned(i, (), losses.get(loss), None) for i in leaves(outputs)]
    loss = _resolved(loss)
    if not (is_collection(weights) and paths_in(weights) == paths_in(loss)):
        weights = None
    if isinstance(loss, dict) and set(loss) <= set(names):
        outputs = {name: i for i, name in enumerate(names) if name in loss}
    return sorted(_assigned(loss, weights, outputs, (), names), key=lambda each: leaves(each.output)[0])


def is_collection(given):
    """Return whether an argument is a list or dict for several outputs, not a dict that describes one object."""
    return isinstance(given, (list, tuple)) or (isinstance(given, dict) and "class_name" not in given)


def is_nested(given):
    """Return whether an argument is a list or dict that holds others."""
    return is_collection(given) and any(map(is_collection, parts_of(given)))


def _resolved(loss):
    """Return a structure of losses with instances in place of names, functions and descriptions."""
    if is_collection(loss):
        return with_parts(loss, list(map(_resolved, parts_of(loss))))
    return None if loss is None else losses.get(loss)


def _assigned(loss, weight, outputs, path, names):
    """Yield the losses of a structure, by Keras' rules, for the part of the outputs at a path.

    A list or tuple of as many losses as there are outputs has one for each; one of the same kind as the part has one for each
    element of it; and all losses of any other one take the whole part.
    """
    if loss is None:
        return
    if not is_collection(loss):
        joint = isinstance(outputs, BRANCHES) and _takes_structures(loss)
        for output in [outputs] if joint else leaves(outputs):
            yield Assigned(output, path, loss, weight)
        return
    if isinstance(loss, dict):
        unknown = [key for key in loss if key not in (outputs if isinstance(outputs, dict) else names)]
        if not unknown and not isinstance(outputs, dict):
            unknown = list(loss)
        if unknown:
            raise ValueError(f"loss has the keys {unknown}; expected the names of outputs, {names}")
        parts = [(key, outputs[key], (*path, key)) for key in loss]
    elif isinstance(outputs, BRANCHES) and len(loss) == len(leaves(outputs)) and not is_nested(loss):
        parts = [(i, *each) for i, each in enumerate(zip(leaves(outputs), paths_in(outputs), strict=True))]
    elif not isinstance(outputs, type(loss)):
        parts = [(i, outputs, path) for i in range(len(loss))]
    elif len(loss) != len(outputs):
        raise ValueError(f"loss has {len(loss)} elements for the outputs {names}; expected a list or dict with one for each")
    else:
        parts = [(i, part, (*path, i)) for i, part in enumerate(outputs)]
    for key, part, where in parts:
        yield from _assigned(loss[key], None if weight is None else weight[key], part, where, names)


def _takes_structures(loss):
    """Return whether a loss takes a structure of outputs as it is: a custom one does, others are for each of them."""
    return not is_of_the_library(loss.function if isinstance(loss, losses.FunctionLoss) else type(loss))

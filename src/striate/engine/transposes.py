"""Transposes that undo each other, as between two layers that take images with the channels first.

    x ─► Transpose ─► Transpose back                 x
    x ─► Transpose ─► ReLU ─► …                      x ─► ReLU ─► Transpose ─► …

Activations and merging, which treat all elements alike, are computed before a transpose, so that it meets the next one.
"""

from collections import Counter

from .graph import Value
from .operations import ActivationFunction, Merge, Transpose

#: Activations that depend on the other elements along the last axis.
_ALONG_AN_AXIS = ("log_softmax", "softmax")


def cancel_transposes(graph, outputs, first=0):
    """Remove transposes that undo each other from a graph.

    Parameters
    ----------
    graph : Graph
        The graph, which is changed; operations from `first` on must not be differentiated, before or after.
    outputs : list of Value
        Values that are read after a run.
    first : int
        Index of the first operation that may be changed.
    """
    operations = graph.operations[first:]
    if sum(type(operation) is Transpose for operation in operations) < 2:
        return
    readers = Counter(value for operation in graph.operations for value in operation.inputs)
    results = {*outputs, *[loss for loss, _ in graph.losses]}
    readers.update(results)
    kept, same = [], {}  # operations in their new order, and values by those that equal them
    for operation in operations:
        if any(value in same for value in operation.inputs):
            _read(operation, [same.get(value, value) for value in operation.inputs], readers)
        if _undoes_another(operation):
            same[operation.y] = operation.inputs.x.producer.inputs.x
            if operation.y not in results:
                readers.subtract(operation.inputs)
                continue
        kept.append(operation)
        moved = _transposes_to_move(operation, kept, readers)
        if moved:
            _swap(operation, moved, readers)
            kept.remove(moved[0])
            kept.append(moved[0])
    for operation in reversed(kept):
        if type(operation) is Transpose and not readers[operation.y]:
            readers[operation.inputs.x] -= 1
            kept.remove(operation)
    graph.operations[first:] = kept


def _undoes_another(operation):
    """Return whether an operation is a transpose that gives back what another one transposed."""
    before = operation.inputs.x.producer if type(operation) is Transpose else None
    if type(before) is not Transpose or before.inputs.x.source is not None:  # A weight may change in between.
        return False
    return [before.order[axis] for axis in operation.order] == list(range(len(before.order)))


def _transposes_to_move(operation, kept, readers):
    """Return the transposes of an elementwise operation's inputs if they may follow it, or else none."""
    if not isinstance(operation, (ActivationFunction, Merge)):
        return []
    if isinstance(operation, ActivationFunction) and operation.name in _ALONG_AN_AXIS:
        return []
    before = [value.producer for value in operation.inputs]
    alike = all(type(each) is Transpose and each in kept and each.order == before[0].order for each in before)
    return before if alike and all(readers[value] == 1 for value in operation.inputs) else []


def _swap(operation, transposes, readers):
    """Let an operation read what its inputs are transposes of, and the first of these transpose its result."""
    y, first = operation.y, transposes[0]
    _read(operation, [each.inputs.x for each in transposes], readers)
    before = Value(y.graph, first.inputs.x.shape, y.dtype, producer=operation)
    operation.outputs, first.outputs = (before,), (y,)
    y.producer = first
    _read(first, [before], readers)


def _read(operation, values, readers):
    """Replace the inputs of an operation."""
    readers.subtract(operation.inputs)
    operation.inputs = operation.by_name(values)
    readers.update(operation.inputs)

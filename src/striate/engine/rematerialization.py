"""Values that are computed again where gradients read them: cheaper than to keep them from the forward pass until then."""

from .operations import BatchNormalization


def recompute(graph, forward):
    """Normalize again what gradients read of normalized values, which then need no memory until there.

    Only what they are made of is kept, for normalization's own gradient, which comes later and reads it anyway.

    Parameters
    ----------
    graph : Graph
        It is changed; gradients and updates must have been appended.
    forward : int
        How many of its operations come before those of the gradients.
    """
    operations = graph.operations
    readers, changes = {}, {}
    for i in range(forward, len(operations)):
        for value in operations[i].inputs:
            readers.setdefault(value, []).append(i)
        for variable in operations[i].changes:
            changes.setdefault(variable, i)
    again, replaced = {}, set()  # copies, by the number of the operation that they come before; and what they compute anew
    for normalization in operations[:forward]:
        if not isinstance(normalization, BatchNormalization) or normalization.y not in readers:
            continue
        places = readers[normalization.y]
        if normalization.inputs[5] in replaced or any(operations[i].remembers for i in places):
            continue
        if not _is_kept(normalization, places[0], readers, changes):
            continue
        copy = _copied(graph, normalization)
        again.setdefault(places[0], []).append(copy)
        replaced.add(normalization.y)
        for i in places:
            operations[i].inputs = tuple(copy.y if value is normalization.y else value for value in operations[i].inputs)
    graph.operations[:] = [each for i, operation in enumerate(operations) for each in (*again.get(i, ()), operation)]


def _is_kept(normalization, place, readers, changes):
    """Return whether all that it reads is there at a place among the operations, whether or not it is computed again there."""
    for value in normalization.inputs:
        if value is None:
            continue
        if value.source is None and readers.get(value, [-1])[-1] <= place:
            return False
        if value.source is not None and changes.get(value.source, place) < place:
            return False
    return True


def _copied(graph, normalization):
    names = "epsilon", "training", "activation", "negative_slope"
    with graph.within(normalization.layer, None):
        copy = BatchNormalization(*normalization.inputs, **{name: getattr(normalization, name) for name in names})
    graph.operations.pop()  # it has a place of its own
    return copy

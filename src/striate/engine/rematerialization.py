"""Rematerialization: values that gradients read are recomputed where needed, which is cheaper than keeping them until then."""

from .operations import BatchNormalization


def rematerialize(graph, forward):
    """Rematerialize the outputs of batch normalizations where gradients read them, so that they need no memory in between.

    Only the inputs are kept, which the gradient of the normalization reads later anyway.

    Parameters
    ----------
    graph : Graph
        The graph, which is changed; gradients and updates must have been appended.
    forward : int
        Number of its operations before those of the gradients.
    """
    operations = graph.operations
    readers, changes = {}, {}
    for i in range(forward, len(operations)):
        for value in operations[i].inputs:
            readers.setdefault(value, []).append(i)
        for variable in operations[i].changes:
            changes.setdefault(variable, i)
    copies = {}  # new operations, by the index of the operation that they precede
    replaced = set()  # values that the new operations recompute
    for normalization in operations[:forward]:
        if not isinstance(normalization, BatchNormalization) or normalization.y not in readers:
            continue
        places = readers[normalization.y]
        if normalization.inputs.residual in replaced or any(operations[i].pins_inputs for i in places):
            continue
        if not _is_kept(normalization, places[0], readers, changes):
            continue
        copy = _copied(graph, normalization)
        copies.setdefault(places[0], []).append(copy)
        replaced.add(normalization.y)
        for i in places:
            reader = operations[i]
            reader.inputs = reader.by_name(copy.y if value is normalization.y else value for value in reader.inputs)
    graph.operations[:] = [each for i, operation in enumerate(operations) for each in (*copies.get(i, ()), operation)]


def _is_kept(normalization, place, readers, changes):
    """Return whether everything that a normalization reads is still in memory, unchanged, at a later operation anyway."""
    for value in normalization.inputs:
        if value is None:
            continue
        if value.source is None and readers.get(value, [-1])[-1] <= place:
            return False
        if value.source is not None and changes.get(value.source, place) < place:
            return False
    return True


def _copied(graph, normalization):
    """Return a copy of an operation, which is not among the graph's operations yet."""
    names = "epsilon", "training", "activation", "negative_slope"
    with graph.within(normalization.layer, None):
        copy = BatchNormalization(*normalization.inputs, **{name: getattr(normalization, name) for name in names})
    graph.operations.pop()  # It was appended at the end, and its place is elsewhere.
    return copy

"""Back-propagation: the operations that compute gradients, appended to a graph."""

from .operations import Merge


def append_gradients(graph, gradients, wanted, ready=None):
    """Append the operations that compute the gradients with respect to values.

    Parameters
    ----------
    graph : Graph
        The graph whose operations are traversed backwards.
    gradients : list of (Value, Value)
        Values from which back-propagation starts, with the loss's gradients with respect to them.
    wanted : sequence of Value
        Values with respect to which gradients are computed.
    ready : callable, optional
        Called with a wanted value and its gradient as soon as no later operation reads the value, so that an optimizer can
        update it.

    Returns
    -------
    dict of Value to Value
        The gradients of the wanted values; those that are missing are zero.
    """
    operations = list(graph.operations)
    dependent = set(wanted)  # the wanted values, and those that depend on one of them
    for operation in operations:
        if any(value in dependent for value in operation.inputs):
            dependent.update(operation.outputs)
    parts = {}  # for each value, the gradients that the operations that read it have contributed so far
    for value, gradient in gradients:
        if value in dependent:
            parts.setdefault(value, []).append(gradient)
    readers = dict.fromkeys(wanted, 0)  # number of remaining reads of each wanted value
    for operation in operations:
        for value in operation.inputs:
            if value in readers:
                readers[value] += 1
    results = {}

    def finish(value):
        """Store the gradient of a wanted value, if it has one, once all of its parts are there."""
        if value in parts:
            results[value] = _sum(parts.pop(value))
            if ready is not None:
                ready(value, results[value])

    for operation in reversed(operations):
        mine = [value is not None and value in dependent for value in operation.inputs]
        if any(mine) and any(output in parts for output in operation.outputs):
            with graph.within(operation.layer, None):
                if not operation.differentiates_all and any(output in parts for output in operation.outputs[1:]):
                    raise TypeError(
                        f"{type(operation).__name__}, computed for layer {operation.layer!r}, has no second derivative; "
                        "expected other operations"
                    )
                found = {output: _sum(parts.pop(output)) for output in operation.outputs if output in parts}
                results |= {output: gradient for output, gradient in found.items() if output in readers}
                dy = [found.get(output) for output in operation.outputs] if operation.differentiates_all else found[operation.y]
                for value, gradient in zip(operation.inputs, operation.gradient(dy, operation.by_name(mine)), strict=True):
                    if gradient is not None:
                        parts.setdefault(value, []).append(gradient)
        for value in operation.inputs:
            if value in readers:
                readers[value] -= 1
                if not readers[value] and value.producer is None:  # otherwise the operation that writes it comes next
                    with graph.within(operation.layer, None):
                        finish(value)
    for value in wanted:  # Values may be starts of back-propagation themselves, or be written without reading wanted ones.
        if value not in results:
            finish(value)
    return results


def _sum(parts):
    """Return the sum of values, which is appended to their graph."""
    return parts[0] if len(parts) == 1 else Merge("add", parts).y

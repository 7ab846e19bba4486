"""Steps of optimizers: updates of weights, and what belongs to them."""

import math

from ...kernels import bindings
from .base import GraphOperation
from .dense import MatMul
from .normalization import MovingMean
from .resampling import Transpose

#: Size of the block of a gradient's rows that is computed at a time, in bytes: a part of the L3 cache.
_BLOCK_BYTES = 1 << 21

#: Fewest rows of a block, below which a matrix product is slow.
_FEWEST_ROWS = 16


class ClipNorm(GraphOperation):
    """The factor, a float64, by which gradients are multiplied so that their common norm is at most a limit.

    Parameters
    ----------
    gradients : sequence of Value
        The gradients.
    limit : float
        Largest Euclidean norm of all gradients together.
    """

    reads = None

    def __init__(self, gradients, limit):
        super().__init__(gradients, (1,), dtype="float64")
        self.limit = limit

    def lower(self, lowering):
        """Append the kernel call."""
        gradients = [lowering.array(value) for value in self.inputs]
        bindings.clip_norm(gradients, lowering.array(self.y), limit=self.limit, **lowering.target)


class Update(GraphOperation):
    """One step of an optimizer for a weight.

    Parameters
    ----------
    gradient : Value
        Gradient of the weight.
    variable : Variable
        The weight.
    optimizer : Optimizer
        The optimizer: its `update` appends a kernel call, or, if it cannot, its `step` is called in each run.
    scale : Value, optional
        Factor of the gradient.
    """

    reads = ("gradient", "variable", "scale")
    changed = ("variable",)

    def __init__(self, gradient, variable, optimizer, scale=None):
        super().__init__((gradient, variable, scale))
        self.optimizer = optimizer

    def lower(self, lowering):
        """Append the kernel call, or a call of Python."""
        gradient, variable, scale = self.inputs
        optimizer, weight = self.optimizer, variable.source
        array, state = lowering.own(variable), lowering.keep(optimizer.slots_of(weight))
        gradient, scale = lowering.array(gradient), lowering.array(scale)
        if optimizer.joins_programs and not optimizer.overwrites(weight):
            optimizer.update(array, gradient, state, scale, program=lowering.program)
        else:
            lowering.program.call(lambda: optimizer.step(weight, gradient, scale))


class ProductUpdate(GraphOperation):
    """One step of an optimizer for a weight whose gradient is a matrix product ``a @ b``, one block of rows at a time.

    A large gradient is thus never in memory as a whole: each block of its rows is used while it is in the cache.

    Parameters
    ----------
    a, b : Value
        The factors, which are matrices.
    variable : Variable
        The weight, a matrix.
    optimizer : Optimizer
        An optimizer whose steps can be taken row by row.
    """

    reads = ("a", "b", "variable")
    changed = ("variable",)

    def __init__(self, a, b, variable, optimizer):
        self.rows = max(_BLOCK_BYTES * variable.shape[0] // variable.nbytes, _FEWEST_ROWS)
        super().__init__((a, b, variable), (min(self.rows, variable.shape[0]), variable.shape[1]))
        self.optimizer = optimizer

    def lower(self, lowering):
        """Append the kernel calls."""
        a, b, variable = self.inputs
        a, b, gradient, weight = lowering.array(a), lowering.array(b), lowering.array(self.y), lowering.own(variable)
        state = lowering.keep(list(self.optimizer.slots_of(variable.source)))
        for first in range(0, len(weight), self.rows):
            rows = slice(first, first + self.rows)
            part = gradient[: len(weight[rows])]
            bindings.matmul(a[rows], b, part, **lowering.target)
            self.optimizer.update(weight[rows], part, [each[rows] for each in state], program=lowering.program)

    def flops(self):
        """Return two for each product."""
        a, b, _ = self.inputs
        return 2 * math.prod(a.shape) * b.shape[1]


class Constrain(GraphOperation):
    """Apply a weight's constraint to it.

    Parameters
    ----------
    weight : Value
        The weight.
    """

    reads = ("weight",)
    changed = ("weight",)

    def __init__(self, weight):
        super().__init__((weight,))

    def lower(self, lowering):
        """Append a call of Python."""
        weight = self.inputs.weight
        array, constraint = lowering.own(weight), weight.source.constraint

        def constrain():
            array[...] = constraint(array)

        lowering.program.call(constrain)


def append_updates(optimizer, gradients):
    """Append an optimizer's steps to a graph.

    Parameters
    ----------
    optimizer : Optimizer
        The optimizer.
    gradients : dict of Value to Value
        The gradient of each weight.
    """
    values = {value.source: value for value in gradients}
    for each, weights in optimizer.weights_by_optimizer(values):
        _append_updates(each, {values[weight]: gradients[values[weight]] for weight in weights})


def _append_updates(optimizer, gradients):
    """Append the steps of an optimizer that updates all weights itself."""
    scales = optimizer.scales(list(gradients.values()), lambda group, limit: ClipNorm(group, limit).y)
    for (weight, gradient), scale in zip(gradients.items(), scales, strict=True):
        whole = optimizer.overwrites(weight.source)
        if scale is None and optimizer.by_rows and optimizer.joins_programs and not whole and _by_rows(gradient):
            a, b = gradient.producer.inputs
            ProductUpdate(Transpose(a, (1, 0)).y, b, weight.source, optimizer)
        else:
            Update(gradient, weight.source, optimizer, scale)
        if weight.source.constraint is not None:
            Constrain(weight)
        average = optimizer.average_of(weight.source)
        if average is not None:
            MovingMean(weight, average, optimizer.ema_momentum)


def _by_rows(gradient):
    """Return whether a gradient is a matrix product that is worth computing by rows, and can be when the weight is updated."""
    product = gradient.producer
    return (
        isinstance(product, MatMul)
        and (product.transpose_a, product.transpose_b) == (True, False)
        and all(len(value.shape) == 2 for value in (*product.inputs, gradient))
        and gradient.nbytes > max(_BLOCK_BYTES, product.inputs.a.nbytes)
        and all(_origin(factor).source is None for factor in product.inputs)  # A weight may have been updated by then.
    )


def _origin(value):
    """Return the value that a value is a view of, or the value itself if it is no view."""
    while value.producer is not None and value.producer.view:
        value = value.producer.inputs.x
    return value


class Snapshot(GraphOperation):
    """A copy of a weight, taken before an update changes it.

    Parameters
    ----------
    weight : Value
        The weight.
    """

    reads = ("weight",)
    any_dtype = True

    def __init__(self, weight):
        super().__init__((weight,), weight.shape)

    def gradient(self, dy, wanted):
        """Return the gradient of the weight."""
        return [dy]

    def lower(self, lowering):
        """Append a call of Python."""
        weight, y = lowering.array(self.inputs.weight), lowering.array(self.y)

        def copy():
            y[...] = weight

        lowering.program.call(copy)


def keep_views(graph, variables):
    """Make views of variables that are about to change views of copies, so that they keep the elements of their time.

    Parameters
    ----------
    graph : Graph
        The graph, to which the changes are appended next.
    variables : set of Variable
        The variables.
    """
    for operation in [each for each in graph.operations if each.view and each.inputs.x.source in variables]:
        copy = Snapshot(operation.inputs.x)
        graph.operations.pop()
        graph.operations.insert(graph.operations.index(operation), copy)
        operation.replace_inputs(x=copy.y)


def preserve(graph, targets):
    """Make what targets were computed from keep the weights of that time, where later operations of the graph change them.

    Gradients that are appended now then belong to the values that the targets have. Operations that read such a weight before
    it changes read a copy instead.

    Parameters
    ----------
    graph : Graph
        The graph, which is changed.
    targets : list of Value
        Values of which gradients are to be appended.
    """
    changes = {}  # indices of the operations that change a variable
    for i, operation in enumerate(graph.operations):
        for variable in operation.changes:
            changes.setdefault(variable, []).append(i)
    if not changes:
        return
    needed, first = set(targets), {}  # first: index of the first reader, by weight and the operation that changes it then
    for i in reversed(range(len(graph.operations))):
        operation = graph.operations[i]
        if not any(output in needed for output in operation.outputs):
            continue
        for value in operation.inputs:
            needed.add(value)
            later = None if value is None else next((change for change in changes.get(value.source, ()) if change > i), None)
            if later is not None:
                first[value, graph.operations[later]] = i
    for (weight, change), start in sorted(first.items(), key=lambda item: item[1], reverse=True):
        copy = Snapshot(weight)
        graph.operations.insert(start, graph.operations.pop())
        for operation in graph.operations[start + 1 : graph.operations.index(change)]:
            operation.inputs = operation.by_name(copy.y if value is weight else value for value in operation.inputs)

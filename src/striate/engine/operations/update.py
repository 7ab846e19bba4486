"""Optimizers' steps."""

import math

from ...kernels import bindings
from .base import GraphOperation
from .dense import MatMul
from .normalization import MovingMean
from .resampling import Transpose

_ROWS_BYTES = 1 << 21  # bytes of the rows of a gradient that are made at a time: a part of L3
_FEWEST_ROWS = 16  # the fewest rows that are worth a product


class ClipNorm(GraphOperation):
    """What gradients are multiplied by so that their common norm is at most a limit: one float64.

    Parameters
    ----------
    gradients : sequence of Value
        The gradients.
    limit : float
        Of their Euclidean norm.
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
    """One step of an optimizer over a weight.

    Parameters
    ----------
    gradient : Value
        Of the weight.
    variable : Variable
        The weight.
    optimizer : Optimizer
        Whose `update` is called, once to append a kernel call if it can, otherwise in each run.
    scale : Value, optional
        Factor of the gradient.
    """

    reads = ("gradient", "variable", "scale")

    def __init__(self, gradient, variable, optimizer, scale=None):
        super().__init__((gradient, variable, scale))
        self.optimizer = optimizer

    @property
    def changes(self):
        """The weight."""
        return (self.inputs.variable.source,)

    def lower(self, lowering):
        """Append the kernel call, or a call of Python."""
        gradient, variable, scale = self.inputs
        optimizer, state = self.optimizer, self.optimizer.slots_of(variable.source)
        arrays = lowering.own(variable), lowering.array(gradient), state, lowering.array(scale)
        lowering.keep(list(state))
        if optimizer.joins_programs:
            optimizer.update(*arrays, program=lowering.program)
        else:
            lowering.program.call(lambda: optimizer.step(*arrays))


class ProductUpdate(GraphOperation):
    """One step of an optimizer over a weight whose gradient is a product ``a @ b``, some rows after the other.

    So a large gradient is never whole in memory, nor even written to it: its rows are used while they are in cache.

    Parameters
    ----------
    a, b : Value
        The factors, matrices.
    variable : Variable
        The weight, a matrix.
    optimizer : Optimizer
        An optimizer whose steps can be taken by rows.
    """

    reads = ("a", "b", "variable")

    def __init__(self, a, b, variable, optimizer):
        self.rows = max(_ROWS_BYTES * variable.shape[0] // variable.nbytes, _FEWEST_ROWS)
        super().__init__((a, b, variable), (min(self.rows, variable.shape[0]), variable.shape[1]))
        self.optimizer = optimizer

    @property
    def changes(self):
        """The weight."""
        return (self.inputs.variable.source,)

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
    """A weight's constraint, applied to it.

    Parameters
    ----------
    weight : Value
        The weight.
    """

    reads = ("weight",)

    def __init__(self, weight):
        super().__init__((weight,))

    @property
    def changes(self):
        """The weight."""
        return (self.inputs.weight.source,)

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
        Of the weights.
    """
    scales = optimizer.scales(list(gradients.values()), lambda group, limit: ClipNorm(group, limit).y)
    for (weight, gradient), scale in zip(gradients.items(), scales, strict=True):
        if scale is None and optimizer.by_rows and optimizer.joins_programs and _by_rows(gradient):
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
    """Whether a gradient is a product that is worth making by rows, and can still be made where its weight is updated."""
    product = gradient.producer
    return (
        isinstance(product, MatMul)
        and (product.transpose_a, product.transpose_b) == (True, False)
        and all(len(value.shape) == 2 for value in (*product.inputs, gradient))
        and gradient.nbytes > max(_ROWS_BYTES, product.inputs.a.nbytes)
        and all(_origin(factor).source is None for factor in product.inputs)  # a weight may have been updated by then
    )


def _origin(value):
    """Return what a value is a view of, or the value itself."""
    while value.producer is not None and value.producer.view:
        value = value.producer.inputs.x
    return value

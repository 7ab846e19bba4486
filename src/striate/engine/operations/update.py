"""Optimizers' steps."""

from ...kernels import bindings
from .base import Operation
from .normalization import MovingMean


class ClipNorm(Operation):
    """What gradients are multiplied by so that their common norm is at most a limit: one float64.

    Parameters
    ----------
    gradients : sequence of Value
        The gradients.
    limit : float
        Of their Euclidean norm.
    """

    def __init__(self, gradients, limit):
        super().__init__(gradients, (1,), dtype="float64")
        self.limit = limit

    def lower(self, step):
        """Append the kernel call."""
        gradients = [step.array(value) for value in self.inputs]
        bindings.clip_norm(gradients, step.array(self.y), self.limit, step.threads, step.program)


class Update(Operation):
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
        What the gradient is multiplied by.
    """

    def __init__(self, gradient, variable, optimizer, scale=None):
        super().__init__((gradient, variable, scale))
        self.optimizer = optimizer

    @property
    def changes(self):
        """The weight."""
        return (self.inputs[1].source,)

    def lower(self, step):
        """Append the kernel call, or a call of Python."""
        gradient, variable, scale = self.inputs
        optimizer, state = self.optimizer, self.optimizer.slots_of(variable.source)
        arrays = step.own(variable), step.array(gradient), state, step.array(scale)
        step.keep(list(state))
        if optimizer.joins_programs:
            optimizer.update(*arrays, program=step.program)
        else:
            step.program.call(lambda: optimizer.step(*arrays))


class Constrain(Operation):
    """What a weight's constraint makes of it.

    Parameters
    ----------
    weight : Value
        The weight.
    """

    def __init__(self, weight):
        super().__init__((weight,))

    @property
    def changes(self):
        """The weight."""
        return (self.inputs[0].source,)

    def lower(self, step):
        """Append a call of Python."""
        array, constraint = step.own(self.inputs[0]), self.inputs[0].source.constraint

        def constrain():
            array[...] = constraint(array)

        step.program.call(constrain)


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
        Update(gradient, weight.source, optimizer, scale)
        if weight.source.constraint is not None:
            Constrain(weight)
        average = optimizer.average_of(weight.source)
        if average is not None:
            MovingMean(weight, average, optimizer.ema_momentum)

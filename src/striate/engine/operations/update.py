"""Optimizers' steps."""

from .base import Operation


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
    """

    def __init__(self, gradient, variable, optimizer):
        super().__init__((gradient, variable))
        self.optimizer = optimizer

    @property
    def changes(self):
        """The weight."""
        return (self.inputs[1].source,)

    def lower(self, step):
        """Append the kernel call, or a call of Python."""
        gradient, variable = self.inputs
        arrays = step.own(variable), step.array(gradient), self.optimizer.state_of(variable.source)
        for array in arrays[2]:
            step.keep(array)
        if self.optimizer.joins_programs:
            self.optimizer.update(*arrays, program=step.program)
        else:
            step.program.call(lambda: self.optimizer.update(*arrays))

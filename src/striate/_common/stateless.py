"""Calls that leave the variables of an object as they were, as Keras' stateless methods do."""

import contextlib


@contextlib.contextmanager
def with_values(variables, values):
    """Set variables to other values in a ``with`` block.

    Parameters
    ----------
    variables : list of Variable
        The variables.
    values : list of array_like
        One for each.

    Yields
    ------
    callable
        Returns copies of their arrays at the time when it is called.
    """
    if len(values) != len(variables):
        raise ValueError(f"got {len(values)} values of variables; expected {len(variables)}")
    before = [variable.numpy() for variable in variables]
    try:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        yield lambda: [variable.numpy() for variable in variables]
    finally:
        for variable, array in zip(variables, before, strict=True):
            variable.assign(array)

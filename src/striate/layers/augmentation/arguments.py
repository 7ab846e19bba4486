"""Checks of the arguments of augmentations: ranges of random numbers, and of the values of pixels."""

from ..._common.checks import ArgumentTypeError, number, shown


def bounds(name, value, minimum=None, maximum=None, *, symmetric=True):
    """Return a pair of numbers in ascending order.

    One number means from minus that number to that number if `symmetric`, and otherwise from 0 to that number.
    """
    if not isinstance(value, (tuple, list)):
        size = number(name, value, minimum, maximum)
        return (-abs(size) if symmetric and size else 0.0), abs(size)
    return _ascending(name, value, minimum, maximum)


def fractions(name, value):
    """Return bounds from 0 to 1; one number means the range from 0 to that number."""
    return bounds(name, value, 0, 1, symmetric=False)


def contrast_bounds(name, value):
    """Return by how much contrast may decrease, at most 1, and increase; one number stands for both."""
    if not isinstance(value, (tuple, list)):
        value = number(name, value, 0, 1)
        return value, value
    if len(value) != 2:
        raise ValueError(f"{name}={shown(value)} has {len(value)} elements; expected a number or (lower, upper)")
    return number(f"{name}[0]", value[0], 0, 1), number(f"{name}[1]", value[1], 0)


def checked_range(value):
    """Return the smallest and the largest value of pixels."""
    if not isinstance(value, (tuple, list)):
        raise ArgumentTypeError(f"value_range={shown(value)} is of type {type(value).__name__}; expected (lowest, highest)")
    return _ascending("value_range", value)


def _ascending(name, value, minimum=None, maximum=None):
    if len(value) != 2:
        raise ValueError(f"{name}={shown(value)} has {len(value)} elements; expected a number or (lower, upper)")
    lower, upper = sorted(number(f"{name}[{i}]", each, minimum, maximum) for i, each in enumerate(value))
    return lower, upper

"""Schedules: learning rates that depend on how many steps have been taken."""

import bisect
import math
import numbers

from .._common.arguments import KeepsArguments, made_of
from .._common.checks import boolean, integer, number, sequence, shown, text
from .._common.errors import explained
from .._common.registry import describe, described, with_custom_objects


class LearningRateSchedule(KeepsArguments):
    """Base class of schedules. A subclass defines `__call__`, and keeps its arguments as attributes of the same names.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> class Halving(schedules.LearningRateSchedule):
    ...     def __init__(self, start):
    ...         self.start = start
    ...
    ...     def __call__(self, step):
    ...         return self.start / 2 ** (step // 100)
    >>> Halving(0.1)(150), Halving(0.1).get_config()
    (0.05, {'start': 0.1})
    """

    def __call__(self, step):
        """Return the learning rate of a step, counted from 0."""
        raise TypeError(f"{type(self).__name__} does not define __call__; expected a schedule that does")

    def get_config(self):
        """Return the constructor's arguments."""
        return {name: value for name, value in vars(self).items() if name != "_given"}

    @classmethod
    def from_config(cls, config):
        """Return the schedule of a configuration as `get_config` returns it."""
        return made_of(cls, config)


def _steps(name, value, minimum=1):
    """Return a number of steps: an int, or a float, above 0; or if `minimum` is 0 from that on."""
    if isinstance(value, numbers.Integral):
        return integer(name, value, minimum)
    return number(name, value, 0, open_minimum=minimum > 0)


class ExponentialDecay(LearningRateSchedule):
    """``initial_learning_rate * decay_rate ** (step / decay_steps)``.

    Parameters
    ----------
    initial_learning_rate : float
        At step 0, at least 0.
    decay_steps : float
        Steps in which the learning rate is multiplied by `decay_rate` once.
    decay_rate : float
        Above 0.
    staircase : bool
        Whether it decays at once after each `decay_steps`, rather than gradually.
    name : str
        How it is called.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)
    >>> [round(float(rate(step)), 4) for step in (0, 100, 200)]
    [0.1, 0.05, 0.025]
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="ExponentialDecay"):
        self.initial_learning_rate = number("initial_learning_rate", initial_learning_rate, 0)
        self.decay_steps = _steps("decay_steps", decay_steps)
        self.decay_rate = number("decay_rate", decay_rate, 0, open_minimum=True)
        self.staircase = boolean("staircase", staircase)
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        times = step // self.decay_steps if self.staircase else step / self.decay_steps
        try:
            return self.initial_learning_rate * self.decay_rate**times
        except OverflowError:
            raise ValueError(f"decay_rate={self.decay_rate} overflows at step {step}; expected a smaller one") from None


class InverseTimeDecay(LearningRateSchedule):
    """``initial_learning_rate / (1 + decay_rate * step / decay_steps)``.

    Parameters
    ----------
    initial_learning_rate : float
        At step 0, at least 0.
    decay_steps : float
        Steps that count as one.
    decay_rate : float
        At least 0.
    staircase : bool
        Whether only whole ones count.
    name : str
        How it is called.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.InverseTimeDecay(0.1, decay_steps=100, decay_rate=1.0)
    >>> [round(float(rate(step)), 4) for step in (0, 100, 300)]
    [0.1, 0.05, 0.025]
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="InverseTimeDecay"):
        self.initial_learning_rate = number("initial_learning_rate", initial_learning_rate, 0)
        self.decay_steps = _steps("decay_steps", decay_steps)
        self.decay_rate = number("decay_rate", decay_rate, 0)
        self.staircase = boolean("staircase", staircase)
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        times = step // self.decay_steps if self.staircase else step / self.decay_steps
        return self.initial_learning_rate / (1 + self.decay_rate * times)


class PiecewiseConstantDecay(LearningRateSchedule):
    """Constant learning rates, one after the other.

    Parameters
    ----------
    boundaries : list of float
        The last step with each value but the last; increasing.
    values : list of float
        The learning rates, one more, at least 0.
    name : str
        How it is called.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001])
    >>> [round(float(rate(step)), 4) for step in (0, 150, 300)]
    [0.1, 0.01, 0.001]
    """

    def __init__(self, boundaries, values, name="PiecewiseConstant"):
        self.boundaries = [
            _steps(f"boundaries[{i}]", each, 0) for i, each in enumerate(sequence("boundaries", boundaries, "numbers of steps"))
        ]
        self.values = [number(f"values[{i}]", each, 0) for i, each in enumerate(sequence("values", values, "learning rates"))]
        if len(self.values) != len(self.boundaries) + 1:
            raise ValueError(
                f"values has {len(self.values)} elements; expected one more than boundaries, {len(boundaries) + 1}"
            )
        if self.boundaries != sorted(set(self.boundaries)):
            raise ValueError(f"boundaries={shown(boundaries)} do not increase; expected numbers of steps in order")
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        return self.values[bisect.bisect_left(self.boundaries, step)]


class PolynomialDecay(LearningRateSchedule):
    """``(initial - end) * (1 - step / decay_steps) ** power + end``, and `end_learning_rate` after `decay_steps`.

    Parameters
    ----------
    initial_learning_rate : float
        At step 0, at least 0.
    decay_steps : float
        Steps until the end is reached.
    end_learning_rate : float
        At least 0.
    power : float
        Of the polynomial, above 0; 1 for a straight line.
    cycle : bool
        Whether the decay starts again when the end is reached, over twice, three times … as many steps.
    name : str
        How it is called.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.PolynomialDecay(0.1, decay_steps=100, end_learning_rate=0.0)
    >>> [round(float(rate(step)), 4) for step in (0, 50, 100)]
    [0.1, 0.05, 0.0]
    """

    def __init__(
        self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False, name="PolynomialDecay"
    ):
        self.initial_learning_rate = number("initial_learning_rate", initial_learning_rate, 0)
        self.decay_steps = _steps("decay_steps", decay_steps)
        self.end_learning_rate = number("end_learning_rate", end_learning_rate, 0)
        self.power = number("power", power, 0, open_minimum=True)
        self.cycle = boolean("cycle", cycle)
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        steps = self.decay_steps
        if self.cycle:
            steps *= max(math.ceil(step / steps), 1)
        left = (1 - min(step, steps) / steps) ** self.power
        return (self.initial_learning_rate - self.end_learning_rate) * left + self.end_learning_rate


class CosineDecay(LearningRateSchedule):
    """Half a cosine down from a learning rate, after a straight line up to it [1]_.

    Parameters
    ----------
    initial_learning_rate : float
        At step 0, at least 0.
    decay_steps : float
        Steps from the end of the warm-up until the end is reached.
    alpha : float
        Part of the highest learning rate that is left in the end, from 0 to 1.
    name : str
        How it is called.
    warmup_target : float, optional
        Learning rate at the end of the warm-up; without, there is none.
    warmup_steps : float
        Steps of the warm-up.

    References
    ----------
    .. [1] Loshchilov, I. and Hutter, F., "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.CosineDecay(0.1, decay_steps=100)
    >>> [round(float(rate(step)), 4) for step in (0, 50, 100)]
    [0.1, 0.05, 0.0]
    """

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0, name="CosineDecay", warmup_target=None, warmup_steps=0):
        self.initial_learning_rate = number("initial_learning_rate", initial_learning_rate, 0)
        self.decay_steps = _steps("decay_steps", decay_steps)
        self.alpha = number("alpha", alpha, 0, 1)
        self.warmup_target = None if warmup_target is None else number("warmup_target", warmup_target, 0)
        self.warmup_steps = _steps("warmup_steps", warmup_steps, 0)
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        highest = self.initial_learning_rate
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                return highest + (self.warmup_target - highest) * step / self.warmup_steps
            step, highest = step - self.warmup_steps, self.warmup_target
        return highest * _cosine(step / self.decay_steps, self.alpha)


class CosineDecayRestarts(LearningRateSchedule):
    """Half cosines down from a learning rate, one after the other [1]_.

    Parameters
    ----------
    initial_learning_rate : float
        At step 0, at least 0.
    first_decay_steps : float
        Steps of the first.
    t_mul : float
        How many times as many steps each takes as the one before, at least 1.
    m_mul : float
        How many times as high each begins, above 0.
    alpha : float
        Part of the first learning rate that is left at the end of each.
    name : str
        How it is called.

    References
    ----------
    .. [1] Loshchilov, I. and Hutter, F., "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.CosineDecayRestarts(0.1, first_decay_steps=100)
    >>> [round(float(rate(step)), 4) for step in (0, 50, 100)]
    [0.1, 0.05, 0.1]
    """

    def __init__(self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name="SGDRDecay"):
        self.initial_learning_rate = number("initial_learning_rate", initial_learning_rate, 0)
        self.first_decay_steps = _steps("first_decay_steps", first_decay_steps)
        self.t_mul = number("t_mul", t_mul, 1)
        self.m_mul = number("m_mul", m_mul, 0, open_minimum=True)
        self.alpha = number("alpha", alpha, 0, 1)
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        steps, height = float(self.first_decay_steps), 1.0
        while step >= steps:
            step -= steps
            steps *= self.t_mul
            height *= self.m_mul
        half = 0.5 * height * (1 + math.cos(math.pi * step / steps))
        return self.initial_learning_rate * ((1 - self.alpha) * half + self.alpha)


class OneCycle(LearningRateSchedule):
    """Half a cosine up from a small learning rate to the largest, and one down to almost zero [1]_.

    Parameters
    ----------
    max_learning_rate : float
        The largest, at least 0.
    total_steps : int
        Steps of the whole training.
    warmup : float
        Part of them until the largest is reached, between 0 and 1.
    start_factor, end_factor : float
        Divisors of the largest learning rate at the start, and in the end.
    name : str
        How it is called.

    References
    ----------
    .. [1] Smith, L. and Topin, N., "Super-convergence: very fast training of neural networks using large learning rates", 2018.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.OneCycle(0.1, 100)
    >>> [round(float(rate(step)), 4) for step in (0, 25, 100)]
    [0.004, 0.0942, 0.0]
    """

    def __init__(self, max_learning_rate, total_steps, warmup=0.3, start_factor=25.0, end_factor=1e4, name="OneCycle"):
        self.max_learning_rate = number("max_learning_rate", max_learning_rate, 0)
        self.total_steps = integer("total_steps", total_steps, 2)
        self.warmup = number("warmup", warmup, 0, 1, open_minimum=True, open_maximum=True)
        self.start_factor = number("start_factor", start_factor, 1)
        self.end_factor = number("end_factor", end_factor, 1)
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        top = self.warmup * (self.total_steps - 1)
        if step <= top:
            return self.max_learning_rate * _cosine(1 - step / top, 1 / self.start_factor)
        return self.max_learning_rate * _cosine((step - top) / (self.total_steps - 1 - top), 1 / self.end_factor)


def _cosine(part, least):
    """Return half a cosine from 1 down to `least`, for part 0 to 1 of the way; `least` beyond."""
    return (1 - least) * 0.5 * (1 + math.cos(math.pi * min(part, 1.0))) + least


_CLASSES = {
    cls.__name__: cls
    for cls in (
        CosineDecay,
        CosineDecayRestarts,
        ExponentialDecay,
        InverseTimeDecay,
        OneCycle,
        PiecewiseConstantDecay,
        PolynomialDecay,
    )
}


def get(identifier):
    """Return a schedule: `identifier` itself, or the one that it describes; None if it is not a schedule.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> config = {"initial_learning_rate": 0.1, "decay_steps": 10}
    >>> schedules.get({"class_name": "CosineDecay", "config": config})(0)
    0.1
    """
    if isinstance(identifier, dict):
        return deserialize(identifier)
    return identifier if isinstance(identifier, LearningRateSchedule) else None


def serialize(learning_rate_schedule):
    """Return the ``{"class_name": …, "config": …}`` of a schedule; a function cannot be written to a file.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> schedules.serialize(schedules.CosineDecay(0.1, 10))["class_name"]
    'CosineDecay'
    """
    if not isinstance(learning_rate_schedule, LearningRateSchedule):
        raise TypeError(
            f"learning_rate_schedule={shown(learning_rate_schedule)} cannot be saved; expected a number, or a subclass of "
            "striate.optimizers.schedules.LearningRateSchedule"
        )
    return describe(learning_rate_schedule)


def deserialize(config, custom_objects=None):
    """Return the schedule that `serialize` described.

    Parameters
    ----------
    config : dict
        The description.
    custom_objects : dict of str to class, optional
        Custom schedules, by the names of their classes.

    Raises
    ------
    TypeError, ValueError
        If it is no description, or of an unknown class.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> config = schedules.serialize(schedules.CosineDecay(0.1, 10))
    >>> schedules.deserialize(config)(0)
    0.1
    """
    cls, arguments = described(config, with_custom_objects(_CLASSES, custom_objects), "class_name of schedule")
    return cls.from_config(arguments)


__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "OneCycle",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "get",
    "serialize",
]

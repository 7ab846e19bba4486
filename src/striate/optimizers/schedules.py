"""Schedules: learning rates as functions of the number of steps taken."""

import math
import numbers

from .._common.arguments import KeepsArguments, made_of
from .._common.checks import boolean, integer, number, sequence, shown, text
from .._common.errors import explained
from .._common.lazy_modules import bisect
from .._common.names import public_attributes
from .._common.registry import describe, described, with_custom_objects


class LearningRateSchedule(KeepsArguments):
    """Base class of schedules. A subclass defines `__call__`, and stores its arguments as attributes with the same names.

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
        """Return the learning rate of a step; the first is step 0."""
        raise TypeError(f"{type(self).__name__} does not define __call__; expected a schedule that does")

    def get_config(self):
        """Return the constructor's arguments."""
        return {name: value for name, value in vars(self).items() if name != "_given"}

    @classmethod
    def from_config(cls, config):
        """Make a schedule from what `get_config` returned."""
        return made_of(cls, config)


def _step_count(name, value, minimum=1):
    """Return a number of steps, an int or a float: above 0, or at least 0 if `minimum` is 0."""
    if isinstance(value, numbers.Integral):
        return integer(name, value, minimum)
    return number(name, value, 0, open_minimum=minimum > 0)


class ExponentialDecay(LearningRateSchedule):
    """Exponential decay, ``initial_learning_rate * decay_rate ** (step / decay_steps)``.

    Parameters
    ----------
    initial_learning_rate : float
        Learning rate at step 0, at least 0.
    decay_steps : float
        Number of steps after which the learning rate has been multiplied by `decay_rate`, above 0.
    decay_rate : float
        Factor, above 0.
    staircase : bool
        Whether ``step / decay_steps`` is rounded down, so that the learning rate decays in jumps.
    name : str
        Name of the schedule.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)
    >>> [round(float(rate(step)), 4) for step in (0, 100, 200)]
    [0.1, 0.05, 0.025]
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="ExponentialDecay"):
        self.initial_learning_rate = number("initial_learning_rate", initial_learning_rate, 0)
        self.decay_steps = _step_count("decay_steps", decay_steps)
        self.decay_rate = number("decay_rate", decay_rate, 0, open_minimum=True)
        self.staircase = boolean("staircase", staircase)
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        decays = step // self.decay_steps if self.staircase else step / self.decay_steps
        try:
            return self.initial_learning_rate * self.decay_rate**decays
        except OverflowError:
            raise ValueError(f"decay_rate={self.decay_rate} overflows at step {step}; expected a smaller decay_rate") from None


class InverseTimeDecay(LearningRateSchedule):
    """Inverse time decay, ``initial_learning_rate / (1 + decay_rate * step / decay_steps)``.

    Parameters
    ----------
    initial_learning_rate : float
        Learning rate at step 0, at least 0.
    decay_steps : float
        Number of steps in which the denominator grows by `decay_rate`, above 0.
    decay_rate : float
        Growth of the denominator, at least 0.
    staircase : bool
        Whether ``step / decay_steps`` is rounded down, so that the learning rate decays in jumps.
    name : str
        Name of the schedule.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.InverseTimeDecay(0.1, decay_steps=100, decay_rate=1.0)
    >>> [round(float(rate(step)), 4) for step in (0, 100, 300)]
    [0.1, 0.05, 0.025]
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="InverseTimeDecay"):
        self.initial_learning_rate = number("initial_learning_rate", initial_learning_rate, 0)
        self.decay_steps = _step_count("decay_steps", decay_steps)
        self.decay_rate = number("decay_rate", decay_rate, 0)
        self.staircase = boolean("staircase", staircase)
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        decays = step // self.decay_steps if self.staircase else step / self.decay_steps
        return self.initial_learning_rate / (1 + self.decay_rate * decays)


class PiecewiseConstantDecay(LearningRateSchedule):
    """Constant learning rates between boundaries.

    Parameters
    ----------
    boundaries : list of float
        Last steps at which the values apply, except for the last value; in increasing order.
    values : list of float
        Learning rates, one more than boundaries; at least 0.
    name : str
        Name of the schedule.

    Examples
    --------
    >>> from striate.optimizers import schedules
    >>> rate = schedules.PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001])
    >>> [round(float(rate(step)), 4) for step in (0, 150, 300)]
    [0.1, 0.01, 0.001]
    """

    def __init__(self, boundaries, values, name="PiecewiseConstant"):
        self.boundaries = [
            _step_count(f"boundaries[{i}]", each, 0)
            for i, each in enumerate(sequence("boundaries", boundaries, "numbers of steps"))
        ]
        self.values = [number(f"values[{i}]", each, 0) for i, each in enumerate(sequence("values", values, "learning rates"))]
        if len(self.values) != len(self.boundaries) + 1:
            raise ValueError(
                f"values has {len(self.values)} elements; expected one more than boundaries, {len(boundaries) + 1}"
            )
        if self.boundaries != sorted(set(self.boundaries)):
            raise ValueError(f"boundaries={shown(boundaries)} do not increase; expected numbers of steps in increasing order")
        self.name = text("name", name)

    @explained
    def __call__(self, step):
        """Return the learning rate of a step."""
        return self.values[bisect.bisect_left(self.boundaries, step)]


class PolynomialDecay(LearningRateSchedule):
    """Polynomial decay to a final learning rate.

    The learning rate is ``(initial - end) * (1 - min(step, decay_steps) / decay_steps) ** power + end``.

    Parameters
    ----------
    initial_learning_rate : float
        Learning rate at step 0, at least 0.
    decay_steps : float
        Number of steps until the end is reached, above 0.
    end_learning_rate : float
        Learning rate at the end, at least 0.
    power : float
        Power of the polynomial, above 0; 1 means linear decay.
    cycle : bool
        Whether the decay is prolonged to the next multiple of `decay_steps` each time that the end is reached.
    name : str
        Name of the schedule.

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
        self.decay_steps = _step_count("decay_steps", decay_steps)
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
    """Cosine decay [1]_, optionally after a linear warm-up.

    Parameters
    ----------
    initial_learning_rate : float
        Learning rate at step 0, at least 0.
    decay_steps : float
        Number of steps from the end of the warm-up to the end of the decay, above 0.
    alpha : float
        Learning rate at the end as a fraction of the highest one, from 0 to 1.
    name : str
        Name of the schedule.
    warmup_target : float, optional
        Learning rate at the end of the warm-up; if None, there is no warm-up.
    warmup_steps : float
        Number of steps of the warm-up, at least 0.

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
        self.decay_steps = _step_count("decay_steps", decay_steps)
        self.alpha = number("alpha", alpha, 0, 1)
        self.warmup_target = None if warmup_target is None else number("warmup_target", warmup_target, 0)
        self.warmup_steps = _step_count("warmup_steps", warmup_steps, 0)
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
    """Cosine decay with restarts [1]_.

    Parameters
    ----------
    initial_learning_rate : float
        Learning rate at step 0, at least 0.
    first_decay_steps : float
        Number of steps of the first decay, above 0.
    t_mul : float
        Ratio of the numbers of steps of a decay and the previous one, at least 1.
    m_mul : float
        Ratio of the initial learning rates of a decay and the previous one, above 0.
    alpha : float
        Learning rate at the end of each decay as a fraction of `initial_learning_rate`, from 0 to 1.
    name : str
        Name of the schedule.

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
        self.first_decay_steps = _step_count("first_decay_steps", first_decay_steps)
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
        cosine = 0.5 * height * (1 + math.cos(math.pi * step / steps))
        return self.initial_learning_rate * ((1 - self.alpha) * cosine + self.alpha)


class OneCycle(LearningRateSchedule):
    """One cycle [1]_: half a cosine up from a small learning rate to the largest, and half a cosine down to almost 0.

    Parameters
    ----------
    max_learning_rate : float
        Largest learning rate, at least 0.
    total_steps : int
        Number of steps of the whole training, at least 2.
    warmup : float
        Fraction of the steps until the largest learning rate is reached, between 0 and 1.
    start_factor, end_factor : float
        Divisors of the largest learning rate, which give those at the start and the end; at least 1.
    name : str
        Name of the schedule.

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


def _cosine(progress, minimum):
    """Return half a cosine from 1 down to `minimum` for progress from 0 to 1, and `minimum` beyond."""
    return (1 - minimum) * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0))) + minimum


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
    """Return a schedule: `identifier` itself or the one that it describes; None if it is neither.

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
    """Return the description ``{"class_name": …, "config": …}`` of a schedule; functions cannot be saved.

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
    """Return a schedule made from what `serialize` returned.

    Parameters
    ----------
    config : dict
        Description of the schedule.
    custom_objects : dict of str to class, optional
        Custom schedules, by the names of their classes.

    Raises
    ------
    TypeError, ValueError
        If `config` is not a description, or its class is unknown.

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

__getattr__, __dir__ = public_attributes(globals())

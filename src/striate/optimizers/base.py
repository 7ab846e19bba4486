"""The base class of optimizers."""

import inspect
import math

import numpy as np

from .._common.arguments import KeepsArguments, made_of
from .._common.checks import boolean, float_array, integer, number, sequence, shown, text
from .._common.registry import arguments_in
from ..engine import Variable
from ..kernels import bindings
from ..threads import get_num_threads
from . import schedules


class Optimizer(KeepsArguments):
    """Base class of optimizers. A subclass defines `slots` and `update`.

    An optimizer keeps state for each weight it updates, so one instance serves one model. Its learning rate may be changed
    while a model trains; other changes take effect when the model is compiled again.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0; a schedule from `striate.optimizers.schedules`, which tells it for each step; or a function
        without arguments that returns it.
    weight_decay : float, optional
        Part of itself that a weight loses in each step, times the learning rate ("decoupled" weight decay).
    clipnorm : float, optional
        The gradient of each weight is scaled down to this Euclidean norm if it is larger.
    clipvalue : float, optional
        Elements of gradients are cut off at ± this.
    global_clipnorm : float, optional
        All gradients are scaled down together, so that their common norm is at most this.
    use_ema : bool
        Whether an exponential moving average of the weights is kept, which `fit` gives the model at its end [3]_.
    ema_momentum : float
        Part of the average that stays in each step, from 0 to 1.
    ema_overwrite_frequency : int, optional
        The weights are set to their average after each such number of steps; only at the end if None.
    loss_scale_factor, gradient_accumulation_steps : None
        Keras' arguments of that name: not supported.
    name : str, optional
        How it is called; after its class if None.

    Attributes
    ----------
    iterations : int
        Steps taken.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range, or more than one of the three clippings is asked for.

    References
    ----------
    .. [1] Loshchilov, I. and Hutter, F., "Decoupled weight decay regularization", ICLR 2019.
    .. [2] Pascanu, R. et al., "On the difficulty of training recurrent neural networks", ICML 2013: clipping the norm.
    .. [3] Polyak, B. and Juditsky, A., "Acceleration of stochastic approximation by averaging", SIAM Journal on Control and
       Optimization 30, 1992.

    Examples
    --------
    >>> from striate import optimizers
    >>> optimizer = optimizers.Adam(0.01, global_clipnorm=1.0)
    >>> optimizer.learning_rate, optimizer.global_clipnorm, optimizer.iterations
    (0.01, 1.0, 0)
    """

    #: How many arrays of state each weight has.
    slots = 0

    #: Whether a step over rows of a weight changes them as a step over all of it does. A class that defines `update` sets it.
    by_rows = False

    def __init_subclass__(cls, **kwargs):
        """Take note of an `update` that does not say so."""
        super().__init_subclass__(**kwargs)
        definer = next(each for each in cls.__mro__ if "update" in vars(each) or "by_rows" in vars(each))
        if "by_rows" not in vars(definer):
            cls.by_rows = False

    def __init__(
        self,
        learning_rate,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        use_ema=False,
        ema_momentum=0.99,
        ema_overwrite_frequency=None,
        loss_scale_factor=None,
        gradient_accumulation_steps=None,
        name=None,
    ):
        unknown = {"loss_scale_factor": loss_scale_factor, "gradient_accumulation_steps": gradient_accumulation_steps}
        for argument, value in unknown.items():
            if value is not None:
                raise TypeError(f"{argument}={shown(value)} is not supported; expected None")
        self._iterations = Variable(np.zeros((), np.int64), "iteration", trainable=False)
        self._learning_rate = Variable(np.zeros(()), "learning_rate", trainable=False)
        self._schedule = None
        self.learning_rate = learning_rate
        self.weight_decay = None if weight_decay is None else number("weight_decay", weight_decay, 0)
        limits = {"clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm}
        given = [f"{key}={shown(limit)}" for key, limit in limits.items() if limit is not None]
        if len(given) > 1:
            raise ValueError(f"{', '.join(given)} exclude each other; expected one")
        self.clipnorm, self.clipvalue, self.global_clipnorm = (
            None if limit is None else number(key, limit, 0, open_minimum=True) for key, limit in limits.items()
        )
        self.use_ema = boolean("use_ema", use_ema)
        self.ema_momentum = number("ema_momentum", ema_momentum, 0, 1)
        self.ema_overwrite_frequency = (
            None if ema_overwrite_frequency is None else integer("ema_overwrite_frequency", ema_overwrite_frequency, 1)
        )
        self.name = type(self).__name__.lower() if name is None else text("name", name)
        self._state = {}
        self._averages = {}
        self._rates = np.zeros(2)  # of the step being taken: its size, and the learning rate; programs read them

    @property
    def iterations(self):
        """Steps taken."""
        return int(self._iterations.array)

    @iterations.setter
    def iterations(self, value):
        self._iterations.assign(value)

    @property
    def learning_rate(self):
        """Step size: of a schedule, that of the last step, or before any that of the first."""
        if self._schedule is None:
            return float(self._learning_rate.array)
        if isinstance(self._schedule, schedules.LearningRateSchedule):
            return self._schedule(max(self.iterations - 1, 0))
        return number("learning_rate()", self._schedule(), 0)

    @learning_rate.setter
    def learning_rate(self, value):
        schedule = value if callable(value) else schedules.get(value)
        if schedule is None:
            value = number("learning_rate", value, 0)
            if self.has_schedule:
                raise TypeError(
                    f"learning_rate={shown(value)} cannot be set, as the optimizer has a schedule; expected another schedule, "
                    "or an optimizer made with a number"
                )
            self._learning_rate.assign(value)
        self._schedule = schedule

    @property
    def has_schedule(self):
        """Whether the learning rate comes from a schedule or function."""
        return self._schedule is not None

    @property
    def variables(self):
        """The state that training changes, as variables: steps taken, the learning rate without a schedule, weights' state."""
        own = [self._iterations] if self._schedule is not None else [self._iterations, self._learning_rate]
        states = ((weight, i, array) for weight, state in self._state.items() for i, array in enumerate(state))
        return own + [Variable(array, f"{weight.name}_{i}", trainable=False) for weight, i, array in states]

    @property
    def joins_programs(self):
        """Whether `update` takes a program to append its step to."""
        return "program" in inspect.signature(self.update).parameters

    def update(self, weight, gradient, state):
        """Change the array `weight` in place by one step; `state` is its list of `slots` arrays.

        `gradient` holds what it holds until this returns: copy what is to be kept longer.

        One that takes `scale` and `program`, too, is called with them once, to append the step to the program, instead of at
        each step. It takes care of clipping and weight decay itself; for others, that is done before.
        """
        raise TypeError(f"{type(self).__name__} does not define update; expected an optimizer that does")

    def step_size(self):
        """Return the learning rate of the step being taken, which is step `iterations`."""
        return self.learning_rate

    def begin_step(self):
        """Take note that a step begins."""
        self.iterations += 1
        self._rates[:] = self.step_size(), self.learning_rate

    def end_step(self, weights):
        """Take note that a step ended."""
        if self.use_ema and self.iterations == 1:
            for weight in weights:
                self._averages[weight].assign(weight.array)
        if self.use_ema and self.ema_overwrite_frequency and self.iterations % self.ema_overwrite_frequency == 0:
            self.finish(weights)

    def finish(self, weights):
        """Set weights to their moving average, where one is kept."""
        if self.use_ema and self.iterations:
            for weight in weights:
                weight.assign(self._averages[weight].array)

    def average_of(self, weight):
        """Return the moving average of a weight as a variable; None if none is kept."""
        return self._averages.get(weight)

    def scales(self, gradients, clip):
        """Return what each gradient is multiplied by to clip norms, None for nothing.

        Parameters
        ----------
        gradients : list
            Gradients.
        clip : callable
            Takes a list of gradients and a limit; returns what scales their common norm down to that.
        """
        if self.global_clipnorm is not None and gradients:
            return [clip(gradients, self.global_clipnorm)] * len(gradients)
        return [None if self.clipnorm is None else clip([gradient], self.clipnorm) for gradient in gradients]

    def step(self, weight, gradient, state, scale=None):
        """Take one step over the array `weight`; `scale` is None or an array of one number to multiply the gradient by."""
        if self.joins_programs:
            self.update(weight, gradient, state, scale)
            return
        if scale is not None:
            gradient = gradient * weight.dtype.type(scale[0])
        if self.clipvalue is not None:
            gradient = np.clip(gradient, -self.clipvalue, self.clipvalue)
        if self.weight_decay is not None:
            weight *= weight.dtype.type(1 - self.learning_rate * self.weight_decay)
        self.update(weight, gradient, state)

    def apply(self, gradients, weights):
        """Take one step.

        Parameters
        ----------
        gradients : list of ndarray
            Gradients of the loss.
        weights : list of Variable
            The weights they belong to, changed in place; the same ones at every call.

        Raises
        ------
        ValueError
            If there are not as many gradients as weights, or weights that earlier steps did not know.
        """
        gradients, weights = sequence("gradients", gradients, "arrays"), sequence("weights", weights, "Variables")
        if len(gradients) != len(weights):
            raise ValueError(f"gradients has {len(gradients)} elements; expected {len(weights)}, one for each weight")
        gradients = [_checked(i, gradient, weights[i]) for i, gradient in enumerate(gradients)]
        self.build(weights)
        self.begin_step()
        for weight, gradient, scale in zip(weights, gradients, self.scales(gradients, _clip_norm), strict=True):
            self.step(weight.array, gradient, self.slots_of(weight), scale)
            if weight.constraint is not None:
                weight.array[...] = weight.constraint(weight.array)
            weight.changed()
            if self.use_ema:
                bindings.moving_mean(
                    self._averages[weight].array, weight.array, momentum=self.ema_momentum, threads=get_num_threads()
                )
        self.end_step(weights)

    def build(self, weights, more=False):
        """Make the state for `weights`, unless it exists.

        Parameters
        ----------
        weights : list of Variable
            What will be updated.
        more : bool
            Whether some may be others than those of earlier steps, as when layers that were frozen are to be trained.
        """
        new = [weight not in self._state for weight in weights]
        if self._state and new and (all(new) if more else any(new)):
            raise ValueError("weights differ from those of earlier steps; expected one optimizer for each set of weights")
        for weight in weights:
            if weight not in self._state:
                self._state[weight] = self._begin(weight)
                if self.use_ema:
                    self._averages[weight] = Variable(self._state[weight][-1], "average", trainable=False)

    def _begin(self, weight):
        """Return all of a weight's state before the first step."""
        state = self.initial_state(weight.array)
        return [*state, weight.numpy()] if self.use_ema else state

    def initial_state(self, weight):
        """Return a weight's state before the first step: `slots` arrays."""
        return [np.zeros_like(weight) for _ in range(self.slots)]

    def slots_of(self, weight):
        """Return the arrays of a weight's state that `update` takes."""
        return self._state[weight][: self.slots]

    def state_of(self, weight):
        """Return the list of arrays of a weight's state, empty if there are none. Their addresses never change."""
        return self._state.get(weight, [])

    def get_state(self):
        """Return copies of the arrays of state, in the order of the weights as they came."""
        return [array.copy() for state in self._state.values() for array in state]

    def check_state(self, arrays, weights):
        """Check that arrays, of which only shapes matter, can be the state of `weights`; return the dtypes that they get."""
        self.build(weights)
        own = [array for weight in weights for array in self._state[weight]]
        if [array.shape for array in own] != [array.shape for array in arrays]:
            raise ValueError("the optimizer's state does not fit the weights; expected the state of the same model")
        return [array.dtype for array in own]

    def set_state(self, iterations, arrays, weights):
        """Set `iterations`, and what `get_state` returned for `weights`; the state of other weights is forgotten."""
        self.check_state(arrays, weights)
        given = {id(weight) for weight in weights}
        own = [array for weight in weights for array in self._state[weight]]
        for weight, state in self._state.items():
            if id(weight) not in given:
                own += state
                arrays = [*arrays, *self._begin(weight)]
        for array, new in zip(own, arrays, strict=True):
            array[...] = new
        self.iterations = int(iterations)

    def get_config(self):
        """Return the constructor's arguments."""
        names = ["name", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm"]
        if self.use_ema:
            names += ["use_ema", "ema_momentum", "ema_overwrite_frequency"]
        return {**self._state_for_config(names), **{name: getattr(self, name) for name in names}}

    _stored_otherwise = frozenset(["learning_rate"])  # which callbacks change

    def _state_for_config(self, given):
        return {"learning_rate": self.learning_rate if self._schedule is None else schedules.serialize(self._schedule)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Return the optimizer of what `get_config` returned; `custom_objects` holds custom schedules by name."""
        rate = arguments_in(config).get("learning_rate")
        if isinstance(rate, dict):
            config = {**config, "learning_rate": schedules.deserialize(rate, custom_objects)}
        return made_of(cls, config)

    def _native(self, method, weight, gradient, scale, program, **settings):
        """Carry out a step by a kernel, or append it to a program; `settings` are moments and constants of the method."""
        bindings.optimizer_step(
            weight,
            gradient,
            method=method,
            rates=self._rates,
            scale=scale,
            clip=math.inf if self.clipvalue is None else self.clipvalue,
            weight_decay=self.weight_decay or 0.0,
            **settings,
            threads=get_num_threads(),
            program=program,
        )


def _checked(i, gradient, weight):
    """Return the gradient with index `i` as kernels read it, if it fits its weight."""
    if not isinstance(weight, Variable):
        raise TypeError(f"weights[{i}]={shown(weight)} is of type {type(weight).__name__}; expected a Variable")
    gradient = float_array(f"gradients[{i}]", gradient, like=(f"weight {weight.name!r}", weight))
    if gradient.shape != weight.shape:
        raise ValueError(f"gradients[{i}] has shape {gradient.shape}; expected that of {weight.name!r}, {weight.shape}")
    return gradient


def _clip_norm(gradients, limit):
    scale = np.ones(1)
    bindings.clip_norm(gradients, scale, limit=limit, threads=get_num_threads())
    return scale

"""Base class of optimizers."""

import inspect
import math
import re

import numpy as np

from .._common.arguments import KeepsArguments, made_of
from .._common.checks import boolean, float_array, integer, number, sequence, shown, text
from .._common.registry import arguments_in
from ..engine import Value, Variable, operations
from ..engine.graph import of_the_block
from ..engine.tape import finish_fusion
from ..kernels import bindings
from ..threads import get_num_threads
from . import schedules
from .rate import LearningRate


class Optimizer(KeepsArguments):
    """Base class of optimizers. A subclass defines `slots` and `update`.

    An optimizer keeps state for each weight that it updates, so an instance can train only one model. Its learning rate may be
    changed during training; other changes take effect when the model is compiled again.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0; a schedule from `striate.optimizers.schedules`, which returns it for each step; or a function
        without arguments that returns it.
    weight_decay : float, optional
        Decoupled weight decay [1]_: each step first multiplies the weights by ``1 - learning_rate * weight_decay``; at least 0.
    clipnorm : float, optional
        Limit of the Euclidean norm of each weight's gradient, to which larger gradients are scaled down [2]_; above 0.
    clipvalue : float, optional
        Limit of the absolute value of gradient elements, to which they are clipped; above 0.
    global_clipnorm : float, optional
        Limit of the common norm of all gradients, which are scaled down by the same factor if it is larger; above 0.
    use_ema : bool
        Whether to keep an exponential moving average of the weights, which replaces the weights at the end of `fit` [3]_.
    ema_momentum : float
        Part of the average that is kept in each step, from 0 to 1.
    ema_overwrite_frequency : int, optional
        Number of steps after which the weights are replaced by their average each time; only at the end if None.
    loss_scale_factor : None
        Keras' argument of this name, which is not supported.
    gradient_accumulation_steps : int, optional
        Number of batches whose mean gradient a step takes; at least 2. Between steps, weights stay as they are.
    name : str, optional
        Name of the optimizer; the name of its class in lower case if None.

    Attributes
    ----------
    iterations : int
        Number of steps taken.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range, more than one of the three limits of gradients is given, or `global_clipnorm` together
        with `gradient_accumulation_steps`.

    References
    ----------
    .. [1] Loshchilov, I. and Hutter, F., "Decoupled weight decay regularization", ICLR 2019.
    .. [2] Pascanu, R. et al., "On the difficulty of training recurrent neural networks", ICML 2013: gradient clipping.
    .. [3] Polyak, B. and Juditsky, A., "Acceleration of stochastic approximation by averaging", SIAM Journal on Control and
       Optimization 30, 1992.

    Examples
    --------
    >>> from striate import optimizers
    >>> optimizer = optimizers.Adam(0.01, global_clipnorm=1.0)
    >>> optimizer.learning_rate, optimizer.global_clipnorm, optimizer.iterations
    (0.01, 1.0, 0)
    """

    #: Number of state arrays per weight.
    slots = 0

    #: Whether `update` may be called for rows of a weight instead of the whole weight, with the same result. A class that
    #: defines `update` sets it.
    by_rows = False

    def __init_subclass__(cls, **kwargs):
        """Set `by_rows` to False for a class that defines `update` but not `by_rows`."""
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
        if loss_scale_factor is not None:
            raise TypeError(f"loss_scale_factor={shown(loss_scale_factor)} is not supported; expected None")
        steps = gradient_accumulation_steps
        self.gradient_accumulation_steps = None if steps is None else integer("gradient_accumulation_steps", steps, 2)
        if steps is not None and global_clipnorm is not None:
            raise ValueError(
                f"global_clipnorm={shown(global_clipnorm)} and gradient_accumulation_steps={shown(steps)} exclude each other; "
                "expected at most one, or clipnorm"
            )
        self._iterations = Variable(np.zeros((), np.int64), "iteration", trainable=False)
        self._learning_rate = Variable(np.zeros(()), "learning_rate", trainable=False)
        self._schedule = None
        self.learning_rate = learning_rate
        self.weight_decay = None if weight_decay is None else number("weight_decay", weight_decay, 0)
        limits = {"clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm}
        given = [f"{key}={shown(limit)}" for key, limit in limits.items() if limit is not None]
        if len(given) > 1:
            raise ValueError(f"{', '.join(given)} exclude each other; expected at most one")
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
        self._undecayed, self._undecayed_names = [], []  # weights, and patterns of names, without weight decay
        self._built_for = ()  # weights of the last call of `apply`
        self._rates = np.zeros(2)  # Step size and learning rate of the current step, which programs read from here.

    @property
    def iterations(self):
        """Number of steps taken."""
        return int(self._iterations.array) // (self.gradient_accumulation_steps or 1)

    @iterations.setter
    def iterations(self, value):
        self._iterations.assign(value * (self.gradient_accumulation_steps or 1))

    @property
    def learning_rate(self):
        """Step size; if it comes from a schedule, the one of the last step taken, or of the first before any step.

        It is a number; its methods `numpy` and `assign` are those that it has in Keras.
        """
        if self._schedule is None:
            rate = self._learning_rate.array
        elif isinstance(self._schedule, schedules.LearningRateSchedule):
            rate = self._schedule(max(self.iterations - 1, 0))
        else:
            rate = number("learning_rate()", self._schedule(), 0)
        return LearningRate(rate, self)

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
        """What training changes, as variables: the number of steps, the learning rate if it is a number, and the state."""
        own = [self._iterations] if self._schedule is not None else [self._iterations, self._learning_rate]
        states = ((weight, i, array) for weight, state in self._state.items() for i, array in enumerate(state))
        return own + [Variable(array, f"{weight.name}_{i}", trainable=False) for weight, i, array in states]

    def set_weights(self, weights):
        """Set the elements of `variables` to those of a list of arrays."""
        given, own = sequence("weights", weights, "arrays"), self.variables
        if len(given) != len(own):
            raise ValueError(f"weights has {len(given)} elements; expected {len(own)}, one for each variable")
        for variable, array in zip(own, given, strict=True):
            variable.assign(array)

    def exclude_from_weight_decay(self, var_list=None, var_names=None):
        """Keep weights as they are in weight decay; call it before the first step.

        Parameters
        ----------
        var_list : list of Variable, optional
            The weights.
        var_names : list of str, optional
            Regular expressions; weights are excluded if one is found in their names.
        """
        self._undecayed += sequence("var_list", var_list or [], "Variables")
        self._undecayed_names += sequence("var_names", var_names or [], "strings")

    def decays(self, weight):
        """Return the weight decay of an array of a weight, or of some of its rows; 0 for none."""
        excluded = any(np.may_share_memory(weight, each.array) for each in self._undecayed)
        return 0.0 if excluded or self.weight_decay is None else self.weight_decay

    @property
    def joins_programs(self):
        """Whether steps are appended to programs: `update` takes one, and gradients are not accumulated."""
        return self._has_kernel and self.gradient_accumulation_steps is None

    @property
    def _has_kernel(self):
        return "program" in inspect.signature(self.update).parameters

    def update(self, weight, gradient, state):
        """Change the array `weight` in place by one step; `state` is its list of `slots` arrays.

        `gradient` may be overwritten after `update` returns, so anything to keep must be copied.

        An `update` that takes `scale` and `program`, too, is called only once, to append the step to the program, and not for
        each step. It must clip gradients and decay weights itself; for any other `update`, this is done beforehand.
        """
        raise TypeError(f"{type(self).__name__} does not define update; expected an optimizer that does")

    def step_size(self):
        """Return the step size of the current step, which is number `iterations`."""
        return self.learning_rate

    def begin_step(self):
        """Begin a step: count it, and set the rates that programs read; with accumulation, for each batch."""
        self._iterations.assign(self._iterations.array + 1)
        if self._is_due():
            self._rates[:] = self.step_size(), self.learning_rate

    def _is_due(self):
        """Return whether weights change now, not after further batches."""
        return int(self._iterations.array) % (self.gradient_accumulation_steps or 1) == 0

    def end_step(self, weights):
        """End a step: replace weights by their moving averages if it is time."""
        if self.use_ema and self.iterations == 1:
            for weight in weights:
                self._averages[weight].assign(weight.array)
        if self.use_ema and self.ema_overwrite_frequency and self.iterations % self.ema_overwrite_frequency == 0:
            self.finish(weights)

    def finish(self, weights):
        """Replace weights by their moving averages, if these are kept."""
        if self.use_ema and self.iterations:
            for weight in weights:
                weight.assign(self._averages[weight].array)

    def average_of(self, weight):
        """Return the moving average of a weight as a variable, or None if it is not kept."""
        return self._averages.get(weight)

    def scales(self, gradients, clip):
        """Return the factor that clips the norm of each gradient, None for no clipping.

        Parameters
        ----------
        gradients : list
            Gradients of the loss.
        clip : callable
            Function of a list of gradients and a limit, which returns the factor that scales their common norm down to it.
        """
        if self.global_clipnorm is not None and gradients:
            return [clip(gradients, self.global_clipnorm)] * len(gradients)
        return [None if self.clipnorm is None else clip([gradient], self.clipnorm) for gradient in gradients]

    def step(self, weight, gradient, state, scale=None):
        """Take one step for the array `weight`; the gradient is multiplied by `scale`, an array of one number, or None."""
        if self.gradient_accumulation_steps is not None:
            *state, total = state
            total += gradient
            if not self._is_due():
                return
            gradient = total / total.dtype.type(self.gradient_accumulation_steps)
            total[...] = 0
            (scale,) = self.scales([gradient], _clip_norm)
        if self._has_kernel:
            self.update(weight, gradient, state, scale)
            return
        if scale is not None:
            gradient = gradient * weight.dtype.type(scale[0])
        if self.clipvalue is not None:
            gradient = np.clip(gradient, -self.clipvalue, self.clipvalue)
        decay = self.decays(weight)
        if decay:
            weight *= weight.dtype.type(1 - self.learning_rate * decay)
        self.update(weight, gradient, state)

    def apply_gradients(self, gradients_and_weights):
        """Take one step for pairs of a gradient and its weight: see `apply`."""
        pairs = list(gradients_and_weights)
        for i, pair in enumerate(pairs):
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                raise ValueError(
                    f"gradients_and_weights[{i}] is of type {type(pair).__name__}; expected a pair of a gradient and its weight"
                )
        self.apply([gradient for gradient, _ in pairs], [weight for _, weight in pairs])

    def apply(self, gradients, weights=None):
        """Take one step; in a model's `train_step`, append it to the step's program.

        Parameters
        ----------
        gradients : list of (ndarray or value)
            Gradients of the loss; None for weights that the loss does not depend on, which stay as they are.
        weights : list of Variable, optional
            Weights of the gradients, which are changed in place; the same weights in each call. None for those of the call
            before.

        Raises
        ------
        TypeError
            If a gradient is not an array of floats, or a weight is not a `Variable`.
        ValueError
            If there are not as many gradients as weights, a gradient does not have the shape of its weight, or the weights are
            not those of earlier steps.
        """
        if weights is None:
            weights = self._built_for
        gradients, weights = sequence("gradients", gradients, "arrays"), sequence("weights", weights, "Variables")
        if len(gradients) != len(weights):
            raise ValueError(f"gradients has {len(gradients)} elements; expected {len(weights)}, one for each weight")
        self._built_for = weights
        gradients = [of_the_block(gradient) for gradient in gradients]
        found = {weight: gradient for gradient, weight in zip(gradients, weights, strict=True) if gradient is not None}
        if weights and not found:
            raise ValueError("all gradients are None; expected a loss that depends on the weights, and a tape that recorded it")
        if any(isinstance(gradient, Value) for gradient in gradients):
            self._append(found, weights)
            return
        checked = [
            None if gradient is None else _check_gradient(i, gradient, weights[i]) for i, gradient in enumerate(gradients)
        ]
        self.build(weights)
        weights = list(found)
        gradients = [gradient for gradient in checked if gradient is not None]
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

    def _append(self, gradients, weights):
        """Append a step to the graph of gradients, given by weight; `weights` are those with state."""
        graph = next(gradient.graph for gradient in gradients.values() if isinstance(gradient, Value))
        self.build(weights, more=True)
        finish_fusion(graph)
        operations.Call(graph, self.begin_step)
        steps = {}
        for weight, gradient in gradients.items():
            value = gradient if isinstance(gradient, Value) else graph.constant(gradient)
            if value.shape != weight.shape:
                raise ValueError(f"the gradient of {weight.name!r} has shape {value.shape}; expected {weight.shape}")
            steps[graph.value_of(weight)] = value.cast(weight.dtype)
        operations.keep_views(graph, set(gradients))
        operations.append_updates(self, steps)
        operations.Call(graph, lambda: self.end_step(weights))
        graph.fused = len(graph.operations)

    def build(self, weights, more=False):
        """Make the state of weights that have none yet.

        Parameters
        ----------
        weights : list of Variable
            Weights that will be updated.
        more : bool
            Whether weights may be added to those of earlier steps, for example of layers that were frozen.
        """
        new = [weight not in self._state for weight in weights]
        if self._state and new and (all(new) if more else any(new)):
            raise ValueError("weights differ from those of earlier steps; expected one optimizer for each set of weights")
        for weight in weights:
            if weight not in self._state:
                self._state[weight] = self._whole_initial_state(weight)
                if any(re.search(pattern, weight.name) for pattern in self._undecayed_names):
                    self._undecayed.append(weight)
                if self.use_ema:
                    self._averages[weight] = Variable(self._state[weight][-1], "average", trainable=False)

    def _whole_initial_state(self, weight):
        """Return the initial state of a weight, with its moving average last if that is kept."""
        state = list(self.initial_state(weight.array))
        if self.gradient_accumulation_steps is not None:
            state.append(np.zeros_like(weight.array))
        return [*state, weight.numpy()] if self.use_ema else state

    def initial_state(self, weight):
        """Return the initial state of a weight: `slots` arrays."""
        return [np.zeros_like(weight) for _ in range(self.slots)]

    def slots_of(self, weight):
        """Return the state arrays of a weight that `step` takes: all but its moving average."""
        state = self._state[weight]
        return state[: len(state) - self.use_ema]

    def state_of(self, weight):
        """Return the list of all state arrays of a weight, whose addresses never change; empty if there are none."""
        return self._state.get(weight, [])

    def get_state(self):
        """Return copies of all state arrays, in the order in which the weights were first updated."""
        return [array.copy() for state in self._state.values() for array in state]

    def check_state(self, arrays, weights):
        """Check that the shapes of arrays are those of the state of `weights`, and return the dtypes of that state."""
        self.build(weights)
        own = [array for weight in weights for array in self._state[weight]]
        if [array.shape for array in own] != [array.shape for array in arrays]:
            raise ValueError("the optimizer's state does not fit the weights; expected the state of the same model")
        return [array.dtype for array in own]

    def set_state(self, iterations, arrays, weights):
        """Set `iterations`, and the state of `weights` to what `get_state` returned; reset the state of all other weights."""
        self.check_state(arrays, weights)
        given = {id(weight) for weight in weights}
        own = [array for weight in weights for array in self._state[weight]]
        for weight, state in self._state.items():
            if id(weight) not in given:
                own += state
                arrays = [*arrays, *self._whole_initial_state(weight)]
        for array, new in zip(own, arrays, strict=True):
            array[...] = new
        self.iterations = int(iterations)

    def get_config(self):
        """Return the constructor's arguments."""
        names = ["name", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm"]
        if self.use_ema:
            names += ["use_ema", "ema_momentum", "ema_overwrite_frequency"]
        if self.gradient_accumulation_steps is not None:
            names.append("gradient_accumulation_steps")
        return {**self._state_for_config(names), **{name: getattr(self, name) for name in names}}

    _stored_otherwise = frozenset(["learning_rate"])  # Callbacks may have changed it since the optimizer was made.

    def _state_for_config(self, given):
        return {"learning_rate": float(self.learning_rate) if self._schedule is None else schedules.serialize(self._schedule)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Make an optimizer from what `get_config` returned; `custom_objects` holds custom schedules by name."""
        rate = arguments_in(config).get("learning_rate")
        if isinstance(rate, dict):
            config = {**config, "learning_rate": schedules.deserialize(rate, custom_objects)}
        return made_of(cls, config)

    def _kernel_step(self, method, weight, gradient, scale, program, **settings):
        """Take a step with a kernel, or append it to a program; `settings` are the moments and constants of the method."""
        bindings.optimizer_step(
            weight,
            gradient,
            method=method,
            rates=self._rates,
            scale=scale,
            clip=math.inf if self.clipvalue is None else self.clipvalue,
            weight_decay=self.decays(weight),
            **settings,
            threads=get_num_threads(),
            program=program,
        )


def _check_gradient(i, gradient, weight):
    """Return the gradient with index `i` as an array for kernels, after checking that it fits its weight."""
    if not isinstance(weight, Variable):
        raise TypeError(f"weights[{i}]={shown(weight)} is of type {type(weight).__name__}; expected a Variable")
    gradient = float_array(f"gradients[{i}]", gradient).astype(weight.dtype, copy=False)
    if gradient.shape != weight.shape:
        raise ValueError(f"gradients[{i}] has shape {gradient.shape}; expected the shape of {weight.name!r}, {weight.shape}")
    return gradient


def _clip_norm(gradients, limit):
    """Return the factor that scales the common norm of gradients down to a limit, as an array of one number."""
    scale = np.ones(1)
    bindings.clip_norm(gradients, scale, limit=limit, threads=get_num_threads())
    return scale

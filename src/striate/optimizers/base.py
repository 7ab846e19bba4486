"""Base class of optimizers."""

from types import MappingProxyType

import numpy as np

from .._common.arguments import made_of
from .._common.checks import boolean, integer, number, sequence, shown, text
from .._common.errors import naming_inherited
from .._common.names import KnowsOtherNames
from .._common.registry import arguments_in
from ..engine import Variable
from . import schedules
from .rate import LearningRate
from .steps import WithSteps


@naming_inherited
class Optimizer(WithSteps, KnowsOtherNames):
    """Base class of optimizers. A subclass defines `slots` and `update`, or `build` and `update_step`, as in Keras.

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
    >>> import numpy as np
    >>> import striate
    >>> from striate import optimizers
    >>> optimizer = optimizers.Adam(0.01, global_clipnorm=1.0)
    >>> optimizer.learning_rate, optimizer.global_clipnorm, optimizer.iterations
    (0.01, 1.0, 0)

    A custom one, with the formula on arrays:

    >>> class SignSGD(optimizers.Optimizer):
    ...     def update(self, weight, gradient, state):
    ...         weight -= self.learning_rate * np.sign(gradient)

    The same as it is written for Keras:

    >>> from striate import ops
    >>> class SignSGD(optimizers.Optimizer):
    ...     def update_step(self, gradient, variable, learning_rate):
    ...         self.assign_sub(variable, learning_rate * ops.sign(gradient))
    >>> weight = striate.Variable([1.0, 2.0])
    >>> SignSGD(0.5).apply([np.array([3.0, -4.0])], [weight])
    >>> weight.numpy().tolist()
    [0.5, 2.5]
    """

    _other_names = MappingProxyType(
        {
            "get_gradients": "`striate.GradientTape.gradient`",
            "get_updates": "`apply`, which updates weights at once",
            "get_weights": "`variables`",
            "lr": "`learning_rate`",
            "minimize": "`striate.Model.fit`, or `apply` for the gradients that `striate.GradientTape.gradient` returns",
            "weights": "`variables`",
        }
    )

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
        super().__init__()
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
        self._undecayed, self._undecayed_names = [], []  # weights, and patterns of names, without weight decay

    @property
    def iterations(self):
        """Number of steps taken."""
        return self._steps + self._ahead

    @iterations.setter
    def iterations(self, value):
        self._iterations.assign(value * (self.gradient_accumulation_steps or 1))

    @property
    def learning_rate(self):
        """Step size; if it comes from a schedule, the one of the last step taken, or of the first before any step.

        It is a number; its methods `numpy` and `assign` are those that it has in Keras.
        """
        if self._given_rate is not None:
            rate = self._given_rate
        elif self._schedule is None:
            rate = self._learning_rate.array
        elif isinstance(self._schedule, schedules.LearningRateSchedule):
            rate = self._schedule(max(self._steps - 1, 0))
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

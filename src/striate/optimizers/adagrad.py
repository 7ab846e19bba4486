"""Adagrad optimizer."""

import numpy as np

from .._common.checks import number
from .base import Optimizer


class Adagrad(Optimizer):
    """Adagrad: steps are divided by the root of the sum of all squared gradients [1]_.

    ``v += g²``, ``w -= learning_rate * g / sqrt(v + epsilon)``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    initial_accumulator_value : float
        Initial value of ``v``, at least 0.
    epsilon : float
        Added under the root, above 0.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Duchi, J., Hazan, E. and Singer, Y., "Adaptive subgradient methods for online learning and stochastic optimization",
       JMLR 12, 2011.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Adagrad(0.5), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    slots = 1
    by_rows = True

    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, *common, **kwargs):
        super().__init__(learning_rate, *common, **kwargs)
        self.initial_accumulator_value = number("initial_accumulator_value", initial_accumulator_value, 0)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)

    def initial_state(self, weight):
        """Return the initial state of a weight."""
        return [np.full_like(weight, self.initial_accumulator_value)]

    def update(self, weight, gradient, state, scale=None, program=None):
        """Change `weight` in place by one step."""
        self._kernel_step("adagrad", weight, gradient, scale, program, moment2=state[0], epsilon=self.epsilon)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"initial_accumulator_value": self.initial_accumulator_value, "epsilon": self.epsilon}
        return {**super().get_config(), **own}

"""RMSprop optimizer."""

from .._common.checks import boolean, number
from .base import Optimizer


class RMSprop(Optimizer):
    """RMSprop: steps are divided by the root of a running mean of the squared gradient [1]_.

    ``v += (g² - v) * (1 - rho)``, ``u = momentum * u + learning_rate * g / sqrt(v + epsilon)``, ``w -= u``. If `centered`,
    ``v - m²`` takes the place of ``v`` under the root, with ``m += (g - m) * (1 - rho)``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    rho : float
        Decay rate of the running means, at least 0 and below 1.
    momentum : float
        Part of the previous step that is added to a step, at least 0 and below 1.
    epsilon : float
        Added under the root, above 0.
    centered : bool
        Whether steps are divided by the root of the gradient's variance instead of its mean square.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Hinton, G., "Neural networks for machine learning", lecture 6e, 2012.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.RMSprop(0.05), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    by_rows = True

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, *common, **kwargs):
        super().__init__(learning_rate, *common, **kwargs)
        self.rho = number("rho", rho, 0, 1, open_maximum=True)
        self.momentum = number("momentum", momentum, 0, 1, open_maximum=True)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)
        self.centered = boolean("centered", centered)
        self.slots = 1 + bool(self.momentum) + self.centered

    def update(self, weight, gradient, state, scale=None, program=None):
        """Change `weight` in place by one step."""
        squares, *others = state
        velocity = others.pop(0) if self.momentum else None
        moments = {"moment1": velocity, "moment2": squares, "moment3": others[0] if self.centered else None}
        constants = {"beta2": self.rho, "momentum": self.momentum, "epsilon": self.epsilon}
        self._kernel_step("rmsprop", weight, gradient, scale, program, **moments, **constants)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"rho": self.rho, "momentum": self.momentum, "epsilon": self.epsilon, "centered": self.centered}
        return {**super().get_config(), **own}

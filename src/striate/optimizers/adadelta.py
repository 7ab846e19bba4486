"""Adadelta optimizer."""

import numpy as np

from .._common.checks import number
from .base import Optimizer


class Adadelta(Optimizer):
    """Adadelta: steps are as large as those before, in relation to the size of gradients [1]_.

    ``v += (g² - v) * (1 - rho)``, ``d = g * sqrt(u + epsilon) / sqrt(v + epsilon)``, ``u += (d² - u) * (1 - rho)``,
    ``w -= learning_rate * d``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Factor of the steps, at least 0; 1 in the paper.
    rho : float
        Decay rate of the running means of squared gradients and steps, at least 0 and below 1.
    epsilon : float
        Added under the roots, above 0.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Zeiler, M., "ADADELTA: an adaptive learning rate method", arXiv:1212.5701, 2012, algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Adadelta(100.0), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    slots = 2

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7, *common, **kwargs):
        super().__init__(learning_rate, *common, **kwargs)
        self.rho = number("rho", rho, 0, 1, open_maximum=True)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)

    def update(self, weight, gradient, state):
        """Change `weight` in place by one step."""
        squares, steps = state
        squares += (np.square(gradient) - squares) * (1 - self.rho)
        step = gradient * np.sqrt((steps + self.epsilon) / (squares + self.epsilon))
        steps += (np.square(step) - steps) * (1 - self.rho)
        weight -= self.learning_rate * step

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "rho": self.rho, "epsilon": self.epsilon}

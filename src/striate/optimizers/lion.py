"""Lion optimizer."""

from .._common.checks import number
from .base import Optimizer


class Lion(Optimizer):
    """Lion: steps of equal size, whose sign comes from a running mean of the gradient [1]_.

    ``w -= learning_rate * sign(beta_1 * m + (1 - beta_1) * g)``, ``m += (g - m) * (1 - beta_2)``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0; about a tenth of what is used with Adam.
    beta_1, beta_2 : float
        Weight of the running mean in a step, above 0, and decay rate of the mean, at least 0; both are below 1.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Chen, X. et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, program 1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Lion(0.05), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    slots = 1
    by_rows = True

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.99, *common, **kwargs):
        super().__init__(learning_rate, *common, **kwargs)
        self.beta_1 = number("beta_1", beta_1, 0, 1, open_minimum=True, open_maximum=True)
        self.beta_2 = number("beta_2", beta_2, 0, 1, open_maximum=True)

    def update(self, weight, gradient, state, scale=None, program=None):
        """Change `weight` in place by one step."""
        settings = {"moment1": state[0], "beta1": self.beta_1, "beta2": self.beta_2}
        self._kernel_step("lion", weight, gradient, scale, program, **settings)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2}

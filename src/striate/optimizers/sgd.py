"""SGD optimizer."""

from .._common.checks import boolean, number
from .base import Optimizer


class SGD(Optimizer):
    """Stochastic gradient descent, optionally with momentum and Nesterov's variant of it [1]_.

    ``v = momentum * v - learning_rate * g``, ``w += v``, or with `nesterov` ``w += momentum * v - learning_rate * g``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    momentum : float
        Part of the previous step that is added to a step, at least 0 and below 1.
    nesterov : bool
        Whether to use Nesterov momentum, which has no effect with a momentum of 0.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Sutskever, I. et al., "On the importance of initialization and momentum in deep learning", ICML 2013.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.SGD(0.1, momentum=0.9), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    by_rows = True

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, *common, **kwargs):
        super().__init__(learning_rate, *common, **kwargs)
        self.momentum = number("momentum", momentum, 0, 1, open_maximum=True)
        self.nesterov = boolean("nesterov", nesterov)
        self.slots = 1 if self.momentum else 0

    def update(self, weight, gradient, state, scale=None, program=None):
        """Change `weight` in place by one step."""
        velocity = state[0] if state else None
        constants = {"momentum": self.momentum, "nesterov": self.nesterov and bool(state)}
        self._kernel_step("sgd", weight, gradient, scale, program, moment1=velocity, **constants)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}

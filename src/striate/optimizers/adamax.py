"""Adamax optimizer."""

import numpy as np

from .moments import MomentOptimizer


class Adamax(MomentOptimizer):
    """Adamax: Adam with a decaying maximum of the gradient in place of the running mean of its square [1]_.

    ``m += (g - m) * (1 - beta_1)``, ``u = max(beta_2 * u, |g|)``,
    ``w -= learning_rate / (1 - beta_1ᵗ) * m / (u + epsilon)`` at step t.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    beta_1, beta_2 : float
        Decay rates of the running mean and of the maximum, at least 0 and below 1.
    epsilon : float
        Added to the denominator, above 0.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Kingma, D. and Ba, J., "Adam: a method for stochastic optimization", ICLR 2015, algorithm 2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Adamax(0.05), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=80, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    def step_size(self):
        """Return the learning rate, corrected for the bias of the running mean."""
        return self.learning_rate / (1 - self.beta_1**self.iterations)

    def update(self, weight, gradient, state):
        """Change `weight` in place by one step."""
        mean, most = state
        mean += (gradient - mean) * (1 - self.beta_1)
        np.maximum(self.beta_2 * most, np.abs(gradient), out=most)
        weight -= self.step_size() * mean / (most + self.epsilon)

"""Nadam optimizer."""

import numpy as np

from .moments import MomentOptimizer

#: Rate at which the momentum comes near `beta_1`.
_MOMENTUM_DECAY = 0.96


class Nadam(MomentOptimizer):
    """Nadam: Adam that looks ahead as Nesterov's momentum does, with a momentum that grows [1]_.

    ``mu_t = beta_1 * (1 - 0.96ᵗ / 2)``, ``m += (g - m) * (1 - beta_1)``, ``v += (g² - v) * (1 - beta_2)``,
    ``n = mu_{t+1} * m / (1 - mu_1 ... mu_{t+1}) + (1 - mu_t) * g / (1 - mu_1 ... mu_t)``,
    ``w -= learning_rate * n / (sqrt(v / (1 - beta_2ᵗ)) + epsilon)`` at step t.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    beta_1, beta_2 : float
        Decay rates of the running means of the gradient and the squared gradient, at least 0 and below 1.
    epsilon : float
        Added to the denominator, above 0.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Dozat, T., "Incorporating Nesterov momentum into Adam", ICLR workshop 2016, algorithm 2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Nadam(0.05), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, *common, **kwargs):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, *common, **kwargs)
        self._product = 0, 1.0  # a step, and the product of the momenta up to it

    def _momentum(self, step):
        return self.beta_1 * (1 - 0.5 * _MOMENTUM_DECAY**step)

    def _momentum_product(self):
        """Return the product of the momenta up to the current step."""
        step, product = self._product if self._product[0] <= self.iterations else (0, 1.0)
        for each in range(step + 1, self.iterations + 1):
            product *= self._momentum(each)
        self._product = self.iterations, product
        return product

    def update(self, weight, gradient, state):
        """Change `weight` in place by one step."""
        mean, squares = state
        now, next_one, product = self._momentum(self.iterations), self._momentum(self.iterations + 1), self._momentum_product()
        mean += (gradient - mean) * (1 - self.beta_1)
        squares += (np.square(gradient) - squares) * (1 - self.beta_2)
        ahead = mean * (next_one / (1 - product * next_one)) + gradient * ((1 - now) / (1 - product))
        weight -= self.learning_rate * ahead / (np.sqrt(squares / (1 - self.beta_2**self.iterations)) + self.epsilon)

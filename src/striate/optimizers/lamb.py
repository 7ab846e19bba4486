"""LAMB optimizer."""

import numpy as np

from .moments import MomentOptimizer


class Lamb(MomentOptimizer):
    """LAMB: steps of Adam, each scaled to the length of its weight, for large batches [1]_.

    ``m += (g - m) * (1 - beta_1)``, ``v += (g² - v) * (1 - beta_2)``,
    ``r = m / (1 - beta_1ᵗ) / (sqrt(v / (1 - beta_2ᵗ)) + epsilon)``, ``w -= learning_rate * ‖w‖ / ‖r‖ * r`` at step t; where a
    norm is 0, the factor is 1.

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
    .. [1] You, Y. et al., "Large batch optimization for deep learning: training BERT in 76 minutes", ICLR 2020, algorithm 2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Lamb(0.05), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    def update(self, weight, gradient, state):
        """Change `weight` in place by one step."""
        mean, squares = state
        mean += (gradient - mean) * (1 - self.beta_1)
        squares += (np.square(gradient) - squares) * (1 - self.beta_2)
        root = np.sqrt(squares / (1 - self.beta_2**self.iterations)) + self.epsilon
        step = mean / (1 - self.beta_1**self.iterations) / root
        of_weight, of_step = (float(np.sqrt(np.square(each, dtype=np.float64).sum())) for each in (weight, step))
        ratio = of_weight / of_step if of_weight and of_step else 1.0
        weight -= self.learning_rate * ratio * step

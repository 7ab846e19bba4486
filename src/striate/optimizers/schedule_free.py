"""AdamW without a schedule of the learning rate."""

import math

import numpy as np

from .._common.checks import integer
from .moments import MomentOptimizer


class ScheduleFreeAdamW(MomentOptimizer):
    """AdamW with an average of the weights in place of a schedule of the learning rate [1]_.

    ``v += (g² - v) * (1 - beta_2)``, ``z -= learning_rate * g / (sqrt(v / (1 - beta_2ᵗ)) + epsilon)``,
    ``x += (z - x) / t`` and ``w = (1 - beta_1) z + beta_1 x`` at step t; gradients are taken at w.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    beta_1 : float
        Part of the average x in the weights, above 0 and below 1.
    beta_2 : float
        Decay rate of the running mean of squared gradients, at least 0 and below 1.
    epsilon : float
        Added to the denominator, above 0.
    warmup_steps : int
        Number of steps in which the step size rises to `learning_rate`.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Defazio, A. et al., "The road less scheduled", NeurIPS 2024, algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.ScheduleFreeAdamW(0.1), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=80, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    slots = 2

    def __init__(self, learning_rate=0.0025, beta_1=0.9, beta_2=0.999, epsilon=1e-8, warmup_steps=0, *common, **kwargs):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, *common, **kwargs)
        if not self.beta_1:
            raise ValueError(f"beta_1={beta_1} is not above 0; expected a number above 0 and below 1")
        self.warmup_steps = integer("warmup_steps", warmup_steps, 0)

    def initial_state(self, weight):
        """Return the initial state of a weight: z, which is the weight itself, and v."""
        return [weight.copy(), np.zeros_like(weight)]

    def step_size(self):
        """Return the learning rate, which is smaller in the first steps."""
        return self.learning_rate * min(self.iterations / self.warmup_steps, 1.0) if self.warmup_steps else self.learning_rate

    def update(self, weight, gradient, state):
        """Change `weight` in place by one step."""
        kind, step, (z, v) = weight.dtype.type, self.iterations, state
        average = (weight - kind(1 - self.beta_1) * z) / kind(self.beta_1)
        v += (np.square(gradient) - v) * kind(1 - self.beta_2)
        z -= kind(self.step_size()) * gradient / (np.sqrt(v) / kind(math.sqrt(1 - self.beta_2**step)) + kind(self.epsilon))
        average += (z - average) / kind(step)
        weight[...] = kind(1 - self.beta_1) * z + kind(self.beta_1) * average

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "warmup_steps": self.warmup_steps}

"""FTRL optimizer."""

import numpy as np

from .._common.checks import number
from .base import Optimizer


class Ftrl(Optimizer):
    """Follow the regularized leader: weights that minimize all losses so far, with penalties that make them sparse [1]_.

    With p the power, ``z += g + 2 * l2_shrinkage * w - (n_new ** -p - n ** -p) / learning_rate * w`` where
    ``n_new = n + g²``, and ``w = (clip(z, -l1, l1) - z) / (n_new ** -p / learning_rate + 2 * l2 + beta / learning_rate)``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0; with 0, weights stay as they are.
    learning_rate_power : float
        How the step size falls with the sum of squared gradients, at most 0.
    initial_accumulator_value : float
        Initial value of ``n``, at least 0.
    l1_regularization_strength, l2_regularization_strength : float
        Penalties l1 and l2 on weights, at least 0.
    l2_shrinkage_regularization_strength : float
        Penalty on weights that is added to the gradient, but not to the sum of squared gradients; at least 0.
    beta : float
        Added to the root of the sum of squared gradients, at least 0.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] McMahan, H. B. et al., "Ad click prediction: a view from the trenches", KDD 2013, algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Ftrl(0.5), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    slots = 2

    def __init__(
        self,
        learning_rate=0.001,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        l2_shrinkage_regularization_strength=0.0,
        beta=0.0,
        *common,
        **kwargs,
    ):
        super().__init__(learning_rate, *common, **kwargs)
        self.learning_rate_power = number("learning_rate_power", learning_rate_power, maximum=0)
        self.initial_accumulator_value = number("initial_accumulator_value", initial_accumulator_value, 0)
        self.l1_regularization_strength = number("l1_regularization_strength", l1_regularization_strength, 0)
        self.l2_regularization_strength = number("l2_regularization_strength", l2_regularization_strength, 0)
        self.l2_shrinkage_regularization_strength = number(
            "l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength, 0
        )
        self.beta = number("beta", beta, 0)

    def initial_state(self, weight):
        """Return the initial state of a weight."""
        return [np.full_like(weight, self.initial_accumulator_value), np.zeros_like(weight)]

    def update(self, weight, gradient, state):
        """Change `weight` in place by one step."""
        sums, linear = state
        rate, power, l1 = self.learning_rate, -self.learning_rate_power, self.l1_regularization_strength
        if not rate:
            return
        before = sums**power
        sums += np.square(gradient)
        after = sums**power
        linear += gradient + 2 * self.l2_shrinkage_regularization_strength * weight - (after - before) / rate * weight
        curvature = after / rate + 2 * self.l2_regularization_strength + self.beta / rate
        weight[...] = (np.clip(linear, -l1, l1) - linear) / curvature

    def get_config(self):
        """Return the constructor's arguments."""
        names = (
            "learning_rate_power",
            "initial_accumulator_value",
            "l1_regularization_strength",
            "l2_regularization_strength",
            "l2_shrinkage_regularization_strength",
            "beta",
        )
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

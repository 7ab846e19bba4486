"""What Adam and the optimizers that grew out of it share: decay rates of two running statistics, and epsilon."""

from .._common.checks import number
from .base import Optimizer


class MomentOptimizer(Optimizer):
    """Base class of optimizers that follow the gradient's first moment and a second statistic of its size.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    beta_1, beta_2 : float
        Decay rates of the two statistics, at least 0 and below 1.
    epsilon : float
        Added to the denominator, above 0.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.
    """

    slots = 2

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, *common, **kwargs):
        super().__init__(learning_rate, *common, **kwargs)
        self.beta_1 = number("beta_1", beta_1, 0, 1, open_maximum=True)
        self.beta_2 = number("beta_2", beta_2, 0, 1, open_maximum=True)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon}

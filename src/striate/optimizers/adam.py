"""Adam and AdamW optimizers."""

import math

from .._common.checks import boolean
from .moments import MomentOptimizer


class Adam(MomentOptimizer):
    """Adam: steps follow running means of the gradient and of its square [1]_.

    ``m += (g - m) * (1 - beta_1)``, ``v += (g² - v) * (1 - beta_2)``,
    ``w -= learning_rate * sqrt(1 - beta_2ᵗ) / (1 - beta_1ᵗ) * m / (sqrt(v) + epsilon)`` at step t.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    beta_1, beta_2 : float
        Decay rates of the running means of the gradient and the squared gradient, at least 0 and below 1.
    epsilon : float
        Added to the denominator, above 0 (epsilon hat in the paper).
    amsgrad : bool
        Whether to divide by the largest ``v`` so far instead of the current one [2]_.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Kingma, D. and Ba, J., "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1 and section 2.
    .. [2] Reddi, S. et al., "On the convergence of Adam and beyond", ICLR 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Adam(0.05), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    by_rows = True

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, *common, **kwargs):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, *common, **kwargs)
        self.amsgrad = boolean("amsgrad", amsgrad)
        self.slots = 3 if self.amsgrad else 2

    def step_size(self):
        """Return the learning rate, corrected for the bias of both running means."""
        step = self.iterations
        return self.learning_rate * math.sqrt(1 - self.beta_2**step) / (1 - self.beta_1**step)

    def update(self, weight, gradient, state, scale=None, program=None):
        """Change `weight` in place by one step."""
        constants = {"beta1": self.beta_1, "beta2": self.beta_2, "epsilon": self.epsilon}
        moments = dict(zip(("moment1", "moment2", "moment3"), state, strict=False))  # Only AMSGrad has the third.
        self._kernel_step("adam", weight, gradient, scale, program, **moments, **constants)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "amsgrad": self.amsgrad}


class AdamW(Adam):
    """Adam with decoupled weight decay [1]_.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    weight_decay : float
        Each step first multiplies the weights by ``1 - learning_rate * weight_decay``; at least 0.
    beta_1, beta_2, epsilon, amsgrad
        See `Adam`.
    clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Loshchilov, I. and Hutter, F., "Decoupled weight decay regularization", ICLR 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.AdamW(0.05, weight_decay=0.01), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    def __init__(
        self, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, *common, **kwargs
    ):
        if weight_decay is None:
            raise ValueError("weight_decay=None is no weight decay; expected a number, or Adam")
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, *common, **kwargs)

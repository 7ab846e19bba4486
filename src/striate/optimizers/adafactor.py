"""Adafactor optimizer."""

import math

import numpy as np

from .._common.checks import boolean, number
from .base import Optimizer


class Adafactor(Optimizer):
    """Adafactor: the running mean of squared gradients of a matrix is kept as sums over its rows and columns [1]_.

    At step t, with ``b = 1 - t ** beta_2_decay`` and ``q = g² + epsilon_1``, the means r and c of q over the last axis and over
    the one before run with the decay rate b, and ``v = r c / mean(r)``; of weights with one axis, v runs itself. Then
    ``u = g / sqrt(v)``, ``u /= max(1, rms(u) / clip_threshold)`` and ``w -= max(epsilon_2, rms(w)) * rho * u``, where
    ``rho = min(learning_rate, 1 / sqrt(t))``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Largest relative step size, at least 0.
    beta_2_decay : float
        How the decay rate comes near 1, below 0.
    epsilon_1 : float
        Added to squared gradients, at least 0.
    epsilon_2 : float
        Smallest size of weights to which steps are scaled, at least 0.
    clip_threshold : float
        Largest root mean square of a step before it is scaled, above 0.
    relative_step : bool
        Accepted for compatibility with Keras, where it has no effect on steps either, as rho is limited in any case.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, name
        See `Optimizer`.

    References
    ----------
    .. [1] Shazeer, N. and Stern, M., "Adafactor: adaptive learning rates with sublinear memory cost", ICML 2018, algorithms 4
       and 5.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Adafactor(0.1), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=80, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    def __init__(
        self,
        learning_rate=0.001,
        beta_2_decay=-0.8,
        epsilon_1=1e-30,
        epsilon_2=1e-3,
        clip_threshold=1.0,
        relative_step=True,
        *common,
        **kwargs,
    ):
        super().__init__(learning_rate, *common, **kwargs)
        self.beta_2_decay = number("beta_2_decay", beta_2_decay, maximum=0, open_maximum=True)
        self.epsilon_1 = number("epsilon_1", epsilon_1, 0)
        self.epsilon_2 = number("epsilon_2", epsilon_2, 0)
        self.clip_threshold = number("clip_threshold", clip_threshold, 0, open_minimum=True)
        self.relative_step = boolean("relative_step", relative_step)

    def initial_state(self, weight):
        """Return the initial state of a weight: the means over rows and columns, or over nothing for weights of one axis."""
        shape = weight.shape
        shapes = [shape[:-1], shape[:-2] + shape[-1:]] if len(shape) > 1 else [shape]
        return [np.zeros(each, weight.dtype) for each in shapes]

    def update(self, weight, gradient, state):
        """Change `weight` in place by one step."""
        step = self.iterations
        rest = step**self.beta_2_decay
        squares = np.square(gradient) + weight.dtype.type(self.epsilon_1)
        if len(state) == 2:
            rows, columns = state
            rows += (squares.mean(-1) - rows) * rest
            columns += (squares.mean(-2) - columns) * rest
            mean = (rows / rows.mean(-1, keepdims=True))[..., np.newaxis] * columns[..., np.newaxis, :]
        else:
            (mean,) = state
            mean += (squares - mean) * rest
        change = gradient / np.sqrt(mean)
        change /= max(1.0, _root_mean_square(change) / self.clip_threshold)
        rate = min(self.learning_rate, 1 / math.sqrt(step))
        weight -= max(self.epsilon_2, _root_mean_square(weight)) * rate * change

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("beta_2_decay", "epsilon_1", "epsilon_2", "clip_threshold", "relative_step")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _root_mean_square(array):
    return math.sqrt(np.square(array, dtype=np.float64).mean())

"""Muon optimizer."""

import math
import re

import numpy as np

from .._common.checks import boolean, integer, number, sequence
from .base import Optimizer


class Muon(Optimizer):
    """Muon: steps along matrices of momentum whose singular values are made nearly equal [1]_; other weights follow Adam.

    For a matrix, ``m = momentum * m + g``, ``u = g + momentum * m`` (or m without `nesterov`), then
    ``u = a u + (b A + c A²) u``, where ``A = u uᵀ``, some times, beginning with ``u / |u|``, and
    ``w -= learning_rate * rms_rate * sqrt(max(rows, columns)) * u`` [2]_.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size, at least 0.
    adam_beta_1, adam_beta_2 : float
        Decay rates of Adam's running means, at least 0 and below 1.
    adam_weight_decay : float
        Weight decay of the weights that follow Adam.
    epsilon : float
        Added to Adam's denominator, above 0.
    weight_decay : float
        Weight decay of the matrices.
    clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor
        See `Optimizer`.
    gradient_accumulation_steps, name
        See `Optimizer`.
    exclude_layers : list of str, optional
        Regular expressions; matrices in whose names one is found follow Adam.
    exclude_embeddings : bool
        Whether matrices with "embedding" in their names follow Adam.
    muon_a, muon_b, muon_c : float
        Coefficients of the iteration.
    adam_lr_ratio : float
        Factor of the step size of Adam.
    momentum : float
        Part of the momentum that is kept, at least 0 and below 1.
    ns_steps : int
        Number of iterations.
    nesterov : bool
        Whether to use Nesterov momentum.
    rms_rate : float, optional
        Root mean square of a step of size 1; None for steps that are not scaled.

    References
    ----------
    .. [1] Jordan, K. et al., "Muon: an optimizer for hidden layers in neural networks", 2024.
    .. [2] Liu, J. et al., "Muon is scalable for LLM training", arXiv 2502.16982, 2025, section 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.Muon(0.1), "mse")
    >>> history = model.fit(x / 8, y / 8, epochs=80, verbose=0)
    >>> history.history["loss"][-1] < 0.1 * history.history["loss"][0]
    True
    """

    def __init__(
        self,
        learning_rate=0.001,
        adam_beta_1=0.9,
        adam_beta_2=0.999,
        adam_weight_decay=0.004,
        epsilon=1e-7,
        weight_decay=0.004,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        use_ema=False,
        ema_momentum=0.99,
        ema_overwrite_frequency=None,
        loss_scale_factor=None,
        gradient_accumulation_steps=None,
        name=None,
        exclude_layers=None,
        exclude_embeddings=True,
        muon_a=3.4445,
        muon_b=-4.7750,
        muon_c=2.0315,
        adam_lr_ratio=1,
        momentum=0.95,
        ns_steps=5,
        nesterov=True,
        rms_rate=0.2,
    ):
        super().__init__(
            learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name,
        )  # fmt: skip
        self.adam_beta_1 = number("adam_beta_1", adam_beta_1, 0, 1, open_maximum=True)
        self.adam_beta_2 = number("adam_beta_2", adam_beta_2, 0, 1, open_maximum=True)
        self.adam_weight_decay = None if adam_weight_decay is None else number("adam_weight_decay", adam_weight_decay, 0)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)
        self.exclude_layers = sequence("exclude_layers", exclude_layers or [], "strings")
        self.exclude_embeddings = boolean("exclude_embeddings", exclude_embeddings)
        self.muon_a, self.muon_b, self.muon_c = (
            number(key, value) for key, value in (("muon_a", muon_a), ("muon_b", muon_b), ("muon_c", muon_c))
        )
        self.adam_lr_ratio = number("adam_lr_ratio", adam_lr_ratio, 0)
        self.momentum = number("momentum", momentum, 0, 1, open_maximum=True)
        self.ns_steps = integer("ns_steps", ns_steps, 1)
        self.nesterov = boolean("nesterov", nesterov)
        self.rms_rate = None if rms_rate is None else number("rms_rate", rms_rate, 0)
        self._followers_of_adam = []

    def _whole_initial_state(self, weight):
        if self._follows_adam(weight):
            self._followers_of_adam.append(weight)
        return super()._whole_initial_state(weight)

    def _follows_adam(self, weight):
        """Return whether a weight is no matrix, or is one that is excluded."""
        if len(weight.shape) != 2 or (self.exclude_embeddings and "embedding" in weight.name.lower()):
            return True
        return any(re.search(pattern, weight.name) for pattern in self.exclude_layers)

    def initial_state(self, weight):
        """Return the initial state of a weight: the momentum and, for Adam, the running mean of squared gradients."""
        return [np.zeros_like(weight) for _ in range(2 if self._is_of_adam(weight) else 1)]

    def _is_of_adam(self, array):
        return any(array is each.array or np.may_share_memory(array, each.array) for each in self._followers_of_adam)

    def decays(self, weight):
        """Return the weight decay of an array of a weight; 0 for none."""
        if any(np.may_share_memory(weight, each.array) for each in self._undecayed):
            return 0.0
        return (self.adam_weight_decay if self._is_of_adam(weight) else self.weight_decay) or 0.0

    def update(self, weight, gradient, state):
        """Change `weight` in place by one step."""
        kind, step = weight.dtype.type, self.iterations
        momentum = state[0]
        if len(state) == 2:
            squares = state[1]
            momentum += (gradient - momentum) * kind(1 - self.adam_beta_1)
            squares += (np.square(gradient) - squares) * kind(1 - self.adam_beta_2)
            size = self.learning_rate * self.adam_lr_ratio
            size *= math.sqrt(1 - self.adam_beta_2**step) / (1 - self.adam_beta_1**step)
            weight -= kind(size) * momentum / (np.sqrt(squares) + kind(self.epsilon))
            return
        momentum *= kind(self.momentum)
        momentum += gradient
        direction = gradient + kind(self.momentum) * momentum if self.nesterov else momentum
        weight -= self.lr_adjust(kind(self.learning_rate) * self.zeropower_via_newtonschulz5(direction, self.ns_steps))

    def lr_adjust(self, x):
        """Return a step (rows, columns), scaled by ``rms_rate * sqrt(max(rows, columns))`` unless `rms_rate` is None."""
        return x if self.rms_rate is None else x * x.dtype.type(self.rms_rate * math.sqrt(max(x.shape)))

    def zeropower_via_newtonschulz5(self, x, steps):
        """Return a matrix with the singular vectors of x, and with singular values near 1.

        Parameters
        ----------
        x : ndarray, shape (rows, columns)
            The matrix.
        steps : int
            Number of iterations.
        """
        kind, tall = x.dtype.type, x.shape[0] > x.shape[1]
        x = x.T if tall else x
        x = x / (np.linalg.norm(x) + kind(1e-7))
        for _ in range(steps):
            product = x @ x.T
            x = kind(self.muon_a) * x + (kind(self.muon_b) * product + kind(self.muon_c) * (product @ product)) @ x
        return x.T if tall else x

    def get_config(self):
        """Return the constructor's arguments."""
        names = (
            "adam_beta_1", "adam_beta_2", "adam_weight_decay", "epsilon", "exclude_layers", "exclude_embeddings", "muon_a",
            "muon_b", "muon_c", "adam_lr_ratio", "momentum", "ns_steps", "nesterov", "rms_rate",
        )  # fmt: skip
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

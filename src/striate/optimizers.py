"""Optimizers: how weights follow their gradients."""

import inspect
import math

import numpy as np

from ._checks import number
from ._registry import resolve
from .kernels import bindings
from .threads import get_num_threads


class Optimizer:
    """Base class of optimizers. A subclass defines `slots` and `update`.

    An optimizer keeps state for each weight it updates, so one instance serves one model.

    Parameters
    ----------
    learning_rate : float
        Step size, above 0.

    Attributes
    ----------
    iterations : int
        Steps taken.
    """

    #: How many arrays of state each weight has.
    slots = 0

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate
        self.iterations = 0
        self._state = {}
        self._step_size = np.zeros(1)  # of the step being taken; programs read it

    @property
    def learning_rate(self):
        """Step size."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        self._learning_rate = number("learning_rate", value, 0, open_minimum=True)

    @property
    def joins_programs(self):
        """Whether `update` takes a program to append its step to."""
        return "program" in inspect.signature(self.update).parameters

    def update(self, weight, gradient, state):
        """Change the array `weight` in place by one step; `state` is its list of `slots` arrays.

        One that takes `program`, too, is called with it once, to append the step to it, instead of at each step.
        """
        raise TypeError(f"{type(self).__name__} does not define update; expected an optimizer that does")

    def step_size(self):
        """Return what the learning rate is at the step being taken, whose number is `iterations`."""
        return self.learning_rate

    def begin_step(self):
        """Take note that a step begins."""
        self.iterations += 1
        self._step_size[0] = self.step_size()

    def apply(self, gradients, weights):
        """Take one step.

        Parameters
        ----------
        gradients : list of ndarray
            Gradients of the loss.
        weights : list of Variable
            The weights they belong to, changed in place; the same ones at every call.

        Raises
        ------
        ValueError
            If there are not as many gradients as weights, or weights that earlier steps did not know.
        """
        if len(gradients) != len(weights):
            raise ValueError(f"gradients has {len(gradients)} arrays; expected {len(weights)}, one for each weight")
        self.build(weights)
        self.begin_step()
        for weight, gradient in zip(weights, gradients, strict=True):
            self.update(weight.array, gradient, self._state[weight])
            weight.changed()

    def build(self, weights):
        """Make the state for `weights`, unless it exists."""
        if not self._state:
            self._state = {weight: [np.zeros_like(weight.array) for _ in range(self.slots)] for weight in weights}
        if any(weight not in self._state for weight in weights):
            raise ValueError("weights differ from those of earlier steps; expected one optimizer for each set of weights")

    def state_of(self, weight):
        """Return the list of arrays that are a weight's state. They keep their place in memory."""
        return self._state[weight]

    def get_state(self):
        """Return the arrays of state, in order."""
        return [array.copy() for state in self._state.values() for array in state]

    def set_state(self, iterations, arrays, weights):
        """Set what `iterations` and `get_state` were, for `weights`."""
        self.build(weights)
        own = [array for state in self._state.values() for array in state]
        if [array.shape for array in own] != [array.shape for array in arrays]:
            raise ValueError("the optimizer's state does not fit the weights; expected the state of the same model")
        for array, new in zip(own, arrays, strict=True):
            array[...] = new
        self.iterations = int(iterations)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"learning_rate": self.learning_rate}


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum and Nesterov's look-ahead.

    ``v = momentum * v - learning_rate * g``; then ``w += v``, or with `nesterov` ``w += momentum * v - learning_rate * g``.

    Parameters
    ----------
    learning_rate : float
        Step size, above 0.
    momentum : float
        Part of the last step that is taken again, at least 0 and below 1.
    nesterov : bool
        Whether the gradient is taken as if where the momentum leads; needs a momentum.

    References
    ----------
    .. [1] Sutskever, I. et al., "On the importance of initialization and momentum in deep learning", ICML 2013.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        self.momentum = number("momentum", momentum, 0, 1, open_maximum=True)
        self.nesterov = bool(nesterov)
        self.slots = 1 if self.momentum else 0
        if self.nesterov and not self.momentum:
            raise ValueError(f"nesterov={nesterov!r} has no effect with momentum={momentum!r}; expected a momentum above 0")

    def update(self, weight, gradient, state, program=None):
        """Change `weight` in place by one step."""
        velocity = state[0] if state else None
        bindings.sgd(weight, gradient, velocity, self._step_size, self.momentum, self.nesterov, get_num_threads(), program)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}


class Adam(Optimizer):
    """Adam: steps scaled by running means of the gradient and of its square.

    ``m += (g - m) (1 - beta_1)``, ``v += (g² - v) (1 - beta_2)``,
    ``w -= learning_rate * sqrt(1 - beta_2ᵗ) / (1 - beta_1ᵗ) * m / (sqrt(v) + epsilon)`` at step t.

    Parameters
    ----------
    learning_rate : float
        Step size, above 0.
    beta_1, beta_2 : float
        Decay of the means of gradient and squared gradient, at least 0 and below 1.
    epsilon : float
        Added to the denominator, above 0 ("epsilon hat" of the paper).

    References
    ----------
    .. [1] Kingma, D. and Ba, J., "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1 and section 2.
    """

    slots = 2

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1 = number("beta_1", beta_1, 0, 1, open_maximum=True)
        self.beta_2 = number("beta_2", beta_2, 0, 1, open_maximum=True)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)

    def step_size(self):
        """Return the learning rate with the bias corrections of both means."""
        step = self.iterations
        return self.learning_rate * math.sqrt(1 - self.beta_2**step) / (1 - self.beta_1**step)

    def update(self, weight, gradient, state, program=None):
        """Change `weight` in place by one step."""
        mean, variance = state
        betas = self.beta_1, self.beta_2
        bindings.adam(weight, gradient, mean, variance, self._step_size, *betas, self.epsilon, get_num_threads(), program)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon}


_BY_NAME = {"adam": Adam, "sgd": SGD}


def get(identifier):
    """Return an optimizer: `identifier` itself, or the one of that name or configuration."""
    return resolve("optimizer", identifier.lower() if isinstance(identifier, str) else identifier, Optimizer, _BY_NAME)

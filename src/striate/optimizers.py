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

    An optimizer keeps state for each weight it updates, so one instance serves one model. Its learning rate may be changed
    while a model trains; other changes take effect when the model is compiled again.

    Parameters
    ----------
    learning_rate : float
        Step size, above 0.
    weight_decay : float, optional
        Part of itself that a weight loses in each step, times the learning rate ("decoupled" weight decay).
    clipnorm : float, optional
        The gradient of each weight is scaled down to this Euclidean norm if it is larger.
    clipvalue : float, optional
        Elements of gradients are cut off at ± this.
    global_clipnorm : float, optional
        All gradients are scaled down together, so that their common norm is at most this.

    Attributes
    ----------
    iterations : int
        Steps taken.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range, or more than one of the three clippings is asked for.

    References
    ----------
    .. [1] Loshchilov, I. and Hutter, F., "Decoupled weight decay regularization", ICLR 2019.
    .. [2] Pascanu, R. et al., "On the difficulty of training recurrent neural networks", ICML 2013: clipping the norm.
    """

    #: How many arrays of state each weight has.
    slots = 0

    def __init__(self, learning_rate, weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None):
        self.learning_rate = learning_rate
        self.weight_decay = None if weight_decay is None else number("weight_decay", weight_decay, 0)
        limits = {"clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm}
        given = {name: limit for name, limit in limits.items() if limit is not None}
        if len(given) > 1:
            raise ValueError(
                f"{', '.join(f'{name}={limit!r}' for name, limit in given.items())} exclude each other; expected one"
            )
        for name, limit in given.items():
            number(name, limit, 0, open_minimum=True)
        self.clipnorm, self.clipvalue, self.global_clipnorm = clipnorm, clipvalue, global_clipnorm
        self.iterations = 0
        self._state = {}
        self._rates = np.zeros(2)  # of the step being taken: its size, and the learning rate; programs read them

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

        One that takes `scale` and `program`, too, is called with them once, to append the step to the program, instead of at
        each step. It takes care of clipping and weight decay itself; for others, that is done before.
        """
        raise TypeError(f"{type(self).__name__} does not define update; expected an optimizer that does")

    def step_size(self):
        """Return what the learning rate is at the step being taken, whose number is `iterations`."""
        return self.learning_rate

    def begin_step(self):
        """Take note that a step begins."""
        self.iterations += 1
        self._rates[:] = self.step_size(), self.learning_rate

    def scales(self, gradients, clip):
        """Return what each gradient is multiplied by to clip norms, None for nothing.

        Parameters
        ----------
        gradients : list
            Gradients.
        clip : callable
            Takes a list of gradients and a limit; returns what scales their common norm down to that.
        """
        if self.global_clipnorm is not None and gradients:
            return [clip(gradients, self.global_clipnorm)] * len(gradients)
        return [None if self.clipnorm is None else clip([gradient], self.clipnorm) for gradient in gradients]

    def step(self, weight, gradient, state, scale=None):
        """Take one step over the array `weight`; `scale` is None or an array of one number to multiply the gradient by."""
        if self.joins_programs:
            self.update(weight, gradient, state, scale)
            return
        if scale is not None:
            gradient = gradient * weight.dtype.type(scale[0])
        if self.clipvalue is not None:
            gradient = np.clip(gradient, -self.clipvalue, self.clipvalue)
        if self.weight_decay is not None:
            weight *= weight.dtype.type(1 - self.learning_rate * self.weight_decay)
        self.update(weight, gradient, state)

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
        for weight, gradient, scale in zip(weights, gradients, self.scales(gradients, _clip_norm), strict=True):
            self.step(weight.array, gradient, self._state[weight], scale)
            weight.changed()

    def build(self, weights, more=False):
        """Make the state for `weights`, unless it exists.

        Parameters
        ----------
        weights : list of Variable
            What will be updated.
        more : bool
            Whether they may be others than those of earlier steps, as when layers that were frozen are to be trained.
        """
        if self._state and not more and any(weight not in self._state for weight in weights):
            raise ValueError("weights differ from those of earlier steps; expected one optimizer for each set of weights")
        for weight in weights:
            if weight not in self._state:
                self._state[weight] = [np.zeros_like(weight.array) for _ in range(self.slots)]

    def state_of(self, weight):
        """Return the list of arrays that are a weight's state, empty without any. They keep their place in memory."""
        return self._state.get(weight, [])

    def get_state(self):
        """Return copies of the arrays of state, in the order of the weights as they came."""
        return [array.copy() for state in self._state.values() for array in state]

    def set_state(self, iterations, arrays, weights):
        """Set what `iterations` and `get_state` were, for `weights`."""
        self.build(weights)
        own = [array for weight in weights for array in self._state[weight]]
        if [array.shape for array in own] != [array.shape for array in arrays]:
            raise ValueError("the optimizer's state does not fit the weights; expected the state of the same model")
        for array, new in zip(own, arrays, strict=True):
            array[...] = new
        self.iterations = int(iterations)

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("learning_rate", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm")
        return {name: getattr(self, name) for name in names}

    def _native(self, method, weight, gradient, moments, scale, program, **constants):
        """Carry out a step by a kernel, or append it to a program."""
        settings = {"momentum": 0.0, "beta1": 0.0, "beta2": 0.0, "epsilon": 0.0, "nesterov": False, **constants}
        clip = math.inf if self.clipvalue is None else self.clipvalue
        bindings.optimizer_step(
            method, weight, gradient, moments, self._rates, scale, clip, self.weight_decay or 0.0, **settings,
            threads=get_num_threads(), program=program,
        )  # fmt: skip


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
    weight_decay, clipnorm, clipvalue, global_clipnorm
        See `Optimizer`.

    References
    ----------
    .. [1] Sutskever, I. et al., "On the importance of initialization and momentum in deep learning", ICML 2013.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, **kwargs):
        super().__init__(learning_rate, **kwargs)
        self.momentum = number("momentum", momentum, 0, 1, open_maximum=True)
        self.nesterov = bool(nesterov)
        self.slots = 1 if self.momentum else 0
        if self.nesterov and not self.momentum:
            raise ValueError(f"nesterov={nesterov!r} has no effect with momentum={momentum!r}; expected a momentum above 0")

    def update(self, weight, gradient, state, scale=None, program=None):
        """Change `weight` in place by one step."""
        moments = (state[0] if state else None, None, None)
        self._native("sgd", weight, gradient, moments, scale, program, momentum=self.momentum, nesterov=self.nesterov)

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
    amsgrad : bool
        Whether to divide by the largest v so far [2]_.
    weight_decay, clipnorm, clipvalue, global_clipnorm
        See `Optimizer`.

    References
    ----------
    .. [1] Kingma, D. and Ba, J., "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1 and section 2.
    .. [2] Reddi, S. et al., "On the convergence of Adam and beyond", ICLR 2018.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, **kwargs):
        super().__init__(learning_rate, **kwargs)
        self.beta_1 = number("beta_1", beta_1, 0, 1, open_maximum=True)
        self.beta_2 = number("beta_2", beta_2, 0, 1, open_maximum=True)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)
        self.amsgrad = bool(amsgrad)
        self.slots = 3 if self.amsgrad else 2

    def step_size(self):
        """Return the learning rate with the bias corrections of both means."""
        step = self.iterations
        return self.learning_rate * math.sqrt(1 - self.beta_2**step) / (1 - self.beta_1**step)

    def update(self, weight, gradient, state, scale=None, program=None):
        """Change `weight` in place by one step."""
        constants = {"beta1": self.beta_1, "beta2": self.beta_2, "epsilon": self.epsilon}
        moments = (*state, None)[:3]
        self._native("adam", weight, gradient, moments, scale, program, **constants)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon, "amsgrad": self.amsgrad}
        return {**super().get_config(), **own}


class AdamW(Adam):
    """Adam with decoupled weight decay [1]_.

    Parameters
    ----------
    learning_rate : float
        Step size, above 0.
    weight_decay : float
        Part of itself that a weight loses in each step, times the learning rate.
    beta_1, beta_2, epsilon, amsgrad
        See `Adam`.
    clipnorm, clipvalue, global_clipnorm
        See `Optimizer`.

    References
    ----------
    .. [1] Loshchilov, I. and Hutter, F., "Decoupled weight decay regularization", ICLR 2019.
    """

    def __init__(
        self, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, **kwargs
    ):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay=weight_decay, **kwargs)


class RMSprop(Optimizer):
    """RMSprop: steps scaled by a running mean of the squared gradient.

    ``v += (g² - v) (1 - rho)``, ``u = momentum * u + learning_rate * g / sqrt(v + epsilon)``, ``w -= u``; if `centered`, with
    ``m += (g - m) (1 - rho)`` and ``v - m²`` in place of ``v`` under the root.

    Parameters
    ----------
    learning_rate : float
        Step size, above 0.
    rho : float
        Decay of the means, at least 0 and below 1.
    momentum : float
        Part of the last step that is taken again, at least 0 and below 1.
    epsilon : float
        Added under the root, above 0.
    centered : bool
        Whether the square of the gradient's mean is subtracted: steps are then scaled by the variance.
    weight_decay, clipnorm, clipvalue, global_clipnorm
        See `Optimizer`.

    References
    ----------
    .. [1] Hinton, G., "Neural networks for machine learning", lecture 6e, 2012.
    """

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, **kwargs):
        super().__init__(learning_rate, **kwargs)
        self.rho = number("rho", rho, 0, 1, open_maximum=True)
        self.momentum = number("momentum", momentum, 0, 1, open_maximum=True)
        self.epsilon = number("epsilon", epsilon, 0, open_minimum=True)
        self.centered = bool(centered)
        self.slots = 1 + bool(self.momentum) + self.centered

    def update(self, weight, gradient, state, scale=None, program=None):
        """Change `weight` in place by one step."""
        squares, *others = state
        velocity = others.pop(0) if self.momentum else None
        moments = (velocity, squares, others[0] if self.centered else None)
        constants = {"beta2": self.rho, "momentum": self.momentum, "epsilon": self.epsilon}
        self._native("rmsprop", weight, gradient, moments, scale, program, **constants)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"rho": self.rho, "momentum": self.momentum, "epsilon": self.epsilon, "centered": self.centered}
        return {**super().get_config(), **own}


def _clip_norm(gradients, limit):
    scale = np.ones(1)
    bindings.clip_norm(gradients, scale, limit, get_num_threads())
    return scale


_BY_NAME = {"adam": Adam, "adamw": AdamW, "rmsprop": RMSprop, "sgd": SGD}


def get(identifier):
    """Return an optimizer: `identifier` itself, or the one of that name or configuration."""
    return resolve("optimizer", identifier.lower() if isinstance(identifier, str) else identifier, Optimizer, _BY_NAME)

"""Steps of optimizers: what is done with gradients before, in and after the update of each weight."""

import inspect
import math
import warnings

import numpy as np

from .._common.checks import float_array, sequence, shown
from ..engine import Value, Variable, operations
from ..engine.graph import of_the_block
from ..engine.tape import finish_fusion
from ..kernels import bindings
from ..threads import get_num_threads
from .state import WithState


class WithSteps(WithState):
    """A base class of optimizers that takes their steps, at once or in programs."""

    #: Whether `update` may be called for rows of a weight instead of the whole weight, with the same result. A class that
    #: defines `update` sets it.
    by_rows = False

    #: Whether a custom class defines `update_step`, which is called in place of `update`.
    updates_variables = False

    def __init_subclass__(cls, **kwargs):
        """Set `by_rows` to False for a class that defines `update` but not `by_rows`, and find what steps call."""
        super().__init_subclass__(**kwargs)
        by_rows = _definer(cls, "by_rows", "update", "update_step")
        if "by_rows" not in vars(by_rows):
            cls.by_rows = False
        cls.updates_variables = "update" not in vars(_definer(cls, "update", "update_step"))

    def __init__(self):
        super().__init__()
        self._rates = np.zeros(2)  # Step size and learning rate of the current step, which programs read from here.
        self._ahead = 0  # What `iterations` differs by from the number of steps, while `update_step` is called.
        self._given_rate = None  # learning rate that `update_step` was given, while it is called

    @property
    def optimizers(self):
        """The optimizers that update weights: this one alone, but for a `MultiOptimizer`."""
        return [self]

    def weights_by_optimizer(self, weights):
        """Return pairs of an optimizer and those of some weights that it updates."""
        return [(self, list(weights))]

    @property
    def joins_programs(self):
        """Whether steps are appended to programs: `update` takes one, and gradients are not accumulated."""
        return self._has_kernel and self.gradient_accumulation_steps is None and not self.updates_variables

    @property
    def _has_kernel(self):
        return "program" in inspect.signature(self.update).parameters

    @property
    def _steps(self):
        """Number of steps that were begun."""
        return int(self._iterations.array) // (self.gradient_accumulation_steps or 1)

    def begin_step(self):
        """Begin a step: count it, and set the rates that programs read; with accumulation, for each batch."""
        self._iterations.assign(self._iterations.array + 1)
        if self._is_due():
            self._rates[:] = self.step_size(), self.learning_rate

    def _is_due(self):
        """Return whether weights change now, not after further batches."""
        return int(self._iterations.array) % (self.gradient_accumulation_steps or 1) == 0

    def end_step(self, weights):
        """End a step: replace weights by their moving averages if it is time."""
        if self.use_ema and self.iterations == 1:
            for weight in weights:
                self._averages[weight].assign(weight.array)
        if self.use_ema and self.ema_overwrite_frequency and self.iterations % self.ema_overwrite_frequency == 0:
            self.finish(weights)

    def finish(self, weights):
        """Replace weights by their moving averages, if these are kept."""
        if self.use_ema and self.iterations:
            for weight in weights:
                weight.assign(self._averages[weight].array)

    def scales(self, gradients, clip):
        """Return the factor that clips the norm of each gradient, None for no clipping.

        Parameters
        ----------
        gradients : list
            Gradients of the loss.
        clip : callable
            Function of a list of gradients and a limit, which returns the factor that scales their common norm down to it.
        """
        if self.global_clipnorm is not None and gradients:
            return [clip(gradients, self.global_clipnorm)] * len(gradients)
        return [None if self.clipnorm is None else clip([gradient], self.clipnorm) for gradient in gradients]

    @staticmethod
    def overwrites(weight):
        """Return whether the gradient of a weight takes its place in a step."""
        return getattr(weight, "overwrite_with_gradient", False)

    def step(self, weight, gradient, scale=None):
        """Take one step for a weight; the gradient is multiplied by `scale`, an array of one number, or None.

        A weight whose attribute `overwrite_with_gradient` is true gets its gradient as its elements.
        """
        array, overwritten = weight.array, self.overwrites(weight)
        if self.gradient_accumulation_steps is not None:
            total = self._total_gradient(weight)
            total[...] = np.maximum(total, gradient) if overwritten else total + gradient
            if not self._is_due():
                return
            gradient = total / total.dtype.type(1 if overwritten else self.gradient_accumulation_steps)
            total[...] = 0
            (scale,) = self.scales([gradient], _clip_norm)
        if overwritten:
            array[...] = gradient
            return
        if self._has_kernel and not self.updates_variables:
            self.update(array, gradient, self.slots_of(weight), scale)
            return
        if scale is not None:
            gradient = gradient * array.dtype.type(scale[0])
        if self.clipvalue is not None:
            gradient = np.clip(gradient, -self.clipvalue, self.clipvalue)
        decay = self.decays(array)
        if decay:
            array *= array.dtype.type(1 - self.learning_rate * decay)
        if self.updates_variables:
            self._call_update_step(gradient, weight)
        else:
            self.update(array, gradient, self.slots_of(weight))

    def _call_update_step(self, gradient, weight):
        """Call a custom `update_step`, for which `iterations` is the number of steps before, as in Keras."""
        self._ahead -= 1
        try:
            self.update_step(gradient, weight, self.learning_rate)
        finally:
            self._ahead += 1

    def update_step(self, gradient, variable, learning_rate):
        """Change a weight by one step of its gradient, which is clipped already, as the weight is decayed already.

        A custom class may define it, as in Keras, in place of `update`: with functions of `striate.ops`, `assign_sub` and the
        like, and variables that its `build` has made. `iterations` is the number of the steps before.

        Parameters
        ----------
        gradient : ndarray
            The gradient, valid until the method returns.
        variable : Variable
            The weight.
        learning_rate : float
            The learning rate.
        """
        before = self._ahead, self._given_rate
        self._ahead, self._given_rate = self._ahead + 1, float(learning_rate)
        try:
            self._rates[:] = self.step_size(), self.learning_rate
            self.update(variable.array, np.asarray(gradient, variable.dtype), self.slots_of(variable))
        finally:
            self._ahead, self._given_rate = before
        variable.changed()

    def apply_gradients(self, grads_and_vars):
        """Take one step for pairs of a gradient and its weight, and return the number of steps: see `apply`."""
        pairs = list(grads_and_vars)
        for i, pair in enumerate(pairs):
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                raise ValueError(
                    f"grads_and_vars[{i}] is of type {type(pair).__name__}; expected a pair of a gradient and its weight"
                )
        self.apply([gradient for gradient, _ in pairs], [weight for _, weight in pairs])
        return self.iterations

    def apply(self, grads, trainable_variables=None):
        """Take one step; in a model's `train_step`, append it to the step's program.

        Parameters
        ----------
        grads : list of ndarray, or of values in a model's step
            Gradients of the loss; None for weights that the loss does not depend on, which stay as they are, with a warning.
        trainable_variables : list of Variable, optional
            Weights of the gradients, which are changed in place; the same weights in each call. None for those of the call
            before, or of `build`.

        Raises
        ------
        TypeError
            If a gradient is not an array of floats, or a weight is not a `Variable`.
        ValueError
            If there are not as many gradients as weights, a gradient does not have the shape of its weight, or the weights are
            not those of earlier steps.
        """
        weights = self._built_for if trainable_variables is None else trainable_variables
        gradients, weights = sequence("grads", grads, "arrays"), sequence("trainable_variables", weights, "Variables")
        if trainable_variables is None and gradients and not weights:
            raise ValueError("the optimizer knows no weights yet; expected trainable_variables, or build(weights) before")
        if len(gradients) != len(weights):
            raise ValueError(f"grads has {len(gradients)} elements; expected {len(weights)}, one for each weight")
        self._built_for = weights
        gradients = [of_the_block(gradient) for gradient in gradients]
        found = {weight: gradient for gradient, weight in zip(gradients, weights, strict=True) if gradient is not None}
        if weights and not found:
            raise ValueError("all gradients are None; expected a loss that depends on the weights, and a tape that recorded it")
        if len(found) < len(weights):
            missing = [weight.path for gradient, weight in zip(gradients, weights, strict=True) if gradient is None]
            warnings.warn(f"the gradients of {missing} are None, as the loss does not depend on these weights", stacklevel=2)
        if any(isinstance(gradient, Value) for gradient in gradients):
            self._append(found, weights)
            return
        checked = {weight: _check_gradient(i, found[weight], weight) for i, weight in enumerate(weights) if weight in found}
        self.prepare(weights)
        self.begin_step()
        for optimizer, own in self.weights_by_optimizer(checked):
            optimizer._update_all({weight: checked[weight] for weight in own})
        self.end_step(weights)

    def _update_all(self, gradients):
        """Take one step for gradients, given by weight."""
        scales = self.scales(list(gradients.values()), _clip_norm)
        for (weight, gradient), scale in zip(gradients.items(), scales, strict=True):
            self.step(weight, gradient, scale)
            if weight.constraint is not None:
                weight.array[...] = weight.constraint(weight.array)
            weight.changed()
            if self.use_ema:
                average = self._averages[weight].array
                bindings.moving_mean(average, weight.array, momentum=self.ema_momentum, threads=get_num_threads())

    def _append(self, gradients, weights):
        """Append a step to the graph of gradients, given by weight; `weights` are those with state."""
        graph = next(gradient.graph for gradient in gradients.values() if isinstance(gradient, Value))
        self.prepare(weights, more=True)
        finish_fusion(graph)
        operations.Call(graph, self.begin_step)
        steps = {}
        for weight, gradient in gradients.items():
            value = gradient if isinstance(gradient, Value) else graph.constant(gradient)
            if value.shape != weight.shape:
                raise ValueError(f"the gradient of {weight.name!r} has shape {value.shape}; expected {weight.shape}")
            steps[graph.value_of(weight)] = value.cast(weight.dtype)
        operations.keep_views(graph, set(gradients))
        operations.append_updates(self, steps)
        operations.Call(graph, lambda: self.end_step(weights))
        graph.fused = len(graph.operations)

    def _kernel_step(self, method, weight, gradient, scale, program, **settings):
        """Take a step with a kernel, or append it to a program; `settings` are the moments and constants of the method."""
        prepared = self._given_rate is not None  # by what calls `update_step`
        bindings.optimizer_step(
            weight,
            gradient,
            method=method,
            rates=self._rates,
            scale=scale,
            clip=math.inf if prepared or self.clipvalue is None else self.clipvalue,
            weight_decay=0.0 if prepared else self.decays(weight),
            **settings,
            threads=get_num_threads(),
            program=program,
        )


def _definer(cls, *names):
    """Return the first class in the order of method resolution that defines one of some attributes."""
    return next(each for each in cls.__mro__ if any(name in vars(each) for name in names))


def _check_gradient(i, gradient, weight):
    """Return the gradient with index `i` as an array for kernels, after checking that it fits its weight."""
    if not isinstance(weight, Variable):
        raise TypeError(f"trainable_variables[{i}]={shown(weight)} is of type {type(weight).__name__}; expected a Variable")
    gradient = float_array(f"grads[{i}]", gradient).astype(weight.dtype, copy=False)
    if gradient.shape != weight.shape:
        raise ValueError(f"grads[{i}] has shape {gradient.shape}; expected the shape of {weight.name!r}, {weight.shape}")
    return gradient


def _clip_norm(gradients, limit):
    """Return the factor that scales the common norm of gradients down to a limit, as an array of one number."""
    scale = np.ones(1)
    bindings.clip_norm(gradients, scale, limit=limit, threads=get_num_threads())
    return scale

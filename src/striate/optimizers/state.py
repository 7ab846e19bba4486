"""The state of optimizers: arrays for each weight, and variables that custom classes add."""

import re

import numpy as np

from .. import initializers
from .._common.arguments import KeepsArguments
from .._common.checks import sequence
from .._common.stateless import with_values
from ..engine import Variable


class WithState(KeepsArguments):
    """A base class of optimizers that makes their state, lists it, and sets it."""

    #: Number of state arrays per weight.
    slots = 0

    def __init__(self):
        self._state = {}  # list of arrays by weight: slots, sum of gradients, moving average
        self._averages = {}
        self._added = {}  # pairs of a variable and its initializer, by weight; None for those that belong to no weight
        self._built_for = ()  # weights of the last call of `apply` or `build`

    @property
    def built(self):
        """Whether there is state."""
        return bool(self._state)

    @property
    def variables(self):
        """What training changes, as variables: the number of steps, the learning rate if it is a number, and the state."""
        own = [self._iterations] if self.has_schedule else [self._iterations, self._learning_rate]
        added = [variable for of_weight in self._added.values() for variable, _ in of_weight]
        states = ((weight, i, array) for weight, state in self._state.items() for i, array in enumerate(state))
        kept = [Variable(array, f"{weight.path.replace('/', '_')}_{i}", trainable=False) for weight, i, array in states]
        for variable in (*own, *kept):
            variable.path = f"{self.name}/{variable.name}"
        return [*own, *added, *kept]

    def set_weights(self, weights):
        """Set the elements of `variables` to those of a list of arrays."""
        given, own = sequence("weights", weights, "arrays"), self.variables
        if len(given) != len(own):
            raise ValueError(f"weights has {len(given)} elements; expected {len(own)}, one for each variable")
        for variable, array in zip(own, given, strict=True):
            variable.assign(array)

    def build(self, variables):
        """Make the state of weights, once; a custom class may define it to add variables, as in Keras.

        Parameters
        ----------
        variables : list of Variable
            Weights that will be updated.
        """
        self._built_for = sequence("variables", variables, "Variables")
        for weight in self._built_for:
            if weight not in self._state:
                self._state[weight] = self._whole_initial_state(weight)
                if any(re.search(pattern, weight.name) for pattern in self._undecayed_names):
                    self._undecayed.append(weight)
                if self.use_ema:
                    self._averages[weight] = Variable(self._state[weight][-1], "average", trainable=False)

    def prepare(self, weights, more=False):
        """Make the state of weights that have none yet.

        Parameters
        ----------
        weights : list of Variable
            Weights that will be updated.
        more : bool
            Whether weights may be added to those of earlier steps, for example of layers that were frozen.
        """
        check_same(weights, self._state, more)
        self._extend(weights)

    def _extend(self, weights):
        """Make the state of weights that have none yet, which may be all."""
        if self._adds_variables:
            check_same(weights, self._state)
        if any(weight not in self._state for weight in weights):
            self.build(weights)

    @property
    def _adds_variables(self):
        """Whether a custom class defines `build`, which makes variables for all weights at once."""
        return type(self).build is not WithState.build

    def add_variable(self, shape, initializer="zeros", dtype=None, aggregation="none", layout=None, name=None):
        """Return a new variable that is a part of the state, for `build` of a custom class.

        Parameters
        ----------
        shape : tuple of int
            Shape of the variable.
        initializer : str or callable
            Its initial elements.
        dtype : str, optional
            Its dtype; "float32" if None.
        aggregation, layout
            Accepted for compatibility with Keras, without effect.
        name : str, optional
            Its name.

        Returns
        -------
        Variable
        """
        return self._add_variable(None, shape, initializer, dtype, name)

    def add_variable_from_reference(self, reference_variable, name=None, initializer="zeros"):
        """Return a new variable of the shape and dtype of a weight, for `build` of a custom class.

        Parameters
        ----------
        reference_variable : Variable
            The weight.
        name : str, optional
            The name, to which the weight's path is added in front.
        initializer : str or callable
            The initial elements.

        Returns
        -------
        Variable
        """
        weight = reference_variable
        name = f"{weight.path.replace('/', '_')}_{name or 'var'}"
        return self._add_variable(weight, weight.shape, initializer, weight.dtype, name)

    def add_optimizer_variables(self, trainable_variables, name, initializer="zeros"):
        """Return new variables of the shapes and dtypes of weights, for `build` of a custom class.

        Parameters
        ----------
        trainable_variables : list of Variable
            The weights.
        name : str or list of str
            The name, or a list of them, for as many variables for each weight.
        initializer : str or callable, or a list of them
            The initial elements, or those for each name.

        Returns
        -------
        list of Variable, or tuple of list
            For each weight; for a list of names, such a list for each of them.
        """
        if isinstance(name, str):
            return self.add_optimizer_variables(trainable_variables, [name], [initializer])[0]
        several = initializer if isinstance(initializer, (list, tuple)) else [initializer] * len(name)
        if len(several) != len(name):
            raise ValueError(f"initializer has {len(several)} elements; expected {len(name)}, one for each name")
        return tuple(
            [self.add_variable_from_reference(weight, *each) for weight in trainable_variables]
            for each in zip(name, several, strict=True)
        )

    def _add_variable(self, weight, shape, initializer, dtype, name):
        initializer = initializers.get(initializer)
        variable = Variable(initializer, name or "variable", trainable=False, shape=shape, dtype=dtype)
        self._added.setdefault(weight, []).append((variable, initializer))
        return variable

    def assign(self, variable, value):
        """Set a variable to a value; Keras' optimizers call this method."""
        variable.assign(value)

    def assign_add(self, variable, value):
        """Add a value to a variable; Keras' optimizers call this method."""
        variable.assign_add(value)

    def assign_sub(self, variable, value):
        """Subtract a value from a variable; Keras' optimizers call this method."""
        variable.assign_sub(value)

    def _get_variable_index(self, variable):
        """Return the index of a weight among those of `build`; Keras' own name, which custom classes call."""
        return next(i for i, weight in enumerate(self._built_for) if weight is variable)

    def _whole_initial_state(self, weight):
        """Return the initial state of a weight, with its moving average last if that is kept."""
        state = list(self.initial_state(weight.array))
        if self.gradient_accumulation_steps is not None:
            state.append(np.zeros_like(weight.array))
        return [*state, weight.numpy()] if self.use_ema else state

    def initial_state(self, weight):
        """Return the initial state of a weight: `slots` arrays."""
        return [np.zeros_like(weight) for _ in range(self.slots)]

    def slots_of(self, weight):
        """Return the state arrays of a weight that `update` takes: all but the sum of its gradients, and its average."""
        state = self._state[weight]
        return state[: len(state) - self.use_ema - (self.gradient_accumulation_steps is not None)]

    def _total_gradient(self, weight):
        """Return the sum of a weight's gradients since the last step."""
        return self._state[weight][-1 - self.use_ema]

    def average_of(self, weight):
        """Return the moving average of a weight as a variable, or None if it is not kept."""
        return self._averages.get(weight)

    def _added_for(self, weight):
        """Return the pairs of added variables and initializers that are stored with a weight.

        Variables that belong to no weight are stored with the first one.
        """
        first = next(iter(self._state), None)
        return [*(self._added.get(None, []) if weight is first else []), *self._added.get(weight, [])]

    def state_of(self, weight):
        """Return the list of all state arrays of a weight, whose addresses never change; empty if there are none."""
        return [*self._state.get(weight, []), *(variable.array for variable, _ in self._added_for(weight))]

    def get_state(self):
        """Return copies of all state arrays, in the order in which the weights were first updated."""
        return [array.copy() for weight in self._state for array in self.state_of(weight)]

    def check_state(self, arrays, weights):
        """Check that the shapes of arrays are those of the state of `weights`, and return the dtypes of that state."""
        self.prepare(weights)
        own = [array for weight in weights for array in self.state_of(weight)]
        if [array.shape for array in own] != [array.shape for array in arrays]:
            raise ValueError("the optimizer's state does not fit the weights; expected the state of the same model")
        return [array.dtype for array in own]

    def set_state(self, iterations, arrays, weights):
        """Set `iterations`, and the state of `weights` to what `get_state` returned; reset the state of all other weights."""
        self.check_state(arrays, weights)
        given = {id(weight) for weight in weights}
        own = [array for weight in weights for array in self.state_of(weight)]
        for weight in self._state:
            if id(weight) not in given:
                own += self.state_of(weight)
                added = (initializer(variable.shape, variable.dtype) for variable, initializer in self._added_for(weight))
                arrays = [*arrays, *self._whole_initial_state(weight), *added]
        for array, new in zip(own, arrays, strict=True):
            array[...] = new
        self.iterations = int(iterations)

    def stateless_apply(self, optimizer_variables, grads, trainable_variables):
        """Return the elements of weights and of `variables` after a step, which changes neither.

        Parameters
        ----------
        optimizer_variables : list of array_like
            The elements of `variables` before the step.
        grads : list of array_like
            The gradients of the weights that `build` was given.
        trainable_variables : list of array_like
            The elements of these weights before the step.

        Returns
        -------
        trainable_variables, optimizer_variables : list of ndarray

        Raises
        ------
        ValueError
            If `build` was not called, or a list has another length than expected.
        """
        if not self.built:
            raise ValueError("the optimizer has no state; expected build(weights) before stateless_apply")
        weights = list(self._built_for)
        with with_values([*weights, *self.variables], [*trainable_variables, *optimizer_variables]) as current:
            self.apply(grads)
            arrays = current()
        return arrays[: len(weights)], arrays[len(weights) :]


def check_same(weights, known, more=False):
    """Raise an error if any weight is not among those of earlier steps; or, if there may be more weights, if none is."""
    new = [weight not in known for weight in weights]
    if known and new and (all(new) if more else any(new)):
        raise ValueError("weights differ from those of earlier steps; expected one optimizer for each set of weights")

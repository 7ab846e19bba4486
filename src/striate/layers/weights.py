"""The weights of layers: creation, listing, reading and setting."""

import math
import sys
from collections.abc import Iterable
from functools import partial

import numpy as np

from .. import initializers
from .._common.checks import as_array, integers, sequence, shown, text
from .._common.randomness import generator
from .._common.structures import flat_deep
from ..engine import Variable
from ..engine.dtypes import dtype_named
from ..engine.graph import step_graph
from ..engine.operations import LossValue
from ..engine.variable import LazyArray, made
from .building import Undecided
from .sizes import axes_of_size
from .weight_settings import setting


class WithWeights:
    """A base class of layers that makes and lists their weights, and those of their sublayers.

    A `Variable` that is an attribute, or in a list or dict that is one, is a weight of the layer, too.
    """

    def __setattr__(self, name, value):
        before = vars(self).get(name)
        super().__setattr__(name, value)
        if isinstance(before, Variable) and before is not value and id(before) in self._attributed:
            self._own_weights[:] = [weight for weight in self._own_weights if weight is not before]
        if name not in self.unwatched and isinstance(value, (Variable, list, tuple, dict)):
            variables = [each for each in flat_deep(value) if isinstance(each, Variable)]
            if variables:
                if "_own_weights" not in vars(self):
                    raise RuntimeError(f"{name} is set before super().__init__() was called; expected it afterwards")
                known = set(map(id, self.weights))  # Those of `add_weight` and of sublayers, which may be kept at hand.
                new = [each for each in _unique(variables) if id(each) not in known]
                self._own_weights += new
                self._attributed |= set(map(id, new))

    def add_weight(
        self, shape=None, initializer=None, dtype=None, trainable=True, *, regularizer=None, constraint=None, name=None
    ):
        """Make a weight and append it to `weights`.

        Parameters
        ----------
        shape : tuple of int, optional
            Shape of the weight; a single number if None.
        initializer : str or callable, optional
            Initial value; if None, "glorot_uniform" for floats, and "zeros" for other dtypes. See `striate.initializers`.
        dtype : str, optional
            Dtype: the layer's, which is that of None, or one of integers or booleans, for counters and the like.
        trainable : bool
            Whether training changes the weight.
        regularizer : str or Regularizer, optional
            Penalty on the weight, added to the loss; see `striate.regularizers`.
        constraint : str or Constraint, optional
            Constraint applied to the weight after each step; see `striate.constraints`.
        name : str, optional
            Name, unique among the weights of the layer.

        Returns
        -------
        Variable
            The weight.

        Raises
        ------
        TypeError
            If an argument has a wrong type.
        ValueError
            If an argument has a wrong value, a size in `shape` is unknown, or the initializer returns another shape.
        MemoryError
            If the weight cannot fit into memory.
        """
        name = f"weight_{len(self._own_weights)}" if name is None else text("name", name)
        if any(weight.name == name for weight in self._own_weights):
            raise ValueError(f"name={shown(name)} is the name of another weight of layer {self.name!r}; expected a unique name")
        shape = [] if shape is None else sequence("shape", shape, "sizes")
        dtype = np.dtype(self.dtype) if dtype is None else dtype_named(dtype)
        if dtype.kind == "f" and dtype != self.dtype:
            raise ValueError(f"dtype={shown(dtype)} of {name!r} differs from layer {self.name!r}; expected {self.dtype!r}")
        if any(size is None for size in shape):
            raise ValueError(
                f"layer {self.name!r} cannot have a weight {name!r} of shape {tuple(shape)}, as the input's size is not known; "
                "expected an Input with all sizes, or global pooling before the layer"
            )
        self._axes_of_weights = self._axes_of_weights.union(*map(axes_of_size, shape))
        shape = integers("shape", shape, 0, None)
        if math.prod(shape) > sys.maxsize // 8:  # A float64 has 8 bytes.
            raise MemoryError(f"layer {self.name!r} would have a weight {name!r} of shape {shape}; expected fewer elements")
        if initializer is None:
            initializer = "glorot_uniform" if dtype.kind == "f" else "zeros"
        initializer = setting("initializer", initializer)
        draw = partial(_initial_array, self.name, name, shape, dtype, initializer)
        if isinstance(self._rng, Undecided):
            value = LazyArray(shape, dtype, lambda: made(draw(generator())))
        else:
            value = draw(generator() if self._rng is None else self._rng)
        regularizer, constraint = setting("regularizer", regularizer), setting("constraint", constraint)
        variable = Variable(value, name, trainable, regularizer, constraint)
        if isinstance(self._rng, Undecided):
            self._rng.weights.append((variable, draw))
        self._own_weights.append(variable)
        return variable

    def add_variable(self, shape, initializer="glorot_uniform", dtype=None, trainable=True, **kwargs):
        """Make a weight, as `add_weight` does; Keras' other name of it."""
        return self.add_weight(shape, initializer, dtype, trainable, **kwargs)

    @property
    def weights(self):
        """All weights of the layer and its sublayers, in the order of `get_weights`."""
        return [*self._own_weights, *_unique(weight for layer in self._sublayers() for weight in layer.weights)]

    @property
    def trainable_weights(self):
        """The weights that training changes by gradients; none if `trainable` is False."""
        if not self.trainable:
            return []
        own = [weight for weight in self._own_weights if weight.trainable]
        if not self._sublayers():
            return own
        return [*own, *_unique(weight for layer in self._sublayers() for weight in layer.trainable_weights)]

    @property
    def non_trainable_weights(self):
        """The weights that training does not change by gradients, such as running statistics."""
        trainable = {id(weight) for weight in self.trainable_weights}
        return [weight for weight in self.weights if id(weight) not in trainable]

    variables = weights
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    @property
    def losses(self):
        """The current penalties on the weights of the layer and its sublayers, and the losses that its last call on arrays
        added.

        They are numbers; in a model's step, they are values, and the losses that layers have added so far in the step are among
        them.
        """
        graph = step_graph(())
        if graph is not None:
            weights = [weight for weight in self.trainable_weights if weight.regularizer is not None]
            names = {self.name, *(layer.name for layer in self._sublayers())}  # A step may call parts of a model by themselves.
            added = [
                value if start is value else LossValue(value, start, gradient).y
                for value, [(start, gradient)] in graph.losses
                if (value.producer.layer or "").split("/")[0] in names
            ]
            return [weight.regularizer(graph.value_of(weight)) for weight in weights] + added
        regularized = [weight for weight in self.trainable_weights if weight.regularizer is not None]
        return [float(weight.regularizer(weight.value)) for weight in regularized] + self._added_losses

    def get_weights(self):
        """Return copies of the weights, as a list of arrays."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights):
        """Set the weights to a list of arrays like that of `get_weights`. All are checked before any weight is changed.

        Parameters
        ----------
        weights : list of array_like
            New values, one for each of `weights`, of the same shapes.

        Raises
        ------
        TypeError
            If `weights` is not a list of arrays of real numbers.
        ValueError
            If the number of arrays, or the shape of one, is wrong.
        """
        for new, weight in zip(self.check_weights(weights), self.weights, strict=True):
            weight.assign(new)

    def check_weights(self, weights):
        """Return a list of arrays for `set_weights`, after checking their number, shapes and dtypes."""
        if (
            not isinstance(weights, Iterable)
            or isinstance(weights, (str, bytes))
            or (isinstance(weights, np.ndarray) and not weights.ndim)
        ):
            raise TypeError(f"weights={shown(weights)} is of type {type(weights).__name__}; expected a list of arrays")
        weights = [as_array(f"weights[{i}]", weight) for i, weight in enumerate(weights)]
        own = self.weights
        if len(weights) != len(own):
            unbuilt = "" if self.built else ", as it is not built yet"
            raise ValueError(
                f"layer {self.name!r}: weights has {len(weights)} elements; expected {len(own)}, one for each weight{unbuilt}"
            )
        for i, (new, weight) in enumerate(zip(weights, own, strict=True)):
            if new.dtype.kind not in "fiub":
                raise TypeError(
                    f"layer {self.name!r}: weights[{i}], for {weight.path!r}, has dtype {new.dtype}; expected real numbers"
                )
            if new.shape != weight.shape:
                raise ValueError(
                    f"layer {self.name!r}: weights[{i}], for {weight.path!r}, has shape {new.shape}; expected {weight.shape}"
                )
        return weights

    def count_params(self):
        """Return the number of elements of all weights."""
        return sum(math.prod(weight.shape) for weight in self.weights)


def _initial_array(layer, name, shape, dtype, initializer, rng):
    """Return the initial array of a weight, which may be lazy; errors name the layer and the argument."""
    try:
        value = initializers.initial_array(initializer, shape, dtype, rng)
    except (TypeError, ValueError) as error:
        raise type(error)(f"layer {layer!r}, {name}_initializer={shown(initializer)}: {error}") from error
    if value.shape != shape:
        raise ValueError(
            f"layer {layer!r}, {name}_initializer={shown(initializer)} returned shape {value.shape}; expected {shape}"
        )
    return value


def _unique(things):
    """Return the different objects among `things`, in order of their first appearance."""
    return list({id(thing): thing for thing in things}.values())

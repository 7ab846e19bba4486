"""Several optimizers for one model, each for some of its weights."""

import re
import warnings
from collections.abc import MutableMapping

from .._common.arguments import name_of
from .._common.checks import called, choice, shown
from .._common.errors import Constructed
from .._common.registry import arguments_in, describe, described, with_custom_objects
from .base import Optimizer
from .state import check_same
from .table import CLASSES, made_from


class OptimizerMap(Constructed, MutableMapping):
    """Optimizers by the paths of the weights that they update, for `MultiOptimizer`.

    A key is a path, as `Variable.path` has it, or a regular expression that matches whole paths.

    Parameters
    ----------
    default_optimizer : Optimizer
        The optimizer of weights that no key matches.
    optimizer_map : dict of str to Optimizer, optional
        The optimizers.

    Raises
    ------
    TypeError
        If an argument is not what is expected.
    ValueError
        If a key is set twice or to anything but an optimizer, or if several keys match a path that is looked up.

    Examples
    --------
    >>> from striate import optimizers
    >>> chosen = optimizers.OptimizerMap(optimizers.Adam(), {"head/.*": optimizers.SGD(0.1)})
    >>> type(chosen["head/kernel"]).__name__, type(chosen["body/kernel"]).__name__
    ('SGD', 'Adam')
    """

    def __init__(self, default_optimizer, optimizer_map=None):
        if not isinstance(default_optimizer, Optimizer):
            raise TypeError(f"default_optimizer={shown(default_optimizer)} is not an optimizer; expected one")
        if optimizer_map is not None and not isinstance(optimizer_map, dict):
            raise TypeError(f"optimizer_map={shown(optimizer_map)} is not a dict; expected optimizers by the paths of weights")
        self._default_optimizer = default_optimizer
        self._optimizers = {}
        for key, optimizer in (optimizer_map or {}).items():
            self[key] = optimizer

    @property
    def default_optimizer(self):
        """The optimizer of weights that no key matches."""
        return self._default_optimizer

    def __getitem__(self, key):
        """Return the optimizer of the weight with a path."""
        if key in self._optimizers:
            return self._optimizers[key]
        matching = [pattern for pattern in self._optimizers if re.fullmatch(pattern, key)]
        if len(matching) > 1:
            raise ValueError(f"the keys {matching} all match the path {key!r}; expected at most one that does")
        return self._optimizers[matching[0]] if matching else self._default_optimizer

    def __setitem__(self, key, optimizer):
        """Set the optimizer of the weights with a path, or with paths that match."""
        if not isinstance(key, str):
            raise ValueError(f"key={shown(key)} is of type {type(key).__name__}; expected a path, or a regular expression")
        if key in self._optimizers:
            raise ValueError(f"key={shown(key)} has an optimizer; expected another key, or the deletion of this one before")
        self._optimizers[key] = _single(optimizer, f"the optimizer of key {key!r}")

    def __delitem__(self, key):
        del self._optimizers[key]

    def __iter__(self):
        return iter(self._optimizers)

    def __len__(self):
        return len(self._optimizers)

    def __call__(self, variable):
        """Return the optimizer of a weight."""
        return self[variable.path]

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "default_optimizer": describe(self._default_optimizer),
            "optimizer_map": {key: describe(optimizer) for key, optimizer in self._optimizers.items()},
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Make a map from what `get_config` returned; `custom_objects` holds custom optimizers and schedules by name."""
        others = arguments_in(config["optimizer_map"])
        return cls(
            made_from(config["default_optimizer"], CLASSES, custom_objects),
            {key: made_from(each, CLASSES, custom_objects) for key, each in others.items()},
        )


class MultiOptimizer(Optimizer):
    """Several optimizers, each of which updates some of the weights.

    Parameters
    ----------
    optimizer_map : OptimizerMap or callable
        Chooses the optimizers; or a function of a weight that returns its optimizer. A `MultiOptimizer` cannot be chosen.
    loss_scale_factor : None
        Keras' argument of this name, which is not supported.
    name : str, optional
        Name of the optimizer.

    Attributes
    ----------
    optimizers : list of Optimizer
        The optimizers, each with its `learning_rate`, which this one has not.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is expected, or, when training begins, what is chosen is not an optimizer.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, optimizers
    >>> x = np.arange(8.0, dtype="float32").reshape(8, 1) / 8
    >>> model = Sequential([layers.Input((1,)), layers.Dense(4, name="body"), layers.Dense(1, name="head")], rng=0)
    >>> chosen = optimizers.OptimizerMap(optimizers.SGD(0.1), {".*/head/.*": optimizers.Adam(0.01)})
    >>> model.compile(optimizers.MultiOptimizer(chosen), "mse")
    >>> history = model.fit(x, x, epochs=20, verbose=0)
    >>> [(each.name, each.iterations) for each in model.optimizer.optimizers]
    [('adam', 20), ('sgd', 20)]
    """

    def __init__(self, optimizer_map, loss_scale_factor=None, name=None):
        self._chosen = {}  # optimizer by weight
        self._optimizers = []
        super().__init__(0.0, loss_scale_factor=loss_scale_factor, name=name)
        self._map = called("optimizer_map", optimizer_map, "the optimizer of a weight")
        if isinstance(optimizer_map, OptimizerMap):
            self._optimizers += dict.fromkeys([*optimizer_map.values(), optimizer_map.default_optimizer])

    @property
    def optimizers(self):
        """The optimizers that update weights."""
        return list(self._optimizers)

    @property
    def learning_rate(self):
        """Not there, as each of `optimizers` has its own."""
        raise AttributeError("a MultiOptimizer has no learning_rate; expected that of one of its `optimizers`")

    @learning_rate.setter
    def learning_rate(self, value):
        if self._optimizers:  # The constructor of all optimizers sets it, too.
            raise AttributeError("a MultiOptimizer has no learning_rate; expected that of one of its `optimizers`")

    @property
    def has_schedule(self):
        """Whether the learning rate of one of `optimizers` comes from a schedule or function."""
        return any(each.has_schedule for each in self._optimizers)

    @property
    def variables(self):
        """What training changes, as variables: the number of steps, and the variables of all `optimizers`."""
        return [self._iterations, *(variable for each in self._optimizers for variable in each.variables)]

    def build(self, variables):
        """Choose the optimizers of weights, and make their state."""
        self.prepare(variables)

    def prepare(self, weights, more=False):
        """Choose the optimizers of weights that have none, and make the state of weights that have none yet."""
        check_same(weights, self._chosen, more)
        self._built_for = list(weights)
        if not self._chosen and isinstance(self._map, OptimizerMap):
            _warn_of_idle_keys(self._map, [weight.path for weight in weights])
        for weight in weights:
            if weight not in self._chosen:
                self._chosen[weight] = _single(self._map(weight), f"the optimizer of weight {weight.path!r}")
                if self._chosen[weight] not in self._optimizers:
                    self._optimizers.append(self._chosen[weight])
        for each, own in self.weights_by_optimizer(weights):
            each._extend(own)  # All weights of one optimizer may be new, if they were frozen.

    @property
    def built(self):
        """Whether there is state."""
        return bool(self._chosen)

    def weights_by_optimizer(self, weights):
        """Return pairs of an optimizer and those of some weights that it updates."""
        pairs = [(each, [weight for weight in weights if self._chosen[weight] is each]) for each in self._optimizers]
        return [(each, own) for each, own in pairs if own]

    @property
    def global_clipnorm(self):
        """Limit of the common norm of gradients, of one of `optimizers` that has one."""
        return next((each.global_clipnorm for each in self._optimizers if each.global_clipnorm is not None), None)

    @global_clipnorm.setter
    def global_clipnorm(self, limit):
        """Do nothing: the constructor of all optimizers sets it."""

    @property
    def use_ema(self):
        """Whether one of `optimizers` keeps averages of weights."""
        return any(each.use_ema for each in self._optimizers)

    @use_ema.setter
    def use_ema(self, value):
        """Do nothing: the constructor of all optimizers sets it."""

    def begin_step(self):
        """Begin a step of the optimizers that have weights."""
        self._iterations.assign_add(1)
        for each, _ in self.weights_by_optimizer(self._chosen):
            each.begin_step()

    def end_step(self, weights):
        """End a step of the optimizers of weights."""
        for each, own in self.weights_by_optimizer(weights):
            each.end_step(own)

    def finish(self, weights):
        """Replace weights by their moving averages, if these are kept."""
        for each, own in self.weights_by_optimizer(weights):
            each.finish(own)

    def average_of(self, weight):
        """Return the moving average of a weight as a variable, or None if it is not kept."""
        return self._chosen[weight].average_of(weight) if weight in self._chosen else None

    def state_of(self, weight):
        """Return the list of all state arrays of a weight; empty if there are none."""
        return self._chosen[weight].state_of(weight) if weight in self._chosen else []

    def get_state(self):
        """Return copies of all state arrays."""
        return [array for each in self._optimizers for array in each.get_state()]

    def set_state(self, iterations, arrays, weights):
        """Set the numbers of steps, and the state of `weights`; reset the state of all other weights."""
        self.check_state(arrays, weights)
        found = iter(arrays)
        given = {weight: [next(found) for _ in self.state_of(weight)] for weight in weights}
        for each in self._optimizers:
            own = [weight for weight in weights if self._chosen[weight] is each]
            if own or each.built:
                each.set_state(iterations, [array for weight in own for array in given[weight]], own)
        self.iterations = int(iterations)

    def get_config(self):
        """Return the constructor's arguments."""
        chosen = self._map
        if isinstance(chosen, OptimizerMap):
            named = describe(chosen)
        else:
            named = {"class_name": "function", "config": name_of("optimizer_map", chosen, ", or an OptimizerMap")}
        return {"optimizer_map": named, "loss_scale_factor": None, "name": self.name}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Make an optimizer from what `get_config` returned; `custom_objects` holds custom functions and classes by name."""
        described_map = arguments_in(config).get("optimizer_map")
        if isinstance(described_map, dict) and described_map.get("class_name") == "function":
            known = with_custom_objects({}, custom_objects)
            given = described_map["config"]  # a function itself in copies of models
            chosen = given if callable(given) else known[choice("optimizer_map (see custom_objects)", given, tuple(known))]
        else:
            map_class, arguments = described(described_map, {"OptimizerMap": OptimizerMap}, "class_name of optimizer_map")
            chosen = map_class.from_config(arguments, custom_objects)
        return cls(**{**config, "optimizer_map": chosen})


def _warn_of_idle_keys(optimizer_map, paths):
    """Warn of keys that match none of the paths of weights, and may be mistyped."""
    idle = [key for key in optimizer_map if not any(path == key or re.fullmatch(key, path) for path in paths)]
    if paths and idle:
        warnings.warn(f"the keys {idle} of optimizer_map match no weight that is trained, of {shown(paths)}", stacklevel=3)


def _single(optimizer, what):
    """Return an optimizer after checking that it is one, and updates weights itself; errors call it `what`."""
    if not isinstance(optimizer, Optimizer) or isinstance(optimizer, MultiOptimizer):
        raise ValueError(f"{what} is {shown(optimizer)}; expected an optimizer that updates weights itself")
    return optimizer

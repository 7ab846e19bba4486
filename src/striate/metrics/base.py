"""The base class of metrics, metrics of numbers and functions, and helpers for targets and predictions."""

import functools
from types import MappingProxyType

import numpy as np

from .. import initializers
from .._common.arguments import KeepsArguments, is_of_the_library, made_of, name_of
from .._common.checks import called, real_array, text
from .._common.docstrings import documented
from .._common.errors import parameters_of
from .._common.names import KnowsOtherNames
from .._common.registry import snake_case
from .._common.stateless import with_values
from .._common.structures import flat_deep
from ..engine import Value, Variable, operations
from ..engine.dtypes import dtype_named
from ..engine.graph import step_graph
from ..engine.operators import Operators, nothing_emitted

#: Docstring sections that metrics share.
NAMED = """
    Parameters
    ----------
    name : str, optional
        Name in logs.
    dtype : str or DTypePolicy, optional
        Dtype of the variables that `add_variable` makes; "float32" if None. Results are computed with float64.
    """


def _in_steps(method):
    """Wrap `update_state` or `reset_state` so that, in a model's step, the call becomes a part of the step's program."""

    @functools.wraps(method)
    def call(self, *arguments, **kwargs):
        given = [*arguments, *kwargs.values()]
        if any(isinstance(each, Operators) and not isinstance(each, (Value, Variable)) for each in given):
            return None  # Symbolic tensors, with which the `call` of a layer is traced, have no elements to take into account.
        graph = step_graph(given)
        if graph is None:
            return method(self, *arguments, **kwargs)
        values = [each for each in given if isinstance(each, Value)]

        def run(*arrays):
            found = iter(arrays)
            filled = [next(found).copy() if isinstance(each, Value) else each for each in given]  # A metric may keep it.
            named = dict(zip(kwargs, filled[len(arguments) :], strict=True))
            with nothing_emitted():
                method(self, *filled[: len(arguments)], **named)

        operations.Call(graph, run, values)
        return None

    return call


def _result_in_steps(method):
    """Wrap `result` so that, in a model's step, it returns a value that the step's program computes."""

    @functools.wraps(method)
    def result(self):
        graph = step_graph(())
        if graph is None:
            return method(self)

        def now():
            with nothing_emitted():  # A subclass's method may call this one.
                return method(self)

        def write(array):
            array[...] = now()

        return operations.Call(graph, write, shape=np.shape(now()), dtype=np.float64).y

    return result


#: Attributes of means, whose variables `add_variable` made.
_OF_MEANS = ("_given", "_total", "_count", "_variables")

#: What wraps the methods of metrics that may be called in a model's step.
_WRAPPERS = {"reset_state": _in_steps, "result": _result_in_steps, "update_state": _in_steps}


class Metric(KeepsArguments, KnowsOtherNames):
    """Base class of metrics.

    A subclass either defines `values`, whose weighted mean is the result, or creates variables with `add_variable` in its
    constructor, and defines `update_state` and `result`.

    Parameters
    ----------
    name : str, optional
        Name in logs; the class's name in snake case if None.
    dtype : str or DTypePolicy, optional
        Dtype of the variables that `add_variable` makes; "float32" if None.

    Examples
    --------
    >>> from striate import metrics
    >>> class Within(metrics.Metric):
    ...     def values(self, y_true, y_pred):
    ...         return abs(y_true - y_pred) <= 1
    >>> Within()([1.0, 2.0], [1.5, 9.0])
    0.5
    """

    _other_names = MappingProxyType({"reset_states": "`reset_state`", "weights": "`variables`"})

    kind = "metric"  # by which layers find their metrics
    default_name = None  # None for the class's name in snake case

    #: Whether a larger value is better; None if unknown.
    larger_is_better = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        _wrap(cls)

    def __init__(self, name=None, dtype=None):
        self.name = (self.default_name or snake_case(type(self).__name__)) if name is None else text("name", name)
        self._dtype = "float32" if dtype is None else dtype_named(getattr(dtype, "compute_dtype", dtype)).name
        self._variables = []
        if type(self).values is not Metric.values:
            self._total, self._count = (self.add_variable((), dtype=np.float64, name=name) for name in ("total", "count"))

    @property
    def dtype(self):
        """Name of the dtype of the variables that `add_variable` makes."""
        return self._dtype

    @property
    def variables(self):
        """The variables that `add_variable` made, and those of a mean: the sum of the weighted values, and of the weights.

        Of a custom class, variables that are attributes, or in lists and dicts that are, follow, and those of metrics there.
        """
        if is_of_the_library(type(self)):
            return list(self._variables)
        held = flat_deep([value for name, value in vars(self).items() if name not in _OF_MEANS])
        parts = [part for each in held for part in (each.variables if isinstance(each, Metric) else [each])]
        return list({id(part): part for part in (*self._variables, *parts) if isinstance(part, Variable)}.values())

    def add_variable(self, shape=(), initializer="zeros", dtype=None, aggregation=None, name=None):
        """Return a new `Variable` for the state of the metric, with `assign` and `assign_add`.

        Parameters
        ----------
        shape : tuple of int
            Shape of the variable.
        initializer : str or callable
            Initializer of the variable, which `reset_state` sets to zero.
        dtype : str, optional
            Dtype of the variable; the metric's dtype if None.
        aggregation : str, optional
            Accepted for compatibility with Keras, and ignored.
        name : str, optional
            Name of the variable.
        """
        dtype = np.dtype(self.dtype if dtype is None else dtype)
        array = initializers.initial_array(initializers.get(initializer), tuple(shape), dtype, np.random.default_rng(0))
        variable = Variable(array, f"variable_{len(self._variables)}" if name is None else name, trainable=False)
        variable.path = f"{self.name}/{variable.name}"
        self._variables.append(variable)
        return variable

    def add_weight(self, shape=(), initializer="zeros", dtype=None, name=None):
        """Return a new variable; `add_variable` is the newer name of this method."""
        return self.add_variable(shape, initializer, dtype, name=name)

    def values(self, y_true, y_pred):
        """Return a value for each sample, or for each element of a sample.

        Parameters
        ----------
        y_true : ndarray
            Targets, as prepared by the loss.
        y_pred : ndarray, shape (batch, ...)
            Predictions.
        """
        raise TypeError(f"{type(self).__name__} does not define values; expected a metric that does")

    def reset_state(self):
        """Forget all batches."""
        for variable in self.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account.

        Parameters
        ----------
        y_true, y_pred : array_like
            Targets and predictions.
        sample_weight : float or array_like, shape (batch,) or (batch, ...), optional
            Weights of the samples.
        """
        y_true, y_pred = real_array("y_true", y_true), real_array("y_pred", y_pred)
        values = np.asarray(self.values(y_true, y_pred), np.float64)
        weights = broadcast_weights(values, sample_weight)
        add_to(self._total, (values * weights).sum())
        add_to(self._count, weights.sum())

    def result(self):
        """Return the weighted mean over all batches so far; 0 if the weights add up to 0, as in Keras."""
        total, count = float(self._total.array), float(self._count.array)
        return total / count if count else 0.0

    def __call__(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account and return the result so far."""
        self.update_state(y_true, y_pred, *([] if sample_weight is None else [sample_weight]))
        return self.result()

    def stateless_update_state(self, metric_variables, *args, **kwargs):
        """Return the arrays of `variables` after `update_state`, which begins with those of `metric_variables`.

        The metric itself does not change.
        """
        with with_values(self.variables, metric_variables) as current:
            self.update_state(*args, **kwargs)
            return current()

    def stateless_result(self, metric_variables):
        """Return what `result` returns for these arrays of `variables`."""
        with with_values(self.variables, metric_variables):
            return self.result()

    def stateless_reset_state(self):
        """Return the arrays of `variables` after `reset_state`; the metric itself does not change."""
        with with_values(self.variables, self.variables) as current:
            self.reset_state()
            return current()

    def get_config(self):
        """Return the constructor's arguments."""
        takes_dtype = "dtype" in parameters_of(type(self))
        return {"name": self.name, "dtype": self.dtype} if takes_dtype else {"name": self.name}

    @classmethod
    def from_config(cls, config):
        """Make a metric from what `get_config` returned."""
        return made_of(cls, config)


def add_to(variable, numbers):
    """Add numbers to a variable of a metric: as no weight is derived from it, the change need not be noted."""
    variable.array[...] += numbers


def _wrap(cls):
    for name in _WRAPPERS.keys() & vars(cls).keys():
        setattr(cls, name, _WRAPPERS[name](vars(cls)[name]))


_wrap(Metric)


class _MetricOfNumbers(Metric):
    """Base class of metrics of numbers instead of targets and predictions."""

    def update_state(self, values, sample_weight=None):
        """Take numbers into account, with their weights."""
        values = real_array("values", values)
        super().update_state(values, values, sample_weight)

    def values(self, y_true, y_pred):
        """Return the numbers."""
        return y_pred

    def __call__(self, values, sample_weight=None):
        """Take numbers into account and return the result so far."""
        self.update_state(values, sample_weight)
        return self.result()


@documented(NAMED)
class Mean(_MetricOfNumbers):
    """Weighted mean of numbers.

    Examples
    --------
    >>> from striate import metrics
    >>> mean = metrics.Mean()
    >>> mean.update_state([1.0, 3.0])
    >>> mean.update_state([5.0])
    >>> mean.result()
    3.0
    """


@documented(NAMED)
class Sum(_MetricOfNumbers):
    """Weighted sum of numbers.

    Examples
    --------
    >>> from striate import metrics
    >>> total = metrics.Sum()
    >>> total.update_state([1.0, 3.0])
    >>> total.result()
    4.0
    """

    def __init__(self, name=None, dtype=None):
        super().__init__(name, dtype)
        self._variables = [self._total]  # The sum of the weights is no part of the result.

    def result(self):
        """Return the sum so far."""
        return float(self._total.array)


class FunctionMetric(Metric):
    """Mean of the values that a function returns.

    Parameters
    ----------
    function : callable
        ``function(y_true, y_pred)`` takes arrays, and returns a value for each sample.
    name : str, optional
        Name in logs; the function's name if None.
    larger_is_better : bool, optional
        Whether a larger value is better; None if unknown.
    dtype : str, optional
        See `Metric`.

    Examples
    --------
    >>> from striate import metrics
    >>> def largest_error(y_true, y_pred):
    ...     return abs(y_true - y_pred).max(axis=-1)
    >>> metrics.FunctionMetric(largest_error)([[1.0, 2.0]], [[1.5, 4.0]])
    2.0
    """

    def __init__(self, function, name=None, larger_is_better=None, dtype=None):
        self.function = called("function", function)
        super().__init__(getattr(function, "__name__", "metric") if name is None else name, dtype)
        self.larger_is_better = larger_is_better

    def values(self, y_true, y_pred):
        """Return the value of each sample."""
        return self.function(y_true, predictions(y_pred))

    def get_config(self):
        """Return the constructor's arguments, with the function's name, by which loading finds it among custom objects."""
        function = name_of("metric", self.function)
        return {**super().get_config(), "larger_is_better": self.larger_is_better, "function": function}


class MeanMetricWrapper(Metric):
    """Mean of the values that a function returns, as Keras names it.

    Parameters
    ----------
    fn : callable
        ``fn(y_true, y_pred, **kwargs)`` takes arrays, and returns a value for each sample.
    name : str, optional
        Name in logs; the function's name if None.
    dtype : str, optional
        See `Metric`.
    **kwargs
        Further arguments of the function.

    Examples
    --------
    >>> from striate import losses, metrics
    >>> metrics.MeanMetricWrapper(losses.huber, delta=0.5)([[1.0, 2.0]], [[1.5, 4.0]])
    0.5
    """

    def __init__(self, fn, name=None, dtype=None, **kwargs):
        self.fn, self._arguments = called("fn", fn), kwargs
        super().__init__(getattr(fn, "__name__", "metric") if name is None else name, dtype)

    def values(self, y_true, y_pred):
        """Return the value of each sample."""
        return self.fn(y_true, predictions(y_pred), **self._arguments)

    def get_config(self):
        """Return the constructor's arguments, with the function's name, by which loading finds it among custom objects."""
        return {"fn": name_of("metric", self.fn), "name": self.name, "dtype": self.dtype, **self._arguments}


def predictions(y_pred):
    """Return predictions as an array, with integers converted to floats, whose differences do not wrap around."""
    array = real_array("y_pred", y_pred)
    return array.astype(np.float32) if array.dtype.kind in "iub" else array


def broadcast_weights(values, sample_weight):
    """Return sample weights, without a last axis of size 1, broadcast to the shape of `values`; ones for None."""
    if sample_weight is None:
        return np.ones(values.shape)
    weights = real_array("sample_weight", sample_weight, np.float64)
    if not weights.ndim:
        return np.full(values.shape, weights)
    if weights.ndim > 1 and weights.shape[-1] == 1:
        weights = weights[..., 0]
    if weights.ndim > 1 and weights.shape == (1, *values.shape[1:]):
        return np.broadcast_to(weights, values.shape)  # Keras, too, takes a row for all samples.
    if weights.shape != values.shape[: weights.ndim]:
        raise ValueError(f"sample_weight has shape {weights.shape}; expected the first axes of {values.shape}")
    return np.broadcast_to(weights.reshape(*weights.shape, *(1,) * (values.ndim - weights.ndim)), values.shape)


def reshaped_like(y_true, y_pred):
    """Return targets reshaped to the shape of the predictions."""
    if y_true.size != y_pred.size:
        raise ValueError(f"y_true has shape {y_true.shape}, y_pred {y_pred.shape}; expected the same number of elements")
    return y_true.reshape(y_pred.shape)


def class_indices(y_true, y_pred):
    """Return targets, which are class indices or vectors over the classes, as a class index for each row of predictions."""
    if y_true.shape == y_pred.shape and y_pred.shape[-1] > 1:
        return y_true.argmax(-1)
    if y_true.size != y_pred[..., 0].size:
        raise ValueError(
            f"y_true has shape {y_true.shape}, y_pred {y_pred.shape}; expected a class index or a vector over the classes "
            "for each row"
        )
    return y_true.reshape(y_pred.shape[:-1])


def most_probable(y_pred):
    """Return the most probable class of each row, and whether the row holds NaN, so that it predicts no class."""
    return y_pred.argmax(-1), np.isnan(y_pred).any(-1)

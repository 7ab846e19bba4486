"""Functions as losses, and losses as functions."""

import inspect

from .._common.arguments import name_of
from .._common.checks import called
from .._common.errors import bound
from .._common.registry import snake_case
from ..engine.graph import of_the_block
from ..engine.operators import Operators
from .base import Loss

#: Arguments of classes of losses that their functions do not take.
_OF_INSTANCES = ("reduction", "name", "dtype")

#: Targets and predictions in the examples of functions, by the names of classes that take neither classes nor probabilities.
_EXAMPLES = {"CTC": ("[[1]]", "[[[0.25, 0.75]]]")}


class FunctionLoss(Loss):
    """A function of targets and predictions, written with `striate.ops`, as a loss.

    Parameters
    ----------
    function : callable
        ``function(y_true, y_pred)`` returns a value for each sample.
    name : str, optional
        Name of the loss; the function's name if None.
    reduction, dtype
        See `Loss`.

    Examples
    --------
    >>> from striate import losses, ops
    >>> def cubic(y_true, y_pred):
    ...     return ops.mean(ops.abs(y_true - y_pred) ** 3, axis=-1)
    >>> float(losses.FunctionLoss(cubic)([[1.0]], [[3.0]]))
    8.0
    """

    def __init__(self, function, name=None, reduction="sum_over_batch_size", dtype=None):
        self.function = called("function", function)
        super().__init__(getattr(function, "__name__", None) if name is None else name, reduction, dtype)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return self.function(y_true, y_pred)

    def get_config(self):
        """Return the constructor's arguments, with the function's name, by which loading finds it among custom objects."""
        return {**super().get_config(), "function": name_of("loss", self.function)}


def arguments_of_call(loss, y_true, y_pred):
    """Return targets and predictions, arrays or symbolic tensors, in the form that `call` of a loss takes."""
    y_true, y_pred = of_the_block(y_true), of_the_block(y_pred)
    if isinstance(y_true, Operators) or isinstance(y_pred, Operators):
        return loss.adapt(y_true), y_pred
    y_true, y_pred = loss.checked(y_true, y_pred)
    return loss.adapted(y_true), y_pred


def function_of(cls):
    """Return a class of losses as a function of targets and predictions, which returns the samples' values unreduced.

    The function takes arrays, and checks targets; in custom losses it takes symbolic tensors.
    """
    settings = [parameter for name, parameter in inspect.signature(cls).parameters.items() if name not in _OF_INSTANCES]

    def function(y_true, y_pred, *arguments, **named):
        loss = cls(**bound(function, settings, arguments, named))
        return loss.call(*arguments_of_call(loss, y_true, y_pred))

    data = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in ("y_true", "y_pred")]
    function.__signature__ = inspect.Signature([*data, *settings])
    function.__name__ = function.__qualname__ = snake_case(cls.__name__)
    function.__module__ = cls.__module__
    function.loss_class = cls
    y_true, y_pred = _EXAMPLES.get(cls.__name__, ("[1]" if cls.takes_classes else "[[0.0, 1.0]]", "[[0.25, 0.75]]"))
    function.__doc__ = f"""Return the value of each sample, which `{cls.__name__}` reduces to one number.

    Parameters
    ----------
    y_true, y_pred : array_like or symbolic tensor
        Targets and predictions; see `{cls.__name__}`, also for further parameters.

    Returns
    -------
    array or symbolic tensor

    Raises
    ------
    TypeError, ValueError
        If the targets do not fit the predictions, are not finite, or are out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import losses
    >>> y_true, y_pred = {y_true}, {y_pred}
    >>> values = losses.{function.__name__}(y_true, y_pred)
    >>> bool(np.isclose(np.mean(values), losses.{cls.__name__}()(y_true, y_pred)))
    True
    """
    return function

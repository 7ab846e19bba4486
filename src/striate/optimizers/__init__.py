"""Optimizers, which update weights by their gradients."""

from .._common.names import public_attributes
from .._common.registry import describe, registered, resolve
from . import schedules
from .adadelta import Adadelta
from .adafactor import Adafactor
from .adagrad import Adagrad
from .adam import Adam, AdamW
from .adamax import Adamax
from .base import Optimizer
from .ftrl import Ftrl
from .lamb import Lamb
from .lion import Lion
from .multi import MultiOptimizer, OptimizerMap
from .muon import Muon
from .nadam import Nadam
from .rmsprop import RMSprop
from .schedule_free import ScheduleFreeAdamW
from .sgd import SGD
from .table import CLASSES, made_from

__all__ = [
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "MultiOptimizer",
    "Muon",
    "Nadam",
    "Optimizer",
    "OptimizerMap",
    "RMSprop",
    "ScheduleFreeAdamW",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]

__getattr__, __dir__ = public_attributes(globals())

_ALL = (*CLASSES, MultiOptimizer)
_BY_NAME = {cls.__name__.lower(): cls for cls in CLASSES}


def get(identifier):
    """Return an optimizer: `identifier` itself, or the one with that name or description; None for None.

    Examples
    --------
    >>> from striate import optimizers
    >>> optimizers.get("adam").learning_rate
    0.001
    """
    if identifier is None:
        return None
    identifier = registered(identifier)
    return deserialize(identifier) if isinstance(identifier, dict) else resolve("optimizer", identifier, Optimizer, _BY_NAME)


def serialize(optimizer):
    """Return the description ``{"class_name": …, "config": …}`` of an optimizer.

    Examples
    --------
    >>> from striate import optimizers
    >>> optimizers.serialize(optimizers.SGD(0.1))["class_name"]
    'SGD'
    """
    return describe(optimizer, "optimizer")


def deserialize(config, custom_objects=None):
    """Return an optimizer made from what `serialize` returned.

    Parameters
    ----------
    config : dict
        Description of the optimizer.
    custom_objects : dict of str to class, optional
        Custom optimizers and schedules, by the names of their classes.

    Raises
    ------
    TypeError, ValueError
        If `config` is not a description, or its class is unknown.

    Examples
    --------
    >>> from striate import optimizers
    >>> config = optimizers.serialize(optimizers.SGD(0.1))
    >>> optimizers.deserialize(config).learning_rate
    0.1
    """
    return made_from(config, _ALL, custom_objects)

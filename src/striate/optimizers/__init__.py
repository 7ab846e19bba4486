"""Optimizers, which update weights by their gradients."""

from .._common.names import public_names
from .._common.registry import describe, described, registered, resolve, with_custom_objects
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
from .muon import Muon
from .nadam import Nadam
from .rmsprop import RMSprop
from .schedule_free import ScheduleFreeAdamW
from .sgd import SGD

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
    "Muon",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "ScheduleFreeAdamW",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]

__dir__ = public_names(globals())

_ALL = (Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lamb, Lion, Muon, Nadam, RMSprop, ScheduleFreeAdamW, SGD)
_BY_NAME = {cls.__name__.lower(): cls for cls in _ALL}


def get(identifier):
    """Return an optimizer: `identifier` itself, or the one with that name or description.

    Examples
    --------
    >>> from striate import optimizers
    >>> optimizers.get("adam").learning_rate
    0.001
    """
    return resolve("optimizer", registered(identifier), Optimizer, _BY_NAME)


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
    known = with_custom_objects({cls.__name__: cls for cls in _ALL}, custom_objects)
    cls, arguments = described(config, known, "class_name of optimizer")
    return cls.from_config(arguments, custom_objects)

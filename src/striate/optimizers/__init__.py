"""Optimizers: how weights follow their gradients."""

from .._registry import resolve
from . import schedules
from .adagrad import Adagrad
from .adam import Adam, AdamW
from .base import Optimizer
from .lion import Lion
from .rmsprop import RMSprop
from .sgd import SGD

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Lion", "Optimizer", "RMSprop", "get", "schedules"]

_BY_NAME = {"adagrad": Adagrad, "adam": Adam, "adamw": AdamW, "lion": Lion, "rmsprop": RMSprop, "sgd": SGD}


def get(identifier):
    """Return an optimizer: `identifier` itself, or the one of that name or configuration."""
    return resolve("optimizer", identifier.lower() if isinstance(identifier, str) else identifier, Optimizer, _BY_NAME)

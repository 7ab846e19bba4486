"""Losses: the number that training makes small, and its gradient.

A loss is the mean over the batch of a value for each sample. Targets are checked in full, before anything is computed:
`prepare` returns them in the form that the other methods take.
"""

from .._registry import resolve
from .base import Loss
from .crossentropy import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy
from .regression import Huber, LogCosh, MeanAbsoluteError, MeanSquaredError

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Huber",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "get",
]

_BY_NAME = {
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "huber": Huber,
    "log_cosh": LogCosh,
    "mae": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
}


def get(identifier):
    """Return a loss: `identifier` itself, or the one of that name or configuration."""
    return resolve("loss", identifier, Loss, _BY_NAME)

"""Losses: the number that training makes small, and its gradient.

A loss is the mean over the batch of a value for each sample. Targets are checked in full, before anything is computed:
`prepare` returns them in the form that the other methods take.
"""

from .._registry import resolve
from .base import Loss
from .crossentropy import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy
from .focal import BinaryFocalCrossentropy, CategoricalFocalCrossentropy
from .function import FunctionLoss
from .margin import CategoricalHinge, Hinge, SquaredHinge
from .regression import Huber, LogCosh, MeanAbsoluteError, MeanSquaredError
from .similarity import CosineSimilarity, Dice, KLDivergence, Poisson

__all__ = [
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "Dice",
    "FunctionLoss",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "get",
]

_BY_NAME = {
    "binary_crossentropy": BinaryCrossentropy,
    "bce": BinaryCrossentropy,
    "binary_focal_crossentropy": BinaryFocalCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "categorical_focal_crossentropy": CategoricalFocalCrossentropy,
    "categorical_hinge": CategoricalHinge,
    "cosine_similarity": CosineSimilarity,
    "dice": Dice,
    "hinge": Hinge,
    "huber": Huber,
    "kl_divergence": KLDivergence,
    "kld": KLDivergence,
    "log_cosh": LogCosh,
    "logcosh": LogCosh,
    "mae": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "poisson": Poisson,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "squared_hinge": SquaredHinge,
}


def get(identifier):
    """Return a loss: `identifier` itself, the one of that name, of that configuration, or of that function."""
    if callable(identifier) and not isinstance(identifier, (Loss, type)):
        return FunctionLoss(identifier)
    return resolve("loss", identifier, Loss, _BY_NAME)

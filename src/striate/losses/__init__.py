"""Losses, which training minimizes, and their gradients.

A loss is the mean over the batch of a value for each sample. Targets are checked completely before anything is computed:
`prepare` returns them in the form that the other methods take. Each loss class also has a function, named in snake case, which
returns the values of the samples.
"""

from .._common.registry import resolve
from .base import Loss
from .crossentropy import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy
from .ctc import CTC
from .focal import BinaryFocalCrossentropy, CategoricalFocalCrossentropy
from .function import FunctionLoss, function_of
from .margin import CategoricalHinge, Hinge, SquaredHinge
from .metric_learning import ArcFaceLoss, ContrastiveLoss, TripletHardLoss, TripletSemiHardLoss
from .overlap import Dice, Jaccard, Tversky
from .regression import (
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
)
from .similarity import CosineSimilarity, KLDivergence, Poisson

__all__ = [
    "CTC",
    "ArcFaceLoss",
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalHinge",
    "ContrastiveLoss",
    "CosineSimilarity",
    "Dice",
    "FunctionLoss",
    "Hinge",
    "Huber",
    "Jaccard",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "TripletHardLoss",
    "TripletSemiHardLoss",
    "Tversky",
    "arc_face_loss",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "contrastive_loss",
    "cosine_similarity",
    "ctc",
    "dice",
    "get",
    "hinge",
    "huber",
    "jaccard",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "triplet_hard_loss",
    "triplet_semi_hard_loss",
    "tversky",
]

arc_face_loss = function_of(ArcFaceLoss)
binary_crossentropy = function_of(BinaryCrossentropy)
binary_focal_crossentropy = function_of(BinaryFocalCrossentropy)
categorical_crossentropy = function_of(CategoricalCrossentropy)
categorical_focal_crossentropy = function_of(CategoricalFocalCrossentropy)
categorical_hinge = function_of(CategoricalHinge)
contrastive_loss = function_of(ContrastiveLoss)
cosine_similarity = function_of(CosineSimilarity)
ctc = function_of(CTC)
dice = function_of(Dice)
hinge = function_of(Hinge)
huber = function_of(Huber)
jaccard = function_of(Jaccard)
kl_divergence = function_of(KLDivergence)
log_cosh = function_of(LogCosh)
mean_absolute_error = function_of(MeanAbsoluteError)
mean_absolute_percentage_error = function_of(MeanAbsolutePercentageError)
mean_squared_error = function_of(MeanSquaredError)
mean_squared_logarithmic_error = function_of(MeanSquaredLogarithmicError)
poisson = function_of(Poisson)
sparse_categorical_crossentropy = function_of(SparseCategoricalCrossentropy)
squared_hinge = function_of(SquaredHinge)
triplet_hard_loss = function_of(TripletHardLoss)
triplet_semi_hard_loss = function_of(TripletSemiHardLoss)
tversky = function_of(Tversky)

#: Loss functions by name.
FUNCTIONS = {name: globals()[name] for name in __all__ if hasattr(globals().get(name), "loss_class")}
_BY_NAME = {name: function.loss_class for name, function in FUNCTIONS.items()} | {
    "bce": BinaryCrossentropy,
    "kld": KLDivergence,
    "logcosh": LogCosh,
    "mae": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "mse": MeanSquaredError,
    "msle": MeanSquaredLogarithmicError,
}


def get(identifier):
    """Return a loss.

    Parameters
    ----------
    identifier : Loss, str, dict or callable
        A loss, which is returned as it is; a name, such as "mse" or "MeanSquaredError"; a configuration; or a function of
        targets and predictions.

    Raises
    ------
    TypeError, ValueError
        If `identifier` is none of these.

    Examples
    --------
    >>> from striate import losses
    >>> losses.get("mse").name, losses.get("huber").name
    ('mean_squared_error', 'huber')
    """
    if callable(identifier) and not isinstance(identifier, (Loss, type)):
        return identifier.loss_class() if identifier in FUNCTIONS.values() else FunctionLoss(identifier)
    return resolve("loss", identifier, Loss, _BY_NAME)

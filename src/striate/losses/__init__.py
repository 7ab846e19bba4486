"""Losses, which training minimizes, and their gradients.

A loss is the mean over the batch of a value for each sample. Targets are checked completely before anything is computed:
`prepare` returns them in the form that the other methods take. Each loss class also has a function, named in snake case, which
returns the values of the samples.
"""

from .._common.arguments import deserialized, name_of
from .._common.names import public_attributes
from .._common.registry import describe, registered, resolve
from .base import Loss
from .crossentropy import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CategoricalGeneralizedCrossEntropy,
    SparseCategoricalCrossentropy,
)
from .ctc import CTC
from .focal import BinaryFocalCrossentropy, CategoricalFocalCrossentropy
from .function import FunctionLoss, function_of
from .margin import CategoricalHinge, Hinge, SquaredHinge
from .metric_learning import ArcFaceLoss, Circle, ContrastiveLoss, TripletHardLoss, TripletSemiHardLoss, circle
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
    "CategoricalGeneralizedCrossEntropy",
    "CategoricalHinge",
    "Circle",
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
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
    "circle",
    "contrastive_loss",
    "cosine_similarity",
    "ctc",
    "deserialize",
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
    "serialize",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "triplet_hard_loss",
    "triplet_semi_hard_loss",
    "tversky",
]

__getattr__, __dir__ = public_attributes(globals())

arc_face_loss = function_of(ArcFaceLoss)
binary_crossentropy = function_of(BinaryCrossentropy)
binary_focal_crossentropy = function_of(BinaryFocalCrossentropy)
categorical_crossentropy = function_of(CategoricalCrossentropy)
categorical_focal_crossentropy = function_of(CategoricalFocalCrossentropy)
categorical_generalized_cross_entropy = function_of(CategoricalGeneralizedCrossEntropy)
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
    """Return a loss; None for None.

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
    if identifier is None:
        return None
    identifier = registered(identifier)
    if callable(identifier) and not isinstance(identifier, (Loss, type)):
        return identifier.loss_class() if identifier in FUNCTIONS.values() else FunctionLoss(identifier)
    return resolve("loss", identifier, Loss, _BY_NAME)


def serialize(loss):
    """Return the description ``{"class_name": …, "config": …}`` of a loss, or the name of a function.

    Examples
    --------
    >>> from striate import losses
    >>> losses.serialize(losses.Huber(0.5))["config"]["delta"]
    0.5
    >>> losses.serialize(losses.huber)
    'huber'
    """
    return describe(loss, "loss") if isinstance(loss, Loss) else name_of("loss", loss, ", or a Loss")


def deserialize(name, custom_objects=None):
    """Return the loss for what `serialize` returned.

    Parameters
    ----------
    name : str or dict
        Name or description.
    custom_objects : dict of str to class or function, optional
        Custom classes and functions, by name.

    Raises
    ------
    TypeError, ValueError
        If `name` is neither, or the loss is unknown.

    Examples
    --------
    >>> from striate import losses
    >>> losses.deserialize(losses.serialize(losses.Huber(0.5))).delta
    0.5
    """
    return deserialized(name, get, custom_objects)

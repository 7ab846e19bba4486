"""Operations: one class each, with its shape, its gradient and the kernel call that it becomes."""

from .activation import Activation, ActivationGradient, activated
from .base import Operation
from .convolution import Conv2D, Conv2DInputGradient, Conv2DKernelGradient
from .dense import Dense, MatMul, SumRows
from .dropout import Dropout
from .losses import Crossentropy, SparseCrossentropy, SquaredError
from .merging import Concatenate, Merge, MergeGradient, Split
from .normalization import BatchNormalization, LocalResponseNormalization, Moments, MovingMean
from .pooling import AveragePool2D, MaxPool2D
from .python import PythonLayer, PythonLoss
from .reshape import Reshape
from .update import ClipNorm, Update, append_updates

__all__ = [
    "Activation",
    "ActivationGradient",
    "AveragePool2D",
    "BatchNormalization",
    "ClipNorm",
    "Concatenate",
    "Conv2D",
    "Conv2DInputGradient",
    "Conv2DKernelGradient",
    "Crossentropy",
    "Dense",
    "Dropout",
    "LocalResponseNormalization",
    "MatMul",
    "MaxPool2D",
    "Merge",
    "MergeGradient",
    "Moments",
    "MovingMean",
    "Operation",
    "PythonLayer",
    "PythonLoss",
    "Reshape",
    "SparseCrossentropy",
    "Split",
    "SquaredError",
    "SumRows",
    "Update",
    "activated",
    "append_updates",
]

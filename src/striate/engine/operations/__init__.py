"""Operations: each is a class that knows its output's shape, its gradient, and the kernel call that computes it."""

from .activation import ActivationFunction, ActivationGradient, with_activation
from .arithmetic import Arithmetic, ArithmeticGradient
from .base import GraphOperation
from .calls import Assign, Call, LossValue
from .convolution import Conv2D, Conv2DInputGradient, Conv2DKernelGradient, Conv2DTranspose
from .ctc import CTCLoss
from .custom import CustomGradient
from .dense import Dense, MatMul, SumRows
from .dropout import Dropout
from .images import Levels, SampleAt
from .losses import BinaryCrossentropy, Crossentropy, Penalty, SparseCrossentropy, SquaredError
from .merging import Concatenate, Merge, MergeGradient, Split
from .normalization import BatchNormalization, GroupNormalization, LocalResponseNormalization, Moments, MovingMean
from .pooling import AveragePool2D, MaxPool2D
from .python import PythonFunction, PythonLayer, PythonLoss
from .recurrent import Recurrence
from .resampling import Broadcast, Flip, Pad, Repeat2D, Resample2D, Transpose, broadcast, flip, sum_axes
from .reshape import Reshape
from .scaling import Clip, Draw, Sample, ScaleShift
from .update import ClipNorm, ProductUpdate, Update, append_updates, keep_views, preserve

__all__ = [
    "ActivationFunction",
    "ActivationGradient",
    "Arithmetic",
    "ArithmeticGradient",
    "Assign",
    "AveragePool2D",
    "BatchNormalization",
    "BinaryCrossentropy",
    "Broadcast",
    "CTCLoss",
    "Call",
    "Clip",
    "ClipNorm",
    "Concatenate",
    "Conv2D",
    "Conv2DInputGradient",
    "Conv2DKernelGradient",
    "Conv2DTranspose",
    "Crossentropy",
    "CustomGradient",
    "Dense",
    "Draw",
    "Dropout",
    "Flip",
    "GraphOperation",
    "GroupNormalization",
    "Levels",
    "LocalResponseNormalization",
    "LossValue",
    "MatMul",
    "MaxPool2D",
    "Merge",
    "MergeGradient",
    "Moments",
    "MovingMean",
    "Pad",
    "Penalty",
    "ProductUpdate",
    "PythonFunction",
    "PythonLayer",
    "PythonLoss",
    "Recurrence",
    "Repeat2D",
    "Resample2D",
    "Reshape",
    "Sample",
    "SampleAt",
    "ScaleShift",
    "SparseCrossentropy",
    "Split",
    "SquaredError",
    "SumRows",
    "Transpose",
    "Update",
    "append_updates",
    "broadcast",
    "flip",
    "keep_views",
    "preserve",
    "sum_axes",
    "with_activation",
]

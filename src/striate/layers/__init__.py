"""Layers: their arguments, weights and shapes, and which operations of the engine they are made of."""

from ..engine import Variable
from .activation import Activation, ReLU, Softmax
from .base import InputLayer, Layer
from .convolution import Conv2D, DepthwiseConv2D, SeparableConv2D
from .core import Dense, Flatten, Input, Reshape
from .merging import Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract
from .normalization import BatchNormalization, LocalResponseNormalization
from .pooling import AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D, MaxPooling2D
from .regularization import Dropout
from .symbolic import Tensor

__all__ = [
    "Activation",
    "Add",
    "Average",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Input",
    "InputLayer",
    "Layer",
    "LocalResponseNormalization",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "Multiply",
    "ReLU",
    "Reshape",
    "SeparableConv2D",
    "Softmax",
    "Subtract",
    "Tensor",
    "Variable",
]

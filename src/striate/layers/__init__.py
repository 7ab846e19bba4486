"""Layers: their arguments, weights and shapes; the arithmetic is `striate.functional`'s."""

from .activation import Activation, ReLU, Softmax
from .base import Layer, Variable
from .convolution import Conv2D
from .core import Dense, Flatten, Input
from .pooling import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D
from .regularization import Dropout

__all__ = [
    "Activation",
    "AveragePooling2D",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "Input",
    "Layer",
    "MaxPooling2D",
    "ReLU",
    "Softmax",
    "Variable",
]

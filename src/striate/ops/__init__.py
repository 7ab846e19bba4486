"""Functions for `call` of layers, losses and penalties of one's own, with Keras' names: on arrays, weights, values and tensors.

On arrays they compute at once, with NumPy. On what stands for an array they become a part of the model, gradients included:
kernels where there are some, otherwise NumPy, a step of the program that takes Python's lock.
"""

from . import core, image, linalg, math, nn, numpy
from .core import *  # noqa: F403
from .linalg import *  # noqa: F403
from .math import *  # noqa: F403
from .nn import *  # noqa: F403
from .numpy import *  # noqa: F403

__all__ = ["image", "linalg", "nn", "numpy", *core.__all__, *linalg.__all__, *math.__all__, *nn.__all__, *numpy.__all__]

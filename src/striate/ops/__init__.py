"""Functions for `call` of custom layers, losses and penalties, with Keras' names: on arrays, weights and symbolic tensors.

On arrays they compute at once, with NumPy. On symbolic tensors they become a part of the model, gradients included:
kernels where there are some, otherwise NumPy, a step of the program that takes Python's lock.
"""

from ..activations.functions import *  # noqa: F403 (type checkers do not follow it through `nn`)
from . import core, image, linalg, math, nn, numpy
from .core import *  # noqa: F403
from .linalg import *  # noqa: F403
from .math import *  # noqa: F403
from .nn import *  # noqa: F403
from .numpy import *  # noqa: F403

__all__ = ["image", "linalg", "nn", "numpy", *core.__all__, *linalg.__all__, *math.__all__, *nn.__all__, *numpy.__all__]

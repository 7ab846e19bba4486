"""Functions of arrays, weights and symbolic tensors with Keras' names, for the `call` of custom layers, losses and penalties.

Functions of arrays compute at once, with NumPy. Functions of symbolic tensors become operations of the model, with gradients:
by a kernel if there is one, otherwise by NumPy, in a step of the program that takes the GIL.
"""

from .._common.names import public_attributes
from ..activations.functions import *  # noqa: F403 (type checkers do not follow it through `nn`)
from . import arrangement, control, core, image, indexing, linalg, math, nn, numpy
from .arrangement import *  # noqa: F403
from .control import *  # noqa: F403
from .core import *  # noqa: F403
from .indexing import *  # noqa: F403
from .linalg import *  # noqa: F403
from .math import *  # noqa: F403
from .nn import *  # noqa: F403
from .numpy import *  # noqa: F403

__all__ = [
    "image", "linalg", "nn", "numpy",
    *dict.fromkeys([
        *arrangement.__all__, *control.__all__, *core.__all__, *indexing.__all__, *linalg.__all__, *math.__all__, *nn.__all__,
        *numpy.__all__,
    ]),
]  # fmt: skip

__getattr__, __dir__ = public_attributes(globals())

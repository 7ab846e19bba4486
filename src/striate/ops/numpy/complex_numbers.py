"""Parts of complex numbers. Arrays may be complex here; in models, all numbers are real."""

import numpy as np

from ..._common.errors import explain_all
from ...engine.operators import Operators, apply
from .._functions import described
from ..core import convert_to_tensor


def _of_complex(name, of_reals, doc):
    """Return a function that is NumPy's for complex arrays, and another one for real numbers."""

    def function(x):
        if not isinstance(x, Operators) and np.iscomplexobj(x):
            return getattr(np, name)(x)
        return of_reals(convert_to_tensor(x))

    return described(function, name, doc)


real = _of_complex("real", lambda x: x, "Return the real part of an array; real numbers as they are.")
imag = _of_complex("imag", lambda x: apply("zeros_like", x), "Return the imaginary part of an array, 0 for real numbers.")
conjugate = conj = _of_complex("conjugate", lambda x: x, "Return the complex conjugate of an array; real numbers as they are.")
angle = _of_complex(
    "angle", lambda x: apply("angle", x), "Return the angles of complex numbers, in radians: 0 or pi for real numbers."
)
isreal = _of_complex("isreal", lambda x: apply("ones_like", x, dtype="bool"), "Return a mask, 1 where the imaginary part is 0.")

__all__ = ["angle", "conj", "conjugate", "imag", "isreal", "real"]

explain_all(globals(), __all__)

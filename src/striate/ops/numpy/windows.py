"""Windows of signal processing, as arrays of float32."""

import numpy as np

from ..._common.checks import integer, number, shown
from ..._common.errors import explain_all
from ...engine.operators import Operators
from .._functions import described


def _window(name, doc):
    """Return NumPy's function of a window's length."""

    def function(x):
        return getattr(np, name)(_length(x)).astype(np.float32)

    return described(function, name, doc)


def _length(x):
    """Return the length of a window; an array of one whole number is one, too, of any dtype."""
    if isinstance(x, Operators):
        raise TypeError(f"x={shown(x)} is symbolic, so the length of the window is unknown; expected an integer")
    return integer("x", _number(x), 0)


def _number(x):
    """Return the number in an array of one element, an integer if it is whole; anything else as it is."""
    if not isinstance(x, (np.ndarray, np.generic)) or x.size != 1 or x.dtype.kind not in "biuf":
        return x
    value = float(x.item())
    return int(value) if value.is_integer() else value


bartlett = _window("bartlett", "Return the Bartlett window of a length, which rises and falls linearly between zeros.")
blackman = _window("blackman", "Return the Blackman window of a length, a sum of three cosines.")
hamming = _window("hamming", "Return the Hamming window of a length, ``0.54 - 0.46 * cos(2 * pi * n / (x - 1))``.")
hanning = _window("hanning", "Return the Hann window of a length, ``0.5 - 0.5 * cos(2 * pi * n / (x - 1))``.")


def kaiser(x, beta):
    """Return the Kaiser window of a length, of Bessel functions; the larger `beta`, the narrower it is."""
    return np.kaiser(_length(x), number("beta", _number(beta))).astype(np.float32)


__all__ = ["bartlett", "blackman", "hamming", "hanning", "kaiser"]

explain_all(globals(), __all__)

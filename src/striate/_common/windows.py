"""Windows: weights of the elements of a part of a signal, which fall towards its ends.

Most names and formulas are those of Harris, F. J., "On the use of windows for harmonic analysis with the discrete Fourier
transform", Proceedings of the IEEE 66(1), 1978; the others are SciPy's. Formulas are of the distance t from the center, from 0
to 1, and of the number n of elements, which some are relative to.
"""

import numpy as np

from .checks import choice


def _cosines(*coefficients):
    """Return the window that is a sum of cosines, of 0, 1, 2 … half waves, with coefficients."""
    return lambda t, n: sum(each * np.cos(i * np.pi * t) for i, each in enumerate(coefficients))


def _tukey(t, n):
    return np.where(t > 0.5, 0.5 + 0.5 * np.cos(2 * np.pi * (t - 0.5)), 1)


def _parzen(t, n):
    t = t * (n - 1) / n
    return np.where(t > 0.5 * (n - 1) / n, 2 * (1 - t) ** 3, 1 - 6 * t**2 + 6 * t**3)


_WINDOWS = {
    "barthann": lambda t, n: 0.62 - 0.24 * t + 0.38 * np.cos(np.pi * t),
    "bartlett": lambda t, n: 1 - t,
    "blackman": _cosines(0.42, 0.5, 0.08),
    "blackmanharris": _cosines(0.35875, 0.48829, 0.14128, 0.01168),
    "bohman": lambda t, n: (1 - t) * np.cos(np.pi * t) + np.sin(np.pi * t) / np.pi,
    "boxcar": lambda t, n: np.ones(n),
    "cosine": lambda t, n: np.cos(0.5 * np.pi * t * (n - 1) / n),
    "flattop": _cosines(0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
    "hamming": _cosines(0.54, 0.46),
    "hann": _cosines(0.5, 0.5),
    "lanczos": lambda t, n: np.sinc(t),
    "nuttall": _cosines(0.3635819, 0.4891775, 0.1365995, 0.0106411),
    "parzen": _parzen,
    "triang": lambda t, n: 1 - t * (n - 1) / (n + n % 2),
    "tukey": _tukey,
}


def check_window(value):
    """Return the name of a window after checking that it is known."""
    return choice("window", value, tuple(_WINDOWS))


def weights_of_window(name, size, periodic=False):
    """Return a window, an array of float64, by its name.

    Parameters
    ----------
    name : str
        The name.
    size : int
        Number of elements.
    periodic : bool
        Whether the window is one period of a periodic function, as Fourier transforms need it, instead of symmetric.
    """
    if size == 1:
        return np.ones(1)
    count = size + periodic
    places = np.abs(2 * np.arange(count) - (count - 1)) / (count - 1)
    return _WINDOWS[name](places, count)[:size]

"""Discrete Fourier transforms of complex numbers, whose real and imaginary parts are two arrays, and overlapping sequences.

Functions return one array, so both parts of a result lie side by side along a new last axis. The transforms are linear: each
one's gradient is another one of them.
"""

import numpy as np

from .function import Function, applied


def _parts(z):
    """Return the real and imaginary parts of complex numbers along a new last axis."""
    return np.stack([z.real, z.imag], -1)


def _fft(real, imaginary, axes, inverse):
    return _parts((np.fft.ifftn if inverse else np.fft.fftn)(real + 1j * imaginary, axes=axes))


def _fft_gradient(dy, y, real, imaginary, axes, inverse):
    """Return the gradient: the transform in the other direction, without its scale but with that of this one."""
    count = float(np.prod([y.shape[:-1][axis] for axis in axes]))
    dx = applied("fft", dy[..., 0], dy[..., 1], axes=axes, inverse=not inverse) * (1 / count if inverse else count)
    return dx[..., 0], dx[..., 1]


def _rfft_gradient(dy, y, x, length):
    """Return the gradient: the real part of the inverse transform of the frequencies that were kept, without its scale."""
    frequencies, n = y.shape[-2], x.shape[-1]
    length = n if length is None else length
    unused = [(0, 0)] * (len(x.shape) - 1)
    real, imaginary = (applied("pad", dy[..., i], amounts=(*unused, (0, length - frequencies))) for i in (0, 1))
    dx = applied("fft", real, imaginary, axes=(-1,), inverse=True)[..., 0] * float(length)
    dx = dx[..., :n]
    return (dx if n <= length else applied("pad", dx, amounts=(*unused, (0, n - length))),)


def _irfft_gradient(dy, y, real, imaginary, length):
    """Return the gradient: the transform, where all frequencies but the first, and the last of an even number, count twice."""
    frequencies = real.shape[-1]
    length = 2 * (frequencies - 1) if length is None else length
    used = min(frequencies, length // 2 + 1)
    dx = applied("rfft", dy, length=length)
    counts = np.full(used, 2 / length)
    counts[0] = 1 / length
    if length % 2 == 0 and used == length // 2 + 1:
        counts[-1] = 1 / length
    unused = [(0, 0)] * (len(real.shape) - 1)
    parts = [dx[..., :used, i] * counts.astype(y.dtype) for i in (0, 1)]
    if used < frequencies:
        parts = [applied("pad", each, amounts=(*unused, (0, frequencies - used))) for each in parts]
    return parts


def _places(size, length, stride):
    """Return the indices of the elements of overlapping sequences."""
    return np.arange(0, size - length + 1, stride)[:, np.newaxis] + np.arange(length)


def _sequences_gradient(dy, y, x, length, stride):
    return (applied("add_at", dy, shape=x.shape, key=(..., _places(x.shape[-1], length, stride))),)


FOURIER_FUNCTIONS = [
    Function("fft", _fft, _fft_gradient),
    Function("rfft", lambda x, length: _parts(np.fft.rfft(x, length)), _rfft_gradient),
    Function("sequences", lambda x, length, stride: x[..., _places(x.shape[-1], length, stride)], _sequences_gradient),
    Function("irfft", lambda real, imaginary, length: np.fft.irfft(real + 1j * imaginary, length), _irfft_gradient),
]

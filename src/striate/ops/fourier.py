"""Fourier transforms, whole and in windows, of complex numbers given by their real and imaginary parts."""

import numpy as np

from .._common.checks import boolean, integer, shown
from .._common.errors import explain_all
from ..engine.operators import apply
from ..engine.spectra import padded_window, transformed_sequences
from ._functions import shape_of
from .core import convert_to_tensor
from .numpy import add, divide, multiply, pad, reshape, square


def fft(x):
    """Return the discrete Fourier transform along the last axis.

    Parameters
    ----------
    x : tuple of (array_like or symbolic tensor)
        Real and imaginary parts, of the same shape and float.

    Returns
    -------
    tuple of (array or symbolic tensor)
        Real and imaginary parts.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> real, imaginary = ops.fft((np.array([0.0, 1.0, 0.0, 0.0]), np.zeros(4)))
    >>> real.round(6), imaginary.round(6)
    (array([ 1.,  0., -1.,  0.]), array([ 0., -1.,  0.,  1.]))
    """
    return _transformed(x, (-1,), False)


def fft2(x):
    """Return the discrete Fourier transform along the last two axes; see `fft`."""
    return _transformed(x, (-2, -1), False)


def ifft2(x):
    """Return the inverse of `fft2`."""
    return _transformed(x, (-2, -1), True)


def rfft(x, fft_length=None):
    """Return the discrete Fourier transform of real numbers along the last axis, without its second half.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (…, length)
        Numbers.
    fft_length : int, optional
        To how many numbers `x` is cut, or padded with zeros; the length if None.

    Returns
    -------
    tuple of (array or symbolic tensor), shape (…, fft_length // 2 + 1)
        Real and imaginary parts.
    """
    x = _with_axis(x)
    y = apply("rfft", x, length=None if fft_length is None else integer("fft_length", fft_length, 1))
    return y[..., 0], y[..., 1]


def irfft(x, fft_length=None):
    """Return the inverse of `rfft`.

    Parameters
    ----------
    x : tuple of (array_like or symbolic tensor), shape (…, frequencies)
        Real and imaginary parts, of the same shape and float.
    fft_length : int, optional
        Number of results, ``2 * (frequencies - 1)`` if None.

    Returns
    -------
    array or symbolic tensor, shape (…, fft_length)
    """
    real, imaginary = _parts(x, 1)
    return apply("irfft", real, imaginary, length=None if fft_length is None else integer("fft_length", fft_length, 1))


def extract_sequences(x, sequence_length, sequence_stride):
    """Return overlapping sequences along the last axis.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (…, length)
        Array.
    sequence_length : int
        Length of each sequence.
    sequence_stride : int
        Distance between the beginnings of neighbouring sequences.

    Returns
    -------
    array or symbolic tensor, shape (…, sequences, sequence_length)

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.extract_sequences(np.arange(7), 3, 2)
    array([[0, 1, 2],
           [2, 3, 4],
           [4, 5, 6]])
    """
    x = _with_axis(x)
    length, stride = integer("sequence_length", sequence_length, 1), integer("sequence_stride", sequence_stride, 1)
    return apply("sequences", x, length=length, stride=stride)


def stft(x, sequence_length, sequence_stride, fft_length, window="hann", center=True):
    """Return the Fourier transforms of overlapping sequences along the last axis, weighted by a window.

    Parameters
    ----------
    x : array_like of float or symbolic tensor, shape (…, length)
        Signals.
    sequence_length : int
        Length of each sequence.
    sequence_stride : int
        Distance between the beginnings of neighbouring sequences.
    fft_length : int
        Length of the transforms, at least that of the sequences.
    window : {"hann", "hamming", None} or array_like, shape (sequence_length,)
        Weights of each sequence's elements; 1 if None.
    center : bool
        Whether signals are padded by reflection, so that each sequence is centred where it belongs.

    Returns
    -------
    tuple of (array or symbolic tensor), shape (…, sequences, fft_length // 2 + 1)
        Real and imaginary parts.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.sin(np.arange(256.0))
    >>> spectrum = ops.stft(x, 64, 16, 64)
    >>> spectrum[0].shape
    (17, 33)
    >>> bool(np.allclose(ops.istft(spectrum, 64, 16, 64), x))
    True
    """
    x = _with_axis(x)
    if np.dtype(x.dtype).kind != "f":
        raise TypeError(f"x={shown(x)} has dtype {x.dtype}; expected floats")
    weights, _ = padded_window(window, sequence_length, fft_length, x.dtype)
    stride = integer("sequence_stride", sequence_stride, 1)
    y = transformed_sequences(x, weights, stride, boolean("center", center))
    return y[..., 0], y[..., 1]


def istft(x, sequence_length, sequence_stride, fft_length, length=None, window="hann", center=True):
    """Return the signals of which `x` is the `stft`.

    Parameters
    ----------
    x : tuple of (array_like of float or symbolic tensor), shape (…, sequences, fft_length // 2 + 1)
        Real and imaginary parts.
    sequence_length, sequence_stride, fft_length, window, center
        As in `stft`.
    length : int, optional
        Length of the signals; if None, as many elements as the sequences reach.

    Returns
    -------
    array or symbolic tensor, shape (…, length)
    """
    real, imaginary = _parts(x, 2)
    weights, fft_length = padded_window(window, sequence_length, fft_length, real.dtype)
    stride = integer("sequence_stride", sequence_stride, 1)
    count = shape_of(real)[-2]
    if count is None:
        raise ValueError(f"x={shown(x)} has parts of shape {shape_of(real)}; expected a known number of sequences, axis -2")
    y = _overlapped(multiply(irfft((real, imaginary), fft_length), weights), stride)
    if window is not None:
        squares = _overlapped(np.broadcast_to(square(weights), (count, fft_length)), stride)
        y = divide(y, np.where(squares > 1e-10, squares, 1))
    whole = fft_length + stride * (count - 1)
    start = fft_length // 2 if boolean("center", center) else 0
    end = start + integer("length", length, 0) if length is not None else whole - start
    return y[..., start:end]


def _transformed(x, axes, inverse):
    """Return the real and imaginary parts of a Fourier transform along axes."""
    y = apply("fft", *_parts(x, len(axes)), axes=axes, inverse=inverse)
    return y[..., 0], y[..., 1]


def _parts(x, rank):
    """Return the real and imaginary parts of complex numbers with at least `rank` axes, checked."""
    if not isinstance(x, (tuple, list)) or len(x) != 2:
        raise ValueError(f"x={shown(x)} is not a tuple of two tensors; expected the real and imaginary parts")
    real, imaginary = map(convert_to_tensor, x)
    shape = shape_of(real)
    if shape != shape_of(imaginary) or len(shape) < rank:
        raise ValueError(
            f"x={shown(x)} has parts of shapes {shape} and {shape_of(imaginary)}; expected the same, of {rank} axes or more"
        )
    if not np.dtype(real.dtype).kind == np.dtype(imaginary.dtype).kind == "f":
        raise ValueError(f"x={shown(x)} has parts of dtypes {real.dtype} and {imaginary.dtype}; expected floats")
    return real, imaginary


def _with_axis(x):
    """Return an argument as an array, after checking that it has an axis."""
    if not shape_of(x):
        raise ValueError(f"x={shown(x)} is one number; expected an array with axes")
    return convert_to_tensor(x)


def _overlapped(x, stride):
    """Return the sums of sequences (…, count, length), each of which begins `stride` elements behind the one before."""
    *batch, count, length = shape_of(x)
    blocks = -(-length // stride)
    unused = [(0, 0)] * len(batch)
    x = pad(x, [*unused, (0, 0), (0, blocks * stride - length)])
    x = reshape(x, (*batch, count, blocks, stride))
    parts = [pad(x[..., i, :], [*unused, (i, blocks - 1 - i), (0, 0)]) for i in range(blocks)]
    y = parts[0]
    for each in parts[1:]:
        y = add(y, each)
    return reshape(y, (*batch, (count + blocks - 1) * stride))[..., : length + stride * (count - 1)]


__all__ = ["extract_sequences", "fft", "fft2", "ifft2", "irfft", "istft", "rfft", "stft"]

explain_all(globals(), __all__)

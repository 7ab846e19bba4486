"""Fourier transforms of overlapping parts of signals, weighted by a window, composed of functions."""

import numpy as np

from .._common.checks import choice, integer
from .._common.windows import weights_of_window
from .operators import apply


def padded_window(window, sequence_length, fft_length, dtype):
    """Return the weights of sequences that are padded to the length of the transforms, and that length, checked.

    Parameters
    ----------
    window : {"hann", "hamming", None} or array_like, shape (sequence_length,)
        Weights of each sequence's elements; 1, also for the padding, if None.
    sequence_length, fft_length : int
        Lengths of the sequences and of the transforms.
    dtype : dtype
        Of the weights.
    """
    sequence_length = integer("sequence_length", sequence_length, 1)
    fft_length = integer("fft_length", fft_length, 1)
    if fft_length < sequence_length:
        raise ValueError(f"fft_length={fft_length} is less than sequence_length={sequence_length}; expected at least that")
    before = (fft_length - sequence_length) // 2
    if window is None:
        return np.ones(fft_length, dtype), fft_length
    if isinstance(window, str):
        weights = weights_of_window(choice("window", window, ("hann", "hamming")), sequence_length, periodic=True)
    else:
        weights = np.asarray(window)
        if weights.shape != (sequence_length,):
            raise ValueError(f"window has shape {weights.shape}; expected ({sequence_length},), that of a sequence")
    return np.pad(weights, (before, fft_length - sequence_length - before)).astype(dtype), fft_length


def transformed_sequences(x, weights, stride, center):
    """Return the Fourier transforms of overlapping sequences along the last axis, real and imaginary parts along a new axis.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (…, length)
        Signals.
    weights : ndarray, shape (fft_length,)
        Weights of each sequence's elements.
    stride : int
        Distance between the beginnings of neighbouring sequences.
    center : bool
        Whether signals are padded by reflection, so that each sequence is centred where it belongs.
    """
    size = len(weights)
    if center:
        amounts = ((0, 0),) * (len(x.shape) - 1) + ((size // 2, size // 2),)
        x = apply("pad_with_elements", x, amounts=amounts, mode="reflect")
    return apply("rfft", apply("multiply", apply("sequences", x, length=size, stride=stride), weights), length=None)

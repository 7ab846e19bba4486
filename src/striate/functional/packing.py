"""Convolution kernels packed in advance, for many calls with the same weights."""

import numpy as np

from .._common.arrays import on_a_cache_line
from .._common.checks import choice, float_array, integer, shape, shown
from .._common.errors import Constructed
from ..algorithms import ALGORITHMS, pick_conv2d_algorithm
from ..geometry import IMAGES, KERNEL, conv2d_geometry
from ..kernels import bindings
from ..threads import get_num_threads


class PackedKernel(Constructed):
    """A convolution kernel in the memory layout that an algorithm reads, as `pack_conv2d_kernel` returns it.

    Attributes
    ----------
    kernel : ndarray, shape (kernel height, kernel width, channels / groups, filters)
        Copy of the weights, not writeable.
    algorithm : str
        Algorithm for which the kernel is packed.
    groups : int
        Number of groups of channels and filters.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> kernel = np.ones((3, 3, 8, 16), np.float32)
    >>> packed = F.pack_conv2d_kernel(kernel, (1, 32, 32, 8), algorithm="direct")
    >>> packed.algorithm
    'direct'
    """

    __slots__ = ("algorithm", "groups", "kernel", "memory")

    def __init__(self, kernel, algorithm, groups):
        kernel = float_array("kernel", kernel, KERNEL)
        algorithm = choice("algorithm", algorithm, tuple(each for each in ALGORITHMS if each not in ("auto", "winograd")))
        groups = integer("groups", groups, 1)
        if not kernel.size or kernel.shape[3] % groups:
            raise ValueError(
                f"kernel has shape {kernel.shape}; expected sizes of at least 1, and filters divisible by groups={groups}"
            )
        self.kernel = np.array(kernel)
        self.kernel.flags.writeable = False
        self.algorithm = algorithm
        self.groups = groups
        settings = {"algorithm": algorithm, "groups": groups}
        size = bindings.conv2d_packed_size(dtype=kernel.dtype.name, kernel_shape=kernel.shape, **settings)
        self.memory = None  # Some algorithms read the weights as they are.
        if size:
            self.memory = on_a_cache_line((size,), kernel.dtype)
            bindings.conv2d_pack(kernel, self.memory, **settings, threads=get_num_threads())

    def __reduce__(self):
        # Loading packs the kernel again, since the layout depends on the processor's vector width.
        return PackedKernel, (self.kernel, self.algorithm, self.groups)

    def __repr__(self):
        return f"PackedKernel(shape={self.kernel.shape}, dtype={self.kernel.dtype}, algorithm={self.algorithm!r})"


def pack_conv2d_kernel(kernel, input_shape=None, *, strides=1, padding="valid", dilation=1, groups=1, algorithm="auto"):
    """Pack a kernel for `conv2d` once, for many calls.

    `conv2d` otherwise packs it in each call, which takes longer than the convolution of small images with many channels.

    Parameters
    ----------
    kernel : ndarray of float32 or float64, shape (kernel height, kernel width, channels / groups, filters)
        Weights. They are copied, so that later changes of the array do not affect the packed kernel.
    input_shape : tuple of int, optional
        Shape (batch, height, width, channels) of the images, by which "auto" and "winograd" choose an algorithm. Images of
        other sizes can be convolved, too, but the algorithm may not be the fastest for them.
    strides, padding, dilation, groups, algorithm
        As in `conv2d`.

    Returns
    -------
    PackedKernel
        The kernel to pass to `conv2d`, with the same `groups`.

    Raises
    ------
    TypeError, ValueError
        As in `conv2d`; also ValueError if the algorithm depends on `input_shape`, which is None.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> kernel = np.ones((3, 3, 16, 32), np.float32)
    >>> packed = F.pack_conv2d_kernel(kernel, (1, 8, 8, 16), padding="same")
    >>> F.conv2d(np.ones((1, 8, 8, 16), np.float32), packed, padding="same").shape
    (1, 8, 8, 32)
    """
    kernel = float_array("kernel", kernel, KERNEL)
    groups = integer("groups", groups, 1)
    if input_shape is None:
        if algorithm in ("auto", "winograd"):
            raise ValueError(
                f"algorithm={shown(algorithm)} chooses by the size of the images, but input_shape is None; expected a shape "
                "(batch, height, width, channels), or an algorithm by name"
            )
        input_shape = (1, *kernel.shape[:2], kernel.shape[2] * groups)
        padding = "same"
    geometry = conv2d_geometry(shape("input_shape", input_shape, IMAGES), kernel.shape, strides, padding, dilation, groups)
    return PackedKernel(kernel, pick_conv2d_algorithm(algorithm, "forward", geometry, packed=True), groups)

"""Kernels laid out beforehand, for many convolutions with the same weights."""

import numpy as np

from .._common.arrays import on_a_cache_line
from .._common.checks import choice, float_array, integer, shape, shown
from .._common.errors import Constructed
from ..algorithms import ALGORITHMS, pick_conv2d_algorithm
from ..geometry import IMAGES, KERNEL, conv2d_geometry
from ..kernels import bindings
from ..threads import get_num_threads


class PackedKernel(Constructed):
    """A convolution kernel as an algorithm reads it: what `pack_conv2d_kernel` returns.

    Attributes
    ----------
    kernel : ndarray, shape (kernel height, kernel width, channels / groups, filters)
        The weights it was made from; not writeable.
    algorithm : str
        The algorithm that it is laid out for.
    groups : int
        Groups of channels and filters.

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
                f"kernel has shape {kernel.shape}; expected sizes of at least 1, and filters that groups={groups} divides"
            )
        self.kernel = np.array(kernel)
        self.kernel.flags.writeable = False
        self.algorithm = algorithm
        self.groups = groups
        settings = {"algorithm": algorithm, "groups": groups}
        size = bindings.conv2d_packed_size(dtype=kernel.dtype.name, kernel_shape=kernel.shape, **settings)
        self.memory = None  # what the kernels read
        if size:
            self.memory = on_a_cache_line((size,), kernel.dtype)
            bindings.conv2d_pack(kernel, self.memory, **settings, threads=get_num_threads())

    def __reduce__(self):
        # packed again where it is loaded, which may be on a processor with other vectors
        return PackedKernel, (self.kernel, self.algorithm, self.groups)

    def __repr__(self):
        return f"PackedKernel(shape={self.kernel.shape}, dtype={self.kernel.dtype}, algorithm={self.algorithm!r})"


def pack_conv2d_kernel(kernel, input_shape=None, *, strides=1, padding="valid", dilation=1, groups=1, algorithm="auto"):
    """Lay a kernel out for `conv2d`, once for many calls.

    `conv2d` otherwise does this on each call, which on small images with many channels takes longer than the convolution.

    Parameters
    ----------
    kernel : ndarray of float32 or float64, shape (kernel height, kernel width, channels / groups, filters)
        Weights. They are copied: a later change of the array does not reach the packed kernel.
    input_shape : tuple of int, optional
        Shape (batch, height, width, channels) of the images to come, from which "auto" and "winograd" choose. Images of other
        sizes are convolved just as well, perhaps by an algorithm that is not the best for them.
    strides, padding, dilation, groups, algorithm
        As in `conv2d`.

    Returns
    -------
    PackedKernel
        To be passed to `conv2d` as its kernel, with the same `groups`.

    Raises
    ------
    TypeError, ValueError
        As in `conv2d`; ValueError, too, if the algorithm depends on `input_shape` and there is none.

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

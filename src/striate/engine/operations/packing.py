"""Packed kernels of convolutions, which are made only once where weights stay the same from run to run."""

from ..._common.arrays import on_a_cache_line
from ...kernels import bindings
from ..variable import Variable


def sources_of(value):
    """Return the variables that a constant weight is made of, by name, and the function of their arrays that makes it."""
    if isinstance(value.source, Variable):
        return {"weight": value.source}, lambda weight: weight
    return value.source.sources, lambda **arrays: value.source.make(**arrays, out=None)


def key_of(value):
    """Return what tells a constant weight from others that are made of the same variables."""
    return isinstance(value.source, Variable) or id(value.source)


def pack_kernel(kernel, out, threads, **settings):
    """Return a kernel as an algorithm of convolutions reads it, in the array `out`, or in a new one if that is None.

    Parameters
    ----------
    kernel : ndarray, shape (kernel height, kernel width, channels / groups, filters)
        Weights.
    out : ndarray or None
        What an earlier call for a kernel of the same shape returned.
    threads : int
        Number of threads that may be used.
    **settings
        The algorithm and the number of groups.
    """
    if out is None:
        size = bindings.conv2d_packed_size(dtype=kernel.dtype.name, kernel_shape=kernel.shape, **settings)
        out = on_a_cache_line((size,), kernel.dtype)
    bindings.conv2d_pack(kernel, out, threads=threads, **settings)
    return out


def kernel_and_packed(lowering, algorithm, value, shape, groups=1):
    """Return a convolution's kernel and None, or, if the algorithm takes it packed, the kernel's shape and the packed kernel.

    Parameters
    ----------
    lowering : Lowering
        The lowering that the kernel call is appended to.
    algorithm : str
        Algorithm of the convolution.
    value : Value
        The kernel: a variable, or a folded weight, of which only the packed form is kept, so that packing folds it again.
    shape : tuple of int
        Shape of the kernel in a convolution of images.
    groups : int
        Number of groups of channels.
    """
    if lowering.derived_weights is None or value.source is None:  # Weights change, or this one is computed in each run.
        return lowering.array(value).reshape(shape), None
    kernel, threads, (sources, make) = value.source, lowering.threads, sources_of(value)
    settings = {"algorithm": algorithm, "groups": groups}
    size = bindings.conv2d_packed_size(dtype=kernel.dtype.name, kernel_shape=shape, **settings)
    if not size:
        return lowering.array(value).reshape(shape), None

    def pack(out, **arrays):
        return pack_kernel(make(**arrays).reshape(shape), out, threads, **settings)

    key = ("packed", algorithm, groups, key_of(value))
    return shape, lowering.keep(lowering.derived_weights.get(key, sources, (size,), pack).array)

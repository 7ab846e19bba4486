"""Packed kernels of convolutions, which are made only once where weights stay the same from run to run."""

from ..._common.arrays import on_a_cache_line
from ...kernels import bindings
from ..variable import Variable


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
    kernel, threads = value.source, lowering.threads
    sources, fold = ({"kernel": kernel}, None) if isinstance(kernel, Variable) else (kernel.sources, kernel.make)
    settings = {"algorithm": algorithm, "groups": groups}
    size = bindings.conv2d_packed_size(dtype=kernel.dtype.name, kernel_shape=shape, **settings)
    if not size:
        return lowering.array(value).reshape(shape), None

    def pack(out, **arrays):
        out = on_a_cache_line((size,), kernel.dtype) if out is None else out
        weights = arrays["kernel"] if fold is None else fold(**arrays, out=None)
        bindings.conv2d_pack(weights.reshape(shape), out, threads=threads, **settings)
        return out

    key = ("packed", algorithm, groups, fold is None or id(kernel))
    return shape, lowering.keep(lowering.derived_weights.get(key, sources, (size,), pack).array)

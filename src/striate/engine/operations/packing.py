"""Packed kernels: weights derived once, where weights stay the same from run to run."""

from ..._common.arrays import on_a_cache_line
from ...kernels import bindings
from ..variable import Variable


def kernel_and_packed(lowering, algorithm, value, shape, groups=1):
    """Return a convolution's kernel and None, or, if the algorithm packs it, its shape and the packed kernel.

    Parameters
    ----------
    lowering : Lowering
        Of the executable that is being made.
    algorithm : str
        The algorithm.
    value : Value
        Of the kernel: a variable, or a folded weight, which is folded again whenever it is packed, and not kept.
    shape : tuple of int
        Its shape as a convolution's.
    groups : int
        Groups of channels.
    """
    if lowering.derived_weights is None or value.source is None:  # it changes, or is computed in each run
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

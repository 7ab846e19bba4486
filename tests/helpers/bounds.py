"""How far a result may be from the truth: what floating point allows, and no more.

An operation sums products; its error is bounded by a small multiple of eps times the sum of the products' absolute values, the
*scale*, which the reference computes from absolute values of the inputs. Rounding errors are random and a sum of K terms has
several partial sums (register tiles, blocks, parts), so that the worst multiple measured, about 1.2, hardly grows with K.
"""

import numpy as np

#: The multiples, by what is computed.
CONVOLUTION = 8
MATMUL = 8
SUM = 8
#: By algorithm, size of kernel and stride. Winograd's transforms mix the elements of a tile: the scale is the largest of all.
WINOGRAD = {
    ("winograd_f2", 3, 1): 4,
    ("winograd_f4", 3, 1): 16,
    ("winograd", 3, 1): 16,
    ("winograd_f2", 5, 1): 16,
    ("winograd", 5, 1): 16,
    ("winograd_f5", 4, 2): 16,
    ("winograd_f4", 5, 2): 16,
    ("winograd_f4", 6, 2): 16,
    ("winograd", 4, 2): 16,
}
AVERAGE = 4
#: By dtype: float32's sums are brought together in float64.
MOMENTS = {"float32": 3, "float64": 8}
ELEMENTWISE = 4


def assert_within(got, want, scale, multiple, dtype):
    """Check ``|got - want| <= multiple * eps * scale`` for each element, and shape and dtype; one scale may serve for all."""
    assert got.shape == want.shape
    assert got.dtype == dtype
    bound = multiple * np.finfo(dtype).eps * np.asarray(scale)
    excess = np.abs(got.astype(np.float64) - want) - bound
    assert (excess <= 0).all(), f"beyond the bound by up to {excess.max():.3g}, error {np.abs(got - want).max():.3g}"


def difference_quotient(function, array, index, step=1e-6):
    """Central difference of a function without arguments with respect to one element of an array."""
    before = array[index]
    array[index] = before + step
    above = function()
    array[index] = before - step
    below = function()
    array[index] = before
    return (above - below) / (2 * step)

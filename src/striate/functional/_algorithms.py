"""Which algorithm computes a convolution: a pure function of direction, shape, dtype and the option below."""

import os

from .._checks import choice

#: What `striate.functional.conv2d` and its gradients take as `algorithm`.
ALGORITHMS = ("auto", "direct", "im2col", "winograd", "winograd_f2", "winograd_f4")

# What the steps of Winograd's convolution cost beside its multiplications, in multiplications of the register tile: to
# transform one element of the input or output forward or back, and one element of the kernel.
_TRANSFORM_COST = 8
_PACK_COST = 24


def _winograd_from_environment():
    wanted = os.environ.get("STRIATE_WINOGRAD", "1").strip()
    if wanted not in ("0", "1"):
        raise ImportError(f"STRIATE_WINOGRAD={wanted!r} is not a switch; expected 0 or 1")
    return wanted == "1"


_winograd = _winograd_from_environment()


def get_winograd():
    """Return whether "auto" may choose Winograd's convolution.

    Returns
    -------
    bool
        True unless the environment variable ``STRIATE_WINOGRAD=0`` or `set_winograd` says otherwise.
    """
    return _winograd


def set_winograd(enabled):
    """Allow or forbid "auto" to choose Winograd's convolution.

    It is two to four times as fast as the direct one where it applies (3×3 kernels at stride 1) and loses a little accuracy:
    an error of some 3e-6 of the largest output instead of 1e-6 in float32.

    Parameters
    ----------
    enabled : bool
        False makes "auto" choose among the other algorithms.

    Raises
    ------
    TypeError
        If `enabled` is not a bool.
    """
    global _winograd
    if not isinstance(enabled, bool):
        raise TypeError(f"enabled={enabled!r} is of type {type(enabled).__name__}; expected a bool")
    _winograd = enabled


def _winograd_cost(size, geometry, direction, packed):
    """Cost of F(size×size, 3×3), in multiplications."""
    batch, height, width, filters = geometry.y_shape
    if direction == "backward_input":
        height, width = geometry.x_shape[1:3]
    channels, groups = geometry.kernel_shape[2], geometry.groups
    filters //= groups
    tiles = batch * -(-height // size) * -(-width // size)
    cost = tiles * (channels * filters + _TRANSFORM_COST * (channels + filters))
    if not packed:
        cost += _PACK_COST * channels * filters
    return (size + 2) ** 2 * groups * cost


def _direct_cost(geometry, direction):
    height, width = geometry.x_shape[1:3] if direction == "backward_input" else geometry.y_shape[1:3]
    kh, kw, channels, filters = geometry.kernel_shape
    return geometry.y_shape[0] * height * width * kh * kw * channels * filters


def pick_conv2d_algorithm(algorithm, direction, geometry, packed=False):
    """Return the algorithm that `algorithm` stands for; check that it can compute the convolution.

    Parameters
    ----------
    algorithm : str
        One of `ALGORITHMS`.
    direction : {"forward", "backward_input", "backward_kernel"}
        What is computed.
    geometry : Geometry
        Of the convolution.
    packed : bool
        Whether the kernel is transformed already.
    """
    if algorithm in ("direct", "im2col"):
        return algorithm
    choice("algorithm", algorithm, ALGORITHMS)
    applies = geometry.kernel_shape[:2] == (3, 3) and geometry.strides == geometry.dilation == (1, 1)
    if algorithm == "auto":
        if not _winograd or not applies:
            return "direct"
    elif not applies:
        raise ValueError(
            f"algorithm={algorithm!r} cannot compute a {geometry.kernel_shape[0]}×{geometry.kernel_shape[1]} kernel with "
            f"strides={geometry.strides} and dilation={geometry.dilation}; expected a 3×3 kernel and 1 for both"
        )
    elif algorithm != "winograd":
        return algorithm
    costs = {f"winograd_f{size}": _winograd_cost(size, geometry, direction, packed) for size in (4, 2)}
    if algorithm == "auto":
        costs["direct"] = _direct_cost(geometry, direction)
    return min(costs, key=costs.get)

"""The choice of a convolution's algorithm: a pure function of direction, shape and the option below."""

from ._common.checks import boolean, choice, environment_switch

#: Values of the argument `algorithm` of `striate.functional.conv2d` and its gradients.
ALGORITHMS = ("auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5")

# The unit of these costs is a multiplication in the register tile.
_TRANSFORM_COST = 8  # transforming one element of the input, or of the output
_PACK_COST = 10  # making one element of the packed or transformed kernel
_CACHED_READ_COST = 2  # reading one element of a packed kernel that fits into the cache
_READ_COST = 8  # reading one element of a packed kernel from main memory
_CACHED_SUM_COST = 8  # adding to one element of the kernel's gradient if it fits into the cache
_SUM_COST = 28  # adding to one element of the kernel's gradient in main memory
_CACHE_ELEMENTS = 3 << 20  # elements of a kernel that fit into the cache

#: By instruction set, the cost of a product of bfloat16 numbers in direct convolution; on others, they are converted first.
_BFLOAT16_COSTS = {"bf16": 0.45, "amx": 0.1}

#: By k and stride, the sizes m of the tiles that exist for a k×k kernel.
_WINOGRAD_SIZES = {(3, 1): (4, 2), (5, 1): (2,), (4, 2): (5,), (5, 2): (4,), (6, 2): (4,)}


#: By algorithm, what it can compute.
_EXPECTED = {
    "winograd": "a 3×3 or 5×5 kernel with a stride of 1, or a 4×4, 5×5 or 6×6 kernel with 2",
    "winograd_f2": "a 3×3 or 5×5 kernel with a stride of 1",
    "winograd_f4": "a 3×3 kernel with a stride of 1, or a 5×5 or 6×6 kernel with 2",
    "winograd_f5": "a 4×4 kernel with a stride of 2",
}

_winograd = environment_switch("STRIATE_WINOGRAD", default=True)


def get_winograd():
    """Return whether "auto" may choose Winograd convolution.

    Returns
    -------
    bool
        True unless the environment variable ``STRIATE_WINOGRAD=0`` or `set_winograd` forbids it.

    Examples
    --------
    >>> import striate
    >>> with_winograd = striate.get_winograd()
    >>> striate.set_winograd(False)
    >>> striate.get_winograd()
    False
    >>> striate.set_winograd(with_winograd)
    """
    return _winograd


def set_winograd(enabled):
    """Allow or forbid "auto" to choose Winograd convolution.

    It is two to four times as fast as direct convolution where it applies (3×3 and 5×5 kernels with stride 1, 4×4 to 6×6
    kernels with stride 2) and loses a little accuracy: the error is about 3e-6 of the largest output instead of 1e-6 in
    float32, for images of any size. Large values reduce the accuracy of the outputs around them, and a NaN or an infinity may
    spread to these: see the page on numbers. The argument `algorithm` of a layer, for example "direct", forbids it for that
    layer alone.

    Parameters
    ----------
    enabled : bool
        Whether "auto" may choose it.

    Raises
    ------
    TypeError
        If `enabled` is not a bool.

    Examples
    --------
    >>> import striate
    >>> with_winograd = striate.get_winograd()
    >>> striate.set_winograd(False)
    >>> striate.get_winograd()
    False
    >>> striate.set_winograd(with_winograd)
    """
    global _winograd
    _winograd = boolean("enabled", enabled)


def _winograd_cost(size, geometry, direction, packed):
    """Return the cost of F(size×size, k×k), in multiplications."""
    batch, height, width, filters = geometry.y_shape
    channels, groups, stride = geometry.kernel_shape[2], geometry.groups, geometry.strides[0]
    if direction == "backward_input":
        height, width = (_phase_size(geometry, axis) for axis in range(2))
    filters //= groups
    channels *= stride * stride  # Phases of the input are more channels.
    tiles = batch * -(-height // size) * -(-width // size)
    positions = (size + -(-geometry.kernel_shape[0] // stride) - 1) ** 2
    cost = tiles * (channels * filters + _TRANSFORM_COST * (channels + filters))
    cost += _kernel_cost(positions * channels * filters * groups, direction, packed) * channels * filters
    return positions * groups * cost


def _phase_size(geometry, axis):
    """Return the size of a phase of the input along an axis, as `kernels/convolution/winograd.pyx` cuts it into tiles."""
    size, stride, before = geometry.x_shape[1 + axis], geometry.strides[axis], geometry.padding[axis][0]
    return (size - 1 + before) // stride - before // stride + 1


def _kernel_cost(elements, direction, packed):
    """Return the cost of one of the `elements` of a kernel, or of its gradient."""
    cached = elements <= _CACHE_ELEMENTS
    if direction == "backward_kernel":
        return _CACHED_SUM_COST if cached else _SUM_COST
    if not packed:
        return _PACK_COST
    return _CACHED_READ_COST if cached else _READ_COST


def _direct_cost(geometry, direction, packed):
    height, width = geometry.x_shape[1:3] if direction == "backward_input" else geometry.y_shape[1:3]
    pixels = height * width
    if direction == "backward_input":
        pixels /= geometry.strides[0] * geometry.strides[1]  # Each pixel of the input is reached by fewer taps.
    kh, kw, channels, filters = geometry.kernel_shape
    elements = kh * kw * channels * filters
    return elements * (geometry.y_shape[0] * pixels + _kernel_cost(elements, direction, packed))


def _sparse(geometry):
    """Return whether the taps are so far apart that copying the pixels between them, as "direct" may, is a waste."""
    _, height, width, _ = geometry.x_shape
    (rows, columns), dilation = geometry.kernel_shape[:2], geometry.dilation
    return (rows - 1) * dilation[0] > 4 * height or (columns - 1) * dilation[1] > 4 * width


def check_conv2d_algorithm(algorithm, kernel_shape, channels, strides, dilation, groups):
    """Check that an algorithm, by name, can compute a convolution of images of any size, and its gradients."""
    choice("algorithm", algorithm, ALGORITHMS)
    if algorithm == "depthwise" and groups != channels:
        raise ValueError(
            f"algorithm='depthwise' cannot compute {channels} channels in groups={groups}; expected as many groups"
        )
    if algorithm.startswith("winograd"):
        found = _winograd_algorithms(kernel_shape, strides, dilation)
        if not found or algorithm not in ("winograd", *found):
            raise ValueError(
                f"algorithm={algorithm!r} cannot compute a {kernel_shape[0]}×{kernel_shape[1]} kernel with "
                f"strides={strides} and dilation={dilation}; expected {_EXPECTED[algorithm]}, and no dilation"
            )


def pick_conv2d_algorithm(algorithm, direction, geometry, packed=False):
    """Return the algorithm that `algorithm` names or implies; check that it can compute the convolution.

    Parameters
    ----------
    algorithm : str
        One of `ALGORITHMS`.
    direction : {"forward", "backward_input", "backward_kernel"}
        What is computed.
    geometry : Geometry
        Geometry of the convolution.
    packed : bool
        Whether the kernel is packed or transformed already.
    """
    where = geometry.strides, geometry.dilation, geometry.groups
    check_conv2d_algorithm(algorithm, geometry.kernel_shape, geometry.x_shape[3], *where)
    if algorithm == "auto":
        return _best(direction, geometry, packed)
    return _cheapest(_winograd_costs(direction, geometry, packed)) if algorithm == "winograd" else algorithm


def pick_bfloat16_algorithm(algorithm, geometry, instruction_set):
    """Return the algorithm of a prediction with bfloat16 numbers: "direct", or one of Winograd's, which computes in float32.

    Parameters
    ----------
    algorithm, geometry
        See `pick_conv2d_algorithm`.
    instruction_set : str
        The instruction set that kernels use.
    """
    wanted = algorithm.startswith("winograd") or (algorithm == "auto" and _winograd)
    costs = _winograd_costs("forward", geometry, packed=True) if wanted else {}
    if algorithm == "auto":
        costs["direct"] = _BFLOAT16_COSTS.get(instruction_set, 1.0) * _direct_cost(geometry, "forward", packed=True)
    return algorithm if algorithm in costs else _cheapest(costs) if costs else "direct"


def _best(direction, geometry, packed):
    if geometry.groups == geometry.x_shape[3] > 1:
        return "depthwise"
    if _sparse(geometry):
        return "im2col"
    costs = _winograd_costs(direction, geometry, packed) if _winograd else {}
    if not costs:
        return "direct"
    return _cheapest({**costs, "direct": _direct_cost(geometry, direction, packed)})


def _winograd_algorithms(kernel_shape, strides, dilation):
    """Return the Winograd algorithms that can compute such a convolution, with the sizes of their tiles."""
    rows, columns = kernel_shape[:2]
    if rows != columns or strides[0] != strides[1] or dilation != (1, 1):
        return {}
    return {f"winograd_f{size}": size for size in _WINOGRAD_SIZES.get((rows, strides[0]), ())}


def _winograd_costs(direction, geometry, packed):
    found = _winograd_algorithms(geometry.kernel_shape, geometry.strides, geometry.dilation)
    return {name: _winograd_cost(size, geometry, direction, packed) for name, size in found.items()}


def _cheapest(costs):
    return min(costs, key=costs.get)

"""Comparison of elements of a convolution's results with plain NumPy in float64."""

import numpy as np

#: Largest error relative to the sum of the absolute products; Winograd's convolution comes closest to it.
TOLERANCE = 1e-5


def check_convolution(direction, result, arrays, shape, bias=None):
    """Compare some elements of a result, two corners and others chosen at random, with their definition.

    Parameters
    ----------
    direction : {"forward", "backward_input", "backward_kernel"}
        The pass.
    result : ndarray
        Its result, in striate's layout.
    arrays : Arrays
        Its arguments.
    shape : Convolution
        Shapes and geometry of the convolution.
    bias : ndarray, optional
        The bias, if the forward pass includes a bias and a ReLU.

    Raises
    ------
    AssertionError
        If the shape or an element is wrong.
    """
    wanted = {"forward": shape.y_shape, "backward_input": shape.x_shape, "backward_kernel": shape.kernel_shape}[direction]
    if result.shape != wanted:
        raise AssertionError(f"{direction} of {shape} has shape {result.shape}; expected {wanted}")
    rng = np.random.default_rng(0)
    corners = [(0, 0, 0, 0), tuple(size - 1 for size in wanted)]
    for index in corners + [tuple(map(int, rng.integers(wanted))) for _ in range(6)]:
        a, b = _factors(direction, index, arrays, shape)
        want, scale = np.vdot(a, b), np.vdot(abs(a), abs(b))
        if bias is not None:
            want, scale = max(want + bias[index[3]], 0), scale + abs(bias[index[3]])
        if not abs(result[index] - want) <= TOLERANCE * scale:
            raise AssertionError(f"{direction} of {shape} is {result[index]} at {index}; expected {want} ± {TOLERANCE * scale}")


def _factors(direction, index, arrays, shape):
    """Return the factors of the products whose sum is an element, as two arrays of float64."""
    k, s, p, o = shape.kernel, shape.stride, shape.padding, shape.output_size
    channels, filters = shape.channels // shape.groups, shape.filters // shape.groups
    if direction == "forward":
        n, i, j, f = index
        group = f // filters
        rows, kernel_rows = _overlap(i * s - p, k, shape.size)
        columns, kernel_columns = _overlap(j * s - p, k, shape.size)
        a = arrays.x[n, rows, columns, group * channels : (group + 1) * channels]
        b = arrays.kernel[kernel_rows, kernel_columns, :, f]
    elif direction == "backward_input":
        n, i, j, c = index
        group, kernel_channel = divmod(c, channels)
        group_filters = slice(group * filters, (group + 1) * filters)
        rows, kernel_rows = _taps(i + p, k, s, o)
        columns, kernel_columns = _taps(j + p, k, s, o)
        a = arrays.dy[n][np.ix_(rows, columns)][..., group_filters]
        b = arrays.kernel[np.ix_(kernel_rows, kernel_columns)][:, :, kernel_channel, group_filters]
    else:
        u, v, c, f = index
        image = np.pad(arrays.x[..., f // filters * channels + c], ((0, 0), (p, p), (p, p)))
        a = image[:, u : u + (o - 1) * s + 1 : s, v : v + (o - 1) * s + 1 : s]
        b = arrays.dy[..., f]
    return a.astype(np.float64), b.astype(np.float64)


def _overlap(first, kernel, size):
    """Return the pixels that a window beginning at `first` covers, and the kernel elements that lie on them."""
    begin, end = max(first, 0), min(first + kernel, size)
    return slice(begin, end), slice(begin - first, end - first)


def _taps(position, kernel, stride, outputs):
    """Return the outputs to which a pixel of the padded input contributes, and the kernel elements that weight it there."""
    pairs = [((position - tap) // stride, tap) for tap in range(kernel) if (position - tap) % stride == 0]
    pairs = [(output, tap) for output, tap in pairs if 0 <= output < outputs]
    return [output for output, _ in pairs], [tap for _, tap in pairs]

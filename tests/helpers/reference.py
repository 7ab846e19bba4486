"""What the operations should compute: slow and obvious, in NumPy and float64, sharing nothing with striate.

Images are (batch, height, width, channels), kernels (kernel height, kernel width, channels / groups, filters).
"""

import itertools
import math
from fractions import Fraction

import numpy as np


def two(value):
    """An argument for height and width, as a pair."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def sides(padding, sizes, windows, strides):
    """Padding as ((top, bottom), (left, right)); "same" by TensorFlow's definition."""
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "same":
        result = []
        for size, window, stride in zip(sizes, windows, strides, strict=True):
            outputs = math.ceil(size / stride)
            needed = (outputs - 1) * stride + window  # pixels that this many windows cover
            extra = max(needed - size, 0)
            result.append((extra // 2, extra - extra // 2))
        return tuple(result)
    return tuple(two(side) for side in two(padding))


def outputs(sizes, padding, windows, strides):
    """Height and width of the output."""
    return tuple(
        (size + sum(around) - window) // stride + 1
        for size, around, window, stride in zip(sizes, padding, windows, strides, strict=True)
    )


def taps(x_shape, kernel_shape, strides=1, padding="valid", dilation=1, groups=1):
    """Yield (output pixel, input pixel, kernel element, channels of x, filters) for all that a convolution multiplies."""
    (_, height, width, _), (kh, kw, channels, filters) = x_shape, kernel_shape
    strides, dilation = two(strides), two(dilation)
    windows = (kh - 1) * dilation[0] + 1, (kw - 1) * dilation[1] + 1
    around = sides(padding, (height, width), windows, strides)
    out_height, out_width = outputs((height, width), around, windows, strides)
    per_group = filters // groups
    for i, j, k, m, g in itertools.product(range(out_height), range(out_width), range(kh), range(kw), range(groups)):
        row = i * strides[0] + k * dilation[0] - around[0][0]
        column = j * strides[1] + m * dilation[1] - around[1][0]
        if 0 <= row < height and 0 <= column < width:
            yield (
                (i, j),
                (row, column),
                (k, m),
                slice(g * channels, (g + 1) * channels),
                slice(g * per_group, (g + 1) * per_group),
            )


def conv2d_shape(x_shape, kernel_shape, strides=1, padding="valid", dilation=1, groups=1):
    """Shape of a convolution's output."""
    (batch, height, width, _), (kh, kw, _, filters) = x_shape, kernel_shape
    strides, dilation = two(strides), two(dilation)
    windows = (kh - 1) * dilation[0] + 1, (kw - 1) * dilation[1] + 1
    around = sides(padding, (height, width), windows, strides)
    return (batch, *outputs((height, width), around, windows, strides), filters)


def conv2d(x, kernel, bias=0.0, **arguments):
    """Convolution."""
    x, kernel = np.asarray(x, np.float64), np.asarray(kernel, np.float64)
    y = np.zeros(conv2d_shape(x.shape, kernel.shape, **arguments))
    for (i, j), (row, column), (k, m), channels, filters in taps(x.shape, kernel.shape, **arguments):
        y[:, i, j, filters] += x[:, row, column, channels] @ kernel[k, m, :, filters]
    return y + bias


def conv2d_transpose_axis(size, kernel, stride=1, padding="valid", output_padding=None, dilation=1):
    """Size of a transposed convolution's output along an axis and what is cut off its beginning, by Keras' definition."""
    window = (kernel - 1) * dilation + 1
    if padding in ("valid", "same"):
        if output_padding is None:
            length = size * stride + (max(window - stride, 0) if padding == "valid" else 0)
        else:
            length = (size - 1) * stride + window - 2 * (window // 2 if padding == "same" else 0) + output_padding
        return length, max((size - 1) * stride + window - length, 0) // 2 if padding == "same" else 0
    before, after = two(padding)
    return (size - 1) * stride + window - before - after + (output_padding or 0), before


def conv2d_transpose(x, kernel, bias=0.0, strides=1, padding="valid", output_padding=None, dilation=1, groups=1):
    """Transposed convolution: each pixel, times the kernel, is added to a window of the output."""
    x, kernel = np.asarray(x, np.float64), np.asarray(kernel, np.float64)
    (batch, height, width, channels), (kh, kw, filters, _) = x.shape, kernel.shape
    paddings = (padding, padding) if isinstance(padding, str) else two(padding)
    (out_height, top), (out_width, left) = (
        conv2d_transpose_axis(*sizes)
        for sizes in zip((height, width), (kh, kw), two(strides), paddings, two(output_padding), two(dilation), strict=True)
    )
    y = np.zeros((batch, out_height, out_width, filters * groups))
    each = channels // groups
    for i, j, k, m, g in itertools.product(range(height), range(width), range(kh), range(kw), range(groups)):
        row = i * two(strides)[0] + k * two(dilation)[0] - top
        column = j * two(strides)[1] + m * two(dilation)[1] - left
        if 0 <= row < out_height and 0 <= column < out_width:
            inputs, outputs = slice(g * each, (g + 1) * each), slice(g * filters, (g + 1) * filters)
            y[:, row, column, outputs] += x[:, i, j, inputs] @ kernel[k, m, :, inputs].T
    return y + bias


def conv2d_backward_input(dy, kernel, x_shape, **arguments):
    """Gradient of sum(dy * conv2d(x, kernel)) with respect to x."""
    dy, kernel = np.asarray(dy, np.float64), np.asarray(kernel, np.float64)
    dx = np.zeros(x_shape)
    for (i, j), (row, column), (k, m), channels, filters in taps(x_shape, kernel.shape, **arguments):
        dx[:, row, column, channels] += dy[:, i, j, filters] @ kernel[k, m, :, filters].T
    return dx


def conv2d_backward_kernel(dy, x, kernel_shape, **arguments):
    """Gradient of sum(dy * conv2d(x, kernel)) with respect to the kernel."""
    dy, x = np.asarray(dy, np.float64), np.asarray(x, np.float64)
    dkernel = np.zeros(kernel_shape)
    for (i, j), (row, column), (k, m), channels, filters in taps(x.shape, kernel_shape, **arguments):
        dkernel[k, m, :, filters] += x[:, row, column, channels].T @ dy[:, i, j, filters]
    return dkernel


def windows(x_shape, pool_size, strides, padding):
    """Yield (output pixel, rows, columns, size with padding) of each pooling window; rows and columns lie in the image."""
    _, height, width, _ = x_shape
    pool_size = two(pool_size)
    strides = pool_size if strides is None else two(strides)
    around = sides(padding, (height, width), pool_size, strides)
    out_height, out_width = outputs((height, width), around, pool_size, strides)
    for i, j in itertools.product(range(out_height), range(out_width)):
        top, left = i * strides[0] - around[0][0], j * strides[1] - around[1][0]
        rows = [r for r in range(top, top + pool_size[0]) if 0 <= r < height]
        columns = [c for c in range(left, left + pool_size[1]) if 0 <= c < width]
        yield (i, j), rows, columns, pool_size[0] * pool_size[1]


def pool_shape(x_shape, pool_size, strides, padding):
    """Shape of a pooling's output."""
    *_, ((i, j), *_) = windows(x_shape, pool_size, strides, padding)
    return (x_shape[0], i + 1, j + 1, x_shape[3])


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    """Max pooling."""
    y = np.empty(pool_shape(x.shape, pool_size, strides, padding))
    for (i, j), rows, columns, _ in windows(x.shape, pool_size, strides, padding):
        y[:, i, j] = x[:, rows][:, :, columns].max((1, 2))
    return y


def max_pool2d_backward_input(dy, x, pool_size=2, strides=None, padding="valid"):
    """Gradient of max pooling: to the first of the largest."""
    dx = np.zeros(x.shape)
    for (i, j), rows, columns, _ in windows(x.shape, pool_size, strides, padding):
        part = x[:, rows][:, :, columns]
        part = part.reshape(len(x), part.shape[1] * part.shape[2], x.shape[3])
        for n, c in np.ndindex(len(x), x.shape[3]):
            best = part[n, :, c].argmax()  # NumPy's argmax is the first; NaN counts as largest
            dx[n, rows[best // len(columns)], columns[best % len(columns)], c] += dy[n, i, j, c]
    return dx


def average_pool2d(x, pool_size=2, strides=None, padding="valid", count_include_pad=False):
    """Average pooling."""
    y = np.empty(pool_shape(x.shape, pool_size, strides, padding))
    for (i, j), rows, columns, size in windows(x.shape, pool_size, strides, padding):
        divisor = size if count_include_pad else len(rows) * len(columns)
        y[:, i, j] = x[:, rows][:, :, columns].astype(np.float64).sum((1, 2)) / divisor
    return y


def average_pool2d_backward_input(dy, x_shape, pool_size=2, strides=None, padding="valid", count_include_pad=False):
    """Gradient of average pooling."""
    dx = np.zeros(x_shape)
    for (i, j), rows, columns, size in windows(x_shape, pool_size, strides, padding):
        divisor = size if count_include_pad else len(rows) * len(columns)
        for row, column in itertools.product(rows, columns):
            dx[:, row, column] += np.asarray(dy[:, i, j], np.float64) / divisor
    return dx


def adaptive_pool(x, reduce, sizes):
    """Pooling of any number of spatial axes over windows from floor(i n / m) to ceil((i + 1) n / m), for each axis."""
    y = np.zeros((len(x), *sizes, x.shape[-1]))
    for index in np.ndindex(*sizes):
        limits = [
            slice(int(np.floor(i * n / m)), int(np.ceil((i + 1) * n / m)))
            for i, n, m in zip(index, x.shape[1:-1], sizes, strict=True)
        ]
        y[(slice(None), *index)] = reduce(x[(slice(None), *limits)], tuple(range(1, x.ndim - 1)))
    return y


def relu(x):
    """Rectified linear unit."""
    return np.maximum(x, 0)


def leaky_relu(x, negative_slope=0.2):
    """Leaky rectified linear unit."""
    return np.where(x < 0, negative_slope * x, x)


def sigmoid(x):
    """Logistic sigmoid, in extended precision where there is one."""
    return (1 / (1 + np.exp(-np.asarray(x, np.longdouble)))).astype(np.float64)


def tanh(x):
    """Hyperbolic tangent."""
    return np.tanh(np.asarray(x, np.float64))


def relu6(x):
    """Rectified linear unit that ends at 6."""
    return np.clip(x, 0, 6)


def elu(x, alpha=1.0):
    """Exponential linear unit."""
    return np.where(x < 0, alpha * np.expm1(np.minimum(x, 0)), x)


def selu(x):
    """Scaled exponential linear unit, with the constants to all their digits."""
    return 1.0507009873554804934193349852946 * elu(x, 1.6732632423543772848170429916717)


def normal_cdf(x):
    """Cumulative normal distribution of a number, from erfc rather than 1 + erf for the sake of what is far below zero."""
    t = -x / math.sqrt(2)
    if x >= 0:
        return math.erfc(t) / 2
    # far out it goes as exp(-x² / 2), which the rounding of t changes
    return math.erfc(t) / 2 * math.exp(Fraction(t) ** 2 - Fraction(x) ** 2 / 2)


def gelu(x):
    """Gaussian error linear unit."""
    return x * np.array([normal_cdf(float(value)) for value in x.ravel()]).reshape(x.shape)


def gelu_tanh(x):
    """Its approximation; (1 + tanh u) / 2 is sigmoid(2 u)."""
    return x * sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))


def silu(x):
    """Sigmoid linear unit."""
    return x * sigmoid(x)


def hard_sigmoid(x):
    """Piecewise linear sigmoid."""
    return np.clip(x / 6 + 0.5, 0, 1)


def hard_silu(x):
    """Its linear unit."""
    return x * hard_sigmoid(x)


def softplus(x):
    """Smooth rectified linear unit."""
    return np.logaddexp(x, 0)


def softsign(x):
    """Softsign."""
    return x / (1 + np.abs(x))


def exponential(x):
    """Exponential function."""
    return np.exp(x)


def mish(x):
    """Mish."""
    return x * np.tanh(softplus(x))


def log_softmax(x, axis=-1):
    """Logarithm of the softmax."""
    x = np.asarray(x, np.float64)
    shifted = x - x.max(axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))


def softmax(x, axis=-1):
    """Softmax."""
    return np.exp(log_softmax(x, axis))


def glu(x, axis=-1):
    """The first half times the sigmoid of the second."""
    first, second = np.split(np.asarray(x, np.float64), 2, axis)
    return first * sigmoid(second)


def sparsemax(x, axis=-1):
    """What lies above a threshold along an axis, which is found by bisection: that above which the sum is 1."""
    x = np.asarray(x, np.float64)
    high = x.max(axis, keepdims=True)
    low = high - 1
    for _ in range(100):
        middle = (low + high) / 2
        too_low = np.maximum(x - middle, 0).sum(axis, keepdims=True) > 1
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    return np.maximum(x - low, 0)


def dense(x, kernel, bias=0.0):
    """Matrix product and bias."""
    return np.asarray(x, np.float64) @ np.asarray(kernel, np.float64) + bias


def moments(x):
    """Mean and biased variance of each channel, in extended precision where there is one."""
    rows = np.asarray(x, np.longdouble).reshape(-1, x.shape[-1])
    mean = rows.mean(0)
    return mean.astype(np.float64), ((rows - mean) ** 2).mean(0).astype(np.float64)


def normalized(x, mean, variance, epsilon):
    """Each channel less its mean, divided by its standard deviation."""
    x, mean, variance = (np.asarray(a, np.float64) for a in (x, mean, variance))
    return (x - mean) / np.sqrt(variance + epsilon)


def batch_normalization(x, mean, variance, gamma=1.0, beta=0.0, epsilon=1e-3):
    """Batch normalization."""
    return gamma * normalized(x, mean, variance, epsilon) + beta


def batch_normalization_backward(dy, x, mean, variance, gamma=1.0, epsilon=1e-3, training=True, absolute=False):
    """Gradients of x, gamma and beta; if `absolute`, the sums of their terms' absolute values."""
    dy, axes = np.asarray(dy, np.float64), tuple(range(x.ndim - 1))
    hat, scale = normalized(x, mean, variance, epsilon), gamma / np.sqrt(np.asarray(variance, np.float64) + epsilon)
    sign = -1
    if absolute:
        dy, hat, scale, sign = abs(dy), abs(hat), abs(scale), 1
    dx = dy
    if training:
        dx = dy + sign * dy.mean(axes) + sign * hat * (dy * hat).mean(axes)
    return scale * dx, (dy * hat).sum(axes), dy.sum(axes)


def neighbour_sums(values, radius):
    """For each channel, the sum over the channels at most `radius` away."""
    channels = values.shape[-1]
    return np.stack([values[..., max(c - radius, 0) : c + radius + 1].sum(-1) for c in range(channels)], -1)


def local_response_sums(x, depth_radius=5, bias=1.0, alpha=1.0):
    """What local response normalization raises to a power."""
    return bias + alpha * neighbour_sums(np.asarray(x, np.float64) ** 2, depth_radius)


def local_response_normalization(x, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5):
    """Local response normalization."""
    return x / local_response_sums(x, depth_radius, bias, alpha) ** beta


def local_response_normalization_backward_input(dy, x, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, absolute=False):
    """Its gradient; if `absolute`, the sum of its terms' absolute values."""
    dy, x = np.asarray(dy, np.float64), np.asarray(x, np.float64)
    sums, factor = local_response_sums(x, depth_radius, bias, alpha), -2 * alpha * beta
    if absolute:
        dy, x, factor = abs(dy), abs(x), abs(factor)
    own = dy * sums**-beta
    return own + factor * x * neighbour_sums(own * x / sums, depth_radius)


def merge(name, arrays):
    """Arrays made one, element by element."""
    arrays = np.stack([np.asarray(array, np.float64) for array in arrays])
    if name == "subtract":
        return arrays[0] - arrays[1]
    return {"add": np.sum, "multiply": np.prod, "average": np.mean, "maximum": np.max, "minimum": np.min}[name](arrays, axis=0)


def merge_backward(name, dy, arrays):
    """Gradients of sum(dy * merge(name, arrays)) with respect to each array; the largest share it equally."""
    dy, arrays = np.asarray(dy, np.float64), [np.asarray(array, np.float64) for array in arrays]
    if name == "multiply":
        return [dy * np.prod(arrays[:i] + arrays[i + 1 :], axis=0) for i in range(len(arrays))]
    if name in ("maximum", "minimum"):
        best = merge(name, arrays)
        winners = [(array == best) | np.isnan(array) for array in arrays]
        return [np.where(winner, dy / np.sum(winners, axis=0), 0) for winner in winners]
    factors = {"add": [1] * len(arrays), "subtract": [1, -1], "average": [1 / len(arrays)] * len(arrays)}
    return [factor * dy for factor in factors[name]]


def philox(counter, key):
    """Four random words of a counter of four and a key of two: Philox4x32-10 (Salmon et al., SC 2011, section 4.3)."""
    a, b, c, d = counter
    k, m = key
    for _ in range(10):
        first, second = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (second >> 32) ^ b ^ k, second & 0xFFFFFFFF, (first >> 32) ^ d ^ m, first & 0xFFFFFFFF
        k, m = (k + 0x9E3779B9) & 0xFFFFFFFF, (m + 0xBB67AE85) & 0xFFFFFFFF
    return a, b, c, d


def ctc_readings(logits, blank=0):
    """The probability of everything that a sequence (steps, classes) may be read as, by CTC: sums over all paths."""
    p = softmax(logits.astype(np.float64))
    steps, classes = p.shape
    found = {}
    for path in itertools.product(range(classes), repeat=steps):
        reading = tuple(label for label, _ in itertools.groupby(path) if label != blank)
        found[reading] = found.get(reading, 0) + np.prod(p[np.arange(steps), list(path)])
    return found


def ctc_loss(target, output, target_length, output_length, blank=0):
    """The negative logarithms of the probabilities that sequences are read as their targets."""
    with np.errstate(divide="ignore"):
        return np.array([
            -np.log(ctc_readings(x[:steps], blank).get(tuple(labels[:length]), 0))
            for labels, x, length, steps in zip(target, output, target_length, output_length, strict=True)
        ])  # fmt: skip

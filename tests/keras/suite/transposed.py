"""Sizes and padding of transposed convolutions, with which Keras' tests compute what they expect."""


def _each(value, axes):
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes


def _axes(kernel, strides, output_padding, dilation_rate, count):
    """Return, for each spatial axis, the size of the dilated kernel, the stride, and the padding of the output."""
    dilated = [(size - 1) * rate + 1 for size, rate in zip(kernel[:count], _each(dilation_rate, count), strict=True)]
    return zip(dilated, _each(strides, count), _each(output_padding, count), strict=True)


def output_shape(
    input_shape, kernel_size, filters, strides, padding, output_padding=None, data_format="channels_last", dilation_rate=1
):
    """Return the shape of a transposed convolution's output: valid (n - 1) s + max(k, s), same n s, or with their padding."""
    last = data_format == "channels_last"
    sizes = input_shape[1:-1] if last else input_shape[2:]
    spatial = []
    for n, (k, s, extra) in zip(sizes, _axes(kernel_size, strides, output_padding, dilation_rate, len(sizes)), strict=True):
        if n is None:
            spatial.append(None)
        elif padding == "valid":
            spatial.append((n - 1) * s + (max(k, s) if extra is None else k + extra))
        else:
            spatial.append(n * s if extra is None else (n - 1) * s + k % 2 + extra)
    return [input_shape[0], *spatial, filters] if last else [input_shape[0], filters, *spatial]


def paddings(input_shape, kernel_shape, strides, padding, output_padding, dilation_rate):
    """Return the zeros before and after each axis of the strided input with which a valid convolution has that shape."""
    result = []
    for k, s, extra in _axes(kernel_shape, strides, output_padding, dilation_rate, len(input_shape) - 2):
        if padding == "valid":
            result.append((k - 1, k - 1 + (max(s - k, 0) if extra is None else extra)))
        else:
            total = s + k - 2 if extra is None else k + k % 2 - 2 + extra
            before = min((total + 1) // 2, k - 1)
            result.append((before, total - before))
    return result

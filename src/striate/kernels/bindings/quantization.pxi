"""Convolutions and pooling of 8-bit integers, and the way from and to floats."""
from libc.stdint cimport int8_t, int32_t
from striate.kernels.ops cimport QuantizedConv2D, Requantize

cdef enum:
    BYTES = 66          # the format of unsigned bytes, "B", …
    SIGNED_BYTES = 98   # … of signed ones, "b", …
    INTEGERS = 105      # … and of 32-bit integers, "i"
    LARGEST_BYTE = 255


cdef QuantizedConv2D quantized_packing(const Array *kernel, int groups, int dilation_w) except *:
    """What packing depends on."""
    cdef QuantizedConv2D quantized
    require(dilation_w > 0)
    quantized.convolution = packing(kernel, groups)
    quantized.convolution.dilation_w = dilation_w
    return quantized


cdef Array shape_alone(tuple kernel_shape) except *:
    cdef Array like
    like.dtype, like.itemsize = FLOAT32, sizeof(int8_t)
    return read_or_shape(kernel_shape, &like)


def quantized_conv2d_packed_size(tuple kernel_shape, int groups, int dilation_w):
    """How many bytes quantized_conv2d_pack writes."""
    cdef Array kernel = shape_alone(kernel_shape)
    cdef QuantizedConv2D quantized = quantized_packing(&kernel, groups, dilation_w)
    return kernel_table(FLOAT32).quantized_conv2d_packed_size(&quantized)


def quantized_conv2d_pack(kernel, bias, multiplier, packed, int groups, int dilation_w):
    """packed = weights (int8), biases in units of products (int32) and the outputs' multipliers (float32) as the kernel reads
    them."""
    cdef Array akernel = read(kernel, 4, SIGNED_BYTES), abias = read(bias, 1, INTEGERS), amultiplier = read(multiplier, 1)
    cdef Array apacked = write(packed, 1, BYTES)
    cdef QuantizedConv2D quantized = quantized_packing(&akernel, groups, dilation_w)
    cdef const KernelTable *table = kernel_table(FLOAT32)
    require(amultiplier.dtype == FLOAT32 and abias.size == amultiplier.size == quantized.convolution.f)
    require(<size_t>apacked.size == table.quantized_conv2d_packed_size(&quantized))
    table.quantized_conv2d_pack(&quantized, <const int8_t *>akernel.data, <const int32_t *>abias.data,
                                <const float *>amultiplier.data, apacked.data)


def quantized_conv2d(x, tuple kernel_shape, packed, residual, y, tuple geometry, int groups, int x_zero, int y_zero,
                     int residual_zero, float residual_multiplier, float low, float high, int threads, Program program=None):
    """y = the convolution of x (uint8) and the packed kernel, plus residual (uint8): bytes, or floats if y is of float32, for
    which the zero points of y and residual do not count."""
    cdef bint real_output = memoryview(y).format == "f"
    cdef Array ax = read(x, 4, BYTES), kernel = shape_alone(kernel_shape), ay = write(y, 4, 0 if real_output else BYTES)
    cdef Array apacked = read(packed, 1, BYTES), aresidual
    cdef QuantizedConv2D op
    cdef const KernelTable *table = kernel_table(FLOAT32)
    op.convolution = conv2d(&ax, &kernel, &ay, geometry, groups, threads)
    apart(&ay, &ax)
    require(<size_t>apacked.size == table.quantized_conv2d_packed_size(&op))
    op.convolution.packed = apacked.data
    if residual is not None:
        aresidual = read(residual, 4, BYTES)
        require(not real_output and aresidual.size == ay.size)
        if aresidual.data != ay.data:       # each element is read before it is written
            apart(&ay, &aresidual)
        op.convolution.residual = aresidual.data
    require(0 <= min(x_zero, y_zero, residual_zero) and max(x_zero, y_zero, residual_zero) <= LARGEST_BYTE)
    require(real_output or -y_zero <= low <= high <= LARGEST_BYTE - y_zero)
    op.x_zero, op.y_zero, op.residual_zero, op.residual_multiplier = x_zero, y_zero, residual_zero, residual_multiplier
    op.low, op.high, op.real_output = low, high, real_output
    perform(program, <step_function>table.quantized_conv2d, &op, sizeof(op), &op.convolution.scratch,
            table.quantized_conv2d_scratch(&op))


def quantized_max_pool2d(x, y, tuple geometry, int threads, Program program=None):
    """y = the maximum of each window of x, bytes both."""
    cdef Array ax = read(x, 4, BYTES), ay = write(y, 4, BYTES)
    cdef Pool2D op = pool2d(&ax, &ay, geometry, False, threads)
    apart(&ay, &ax)
    perform(program, <step_function>kernel_table(FLOAT32).quantized_max_pool2d, &op, sizeof(op))


cdef Requantize requantization(const Array *x, const Array *y, double scale, int zero, int threads) except *:
    cdef Requantize op
    op.x, op.y, op.size, op.scale, op.inverse, op.zero = x.data, y.data, y.size, scale, 1 / scale, zero
    require(x.size == y.size and x.itemsize + y.itemsize == 5 and 0 <= zero <= LARGEST_BYTE and threads > 0)
    apart(y, x)
    op.threads = threads_for(<double>ACCESS * y.size, threads)
    return op


def quantize(x, y, double scale, int zero, int threads, Program program=None):
    """y = round(x / scale) + zero, as bytes."""
    cdef Array ax = read(x, -1), ay = write(y, -1, BYTES)
    cdef Requantize op = requantization(&ax, &ay, scale, zero, threads)
    perform(program, <step_function>kernel_table(FLOAT32).quantize, &op, sizeof(op))


def dequantize(x, y, double scale, int zero, int threads, Program program=None):
    """y = (x - zero) * scale."""
    cdef Array ax = read(x, -1, BYTES), ay = write(y, -1)
    cdef Requantize op = requantization(&ax, &ay, scale, zero, threads)
    perform(program, <step_function>kernel_table(FLOAT32).dequantize, &op, sizeof(op))

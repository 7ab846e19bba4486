"""Convolution and max pooling of 8-bit integers or bfloat16 numbers, and conversions from and to float32.

NumPy has no bfloat16, so arrays of bfloat16 numbers have dtype uint16.
"""
from striate.kernels.ops cimport LowPrecisionConv2D, Requantize

cdef enum:
    # Formats of arrays, in the notation of the `struct` module
    BYTES = 66              # "B", uint8
    SIGNED_BYTES = 98       # "b", int8
    HALVES = 72             # "H", uint16, which holds bfloat16
    INTEGERS = 105          # "i", C's int
    LARGEST_BYTE = 255      # the largest uint8


cdef char low_format(object array) except *:
    """The format of an array in low precision, HALVES or BYTES."""
    return HALVES if memoryview(array).format == "H" else BYTES


cdef LowPrecisionConv2D low_precision_packing(const Array *kernel, int groups, int dilation_w) except *:
    """The arguments on which packing depends; the others have no meaning."""
    cdef LowPrecisionConv2D op
    require(dilation_w > 0)
    op.convolution = packing(kernel, groups)
    op.convolution.dilation_w = dilation_w
    return op


cdef Array shape_alone(tuple kernel_shape, Dtype dtype) except *:
    cdef Array like
    like.dtype, like.itemsize = dtype, 2 if dtype == BFLOAT16 else 1
    return read_or_shape(kernel_shape, &like)


def low_precision_conv2d_packed_size(*, tuple kernel_shape, int groups=1, int dilation_w=1, bint bfloat16=False):
    """The number of bytes that low_precision_conv2d_pack writes."""
    cdef Dtype dtype = BFLOAT16 if bfloat16 else INT8
    cdef Array kernel = shape_alone(kernel_shape, dtype)
    cdef LowPrecisionConv2D op = low_precision_packing(&kernel, groups, dilation_w)
    return kernel_table(dtype).low_precision_conv2d_packed_size(&op)


def low_precision_conv2d_pack(kernel, bias, multiplier, packed, *, int groups=1, int dilation_w=1):
    """packed = the weights, biases and multipliers in the layout that low_precision_conv2d reads.

    Weights are int8 or bfloat16. Biases, in units of the products, are intc or float32. ``multiplier`` has the factor of each
    filter's sums.
    """
    cdef bint bfloat16 = low_format(kernel) == HALVES
    cdef Array akernel = read(kernel, 4, HALVES if bfloat16 else SIGNED_BYTES)
    cdef Array abias = read(bias, 1, 0 if bfloat16 else INTEGERS)
    cdef Array amultiplier = read(multiplier, 1), apacked = write(packed, 1, BYTES)
    cdef LowPrecisionConv2D op = low_precision_packing(&akernel, groups, dilation_w)
    cdef const KernelTable *table = kernel_table(akernel.dtype)
    require(amultiplier.dtype == FLOAT32 and abias.size == amultiplier.size == op.convolution.f and abias.itemsize == 4)
    require(<size_t>apacked.size == table.low_precision_conv2d_packed_size(&op))
    op.convolution.kernel, op.convolution.bias, op.multiplier = akernel.data, abias.data, <const float *>amultiplier.data
    op.convolution.packed = apacked.data
    perform(None, &table.low_precision_conv2d_pack, &op, sizeof(op), 1)


def low_precision_conv2d(x, packed, y, *, tuple kernel_shape, tuple geometry, int groups=1, residual=None, int x_zero=0,
                         int y_zero=0, int residual_zero=0, float residual_multiplier=0, str activation="linear",
                         float low=-INFINITY, float high=INFINITY, int threads, Program program=None):
    """y = the convolution of x with the packed kernel, plus the residual.

    x and residual are uint8 or bfloat16. y has the same dtype, or it is float32, without a residual and a zero point. Unless y
    is uint8, "hard_sigmoid" and "hard_silu" are applied; other activations are left to ``low`` and ``high``.
    """
    cdef char format = low_format(x)
    cdef bint real_output = memoryview(y).format == "f"
    cdef Array ax = read(x, 4, format), kernel = shape_alone(kernel_shape, ax.dtype)
    cdef Array ay = write(y, 4, 0 if real_output else format)
    cdef Array apacked = read(packed, 1, BYTES)
    cdef LowPrecisionConv2D op
    cdef const KernelTable *table = kernel_table(ax.dtype)
    ay.dtype = ax.dtype         # Only a float32 output may have another dtype.
    op.convolution = conv2d(&ax, &kernel, &ay, geometry, groups, threads)
    require_no_overlap(&ay, &ax)
    require(<size_t>apacked.size == table.low_precision_conv2d_packed_size(&op))
    op.convolution.packed = apacked.data
    require(residual is None or not real_output)
    op.convolution.residual = residual_of(residual, &ay, format)
    require(0 <= min(x_zero, y_zero, residual_zero) and max(x_zero, y_zero, residual_zero) <= largest_zero(ax.dtype))
    require(real_output or ax.dtype == BFLOAT16 or -y_zero <= low <= high <= LARGEST_BYTE - y_zero)
    op.x_zero, op.y_zero, op.residual_zero, op.residual_multiplier = x_zero, y_zero, residual_zero, residual_multiplier
    op.low, op.high, op.real_output = low, high, real_output
    op.convolution.activation = fused_forward(activation)
    require(real_output or ax.dtype == BFLOAT16 or activation not in ("hard_sigmoid", "hard_silu"))
    perform(program, &table.low_precision_conv2d, &op, sizeof(op), op.convolution.threads, &op.convolution.scratch)


def bfloat16_conv2d(x, packed, y, *, str algorithm, tuple kernel_shape, tuple geometry, int groups=1, bias=None, residual=None,
                    str activation="linear", int threads, Program program=None):
    """y = activation(x ∗ kernel + bias + residual) by a Winograd algorithm, computed in float32.

    x and residual are bfloat16; y is bfloat16, or float32 without a residual. ``packed``, which conv2d_pack wrote, and bias are
    float32.
    """
    cdef bint real_output = memoryview(y).format == "f"
    cdef Array ax = read(x, 4, HALVES), kernel = shape_alone(kernel_shape, BFLOAT16)
    cdef Array ay = write(y, 4, 0 if real_output else HALVES), real_y
    cdef Conv2D op
    cdef const Conv2DAlgorithm *kernels
    require(algorithm.startswith("winograd"))
    real_y = ay
    real_y.dtype = FLOAT32      # that of packed weights and bias
    ay.dtype = BFLOAT16         # Only a float32 output may have another dtype.
    op = conv2d(&ax, &kernel, &ay, geometry, groups, threads)
    kernels = algorithm_of(algorithm, FLOAT32, &op)
    require_no_overlap(&ay, &ax)
    op.packed = optional(packed, &real_y, kernels.packed_size(&op) // sizeof(float))
    require(op.packed != NULL)
    op.bias = optional(bias, &real_y, op.f)
    require(residual is None or not real_output)
    op.residual = residual_of(residual, &ay, HALVES)
    op.reads_bfloat16, op.writes_bfloat16 = True, not real_output
    op.activation = fused_forward(activation)
    perform(program, &kernels.forward, &op, sizeof(op), op.threads, &op.scratch)


cdef int largest_zero(Dtype dtype) noexcept:
    return 0 if dtype == BFLOAT16 else LARGEST_BYTE


def low_precision_max_pool2d(x, y, *, tuple geometry, int threads, Program program=None):
    """y = the maximum of each window of x; both are uint8, or both bfloat16."""
    cdef char format = low_format(x)
    cdef Array ax = read(x, 4, format), ay = write(y, 4, format)
    cdef Pool2D op = pool2d(&ax, &ay, geometry, False, threads)
    require_no_overlap(&ay, &ax)
    perform(program, &kernel_table(ax.dtype).low_precision_max_pool2d, &op, sizeof(op), op.threads)


cdef Requantize requantization(const Array *x, const Array *y, Dtype dtype, double scale, int zero, int threads) except *:
    cdef Requantize op
    op.x, op.y, op.size, op.scale, op.inverse, op.zero = x.data, y.data, y.size, scale, 1 / scale, zero
    op.low, op.high = -zero, LARGEST_BYTE - zero
    if dtype == BFLOAT16:
        op.low, op.high = -INFINITY, INFINITY
    require(x.size == y.size and max(x.itemsize, y.itemsize) == sizeof(float))
    require(0 <= zero <= largest_zero(dtype) and threads > 0)
    require_no_overlap(y, x)
    op.threads = threads_for(<double>ACCESS * y.size, threads)
    return op


def quantize(x, y, *, double scale=1, int zero=0, int threads, Program program=None):
    """y = round(x / scale) + zero as uint8, or x as bfloat16."""
    cdef Array ax = read(x, -1), ay = write(y, -1, low_format(y))
    cdef Requantize op = requantization(&ax, &ay, ay.dtype, scale, zero, threads)
    perform(program, &kernel_table(ay.dtype).quantize, &op, sizeof(op), op.threads)


def dequantize(x, y, *, double scale=1, int zero=0, int threads, Program program=None):
    """y = (x - zero) * scale."""
    cdef Array ax = read(x, -1, low_format(x)), ay = write(y, -1)
    cdef Requantize op = requantization(&ax, &ay, ax.dtype, scale, zero, threads)
    perform(program, &kernel_table(ax.dtype).dequantize, &op, sizeof(op), op.threads)

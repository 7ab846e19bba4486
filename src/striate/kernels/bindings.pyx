"""Python's way to the kernels: arrays in, one kernel call or one more step of a program, nothing out.

``striate.functional`` checks what users pass and words the errors; here is the last line of defence. Shapes are read from the
arrays themselves, and whatever does not fit together is refused, so that no call can reach memory it should not.
All arrays are C-contiguous and of one dtype, float32 or float64. The GIL is released while a kernel runs. Given a program, a
function appends its operation instead of carrying it out; whoever runs the program keeps the arrays alive.
"""
from cpython.bytearray cimport PyByteArray_AsString
from cpython.buffer cimport (PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer)
from libc.limits cimport INT_MAX
from libc.math cimport INFINITY
from libc.stdint cimport int64_t, uint32_t, uint64_t, uintptr_t
from libc.stdlib cimport free, malloc
from striate.kernels.dispatch cimport Dtype, FLOAT32, FLOAT64, kernel_table
from striate.kernels.ops cimport (
    ADD, AGAIN, AVERAGE, AXES, Activation, BILINEAR, BatchNormalization, CONSTANT, ClipNorm, Concatenate, Conv2D,
    Conv2DAlgorithm, Dropout, EDGE, ELU, EXPONENTIAL, GELU, GELU_TANH, GroupNormalization, HARD_SIGMOID, HARD_SILU, KernelTable,
    LEAKY_RELU, LINEAR, LOG, LOG_SOFTMAX, LocalResponseNormalization, Loss, MAXIMUM, MINIMUM, MIRROR, MISH, MULTIPLY, MatMul,
    Merge, NEAREST, Penalty, Pool2D, RELU, RELU6, Rearrange, Resample, Rowwise, SCALE, SELU, SIGMOID, SILU, SOFTMAX, SOFTPLUS,
    SOFTSIGN, SUBTRACT, ScaleShift, SumRows, TANH, Update, local_response_normalization_function, loss_function,
    resample_function,
)
from striate.kernels.program cimport Program, step_function
from striate.kernels.threads cimport ACCESS, COMPARISON, POWER, threads_for

ACTIVATIONS = {
    "linear": LINEAR, "relu": RELU, "leaky_relu": LEAKY_RELU, "relu6": RELU6, "elu": ELU, "selu": SELU, "sigmoid": SIGMOID,
    "hard_sigmoid": HARD_SIGMOID, "tanh": TANH, "softplus": SOFTPLUS, "softsign": SOFTSIGN, "exponential": EXPONENTIAL,
    "silu": SILU, "hard_silu": HARD_SILU, "gelu": GELU, "gelu_tanh": GELU_TANH, "mish": MISH, "softmax": SOFTMAX,
    "log_softmax": LOG_SOFTMAX,
}
cdef dict activation_codes = {**ACTIVATIONS, "log": LOG, "scale": SCALE}
cdef dict merging_codes = {"add": ADD, "subtract": SUBTRACT, "multiply": MULTIPLY, "average": AVERAGE, "maximum": MAXIMUM,
                           "minimum": MINIMUM}
cdef dict interpolation_codes = {"nearest": NEAREST, "bilinear": BILINEAR}
cdef dict continuation_codes = {"constant": CONSTANT, "nearest": EDGE, "reflect": MIRROR, "wrap": AGAIN}


# ----------------------------------------------------------------------------------------------------------------- arrays

cdef struct Array:
    void *data
    Py_ssize_t shape[4]
    Py_ssize_t size, itemsize
    Dtype dtype


cdef Array read(object array, int dimensions) except *:
    return _array(array, dimensions, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)


cdef Array write(object array, int dimensions) except *:
    return _array(array, dimensions, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | PyBUF_WRITABLE)


cdef Array _array(object array, int dimensions, int flags) except *:
    # The buffer can be released at once: the caller's reference keeps the array, and so its memory, alive.
    cdef Py_buffer view
    cdef Array result
    cdef int i
    PyObject_GetBuffer(array, &view, flags)
    try:
        if view.format[0] == b"f" and view.format[1] == 0:
            result.dtype = FLOAT32
        elif view.format[0] == b"d" and view.format[1] == 0:
            result.dtype = FLOAT64
        else:
            raise TypeError(f"expected a float32 or float64 array, got format {view.format.decode()!r}")
        if view.ndim != dimensions and dimensions >= 0:
            raise ValueError(f"expected {dimensions} dimensions, got {view.ndim}")
        result.data = view.buf
        result.itemsize = view.itemsize
        result.size = view.len // view.itemsize
        for i in range(4):
            result.shape[i] = view.shape[i] if i < view.ndim else 1
    finally:
        PyBuffer_Release(&view)
    return result


cdef Dtype dtype_of(str name) noexcept:
    return FLOAT64 if name == "float64" else FLOAT32


cdef Array read_or_shape(object kernel, const Array *like) except *:
    """A kernel, or a tuple that is its shape: an array of the dtype of ``like``, of which there are no elements to be read."""
    cdef Array result
    if not isinstance(kernel, tuple):
        return read(kernel, 4)
    result.data = NULL
    result.dtype, result.itemsize = like.dtype, like.itemsize
    result.shape[0], result.shape[1], result.shape[2], result.shape[3] = kernel
    require(min(kernel) > 0 and float(kernel[0]) * kernel[1] * kernel[2] * kernel[3] < 1e15)     # so that no size overflows
    result.size = 0
    return result


cdef int require(bint condition) except -1:
    if not condition:
        raise ValueError("the arrays and arguments of a kernel call do not fit together")
    return 0


cdef int apart(const Array *out, const Array *input) except -1:
    """Refuse an output that overlaps an array which is still read while the output is written."""
    cdef const char *a = <const char *>out.data
    cdef const char *b = <const char *>input.data
    if a < b + input.size * input.itemsize and b < a + out.size * out.itemsize:
        raise ValueError("out overlaps an input; expected separate memory")
    return 0


cdef enum:
    LARGEST = 1 << 30   # of a stride, a dilation or a padding


cdef int same(const Array *a, const Array *b) except -1:
    return require(a.dtype == b.dtype and a.size == b.size)


# --------------------------------------------------------------------------------------------------------- working memory

cdef enum:
    CACHE_LINE = 64
    KEPT_BYTES = 64 * 1024 * 1024   # the largest buffer worth keeping

cdef void *kept = NULL      # one buffer kept for the next call; the GIL guards it
cdef size_t kept_size = 0


cdef struct Scratch:
    void *memory            # as allocated
    void *start             # its first cache line
    size_t size


cdef Scratch take_scratch(size_t size) except *:
    global kept, kept_size
    cdef Scratch scratch
    size += CACHE_LINE
    if kept != NULL and kept_size >= size:
        scratch.memory, scratch.size = kept, kept_size
        kept = NULL
    else:
        scratch.memory, scratch.size = malloc(size), size
        if scratch.memory == NULL:
            raise MemoryError(f"no {size} bytes for a kernel's working memory")
    scratch.start = <void *>((<uintptr_t>scratch.memory + CACHE_LINE - 1) // CACHE_LINE * CACHE_LINE)
    return scratch


cdef void give_scratch(Scratch scratch) noexcept:
    global kept, kept_size
    if scratch.size > KEPT_BYTES or (kept != NULL and kept_size >= scratch.size):
        free(scratch.memory)
        return
    free(kept)
    kept, kept_size = scratch.memory, scratch.size


cdef int perform(Program program, step_function function, void *op, size_t size, void **scratch=NULL,
                 size_t scratch_size=0) except -1:
    """Carry out ``op``, a struct of ``size`` bytes, or append it to a program. ``scratch`` is its field for working memory."""
    cdef Scratch lent
    if program is not None:
        program.append(function, op, size, -1 if scratch == NULL else <char *>scratch - <char *>op, scratch_size)
    elif scratch == NULL:
        with nogil:
            function(op)
    else:
        lent = take_scratch(scratch_size)
        scratch[0] = lent.start
        with nogil:
            function(op)
        give_scratch(lent)
    return 0


cdef bytearray table_of(Program program, Py_ssize_t size):
    """Memory for a table that an operation points to, for the caller to hold while it runs; a program holds it, too."""
    cdef bytearray table = bytearray(max(size, 1))
    if program is not None:
        program.keep(table)
    return table


# ------------------------------------------------------------------------------------------------------------ convolution

cdef Conv2D conv2d(const Array *x, const Array *kernel, const Array *y, tuple geometry, int groups, int threads,
                   bint pooled=False) except *:
    """``geometry`` is (stride_h, stride_w, pad_top, pad_left, dilation_h, dilation_w)."""
    cdef Conv2D op
    op.x = x.data
    op.kernel = kernel.data
    op.packed = NULL
    op.bias = NULL
    op.residual = NULL
    op.y = y.data
    op.unpooled = op.scratch = NULL
    op.n, op.h, op.w, op.c = x.shape[0], x.shape[1], x.shape[2], x.shape[3]
    op.kh, op.kw, op.f = kernel.shape[0], kernel.shape[1], kernel.shape[3]
    op.oh, op.ow = y.shape[1] << pooled, y.shape[2] << pooled
    op.pooled = pooled
    op.stride_h, op.stride_w, op.pad_top, op.pad_left, op.dilation_h, op.dilation_w = geometry
    op.groups = groups
    op.activation = LINEAR
    op.negative_slope = 0
    op.threads = 1
    require(x.dtype == kernel.dtype == y.dtype and threads > 0 and groups > 0)
    # positive, and small enough that no sum of them overflows
    require(min(op.stride_h, op.stride_w, op.dilation_h, op.dilation_w) > 0)
    require(max(op.stride_h, op.stride_w, op.dilation_h, op.dilation_w) <= LARGEST)
    require(-LARGEST <= min(op.pad_top, op.pad_left) and max(op.pad_top, op.pad_left) <= LARGEST)
    require(min(op.h, op.w, op.c, op.kh, op.kw) > 0 and min(op.oh, op.ow, op.f) > 0)
    require(op.c == kernel.shape[2] * groups and op.f % groups == 0 and y.shape[0] == op.n and y.shape[3] == op.f)
    require_room(&op, x.itemsize)
    op.threads = threads_for(<double>op.n * op.oh * op.ow * op.kh * op.kw * kernel.shape[2] * op.f, threads)
    return op


cdef int require_room(const Conv2D *op, Py_ssize_t itemsize) except -1:
    """Refuse what needs so much working memory that its size in bytes would overflow."""
    cdef double rows = (op.oh - 1.0) * op.stride_h + (op.kh - 1.0) * op.dilation_h + op.h + op.oh
    cdef double columns = (op.ow - 1.0) * op.stride_w + (op.kw - 1.0) * op.dilation_w + op.w + op.ow
    if rows * columns * max(op.c, op.f) * itemsize > 1e18:
        raise MemoryError(f"a convolution over {rows:.0f} by {columns:.0f} pixels, dilation and strides included, is too large")
    return 0


cdef const Conv2DAlgorithm *algorithm_of(str name, Dtype dtype, const Conv2D *op) except NULL:
    """The functions of an algorithm that can compute ``op``."""
    cdef KernelTable *table = kernel_table(dtype)
    if name == "direct":
        return &table.conv2d_direct
    if name == "im2col":
        require(<double>op.kh * op.kw * op.c <= INT_MAX and op.f <= INT_MAX)     # what BLAS takes
        return &table.conv2d_im2col
    if name == "depthwise":
        require(op.groups == op.c)
        return &table.conv2d_depthwise
    require(op.kh == op.kw and op.stride_h == op.stride_w == op.dilation_h == op.dilation_w == 1)
    if name == "winograd_f2":
        require(op.kh == 3 or op.kh == 5)
        return &table.conv2d_winograd_f2
    if name == "winograd_f4":
        require(op.kh == 3)
        return &table.conv2d_winograd_f4
    raise ValueError(f"unknown convolution algorithm {name!r}")


cdef void *optional(object array, const Array *out, Py_ssize_t size) except? NULL:
    """The data of an input of ``size`` elements, or NULL for None."""
    cdef Array a
    if array is None:
        return NULL
    a = read(array, -1)
    require(a.dtype == out.dtype and a.size == size)
    apart(out, &a)
    return a.data


cdef Activation fused(str name) except? LINEAR:
    """The code of an activation that convolutions and matrix products apply as they store their result."""
    cdef Activation activation = activation_codes[name]
    require(activation == LINEAR or activation == RELU or activation == LEAKY_RELU)
    return activation


def conv2d_forward(str algorithm, x, kernel, packed, bias, residual, y, tuple geometry, int groups, str activation,
                   double negative_slope, int threads, Program program=None, bint pooled=False):
    """y = activation(x ∗ kernel + bias + residual), or if ``pooled`` the largest of each 2×2 of that; ``packed`` is what
    conv2d_pack wrote, or None. Of a kernel that is packed, the shape will do."""
    cdef Array ax = read(x, 4), akernel = read_or_shape(kernel, &ax), ay = write(y, 4)
    cdef Conv2D op = conv2d(&ax, &akernel, &ay, geometry, groups, threads, pooled)
    cdef const Conv2DAlgorithm *functions = algorithm_of(algorithm, ax.dtype, &op)
    cdef Py_ssize_t packed_size = functions.packed_size(&op) // ay.itemsize
    apart(&ay, &ax)
    apart(&ay, &akernel)
    op.packed = optional(packed, &ay, packed_size)
    require(akernel.data != NULL or (op.packed != NULL and packed_size > 0))
    op.bias = optional(bias, &ay, op.f)
    op.residual = optional(residual, &ay, ay.size)
    op.activation, op.negative_slope = fused(activation), negative_slope
    require(not pooled or (algorithm == "direct" and kernel_table(ax.dtype).conv2d_pools(&op)))
    perform(program, <step_function>functions.forward, &op, sizeof(op), &op.scratch, functions.forward_scratch(&op))


def conv2d_pools(str dtype, tuple kernel_shape, tuple geometry):
    """Whether conv2d_forward, "direct", takes ``pooled`` with a kernel of this shape, without groups and residual."""
    cdef Conv2D op
    op.residual = NULL
    op.kh, op.kw, op.c, op.f = kernel_shape
    op.stride_h, op.stride_w, op.pad_top, op.pad_left, op.dilation_h, op.dilation_w = geometry
    return kernel_table(dtype_of(dtype)).conv2d_pools(&op)


def conv2d_differentiates_pooled(str dtype, tuple x_shape, tuple kernel_shape, tuple y_shape, tuple geometry, int groups):
    """Whether the backward functions, "direct", take ``unpooled`` with such shapes, y's being that of ``unpooled``."""
    cdef Conv2D op
    _, op.h, op.w, op.c = x_shape
    op.kh, op.kw, _, op.f = kernel_shape
    _, op.oh, op.ow, _ = y_shape
    op.n, op.groups, op.scratch = 1, groups, NULL
    op.stride_h, op.stride_w, op.pad_top, op.pad_left, op.dilation_h, op.dilation_w = geometry
    return kernel_table(dtype_of(dtype)).conv2d_differentiates_pooled(&op)


cdef int read_unpooled(Conv2D *op, unpooled, const Array *out, str algorithm) except -1:
    """Enter what was pooled into an operation whose y is the gradient of what came of it."""
    cdef Array array = read(unpooled, 4)
    require(array.dtype == out.dtype and array.shape[0] == op.n and array.shape[3] == op.f)
    require(array.shape[1] // 2 == op.oh // 2 and array.shape[2] // 2 == op.ow // 2)
    op.oh, op.ow = array.shape[1], array.shape[2]
    require_room(op, array.itemsize)
    require(algorithm == "direct" and kernel_table(out.dtype).conv2d_differentiates_pooled(op))
    apart(out, &array)
    op.unpooled = array.data
    return 0


def conv2d_packed_size(str algorithm, str dtype, tuple kernel_shape, int groups):
    """How many elements conv2d_pack writes; 0 if forward uses the kernel as it is."""
    cdef Array like
    like.dtype = dtype_of(dtype)
    like.itemsize = sizeof(double) if like.dtype == FLOAT64 else sizeof(float)
    cdef Array akernel = read_or_shape(kernel_shape, &like)
    cdef Conv2D op = packing(&akernel, groups)
    return algorithm_of(algorithm, akernel.dtype, &op).packed_size(&op) // akernel.itemsize


def conv2d_pack(str algorithm, kernel, packed, int groups, int threads):
    """packed = the kernel as forward reads it."""
    cdef Array akernel = read(kernel, 4), apacked = write(packed, 1)
    cdef Conv2D op = packing(&akernel, groups)
    cdef const Conv2DAlgorithm *functions = algorithm_of(algorithm, akernel.dtype, &op)
    require(apacked.dtype == akernel.dtype and apacked.size == <Py_ssize_t>functions.packed_size(&op) // akernel.itemsize)
    op.threads = threads_for(akernel.size, threads)
    with nogil:
        functions.pack(&op, apacked.data)


cdef Conv2D packing(const Array *kernel, int groups) except *:
    """The convolution of one window, at stride 1: packing depends on nothing but the kernel and the groups."""
    cdef Array x, y
    require(0 < groups <= LARGEST and min(kernel.shape[2], kernel.shape[3]) > 0)
    x = y = kernel[0]
    x.shape[:] = [1, kernel.shape[0], kernel.shape[1], kernel.shape[2] * groups]
    y.shape[:] = [1, 1, 1, kernel.shape[3]]
    return conv2d(&x, kernel, &y, (1, 1, 0, 0, 1, 1), groups, 1)


def conv2d_backward_input(str algorithm, dy, kernel, bias, dx, tuple geometry, int groups, str activation,
                          double negative_slope, int threads, Program program=None, unpooled=None):
    """dx = activation(g + bias), where g is the gradient of sum(dy * (x ∗ kernel)) with respect to x; or, if ``unpooled`` is
    x ∗ kernel, that of sum(dy * pooled), the largest of each 2×2 of it, with no bias and activation."""
    cdef Array adx = write(dx, 4), akernel = read(kernel, 4), ady = read(dy, 4)
    cdef Conv2D op = conv2d(&adx, &akernel, &ady, geometry, groups, threads, unpooled is not None)
    cdef const Conv2DAlgorithm *functions = algorithm_of(algorithm, adx.dtype, &op)
    if unpooled is not None:
        read_unpooled(&op, unpooled, &adx, algorithm)
        require(bias is None and activation == "linear")
    apart(&adx, &ady)
    apart(&adx, &akernel)
    op.bias = optional(bias, &adx, op.c)
    op.activation, op.negative_slope = fused(activation), negative_slope
    perform(program, <step_function>functions.backward_input, &op, sizeof(op), &op.scratch,
            functions.backward_input_scratch(&op))


def conv2d_backward_kernel(str algorithm, dy, x, dkernel, tuple geometry, int groups, int threads, Program program=None,
                           unpooled=None):
    """dkernel = the gradient of sum(dy * (x ∗ kernel)) with respect to the kernel; ``unpooled`` as in conv2d_backward_input."""
    cdef Array ax = read(x, 4), adkernel = write(dkernel, 4), ady = read(dy, 4)
    cdef Conv2D op = conv2d(&ax, &adkernel, &ady, geometry, groups, threads, unpooled is not None)
    cdef const Conv2DAlgorithm *functions = algorithm_of(algorithm, ax.dtype, &op)
    if unpooled is not None:
        read_unpooled(&op, unpooled, &adkernel, algorithm)
    apart(&adkernel, &ax)
    apart(&adkernel, &ady)
    perform(program, <step_function>functions.backward_kernel, &op, sizeof(op), &op.scratch,
            functions.backward_kernel_scratch(&op))


# ---------------------------------------------------------------------------------------------------------------- pooling

cdef Pool2D pool2d(const Array *x, const Array *y, tuple geometry, bint count_include_pad, int threads) except *:
    """``geometry`` is (kh, kw, stride_h, stride_w, pad_top, pad_bottom, pad_left, pad_right)."""
    cdef Pool2D op
    cdef Py_ssize_t bottom, right
    op.x = x.data
    op.y = y.data
    op.dx, op.scratch = NULL, NULL
    op.n, op.h, op.w, op.c = x.shape[0], x.shape[1], x.shape[2], x.shape[3]
    op.oh, op.ow = y.shape[1], y.shape[2]
    op.kh, op.kw, op.stride_h, op.stride_w, op.pad_top, bottom, op.pad_left, right = geometry
    op.padded_h, op.padded_w = op.pad_top + op.h + bottom, op.pad_left + op.w + right
    op.count_include_pad = count_include_pad
    require(x.dtype == y.dtype and y.shape[0] == op.n and y.shape[3] == op.c and threads > 0)
    require(min(op.kh, op.kw, op.stride_h, op.stride_w) > 0 and min(op.oh, op.ow) > 0 and op.c > 0)
    require(0 <= min(op.pad_top, bottom, op.pad_left, right) and max(op.kh, op.kw, op.stride_h, op.stride_w) <= LARGEST)
    # each window holds a part of the input
    require(op.pad_top < op.kh and op.pad_left < op.kw)
    require((op.oh - 1) * op.stride_h - op.pad_top < op.h and (op.ow - 1) * op.stride_w - op.pad_left < op.w)
    op.threads = threads_for(<double>COMPARISON * y.size * op.kh * op.kw, threads)
    return op


def max_pool2d_forward(x, y, tuple geometry, int threads, Program program=None):
    """y = the maximum of each window of x."""
    cdef Array ax = read(x, 4), ay = write(y, 4)
    cdef Pool2D op = pool2d(&ax, &ay, geometry, False, threads)
    cdef const KernelTable *table = kernel_table(ax.dtype)
    perform(program, <step_function>table.max_pool2d_forward, &op, sizeof(op), &op.scratch, table.pool2d_forward_scratch(&op))


def max_pool2d_backward(dy, x, dx, tuple geometry, int threads, Program program=None):
    """dx = the gradient of sum(dy * max_pool2d(x))."""
    cdef Array ax = read(x, 4), ady = read(dy, 4), adx = write(dx, 4)
    cdef Pool2D op = pool2d(&ax, &ady, geometry, False, threads)
    cdef const KernelTable *table = kernel_table(ax.dtype)
    same(&ax, &adx)
    op.dx = adx.data
    perform(program, <step_function>table.max_pool2d_backward, &op, sizeof(op), &op.scratch,
            table.max_pool2d_backward_scratch(&op))


def average_pool2d_forward(x, y, tuple geometry, bint count_include_pad, int threads, Program program=None):
    """y = the mean of each window of x."""
    cdef Array ax = read(x, 4), ay = write(y, 4)
    cdef Pool2D op = pool2d(&ax, &ay, geometry, count_include_pad, threads)
    cdef const KernelTable *table = kernel_table(ax.dtype)
    perform(program, <step_function>table.average_pool2d_forward, &op, sizeof(op), &op.scratch,
            table.pool2d_forward_scratch(&op))


def average_pool2d_backward(dy, dx, tuple geometry, bint count_include_pad, int threads, Program program=None):
    """dx = the gradient of sum(dy * average_pool2d(x))."""
    cdef Array adx = write(dx, 4), ady = read(dy, 4)
    cdef Pool2D op = pool2d(&adx, &ady, geometry, count_include_pad, threads)
    cdef const KernelTable *table = kernel_table(adx.dtype)
    op.dx = adx.data
    perform(program, <step_function>table.average_pool2d_backward, &op, sizeof(op), &op.scratch,
            table.average_pool2d_backward_scratch(&op))


# ---------------------------------------------------------------------------------------------------------- normalization

cdef BatchNormalization batch_norm(const Array *x, const Array *mean, const Array *variance, double work,
                                   int threads) except *:
    """``work`` is how many operations an element costs."""
    cdef BatchNormalization op
    require(mean.size > 0 and x.size % mean.size == 0 and threads > 0)
    require(x.dtype == mean.dtype)
    same(mean, variance)
    op.x, op.y, op.dx = x.data, NULL, NULL
    op.mean, op.variance, op.gamma, op.beta, op.residual = mean.data, variance.data, NULL, NULL, NULL
    op.dgamma, op.dbeta, op.scratch = NULL, NULL, NULL
    op.channels = mean.size
    op.rows = x.size // mean.size
    op.epsilon = 0
    op.training = False
    op.activation = LINEAR
    op.negative_slope = 0
    op.threads = threads_for(work * x.size, threads)
    return op


def moments(x, mean, variance, int threads, Program program=None):
    """Mean and biased variance of x over all axes but the last."""
    cdef Array ax = read(x, -1), amean = write(mean, 1), avariance = write(variance, 1)
    cdef BatchNormalization op = batch_norm(&ax, &amean, &avariance, 2 * ACCESS, threads)
    cdef KernelTable *table = kernel_table(ax.dtype)
    require(op.rows > 0)
    perform(program, <step_function>table.moments, &op, sizeof(op), &op.scratch, table.moments_scratch(&op))


def batch_normalization_forward(x, mean, variance, gamma, beta, residual, y, double epsilon, str activation,
                                double negative_slope, int threads, Program program=None):
    """y = activation(gamma (x - mean) / sqrt(variance + epsilon) + beta + residual), gamma and beta along the last axis; they
    and the residual may be None."""
    cdef Array ax = read(x, -1), amean = read(mean, 1), avariance = read(variance, 1), ay = write(y, -1), aresidual
    cdef BatchNormalization op = batch_norm(&ax, &amean, &avariance, 2 * ACCESS, threads)
    cdef KernelTable *table = kernel_table(ax.dtype)
    same(&ax, &ay)
    op.y = ay.data
    op.gamma = optional(gamma, &ay, op.channels)
    op.beta = optional(beta, &ay, op.channels)
    if residual is not None:
        aresidual = read(residual, -1)
        same(&aresidual, &ay)
        if aresidual.data != ay.data:
            apart(&ay, &aresidual)
        op.residual = aresidual.data
    op.epsilon = epsilon
    op.activation, op.negative_slope = fused(activation), negative_slope
    perform(program, <step_function>table.batch_normalization_forward, &op, sizeof(op), &op.scratch,
            table.batch_normalization_forward_scratch(&op))


def batch_normalization_backward(dy, x, mean, variance, gamma, beta, dx, dgamma, dbeta, double epsilon, bint training,
                                 str activation, double negative_slope, int threads, Program program=None):
    """The gradients of sum(dy * y), y without a residual; through mean and variance as well if training."""
    cdef Array ady = read(dy, -1), ax = read(x, -1), amean = read(mean, 1), avariance = read(variance, 1)
    cdef Array adx = write(dx, -1), adgamma = write(dgamma, 1), adbeta = write(dbeta, 1)
    cdef BatchNormalization op = batch_norm(&ax, &amean, &avariance, 5 * ACCESS, threads)
    cdef KernelTable *table = kernel_table(ax.dtype)
    same(&ax, &ady)
    same(&ax, &adx)
    same(&amean, &adgamma)
    same(&amean, &adbeta)
    require(op.rows > 0)
    op.y, op.dx = ady.data, adx.data
    op.gamma = optional(gamma, &adx, op.channels)
    op.beta = optional(beta, &adx, op.channels)
    op.dgamma, op.dbeta = adgamma.data, adbeta.data
    op.epsilon, op.training = epsilon, training
    op.activation, op.negative_slope = fused(activation), negative_slope
    perform(program, <step_function>table.batch_normalization_backward, &op, sizeof(op), &op.scratch,
            table.batch_normalization_backward_scratch(&op))


cdef LocalResponseNormalization local_response(const Array *x, const Array *y, Py_ssize_t channels, Py_ssize_t depth_radius,
                                               tuple parameters, double work, int threads) except *:
    """``parameters`` is (bias, alpha, beta); ``work`` is how many operations an element costs."""
    cdef LocalResponseNormalization op
    same(x, y)
    require(channels > 0 and x.size % channels == 0 and depth_radius >= 0 and threads > 0)
    op.x, op.y, op.dx, op.scratch = x.data, y.data, NULL, NULL
    op.channels = channels
    op.rows = x.size // channels
    op.depth_radius = depth_radius
    op.bias, op.alpha, op.beta = parameters
    op.threads = threads_for(work * x.size, threads)
    return op


cdef int run_local_response(Program program, local_response_normalization_function function, LocalResponseNormalization *op,
                            Dtype dtype) except -1:
    return perform(program, <step_function>function, op, sizeof(op[0]), &op.scratch,
                   kernel_table(dtype).local_response_normalization_scratch(op))


def local_response_normalization_forward(x, y, Py_ssize_t channels, Py_ssize_t depth_radius, tuple parameters, int threads,
                                         Program program=None):
    """y = x (bias + alpha sum x²)^-beta, sums over neighbours in groups of ``channels`` elements."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef LocalResponseNormalization op = local_response(&ax, &ay, channels, depth_radius, parameters, POWER, threads)
    run_local_response(program, kernel_table(ax.dtype).local_response_normalization_forward, &op, ax.dtype)


def local_response_normalization_backward(dy, x, dx, Py_ssize_t channels, Py_ssize_t depth_radius, tuple parameters,
                                          int threads, Program program=None):
    """dx = the gradient of sum(dy * y)."""
    cdef Array ady = read(dy, -1), ax = read(x, -1), adx = write(dx, -1)
    cdef LocalResponseNormalization op = local_response(&ax, &ady, channels, depth_radius, parameters, 2 * POWER, threads)
    same(&ax, &adx)
    apart(&adx, &ax)
    apart(&adx, &ady)
    op.dx = adx.data
    run_local_response(program, kernel_table(ax.dtype).local_response_normalization_backward, &op, ax.dtype)


cdef GroupNormalization group_norm(const Array *x, tuple shape, double epsilon, double work, int threads) except *:
    """``shape`` is (samples, pixels, channels, groups); ``work`` is how many operations an element costs."""
    cdef GroupNormalization op
    op.n, op.pixels, op.channels, op.groups = shape
    require(min(op.n, op.pixels) > 0 and min(op.channels, op.groups) > 0 and threads > 0)
    require(op.n * op.pixels * op.channels == x.size and op.channels % op.groups == 0)
    op.x = x.data
    op.y, op.dx, op.gamma, op.beta, op.dgamma, op.dbeta, op.scratch = NULL, NULL, NULL, NULL, NULL, NULL, NULL
    op.epsilon = epsilon
    op.threads = threads_for(work * x.size, threads)
    return op


def group_normalization_forward(x, gamma, beta, y, tuple shape, double epsilon, int threads, Program program=None):
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta for each group of each sample; gamma and beta may be None."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef GroupNormalization op = group_norm(&ax, shape, epsilon, 4 * ACCESS, threads)
    cdef KernelTable *table = kernel_table(ax.dtype)
    same(&ax, &ay)
    apart(&ay, &ax)
    op.y = ay.data
    op.gamma, op.beta = optional(gamma, &ay, op.channels), optional(beta, &ay, op.channels)
    perform(program, <step_function>table.group_normalization_forward, &op, sizeof(op), &op.scratch,
            table.group_normalization_forward_scratch(&op))


def group_normalization_backward(dy, x, gamma, dx, dgamma, dbeta, tuple shape, double epsilon, int threads,
                                 Program program=None):
    """The gradients of sum(dy * y)."""
    cdef Array ady = read(dy, -1), ax = read(x, -1), adx = write(dx, -1), adgamma = write(dgamma, -1), adbeta = write(dbeta, -1)
    cdef GroupNormalization op = group_norm(&ax, shape, epsilon, 8 * ACCESS, threads)
    cdef KernelTable *table = kernel_table(ax.dtype)
    same(&ax, &ady)
    same(&ax, &adx)
    same(&adgamma, &adbeta)
    require(adgamma.size == op.channels and adgamma.dtype == ax.dtype)
    apart(&adx, &ax)
    op.y, op.dx, op.dgamma, op.dbeta = ady.data, adx.data, adgamma.data, adbeta.data
    op.gamma = optional(gamma, &adx, op.channels)
    perform(program, <step_function>table.group_normalization_backward, &op, sizeof(op), &op.scratch,
            table.group_normalization_backward_scratch(&op))


cdef ScaleShift scale_and_shift(const Array *x, scale, shift, const Array *out, tuple shape, tuple limits,
                                int threads) except *:
    """``shape`` is (images, pixels, channels), ``limits`` the lowest and highest value."""
    cdef ScaleShift op
    op.n, op.pixels, op.channels = shape
    require(min(op.n, op.pixels) > 0 and op.channels > 0 and threads > 0)
    require(op.n * op.pixels * op.channels == x.size)
    same(x, out)
    op.x, op.y, op.dx = x.data, NULL, NULL
    op.scale_an_image = scale is not None and _an_image(scale, &op)
    op.shift_an_image = shift is not None and _an_image(shift, &op)
    op.scale = optional(scale, out, op.channels * (op.n if op.scale_an_image else 1))
    op.shift = optional(shift, out, op.channels * (op.n if op.shift_an_image else 1))
    op.low, op.high = limits
    op.threads = threads_for(2.0 * ACCESS * x.size, threads)
    return op


cdef bint _an_image(values, const ScaleShift *op) except -1:
    return read(values, -1).size != op.channels


def scale_shift_forward(x, scale, shift, y, tuple shape, tuple limits, int threads, Program program=None):
    """y = x scale + shift within limits; scale and shift for each channel, or each image and channel, or None; y may be x."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef ScaleShift op = scale_and_shift(&ax, scale, shift, &ay, shape, limits, threads)
    op.y = ay.data
    perform(program, <step_function>kernel_table(ax.dtype).scale_shift_forward, &op, sizeof(op))


def scale_shift_backward(dy, x, scale, shift, dx, tuple shape, tuple limits, int threads, Program program=None):
    """dx = the gradient of sum(dy * y); dx may be dy."""
    cdef Array ady = read(dy, -1), ax = read(x, -1), adx = write(dx, -1)
    cdef ScaleShift op = scale_and_shift(&ax, scale, shift, &adx, shape, limits, threads)
    same(&ax, &ady)
    apart(&adx, &ax)
    op.y, op.dx = ady.data, adx.data
    perform(program, <step_function>kernel_table(ax.dtype).scale_shift_backward, &op, sizeof(op))


# ------------------------------------------------------------------------------------------------------------- resampling

def rearrange(x, y, tuple shape, tuple low, tuple high, tuple repeat, tuple strides, Py_ssize_t offset, int threads,
              Program program=None):
    """y = elements of x in another order, with zeros around them; five numbers each (see kernels/resampling.pyx)."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef Rearrange op
    cdef Py_ssize_t first = offset, last = offset, size = 1, steps, k
    require(ax.dtype == ay.dtype and min(ax.size, ay.size) > 0 and threads > 0)
    require(len(shape) == len(low) == len(high) == len(repeat) == len(strides) == AXES and 0 <= offset < ax.size)
    apart(&ay, &ax)
    for k in range(AXES):
        op.shape[k], op.low[k], op.high[k], op.repeat[k], op.strides[k] = shape[k], low[k], high[k], repeat[k], strides[k]
        require(0 <= op.low[k] < op.high[k] <= op.shape[k] <= ay.size and op.repeat[k] > 0)
        steps = (op.high[k] - op.low[k] - 1) // op.repeat[k]
        require(-first <= <double>steps * op.strides[k] < ax.size - last)
        if op.strides[k] < 0:
            first += steps * op.strides[k]
        else:
            last += steps * op.strides[k]
        size *= op.shape[k]
        require(size <= ay.size)
    require(size == ay.size)
    op.x, op.y, op.offset = ax.data, ay.data, offset
    op.threads = threads_for(2.0 * ACCESS * ay.size, threads)
    perform(program, <step_function>kernel_table(ax.dtype).rearrange, &op, sizeof(op))


cdef int resample(Program program, resample_function function, const Array *x, const Array *y, matrices, str interpolation,
                  str fill_mode, double fill_value, int threads) except -1:
    cdef Array maps = read(matrices, 2)
    cdef Resample op
    op.n, op.h, op.w, op.c = x.shape[0], x.shape[1], x.shape[2], x.shape[3]
    op.oh, op.ow = y.shape[1], y.shape[2]
    require(x.dtype == y.dtype and y.shape[0] == op.n and y.shape[3] == op.c and min(x.size, y.size) > 0 and threads > 0)
    require(maps.dtype == FLOAT64 and maps.shape[1] == 6 and (maps.shape[0] == 1 or maps.shape[0] == op.n))
    require(max(op.h, op.w) < LARGEST)
    op.x, op.y, op.matrices = x.data, y.data, <const double *>maps.data
    op.matrix_an_image = maps.shape[0] > 1
    op.interpolation, op.continuation = interpolation_codes[interpolation], continuation_codes[fill_mode]
    op.constant = fill_value
    op.threads = threads_for(4.0 * ACCESS * y.size, threads)
    return perform(program, <step_function>function, &op, sizeof(op))


def resample_forward(x, matrices, y, str interpolation, str fill_mode, double fill_value, int threads, Program program=None):
    """y = images sampled where the matrices, one float64 row of six or one for each image, say."""
    cdef Array ax = read(x, 4), ay = write(y, 4)
    apart(&ay, &ax)
    resample(program, kernel_table(ax.dtype).resample_forward, &ax, &ay, matrices, interpolation, fill_mode, fill_value,
             threads)


def resample_backward(dy, matrices, dx, str interpolation, str fill_mode, int threads, Program program=None):
    """dx = the gradient of sum(dy * y)."""
    cdef Array adx = write(dx, 4), ady = read(dy, 4)
    apart(&adx, &ady)
    resample(program, kernel_table(adx.dtype).resample_backward, &adx, &ady, matrices, interpolation, fill_mode, 0, threads)


# ---------------------------------------------------------------------------------------------------------------- merging

cdef Merge merge(const Array *y, Py_ssize_t count, str merging, void **pointers, int threads) except *:
    """``pointers`` are two times ``count``: to be filled with the inputs', and backward the gradients'."""
    cdef Merge op
    op.inputs = pointers
    op.gradients = pointers + count
    op.y = y.data
    op.count = count
    op.size = y.size
    op.merging = merging_codes[merging]
    op.activation = LINEAR
    op.negative_slope = 0
    require(count > 0 and threads > 0 and (op.merging != SUBTRACT or count == 2))
    op.threads = threads_for(<double>ACCESS * op.size * (count + 1), threads)
    return op


def merge_forward(list inputs, y, str merging, str activation, double negative_slope, int threads, Program program=None):
    """y = the inputs merged; y may be one of them. Only "add" has an activation."""
    cdef Array ay = write(y, -1), ax
    cdef Py_ssize_t count = len(inputs), i
    cdef bytearray table = table_of(program, 2 * count * sizeof(void *))
    cdef Merge op = merge(&ay, count, merging, <void **>PyByteArray_AsString(table), threads)
    op.activation, op.negative_slope = fused(activation), negative_slope
    require(op.merging == ADD or op.activation == LINEAR)
    for i in range(count):
        ax = read(inputs[i], -1)
        same(&ax, &ay)
        if ax.data != ay.data:
            apart(&ay, &ax)
        op.inputs[i] = ax.data
    perform(program, <step_function>kernel_table(ay.dtype).merge_forward, &op, sizeof(op))


def merge_backward(dy, list inputs, list gradients, str merging, int threads, Program program=None):
    """gradients = those of sum(dy * the inputs merged) with respect to each input; "multiply", "maximum" and "minimum"."""
    cdef Array ady = read(dy, -1), ax, adx
    cdef Py_ssize_t count = len(inputs), i
    cdef bytearray table = table_of(program, 2 * count * sizeof(void *))
    cdef Merge op = merge(&ady, count, merging, <void **>PyByteArray_AsString(table), threads)
    require(op.merging == MULTIPLY or op.merging == MAXIMUM or op.merging == MINIMUM)
    require(len(gradients) == count)
    for i in range(count):
        ax, adx = read(inputs[i], -1), write(gradients[i], -1)
        same(&ax, &ady)
        same(&adx, &ady)
        op.inputs[i], op.gradients[i] = ax.data, adx.data
    perform(program, <step_function>kernel_table(ady.dtype).merge_backward, &op, sizeof(op))


cdef int concatenation(Program program, list parts, const Array *y, Py_ssize_t rows, bint backward, int threads) except -1:
    """Carry out ``concatenate``, or backward ``split``."""
    cdef Array part
    cdef Py_ssize_t count = len(parts), i
    cdef Concatenate op
    cdef Py_ssize_t *widths
    cdef KernelTable *kernels = kernel_table(y.dtype)
    cdef bytearray table = table_of(program, count * (sizeof(void *) + sizeof(Py_ssize_t)))
    op.parts = <void **>PyByteArray_AsString(table)
    op.widths = widths = <Py_ssize_t *>(op.parts + count)
    op.y = y.data
    op.count, op.rows, op.columns = count, rows, 0
    op.threads = threads_for(2.0 * ACCESS * y.size, threads)
    require(rows > 0 and threads > 0)
    for i in range(count):
        part = write(parts[i], -1) if backward else read(parts[i], -1)
        require(part.dtype == y.dtype and part.size % rows == 0)
        apart(y, &part)
        op.parts[i], widths[i] = part.data, part.size // rows
        op.columns += widths[i]
    require(op.columns * rows == y.size)
    return perform(program, <step_function>(kernels.split if backward else kernels.concatenate), &op, sizeof(op))


def concatenate(list parts, y, Py_ssize_t rows, int threads, Program program=None):
    """y = for each of ``rows`` rows, the parts' rows one behind the other."""
    cdef Array ay = write(y, -1)
    concatenation(program, parts, &ay, rows, False, threads)


def split(y, list parts, Py_ssize_t rows, int threads, Program program=None):
    """The parts = what ``concatenate`` made y of."""
    cdef Array ay = read(y, -1)
    concatenation(program, parts, &ay, rows, True, threads)


# ------------------------------------------------------------------------------- activations, sums, products and updates

cdef Rowwise rowwise(const Array *x, Py_ssize_t columns, str activation, double alpha, int threads) except *:
    cdef Rowwise op
    require(columns > 0 and x.size % columns == 0 and threads > 0)
    op.x = x.data
    op.dy = NULL
    op.y = NULL
    op.columns = columns
    op.rows = x.size // columns
    op.activation = activation_codes[activation]
    op.alpha = alpha
    op.threads = threads_for(2.0 * ACCESS * x.size, threads)
    return op


def activation_forward(x, y, Py_ssize_t columns, str activation, double alpha, int threads, Program program=None):
    """y = activation(x), softmax and log-softmax over groups of ``columns`` elements; y may be x."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef Rowwise op = rowwise(&ax, columns, activation, alpha, threads)
    same(&ax, &ay)
    op.y = ay.data
    perform(program, <step_function>kernel_table(ax.dtype).activation_forward, &op, sizeof(op))


def activation_backward(dy, saved, dx, Py_ssize_t columns, str activation, double alpha, int threads, Program program=None):
    """dx = the gradient of sum(dy * activation(x)); ``saved`` is y, or x (see ``derive``); dx may be dy."""
    cdef Array ady = read(dy, -1), asaved = read(saved, -1), adx = write(dx, -1)
    cdef Rowwise op = rowwise(&asaved, columns, activation, alpha, threads)
    require(op.activation != LOG and op.activation != SCALE)
    same(&ady, &asaved)
    same(&adx, &asaved)
    op.dy = ady.data
    op.y = adx.data
    perform(program, <step_function>kernel_table(ady.dtype).activation_backward, &op, sizeof(op))


def sum_rows(x, y, int threads, Program program=None):
    """y = the sum of x over all axes but the last."""
    cdef Array ax = read(x, -1), ay = write(y, 1)
    cdef SumRows op
    require(ax.dtype == ay.dtype and threads > 0 and ay.size > 0 and ax.size % ay.size == 0)
    op.x, op.y = ax.data, ay.data
    op.columns = ay.size
    op.rows = ax.size // ay.size
    op.threads = threads_for(<double>ACCESS * ax.size, threads)
    perform(program, <step_function>kernel_table(ax.dtype).sum_rows, &op, sizeof(op), &op.scratch,
            kernel_table(ax.dtype).sum_rows_scratch(&op))


def matmul(a, b, bias, c, bint transpose_a, bint transpose_b, str activation, double negative_slope, int threads,
           Program program=None):
    """c = activation(op(a) @ op(b) + bias)."""
    cdef Array aa = read(a, 2), ab = read(b, 2), ac = write(c, 2), abias
    cdef MatMul op
    op.a, op.b, op.bias, op.c = aa.data, ab.data, NULL, ac.data
    op.m, op.n = ac.shape[0], ac.shape[1]
    op.k = aa.shape[0] if transpose_a else aa.shape[1]
    op.transpose_a, op.transpose_b = transpose_a, transpose_b
    op.activation, op.negative_slope = fused(activation), negative_slope
    require(aa.dtype == ab.dtype == ac.dtype and threads > 0)
    require(max(op.m, op.n, op.k) <= INT_MAX)    # what BLAS takes
    require(op.m == (aa.shape[1] if transpose_a else aa.shape[0]) and op.n == (ab.shape[0] if transpose_b else ab.shape[1])
            and op.k == (ab.shape[1] if transpose_b else ab.shape[0]))
    if bias is not None:
        abias = read(bias, 1)
        require(abias.dtype == aa.dtype and abias.size == op.n)
        op.bias = abias.data
    op.threads = threads_for(<double>op.m * op.n * op.k, threads)
    perform(program, <step_function>kernel_table(aa.dtype).matmul, &op, sizeof(op), &op.scratch,
            kernel_table(aa.dtype).matmul_scratch(&op))


def dropout(x, y, seed, uint32_t stream, double rate, int threads, Program program=None):
    """y = x with elements zeroed, each with probability ``rate``, and the others scaled up; ``seed`` is one uint64."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef const uint64_t[::1] number = seed
    cdef Dropout op
    same(&ax, &ay)
    require(0 <= rate < 1 and number.shape[0] == 1 and threads > 0)
    op.x, op.y, op.seed = ax.data, ay.data, &number[0]
    op.stream, op.rate, op.size = stream, rate, ax.size
    op.threads = threads_for(4.0 * ACCESS * ax.size, threads)
    perform(program, <step_function>kernel_table(ax.dtype).dropout, &op, sizeof(op))


cdef int loss(Program program, loss_function function, const Array *predictions, void *targets, object gradient, object value,
              row_weights, double weight, bint from_logits, int threads) except -1:
    """Carry out a loss over the last axis of ``predictions``; ``row_weights`` are one for each run of rows, or None."""
    cdef Array agradient = write(gradient, -1), avalue = write(value, 1), weights
    cdef Loss op
    same(predictions, &agradient)
    apart(&agradient, predictions)
    require(avalue.dtype == FLOAT64 and avalue.size == 1 and threads > 0 and predictions.size > 0)
    op.predictions, op.targets, op.gradient, op.value = predictions.data, targets, agradient.data, <double *>avalue.data
    op.columns = predictions.shape[1]
    op.rows = predictions.shape[0]
    op.row_weights, op.rows_a_weight = NULL, 1
    if row_weights is not None:
        weights = read(row_weights, 1)
        require(weights.dtype == predictions.dtype and weights.size > 0 and op.rows % weights.size == 0)
        op.row_weights, op.rows_a_weight = weights.data, op.rows // weights.size
    op.weight, op.from_logits = weight, from_logits
    op.threads = threads_for(<double>POWER * predictions.size, threads)
    return perform(program, <step_function>function, &op, sizeof(op), &op.scratch,
                   kernel_table(predictions.dtype).loss_scratch(&op))


def sparse_crossentropy(predictions, const int64_t[::1] targets, gradient, value, row_weights, double weight,
                        bint from_logits, int threads, Program program=None):
    """value = the mean of -log predictions[i, targets[i]], and its gradient."""
    cdef Array p = read(predictions, 2)
    require(targets.shape[0] == p.shape[0])
    loss(program, kernel_table(p.dtype).sparse_crossentropy, &p, <void *>&targets[0], gradient, value, row_weights, weight,
         from_logits, threads)


def crossentropy(predictions, targets, gradient, value, row_weights, double weight, bint from_logits, int threads,
                 Program program=None):
    """value = the mean over rows of -sum(targets log predictions), and its gradient."""
    cdef Array p = read(predictions, 2), t = read(targets, 2)
    same(&p, &t)
    loss(program, kernel_table(p.dtype).crossentropy, &p, t.data, gradient, value, row_weights, weight, from_logits,
         threads)


def squared_error(predictions, targets, gradient, value, row_weights, double weight, int threads, Program program=None):
    """value = the mean of (predictions - targets)², and its gradient."""
    cdef Array p = read(predictions, 2), t = read(targets, 2)
    same(&p, &t)
    loss(program, kernel_table(p.dtype).squared_error, &p, t.data, gradient, value, row_weights, weight, False, threads)


cdef const double *number(object array, Py_ssize_t count) except NULL:
    """The address of ``count`` float64."""
    cdef Array numbers = read(array, 1)
    require(numbers.dtype == FLOAT64 and numbers.size == count)
    return <const double *>numbers.data


cdef Update update(const Array *parameter, const Array *gradient, int threads) except *:
    cdef Update op
    same(parameter, gradient)
    require(threads > 0)
    op.parameter, op.gradient = parameter.data, gradient.data
    op.moment1, op.moment2, op.moment3 = NULL, NULL, NULL
    op.size = parameter.size
    op.rates, op.scale = NULL, NULL
    op.clip, op.weight_decay = INFINITY, 0
    op.momentum = op.beta1 = op.beta2 = op.epsilon = 0
    op.nesterov = False
    op.threads = threads_for(4.0 * ACCESS * op.size, threads)
    return op


cdef void *moment(object array, const Array *parameter) except? NULL:
    """The data of an optimizer's state for a parameter, or NULL for None."""
    cdef Array a
    if array is None:
        return NULL
    a = write(array, -1)
    same(&a, parameter)
    return a.data


def optimizer_step(str method, parameter, gradient, tuple moments, rates, scale, double clip, double weight_decay,
                   double momentum, double beta1, double beta2, double epsilon, bint nesterov, int threads,
                   Program program=None):
    """One step of "sgd", "adam", "rmsprop", "adagrad" or "lion", in place.

    ``moments`` are three arrays or None, ``rates`` two float64 (step size and learning rate), ``scale`` is one or None.
    """
    cdef Array w = write(parameter, -1), g = read(gradient, -1)
    cdef Update op = update(&w, &g, threads)
    cdef KernelTable *table = kernel_table(w.dtype)
    op.moment1 = moment(moments[0], &w)
    op.moment2 = moment(moments[1], &w)
    op.moment3 = moment(moments[2], &w)
    op.rates = number(rates, 2)
    if scale is not None:
        op.scale = number(scale, 1)
    if program is not None:     # what optimizers pass is theirs: they may not hold it as long as the program lives
        program.keep((moments, rates, scale))
    op.clip, op.weight_decay = clip, weight_decay
    op.momentum, op.beta1, op.beta2, op.epsilon, op.nesterov = momentum, beta1, beta2, epsilon, nesterov
    if method == "sgd":
        require(op.moment1 != NULL or not nesterov)
        perform(program, <step_function>table.sgd, &op, sizeof(op))
    elif method == "adam":
        require(op.moment1 != NULL and op.moment2 != NULL)
        perform(program, <step_function>table.adam, &op, sizeof(op))
    elif method == "rmsprop":
        require(op.moment2 != NULL)
        perform(program, <step_function>table.rmsprop, &op, sizeof(op))
    elif method == "adagrad":
        require(op.moment2 != NULL)
        perform(program, <step_function>table.adagrad, &op, sizeof(op))
    elif method == "lion":
        require(op.moment1 != NULL)
        perform(program, <step_function>table.lion, &op, sizeof(op))
    else:
        raise ValueError(f"unknown optimizer {method!r}")


def moving_mean(mean, value, double momentum, int threads, Program program=None):
    """mean += (value - mean) (1 - momentum)."""
    cdef Array m = write(mean, -1), v = read(value, -1)
    cdef Update op = update(&m, &v, threads)
    op.momentum = momentum
    perform(program, <step_function>kernel_table(m.dtype).moving_mean, &op, sizeof(op))


def penalty(x, gradient, value, double l1, double l2, int threads, Program program=None):
    """value = sum of l1 |x| + l2 x², one float64, and its gradient."""
    cdef Array ax = read(x, -1), agradient = write(gradient, -1), avalue = write(value, 1)
    cdef Penalty op
    same(&ax, &agradient)
    require(avalue.dtype == FLOAT64 and avalue.size == 1 and ax.size > 0 and threads > 0)
    op.x, op.gradient, op.value, op.size = ax.data, agradient.data, <double *>avalue.data, ax.size
    op.l1, op.l2 = l1, l2
    op.threads = threads_for(2.0 * ACCESS * ax.size, threads)
    perform(program, <step_function>kernel_table(ax.dtype).penalty, &op, sizeof(op), &op.scratch,
            kernel_table(ax.dtype).penalty_scratch(&op))


def clip_norm(list gradients, scale, double limit, int threads, Program program=None):
    """scale = limit / max(norm of all gradients together, limit), one float64."""
    cdef Py_ssize_t count = len(gradients), i
    cdef bytearray table = table_of(program, count * (sizeof(void *) + sizeof(Py_ssize_t)))
    cdef Array gradient, ascale = write(scale, 1)
    cdef ClipNorm op
    cdef Py_ssize_t *sizes
    cdef double work = 0
    require(count > 0 and limit > 0 and ascale.dtype == FLOAT64 and ascale.size == 1 and threads > 0)
    op.gradients = <void **>PyByteArray_AsString(table)
    op.sizes = sizes = <Py_ssize_t *>(op.gradients + count)
    op.scale, op.count, op.limit = <double *>ascale.data, count, limit
    cdef Dtype dtype = read(gradients[0], -1).dtype
    for i in range(count):
        gradient = read(gradients[i], -1)
        require(gradient.dtype == dtype)
        op.gradients[i], sizes[i] = gradient.data, gradient.size
        work += ACCESS * gradient.size
    op.threads = threads_for(work, threads)
    perform(program, <step_function>kernel_table(dtype).clip_norm, &op, sizeof(op), &op.scratch,
            kernel_table(dtype).clip_norm_scratch(&op))

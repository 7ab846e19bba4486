"""Convolutions: forward, both gradients, and packing of weights."""
from libc.limits cimport INT_MAX
from striate.kernels.ops cimport Conv2D, Conv2DAlgorithm, KernelTable, LINEAR


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
    op.tile = 0
    op.reads_bfloat16 = op.writes_bfloat16 = False
    op.threads = 1
    require(x.dtype == kernel.dtype == y.dtype and threads > 0 and groups > 0)
    # They must be positive, and small enough that no sum of them overflows.
    require(min(op.stride_h, op.stride_w, op.dilation_h, op.dilation_w) > 0)
    require(max(op.stride_h, op.stride_w, op.dilation_h, op.dilation_w) <= LARGEST_GEOMETRY)
    require(-LARGEST_GEOMETRY <= min(op.pad_top, op.pad_left) and max(op.pad_top, op.pad_left) <= LARGEST_GEOMETRY)
    require(min(op.h, op.w, op.c, op.kh, op.kw) > 0 and min(op.oh, op.ow, op.f) > 0)
    require(op.c == kernel.shape[2] * groups and op.f % groups == 0 and y.shape[0] == op.n and y.shape[3] == op.f)
    require_room(&op, x.itemsize)
    op.threads = threads_for(<double>op.n * op.oh * op.ow * op.kh * op.kw * kernel.shape[2] * op.f, threads)
    return op


cdef int require_room(const Conv2D *op, Py_ssize_t itemsize) except -1:
    """Refuse a convolution whose working memory is so large that its size in bytes would overflow."""
    cdef double rows = (op.oh - 1.0) * op.stride_h + (op.kh - 1.0) * op.dilation_h + op.h + op.oh
    cdef double columns = (op.ow - 1.0) * op.stride_w + (op.kw - 1.0) * op.dilation_w + op.w + op.ow
    if rows * columns * max(op.c, op.f) * itemsize > 1e18:
        raise MemoryError(f"a convolution over {rows:.0f} by {columns:.0f} pixels, dilation and strides included, is too large")
    return 0


cdef int winograd_stride(str name, Py_ssize_t taps) except -1:
    """The stride of Winograd's convolution of this name, for kernels of ``taps`` by ``taps`` elements."""
    return 2 if name == "winograd_f5" or (name == "winograd_f4" and taps > 3) else 1


cdef const Conv2DAlgorithm *algorithm_of(str name, Dtype dtype, Conv2D *op) except NULL:
    """The kernels of the algorithm ``name``, which must be able to compute ``op``; sets ``op.tile`` for Winograd."""
    cdef KernelTable *table = kernel_table(dtype)
    if name == "direct":
        return &table.conv2d_direct
    if name == "im2col":
        require(<double>op.kh * op.kw * op.c <= INT_MAX and op.f <= INT_MAX)     # BLAS takes 32-bit integers.
        return &table.conv2d_im2col
    if name == "depthwise":
        require(op.groups == op.c)
        return &table.conv2d_depthwise
    require(op.kh == op.kw and op.dilation_h == op.dilation_w == 1)
    require(op.stride_h == op.stride_w == winograd_stride(name, op.kh))
    if name == "winograd_f2":
        require(op.kh == 3 or op.kh == 5)
        op.tile = 2
        return &table.conv2d_winograd
    if name == "winograd_f4":
        require(op.kh == 3 or op.kh == 5 or op.kh == 6)
        op.tile = 4
        return &table.conv2d_winograd
    if name == "winograd_f5":
        require(op.kh == 4)
        op.tile = 5
        return &table.conv2d_winograd
    raise ValueError(f"unknown convolution algorithm {name!r}")


def conv2d_forward(x, kernel, y, *, str algorithm, tuple geometry, int groups=1, packed=None, bias=None, residual=None,
                   str activation="linear", double negative_slope=0, bint pooled=False, int threads, Program program=None):
    """y = activation(x ∗ kernel + bias + residual), or if ``pooled`` the largest of each 2×2 elements of that.

    ``packed`` is the array that conv2d_pack wrote, or None. With ``packed``, ``kernel`` may be only its shape. y may be the
    residual.
    """
    cdef Array ax = read(x, 4), akernel = read_or_shape(kernel, &ax), ay = write(y, 4)
    cdef Conv2D op = conv2d(&ax, &akernel, &ay, geometry, groups, threads, pooled)
    cdef const Conv2DAlgorithm *kernels = algorithm_of(algorithm, ax.dtype, &op)
    cdef Py_ssize_t packed_size = kernels.packed_size(&op) // ay.itemsize
    require_no_overlap(&ay, &ax)
    require_no_overlap(&ay, &akernel)
    op.packed = optional(packed, &ay, packed_size)
    require(akernel.data != NULL or (op.packed != NULL and packed_size > 0))
    op.bias = optional(bias, &ay, op.f)
    op.residual = residual_of(residual, &ay)
    op.activation, op.negative_slope = fused_forward(activation), negative_slope
    require(not pooled or (algorithm == "direct" and kernel_table(ax.dtype).conv2d_pools(&op)))
    perform(program, &kernels.forward, &op, sizeof(op), op.threads, &op.scratch)


def conv2d_pools(*, str dtype, tuple kernel_shape, tuple geometry):
    """Whether conv2d_forward with "direct" supports ``pooled`` for a kernel of this shape, without groups and residual."""
    cdef Conv2D op
    op.residual = NULL
    op.kh, op.kw, op.c, op.f = kernel_shape
    op.stride_h, op.stride_w, op.pad_top, op.pad_left, op.dilation_h, op.dilation_w = geometry
    return kernel_table(dtype_of(dtype)).conv2d_pools(&op)


def conv2d_differentiates_pooled(*, str dtype, tuple x_shape, tuple kernel_shape, tuple y_shape, tuple geometry, int groups=1):
    """Whether the gradients with "direct" support ``unpooled`` for these shapes, where y_shape is that of ``unpooled``."""
    cdef Conv2D op
    _, op.h, op.w, op.c = x_shape
    op.kh, op.kw, _, op.f = kernel_shape
    _, op.oh, op.ow, _ = y_shape
    op.n, op.groups, op.scratch = 1, groups, NULL
    op.stride_h, op.stride_w, op.pad_top, op.pad_left, op.dilation_h, op.dilation_w = geometry
    return kernel_table(dtype_of(dtype)).conv2d_differentiates_pooled(&op)


cdef int read_unpooled(Conv2D *op, unpooled, const Array *out, str algorithm) except -1:
    """Set ``op.unpooled``, the outputs before pooling, for an operation whose y is the gradient of the pooled outputs."""
    cdef Array array = read(unpooled, 4)
    require(array.dtype == out.dtype and array.shape[0] == op.n and array.shape[3] == op.f)
    require(array.shape[1] // 2 == op.oh // 2 and array.shape[2] // 2 == op.ow // 2)
    op.oh, op.ow = array.shape[1], array.shape[2]
    require_room(op, array.itemsize)
    require(algorithm == "direct" and kernel_table(out.dtype).conv2d_differentiates_pooled(op))
    require_no_overlap(out, &array)
    op.unpooled = array.data
    return 0


def conv2d_packed_size(*, str algorithm, str dtype, tuple kernel_shape, int groups=1):
    """The number of elements that conv2d_pack writes, or 0 if conv2d_forward reads the kernel in its own layout."""
    cdef Array like
    like.dtype = dtype_of(dtype)
    like.itemsize = sizeof(double) if like.dtype == FLOAT64 else sizeof(float)
    cdef Array akernel = read_or_shape(kernel_shape, &like)
    cdef Conv2D op = packing(&akernel, groups, winograd_stride(algorithm, akernel.shape[0]))
    return algorithm_of(algorithm, akernel.dtype, &op).packed_size(&op) // akernel.itemsize


def conv2d_pack(kernel, packed, *, str algorithm, int groups=1, int threads):
    """packed = the kernel in the layout that conv2d_forward reads with this algorithm."""
    cdef Array akernel = read(kernel, 4), apacked = write(packed, 1)
    cdef Conv2D op = packing(&akernel, groups, winograd_stride(algorithm, akernel.shape[0]))
    cdef const Conv2DAlgorithm *kernels = algorithm_of(algorithm, akernel.dtype, &op)
    require(apacked.dtype == akernel.dtype and apacked.size == <Py_ssize_t>kernels.packed_size(&op) // akernel.itemsize)
    op.packed = apacked.data
    op.threads = threads_for(akernel.size, threads)
    if apacked.size > 0:
        perform(None, &kernels.pack, &op, sizeof(op), op.threads)


cdef Conv2D packing(const Array *kernel, int groups, int stride=1) except *:
    """A convolution of one window, since packing depends only on the kernel, the groups and Winograd's stride."""
    cdef Array x, y
    require(0 < groups <= LARGEST_GEOMETRY and min(kernel.shape[2], kernel.shape[3]) > 0)
    x = y = kernel[0]
    x.shape[:] = [1, kernel.shape[0], kernel.shape[1], kernel.shape[2] * groups]
    y.shape[:] = [1, 1, 1, kernel.shape[3]]
    return conv2d(&x, kernel, &y, (stride, stride, 0, 0, 1, 1), groups, 1)


def conv2d_backward_input(dy, kernel, dx, *, str algorithm, tuple geometry, int groups=1, bias=None, residual=None,
                          unpooled=None, str activation="linear", double negative_slope=0, int threads, Program program=None):
    """dx = activation(g + bias + residual), where g is the gradient of sum(dy * (x ∗ kernel)) for x.

    If ``unpooled`` is given, it is x ∗ kernel, and g is the gradient of sum(dy * pooled), where pooled has the largest of each
    2×2 elements of it; then there is no bias, no residual and no activation. dx may be the residual, except with groups.
    """
    cdef Array adx = write(dx, 4), akernel = read(kernel, 4), ady = read(dy, 4)
    cdef Conv2D op = conv2d(&adx, &akernel, &ady, geometry, groups, threads, unpooled is not None)
    cdef const Conv2DAlgorithm *kernels = algorithm_of(algorithm, adx.dtype, &op)
    if unpooled is not None:
        read_unpooled(&op, unpooled, &adx, algorithm)
        require(bias is None and residual is None and activation == "linear")
    require_no_overlap(&adx, &ady)
    require_no_overlap(&adx, &akernel)
    op.bias = optional(bias, &adx, op.c)
    op.residual = residual_of(residual, &adx)
    require(residual is None or op.residual != adx.data or (groups == 1 and algorithm != "depthwise"))
    op.activation, op.negative_slope = fused_forward(activation), negative_slope
    perform(program, &kernels.backward_input, &op, sizeof(op), op.threads, &op.scratch)


def conv2d_backward_kernel(dy, x, dkernel, *, str algorithm, tuple geometry, int groups=1, unpooled=None, int threads,
                           Program program=None):
    """dkernel = the gradient of sum(dy * (x ∗ kernel)) for the kernel; ``unpooled`` as in conv2d_backward_input."""
    cdef Array ax = read(x, 4), adkernel = write(dkernel, 4), ady = read(dy, 4)
    cdef Conv2D op = conv2d(&ax, &adkernel, &ady, geometry, groups, threads, unpooled is not None)
    cdef const Conv2DAlgorithm *kernels = algorithm_of(algorithm, ax.dtype, &op)
    if unpooled is not None:
        read_unpooled(&op, unpooled, &adkernel, algorithm)
    require_no_overlap(&adkernel, &ax)
    require_no_overlap(&adkernel, &ady)
    perform(program, &kernels.backward_kernel, &op, sizeof(op), op.threads, &op.scratch)

"""Convolution as a matrix product: im2col in blocks that stay in cache, multiplied with the kernel by BLAS.

A block is some output pixels of one image. Each pixel's inputs (ky, kx, c) become a row of a small column matrix, and

    y[pixels, f] = columns[pixels, ky kx c] @ kernel[ky kx c, f]

(Chellapilla, Puri & Simard, "High performance convolutional neural networks for document processing", 2006). The column
matrix of a whole image or batch never exists. Blocks are independent and shared among threads, with one BLAS thread each.

The gradient of the input gathers rows of ``dy`` in the same way, a phase of the stride at a time (see geometry.pxd), and
multiplies them with the transposed kernel. The gradient of the kernel is ``columns.T @ dy``, summed over blocks: the sum is cut
into parts by the shape alone, and the parts are added in order.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memcpy, memset
from striate.kernels.common.blas cimport NO_TRANSPOSE, ROW_MAJOR, TRANSPOSE
from striate.kernels.common.buffers cimport aligned
from striate.kernels.common.epilogue cimport Epilogue, epilogue_of, finish
from striate.kernels.common.geometry cimport Axis, ceil_div, input_phases, set_axes
from striate.kernels.common.simd cimport real
from striate.kernels.common.sums cimport SUM_TASKS, add_up_parts, parts_of_sum
from striate.kernels.ops cimport Conv2D, Conv2DAlgorithm, KERNEL_TABLE, Kernel, KernelTable
from striate.kernels.tasks cimport run_dynamic, run_static

cdef enum:
    COLUMNS_BYTES = 256 * 1024      # the size of a column matrix: a part of L2
    MIN_BLOCK = 32                  # the fewest pixels of a block, since a matrix product of fewer rows is slow
    MAX_BLOCK = 1024                # the most pixels of a block
    PARTS_BYTES = 32 * 1024 * 1024  # the size of all parts of the kernel's gradient, at most


cdef inline Py_ssize_t block_size(Py_ssize_t depth, Py_ssize_t pixels) noexcept nogil:
    """The number of pixels of a block, chosen so that the blocks of an image are of nearly equal size."""
    cdef Py_ssize_t size = COLUMNS_BYTES // (max(depth, 1) * <Py_ssize_t>sizeof(real))
    size = min(max(size, MIN_BLOCK), MAX_BLOCK)
    return ceil_div(pixels, max(ceil_div(pixels, size), 1))


cdef void gather(
    const real *image, Py_ssize_t pitch,        # IN (rows.size, columns.size, pitch), offset to the group's first channel
    const Axis *rows, const Axis *columns, Py_ssize_t channels,
    Py_ssize_t first, Py_ssize_t count,         # output pixels, counted row by row
    real *block,                                # OUT (count, taps y, taps x, channels)
) noexcept nogil:
    cdef Py_ssize_t pixel, ty, tx, y, x, left
    cdef const real *line
    for pixel in range(first, first + count):
        left = pixel % columns.outputs * columns.step + columns.first
        for ty in range(rows.taps):
            y = pixel // columns.outputs * rows.step + rows.first + ty * rows.tap_step
            if y < 0 or y >= rows.size:
                memset(block, 0, columns.taps * channels * sizeof(real))
                block += columns.taps * channels
                continue
            line = image + y * columns.size * pitch
            if columns.tap_step == 1 and pitch == channels and left >= 0 and left + columns.taps <= columns.size:
                memcpy(block, line + left * pitch, columns.taps * channels * sizeof(real))
                block += columns.taps * channels
                continue
            for tx in range(columns.taps):
                x = left + tx * columns.tap_step
                if x < 0 or x >= columns.size:
                    memset(block, 0, channels * sizeof(real))
                else:
                    memcpy(block, line + x * pitch, channels * sizeof(real))
                block += channels


# ---------------------------------------------------------------------------------------------------------------- forward

cdef size_t conv2d_im2col_packed_size(const Conv2D *op) noexcept nogil:
    return 0    # BLAS reads the kernel in its own layout.


cdef inline Py_ssize_t forward_depth(const Conv2D *op) noexcept nogil:
    return op.kh * op.kw * (op.c // op.groups)


cdef inline Py_ssize_t forward_size(const Conv2D *op) noexcept nogil:
    """The number of pixels of a block."""
    return block_size(forward_depth(op), op.oh * op.ow)


cdef inline Py_ssize_t forward_bytes(const Conv2D *op) noexcept nogil:
    """The working memory of a thread."""
    return aligned(forward_size(op) * forward_depth(op)) * sizeof(real)


cdef size_t conv2d_im2col_forward_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    return op.threads * forward_bytes(op)


cdef void forward_block(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>job
    cdef real *block = <real *>memory
    cdef Axis rows, columns
    cdef Py_ssize_t size = forward_size(op)
    cdef Py_ssize_t pixels = op.oh * op.ow, blocks = ceil_div(pixels, size), first = task % blocks * size
    cdef Py_ssize_t group = task // blocks % op.groups, image = task // (blocks * op.groups)
    cdef Py_ssize_t c = op.c // op.groups, f = op.f // op.groups, count = min(size, pixels - first), depth = op.kh * op.kw * c
    cdef Py_ssize_t at = (image * pixels + first) * op.f + group * f
    cdef real *y = <real *>op.y + at
    cdef const real *residual = <const real *>op.residual + at if op.residual != NULL else NULL
    cdef bint added = residual == y     # Where the residual is in place, the product is added to it.
    cdef Epilogue epilogue = epilogue_of(op.activation, op.negative_slope)
    set_axes(op, False, 0, &rows, &columns)
    gather(<const real *>op.x + image * op.h * op.w * op.c + group * c, op.c, &rows, &columns, c, first, count, block)
    gemm(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, count, f, depth, 1, block, depth,
         <const real *>op.kernel + group * f, op.f, 1 if added else 0, y, op.f)
    finish(y, count, f, op.f, <const real *>op.bias + group * f if op.bias != NULL else NULL,
           NULL if added else residual, &epilogue)


cdef void conv2d_im2col_forward(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef Py_ssize_t blocks = ceil_div(op.oh * op.ow, forward_size(op))
    run_dynamic(forward_block, op, op.n * op.groups * blocks, op.threads, op.scratch, forward_bytes(op))


# -------------------------------------------------------------------------------------------------- gradient of the input

cdef struct Phase:
    const Conv2D *op
    Axis rows, columns
    # The gradient of the input pixels of one phase of the stride
    Py_ssize_t depth            # row taps * column taps * filters of a group
    Py_ssize_t size, blocks     # pixels of a block, and blocks of each image and group


cdef inline Phase input_phase(const Conv2D *op, Py_ssize_t phase) noexcept nogil:
    cdef Phase job
    job.op = op
    set_axes(op, True, phase, &job.rows, &job.columns)
    job.depth = job.rows.taps * job.columns.taps * (op.f // op.groups)
    job.size = max(block_size(job.depth, job.rows.outputs * job.columns.outputs), 1)
    job.blocks = ceil_div(job.rows.outputs * job.columns.outputs, job.size)
    return job


cdef inline Py_ssize_t thread_bytes(const Phase *job) noexcept nogil:
    """The working memory of a thread: the gathered block, and the product before its rows are copied to the phase's pixels."""
    return (aligned(job.size * job.depth) + aligned(job.size * (job.op.c // job.op.groups))) * sizeof(real)


cdef size_t conv2d_im2col_backward_input_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef Py_ssize_t phase
    cdef size_t most = 0
    cdef Phase job
    for phase in range(input_phases(op)):
        job = input_phase(op, phase)
        most = max(most, aligned(job.depth * op.c) * sizeof(real) + op.threads * thread_bytes(&job))
    return most


cdef void transpose_kernel(const void *phase, Py_ssize_t group, void *memory) noexcept nogil:
    """Copy the taps of the phase, for one group, to a matrix (ty tx f, c)."""
    cdef const Phase *job = <const Phase *>phase
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t c = op.c // op.groups, f = op.f // op.groups, ty, tx, i, j
    cdef real *transposed = <real *>op.scratch + group * job.depth * c
    cdef const real *tap
    for ty in range(job.rows.taps):
        for tx in range(job.columns.taps):
            tap = <const real *>op.kernel + (
                (job.rows.kernel_first + ty * job.rows.kernel_step) * op.kw
                + job.columns.kernel_first + tx * job.columns.kernel_step) * c * op.f + group * f
            for i in range(f):
                for j in range(c):
                    transposed[j] = tap[j * op.f + i]
                transposed += c


cdef void backward_input_block(const void *phase, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Phase *job = <const Phase *>phase
    cdef const Conv2D *op = job.op
    cdef const real *transposed = <const real *>op.scratch
    cdef real *block = <real *>memory
    cdef Py_ssize_t pixels = job.rows.outputs * job.columns.outputs, first = task % job.blocks * job.size
    cdef Py_ssize_t group = task // job.blocks % op.groups, image = task // (job.blocks * op.groups), pixel, y, x, at
    cdef Py_ssize_t c = op.c // op.groups, f = op.f // op.groups, count = min(job.size, pixels - first)
    cdef real *product = block + aligned(job.size * job.depth)
    cdef real *dx = <real *>op.x
    cdef Epilogue epilogue = epilogue_of(op.activation, op.negative_slope)
    if job.depth == 0:
        memset(product, 0, count * c * sizeof(real))
    else:
        gather(<const real *>op.y + image * op.oh * op.ow * op.f + group * f, op.f, &job.rows, &job.columns, f, first, count,
               block)
        gemm(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, count, c, job.depth, 1, block, job.depth,
             transposed + group * job.depth * c, c, 0, product, c)
    for pixel in range(count):
        y = job.rows.out_first + (first + pixel) // job.columns.outputs * job.rows.out_step
        x = job.columns.out_first + (first + pixel) % job.columns.outputs * job.columns.out_step
        at = ((image * op.h + y) * op.w + x) * op.c + group * c
        finish(product + pixel * c, 1, c, c, <const real *>op.bias + group * c if op.bias != NULL else NULL,
               <const real *>op.residual + at if op.residual != NULL else NULL, &epilogue)
        memcpy(dx + at, product + pixel * c, c * sizeof(real))


cdef void conv2d_im2col_backward_input(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef Py_ssize_t phase
    cdef Phase job
    for phase in range(input_phases(op)):
        job = input_phase(op, phase)
        run_static(transpose_kernel, &job, op.groups, op.threads, NULL, 0)
        run_dynamic(backward_input_block, &job, op.n * op.groups * job.blocks, op.threads,
                    <real *>op.scratch + aligned(job.depth * op.c), thread_bytes(&job))


# ------------------------------------------------------------------------------------------------- gradient of the kernel

cdef struct KernelGradient:
    const Conv2D *op
    Axis rows, columns
    Py_ssize_t depth            # kh * kw * channels of a group
    Py_ssize_t size, blocks     # pixels of a block, and blocks of an image
    Py_ssize_t parts            # partial sums, each over a range of blocks of all images
    Py_ssize_t part_size        # elements of a partial sum, for all groups


cdef inline KernelGradient kernel_gradient(const Conv2D *op) noexcept nogil:
    cdef KernelGradient job
    job.op = op
    set_axes(op, False, 0, &job.rows, &job.columns)
    job.depth = op.kh * op.kw * (op.c // op.groups)
    job.size = block_size(job.depth, op.oh * op.ow)
    job.blocks = ceil_div(op.oh * op.ow, job.size)
    job.part_size = aligned(job.depth * op.f)
    job.parts = parts_of_sum(op.n * job.blocks, ceil_div(SUM_TASKS, op.groups))
    job.parts = max(min(job.parts, PARTS_BYTES // (job.part_size * <Py_ssize_t>sizeof(real))), 1)
    return job


cdef size_t conv2d_im2col_backward_kernel_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef KernelGradient job = kernel_gradient(op)
    return (job.parts * job.part_size + op.threads * aligned(job.size * job.depth)) * sizeof(real)


cdef void backward_kernel_part(const void *gradient, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef real *block = <real *>memory
    cdef real *sums = <real *>op.scratch
    cdef Py_ssize_t group = task % op.groups, part = task // op.groups, items = op.n * job.blocks, item, image, first, count
    cdef Py_ssize_t c = op.c // op.groups, f = op.f // op.groups
    sums += part * job.part_size + group * job.depth * f        # (depth, f)
    memset(sums, 0, job.depth * f * sizeof(real))
    for item in range(items * part // job.parts, items * (part + 1) // job.parts):
        image = item // job.blocks
        first = item % job.blocks * job.size
        count = min(job.size, op.oh * op.ow - first)
        gather(<const real *>op.x + image * op.h * op.w * op.c + group * c, op.c, &job.rows, &job.columns, c, first, count,
               block)
        gemm(ROW_MAJOR, TRANSPOSE, NO_TRANSPOSE, job.depth, f, count, 1, block, job.depth,
             <const real *>op.y + (image * op.oh * op.ow + first) * op.f + group * f, op.f, 1, sums, f)


cdef void add_parts(const void *gradient, Py_ssize_t element, void *memory) noexcept nogil:
    """Add one row (ky, kx, c) of all parts, in order, and store it in the layout of the kernel."""
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t f = op.f // op.groups, group
    for group in range(op.groups):
        add_up_parts(<const real *>op.scratch + (group * job.depth + element) * f, job.part_size, job.parts,
                     <real *>op.kernel + element * op.f + group * f, f)


cdef void conv2d_im2col_backward_kernel(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef KernelGradient job = kernel_gradient(op)
    run_dynamic(backward_kernel_part, &job, job.parts * op.groups, op.threads,
                <real *>op.scratch + job.parts * job.part_size, aligned(job.size * job.depth) * sizeof(real))
    run_static(add_parts, &job, job.depth, op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.conv2d_im2col = Conv2DAlgorithm(
        packed_size=conv2d_im2col_packed_size,
        pack=Kernel(NULL, NULL),
        forward=Kernel(conv2d_im2col_forward, conv2d_im2col_forward_scratch),
        backward_input=Kernel(conv2d_im2col_backward_input, conv2d_im2col_backward_input_scratch),
        backward_kernel=Kernel(conv2d_im2col_backward_kernel, conv2d_im2col_backward_kernel_scratch))

"""The kernel's gradient of direct convolution: a register tile holds a part of the kernel, and its loop runs over pixels.

The rows of the tile are neighbouring channels, or elements (kx, c) if there are few channels; its columns are filters:

    dkernel[ky, kx, c, f] = sum over images, oy, ox of  x[oy sh - pt + ky dh, ox sw - pl + kx dw, c] * dy[oy, ox, f]

The pixels are added up block by block. For each block, x is copied with its padding, in channel blocks as wide as a tile has
rows, and dy in filter blocks as wide as a tile has columns, so that tiles read both sequentially.

*Threads* share ranges of channels and of filters, and parts of the sum over pixels. The shape alone determines the parts, and
they are added in order.
"""
from striate.kernels.common.buffers cimport LINE, WORKING_SET, aligned, copy_channel_blocks, copy_pixels
from striate.kernels.common.geometry cimport Axis, axis_span, ceil_div, set_axes
from striate.kernels.common.simd cimport LANES, TILE_PIXELS, TILE_VECTORS, real, vload, vreal, vstore, vstore_first
from striate.kernels.common.sums cimport SUM_TASKS, add_up_parts, parts_of_sum
from striate.kernels.convolution.tile cimport KernelSweep, block_vectors, run_of_kernel_tiles
from striate.kernels.ops cimport Conv2D
from striate.kernels.tasks cimport TASKS_PER_THREAD, run_dynamic, run_static

cdef enum:
    DY_BYTES = 26 * 1024            # size of the dy that a filter block sums at a time: most of a small L1, or 14×14 pixels
    LONG_ROW = 512                  # a row of more pixels is cut into blocks of columns
    SUMS_BYTES = 384 * 1024         # size of the sums of a task, a part of L2, if tasks share the channels
    SPLIT_FILTERS = 512             # the fewest filters of a task, if tasks share the filters
    PART_PIXELS = 512               # the fewest pixels of a part of the sum, since parts have to be added up, too
    PARTS_BYTES = 8 * 1024 * 1024   # the size of all parts of the sum, at most
    # Spare elements after a buffer: whole vectors are stored, and buffers a power of two apart would share sets of the cache.
    SLACK = LINE


cdef struct KernelGradient:
    # dkernel = the sum of `parts` partial sums, each over a range of blocks of pixels: of some images, or of some rows and
    # columns of the output of one image
    const Conv2D *op
    real *sums
    Axis rows, columns
    Py_ssize_t c, f                             # channels and filters of one group
    Py_ssize_t depth                            # kh * kw * c
    Py_ssize_t channel_block, channel_blocks    # channels of a channel block, at most a tile's rows, and their number
    Py_ssize_t image_block, image_blocks        # images of a block, one unless they are small, and the number of blocks
    Py_ssize_t row_block, row_blocks            # rows of a block, and the number of blocks of an image's rows
    Py_ssize_t column_block, column_blocks      # columns of a block: all, unless a block has one row that is long
    Py_ssize_t parts, splits                    # parts of the sum, and tasks that share the channel blocks of each part
    Py_ssize_t blocks, filter_splits            # filter blocks of a group, and tasks that share them
    bint in_place                               # whether the sums are accumulated in the kernel's gradient itself
    # The copy of x for a block: its height and width, padding included, the elements of a channel block, and those of all
    Py_ssize_t padded_rows, padded_columns, channel_block_size, padded_size
    Py_ssize_t block_size, dy_size              # elements of the copy of dy: of a filter block, and of all
    Py_ssize_t sum_step, group_size             # elements of the sums: from row (ky, kx, c) to row, and of a group


cdef inline void share_channels(KernelGradient *job) noexcept nogil:
    """Choose the channel blocks, and how many tasks share them."""
    cdef const Conv2D *op = job.op
    job.channel_blocks = ceil_div(job.c, TILE_PIXELS)
    job.channel_block = ceil_div(job.c, job.channel_blocks)
    job.splits = ceil_div(job.depth * job.f * <Py_ssize_t>sizeof(real), SUMS_BYTES)
    job.splits = max(min(min(job.splits, job.channel_blocks), ceil_div(SUM_TASKS, op.groups)), 1)


cdef inline void choose_pixels(KernelGradient *job) noexcept nogil:
    """Choose blocks of pixels whose dy stays in L1 and whose input stays in L2: some rows, a part of one, or whole images."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t element = sizeof(real), channels = ceil_div(job.channel_blocks, job.splits) * job.channel_block
    # The more pixels a tile adds up at a time, the less often the many sums are loaded and stored.
    cdef Py_ssize_t most = DY_BYTES // (TILE_VECTORS * LANES * element)
    cdef Py_ssize_t padded = axis_span(&job.columns, op.ow) * channels * element    # bytes of a row of the padded input
    job.row_block = max(op.oh, 1)
    job.column_block = max(op.ow, 1)
    job.image_block = 1
    while job.row_block > 1 and (job.row_block * op.ow > most or axis_span(&job.rows, job.row_block) * padded > WORKING_SET):
        job.row_block = (job.row_block + 1) // 2
    if op.oh == 1 or job.row_block == 1 and op.ow > LONG_ROW:
        most = min(most, max(WORKING_SET // (op.kh * op.stride_w * channels * element), TILE_PIXELS))
        # Blocks are of equal size and may be half as large again, since a small block costs as many loads and stores of sums.
        job.column_block = ceil_div(job.column_block, max((job.column_block + most // 2) // most, 1))
    job.row_blocks = ceil_div(op.oh, job.row_block)
    job.column_blocks = ceil_div(op.ow, job.column_block)
    if job.row_blocks * job.column_blocks == 1:
        padded *= axis_span(&job.rows, job.row_block)
        job.image_block = max(min(min(most // (job.row_block * job.column_block), WORKING_SET // max(padded, 1)), op.n), 1)
    job.image_blocks = ceil_div(op.n, job.image_block)


cdef inline void choose_parts(KernelGradient *job) noexcept nogil:
    """Choose the parts of the sum, where they are stored, and how many tasks share the filters."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t items = job.image_blocks * job.row_blocks * job.column_blocks
    job.sum_step = ceil_div(job.f, LANES) * LANES
    job.group_size = aligned(job.depth * job.sum_step)
    job.parts = parts_of_sum(items, ceil_div(SUM_TASKS, job.splits * op.groups))
    job.parts = min(job.parts, min(op.n * op.oh * op.ow // PART_PIXELS,
                                   PARTS_BYTES // (op.groups * job.group_size * <Py_ssize_t>sizeof(real))))
    job.parts = max(job.parts, 1)
    job.blocks = ceil_div(job.f, TILE_VECTORS * LANES)
    job.filter_splits = max(min(job.f // SPLIT_FILTERS, SUM_TASKS // (job.parts * job.splits * op.groups)), 1)
    job.in_place = job.parts == 1 and job.f % LANES == 0       # Tiles, which store whole vectors, can write the result itself.
    if job.in_place:
        job.sum_step = op.f
        job.group_size = job.f
    job.sums = <real *>(op.kernel if job.in_place else op.scratch)


cdef inline void even_out(KernelGradient *job) noexcept nogil:
    """Let more tasks share the channels where few tasks would not be an equal number for each thread. No sum changes."""
    cdef Py_ssize_t tasks = job.parts * job.op.groups * job.splits * job.filter_splits, threads = job.op.threads
    if tasks % threads and tasks < TASKS_PER_THREAD * threads:
        job.splits = min(ceil_div(job.splits, threads) * threads, job.channel_blocks)


cdef inline void size_copies(KernelGradient *job) noexcept nogil:
    job.padded_rows = axis_span(&job.rows, job.row_block)
    job.padded_columns = axis_span(&job.columns, job.column_block)
    job.channel_block_size = job.image_block * job.padded_rows * job.padded_columns * job.channel_block + SLACK
    job.padded_size = aligned(ceil_div(job.channel_blocks, job.splits) * job.channel_block_size)
    job.block_size = aligned(job.image_block * job.row_block * job.column_block * TILE_VECTORS * LANES) + SLACK
    job.dy_size = ceil_div(job.blocks, job.filter_splits) * job.block_size


cdef KernelGradient kernel_gradient_of(const Conv2D *op) noexcept nogil:
    cdef KernelGradient job
    job.op = op
    set_axes(op, False, 0, &job.rows, &job.columns)
    job.c = op.c // op.groups
    job.f = op.f // op.groups
    job.depth = op.kh * op.kw * job.c
    share_channels(&job)
    choose_pixels(&job)
    choose_parts(&job)
    even_out(&job)
    size_copies(&job)
    return job


cdef void pack_dy(const real *dy, Py_ssize_t pixels, Py_ssize_t pitch, Py_ssize_t filters, Py_ssize_t block_size,
                  real *packed) noexcept nogil:
    """Copy (pixels, pitch) to (filter block, pixels, vectors * LANES), zero-filled to whole vectors."""
    cdef Py_ssize_t width = TILE_VECTORS * LANES, blocks = filters // width, rest = filters % width
    cdef Py_ssize_t rest_width = block_vectors(rest) * LANES, pixel, block, v
    for pixel in range(pixels):
        for block in range(blocks):
            for v in range(TILE_VECTORS):
                vstore(packed + block * block_size + pixel * width + v * LANES, vload(dy + block * width + v * LANES))
        if rest:
            copy_pixels(TILE_VECTORS, dy + blocks * width, pitch, 1, rest, packed + blocks * block_size + pixel * rest_width, 0)
        dy += pitch


cdef void kernel_part(const void *gradient, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: a part of the sum, for some channel blocks and some filter blocks of one group."""
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef real *padded = <real *>memory
    cdef Py_ssize_t filter_split = task % job.filter_splits, split = task // job.filter_splits % job.splits
    cdef Py_ssize_t group = task // (job.filter_splits * job.splits) % op.groups
    cdef Py_ssize_t part = task // (job.filter_splits * job.splits * op.groups), width = TILE_VECTORS * LANES
    cdef Py_ssize_t first_filter = job.blocks * filter_split // job.filter_splits * width
    cdef Py_ssize_t filters = min(job.blocks * (filter_split + 1) // job.filter_splits * width, job.f) - first_filter
    cdef Py_ssize_t first_block = job.channel_blocks * split // job.splits
    cdef Py_ssize_t end_block = job.channel_blocks * (split + 1) // job.splits
    cdef Py_ssize_t first = first_block * job.channel_block, channels = min(end_block * job.channel_block, job.c) - first
    cdef Py_ssize_t items = job.image_blocks * job.row_blocks * job.column_blocks, item, image, top, bottom, left, right, i
    cdef Py_ssize_t line = job.padded_columns * job.channel_block, block, vectors, tap, ky, channel_block, size
    cdef real *packed_dy = padded + job.padded_size
    cdef const real *x
    cdef const real *dy
    cdef real *sums = job.sums + (part * op.groups + group) * job.group_size + first_filter
    cdef real *block_sums
    cdef KernelSweep sweep
    sweep.sum_step = job.sum_step
    sweep.image_step = job.padded_rows * line
    sweep.row_step = op.stride_h * line
    sweep.pixel_step = op.stride_w * job.channel_block
    for item in range(items * part // job.parts, items * (part + 1) // job.parts):
        image = item // (job.row_blocks * job.column_blocks) * job.image_block
        top = item // job.column_blocks % job.row_blocks * job.row_block
        bottom = min(top + job.row_block, op.oh)
        left = item % job.column_blocks * job.column_block
        right = min(left + job.column_block, op.ow)
        sweep.images = min(job.image_block, op.n - image)
        for i in range(sweep.images):
            copy_channel_blocks(
                <const real *>op.x + (image + i) * op.h * op.w * op.c + group * job.c + first, op.h, op.w, op.c,
                padded + i * sweep.image_step, job.rows.first + top * op.stride_h, job.columns.first + left * op.stride_w,
                axis_span(&job.rows, bottom - top), job.padded_columns, channels, job.channel_block, job.channel_block_size)
        # The pixels of a block, which are whole images, whole rows or a part of one row, are contiguous in dy.
        pack_dy(<const real *>op.y + ((image * op.oh + top) * op.ow + left) * op.f + group * job.f + first_filter,
                sweep.images * (bottom - top) * (right - left), op.f, filters, job.block_size, packed_dy)
        sweep.rows = bottom - top
        sweep.columns = right - left
        sweep.fresh = item == items * part // job.parts
        for block in range(ceil_div(filters, width)):
            vectors = block_vectors(filters - block * width)
            dy = packed_dy + block * job.block_size
            block_sums = sums + block * width
            for ky in range(op.kh):
                x = padded + ky * op.dilation_h * line
                if job.channel_blocks == 1 and op.dilation_w == 1:     # The taps of a row are contiguous, so they are one run.
                    run_of_kernel_tiles(op.kw * job.c, &sweep, x, dy, block_sums + ky * op.kw * job.c * job.sum_step, vectors)
                    continue
                for tap in range(ky * op.kw, (ky + 1) * op.kw):
                    for channel_block in range(end_block - first_block):
                        size = channel_block * job.channel_block
                        run_of_kernel_tiles(
                            min(channels - size, job.channel_block), &sweep, x + channel_block * job.channel_block_size, dy,
                            block_sums + (tap * job.c + first + size) * job.sum_step, vectors)
                    x += op.dilation_w * job.channel_block


cdef void add_parts(const void *gradient, Py_ssize_t task, void *memory) noexcept nogil:
    """Add one row (ky, kx, c) of all parts, in order."""
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t group = task % op.groups, row = task // op.groups
    add_up_parts(job.sums + group * job.group_size + row * job.sum_step, op.groups * job.group_size, job.parts,
                 <real *>op.kernel + row * op.f + group * job.f, job.f)


cdef inline Py_ssize_t sums_size(const KernelGradient *job) noexcept nogil:
    return 0 if job.in_place else job.parts * job.op.groups * job.group_size


cdef size_t kernel_gradient_scratch(const Conv2D *op) noexcept nogil:
    cdef KernelGradient job = kernel_gradient_of(op)
    return (sums_size(&job) + op.threads * (job.padded_size + job.dy_size)) * sizeof(real)


cdef void kernel_gradient(const Conv2D *op) noexcept nogil:
    cdef KernelGradient job = kernel_gradient_of(op)
    run_dynamic(kernel_part, &job, job.parts * op.groups * job.splits * job.filter_splits, op.threads,
                <real *>op.scratch + sums_size(&job), (job.padded_size + job.dy_size) * sizeof(real))
    if not job.in_place:
        run_static(add_parts, &job, job.depth * op.groups, op.threads, NULL, 0)

"""Direct convolution: a register-blocked implicit matrix product on NHWC, with no column matrix.

Forward, for one image and group (Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016):

    y[oy, ox, f] = bias[f] + sum over ky, kx, c of  x[oy sh - pt + ky dh, ox sw - pl + kx dw, c] * kernel[ky, kx, c, f]

*Register tile* (tile.pxd). Up to TILE_PIXELS x TILE_VECTORS vectors of output, neighbouring pixels of a row times neighbouring
filters, stay in registers while the sum runs over (ky, kx, c).

*Panels.* The weights are repacked so that a tile reads them sequentially: filters in blocks of TILE_VECTORS vectors, and within
a block (ky, kx, c, filter), zero-filled to whole vectors.

*One channel.* If there are fewer filters than a vector has lanes, vectors hold neighbouring pixels instead (pixels.pxd), which
can be pooled before they are stored. The gradient of the kernel does the same (pixel_gradient.pxd). If a convolution of few
channels is followed by a 2×2 max pooling, its gradients read only the largest element of each window (pooled_gradient.pxd).

*Few filters.* If a pixel reads many more elements than there are filters, vectors hold these elements (channels.pxd), as
they do in the gradient of the kernel (channel_gradient.pxd).

*Padding.* Where a tap may reach into it, a block of output rows first copies its input rows, with the padding, into a buffer
that stays in L2. Without padding the input is read in place.

*Threads* share blocks of (image, group, output rows, filters). No sum is divided among them, so its order is fixed.

The gradient of the input is the same computation on ``dy``, a phase of the stride at a time (see geometry.pxd). Where the input
has few channels, it computes whole windows, which are then added up (see col2im.pxd). The gradient of the kernel keeps a tile
of the kernel in registers while the sum runs over pixels (see kernel_gradient.pxi).
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memcpy, memset
from striate.kernels.common.buffers cimport PANELS_BYTES, WORKING_SET, aligned, copy_padded
from striate.kernels.common.epilogue cimport Epilogue, epilogue_of
from striate.kernels.common.geometry cimport (Axis, Taps, as_one_row, axis_reaches_outside, axis_span, ceil_div, input_phases,
                                              set_axes, taps_inside)
from striate.kernels.common.simd cimport LANES, TILE_PIXELS, TILE_VECTORS, real
from striate.kernels.convolution.channel_gradient cimport channel_gradient, channel_gradient_scratch
from striate.kernels.convolution.channels cimport CHANNEL_FILTERS, channels_fill_lanes, pack_channels, row_of_channels
from striate.kernels.convolution.col2im cimport (Col2Im, col2im_of, col2im_row, earliest_window, end_of_blocks, line_size,
                                                 no_col2im, with_windows_for_pixels)
from striate.kernels.convolution.packing cimport pack_tap, packed_blocks
from striate.kernels.convolution.pixel_gradient cimport pixel_gradient, pixel_gradient_scratch
from striate.kernels.convolution.pixels cimport RUN, row_of_pixels, row_of_pooled_pixels
from striate.kernels.convolution.pooled_gradient cimport (pooled_backward_input, pooled_backward_input_scratch,
                                                          pooled_backward_kernel, pooled_backward_kernel_scratch,
                                                          takes_pooled_gradient)
from striate.kernels.convolution.tile cimport SET_BYTES, Sweep, block_vectors, prefetch_panel, row_of_tiles
from striate.kernels.ops cimport Conv2D, Conv2DAlgorithm, KERNEL_TABLE, Kernel, KernelTable
from striate.kernels.tasks cimport TASKS_PER_THREAD, run_dynamic, run_static, unless_finest

cdef enum:
    STRIP_TILES = 4             # tiles of a row that are computed for all filter blocks in turn, where all panels stay in L2
    MANY_TASKS = 1 << 30        # more tasks than there can be, which asks for the smallest ones
    LEAST_ROWS = 4              # blocks of more rows are halved where there are too few tasks for the threads
    OWN_WINDOWS = 4             # the least ratio of a block's windows to those that the neighbouring block computes, too
    OWN_COLUMNS = 2             # the least ratio of a block's columns to those whose input the neighbouring block copies, too


cdef inline bint is_strided_pointwise(const Conv2D *op) noexcept nogil:
    """Whether this is a 1×1 convolution with strides, which reads only some of the pixels, and no padding."""
    return op.kh * op.kw == 1 and op.stride_h * op.stride_w > 1 and not (op.pad_top or op.pad_left) and (
        (op.oh - 1) * op.stride_h < op.h and (op.ow - 1) * op.stride_w < op.w)


cdef inline bint gathers_pixels(const Conv2D *op) noexcept nogil:
    """Whether pixels are skipped, and those that are read would share a set of the L1 cache unless they are gathered."""
    return is_strided_pointwise(op) and op.stride_w * op.c * <Py_ssize_t>sizeof(real) % SET_BYTES == 0


cdef inline Py_ssize_t gathered_size(const Conv2D *op) noexcept nogil:
    return aligned(op.n * op.oh * op.ow * op.c)


cdef inline Conv2D on_gathered(const Conv2D *op) noexcept nogil:
    """``op`` on the pixels that it reads, gathered in scratch memory."""
    cdef Conv2D dense = op[0]
    dense.stride_h = dense.stride_w = 1
    dense.h, dense.w = op.oh, op.ow
    dense.x = op.scratch
    dense.scratch = <real *>op.scratch + gathered_size(op)
    return as_one_row(&dense)


cdef void gather_row(const void *convolution, Py_ssize_t row, void *memory) noexcept nogil:
    """Copy the pixels that one row of outputs reads."""
    cdef const Conv2D *op = <const Conv2D *>convolution
    cdef const real *source = <const real *>op.x + (row // op.oh * op.h + row % op.oh * op.stride_h) * op.w * op.c
    cdef real *target = <real *>op.scratch + row * op.ow * op.c
    cdef Py_ssize_t i
    for i in range(op.ow):
        memcpy(target + i * op.c, source + i * op.stride_w * op.c, op.c * sizeof(real))


cdef void gather(const Conv2D *op) noexcept nogil:
    run_static(gather_row, op, op.n * op.oh, op.threads, NULL, 0)


cdef bint vectors_hold_channels(const Conv2D *op) noexcept nogil:
    """Whether vectors hold elements of the input in the gradient of the kernel; `Correlation` decides for the forward pass."""
    cdef Py_ssize_t runs = 1 if op.dilation_w == 1 else op.kw
    return op.groups == 1 and op.c > 1 and channels_fill_lanes(op.kh, runs, op.kw // runs * op.c, op.f)


cdef bint vectors_hold_pixels(const Conv2D *op) noexcept nogil:
    """Whether vectors hold pixels in the forward pass of ``op``: one channel, few filters, no residual."""
    return (op.c == 1 and op.f < LANES and op.kh * op.kw > 1 and op.residual == NULL
            and op.stride_w == op.dilation_w == 1)


# ------------------------------------------------------------------------------- a convolution, forward or as a gradient

cdef struct Correlation:
    # out[n, oy, ox, f] = sum over taps and c of in[n, ...] * panels, for all images and groups: a forward convolution, or one
    # phase of the input's gradient. "Rows", "columns" and "filters" are those of the array that is written.
    const Conv2D *op
    real *panels
    Axis rows, columns
    Py_ssize_t n, groups
    Py_ssize_t c, f                     # channels read and channels written, of one group
    Epilogue epilogue
    Py_ssize_t out_height, out_width    # size of the array written
    bint transposed                     # whether this is the input's gradient, whose weights are kernel[ky, kx, f, c]
    bint pads_input                     # whether input rows are copied, with their padding, before tiles read them
    bint by_pixels                      # whether vectors hold pixels rather than filters (see pixels.pxd)
    bint by_channels                    # whether vectors hold elements of the input (see channels.pxd)
    Py_ssize_t runs, run_length         # runs of contiguous taps in a row of them, and the elements of a run
    Py_ssize_t row_block, row_blocks            # rows of a task, and the number of such blocks
    Py_ssize_t column_block, column_blocks      # columns of a task: all, unless a task has one row, which may be too long
    Py_ssize_t filter_split             # tasks that share the filter blocks of a block of rows and columns
    Py_ssize_t packed_together          # filter blocks that one task packs
    bint panels_stay_in_l2              # whether the panels of all filter blocks stay in L2
    Col2Im col2im                       # how windows are added up, if windows are computed instead of pixels
    Py_ssize_t windows_held             # the most windows of a row that a task computes
    Py_ssize_t padded_size              # elements of the buffer of padded input rows
    Py_ssize_t out_size                 # elements of the buffer of windows, and of the row to which they are added up


cdef inline void choose_rows(Correlation *job) noexcept nogil:
    """Give a task as many rows as keep their input and output in L2."""
    cdef Py_ssize_t row_size = axis_span(&job.columns, job.columns.outputs) * job.c, out_size = job.columns.outputs * job.f
    job.row_block = unless_finest(max(job.rows.outputs, 1), 1)
    while job.row_block > 1 and (axis_span(&job.rows, job.row_block) * row_size
                                 + job.row_block * out_size) * <Py_ssize_t>sizeof(real) > WORKING_SET:
        job.row_block = (job.row_block + 1) // 2


cdef inline void choose_columns(Correlation *job) noexcept nogil:
    """Give a task all columns, or, of a single row, as many as keep their input and output in L2.

    But they are not so few that much of the work would be done twice, by neighbouring tasks.
    """
    cdef Py_ssize_t strip = STRIP_TILES * TILE_PIXELS, element = sizeof(real), column_bytes, twice, most
    job.column_block = max(job.columns.outputs, 1)
    job.windows_held = 0
    if job.col2im.windows:
        if job.row_block == 1:
            most = WORKING_SET // ((job.rows.taps * job.c + job.col2im.pitch) * element)
            job.column_block = min(job.column_block, unless_finest(max(most, OWN_WINDOWS * job.col2im.parts), 1))
        job.windows_held = min(job.column_block + job.col2im.parts - 1, job.col2im.windows)
    elif job.rows.outputs == 1:
        column_bytes = (job.rows.taps * job.columns.step * job.c + job.f) * element
        most = ceil_div(WORKING_SET, column_bytes * strip) * strip
        # These columns' input is copied by the neighbouring task, too.
        twice = axis_span(&job.columns, 1) // job.columns.step if job.pads_input else 0
        job.column_block = min(job.column_block, unless_finest(max(most, OWN_COLUMNS * twice), 1))


cdef inline void share_blocks(Correlation *job) noexcept nogil:
    """Make enough tasks for the threads: first by giving each fewer rows, then fewer filters."""
    cdef int threads = job.op.threads
    cdef Py_ssize_t wanted = unless_finest(TASKS_PER_THREAD * threads if threads > 1 else 1, MANY_TASKS), blocks
    while job.row_block > LEAST_ROWS and job.n * job.groups * ceil_div(job.rows.outputs, job.row_block) < wanted:
        job.row_block = (job.row_block + 1) // 2
    if job.op.pooled:
        job.row_block += job.row_block % 2
    job.row_blocks = ceil_div(job.rows.outputs, job.row_block)
    job.column_blocks = ceil_div(job.columns.outputs, job.column_block)
    blocks = job.n * job.groups * job.row_blocks * job.column_blocks
    job.filter_split = min(ceil_div(wanted, max(blocks, 1)), ceil_div(job.f, TILE_VECTORS * LANES))
    if job.col2im.windows:
        job.filter_split = 1


cdef inline void size_buffers(Correlation *job) noexcept nogil:
    cdef Py_ssize_t row_size = job.c * (
        job.windows_held if job.col2im.windows else axis_span(&job.columns, min(job.column_block, job.columns.outputs)))
    job.padded_size = aligned(axis_span(&job.rows, job.row_block) * row_size + RUN) if job.pads_input else 0
    job.out_size = 0
    if job.col2im.windows:
        job.out_size = (aligned(job.row_block * job.windows_held * job.col2im.pitch)
                        + line_size(&job.col2im, job.column_block))


cdef Correlation correlation(const Conv2D *op, bint transposed, Py_ssize_t phase, const Col2Im *col2im) noexcept nogil:
    """``phase`` is the index of a (y, x) phase of the input's gradient; in a forward convolution it is 0 and unused."""
    cdef Correlation job
    job.op = op
    job.panels = NULL
    job.col2im = col2im[0]
    job.n = op.n
    job.groups = op.groups
    job.transposed = transposed
    set_axes(op, transposed, phase, &job.rows, &job.columns)
    if transposed:
        job.c = op.f // op.groups
        job.f = op.c // op.groups
        job.out_height = op.h
        job.out_width = op.w
    else:
        job.c = op.c // op.groups
        job.f = op.f // op.groups
        job.out_height = op.oh
        job.out_width = op.ow
    job.epilogue = epilogue_of(op.activation, op.negative_slope)
    job.by_pixels = not transposed and vectors_hold_pixels(op)
    # Tiles whose vectors hold pixels read beyond the end of a row, which only a copy allows.
    job.pads_input = job.by_pixels or axis_reaches_outside(&job.rows) or axis_reaches_outside(&job.columns)
    job.runs, job.run_length = job.columns.taps, job.c
    if job.columns.tap_step == 1 and (job.pads_input or job.groups == 1):   # The taps of a row are contiguous: one run.
        job.runs, job.run_length = min(job.columns.taps, 1), job.columns.taps * job.c
    # A residual must not change the order of sums, so the one channel of `vectors_hold_pixels` is left to vectors of filters.
    job.by_channels = (job.groups == 1 and job.c > 1 and not col2im.windows
                       and channels_fill_lanes(job.rows.taps, job.columns.taps, job.c, job.f))
    if job.by_channels and job.c % LANES:       # Panels have whole vectors for each tap, whatever the dilation.
        job.runs, job.run_length = job.columns.taps, job.c
    job.packed_together = packed_blocks(ceil_div(job.f, TILE_VECTORS * LANES), job.groups, op.threads)
    job.panels_stay_in_l2 = job.rows.taps * job.columns.taps * job.c * job.f * <Py_ssize_t>sizeof(real) <= PANELS_BYTES
    choose_rows(&job)
    choose_columns(&job)
    share_blocks(&job)
    size_buffers(&job)
    return job


cdef inline Py_ssize_t panel_row(const Correlation *job, Py_ssize_t filters) noexcept nogil:
    """Elements of a row of taps in a panel of ``filters`` filters."""
    if job.by_channels:
        return job.columns.taps * ceil_div(job.c, LANES) * LANES * filters
    return job.columns.taps * job.c * block_vectors(filters) * LANES


cdef inline Py_ssize_t group_panels(const Correlation *job) noexcept nogil:
    """Elements of the panels of a group."""
    if job.by_channels:
        return job.rows.taps * panel_row(job, job.f)
    return job.rows.taps * job.columns.taps * job.c * ceil_div(job.f, LANES) * LANES


cdef inline Py_ssize_t panels_size(const Correlation *job) noexcept nogil:
    return aligned(job.groups * group_panels(job))


cdef void pack_task(const void *correlation_job, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: pack some neighbouring filter blocks of a group, (block, tap y, tap x, c, filter)."""
    cdef const Correlation *job = <const Correlation *>correlation_job
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t width = TILE_VECTORS * LANES, together = job.packed_together * width, tasks = ceil_div(job.f, together)
    cdef Py_ssize_t group = task // tasks, first = task % tasks * together, ty, tx, tap
    cdef Py_ssize_t depth = job.rows.taps * job.columns.taps * job.c
    cdef const real *kernel = <const real *>op.kernel
    if job.transposed:      # The last two axes are exchanged: the sum runs over the filters, and the outputs are channels.
        kernel += group * job.c + first * op.f
    else:
        kernel += group * job.f + first
    for ty in range(job.rows.taps):
        for tx in range(job.columns.taps):
            tap = ((job.rows.kernel_first + ty * job.rows.kernel_step) * op.kw
                   + job.columns.kernel_first + tx * job.columns.kernel_step)
            pack_tap(kernel + tap * (op.c // op.groups) * op.f, op.f, job.transposed, min(job.f - first, together),
                     job.c, job.panels + depth * (group * ceil_div(job.f, LANES) * LANES + first), depth * width,
                     (ty * job.columns.taps + tx) * job.c)


cdef void pack_channels_task(const void *correlation_job, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: pack a row of taps for all filters, a few of them at a time, where vectors hold elements of the input."""
    cdef const Correlation *job = <const Correlation *>correlation_job
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t tap = op.c // op.groups * op.f, block, first, filters
    cdef Py_ssize_t filter_step = op.f if job.transposed else 1, channel_step = 1 if job.transposed else op.f
    cdef const real *row = <const real *>op.kernel + (
        (job.rows.kernel_first + task * job.rows.kernel_step) * op.kw + job.columns.kernel_first) * tap
    for block in range(ceil_div(job.f, CHANNEL_FILTERS)):
        first = block * CHANNEL_FILTERS
        filters = min(job.f - first, CHANNEL_FILTERS)
        pack_channels(row + first * filter_step, job.columns.kernel_step * tap, job.columns.taps, filter_step, filters,
                      channel_step, job.c,
                      job.panels + job.rows.taps * panel_row(job, first) + task * panel_row(job, filters))


cdef void pack_panels(const Correlation *job) noexcept nogil:
    if job.by_channels:
        run_static(pack_channels_task, job, job.rows.taps, job.op.threads, NULL, 0)
        return
    cdef Py_ssize_t tasks = job.groups * ceil_div(job.f, job.packed_together * TILE_VECTORS * LANES)
    run_static(pack_task, job, tasks, job.op.threads, NULL, 0)


cdef struct Block:
    # What a task computes, and where: some filter blocks of a block of outputs, in one group of one image
    Py_ssize_t image, group
    Py_ssize_t begin, end               # rows
    Py_ssize_t left, right              # columns, or windows
    Py_ssize_t first_own_column     # the first column that only this task writes; with col2im, windows begin at `left`
    Py_ssize_t first_filters, end_filters       # filter blocks
    const real *source                  # the input of row `begin` and column 0, which may lie outside of the array
    Py_ssize_t line                     # elements of an input row
    const real *panels
    real *target                        # the output of row 0 and column 0, which may lie outside of the buffer
    Py_ssize_t out_line                 # elements from one row of outputs to the next
    Py_ssize_t filters                  # elements of an output: all filters of the group, or a window
    const real *bias
    const real *residual
    Sweep sweep


cdef inline Block block_of(const Correlation *job, Py_ssize_t task) noexcept nogil:
    """The outputs of a task."""
    cdef Block block
    cdef Py_ssize_t part = task % job.filter_split, block_index = task // job.filter_split
    cdef Py_ssize_t filter_blocks = ceil_div(job.f, TILE_VECTORS * LANES)
    block.left = block.first_own_column = block_index % job.column_blocks * job.column_block
    block.right = min(block.left + job.column_block, job.columns.outputs)
    block.begin = block_index // job.column_blocks % job.row_blocks * job.row_block
    block.end = min(block.begin + job.row_block, job.rows.outputs)
    block.group = block_index // (job.column_blocks * job.row_blocks) % job.groups
    block.image = block_index // (job.column_blocks * job.row_blocks * job.groups)
    block.first_filters = filter_blocks * part // job.filter_split
    block.end_filters = filter_blocks * (part + 1) // job.filter_split
    if job.col2im.windows:
        block.left = earliest_window(&job.col2im, block.left)
    return block


cdef inline void read_from(const Correlation *job, Block *block, real *padded) noexcept nogil:
    """Set where a task reads its input and panels: in the array, or in a copy with padding, which is made here."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t pitch = job.c * job.groups, columns = job.columns.size
    cdef const real *source = <const real *>(op.y if job.transposed else op.x)
    source += block.image * job.rows.size * columns * pitch + block.group * job.c
    if job.pads_input:
        columns = axis_span(&job.columns, block.right - block.left)
        copy_padded(source, job.rows.size, job.columns.size, pitch, padded, job.rows.first + block.begin * job.rows.step,
                    job.columns.first + block.left * job.columns.step, axis_span(&job.rows, block.end - block.begin), columns,
                    job.c)
        pitch = job.c
        source = padded - block.left * job.columns.step * pitch
    else:
        source += ((job.rows.first + block.begin * job.rows.step) * columns + job.columns.first) * pitch
    block.source = source
    block.line = columns * pitch
    block.panels = job.panels + block.group * group_panels(job)
    block.sweep.pixel_step = job.columns.step * pitch
    block.sweep.rows = job.rows.taps
    block.sweep.row_step = job.rows.tap_step * block.line
    block.sweep.runs = job.runs
    block.sweep.run_step = job.columns.tap_step * pitch
    block.sweep.length = job.run_length


cdef inline void write_to(const Correlation *job, Block *block, real *windows) noexcept nogil:
    """Set where a task stores its outputs, and what it adds to them: into the array, or windows into a buffer."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t pitch = job.f * job.groups
    if job.col2im.windows:
        block.filters = block.sweep.out_step = job.col2im.pitch
        block.out_line = job.windows_held * job.col2im.pitch
        block.target = windows - block.begin * block.out_line - block.left * job.col2im.pitch
        block.bias = block.residual = NULL
        block.sweep.epilogue = NULL
        return
    cdef Py_ssize_t first = (block.image * job.out_height + job.rows.out_first) * job.out_width + job.columns.out_first
    block.filters = job.f
    block.out_line = job.rows.out_step * job.out_width * pitch
    block.target = <real *>(op.x if job.transposed else op.y) + first * pitch
    block.bias = <const real *>op.bias
    block.residual = <const real *>op.residual + first * pitch if op.residual != NULL else NULL
    block.sweep.out_step = job.columns.out_step * pitch
    block.sweep.epilogue = &job.epilogue


cdef inline const real *input_of_row(const Correlation *job, const Block *block, Py_ssize_t row, Taps taps) noexcept nogil:
    """What the first tap that lies inside the input reads for a row of outputs."""
    return block.source + (row - block.begin) * job.rows.step * block.line + taps.first * block.sweep.row_step


cdef inline Py_ssize_t weights_of_row(const Correlation *job, Py_ssize_t filters, Taps taps) noexcept nogil:
    """The offset, in a panel of ``filters`` filters, of the weights of the first tap that lies inside the input."""
    return taps.first * panel_row(job, filters)


cdef inline void correlate_pooled(const Correlation *job, Block *block) noexcept nogil:
    """Compute the largest of each 2×2 outputs, with vectors that hold pixels."""
    cdef const Conv2D *op = job.op
    cdef Taps taps
    cdef Py_ssize_t row
    for row in range(block.begin // 2, block.end // 2):
        # The taps that lie inside for either of the two rows: the lower one begins with earlier taps, the upper one ends later.
        taps.first = taps_inside(&job.rows, 2 * row + 1).first
        taps.last = taps_inside(&job.rows, 2 * row).last
        block.sweep.rows = taps.last - taps.first
        row_of_pooled_pixels(job.columns.outputs, &block.sweep, input_of_row(job, block, 2 * row, taps),
                             job.rows.step * block.line, block.panels + weights_of_row(job, job.f, taps),
                             block_vectors(job.f) * LANES, block.bias,
                             <real *>op.y + (block.image * (op.oh // 2) + row) * (op.ow // 2) * job.f, job.f)


cdef inline void correlate_pixels(const Correlation *job, Block *block) noexcept nogil:
    """Compute a block of outputs with vectors that hold pixels."""
    cdef Taps taps
    cdef Py_ssize_t row
    for row in range(block.begin, block.end):
        taps = taps_inside(&job.rows, row)
        block.sweep.rows = taps.last - taps.first
        row_of_pixels(block.right - block.left, &block.sweep,
                      input_of_row(job, block, row, taps) + block.left * block.sweep.pixel_step,
                      block.panels + weights_of_row(job, job.f, taps), block_vectors(job.f) * LANES, block.bias,
                      block.target + row * block.out_line + block.left * block.sweep.out_step, job.f)


cdef inline void correlate_channels(const Correlation *job, Block *block) noexcept nogil:
    """Compute a block of outputs with vectors that hold elements of the input."""
    cdef Py_ssize_t row, i, first, filters, at
    cdef const real *source
    cdef Taps taps
    for row in range(block.begin, block.end):
        taps = taps_inside(&job.rows, row)
        block.sweep.rows = taps.last - taps.first
        source = input_of_row(job, block, row, taps) + block.left * block.sweep.pixel_step
        for i in range(ceil_div(job.f, CHANNEL_FILTERS)):
            first = i * CHANNEL_FILTERS
            filters = min(job.f - first, CHANNEL_FILTERS)
            at = row * block.out_line + block.left * block.sweep.out_step + first
            row_of_channels(block.right - block.left, &block.sweep, source,
                            block.panels + job.rows.taps * panel_row(job, first) + weights_of_row(job, filters, taps),
                            block.bias + first if block.bias != NULL else NULL,
                            block.residual + at if block.residual != NULL else NULL, block.target + at, filters)


cdef inline void correlate_section(const Correlation *job, Block *block, Py_ssize_t top, Py_ssize_t bottom, Py_ssize_t left,
                                   Py_ssize_t columns) noexcept nogil:
    """Compute a section of the outputs, one filter block after another."""
    cdef Py_ssize_t width = TILE_VECTORS * LANES, depth = job.rows.taps * job.columns.taps * job.c
    cdef Py_ssize_t filters, filter, row, at
    cdef const real *panel
    cdef Taps taps
    for filters in range(block.first_filters, block.end_filters):
        filter = block.group * job.f + filters * width
        panel = block.panels + filters * depth * width
        prefetch_panel(&block.sweep, panel + depth * width, 0 if job.panels_stay_in_l2 else depth * width,
                       ceil_div(columns, TILE_PIXELS) * (bottom - top))
        for row in range(top, bottom):
            at = row * block.out_line + left * block.sweep.out_step + filter
            taps = taps_inside(&job.rows, row)
            block.sweep.rows = taps.last - taps.first
            row_of_tiles(columns, &block.sweep, input_of_row(job, block, row, taps) + left * block.sweep.pixel_step,
                         panel + weights_of_row(job, job.f - filters * width, taps),
                         block.bias + filter if block.bias != NULL else NULL,
                         block.residual + at if block.residual != NULL else NULL,
                         block.target + at, min(block.filters - filters * width, width))


cdef inline void correlate_sections(const Correlation *job, Block *block) noexcept nogil:
    """Compute a block of outputs in sections, for each of which the panels of all filter blocks are read once.

    Usually there is one section, for which each panel in turn stays in cache. Where the panels of all filter blocks stay in L2,
    a section is a few tiles of one row, so that their outputs, contiguous over the filter blocks, stay in L1.
    """
    cdef Py_ssize_t height = block.end - block.begin, width = block.right - block.left, section, wide, top, left
    if job.panels_stay_in_l2:
        height, width = 1, min(width, STRIP_TILES * TILE_PIXELS)
    wide = ceil_div(block.right - block.left, width)
    for section in range(ceil_div(block.end - block.begin, height) * wide):
        top = block.begin + section // wide * height
        left = block.left + section % wide * width
        correlate_section(job, block, top, min(top + height, block.end), left, min(left + width, block.right) - left)


cdef inline void add_windows(const Correlation *job, const Block *block, const real *windows) noexcept nogil:
    """Add up the windows of a block to the input's gradient. ``windows`` is followed by the working memory of a row."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t size = job.windows_held * job.col2im.pitch, row, at
    cdef Epilogue epilogue = epilogue_of(op.activation, op.negative_slope)
    for row in range(block.begin, block.end):
        at = (block.image * job.out_height + job.rows.out_first + row * job.rows.out_step) * job.col2im.width
        col2im_row(&job.col2im, block.first_own_column, end_of_blocks(&job.col2im, block.right),
                   windows + (row - block.begin) * size,
                   <real *>windows + aligned(job.row_block * size), <real *>op.x + at, <const real *>op.bias,
                   <const real *>op.residual + at if op.residual != NULL else NULL, &epilogue)


cdef void correlate_block(const void *correlation_job, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: the outputs of a `Block`."""
    cdef const Correlation *job = <const Correlation *>correlation_job
    cdef real *padded = <real *>memory
    cdef real *windows = padded + job.padded_size
    cdef Block block = block_of(job, task)
    read_from(job, &block, padded)
    write_to(job, &block, windows)
    if job.op.pooled:
        correlate_pooled(job, &block)
    elif job.by_pixels:
        correlate_pixels(job, &block)
    elif job.by_channels:
        correlate_channels(job, &block)
    else:
        correlate_sections(job, &block)
        if job.col2im.windows:
            add_windows(job, &block, windows)


cdef inline Py_ssize_t thread_bytes(const Correlation *job) noexcept nogil:
    return (job.padded_size + job.out_size) * sizeof(real)


cdef size_t correlation_scratch(const Conv2D *op, bint transposed, Py_ssize_t phase, const Col2Im *col2im) noexcept nogil:
    cdef Correlation job = correlation(op, transposed, phase, col2im)
    return panels_size(&job) * sizeof(real) + op.threads * thread_bytes(&job)


cdef void correlate(const Conv2D *op, bint transposed, Py_ssize_t phase, const Col2Im *col2im) noexcept nogil:
    cdef Correlation job = correlation(op, transposed, phase, col2im)
    cdef Py_ssize_t tasks = job.n * job.groups * job.row_blocks * job.column_blocks * job.filter_split
    cdef real *windows = <real *>op.scratch
    if job.columns.outputs == 0:
        return
    job.panels = <real *>op.packed
    if transposed or op.packed == NULL:
        job.panels = windows
        windows += panels_size(&job)
        pack_panels(&job)
    run_dynamic(correlate_block, &job, tasks, op.threads, windows, thread_bytes(&job))


cdef size_t conv2d_direct_packed_size(const Conv2D *op) noexcept nogil:
    cdef Col2Im none = no_col2im()
    cdef Correlation job = correlation(op, False, 0, &none)
    return panels_size(&job) * sizeof(real)


cdef void conv2d_direct_pack(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef Col2Im none = no_col2im()
    cdef Correlation job = correlation(op, False, 0, &none)
    job.panels = <real *>op.packed
    pack_panels(&job)


cdef size_t conv2d_direct_forward_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef bint gathers = gathers_pixels(op)
    cdef Conv2D flat = on_gathered(op) if gathers else as_one_row(op)
    cdef Col2Im none = no_col2im()
    return (gathered_size(op) * sizeof(real) if gathers else 0) + correlation_scratch(&flat, False, 0, &none)


cdef void conv2d_direct_forward(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef bint gathers = gathers_pixels(op)
    cdef Conv2D flat = on_gathered(op) if gathers else as_one_row(op)
    cdef Col2Im none = no_col2im()
    if gathers:
        gather(op)
    correlate(&flat, False, 0, &none)


cdef size_t conv2d_direct_backward_input_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    if op.pooled:
        return pooled_backward_input_scratch(op)
    cdef Col2Im col2im = col2im_of(op)
    cdef Conv2D same = with_windows_for_pixels(op) if col2im.windows else as_one_row(op)
    cdef Py_ssize_t phase
    cdef size_t most = 0
    for phase in range(input_phases(&same)):
        most = max(most, correlation_scratch(&same, True, phase, &col2im))
    return most


cdef void conv2d_direct_backward_input(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    if op.pooled:
        pooled_backward_input(op)
        return
    cdef Col2Im col2im = col2im_of(op)
    cdef Conv2D same = with_windows_for_pixels(op) if col2im.windows else as_one_row(op)
    cdef Py_ssize_t phase
    for phase in range(input_phases(&same)):
        correlate(&same, True, phase, &col2im)


# ------------------------------------------------------------------------------------------ the gradient of the kernel

# The included file is a part of this module and shares its namespace.
include "kernel_gradient.pxi"


cdef size_t conv2d_direct_backward_kernel_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    if op.pooled:
        return pooled_backward_kernel_scratch(op)
    if vectors_hold_pixels(op):
        return pixel_gradient_scratch(op)
    if vectors_hold_channels(op):
        return channel_gradient_scratch(op)
    cdef bint gathers = is_strided_pointwise(op)
    cdef Conv2D flat = on_gathered(op) if gathers else as_one_row(op)
    return (gathered_size(op) * sizeof(real) if gathers else 0) + kernel_gradient_scratch(&flat)


cdef void conv2d_direct_backward_kernel(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    if op.pooled:
        pooled_backward_kernel(op)
        return
    if vectors_hold_pixels(op):
        pixel_gradient(op)
        return
    if vectors_hold_channels(op):
        channel_gradient(op)
        return
    cdef bint gathers = is_strided_pointwise(op)
    cdef Conv2D flat = on_gathered(op) if gathers else as_one_row(op)
    if op.n == 0:
        memset(op.kernel, 0, op.kh * op.kw * (op.c // op.groups) * op.f * sizeof(real))
        return
    if gathers:
        gather(op)
    kernel_gradient(&flat)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.conv2d_pools = vectors_hold_pixels
    table.conv2d_differentiates_pooled = takes_pooled_gradient
    table.conv2d_direct = Conv2DAlgorithm(
        packed_size=conv2d_direct_packed_size,
        pack=Kernel(conv2d_direct_pack, NULL),
        forward=Kernel(conv2d_direct_forward, conv2d_direct_forward_scratch),
        backward_input=Kernel(conv2d_direct_backward_input, conv2d_direct_backward_input_scratch),
        backward_kernel=Kernel(conv2d_direct_backward_kernel, conv2d_direct_backward_kernel_scratch))

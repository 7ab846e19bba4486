"""The kernel's gradient of a convolution of few filters: a vector holds neighbouring elements of the input.

The forward pass is in channels.pxd. A tile keeps the sums of some vectors of elements (kx, c) and a few filters in registers
while it runs over the pixels of a row of ``dy``:

    dkernel[ky, element, f] = sum over pixels of  x[pixel, ky, element] * dy[pixel, f]

Lanes beyond the last element of a run hold sums of whatever follows it, and are dropped.

*Threads* share parts of the sum over rows. The shape alone determines the parts, and they are added in order.
"""
from libc.string cimport memset
from striate.kernels.common.buffers cimport WORKING_SET, aligned, copy_padded
from striate.kernels.common.geometry cimport Axis, Taps, axis_reaches_outside, axis_span, ceil_div, set_axes, taps_inside
from striate.kernels.common.simd cimport LANES, real, vload, vreal, vset, vstore
from striate.kernels.common.sums cimport SUM_TASKS, add_up_parts, parts_of_sum
from striate.kernels.convolution.channels cimport CHANNEL_FILTERS
from striate.kernels.ops cimport Conv2D
from striate.kernels.tasks cimport run_dynamic, run_static

cdef enum:
    ROW_BYTES = 32 * 1024       # size of the input of a row of pixels, which stays in L1 while all tiles read it
    LEAST_COLUMNS = 8           # the fewest pixels of a row that is cut
    CHANNEL_SUMS = 12           # sums of a tile: vectors of elements times filters


cdef struct ChannelGradient:
    # Sizes count elements.
    const Conv2D *op
    Axis rows, columns
    Py_ssize_t runs, length                 # runs of contiguous taps in a row of them, and the elements of a run
    Py_ssize_t run_size, row_sums           # sums of a run for one filter, in whole vectors; and of a row of taps for all
    Py_ssize_t row_block, row_blocks        # rows of a block, and the number of blocks
    Py_ssize_t column_block, column_blocks  # columns of a block, all unless a row is long, and the number of blocks
    bint pads_input                         # whether input rows are copied, with their padding, before tiles read them
    Py_ssize_t padded_size                  # size of the copy
    Py_ssize_t parts, sums_size             # parts of the sum, and the size of one: (kh, runs, filters, run_size)


cdef inline ChannelGradient channel_job_of(const Conv2D *op) noexcept nogil:
    cdef ChannelGradient job
    cdef Py_ssize_t most, element = sizeof(real)
    job.op = op
    set_axes(op, False, 0, &job.rows, &job.columns)
    job.runs = 1 if op.dilation_w == 1 else op.kw
    job.length = op.kw // job.runs * op.c
    job.run_size = ceil_div(job.length, LANES) * LANES
    job.row_sums = job.runs * op.f * job.run_size
    most = max(ROW_BYTES // (op.stride_w * op.c * element), LEAST_COLUMNS)
    job.column_blocks = ceil_div(op.ow, most)
    job.column_block = ceil_div(op.ow, max(job.column_blocks, 1))
    # Tiles read whole vectors, and the copy has room for those beyond its end.
    job.pads_input = (job.length < job.run_size or axis_reaches_outside(&job.rows) or axis_reaches_outside(&job.columns))
    job.row_block = max(op.oh, 1)
    while job.row_block > 1 and (axis_span(&job.rows, job.row_block) * axis_span(&job.columns, job.column_block) * op.c
                                 * element > WORKING_SET):
        job.row_block = (job.row_block + 1) // 2
    job.row_blocks = ceil_div(op.oh, job.row_block)
    job.padded_size = 0
    if job.pads_input:
        job.padded_size = axis_span(&job.rows, job.row_block) * axis_span(&job.columns, job.column_block) * op.c
        job.padded_size = aligned(job.padded_size + LANES)
    job.sums_size = aligned(op.kh * job.row_sums)
    # Each row of a block is added to the sums by itself.
    job.parts = max(parts_of_sum(op.n * op.oh * job.column_blocks, SUM_TASKS), 1)
    return job


cdef inline size_t channel_gradient_scratch(const Conv2D *op) noexcept nogil:
    cdef ChannelGradient job = channel_job_of(op)
    return (job.parts * job.sums_size + op.threads * job.padded_size) * sizeof(real)


cdef inline void gradient_tile(
    const int vectors, const int filters,           # compile-time constants at each call
    const real *x, Py_ssize_t pixel_step,           # IN: the first vector of pixel 0
    const real *dy, Py_ssize_t dy_step,             # IN: the first filter of pixel 0
    Py_ssize_t pixels,
    real *sums, Py_ssize_t filter_step,             # IN/OUT: the first vector of the first filter
) noexcept nogil:
    cdef vreal totals[CHANNEL_SUMS]
    cdef vreal value
    cdef Py_ssize_t _pixel
    cdef int v, f
    for v in range(vectors * filters):
        totals[v] = vset(0)
    for _pixel in range(pixels):
        for v in range(vectors):
            value = vload(x + v * LANES)
            for f in range(filters):
                totals[v * filters + f] = totals[v * filters + f] + value * dy[f]
        x += pixel_step
        dy += dy_step
    # A short sum loses less to rounding than a long one, so the totals begin at zero and are added to the sums at the end.
    for f in range(filters):
        for v in range(vectors):
            vstore(sums + f * filter_step + v * LANES,
                   vload(sums + f * filter_step + v * LANES) + totals[v * filters + f])


cdef inline void any_gradient_tile(
    const int filters, Py_ssize_t vectors, const real *x, Py_ssize_t pixel_step, const real *dy, Py_ssize_t dy_step,
    Py_ssize_t pixels, real *sums, Py_ssize_t filter_step,
) noexcept nogil:
    """`gradient_tile` for a number of vectors known only at run time, 1 to CHANNEL_SUMS / filters."""
    if vectors == 1: gradient_tile(1, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif vectors == 2: gradient_tile(2, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif vectors == 3: gradient_tile(3, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif filters < 4 and vectors == 4: gradient_tile(4, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif filters < 3 and vectors == 5: gradient_tile(5, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif filters < 3 and vectors == 6: gradient_tile(6, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif filters < 2 and vectors == 7: gradient_tile(7, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif filters < 2 and vectors == 8: gradient_tile(8, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif filters < 2 and vectors == 9: gradient_tile(9, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif filters < 2 and vectors == 10: gradient_tile(10, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif filters < 2 and vectors == 11: gradient_tile(11, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)
    elif filters < 2 and vectors == 12: gradient_tile(12, filters, x, pixel_step, dy, dy_step, pixels, sums, filter_step)


cdef inline void add_row(
    const int filters, const ChannelGradient *job, const real *x, const real *dy, Py_ssize_t pixels, real *sums,
) noexcept nogil:
    """Add a row of pixels to the sums of a run for the filters of a tile, in tiles of nearly equal size."""
    cdef Py_ssize_t vectors = job.run_size // LANES, tiles = ceil_div(vectors, CHANNEL_SUMS // filters), t, size
    for t in range(tiles):
        size = vectors // tiles + (1 if t < vectors % tiles else 0)
        any_gradient_tile(filters, size, x, job.op.stride_w * job.op.c, dy, job.op.f, pixels, sums, job.run_size)
        x += size * LANES
        sums += size * LANES


cdef inline void add_row_of_filters(const ChannelGradient *job, const real *x, const real *dy, Py_ssize_t pixels,
                                    real *sums) noexcept nogil:
    """Add a row of pixels to the sums of a run for all filters, a few at a time."""
    cdef Py_ssize_t f = 0
    while f < job.op.f:
        if job.op.f - f == 1: add_row(1, job, x, dy + f, pixels, sums + f * job.run_size)
        elif job.op.f - f == 2: add_row(2, job, x, dy + f, pixels, sums + f * job.run_size)
        elif job.op.f - f == 3: add_row(3, job, x, dy + f, pixels, sums + f * job.run_size)
        else: add_row(4, job, x, dy + f, pixels, sums + f * job.run_size)
        f += CHANNEL_FILTERS


cdef inline void add_block(const ChannelGradient *job, Py_ssize_t image, Py_ssize_t top, Py_ssize_t bottom, Py_ssize_t left,
                           real *padded, real *sums) noexcept nogil:
    """Add a block of rows and columns to the sums of a part."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t columns = min(job.column_block, op.ow - left), line = op.w * op.c, row, ky, run
    cdef Py_ssize_t begin = job.rows.first + top * op.stride_h, first = job.columns.first + left * op.stride_w
    cdef const real *source = <const real *>op.x + image * op.h * line
    cdef const real *x
    cdef Taps taps
    if job.pads_input:
        line = axis_span(&job.columns, columns) * op.c
        copy_padded(source, op.h, op.w, op.c, padded, begin, first, axis_span(&job.rows, bottom - top),
                    axis_span(&job.columns, columns), op.c)
        source = padded
    else:
        source += begin * line + first * op.c
    for row in range(top, bottom):
        taps = taps_inside(&job.rows, row)
        for ky in range(taps.first, taps.last):
            x = source + ((row - top) * op.stride_h + ky * op.dilation_h) * line
            for run in range(job.runs):
                add_row_of_filters(job, x + run * op.dilation_w * op.c,
                                   <const real *>op.y + ((image * op.oh + row) * op.ow + left) * op.f, columns,
                                   sums + ky * job.row_sums + run * op.f * job.run_size)


cdef inline void sum_rows(const void *gradient, Py_ssize_t part, void *memory) noexcept nogil:
    """One task: the sums of a part, over some rows of blocks of columns."""
    cdef const ChannelGradient *job = <const ChannelGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t items = op.n * job.column_blocks * op.oh, item = items * part // job.parts, top, bottom
    cdef Py_ssize_t end = items * (part + 1) // job.parts
    cdef real *sums = <real *>op.scratch + part * job.sums_size
    memset(sums, 0, job.sums_size * sizeof(real))
    while item < end:
        top = item % op.oh
        bottom = min(min(top + job.row_block, op.oh), top + end - item)
        add_block(job, item // (op.oh * job.column_blocks), top, bottom, item // op.oh % job.column_blocks * job.column_block,
                  <real *>memory, sums)
        item += bottom - top


cdef inline void add_channel_parts(const void *gradient, Py_ssize_t run, void *memory) noexcept nogil:
    """Add the parts of a run in order, and store the sums in the layout of the kernel."""
    cdef const ChannelGradient *job = <const ChannelGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t at = run * op.f * job.run_size, f, i
    cdef real *sums = <real *>op.scratch + at
    cdef real *dkernel = <real *>op.kernel + run * job.length * op.f
    add_up_parts(sums, job.sums_size, job.parts, sums, op.f * job.run_size)
    for f in range(op.f):
        for i in range(job.length):
            dkernel[i * op.f + f] = sums[f * job.run_size + i]


cdef inline void channel_gradient(const Conv2D *op) noexcept nogil:
    cdef ChannelGradient job = channel_job_of(op)
    run_dynamic(sum_rows, &job, job.parts, op.threads, <real *>op.scratch + job.parts * job.sums_size,
                job.padded_size * sizeof(real))
    run_static(add_channel_parts, &job, op.kh * job.runs, op.threads, NULL, 0)

"""Depthwise convolution: as many groups as channels, each with its own kernel (Sifre, "Rigid-motion scattering for image
classification", 2014; Chollet, "Xception", 2017), and its gradients.

    y[oy, ox, j] = bias[j] + sum over ky, kx of  x[oy sh - pt + ky dh, ox sw - pl + kx dw, j // m] * kernel[ky, kx, 0, j]

where m, the depth multiplier, is the number of filters for each channel. There is no sum over channels, so a vector holds
neighbouring channels, and each input value is multiplied with one weight only. A tile (depthwise_tile.pxd) keeps neighbouring
pixels of a row in registers. The next tile has the next channels of the same pixels, in the order of memory.

The gradient of the kernel keeps a block of TAP_BLOCK by TAP_BLOCK taps in registers while it goes along a row of dy. The sum
is cut into parts by the shape alone, and the parts are added in order.

With m > 1, the channels of the input are repeated m times in a buffer, and in the gradient of the input, m neighbouring filters
are added, so that the loops see as many channels as filters.

*Threads* share rows, long ones in segments. In small images, they share blocks of rows and of channels instead: a block has so
few channels that the rows of the input that a row of the output reads stay in L1 until the next one reads most of them again.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memset
from striate.kernels.common.buffers cimport aligned
from striate.kernels.common.epilogue cimport epilogue_of, finish
from striate.kernels.common.geometry cimport (Axis, Taps, axis_span, ceil_div, clip, input_phases, part_of_axis, set_axes,
                                              taps_inside)
from striate.kernels.common.simd cimport LANES, real, vload_first, vreal, vset, vstore_first
from striate.kernels.common.sums cimport SUM_TASKS, add_up_parts, parts_of_sum
from striate.kernels.convolution.depthwise_tile cimport Line, row_of_tiles
from striate.kernels.ops cimport Conv2D, Conv2DAlgorithm, KERNEL_TABLE, Kernel, KernelTable, LINEAR
from striate.kernels.tasks cimport run_dynamic, run_serial, run_static, unless_finest

cdef enum:
    TAP_BLOCK = 3       # taps along each axis whose gradients are summed at once
    RUN = 16            # pixels of dy over which a block of taps is summed before the next channels
    SEGMENT = 1024      # the most pixels of a row that a task computes, or that the kernel's gradient sums at a time
    SHORT_ROW = 16      # pixels of the longest row for which tasks have blocks; longer ones are faster in the order of memory
    BLOCK_ROWS = 16     # rows of a block
    BLOCK_BYTES = 24 * 1024         # bytes of the input that a row of the output reads, for the channels of a block: half of L1
    PARTS_BYTES = 8 * 1024 * 1024   # the size of all parts of the sum, at most


cdef inline Py_ssize_t reach_begin(const Axis *columns) noexcept nogil:
    """The first input that any output reads."""
    return clip(columns.first, 0, columns.size)


cdef inline Py_ssize_t reach(const Axis *columns) noexcept nogil:
    """The number of inputs from `reach_begin` to the last one that any output reads."""
    return clip(columns.first + axis_span(columns, columns.outputs), 0, columns.size) - reach_begin(columns)


cdef void repeat_channels(const Conv2D *op, const Axis *rows, const Axis *columns, const real *image, Py_ssize_t oy,
                          real *out) noexcept nogil:
    """Copy (kh, reach, c) to (kh, reach, f), each channel m times, for the taps of row oy that lie inside the input."""
    cdef Py_ssize_t multiplier = op.f // op.c, size = reach(columns) * op.c, ky, i, m
    cdef const real *x
    cdef Taps inside = taps_inside(rows, oy)
    for ky in range(inside.first, inside.last):
        x = image + ((rows.first + oy * rows.step + ky * rows.tap_step) * op.w + reach_begin(columns)) * op.c
        for i in range(size):
            for m in range(multiplier):
                out[(ky * size + i) * multiplier + m] = x[i]


cdef void add_neighbours(const real *x, Py_ssize_t channels, Py_ssize_t multiplier, real *out) noexcept nogil:
    """Add ``multiplier`` neighbours each: (channels * multiplier,) to (channels,)."""
    cdef Py_ssize_t i, m
    cdef real total
    for i in range(channels):
        total = x[i * multiplier]
        for m in range(1, multiplier):
            total += x[i * multiplier + m]
        out[i] = total


# -------------------------------------------------------------------------------- a convolution, forward or as a gradient

cdef inline Py_ssize_t segment_of(const Axis *columns) noexcept nogil:
    """Pixels of a segment of a row; all segments are of nearly the same size."""
    return max(ceil_div(columns.outputs, max(ceil_div(columns.outputs, SEGMENT), 1)), 1)


cdef inline Py_ssize_t repeated_size(const Conv2D *op, const Axis *columns, Py_ssize_t segment) noexcept nogil:
    """Elements of a buffer for the part of x that a segment reads, with its channels repeated."""
    return aligned(op.kh * min(axis_span(columns, segment), columns.size) * op.f)


cdef struct Depthwise:
    const Conv2D *op
    Axis rows, columns
    # A forward convolution, or one phase of the input's gradient
    Py_ssize_t channels, multiplier     # channels of x, and filters for each of them
    Py_ssize_t in_pitch, out_pitch      # channels of the array that is read, and of the array that is written
    Py_ssize_t out_height, out_width    # size of the array that is written
    bint transposed                     # whether this is the input's gradient
    Py_ssize_t segment, segments        # pixels of a segment, and segments of a row
    Py_ssize_t row_block, row_blocks            # rows of a task, and the number of such blocks
    Py_ssize_t channel_block, channel_blocks    # the same for channels
    Py_ssize_t buffer_size              # elements of a thread's buffer: x with repeated channels, or dx of single filters


cdef inline Py_ssize_t block_channels(const Depthwise *job) noexcept nogil:
    """Channels of a block, so few that all rows of input for a row of output stay in L1."""
    cdef Py_ssize_t pixels = job.rows.taps * axis_span(&job.columns, job.segment)
    return BLOCK_BYTES // (max(pixels, 1) * <Py_ssize_t>sizeof(real))   # No tap may reach a phase of the input's gradient.


cdef inline Depthwise depthwise(const Conv2D *op, bint transposed, Py_ssize_t phase) noexcept nogil:
    cdef Depthwise job
    job.op = op
    job.channels = op.c
    job.multiplier = op.f // op.c
    job.transposed = transposed
    set_axes(op, transposed, phase, &job.rows, &job.columns)
    job.segment = unless_finest(segment_of(&job.columns), 1)
    job.segments = ceil_div(job.columns.outputs, job.segment)
    if transposed:
        job.in_pitch, job.out_pitch, job.out_height, job.out_width = op.f, op.c, op.h, op.w
        job.buffer_size = aligned(job.segment * op.f)
    else:
        job.in_pitch, job.out_pitch, job.out_height, job.out_width = op.c, op.f, op.oh, op.ow
        job.buffer_size = repeated_size(op, &job.columns, job.segment)
    job.row_block, job.channel_block = 1, op.f
    if job.multiplier == 1:
        job.buffer_size = 0
        if job.columns.outputs <= SHORT_ROW:
            job.row_block = unless_finest(BLOCK_ROWS, 1)
            job.channel_block = unless_finest(max(block_channels(&job) // LANES, 1), 1) * LANES
    job.row_blocks = ceil_div(job.rows.outputs, job.row_block)
    job.channel_blocks = ceil_div(op.f, job.channel_block)
    return job


cdef void output_block(const void *depthwise_job, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: a segment of some neighbouring rows of the output, for some channels."""
    cdef const Depthwise *job = <const Depthwise *>depthwise_job
    cdef Py_ssize_t block = task // job.segments % job.row_blocks * job.row_block, oy
    cdef Py_ssize_t channel = task // (job.segments * job.row_blocks) % job.channel_blocks * job.channel_block
    cdef Py_ssize_t image = task // (job.segments * job.row_blocks * job.channel_blocks)
    for oy in range(block, min(block + job.row_block, job.rows.outputs)):
        output_row(job, image, oy, task % job.segments * job.segment, channel, <real *>memory)


cdef inline void output_row(const Depthwise *job, Py_ssize_t image, Py_ssize_t oy, Py_ssize_t begin, Py_ssize_t channel,
                            real *buffer) noexcept nogil:
    """Compute a segment of a row, from pixel ``begin`` on, for the channels of a block, from ``channel`` on."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t width = job.columns.size, ox
    cdef Axis columns = part_of_axis(&job.columns, begin, min(begin + job.segment, job.columns.outputs))
    cdef Py_ssize_t at = ((image * job.out_height + job.rows.out_first + oy * job.rows.out_step) * job.out_width
                          + columns.out_first) * job.out_pitch + channel
    cdef const real *x = <const real *>(op.y if job.transposed else op.x) + image * job.rows.size * width * job.in_pitch
    cdef const real *bias = <const real *>op.bias + channel if op.bias != NULL else NULL
    cdef const real *residual = <const real *>op.residual + at if op.residual != NULL else NULL
    cdef real *y = <real *>(op.x if job.transposed else op.y) + at
    cdef bint repeated = job.multiplier > 1 and not job.transposed, folded = job.multiplier > 1 and job.transposed
    cdef Taps inside = taps_inside(&job.rows, oy)
    cdef Line line
    line.channels = min(op.f - channel, job.channel_block)
    line.kernel = <const real *>op.kernel + (job.rows.kernel_first * op.kw + columns.kernel_first) * op.f + channel
    line.bias = <const real *>NULL if folded else bias
    line.kernel_row = job.rows.kernel_step * op.kw * op.f
    line.kernel_column = columns.kernel_step * op.f
    line.first_row, line.end_row = inside.first, inside.last
    line.row_step = job.rows.tap_step * width * op.f
    line.tap_step = columns.tap_step * op.f
    line.pixel_step = columns.step * op.f
    line.out_step = op.f if folded else columns.out_step * job.out_pitch
    line.epilogue = epilogue_of(LINEAR if folded else op.activation, op.negative_slope)
    if repeated:
        repeat_channels(op, &job.rows, &columns, x, oy, buffer)
        x = buffer - reach_begin(&columns) * op.f
        line.row_step = reach(&columns) * op.f
    else:
        x += (job.rows.first + oy * job.rows.step) * width * op.f
    x += columns.first * op.f + channel
    row_of_tiles(&line, &columns, x, <const real *>NULL if folded else residual, buffer if folded else y)
    if folded:
        line.epilogue = epilogue_of(op.activation, op.negative_slope)
        for ox in range(columns.outputs):
            at = ox * columns.out_step * job.out_pitch
            add_neighbours(buffer + ox * op.f, op.c, job.multiplier, y + at)
            finish(y + at, 1, op.c, op.c, bias, residual + at if residual != NULL else NULL, &line.epilogue)


cdef size_t conv2d_depthwise_forward_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef Depthwise job = depthwise(op, False, 0)
    return op.threads * job.buffer_size * sizeof(real)


cdef size_t conv2d_depthwise_backward_input_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef Depthwise job = depthwise(op, True, 0)
    return op.threads * job.buffer_size * sizeof(real)


cdef void correlate(const Conv2D *op, bint transposed, Py_ssize_t phase) noexcept nogil:
    cdef Depthwise job = depthwise(op, transposed, phase)
    run_static(output_block, &job, op.n * job.channel_blocks * job.row_blocks * job.segments, op.threads, op.scratch,
               job.buffer_size * sizeof(real))


cdef void conv2d_depthwise_forward(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    correlate(op, False, 0)


cdef void conv2d_depthwise_backward_input(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef Py_ssize_t phase
    for phase in range(input_phases(op)):
        correlate(op, True, phase)


# ------------------------------------------------------------------------------------------------- gradient of the kernel

cdef struct TapSweep:
    # What the blocks of taps share for one row of dy. Steps are those of x and count elements.
    Py_ssize_t channels
    const real *x               # tap (0, 0) of pixel 0
    const real *dy
    real *sums                  # (kh, kw, channels)
    Py_ssize_t kw
    Py_ssize_t row_step         # from row to row of taps
    Py_ssize_t tap_step         # from tap to tap along x
    Py_ssize_t pixel_step       # from pixel to pixel


cdef inline void tap_block(
    const int rows, const int columns,                      # taps of the block, compile-time constants at each call
    const TapSweep *taps,
    Py_ssize_t ky, Py_ssize_t kx,                           # the first tap of the block
    Py_ssize_t begin, Py_ssize_t end,                       # the pixels of dy
    Py_ssize_t j, Py_ssize_t lanes,                         # the first channel, and the number of channels
) noexcept nogil:
    """Add to the sums of a block of taps, which stay in registers: each element of dy is loaded once for all of them."""
    cdef vreal sums[TAP_BLOCK * TAP_BLOCK]
    cdef vreal dy
    cdef const real *x = taps.x + ky * taps.row_step + kx * taps.tap_step + begin * taps.pixel_step + j
    cdef real *out = taps.sums + (ky * taps.kw + kx) * taps.channels + j
    cdef Py_ssize_t i
    cdef int r, k
    for r in range(rows * columns):
        sums[r] = vset(0)
    for i in range(begin, end):
        dy = vload_first(taps.dy + i * taps.channels + j, lanes)
        for r in range(rows):
            for k in range(columns):
                sums[r * columns + k] = sums[r * columns + k] + dy * vload_first(
                    x + r * taps.row_step + k * taps.tap_step, lanes)
        x += taps.pixel_step
    for r in range(rows):
        for k in range(columns):
            vstore_first(out, vload_first(out, lanes) + sums[r * columns + k], lanes)
            out += taps.channels
        out += (taps.kw - columns) * taps.channels


cdef inline void tap_blocks(const int rows, const int columns, const TapSweep *taps, Py_ssize_t ky, Py_ssize_t kx,
                            Py_ssize_t begin, Py_ssize_t end) noexcept nogil:
    """Add to the sums of all channels, RUN pixels at a time, so that their dy stays in cache."""
    cdef Py_ssize_t last, v, j = taps.channels // LANES * LANES
    while begin < end:
        last = min(begin + RUN, end)
        for v in range(taps.channels // LANES):
            tap_block(rows, columns, taps, ky, kx, begin, last, v * LANES, LANES)
        if j < taps.channels:
            tap_block(rows, columns, taps, ky, kx, begin, last, j, taps.channels - j)
        begin = last


cdef inline Py_ssize_t first_output(const Axis *axis, Py_ssize_t tap) noexcept nogil:
    """The first output for which ``tap`` lies inside the input."""
    cdef Py_ssize_t outside = -(axis.first + tap * axis.tap_step)
    return min(ceil_div(outside, axis.step), axis.outputs) if outside > 0 else 0


cdef inline Py_ssize_t end_output(const Axis *axis, Py_ssize_t tap) noexcept nogil:
    """The output after the last for which ``tap`` lies inside the input."""
    cdef Py_ssize_t room = axis.size - 1 - axis.first - tap * axis.tap_step
    return min(room // axis.step + 1, axis.outputs) if room >= 0 else 0


cdef inline void rows_of_taps(const int rows, const TapSweep *taps, const Axis *columns, Py_ssize_t ky) noexcept nogil:
    """Add up blocks of taps for the pixels for which the whole block lies inside the input, and single taps for the others."""
    cdef Py_ssize_t kx = 0, k, begin, end
    while kx < taps.kw:
        begin, end = first_output(columns, kx), end_output(columns, kx + TAP_BLOCK - 1)
        if kx + TAP_BLOCK > taps.kw or begin >= end:
            tap_blocks(rows, 1, taps, ky, kx, begin, end_output(columns, kx))
            kx += 1
            continue
        tap_blocks(rows, TAP_BLOCK, taps, ky, kx, begin, end)
        for k in range(kx, kx + TAP_BLOCK):
            tap_blocks(rows, 1, taps, ky, k, first_output(columns, k), begin)
            tap_blocks(rows, 1, taps, ky, k, end, end_output(columns, k))
        kx += TAP_BLOCK


cdef struct KernelGradient:
    const Conv2D *op
    Axis rows, columns
    Py_ssize_t segment, segments    # pixels of a segment, and segments of a row of dy
    Py_ssize_t parts                # parts of the sum
    Py_ssize_t part_size            # elements of a part of the sum: (kh, kw, f)
    Py_ssize_t repeated_size        # elements of a thread's buffer for x with its channels repeated


cdef inline KernelGradient kernel_gradient(const Conv2D *op) noexcept nogil:
    cdef KernelGradient job
    job.op = op
    set_axes(op, False, 0, &job.rows, &job.columns)
    job.segment = segment_of(&job.columns)
    job.segments = ceil_div(op.ow, job.segment)
    job.part_size = aligned(op.kh * op.kw * op.f)
    job.parts = parts_of_sum(op.n * op.oh * job.segments * ceil_div(job.segment, RUN), SUM_TASKS)
    job.parts = min(job.parts, max(PARTS_BYTES // (job.part_size * <Py_ssize_t>sizeof(real)), SUM_TASKS))
    job.parts = max(min(job.parts, op.n * op.oh * job.segments), 1)     # Without images, one part, which is zero.
    job.repeated_size = repeated_size(op, &job.columns, job.segment) if op.f > op.c else 0
    return job


cdef void add_segment(const KernelGradient *job, Py_ssize_t row, Py_ssize_t begin, real *sums, real *buffer) noexcept nogil:
    """Add the contribution of a segment of one row of dy to the sums."""
    cdef const Conv2D *op = job.op
    cdef Axis columns = part_of_axis(&job.columns, begin, min(begin + job.segment, op.ow))
    cdef Py_ssize_t oy = row % op.oh
    cdef Taps inside = taps_inside(&job.rows, oy)
    cdef Py_ssize_t ky = inside.first, end = inside.last
    cdef const real *x = <const real *>op.x + row // op.oh * op.h * op.w * op.c
    cdef TapSweep taps
    taps.channels, taps.kw = op.f, op.kw
    taps.dy = <const real *>op.y + (row * op.ow + begin) * op.f
    taps.sums = sums
    taps.tap_step = columns.tap_step * op.f
    taps.pixel_step = columns.step * op.f
    if op.f > op.c:
        repeat_channels(op, &job.rows, &columns, x, oy, buffer)
        taps.x = buffer - reach_begin(&columns) * op.f
        taps.row_step = reach(&columns) * op.f
    else:
        taps.x = x + (job.rows.first + oy * job.rows.step) * op.w * op.c
        taps.row_step = job.rows.tap_step * op.w * op.c
    taps.x += columns.first * op.f
    while ky < end:
        if ky + TAP_BLOCK <= end:
            rows_of_taps(TAP_BLOCK, &taps, &columns, ky)
            ky += TAP_BLOCK
        else:
            rows_of_taps(1, &taps, &columns, ky)
            ky += 1


cdef void kernel_part(const void *gradient, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t items = op.n * op.oh * job.segments, item
    cdef real *sums = <real *>op.scratch + task * job.part_size
    memset(sums, 0, op.kh * op.kw * op.f * sizeof(real))
    for item in range(items * task // job.parts, items * (task + 1) // job.parts):
        add_segment(job, item // job.segments, item % job.segments * job.segment, sums, <real *>memory)


cdef void add_parts(const void *gradient, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef const Conv2D *op = job.op
    add_up_parts(<const real *>op.scratch, job.part_size, job.parts, <real *>op.kernel, op.kh * op.kw * op.f)


cdef size_t conv2d_depthwise_backward_kernel_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef KernelGradient job = kernel_gradient(op)
    return (job.parts * job.part_size + op.threads * job.repeated_size) * sizeof(real)


cdef void conv2d_depthwise_backward_kernel(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef KernelGradient job = kernel_gradient(op)
    run_dynamic(kernel_part, &job, job.parts, op.threads, <real *>op.scratch + job.parts * job.part_size,
                job.repeated_size * sizeof(real))
    run_serial(add_parts, &job, 1, NULL)


cdef size_t conv2d_depthwise_packed_size(const Conv2D *op) noexcept nogil:
    return 0    # The kernel is read in its own layout.


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.conv2d_depthwise = Conv2DAlgorithm(
        packed_size=conv2d_depthwise_packed_size,
        pack=Kernel(NULL, NULL),
        forward=Kernel(conv2d_depthwise_forward, conv2d_depthwise_forward_scratch),
        backward_input=Kernel(conv2d_depthwise_backward_input, conv2d_depthwise_backward_input_scratch),
        backward_kernel=Kernel(conv2d_depthwise_backward_kernel, conv2d_depthwise_backward_kernel_scratch))

"""Direct convolution of 8-bit integers or bfloat16 numbers on NHWC. The module includes max pooling and conversions, too.

    s[oy, ox, f] = bias[f] + sum over ky, kx, c of  x[oy sh - pt + ky dh, ox sw - pl + kx dw, c] * kernel[ky, kx, c, f]

For integers, x is unsigned and padded with its zero point z, and the kernel is signed. The bias accounts for the zero point: it
includes -z times the sum of the filter's weights. tile.pxi computes y from s.

*Depthwise* convolution has tiles of its own: see depthwise.pxi and quads.pxi.

*Blocking* is that of direct convolution in floating point (convolution/direct.pyx): register tiles of neighbouring pixels and
filters, and panels of weights that a tile reads sequentially. matrix_tile.pxi has the tiles for processors that multiply
matrices. Each row of taps is one run of groups of input channels (low_precision.h), filled up with weights of zero.

*Padding.* Where a tap may reach into it, where a run does not end with a group, and where inputs are widened, a block's input
is copied into a buffer that stays in L2. Otherwise it is read in place. The positions of a matrix tile must be evenly spaced in
memory. Therefore the copy for a convolution with strides and short rows is cut into *phases*: pixels whose coordinates have the
same remainders modulo the strides are neighbours there, and each tap reads one phase with strides of 1, so that a tile can take
several rows.

*Threads* share blocks of (image, group, rows, columns, filters). No sum is divided among them, so its order is fixed.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport int32_t
from libc.string cimport memcpy, memset
from striate.kernels.common.buffers cimport PANELS_BYTES, WORKING_SET
from striate.kernels.common.geometry cimport Axis, as_one_row, axis_reaches_outside, axis_span, ceil_div, set_axes
from striate.kernels.common.simd cimport LANES, TILE_PIXELS, TILE_VECTORS, prefetch_read, real
from striate.kernels.convolution.tile cimport block_vectors
from striate.kernels.low_precision.vectors cimport (BFLOAT16, GROUP, RUN_UNIT, all_finite, element, grouped_input,
                                                    grouped_weight, sum_type, weight)
from striate.kernels.ops cimport CACHE_LINE, Conv2D, KERNEL_TABLE, Kernel, KernelTable, LowPrecisionConv2D
from striate.kernels.tasks cimport TASKS_PER_THREAD, run_dynamic, run_static, unless_finest

# The included files share this module's namespace: each may use what comes before it, and no two may define the same name.
include "conversion.pyx"
include "bfloat16.pxi"
include "tile.pxi"
include "matrix_tile.pxi"
include "depthwise.pxi"
include "quads.pxi"

cdef enum:
    FEWEST_COLUMNS = 64         # blocks of more columns are halved where they are too large, or too few for the threads
    SECTION_TILES = 4           # tiles that are computed for all filter blocks in turn, where all panels stay in L2


cdef struct LowPrecisionJob:
    const LowPrecisionConv2D *given
    Axis rows, columns
    Py_ssize_t c, f                             # channels and filters of one group
    Py_ssize_t pitch                            # elements from pixel to pixel of the input that tiles read
    Py_ssize_t runs, length                     # runs of a row of taps, and groups of channels in each run
    bint pads_input                             # whether the input of a block is copied, with its padding
    bint phased                                 # whether that copy is cut into phases
    Py_ssize_t row_phases, column_phases        # phases along each axis, if it is
    bint panels_stay_in_l2                      # whether the panels of all filter blocks stay in L2
    Py_ssize_t row_block, row_blocks            # output rows of a task, and the number of such blocks
    Py_ssize_t column_block, column_blocks      # output columns of a task, and the number of such blocks
    Py_ssize_t filter_split                     # tasks that share the filter blocks of a block of rows and columns
    Py_ssize_t padded_bytes                     # bytes of the copy of a block's input


cdef inline Py_ssize_t rounded_up(Py_ssize_t size, Py_ssize_t unit) noexcept nogil:
    return ceil_div(size, unit) * unit


cdef inline bint taps_are_neighbours(const Conv2D *op) noexcept nogil:
    """Whether the taps of a row are contiguous, and so one run."""
    return op.dilation_w == 1


cdef inline Py_ssize_t groups_of_row(const Conv2D *op) noexcept nogil:
    """The number of groups of channels in a row of taps."""
    cdef Py_ssize_t c = op.c // op.groups
    cdef Py_ssize_t units = ceil_div(op.kw * c, RUN_UNIT) if taps_are_neighbours(op) else op.kw * ceil_div(c, RUN_UNIT)
    return units * (RUN_UNIT // GROUP)


cdef inline Py_ssize_t phase_span(const Axis *axis, Py_ssize_t outputs) noexcept nogil:
    """The number of inputs of one phase that ``outputs`` neighbouring outputs read, from the first to the last."""
    return outputs + (axis.taps - 1) // axis.step


cdef inline Py_ssize_t padded_elements(const LowPrecisionJob *job) noexcept nogil:
    if job.phased:
        return (job.row_phases * phase_span(&job.rows, job.row_block)
                * job.column_phases * phase_span(&job.columns, job.column_block) * job.c)
    return axis_span(&job.rows, job.row_block) * axis_span(&job.columns, job.column_block) * job.c + RUN_UNIT


cdef inline Py_ssize_t group_panels_bytes(Py_ssize_t filters, Py_ssize_t depth) noexcept nogil:
    """Bytes of the panels of all filters of a group."""
    cdef Py_ssize_t width = TILE_VECTORS * LANES, whole = filters // width
    return whole * panel_bytes(depth, TILE_VECTORS) + (
        panel_bytes(depth, block_vectors(filters - whole * width)) if filters > whole * width else 0)


cdef LowPrecisionJob low_precision_job(const LowPrecisionConv2D *given, const Conv2D *op) noexcept nogil:
    cdef LowPrecisionJob job
    cdef Py_ssize_t wanted, blocks
    cdef bint neighbours = taps_are_neighbours(op)
    job.given = given
    set_axes(op, False, 0, &job.rows, &job.columns)
    job.c, job.f = op.c // op.groups, op.f // op.groups
    job.phased = (MATRIX_TILES and op.stride_h * op.stride_w > 1 and op.dilation_h * op.dilation_w == 1
                  and job.c % RUN_UNIT == 0 and 2 * op.ow <= MATRIX_ROWS)
    job.row_phases, job.column_phases = min(op.stride_h, op.kh), min(op.stride_w, op.kw)
    job.runs = 1 if neighbours and not job.phased else op.kw
    job.length = groups_of_row(op) // job.runs
    job.pads_input = (job.phased or sizeof(grouped_input) != sizeof(element)
                      or axis_reaches_outside(&job.rows) or axis_reaches_outside(&job.columns)
                      or (neighbours and op.kw > 1 and op.groups > 1)
                      or (op.kw * job.c if neighbours else job.c) % RUN_UNIT != 0)
    job.pitch = job.c if job.pads_input else op.c
    job.panels_stay_in_l2 = group_panels_bytes(job.f, op.kh * groups_of_row(op)) <= PANELS_BYTES
    wanted = unless_finest(TASKS_PER_THREAD * op.threads if op.threads > 1 else 1, op.f)
    job.row_block = unless_finest(max(job.rows.outputs, 1), 1)
    job.column_block = unless_finest(max(job.columns.outputs, 1), 1)
    while job.row_block > 1 and (
            padded_elements(&job) * sizeof(grouped_input) + job.row_block * op.ow * job.f * sizeof(element) > WORKING_SET):
        job.row_block = (job.row_block + 1) // 2
    while job.column_block > FEWEST_COLUMNS and (
            padded_elements(&job) * sizeof(grouped_input) + job.column_block * job.f * sizeof(element) > WORKING_SET):
        job.column_block = (job.column_block + 1) // 2
    while job.row_block > 4 and op.n * op.groups * ceil_div(job.rows.outputs, job.row_block) < wanted:
        job.row_block = (job.row_block + 1) // 2
    job.row_blocks = ceil_div(job.rows.outputs, job.row_block)
    while job.column_block > FEWEST_COLUMNS and (
            op.n * op.groups * job.row_blocks * ceil_div(job.columns.outputs, job.column_block) < wanted):
        job.column_block = (job.column_block + 1) // 2
    job.column_blocks = ceil_div(job.columns.outputs, job.column_block)
    blocks = op.n * op.groups * job.row_blocks * job.column_blocks
    job.filter_split = min(ceil_div(wanted, max(blocks, 1)), ceil_div(job.f, TILE_VECTORS * LANES))
    job.padded_bytes = rounded_up(padded_elements(&job) * sizeof(grouped_input), CACHE_LINE) if job.pads_input else 0
    return job


cdef size_t low_precision_conv2d_packed_size(const LowPrecisionConv2D *given) noexcept nogil:
    cdef const Conv2D *op = &given.convolution
    if is_depthwise(op):
        return group_panels_bytes(op.c, op.kh * op.kw) + quad_panels_bytes(op)
    return op.groups * group_panels_bytes(op.f // op.groups, op.kh * groups_of_row(op))


cdef void pack_groups(const weight *kernel, const Conv2D *op, Py_ssize_t first, Py_ssize_t filters, Py_ssize_t width,
                      grouped_weight *target) noexcept nogil:
    """Pack the weights of a filter block: (row of taps, group, filter, channel of the group), filled up with zeros."""
    cdef Py_ssize_t c = op.c // op.groups, ky, i, f, runs = 1 if taps_are_neighbours(op) else op.kw, run
    cdef Py_ssize_t channels = op.kw * c // runs, padded = rounded_up(channels, RUN_UNIT)
    for ky in range(op.kh):
        for run in range(runs):
            for i in range(padded):
                for f in range(width):
                    target[(i // GROUP * width + f) * GROUP + i % GROUP] = (
                        kernel[((ky * runs + run) * channels + i) * op.f + first + f] if i < channels and f < filters else 0)
            target += padded * width


cdef void low_precision_conv2d_pack(const void *arguments) noexcept nogil:
    cdef const LowPrecisionConv2D *given = <const LowPrecisionConv2D *>arguments
    cdef const Conv2D *op = &given.convolution
    cdef Py_ssize_t f = op.f // op.groups, group, block, first, filters, width, i
    cdef sum_type *biases
    cdef float *multipliers
    cdef char *panel = <char *>op.packed
    if is_depthwise(op):
        pack_channels(given)
        return
    for group in range(op.groups):
        for block in range(ceil_div(f, TILE_VECTORS * LANES)):
            filters = min(f - block * TILE_VECTORS * LANES, TILE_VECTORS * LANES)
            width = block_vectors(filters) * LANES
            first = group * f + block * TILE_VECTORS * LANES
            biases, multipliers = <sum_type *>panel, <float *>panel + width
            for i in range(width):
                biases[i] = (<const sum_type *>op.bias)[first + i] if i < filters else 0
                multipliers[i] = given.multiplier[first + i] if i < filters else 0
            pack_groups(<const weight *>op.kernel, op, first, filters, width, <grouped_weight *>(multipliers + width))
            panel += panel_bytes(op.kh * groups_of_row(op), width // LANES)


cdef inline void copy_inputs(const element *source, grouped_input *target, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t i
    if sizeof(grouped_input) == sizeof(element):
        memcpy(target, source, count * sizeof(element))
    else:
        for i in range(count):
            target[i] = source[i]


cdef inline void fill_inputs(grouped_input *target, int32_t value, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t i
    if sizeof(grouped_input) == 1:
        memset(target, value, count)
    else:
        for i in range(count):
            target[i] = value


cdef bint copy_padded(const element *image, const LowPrecisionJob *job, Py_ssize_t top, Py_ssize_t left, Py_ssize_t rows,
                      Py_ssize_t columns, grouped_input *padded) noexcept nogil:
    """Copy a part of an image to (rows, columns, channels), with the zero point outside the image.

    ``image`` is offset to the first channel to copy. Return whether all copied elements are finite.
    """
    cdef grouped_input *start = padded
    cdef Py_ssize_t begin = max(left, 0), end = min(left + columns, job.columns.size), inside = max(end - begin, 0)
    cdef Py_ssize_t before = min(begin - left, columns), after = columns - before - inside
    cdef Py_ssize_t r, i, pitch = job.given.convolution.c
    cdef int32_t zero = job.given.x_zero
    cdef const element *source
    for r in range(rows):
        if top + r < 0 or top + r >= job.rows.size or inside == 0:
            fill_inputs(padded, zero, columns * job.c)
            padded += columns * job.c
            continue
        fill_inputs(padded, zero, before * job.c)
        padded += before * job.c
        source = image + ((top + r) * job.columns.size + begin) * pitch
        if pitch == job.c:
            copy_inputs(source, padded, inside * job.c)
        else:
            for i in range(inside):
                copy_inputs(source + i * pitch, padded + i * job.c, job.c)
        padded += inside * job.c
        fill_inputs(padded, zero, after * job.c)
        padded += after * job.c
    fill_inputs(padded, 0, RUN_UNIT)    # The last run may read beyond the end.
    return not BFLOAT16 or all_finite(<const element *>start, rows * columns * job.c)


cdef void copy_phases(const element *image, const LowPrecisionJob *job, Py_ssize_t top, Py_ssize_t left, Py_ssize_t rows,
                      Py_ssize_t columns, grouped_input *padded) noexcept nogil:
    """Like `copy_padded`, but to (row phases, column phases, rows, columns, channels)."""
    cdef Py_ssize_t row_phase, column_phase, r, i, y, x, pitch = job.given.convolution.c
    for row_phase in range(job.row_phases):
        for column_phase in range(job.column_phases):
            for r in range(rows):
                y = top + r * job.rows.step + row_phase
                for i in range(columns):
                    x = left + i * job.columns.step + column_phase
                    if 0 <= y < job.rows.size and 0 <= x < job.columns.size:
                        copy_inputs(image + (y * job.columns.size + x) * pitch, padded, job.c)
                    else:
                        fill_inputs(padded, job.given.x_zero, job.c)
                    padded += job.c


cdef void multiply_matrices(
    const LowPrecisionJob *job, const LowPrecisionSweep *sweep, const char *x, Py_ssize_t line, const char *panels,
    Py_ssize_t first_block, Py_ssize_t end_block, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t first,
) noexcept nogil:
    """Compute some filter blocks of a block of outputs with matrix tiles; ``first`` is the index of its first output."""
    cdef const Conv2D *op = &job.given.convolution
    cdef Py_ssize_t width = TILE_VECTORS * LANES, depth = job.rows.taps * job.runs * job.length
    cdef Py_ssize_t y_size = output_size(job.given.real_output), block, at, section, size, tiles
    cdef const element *residual = <const element *>op.residual
    # Whether the positions of all rows are evenly spaced, and so form one band
    cdef bint together = job.phased or (job.columns.step == 1 and job.rows.step == 1)
    cdef Bands bands = bands_of(rows, columns, line // job.pitch, job.rows.step * line, together)
    tiles = bands.count * bands.tiles
    size = SECTION_TILES if job.panels_stay_in_l2 else tiles
    configure_matrix_tiles(<int>bands.tile_rows)
    for section in range(ceil_div(tiles, size)):
        for block in range(first_block, end_block):
            at = first + block * width
            matrix_tiles(&bands, sweep, x, panels + block * panel_bytes(depth, TILE_VECTORS),
                         residual + at if residual != NULL else NULL, <char *>op.y + at * y_size, op.ow * op.f,
                         min(job.f - block * width, width), section * size, min((section + 1) * size, tiles))
    tile_release()


cdef void low_precision_block(const void *shared, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: some filter blocks of a block of output rows and columns, of one group of one image."""
    cdef const LowPrecisionJob *job = <const LowPrecisionJob *>shared
    cdef const LowPrecisionConv2D *given = job.given
    cdef const Conv2D *op = &given.convolution
    cdef Py_ssize_t width = TILE_VECTORS * LANES, blocks = ceil_div(job.f, width), depth = job.rows.taps * job.runs * job.length
    cdef Py_ssize_t part = task % job.filter_split, place = task // job.filter_split
    cdef Py_ssize_t left = place % job.column_blocks * job.column_block
    cdef Py_ssize_t right = min(left + job.column_block, job.columns.outputs)
    cdef Py_ssize_t top = place // job.column_blocks % job.row_blocks * job.row_block
    cdef Py_ssize_t bottom = min(top + job.row_block, job.rows.outputs)
    cdef Py_ssize_t group = place // (job.column_blocks * job.row_blocks) % op.groups
    cdef Py_ssize_t image = place // (job.column_blocks * job.row_blocks * op.groups)
    cdef Py_ssize_t columns, row, block, at, line, section, height, length, first_row, start
    cdef Py_ssize_t y_size = output_size(given.real_output), channels = op.kw * job.c // job.runs
    cdef bint finite = True
    cdef const char *panels = <const char *>op.packed + group * group_panels_bytes(job.f, depth)
    cdef const element *source = (<const element *>op.x + image * job.rows.size * job.columns.size * op.c + group * job.c)
    cdef const element *residual = <const element *>op.residual
    cdef const grouped_input *x
    cdef LowPrecisionSweep sweep
    sweep.row_phases, sweep.column_phases, sweep.plane = job.row_phases, job.column_phases, 0
    if job.phased:
        height, columns = phase_span(&job.rows, bottom - top), phase_span(&job.columns, right - left)
        copy_phases(source, job, job.rows.first + top * job.rows.step, job.columns.first + left * job.columns.step, height,
                    columns, <grouped_input *>memory)
        x = <const grouped_input *>memory
        sweep.plane = height * columns * job.c
    elif job.pads_input:
        columns = axis_span(&job.columns, right - left)
        finite = copy_padded(
            source, job, job.rows.first + top * job.rows.step, job.columns.first + left * job.columns.step,
            axis_span(&job.rows, bottom - top), columns, <grouped_input *>memory)
        x = <const grouped_input *>memory
    else:       # Tiles read the image itself.
        columns = job.columns.size
        x = <const grouped_input *>(source + ((job.rows.first + top * job.rows.step) * columns + job.columns.first
                                              + left * job.columns.step) * op.c)
    line = columns * job.pitch
    sweep.pixel_step = job.pitch if job.phased else job.columns.step * job.pitch
    sweep.rows, sweep.row_step = job.rows.taps, job.rows.tap_step * line
    sweep.runs, sweep.run_step = job.runs, job.columns.tap_step * job.pitch
    sweep.length = job.length
    sweep.odd_channels = BFLOAT16 and channels % GROUP != 0
    sweep.last_bytes = 0 if finite else channels % RUN_UNIT * sizeof(element)
    sweep.out_step = op.f
    sweep.requantization = requantization_of(given)
    if MATRIX_TILES:
        multiply_matrices(job, &sweep, <const char *>x, line, panels, blocks * part // job.filter_split,
                          blocks * (part + 1) // job.filter_split, bottom - top, right - left,
                          ((image * op.oh + top) * op.ow + left) * op.f + group * job.f)
        return
    # The outputs are computed in sections, for each of which the panels of all filter blocks are read once, as in
    # `correlate_sections` of convolution/direct.pyx.
    height = 1 if job.panels_stay_in_l2 else bottom - top
    length = min(SECTION_TILES * TILE_PIXELS, right - left) if job.panels_stay_in_l2 else right - left
    for section in range(ceil_div(bottom - top, height) * ceil_div(right - left, length)):
        first_row = top + section // ceil_div(right - left, length) * height
        start = section % ceil_div(right - left, length) * length
        for block in range(blocks * part // job.filter_split, blocks * (part + 1) // job.filter_split):
            # Panels that stay in L2 come there while the first section is computed.
            prefetch_next(&sweep, panels + (block + 1) * panel_bytes(depth, TILE_VECTORS),
                          0 if job.panels_stay_in_l2 and section > 0 else panel_bytes(depth, TILE_VECTORS),
                          ceil_div(length, TILE_PIXELS) * height)
            for row in range(first_row, min(first_row + height, bottom)):
                at = ((image * op.oh + row) * op.ow + left + start) * op.f + group * job.f + block * width
                row_of_low_precision_tiles(
                    min(length, right - left - start), &sweep,
                    x + (row - top) * job.rows.step * line + start * sweep.pixel_step,
                    panels + block * panel_bytes(depth, TILE_VECTORS), residual + at if residual != NULL else NULL,
                    <char *>op.y + at * y_size, min(job.f - block * width, width))


cdef size_t low_precision_conv2d_scratch(const void *arguments) noexcept nogil:
    cdef const LowPrecisionConv2D *given = <const LowPrecisionConv2D *>arguments
    cdef Conv2D flat = as_one_row(&given.convolution)
    if is_depthwise(&given.convolution):
        return 0
    return flat.threads * low_precision_job(given, &flat).padded_bytes


cdef void low_precision_conv2d(const void *arguments) noexcept nogil:
    cdef const LowPrecisionConv2D *given = <const LowPrecisionConv2D *>arguments
    if is_depthwise(&given.convolution):
        run_static(depthwise_row, given, given.convolution.n * given.convolution.oh, given.convolution.threads, NULL, 0)
        return
    cdef LowPrecisionConv2D flat = given[0]
    flat.convolution = as_one_row(&given.convolution)
    cdef LowPrecisionJob job = low_precision_job(&flat, &flat.convolution)
    cdef Py_ssize_t tasks = flat.convolution.n * flat.convolution.groups * job.row_blocks * job.column_blocks * job.filter_split
    run_dynamic(low_precision_block, &job, tasks, flat.convolution.threads, flat.convolution.scratch, job.padded_bytes)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.low_precision_conv2d_packed_size = low_precision_conv2d_packed_size
    table.low_precision_conv2d_pack = Kernel(low_precision_conv2d_pack, NULL)
    table.low_precision_conv2d = Kernel(low_precision_conv2d, low_precision_conv2d_scratch)
    table.low_precision_max_pool2d = Kernel(low_precision_max_pool2d, NULL)
    table.quantize = Kernel(quantize, NULL)
    table.dequantize = Kernel(dequantize, NULL)
    if BFLOAT16:
        table.activation_forward = Kernel(bfloat16_activation, NULL)
        table.scale_shift_forward = Kernel(bfloat16_scale_shift, NULL)
        table.average_pool2d_forward = Kernel(bfloat16_average_pool2d, bfloat16_average_scratch)

"""Direct convolution: a register-blocked implicit matrix product on NHWC, with no column matrix.

Forward, for one image and group (Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016):

    y[oy, ox, f] = bias[f] + sum over ky, kx, c of  x[oy sh - pt + ky dh, ox sw - pl + kx dw, c] * kernel[ky, kx, c, f]

*Register tile.* (tile.pxd) Up to TILE_PIXELS x TILE_VECTORS vectors of output, neighbouring pixels of a row times neighbouring
filters, stay in registers while the sum runs over (ky, kx, c).

*Panels.* The weights are repacked so that a tile reads them from one end to the other: filters in blocks of
TILE_VECTORS vectors, and within a block (ky, kx, c, filter), zero-filled to whole vectors.

*Window.* Where a tap may reach into the padding, a block of output rows first copies its input rows, with the padding, into
a buffer that stays in L2. Without padding the input is read in place.

*Threads* share blocks of (image, group, output rows, filters); none is a reduction, so the order of every sum is fixed.

The gradient of the input is the same computation on ``dy``, a phase of the stride at a time (see geometry.pxd). The
gradient of the kernel turns the tile: rows of it are (kx, c), and the loop runs over pixels. It is summed in a number of
parts that depends on shapes alone, and the parts are added in order.
"""
cimport openmp
from cpython.pycapsule cimport PyCapsule_GetPointer
from cython.parallel cimport prange
from libc.string cimport memcpy, memset
from striate.kernels.geometry cimport Axis, axis_reaches_outside, axis_span, ceil_div, input_phases, set_axes
from striate.kernels.ops cimport Conv2D, Conv2DAlgorithm, KernelTable
from striate.kernels.simd cimport LANES, TILE_PIXELS, TILE_VECTORS, real, vload, vload_first, vreal, vstore, vstore_first
from striate.kernels.tile cimport KernelSweep, Sweep, block_vectors, row_of_tiles, run_of_kernel_tiles
from striate.kernels.window cimport aligned, copy_transposed, copy_window

cdef enum:
    MOST_WIDTH = 1024               # of the rows that a 1×1 convolution is cut into
    WINDOW_BYTES = 256 * 1024       # input rows (and rows of dy) that one block works on: a part of L2
    TASKS_PER_THREAD = 4            # enough for dynamic scheduling to even out the load
    KERNEL_PARTS = 16               # parts that the kernel's gradient is summed in, where filter blocks are few …
    PARTS_BYTES = 32 * 1024 * 1024  # … and their sums fit in this much memory


cdef inline Conv2D flattened(const Conv2D *op) noexcept nogil:
    """``op``, or what it does with another shape of image.

    A 1×1 convolution takes each pixel by itself, so the batch may be one image with any width: the narrowest whose rows tiles
    fill to nine tenths, if there is one of at most MOST_WIDTH.
    """
    cdef Conv2D flat = op[0]
    cdef Py_ssize_t pixels = op.n * op.h * op.w, width
    if op.kh * op.kw * op.stride_h * op.stride_w != 1 or op.pad_top or op.pad_left or op.oh != op.h or op.ow != op.w:
        return flat
    for width in range(2 * TILE_PIXELS, min(pixels, MOST_WIDTH)):
        if pixels % width == 0 and 10 * width >= 9 * ceil_div(width, TILE_PIXELS) * TILE_PIXELS:
            flat.n, flat.h, flat.w = 1, pixels // width, width
            break
    else:
        flat.n, flat.h, flat.w = 1, 1, pixels
    flat.oh, flat.ow = flat.h, flat.w
    return flat


# ------------------------------------------------------------------------------- a convolution, forward or as a gradient

cdef struct Correlation:
    # y[n, y.out(oy), x.out(ox), f] = sum over taps and c of x[n, ...] * panels: one phase, all images and groups
    Axis rows, columns
    Py_ssize_t n, groups
    Py_ssize_t c, f                     # channels in and out, of one group
    Py_ssize_t out_height, out_width    # of the array that is written
    bint transposed                     # weigh with kernel[ky, kx, f, c]: the input's gradient
    bint windowed                       # copy input rows, padding included, before reading them
    Py_ssize_t row_block                # output rows a task
    Py_ssize_t filter_split             # tasks that share the filter blocks of a row block
    Py_ssize_t window_size              # elements of the row buffer


cdef inline Correlation correlation(const Conv2D *op, bint transposed, Py_ssize_t phase) noexcept nogil:
    """``phase`` counts the (y, x) phases of the input's gradient; 0 and unused forward."""
    cdef Correlation job
    cdef Py_ssize_t row_size, blocks, wanted
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
    job.windowed = axis_reaches_outside(&job.rows) or axis_reaches_outside(&job.columns)

    row_size = max(axis_span(&job.columns, job.columns.outputs) * job.c, 1)
    job.row_block = max(job.rows.outputs, 1)
    while job.row_block > 1 and axis_span(&job.rows, job.row_block) * row_size * <Py_ssize_t>sizeof(real) > WINDOW_BYTES:
        job.row_block = (job.row_block + 1) // 2
    wanted = TASKS_PER_THREAD * op.threads if op.threads > 1 else 1
    while job.row_block > 4 and job.n * job.groups * ceil_div(job.rows.outputs, job.row_block) < wanted:
        job.row_block = (job.row_block + 1) // 2
    blocks = job.n * job.groups * ceil_div(job.rows.outputs, job.row_block)
    job.filter_split = min(ceil_div(wanted, max(blocks, 1)), ceil_div(job.f, TILE_VECTORS * LANES))
    job.window_size = axis_span(&job.rows, job.row_block) * row_size if job.windowed else 0
    return job


cdef inline Py_ssize_t panels_size(const Correlation *job) noexcept nogil:
    return aligned(job.groups * job.rows.taps * job.columns.taps * job.c * ceil_div(job.f, LANES) * LANES)


cdef void pack_panel(const Conv2D *op, const Correlation *job, Py_ssize_t group, Py_ssize_t first,
                     real *panel) noexcept nogil:
    """Pack the block of filters that starts at ``first``: (tap y, tap x, c, filter), zero beyond the last filter."""
    cdef Py_ssize_t filters = job.f - first, width = block_vectors(filters) * LANES, ty, tx, i
    cdef Py_ssize_t kernel_c = op.c // op.groups
    cdef const real *tap
    filters = min(filters, width)
    if filters < width:
        memset(panel, 0, job.rows.taps * job.columns.taps * job.c * width * sizeof(real))
    for ty in range(job.rows.taps):
        for tx in range(job.columns.taps):
            tap = <const real *>op.kernel + (
                (job.rows.kernel_first + ty * job.rows.kernel_step) * op.kw
                + job.columns.kernel_first + tx * job.columns.kernel_step) * kernel_c * op.f
            if job.transposed:      # in: the group's filters; out: channels
                copy_transposed(tap + group * job.c + first * op.f, op.f, filters, job.c, panel, width)
            else:
                for i in range(job.c):
                    memcpy(panel + i * width, tap + group * job.f + first + i * op.f, filters * sizeof(real))
            panel += job.c * width


cdef void pack_panels(const Conv2D *op, const Correlation *job, real *panels) noexcept nogil:
    cdef Py_ssize_t width = TILE_VECTORS * LANES, blocks = ceil_div(job.f, width), i
    cdef Py_ssize_t depth = job.rows.taps * job.columns.taps * job.c, group_size = depth * ceil_div(job.f, LANES) * LANES
    for i in prange(job.groups * blocks, num_threads=op.threads, schedule='static'):
        pack_panel(op, job, i // blocks, (i % blocks) * width,
                   panels + (i // blocks) * group_size + (i % blocks) * depth * width)


cdef void correlate_block(const Conv2D *op, const Correlation *job, const real *panels, Py_ssize_t task,
                          real *window) noexcept nogil:
    """One task: some filter blocks of a block of output rows, of one group of one image."""
    cdef Py_ssize_t width = TILE_VECTORS * LANES, blocks = ceil_div(job.f, width)
    cdef Py_ssize_t row_blocks = ceil_div(job.rows.outputs, job.row_block), in_pitch = job.c * job.groups
    cdef Py_ssize_t out_pitch = job.f * job.groups, depth = job.rows.taps * job.columns.taps * job.c
    cdef Py_ssize_t part = task % job.filter_split, row_block = task // job.filter_split % row_blocks
    cdef Py_ssize_t group = task // (job.filter_split * row_blocks) % job.groups
    cdef Py_ssize_t image = task // (job.filter_split * row_blocks * job.groups)
    cdef Py_ssize_t begin = row_block * job.row_block, end = min(begin + job.row_block, job.rows.outputs)
    cdef Py_ssize_t block, row, filters, columns, line, at
    cdef const real *source = <const real *>(op.y if job.transposed else op.x)
    cdef const real *bias = <const real *>op.bias
    cdef const real *residual = <const real *>op.residual
    cdef real *target = <real *>(op.x if job.transposed else op.y)
    cdef const real *panel
    cdef Sweep sweep

    source += image * job.rows.size * job.columns.size * in_pitch + group * job.c
    panels += group * depth * ceil_div(job.f, LANES) * LANES
    if job.windowed:
        columns = axis_span(&job.columns, job.columns.outputs)
        copy_window(source, job.rows.size, job.columns.size, in_pitch, window, job.rows.first + begin * job.rows.step,
                    job.columns.first, axis_span(&job.rows, end - begin), columns, job.c)
        source = window
        in_pitch = job.c
    else:
        columns = job.columns.size
        source += ((job.rows.first + begin * job.rows.step) * columns + job.columns.first) * in_pitch
    line = columns * in_pitch

    sweep.pixel_step = job.columns.step * in_pitch
    sweep.rows = job.rows.taps
    sweep.row_step = job.rows.tap_step * line
    sweep.runs = job.columns.taps
    sweep.run_step = job.columns.tap_step * in_pitch
    sweep.length = job.c
    if job.columns.tap_step == 1 and in_pitch == job.c:     # the taps of a row are neighbours: one run
        sweep.length *= sweep.runs
        sweep.runs = min(sweep.runs, 1)
    sweep.out_step = job.columns.out_step * out_pitch
    sweep.epilogue.activation = op.activation
    sweep.epilogue.negative_slope = op.negative_slope

    for block in range(blocks * part // job.filter_split, blocks * (part + 1) // job.filter_split):
        filters = min(job.f - block * width, width)
        panel = panels + block * depth * width
        for row in range(begin, end):
            at = ((image * job.out_height + job.rows.out_first + row * job.rows.out_step) * job.out_width
                  + job.columns.out_first) * out_pitch + group * job.f + block * width
            row_of_tiles(job.columns.outputs, &sweep, source + (row - begin) * job.rows.step * line, panel,
                         bias + group * job.f + block * width if bias != NULL else NULL,
                         residual + at if residual != NULL else NULL, target + at, filters)


cdef size_t correlation_scratch(const Conv2D *op, bint transposed, Py_ssize_t phase) noexcept nogil:
    cdef Correlation job = correlation(op, transposed, phase)
    return (panels_size(&job) + op.threads * aligned(job.window_size)) * sizeof(real)


cdef void correlate(const Conv2D *op, bint transposed, Py_ssize_t phase) noexcept nogil:
    cdef Correlation job = correlation(op, transposed, phase)
    cdef const real *panels = <const real *>op.packed
    cdef real *windows = <real *>op.scratch
    cdef Py_ssize_t tasks = job.n * job.groups * ceil_div(job.rows.outputs, job.row_block) * job.filter_split, task
    if job.columns.outputs == 0:
        return
    if transposed or panels == NULL:
        pack_panels(op, &job, windows)
        panels = windows
        windows += panels_size(&job)
    for task in prange(tasks, num_threads=op.threads, schedule='dynamic'):
        correlate_block(op, &job, panels, task, windows + openmp.omp_get_thread_num() * aligned(job.window_size))


cdef size_t conv2d_direct_packed_size(const Conv2D *op) noexcept nogil:
    cdef Correlation job = correlation(op, False, 0)
    return panels_size(&job) * sizeof(real)


cdef void conv2d_direct_pack(const Conv2D *op, void *packed) noexcept nogil:
    cdef Correlation job = correlation(op, False, 0)
    pack_panels(op, &job, <real *>packed)


cdef size_t conv2d_direct_forward_scratch(const Conv2D *op) noexcept nogil:
    cdef Conv2D flat = flattened(op)
    return correlation_scratch(&flat, False, 0)


cdef void conv2d_direct_forward(const Conv2D *op) noexcept nogil:
    cdef Conv2D flat = flattened(op)
    correlate(&flat, False, 0)


cdef size_t conv2d_direct_backward_input_scratch(const Conv2D *op) noexcept nogil:
    cdef Conv2D flat = flattened(op)
    cdef Py_ssize_t phase
    cdef size_t most = 0
    for phase in range(input_phases(&flat)):
        most = max(most, correlation_scratch(&flat, True, phase))
    return most


cdef void conv2d_direct_backward_input(const Conv2D *op) noexcept nogil:
    cdef Conv2D flat = flattened(op)
    cdef Py_ssize_t phase
    for phase in range(input_phases(&flat)):
        correlate(&flat, True, phase)


# ------------------------------------------------------------------------------------------ the gradient of the kernel

cdef struct KernelGradient:
    # dkernel = sum of `parts` partial sums, each over a range of (image, block of output rows)
    Axis rows, columns
    Py_ssize_t c, f                     # channels and filters of one group
    Py_ssize_t blocks                   # filter blocks of one group
    Py_ssize_t depth                    # kh * kw * c
    Py_ssize_t row_block, row_blocks
    Py_ssize_t parts
    bint windowed
    Py_ssize_t window_size, dy_size     # elements of the two buffers
    Py_ssize_t group_size               # elements of a group's partial sum


cdef inline KernelGradient kernel_gradient(const Conv2D *op) noexcept nogil:
    cdef KernelGradient job
    cdef Py_ssize_t row_size
    set_axes(op, False, 0, &job.rows, &job.columns)
    job.c = op.c // op.groups
    job.f = op.f // op.groups
    job.blocks = ceil_div(job.f, TILE_VECTORS * LANES)
    job.depth = op.kh * op.kw * job.c
    job.group_size = aligned(job.depth * ceil_div(job.f, LANES) * LANES)
    job.windowed = axis_reaches_outside(&job.rows) or axis_reaches_outside(&job.columns)
    row_size = axis_span(&job.columns, op.ow) * job.c
    job.row_block = max(op.oh, 1)
    while job.row_block > 1 and (
            axis_span(&job.rows, job.row_block) * row_size + job.row_block * op.ow * TILE_VECTORS * LANES
            ) * <Py_ssize_t>sizeof(real) > WINDOW_BYTES:
        job.row_block = (job.row_block + 1) // 2
    job.row_blocks = ceil_div(op.oh, job.row_block)
    job.parts = min(ceil_div(KERNEL_PARTS, job.blocks * op.groups), op.n * job.row_blocks)
    job.parts = min(job.parts, PARTS_BYTES // (op.groups * job.group_size * <Py_ssize_t>sizeof(real)))
    job.parts = max(job.parts, 1)
    job.window_size = aligned(axis_span(&job.rows, job.row_block) * row_size) if job.windowed else 0
    job.dy_size = aligned(job.row_block * op.ow * TILE_VECTORS * LANES)
    return job


cdef void pack_dy(const real *dy, Py_ssize_t pixels, Py_ssize_t pitch, Py_ssize_t filters, Py_ssize_t vectors,
                  real *packed) noexcept nogil:
    """(pixels, pitch) to (pixels, vectors * LANES): some filters, zero-filled to whole vectors."""
    cdef Py_ssize_t _pixel, v
    for _pixel in range(pixels):
        for v in range(vectors):
            vstore(packed + v * LANES, vload_first(dy + v * LANES, min(filters - v * LANES, LANES)))
        packed += vectors * LANES
        dy += pitch


cdef void kernel_block(const Conv2D *op, const KernelGradient *job, Py_ssize_t task, real *parts,
                       real *window) noexcept nogil:
    """One task: a part of the sum, for one filter block of one group."""
    cdef Py_ssize_t block = task % job.blocks, group = task // job.blocks % op.groups, part = task // (job.blocks * op.groups)
    cdef Py_ssize_t first = block * TILE_VECTORS * LANES, filters = min(job.f - first, TILE_VECTORS * LANES)
    cdef Py_ssize_t vectors = block_vectors(filters), items = op.n * job.row_blocks, item, image, begin, end
    cdef Py_ssize_t pitch, line, length, runs, ky, run
    cdef const real *x
    cdef const real *source
    cdef real *packed_dy = window + job.window_size
    cdef real *sums
    cdef KernelSweep sweep
    parts += (part * op.groups + group) * job.group_size + job.depth * first
    memset(parts, 0, job.depth * vectors * LANES * sizeof(real))
    for item in range(items * part // job.parts, items * (part + 1) // job.parts):
        image = item // job.row_blocks
        begin = item % job.row_blocks * job.row_block
        end = min(begin + job.row_block, op.oh)
        x = <const real *>op.x + image * op.h * op.w * op.c + group * job.c
        if job.windowed:
            line = axis_span(&job.columns, op.ow) * job.c
            pitch = job.c
            copy_window(x, op.h, op.w, op.c, window, job.rows.first + begin * op.stride_h, job.columns.first,
                        axis_span(&job.rows, end - begin), axis_span(&job.columns, op.ow), job.c)
            x = window
        else:
            line = op.w * op.c
            pitch = op.c
            x += (job.rows.first + begin * op.stride_h) * line + job.columns.first * pitch
        pack_dy(<const real *>op.y + (image * op.oh + begin) * op.ow * op.f + group * job.f + first,
                (end - begin) * op.ow, op.f, filters, vectors, packed_dy)
        sweep.rows = end - begin
        sweep.row_step = op.stride_h * line
        sweep.columns = op.ow
        sweep.pixel_step = op.stride_w * pitch
        length = job.c
        runs = op.kw
        if op.dilation_w == 1 and pitch == job.c:       # the taps of a row are neighbours: one run
            length *= runs
            runs = 1
        sums = parts
        for ky in range(op.kh):
            for run in range(runs):
                source = x + ky * op.dilation_h * line + run * op.dilation_w * pitch
                run_of_kernel_tiles(length, &sweep, source, packed_dy, sums, vectors)
                sums += length * vectors * LANES


cdef void add_parts(const Conv2D *op, const KernelGradient *job, Py_ssize_t task, const real *parts) noexcept nogil:
    """Add one row (ky, kx, c) of all parts, in order, and store it in the kernel's own layout."""
    cdef Py_ssize_t group = task % op.groups, element = task // op.groups, first = 0, vectors, part, v, filters
    cdef const real *sums
    cdef real *out = <real *>op.kernel + element * op.f + group * job.f
    cdef vreal total
    while first < job.f:
        filters = min(job.f - first, TILE_VECTORS * LANES)
        vectors = block_vectors(filters)
        for v in range(vectors):
            sums = parts + group * job.group_size + job.depth * first + (element * vectors + v) * LANES
            total = vload(sums)
            for part in range(1, job.parts):
                total = total + vload(sums + part * op.groups * job.group_size)
            vstore_first(out + first + v * LANES, total, min(filters - v * LANES, LANES))
        first += TILE_VECTORS * LANES


cdef size_t conv2d_direct_backward_kernel_scratch(const Conv2D *op) noexcept nogil:
    cdef Conv2D flat = flattened(op)
    cdef KernelGradient job = kernel_gradient(&flat)
    return (job.parts * op.groups * job.group_size + op.threads * (job.window_size + job.dy_size)) * sizeof(real)


cdef void conv2d_direct_backward_kernel(const Conv2D *op) noexcept nogil:
    cdef Conv2D flat = flattened(op)
    cdef KernelGradient job = kernel_gradient(&flat)
    cdef real *parts = <real *>op.scratch
    cdef real *windows = parts + job.parts * op.groups * job.group_size
    cdef Py_ssize_t task
    for task in prange(job.parts * op.groups * job.blocks, num_threads=op.threads, schedule='dynamic'):
        kernel_block(&flat, &job, task, parts, windows + openmp.omp_get_thread_num() * (job.window_size + job.dy_size))
    for task in prange(job.depth * op.groups, num_threads=op.threads, schedule='static'):
        add_parts(&flat, &job, task, parts)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.conv2d_direct = Conv2DAlgorithm(
        packed_size=conv2d_direct_packed_size, pack=conv2d_direct_pack,
        forward=conv2d_direct_forward, forward_scratch=conv2d_direct_forward_scratch,
        backward_input=conv2d_direct_backward_input, backward_input_scratch=conv2d_direct_backward_input_scratch,
        backward_kernel=conv2d_direct_backward_kernel, backward_kernel_scratch=conv2d_direct_backward_kernel_scratch)

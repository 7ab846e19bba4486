"""The kernel's gradient of a convolution of one channel with few filters: a vector holds neighbouring pixels.

The forward pass is in pixels.pxd. ``dy`` is transposed, so that the pixels of each filter lie side by side:

    dkernel[ky, kx, f] = sum over vectors of pixels of  x[row + ky, column + kx] * dy[f][row, column]

Each sum is a vector until all pixels are added up; only then are its lanes added. Pixels are added up in blocks of some rows,
or of a part of a long row, and rows of both arrays are zero-filled to whole vectors.

*Threads* share parts of the sum. The shape alone determines the parts, and they are added in order.
"""
from libc.string cimport memcpy, memset
from striate.kernels.common.buffers cimport aligned, copy_padded
from striate.kernels.common.geometry cimport Axis, axis_span, ceil_div, set_axes
from striate.kernels.common.simd cimport (LANES, TILE_VECTORS, real, vload, vload_first, vreal, vset, vstore, vstore_first,
                                          vsum, vtranspose)
from striate.kernels.common.sums cimport SUM_TASKS, add_up_parts, parts_of_sum
from striate.kernels.convolution.pixels cimport MOST_FILTERS
from striate.kernels.ops cimport Conv2D
from striate.kernels.tasks cimport run_dynamic, run_serial

cdef enum:
    PLANES_BYTES = 32 * 1024    # size of the transposed dy that is added up at a time: a part of L2


cdef struct PixelGradient:
    # Sizes count elements.
    const Conv2D *op
    Axis rows, columns
    Py_ssize_t row_block, row_blocks        # rows of a block, and the number of blocks
    Py_ssize_t column_block, column_blocks  # columns of a block, all unless a row is long, and the number of blocks
    Py_ssize_t parts                        # parts of the sum
    Py_ssize_t line, plane_size             # size of a row of one filter's dy, and of all its rows in a block
    Py_ssize_t padded_line, padded_size     # size of a row of the padded x, and of all its rows in a block
    Py_ssize_t sums_size                    # size of the sums of a part: (kh, kw, f, LANES)
    real *sums                              # the sums of all parts


cdef inline PixelGradient job_of(const Conv2D *op) noexcept nogil:
    cdef PixelGradient job
    cdef Py_ssize_t most = PLANES_BYTES // (LANES * <Py_ssize_t>sizeof(real))    # pixels of a block, a multiple of LANES
    job.op = op
    set_axes(op, False, 0, &job.rows, &job.columns)
    job.column_block = max(min(op.ow, most), 1)
    job.column_blocks = ceil_div(op.ow, job.column_block)
    job.line = ceil_div(job.column_block, LANES) * LANES
    job.row_block = min(max(most // job.line, 1), max(op.oh, 1))
    job.row_blocks = ceil_div(op.oh, job.row_block)
    job.parts = max(parts_of_sum(op.n * job.row_blocks * job.column_blocks, SUM_TASKS), 1)
    job.plane_size = aligned(job.row_block * job.line)
    job.padded_line = job.line + op.kw - 1
    job.padded_size = aligned(axis_span(&job.rows, job.row_block) * job.padded_line)
    job.sums_size = op.kh * op.kw * op.f * LANES
    job.sums = <real *>op.scratch
    return job


cdef inline Py_ssize_t thread_bytes(const PixelGradient *job) noexcept nogil:
    return (job.padded_size + LANES * job.plane_size) * sizeof(real)


cdef inline size_t pixel_gradient_scratch(const Conv2D *op) noexcept nogil:
    cdef PixelGradient job = job_of(op)
    return aligned(job.parts * job.sums_size) * sizeof(real) + op.threads * thread_bytes(&job)


cdef inline void transpose_pixels(const real *dy, Py_ssize_t pixels, Py_ssize_t filters, Py_ssize_t readable, real *planes,
                                  Py_ssize_t plane_size) noexcept nogil:
    """planes[f][pixel] = dy[pixel][f] for one row, zero beyond its last pixel; ``readable`` elements of dy may be read."""
    cdef real rest[LANES * LANES]
    cdef Py_ssize_t i, first, pixel, count, f
    for i in range(ceil_div(pixels, LANES)):
        first = i * LANES
        count = min(pixels - first, LANES)
        if (first + LANES - 1) * filters + LANES <= readable:
            vtranspose(LANES, dy + first * filters, filters, planes + first, plane_size)
        else:
            memset(rest, 0, sizeof(rest))
            for pixel in range(count):
                memcpy(rest + pixel * LANES, dy + (first + pixel) * filters, filters * sizeof(real))
            vtranspose(LANES, rest, LANES, planes + first, plane_size)
        if count < LANES:
            for f in range(filters):
                vstore(planes + f * plane_size + first, vload_first(planes + f * plane_size + first, count))


cdef inline void pixel_gradient_tile(
    const int filters, const int taps,      # compile-time constants at each call
    const PixelGradient *job,
    const real *x, Py_ssize_t row_step,     # IN: offset to the first pixel that the first tap reads
    const real *planes,                     # IN (filters, rows, line)
    Py_ssize_t rows, Py_ssize_t columns,
    real *sums,                             # IN/OUT (taps, filters of the operation, LANES)
) noexcept nogil:
    cdef vreal totals[MOST_FILTERS][TILE_VECTORS]
    cdef vreal pixels[TILE_VECTORS]
    cdef vreal gradient
    cdef Py_ssize_t _row, v, i, tap_step = job.op.f * LANES, vectors = columns // LANES, rest = columns % LANES
    cdef int f, t
    for f in range(filters):
        for t in range(taps):
            totals[f][t] = vset(0)
    for _row in range(rows):
        for v in range(vectors):
            i = v * LANES
            for t in range(taps):
                pixels[t] = vload(x + i + t)
            for f in range(filters):
                gradient = vload(planes + f * job.plane_size + i)
                for t in range(taps):
                    totals[f][t] = totals[f][t] + gradient * pixels[t]
        if rest:        # Lanes beyond the row are zero in both factors, since zero times an infinite x there would be NaN.
            i = vectors * LANES
            for t in range(taps):
                pixels[t] = vload_first(x + i + t, rest)
            for f in range(filters):
                gradient = vload(planes + f * job.plane_size + i)
                for t in range(taps):
                    totals[f][t] = totals[f][t] + gradient * pixels[t]
        x += row_step
        planes += job.line
    # A short sum loses less to rounding than a long one, so the totals begin at zero and are added to the sums at the end.
    for f in range(filters):
        for t in range(taps):
            vstore(sums + t * tap_step + f * LANES, vload(sums + t * tap_step + f * LANES) + totals[f][t])


cdef inline void any_pixel_gradient_tile(const int taps, Py_ssize_t filters, const PixelGradient *job, const real *x,
                                         Py_ssize_t row_step, const real *planes, Py_ssize_t rows, Py_ssize_t columns,
                                         real *sums) noexcept nogil:
    """`pixel_gradient_tile` for a number of filters known only at run time, 1 to MOST_FILTERS and fewer than LANES."""
    if filters == 1: pixel_gradient_tile(1, taps, job, x, row_step, planes, rows, columns, sums)
    elif LANES > 2 and filters == 2: pixel_gradient_tile(2, taps, job, x, row_step, planes, rows, columns, sums)
    elif LANES > 3 and filters == 3: pixel_gradient_tile(3, taps, job, x, row_step, planes, rows, columns, sums)
    elif LANES > 4 and filters == 4: pixel_gradient_tile(4, taps, job, x, row_step, planes, rows, columns, sums)
    elif LANES > 5 and filters == 5: pixel_gradient_tile(5, taps, job, x, row_step, planes, rows, columns, sums)
    elif LANES > 6 and filters == 6: pixel_gradient_tile(6, taps, job, x, row_step, planes, rows, columns, sums)


cdef inline void add_pixels(const PixelGradient *job, Py_ssize_t image, Py_ssize_t top, Py_ssize_t left, real *padded,
                            real *sums) noexcept nogil:
    """Add a block of rows and columns to the sums of a part."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t rows = min(job.row_block, op.oh - top), columns = min(job.column_block, op.ow - left)
    cdef Py_ssize_t at = ((image * op.oh + top) * op.ow + left) * op.f, r, ky, kx, f, first, last
    cdef Py_ssize_t begin = job.rows.first + top * job.rows.step, row_step = job.rows.step * job.padded_line
    cdef Py_ssize_t size = op.n * op.oh * op.ow * op.f
    cdef const real *dy = <const real *>op.y
    cdef const real *x
    cdef real *planes = padded + job.padded_size
    copy_padded(<const real *>op.x + image * op.h * op.w, op.h, op.w, 1, padded, begin, job.columns.first + left,
                axis_span(&job.rows, rows), job.padded_line, 1)
    for r in range(rows):
        transpose_pixels(dy + at + r * op.ow * op.f, columns, op.f, size - at - r * op.ow * op.f, planes + r * job.line,
                         job.plane_size)
    for ky in range(op.kh):
        # The rows for which this tap reads the image rather than the padding
        first = min(ceil_div(max(-(begin + ky * job.rows.tap_step), 0), job.rows.step), rows)
        last = max(min(rows, ceil_div(max(op.h - begin - ky * job.rows.tap_step, 0), job.rows.step)), first)
        x = padded + ky * job.rows.tap_step * job.padded_line + first * row_step
        kx = 0
        while kx < op.kw:
            f = 0
            while f < op.f:
                if kx + TILE_VECTORS <= op.kw:
                    any_pixel_gradient_tile(TILE_VECTORS, min(op.f - f, MOST_FILTERS), job, x + kx, row_step,
                                            planes + f * job.plane_size + first * job.line, last - first, columns,
                                            sums + ((ky * op.kw + kx) * op.f + f) * LANES)
                else:
                    any_pixel_gradient_tile(1, min(op.f - f, MOST_FILTERS), job, x + kx, row_step,
                                            planes + f * job.plane_size + first * job.line, last - first, columns,
                                            sums + ((ky * op.kw + kx) * op.f + f) * LANES)
                f += MOST_FILTERS
            kx += TILE_VECTORS


cdef inline void sum_part(const void *gradient, Py_ssize_t part, void *memory) noexcept nogil:
    """One task: the sums of a part, over some blocks of pixels."""
    cdef const PixelGradient *job = <const PixelGradient *>gradient
    cdef Py_ssize_t items = job.op.n * job.row_blocks * job.column_blocks, item
    cdef real *sums = job.sums + part * job.sums_size
    memset(sums, 0, job.sums_size * sizeof(real))
    for item in range(items * part // job.parts, items * (part + 1) // job.parts):
        add_pixels(job, item // (job.row_blocks * job.column_blocks),
                   item // job.column_blocks % job.row_blocks * job.row_block, item % job.column_blocks * job.column_block,
                   <real *>memory, sums)


cdef inline void add_sums(const void *gradient, Py_ssize_t _task, void *_memory) noexcept nogil:
    """Add the parts in order, and then the lanes of each sum."""
    cdef const PixelGradient *job = <const PixelGradient *>gradient
    cdef real *dkernel = <real *>job.op.kernel
    cdef Py_ssize_t i
    add_up_parts(job.sums, job.sums_size, job.parts, job.sums, job.sums_size)
    for i in range(job.sums_size // LANES):
        vstore_first(dkernel + i, vsum(vload(job.sums + i * LANES)), 1)


cdef inline void pixel_gradient(const Conv2D *op) noexcept nogil:
    cdef PixelGradient job = job_of(op)
    run_dynamic(sum_part, &job, job.parts, op.threads, job.sums + aligned(job.parts * job.sums_size), thread_bytes(&job))
    run_serial(add_sums, &job, 1, NULL)

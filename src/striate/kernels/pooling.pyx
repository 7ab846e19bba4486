"""Max and average pooling on NHWC, and their gradients.

    max:      y[oy, ox, c] = max of  x[oy sh - pt + ky, ox sw - pl + kx, c]  over the window's part inside the input
    average:  the mean over that part, or (count_include_pad) over the padded input's part, with zeros in the padding

Max pooling sends a window's gradient to the first of its largest elements; NaN counts as largest.

A vector holds neighbouring channels. Forward, output rows are shared among threads. Backward, windows may overlap, so a
thread takes all windows of a block of channels of an image.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from cython.parallel cimport prange
from libc.string cimport memset
from striate.kernels.geometry cimport ceil_div
from striate.kernels.ops cimport KernelTable, Pool2D
from striate.kernels.simd cimport (LANES, lane_int, minus_infinity, real, vdivide, vequal, vint, vload_first, vovertakes, vreal,
                                   vselect, viselect, viset, vset, vstore_first)

cdef enum:
    CHANNEL_BLOCK_VECTORS = 4       # channels of a backward task, in vectors: whole cache lines, so threads share none


cdef struct Window:
    # The part of a pooling window that lies inside the input
    Py_ssize_t top, bottom, left, right
    real divisor                    # of an average


cdef inline Window window_at(const Pool2D *op, Py_ssize_t oy, Py_ssize_t ox) noexcept nogil:
    cdef Window window
    cdef Py_ssize_t top = oy * op.stride_h - op.pad_top, left = ox * op.stride_w - op.pad_left
    window.top = max(top, 0)
    window.left = max(left, 0)
    window.bottom = min(top + op.kh, op.h)
    window.right = min(left + op.kw, op.w)
    if op.count_include_pad:
        window.divisor = (min(top + op.kh, op.padded_h - op.pad_top) - top) * (
            min(left + op.kw, op.padded_w - op.pad_left) - left)
    else:
        window.divisor = (window.bottom - window.top) * (window.right - window.left)
    return window


# -------------------------------------------------------------------------------------------------------------------- max

cdef void max_row(const Pool2D *op, Py_ssize_t row) noexcept nogil:
    cdef Py_ssize_t ox, y, x, v, c
    cdef int lanes
    cdef const real *image = <const real *>op.x + row // op.oh * op.h * op.w * op.c
    cdef real *out = <real *>op.y + row * op.ow * op.c
    cdef Window window
    cdef vreal best, value
    for ox in range(op.ow):
        window = window_at(op, row % op.oh, ox)
        for v in range(ceil_div(op.c, LANES)):
            c = v * LANES
            lanes = min(op.c - c, LANES)
            best = vset(minus_infinity())
            for y in range(window.top, window.bottom):
                for x in range(window.left, window.right):
                    value = vload_first(image + (y * op.w + x) * op.c + c, lanes)
                    best = vselect(vovertakes(value, best), value, best)
            vstore_first(out + c, best, lanes)
        out += op.c


cdef void max_pool2d_forward(const Pool2D *op) noexcept nogil:
    cdef Py_ssize_t row
    for row in prange(op.n * op.oh, num_threads=op.threads, schedule='static'):
        max_row(op, row)


cdef inline void max_channels_backward(const Pool2D *op, Py_ssize_t image, Py_ssize_t c, int lanes) noexcept nogil:
    cdef Py_ssize_t oy, ox, y, x, at
    cdef const real *source = <const real *>op.x + image * op.h * op.w * op.c + c
    cdef const real *dy = <const real *>op.y + image * op.oh * op.ow * op.c + c
    cdef real *dx = <real *>op.dx + image * op.h * op.w * op.c + c
    cdef Window window
    cdef lane_int position
    cdef vreal best, value, gradient, zero = vset(0)
    cdef vint winner, larger
    cdef bint overlapping = op.stride_h < op.kh or op.stride_w < op.kw
    for oy in range(op.oh):
        for ox in range(op.ow):
            window = window_at(op, oy, ox)
            best = vload_first(source + (window.top * op.w + window.left) * op.c, lanes)
            winner = viset(0)
            position = 0
            for y in range(window.top, window.bottom):
                for x in range(window.left, window.right):
                    value = vload_first(source + (y * op.w + x) * op.c, lanes)
                    larger = vovertakes(value, best)
                    best = vselect(larger, value, best)
                    winner = viselect(larger, viset(position), winner)
                    position += 1
            gradient = vload_first(dy + (oy * op.ow + ox) * op.c, lanes)
            position = 0
            for y in range(window.top, window.bottom):
                for x in range(window.left, window.right):
                    at = (y * op.w + x) * op.c
                    value = vselect(vequal(winner, viset(position)), gradient, zero)
                    if overlapping:
                        value = value + vload_first(dx + at, lanes)
                    vstore_first(dx + at, value, lanes)
                    position += 1


# ---------------------------------------------------------------------------------------------------------------- average

cdef void average_row(const Pool2D *op, Py_ssize_t row) noexcept nogil:
    cdef Py_ssize_t ox, y, x, v, c
    cdef int lanes
    cdef const real *image = <const real *>op.x + row // op.oh * op.h * op.w * op.c
    cdef real *out = <real *>op.y + row * op.ow * op.c
    cdef Window window
    cdef vreal total, line
    for ox in range(op.ow):
        window = window_at(op, row % op.oh, ox)
        for v in range(ceil_div(op.c, LANES)):
            c = v * LANES
            lanes = min(op.c - c, LANES)
            total = vset(0)
            for y in range(window.top, window.bottom):      # a sum a row: large windows lose less to rounding
                line = vset(0)
                for x in range(window.left, window.right):
                    line = line + vload_first(image + (y * op.w + x) * op.c + c, lanes)
                total = total + line
            vstore_first(out + c, vdivide(total, vset(window.divisor)), lanes)
        out += op.c


cdef void average_pool2d_forward(const Pool2D *op) noexcept nogil:
    cdef Py_ssize_t row
    for row in prange(op.n * op.oh, num_threads=op.threads, schedule='static'):
        average_row(op, row)


cdef inline void average_channels_backward(const Pool2D *op, Py_ssize_t image, Py_ssize_t c, int lanes) noexcept nogil:
    cdef Py_ssize_t oy, ox, y, x, at
    cdef const real *dy = <const real *>op.y + image * op.oh * op.ow * op.c + c
    cdef real *dx = <real *>op.dx + image * op.h * op.w * op.c + c
    cdef Window window
    cdef vreal share
    for oy in range(op.oh):
        for ox in range(op.ow):
            window = window_at(op, oy, ox)
            share = vdivide(vload_first(dy + (oy * op.ow + ox) * op.c, lanes), vset(window.divisor))
            for y in range(window.top, window.bottom):
                for x in range(window.left, window.right):
                    at = (y * op.w + x) * op.c
                    vstore_first(dx + at, vload_first(dx + at, lanes) + share, lanes)


# --------------------------------------------------------------------------------------------------- backward, for both

cdef void block_backward(const Pool2D *op, Py_ssize_t task, Py_ssize_t blocks, bint average) noexcept nogil:
    """All windows of a block of channels of an image."""
    cdef Py_ssize_t first = task % blocks * CHANNEL_BLOCK_VECTORS, image = task // blocks, v
    for v in range(first, min(first + CHANNEL_BLOCK_VECTORS, ceil_div(op.c, LANES))):
        if average:
            average_channels_backward(op, image, v * LANES, min(op.c - v * LANES, LANES))
        else:
            max_channels_backward(op, image, v * LANES, min(op.c - v * LANES, LANES))


cdef void backward(const Pool2D *op, bint average) noexcept nogil:
    cdef Py_ssize_t blocks = ceil_div(op.c, CHANNEL_BLOCK_VECTORS * LANES), task
    memset(op.dx, 0, op.n * op.h * op.w * op.c * sizeof(real))
    for task in prange(op.n * blocks, num_threads=op.threads, schedule='static'):
        block_backward(op, task, blocks, average)


cdef void max_pool2d_backward(const Pool2D *op) noexcept nogil:
    backward(op, False)


cdef void average_pool2d_backward(const Pool2D *op) noexcept nogil:
    backward(op, True)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.max_pool2d_forward = max_pool2d_forward
    table.max_pool2d_backward = max_pool2d_backward
    table.average_pool2d_forward = average_pool2d_forward
    table.average_pool2d_backward = average_pool2d_backward

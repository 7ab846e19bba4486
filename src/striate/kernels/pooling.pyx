"""Max and average pooling on NHWC, and their gradients.

    max:      y[oy, ox, c] = max of  x[oy sh - pt + ky, ox sw - pl + kx, c]  over the window's part inside the input
    average:  the mean over that part, or (count_include_pad) over the padded input's part, with zeros in the padding

Max pooling sends a window's gradient to the first of its largest elements; NaN counts as largest.

A vector holds neighbouring channels, and a strip of a few vectors stays in registers while it goes through its window.
Forward, output rows are shared among threads. Backward, bands of input rows are: of windows that reach into two bands, each
task computes its part. A band's rows are set to zero one after the other, just before the first window reaches them, and
receive the gradients of their windows while they are in cache, in the order of the windows whatever the bands.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from cython.parallel cimport prange
from libc.string cimport memset
from striate.kernels.geometry cimport ceil_div
from striate.kernels.ops cimport KernelTable, Pool2D
from striate.kernels.simd cimport (LANES, lane_int, minus_infinity, real, vdivide, vequal, vint, vmaximum, vload_first,
                                   vovertakes, vreal, vselect, viselect, viset, vset, vstore_first)

cdef enum:
    STRIP = 4               # vectors of a strip
    BAND_SIZE = 1 << 17     # elements of a band, at least, if there are as many
    BAND_OVERLAPS = 8       # rows of a band of max pooling, for each row that its windows share with the next band's


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


# ---------------------------------------------------------------------------------------------------------------- forward

cdef inline void max_strip(const Pool2D *op, const Window *window, const real *source, real *out, int vectors,
                           int lanes) noexcept nogil:
    """``vectors`` full vectors, or ``lanes`` channels of one."""
    cdef vreal best[STRIP]
    cdef const real *pixel
    cdef Py_ssize_t y, _x
    cdef int v
    for v in range(vectors):
        best[v] = vset(minus_infinity())
    for y in range(window.top, window.bottom):
        pixel = source + (y * op.w + window.left) * op.c
        for _x in range(window.right - window.left):
            for v in range(vectors):
                best[v] = vmaximum(vload_first(pixel + v * LANES, lanes), best[v])
            pixel += op.c
    for v in range(vectors):
        vstore_first(out + v * LANES, best[v], lanes)


cdef inline void average_strip(const Pool2D *op, const Window *window, const real *source, real *out, int vectors,
                               int lanes) noexcept nogil:
    cdef vreal total[STRIP]
    cdef vreal line[STRIP]
    cdef const real *pixel
    cdef Py_ssize_t y, _x
    cdef int v
    for v in range(vectors):
        total[v] = vset(0)
    for y in range(window.top, window.bottom):      # a sum a row: large windows lose less to rounding
        pixel = source + (y * op.w + window.left) * op.c
        for v in range(vectors):
            line[v] = vset(0)
        for _x in range(window.right - window.left):
            for v in range(vectors):
                line[v] = line[v] + vload_first(pixel + v * LANES, lanes)
            pixel += op.c
        for v in range(vectors):
            total[v] = total[v] + line[v]
    for v in range(vectors):
        vstore_first(out + v * LANES, vdivide(total[v], vset(window.divisor)), lanes)


cdef inline void strip_forward(const Pool2D *op, const Window *window, const real *source, real *out, int vectors, int lanes,
                               bint average) noexcept nogil:
    if average:
        average_strip(op, window, source, out, vectors, lanes)
    else:
        max_strip(op, window, source, out, vectors, lanes)


cdef inline void row_forward(const Pool2D *op, Py_ssize_t row, bint average) noexcept nogil:
    cdef Py_ssize_t ox, c
    cdef const real *image = <const real *>op.x + row // op.oh * op.h * op.w * op.c
    cdef real *out = <real *>op.y + row * op.ow * op.c
    cdef Window window
    for ox in range(op.ow):
        window = window_at(op, row % op.oh, ox)
        c = 0
        while c + STRIP * LANES <= op.c:
            strip_forward(op, &window, image + c, out + c, STRIP, LANES, average)
            c += STRIP * LANES
        while c + LANES <= op.c:
            strip_forward(op, &window, image + c, out + c, 1, LANES, average)
            c += LANES
        if c < op.c:
            strip_forward(op, &window, image + c, out + c, 1, op.c - c, average)
        out += op.c


cdef void max_row(const Pool2D *op, Py_ssize_t row) noexcept nogil:
    row_forward(op, row, False)


cdef void average_row(const Pool2D *op, Py_ssize_t row) noexcept nogil:
    row_forward(op, row, True)


cdef void max_pool2d_forward(const Pool2D *op) noexcept nogil:
    cdef Py_ssize_t row
    for row in prange(op.n * op.oh, num_threads=op.threads, schedule='static'):
        max_row(op, row)


cdef void average_pool2d_forward(const Pool2D *op) noexcept nogil:
    cdef Py_ssize_t row
    for row in prange(op.n * op.oh, num_threads=op.threads, schedule='static'):
        average_row(op, row)


# --------------------------------------------------------------------------------------------------------------- backward

cdef struct Band:
    # Input rows, and the windows that reach them
    Py_ssize_t top, bottom
    Py_ssize_t first, last          # rows of windows


cdef inline void max_strip_backward(const Pool2D *op, const Window *window, const Band *band, const real *source,
                                    const real *dy, real *dx, int vectors, int lanes) noexcept nogil:
    cdef Py_ssize_t y, _x, at
    cdef Py_ssize_t width = window.right - window.left
    cdef lane_int position = 0
    cdef vreal best[STRIP]
    cdef vint winner[STRIP]
    cdef vreal value, zero = vset(0)
    cdef vint larger
    cdef int v
    at = (window.top * op.w + window.left) * op.c
    for v in range(vectors):
        best[v] = vload_first(source + at + v * LANES, lanes)
        winner[v] = viset(0)
    for y in range(window.top, window.bottom):
        at = (y * op.w + window.left) * op.c
        for _x in range(width):
            for v in range(vectors):
                value = vload_first(source + at + v * LANES, lanes)
                larger = vovertakes(value, best[v])
                best[v] = vselect(larger, value, best[v])
                winner[v] = viselect(larger, viset(position), winner[v])
            position += 1
            at += op.c
    for v in range(vectors):
        best[v] = vload_first(dy + v * LANES, lanes)
    position = (max(window.top, band.top) - window.top) * width
    for y in range(max(window.top, band.top), min(window.bottom, band.bottom)):
        at = (y * op.w + window.left) * op.c
        for _x in range(width):
            for v in range(vectors):
                value = vselect(vequal(winner[v], viset(position)), best[v], zero)
                vstore_first(dx + at + v * LANES, vload_first(dx + at + v * LANES, lanes) + value, lanes)
            position += 1
            at += op.c


cdef inline void average_strip_backward(const Pool2D *op, const Window *window, const Band *band, const real *dy, real *dx,
                                        int vectors, int lanes) noexcept nogil:
    cdef vreal share[STRIP]
    cdef Py_ssize_t y, _x
    cdef real *pixel
    cdef int v
    for v in range(vectors):
        share[v] = vdivide(vload_first(dy + v * LANES, lanes), vset(window.divisor))
    for y in range(max(window.top, band.top), min(window.bottom, band.bottom)):
        pixel = dx + (y * op.w + window.left) * op.c
        for _x in range(window.right - window.left):
            for v in range(vectors):
                vstore_first(pixel + v * LANES, vload_first(pixel + v * LANES, lanes) + share[v], lanes)
            pixel += op.c


cdef inline void strip_backward(const Pool2D *op, const Window *window, const Band *band, const real *source, const real *dy,
                                real *dx, int vectors, int lanes, bint average) noexcept nogil:
    if average:
        average_strip_backward(op, window, band, dy, dx, vectors, lanes)
    else:
        max_strip_backward(op, window, band, source, dy, dx, vectors, lanes)


cdef inline Py_ssize_t rows_a_band(const Pool2D *op, bint average) noexcept nogil:
    """Max pooling looks for a window's largest element once for each band that it reaches; averages can be cut anywhere."""
    cdef Py_ssize_t rows = ceil_div(BAND_SIZE, op.w * op.c)
    if average:
        return rows
    return ceil_div(max(rows, BAND_OVERLAPS * (op.kh - op.stride_h)), op.stride_h) * op.stride_h


cdef inline Py_ssize_t bands_of(const Pool2D *op, bint average) noexcept nogil:
    return ceil_div(op.pad_top + op.h, rows_a_band(op, average))


cdef inline Band band_at(const Pool2D *op, Py_ssize_t index, bint average) noexcept nogil:
    cdef Band band
    cdef Py_ssize_t start = index * rows_a_band(op, average), end = start + rows_a_band(op, average)  # in the padded input
    band.top = max(start - op.pad_top, 0)
    band.bottom = min(end - op.pad_top, op.h)
    band.first = (start - op.kh) // op.stride_h + 1 if start >= op.kh else 0
    band.last = min(ceil_div(end, op.stride_h), op.oh)
    return band


cdef inline void clear_rows(const Pool2D *op, real *dx, Py_ssize_t top, Py_ssize_t bottom) noexcept nogil:
    if top < bottom:
        memset(dx + top * op.w * op.c, 0, (bottom - top) * op.w * op.c * sizeof(real))


cdef inline void band_backward(const Pool2D *op, Py_ssize_t task, bint average) noexcept nogil:
    cdef Py_ssize_t image = task // bands_of(op, average), oy, ox, c, bottom
    cdef Band band = band_at(op, task % bands_of(op, average), average)
    cdef const real *source = <const real *>op.x + image * op.h * op.w * op.c
    cdef const real *dy = <const real *>op.y + (image * op.oh + band.first) * op.ow * op.c
    cdef real *dx = <real *>op.dx + image * op.h * op.w * op.c
    cdef Py_ssize_t cleared = band.top
    cdef Window window
    for oy in range(band.first, band.last):
        bottom = min(oy * op.stride_h - op.pad_top + op.kh, band.bottom)
        clear_rows(op, dx, cleared, bottom)
        cleared = max(cleared, bottom)
        for ox in range(op.ow):
            window = window_at(op, oy, ox)
            c = 0
            while c + STRIP * LANES <= op.c:
                strip_backward(op, &window, &band, source + c, dy + c, dx + c, STRIP, LANES, average)
                c += STRIP * LANES
            while c + LANES <= op.c:
                strip_backward(op, &window, &band, source + c, dy + c, dx + c, 1, LANES, average)
                c += LANES
            if c < op.c:
                strip_backward(op, &window, &band, source + c, dy + c, dx + c, 1, op.c - c, average)
            dy += op.c
    clear_rows(op, dx, cleared, band.bottom)


cdef void max_band(const Pool2D *op, Py_ssize_t task) noexcept nogil:
    band_backward(op, task, False)


cdef void average_band(const Pool2D *op, Py_ssize_t task) noexcept nogil:
    band_backward(op, task, True)


cdef void max_pool2d_backward(const Pool2D *op) noexcept nogil:
    cdef Py_ssize_t task
    for task in prange(op.n * bands_of(op, False), num_threads=op.threads, schedule='static'):
        max_band(op, task)


cdef void average_pool2d_backward(const Pool2D *op) noexcept nogil:
    cdef Py_ssize_t task
    for task in prange(op.n * bands_of(op, True), num_threads=op.threads, schedule='static'):
        average_band(op, task)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.max_pool2d_forward = max_pool2d_forward
    table.max_pool2d_backward = max_pool2d_backward
    table.average_pool2d_forward = average_pool2d_forward
    table.average_pool2d_backward = average_pool2d_backward

"""Max and average pooling of a row of outputs.

The rows of its windows are first reduced to one line of reals, for all pixels and channels alike, and then the columns of that
line. Input and output are real, or bfloat16 numbers that are converted as they are loaded and stored; which of them is a
compile-time constant.
"""
from striate.kernels.common.buffers cimport aligned
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real, vdivide, vmaximum, vreal, vset
from striate.kernels.common.storage cimport size_of, vload_floats, vstore_floats
from striate.kernels.ops cimport Pool2D

cdef enum:
    LONG_STRIP = 8          # vectors of a strip whose only state is a sum or the largest elements
    LINE_ELEMENTS = 4096    # elements of the line to which rows are reduced: a part of L1


cdef struct Window:
    # The part of a pooling window that lies inside the input
    Py_ssize_t top, bottom, left, right
    real divisor                    # the number of elements over which an average is taken


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


cdef inline bint may_write_on(Py_ssize_t pixel, Py_ssize_t pixels, Py_ssize_t c, Py_ssize_t channels) noexcept nogil:
    """Whether a vector that begins at channel ``c`` of a pixel ends within its row of ``pixels`` pixels."""
    return pixel * channels + c + LANES <= pixels * channels


cdef inline void fold(
    const bint reads_bfloat16, const char *source, Py_ssize_t step, Py_ssize_t count,   # strips, ``step`` elements apart
    const bint writes_bfloat16, char *out,
    int vectors, int lanes, bint average, real divisor,
) noexcept nogil:
    """The largest, or the sum over ``divisor``, of strips, each ``vectors`` whole vectors or ``lanes`` elements."""
    cdef Py_ssize_t vector = LANES * size_of(reads_bfloat16), vector_out = LANES * size_of(writes_bfloat16)
    cdef vreal total[LONG_STRIP]
    cdef Py_ssize_t _i
    cdef int v
    for v in range(vectors):
        total[v] = vload_floats(reads_bfloat16, source + v * vector, lanes)
    for _i in range(1, count):
        source += step * size_of(reads_bfloat16)
        for v in range(vectors):
            if average:
                total[v] = total[v] + vload_floats(reads_bfloat16, source + v * vector, lanes)
            else:
                total[v] = vmaximum(vload_floats(reads_bfloat16, source + v * vector, lanes), total[v])
    for v in range(vectors):
        if divisor != 1:
            total[v] = vdivide(total[v], vset(divisor))
        vstore_floats(writes_bfloat16, out + v * vector_out, total[v], lanes)


cdef inline Py_ssize_t windows_of_line(const Pool2D *op) noexcept nogil:
    """The number of windows whose rows are reduced to one line."""
    return min(max((LINE_ELEMENTS // op.c - op.kw) // op.stride_w + 1, 1), op.ow)


cdef inline Py_ssize_t line_bytes(const Pool2D *op) noexcept nogil:
    return aligned(min((windows_of_line(op) - 1) * op.stride_w + op.kw, op.w) * op.c + LANES) * sizeof(real)


cdef inline void fold_rows(const bint bfloat16, const char *source, Py_ssize_t step, Py_ssize_t count, char *line,
                           Py_ssize_t elements, bint average) noexcept nogil:
    """Reduce ``count`` rows of ``elements`` elements, ``step`` apart, to a line: their largest elements, or their sum."""
    cdef Py_ssize_t i = 0, itemsize = size_of(bfloat16), real_size = sizeof(real)
    while i + LONG_STRIP * LANES <= elements:
        fold(bfloat16, source + i * itemsize, step, count, False, line + i * real_size, LONG_STRIP, LANES, average, 1)
        i += LONG_STRIP * LANES
    while i + LANES <= elements:
        fold(bfloat16, source + i * itemsize, step, count, False, line + i * real_size, 1, LANES, average, 1)
        i += LANES
    if i < elements:
        fold(bfloat16, source + i * itemsize, step, count, False, line + i * real_size, 1, elements - i, average, 1)


cdef inline void row_forward(const bint bfloat16, const Pool2D *op, Py_ssize_t row, char *line, bint average) noexcept nogil:
    """Compute a row of outputs: reduce the rows of some windows to a line, and then the columns of the line."""
    cdef Py_ssize_t oy = row % op.oh, many = windows_of_line(op), part, ox, first, left, c
    cdef Py_ssize_t itemsize = size_of(bfloat16), real_size = sizeof(real)
    cdef const char *image = <const char *>op.x + row // op.oh * op.h * op.w * op.c * itemsize
    cdef const char *source
    cdef char *out = <char *>op.y + row * op.ow * op.c * itemsize
    cdef real divisor = 1
    cdef Window window
    for part in range(ceil_div(op.ow, many)):
        first = part * many
        window = window_at(op, oy, first)
        left = window.left
        fold_rows(bfloat16, image + (window.top * op.w + left) * op.c * itemsize, op.w * op.c, window.bottom - window.top,
                  line, (window_at(op, oy, min(first + many, op.ow) - 1).right - left) * op.c, average)
        for ox in range(first, min(first + many, op.ow)):
            window = window_at(op, oy, ox)
            source = line + (window.left - left) * op.c * real_size
            if average:
                divisor = window.divisor
            c = 0
            while c + LONG_STRIP * LANES <= op.c:
                fold(False, source + c * real_size, op.c, window.right - window.left, bfloat16, out + c * itemsize,
                     LONG_STRIP, LANES, average, divisor)
                c += LONG_STRIP * LANES
            while c < op.c and may_write_on(ox, op.ow, c, op.c):
                fold(False, source + c * real_size, op.c, window.right - window.left, bfloat16, out + c * itemsize,
                     1, LANES, average, divisor)
                c += LANES
            while c < op.c:
                fold(False, source + c * real_size, op.c, window.right - window.left, bfloat16, out + c * itemsize,
                     1, min(op.c - c, LANES), average, divisor)
                c += LANES
            out += op.c * itemsize

"""Working memory: keeping buffers on cache lines, and copying a window of an image or a matrix to be transposed."""
from libc.string cimport memcpy, memset
from striate.kernels.geometry cimport ceil_div
from striate.kernels.simd cimport real

cdef enum:
    CACHE_LINE = 64     # bytes


cdef inline Py_ssize_t aligned(Py_ssize_t elements) noexcept nogil:
    """``elements`` rounded up to whole cache lines, so that the next buffer starts on one."""
    return ceil_div(elements * sizeof(real), CACHE_LINE) * CACHE_LINE // sizeof(real)


cdef inline void copy_window(
    const real *image,                              # IN (height, width, pitch), already at the first channel wanted
    Py_ssize_t height, Py_ssize_t width, Py_ssize_t pitch,
    real *window,                                   # OUT (rows, columns, channels)
    Py_ssize_t top, Py_ssize_t left, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t channels,
) noexcept nogil:
    cdef Py_ssize_t begin = max(left, 0), end = min(left + columns, width), inside = max(end - begin, 0)
    cdef Py_ssize_t before = min(begin - left, columns), after = columns - before - inside
    cdef Py_ssize_t r, i
    cdef const real *source
    for r in range(rows):
        if top + r < 0 or top + r >= height or inside == 0:
            memset(window, 0, columns * channels * sizeof(real))
            window += columns * channels
            continue
        memset(window, 0, before * channels * sizeof(real))
        window += before * channels
        source = image + ((top + r) * width + begin) * pitch
        if pitch == channels:
            memcpy(window, source, inside * channels * sizeof(real))
        else:
            for i in range(inside):
                memcpy(window + i * channels, source + i * pitch, channels * sizeof(real))
        window += inside * channels
        memset(window, 0, after * channels * sizeof(real))
        window += after * channels


cdef inline void copy_transposed(
    const real *source, Py_ssize_t pitch,               # IN (rows, pitch)
    Py_ssize_t rows, Py_ssize_t columns,
    real *target, Py_ssize_t target_pitch,              # OUT (columns, target_pitch)
) noexcept nogil:
    """target[j, i] = source[i, j], a cache line of each row at a time."""
    cdef Py_ssize_t line = CACHE_LINE // sizeof(real), block, i, j
    for block in range(ceil_div(columns, line)):
        for i in range(rows):
            for j in range(block * line, min((block + 1) * line, columns)):
                target[j * target_pitch + i] = source[i * pitch + j]

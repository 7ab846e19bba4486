"""Working memory: keeping buffers on cache lines, and copying a window of an image or a matrix to be transposed."""
from libc.string cimport memcpy, memset
from striate.kernels.geometry cimport ceil_div
from striate.kernels.simd cimport LANES, TILE_PIXELS, real, vload, vload_first, vstore, vtranspose

cdef enum:
    CACHE_LINE = 64     # bytes
    LINE = CACHE_LINE // sizeof(real)   # elements
    WINDOW_BYTES = 256 * 1024   # of the input, or input and output, that a task works on: a part of L2
    BUNCH_PIXELS = 8    # copied of each bunch in turn: whole lines
    BUNCH_VECTORS = (TILE_PIXELS + LANES - 1) // LANES  # of the largest bunch


cdef inline Py_ssize_t aligned(Py_ssize_t elements) noexcept nogil:
    """``elements`` rounded up to whole cache lines, so that the next buffer starts on one."""
    return ceil_div(elements, LINE) * LINE


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


cdef inline void copy_pixels(const int vectors, const real *source, Py_ssize_t pitch, Py_ssize_t pixels, Py_ssize_t channels,
                             real *target, Py_ssize_t target_pitch) noexcept nogil:
    """The first channels of some pixels. Whole vectors are stored, each over what the pixel before it left too much."""
    cdef Py_ssize_t _pixel
    cdef int v
    for _pixel in range(pixels):
        for v in range(vectors):
            if channels >= vectors * LANES:
                vstore(target + v * LANES, vload(source + v * LANES))
            elif channels > v * LANES:
                vstore(target + v * LANES, vload_first(source + v * LANES, min(channels - v * LANES, LANES)))
        source += pitch
        target += target_pitch


cdef inline void copy_bunches(
    const real *image,                              # IN (height, width, pitch), already at the first channel wanted
    Py_ssize_t height, Py_ssize_t width, Py_ssize_t pitch,
    real *window,                                   # OUT (bunches, rows, columns, bunch), each of bunch_size elements
    Py_ssize_t top, Py_ssize_t left, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t channels,
    Py_ssize_t bunch, Py_ssize_t bunch_size,
) noexcept nogil:
    """Like `copy_window`, with the channels in bunches. Up to a cache line beyond each bunch is overwritten."""
    cdef Py_ssize_t begin = max(left, 0), end = min(left + columns, width), inside = max(end - begin, 0)
    cdef Py_ssize_t before = min(begin - left, columns), after = columns - before - inside, bunches = ceil_div(channels, bunch)
    cdef Py_ssize_t r, b, i, first, count
    cdef const real *source
    cdef real *target
    for r in range(rows):
        if top + r < 0 or top + r >= height or inside == 0:
            for b in range(bunches):
                memset(window + b * bunch_size, 0, columns * bunch * sizeof(real))
        else:
            for b in range(bunches):
                memset(window + b * bunch_size, 0, before * bunch * sizeof(real))
            for i in range(ceil_div(inside, BUNCH_PIXELS)):
                first = i * BUNCH_PIXELS
                count = min(inside - first, BUNCH_PIXELS)
                for b in range(bunches):
                    source = image + ((top + r) * width + begin + first) * pitch + b * bunch
                    target = window + b * bunch_size + (before + first) * bunch
                    if bunch <= LANES:
                        copy_pixels(1, source, pitch, count, channels - b * bunch, target, bunch)
                    else:
                        copy_pixels(BUNCH_VECTORS, source, pitch, count, channels - b * bunch, target, bunch)
            for b in range(bunches):
                memset(window + b * bunch_size + (before + inside) * bunch, 0, after * bunch * sizeof(real))
        window += columns * bunch


cdef inline void copy_transposed(
    const real *source, Py_ssize_t pitch,               # IN (rows, pitch)
    Py_ssize_t rows, Py_ssize_t columns,
    real *target, Py_ssize_t target_pitch,              # OUT (columns, target_pitch)
) noexcept nogil:
    """target[j, i] = source[i, j], in squares of LANES by LANES and what is left of them."""
    cdef Py_ssize_t squares_high = rows // LANES, squares_wide = columns // LANES, i, j, first
    for i in range(squares_high):
        for j in range(squares_wide):
            vtranspose(LANES, source + i * LANES * pitch + j * LANES, pitch,
                       target + j * LANES * target_pitch + i * LANES, target_pitch)
    for i in range(rows):
        first = squares_wide * LANES if i < squares_high * LANES else 0
        for j in range(first, columns):
            target[j * target_pitch + i] = source[i * pitch + j]

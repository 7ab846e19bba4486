"""Working memory: buffers that begin on cache lines, copies of a part of an image with its padding, and transposed copies."""
from libc.string cimport memcpy, memset
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, TILE_PIXELS, real, vload, vload_first, vstore, vstore_first, vtranspose
from striate.kernels.ops cimport CACHE_LINE

cdef enum:
    LINE = CACHE_LINE // sizeof(real)   # elements of a cache line
    WORKING_SET = 256 * 1024    # bytes of the input, or of input and output, that a task works on: a part of L2
    PANELS_BYTES = 128 * 1024   # bytes up to which the panels of all filter blocks stay in L2, beside a task's working set
    CHANNEL_BLOCK_PIXELS = 8    # pixels that are copied to a channel block before the next block, which fill whole cache lines
    CHANNEL_BLOCK_VECTORS = (TILE_PIXELS + LANES - 1) // LANES  # vectors of the largest channel block


cdef inline Py_ssize_t aligned(Py_ssize_t elements) noexcept nogil:
    """``elements`` rounded up to whole cache lines, so that the next buffer starts on one."""
    return ceil_div(elements, LINE) * LINE


cdef inline void copy_padded(
    const real *image,                              # IN (height, width, pitch), offset to the first channel to copy
    Py_ssize_t height, Py_ssize_t width, Py_ssize_t pitch,
    real *padded,                                   # OUT (rows, columns, channels)
    Py_ssize_t top, Py_ssize_t left, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t channels,
) noexcept nogil:
    """Copy a part of an image that begins at (top, left), which may be negative; pixels outside the image are zero."""
    copy_padded_bytes(<const char *>image, height, width, pitch * sizeof(real), <char *>padded, top, left, rows, columns,
                      channels * sizeof(real))


cdef inline void copy_padded_bytes(
    const char *image, Py_ssize_t height, Py_ssize_t width, Py_ssize_t pitch, char *padded,
    Py_ssize_t top, Py_ssize_t left, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t channels,
) noexcept nogil:
    """`copy_padded` for elements of any size: ``pitch`` and ``channels`` count bytes."""
    cdef Py_ssize_t begin = max(left, 0), end = min(left + columns, width), inside = max(end - begin, 0)
    cdef Py_ssize_t before = min(begin - left, columns), after = columns - before - inside
    cdef Py_ssize_t r, i
    cdef const char *source
    for r in range(rows):
        if top + r < 0 or top + r >= height or inside == 0:
            memset(padded, 0, columns * channels)
            padded += columns * channels
            continue
        memset(padded, 0, before * channels)
        padded += before * channels
        source = image + ((top + r) * width + begin) * pitch
        if pitch == channels:
            memcpy(padded, source, inside * channels)
        else:
            for i in range(inside):
                memcpy(padded + i * channels, source + i * pitch, channels)
        padded += inside * channels
        memset(padded, 0, after * channels)
        padded += after * channels


cdef inline void copy_pixels(const int vectors, const real *source, Py_ssize_t pitch, Py_ssize_t pixels, Py_ssize_t channels,
                             real *target, Py_ssize_t target_pitch) noexcept nogil:
    """Copy the first channels of some pixels in whole vectors; each pixel overwrites the superfluous lanes before it."""
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


cdef inline void copy_channel_blocks(
    const real *image,                              # IN (height, width, pitch), offset to the first channel to copy
    Py_ssize_t height, Py_ssize_t width, Py_ssize_t pitch,
    real *padded,                                   # OUT (blocks, rows, columns, block), block_size elements a block
    Py_ssize_t top, Py_ssize_t left, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t channels,
    Py_ssize_t block, Py_ssize_t block_size,
) noexcept nogil:
    """Like `copy_padded`, but to channel blocks. Up to a cache line after each block is overwritten."""
    cdef Py_ssize_t begin = max(left, 0), end = min(left + columns, width), inside = max(end - begin, 0)
    cdef Py_ssize_t before = min(begin - left, columns), after = columns - before - inside, blocks = ceil_div(channels, block)
    cdef Py_ssize_t r, b, i, first, count
    cdef const real *source
    cdef real *target
    for r in range(rows):
        if top + r < 0 or top + r >= height or inside == 0:
            for b in range(blocks):
                memset(padded + b * block_size, 0, columns * block * sizeof(real))
        else:
            for b in range(blocks):
                memset(padded + b * block_size, 0, before * block * sizeof(real))
            for i in range(ceil_div(inside, CHANNEL_BLOCK_PIXELS)):
                first = i * CHANNEL_BLOCK_PIXELS
                count = min(inside - first, CHANNEL_BLOCK_PIXELS)
                for b in range(blocks):
                    source = image + ((top + r) * width + begin + first) * pitch + b * block
                    target = padded + b * block_size + (before + first) * block
                    if block <= LANES:
                        copy_pixels(1, source, pitch, count, channels - b * block, target, block)
                    else:
                        copy_pixels(CHANNEL_BLOCK_VECTORS, source, pitch, count, channels - b * block, target, block)
            for b in range(blocks):
                memset(padded + b * block_size + (before + inside) * block, 0, after * block * sizeof(real))
        padded += columns * block


cdef inline void copy_transposed(
    const real *source, Py_ssize_t pitch,               # IN (rows, pitch)
    Py_ssize_t rows, Py_ssize_t columns,
    real *target, Py_ssize_t target_pitch,              # OUT (columns, target_pitch)
) noexcept nogil:
    """target[j, i] = source[i, j], in squares of LANES by LANES elements, and one by one where none fits."""
    cdef Py_ssize_t squares_high = rows // LANES, squares_wide = columns // LANES, i, j, first
    for i in range(squares_high):
        for j in range(squares_wide):
            vtranspose(LANES, source + i * LANES * pitch + j * LANES, pitch,
                       target + j * LANES * target_pitch + i * LANES, target_pitch)
    for i in range(rows):
        first = squares_wide * LANES if i < squares_high * LANES else 0
        for j in range(first, columns):
            target[j * target_pitch + i] = source[i * pitch + j]


cdef inline void copy_run(const real *source, real *target, Py_ssize_t size) noexcept nogil:
    """Copy a run of elements, which is usually too short for a call of memcpy to pay."""
    cdef Py_ssize_t i = 0
    while i + LANES <= size:
        vstore_first(target + i, vload_first(source + i, LANES), LANES)
        i += LANES
    if i < size:
        vstore_first(target + i, vload_first(source + i, size - i), size - i)

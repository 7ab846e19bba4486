"""Packing weights: each tap, a (channels, filters) matrix, is copied into blocks of filters that a tile reads sequentially."""
from libc.string cimport memset
from striate.kernels.common.buffers cimport LINE, copy_pixels, copy_transposed
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, TILE_VECTORS, prefetch_read, real
from striate.kernels.convolution.tile cimport block_vectors
from striate.kernels.tasks cimport unless_finest

cdef enum:
    PACKED_BLOCKS = 4   # blocks packed together, since neighbouring cache lines, of one page, arrive sooner than scattered ones
    AHEAD_ROWS = 4      # distance, in rows, between the row that is copied and the row that is prefetched


cdef inline Py_ssize_t packed_blocks(Py_ssize_t blocks, Py_ssize_t groups, int threads) noexcept nogil:
    """The number of blocks of a group that one task packs: one, if PACKED_BLOCKS would leave threads without a task."""
    return unless_finest(PACKED_BLOCKS if groups * ceil_div(blocks, PACKED_BLOCKS) >= threads else 1, 1)


cdef inline void pack_tap(
    const real *tap, Py_ssize_t pitch,                  # IN (channels, pitch), or (filters, pitch) if transposed
    bint transposed, Py_ssize_t filters, Py_ssize_t channels,
    real *blocks, Py_ssize_t block_size,                # OUT (block, row, filter), with zeros beyond the last filter
    Py_ssize_t row,                                     # the row of each block where the tap begins
) noexcept nogil:
    cdef Py_ssize_t width = TILE_VECTORS * LANES, block, i, left, narrow, line
    cdef real *target
    if transposed:
        for block in range(ceil_div(filters, width)):
            left = min(filters - block * width, width)
            narrow = block_vectors(left) * LANES
            target = blocks + block * block_size + row * narrow
            if left < narrow:
                memset(target, 0, channels * narrow * sizeof(real))
            copy_transposed(tap + block * width * pitch, pitch, left, channels, target, narrow)
        return
    for i in range(channels):
        for block in range(ceil_div(filters, width)):
            left = min(filters - block * width, width)
            target = blocks + block * block_size + (row + i) * block_vectors(left) * LANES
            for line in range(ceil_div(width, LINE)):
                prefetch_read(tap + AHEAD_ROWS * pitch + block * width + line * LINE)
            copy_pixels(TILE_VECTORS, tap + block * width, pitch, 1, left, target, 0)
        tap += pitch

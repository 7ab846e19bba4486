"""The tile of 8-bit convolutions for processors that multiply matrices (AMX).

Two tiles of up to 16 positions times two of 16 filters are summed up at a time, 64 channels a step. Positions lie evenly in
memory; where the stride is 1, those of a block's next row follow on those of a row, and between them lie some that are outputs of
nothing, where the window of a tap would go beyond the row's end: they are computed, and not stored. The last tile of positions
begins early enough to end with the last of them, so that nothing behind is read.
"""
from striate.kernels.quantized cimport (MATRIX_DEPTH, MATRIX_ROWS, MATRIX_TILES, configure_matrix_tiles, tile_load, tile_multiply,
                                        tile_release, tile_store)

cdef struct Positions:
    Py_ssize_t count
    Py_ssize_t pitch            # positions from one row of outputs to the next
    Py_ssize_t columns          # outputs of a row: the first of its positions
    Py_ssize_t tile_rows        # positions of a tile


cdef inline Positions positions_of(Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t pitch) noexcept nogil:
    cdef Positions positions
    positions.count = (rows - 1) * pitch + columns
    positions.pitch, positions.columns = pitch, columns
    positions.tile_rows = min(ceil_div(positions.count, ceil_div(positions.count, MATRIX_ROWS)), MATRIX_ROWS)
    return positions


cdef inline void matrix_tile(
    const int tiles, const int vectors,             # compile-time constants at each call: of positions, and of filters
    const QuantizedSweep *sweep,
    const char *first, const char *second,          # IN: first tap of the first position of each tile
    const char *panel,                              # IN: as of `quantized_tile`
    int32_t *outputs,                               # OUT (tiles * tile_rows, vectors * LANES)
    Py_ssize_t tile_rows,
) noexcept nogil:
    cdef Py_ssize_t width = vectors * LANES * <Py_ssize_t>sizeof(int32_t), r, s, _i, at
    cdef const char *weights = panel + 2 * width
    tile_load(0, panel, 0)      # the biases, in each row
    if vectors == 2:
        tile_load(1, panel + MATRIX_DEPTH, 0)
    if tiles == 2:
        tile_load(2, panel, 0)
        if vectors == 2:
            tile_load(3, panel + MATRIX_DEPTH, 0)
    for r in range(sweep.rows):
        for s in range(sweep.runs):
            at = r * sweep.row_step + s * sweep.run_step
            for _i in range(sweep.length * GROUP // MATRIX_DEPTH):
                tile_load(4, first + at, sweep.pixel_step)
                tile_load(6, weights, width)
                tile_multiply(0, 4, 6)
                if vectors == 2:
                    tile_load(7, weights + MATRIX_DEPTH, width)
                    tile_multiply(1, 4, 7)
                if tiles == 2:
                    tile_load(5, second + at, sweep.pixel_step)
                    tile_multiply(2, 5, 6)
                    if vectors == 2:
                        tile_multiply(3, 5, 7)
                at += MATRIX_DEPTH
                weights += MATRIX_ROWS * width
    tile_store(0, outputs, width)
    if vectors == 2:
        tile_store(1, outputs + LANES, width)
    if tiles == 2:
        outputs += tile_rows * vectors * LANES
        tile_store(2, outputs, width)
        if vectors == 2:
            tile_store(3, outputs + LANES, width)


cdef inline void store_positions(const Positions *positions, Py_ssize_t begin, Py_ssize_t end, const int32_t *sums,
                                 Py_ssize_t vectors, const QuantizedSweep *sweep, const char *panel, const uint8_t *residual,
                                 char *y, Py_ssize_t out_row, Py_ssize_t filters) noexcept nogil:
    """Store the outputs among some positions, row by row; ``out_row`` counts elements between rows."""
    cdef Py_ssize_t row = begin // positions.pitch, column = begin - row * positions.pitch, count, at
    cdef Py_ssize_t element = sizeof(real) if sweep.requantization.real_output else 1
    while begin < end:
        count = min(positions.columns - column, end - begin)
        at = row * out_row + column * sweep.out_step
        if count > 0:
            store_tile(count, vectors, &sweep.requantization, sums, <const real *>panel + vectors * LANES,
                       residual + at if residual != NULL else NULL, y + at * element, sweep.out_step, filters)
        count = positions.pitch - column        # to the next row
        begin += count
        sums += count * vectors * LANES
        row, column = row + 1, 0


cdef void matrix_tiles(const Positions *positions, const QuantizedSweep *sweep, const char *x, const char *panel,
                       const uint8_t *residual, char *y, Py_ssize_t out_row, Py_ssize_t filters) noexcept nogil:
    """All positions of one filter block."""
    cdef int32_t sums[2 * MATRIX_ROWS * TILE_VECTORS * LANES]
    cdef Py_ssize_t size = positions.tile_rows, last = positions.count - size, vectors = block_vectors(filters)
    cdef Py_ssize_t begin = 0, first, second
    while begin < positions.count:
        first, second = min(begin, last), min(begin + size, last)
        if begin + size < positions.count:
            if vectors == TILE_VECTORS:
                matrix_tile(2, TILE_VECTORS, sweep, x + first * sweep.pixel_step, x + second * sweep.pixel_step, panel, sums, size)
            else:
                matrix_tile(2, 1, sweep, x + first * sweep.pixel_step, x + second * sweep.pixel_step, panel, sums, size)
        elif vectors == TILE_VECTORS:
            matrix_tile(1, TILE_VECTORS, sweep, x + first * sweep.pixel_step, NULL, panel, sums, size)
        else:
            matrix_tile(1, 1, sweep, x + first * sweep.pixel_step, NULL, panel, sums, size)
        # of a tile that begins early, those outputs are left out that are stored already
        store_positions(positions, begin, min(begin + size, positions.count), sums + (begin - first) * vectors * LANES, vectors,
                        sweep, panel, residual, y, out_row, filters)
        if begin + size < positions.count:
            store_positions(positions, begin + size, min(begin + 2 * size, positions.count),
                            sums + (size + begin + size - second) * vectors * LANES, vectors, sweep, panel, residual, y, out_row,
                            filters)
        begin += 2 * size

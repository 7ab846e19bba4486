"""The tile of convolutions in low precision for processors that multiply matrices (AMX).

Two tiles of up to 16 positions times two tiles of 16 filters are summed at a time, 64 bytes of channels in each step. The
positions of a tile are evenly spaced in memory, within a *band*: one row of outputs, or, with strides of 1, a whole block of
rows. Between two rows of such a block lie positions that are no outputs, since their taps would cross the end of a row: they
are computed, but not stored. The last tile of a band begins early enough to end with the band, so that nothing after it is
read.

The last step of a run may multiply inputs that follow the run with weights of zero. If these inputs may be NaN or infinite, the
step reads a copy in which they are zero.
"""
from libc.string cimport memcpy, memset

from striate.kernels.low_precision.vectors cimport (BFLOAT16, MATRIX_BYTES, MATRIX_ROWS, MATRIX_TILES, configure_matrix_tiles,
                                                    element, sum_type, tile_load, tile_multiply, tile_release, tile_store)

cdef enum:
    PANEL_AHEAD = 12 * 1024     # distance, in bytes, between the weights that are used and those that are prefetched


cdef struct Bands:
    Py_ssize_t count, step      # number of bands, and elements of the input from one to the next
    Py_ssize_t positions        # positions of a band
    Py_ssize_t pitch            # positions from one row of outputs to the next
    Py_ssize_t columns          # positions of a row, at its beginning, that are outputs
    Py_ssize_t tiles            # tiles of a band
    Py_ssize_t tile_rows        # positions of a tile


cdef inline Bands bands_of(Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t pitch, Py_ssize_t step,
                           bint together) noexcept nogil:
    cdef Bands bands
    bands.count, bands.step = 1 if together else rows, step
    bands.positions = (rows - 1) * pitch + columns if together else columns
    bands.pitch, bands.columns = pitch, columns
    bands.tiles = ceil_div(bands.positions, MATRIX_ROWS)
    bands.tile_rows = ceil_div(bands.positions, bands.tiles)
    return bands


cdef inline Py_ssize_t first_tap(const LowPrecisionSweep *sweep, Py_ssize_t row, Py_ssize_t run) noexcept nogil:
    """The offset, in elements, of the first tap of a run from the first tap of all."""
    cdef Py_ssize_t phase
    if sweep.plane == 0:
        return row * sweep.row_step + run * sweep.run_step
    phase = row % sweep.row_phases * sweep.column_phases + run % sweep.column_phases
    return phase * sweep.plane + row // sweep.row_phases * sweep.row_step + run // sweep.column_phases * sweep.run_step


cdef const char *copy_rows(const char *inputs, Py_ssize_t step, Py_ssize_t size, Py_ssize_t rows, char *copies) noexcept nogil:
    """Copy the first ``size`` bytes of each row of a tile, and fill the rest of the row with zeros."""
    cdef Py_ssize_t i
    memset(copies, 0, MATRIX_ROWS * MATRIX_BYTES)
    for i in range(rows):
        memcpy(copies + i * MATRIX_BYTES, inputs + i * step, size)
    return copies


cdef inline void matrix_tile(
    const int tiles, const int vectors,             # tiles of positions and of filters, compile-time constants at each call
    const LowPrecisionSweep *sweep,
    const char *first, const char *second,          # IN: first tap of the first position of each tile
    const char *panel,                              # IN: like that of `low_precision_tile`
    sum_type *outputs,                              # OUT (tiles * tile_rows, vectors * LANES)
    Py_ssize_t tile_rows,
    Py_ssize_t lines,                               # cache lines of the panel that each step prefetches
) noexcept nogil:
    cdef char copies[2 * MATRIX_ROWS * MATRIX_BYTES]
    cdef const char *inputs
    cdef Py_ssize_t steps = sweep.length // MATRIX_ROWS, x_step
    cdef bint copied
    cdef Py_ssize_t width = vectors * LANES * <Py_ssize_t>sizeof(sum_type), step = sweep.pixel_step * sizeof(element)
    cdef Py_ssize_t r, s, _i, line, at
    cdef const char *weights = panel + 2 * width
    tile_load(0, panel, 0)      # A stride of 0 repeats the biases in each row.
    if vectors == 2:
        tile_load(1, panel + MATRIX_BYTES, 0)
    if tiles == 2:
        tile_load(2, panel, 0)
        if vectors == 2:
            tile_load(3, panel + MATRIX_BYTES, 0)
    for r in range(sweep.rows):
        for s in range(sweep.runs):
            at = first_tap(sweep, r, s) * sizeof(element)
            for _i in range(steps):
                copied = BFLOAT16 and sweep.last_bytes and _i == steps - 1
                x_step = MATRIX_BYTES if copied else step
                tile_load(4, copy_rows(first + at, step, sweep.last_bytes, tile_rows, copies) if copied else first + at, x_step)
                tile_load(6, weights, width)
                tile_multiply(0, 4, 6)
                if vectors == 2:
                    tile_load(7, weights + MATRIX_BYTES, width)
                    tile_multiply(1, 4, 7)
                if tiles == 2:
                    inputs = second + at
                    if copied:
                        inputs = copy_rows(inputs, step, sweep.last_bytes, tile_rows, copies + MATRIX_ROWS * MATRIX_BYTES)
                    tile_load(5, inputs, x_step)
                    tile_multiply(2, 5, 6)
                    if vectors == 2:
                        tile_multiply(3, 5, 7)
                for line in range(lines):
                    prefetch_read(<const real *>(weights + PANEL_AHEAD + line * CACHE_LINE))
                at += MATRIX_BYTES
                weights += MATRIX_ROWS * width
    tile_store(0, outputs, width)
    if vectors == 2:
        tile_store(1, outputs + LANES, width)
    if tiles == 2:
        outputs += tile_rows * vectors * LANES
        tile_store(2, outputs, width)
        if vectors == 2:
            tile_store(3, outputs + LANES, width)


cdef inline void store_positions(const Bands *bands, Py_ssize_t band, Py_ssize_t begin, Py_ssize_t end, const sum_type *sums,
                                 Py_ssize_t vectors, const LowPrecisionSweep *sweep, const char *panel, const element *residual,
                                 char *y, Py_ssize_t out_row, Py_ssize_t filters) noexcept nogil:
    """Store those positions of a band, from ``begin`` to ``end``, that are outputs; ``out_row`` is the step between rows."""
    cdef Py_ssize_t row = begin // bands.pitch if bands.count == 1 else 0, column = begin - row * bands.pitch, count, at
    cdef Py_ssize_t size = output_size(sweep.requantization.real_output)
    row += band
    while begin < end:
        count = min(bands.columns - column, end - begin)
        at = row * out_row + column * sweep.out_step
        if count > 0:
            store_tile(count, vectors, &sweep.requantization, sums, <const real *>panel + vectors * LANES,
                       residual + at if residual != NULL else NULL, y + at * size, sweep.out_step, filters)
        count = bands.pitch - column        # positions to the beginning of the next row
        begin += count
        sums += count * vectors * LANES
        row, column = row + 1, 0


cdef void matrix_tiles(const Bands *bands, const LowPrecisionSweep *sweep, const char *x, const char *panel,
                       const element *residual, char *y, Py_ssize_t out_row, Py_ssize_t filters, Py_ssize_t first_tile,
                       Py_ssize_t end_tile) noexcept nogil:
    """Compute some tiles of positions for one filter block, two at a time."""
    cdef sum_type sums[2 * MATRIX_ROWS * TILE_VECTORS * LANES]
    cdef const char *first[2]
    cdef Py_ssize_t size = bands.tile_rows, vectors = block_vectors(filters), tile, i, count
    cdef Py_ssize_t lines, begin, early
    for tile in range(first_tile, end_tile, 2):
        count = min(end_tile - tile, 2)
        for i in range(count):
            early = min((tile + i) % bands.tiles * size, bands.positions - size)
            first[i] = x + ((tile + i) // bands.tiles * bands.step + early * sweep.pixel_step) * sizeof(element)
        lines = vectors * MATRIX_ROWS if tile == 0 else 0
        if count == 2 and vectors == TILE_VECTORS:
            matrix_tile(2, TILE_VECTORS, sweep, first[0], first[1], panel, sums, size, lines)
        elif count == 2:
            matrix_tile(2, 1, sweep, first[0], first[1], panel, sums, size, lines)
        elif vectors == TILE_VECTORS:
            matrix_tile(1, TILE_VECTORS, sweep, first[0], NULL, panel, sums, size, lines)
        else:
            matrix_tile(1, 1, sweep, first[0], NULL, panel, sums, size, lines)
        for i in range(count):      # The first positions of a tile that begins early are stored already.
            begin = (tile + i) % bands.tiles * size
            early = min(begin, bands.positions - size)
            store_positions(bands, (tile + i) // bands.tiles, begin, min(begin + size, bands.positions),
                            sums + (i * size + begin - early) * vectors * LANES, vectors, sweep, panel, residual, y, out_row,
                            filters)

"""Tiles of a convolution of one channel with few filters: a vector holds neighbouring pixels.

With vectors of filters, as in tile.pxd, some lanes would be empty. Here the roles are exchanged: TILE_VECTORS vectors of
neighbouring pixels, which are contiguous in memory if there is one channel, are multiplied by one weight of each filter at a
time. The result, which has the pixels of each filter side by side, is transposed in registers. If a 2×2 max pooling follows,
the largest of each four outputs is computed before that, so that only a quarter is transposed and stored.
"""
from striate.kernels.common.epilogue cimport activate
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, TILE_VECTORS, real, veven, vload, vmaximum, vodd, vreal, vset, vstore,
                                          vstore_first, vtranspose)
from striate.kernels.convolution.tile cimport Sweep

cdef enum:
    RUN = TILE_VECTORS * LANES      # pixels of a tile
    MOST_FILTERS = 6                # the most filters of a tile, whose sums fit into 16 registers


cdef inline void pixel_tile(
    const int filters,                              # a compile-time constant at each call
    const Sweep *sweep,
    const real *x,                                  # IN: first tap of pixel 0; read up to RUN - 1 elements beyond the last's
    const real *panel, Py_ssize_t width,            # IN (rows, runs * length, width)
    const real *bias,                               # IN (filters,) or NULL
    real *result,                                   # OUT (filters, RUN)
) noexcept nogil:
    cdef vreal sums[MOST_FILTERS][TILE_VECTORS]
    cdef vreal pixels[TILE_VECTORS]
    cdef vreal weight
    cdef real value
    cdef Py_ssize_t r, s, _element
    cdef const real *source
    cdef int f, v
    for f in range(filters):
        weight = vset(bias[f]) if bias != NULL else vset(0)
        for v in range(TILE_VECTORS):
            sums[f][v] = weight
    for r in range(sweep.rows):
        for s in range(sweep.runs):
            source = x + r * sweep.row_step + s * sweep.run_step
            for _element in range(sweep.length):
                for v in range(TILE_VECTORS):
                    pixels[v] = vload(source + v * LANES)
                for f in range(filters):
                    value = panel[f]    # The multiplication broadcasts the weight as it loads it.
                    for v in range(TILE_VECTORS):
                        sums[f][v] = sums[f][v] + pixels[v] * value
                source += 1
                panel += width
    for f in range(filters):
        for v in range(TILE_VECTORS):
            vstore(result + f * RUN + v * LANES, activate(sums[f][v], sweep.epilogue))


cdef inline void any_pixel_tile(Py_ssize_t filters, const Sweep *sweep, const real *x, const real *panel, Py_ssize_t width,
                                const real *bias, real *result) noexcept nogil:
    """`pixel_tile` for a number of filters that is known only at run time, 1 to MOST_FILTERS and fewer than LANES."""
    if filters == 1: pixel_tile(1, sweep, x, panel, width, bias, result)
    elif LANES > 2 and filters == 2: pixel_tile(2, sweep, x, panel, width, bias, result)
    elif LANES > 3 and filters == 3: pixel_tile(3, sweep, x, panel, width, bias, result)
    elif LANES > 4 and filters == 4: pixel_tile(4, sweep, x, panel, width, bias, result)
    elif LANES > 5 and filters == 5: pixel_tile(5, sweep, x, panel, width, bias, result)
    elif LANES > 6 and filters == 6: pixel_tile(6, sweep, x, panel, width, bias, result)


cdef inline void run_of_pixels(Py_ssize_t filters, const Sweep *sweep, const real *x, const real *panel, Py_ssize_t width,
                               const real *bias, real *result) noexcept nogil:
    """Compute RUN pixels of all filters: (filters, RUN)."""
    cdef Py_ssize_t f = 0
    while f < filters:
        any_pixel_tile(min(filters - f, MOST_FILTERS), sweep, x, panel + f, width, bias + f if bias != NULL else NULL,
                       result + f * RUN)
        f += MOST_FILTERS


cdef inline void store_pixels(const int vectors, const real *result, Py_ssize_t filters, Py_ssize_t lines, Py_ssize_t count,
                              real *y) noexcept nogil:
    """Transpose ``vectors`` vectors of each filter and store the first ``count`` of their pixels."""
    cdef real turned[RUN * LANES]
    cdef Py_ssize_t p
    cdef int v
    for v in range(vectors):        # `vtranspose` takes the number of lines as a compile-time constant.
        if lines == LANES:
            vtranspose(LANES, result + v * LANES, RUN, turned + v * LANES * LANES, LANES)
        else:
            vtranspose(LANES // 2, result + v * LANES, RUN, turned + v * LANES * (LANES // 2), LANES)
    for p in range(count):          # As in `tile`, whole vectors are stored as long as they end within the run.
        if p * filters + LANES <= count * filters:
            vstore(y + p * filters, vload(turned + p * lines))
        else:
            vstore_first(y + p * filters, vload(turned + p * lines), filters)


cdef inline Py_ssize_t lines_of(Py_ssize_t filters, real *result) noexcept nogil:
    """The number of lines that are transposed, at least one for each filter; the remaining ones are set to zero."""
    cdef Py_ssize_t f, lines = LANES // 2 if filters <= LANES // 2 else LANES
    cdef int v
    for f in range(filters, lines):
        for v in range(TILE_VECTORS):
            vstore(result + f * RUN + v * LANES, vset(0))
    return lines


cdef inline void row_of_pixels(
    Py_ssize_t outputs, const Sweep *sweep, const real *x, const real *panel, Py_ssize_t width, const real *bias,
    real *y,                                        # OUT (outputs, filters)
    Py_ssize_t filters,                             # fewer than LANES
) noexcept nogil:
    """Compute a row of pixels, for all filters."""
    cdef real result[LANES * RUN]
    cdef Py_ssize_t i, start, count, lines = lines_of(filters, result)
    for i in range(ceil_div(outputs, RUN)):
        start = i * RUN
        count = min(outputs - start, RUN)
        run_of_pixels(filters, sweep, x + start, panel, width, bias, result)
        store_pixels(TILE_VECTORS, result, filters, lines, count, y + start * filters)


cdef inline void row_of_pooled_pixels(
    Py_ssize_t outputs,                             # even
    const Sweep *sweep,
    const real *x, Py_ssize_t next_row,             # IN: like `row_of_pixels`, and the step to the input of the row below
    const real *panel, Py_ssize_t width, const real *bias,
    real *y,                                        # OUT (outputs / 2, filters)
    Py_ssize_t filters,                             # fewer than LANES
) noexcept nogil:
    """Compute the largest of each 2×2 pixels of two rows, or NaN if one of them is NaN."""
    cdef real result[LANES * RUN]
    cdef real below[LANES * RUN]
    cdef vreal left, right
    cdef Py_ssize_t i, start, count, f, at, lines = lines_of(filters, result)
    cdef int v
    for i in range(ceil_div(outputs, RUN)):
        start = i * RUN
        count = min(outputs - start, RUN)
        run_of_pixels(filters, sweep, x + start, panel, width, bias, result)
        run_of_pixels(filters, sweep, x + start + next_row, panel, width, bias, below)
        for f in range(filters):
            for v in range(TILE_VECTORS // 2):
                at = f * RUN + 2 * v * LANES
                left = vmaximum(vload(result + at), vload(below + at))
                right = vmaximum(vload(result + at + LANES), vload(below + at + LANES))
                vstore(result + f * RUN + v * LANES, vmaximum(veven(left, right), vodd(left, right)))
        store_pixels(TILE_VECTORS // 2, result, filters, lines, count // 2, y + start // 2 * filters)

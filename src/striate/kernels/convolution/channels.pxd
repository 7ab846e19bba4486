"""Tiles of a convolution of few filters: a vector holds neighbouring elements of the input.

With vectors of filters, as in tile.pxd, most lanes would be empty. Here a vector holds LANES contiguous elements that a pixel
reads, (kx, c), and is multiplied by the same elements of each filter:

    y[ox, f] = sum over lanes of  (sum over vectors of  x[ox sw + element] * kernel[f][element])

A tile keeps a vector of sums for each of some neighbouring pixels and a few filters in registers. The lanes of each are added
at the end, followed by bias, residual and activation. The weights of a tile lie in the order in which it reads them: (rows,
taps, vector, filter, lane), zero-filled to whole vectors for each tap, so that taps need not be neighbours.
"""
from libc.string cimport memset
from striate.kernels.common.epilogue cimport activate
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real, vload, vload_first, vreal, vset, vstore_first, vsum
from striate.kernels.convolution.tile cimport Sweep

cdef enum:
    CHANNEL_FILTERS = 4     # the most filters of a tile
    CHANNEL_TRIOS = 3       # pointers into x, each for three pixels
    LANES_SUM_COST = 8      # the cost of adding the lanes of a vector, in multiplications of vectors


cdef inline Py_ssize_t channel_vectors(Py_ssize_t rows, Py_ssize_t runs, Py_ssize_t length) noexcept nogil:
    """The vectors of weights of a filter."""
    return rows * runs * ceil_div(length, LANES)


cdef inline bint channels_fill_lanes(Py_ssize_t rows, Py_ssize_t runs, Py_ssize_t length, Py_ssize_t filters) noexcept nogil:
    """Whether vectors of elements take clearly fewer multiplications than vectors of filters."""
    return 2 * filters * (channel_vectors(rows, runs, length) + LANES_SUM_COST) <= (
        rows * runs * length * ceil_div(filters, LANES))


cdef inline int channel_pixels(const int filters) noexcept nogil:
    """Pixels of a tile, a compile-time constant if ``filters`` is one: the sums leave registers for weights and pixels."""
    return 8 if filters == 1 else 5 if filters == 2 else 3 if filters == 3 else 2


cdef inline void pack_channels(
    const real *kernel,                             # IN: the first weight of the first filter
    Py_ssize_t tap_step, Py_ssize_t taps,           # from tap to tap along a row, and their number
    Py_ssize_t filter_step, Py_ssize_t filters,     # from filter to filter, and their number: those of a tile
    Py_ssize_t channel_step, Py_ssize_t channels,
    real *panel,                                    # OUT (taps, vector, filter, lane): one row of taps
) noexcept nogil:
    cdef Py_ssize_t size = ceil_div(channels, LANES) * filters * LANES, tap, channel, filter
    memset(panel, 0, taps * size * sizeof(real))
    for tap in range(taps):
        for channel in range(channels):
            for filter in range(filters):
                panel[tap * size + (channel // LANES * filters + filter) * LANES + channel % LANES] = (
                    kernel[tap * tap_step + filter * filter_step + channel * channel_step])


cdef inline void add_vectors(
    const int pixels, const int filters, Py_ssize_t lanes, const real **trio, Py_ssize_t step, const real *panel,
    vreal (*sums)[CHANNEL_FILTERS],
) noexcept nogil:
    """Multiply a vector of each pixel by one of each filter."""
    cdef vreal weights[CHANNEL_FILTERS]
    cdef vreal value
    cdef int p, f
    for f in range(filters):
        weights[f] = vload(panel + f * LANES)
    for p in range(pixels):
        value = vload_first(trio[p // 3] + (0 if p % 3 == 0 else step if p % 3 == 1 else 2 * step), lanes)
        for f in range(filters):
            sums[p][f] = sums[p][f] + value * weights[f]


cdef inline void channel_tile(
    const int pixels, const int filters,            # compile-time constants at each call
    const Sweep *sweep,
    const real *x,                                  # IN: first tap of pixel 0
    const real *panel,                              # IN (rows, runs, vectors, filters, LANES)
    const real *bias,                               # IN (filters,) or NULL
    const real *residual,                           # IN: pixel 0 of the residual, or NULL
    real *y,                                        # OUT: filter 0 of pixel 0; may be the residual
) noexcept nogil:
    cdef vreal sums[8][CHANNEL_FILTERS]
    cdef vreal value
    cdef const real *trio[CHANNEL_TRIOS]
    cdef Py_ssize_t r, s, _vector, step = sweep.pixel_step, rest = sweep.length % LANES
    cdef int p, f
    for p in range(pixels):
        for f in range(filters):
            sums[p][f] = vset(0)
    for r in range(sweep.rows):
        for s in range(sweep.runs):
            for p in range((pixels + 2) // 3):
                trio[p] = x + r * sweep.row_step + s * sweep.run_step + 3 * p * step
            for _vector in range(sweep.length // LANES):
                add_vectors(pixels, filters, LANES, trio, step, panel, sums)
                for p in range((pixels + 2) // 3):
                    trio[p] += LANES
                panel += filters * LANES
            if rest:
                add_vectors(pixels, filters, rest, trio, step, panel, sums)
                panel += filters * LANES
    for p in range(pixels):
        for f in range(filters):
            value = vsum(sums[p][f])
            if bias != NULL:
                value = value + vset(bias[f])
            if residual != NULL:
                value = value + vset(residual[p * sweep.out_step + f])
            vstore_first(y + p * sweep.out_step + f, activate(value, sweep.epilogue), 1)


cdef inline void any_channel_tile(
    const int filters, Py_ssize_t pixels, const Sweep *sweep, const real *x, const real *panel, const real *bias,
    const real *residual, real *y,
) noexcept nogil:
    """`channel_tile` for a number of pixels that is known only at run time, 1 to channel_pixels(filters)."""
    if pixels == 1: channel_tile(1, filters, sweep, x, panel, bias, residual, y)
    elif pixels == 2: channel_tile(2, filters, sweep, x, panel, bias, residual, y)
    elif filters < 4 and pixels == 3: channel_tile(3, filters, sweep, x, panel, bias, residual, y)
    elif filters < 3 and pixels == 4: channel_tile(4, filters, sweep, x, panel, bias, residual, y)
    elif filters < 3 and pixels == 5: channel_tile(5, filters, sweep, x, panel, bias, residual, y)
    elif filters < 2 and pixels == 6: channel_tile(6, filters, sweep, x, panel, bias, residual, y)
    elif filters < 2 and pixels == 7: channel_tile(7, filters, sweep, x, panel, bias, residual, y)
    elif filters < 2 and pixels == 8: channel_tile(8, filters, sweep, x, panel, bias, residual, y)


cdef inline void channel_tiles(
    const int filters, Py_ssize_t outputs, const Sweep *sweep, const real *x, const real *panel, const real *bias,
    const real *residual, real *y,
) noexcept nogil:
    """Compute a row of pixels for the filters of a tile, in tiles of nearly equal size."""
    cdef Py_ssize_t tiles = ceil_div(outputs, channel_pixels(filters)), t, pixels
    for t in range(tiles):
        pixels = outputs // tiles + (1 if t < outputs % tiles else 0)
        any_channel_tile(filters, pixels, sweep, x, panel, bias, residual, y)
        x += pixels * sweep.pixel_step
        y += pixels * sweep.out_step
        if residual != NULL:
            residual += pixels * sweep.out_step


cdef inline void row_of_channels(
    Py_ssize_t outputs, const Sweep *sweep, const real *x, const real *panel, const real *bias, const real *residual, real *y,
    Py_ssize_t filters,
) noexcept nogil:
    """Compute a row of pixels for at most CHANNEL_FILTERS filters."""
    if filters == 1: channel_tiles(1, outputs, sweep, x, panel, bias, residual, y)
    elif filters == 2: channel_tiles(2, outputs, sweep, x, panel, bias, residual, y)
    elif filters == 3: channel_tiles(3, outputs, sweep, x, panel, bias, residual, y)
    elif filters == 4: channel_tiles(4, outputs, sweep, x, panel, bias, residual, y)

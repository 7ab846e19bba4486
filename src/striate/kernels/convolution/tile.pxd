"""The register tiles: the innermost loops of all convolutions.

``tile`` keeps a block of outputs in registers, neighbouring pixels times neighbouring filters, and multiplies one input value
of each pixel with TILE_VECTORS vectors of weights at a time: an outer product, so each load feeds many FMAs.
``kernel_tile`` is the same for a sum over pixels: elements of x times filters of dy.

The number of pixels and of vectors are compile-time constants in each call, and everything here is inlined, so that the C
compiler unrolls the loops over them and keeps ``sums`` in registers; ``any_tile`` and ``any_kernel_tile`` turn a number known
only at run time into such constants. The compiler would keep one pointer a pixel, more than there are registers for; a pointer
for three pixels, and the distance between two of them, reach all three by the addressing modes of the processor.
"""
from striate.kernels.common.buffers cimport LINE
from striate.kernels.common.epilogue cimport Epilogue
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, NARROW_TILE_PIXELS, TILE_PIXELS, TILE_VECTORS, prefetch_read, prefetch_write,
                                          real, vat_least_or_nan, vleaky_relu, vload, vload_first, vreal, vset, vstore,
                                          vstore_first)

cdef enum:
    TRIOS = 5           # pointers, each for three pixels
    SET_BYTES = 4096    # addresses so far apart share a set of the L1 cache, which holds eight lines
    SET_PIXELS = 7      # pixels of a tile that may lie in one set, in which a line is left to the weights


cdef struct Sweep:
    # How a tile walks over the input: what all tiles of an operation share. Steps count elements.
    Py_ssize_t pixel_step           # between the first taps of neighbouring pixels
    Py_ssize_t rows, row_step       # taps along y
    Py_ssize_t runs, run_step       # runs of taps along x
    Py_ssize_t length               # consecutive elements in a run
    Py_ssize_t out_step             # between neighbouring pixels of the output
    Epilogue epilogue
    # The next panel comes into the cache while this one is used: each element that a tile goes through asks for a bit of it
    const real *ahead               # what the next tile begins with
    const real *ahead_end           # the end of the next panel
    Py_ssize_t ahead_step


cdef inline int most_pixels(const int vectors) noexcept nogil:
    """Pixels of the largest tile: a compile-time constant where ``vectors`` is one."""
    return TILE_PIXELS if vectors == TILE_VECTORS else NARROW_TILE_PIXELS


cdef inline Py_ssize_t block_vectors(Py_ssize_t filters) noexcept nogil:
    """Vectors of the filter block that begins where ``filters`` are left."""
    return TILE_VECTORS if filters > (TILE_VECTORS - 1) * LANES else ceil_div(filters, LANES)


cdef inline void expect_panel(Sweep *sweep, const real *panel, Py_ssize_t size, Py_ssize_t tiles) noexcept nogil:
    """Spread fetching what comes next over so many tiles; nothing is fetched of a panel of size 0."""
    sweep.ahead, sweep.ahead_end = panel, panel + size
    sweep.ahead_step = ceil_div(TILE_VECTORS * LANES, max(tiles, 1)) if size else 0


cdef inline void tile(
    const int pixels, const int vectors,            # compile-time constants at each call
    const Sweep *sweep,
    const real *x,                                  # IN: first tap of pixel 0
    const real *panel,                              # IN (rows, runs, length, vectors * LANES)
    const real *bias,                               # IN (filters,) or NULL
    const real *residual,                           # IN: pixel 0 of what is added before the activation, or NULL
    real *y,                                        # OUT: pixel 0
    Py_ssize_t filters,                             # filters to store: fewer than the lanes in the last block
) noexcept nogil:
    cdef vreal sums[NARROW_TILE_PIXELS][TILE_VECTORS]
    cdef vreal weights[TILE_VECTORS]
    cdef const real *trio[TRIOS]
    cdef const real *ahead = sweep.ahead
    cdef Py_ssize_t r, s, _element, step = sweep.pixel_step, twice = 2 * step
    cdef int p, v
    cdef real value
    for v in range(vectors):
        weights[v] = vset(0)
        if bias != NULL:
            weights[v] = vload_first(bias + v * LANES, min(filters - v * LANES, LANES))
        for p in range(pixels):
            sums[p][v] = weights[v]
    # What is read and written last comes into the cache while the sums are made: pixels lie so far apart that the processor,
    # which fetches ahead along a line, would not guess
    for p in range(pixels):
        for v in range(ceil_div(vectors * LANES, LINE)):
            prefetch_write(y + p * sweep.out_step + v * LINE)
            if residual != NULL:
                prefetch_read(residual + p * sweep.out_step + v * LINE)
    for r in range(sweep.rows):
        for s in range(sweep.runs):
            for p in range((pixels + 2) // 3):
                trio[p] = x + r * sweep.row_step + s * sweep.run_step + 3 * p * step
            for _element in range(sweep.length):
                for v in range(vectors):
                    weights[v] = vload(panel + v * LANES)
                for p in range(pixels):
                    value = trio[p // 3][0 if p % 3 == 0 else step if p % 3 == 1 else twice]
                    for v in range(vectors):
                        sums[p][v] = sums[p][v] + weights[v] * value
                for p in range((pixels + 2) // 3):
                    trio[p] += 1
                panel += vectors * LANES
                prefetch_read(ahead)
                ahead += sweep.ahead_step
    # Loops inside conditions, not conditions inside loops: the sums stay in registers
    if residual != NULL:
        for v in range(vectors):
            for p in range(pixels):
                sums[p][v] = sums[p][v] + vload_first(residual + p * sweep.out_step + v * LANES,
                                                      min(filters - v * LANES, LANES))
    if sweep.epilogue.leaky:
        for v in range(vectors):
            for p in range(pixels):
                sums[p][v] = vleaky_relu(sums[p][v], sweep.epilogue.negative_slope)
    else:
        for v in range(vectors):
            for p in range(pixels):
                sums[p][v] = vat_least_or_nan(sweep.epilogue.floor, sums[p][v])
    if filters >= vectors * LANES:
        for v in range(vectors):
            for p in range(pixels):
                vstore(y + p * sweep.out_step + v * LANES, sums[p][v])
    elif vectors == 1 and sweep.out_step == filters:
        # Whole vectors as long as they end within the tile: what is stored too much belongs to pixels that come next. Storing a
        # part of a vector takes several times as long.
        for p in range(pixels):
            if p * filters + LANES <= pixels * filters:
                vstore(y + p * filters, sums[p][0])
            else:
                vstore_first(y + p * filters, sums[p][0], filters)
    else:
        for v in range(vectors):
            for p in range(pixels):
                vstore_first(y + p * sweep.out_step + v * LANES, sums[p][v], min(filters - v * LANES, LANES))


cdef inline void any_tile(
    const int vectors, Py_ssize_t pixels, const Sweep *sweep, const real *x, const real *panel, const real *bias,
    const real *residual, real *y, Py_ssize_t filters,
) noexcept nogil:
    """``tile`` for a number of pixels known only now, 1 to most_pixels(vectors)."""
    if pixels == 1: tile(1, vectors, sweep, x, panel, bias, residual, y, filters)
    elif pixels == 2: tile(2, vectors, sweep, x, panel, bias, residual, y, filters)
    elif pixels == 3: tile(3, vectors, sweep, x, panel, bias, residual, y, filters)
    elif pixels == 4: tile(4, vectors, sweep, x, panel, bias, residual, y, filters)
    elif pixels == 5: tile(5, vectors, sweep, x, panel, bias, residual, y, filters)
    elif pixels == 6: tile(6, vectors, sweep, x, panel, bias, residual, y, filters)
    elif most_pixels(vectors) >= 7 and pixels == 7: tile(7, vectors, sweep, x, panel, bias, residual, y, filters)
    elif most_pixels(vectors) >= 8 and pixels == 8: tile(8, vectors, sweep, x, panel, bias, residual, y, filters)
    elif most_pixels(vectors) >= 9 and pixels == 9: tile(9, vectors, sweep, x, panel, bias, residual, y, filters)
    elif most_pixels(vectors) >= 10 and pixels == 10: tile(10, vectors, sweep, x, panel, bias, residual, y, filters)
    elif most_pixels(vectors) >= 11 and pixels == 11: tile(11, vectors, sweep, x, panel, bias, residual, y, filters)
    elif most_pixels(vectors) >= 12 and pixels == 12: tile(12, vectors, sweep, x, panel, bias, residual, y, filters)
    elif most_pixels(vectors) >= 13 and pixels == 13: tile(13, vectors, sweep, x, panel, bias, residual, y, filters)
    elif most_pixels(vectors) >= 14 and pixels == 14: tile(14, vectors, sweep, x, panel, bias, residual, y, filters)


cdef inline void row_of_tiles(
    Py_ssize_t outputs, Sweep *sweep, const real *x, const real *panel, const real *bias, const real *residual,
    real *y, Py_ssize_t filters,
) noexcept nogil:
    """A row of pixels of one filter block, in tiles of nearly equal size."""
    cdef bint wide = block_vectors(filters) == TILE_VECTORS
    cdef Py_ssize_t most = most_pixels(TILE_VECTORS if wide else 1), tiles, t, pixels
    if sweep.pixel_step * <Py_ssize_t>sizeof(real) % SET_BYTES == 0:
        most = min(most, SET_PIXELS)
    tiles = ceil_div(outputs, most)
    for t in range(tiles):
        pixels = outputs // tiles + (1 if t < outputs % tiles else 0)
        if wide:
            any_tile(TILE_VECTORS, pixels, sweep, x, panel, bias, residual, y, filters)
        else:
            any_tile(1, pixels, sweep, x, panel, bias, residual, y, filters)
        sweep.ahead += sweep.rows * sweep.runs * sweep.length * sweep.ahead_step
        if sweep.ahead >= sweep.ahead_end:
            sweep.ahead_step = 0
        x += pixels * sweep.pixel_step
        y += pixels * sweep.out_step
        if residual != NULL:
            residual += pixels * sweep.out_step


cdef struct KernelSweep:
    # How a tile of the kernel's gradient walks over the pixels of a block. Steps count elements.
    Py_ssize_t images, image_step       # of x
    Py_ssize_t rows, row_step
    Py_ssize_t columns, pixel_step
    Py_ssize_t sum_step                 # between the sums of neighbouring elements of x
    bint fresh                          # the first block of a sum


cdef inline void kernel_tile(
    const int elements, const int vectors,          # compile-time constants at each call
    const KernelSweep *sweep,
    const real *x,                                  # IN: element 0 of the first pixel
    const real *dy,                                 # IN (images, rows, columns, vectors * LANES)
    real *dkernel,                                  # OUT, or IN/OUT unless fresh (elements, vectors * LANES)
) noexcept nogil:
    """dkernel[e, f] (+)= sum over pixels of x[pixel, e] * dy[pixel, f]."""
    cdef vreal sums[NARROW_TILE_PIXELS][TILE_VECTORS]
    cdef vreal gradient[TILE_VECTORS]
    cdef const real *pixel
    cdef Py_ssize_t i, r, _column
    cdef int e, v
    for e in range(elements):
        for v in range(vectors):
            sums[e][v] = vset(0)
    for i in range(sweep.images):
        for r in range(sweep.rows):
            pixel = x + i * sweep.image_step + r * sweep.row_step
            for _column in range(sweep.columns):
                for v in range(vectors):
                    gradient[v] = vload(dy + v * LANES)
                for e in range(elements):
                    for v in range(vectors):
                        sums[e][v] = sums[e][v] + gradient[v] * pixel[e]
                pixel += sweep.pixel_step
                dy += vectors * LANES
    # Added last, and not what the sums begin with: a sum of few terms loses less to rounding than a long one
    if not sweep.fresh:
        for e in range(elements):
            for v in range(vectors):
                sums[e][v] = sums[e][v] + vload(dkernel + e * sweep.sum_step + v * LANES)
    for e in range(elements):
        for v in range(vectors):
            vstore(dkernel + e * sweep.sum_step + v * LANES, sums[e][v])


cdef inline void any_kernel_tile(
    const int vectors, Py_ssize_t elements, const KernelSweep *sweep, const real *x, const real *dy, real *dkernel,
) noexcept nogil:
    """``kernel_tile`` for a number of elements known only now, 1 to most_pixels(vectors)."""
    if elements == 1: kernel_tile(1, vectors, sweep, x, dy, dkernel)
    elif elements == 2: kernel_tile(2, vectors, sweep, x, dy, dkernel)
    elif elements == 3: kernel_tile(3, vectors, sweep, x, dy, dkernel)
    elif elements == 4: kernel_tile(4, vectors, sweep, x, dy, dkernel)
    elif elements == 5: kernel_tile(5, vectors, sweep, x, dy, dkernel)
    elif elements == 6: kernel_tile(6, vectors, sweep, x, dy, dkernel)
    elif most_pixels(vectors) >= 7 and elements == 7: kernel_tile(7, vectors, sweep, x, dy, dkernel)
    elif most_pixels(vectors) >= 8 and elements == 8: kernel_tile(8, vectors, sweep, x, dy, dkernel)
    elif most_pixels(vectors) >= 9 and elements == 9: kernel_tile(9, vectors, sweep, x, dy, dkernel)
    elif most_pixels(vectors) >= 10 and elements == 10: kernel_tile(10, vectors, sweep, x, dy, dkernel)
    elif most_pixels(vectors) >= 11 and elements == 11: kernel_tile(11, vectors, sweep, x, dy, dkernel)
    elif most_pixels(vectors) >= 12 and elements == 12: kernel_tile(12, vectors, sweep, x, dy, dkernel)
    elif most_pixels(vectors) >= 13 and elements == 13: kernel_tile(13, vectors, sweep, x, dy, dkernel)
    elif most_pixels(vectors) >= 14 and elements == 14: kernel_tile(14, vectors, sweep, x, dy, dkernel)


cdef inline void run_of_kernel_tiles(
    Py_ssize_t elements, const KernelSweep *sweep, const real *x, const real *dy, real *dkernel, Py_ssize_t vectors,
) noexcept nogil:
    """A run of consecutive elements of x, in tiles of nearly equal size."""
    cdef bint wide = vectors == TILE_VECTORS
    cdef Py_ssize_t tiles = ceil_div(elements, most_pixels(TILE_VECTORS if wide else 1)), t, size
    for t in range(tiles):
        size = elements // tiles + (1 if t < elements % tiles else 0)
        if wide:
            any_kernel_tile(TILE_VECTORS, size, sweep, x, dy, dkernel)
        else:
            any_kernel_tile(1, size, sweep, x, dy, dkernel)
        x += size
        dkernel += size * sweep.sum_step

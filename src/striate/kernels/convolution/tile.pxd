"""The register tiles: the innermost loops of all convolutions that sum over channels.

``tile`` keeps a block of outputs in registers, neighbouring pixels times neighbouring filters, and multiplies one input value
of each pixel with TILE_VECTORS vectors of weights at a time: an outer product, in which each load feeds many FMAs.
``kernel_tile`` does the same for a sum over pixels, with elements of x times filters of dy.

The numbers of pixels and of vectors are compile-time constants in each call, and everything here is inlined, so that the C
compiler unrolls the loops over them and keeps ``sums`` in registers; ``any_tile`` and ``any_kernel_tile`` turn a number that is
known only at run time into such constants. With a pointer for each pixel, registers would not suffice. Instead, each pointer
serves three pixels, which the processor's addressing modes reach from it: base, base + step and base + 2 * step.
"""
from striate.kernels.common.buffers cimport LINE
from striate.kernels.common.epilogue cimport Epilogue, clamp, finish
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, NARROW_TILE_PIXELS, TILE_PIXELS, TILE_VECTORS, prefetch_read, prefetch_write,
                                          real, vload, vload_first, vreal, vset, vstore, vstore_first)
from striate.kernels.common.vmath cimport vhard_silu
from striate.kernels.ops cimport HARD_SILU

cdef enum:
    TRIOS = 5           # pointers into x, each for three pixels
    SET_BYTES = 4096    # addresses a multiple of this apart share a set of the L1 cache, which holds eight lines
    SET_PIXELS = 7      # the most pixels of a tile whose lines may share a set, so that one line is left for the weights


cdef struct Sweep:
    # How a tile walks over the input, shared by the tiles of an operation. Steps count elements.
    Py_ssize_t pixel_step           # from the first tap of a pixel to that of the next pixel
    Py_ssize_t rows, row_step       # rows of taps, and the step from one row to the next
    Py_ssize_t runs, run_step       # runs of contiguous taps in a row, and the step from one run to the next
    Py_ssize_t length               # elements of a run
    Py_ssize_t out_step             # from pixel to pixel of the output
    const Epilogue *epilogue            # NULL: none. What it points to takes no registers while sums are computed.
    # While tiles use one panel, they prefetch the next one, a piece of it for each input element that they multiply.
    const real *ahead               # what the next tile prefetches first
    const real *ahead_end           # the end of the next panel
    Py_ssize_t ahead_step           # elements from one prefetch to the next; 0 if there is nothing to prefetch


cdef inline int most_pixels(const int vectors) noexcept nogil:
    """Pixels of the largest tile, a compile-time constant if ``vectors`` is one."""
    return TILE_PIXELS if vectors == TILE_VECTORS else NARROW_TILE_PIXELS


cdef inline Py_ssize_t block_vectors(Py_ssize_t filters) noexcept nogil:
    """Vectors of a filter block, given the number of filters from its beginning to the last of the group."""
    return TILE_VECTORS if filters > (TILE_VECTORS - 1) * LANES else ceil_div(filters, LANES)


cdef inline void prefetch_panel(Sweep *sweep, const real *panel, Py_ssize_t size, Py_ssize_t tiles) noexcept nogil:
    """Let the next ``tiles`` tiles prefetch ``panel``, a part each; nothing is prefetched if its size is 0."""
    sweep.ahead, sweep.ahead_end = panel, panel + size
    sweep.ahead_step = ceil_div(TILE_VECTORS * LANES, max(tiles, 1)) if size else 0


cdef inline bint stores_hard_silu(Py_ssize_t vectors, const Sweep *sweep, const real *residual,
                                  Py_ssize_t filters) noexcept nogil:
    """Whether `tile` applies hard SiLU: to whole vectors, without a residual."""
    return (sweep.epilogue != NULL and sweep.epilogue.activation == HARD_SILU and residual == NULL
            and filters >= vectors * LANES)


cdef inline void tile(
    const int pixels, const int vectors,            # compile-time constants at each call
    const Sweep *sweep,
    const real *x,                                  # IN: first tap of pixel 0
    const real *panel,                              # IN (rows, runs, length, vectors * LANES)
    const real *bias,                               # IN (filters,) or NULL
    const real *residual,                           # IN: pixel 0 of the residual, added before the activation, or NULL
    real *y,                                        # OUT: pixel 0
    Py_ssize_t filters,                             # filters to store; in the last block fewer than lanes
) noexcept nogil:
    cdef vreal sums[NARROW_TILE_PIXELS][TILE_VECTORS]
    cdef vreal weights[TILE_VECTORS]
    cdef const real *trio[TRIOS]
    cdef const real *ahead = sweep.ahead
    cdef Py_ssize_t r, s, part, _element, left, step = sweep.pixel_step, twice = 2 * step
    # The residual and the output are prefetched while the sums are computed: their pixels lie too far apart for the processor,
    # whose prefetcher follows contiguous lines, to predict them. Prefetching them all at once would delay the loads of x and of
    # the panel, so the first run has as many parts as there are pixels, each of which begins with the prefetches for one pixel.
    cdef Py_ssize_t parts = pixels, share = ceil_div(sweep.length, pixels)
    cdef const real *added = residual if residual != NULL else y
    cdef int p, v
    cdef real value
    for v in range(vectors):
        weights[v] = vset(0)
        if bias != NULL:
            weights[v] = vload_first(bias + v * LANES, min(filters - v * LANES, LANES))
        for p in range(pixels):
            sums[p][v] = weights[v]
    for r in range(sweep.rows):
        for s in range(sweep.runs):
            for p in range((pixels + 2) // 3):
                trio[p] = x + r * sweep.row_step + s * sweep.run_step + 3 * p * step
            left = sweep.length
            for part in range(parts):
                for v in range(ceil_div(vectors * LANES, LINE)):
                    prefetch_write(y + part * sweep.out_step + v * LINE)
                    prefetch_read(added + part * sweep.out_step + v * LINE)
                for _element in range(min(left, share)):
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
                left -= share
            parts, share = 1, sweep.length
    # The conditions stand outside the loops, because otherwise the compiler would not keep the sums in registers. In the most
    # frequent cases they stay there until they are stored; in the others, each step leaves them on the stack.
    if stores_hard_silu(vectors, sweep, residual, filters):
        for v in range(vectors):
            for p in range(pixels):
                vstore(y + p * sweep.out_step + v * LANES, vhard_silu(sums[p][v]))
        return
    if filters >= vectors * LANES and sweep.epilogue != NULL:
        if residual == NULL:
            for v in range(vectors):
                for p in range(pixels):
                    vstore(y + p * sweep.out_step + v * LANES, clamp(sums[p][v], sweep.epilogue))
            return
        for v in range(vectors):
            for p in range(pixels):
                vstore(y + p * sweep.out_step + v * LANES,
                       clamp(sums[p][v] + vload(residual + p * sweep.out_step + v * LANES), sweep.epilogue))
        return
    if residual != NULL:
        for v in range(vectors):
            for p in range(pixels):
                sums[p][v] = sums[p][v] + vload_first(residual + p * sweep.out_step + v * LANES,
                                                      min(filters - v * LANES, LANES))
    if sweep.epilogue != NULL:
        for v in range(vectors):
            for p in range(pixels):
                sums[p][v] = clamp(sums[p][v], sweep.epilogue)
    if filters >= vectors * LANES:
        for v in range(vectors):
            for p in range(pixels):
                vstore(y + p * sweep.out_step + v * LANES, sums[p][v])
    elif vectors == 1 and sweep.out_step == filters:
        # Storing a part of a vector takes several times as long, so whole vectors are stored as long as they end within the
        # tile; the pixels that follow overwrite the superfluous lanes.
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
    """`tile` for a number of pixels that is known only at run time, 1 to most_pixels(vectors)."""
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
    """Compute a row of pixels for one filter block, in tiles of nearly equal size.

    A tile's sums are clamped in registers, or, in the most frequent case, hard SiLU is applied to them. Other activations are
    applied when they have been stored, while they are in the L1 cache: code for them in the tile would make all others slower.
    """
    cdef bint wide = block_vectors(filters) == TILE_VECTORS
    cdef Py_ssize_t vectors = TILE_VECTORS if wide else 1, most = most_pixels(TILE_VECTORS if wide else 1), tiles, t, pixels
    if sweep.pixel_step * <Py_ssize_t>sizeof(real) % SET_BYTES == 0:
        most = min(most, SET_PIXELS)
    tiles = ceil_div(outputs, most)
    for t in range(tiles):
        pixels = outputs // tiles + (1 if t < outputs % tiles else 0)
        if wide:
            any_tile(TILE_VECTORS, pixels, sweep, x, panel, bias, residual, y, filters)
        else:
            any_tile(1, pixels, sweep, x, panel, bias, residual, y, filters)
        if sweep.epilogue != NULL and not sweep.epilogue.clamps and not stores_hard_silu(vectors, sweep, residual, filters):
            finish(y, pixels, min(filters, vectors * LANES), sweep.out_step, NULL, NULL, sweep.epilogue)
        sweep.ahead += sweep.rows * sweep.runs * sweep.length * sweep.ahead_step
        if sweep.ahead >= sweep.ahead_end:
            sweep.ahead_step = 0
        x += pixels * sweep.pixel_step
        y += pixels * sweep.out_step
        if residual != NULL:
            residual += pixels * sweep.out_step


cdef struct KernelSweep:
    # How a tile of the kernel's gradient walks over the pixels of a block. Steps are those of x and count elements.
    Py_ssize_t images, image_step
    Py_ssize_t rows, row_step
    Py_ssize_t columns, pixel_step
    Py_ssize_t sum_step                 # from the sums of an element of x to those of the next element
    bint fresh                          # whether this is the first block of a sum, which overwrites ``dkernel``


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
    # A short sum loses less to rounding than a long one, so the sums begin at zero and are added to ``dkernel`` at the end.
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
    """`kernel_tile` for a number of elements that is known only at run time, 1 to most_pixels(vectors)."""
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
    """Compute the sums of a run of contiguous elements of x, in tiles of nearly equal size."""
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

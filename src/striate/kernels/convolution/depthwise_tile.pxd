"""The register tiles of depthwise convolution: neighbouring pixels of a row, for a vector of channels at a time.

`row_of_windows` loads each column of the input once for all taps and pixels of a tile that read it; columns outside the image
are zero. It is for rows of three taps with a stride of 1, and of five with 1 or 2, all of them neighbours. `row_of_pixels`
computes any convolution: taps outside the image are left out, pixel by pixel at the borders of a row, and for all of the
interior at once.

The sizes of tiles are compile-time constants in each call, as in tile.pxd.
"""
from striate.kernels.common.epilogue cimport Epilogue, clamp, finish
from striate.kernels.common.geometry cimport Axis, Taps, ceil_div, clip, taps_inside
from striate.kernels.common.simd cimport (LANES, TILE_PIXELS, real, vload, vload_first, vreal, vset, vstore, vstore_first)
from striate.kernels.common.vmath cimport vhard_silu
from striate.kernels.ops cimport HARD_SILU

cdef enum:
    PIXELS = 8          # pixels of a tile: enough sums to hide the latency of an FMA
    MOST_COLUMNS = 15   # columns of the input that a tile of windows reads: those of 6 pixels with 5 taps and a stride of 2
    TRIOS = 5           # pointers to three neighbouring columns each
    BORDER_VECTORS = 4  # vectors of a tile of one pixel


cdef struct Line:
    # What the tiles of one row of output share. Steps count elements.
    Py_ssize_t channels
    const real *kernel          # the weights of tap (0, 0)
    const real *bias            # (channels,) or NULL
    Py_ssize_t kernel_row, kernel_column    # steps of the kernel: from row to row of taps, and from tap to tap
    Py_ssize_t row_step         # step of the input from row to row of taps
    Py_ssize_t tap_step         # step of the input from tap to tap along x
    Py_ssize_t pixel_step       # step of the input from pixel to pixel
    Py_ssize_t out_step         # step of the output from pixel to pixel
    Py_ssize_t first_row, end_row   # the taps along y that lie inside the input, the last excluded
    Epilogue epilogue


cdef inline void row_of_tiles(const Line *line, const Axis *columns, const real *x, const real *residual,
                              real *y) noexcept nogil:
    """Compute one row."""
    cdef bint neighbours = columns.tap_step == 1 and line.channels >= LANES
    # The last vector begins early, and so would read outputs for a residual that they overwrite.
    neighbours = neighbours and (residual == NULL or line.channels % LANES == 0)
    if neighbours and columns.taps == 3 and columns.step == 1:
        row_of_windows(3, 1, line, columns, x, residual, y)
    elif neighbours and columns.taps == 5 and columns.step == 1:
        row_of_windows(5, 1, line, columns, x, residual, y)
    elif neighbours and columns.taps == 5 and columns.step == 2:
        row_of_windows(5, 2, line, columns, x, residual, y)
    else:
        row_of_pixels(line, columns, x, residual, y)
    if not line.epilogue.clamps and line.epilogue.activation != HARD_SILU:
        # Code for further activations in the tiles would make all others slower.
        finish(y, columns.outputs, line.channels, line.out_step, NULL, NULL, &line.epilogue)


cdef inline void finish_tile(
    const int pixels, const int vectors, const Line *line, const real *residual, vreal *sums, real *y, Py_ssize_t lanes,
) noexcept nogil:
    """Add the residual, clamp or apply hard SiLU, and store; residual and y begin with the first channel of the first pixel."""
    cdef int p, v
    # The conditions stand outside the loops, because otherwise the compiler would not keep the sums in registers.
    if residual != NULL:
        for p in range(pixels):
            for v in range(vectors):
                sums[p * vectors + v] = sums[p * vectors + v] + vload_first(residual + p * line.out_step + v * LANES, lanes)
    if line.epilogue.activation == HARD_SILU:
        for p in range(pixels):
            for v in range(vectors):
                vstore_first(y + p * line.out_step + v * LANES, vhard_silu(sums[p * vectors + v]), lanes)
        return
    for p in range(pixels):
        for v in range(vectors):
            vstore_first(y + p * line.out_step + v * LANES, clamp(sums[p * vectors + v], &line.epilogue), lanes)


# -------------------------------------------------------------------------------------------------------------- windows

cdef inline vreal vload_if(bint inside, const real *x) noexcept nogil:
    """Load a vector, or zeros from outside of the input."""
    return vload(x) if inside else vset(0)


cdef inline void window_tile(
    const int pixels, const int taps, const int step,       # compile-time constants at each call
    const Line *line,
    Py_ssize_t j,                                           # the first channel
    const real *x,                                          # IN: column 0
    Py_ssize_t first, Py_ssize_t end,                       # the columns that lie inside the input
    const real *residual,                                   # IN: pixel 0, or NULL
    real *y,                                                # OUT: pixel 0
) noexcept nogil:
    """Load each column once, a row of taps at a time, and multiply it with the weights of all taps that read it."""
    cdef vreal sums[PIXELS]
    cdef vreal columns[MOST_COLUMNS]
    cdef const real *trio[TRIOS]
    cdef const real *weights
    cdef Py_ssize_t ky, column_step = line.tap_step, twice = 2 * column_step
    cdef vreal weight = vload(line.bias + j) if line.bias != NULL else vset(0)
    cdef int count = (pixels - 1) * step + taps, p, c, kx
    for p in range(pixels):
        sums[p] = weight
    for c in range((count + 2) // 3):
        trio[c] = x + line.first_row * line.row_step + 3 * c * column_step + j
    for ky in range(line.first_row, line.end_row):
        weights = line.kernel + ky * line.kernel_row + j
        for c in range((count + 2) // 3):
            columns[3 * c] = vload_if(first <= 3 * c < end, trio[c])
            if 3 * c + 1 < count:
                columns[3 * c + 1] = vload_if(first <= 3 * c + 1 < end, trio[c] + column_step)
            if 3 * c + 2 < count:
                columns[3 * c + 2] = vload_if(first <= 3 * c + 2 < end, trio[c] + twice)
            trio[c] += line.row_step
        for kx in range(taps):
            weight = vload(weights + kx * line.kernel_column)
            for p in range(pixels):
                sums[p] = sums[p] + weight * columns[p * step + kx]
    finish_tile(pixels, 1, line, residual + j if residual != NULL else NULL, sums, y + j, LANES)


cdef inline void window_tiles(const int pixels, const int taps, const int step, const Line *line, const real *x,
                              Py_ssize_t first, Py_ssize_t end, const real *residual, real *y) noexcept nogil:
    """Compute all channels of ``pixels`` pixels; the last vector begins early, so that it is a whole one, too."""
    cdef Py_ssize_t v
    for v in range(ceil_div(line.channels, LANES)):
        window_tile(pixels, taps, step, line, min(v * LANES, line.channels - LANES), x, first, end, residual, y)


cdef inline void any_window_tiles(const int taps, const int step, Py_ssize_t pixels, const Line *line, const real *x,
                                  Py_ssize_t first, Py_ssize_t end, const real *residual, real *y) noexcept nogil:
    """`window_tiles` for a number of pixels, 1 to most_window_pixels(step), that is known only at run time."""
    cdef int most = most_window_pixels(step)
    if pixels == 1: window_tiles(1, taps, step, line, x, first, end, residual, y)
    elif pixels == 2: window_tiles(2, taps, step, line, x, first, end, residual, y)
    elif pixels == 3: window_tiles(3, taps, step, line, x, first, end, residual, y)
    elif pixels == 4: window_tiles(4, taps, step, line, x, first, end, residual, y)
    elif most >= 5 and pixels == 5: window_tiles(5, taps, step, line, x, first, end, residual, y)
    elif most >= 6 and pixels == 6: window_tiles(6, taps, step, line, x, first, end, residual, y)
    elif most >= 7 and pixels == 7: window_tiles(7, taps, step, line, x, first, end, residual, y)
    elif most >= 8 and pixels == 8: window_tiles(8, taps, step, line, x, first, end, residual, y)


cdef inline int most_window_pixels(const int step) noexcept nogil:
    """Pixels of the largest tile of windows: as many as registers hold, with the columns that they read."""
    return PIXELS // 2 if TILE_PIXELS < PIXELS else PIXELS if step == 1 else PIXELS - 2


cdef inline void row_of_windows(const int taps, const int step, const Line *line, const Axis *columns, const real *x,
                                const real *residual, real *y) noexcept nogil:
    """Compute one row, in tiles of nearly equal size; columns outside the input are zero."""
    cdef Py_ssize_t tiles = ceil_div(columns.outputs, most_window_pixels(step)), t, ox = 0, pixels
    for t in range(tiles):
        pixels = columns.outputs // tiles + (1 if t < columns.outputs % tiles else 0)
        any_window_tiles(taps, step, pixels, line, x + ox * line.pixel_step, -columns.first - ox * step,
                         columns.size - columns.first - ox * step, residual, y)
        ox += pixels
        y += pixels * line.out_step
        if residual != NULL:
            residual += pixels * line.out_step


# ------------------------------------------------------------------------------------------------------ any convolution

cdef inline Py_ssize_t inner_begin(const Axis *axis) noexcept nogil:
    """The first output all of whose taps lie inside the input."""
    return clip(ceil_div(-axis.first, axis.step), 0, axis.outputs) if axis.first < 0 else 0


cdef inline Py_ssize_t inner_end(const Axis *axis) noexcept nogil:
    """The output after the last one all of whose taps lie inside the input."""
    cdef Py_ssize_t room = axis.size - 1 - axis.first - (axis.taps - 1) * axis.tap_step
    return clip(room // axis.step + 1, 0, axis.outputs) if room >= 0 else 0


cdef inline void tile(
    const int pixels, const int vectors, const int taps,    # compile-time constants at each call; 0 taps if not known
    const Line *line,
    Py_ssize_t j,                                           # the first channel of the first vector
    const real *x,                                          # IN: tap (0, 0) of pixel 0
    Py_ssize_t first, Py_ssize_t end,                       # taps along x that lie inside the input
    const real *residual,                                   # IN: pixel 0, or NULL
    real *y,                                                # OUT: pixel 0
    Py_ssize_t lanes,                                       # channels of a vector
) noexcept nogil:
    cdef vreal sums[PIXELS]
    cdef vreal weight
    cdef Py_ssize_t ky, kx
    cdef const real *tap
    cdef const real *weights
    cdef int p, v
    for v in range(vectors):
        weight = vload_first(line.bias + j + v * LANES, lanes) if line.bias != NULL else vset(0)
        for p in range(pixels):
            sums[p * vectors + v] = weight
    for ky in range(line.first_row, line.end_row):
        weights = line.kernel + ky * line.kernel_row + j
        for kx in range(first, first + taps if taps else end):
            tap = x + ky * line.row_step + kx * line.tap_step + j
            for v in range(vectors):
                weight = vload_first(weights + kx * line.kernel_column + v * LANES, lanes)
                for p in range(pixels):
                    sums[p * vectors + v] = sums[p * vectors + v] + weight * vload_first(
                        tap + p * line.pixel_step + v * LANES, lanes)
    finish_tile(pixels, vectors, line, residual + j if residual != NULL else NULL, sums, y + j, lanes)


cdef inline void tiles(const int pixels, const int vectors, const int taps, const Line *line, const real *x, Py_ssize_t first,
                       Py_ssize_t end, const real *residual, real *y) noexcept nogil:
    """Compute all channels of ``pixels`` pixels."""
    cdef Py_ssize_t j = 0
    while j + vectors * LANES <= line.channels:
        tile(pixels, vectors, taps, line, j, x, first, end, residual, y, LANES)
        j += vectors * LANES
    while vectors > 1 and j + LANES <= line.channels:
        tile(pixels, 1, taps, line, j, x, first, end, residual, y, LANES)
        j += LANES
    if j < line.channels:
        tile(pixels, 1, 0, line, j, x, first, end, residual, y, line.channels - j)


cdef inline void inner_tiles(const int taps, Py_ssize_t pixels, const Line *line, const real *x, Py_ssize_t end,
                             const real *residual, real *y) noexcept nogil:
    """`tiles` for a number of pixels, 1 to PIXELS, that is known only at run time; their taps are inside the input."""
    if pixels == 1: tiles(1, BORDER_VECTORS, taps, line, x, 0, end, residual, y)
    elif pixels == 2: tiles(2, 2, taps, line, x, 0, end, residual, y)
    elif pixels == 3: tiles(3, 2, taps, line, x, 0, end, residual, y)
    elif pixels == 4: tiles(4, 2, taps, line, x, 0, end, residual, y)
    elif pixels == 5: tiles(5, 1, taps, line, x, 0, end, residual, y)
    elif pixels == 6: tiles(6, 1, taps, line, x, 0, end, residual, y)
    elif pixels == 7: tiles(7, 1, taps, line, x, 0, end, residual, y)
    elif pixels == 8: tiles(8, 1, taps, line, x, 0, end, residual, y)


cdef inline void row_of_pixels(const Line *line, const Axis *columns, const real *x, const real *residual,
                               real *y) noexcept nogil:
    """Compute one row: pixel by pixel where taps lie outside the input, and in tiles of nearly equal size where none does."""
    cdef Taps inside
    cdef Py_ssize_t ox = 0, begin = inner_begin(columns), end = max(inner_end(columns), begin), size
    cdef const real *source
    while ox < columns.outputs:
        source = x + ox * line.pixel_step
        size = 1
        if ox < begin or ox >= end:
            inside = taps_inside(columns, ox)
            tiles(1, BORDER_VECTORS, 0, line, source, inside.first, inside.last, residual, y)
        else:
            size = ceil_div(end - ox, ceil_div(end - ox, PIXELS))
            if columns.taps == 3:
                inner_tiles(3, size, line, source, 3, residual, y)
            else:
                inner_tiles(0, size, line, source, columns.taps, residual, y)
        ox += size
        y += size * line.out_step
        if residual != NULL:
            residual += size * line.out_step

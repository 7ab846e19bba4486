"""The register tile of convolutions in low precision, and the way of its 32-bit sums back to what is stored.

As in convolution/tile.pxd, neighbouring pixels times neighbouring filters stay in registers; each step multiplies a group of
input channels (low_precision.h) of each pixel with TILE_VECTORS vectors of grouped weights.

A sum s of products of 8-bit integers becomes an output y (Jacob et al., "Quantization and training of neural networks for
efficient integer-arithmetic-only inference", 2018, equation 4, with the rounding below):

    y = round(clamp(m s + m' (r - zero'), low - zero, high - zero) + zero)

with m = scale of x * scale of the filter / scale of y, and for a residual r, if there is one, m' = its scale / scale of y.
Each product and sum is rounded to float32 by itself, and the last to the nearest integer, halves to even: the same bits
everywhere. A real output is m s, within bounds of its own. For bfloat16 the multipliers are 1 and the zero points 0, and the
last rounding is to bfloat16.
"""
from libc.stdint cimport int32_t
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, NARROW_TILE_PIXELS, TILE_PIXELS, TILE_VECTORS, prefetch_read, real, vload,
                                          vreal, vset, vstore_first)
from striate.kernels.convolution.tile cimport block_vectors, most_pixels
from striate.kernels.low_precision.vectors cimport (BFLOAT16, GROUP, element, grouped_input, grouped_weight, load_group,
                                                    sum_type, vclamp, vdot, vload_stored, vload_sums, vstore_rounded,
                                                    vstore_sums, vsums, vto_real)

cdef enum:
    FIRST_HALF = 0xFFFF     # of a group of two


cdef struct Requantization:
    bint real_output            # y is float32: no zero point, no rounding
    real low, high              # bounds of the output less its zero point; of a real output, of itself
    int32_t zero                # of y
    real residual_multiplier    # scale of the residual / scale of y
    int32_t residual_zero


cdef struct LowPrecisionSweep:
    # How a tile walks over the input: what all tiles of an operation share. Steps count elements.
    Py_ssize_t pixel_step           # between the first taps of neighbouring pixels
    Py_ssize_t rows, row_step       # taps along y
    Py_ssize_t runs, run_step       # runs of taps along x
    Py_ssize_t length               # groups in a run
    bint half                       # of bfloat16: the last of them has one channel
    Py_ssize_t last_bytes           # of the last step of matrix tiles that count, 0 for all: see matrix_tile.pxi
    Py_ssize_t row_phases, column_phases, plane     # of input that is cut into phases, and from one to the next
    Py_ssize_t out_step             # between neighbouring pixels of the output
    Requantization requantization


cdef inline Py_ssize_t panel_bytes(Py_ssize_t depth, Py_ssize_t vectors) noexcept nogil:
    """Size of the panel of a block of filters: their biases and multipliers, then ``depth`` groups of weights of each."""
    return (2 + depth) * vectors * LANES * <Py_ssize_t>sizeof(int32_t)


cdef inline Py_ssize_t output_size(bint real_output) noexcept nogil:
    """Bytes of an output."""
    return sizeof(real) if real_output else sizeof(element)


cdef inline void store_rows(
    const bint real_output, const bint has_residual, const bint whole, const int vectors,   # compile-time constants
    Py_ssize_t pixels, const Requantization *form, const sum_type *sums, const real *multiplier, const element *residual,
    void *y, Py_ssize_t out_step, Py_ssize_t filters,
) noexcept nogil:
    # What does not change is kept in registers, as the compiler cannot know that what is stored does not change it.
    cdef real low = form.low, high = form.high, residual_multiplier = form.residual_multiplier
    cdef int32_t zero = form.zero, residual_zero = form.residual_zero
    cdef vreal multipliers[TILE_VECTORS]
    cdef Py_ssize_t p, at, lanes
    cdef vreal value
    cdef int v
    for v in range(vectors):
        multipliers[v] = vload(multiplier + v * LANES)
    for p in range(pixels):
        for v in range(vectors):
            at = p * out_step + v * LANES
            lanes = LANES if whole else min(filters - v * LANES, LANES)
            value = vto_real(vload_sums(sums + (p * vectors + v) * LANES)) * multipliers[v]
            if has_residual:
                value = value + vload_stored(residual + at, residual_zero, lanes) * residual_multiplier
            value = vclamp(value, low, high)
            if real_output:
                vstore_first(<real *>y + at, value, lanes)
            else:
                vstore_rounded(<element *>y + at, value, zero, lanes)


cdef void store_tile(Py_ssize_t pixels, Py_ssize_t vectors, const Requantization *form, const sum_type *sums,
                     const real *multiplier, const element *residual, void *y, Py_ssize_t out_step,
                     Py_ssize_t filters) noexcept nogil:
    """Make outputs of sums (pixels, vectors * LANES). No part of the tile: its registers are for sums."""
    cdef bint whole = vectors == TILE_VECTORS and filters >= TILE_VECTORS * LANES
    if form.real_output and vectors == TILE_VECTORS:
        store_rows(True, False, False, TILE_VECTORS, pixels, form, sums, multiplier, NULL, y, out_step, filters)
    elif form.real_output:
        store_rows(True, False, False, 1, pixels, form, sums, multiplier, NULL, y, out_step, filters)
    elif whole and residual == NULL:
        store_rows(False, False, True, TILE_VECTORS, pixels, form, sums, multiplier, NULL, y, out_step, filters)
    elif whole:
        store_rows(False, True, True, TILE_VECTORS, pixels, form, sums, multiplier, residual, y, out_step, filters)
    elif vectors == TILE_VECTORS and residual == NULL:
        store_rows(False, False, False, TILE_VECTORS, pixels, form, sums, multiplier, NULL, y, out_step, filters)
    elif vectors == TILE_VECTORS:
        store_rows(False, True, False, TILE_VECTORS, pixels, form, sums, multiplier, residual, y, out_step, filters)
    elif residual == NULL:
        store_rows(False, False, False, 1, pixels, form, sums, multiplier, NULL, y, out_step, filters)
    else:
        store_rows(False, True, False, 1, pixels, form, sums, multiplier, residual, y, out_step, filters)


cdef inline void low_precision_tile(
    const int pixels, const int vectors,            # compile-time constants at each call
    const LowPrecisionSweep *sweep,
    const grouped_input *x,                         # IN: first tap of pixel 0
    const void *panel,                              # IN: biases, multipliers, (rows, runs, length, vectors * LANES) groups
    const element *residual,                        # IN: pixel 0 of what is added, or NULL
    void *y,                                        # OUT: pixel 0, elements or float32
    Py_ssize_t filters,                             # filters to store: fewer than the lanes in the last block
) noexcept nogil:
    cdef vsums sums[NARROW_TILE_PIXELS][TILE_VECTORS]
    cdef sum_type outputs[NARROW_TILE_PIXELS * TILE_VECTORS * LANES]
    cdef vsums bias
    cdef const grouped_weight *weights = <const grouped_weight *>panel + 2 * vectors * LANES * GROUP
    cdef const grouped_input *group
    cdef Py_ssize_t r, s, _i
    cdef int32_t inputs
    cdef int p, v
    for v in range(vectors):
        bias = vload_sums(<const sum_type *>panel + v * LANES)
        for p in range(pixels):
            sums[p][v] = bias
    for r in range(sweep.rows):
        for s in range(sweep.runs):
            group = x + r * sweep.row_step + s * sweep.run_step
            for _i in range(sweep.length - (1 if BFLOAT16 and sweep.half else 0)):
                for p in range(pixels):
                    inputs = load_group(group + p * sweep.pixel_step)
                    for v in range(vectors):
                        sums[p][v] = vdot(sums[p][v], inputs, weights + v * LANES * GROUP)
                group += GROUP
                weights += vectors * LANES * GROUP
            if BFLOAT16 and sweep.half:     # what follows the run may be NaN, which a weight of zero does not make zero
                for p in range(pixels):
                    inputs = load_group(group + p * sweep.pixel_step) & FIRST_HALF
                    for v in range(vectors):
                        sums[p][v] = vdot(sums[p][v], inputs, weights + v * LANES * GROUP)
                weights += vectors * LANES * GROUP
    for p in range(pixels):
        for v in range(vectors):
            vstore_sums(outputs + (p * vectors + v) * LANES, sums[p][v])
    store_tile(pixels, vectors, &sweep.requantization, outputs, <const real *>panel + vectors * LANES, residual, y,
               sweep.out_step, filters)


cdef inline void any_low_precision_tile(
    const int vectors, Py_ssize_t pixels, const LowPrecisionSweep *sweep, const grouped_input *x, const void *panel,
    const element *residual, void *y, Py_ssize_t filters,
) noexcept nogil:
    """``low_precision_tile`` for a number of pixels known only now, 1 to most_pixels(vectors)."""
    if pixels == 1: low_precision_tile(1, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 2: low_precision_tile(2, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 3: low_precision_tile(3, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 4: low_precision_tile(4, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 5: low_precision_tile(5, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 6: low_precision_tile(6, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 7 and pixels == 7: low_precision_tile(7, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 8 and pixels == 8: low_precision_tile(8, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 9 and pixels == 9: low_precision_tile(9, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 10 and pixels == 10: low_precision_tile(10, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 11 and pixels == 11: low_precision_tile(11, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 12 and pixels == 12: low_precision_tile(12, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 13 and pixels == 13: low_precision_tile(13, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 14 and pixels == 14: low_precision_tile(14, vectors, sweep, x, panel, residual, y, filters)


cdef inline void row_of_low_precision_tiles(
    Py_ssize_t outputs, const LowPrecisionSweep *sweep, const grouped_input *x, const void *panel, const element *residual,
    void *y, Py_ssize_t filters,
) noexcept nogil:
    """A row of pixels of one filter block, in tiles of nearly equal size."""
    cdef bint wide = block_vectors(filters) == TILE_VECTORS
    cdef Py_ssize_t tiles = ceil_div(outputs, most_pixels(TILE_VECTORS if wide else 1)), t, pixels
    cdef Py_ssize_t size = output_size(sweep.requantization.real_output)
    for t in range(tiles):
        pixels = outputs // tiles + (1 if t < outputs % tiles else 0)
        if wide:
            any_low_precision_tile(TILE_VECTORS, pixels, sweep, x, panel, residual, y, filters)
        else:
            any_low_precision_tile(1, pixels, sweep, x, panel, residual, y, filters)
        x += pixels * sweep.pixel_step
        y = <char *>y + pixels * sweep.out_step * size
        if residual != NULL:
            residual += pixels * sweep.out_step

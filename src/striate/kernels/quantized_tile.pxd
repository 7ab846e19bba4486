"""The register tile of 8-bit convolutions, and the way of its 32-bit sums back to 8 bits.

As in tile.pxd, neighbouring pixels times neighbouring filters stay in registers; each step multiplies a group of input channels
(quantized.h) of each pixel with TILE_VECTORS vectors of grouped weights.

A sum s of products becomes an output y (Jacob et al., "Quantization and training of neural networks for efficient
integer-arithmetic-only inference", 2018, equation 4, with the rounding below):

    y = clamp(round(m s) + zero)                            m = scale of x * scale of the filter / scale of y
    y = clamp((round(256 m s) + round(256 m' r) + 128) // 256 + zero)       with a residual r: one rounding of the sum
    y = m s, clamped                                                        to a real output

The products with m are float32's, each rounded once, and `round` takes halves to even: the same bits everywhere.
"""
from libc.stdint cimport int32_t, uint8_t
from striate.kernels.geometry cimport ceil_div
from striate.kernels.quantized cimport (GROUP, grouped_input, grouped_weight, load_group, vclamp, vclamp_sums, vdot, vhalve_rounded,
                                        vload_bytes, vload_sums, vround, vset_sums, vstore_bytes, vsums, vto_real)
from striate.kernels.simd cimport (LANES, NARROW_TILE_PIXELS, TILE_PIXELS, TILE_VECTORS, expect_write, real, vload, vreal, vset,
                                   vstore_first)
from striate.kernels.tile cimport block_vectors, most_pixels

cdef enum:
    FRACTION_BITS = 8           # of the terms of a sum with a residual
    LARGEST_TERM = 1 << 21      # of such a term, and of what is rounded at all


cdef struct Requantization:
    bint real_output            # y is float32: no zero point, no rounding
    real low, high              # bounds of the output less its zero point; of a real output, of itself
    int32_t zero                # of y
    real residual_multiplier    # scale of the residual / scale of y
    int32_t residual_zero


cdef struct QuantizedSweep:
    # How a tile walks over the input: what all tiles of an operation share. Steps count elements.
    Py_ssize_t pixel_step           # between the first taps of neighbouring pixels
    Py_ssize_t rows, row_step       # taps along y
    Py_ssize_t runs, run_step       # runs of taps along x
    Py_ssize_t length               # groups in a run
    Py_ssize_t out_step             # between neighbouring pixels of the output
    Requantization requantization


cdef inline Py_ssize_t panel_bytes(Py_ssize_t depth, Py_ssize_t vectors) noexcept nogil:
    """Size of the panel of a block of filters: their biases and multipliers, then ``depth`` groups of weights of each."""
    return (2 + depth) * vectors * LANES * <Py_ssize_t>sizeof(int32_t)


cdef inline void store_real(real *y, vsums sums, vreal multiplier, const Requantization *form, Py_ssize_t lanes) noexcept nogil:
    vstore_first(y, vclamp(vto_real(sums) * multiplier, form.low, form.high), lanes)


cdef inline void store_quantized(uint8_t *y, vsums sums, vreal multiplier, const uint8_t *residual, const Requantization *form,
                                 Py_ssize_t lanes) noexcept nogil:
    cdef vreal product = vto_real(sums) * multiplier, other
    cdef real one = 1 << FRACTION_BITS
    cdef vsums rounded
    if residual == NULL:
        rounded = vround(vclamp(product, form.low, form.high))
    else:
        other = vto_real(vload_bytes(residual, lanes) - vset_sums(form.residual_zero)) * (form.residual_multiplier * one)
        rounded = vround(vclamp(product * one, -LARGEST_TERM, LARGEST_TERM)) + vround(vclamp(other, -LARGEST_TERM, LARGEST_TERM))
        rounded = vclamp_sums(vhalve_rounded(rounded, FRACTION_BITS), <int32_t>form.low, <int32_t>form.high)
    vstore_bytes(y, rounded + vset_sums(form.zero), lanes)


cdef inline void quantized_tile(
    const int pixels, const int vectors,            # compile-time constants at each call
    const QuantizedSweep *sweep,
    const grouped_input *x,                         # IN: first tap of pixel 0
    const void *panel,                              # IN: biases, multipliers, (rows, runs, length, vectors * LANES) groups
    const uint8_t *residual,                        # IN: pixel 0 of what is added, or NULL
    void *y,                                        # OUT: pixel 0, uint8 or float32
    Py_ssize_t filters,                             # filters to store: fewer than the lanes in the last block
) noexcept nogil:
    cdef vsums sums[NARROW_TILE_PIXELS][TILE_VECTORS]
    cdef vsums bias
    cdef vreal multiplier
    cdef const grouped_weight *weights = <const grouped_weight *>panel + 2 * vectors * LANES * GROUP
    cdef const grouped_input *group
    cdef Py_ssize_t r, s, _i, at
    cdef int32_t inputs
    cdef int p, v
    for v in range(vectors):
        bias = vload_sums(<const int32_t *>panel + v * LANES)
        for p in range(pixels):
            sums[p][v] = bias
    for r in range(sweep.rows):
        for s in range(sweep.runs):
            group = x + r * sweep.row_step + s * sweep.run_step
            for _i in range(sweep.length):
                for p in range(pixels):
                    inputs = load_group(group + p * sweep.pixel_step)
                    for v in range(vectors):
                        sums[p][v] = vdot(sums[p][v], inputs, weights + v * LANES * GROUP)
                group += GROUP
                weights += vectors * LANES * GROUP
    for v in range(vectors):
        multiplier = vload(<const real *>panel + (vectors + v) * LANES)
        for p in range(pixels):
            at = p * sweep.out_step + v * LANES
            if sweep.requantization.real_output:
                store_real(<real *>y + at, sums[p][v], multiplier, &sweep.requantization, min(filters - v * LANES, LANES))
            else:
                store_quantized(<uint8_t *>y + at, sums[p][v], multiplier, residual + at if residual != NULL else NULL,
                                &sweep.requantization, min(filters - v * LANES, LANES))


cdef inline void any_quantized_tile(
    const int vectors, Py_ssize_t pixels, const QuantizedSweep *sweep, const grouped_input *x, const void *panel,
    const uint8_t *residual, void *y, Py_ssize_t filters,
) noexcept nogil:
    """``quantized_tile`` for a number of pixels known only now, 1 to most_pixels(vectors)."""
    if pixels == 1: quantized_tile(1, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 2: quantized_tile(2, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 3: quantized_tile(3, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 4: quantized_tile(4, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 5: quantized_tile(5, vectors, sweep, x, panel, residual, y, filters)
    elif pixels == 6: quantized_tile(6, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 7 and pixels == 7: quantized_tile(7, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 8 and pixels == 8: quantized_tile(8, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 9 and pixels == 9: quantized_tile(9, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 10 and pixels == 10: quantized_tile(10, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 11 and pixels == 11: quantized_tile(11, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 12 and pixels == 12: quantized_tile(12, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 13 and pixels == 13: quantized_tile(13, vectors, sweep, x, panel, residual, y, filters)
    elif most_pixels(vectors) >= 14 and pixels == 14: quantized_tile(14, vectors, sweep, x, panel, residual, y, filters)


cdef inline void row_of_quantized_tiles(
    Py_ssize_t outputs, const QuantizedSweep *sweep, const grouped_input *x, const void *panel, const uint8_t *residual, void *y,
    Py_ssize_t filters,
) noexcept nogil:
    """A row of pixels of one filter block, in tiles of nearly equal size."""
    cdef bint wide = block_vectors(filters) == TILE_VECTORS
    cdef Py_ssize_t tiles = ceil_div(outputs, most_pixels(TILE_VECTORS if wide else 1)), t, pixels
    cdef Py_ssize_t element = sizeof(real) if sweep.requantization.real_output else 1
    for t in range(tiles):
        pixels = outputs // tiles + (1 if t < outputs % tiles else 0)
        if wide:
            any_quantized_tile(TILE_VECTORS, pixels, sweep, x, panel, residual, y, filters)
        else:
            any_quantized_tile(1, pixels, sweep, x, panel, residual, y, filters)
        x += pixels * sweep.pixel_step
        y = <char *>y + pixels * sweep.out_step * element
        if residual != NULL:
            residual += pixels * sweep.out_step

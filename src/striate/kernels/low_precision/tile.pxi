"""The register tile of convolutions in low precision, and the requantization of its 32-bit sums.

As in convolution/tile.pxd, neighbouring pixels times neighbouring filters stay in registers; each step multiplies a group of
input channels (low_precision.h) of each pixel with TILE_VECTORS vectors of grouped weights.

A sum s of products of 8-bit integers becomes an output y (Jacob et al., "Quantization and training of neural networks for
efficient integer-arithmetic-only inference", 2018, equation 4, with the rounding below):

    y = round(clamp(m s + m' (r - zero'), low - zero, high - zero) + zero)

where m = scale of x * scale of the filter / scale of y, and, for an optional residual r with zero point zero',
m' = scale of the residual / scale of y. Each product and sum is rounded to float32 separately, and the last one to the nearest
integer, halves to even, so that the bits are the same on all processors. A float32 output is m s, clamped to its own bounds.
For bfloat16, the multipliers are 1 and the zero points 0, and the last rounding is to bfloat16. Clamping is the activation,
but for the hard sigmoid and SiLU: they are applied before, to outputs of float32 or bfloat16.
"""
from libc.stdint cimport int32_t
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, NARROW_TILE_PIXELS, TILE_PIXELS, TILE_VECTORS, prefetch_read, real, vload,
                                          vreal, vset, vstore_first)
from striate.kernels.common.vmath cimport vhard_sigmoid, vhard_silu
from striate.kernels.convolution.tile cimport TRIOS, block_vectors, most_pixels
from striate.kernels.low_precision.vectors cimport (BFLOAT16, GROUP, element, grouped_input, grouped_weight, hidden, load_group,
                                                    sum_type, vclamp, vdot, vload_stored, vload_sums, vstore_clamped,
                                                    vstore_sums, vsums, vto_real)
from striate.kernels.ops cimport ActivationCode, HARD_SIGMOID, HARD_SILU, LINEAR, LowPrecisionConv2D

cdef enum:
    FIRST_HALF = 0xFFFF     # mask of the first channel of a group of two


cdef struct Requantization:
    ActivationCode activation   # HARD_SIGMOID, HARD_SILU, or another one that is left to the bounds
    bint real_output            # whether y is float32, without zero point and rounding
    real low, high              # bounds of y minus its zero point, or of a float32 y
    int32_t zero                # zero point of y
    real residual_multiplier    # scale of the residual / scale of y
    int32_t residual_zero       # zero point of the residual


cdef inline Requantization requantization_of(const LowPrecisionConv2D *given) noexcept nogil:
    cdef Requantization form
    form.activation = given.convolution.activation
    form.real_output = given.real_output
    form.low, form.high, form.zero = given.low, given.high, given.y_zero
    form.residual_multiplier, form.residual_zero = given.residual_multiplier, given.residual_zero
    return form


cdef struct LowPrecisionSweep:
    # How a tile walks over the input, shared by the tiles of an operation. Steps count elements.
    Py_ssize_t pixel_step           # from the first tap of a pixel to that of the next pixel
    Py_ssize_t rows, row_step       # rows of taps, and the step from one row to the next
    Py_ssize_t runs, run_step       # runs of contiguous taps in a row, and the step from one run to the next
    Py_ssize_t length               # groups of a run
    bint odd_channels               # whether the last group of a run has only one channel, with bfloat16
    Py_ssize_t last_bytes           # valid bytes of a run's last step, or 0 if the others are harmless: see matrix_tile.pxi
    Py_ssize_t row_phases, column_phases, plane     # phases along each axis, and the step from phase to phase; 0 without phases
    Py_ssize_t out_step             # from pixel to pixel of the output
    Requantization requantization
    # While tiles use one panel, they prefetch the next one, a piece of it for each group that they multiply.
    const char *ahead               # what the next tile prefetches first
    const char *ahead_end           # the end of the next panel
    Py_ssize_t ahead_step           # bytes from one prefetch to the next; 0 if there is nothing to prefetch


cdef inline Py_ssize_t panel_bytes(Py_ssize_t depth, Py_ssize_t vectors) noexcept nogil:
    """Bytes of the panel of a filter block: biases and multipliers, followed by ``depth`` groups of weights for each filter."""
    return (2 + depth) * vectors * LANES * <Py_ssize_t>sizeof(int32_t)


cdef inline void prefetch_next(LowPrecisionSweep *sweep, const char *panel, Py_ssize_t size, Py_ssize_t tiles) noexcept nogil:
    """Let the next ``tiles`` tiles prefetch ``panel``, a part each; nothing is prefetched if its size is 0."""
    sweep.ahead, sweep.ahead_end = panel, panel + size
    sweep.ahead_step = ceil_div(TILE_VECTORS * LANES * <Py_ssize_t>sizeof(sum_type), max(tiles, 1)) if size else 0


cdef inline Py_ssize_t output_size(bint real_output) noexcept nogil:
    """Bytes of an element of the output."""
    return sizeof(real) if real_output else sizeof(element)


cdef inline vreal hardened(ActivationCode activation, vreal value) noexcept nogil:
    """The hard sigmoid or SiLU of a value; the value itself for other activations."""
    if activation == HARD_SILU:
        return vhard_silu(value)
    return vhard_sigmoid(value) if activation == HARD_SIGMOID else value


cdef inline void store_rows(
    const bint real_output, const bint has_residual, const bint whole, const int vectors,   # compile-time constants
    Py_ssize_t pixels, const Requantization *form, const sum_type *sums, const real *multiplier, const element *residual,
    void *y, Py_ssize_t out_step, Py_ssize_t filters,
) noexcept nogil:
    # Copied, so that the compiler keeps them in registers: it cannot know that stores to y do not change them.
    cdef real low = form.low, high = form.high, residual_multiplier = form.residual_multiplier
    cdef int32_t zero = form.zero, residual_zero = form.residual_zero
    cdef ActivationCode activation = form.activation if real_output or BFLOAT16 else LINEAR
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
            value = hardened(activation, value)
            if real_output:
                vstore_first(<real *>y + at, vclamp(value, low, high), lanes)
            else:
                vstore_clamped(<element *>y + at, value, low, high, zero, lanes)


cdef void store_tile(Py_ssize_t pixels, Py_ssize_t vectors, const Requantization *form, const sum_type *sums,
                     const real *multiplier, const element *residual, void *y, Py_ssize_t out_step,
                     Py_ssize_t filters) noexcept nogil:
    """Requantize and store sums (pixels, vectors * LANES). It is not inlined into the tile, whose registers hold the sums."""
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


cdef inline void store_sums(
    const int pixels, const int vectors, const bint has_residual, ActivationCode activation,    # compile-time constants
    vsums sums[NARROW_TILE_PIXELS][TILE_VECTORS], const Requantization *requantization, const real *multiplier,
    const element *residual, element *y, Py_ssize_t out_step,
) noexcept nogil:
    """Requantize and store sums that are in registers, whole vectors of elements."""
    # Pointers are hidden from the compiler, which would otherwise prepare constants and addresses before the sums are computed,
    # in registers that these need.
    cdef const Requantization *form = <const Requantization *>hidden(requantization)
    cdef real low = form.low, high = form.high, residual_multiplier = form.residual_multiplier
    cdef int32_t zero = form.zero, residual_zero = form.residual_zero
    cdef vreal value
    cdef int p, v
    y, residual = <element *>hidden(y), <const element *>hidden(residual)
    for p in range(pixels):
        for v in range(vectors):
            value = vto_real(sums[p][v]) * vload(multiplier + v * LANES)
            if has_residual:
                value = value + vload_stored(residual + v * LANES, residual_zero, LANES) * residual_multiplier
            vstore_clamped(y + v * LANES, hardened(activation, value), low, high, zero, LANES)
        y += out_step
        if has_residual:
            residual += out_step


cdef inline void low_precision_tile(
    const int pixels, const int vectors,            # compile-time constants at each call
    const LowPrecisionSweep *sweep,
    const grouped_input *x,                         # IN: first tap of pixel 0
    const void *panel,                              # IN: biases, multipliers, (rows, runs, length, vectors * LANES) groups
    const element *residual,                        # IN: pixel 0 of the residual, or NULL
    void *y,                                        # OUT: pixel 0, elements or float32
    Py_ssize_t filters,                             # filters to store; in the last block fewer than lanes
) noexcept nogil:
    cdef vsums sums[NARROW_TILE_PIXELS][TILE_VECTORS]
    cdef sum_type outputs[NARROW_TILE_PIXELS * TILE_VECTORS * LANES]
    cdef vsums bias
    cdef const grouped_weight *weights = <const grouped_weight *>panel + 2 * vectors * LANES * GROUP
    cdef const grouped_input *trio[TRIOS]
    cdef const real *multiplier = <const real *>panel + vectors * LANES
    cdef const char *ahead = sweep.ahead
    cdef ActivationCode activation
    cdef Py_ssize_t r, s, _i, step = sweep.pixel_step
    cdef int32_t inputs
    cdef int p, v
    for v in range(vectors):
        bias = vload_sums(<const sum_type *>panel + v * LANES)
        for p in range(pixels):
            sums[p][v] = bias
    for r in range(sweep.rows):
        for s in range(sweep.runs):
            for p in range((pixels + 2) // 3):
                trio[p] = x + r * sweep.row_step + s * sweep.run_step + 3 * p * step
            for _i in range(sweep.length - (1 if BFLOAT16 and sweep.odd_channels else 0)):
                for p in range(pixels):
                    inputs = load_group(trio[p // 3] + p % 3 * step)
                    for v in range(vectors):
                        sums[p][v] = vdot(sums[p][v], inputs, weights + v * LANES * GROUP)
                for p in range((pixels + 2) // 3):
                    trio[p] += GROUP
                weights += vectors * LANES * GROUP
                prefetch_read(<const real *>ahead)
                ahead += sweep.ahead_step
            if BFLOAT16 and sweep.odd_channels:
                # The element after the run is masked, since it may be NaN, times a weight of zero.
                for p in range(pixels):
                    inputs = load_group(trio[p // 3] + p % 3 * step) & FIRST_HALF
                    for v in range(vectors):
                        sums[p][v] = vdot(sums[p][v], inputs, weights + v * LANES * GROUP)
                weights += vectors * LANES * GROUP
    # In the most frequent cases the sums stay in registers until they are stored, which takes conditions outside the loops.
    if filters >= vectors * LANES and not sweep.requantization.real_output:
        activation = sweep.requantization.activation if BFLOAT16 else LINEAR
        if activation != HARD_SILU and activation != HARD_SIGMOID:
            if residual == NULL:
                store_sums(pixels, vectors, False, LINEAR, sums, &sweep.requantization, multiplier, NULL, <element *>y,
                           sweep.out_step)
            else:
                store_sums(pixels, vectors, True, LINEAR, sums, &sweep.requantization, multiplier, residual, <element *>y,
                           sweep.out_step)
            return
        if activation == HARD_SILU and residual == NULL:
            store_sums(pixels, vectors, False, HARD_SILU, sums, &sweep.requantization, multiplier, NULL, <element *>y,
                       sweep.out_step)
            return
    for p in range(pixels):
        for v in range(vectors):
            vstore_sums(outputs + (p * vectors + v) * LANES, sums[p][v])
    store_tile(pixels, vectors, &sweep.requantization, outputs, multiplier, residual, y, sweep.out_step, filters)


cdef inline void any_low_precision_tile(
    const int vectors, Py_ssize_t pixels, const LowPrecisionSweep *sweep, const grouped_input *x, const void *panel,
    const element *residual, void *y, Py_ssize_t filters,
) noexcept nogil:
    """`low_precision_tile` for a number of pixels that is known only at run time, 1 to most_pixels(vectors)."""
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
    Py_ssize_t outputs, LowPrecisionSweep *sweep, const grouped_input *x, const void *panel, const element *residual,
    void *y, Py_ssize_t filters,
) noexcept nogil:
    """Compute a row of pixels for one filter block, in tiles of nearly equal size."""
    cdef bint wide = block_vectors(filters) == TILE_VECTORS
    cdef Py_ssize_t tiles = ceil_div(outputs, most_pixels(TILE_VECTORS if wide else 1)), t, pixels
    cdef Py_ssize_t size = output_size(sweep.requantization.real_output)
    for t in range(tiles):
        pixels = outputs // tiles + (1 if t < outputs % tiles else 0)
        if wide:
            any_low_precision_tile(TILE_VECTORS, pixels, sweep, x, panel, residual, y, filters)
        else:
            any_low_precision_tile(1, pixels, sweep, x, panel, residual, y, filters)
        sweep.ahead += sweep.rows * sweep.runs * sweep.length * sweep.ahead_step
        if sweep.ahead >= sweep.ahead_end:
            sweep.ahead_step = 0
        x += pixels * sweep.pixel_step
        y = <char *>y + pixels * sweep.out_step * size
        if residual != NULL:
            residual += pixels * sweep.out_step

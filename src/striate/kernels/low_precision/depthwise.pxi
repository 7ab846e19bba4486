"""Depthwise convolution in low precision, with one filter for each channel.

    s[oy, ox, j] = bias[j] + sum over ky, kx of  x[oy sh - pt + ky dh, ox sw - pl + kx dw, j] * kernel[ky, kx, 0, j]

A vector holds neighbouring channels, as in convolution/depthwise.pyx: there is no group of channels to sum, so each element and
each weight is widened to 32 bits. A tile keeps some pixels of a row, or one at its borders, times up to TILE_VECTORS vectors in
registers. tile.pxi has the layout of panels, with a weight for each tap in place of a group, and computes y from s. Taps
outside the image read the zero point, which is left out for bfloat16. With VNNI, quads.pxi computes most channels of windows
with three columns.

*Threads* share rows.
"""
from libc.stdint cimport int32_t
from striate.kernels.common.geometry cimport Axis, Taps, ceil_div, set_axes, taps_inside
from striate.kernels.common.simd cimport LANES, TILE_VECTORS, real
from striate.kernels.convolution.tile cimport block_vectors
from striate.kernels.low_precision.vectors cimport (BFLOAT16, element, sum_type, vlanes, vload_elements, vload_sums,
                                                    vmultiply_add, vset_elements, vstore_sums, vsums, weight, widened_weight)
from striate.kernels.ops cimport Conv2D, LowPrecisionConv2D
from striate.kernels.tasks cimport run_static

cdef enum:
    CHANNEL_PIXELS = 4      # pixels of a tile
    CHANNEL_TAPS = 5        # the most taps of a row that are unrolled


cdef struct ChannelSweep:
    # How tiles walk over a row of output, shared by all of them. Steps count elements of x.
    Py_ssize_t rows, columns            # taps along each axis
    Py_ssize_t first_row, last_row      # the taps along y that lie inside the image, the last excluded
    Py_ssize_t row_step, tap_step       # from row to row of taps, and from tap to tap along x
    Py_ssize_t pixel_step               # from pixel to pixel
    Py_ssize_t channels                 # elements from pixel to pixel of the output
    int32_t x_zero
    Requantization requantization


cdef inline bint is_depthwise(const Conv2D *op) noexcept nogil:
    return op.groups > 1 and op.groups == op.c and op.groups == op.f


cdef void pack_channels(const LowPrecisionConv2D *given) noexcept nogil:
    """Pack biases, multipliers and weights: (block of channels, biases | multipliers | taps, channel)."""
    cdef const Conv2D *op = &given.convolution
    cdef Py_ssize_t taps = op.kh * op.kw, first = 0, channels, width, tap, i
    cdef const weight *kernel = <const weight *>op.kernel
    cdef sum_type *biases
    cdef sum_type *weights
    cdef float *multipliers
    cdef char *panel = <char *>op.packed
    while first < op.c:
        channels = min(op.c - first, TILE_VECTORS * LANES)
        width = block_vectors(channels) * LANES
        biases, multipliers = <sum_type *>panel, <float *>panel + width
        weights = <sum_type *>(multipliers + width)
        for i in range(width):
            biases[i] = (<const sum_type *>op.bias)[first + i] if i < channels else 0
            multipliers[i] = given.multiplier[first + i] if i < channels else 0
            for tap in range(taps):
                weights[tap * width + i] = widened_weight(kernel[tap * op.c + first + i]) if i < channels else 0
        panel += panel_bytes(taps, width // LANES)
        first += TILE_VECTORS * LANES
    if has_quads(op):
        pack_quads(given, panel)


cdef inline void channel_tile(
    # Compile-time constants at each call: `taps` is 0 if their number is not known. `neighbours` tells whether a tap reads what
    # the previous tap of the next pixel reads.
    const int pixels, const int vectors, const int taps, const bint neighbours,
    const ChannelSweep *sweep,
    const element *x,                                       # IN: tap (0, 0) of pixel 0
    Py_ssize_t first, Py_ssize_t last,                      # taps along x that lie inside the image, the last excluded
    const void *panel,                                      # IN: biases, multipliers, weights
    const element *residual, void *y,                       # IN: pixel 0, or NULL; OUT: pixel 0
    Py_ssize_t channels,                                    # channels to compute; in the last block fewer than lanes
) noexcept nogil:
    cdef vsums sums[CHANNEL_PIXELS][TILE_VECTORS]
    cdef sum_type outputs[CHANNEL_PIXELS * TILE_VECTORS * LANES]
    cdef vsums weights
    cdef vlanes elements[CHANNEL_PIXELS + CHANNEL_TAPS - 1]
    cdef const sum_type *row
    cdef const element *tap
    cdef Py_ssize_t ky, kx
    cdef int p, v, k
    cdef Py_ssize_t lanes = LANES if channels >= vectors * LANES else channels - (vectors - 1) * LANES
    for v in range(vectors):
        for p in range(pixels):
            sums[p][v] = vload_sums(<const sum_type *>panel + v * LANES)
    for ky in range(sweep.rows):
        row = <const sum_type *>panel + (2 + ky * sweep.columns) * vectors * LANES
        if ky < sweep.first_row or ky >= sweep.last_row:
            if not BFLOAT16:
                for kx in range(sweep.columns):
                    for v in range(vectors):
                        weights = vload_sums(row + (kx * vectors + v) * LANES)
                        for p in range(pixels):
                            sums[p][v] = vmultiply_add(sums[p][v], vset_elements(sweep.x_zero), weights)
            continue
        if not BFLOAT16 and pixels == 1:
            for kx in range(sweep.columns):
                if kx < first or kx >= last:
                    for v in range(vectors):
                        weights = vload_sums(row + (kx * vectors + v) * LANES)
                        sums[0][v] = vmultiply_add(sums[0][v], vset_elements(sweep.x_zero), weights)
        if neighbours:
            for v in range(vectors):
                tap = x + ky * sweep.row_step + v * LANES
                for p in range(pixels + taps - 1):
                    elements[p] = vload_elements(tap + p * sweep.pixel_step, LANES if v < vectors - 1 else lanes)
                for k in range(taps):
                    weights = vload_sums(row + (k * vectors + v) * LANES)
                    for p in range(pixels):
                        sums[p][v] = vmultiply_add(sums[p][v], elements[p + k], weights)
            continue
        for kx in range(first, first + taps if taps else last):
            tap = x + ky * sweep.row_step + kx * sweep.tap_step
            for v in range(vectors):
                weights = vload_sums(row + (kx * vectors + v) * LANES)
                for p in range(pixels):
                    sums[p][v] = vmultiply_add(
                        sums[p][v], vload_elements(tap + p * sweep.pixel_step + v * LANES, LANES if v < vectors - 1 else lanes),
                        weights)
    for p in range(pixels):
        for v in range(vectors):
            vstore_sums(outputs + (p * vectors + v) * LANES, sums[p][v])
    store_tile(pixels, vectors, &sweep.requantization, outputs, <const real *>panel + vectors * LANES, residual, y,
               sweep.channels, channels)


cdef inline void channel_tiles(
    const int pixels, const int taps, const bint neighbours, const ChannelSweep *sweep, const element *x, Py_ssize_t first,
    Py_ssize_t last, const char *panel, const element *residual, char *y, Py_ssize_t channels,
) noexcept nogil:
    """Compute ``channels`` channels of ``pixels`` pixels."""
    cdef Py_ssize_t size = output_size(sweep.requantization.real_output)
    cdef Py_ssize_t depth = sweep.rows * sweep.columns, width = TILE_VECTORS * LANES
    while channels >= width:
        channel_tile(pixels, TILE_VECTORS, taps, neighbours, sweep, x, first, last, panel, residual, y, width)
        channels -= width
        x += width
        y += width * size
        panel += panel_bytes(depth, TILE_VECTORS)
        if residual != NULL:
            residual += width
    if channels > LANES:
        channel_tile(pixels, TILE_VECTORS, taps, neighbours, sweep, x, first, last, panel, residual, y, channels)
    elif channels:
        channel_tile(pixels, 1, taps, neighbours, sweep, x, first, last, panel, residual, y, channels)


cdef void depthwise_row(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: a row of outputs."""
    cdef const LowPrecisionConv2D *given = <const LowPrecisionConv2D *>arguments
    cdef const Conv2D *op = &given.convolution
    cdef Py_ssize_t size = output_size(given.real_output), ox = 0, done = 0, pixels, at, channels, row
    cdef const element *x
    cdef const element *residual = NULL
    cdef const char *panel = <const char *>op.packed
    cdef char *y
    cdef Axis rows, columns
    cdef Taps inside
    cdef ChannelSweep sweep
    set_axes(op, False, 0, &rows, &columns)
    inside = taps_inside(&rows, task % op.oh)
    sweep.rows, sweep.columns, sweep.first_row, sweep.last_row = op.kh, op.kw, inside.first, inside.last
    sweep.row_step, sweep.tap_step = op.dilation_h * op.w * op.c, op.dilation_w * op.c
    sweep.pixel_step, sweep.channels, sweep.x_zero = op.stride_w * op.c, op.c, given.x_zero
    sweep.requantization = requantization_of(given)
    row = (task // op.oh * op.h + task % op.oh * op.stride_h - op.pad_top) * op.w
    if has_quads(op) and op.stride_w <= 2 and op.residual == NULL and not given.real_output:
        x = <const element *>op.x + (row - op.pad_left) * op.c
        y = <char *>op.y + task * op.ow * op.c
        if op.stride_w == 1:
            row_of_quads(1, op, &sweep, x, panel + group_panels_bytes(op.c, op.kh * op.kw), <element *>y)
        else:
            row_of_quads(2, op, &sweep, x, panel + group_panels_bytes(op.c, op.kh * op.kw), <element *>y)
        done = quad_channels(op.c)
        if done == op.c:
            return
        panel += done // (TILE_VECTORS * LANES) * panel_bytes(op.kh * op.kw, TILE_VECTORS)
    channels = op.c - done
    while ox < op.ow:
        inside = taps_inside(&columns, ox)
        pixels = 1
        # All taps of the pixels between two whose taps are inside are inside, too.
        if ox + CHANNEL_PIXELS <= op.ow and inside.last - inside.first == op.kw and (
                taps_inside(&columns, ox + CHANNEL_PIXELS - 1).last == op.kw):
            pixels = CHANNEL_PIXELS
        x = <const element *>op.x + (row + ox * op.stride_w - op.pad_left) * op.c + done
        at = (task * op.ow + ox) * op.c + done
        if op.residual != NULL:
            residual = <const element *>op.residual + at
        y = <char *>op.y + at * size
        if pixels == 1:
            channel_tiles(1, 0, False, &sweep, x, inside.first, inside.last, panel, residual, y, channels)
        elif op.kw == 3 and sweep.pixel_step == sweep.tap_step:
            channel_tiles(CHANNEL_PIXELS, 3, True, &sweep, x, 0, 3, panel, residual, y, channels)
        elif op.kw == 5 and sweep.pixel_step == sweep.tap_step:
            channel_tiles(CHANNEL_PIXELS, 5, True, &sweep, x, 0, 5, panel, residual, y, channels)
        elif op.kw == 3:
            channel_tiles(CHANNEL_PIXELS, 3, False, &sweep, x, 0, 3, panel, residual, y, channels)
        else:
            channel_tiles(CHANNEL_PIXELS, 0, False, &sweep, x, 0, op.kw, panel, residual, y, channels)
        ox += pixels

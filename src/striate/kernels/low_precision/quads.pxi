"""Depthwise convolution of 8-bit integers with windows of three columns, for processors with VNNI.

One instruction multiplies and adds four bytes of each 32-bit lane: a *quad*, the bytes of one channel from four neighbouring
pixels. The three taps of a row take one such instruction, with a weight of zero for the fourth pixel. With a stride of 1, a
quad serves two neighbouring outputs: the weights of the second one begin with the zero.

Quads are made by zipping the bytes of two pixels, and the pairs of two such results, within each 128 bits of a vector. So the
four vectors of quads of 64 channels hold them in another order, in which biases, multipliers and weights are packed. Narrowing
the sums, which is the inverse of zipping, restores the order of channels.

Taps outside the image read the zero point. A tile is up to QUAD_PIXELS outputs of a row; the tiles of a row are computed for
one block of 64 channels after another.
"""
from libc.stdint cimport int32_t
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real
from striate.kernels.low_precision.vectors cimport (QUADS, element, sum_type, vbyte_lanes, vdot_quads, vload_byte_lanes,
                                                    vload_sums, vset_byte_lanes, vstore_quads, vsums, vzip_bytes_high,
                                                    vzip_bytes_low, vzip_pairs_high, vzip_pairs_low, weight)
from striate.kernels.ops cimport Conv2D, LowPrecisionConv2D

cdef enum:
    QUAD_TAPS = 3                           # columns of the window
    QUAD_PIXELS = 4                         # outputs of a tile
    QUAD_VECTORS = 4                        # vectors of sums of a block of channels
    QUAD_CHANNELS = QUAD_VECTORS * 16       # channels of a block
    FEWEST_QUAD_CHANNELS = 17               # of a block; fewer fill one vector of single elements


cdef inline bint has_quads(const Conv2D *op) noexcept nogil:
    """Whether weights are packed as quads, too."""
    return QUADS and op.kw == QUAD_TAPS and op.dilation_w == 1


cdef inline Py_ssize_t quad_channels(Py_ssize_t channels) noexcept nogil:
    """The number of channels, the first ones, that are computed by quads."""
    return channels if channels % QUAD_CHANNELS >= FEWEST_QUAD_CHANNELS else channels - channels % QUAD_CHANNELS


cdef inline Py_ssize_t quad_panel_bytes(Py_ssize_t rows) noexcept nogil:
    """Bytes of the panel of a block: biases, multipliers, and for each row of taps the weights of even and of odd outputs."""
    return (2 + 2 * rows) * QUAD_CHANNELS * <Py_ssize_t>sizeof(sum_type)


cdef inline Py_ssize_t quad_panels_bytes(const Conv2D *op) noexcept nogil:
    return ceil_div(quad_channels(op.c), QUAD_CHANNELS) * quad_panel_bytes(op.kh) if has_quads(op) else 0


cdef void pack_quads(const LowPrecisionConv2D *given, char *panel) noexcept nogil:
    cdef const Conv2D *op = &given.convolution
    cdef const weight *kernel = <const weight *>op.kernel
    cdef sum_type *biases
    cdef float *multipliers
    cdef weight *weights
    cdef Py_ssize_t block, channel, ky
    cdef int lane, odd, k
    for block in range(ceil_div(quad_channels(op.c), QUAD_CHANNELS)):
        biases = <sum_type *>panel
        multipliers, weights = <float *>(biases + QUAD_CHANNELS), <weight *>(biases + 2 * QUAD_CHANNELS)
        for lane in range(QUAD_CHANNELS):
            channel = block * QUAD_CHANNELS + lane % 16 // 4 * 16 + lane // 16 * 4 + lane % 4
            biases[lane] = (<const sum_type *>op.bias)[channel] if channel < op.c else 0
            multipliers[lane] = given.multiplier[channel] if channel < op.c else 0
            for ky in range(op.kh):
                for odd in range(2):
                    for k in range(4):
                        weights[((ky * 2 + odd) * QUAD_CHANNELS + lane) * 4 + k] = (
                            kernel[(ky * QUAD_TAPS + k - odd) * op.c + channel]
                            if 0 <= k - odd < QUAD_TAPS and channel < op.c else 0)
        panel += quad_panel_bytes(op.kh)


cdef inline int quad_inputs(const int stride) noexcept nogil:
    """Pixels of a row that a tile reads."""
    return (QUAD_PIXELS - 1) * stride + QUAD_TAPS


cdef inline void quad_tile(
    const int stride, const bint inside,        # compile-time constants; whether all pixels of a row lie inside the image
    const ChannelSweep *sweep,
    const element *x,                           # IN: tap (0, 0) of output 0
    Py_ssize_t first, Py_ssize_t last,          # pixels of a row that lie inside the image, the last excluded
    const char *panel,                          # IN: see `quad_panel_bytes`
    element *y, Py_ssize_t pixels,              # OUT: output 0; outputs to store
    const int channels,                         # up to QUAD_CHANNELS; a compile-time constant where it pays
) noexcept nogil:
    cdef vsums sums[QUAD_PIXELS][QUAD_VECTORS]
    cdef vbyte_lanes bytes[2]
    cdef vbyte_lanes pairs[QUAD_PIXELS + 1][2]
    cdef vbyte_lanes quads[QUAD_VECTORS]
    cdef vbyte_lanes outside = vset_byte_lanes(sweep.x_zero)
    cdef const char *row = panel + 2 * QUAD_CHANNELS * sizeof(sum_type)
    cdef Py_ssize_t ky
    cdef int i, k, p, v, at
    for p in range(QUAD_PIXELS):
        for v in range(QUAD_VECTORS):
            sums[p][v] = vload_sums(panel + v * LANES * sizeof(sum_type))
    for ky in range(sweep.rows):
        if ky < sweep.first_row or ky >= sweep.last_row:
            for v in range(QUAD_VECTORS):
                for p in range(QUAD_PIXELS):
                    sums[p][v] = vdot_quads(sums[p][v], outside, row + (v + p % 2 * (2 - stride) * QUAD_VECTORS) * 64)
        else:
            for i in range((quad_inputs(stride) + 1) // 2):
                for k in range(2):
                    at = min(2 * i + k, quad_inputs(stride) - 1)
                    bytes[k] = outside
                    if inside or first <= at < last:
                        bytes[k] = vload_byte_lanes(x + ky * sweep.row_step + at * sweep.tap_step, channels)
                pairs[i][0], pairs[i][1] = vzip_bytes_low(bytes[0], bytes[1]), vzip_bytes_high(bytes[0], bytes[1])
            for p in range(QUAD_PIXELS):
                i = p * stride // 2
                if stride == 2 or p % 2 == 0:
                    for v in range(2):
                        quads[2 * v] = vzip_pairs_low(pairs[i][v], pairs[i + 1][v])
                        quads[2 * v + 1] = vzip_pairs_high(pairs[i][v], pairs[i + 1][v])
                for v in range(QUAD_VECTORS):
                    sums[p][v] = vdot_quads(sums[p][v], quads[v], row + (v + p % 2 * (2 - stride) * QUAD_VECTORS) * 64)
        row += 2 * QUAD_CHANNELS * 4
    for p in range(QUAD_PIXELS):
        if inside or p < pixels:
            vstore_quads(y, sums[p], <const real *>panel + QUAD_CHANNELS, sweep.requantization.low, sweep.requantization.high,
                         sweep.requantization.zero, channels)
        y += sweep.channels


cdef inline void row_of_quads(
    const int stride, const Conv2D *op, const ChannelSweep *sweep,
    const element *x,                           # IN: tap (0, 0) of output 0 of the row
    const char *panel, element *y,              # IN: panels of all blocks; OUT: output 0
) noexcept nogil:
    """Compute a row of outputs for those channels that are computed by quads."""
    cdef Py_ssize_t block, tile, ox, left, pixels, inputs = quad_inputs(stride)
    cdef const element *source
    cdef element *target
    cdef bint inside
    cdef int channels
    for block in range(ceil_div(quad_channels(op.c), QUAD_CHANNELS)):
        channels = <int>min(op.c - block * QUAD_CHANNELS, QUAD_CHANNELS)
        for tile in range(ceil_div(op.ow, QUAD_PIXELS)):
            ox = tile * QUAD_PIXELS
            left, pixels = ox * stride - op.pad_left, min(op.ow - ox, QUAD_PIXELS)
            inside = pixels == QUAD_PIXELS and left >= 0 and left + inputs <= op.w
            source, target = x + block * QUAD_CHANNELS + ox * sweep.pixel_step, y + block * QUAD_CHANNELS + ox * op.c
            # Whole vectors, and whole halves of them, are loaded and stored by faster instructions.
            if inside and channels == QUAD_CHANNELS:
                quad_tile(stride, True, sweep, source, 0, inputs, panel, target, QUAD_PIXELS, QUAD_CHANNELS)
            elif inside and channels == QUAD_CHANNELS // 2:
                quad_tile(stride, True, sweep, source, 0, inputs, panel, target, QUAD_PIXELS, QUAD_CHANNELS // 2)
            elif inside:
                quad_tile(stride, True, sweep, source, 0, inputs, panel, target, QUAD_PIXELS, channels)
            else:
                quad_tile(stride, False, sweep, source, -left, op.w - left, panel, target, pixels, channels)
        panel += quad_panel_bytes(op.kh)

"""Adding up windows that overlap along a row: how the input's gradient is put together where the input has few channels.

Element (kx, c) of the window of an output pixel ox belongs to the input's pixel ox sw - pl + kx, so that a whole window lies
side by side in a row of the input. Computed as one vector (kx, c), instead of c alone for each pixel, few channels fill the
lanes; and the taps along x become a sum of windows that lie sw pixels apart.
"""
from libc.string cimport memcpy, memset
from striate.kernels.epilogue cimport Epilogue, finish
from striate.kernels.geometry cimport ceil_div
from striate.kernels.ops cimport Conv2D
from striate.kernels.simd cimport LANES, minus_infinity, real, vload, vload_first, vreal, vset, vstore
from striate.kernels.window cimport aligned


cdef struct Overlap:
    # Lengths and places in elements
    Py_ssize_t windows              # in a row: 0 if none are added up
    Py_ssize_t channels             # of a pixel
    Py_ssize_t size                 # of a window: (kw, channels)
    Py_ssize_t pitch                # … between windows: whole vectors
    Py_ssize_t step                 # between windows that are neighbours, in the row: a block of the row …
    Py_ssize_t parts                # … which so many windows reach, each with another part of it
    Py_ssize_t first                # where the image begins in the row, which begins with the first window
    Py_ssize_t width                # of the image
    Py_ssize_t line_size            # of the row


cdef inline Overlap no_overlap() noexcept nogil:
    cdef Overlap overlap
    memset(&overlap, 0, sizeof(Overlap))
    return overlap


cdef inline bint windows_fill_lanes(const Conv2D *op) noexcept nogil:
    """Whether windows take clearly fewer vectors than the channels of each pixel by themselves, for each tap, do."""
    cdef Py_ssize_t apart = ceil_div(op.w * op.kw, op.stride_w) * ceil_div(op.c, LANES)
    cdef Py_ssize_t together = op.ow * ceil_div(op.kw * op.c, LANES)
    return op.groups == 1 and op.dilation_w == 1 and op.stride_w <= op.kw and 4 * apart > 5 * together


cdef inline Py_ssize_t blocks_of(const Overlap *overlap) noexcept nogil:
    return ceil_div(overlap.first + overlap.width, overlap.step)


cdef inline Overlap overlap_of(const Conv2D *op) noexcept nogil:
    cdef Overlap overlap = no_overlap()
    if not windows_fill_lanes(op):
        return overlap
    overlap.windows = op.ow
    overlap.channels = op.c
    overlap.size = op.kw * op.c
    overlap.pitch = ceil_div(overlap.size, LANES) * LANES
    overlap.step = op.stride_w * op.c
    overlap.parts = ceil_div(op.kw, op.stride_w)
    overlap.first = op.pad_left * op.c
    overlap.width = op.w * op.c
    overlap.line_size = aligned(blocks_of(&overlap) * overlap.step + LANES)
    return overlap


cdef inline Conv2D with_windows_for_pixels(const Conv2D *op) noexcept nogil:
    """The convolution whose gradient is that of each window by itself; its kernel lies in memory as that of ``op`` does."""
    cdef Conv2D apart = op[0]
    apart.w, apart.c, apart.kw = op.ow, op.kw * op.c, 1
    apart.stride_w, apart.pad_left = 1, 0
    return apart


cdef inline void add_windows(
    const Overlap *overlap,
    const real *windows,            # IN (windows, pitch)
    real *line,                     # working memory
    real *out,                      # OUT (width,)
    const real *bias,               # IN (channels,) or NULL
    const real *residual,           # IN like out, or NULL
    const Epilogue *epilogue,
) noexcept nogil:
    """Block by block of the row: each is loaded from the windows that reach it, the earliest first, and stored once."""
    cdef Py_ssize_t block, earliest, at, i, _i, apart = overlap.pitch - overlap.step
    cdef const real *part
    cdef vreal total
    for block in range(blocks_of(overlap)):
        earliest = max(block - overlap.parts + 1, 0)
        for i in range(ceil_div(overlap.step, LANES)):
            at = (block - earliest) * overlap.step + i * LANES
            part = windows + earliest * overlap.pitch + at
            total = vset(0)
            # Of the earliest window, the end may be reached. What lies behind it is zero, but NaN where dy is infinite.
            if earliest < overlap.windows and at < overlap.size:
                total = vload_first(part, min(overlap.size - at, LANES))
            for _i in range(earliest + 1, min(block + 1, overlap.windows)):
                part += apart
                total = total + vload(part)
            # what is stored too much, the next block stores over
            vstore(line + block * overlap.step + i * LANES, total)
    memcpy(out, line + overlap.first, overlap.width * sizeof(real))
    if bias != NULL or residual != NULL or epilogue.leaky or epilogue.floor > minus_infinity():
        finish(out, overlap.width // overlap.channels, overlap.channels, overlap.channels, bias, residual, epilogue)

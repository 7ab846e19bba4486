"""Adding up windows that overlap along a row: how the input's gradient is put together where the input has few channels.

Element (kx, c) of the window of an output pixel ox belongs to the input's pixel ox sw - pl + kx, so that a whole window lies
side by side in a row of the input. Computed as one vector (kx, c), instead of c alone for each pixel, few channels fill the
lanes; and the taps along x become a sum of windows that lie sw pixels apart.
"""
from libc.string cimport memcpy, memset
from striate.kernels.epilogue cimport Epilogue, finish
from striate.kernels.geometry cimport ceil_div
from striate.kernels.ops cimport Conv2D
from striate.kernels.simd cimport LANES, minus_infinity, real, vload, vstore
from striate.kernels.window cimport aligned


cdef struct Overlap:
    # Lengths and places in elements
    Py_ssize_t windows              # in a row: 0 if none are added up
    Py_ssize_t channels             # of a pixel
    Py_ssize_t pitch                # of the windows: whole vectors, zero beyond (kw, channels)
    Py_ssize_t step                 # between windows that are neighbours, in the row
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


cdef inline Overlap overlap_of(const Conv2D *op) noexcept nogil:
    cdef Overlap overlap = no_overlap()
    if not windows_fill_lanes(op):
        return overlap
    overlap.windows = op.ow
    overlap.channels = op.c
    overlap.pitch = ceil_div(op.kw * op.c, LANES) * LANES
    overlap.step = op.stride_w * op.c
    overlap.first = op.pad_left * op.c
    overlap.width = op.w * op.c
    overlap.line_size = aligned(max((op.ow - 1) * overlap.step + overlap.pitch, overlap.first + overlap.width))
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
    """Windows that do not meet are added one after the other: to load what has just been stored in part would stall."""
    cdef Py_ssize_t apart = ceil_div(overlap.pitch, overlap.step), first, i, v
    cdef real *place
    memset(line, 0, overlap.line_size * sizeof(real))
    for first in range(min(apart, overlap.windows)):
        i = first
        while i < overlap.windows:
            place = line + i * overlap.step
            for v in range(overlap.pitch // LANES):
                vstore(place + v * LANES, vload(place + v * LANES) + vload(windows + i * overlap.pitch + v * LANES))
            i += apart
    memcpy(out, line + overlap.first, overlap.width * sizeof(real))
    if bias != NULL or residual != NULL or epilogue.leaky or epilogue.floor > minus_infinity():
        finish(out, overlap.width // overlap.channels, overlap.channels, overlap.channels, bias, residual, epilogue)

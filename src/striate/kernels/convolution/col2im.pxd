"""col2im along a row: windows that overlap are added up to the input's gradient, where the input has few channels.

Element (kx, c) of the window of an output pixel ox belongs to the input's pixel ox sw - pl + kx, so that a whole window lies
side by side in a row of the input. Computed as one vector (kx, c), instead of c alone for each pixel, few channels fill the
lanes; and the taps along x become a sum of windows that lie sw pixels apart.

A row is added up in blocks of sw pixels. A task that adds some of them up has all windows that reach these, so that a long row
can be shared out; windows that reach the blocks of two neighbours are computed by both, with the same bits.
"""
from libc.string cimport memcpy, memset
from striate.kernels.common.buffers cimport aligned
from striate.kernels.common.epilogue cimport Epilogue, finish
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, minus_infinity, real, vload, vload_first, vreal, vset, vstore
from striate.kernels.ops cimport Conv2D


cdef struct Col2Im:
    # Lengths and places in elements
    Py_ssize_t windows              # in a row: 0 if none are added up
    Py_ssize_t channels             # of a pixel
    Py_ssize_t size                 # of a window: (kw, channels)
    Py_ssize_t pitch                # between windows in memory: whole vectors
    Py_ssize_t step                 # between neighbouring windows in the row: a block of the row
    Py_ssize_t parts                # windows that reach a block of the row, each with another part of it
    Py_ssize_t first                # where the image begins in the row, which begins with the first window
    Py_ssize_t width                # of the image


cdef inline Col2Im no_col2im() noexcept nogil:
    cdef Col2Im col2im
    memset(&col2im, 0, sizeof(Col2Im))
    return col2im


cdef inline bint windows_fill_lanes(const Conv2D *op) noexcept nogil:
    """Whether windows take clearly fewer vectors than the channels of each pixel by themselves, for each tap, do."""
    cdef Py_ssize_t apart = ceil_div(op.w * op.kw, op.stride_w) * ceil_div(op.c, LANES)
    cdef Py_ssize_t together = op.ow * ceil_div(op.kw * op.c, LANES)
    return op.groups == 1 and op.dilation_w == 1 and op.stride_w <= op.kw and 4 * apart > 5 * together


cdef inline Py_ssize_t blocks_of(const Col2Im *col2im) noexcept nogil:
    return ceil_div(col2im.first + col2im.width, col2im.step)


cdef inline Col2Im col2im_of(const Conv2D *op) noexcept nogil:
    cdef Col2Im col2im = no_col2im()
    if not windows_fill_lanes(op):
        return col2im
    col2im.windows = op.ow
    col2im.channels = op.c
    col2im.size = op.kw * op.c
    col2im.pitch = ceil_div(col2im.size, LANES) * LANES
    col2im.step = op.stride_w * op.c
    col2im.parts = ceil_div(op.kw, op.stride_w)
    col2im.first = op.pad_left * op.c
    col2im.width = op.w * op.c
    return col2im


cdef inline Py_ssize_t earliest_window(const Col2Im *col2im, Py_ssize_t block) noexcept nogil:
    """The first window that reaches a block of the row; the last has the block's own index."""
    return max(block - col2im.parts + 1, 0)


cdef inline Py_ssize_t end_of_blocks(const Col2Im *col2im, Py_ssize_t windows) noexcept nogil:
    """Where the blocks end to which only the first ``windows`` windows contribute: behind the row, if these are all."""
    return blocks_of(col2im) if windows == col2im.windows else min(windows, blocks_of(col2im))


cdef inline Py_ssize_t line_size(const Col2Im *col2im, Py_ssize_t windows) noexcept nogil:
    """Elements of the working memory in which the blocks of so many neighbouring windows, or less, are added up."""
    return aligned((windows + max(blocks_of(col2im) - col2im.windows, 0)) * col2im.step + LANES)


cdef inline Conv2D with_windows_for_pixels(const Conv2D *op) noexcept nogil:
    """The convolution whose gradient is that of each window by itself; its kernel lies in memory as that of ``op`` does."""
    cdef Conv2D apart = op[0]
    apart.w, apart.c, apart.kw = op.ow, op.kw * op.c, 1
    apart.stride_w, apart.pad_left = 1, 0
    return apart


cdef inline void col2im_row(
    const Col2Im *col2im,
    Py_ssize_t begin, Py_ssize_t end,   # blocks of the row
    const real *windows,                # IN (all that reach these, pitch)
    real *line,                         # working memory
    real *out,                          # OUT: of (width,), the part that lies in these blocks
    const real *bias,                   # IN (channels,) or NULL
    const real *residual,               # IN like out, or NULL
    const Epilogue *epilogue,
) noexcept nogil:
    """Block by block of the row: each is loaded from the windows that reach it, the earliest first, and stored once."""
    cdef Py_ssize_t block, earliest, at, i, _i, apart = col2im.pitch - col2im.step, start = begin * col2im.step
    cdef Py_ssize_t low = max(start, col2im.first), high = min(end * col2im.step, col2im.first + col2im.width)
    cdef const real *part
    cdef vreal total
    if low >= high:
        return
    for block in range(begin, end):
        earliest = earliest_window(col2im, block)
        for i in range(ceil_div(col2im.step, LANES)):
            at = (block - earliest) * col2im.step + i * LANES
            part = windows + (earliest - earliest_window(col2im, begin)) * col2im.pitch + at
            total = vset(0)
            # Of the earliest window, the end may be reached. What lies behind it is zero, but NaN where dy is infinite.
            if earliest < col2im.windows and at < col2im.size:
                total = vload_first(part, min(col2im.size - at, LANES))
            for _i in range(earliest + 1, min(block + 1, col2im.windows)):
                part += apart
                total = total + vload(part)
            # what is stored too much, the next block stores over
            vstore(line + (block - begin) * col2im.step + i * LANES, total)
    out += low - col2im.first
    memcpy(out, line + low - start, (high - low) * sizeof(real))
    if bias != NULL or residual != NULL or epilogue.leaky or epilogue.floor > minus_infinity():
        finish(out, (high - low) // col2im.channels, col2im.channels, col2im.channels, bias,
               residual + low - col2im.first if residual != NULL else NULL, epilogue)

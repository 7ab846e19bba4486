"""col2im along a row: overlapping windows are added up to the gradient of an input that has few channels.

Element (kx, c) of the window of output pixel ox belongs to input pixel ox sw - pl + kx, so a whole window is contiguous in a
row of the input. The convolution that computes the gradient treats (kx, c) as one axis of channels, which fills the lanes even
if there are few channels; the sum over the taps along x is left to this file, which adds windows that lie sw pixels apart:

    dx[i, c] = sum over ox of  window[ox, i - ox sw + pl, c]

A row is added up in blocks of sw pixels. To share a long row among threads, each task computes all windows that reach its own
blocks; windows that reach the blocks of two neighbouring tasks are computed by both, with the same bits.
"""
from libc.string cimport memcpy, memset
from striate.kernels.common.buffers cimport aligned
from striate.kernels.common.epilogue cimport Epilogue, finish
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real, vload, vload_first, vreal, vset, vstore
from striate.kernels.ops cimport Conv2D, LINEAR


cdef struct Col2Im:
    # The geometry of a row. Sizes, steps and positions count elements; position 0 is the beginning of the first window.
    Py_ssize_t windows              # windows in a row, or 0 for a gradient without col2im
    Py_ssize_t channels             # channels of a pixel
    Py_ssize_t size                 # size of a window: (kw, channels)
    Py_ssize_t pitch                # step from window to window in the buffer, rounded up to whole vectors
    Py_ssize_t step                 # step from window to window in the row, which is also the size of a block
    Py_ssize_t parts                # windows that reach a block, each with a different part of its taps
    Py_ssize_t first                # position where the image begins, after the left padding
    Py_ssize_t width                # size of a row of the image


cdef inline Col2Im no_col2im() noexcept nogil:
    cdef Col2Im col2im
    memset(&col2im, 0, sizeof(Col2Im))
    return col2im


cdef inline bint windows_fill_lanes(const Conv2D *op) noexcept nogil:
    """Whether whole windows take clearly fewer vectors than channels alone would, for each pixel and each tap."""
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
    """The first window that reaches a block of the row; the last one has the index of the block."""
    return max(block - col2im.parts + 1, 0)


cdef inline Py_ssize_t end_of_blocks(const Col2Im *col2im, Py_ssize_t windows) noexcept nogil:
    """The end of the blocks that only the first ``windows`` windows reach; with all windows, the end of the row."""
    return blocks_of(col2im) if windows == col2im.windows else min(windows, blocks_of(col2im))


cdef inline Py_ssize_t line_size(const Col2Im *col2im, Py_ssize_t windows) noexcept nogil:
    """Elements of working memory to add up the blocks of at most ``windows`` neighbouring windows."""
    return aligned((windows + max(blocks_of(col2im) - col2im.windows, 0)) * col2im.step + LANES)


cdef inline Conv2D with_windows_for_pixels(const Conv2D *op) noexcept nogil:
    """The convolution whose input gradient is the windows of ``op``, not yet added up; both read the same kernel array."""
    cdef Conv2D apart = op[0]
    apart.w, apart.c, apart.kw = op.ow, op.kw * op.c, 1
    apart.stride_w, apart.pad_left = 1, 0
    return apart


cdef inline void col2im_row(
    const Col2Im *col2im,
    Py_ssize_t begin, Py_ssize_t end,   # the blocks of the row to compute
    const real *windows,                # IN (windows that reach these blocks, pitch)
    real *line,                         # working memory of `line_size` elements
    real *out,                          # OUT (width,), of which the part in these blocks is written
    const real *bias,                   # IN (channels,) or NULL
    const real *residual,               # IN like out, which it may be, or NULL
    const Epilogue *epilogue,
) noexcept nogil:
    """Add up each block from the windows that reach it, the earliest first, and store it once."""
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
            # The earliest window may end within the block. The elements after its end, which are zero, or NaN where dy is
            # infinite, must not be added.
            if earliest < col2im.windows and at < col2im.size:
                total = vload_first(part, min(col2im.size - at, LANES))
            for _i in range(earliest + 1, min(block + 1, col2im.windows)):
                part += apart
                total = total + vload(part)
            # The next block overwrites the lanes beyond the end of this one.
            vstore(line + (block - begin) * col2im.step + i * LANES, total)
    line += low - start
    if bias != NULL or residual != NULL or epilogue.activation != LINEAR:
        finish(line, (high - low) // col2im.channels, col2im.channels, col2im.channels, bias,
               residual + low - col2im.first if residual != NULL else NULL, epilogue)
    memcpy(out + low - col2im.first, line, (high - low) * sizeof(real))

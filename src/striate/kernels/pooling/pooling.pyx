"""Max and average pooling on NHWC, and their gradients.

    max:      y[oy, ox, c] = max of  x[oy sh - pt + ky, ox sw - pl + kx, c]  over the window's part inside the input
    average:  the mean over that part, or (count_include_pad) over the padded input's part, with zeros in the padding

The gradient of max pooling sends a window's gradient to the first of its largest elements; NaN counts as the largest.

A vector holds neighbouring channels, and a *strip* of a few vectors stays in registers while the loop runs over its window.

Forward, each output row is computed as forward.pxd describes. Threads share output rows.

Backward, if max pooling's windows do not overlap, each window writes its part of the gradient as soon as its largest element is
found; threads share rows of windows. Otherwise each element of an input row gathers its gradient from all windows that contain
it, in their order, and is written once; threads share bands of input rows. For max pooling, it receives the gradients of the
windows whose argmax it is. The argmax of a row of windows is computed once for a band, and kept in a ring of as many rows of
windows as can contain one input row. For average pooling, it receives shares, which are first summed over the rows of windows
into a line.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memset
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, real, vbits, vequal, vfrom_bits, vint, vload_first, vovertakes, vreal,
                                          vselect, viselect, viset, vset, vstore_first)
from striate.kernels.ops cimport KERNEL_TABLE, Kernel, KernelTable, Pool2D
from striate.kernels.pooling.forward cimport LONG_STRIP, Window, line_bytes, may_write_on, row_forward, window_at
from striate.kernels.tasks cimport run_static, unless_finest

cdef enum:
    POOLING_STRIP = 4       # vectors of a strip
    BAND_SIZE = 1 << 17     # the fewest elements of a band, unless the image has fewer
    BAND_OVERLAPS = 8       # the least ratio of the rows of a band to those that windows of two bands share, in max pooling


# The last vector of a pixel may be partial. Loading and storing a part of a vector takes several times as long, so a whole one
# is used where that is possible: superfluous lanes are ignored, or, in memory, overwritten by the pixels that follow.

cdef inline bint may_read_on(const Pool2D *op, Py_ssize_t image, const Window *window, Py_ssize_t c) noexcept nogil:
    """Whether vectors that begin at channel ``c`` of the window's pixels end within the array."""
    cdef Py_ssize_t last = ((image * op.h + window.bottom - 1) * op.w + window.right - 1) * op.c + c
    return last + LANES <= op.n * op.h * op.w * op.c


# ---------------------------------------------------------------------------------------------------------------- forward

cdef void max_row(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    row_forward(False, <const Pool2D *>job, task, <char *>memory, False)


cdef void average_row(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    row_forward(False, <const Pool2D *>job, task, <char *>memory, True)


cdef size_t pool2d_forward_scratch(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    return op.threads * line_bytes(op)


cdef void max_pool2d_forward(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    run_static(max_row, op, op.n * op.oh, op.threads, op.scratch, line_bytes(op))


cdef void average_pool2d_forward(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    run_static(average_row, op, op.n * op.oh, op.threads, op.scratch, line_bytes(op))


# --------------------------------------------------------------------------------------------------------------- backward

cdef struct Reach:
    # The windows that contain a row or a column of the input
    Py_ssize_t first, last          # a range of windows, with `last` excluded


cdef inline void advance(Reach *reach, Py_ssize_t at, Py_ssize_t size, Py_ssize_t stride, Py_ssize_t outputs) noexcept nogil:
    """Move ``reach`` to index ``at`` of the padded input, which never decreases: this takes fewer cycles than divisions."""
    while reach.last < outputs and reach.last * stride <= at:
        reach.last += 1
    while reach.first < reach.last and reach.first * stride + size <= at:
        reach.first += 1


cdef inline void find_argmax(const Pool2D *op, const Window *window, int first, const real *source, vint *argmax, int vectors,
                             int lanes) noexcept nogil:
    """The indices of the largest elements in the window, where ``first`` is that of the first element inside the input."""
    cdef vreal best[POOLING_STRIP]
    cdef vint position, larger
    cdef vreal value
    cdef const real *pixel = source + (window.top * op.w + window.left) * op.c
    cdef Py_ssize_t y, _x
    cdef int v
    for v in range(vectors):
        best[v] = vload_first(pixel + v * LANES, lanes)
        argmax[v] = viset(first)
    for y in range(window.top, window.bottom):
        pixel = source + (y * op.w + window.left) * op.c
        position = viset(first + (y - window.top) * op.kw)
        for _x in range(window.right - window.left):
            for v in range(vectors):
                value = vload_first(pixel + v * LANES, lanes)
                larger = vovertakes(value, best[v])
                best[v] = vselect(larger, value, best[v])
                argmax[v] = viselect(larger, position, argmax[v])
            position = position + viset(1)
            pixel += op.c


# Windows that do not overlap: their gradients are written as soon as their largest elements are found.

cdef inline bint windows_are_disjoint(const Pool2D *op) noexcept nogil:
    return op.kh <= op.stride_h and op.kw <= op.stride_w


cdef inline void scatter_strip(const Pool2D *op, const Window *window, const real *source, const real *dy, real *dx,
                               int vectors, int lanes) noexcept nogil:
    """Find the largest elements of a window for a strip, and write the gradient of all elements of the window."""
    cdef vint argmax[POOLING_STRIP]
    cdef vreal gradient[POOLING_STRIP]
    cdef vint position
    cdef real *pixel
    cdef Py_ssize_t y, _x
    cdef int v
    find_argmax(op, window, 0, source, argmax, vectors, lanes)
    for v in range(vectors):
        gradient[v] = vload_first(dy + v * LANES, lanes)
    for y in range(window.top, window.bottom):
        pixel = dx + (y * op.w + window.left) * op.c
        position = viset((y - window.top) * op.kw)
        for _x in range(window.right - window.left):
            for v in range(vectors):
                vstore_first(pixel + v * LANES, vselect(vequal(argmax[v], position), gradient[v], vset(0)), lanes)
            position = position + viset(1)
            pixel += op.c


cdef inline void scatter_square(const real *x, Py_ssize_t right, Py_ssize_t below, const real *dy, real *dx,
                                int lanes) noexcept nogil:
    """`scatter_strip` for one vector of a 2×2 window inside the input; ``right`` and ``below`` are steps to its neighbours."""
    cdef vreal best = vload_first(x, lanes), gradient = vload_first(dy, lanes), zero = vset(0), value
    cdef vint second, third, fourth
    value = vload_first(x + right, lanes)
    second = vovertakes(value, best)
    best = vselect(second, value, best)
    value = vload_first(x + below, lanes)
    third = vovertakes(value, best)
    best = vselect(third, value, best)
    fourth = vovertakes(vload_first(x + below + right, lanes), best)
    value = vselect(fourth, gradient, zero)
    gradient = vselect(fourth, zero, gradient)
    best = vselect(third, gradient, zero)
    gradient = vselect(third, zero, gradient)
    vstore_first(dx, vselect(second, zero, gradient), lanes)
    vstore_first(dx + right, vselect(second, gradient, zero), lanes)
    vstore_first(dx + below, best, lanes)
    vstore_first(dx + below + right, value, lanes)


cdef inline Py_ssize_t steps_within(Py_ssize_t room, Py_ssize_t step) noexcept nogil:
    """The number of elements of 0, step, 2 step, … that are at most ``room``."""
    return room // step + 1 if room >= 0 else 0


cdef inline void scatter_squares(const Pool2D *op, const real *x, const real *dy, real *dx) noexcept nogil:
    """Write the gradient of a row of 2×2 windows inside the input."""
    cdef Py_ssize_t below = op.w * op.c, whole = 0, _ox, c
    if op.c < LANES:        # These windows' whole vectors end within the rows, and the windows that follow overwrite the rest.
        whole = min(steps_within(op.ow * op.c - LANES, op.c), steps_within((op.w - 1) * op.c - LANES, 2 * op.c))
        for _ox in range(whole):
            scatter_square(x, op.c, below, dy, dx, LANES)
            x += 2 * op.c
            dx += 2 * op.c
            dy += op.c
    for _ox in range(whole, op.ow):
        c = 0
        while c + LANES <= op.c:
            scatter_square(x + c, op.c, below, dy + c, dx + c, LANES)
            c += LANES
        if c < op.c:
            scatter_square(x + c, op.c, below, dy + c, dx + c, op.c - c)
        x += 2 * op.c
        dx += 2 * op.c
        dy += op.c


cdef void scatter_row(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: the gradient of the input rows from one row of windows to the next."""
    cdef const Pool2D *op = <const Pool2D *>job
    cdef Py_ssize_t image = task // op.oh * op.h * op.w * op.c, oy = task % op.oh, start = oy * op.stride_h - op.pad_top
    cdef Py_ssize_t end = op.h if oy == op.oh - 1 else start + op.stride_h, ox, c
    cdef const real *x = <const real *>op.x + image
    cdef const real *dy = <const real *>op.y + task * op.ow * op.c
    cdef real *dx = <real *>op.dx + image
    cdef Window window
    # Whether some input elements are in no window
    cdef bint gaps = start + op.kh < end or op.kw < op.stride_w or op.ow * op.stride_w - op.pad_left < op.w
    if gaps:
        memset(dx + max(start, 0) * op.w * op.c, 0, (end - max(start, 0)) * op.w * op.c * sizeof(real))
    if op.kh == op.kw == op.stride_w == 2 and start >= 0 and start + 2 <= op.h and op.pad_left == 0 and 2 * op.ow <= op.w:
        scatter_squares(op, x + start * op.w * op.c, dy, dx + start * op.w * op.c)
        return
    for ox in range(op.ow):
        window = window_at(op, oy, ox)
        c = 0
        while c + POOLING_STRIP * LANES <= op.c:
            scatter_strip(op, &window, x + c, dy + c, dx + c, POOLING_STRIP, LANES)
            c += POOLING_STRIP * LANES
        while c + LANES <= op.c:
            scatter_strip(op, &window, x + c, dy + c, dx + c, 1, LANES)
            c += LANES
        if (op.c < LANES and not gaps and may_write_on(window.right - 1, op.w, 0, op.c) and may_write_on(ox, op.ow, 0, op.c)
                and may_read_on(op, task // op.oh, &window, 0)):
            scatter_strip(op, &window, x, dy, dx, 1, LANES)    # A whole vector may be stored, since it is the only strip.
        elif c < op.c:
            scatter_strip(op, &window, x + c, dy + c, dx + c, 1, op.c - c)
        dy += op.c


# Windows that overlap: the indices of the largest elements are kept in a ring.

cdef inline void store_argmax(const Pool2D *op, const Window *window, int first, const real *source, real *switches,
                              int vectors, int lanes) noexcept nogil:
    """Store the indices of the largest elements, as the bits of reals."""
    cdef vint argmax[POOLING_STRIP]
    cdef int v
    find_argmax(op, window, first, source, argmax, vectors, lanes)
    for v in range(vectors):
        vstore_first(switches + v * LANES, vfrom_bits(argmax[v]), lanes)


cdef inline void find_row(const Pool2D *op, Py_ssize_t oy, const real *source, real *switches) noexcept nogil:
    cdef Py_ssize_t ox, c
    cdef Window window
    cdef int first
    for ox in range(op.ow):
        window = window_at(op, oy, ox)
        first = (window.top - (oy * op.stride_h - op.pad_top)) * op.kw + window.left - (ox * op.stride_w - op.pad_left)
        c = 0
        while c + POOLING_STRIP * LANES <= op.c:
            store_argmax(op, &window, first, source + c, switches + c, POOLING_STRIP, LANES)
            c += POOLING_STRIP * LANES
        while c + LANES <= op.c:
            store_argmax(op, &window, first, source + c, switches + c, 1, LANES)
            c += LANES
        if c < op.c:
            store_argmax(op, &window, first, source + c, switches + c, 1, op.c - c)
        switches += op.c


cdef inline void add_shares(const Pool2D *op, const Reach *rows, const real *dy, real *line) noexcept nogil:
    """line[ox] = the sum of the shares that the windows of column ox give to each of their elements in an input row."""
    cdef Py_ssize_t ox, oy, c
    cdef Window window
    cdef real share
    memset(line, 0, op.ow * op.c * sizeof(real))
    for oy in range(rows.first, rows.last):
        for ox in range(op.ow):
            window = window_at(op, oy, ox)
            share = 1 / window.divisor
            for c in range(op.c):
                line[ox * op.c + c] += dy[(oy * op.ow + ox) * op.c + c] * share


cdef struct Ring:
    # What is kept for the rows of windows that contain an input row
    real *rows                      # (size, ow, c): the indices of the largest elements, or one row of shares
    Py_ssize_t size


cdef struct Sources:
    # The rows of windows from which an input row gathers its gradient
    Py_ssize_t count
    Py_ssize_t slot                 # index in the ring of the first row of windows
    Py_ssize_t position             # index, within windows of the first row, of their first element in the input row
    const real *dy


cdef inline void gather(const Pool2D *op, const Sources *sources, const Ring *ring, Py_ssize_t offset, Py_ssize_t position,
                        Py_ssize_t columns, real *dx, int vectors, int lanes, bint average) noexcept nogil:
    """The gradient of a strip of a pixel: ``vectors`` whole vectors, or ``lanes`` channels.

    ``columns`` windows of each row contain the pixel. The first one is ``offset`` elements after the beginning of its row, and
    the pixel has index ``position`` within it.
    """
    cdef vreal total[LONG_STRIP]
    cdef vint index
    cdef const real *dy = sources.dy + offset
    cdef const real *kept
    cdef Py_ssize_t _i, _j, slot = sources.slot, line = op.ow * op.c
    cdef int v
    for v in range(vectors):
        total[v] = vset(0)
    for _i in range(sources.count):
        kept = ring.rows + slot * line + offset
        if average:
            for _j in range(columns):
                for v in range(vectors):
                    total[v] = total[v] + vload_first(kept + v * LANES, lanes)
                kept += op.c
        else:
            index = viset(position)
            for _j in range(columns):
                for v in range(vectors):
                    total[v] = total[v] + vselect(vequal(vbits(vload_first(kept + v * LANES, lanes)), index),
                                                  vload_first(dy + v * LANES, lanes), vset(0))
                index = index - viset(op.stride_w)
                dy += op.c
                kept += op.c
            dy += line - columns * op.c
            position -= op.stride_h * op.kw
            slot = slot + 1 if slot + 1 < ring.size else 0
    for v in range(vectors):
        vstore_first(dx + v * LANES, total[v], lanes)


cdef inline Ring ring_of(const Pool2D *op, real *memory, bint average) noexcept nogil:
    cdef Ring ring
    ring.rows = memory
    ring.size = 1 if average else ceil_div(op.kh, op.stride_h)
    return ring


cdef inline void row_backward(const Pool2D *op, const Sources *sources, const Ring *ring, real *dx,
                              bint average) noexcept nogil:
    cdef Py_ssize_t x, c, offset, position, count
    cdef Reach columns
    columns.first, columns.last = 0, 0
    for x in range(op.w):
        advance(&columns, x + op.pad_left, op.kw, op.stride_w, op.ow)
        offset = columns.first * op.c
        position = sources.position + x + op.pad_left - columns.first * op.stride_w
        count = columns.last - columns.first
        c = 0
        while c + LONG_STRIP * LANES <= op.c:
            gather(op, sources, ring, offset + c, position, count, dx + c, LONG_STRIP, LANES, average)
            c += LONG_STRIP * LANES
        while c + LANES <= op.c:
            gather(op, sources, ring, offset + c, position, count, dx + c, 1, LANES, average)
            c += LANES
        if c < op.c:
            gather(op, sources, ring, offset + c, position, count, dx + c, 1, op.c - c, average)
        dx += op.c


cdef inline Py_ssize_t rows_per_band(const Pool2D *op, bint average) noexcept nogil:
    """Rows of a band. In max pooling, bands are higher if windows are, since windows in two bands are searched twice."""
    cdef Py_ssize_t rows = ceil_div(BAND_SIZE, op.w * op.c)
    return unless_finest(rows if average else max(rows, BAND_OVERLAPS * (op.kh - op.stride_h)), 1)


cdef inline Py_ssize_t bands_of(const Pool2D *op, bint average) noexcept nogil:
    return ceil_div(op.h, rows_per_band(op, average))


cdef inline void band_backward(const Pool2D *op, Py_ssize_t task, real *memory, bint average) noexcept nogil:
    cdef Py_ssize_t image = task // bands_of(op, average), top = task % bands_of(op, average) * rows_per_band(op, average)
    cdef Py_ssize_t y, oy
    cdef Py_ssize_t line = op.ow * op.c
    cdef const real *x = <const real *>op.x + image * op.h * op.w * op.c
    cdef const real *dy = <const real *>op.y + image * op.oh * line
    cdef real *dx = <real *>op.dx + image * op.h * op.w * op.c
    cdef Ring ring = ring_of(op, memory, average)
    cdef Sources sources
    cdef Reach rows
    cdef Reach kept                 # the rows of windows in the ring
    rows.first, rows.last = 0, 0
    kept.first, kept.last = -1, 0
    for y in range(top, min(top + rows_per_band(op, average), op.h)):
        advance(&rows, y + op.pad_top, op.kh, op.stride_h, op.oh)
        if average and (rows.first != kept.first or rows.last != kept.last):
            add_shares(op, &rows, dy, ring.rows)
        elif not average:
            for oy in range(max(kept.last, rows.first), rows.last):
                find_row(op, oy, x, ring.rows + oy % ring.size * line)
        kept = rows
        sources.count = 1 if average else rows.last - rows.first
        sources.slot = rows.first % ring.size
        sources.position = (y + op.pad_top - rows.first * op.stride_h) * op.kw
        sources.dy = dy + rows.first * line
        row_backward(op, &sources, &ring, dx + y * op.w * op.c, average)


cdef inline Py_ssize_t thread_scratch(const Pool2D *op, bint average) noexcept nogil:
    """The bytes of a thread's ring."""
    return aligned(ring_of(op, NULL, average).size * op.ow * op.c) * sizeof(real)


cdef size_t max_pool2d_backward_scratch(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    return 0 if windows_are_disjoint(op) else op.threads * thread_scratch(op, False)


cdef size_t average_pool2d_backward_scratch(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    return op.threads * thread_scratch(op, True)


cdef void max_band(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    band_backward(<const Pool2D *>job, task, <real *>memory, False)


cdef void average_band(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    band_backward(<const Pool2D *>job, task, <real *>memory, True)


cdef void max_pool2d_backward(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    if windows_are_disjoint(op):
        run_static(scatter_row, op, op.n * op.oh, op.threads, NULL, 0)
    else:
        run_static(max_band, op, op.n * bands_of(op, False), op.threads, op.scratch, thread_scratch(op, False))


cdef void average_pool2d_backward(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    run_static(average_band, op, op.n * bands_of(op, True), op.threads, op.scratch, thread_scratch(op, True))


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.max_pool2d_forward = Kernel(max_pool2d_forward, pool2d_forward_scratch)
    table.max_pool2d_backward = Kernel(max_pool2d_backward, max_pool2d_backward_scratch)
    table.average_pool2d_forward = Kernel(average_pool2d_forward, pool2d_forward_scratch)
    table.average_pool2d_backward = Kernel(average_pool2d_backward, average_pool2d_backward_scratch)

"""Local response normalization and its gradient.

With sums over |k - c| <= depth_radius (Krizhevsky, Sutskever & Hinton, "ImageNet classification with deep convolutional neural
networks", 2012, section 3.3, with TensorFlow's parameters):

    s_c = bias + alpha sum of x_k²,  y_c = x_c s_c^-beta
    dx_c = dy_c s_c^-beta - 2 alpha beta x_c sum of t_k,  t_k = dy_k x_k s_k^(-beta - 1)

The rows of a *strip*, with zeros between them, form one sequence. Its windows are summed element by element if they are short;
otherwise by a few vector additions, whatever the radius, and without subtractions: see `sum_windows`. Threads share strips.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memset
from striate.kernels.common.buffers cimport aligned
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real, vdivide, vload, vload_first, vreal, vset, vsqrt, vstore, vstore_first
from striate.kernels.common.vmath cimport vexp, vlog
from striate.kernels.ops cimport KERNEL_TABLE, Kernel, KernelTable, LocalResponseNormalization
from striate.kernels.tasks cimport run_static, unless_finest

cdef enum:
    STRIP_BYTES = 8 * 1024      # size of a strip: a part of L1
    SHORT_REACH = 4             # the largest reach of windows that are summed element by element
    BUFFERS = 3                 # buffers of each thread, each for a strip


cdef struct Strip:
    Py_ssize_t reach            # the most neighbours that a channel can have on either side
    Py_ssize_t pitch            # elements from row to row of a strip: the channels, and `reach` zeros
    Py_ssize_t rows             # rows of a strip
    Py_ssize_t size             # elements of a strip, which begins with `reach` zeros
    Py_ssize_t buffer           # elements of a buffer, with those after the strip that whole vectors touch


cdef inline Strip strip_of(const LocalResponseNormalization *op) noexcept nogil:
    cdef Strip strip
    strip.reach = min(op.depth_radius, op.channels - 1)
    strip.pitch = op.channels + strip.reach
    strip.rows = max(min(unless_finest(STRIP_BYTES // (strip.pitch * <Py_ssize_t>sizeof(real)), 1), op.rows), 1)
    strip.size = strip.reach + strip.rows * strip.pitch
    strip.buffer = aligned(strip.size + LANES)
    return strip


cdef inline void sum_windows(real *values, real *sums, const Strip *strip) noexcept nogil:
    """sums[i] = values[i] + … + values[i + width - 1], where width = 2 reach + 1; ``values`` are overwritten.

    Sums over windows of 1, 2, 4, 8 … elements are each computed from two of the preceding ones. Those of the sizes whose sum is
    the width in binary are added up. Short windows are left to `window_sum`.
    """
    cdef Py_ssize_t width = 2 * strip.reach + 1, length = 1, offset = 0, v
    if strip.reach <= SHORT_REACH:
        return
    memset(sums, 0, strip.buffer * sizeof(real))
    while True:
        if width & length:
            for v in range(ceil_div(strip.size - 2 * strip.reach, LANES)):
                vstore(sums + v * LANES, vload(sums + v * LANES) + vload(values + v * LANES + offset))
            offset += length
        if 2 * length > width:
            break
        for v in range(ceil_div(strip.size - length, LANES)):
            vstore(values + v * LANES, vload(values + v * LANES) + vload(values + v * LANES + length))
        length *= 2


cdef inline vreal window_sum(const real *values, const real *sums, const Strip *strip, Py_ssize_t at) noexcept nogil:
    cdef vreal sum
    cdef Py_ssize_t k
    if strip.reach > SHORT_REACH:
        return vload(sums + at)
    sum = vload(values + at)
    for k in range(at + 1, at + 2 * strip.reach + 1):
        sum = sum + vload(values + k)
    return sum


cdef enum Power:
    HALF
    THREE_QUARTERS
    ANY


cdef inline vreal power(Power kind, vreal s, real beta) noexcept nogil:
    """s^-beta."""
    cdef vreal root
    if kind == HALF:
        return vdivide(vset(1), vsqrt(s))
    if kind == THREE_QUARTERS:
        root = vsqrt(s)
        return vdivide(vset(1), root * vsqrt(root))
    return vexp(vlog(s) * -beta)


cdef struct Buffers:
    # The buffers of a thread, each for a strip
    real *squares       # x², or its sums over windows of powers of two
    real *terms         # t of the formula, likewise
    real *sums          # sums over whole windows


cdef inline Py_ssize_t buffers_bytes(const Strip *strip) noexcept nogil:
    return BUFFERS * strip.buffer * sizeof(real)


cdef inline Buffers buffers_in(real *memory, const Strip *strip) noexcept nogil:
    cdef Buffers buffers
    buffers.squares = memory
    buffers.terms = buffers.squares + strip.buffer
    buffers.sums = buffers.terms + strip.buffer
    return buffers


cdef inline void sum_squares(const real *x, Py_ssize_t rows, Py_ssize_t channels, const Strip *strip,
                             const Buffers *buffers) noexcept nogil:
    """Compute the windows' sums of squares: the window at [row * pitch + c] has channel c of that row and its neighbours."""
    cdef Py_ssize_t _row, v, j
    cdef real *squares = buffers.squares + strip.reach
    cdef vreal value
    memset(buffers.squares, 0, strip.buffer * sizeof(real))
    for _row in range(rows):
        for v in range(ceil_div(channels, LANES)):
            j = v * LANES
            value = vload_first(x + j, min(channels - j, LANES))
            vstore(squares + j, value * value)      # The lanes beyond the row are zero.
        x += channels
        squares += strip.pitch
    sum_windows(buffers.squares, buffers.sums, strip)


cdef inline void strip_forward(Power kind, const LocalResponseNormalization *op, const Strip *strip,
                               Py_ssize_t first, real *memory) noexcept nogil:
    cdef Py_ssize_t row, v, j, at, lanes, channels = op.channels, rows = min(strip.rows, op.rows - first)
    cdef const real *x = <const real *>op.x + first * channels
    cdef real *y = <real *>op.y + first * channels
    cdef Buffers buffers = buffers_in(memory, strip)
    cdef real alpha = op.alpha, beta = op.beta
    cdef vreal bias = vset(op.bias), s
    sum_squares(x, rows, channels, strip, &buffers)
    for row in range(rows):
        for v in range(ceil_div(channels, LANES)):
            j = v * LANES
            at = row * channels + j
            lanes = min(channels - j, LANES)
            s = window_sum(buffers.squares, buffers.sums, strip, row * strip.pitch + j) * alpha + bias
            vstore_first(y + at, vload_first(x + at, lanes) * power(kind, s, beta), lanes)


cdef inline void strip_backward(Power kind, const LocalResponseNormalization *op, const Strip *strip,
                                Py_ssize_t first, real *memory) noexcept nogil:
    cdef Py_ssize_t row, v, j, at, lanes, channels = op.channels, rows = min(strip.rows, op.rows - first)
    cdef const real *x = <const real *>op.x + first * channels
    cdef const real *dy = <const real *>op.y + first * channels
    cdef real *dx = <real *>op.dx + first * channels
    cdef Buffers buffers = buffers_in(memory, strip)
    cdef real alpha = op.alpha, beta = op.beta, factor = 2 * op.alpha * op.beta
    cdef vreal bias = vset(op.bias), s, own
    sum_squares(x, rows, channels, strip, &buffers)
    memset(buffers.terms, 0, strip.buffer * sizeof(real))
    for row in range(rows):     # Compute t, and the first term of dx.
        for v in range(ceil_div(channels, LANES)):
            j = v * LANES
            at = row * channels + j
            lanes = min(channels - j, LANES)
            s = window_sum(buffers.squares, buffers.sums, strip, row * strip.pitch + j) * alpha + bias
            own = vload_first(dy + at, lanes) * power(kind, s, beta)
            vstore_first(dx + at, own, lanes)
            vstore_first(buffers.terms + strip.reach + row * strip.pitch + j, vdivide(own, s) * vload_first(x + at, lanes),
                         lanes)
    sum_windows(buffers.terms, buffers.sums, strip)
    for row in range(rows):
        for v in range(ceil_div(channels, LANES)):
            j = v * LANES
            at = row * channels + j
            lanes = min(channels - j, LANES)
            s = window_sum(buffers.terms, buffers.sums, strip, row * strip.pitch + j) * factor
            vstore_first(dx + at, vload_first(dx + at, lanes) - vload_first(x + at, lanes) * s, lanes)


cdef void forward_strips(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const LocalResponseNormalization *op = <const LocalResponseNormalization *>job
    cdef Strip strip = strip_of(op)
    cdef Py_ssize_t first = task * strip.rows
    if op.beta == 0.5: strip_forward(HALF, op, &strip, first, <real *>memory)
    elif op.beta == 0.75: strip_forward(THREE_QUARTERS, op, &strip, first, <real *>memory)
    else: strip_forward(ANY, op, &strip, first, <real *>memory)


cdef void backward_strips(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const LocalResponseNormalization *op = <const LocalResponseNormalization *>job
    cdef Strip strip = strip_of(op)
    cdef Py_ssize_t first = task * strip.rows
    if op.beta == 0.5: strip_backward(HALF, op, &strip, first, <real *>memory)
    elif op.beta == 0.75: strip_backward(THREE_QUARTERS, op, &strip, first, <real *>memory)
    else: strip_backward(ANY, op, &strip, first, <real *>memory)


cdef size_t local_response_normalization_scratch(const void *arguments) noexcept nogil:
    cdef const LocalResponseNormalization *op = <const LocalResponseNormalization *>arguments
    cdef Strip strip = strip_of(op)
    return op.threads * buffers_bytes(&strip)


cdef void local_response_normalization_forward(const void *arguments) noexcept nogil:
    cdef const LocalResponseNormalization *op = <const LocalResponseNormalization *>arguments
    cdef Strip strip = strip_of(op)
    run_static(forward_strips, op, ceil_div(op.rows, strip.rows), op.threads, op.scratch, buffers_bytes(&strip))


cdef void local_response_normalization_backward(const void *arguments) noexcept nogil:
    cdef const LocalResponseNormalization *op = <const LocalResponseNormalization *>arguments
    cdef Strip strip = strip_of(op)
    run_static(backward_strips, op, ceil_div(op.rows, strip.rows), op.threads, op.scratch, buffers_bytes(&strip))


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.local_response_normalization_forward = Kernel(
        local_response_normalization_forward, local_response_normalization_scratch)
    table.local_response_normalization_backward = Kernel(
        local_response_normalization_backward, local_response_normalization_scratch)

"""Activations of arrays, and their gradients.

Those of single elements are in elementwise.pxd. Threads share chunks of CHUNK elements. The others run over the columns of
each row:

    softmax(x)_j = exp(x_j - m) / s         log_softmax(x)_j = (x_j - m) - log s,   m = max x, s = sum exp(x_i - m)

with the gradients y (dy - sum dy y) and dy - exp(y) sum dy. Each lane of a vector adds up its columns in order, and then the
lanes are added by halves. Threads share rows.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, minus_infinity, real, vdivide, vfirst, vlargest, vload_first, vmax_or_second,
                                          vreal, vselect, vset, vstore_first, vsum)
from striate.kernels.common.vmath cimport vexp_nonpositive, vlog
from striate.kernels.elementwise.elementwise cimport chunk, chunk_size
from striate.kernels.ops cimport KERNEL_TABLE, Kernel, KernelTable, LOG_SOFTMAX, Rowwise, SOFTMAX
from striate.kernels.tasks cimport CHUNK, run_static, unless_finest

cdef enum:
    SHORT_COLUMNS = 32  # the most columns of a softmax that is computed with `transposed` rows
    ROWS = 4            # rows of a softmax that are computed at once


# ------------------------------------------------------------------------------------------------------------------ softmax
#
# A row is cut into vectors, of which the last may be partial; the maxima and sums of the lanes are combined at the end. Short
# rows would waste lanes of the exponential function: for them, a vector has one column of LANES rows instead, which are
# transposed to a block and back.

cdef inline bint transposed(const Rowwise *op, bint backward) noexcept nogil:
    return not backward and op.columns <= SHORT_COLUMNS and op.columns % LANES != 0


cdef inline Py_ssize_t rows_per_task(const Rowwise *op, bint backward) noexcept nogil:
    return LANES if transposed(op, backward) else unless_finest(max(CHUNK // op.columns, 1), 1)


cdef inline vreal load_row(const real *x, Py_ssize_t size) noexcept nogil:
    """The next elements, and minus infinity beyond the end of the row, where exponentials are zero."""
    if size >= LANES:
        return vload_first(x, LANES)
    return vselect(vfirst(size), vload_first(x, size), vset(minus_infinity()))


cdef inline void softmax(const int rows, const real *x, real *y, Py_ssize_t pitch, Py_ssize_t size, bint across_lanes,
                         bint log) noexcept nogil:
    """Softmax of ``rows`` rows of ``size`` columns, ``pitch`` apart; unless ``across_lanes``, each lane is a row of its own.

    A few rows at once keep the processor busy, since the steps of each row wait for one another.
    """
    cdef vreal most[ROWS]
    cdef vreal sums[ROWS]
    cdef vreal last[ROWS]
    cdef vreal shift, e
    cdef Py_ssize_t v, at, end = ceil_div(size, LANES) * LANES - LANES
    cdef int r
    for r in range(rows):
        most[r] = load_row(x + r * pitch, size)
        sums[r] = vset(0.0)
    for v in range(1, end // LANES):
        for r in range(rows):
            most[r] = vmax_or_second(most[r], vload_first(x + r * pitch + v * LANES, LANES))
    for r in range(rows):
        most[r] = vmax_or_second(most[r], load_row(x + r * pitch + end, size - end))
        if across_lanes:
            most[r] = vlargest(most[r])
    for v in range(end // LANES):
        for r in range(rows):
            at = r * pitch + v * LANES
            shift = vload_first(x + at, LANES) - most[r]
            e = vexp_nonpositive(shift)
            sums[r] = sums[r] + e
            vstore_first(y + at, shift if log else e, LANES)
    for r in range(rows):
        # The last vector has been kept in a register, since loading a partly stored vector again would stall.
        shift = load_row(x + r * pitch + end, size - end) - most[r]
        e = vexp_nonpositive(shift)
        sums[r] = sums[r] + e
        last[r] = shift if log else e
        if across_lanes:
            sums[r] = vsum(sums[r])
        sums[r] = vlog(sums[r]) if log else vdivide(vset(1.0), sums[r])
        vstore_first(y + r * pitch + end, last[r] - sums[r] if log else last[r] * sums[r], size - end)
    for v in range(end // LANES):
        for r in range(rows):
            at = r * pitch + v * LANES
            e = vload_first(y + at, LANES)
            vstore_first(y + at, e - sums[r] if log else e * sums[r], LANES)


cdef inline vreal product(const real *y, const real *dy, int lanes, bint log) noexcept nogil:
    """The terms of the sum in the gradient: dy, or dy y."""
    return vload_first(dy, lanes) if log else vload_first(dy, lanes) * vload_first(y, lanes)


cdef inline void finish_backward(const real *y, const real *dy, real *dx, vreal sums, int lanes, bint log) noexcept nogil:
    cdef vreal gradient = vload_first(dy, lanes), value = vload_first(y, lanes)
    vstore_first(dx, gradient - vexp_nonpositive(value) * sums if log else value * (gradient - sums), lanes)


cdef inline void softmax_backward(const int rows, const real *y, const real *dy, real *dx, Py_ssize_t size,
                                  bint log) noexcept nogil:
    """The gradient of ``rows`` rows; dx may be y or dy."""
    cdef vreal sums[ROWS]
    cdef Py_ssize_t v, at, full = size // LANES * LANES
    cdef int r
    for r in range(rows):
        sums[r] = vset(0.0)
    for v in range(size // LANES):
        for r in range(rows):
            at = r * size + v * LANES
            sums[r] = sums[r] + product(y + at, dy + at, LANES, log)
    for r in range(rows):
        if full < size:
            sums[r] = sums[r] + product(y + r * size + full, dy + r * size + full, size - full, log)
        sums[r] = vsum(sums[r])
    for v in range(size // LANES):
        for r in range(rows):
            at = r * size + v * LANES
            finish_backward(y + at, dy + at, dx + at, sums[r], LANES, log)
    if full < size:
        for r in range(rows):
            at = r * size + full
            finish_backward(y + at, dy + at, dx + at, sums[r], size - full, log)


cdef inline void gather(const real *x, real *block, Py_ssize_t rows, Py_ssize_t columns) noexcept nogil:
    """Transpose rows to lanes; lanes beyond ``rows`` repeat the first row."""
    cdef Py_ssize_t lane, j
    cdef const real *row
    for lane in range(LANES):
        row = x + (lane if lane < rows else 0) * columns
        for j in range(columns):
            block[j * LANES + lane] = row[j]


cdef inline void scatter(const real *block, real *y, Py_ssize_t rows, Py_ssize_t columns) noexcept nogil:
    cdef Py_ssize_t lane, j
    for lane in range(rows):
        for j in range(columns):
            y[lane * columns + j] = block[j * LANES + lane]


cdef inline void some_rows(const int rows, const Rowwise *op, const real *x, const real *dy, real *y, bint backward,
                           bint log) noexcept nogil:
    if backward:
        softmax_backward(rows, x, dy, y, op.columns, log)
    else:
        softmax(rows, x, y, op.columns, op.columns, True, log)


cdef inline void softmax_task(const Rowwise *op, Py_ssize_t task, bint backward, bint log) noexcept nogil:
    cdef Py_ssize_t first = task * rows_per_task(op, backward), rows = min(rows_per_task(op, backward), op.rows - first), i = 0
    cdef const real *x = <const real *>op.x + first * op.columns
    cdef const real *dy = <const real *>op.dy + first * op.columns
    cdef real *y = <real *>op.y + first * op.columns
    cdef real block[SHORT_COLUMNS * LANES]
    if transposed(op, backward):
        gather(x, block, rows, op.columns)
        softmax(1, block, block, 0, op.columns * LANES, False, log)
        scatter(block, y, rows, op.columns)
        return
    while i + ROWS <= rows:
        some_rows(ROWS, op, x + i * op.columns, dy + i * op.columns, y + i * op.columns, backward, log)
        i += ROWS
    while i < rows:
        some_rows(1, op, x + i * op.columns, dy + i * op.columns, y + i * op.columns, backward, log)
        i += 1


# -------------------------------------------------------------------------------------------------------------------- tasks

cdef inline bint takes_rows(const Rowwise *op) noexcept nogil:
    return op.activation == SOFTMAX or op.activation == LOG_SOFTMAX


cdef inline Py_ssize_t tasks_of(const Rowwise *op, bint backward) noexcept nogil:
    if op.columns == 0:
        return 0
    return ceil_div(op.rows, rows_per_task(op, backward)) if takes_rows(op) else ceil_div(op.rows * op.columns, chunk_size())


cdef inline void run_task(const Rowwise *op, Py_ssize_t task, bint backward) noexcept nogil:
    if op.activation == SOFTMAX: softmax_task(op, task, backward, False)
    elif op.activation == LOG_SOFTMAX: softmax_task(op, task, backward, True)
    else: chunk(False, op, task * chunk_size(), backward)


cdef void task_forward(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    run_task(<const Rowwise *>job, task, False)


cdef void task_backward(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    run_task(<const Rowwise *>job, task, True)


cdef void activation_forward(const void *arguments) noexcept nogil:
    cdef const Rowwise *op = <const Rowwise *>arguments
    run_static(task_forward, op, tasks_of(op, False), op.threads, NULL, 0)


cdef void activation_backward(const void *arguments) noexcept nogil:
    cdef const Rowwise *op = <const Rowwise *>arguments
    run_static(task_backward, op, tasks_of(op, True), op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.activation_forward = Kernel(activation_forward, NULL)
    table.activation_backward = Kernel(activation_backward, NULL)

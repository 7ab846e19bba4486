"""Activations of arrays, and their gradients.

The formulas of elementwise activations are in `activate` and `derive`, which take a vector at a time. Threads share chunks of
CHUNK elements. The others run over the columns of each row:

    softmax(x)_j = exp(x_j - m) / s         log_softmax(x)_j = (x_j - m) - log s,   m = max x, s = sum exp(x_i - m)

with the gradients y (dy - sum dy y) and dy - exp(y) sum dy. Each lane of a vector adds up its columns in order, and then the
lanes are added by halves. Threads share rows.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, minus_infinity, real, vdivide, vfirst, vint, vlargest, vleaky_relu, vless,
                                          vload_first, vmax_or_second, vreal, vrelu, vselect, vset, vstore_first, vsum)
from striate.kernels.common.vmath cimport (Normal, vabs, vclamp, vexp, vexp_nonpositive, vexpm1, vhard_sigmoid, vhard_silu,
                                           vlog, vmax_or_first, vmin_or_first, vnormal, vsigmoid, vsilu, vsoftplus, vtanh)
from striate.kernels.ops cimport (ActivationCode, ELU, EXPONENTIAL, GELU, GELU_TANH, HARD_SIGMOID, HARD_SILU, KERNEL_TABLE,
                                  Kernel, KernelTable, LEAKY_RELU, LINEAR, LOG, LOG_SOFTMAX, MISH, RELU, RELU6, Rowwise, SCALE,
                                  SELU, SIGMOID, SILU, SOFTMAX, SOFTPLUS, SOFTSIGN, TANH)
from striate.kernels.tasks cimport CHUNK, run_static, unless_finest

cdef enum:
    SHORT_COLUMNS = 32  # the most columns of a softmax that is computed with `transposed` rows
    ROWS = 4            # rows of a softmax that are computed at once


# ------------------------------------------------------------------------------------------------- elementwise activations

cdef inline vreal bounded(vreal x) noexcept nogil:
    """x, clamped to ±1000: the other factor is zero beyond that, and infinity times zero would be NaN."""
    return vclamp(x, vset(-1000.0), vset(1000.0))


cdef inline vint between(vreal low, vreal x, vreal high) noexcept nogil:
    return vless(low, x) & vless(x, high)


cdef inline vreal gelu_tanh_argument(vreal x) noexcept nogil:
    """u = 2 sqrt(2 / π) (x + 0.044715 x³), so that (1 + tanh(u / 2)) / 2 = sigmoid(u)."""
    return x * (vset(1.5957691216057308) + vset(0.07135481627260025) * (x * x))


cdef inline vreal activate(ActivationCode activation, vreal x, real alpha) noexcept nogil:
    """y, the activation of x."""
    cdef vreal zero = vset(0.0), one = vset(1.0), a = vset(alpha), w
    if activation == RELU:          # max(x, 0)
        return vrelu(x)
    if activation == LEAKY_RELU:    # x for x >= 0, otherwise alpha x
        return vleaky_relu(x, alpha)
    if activation == RELU6:         # min(max(x, 0), 6)
        return vclamp(x, zero, vset(6.0))
    if activation == ELU:           # x for x >= 0, otherwise alpha (exp(x) - 1)
        return vselect(vless(x, zero), a * vexpm1(x), x)
    if activation == SELU:          # s x for x >= 0, otherwise s a (exp(x) - 1)
        return vselect(vless(x, zero), vset(1.7580993408473766) * vexpm1(x), vset(1.0507009873554805) * x)
    if activation == SIGMOID:       # 1 / (1 + exp(-x))
        return vsigmoid(x)
    if activation == HARD_SIGMOID:  # min(max(x + 3, 0), 6) / 6
        return vhard_sigmoid(x)
    if activation == TANH:
        return vtanh(x)
    if activation == SOFTPLUS:      # log(1 + exp(x))
        return vsoftplus(x)
    if activation == SOFTSIGN:      # x / (1 + |x|), which is rounded to ±1 beyond ±10^17
        x = vclamp(x, vset(-1e17), vset(1e17))
        return vdivide(x, one + vabs(x))
    if activation == EXPONENTIAL:
        return vexp(x)
    if activation == LOG:
        return vlog(x)
    if activation == SCALE:         # alpha x
        return a * x
    if activation == SILU:          # x sigmoid(x)
        return vsilu(x)
    if activation == HARD_SILU:     # x hard_sigmoid(x)
        return vhard_silu(x)
    if activation == GELU:          # x Φ(x)
        return vmax_or_first(x, vset(-1000.0)) * vnormal(x).cumulative
    if activation == GELU_TANH:     # x (1 + tanh(sqrt(2 / π) (x + 0.044715 x³))) / 2
        return vmax_or_first(x, vset(-1000.0)) * vsigmoid(gelu_tanh_argument(x))
    if activation == MISH:          # x tanh(softplus(x)) = x w (w + 2) / (w (w + 2) + 2) with w = exp(x)
        w = vexp(vmin_or_first(x, vset(40.0)))
        w = w * (w + vset(2.0))
        return vmax_or_first(x, vset(-1000.0)) * vdivide(w, w + vset(2.0))
    return x


cdef inline vreal derive(ActivationCode activation, vreal dy, vreal y, real alpha) noexcept nogil:
    """The gradient of x, computed from y, or, if y does not determine it, from x, which is then passed as ``y``."""
    cdef vreal zero = vset(0.0), one = vset(1.0), a = vset(alpha), x = y, w, v
    cdef Normal normal
    if activation == RELU:
        return vselect(vless(zero, y), dy, zero)
    if activation == LEAKY_RELU:    # From x or y, which have the same sign.
        return vselect(vless(zero, y), dy, dy * a)
    if activation == RELU6:
        return vselect(between(zero, y, vset(6.0)), dy, zero)
    if activation == ELU:
        return vselect(vless(zero, y), dy, dy * (y + a))
    if activation == SELU:
        return dy * vselect(vless(zero, y), vset(1.0507009873554805), y + vset(1.7580993408473766))
    if activation == SIGMOID:
        return dy * y * (one - y)
    if activation == HARD_SIGMOID:
        return vselect(between(zero, y, one), vdivide(dy, vset(6.0)), zero)
    if activation == TANH:
        return dy * (one - y * y)
    if activation == SOFTPLUS:      # sigmoid(x) = 1 - exp(-y)
        return dy * -vexpm1(-y)
    if activation == SOFTSIGN:
        return dy * (one - vabs(y)) * (one - vabs(y))
    if activation == EXPONENTIAL:
        return dy * y
    if activation == SILU:          # from x: s (1 + x (1 - s)) with s = sigmoid(x)
        v = vsigmoid(x)
        return dy * (v + bounded(x) * v * (one - v))
    if activation == HARD_SILU:     # from x: hard_sigmoid(x) + x hard_sigmoid'(x)
        v = vclamp(x + vset(3.0), zero, vset(6.0)) + vselect(between(vset(-3.0), x, vset(3.0)), x, zero)
        return dy * vdivide(v, vset(6.0))
    if activation == GELU:          # from x: Φ(x) + x φ(x)
        normal = vnormal(x)
        return dy * (normal.cumulative + bounded(x) * normal.density)
    if activation == GELU_TANH:     # from x: s (1 + x (1 - s) u'), s = sigmoid(u), x u' = 2 sqrt(2 / π) (x + 3 * 0.044715 x³)
        x = bounded(x)
        v = vsigmoid(gelu_tanh_argument(x))
        return dy * (v + v * (one - v) * x * (vset(1.5957691216057308) + vset(0.21406444881780075) * (x * x)))
    if activation == MISH:          # from x: n / d + 4 x w (w + 1) / d² with w = exp(x), n = w (w + 2), d = n + 2
        w = vexp(vmin_or_first(x, vset(40.0)))
        v = w * (w + vset(2.0)) + vset(2.0)
        return dy * vdivide(v - vset(2.0) + bounded(x) * vdivide(vset(4.0) * w * (w + one), v), v)
    return dy


cdef inline void step(ActivationCode activation, const real *x, const real *dy, real *y, Py_ssize_t lanes, real alpha,
                      bint backward) noexcept nogil:
    if backward:
        vstore_first(y, derive(activation, vload_first(dy, lanes), vload_first(x, lanes), alpha), lanes)
    else:
        vstore_first(y, activate(activation, vload_first(x, lanes), alpha), lanes)


cdef inline Py_ssize_t chunk_size() noexcept nogil:
    return unless_finest(CHUNK, LANES)


cdef inline void sweep(ActivationCode activation, const Rowwise *op, Py_ssize_t start, bint backward) noexcept nogil:
    """Compute a chunk; ``activation`` is a compile-time constant at each call, for which the loops are compiled."""
    cdef const real *x = <const real *>op.x + start
    cdef const real *dy = <const real *>op.dy + start
    cdef real *y = <real *>op.y + start
    cdef real alpha = op.alpha
    cdef Py_ssize_t size = min(chunk_size(), op.rows * op.columns - start), v, i
    for v in range(size // LANES):
        step(activation, x + v * LANES, dy + v * LANES, y + v * LANES, LANES, alpha, backward)
    if size % LANES:
        i = size // LANES * LANES
        step(activation, x + i, dy + i, y + i, size - i, alpha, backward)


cdef inline void chunk(const Rowwise *op, Py_ssize_t start, bint backward) noexcept nogil:
    if op.activation == LINEAR: sweep(LINEAR, op, start, backward)
    elif op.activation == RELU: sweep(RELU, op, start, backward)
    elif op.activation == LEAKY_RELU: sweep(LEAKY_RELU, op, start, backward)
    elif op.activation == RELU6: sweep(RELU6, op, start, backward)
    elif op.activation == ELU: sweep(ELU, op, start, backward)
    elif op.activation == SELU: sweep(SELU, op, start, backward)
    elif op.activation == SIGMOID: sweep(SIGMOID, op, start, backward)
    elif op.activation == HARD_SIGMOID: sweep(HARD_SIGMOID, op, start, backward)
    elif op.activation == TANH: sweep(TANH, op, start, backward)
    elif op.activation == SOFTPLUS: sweep(SOFTPLUS, op, start, backward)
    elif op.activation == SOFTSIGN: sweep(SOFTSIGN, op, start, backward)
    elif op.activation == EXPONENTIAL: sweep(EXPONENTIAL, op, start, backward)
    elif op.activation == LOG: sweep(LOG, op, start, backward)
    elif op.activation == SCALE: sweep(SCALE, op, start, backward)
    elif op.activation == SILU: sweep(SILU, op, start, backward)
    elif op.activation == HARD_SILU: sweep(HARD_SILU, op, start, backward)
    elif op.activation == GELU: sweep(GELU, op, start, backward)
    elif op.activation == GELU_TANH: sweep(GELU_TANH, op, start, backward)
    elif op.activation == MISH: sweep(MISH, op, start, backward)


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
    else: chunk(op, task * chunk_size(), backward)


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

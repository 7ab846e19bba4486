"""Losses and their gradients: the mean over rows of a value that each row of predictions gets from its targets.

    cross-entropy             L = -sum_j t_j log max(p_j / s, EPSILON)      dL/dp_j = sum t / s - t_j / max(p_j, s EPSILON),
                              where s = sum_j p_j
      of logits z             L = sum_j t_j (log s - (z_j - m))         dL/dz_j = exp(z_j - m) / s sum t - t_j,
                              where m = max z, s = sum_j exp(z_j - m)
      sparse                  the same with t_j = 1 for the target's number and 0 for all others
    squared error             L = sum_j (p_j - t_j)² / columns          dL/dp_j = 2 (p_j - t_j) / columns

Value and gradient are multiplied by a weight, and each row's by one of its own where there are such. The rows' values are kept
apart and added up in order, in double precision, so that threads change nothing. A class number out of range makes the loss
NaN.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.math cimport NAN, log
from libc.stdint cimport int64_t
from libc.string cimport memset
from striate.kernels.geometry cimport ceil_div
from striate.kernels.ops cimport KernelTable, Loss
from striate.kernels.simd cimport LANES, real, vdivide, vfirst, vload_first, vreal, vselect, vset, vstore_first, vsum
from striate.kernels.tasks cimport run_serial, run_static, task_function, unless_finest
from striate.kernels.vmath cimport vexp_falling, vlog, vmax

cdef enum:
    LOSS_CHUNK = 4096        # elements a task, at least a row

cdef double EPSILON = 1e-7      # probabilities below this count as this much, as in Keras


cdef inline Py_ssize_t loss_rows_a_task(const Loss *op) noexcept nogil:
    return unless_finest(max(LOSS_CHUNK // op.columns, 1), 1)


cdef inline double weight_of(const Loss *op, Py_ssize_t row) noexcept nogil:
    """What a row's value and gradient are multiplied by."""
    return (<const real *>op.row_weights)[row // op.rows_a_weight] if op.row_weights != NULL else 1.0


cdef inline real lowest_lane(vreal a) noexcept nogil:
    cdef real lanes[LANES]
    vstore_first(lanes, a, LANES)
    return lanes[0]


cdef inline double add_up(const real *x, Py_ssize_t size) noexcept nogil:
    cdef double total = 0
    cdef Py_ssize_t j
    for j in range(size):
        total += x[j]
    return total


cdef inline double whole(const real *p, Py_ssize_t size) noexcept nogil:
    """What a row of predictions sums to, so that they become probabilities; 1 where that makes none of them. NaN stays."""
    cdef double total = add_up(p, size)
    return 1 if total <= 0 else total


cdef inline real largest(const real *x, Py_ssize_t size) noexcept nogil:
    """The largest element; NaN if there is one."""
    cdef real most = x[0]
    cdef Py_ssize_t j
    for j in range(1, size):
        most = x[j] if x[j] > most or x[j] != x[j] else most
    return most


cdef inline double exponentials(const real *z, real *e, Py_ssize_t size, real most) noexcept nogil:
    """e = exp(z - most); their sum."""
    cdef Py_ssize_t v, j
    for v in range(ceil_div(size, LANES)):
        j = v * LANES
        vstore_first(e + j, vexp_falling(vload_first(z + j, min(size - j, LANES)) - vset(most)), min(size - j, LANES))
    return add_up(e, size)


cdef inline double sparse_row(const Loss *op, Py_ssize_t row) noexcept nogil:
    cdef const real *p = <const real *>op.predictions + row * op.columns
    cdef real *g = <real *>op.gradient + row * op.columns
    cdef Py_ssize_t target = (<const int64_t *>op.targets)[row], j
    cdef double total, probability, weight = op.weight * weight_of(op, row)
    cdef real most, scale
    if target < 0 or target >= op.columns:
        memset(g, 0, op.columns * sizeof(real))
        return NAN
    if not op.from_logits:
        total = whole(p, op.columns)
        probability = max(<double>p[target], EPSILON * total)
        scale = weight / (total * op.rows)
        for j in range(op.columns):
            g[j] = scale
        g[target] = weight / op.rows * (1 / total - 1 / probability)
        return -log(probability / total)
    most = largest(p, op.columns)
    total = exponentials(p, g, op.columns, most)
    scale = weight / (total * op.rows)
    for j in range(op.columns):
        g[j] = g[j] * scale
    g[target] = g[target] - <real>(weight / op.rows)
    return log(total) - (p[target] - most)


cdef inline double dense_row(const Loss *op, Py_ssize_t row) noexcept nogil:
    cdef const real *p = <const real *>op.predictions + row * op.columns
    cdef const real *t = <const real *>op.targets + row * op.columns
    cdef real *g = <real *>op.gradient + row * op.columns
    cdef double total, targets, normalizer, value = 0, weight = op.weight * weight_of(op, row)
    cdef real most, inverse, scale, share = weight / op.rows
    cdef Py_ssize_t v, j, lanes
    cdef vreal probability, target, logs
    if op.from_logits:
        most, targets = largest(p, op.columns), add_up(t, op.columns)
        total = exponentials(p, g, op.columns, most)
        scale = weight * targets / (total * op.rows)
        normalizer = log(total)
        value = 0 * total  # NaN if a logit is, whatever the targets
        for j in range(op.columns):
            if t[j] != 0:  # logits of minus infinity count for nothing where the target is 0
                value += t[j] * (normalizer - (p[j] - most))
            g[j] = g[j] * scale - t[j] * share
        return value
    total = whole(p, op.columns)
    inverse = 1 / total
    scale = add_up(t, op.columns) / total
    for v in range(ceil_div(op.columns, LANES)):
        j = v * LANES
        lanes = min(op.columns - j, LANES)
        target = vload_first(t + j, lanes)
        probability = vmax(vload_first(p + j, lanes) * vset(inverse), vset(<real>EPSILON))
        logs = vselect(vfirst(lanes), target * vlog(probability), vset(0.0))
        value -= lowest_lane(vsum(logs))
        vstore_first(g + j, (vset(scale) - vdivide(target, probability) * vset(inverse)) * vset(share), lanes)
    return value


cdef inline double squared_row(const Loss *op, Py_ssize_t row) noexcept nogil:
    cdef const real *p = <const real *>op.predictions + row * op.columns
    cdef const real *t = <const real *>op.targets + row * op.columns
    cdef real *g = <real *>op.gradient + row * op.columns
    cdef real scale = 2 * op.weight * weight_of(op, row) / (<double>op.rows * op.columns)
    cdef double value = 0, error
    cdef Py_ssize_t j
    for j in range(op.columns):
        error = <double>p[j] - t[j]
        value += error * error
        g[j] = error * scale
    return value / op.columns


cdef void sparse_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Loss *op = <const Loss *>job
    cdef Py_ssize_t row, first = task * loss_rows_a_task(op)
    for row in range(first, min(first + loss_rows_a_task(op), op.rows)):
        (<double *>op.scratch)[row] = weight_of(op, row) * sparse_row(op, row)


cdef void dense_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Loss *op = <const Loss *>job
    cdef Py_ssize_t row, first = task * loss_rows_a_task(op)
    for row in range(first, min(first + loss_rows_a_task(op), op.rows)):
        (<double *>op.scratch)[row] = weight_of(op, row) * dense_row(op, row)


cdef void squared_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Loss *op = <const Loss *>job
    cdef Py_ssize_t row, first = task * loss_rows_a_task(op)
    for row in range(first, min(first + loss_rows_a_task(op), op.rows)):
        (<double *>op.scratch)[row] = weight_of(op, row) * squared_row(op, row)


cdef void mean_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Loss *op = <const Loss *>job
    cdef double total = 0
    cdef Py_ssize_t row
    for row in range(op.rows):
        total += (<const double *>op.scratch)[row]
    op.value[0] = op.weight * total / op.rows


cdef inline void mean_of(task_function rows, const Loss *op) noexcept nogil:
    run_static(rows, op, ceil_div(op.rows, loss_rows_a_task(op)), op.threads, NULL, 0)
    run_serial(mean_task, op, 1, NULL)


cdef void sparse_crossentropy(const Loss *op) noexcept nogil:
    mean_of(sparse_task, op)


cdef void crossentropy(const Loss *op) noexcept nogil:
    mean_of(dense_task, op)


cdef void squared_error(const Loss *op) noexcept nogil:
    mean_of(squared_task, op)


cdef size_t loss_scratch(const Loss *op) noexcept nogil:
    return op.rows * sizeof(double)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.sparse_crossentropy = sparse_crossentropy
    table.crossentropy = crossentropy
    table.squared_error = squared_error
    table.loss_scratch = loss_scratch

"""Losses and their gradients: the mean over rows of the loss L of each row of predictions.

    cross-entropy             L = -sum_j t_j log max(p_j / s, EPSILON)      dL/dp_j = sum t / s - t_j / max(p_j, s EPSILON),
                              where s = sum_j p_j
      of logits z             L = sum_j t_j (log s - (z_j - m))         dL/dz_j = exp(z_j - m) / s sum t - t_j,
                              where m = max z, s = sum_j exp(z_j - m)
      sparse                  the same with t_j = 1 for the target's class index and 0 for all others
    binary cross-entropy      L = mean_j w_j m_j^gamma c_j, where w = t yes + (1 - t) no, m = t (1 - p) + (1 - t) p,
                              c = -t log p - (1 - t) log(1 - p), with p clipped to [EPSILON, 1 - EPSILON] in c
      of logits z             the same with p = 1 / (1 + exp(-z)), not clipped
    squared error             L = sum_j (p_j - t_j)² / columns          dL/dp_j = 2 (p_j - t_j) / columns

The factor m^gamma is that of focal loss (Lin et al., "Focal loss for dense object detection", 2017). Value and gradient are
multiplied by a weight, and those of each row by its row weight, if there are row weights. A class index out of range makes the
loss NaN.

*Threads* share rows. The rows' values are stored separately and added up in order, in double precision.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.math cimport NAN, log
from libc.stdint cimport int64_t
from libc.string cimport memset
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, real, vdivide, vfirst, vless, vload_first, vreal, vselect, vset, vstore_first,
                                          vsum)
from striate.kernels.common.vmath cimport Logistic, vabs, vexp, vexp_nonpositive, vlog, vlogistic, vmax_or_first, vmin_or_first
from striate.kernels.ops cimport BINARY_CROSSENTROPY, CROSSENTROPY, KERNEL_TABLE, Kernel, KernelTable, Loss, SPARSE_CROSSENTROPY
from striate.kernels.tasks cimport CHUNK, run_serial, run_static, task_function, unless_finest


cdef double EPSILON = 1e-7      # the least probability, to which smaller ones are clipped, as in Keras
cdef double LEAST = 1e-30       # the least error m of a prediction, to which smaller ones are clipped: its powers are finite


cdef inline Py_ssize_t loss_rows_per_task(const Loss *op) noexcept nogil:
    return unless_finest(max(CHUNK // op.columns, 1), 1)


cdef inline double weight_of(const Loss *op, Py_ssize_t row) noexcept nogil:
    """The row weight, a factor of the row's value and gradient."""
    return (<const real *>op.row_weights)[row // op.rows_per_weight] if op.row_weights != NULL else 1.0


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


cdef inline double row_normalizer(const real *p, Py_ssize_t size) noexcept nogil:
    """The sum of a row of predictions, by which they are divided to become probabilities, or 1 if it is not positive.

    NaN stays NaN.
    """
    cdef double total = add_up(p, size)
    return 1 if total <= 0 else total


cdef inline real largest(const real *x, Py_ssize_t size) noexcept nogil:
    """The largest element, or NaN if one is NaN."""
    cdef real most = x[0]
    cdef Py_ssize_t j
    for j in range(1, size):
        most = x[j] if x[j] > most or x[j] != x[j] else most
    return most


cdef inline double exponentials(const real *z, real *e, Py_ssize_t size, real most) noexcept nogil:
    """Set e = exp(z - most), and return the sum of e."""
    cdef Py_ssize_t v, j
    for v in range(ceil_div(size, LANES)):
        j = v * LANES
        vstore_first(e + j, vexp_nonpositive(vload_first(z + j, min(size - j, LANES)) - vset(most)), min(size - j, LANES))
    return add_up(e, size)


# The functions of a row return its L, and write its gradient, which includes the weights.

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
        total = row_normalizer(p, op.columns)
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
        value = 0 * total  # The loss is NaN if a logit is NaN, whatever the targets.
        for j in range(op.columns):
            if t[j] != 0:  # A logit of minus infinity must not count where the target is 0.
                value += t[j] * (normalizer - (p[j] - most))
            g[j] = g[j] * scale - t[j] * share
        return value
    total = row_normalizer(p, op.columns)
    inverse = 1 / total
    scale = add_up(t, op.columns) / total
    for v in range(ceil_div(op.columns, LANES)):
        j = v * LANES
        lanes = min(op.columns - j, LANES)
        target = vload_first(t + j, lanes)
        probability = vmax_or_first(vload_first(p + j, lanes) * vset(inverse), vset(<real>EPSILON))
        logs = vselect(vfirst(lanes), target * vlog(probability), vset(0.0))
        value -= lowest_lane(vsum(logs))
        vstore_first(g + j, (vset(scale) - vdivide(target, probability) * vset(inverse)) * vset(share), lanes)
    return value


cdef struct Binary:
    # Binary cross-entropy of some elements, and its gradient
    vreal value, gradient


cdef inline vreal weigh(vreal weight, vreal x) noexcept nogil:
    """weight * x for weight >= 0; it is 0 where the weight is 0, even if x is infinite."""
    return vselect(vless(vset(0.0), weight), weight * x, vset(0.0))


cdef inline Binary binary_of_logits(vreal t, vreal z, Logistic p) noexcept nogil:
    cdef vreal no = vset(1.0) - t, zero = vset(0.0)
    cdef Binary result
    result.value = weigh(t, vmax_or_first(-z, zero) + p.tail) + weigh(no, vmax_or_first(z, zero) + p.tail)
    result.gradient = no * p.yes - t * p.no
    return result


cdef inline Binary binary_of_probabilities(vreal t, vreal p) noexcept nogil:
    cdef vreal least = vset(<real>EPSILON), most = vset(<real>(1 - EPSILON)), one = vset(1.0), zero = vset(0.0)
    cdef vreal yes = vmin_or_first(vmax_or_first(p, least), most), no = one - yes, lost = (one - no) - yes
    cdef Binary result
    # Where p is small, the rounding error of 1 - p is a large part of its logarithm, and is compensated.
    result.value = -(t * vlog(yes) + (one - t) * (vlog(no) + vdivide(lost, no)))
    result.gradient = vdivide(one - t, no) - vdivide(t, yes)
    result.gradient = vselect(vless(p, least), zero, vselect(vless(most, p), zero, result.gradient))
    return result


cdef inline Binary binary_elements(const Loss *op, Py_ssize_t first, Py_ssize_t lanes, const bint focal) noexcept nogil:
    cdef vreal p = vload_first(<const real *>op.predictions + first, lanes), wrong, slope, power, weight
    cdef vreal t = vload_first(<const real *>op.targets + first, lanes), one = vset(1.0), zero = vset(0.0)
    cdef vreal least = vset(<real>LEAST)
    cdef Logistic logistic
    cdef Binary result
    if op.from_logits:
        logistic = vlogistic(p)
        result = binary_of_logits(t, p, logistic)
    else:
        result = binary_of_probabilities(t, p)
    if not focal:
        return result
    slope = one - t - t     # the derivative of `wrong`, the m of the formula
    if op.from_logits:
        wrong = t * logistic.no + (one - t) * logistic.yes
        slope = slope * logistic.yes * logistic.no
    else:
        wrong = t * (one - p) + (one - t) * p
    slope = vselect(vless(wrong, least), zero, slope)
    wrong = vmax_or_first(wrong, least)
    power = vexp(vset(<real>op.gamma) * vlog(wrong))
    slope = slope * vset(<real>op.gamma) * vdivide(power, wrong)
    weight = t * vset(<real>op.positive_weight) + (one - t) * vset(<real>op.negative_weight)
    # An infinite value whose slope is zero adds nothing to the gradient.
    result.gradient = weight * (result.gradient * power + vselect(vless(zero, vabs(slope)), slope * result.value, zero))
    result.value = weight * power * result.value
    return result


cdef inline void binary_rows(const Loss *op, Py_ssize_t row, Py_ssize_t end, const bint focal) noexcept nogil:
    """Compute some rows as one sequence of elements, so that vectors are full even if rows have only one element."""
    cdef real *g = <real *>op.gradient
    cdef Py_ssize_t element = row * op.columns, column = 0, lanes, lane
    cdef real values[LANES]
    cdef double total = 0, weight = weight_of(op, row)
    cdef vreal share = vset(<real>(op.weight / (<double>op.rows * op.columns)))
    cdef Binary binary
    while row < end:
        lanes = min(end * op.columns - element, LANES)
        binary = binary_elements(op, element, lanes, focal)
        vstore_first(values, binary.value, LANES)
        vstore_first(g + element, binary.gradient * share, lanes)
        for lane in range(lanes):
            total += values[lane]
            if op.row_weights != NULL:
                g[element + lane] = g[element + lane] * <real>weight
            column += 1
            if column == op.columns:
                (<double *>op.scratch)[row] = weight * (total / op.columns)
                row, column, total = row + 1, 0, 0
                weight = weight_of(op, row) if row < end else 0
        element += lanes


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


ctypedef double (*row_loss)(const Loss *op, Py_ssize_t row) noexcept nogil


cdef inline void rows_one_by_one(row_loss loss_of_row, const Loss *op, Py_ssize_t task) noexcept nogil:
    cdef Py_ssize_t row, first = task * loss_rows_per_task(op)
    for row in range(first, min(first + loss_rows_per_task(op), op.rows)):
        (<double *>op.scratch)[row] = weight_of(op, row) * loss_of_row(op, row)


cdef void sparse_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    rows_one_by_one(sparse_row, <const Loss *>job, task)


cdef void dense_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    rows_one_by_one(dense_row, <const Loss *>job, task)


cdef void squared_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    rows_one_by_one(squared_row, <const Loss *>job, task)


cdef inline void rows_together(const Loss *op, Py_ssize_t task, const bint focal) noexcept nogil:
    cdef Py_ssize_t first = task * loss_rows_per_task(op)
    binary_rows(op, first, min(first + loss_rows_per_task(op), op.rows), focal)


cdef void binary_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    rows_together(<const Loss *>job, task, False)


cdef void focal_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    rows_together(<const Loss *>job, task, True)


cdef void mean_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Loss *op = <const Loss *>job
    cdef double total = 0
    cdef Py_ssize_t row
    for row in range(op.rows):
        total += (<const double *>op.scratch)[row]
    op.value[0] = op.weight * total / op.rows


cdef void loss(const void *arguments) noexcept nogil:
    cdef const Loss *op = <const Loss *>arguments
    cdef task_function rows = squared_task
    if op.function == SPARSE_CROSSENTROPY: rows = sparse_task
    elif op.function == CROSSENTROPY: rows = dense_task
    elif op.function == BINARY_CROSSENTROPY:
        rows = binary_task if op.gamma == 0 and op.positive_weight == op.negative_weight == 1 else focal_task
    run_static(rows, op, ceil_div(op.rows, loss_rows_per_task(op)), op.threads, NULL, 0)
    run_serial(mean_task, op, 1, NULL)


cdef size_t loss_scratch(const void *arguments) noexcept nogil:
    cdef const Loss *op = <const Loss *>arguments
    return op.rows * sizeof(double)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.loss = Kernel(loss, loss_scratch)

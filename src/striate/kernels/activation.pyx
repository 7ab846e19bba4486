"""Activations over arrays, and their gradients.

    relu(x) = max(x, 0)                     sigmoid(x) = 1 / (1 + exp(-x))
    leaky_relu(x) = x < 0 ? slope x : x     tanh(x)
    softmax(x)_j = exp(x_j - m) / s         log_softmax(x)_j = (x_j - m) - log s,   m = max x, s = sum exp(x_i - m)

Gradients are computed from the output y, except leaky_relu's (from x): relu dy [y > 0]; sigmoid dy y (1 - y);
tanh dy (1 - y²); softmax y (dy - sum dy y); log_softmax dy - exp(y) sum dy. Rows are shared among threads; the elementwise
ones take the array as rows of CHUNK elements.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from cython.parallel cimport prange
from striate.kernels.geometry cimport ceil_div
from striate.kernels.ops cimport KernelTable, LEAKY_RELU, LINEAR, LOG_SOFTMAX, RELU, Rowwise, SIGMOID, SOFTMAX, TANH
from striate.kernels.simd cimport real, real_exp, real_log, real_tanh

cdef enum:
    CHUNK = 4096        # elements a task


cdef inline real sigmoid(real x) noexcept nogil:
    """Without overflow: exp is taken of negative numbers only."""
    cdef real e = real_exp(-x if x > 0 else x)
    return (1 if x > 0 else e) / (1 + e)


cdef void forward_chunk(const Rowwise *op, const real *x, real *y, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i
    cdef real slope = op.negative_slope
    if op.activation == LINEAR:
        for i in range(size):
            y[i] = x[i]
    elif op.activation == RELU:
        for i in range(size):
            y[i] = 0 if x[i] < 0 else x[i]
    elif op.activation == LEAKY_RELU:
        for i in range(size):
            y[i] = x[i] * slope if x[i] < 0 else x[i]
    elif op.activation == SIGMOID:
        for i in range(size):
            y[i] = sigmoid(x[i])
    elif op.activation == TANH:
        for i in range(size):
            y[i] = real_tanh(x[i])


cdef void backward_chunk(const Rowwise *op, const real *x, const real *dy, real *dx, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i
    cdef real slope = op.negative_slope
    if op.activation == LINEAR:
        for i in range(size):
            dx[i] = dy[i]
    elif op.activation == RELU:
        for i in range(size):
            dx[i] = dy[i] if x[i] > 0 else 0
    elif op.activation == LEAKY_RELU:
        for i in range(size):
            dx[i] = dy[i] * slope if x[i] < 0 else dy[i]
    elif op.activation == SIGMOID:
        for i in range(size):
            dx[i] = dy[i] * x[i] * (1 - x[i])
    elif op.activation == TANH:
        for i in range(size):
            dx[i] = dy[i] * (1 - x[i] * x[i])


cdef void softmax_row(const real *x, real *y, Py_ssize_t columns, bint log) noexcept nogil:
    cdef real largest = x[0], total = 0, shift
    cdef Py_ssize_t j
    for j in range(1, columns):
        if x[j] > largest:
            largest = x[j]
    for j in range(columns):
        shift = x[j] - largest
        y[j] = shift if log else real_exp(shift)
        total += real_exp(shift) if log else y[j]
    if log:
        total = real_log(total)
        for j in range(columns):
            y[j] = y[j] - total
    else:
        for j in range(columns):
            y[j] = y[j] / total


cdef void softmax_row_backward(const real *y, const real *dy, real *dx, Py_ssize_t columns, bint log) noexcept nogil:
    cdef real total = 0
    cdef Py_ssize_t j
    for j in range(columns):
        total += dy[j] if log else dy[j] * y[j]
    for j in range(columns):
        dx[j] = dy[j] - real_exp(y[j]) * total if log else y[j] * (dy[j] - total)


cdef void task_forward(const Rowwise *op, Py_ssize_t task) noexcept nogil:
    cdef Py_ssize_t start
    if op.activation == SOFTMAX or op.activation == LOG_SOFTMAX:
        start = task * op.columns
        softmax_row(<const real *>op.x + start, <real *>op.y + start, op.columns, op.activation == LOG_SOFTMAX)
    else:
        start = task * CHUNK
        forward_chunk(op, <const real *>op.x + start, <real *>op.y + start, min(CHUNK, op.rows * op.columns - start))


cdef void task_backward(const Rowwise *op, Py_ssize_t task) noexcept nogil:
    cdef Py_ssize_t start
    if op.activation == SOFTMAX or op.activation == LOG_SOFTMAX:
        start = task * op.columns
        softmax_row_backward(<const real *>op.x + start, <const real *>op.dy + start, <real *>op.y + start, op.columns,
                             op.activation == LOG_SOFTMAX)
    else:
        start = task * CHUNK
        backward_chunk(op, <const real *>op.x + start, <const real *>op.dy + start, <real *>op.y + start,
                       min(CHUNK, op.rows * op.columns - start))


cdef inline Py_ssize_t tasks_of(const Rowwise *op) noexcept nogil:
    if op.columns == 0:
        return 0
    if op.activation == SOFTMAX or op.activation == LOG_SOFTMAX:
        return op.rows
    return ceil_div(op.rows * op.columns, CHUNK)


cdef void activation_forward(const Rowwise *op) noexcept nogil:
    cdef Py_ssize_t task
    for task in prange(tasks_of(op), num_threads=op.threads, schedule='static'):
        task_forward(op, task)


cdef void activation_backward(const Rowwise *op) noexcept nogil:
    cdef Py_ssize_t task
    for task in prange(tasks_of(op), num_threads=op.threads, schedule='static'):
        task_backward(op, task)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.activation_forward = activation_forward
    table.activation_backward = activation_backward

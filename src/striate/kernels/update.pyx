"""One step of an optimizer over a parameter, in place: one pass over its memory.

SGD (Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, as Keras writes it):

    v = momentum v - lr g;      w += v, or with Nesterov's look-ahead  w += momentum v - lr g

Adam (Kingma & Ba, "Adam: a method for stochastic optimization", 2015, the form before section 2.1's end; the caller folds
the bias corrections into the learning rate):

    m += (g - m) (1 - beta1);   v += (g² - v) (1 - beta2);   w -= lr m / (sqrt(v) + epsilon)

Beside them, the moving means of batch normalization: w += (g - w) lr.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from striate.kernels.geometry cimport ceil_div
from striate.kernels.ops cimport KernelTable, Update
from striate.kernels.simd cimport real, real_sqrt
from striate.kernels.tasks cimport run_static

cdef enum:
    CHUNK = 4096        # elements a task


cdef void sgd_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Update *op = <const Update *>job
    cdef Py_ssize_t start = task * CHUNK, size = min(CHUNK, op.size - start), i
    cdef real *w = <real *>op.parameter + start
    cdef real *v = <real *>op.moment1 + start
    cdef const real *g = <const real *>op.gradient + start
    cdef real lr = op.learning_rate[0], momentum = op.momentum
    if op.moment1 == NULL:
        for i in range(size):
            w[i] = w[i] - lr * g[i]
    elif op.nesterov:
        for i in range(size):
            v[i] = momentum * v[i] - lr * g[i]
            w[i] = w[i] + momentum * v[i] - lr * g[i]
    else:
        for i in range(size):
            v[i] = momentum * v[i] - lr * g[i]
            w[i] = w[i] + v[i]


cdef void sgd(const Update *op) noexcept nogil:
    run_static(sgd_chunk, op, ceil_div(op.size, CHUNK), op.threads, NULL, 0)


cdef void adam_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Update *op = <const Update *>job
    cdef Py_ssize_t start = task * CHUNK, size = min(CHUNK, op.size - start), i
    cdef real *w = <real *>op.parameter + start
    cdef real *m = <real *>op.moment1 + start
    cdef real *v = <real *>op.moment2 + start
    cdef const real *g = <const real *>op.gradient + start
    cdef real lr = op.learning_rate[0], keep1 = 1 - op.beta1, keep2 = 1 - op.beta2, epsilon = op.epsilon
    for i in range(size):
        m[i] = m[i] + (g[i] - m[i]) * keep1
        v[i] = v[i] + (g[i] * g[i] - v[i]) * keep2
        w[i] = w[i] - lr * m[i] / (real_sqrt(v[i]) + epsilon)


cdef void adam(const Update *op) noexcept nogil:
    run_static(adam_chunk, op, ceil_div(op.size, CHUNK), op.threads, NULL, 0)


cdef void moving_mean_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Update *op = <const Update *>job
    cdef Py_ssize_t start = task * CHUNK, size = min(CHUNK, op.size - start), i
    cdef real *w = <real *>op.parameter + start
    cdef const real *g = <const real *>op.gradient + start
    cdef real part = op.learning_rate[0]
    for i in range(size):
        w[i] = w[i] + (g[i] - w[i]) * part


cdef void moving_mean(const Update *op) noexcept nogil:
    run_static(moving_mean_chunk, op, ceil_div(op.size, CHUNK), op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.sgd = sgd
    table.adam = adam
    table.moving_mean = moving_mean

"""Group normalization and its gradient.

Group normalization (Wu & He, "Group normalization", 2018) takes the mean m and the variance v of each sample over its pixels
and a group of neighbouring channels; with one group it is layer normalization (Ba, Kiros & Hinton, "Layer normalization",
2016). With r = 1 / sqrt(v + epsilon), h = (x - m) r, t = dy gamma, and sums over the N elements of a group:

    y = gamma h + beta
    dx = r (t - sum t / N - h sum (t h) / N),  dbeta = sum dy,  dgamma = sum dy h

Channels are summed first, in double precision, and then groups of them. Threads share samples. The gradients of gamma and beta
are summed in up to SAMPLE_PARTS parts of the samples, which are added in order.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.math cimport sqrt
from libc.string cimport memset
from striate.kernels.common.simd cimport real
from striate.kernels.ops cimport GroupNormalization, KERNEL_TABLE, Kernel, KernelTable
from striate.kernels.tasks cimport run_serial, run_static

cdef enum:
    SAMPLE_PARTS = 16   # the most parts in which samples are summed, each of which is a task


cdef inline Py_ssize_t samples_parts(const GroupNormalization *op) noexcept nogil:
    return min(op.n, <Py_ssize_t>SAMPLE_PARTS)


cdef inline void sum_channels(const real *x, const GroupNormalization *op, double *totals) noexcept nogil:
    """totals[c] = the sum of channel c over a sample's pixels."""
    cdef Py_ssize_t p, c
    memset(totals, 0, op.channels * sizeof(double))
    for p in range(op.pixels):
        for c in range(op.channels):
            totals[c] += x[p * op.channels + c]


cdef inline void group_moments(const real *x, const GroupNormalization *op, double *totals, double *mean,
                               double *root) noexcept nogil:
    """Set m and r for each channel of a sample, to those of its group."""
    cdef Py_ssize_t width = op.channels // op.groups, group, p, c
    cdef double total, difference
    sum_channels(x, op, totals)
    for group in range(op.groups):
        total = 0
        for c in range(group * width, (group + 1) * width):
            total += totals[c]
        total /= width * op.pixels
        for c in range(group * width, (group + 1) * width):
            mean[c] = total
    memset(totals, 0, op.channels * sizeof(double))
    for p in range(op.pixels):
        for c in range(op.channels):
            difference = x[p * op.channels + c] - mean[c]
            totals[c] += difference * difference
    for group in range(op.groups):
        total = 0
        for c in range(group * width, (group + 1) * width):
            total += totals[c]
        total = 1 / sqrt(total / (width * op.pixels) + op.epsilon)
        for c in range(group * width, (group + 1) * width):
            root[c] = total


cdef inline void widen(const real *values, double *wide, Py_ssize_t count, double otherwise) noexcept nogil:
    """Write `count` numbers in double precision; if there are none, `otherwise` in place of each."""
    cdef Py_ssize_t i
    if values == NULL:
        for i in range(count):
            wide[i] = otherwise
    else:
        for i in range(count):
            wide[i] = values[i]


cdef void group_forward_task(const void *job, Py_ssize_t sample, void *memory) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>job
    cdef Py_ssize_t _pixel, c, size = op.pixels * op.channels
    cdef double *mean = <double *>memory
    cdef double *root = mean + op.channels
    cdef double *beta = root + op.channels      # and before, what `group_moments` works with, and gamma
    cdef const real *x = <const real *>op.x + sample * size
    cdef real *y = <real *>op.y + sample * size
    group_moments(x, op, beta, mean, root)
    widen(<const real *>op.gamma, beta, op.channels, 1)
    for c in range(op.channels):
        root[c] *= beta[c]
    widen(<const real *>op.beta, beta, op.channels, 0)
    for _pixel in range(op.pixels):
        for c in range(op.channels):
            y[c] = (x[c] - mean[c]) * root[c] + beta[c]
        x += op.channels
        y += op.channels


cdef void group_normalization_forward(const void *arguments) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>arguments
    run_static(group_forward_task, op, op.n, op.threads, op.scratch, 3 * op.channels * sizeof(double))


cdef size_t group_normalization_forward_scratch(const void *arguments) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>arguments
    return op.threads * 3 * op.channels * sizeof(double)


cdef inline double *gradient_sums(const GroupNormalization *op, Py_ssize_t part) noexcept nogil:
    """A part's sums of dy and of dy h, for each channel. The sums of all parts are followed by the tasks' working memory."""
    return <double *>op.scratch + part * 2 * op.channels


cdef void group_backward_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>job
    cdef Py_ssize_t parts = samples_parts(op), width = op.channels // op.groups, size = op.pixels * op.channels
    cdef Py_ssize_t sample, group, p, c, _pixel
    cdef double *mean = gradient_sums(op, parts) + task * 5 * op.channels
    cdef double *root = mean + op.channels
    cdef double *dbeta = root + op.channels
    cdef double *dgamma = dbeta + op.channels
    cdef double *gamma = dgamma + op.channels   # and before, what `group_moments` works with
    cdef double *sums = gradient_sums(op, task)
    cdef const real *x
    cdef const real *dy
    cdef real *dx
    cdef double first, second
    memset(sums, 0, 2 * op.channels * sizeof(double))
    for sample in range(op.n * task // parts, op.n * (task + 1) // parts):
        x, dy, dx = <const real *>op.x + sample * size, <const real *>op.y + sample * size, <real *>op.dx + sample * size
        group_moments(x, op, gamma, mean, root)
        widen(<const real *>op.gamma, gamma, op.channels, 1)
        sum_channels(dy, op, dbeta)
        memset(dgamma, 0, op.channels * sizeof(double))
        for p in range(op.pixels):
            for c in range(op.channels):
                dgamma[c] += dy[p * op.channels + c] * (x[p * op.channels + c] - mean[c]) * root[c]
        for c in range(op.channels):
            sums[c] += dbeta[c]
            sums[op.channels + c] += dgamma[c]
        for group in range(op.groups):      # The sums over the group, divided by N, replace the sums of its channels.
            first = second = 0
            for c in range(group * width, (group + 1) * width):
                first += gamma[c] * dbeta[c]
                second += gamma[c] * dgamma[c]
            for c in range(group * width, (group + 1) * width):
                dbeta[c], dgamma[c] = first / (width * op.pixels), second / (width * op.pixels)
        for _pixel in range(op.pixels):
            for c in range(op.channels):
                dx[c] = root[c] * (dy[c] * gamma[c] - dbeta[c] - (x[c] - mean[c]) * root[c] * dgamma[c])
            x += op.channels
            dy += op.channels
            dx += op.channels


cdef void add_gradient_sums(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>job
    cdef Py_ssize_t part, c
    cdef double dbeta, dgamma
    for c in range(op.channels):
        dbeta = dgamma = 0
        for part in range(samples_parts(op)):
            dbeta += gradient_sums(op, part)[c]
            dgamma += gradient_sums(op, part)[op.channels + c]
        (<real *>op.dbeta)[c] = dbeta
        (<real *>op.dgamma)[c] = dgamma


cdef void group_normalization_backward(const void *arguments) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>arguments
    run_static(group_backward_task, op, samples_parts(op), op.threads, NULL, 0)
    run_serial(add_gradient_sums, op, 1, NULL)


cdef size_t group_normalization_backward_scratch(const void *arguments) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>arguments
    return samples_parts(op) * 7 * op.channels * sizeof(double)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.group_normalization_forward = Kernel(group_normalization_forward, group_normalization_forward_scratch)
    table.group_normalization_backward = Kernel(group_normalization_backward, group_normalization_backward_scratch)

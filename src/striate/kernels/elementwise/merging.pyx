"""Merging of arrays of one shape, element by element, with the gradients; concatenation, and splitting.

    add:       y = activation(x_0 + x_1 + …)        subtract:          y = x_0 - x_1
    multiply:  y = x_0 x_1 …                        average:           y = (x_0 + x_1 + …) / count
    maximum, minimum: the largest and the smallest, or NaN if one is NaN

Terms are taken in order. The gradients of a sum, a difference and a mean are multiples of dy and need no kernel. The others are

    multiply:  dx_i = (dy x_0 … x_(i - 1)) (x_(i + 1) …)
    maximum, minimum:  dx_i = dy / k for the k inputs that equal y (or are NaN, where y is NaN), and 0 for the others

However many inputs there are, each is read once: a *strip* of a few vectors is loaded from each input in turn and combined in
registers. Threads share chunks of strips, and for concatenation blocks of rows with about as many elements.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from striate.kernels.common.buffers cimport copy_run
from striate.kernels.common.epilogue cimport ceiling_of
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, real, vat_most_or_nan, vdivide, vmaximum, vleaky_relu, vload_first, vovertakes,
                                          vreal, vrelu, vselect, vset, vstore_first)
from striate.kernels.ops cimport (ADD, AVERAGE, ActivationCode, Concatenate, KERNEL_TABLE, Kernel, KernelTable, LEAKY_RELU,
                                  LINEAR, MAXIMUM, MINIMUM, MULTIPLY, Merge, Merging, RELU, RELU6, SUBTRACT)
from striate.kernels.tasks cimport CHUNK, run_static, unless_finest

cdef enum:
    MERGING_STRIP = 4           # vectors of a strip


cdef inline Py_ssize_t merging_chunk_size() noexcept nogil:
    return unless_finest(CHUNK, LANES)


# ---------------------------------------------------------------------------------------------------------------- forward

cdef inline vreal combine(Merging merging, vreal a, vreal b) noexcept nogil:
    if merging == SUBTRACT:
        return a - b
    if merging == MULTIPLY:
        return a * b
    if merging == MAXIMUM:
        return vmaximum(b, a)
    if merging == MINIMUM:
        return -vmaximum(-b, -a)
    return a + b


cdef inline vreal finish(Merging merging, ActivationCode activation, const Merge *op, vreal a) noexcept nogil:
    if merging == AVERAGE:
        return vdivide(a, vset(<real>op.count))
    if activation == RELU:      # or RELU6, for which the largest result is looked up
        return vat_most_or_nan(ceiling_of(op.activation), vrelu(a))
    if activation == LEAKY_RELU:
        return vleaky_relu(a, <real>op.negative_slope)
    return a


cdef inline void strip(Merging merging, ActivationCode activation, const Merge *op, Py_ssize_t at, int vectors,
                       int lanes) noexcept nogil:
    """Merge a strip from element ``at`` on: ``vectors`` whole vectors, or ``lanes`` elements."""
    cdef vreal folded[MERGING_STRIP]
    cdef const real *x = <const real *>op.inputs[0] + at
    cdef real *y = <real *>op.y + at
    cdef Py_ssize_t i
    cdef int v
    for v in range(vectors):
        folded[v] = vload_first(x + v * LANES, lanes)
    for i in range(1, op.count):
        x = <const real *>op.inputs[i] + at
        for v in range(vectors):
            folded[v] = combine(merging, folded[v], vload_first(x + v * LANES, lanes))
    for v in range(vectors):
        vstore_first(y + v * LANES, finish(merging, activation, op, folded[v]), lanes)


cdef inline void merge_chunk(Merging merging, ActivationCode activation, const Merge *op, Py_ssize_t at) noexcept nogil:
    """Merge a chunk; ``merging`` and ``activation`` are compile-time constants at each call, for which loops are compiled."""
    cdef Py_ssize_t end = min(at + merging_chunk_size(), op.size)
    while at + MERGING_STRIP * LANES <= end:
        strip(merging, activation, op, at, MERGING_STRIP, LANES)
        at += MERGING_STRIP * LANES
    while at < end:
        strip(merging, activation, op, at, 1, min(end - at, LANES))
        at += LANES


cdef void merge_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Merge *op = <const Merge *>job
    cdef Py_ssize_t at = task * merging_chunk_size()
    if op.merging == ADD:
        if op.activation == RELU or op.activation == RELU6: merge_chunk(ADD, RELU, op, at)
        elif op.activation == LEAKY_RELU: merge_chunk(ADD, LEAKY_RELU, op, at)
        else: merge_chunk(ADD, LINEAR, op, at)
    elif op.merging == SUBTRACT: merge_chunk(SUBTRACT, LINEAR, op, at)
    elif op.merging == MULTIPLY: merge_chunk(MULTIPLY, LINEAR, op, at)
    elif op.merging == AVERAGE: merge_chunk(AVERAGE, LINEAR, op, at)
    elif op.merging == MAXIMUM: merge_chunk(MAXIMUM, LINEAR, op, at)
    else: merge_chunk(MINIMUM, LINEAR, op, at)


cdef void merge_forward(const void *arguments) noexcept nogil:
    cdef const Merge *op = <const Merge *>arguments
    run_static(merge_task, op, ceil_div(op.size, merging_chunk_size()), op.threads, NULL, 0)


# --------------------------------------------------------------------------------------------------------------- backward

cdef inline void product_backward(const Merge *op, Py_ssize_t at, int lanes) noexcept nogil:
    """A first pass sets each gradient to dy times the inputs before it; a second one multiplies it by the inputs after it."""
    cdef vreal before = vload_first(<const real *>op.y + at, lanes), after, x
    cdef Py_ssize_t i, last = op.count - 1
    cdef real *dx
    for i in range(last):
        x = vload_first(<const real *>op.inputs[i] + at, lanes)
        vstore_first(<real *>op.gradients[i] + at, before, lanes)
        before = before * x
    vstore_first(<real *>op.gradients[last] + at, before, lanes)
    after = vload_first(<const real *>op.inputs[last] + at, lanes)
    for i in range(last - 1, -1, -1):
        dx = <real *>op.gradients[i] + at
        vstore_first(dx, vload_first(dx, lanes) * after, lanes)
        after = after * vload_first(<const real *>op.inputs[i] + at, lanes)


cdef inline vreal load_upright(Merging merging, const Merge *op, Py_ssize_t i, Py_ssize_t at, int lanes) noexcept nogil:
    """Elements of an input, negated for a minimum, so that the largest is sought in both cases."""
    cdef vreal x = vload_first(<const real *>op.inputs[i] + at, lanes)
    return -x if merging == MINIMUM else x


cdef inline void extreme_backward(Merging merging, const Merge *op, Py_ssize_t at, int lanes) noexcept nogil:
    cdef vreal most = load_upright(merging, op, 0, at, lanes), share, ties = vset(0), zero = vset(0), one = vset(1)
    cdef Py_ssize_t i
    for i in range(1, op.count):
        most = vmaximum(load_upright(merging, op, i, at, lanes), most)
    for i in range(op.count):
        ties = ties + vselect(vovertakes(most, load_upright(merging, op, i, at, lanes)), zero, one)
    share = vdivide(vload_first(<const real *>op.y + at, lanes), ties)
    for i in range(op.count):
        vstore_first(<real *>op.gradients[i] + at,
                     vselect(vovertakes(most, load_upright(merging, op, i, at, lanes)), zero, share), lanes)


cdef inline void backward_step(Merging merging, const Merge *op, Py_ssize_t at, int lanes) noexcept nogil:
    if merging == MULTIPLY:
        product_backward(op, at, lanes)
    else:
        extreme_backward(merging, op, at, lanes)


cdef inline void backward_chunk(Merging merging, const Merge *op, Py_ssize_t at) noexcept nogil:
    cdef Py_ssize_t end = min(at + merging_chunk_size(), op.size)
    while at + LANES <= end:
        backward_step(merging, op, at, LANES)
        at += LANES
    if at < end:
        backward_step(merging, op, at, end - at)


cdef void backward_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Merge *op = <const Merge *>job
    cdef Py_ssize_t at = task * merging_chunk_size()
    if op.merging == MULTIPLY: backward_chunk(MULTIPLY, op, at)
    elif op.merging == MAXIMUM: backward_chunk(MAXIMUM, op, at)
    else: backward_chunk(MINIMUM, op, at)


cdef void merge_backward(const void *arguments) noexcept nogil:
    cdef const Merge *op = <const Merge *>arguments
    run_static(backward_task, op, ceil_div(op.size, merging_chunk_size()), op.threads, NULL, 0)


# ------------------------------------------------------------------------------------------------------------ concatenate

cdef inline Py_ssize_t rows_per_block(const Concatenate *op) noexcept nogil:
    """The number of rows of a task's block; a block of long rows is one row, or a part of it."""
    return max(merging_chunk_size() // op.columns, 1)


cdef inline Py_ssize_t blocks_per_row(const Concatenate *op) noexcept nogil:
    return ceil_div(op.columns, merging_chunk_size())


cdef inline void copy_block(const Concatenate *op, Py_ssize_t task, bint split) noexcept nogil:
    cdef Py_ssize_t first = task // blocks_per_row(op) * rows_per_block(op)
    cdef Py_ssize_t left = task % blocks_per_row(op) * merging_chunk_size()
    cdef Py_ssize_t right = min(left + merging_chunk_size(), op.columns), row, i, column, start, end
    cdef real *part
    cdef real *y
    for row in range(first, min(first + rows_per_block(op), op.rows)):
        column = 0
        for i in range(op.count):
            start, end = max(column, left), min(column + op.widths[i], right)
            if start < end:
                part = <real *>op.parts[i] + row * op.widths[i] + start - column
                y = <real *>op.y + row * op.columns + start
                if split:
                    copy_run(y, part, end - start)
                else:
                    copy_run(part, y, end - start)
            column += op.widths[i]


cdef void concatenate_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    copy_block(<const Concatenate *>job, task, False)


cdef void split_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    copy_block(<const Concatenate *>job, task, True)


cdef inline Py_ssize_t blocks(const Concatenate *op) noexcept nogil:
    return blocks_per_row(op) * ceil_div(op.rows, rows_per_block(op)) if op.columns > 0 else 0


cdef void concatenate(const void *arguments) noexcept nogil:
    cdef const Concatenate *op = <const Concatenate *>arguments
    run_static(concatenate_task, op, blocks(op), op.threads, NULL, 0)


cdef void split(const void *arguments) noexcept nogil:
    cdef const Concatenate *op = <const Concatenate *>arguments
    run_static(split_task, op, blocks(op), op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.merge_forward = Kernel(merge_forward, NULL)
    table.merge_backward = Kernel(merge_backward, NULL)
    table.concatenate = Kernel(concatenate, NULL)
    table.split = Kernel(split, NULL)

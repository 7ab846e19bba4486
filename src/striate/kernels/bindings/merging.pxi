"""Merging of several arrays, concatenation and splitting."""
from cpython.bytearray cimport PyByteArray_AsString
from striate.kernels.ops cimport ADD, AVERAGE, Concatenate, KernelTable, LINEAR, MAXIMUM, MINIMUM, MULTIPLY, Merge, SUBTRACT

cdef dict merging_codes = {"add": ADD, "subtract": SUBTRACT, "multiply": MULTIPLY, "average": AVERAGE, "maximum": MAXIMUM,
                           "minimum": MINIMUM}


cdef Merge merge(const Array *y, Py_ssize_t count, str merging, void **pointers, int threads) except *:
    """``pointers`` has room for ``count`` pointers to inputs and as many to gradients, which the caller fills in."""
    cdef Merge op
    op.inputs = pointers
    op.gradients = pointers + count
    op.y = y.data
    op.count = count
    op.size = y.size
    op.merging = merging_codes[merging]
    op.activation = LINEAR
    op.negative_slope = 0
    require(count > 0 and threads > 0 and (op.merging != SUBTRACT or count == 2))
    op.threads = threads_for(<double>ACCESS * op.size * (count + 1), threads)
    return op


def merge_forward(list inputs, y, *, str merging, str activation="linear", double negative_slope=0, int threads,
                  Program program=None):
    """y = the inputs merged; y may be one of them. Only "add" has an activation."""
    cdef Array ay = write(y, -1), ax
    cdef Py_ssize_t count = len(inputs), i
    cdef bytearray table = table_of(program, 2 * count * sizeof(void *))
    cdef Merge op = merge(&ay, count, merging, <void **>PyByteArray_AsString(table), threads)
    op.activation, op.negative_slope = fused(activation), negative_slope
    require(op.merging == ADD or op.activation == LINEAR)
    for i in range(count):
        ax = read(inputs[i], -1)
        require_same(&ax, &ay)
        if ax.data != ay.data:
            require_no_overlap(&ay, &ax)
        op.inputs[i] = ax.data
    perform(program, &kernel_table(ay.dtype).merge_forward, &op, sizeof(op), op.threads)


def merge_backward(dy, list inputs, list gradients, *, str merging, int threads, Program program=None):
    """gradients = those of sum(dy * the inputs merged) for each input; for "multiply", "maximum" and "minimum" only."""
    cdef Array ady = read(dy, -1), ax, adx
    cdef Py_ssize_t count = len(inputs), i
    cdef bytearray table = table_of(program, 2 * count * sizeof(void *))
    cdef Merge op = merge(&ady, count, merging, <void **>PyByteArray_AsString(table), threads)
    require(op.merging == MULTIPLY or op.merging == MAXIMUM or op.merging == MINIMUM)
    require(len(gradients) == count)
    for i in range(count):
        ax, adx = read(inputs[i], -1), write(gradients[i], -1)
        require_same(&ax, &ady)
        require_same(&adx, &ady)
        op.inputs[i], op.gradients[i] = ax.data, adx.data
    perform(program, &kernel_table(ady.dtype).merge_backward, &op, sizeof(op), op.threads)


cdef int concatenation(Program program, list parts, const Array *y, Py_ssize_t rows, bint backward, int threads) except -1:
    """Execute ``concatenate``, or, if ``backward``, ``split``."""
    cdef Array part
    cdef Py_ssize_t count = len(parts), i
    cdef Concatenate op
    cdef Py_ssize_t *widths
    cdef KernelTable *kernels = kernel_table(y.dtype)
    cdef bytearray table = table_of(program, count * (sizeof(void *) + sizeof(Py_ssize_t)))
    op.parts = <void **>PyByteArray_AsString(table)
    op.widths = widths = <Py_ssize_t *>(op.parts + count)
    op.y = y.data
    op.count, op.rows, op.columns = count, rows, 0
    op.threads = threads_for(2.0 * ACCESS * y.size, threads)
    require(rows > 0 and threads > 0)
    for i in range(count):
        part = write(parts[i], -1) if backward else read(parts[i], -1)
        require(part.dtype == y.dtype and part.size % rows == 0)
        require_no_overlap(y, &part)
        op.parts[i], widths[i] = part.data, part.size // rows
        op.columns += widths[i]
    require(op.columns * rows == y.size)
    return perform(program, &kernels.split if backward else &kernels.concatenate, &op, sizeof(op), op.threads)


def concatenate(list parts, y, *, Py_ssize_t rows, int threads, Program program=None):
    """y = the parts, concatenated in each of their ``rows`` rows."""
    cdef Array ay = write(y, -1)
    concatenation(program, parts, &ay, rows, False, threads)


def split(y, list parts, *, Py_ssize_t rows, int threads, Program program=None):
    """parts = the arrays of which y is the concatenation."""
    cdef Array ay = read(y, -1)
    concatenation(program, parts, &ay, rows, True, threads)

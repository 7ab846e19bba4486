"""Matrix product with bias and activation, for fully connected layers.

    c = activation(op(a) @ op(b) * scales + bias)

Each block of the result is one call of BLAS, on one thread. If the result has few rows, most of the time is spent on reading
`b`, which BLAS would not read sequentially. Such a product is computed here: each task reads a *run* of whole rows of `b` once
and adds them up, weighted with elements of `a`. If there are several runs, their sums are stored in working memory and added in
order. There, `b` may be stored as 8-bit integers with a scale for each column, or as bfloat16 numbers, which takes memory less
time to deliver; sums are of float32 all the same.

*Threads* share blocks or runs, which depend on the shape alone, so the bits are the same for any number of threads.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memcpy, memset
from striate.kernels.common.blas cimport NO_TRANSPOSE, ROW_MAJOR, TRANSPOSE
from striate.kernels.common.buffers cimport aligned
from striate.kernels.common.epilogue cimport Epilogue, epilogue_of, finish
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, prefetch_read, real, vload, vload_bfloat16, vload_first, vload_first_bfloat16,
                                          vload_int8, vreal, vset, vstore, vstore_first)
from striate.kernels.common.sums cimport add_up_parts
from striate.kernels.ops cimport AS_BFLOAT16, AS_INT8, AS_REAL, KERNEL_TABLE, Kernel, KernelTable, MATMUL_STORED_ROWS, MatMul
from striate.kernels.tasks cimport run_dynamic, run_static

cdef enum:
    BLOCK_ROWS = 256        # rows of a block of the result
    BLOCK_COLUMNS = 128     # columns of a block of the result
    RUN_ELEMENTS = 1 << 16  # the fewest elements of `b` in a run
    MOST_RUNS = 16          # the most runs, whose sums must be added in the end
    SUM_ELEMENTS = 4096     # elements of the result that a task sums at a time, so that they stay in cache
    STEP = 4                # rows of `b` that are added at once
    AHEAD_ROWS = 2 * STEP   # distance, in rows, between what is added and what is prefetched


cdef inline bint has_few_rows(const MatMul *op) noexcept nogil:
    return 0 < op.m <= MATMUL_STORED_ROWS and not op.transpose_a and not op.transpose_b and op.k > 0


cdef inline Py_ssize_t runs(const MatMul *op) noexcept nogil:
    return min(max(op.k * op.n // RUN_ELEMENTS, 1), min(MOST_RUNS, op.k))


# --------------------------------------------------------------------------------------------------------------- few rows

cdef inline vreal load(const int storage, const void *b, Py_ssize_t i) noexcept nogil:
    """The elements of b from ``i`` on, as reals."""
    if storage == AS_INT8:
        return vload_int8(<const signed char *>b + i)
    if storage == AS_BFLOAT16:
        return vload_bfloat16(<const unsigned short *>b + i)
    return vload(<const real *>b + i)


cdef inline vreal load_first(const int storage, const void *b, Py_ssize_t i, Py_ssize_t lanes) noexcept nogil:
    """The same for fewer elements than a vector has lanes."""
    cdef signed char integers[LANES]
    if storage == AS_INT8:
        memset(integers, 0, sizeof(integers))
        memcpy(integers, <const signed char *>b + i, lanes)
        return vload_int8(integers)
    if storage == AS_BFLOAT16:
        return vload_first_bfloat16(<const unsigned short *>b + i, lanes)
    return vload_first(<const real *>b + i, lanes)


cdef inline void prefetch(const int storage, const void *b, Py_ssize_t i) noexcept nogil:
    """Prefetch what is stored in fewer bits, whose rows are too short for the processor to find out where it is read next."""
    if storage != AS_REAL:
        prefetch_read(<const real *>(<const char *>b + i * (1 if storage == AS_INT8 else 2)))


cdef inline void add_rows(const int storage, const real *a, const void *b, Py_ssize_t start, Py_ssize_t pitch, Py_ssize_t step,
                          real *sums, Py_ssize_t columns, bint first) noexcept nogil:
    """Add ``step`` rows of b from ``start`` on, weighted with elements of a, to the sums, which begin at zero if ``first``."""
    cdef vreal weights[STEP]
    cdef vreal total
    cdef Py_ssize_t i, v, j, lanes
    for i in range(step):
        weights[i] = vset(a[i])
    for v in range(columns // LANES):
        j = v * LANES
        total = vset(0) if first else vload(sums + j)
        for i in range(step):
            prefetch(storage, b, start + (i + AHEAD_ROWS) * pitch + j)
            total = total + weights[i] * load(storage, b, start + i * pitch + j)
        vstore(sums + j, total)
    j = columns // LANES * LANES
    lanes = columns - j
    if lanes:
        total = vset(0) if first else vload_first(sums + j, lanes)
        for i in range(step):
            total = total + weights[i] * load_first(storage, b, start + i * pitch + j, lanes)
        vstore_first(sums + j, total, lanes)


cdef inline void sum_rows(const int storage, const MatMul *op, Py_ssize_t task) noexcept nogil:
    cdef Py_ssize_t count = runs(op), begin = op.k * task // count, end = op.k * (task + 1) // count
    cdef Py_ssize_t width = max(SUM_ELEMENTS // op.m // LANES * LANES, LANES), column = 0, columns, i, row
    cdef real *sums = <real *>op.c if count == 1 else <real *>op.scratch + task * aligned(op.m * op.n)
    cdef const real *a = <const real *>op.a
    while column < op.n:
        columns = min(width, op.n - column)
        i = begin
        while i + STEP <= end:
            for row in range(op.m):
                add_rows(storage, a + row * op.k + i, op.b, i * op.n + column, op.n, STEP, sums + row * op.n + column, columns,
                         i == begin)
            i += STEP
        while i < end:
            for row in range(op.m):
                add_rows(storage, a + row * op.k + i, op.b, i * op.n + column, op.n, 1, sums + row * op.n + column, columns,
                         i == begin)
            i += 1
        column += columns


cdef void run_of_rows(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const MatMul *op = <const MatMul *>job
    if op.storage == AS_INT8: sum_rows(AS_INT8, op, task)
    elif op.storage == AS_BFLOAT16: sum_rows(AS_BFLOAT16, op, task)
    else: sum_rows(AS_REAL, op, task)


cdef void scale(real *c, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t pitch, const real *scales) noexcept nogil:
    """Multiply the columns of c by their scales."""
    cdef Py_ssize_t row, j
    for row in range(rows):
        for j in range(columns):
            c[row * pitch + j] *= scales[j]


cdef void add_runs(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    """Add up the sums of all runs for a block of columns, then scale them, add the bias and apply the activation."""
    cdef const MatMul *op = <const MatMul *>job
    cdef Py_ssize_t column = task * BLOCK_COLUMNS, columns = min(BLOCK_COLUMNS, op.n - column), row
    cdef Epilogue epilogue = epilogue_of(op.activation, op.negative_slope)
    cdef real *c = <real *>op.c + column
    cdef const real *sums = <const real *>op.scratch + column
    if runs(op) > 1:
        for row in range(op.m):
            add_up_parts(sums + row * op.n, aligned(op.m * op.n), runs(op), c + row * op.n, columns)
    if op.scales != NULL:
        scale(c, op.m, columns, op.n, <const real *>op.scales + column)
    finish(c, op.m, columns, op.n, <const real *>op.bias + column if op.bias != NULL else NULL, NULL, &epilogue)


# ------------------------------------------------------------------------------------------------------------------- BLAS

cdef void matmul_block(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const MatMul *op = <const MatMul *>job
    cdef Py_ssize_t across = ceil_div(op.n, BLOCK_COLUMNS), row = task // across * BLOCK_ROWS
    cdef Py_ssize_t column = task % across * BLOCK_COLUMNS, i
    cdef Py_ssize_t rows = min(BLOCK_ROWS, op.m - row), columns = min(BLOCK_COLUMNS, op.n - column)
    cdef Py_ssize_t lda = op.m if op.transpose_a else op.k, ldb = op.k if op.transpose_b else op.n
    cdef real *c = <real *>op.c + row * op.n + column
    cdef Epilogue epilogue = epilogue_of(op.activation, op.negative_slope)
    if op.k == 0:
        for i in range(rows):
            memset(c + i * op.n, 0, columns * sizeof(real))
    else:
        gemm(ROW_MAJOR, TRANSPOSE if op.transpose_a else NO_TRANSPOSE, TRANSPOSE if op.transpose_b else NO_TRANSPOSE,
             rows, columns, op.k, 1, <const real *>op.a + row * (1 if op.transpose_a else lda), lda,
             <const real *>op.b + column * (ldb if op.transpose_b else 1), ldb, 0, c, op.n)
    finish(c, rows, columns, op.n, <const real *>op.bias + column if op.bias != NULL else NULL, NULL, &epilogue)


# ------------------------------------------------------------------------------------------------------------------ entry

cdef size_t matmul_scratch(const void *arguments) noexcept nogil:
    cdef const MatMul *op = <const MatMul *>arguments
    return runs(op) * aligned(op.m * op.n) * sizeof(real) if has_few_rows(op) and runs(op) > 1 else 0


cdef void matmul(const void *arguments) noexcept nogil:
    cdef const MatMul *op = <const MatMul *>arguments
    if has_few_rows(op):
        run_static(run_of_rows, op, runs(op), op.threads, NULL, 0)
        run_static(add_runs, op, ceil_div(op.n, BLOCK_COLUMNS), 1, NULL, 0)
    else:
        run_dynamic(matmul_block, op, ceil_div(op.m, BLOCK_ROWS) * ceil_div(op.n, BLOCK_COLUMNS), op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.matmul = Kernel(matmul, matmul_scratch)

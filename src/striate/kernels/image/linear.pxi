"""Correlation of images with a kernel.

    y(i, j) = sum over t, u of kernel(t, u) x(i + t - top, j + u - left)

*In one step.* A group of output, some rows by some vectors, stays in registers: each vector of a row of input is loaded once
for all the rows of output whose windows it is in. Every element is summed over t, then u, whatever group it is in.

*Along columns and rows.* A kernel of low rank is a sum of products column(t) row(u): the windows' columns are summed into a
line, which stays in cache, and then the line along the row. Both are the loop above, for a kernel of one column and one of one
row.
"""

cdef enum:
    ROWS = 4            # of a group
    VECTORS = 4         # of a group of several rows
    LANES_AT_MOST = 16


cdef inline void add_taps(const int low, const int high, const int vectors, vreal *sums, const real *x, const real *weights,
                          Py_ssize_t pitch, Py_ssize_t taps, Py_ssize_t step) noexcept nogil:
    """Add a row of input to the rows ``low`` to ``high`` of a group, in whose kernels it is one row further up each."""
    cdef vreal[ROWS] weight
    cdef vreal loaded
    cdef Py_ssize_t u
    cdef int r, v
    for u in range(taps):
        for r in range(low, high + 1):
            weight[r] = vset(weights[u - r * pitch])
        for v in range(vectors):
            loaded = vload(x + v * LANES)
            for r in range(low, high + 1):
                sums[r * vectors + v] = sums[r * vectors + v] + weight[r] * loaded
        x += step


cdef inline void sum_windows(const int rows, const int vectors, vreal *sums, const void **window, Py_ssize_t at,
                             Py_ssize_t kh, Py_ssize_t kw, Py_ssize_t step, const real *kernel) noexcept nogil:
    """Add to the sums of a group, whose windows begin at element ``at`` of their rows; kh is at least ``rows`` - 1."""
    cdef Py_ssize_t t
    if rows > 1:
        add_taps(0, 0, vectors, sums, <const real *>window[0] + at, kernel, kw, kw, step)
    if rows > 2:
        add_taps(0, 1, vectors, sums, <const real *>window[1] + at, kernel + kw, kw, kw, step)
        add_taps(0, 2, vectors, sums, <const real *>window[2] + at, kernel + 2 * kw, kw, kw, step)
    for t in range(rows - 1, kh):
        add_taps(0, rows - 1, vectors, sums, <const real *>window[t] + at, kernel + t * kw, kw, kw, step)
    if rows > 2:
        add_taps(1, 3, vectors, sums, <const real *>window[kh] + at, kernel + kh * kw, kw, kw, step)
        add_taps(2, 3, vectors, sums, <const real *>window[kh + 1] + at, kernel + (kh + 1) * kw, kw, kw, step)
        add_taps(3, 3, vectors, sums, <const real *>window[kh + 2] + at, kernel + (kh + 2) * kw, kw, kw, step)
    elif rows > 1:
        add_taps(1, 1, vectors, sums, <const real *>window[kh] + at, kernel + kh * kw, kw, kw, step)


cdef struct Target:
    # Where sums are stored: rows of reals or of bytes
    char *start
    Py_ssize_t pitch            # bytes
    bint bytes


cdef inline void store(const Target *target, Py_ssize_t row, Py_ssize_t at, vreal value, Py_ssize_t count) noexcept nogil:
    cdef char *start = target.start + row * target.pitch
    if target.bytes and not STRIATE_REAL_IS_DOUBLE:
        vstore_bytes(<uint8_t *>start + at, value, count)
    else:
        vstore_first(<real *>start + at, value, count)


cdef inline void store_group(const int rows, const int vectors, const Target *target, const vreal *sums, Py_ssize_t count,
                             Py_ssize_t at, Py_ssize_t elements) noexcept nogil:
    """The sums of a group, but for rows after the first ``count`` and elements after the last."""
    cdef real[ROWS * GROUP * LANES_AT_MOST] last
    cdef char *start = target.start + at * (1 if target.bytes else sizeof(real))
    cdef Py_ssize_t row, column, pitch = target.pitch
    cdef int r, v
    if elements - at >= vectors * LANES:
        if target.bytes and not STRIATE_REAL_IS_DOUBLE:
            for r in range(rows):
                if r < count:
                    for v in range(vectors):
                        vstore_bytes(<uint8_t *>(start + r * pitch) + v * LANES, sums[r * vectors + v], LANES)
        else:
            for r in range(rows):
                if r < count:
                    for v in range(vectors):
                        vstore(<real *>(start + r * pitch) + v * LANES, sums[r * vectors + v])
        return
    for r in range(rows * vectors):
        vstore(last + r * LANES, sums[r])
    for row in range(count):
        column = 0
        while at + column < elements:
            store(target, row, at + column, vload(last + row * vectors * LANES + column), min(elements - at - column, LANES))
            column += LANES


cdef inline void sum_group(const int rows, const int vectors, const void **window, Py_ssize_t kh, Py_ssize_t kw,
                           Py_ssize_t step, const real *kernel, const real *initial, Py_ssize_t initial_pitch,
                           const Target *target, Py_ssize_t count, Py_ssize_t elements) noexcept nogil:
    """Rows of output: ``count`` of them, of ``rows`` that are computed."""
    cdef vreal[ROWS * GROUP] sums
    cdef Py_ssize_t at = 0
    cdef int r, v
    while at < elements:
        for r in range(rows):
            for v in range(vectors):
                sums[r * vectors + v] = vset(0) if initial == NULL else vload(initial + r * initial_pitch + at + v * LANES)
        sum_windows(rows, vectors, sums, window, at, kh, kw, step, kernel)
        store_group(rows, vectors, target, sums, count, at, elements)
        at += vectors * LANES


cdef inline int rows_together(Py_ssize_t kh) noexcept nogil:
    return ROWS if kh >= ROWS else 2 if kh >= 2 else 1


cdef inline int rows_summed(Py_ssize_t kh) noexcept nogil:
    """How many rows of output `sum_rows_of_windows` computes."""
    return ROWS if kh >= ROWS - 1 else 2 if kh == 2 else 1


cdef void sum_rows_of_windows(const void **window, Py_ssize_t kh, Py_ssize_t kw, Py_ssize_t step, const real *kernel,
                              const real *initial, Py_ssize_t initial_pitch, const Target *target, Py_ssize_t count,
                              Py_ssize_t elements) noexcept nogil:
    if kh == kw == 3:
        sum_group(ROWS, 2, window, 3, 3, step, kernel, initial, initial_pitch, target, count, elements)
    elif rows_summed(kh) == ROWS:
        sum_group(ROWS, VECTORS, window, kh, kw, step, kernel, initial, initial_pitch, target, count, elements)
    elif rows_summed(kh) == 2:
        sum_group(2, VECTORS, window, kh, kw, step, kernel, initial, initial_pitch, target, count, elements)
    else:
        sum_group(1, GROUP, window, kh, kw, step, kernel, initial, initial_pitch, target, count, elements)


cdef inline Target output(const Block *block, Py_ssize_t row) noexcept nogil:
    """The rows of output from ``row`` on."""
    cdef const Window2D *op = block.op
    cdef Target target
    target.pitch = op.ow * block.pixel
    target.start = <char *>op.y + (block.image * op.oh + row) * target.pitch + block.column * block.pixel
    target.bytes = of_bytes(op)
    return target


cdef inline Target buffer(char *start, Py_ssize_t pitch) noexcept nogil:
    cdef Target target
    target.start, target.pitch, target.bytes = start, pitch, False
    return target


cdef void correlate_task(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    cdef char *free = <char *>memory
    cdef Block block = block_of(op, task, sizeof(real), &free)
    cdef char *line = take(&free, ROWS * block.pitch)
    cdef char *sums = take(&free, ROWS * block.pitch)
    cdef Target lines_of_columns = buffer(line, block.pitch), partial = buffer(sums, block.pitch), target
    cdef const real *columns = <const real *>op.kernel
    cdef const real *across = <const real *>op.across
    cdef const void **window
    cdef const void *source
    cdef Py_ssize_t row = block.row, count, together = rows_summed(op.kh), k
    cdef const real *initial
    cdef int r
    while row < block.end:
        window = windows(&block, row, together)
        count = min(together, block.end - row)
        target = output(&block, row)
        if op.rank == 0:
            sum_rows_of_windows(window, op.kh, op.kw, op.c, columns, NULL, 0, &target, count, block.elements)
        for k in range(op.rank):
            sum_rows_of_windows(window, op.kh, 1, op.c, columns + k * op.kh, NULL, 0, &lines_of_columns, count, block.read)
            for r in range(count):
                source = line + r * block.pitch
                initial = <const real *>(sums + r * block.pitch) if k else NULL
                partial.start = sums + r * block.pitch
                sum_rows_of_windows(&source, 1, op.kw, op.c, across + k * op.kw, initial, 0,
                                    &target if k == op.rank - 1 else &partial, 1, block.elements)
                target.start += target.pitch
            target.start -= count * target.pitch
        row += together


cdef void correlate(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    run_static(correlate_task, op, tasks_of(op, sizeof(real)), op.threads, op.scratch, linear_memory(op))


cdef inline Py_ssize_t linear_memory(const Window2D *op) noexcept nogil:
    """Bytes that a thread needs."""
    return block_bytes(op, sizeof(real)) + 2 * ROWS * row_bytes(op, sizeof(real))


cdef size_t linear_scratch(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    return op.threads * linear_memory(op)

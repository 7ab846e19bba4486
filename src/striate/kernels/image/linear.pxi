"""Correlation of images with a kernel, and sums of rectangles.

    y(i, j) = sum over t, u of kernel(t, u) x(i + t - top, j + u - left)

*In one step.* A group of output, some rows by some vectors, stays in registers: each vector of a row of input is loaded once
for all the rows of output whose windows it is in. Every element is summed over t, then u, whatever group it is in.

*Along columns and rows.* A kernel of low rank is a sum of products column(t) row(u): the windows' columns are summed into a
line, which stays in cache, and then the line along the row. Both are the loop above, for a kernel of one column and one of one
row.

*Box.* The windows of neighbouring rows of output share most rows, which are added up once; before and after them, partial sums
are extended row by row. Along the row, sums of 2, 4, 8, ... pixels are made of those of half as many, and those of which the
width consists are added up. Nothing is ever subtracted, so NaN and large values reach no further than their windows.
"""

cdef enum:
    STRIP = 2048        # elements of a row that a task computes, about
    ROWS = 4            # of a group
    VECTORS = 4         # of a group of several rows
    FEW = 16            # pixels up to which a line is summed one after the other
    EXACT_FACTOR = 4096     # pixels up to which, if odd, a sum times 1 / pixels is never rounded to the wrong byte


cdef inline void add_taps(const int low, const int high, const int vectors, vreal *sums, const real *x, const real *weights,
                          Py_ssize_t pitch, Py_ssize_t taps, Py_ssize_t step) noexcept nogil:
    """Add a row of input to the rows ``low`` to ``high`` of a group, in whose kernels it is one row further up each."""
    cdef vreal[GROUP] loaded
    cdef vreal weight
    cdef Py_ssize_t u
    cdef int r, v
    for u in range(taps):
        for v in range(vectors):
            loaded[v] = vload(x + v * LANES)
        for r in range(low, high + 1):
            weight = vset(weights[u - r * pitch])
            for v in range(vectors):
                sums[r * vectors + v] = sums[r * vectors + v] + weight * loaded[v]
        x += step


cdef inline void sum_windows(const int rows, const int vectors, vreal *sums, const void **window, Py_ssize_t at,
                             Py_ssize_t kh, Py_ssize_t kw, Py_ssize_t step, const real *kernel) noexcept nogil:
    """Add to the sums of a group, whose windows begin at element ``at`` of their rows; kh is at least ``rows``."""
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
    # Where sums are stored: rows of reals or of bytes, each element divided by `divisor` or multiplied by `factor`
    char *start
    Py_ssize_t pitch            # bytes
    bint bytes, divided
    real factor, divisor


cdef inline void store(const Target *target, Py_ssize_t row, Py_ssize_t at, vreal value, Py_ssize_t count) noexcept nogil:
    cdef char *start = target.start + row * target.pitch
    value = vdivide(value, vset(target.divisor)) if target.divided else value * target.factor
    if target.bytes and not STRIATE_REAL_IS_DOUBLE:
        vstore_bytes(<uint8_t *>start + at, value, count)
    else:
        vstore_first(<real *>start + at, value, count)


cdef inline void store_group(const int rows, const int vectors, const Target *target, const vreal *sums, Py_ssize_t count,
                             Py_ssize_t at, Py_ssize_t elements) noexcept nogil:
    """The sums of a group, but for rows after the first ``count`` and elements after the last."""
    cdef Py_ssize_t left, pitch = target.pitch
    cdef char *start = target.start + at * (1 if target.bytes else sizeof(real))
    cdef real factor = target.factor
    cdef int r, v
    if elements - at >= vectors * LANES and not target.divided:
        if target.bytes and not STRIATE_REAL_IS_DOUBLE:
            for r in range(rows):
                if r < count:
                    for v in range(vectors):
                        vstore_bytes(<uint8_t *>(start + r * pitch) + v * LANES, sums[r * vectors + v] * factor, LANES)
        else:
            for r in range(rows):
                if r < count:
                    for v in range(vectors):
                        vstore(<real *>(start + r * pitch) + v * LANES, sums[r * vectors + v] * factor)
        return
    for r in range(rows):
        for v in range(vectors):
            left = elements - at - v * LANES
            if r < count and left > 0:
                store(target, r, at + v * LANES, sums[r * vectors + v], min(left, LANES))


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


cdef void sum_rows_of_windows(const void **window, Py_ssize_t kh, Py_ssize_t kw, Py_ssize_t step, const real *kernel,
                              const real *initial, Py_ssize_t initial_pitch, const Target *target, Py_ssize_t count,
                              Py_ssize_t elements) noexcept nogil:
    if kh >= ROWS:
        sum_group(ROWS, VECTORS, window, kh, kw, step, kernel, initial, initial_pitch, target, count, elements)
    elif kh >= 2:
        sum_group(2, VECTORS, window, kh, kw, step, kernel, initial, initial_pitch, target, count, elements)
    else:
        sum_group(1, GROUP, window, kh, kw, step, kernel, initial, initial_pitch, target, count, elements)


cdef inline Target output(const Block *block, Py_ssize_t row) noexcept nogil:
    """The rows of output from ``row`` on."""
    cdef const Window2D *op = block.op
    cdef Target target
    target.pitch = op.ow * block.pixel
    target.start = <char *>op.y + (block.image * op.oh + row) * target.pitch + block.column * block.pixel
    target.bytes, target.divided, target.factor, target.divisor = of_bytes(op), False, 1, 1
    return target


cdef inline Target buffer(char *start, Py_ssize_t pitch) noexcept nogil:
    cdef Target target
    target.start, target.pitch = start, pitch
    target.bytes, target.divided, target.factor, target.divisor = False, False, 1, 1
    return target


cdef void correlate_task(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    cdef char *free = <char *>memory
    cdef Block block = block_of(op, task, STRIP, op.bytes, &free)
    cdef char *line = take(&free, ROWS * block.pitch)
    cdef char *sums = take(&free, ROWS * block.pitch)
    cdef Target lines_of_columns = buffer(line, block.pitch), partial = buffer(sums, block.pitch), target
    cdef const real *columns = <const real *>op.kernel
    cdef const real *across = <const real *>op.across
    cdef const void **window
    cdef const void *source
    cdef Py_ssize_t row = block.row, count, together = rows_together(op.kh), k
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
    run_static(correlate_task, op, tasks_of(op, STRIP), op.threads, op.scratch, linear_memory(op))


cdef inline Py_ssize_t linear_memory(const Window2D *op) noexcept nogil:
    """Bytes that a thread needs."""
    return block_bytes(op, STRIP) + (MOST_ROWS + 2) * row_bytes(op, STRIP) + lines(FEW * sizeof(real))


cdef size_t linear_scratch(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    return op.threads * linear_memory(op)


# -------------------------------------------------------------------------------------------------------------------- box

cdef inline void add_shared(const int rows, const void **window, Py_ssize_t k, char *sums, Py_ssize_t pitch,
                            Py_ssize_t elements) noexcept nogil:
    """Sums of k rows each, k at least ``rows``, beginning with each of that many rows."""
    cdef vreal[MOST_ROWS] backward
    cdef vreal shared, forward
    cdef Py_ssize_t at = 0, t
    cdef int r
    while at < elements:
        shared = vload(<const real *>window[rows - 1] + at)
        for t in range(rows, k):
            shared = shared + vload(<const real *>window[t] + at)
        backward[rows - 1] = shared
        for r in range(rows - 2, -1, -1):
            backward[r] = vload(<const real *>window[r] + at) + backward[r + 1]
        vstore(<real *>sums + at, backward[0])
        forward = vset(0)
        for r in range(1, rows):
            forward = forward + vload(<const real *>window[k + r - 1] + at)
            vstore(<real *>(sums + r * pitch) + at, backward[r] + forward)
        at += LANES


cdef inline void add_along(real *line, real *sums, Py_ssize_t k, Py_ssize_t step, Py_ssize_t elements) noexcept nogil:
    """sums[j] = line[j] + line[j + step] + ... of k elements; the line has as many more, and is overwritten."""
    cdef Py_ssize_t width = 1, done = 0, at, end = elements + (k - 1) * step
    cdef vreal value
    while width <= k:
        at = 0
        if k & width:
            while at < elements:
                value = vload(line + at + done * step)
                vstore(sums + at, value + vload(sums + at) if done else value)
                at += LANES
            done += width
        if 2 * width <= k:
            end -= width * step
            at = 0
            while at < end:
                vstore(line + at, vload(line + at) + vload(line + at + width * step))
                at += LANES
        width *= 2


cdef void box_task(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    cdef char *free = <char *>memory
    cdef Block block = block_of(op, task, STRIP, op.bytes, &free)
    cdef char *line = take(&free, MOST_ROWS * block.pitch)
    cdef char *sums = take(&free, block.pitch)
    cdef real *ones = <real *>take(&free, lines(FEW * sizeof(real)))
    cdef const void **window
    cdef const void *source
    cdef Target target
    cdef Py_ssize_t row = block.row, pixels = op.kh * op.kw, at
    cdef int r, together = MOST_ROWS if op.kh >= MOST_ROWS else rows_together(op.kh)
    for r in range(FEW):
        ones[r] = 1
    while row < block.end:
        window = windows(&block, row, together)
        if together == MOST_ROWS:
            add_shared(MOST_ROWS, window, op.kh, line, block.pitch, block.read)
        elif together == ROWS:
            add_shared(ROWS, window, op.kh, line, block.pitch, block.read)
        elif together == 2:
            add_shared(2, window, op.kh, line, block.pitch, block.read)
        else:
            add_shared(1, window, op.kh, line, block.pitch, block.read)
        for r in range(min(together, block.end - row)):
            target = output(&block, row + r)
            # the quotient of integers is as exact as it can be: half to even is decided by it
            target.factor, target.divisor = 1 / <real>pixels, pixels
            target.divided = op.bytes and (pixels % 2 == 0 or pixels > EXACT_FACTOR)
            source = line + r * block.pitch
            if op.kw <= FEW:
                sum_rows_of_windows(&source, 1, op.kw, op.c, ones, NULL, 0, &target, 1, block.elements)
            else:
                add_along(<real *>source, <real *>sums, op.kw, op.c, block.elements)
                at = 0
                while at < block.elements:
                    store(&target, 0, at, vload(<const real *>sums + at), min(block.elements - at, LANES))
                    at += LANES
        row += together


cdef void box(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    run_static(box_task, op, tasks_of(op, STRIP), op.threads, op.scratch, linear_memory(op))

"""Means of rectangles.

The windows of neighbouring rows of output share most rows, which are added up once, to lines; before and after them, partial
sums are extended row by row. Along a line, a few pixels are added one after the other; of more, sums of 2, 4, 8, ... pixels are
made of those of half as many, and those of which the width consists are added up. Nothing is ever subtracted, so NaN and large
values reach no further than their windows.

Sums of bytes are of 16 bits where they fit into them and where division by the number of pixels is the high half of a product:

    round(sum / n) = floor((sum + n // 2) multiplier / 2^(16 + shift))

for odd n, if the multiplier, 2^(16 + shift) / n rounded up, is too large by so little that it never shows [1]_. Otherwise they
are reals.

.. [1] Granlund, T. and Montgomery, P. L., "Division by invariant integers using multiplication", PLDI 1994, theorem 4.2.
"""
from striate.kernels.image.lanes cimport (divide_halves, halves_set, sums, vhalves, vload_halves, vstore_halves)

cdef enum:
    FEW = 16                # pixels up to which a line is summed one after the other
    EXACT_FACTOR = 4096     # pixels up to which, if odd, a sum times 1 / pixels is never rounded to the wrong byte
    LARGEST_BYTE = 255


cdef struct Quotient:
    # How sums are divided: of 16 bits by a multiplier, which is 0 if they cannot be; reals by the divisor, or by a factor
    int multiplier, shift, half
    bint divided
    real factor, divisor


cdef inline Quotient quotient_of(const Window2D *op) noexcept nogil:
    cdef Quotient quotient
    cdef Py_ssize_t n = op.kh * op.kw, power, largest = n * LARGEST_BYTE + n // 2
    quotient.multiplier, quotient.shift, quotient.half = 0, 0, <int>(n // 2)
    # The quotient of integers is as exact as it can be: half to even is decided by it.
    quotient.divided, quotient.factor, quotient.divisor = op.bytes and (n % 2 == 0 or n > EXACT_FACTOR), 1 / <real>n, n
    if not of_bytes(op) or n % 2 == 0 or n == 1 or largest > 0xFFFF:
        return quotient
    while (1 << (quotient.shift + 1)) < n:
        quotient.shift += 1
    power = <Py_ssize_t>1 << (16 + quotient.shift)
    if (power // n + 1) * n - power < power // largest:
        quotient.multiplier = <int>(power // n + 1)
    return quotient


cdef inline Py_ssize_t size_of_sums(const Window2D *op) noexcept nogil:
    return 2 if quotient_of(op).multiplier else sizeof(real)


cdef inline sums load_pixels(const void *row, Py_ssize_t at, sums like) noexcept nogil:
    """A vector of elements of a row of the image."""
    if sums is vhalves:
        return vload_halves(<const uint8_t *>row + at)
    else:
        return vload(<const real *>row + at)


cdef inline sums *place(char *line, Py_ssize_t at, sums like) noexcept nogil:
    """Where a vector of sums is, from element ``at`` on."""
    return <sums *>(line + at * <Py_ssize_t>(sizeof(real) if sums is vreal else 2))


cdef inline Py_ssize_t count_of(sums like) noexcept nogil:
    """Elements of a vector."""
    return LANES if sums is vreal else <Py_ssize_t>sizeof(sums) // 2


cdef inline void add_shared(const int rows, const void **window, Py_ssize_t k, char *line, Py_ssize_t pitch,
                            Py_ssize_t elements, sums like) noexcept nogil:
    """Sums of k rows each, k at least ``rows``, beginning with each of that many rows."""
    cdef sums[MOST_ROWS] backward
    cdef sums shared, forward
    cdef Py_ssize_t at = 0, t
    cdef int r
    while at < elements:
        shared = load_pixels(window[rows - 1], at, like)
        for t in range(rows, k):
            shared = shared + load_pixels(window[t], at, like)
        backward[rows - 1] = shared
        for r in range(rows - 2, -1, -1):
            backward[r] = load_pixels(window[r], at, like) + backward[r + 1]
        place(line, at, like)[0] = backward[0]
        forward = load_pixels(window[k], at, like) if rows > 1 else shared
        for r in range(1, rows):
            if r > 1:
                forward = forward + load_pixels(window[k + r - 1], at, like)
            place(line + r * pitch, at, like)[0] = backward[r] + forward
        at += count_of(like)


cdef inline void add_along(char *line, char *total, Py_ssize_t k, Py_ssize_t step, Py_ssize_t elements,
                           sums like) noexcept nogil:
    """total[j] = line[j] + line[j + step] + ... of k elements; the line has as many more, and is overwritten."""
    cdef Py_ssize_t width = 1, done = 0, at, end = elements + (k - 1) * step
    cdef sums value
    while width <= k:
        at = 0
        if k & width:
            while at < elements:
                value = place(line, at + done * step, like)[0]
                place(total, at, like)[0] = value + place(total, at, like)[0] if done else value
                at += count_of(like)
            done += width
        if 2 * width <= k:
            end -= width * step
            at = 0
            while at < end:
                place(line, at, like)[0] = place(line, at, like)[0] + place(line, at + width * step, like)[0]
                at += count_of(like)
        width *= 2


cdef inline void store_means(const Target *target, const Quotient *quotient, char *line, Py_ssize_t k, Py_ssize_t step,
                             Py_ssize_t elements, sums like) noexcept nogil:
    """Quotients of sums of k elements of a line."""
    cdef Py_ssize_t at = 0, u
    cdef sums value
    while at < elements:
        value = place(line, at, like)[0]
        for u in range(1, k):
            value = value + place(line, at + u * step, like)[0]
        if sums is vhalves:
            value = divide_halves(value + halves_set(quotient.half), quotient.multiplier, quotient.shift)
            vstore_halves(<uint8_t *>target.start + at, value, min(elements - at, count_of(like)))
        else:
            value = vdivide(value, vset(quotient.divisor)) if quotient.divided else value * quotient.factor
            store(target, 0, at, value, min(elements - at, LANES))
        at += count_of(like)


cdef inline void box_block(Block *block, const Quotient *quotient, char *line, char *total, sums like) noexcept nogil:
    cdef const Window2D *op = block.op
    cdef const void **window
    cdef Target target
    cdef Py_ssize_t row = block.row, pitch = block.pitch
    cdef int r, together = MOST_ROWS if op.kh >= MOST_ROWS else rows_together(op.kh)
    while row < block.end:
        window = windows(block, row, together)
        if together == MOST_ROWS:
            add_shared(MOST_ROWS, window, op.kh, line, pitch, block.read, like)
        elif together == ROWS:
            add_shared(ROWS, window, op.kh, line, pitch, block.read, like)
        elif together == 2:
            add_shared(2, window, op.kh, line, pitch, block.read, like)
        else:
            add_shared(1, window, op.kh, line, pitch, block.read, like)
        for r in range(min(together, block.end - row)):
            target = output(block, row + r)
            if op.kw <= FEW:
                store_means(&target, quotient, line + r * pitch, op.kw, op.c, block.elements, like)
            else:
                add_along(line + r * pitch, total, op.kw, op.c, block.elements, like)
                store_means(&target, quotient, total, 1, op.c, block.elements, like)
        row += together


cdef void box_task(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    cdef char *free = <char *>memory
    cdef Quotient quotient = quotient_of(op)
    cdef Block block = block_of(op, task, size_of_sums(op), &free)
    cdef char *line = take(&free, MOST_ROWS * block.pitch)
    cdef char *total = take(&free, block.pitch)
    if quotient.multiplier:
        box_block(&block, &quotient, line, total, halves_set(0))
    else:
        box_block(&block, &quotient, line, total, vset(0))


cdef Py_ssize_t box_memory(const Window2D *op) noexcept nogil:
    """Bytes that a thread needs."""
    cdef Py_ssize_t size = size_of_sums(op)
    return block_bytes(op, size) + (MOST_ROWS + 1) * row_bytes(op, size)


cdef void box(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    run_static(box_task, op, tasks_of(op, size_of_sums(op)), op.threads, op.scratch, box_memory(op))


cdef size_t box_scratch(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    return op.threads * box_memory(op)

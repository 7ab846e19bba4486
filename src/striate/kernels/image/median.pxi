"""The median of the pixels of each window.

*3×3 and 5×5* are sorting networks: the columns of the windows are sorted, those of five pixels once for all windows that share
them, as lines; then comparisons of three, or five, columns side by side leave the median in its place, and what does not lead
to it is never computed. Short columns are sorted again for each window: loads that lie across cache lines, nine of them
either way, would take longer than that. The network of 5×5 sorts the rows, after which six elements are known to be smaller
than the median, and six larger; the other thirteen, short sorted rows, are merged by Batcher's method [1]_. It was tried on all
2^25 arrangements of zeros and ones.

*Other windows* are searched bit by bit: the median is the largest number below which no more than half of the window lies, so
one count of smaller elements settles each of its bits, for a whole vector of windows at a time. Floats are compared as integers
in the same order.

NaN: in a block that reads any, each window is looked through.

.. [1] Knuth, D. E., "The art of computer programming", volume 3, section 5.3.4, 1998.
"""
from striate.kernels.common.simd cimport LANES, lane_int, vany, vbits, vfrom_bits, viselect, viset, vint
from striate.kernels.image.lanes cimport (bytes_less, bytes_set, even_bytes, exchange, halves_at_most, load, odd_bytes, put,
                                          vhalves, viless, vis_nan, zip_bytes)

cdef enum:
    LINES_OF_RANKS = 10     # for two rows of output
    MOST_COUNTED = 255      # in a byte


cdef inline void sort_column(const int k, lanes *v) noexcept nogil:
    if k == 3:
        exchange(v, 0, 1)
        exchange(v, 1, 2)
        exchange(v, 0, 1)
    else:
        exchange(v, 0, 1)
        exchange(v, 3, 4)
        exchange(v, 2, 3)
        exchange(v, 4, 3)
        exchange(v, 0, 2)
        exchange(v, 3, 2)
        exchange(v, 1, 4)
        exchange(v, 1, 3)
        exchange(v, 4, 2)


cdef inline lanes median_of_9(lanes *v) noexcept nogil:
    """Of three sorted columns, one after the other."""
    exchange(v, 0, 3)
    exchange(v, 3, 6)
    exchange(v, 1, 4)
    exchange(v, 4, 7)
    exchange(v, 1, 4)
    exchange(v, 5, 8)
    exchange(v, 2, 5)
    exchange(v, 4, 6)
    exchange(v, 2, 4)
    exchange(v, 4, 6)
    return v[4]


cdef inline lanes median_of_25(lanes *v) noexcept nogil:
    """Of five sorted columns, one after the other."""
    exchange(v, 0, 5)
    exchange(v, 15, 20)
    exchange(v, 10, 15)
    exchange(v, 20, 15)
    exchange(v, 0, 10)
    exchange(v, 15, 10)
    exchange(v, 5, 20)
    exchange(v, 20, 10)
    exchange(v, 1, 6)
    exchange(v, 16, 21)
    exchange(v, 11, 16)
    exchange(v, 21, 16)
    exchange(v, 1, 11)
    exchange(v, 16, 11)
    exchange(v, 6, 21)
    exchange(v, 6, 16)
    exchange(v, 21, 11)
    exchange(v, 3, 8)
    exchange(v, 18, 23)
    exchange(v, 13, 18)
    exchange(v, 23, 18)
    exchange(v, 3, 13)
    exchange(v, 18, 13)
    exchange(v, 8, 23)
    exchange(v, 8, 18)
    exchange(v, 23, 13)
    exchange(v, 4, 9)
    exchange(v, 19, 24)
    exchange(v, 14, 19)
    exchange(v, 24, 19)
    exchange(v, 4, 14)
    exchange(v, 19, 14)
    exchange(v, 9, 24)
    exchange(v, 9, 19)
    exchange(v, 2, 7)
    exchange(v, 17, 22)
    exchange(v, 12, 17)
    exchange(v, 22, 17)
    exchange(v, 2, 12)
    exchange(v, 17, 12)
    exchange(v, 7, 22)
    exchange(v, 7, 17)
    exchange(v, 20, 2)
    exchange(v, 10, 7)
    exchange(v, 10, 2)
    exchange(v, 16, 8)
    exchange(v, 11, 23)
    exchange(v, 11, 8)
    exchange(v, 21, 18)
    exchange(v, 21, 11)
    exchange(v, 18, 8)
    exchange(v, 4, 20)
    exchange(v, 19, 2)
    exchange(v, 19, 20)
    exchange(v, 9, 10)
    exchange(v, 7, 10)
    exchange(v, 9, 19)
    exchange(v, 7, 20)
    exchange(v, 10, 2)
    exchange(v, 16, 4)
    exchange(v, 8, 20)
    exchange(v, 8, 4)
    exchange(v, 11, 19)
    exchange(v, 2, 19)
    exchange(v, 2, 4)
    exchange(v, 21, 9)
    exchange(v, 23, 10)
    exchange(v, 23, 9)
    exchange(v, 18, 7)
    exchange(v, 18, 23)
    exchange(v, 23, 2)
    return v[2]


cdef inline vint nan_of(const real *row, Py_ssize_t count) noexcept nogil:
    """Lanes where any vector of a row holds NaN."""
    cdef vint found = viset(0)
    cdef Py_ssize_t at = 0
    while at < count:
        found = found | vis_nan(vload_first(row + at, min(count - at, LANES)))
        at += LANES
    return found


cdef inline bint holds_any(vint found) noexcept nogil:
    """Whether any lane is all ones; `vany` looks for reals that are not zero."""
    return vany(vfrom_bits(found & viset(1) << <int>(8 * sizeof(real) - 2)))


cdef inline void note_nan(lanes value, const void *row, Py_ssize_t at, Py_ssize_t size, Py_ssize_t read,
                          vint *found) noexcept nogil:
    """Lanes of ``value``, at byte ``at`` of a row, that are NaN; at its last vector before ``size`` those up to ``read``."""
    if lanes is vreal:
        if at + <Py_ssize_t>sizeof(lanes) < size:
            found[0] = found[0] | vis_nan(value)
        else:
            found[0] = found[0] | nan_of(<const real *>(<const char *>row + at), (read - at) // <Py_ssize_t>sizeof(real))


cdef inline void medians_of_9(const void **window, Py_ssize_t step, Py_ssize_t read, char *target, Py_ssize_t size, vint *found,
                              lanes like) noexcept nogil:
    """Medians of 3×3; ``found`` gets lanes where the last row holds NaN."""
    cdef const void *rows[3]
    cdef lanes[9] v
    cdef Py_ssize_t at = 0
    cdef int i, j
    for i in range(3):
        rows[i] = window[i]     # to stay in registers, as what is stored might be these
    while at < size:
        for j in range(3):
            for i in range(3):
                v[3 * j + i] = load(rows[i], at + j * step, like)
        note_nan(v[2], rows[2], at, size, read, found)
        for j in range(3):
            sort_column(3, v + 3 * j)
        put(target, at, median_of_9(v), size)
        at += sizeof(lanes)


cdef inline void sort_columns(const void **window, char *ranks, Py_ssize_t pitch, Py_ssize_t read, vint *found,
                              lanes like) noexcept nogil:
    """Lines of the smallest to the largest of five pixels; ``found`` gets lanes where the last row holds NaN."""
    cdef const void *rows[5]
    cdef lanes[5] v
    cdef Py_ssize_t at = 0
    cdef int i
    for i in range(5):
        rows[i] = window[i]     # to stay in registers, as what is stored might be these
    while at < read:
        for i in range(5):
            v[i] = load(rows[i], at, like)
        note_nan(v[4], rows[4], at, read, read, found)
        sort_column(5, v)
        for i in range(5):
            (<lanes *>(ranks + i * pitch + at))[0] = v[i]
        at += sizeof(lanes)


cdef inline void merge_columns(const char *ranks, Py_ssize_t pitch, Py_ssize_t step, char *target, Py_ssize_t size,
                               lanes like) noexcept nogil:
    """Medians of five sorted columns each, side by side."""
    cdef lanes[25] v
    cdef Py_ssize_t at = 0
    cdef int i, j
    while at < size:
        for j in range(5):
            for i in range(5):
                v[j * 5 + i] = load(ranks + i * pitch, at + j * step, like)
        put(target, at, median_of_25(v), size)
        at += sizeof(lanes)


cdef inline vbytes select_bytes(const void **window, Py_ssize_t at, Py_ssize_t kh, Py_ssize_t kw,
                                Py_ssize_t step) noexcept nogil:
    """The medians of as many windows as a vector has bytes."""
    cdef vbytes result = bytes_set(0), candidate, count
    cdef vhalves even, odd
    cdef Py_ssize_t t, u, counted
    cdef int bit = 128
    while bit:
        candidate = result + bytes_set(bit)
        count, counted = bytes_set(0), 0
        even, odd = even_bytes(count), odd_bytes(count)
        for t in range(kh):
            for u in range(kw):
                count = count - bytes_less(load(window[t], at + u * step, count), candidate)
                counted += 1
                if counted == MOST_COUNTED:
                    even, odd = even + even_bytes(count), odd + odd_bytes(count)
                    count, counted = bytes_set(0), 0
        even, odd = even + even_bytes(count), odd + odd_bytes(count)
        result = result + (bytes_set(bit) & zip_bytes(halves_at_most(even, kh * kw // 2), halves_at_most(odd, kh * kw // 2)))
        bit >>= 1
    return result


cdef inline vint ordered(vint bits) noexcept nogil:
    """The bits of floats as integers in the same order, and back."""
    return bits ^ ((bits >> <int>(8 * sizeof(real) - 1)) & ~lowest_integer())


cdef inline vint lowest_integer() noexcept nogil:
    return viset(1) << <int>(8 * sizeof(real) - 1)


cdef inline vreal select_reals(const void **window, Py_ssize_t at, Py_ssize_t kh, Py_ssize_t kw,
                               Py_ssize_t step) noexcept nogil:
    cdef vint result = lowest_integer(), candidate, count, bit = lowest_integer()
    cdef vreal like = vset(0)
    cdef Py_ssize_t t, u
    cdef int shift
    for shift in range(<int>(8 * sizeof(real) - 1), -1, -1):
        bit = viset(1) << shift
        candidate = result ^ bit        # the sign's bit is the other way round
        count = viset(0)
        for t in range(kh):
            for u in range(kw):
                count = count - viless(ordered(vbits(load(window[t], at + u * step, like))), candidate)
        result = viselect(viless(count, viset(<lane_int>(kh * kw // 2 + 1))), candidate, result)
    return vfrom_bits(ordered(result))


cdef inline void spread_nan(const Block *block, const void **window, Py_ssize_t row) noexcept nogil:
    """NaN for each element of a row of output whose window holds any."""
    cdef const Window2D *op = block.op
    cdef real *target = <real *>output(block, row).start
    cdef Py_ssize_t at, t, u
    cdef real value
    for at in range(block.elements):
        for t in range(op.kh):
            for u in range(op.kw):
                value = (<const real *>window[t])[at + u * op.c]
                if value != value:
                    target[at] = value


cdef inline void networks(const int k, Block *block, char *ranks, lanes like) noexcept nogil:
    """Two rows of output at a time, as what is read elsewhere in a line shortly after it was stored waits for that."""
    cdef Py_ssize_t read = block.read * block.itemsize, size = block.elements * block.itemsize, row = block.row
    cdef const void **window = windows(block, row, 2)
    cdef vint found = viset(0)
    cdef int r, rows
    for r in range(k - 1 if lanes is vreal else 0):
        found = found | nan_of(<const real *>window[r], block.read)
    while row < block.end:
        window, rows = windows(block, row, 2), min(2, block.end - row)
        if k == 3:
            for r in range(rows):
                medians_of_9(window + r, block.pixel, read, output(block, row + r).start, size, &found, like)
        else:
            for r in range(rows):
                sort_columns(window + r, ranks + r * 5 * block.pitch, block.pitch, read, &found, like)
            for r in range(rows):
                merge_columns(ranks + r * 5 * block.pitch, block.pitch, block.pixel, output(block, row + r).start, size, like)
        if lanes is vreal and holds_any(found):
            for r in range(rows):
                spread_nan(block, window + r, row + r)
        row += 2


cdef inline void selections(Block *block, lanes like) noexcept nogil:
    cdef const Window2D *op = block.op
    cdef Py_ssize_t row, at, size = block.elements * block.itemsize, done = block.loaded
    cdef const void **window
    cdef vint found = viset(0)
    cdef char *target
    for row in range(block.row, block.end):
        window = windows(block, row, 1)
        target = output(block, row).start
        at = 0
        while at < size:
            if lanes is vbytes:
                put(target, at, select_bytes(window, at, op.kh, op.kw, block.pixel), size)
            else:
                put(target, at, select_reals(window, at, op.kh, op.kw, block.pixel), size)
            at += sizeof(lanes)
        if lanes is vreal:
            while done < block.loaded:
                found = found | nan_of(<const real *>block.slot_rows[slot_of(block, done)], block.read)
                done += 1
            if holds_any(found):
                spread_nan(block, window, row)


cdef void median_task(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    cdef char *free = <char *>memory
    cdef Block block = block_of(op, task, itemsize_of(op), &free)
    cdef char *ranks = take(&free, LINES_OF_RANKS * block.pitch)
    cdef int k = op.kh if op.kh == op.kw and (op.kh == 3 or op.kh == 5) else 0
    cdef vreal reals = vset(0)
    cdef vbytes bytes = bytes_set(0)
    if of_bytes(op):
        if k == 3:
            networks(3, &block, ranks, bytes)
        elif k:
            networks(5, &block, ranks, bytes)
        else:
            selections(&block, bytes)
    elif k == 3:
        networks(3, &block, ranks, reals)
    elif k:
        networks(5, &block, ranks, reals)
    else:
        selections(&block, reals)


cdef Py_ssize_t median_memory(const Window2D *op) noexcept nogil:
    """Bytes that a thread needs."""
    return block_bytes(op, itemsize_of(op)) + LINES_OF_RANKS * row_bytes(op, itemsize_of(op))


cdef void median(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    run_static(median_task, op, tasks_of(op, itemsize_of(op)), op.threads, op.scratch, median_memory(op))


cdef size_t median_scratch(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    return op.threads * median_memory(op)

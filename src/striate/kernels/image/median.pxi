"""The median of the pixels of each window.

*3×3 and 5×5* are sorting networks: the columns of the windows are sorted once for all windows that share them, as lines; then
comparisons of five, or three, columns side by side leave the median in its place, and what does not lead to it is never
computed. The network of 5×5 sorts the rows, after which six elements are known to be smaller than the median, and six larger;
the other thirteen, short sorted rows, are merged by Batcher's method [1]_. It was tried on all 2^25 arrangements of zeros and
ones.

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
    MEDIAN_STRIP = 1024     # elements of a row that a task computes, about
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


cdef inline void network_row(const int k, const void **window, char *lines_of_ranks, Py_ssize_t pitch, Py_ssize_t step,
                             Py_ssize_t read, char *target, Py_ssize_t size, lanes like) noexcept nogil:
    cdef lanes[25] v
    cdef Py_ssize_t at = 0
    cdef int i, j
    while at < read:
        for i in range(k):
            v[i] = load(window[i], at, like)
        sort_column(k, v)
        for i in range(k):
            (<lanes *>(lines_of_ranks + i * pitch + at))[0] = v[i]
        at += sizeof(lanes)
    at = 0
    while at < size:
        for j in range(k):
            for i in range(k):
                v[j * k + i] = load(lines_of_ranks + i * pitch, at + j * step, like)
        put(target, at, median_of_9(v) if k == 3 else median_of_25(v), size)
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


cdef inline bint holds_nan(const real *row, Py_ssize_t count) noexcept nogil:
    cdef vint found = viset(0)
    cdef Py_ssize_t at = 0
    while at < count:
        found = found | vis_nan(vload_first(row + at, min(count - at, LANES)))
        at += LANES
    return vany(vfrom_bits(found & viset(1) << <int>(8 * sizeof(real) - 2)))


cdef inline void spread_nan(const void **window, Py_ssize_t kh, Py_ssize_t kw, Py_ssize_t step, real *target,
                            Py_ssize_t elements) noexcept nogil:
    """NaN for each element whose window holds any."""
    cdef Py_ssize_t at, t, u
    cdef real value
    for at in range(elements):
        for t in range(kh):
            for u in range(kw):
                value = (<const real *>window[t])[at + u * step]
                if value != value:
                    target[at] = value


cdef void median_task(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    cdef char *free = <char *>memory
    cdef Block block = block_of(op, task, MEDIAN_STRIP, False, &free)
    cdef char *ranks = take(&free, MOST_ROWS * block.pitch)
    cdef Py_ssize_t row, at, size = block.elements * block.itemsize, read = block.read * block.itemsize, done = block.loaded
    cdef const void **window
    cdef vreal reals = vset(0)
    cdef vbytes bytes = bytes_set(0)
    cdef bint dirty = False
    cdef char *target
    for row in range(block.row, block.end):
        window = windows(&block, row, 1)
        target = output(&block, row).start
        if of_bytes(op) and op.kh == op.kw == 3:
            network_row(3, window, ranks, block.pitch, block.pixel, read, target, size, bytes)
        elif of_bytes(op) and op.kh == op.kw == 5:
            network_row(5, window, ranks, block.pitch, block.pixel, read, target, size, bytes)
        elif of_bytes(op):
            at = 0
            while at < size:
                put(target, at, select_bytes(window, at, op.kh, op.kw, block.pixel), size)
                at += sizeof(vbytes)
        else:
            while done < block.loaded:
                dirty = dirty or holds_nan(<const real *>block.slot_rows[(done + op.top) % block.slots], block.read)
                done += 1
            if op.kh == op.kw == 3:
                network_row(3, window, ranks, block.pitch, block.pixel, read, target, size, reals)
            elif op.kh == op.kw == 5:
                network_row(5, window, ranks, block.pitch, block.pixel, read, target, size, reals)
            else:
                at = 0
                while at < size:
                    put(target, at, select_reals(window, at, op.kh, op.kw, block.pixel), size)
                    at += sizeof(vreal)
            if dirty:
                spread_nan(window, op.kh, op.kw, op.c, <real *>target, block.elements)


cdef Py_ssize_t median_memory(const Window2D *op) noexcept nogil:
    """Bytes that a thread needs."""
    return block_bytes(op, MEDIAN_STRIP) + MOST_ROWS * row_bytes(op, MEDIAN_STRIP)


cdef void median(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    run_static(median_task, op, tasks_of(op, MEDIAN_STRIP), op.threads, op.scratch, median_memory(op))


cdef size_t median_scratch(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    return op.threads * median_memory(op)

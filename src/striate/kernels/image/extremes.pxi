"""The smallest or largest pixels of windows: of rectangles, or of those that a structuring element picks.

*Rectangles* are two steps, the extremes of columns and of those along a row. The windows of neighbouring rows of output share
most rows, which are compared once; before and after them, partial extremes are extended row by row. Along a row, the extreme of
2 w pixels is that of two runs of w, so a run of k takes log2(k) comparisons, the last of two runs that overlap [1]_.

*Structuring elements* are cut into runs of ones in their rows, and each into two runs of 2, 4, 8, ... pixels that overlap. The
extremes of all such runs are computed once for each row of input.

NaN is both the smallest and the largest.

.. [1] van Droogenbroeck, M. and Talbot, H., "Fast computation of morphological operations with arbitrary structuring elements",
   Pattern Recognition Letters 17, 1996.
"""

cdef enum:
    FEW_COMPARED = 5        # pixels up to which those along a row are compared one after the other


cdef inline void extremes_of_columns(const int rows, const bint largest, const void **window, Py_ssize_t k, char *line,
                                     Py_ssize_t pitch, Py_ssize_t size, lanes like) noexcept nogil:
    """Extremes of k rows each, k at least ``rows``, beginning with each of that many rows."""
    cdef lanes[ROWS] backward
    cdef lanes shared, forward
    cdef Py_ssize_t at = 0, t
    cdef int r
    while at < size:
        shared = load(window[rows - 1], at, like)
        for t in range(rows, k):
            shared = extreme_of(largest, shared, load(window[t], at, like))
        backward[rows - 1] = shared
        for r in range(rows - 2, -1, -1):
            backward[r] = extreme_of(largest, load(window[r], at, like), backward[r + 1])
        (<lanes *>(line + at))[0] = backward[0]
        forward = load(window[k], at, like)
        for r in range(1, rows):
            if r > 1:
                forward = extreme_of(largest, forward, load(window[k + r - 1], at, like))
            (<lanes *>(line + r * pitch + at))[0] = extreme_of(largest, backward[r], forward)
        at += sizeof(lanes)


cdef inline void double_runs(const bint largest, const void *runs, void *longer, Py_ssize_t distance, Py_ssize_t size,
                             lanes like) noexcept nogil:
    """Extremes of two runs each, ``distance`` bytes apart; ``longer`` may be ``runs``."""
    cdef Py_ssize_t at = 0
    while at < size:
        (<lanes *>(<char *>longer + at))[0] = extreme_of(largest, load(runs, at, like), load(runs, at + distance, like))
        at += sizeof(lanes)


cdef inline void extremes_along(const bint largest, const void *source, void *line, Py_ssize_t k, Py_ssize_t step, void *target,
                                Py_ssize_t size, lanes like) noexcept nogil:
    """Extremes of k pixels, ``step`` bytes apart, in ``target``; ``line`` may be ``source``."""
    cdef Py_ssize_t width = 1, at = 0, u
    cdef lanes value
    while 2 * width <= k and k > FEW_COMPARED:
        double_runs(largest, source, line, width * step, size + (k - 2 * width) * step, like)
        source = line
        width *= 2
    while at < size:
        value = load(source, at, like)
        if width == 1:
            for u in range(1, k):
                value = extreme_of(largest, value, load(source, at + u * step, like))
        elif width < k:
            value = extreme_of(largest, value, load(source, at + (k - width) * step, like))
        put(target, at, value, size)
        at += sizeof(lanes)


cdef inline void rectangle_block(const bint largest, Block *block, char *line, lanes like) noexcept nogil:
    cdef const Window2D *op = block.op
    cdef Py_ssize_t row = block.row, size = block.read * block.itemsize
    cdef int r, together = rows_together(op.kh)
    cdef const void **window
    cdef const void *source
    cdef Target target
    while row < block.end:
        window = windows(block, row, together)
        if together == ROWS:
            extremes_of_columns(ROWS, largest, window, op.kh, line, block.pitch, size, like)
        elif together == 2:
            extremes_of_columns(2, largest, window, op.kh, line, block.pitch, size, like)
        for r in range(min(together, block.end - row)):
            source = line + r * block.pitch if together > 1 else window[0]
            target = output(block, row + r)
            extremes_along(largest, source, line + r * block.pitch, op.kw, block.pixel, target.start,
                           block.elements * block.itemsize, like)
        row += together


cdef inline int levels_of(const Window2D *op) noexcept nogil:
    """How many lengths of runs there are, beside single pixels."""
    cdef int levels = 0
    while 2 << levels <= op.kw:
        levels += 1
    return levels


cdef inline void element_block(const bint largest, Block *block, char *table, const void **places, lanes like) noexcept nogil:
    """``table`` holds rows of runs, for each slot of the ring; ``places`` has room for two pointers for each run."""
    cdef const Window2D *op = block.op
    cdef Py_ssize_t row = block.row, size = block.elements * block.itemsize, done = block.loaded, slot, at, k
    cdef int levels = levels_of(op), level
    cdef const void *runs
    cdef char *longer
    cdef lanes value
    cdef Target target
    while row < block.end:
        windows(block, row, 1)
        while done < block.loaded:
            slot = slot_of(block, done)
            runs = block.slot_rows[slot]
            for level in range(levels):
                longer = table + (slot * levels + level) * block.pitch
                double_runs(largest, runs, longer, block.pixel << level,
                            block.read * block.itemsize - (block.pixel << (level + 1)) + block.pixel, like)
                runs = longer
            done += 1
        for k in range(op.tap_count):
            slot = (row + op.taps[k].row) % block.slots
            level = op.taps[k].level
            runs = table + (slot * levels + level - 1) * block.pitch if level else block.slot_rows[slot]
            places[2 * k] = <const char *>runs + op.taps[k].first * block.pixel
            places[2 * k + 1] = <const char *>runs + op.taps[k].second * block.pixel
        target = output(block, row)
        at = 0
        while at < size:
            value = load(places[0], at, like)
            for k in range(1, 2 * op.tap_count):
                value = extreme_of(largest, value, load(places[k], at, like))
            put(target.start, at, value, size)
            at += sizeof(lanes)
        row += 1


cdef void extreme_task(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    cdef char *free = <char *>memory
    cdef Block block = block_of(op, task, itemsize_of(op), &free)
    cdef char *line = take(&free, ROWS * block.pitch)
    cdef char *table
    cdef const void **places
    cdef vreal reals = vset(0)
    cdef vbytes bytes = bytes_set(0)
    if op.taps == NULL:
        if of_bytes(op) and op.largest:
            rectangle_block(True, &block, line, bytes)
        elif of_bytes(op):
            rectangle_block(False, &block, line, bytes)
        elif op.largest:
            rectangle_block(True, &block, line, reals)
        else:
            rectangle_block(False, &block, line, reals)
        return
    table = take(&free, block.slots * levels_of(op) * block.pitch)
    places = <const void **>take(&free, lines(2 * op.tap_count * sizeof(void *)))
    if of_bytes(op) and op.largest:
        element_block(True, &block, table, places, bytes)
    elif of_bytes(op):
        element_block(False, &block, table, places, bytes)
    elif op.largest:
        element_block(True, &block, table, places, reals)
    else:
        element_block(False, &block, table, places, reals)


cdef Py_ssize_t extreme_memory(const Window2D *op) noexcept nogil:
    """Bytes that a thread needs."""
    cdef Py_ssize_t size = block_bytes(op, itemsize_of(op)) + ROWS * row_bytes(op, itemsize_of(op))
    if op.taps != NULL:
        size += (op.kh + MOST_ROWS - 1) * levels_of(op) * row_bytes(op, itemsize_of(op))
        size += lines(2 * op.tap_count * sizeof(void *))
    return size


cdef void extreme(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    run_static(extreme_task, op, tasks_of(op, itemsize_of(op)), op.threads, op.scratch, extreme_memory(op))


cdef size_t extreme_scratch(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    return op.threads * extreme_memory(op)

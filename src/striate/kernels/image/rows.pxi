"""Rows of an image that goes on beyond its borders, for windows of kh rows to be summed or compared: in blocks of output.

A task computes a block: some rows by some columns. The rows that it reads are those of the image itself where the block and its
windows lie inside; else they are copied, with what lies beyond the borders, into a ring of as many rows as are needed at a
time. Rows of bytes that are computed in reals are always copied, as reals.

Whole vectors are read: up to MARGIN bytes beyond the last pixel of a window. No result depends on what is there.
"""
from libc.stdint cimport uint8_t
from libc.string cimport memcpy
from striate.kernels.common.continuation cimport continued
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real, vstore_first
from striate.kernels.image.lanes cimport vbytes, vload_bytes
from striate.kernels.ops cimport CACHE_LINE, CONSTANT, Window2D
from striate.kernels.tasks cimport unless_finest

cdef enum:
    MOST_ROWS = 8           # of output that are computed together, as their windows share rows
    STRIP = 8192            # bytes of a row that a task computes, about
    BLOCK_ROWS = 64         # of output that a task computes, a multiple of it
    GROUP = 8               # vectors of output that are computed together, at most
    MARGIN = GROUP * sizeof(vbytes)


cdef struct Block:
    # What a task computes, and its rows
    const Window2D *op
    Py_ssize_t image
    Py_ssize_t row, end             # of output
    Py_ssize_t column, columns      # of output: pixels
    Py_ssize_t elements             # of a row of output
    Py_ssize_t read                 # elements of a row that windows read
    Py_ssize_t itemsize, pixel      # bytes: of an element of the image, of a pixel
    const char *start               # of the image
    bint copied, widened
    char *ring                      # `slots` rows, `pitch` bytes apart
    Py_ssize_t slots, pitch
    Py_ssize_t loaded, free         # row of the continued image before which all are loaded, and the slot for it
    char *constant                  # row of what is beyond the borders
    char *narrow                    # row of bytes, before it is copied as reals
    const void **slot_rows          # where the rows of the ring are
    const void **window             # rows of the windows that are computed


cdef inline bint of_bytes(const Window2D *op) noexcept nogil:
    """Whether images are of bytes. Those of float64 never are, so that no code is made for it."""
    return op.bytes and not STRIATE_REAL_IS_DOUBLE


cdef inline Py_ssize_t itemsize_of(const Window2D *op) noexcept nogil:
    return 1 if of_bytes(op) else sizeof(real)


cdef inline Py_ssize_t columns_per_task(const Window2D *op, Py_ssize_t size) noexcept nogil:
    """Pixels. Here and below, ``size`` is that of an element as it is computed: those of bytes may be computed as reals."""
    return min(max(unless_finest(STRIP // size, LANES) // op.c, 1), op.ow)


cdef inline Py_ssize_t rows_per_task() noexcept nogil:
    return unless_finest(BLOCK_ROWS, MOST_ROWS)


cdef inline Py_ssize_t tasks_of(const Window2D *op, Py_ssize_t size) noexcept nogil:
    return op.n * ceil_div(op.oh, rows_per_task()) * ceil_div(op.ow, columns_per_task(op, size))


cdef inline Py_ssize_t lines(Py_ssize_t count) noexcept nogil:
    """Bytes rounded up to cache lines."""
    return ceil_div(count, CACHE_LINE) * CACHE_LINE


cdef inline Py_ssize_t row_bytes(const Window2D *op, Py_ssize_t size) noexcept nogil:
    """Of a row that windows read, with room for whole vectors; and a line, as rows 4 KB apart share a set of the cache."""
    return lines((columns_per_task(op, size) + op.kw - 1) * op.c * size + MARGIN) + CACHE_LINE


cdef inline Py_ssize_t block_bytes(const Window2D *op, Py_ssize_t size) noexcept nogil:
    """Working memory of `block_of`."""
    cdef Py_ssize_t slots = op.kh + MOST_ROWS - 1
    return (slots + 2) * row_bytes(op, size) + 2 * lines(slots * sizeof(void *))


cdef inline char *take(char **memory, Py_ssize_t size) noexcept nogil:
    cdef char *start = memory[0]
    memory[0] = start + size
    return start


cdef Block block_of(const Window2D *op, Py_ssize_t task, Py_ssize_t size, char **memory) noexcept nogil:
    """The block of a task; it takes its working memory from ``memory``."""
    cdef Block block
    cdef Py_ssize_t columns = columns_per_task(op, size), across = ceil_div(op.ow, columns), slots, i
    cdef Py_ssize_t down = ceil_div(op.oh, rows_per_task())
    block.op = op
    block.image = task // (across * down)
    block.row = task // across % down * rows_per_task()
    block.end = min(block.row + rows_per_task(), op.oh)
    block.column = task % across * columns
    block.columns = min(columns, op.ow - block.column)
    block.elements, block.read = block.columns * op.c, (block.columns + op.kw - 1) * op.c
    block.itemsize = itemsize_of(op)
    block.pixel = op.c * block.itemsize
    block.start = <const char *>op.x + block.image * op.h * op.w * block.pixel
    block.widened = of_bytes(op) and size == sizeof(real)
    block.copied = (block.widened or block.column < op.left
                    or (block.column - op.left) * block.pixel + block.read * block.itemsize + MARGIN > op.w * block.pixel)
    block.slots, block.pitch = op.kh + MOST_ROWS - 1, row_bytes(op, size)
    block.ring = take(memory, block.slots * block.pitch)
    block.constant = take(memory, block.pitch)
    block.narrow = take(memory, block.pitch)
    slots = lines(block.slots * sizeof(void *))
    block.slot_rows = <const void **>take(memory, slots)
    block.window = <const void **>take(memory, slots)
    block.loaded, block.free = block.row - op.top, slot_of(&block, block.row - op.top)
    for i in range(block.read if op.continuation == CONSTANT else 0):
        if of_bytes(op) and not block.widened:
            (<uint8_t *>block.constant)[i] = <uint8_t>op.constant
        else:
            (<real *>block.constant)[i] = <real>op.constant
    return block


cdef inline void copy_pixel(char *target, const char *source, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i
    if size == sizeof(real):
        (<real *>target)[0] = (<const real *>source)[0]
    else:
        for i in range(size):
            target[i] = source[i]


cdef const char *bordered(const Block *block, const char *row, char *target) noexcept nogil:
    """The pixels of a row of the image that windows read, continued at both ends, in ``target``."""
    cdef const Window2D *op = block.op
    cdef Py_ssize_t first = block.column - op.left, end = first + block.columns + op.kw - 1, pixel = block.pixel, i, k
    cdef Py_ssize_t begin = max(first, 0), stop = min(end, op.w)
    if stop > begin:
        memcpy(target + (begin - first) * pixel, row + begin * pixel, (stop - begin) * pixel)
    i = first
    while i < end:
        if i == begin and stop > begin:
            i = stop
            continue
        k = continued(i, op.w, op.continuation)
        if k >= 0:
            copy_pixel(target + (i - first) * pixel, row + k * pixel, pixel)
        elif of_bytes(op):
            for k in range(op.c):
                (<uint8_t *>target)[(i - first) * op.c + k] = <uint8_t>op.constant
        else:
            for k in range(op.c):
                (<real *>target)[(i - first) * op.c + k] = <real>op.constant
        i += 1
    return target


cdef void widen(const uint8_t *source, real *target, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t i = 0
    while i < count:
        vstore_first(target + i, vload_bytes(source + i, min(count - i, LANES)), min(count - i, LANES))
        i += LANES


cdef inline Py_ssize_t slot_of(const Block *block, Py_ssize_t row) noexcept nogil:
    """The slot of a row of the continued image."""
    return (row + block.op.top) % block.slots


cdef const void *load_row(const Block *block, Py_ssize_t row) noexcept nogil:
    """The next row of the continued image, ``row``: in place, or in its slot of the ring."""
    cdef const Window2D *op = block.op
    cdef Py_ssize_t inside = continued(row, op.h, op.continuation)
    cdef char *slot = block.ring + block.free * block.pitch
    cdef const char *source
    if inside < 0:
        return block.constant
    source = block.start + inside * op.w * block.pixel
    if not block.copied:
        return source + (block.column - op.left) * block.pixel
    if not block.widened:
        return bordered(block, source, slot)
    if block.column < op.left or block.column - op.left + block.columns + op.kw - 1 > op.w:
        source = bordered(block, source, block.narrow)
    else:
        source += (block.column - op.left) * block.pixel
    widen(<const uint8_t *>source, <real *>slot, block.read)
    return slot


cdef const void **windows(Block *block, Py_ssize_t row, Py_ssize_t rows) noexcept nogil:
    """The rows that the windows of ``rows`` rows of output read, from ``row`` on; those of rows after the block are others."""
    cdef Py_ssize_t first = row - block.op.top, count = rows + block.op.kh - 1, t
    cdef Py_ssize_t needed = min(first + count, block.end - block.op.top + block.op.kh - 1), slot
    while block.loaded < needed:
        block.slot_rows[block.free] = load_row(block, block.loaded)
        block.loaded += 1
        block.free = block.free + 1 if block.free + 1 < block.slots else 0
    slot = block.free - (needed - first)
    slot = slot if slot >= 0 else slot + block.slots
    for t in range(count):
        block.window[t] = block.slot_rows[slot]
        if first + t < needed - 1:
            slot = slot + 1 if slot + 1 < block.slots else 0
    return block.window

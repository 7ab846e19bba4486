"""A mean of the pixels in a window, each weighted by how near it is in place and in colour.

    y(p) = sum over q of w(p, q) x(q) / sum over q of w(p, q),  w(p, q) = kernel(q - p) exp(-sharpness |x(q) - x(p)|²)

Tomasi, C. and Manduchi, R., "Bilateral filtering for gray and color images", ICCV 1998. Colours differ by their Euclidean
distance. Vectors hold neighbouring pixels, so the channels of colours are taken apart first.
"""
from striate.kernels.common.vmath cimport Exponential, exponential_parts, power_of_two_of

cdef enum:
    COLOURS = 3


cdef inline vreal likeness(vreal x) noexcept nogil:
    """exp(x) of a number that is not positive; not less than 2^-126, or 2^-1022."""
    cdef Exponential parts = exponential_parts(vat_least_or_nan(-708.0 if STRIATE_REAL_IS_DOUBLE else -87.0, x))
    cdef vreal power = power_of_two_of(parts.exponent)
    return power + power * (parts.high + parts.low)


cdef inline void take_apart(const int channels, const real *row, char *planes, Py_ssize_t plane,
                            Py_ssize_t pixels) noexcept nogil:
    cdef Py_ssize_t i
    cdef int c
    for i in range(pixels):
        for c in range(channels):
            (<real *>(planes + c * plane))[i] = row[i * channels + c]


cdef inline void bilateral_row(const int channels, const void **window, Py_ssize_t plane, const Window2D *op, real *mixed,
                               Py_ssize_t pixels) noexcept nogil:
    cdef vreal[COLOURS] middle, sums, x
    cdef vreal total, distance, weight
    cdef real[LANES_AT_MOST] lanes_of_sum
    cdef const real *kernel = <const real *>op.kernel
    cdef real sharpness = -op.sharpness
    cdef Py_ssize_t at = 0, t, u, i
    cdef int c
    while at < pixels:
        total = vset(0)
        for c in range(channels):
            middle[c] = vload(<const real *>(<const char *>window[op.kh // 2] + c * plane) + at + op.kw // 2)
            sums[c] = vset(0)
        for t in range(op.kh):
            for u in range(op.kw):
                distance = vset(0)
                for c in range(channels):
                    x[c] = vload(<const real *>(<const char *>window[t] + c * plane) + at + u)
                    distance = distance + (x[c] - middle[c]) * (x[c] - middle[c])
                weight = likeness(distance * sharpness) * kernel[t * op.kw + u]
                total = total + weight
                for c in range(channels):
                    sums[c] = sums[c] + weight * x[c]
        for c in range(channels):
            vstore(lanes_of_sum, vdivide(sums[c], total))
            for i in range(min(pixels - at, LANES)):
                mixed[(at + i) * channels + c] = lanes_of_sum[i]
        at += LANES


cdef inline void bilateral_block(const int channels, Block *block, char *planes, Py_ssize_t plane, const void **places,
                                 real *mixed) noexcept nogil:
    cdef const Window2D *op = block.op
    cdef Py_ssize_t row, done = block.loaded, slot, t, at
    cdef Target target
    for row in range(block.row, block.end):
        windows(block, row, 1)
        while done < block.loaded:
            slot = slot_of(block, done)
            take_apart(channels, <const real *>block.slot_rows[slot], planes + slot * channels * plane, plane,
                       block.columns + op.kw - 1)
            done += 1
        for t in range(op.kh):
            places[t] = planes + (row + t) % block.slots * channels * plane
        bilateral_row(channels, places, plane, op, mixed, block.columns)
        target = output(block, row)
        at = 0
        while at < block.elements:
            store(&target, 0, at, vload_first(mixed + at, min(block.elements - at, LANES)), min(block.elements - at, LANES))
            at += LANES


cdef void bilateral_task(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    cdef char *free = <char *>memory
    cdef Block block = block_of(op, task, sizeof(real), &free)
    cdef char *planes = take(&free, block.slots * op.c * block.pitch)
    cdef const void **places = <const void **>take(&free, lines(op.kh * sizeof(void *)))
    cdef real *mixed = <real *>take(&free, block.pitch)
    if op.c == 1:
        bilateral_block(1, &block, planes, block.pitch, places, mixed)
    else:
        bilateral_block(COLOURS, &block, planes, block.pitch, places, mixed)


cdef Py_ssize_t bilateral_memory(const Window2D *op) noexcept nogil:
    """Bytes that a thread needs."""
    cdef Py_ssize_t row = row_bytes(op, sizeof(real))
    return block_bytes(op, sizeof(real)) + ((op.kh + MOST_ROWS - 1) * op.c + 1) * row + lines(op.kh * sizeof(void *))


cdef void bilateral(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    run_static(bilateral_task, op, tasks_of(op, sizeof(real)), op.threads, op.scratch, bilateral_memory(op))


cdef size_t bilateral_scratch(const void *arguments) noexcept nogil:
    cdef const Window2D *op = <const Window2D *>arguments
    return op.threads * bilateral_memory(op)

"""Quantization of float32 to low precision, dequantization, and max pooling in low precision.

    8-bit integers:     q = round(clamp(x / scale, -zero, 255 - zero) + zero), and NaN becomes 0;  x = (q - zero) scale
    bfloat16:           q = the number nearest to x, with scale 1 and zero point 0;  x = q

Max pooling does not change the scale and the zero point. Threads share blocks of elements, or rows of pooled pixels.
"""
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real, vload_first, vstore_first
from striate.kernels.low_precision.vectors cimport element, take_largest, vclamp, vload_stored, vstore_rounded
from striate.kernels.ops cimport Pool2D, Requantize
from striate.kernels.tasks cimport CHUNK, run_static, unless_finest


cdef inline Py_ssize_t block_size() noexcept nogil:
    return unless_finest(CHUNK, LANES)


cdef void quantize_block(const void *requantize, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Requantize *op = <const Requantize *>requantize
    cdef Py_ssize_t begin = task * block_size(), count = min(op.size - begin, block_size()), i, lanes, vector
    cdef const real *x = <const real *>op.x + begin
    cdef element *y = <element *>op.y + begin
    for vector in range(ceil_div(count, LANES)):
        i = vector * LANES
        lanes = min(count - i, LANES)
        vstore_rounded(y + i, vclamp(vload_first(x + i, lanes) * op.inverse, op.low, op.high), op.zero, lanes)


cdef void dequantize_block(const void *requantize, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Requantize *op = <const Requantize *>requantize
    cdef Py_ssize_t begin = task * block_size(), count = min(op.size - begin, block_size()), i, lanes, vector
    cdef const element *x = <const element *>op.x + begin
    cdef real *y = <real *>op.y + begin
    for vector in range(ceil_div(count, LANES)):
        i = vector * LANES
        lanes = min(count - i, LANES)
        vstore_first(y + i, vload_stored(x + i, op.zero, lanes) * op.scale, lanes)


cdef void quantize(const void *arguments) noexcept nogil:
    cdef const Requantize *op = <const Requantize *>arguments
    run_static(quantize_block, op, ceil_div(op.size, block_size()), op.threads, NULL, 0)


cdef void dequantize(const void *arguments) noexcept nogil:
    cdef const Requantize *op = <const Requantize *>arguments
    run_static(dequantize_block, op, ceil_div(op.size, block_size()), op.threads, NULL, 0)


cdef void max_pool_row(const void *pool, Py_ssize_t row, void *memory) noexcept nogil:
    """One task: a row of outputs."""
    cdef const Pool2D *op = <const Pool2D *>pool
    cdef Py_ssize_t y = row % op.oh * op.stride_h - op.pad_top, x, ox
    cdef Py_ssize_t top = max(y, 0), bottom = min(y + op.kh, op.h), left, right
    cdef const element *image = <const element *>op.x + row // op.oh * op.h * op.w * op.c
    cdef element *out = <element *>op.y + row * op.ow * op.c
    for ox in range(op.ow):
        x = ox * op.stride_w - op.pad_left
        left, right = max(x, 0), min(x + op.kw, op.w)
        take_largest(out, image + (top * op.w + left) * op.c, bottom - top, op.w * op.c, right - left, op.c)
        out += op.c


cdef void low_precision_max_pool2d(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    run_static(max_pool_row, op, op.n * op.oh, op.threads, NULL, 0)

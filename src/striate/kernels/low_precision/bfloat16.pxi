"""Kernels that compute in float32, but load and store bfloat16 numbers: activations, scales and shifts, average pooling."""
from striate.kernels.elementwise.channels cimport pixels_per_task, scale_shift_pixels
from striate.kernels.elementwise.elementwise cimport chunk, chunk_size
from striate.kernels.ops cimport Rowwise, ScaleShift
from striate.kernels.pooling.forward cimport line_bytes, row_forward


cdef void bfloat16_activation_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    chunk(True, <const Rowwise *>job, task * chunk_size(), False)


cdef void bfloat16_activation(const void *arguments) noexcept nogil:
    cdef const Rowwise *op = <const Rowwise *>arguments
    run_static(bfloat16_activation_task, op, ceil_div(op.rows * op.columns, chunk_size()), op.threads, NULL, 0)


cdef void bfloat16_scale_shift_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    scale_shift_pixels(True, job, task, False)


cdef void bfloat16_scale_shift(const void *arguments) noexcept nogil:
    cdef const ScaleShift *op = <const ScaleShift *>arguments
    run_static(bfloat16_scale_shift_task, op, ceil_div(op.n * op.pixels, pixels_per_task(op)), op.threads, NULL, 0)


cdef void bfloat16_average_row(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    row_forward(True, <const Pool2D *>job, task, <char *>memory, True)


cdef size_t bfloat16_average_scratch(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    return op.threads * line_bytes(op)


cdef void bfloat16_average_pool2d(const void *arguments) noexcept nogil:
    cdef const Pool2D *op = <const Pool2D *>arguments
    run_static(bfloat16_average_row, op, op.n * op.oh, op.threads, op.scratch, line_bytes(op))

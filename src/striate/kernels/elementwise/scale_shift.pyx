"""Scales and shifts of channels, and the gradient.

    y = min(max(x scale + shift, low), high)        dx = dy scale where y is not clipped, otherwise 0

There is one scale and one shift for each channel, or for each image and channel. If scales are a mask, infinity and NaN times
zero are zero. Threads share blocks of pixels. What computes a block is in channels.pxd.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.elementwise.channels cimport pixels_per_task, scale_shift_pixels
from striate.kernels.ops cimport KERNEL_TABLE, Kernel, KernelTable, ScaleShift
from striate.kernels.tasks cimport run_static


cdef void scale_shift_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    scale_shift_pixels(False, job, task, False)


cdef void scale_shift_gradient_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    scale_shift_pixels(False, job, task, True)


cdef void scale_shift_forward(const void *arguments) noexcept nogil:
    cdef const ScaleShift *op = <const ScaleShift *>arguments
    run_static(scale_shift_task, op, ceil_div(op.n * op.pixels, pixels_per_task(op)), op.threads, NULL, 0)


cdef void scale_shift_backward(const void *arguments) noexcept nogil:
    cdef const ScaleShift *op = <const ScaleShift *>arguments
    run_static(scale_shift_gradient_task, op, ceil_div(op.n * op.pixels, pixels_per_task(op)), op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.scale_shift_forward = Kernel(scale_shift_forward, NULL)
    table.scale_shift_backward = Kernel(scale_shift_backward, NULL)

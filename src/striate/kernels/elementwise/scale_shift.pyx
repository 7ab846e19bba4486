"""Scales and shifts of channels, and the gradient.

    y = min(max(x scale + shift, low), high)        dx = dy scale where y is not clipped, otherwise 0

There is one scale and one shift for each channel, or for each image and channel. If scales are a mask, infinity and NaN times
zero are zero. Threads share blocks of pixels.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real, vless, vload_first, vreal, vselect, vset, vstore_first
from striate.kernels.ops cimport KERNEL_TABLE, Kernel, KernelTable, ScaleShift
from striate.kernels.tasks cimport run_static, unless_finest

cdef enum:
    SHIFTED_ELEMENTS = 16 * 1024    # elements of a task


cdef inline const real *of_channels(const void *values, bint an_image, const ScaleShift *op, Py_ssize_t image) noexcept nogil:
    return <const real *>values + (image * op.channels if an_image else 0) if values != NULL else NULL


cdef inline void scale_shift_pixel(const ScaleShift *op, Py_ssize_t image, Py_ssize_t at, const bint backward) noexcept nogil:
    """Compute y, or dx, for one pixel, whose first channel has index ``at``."""
    cdef const real *scales = of_channels(op.scale, op.scale_per_image, op, image)
    cdef const real *shifts = of_channels(op.shift, op.shift_per_image, op, image)
    cdef vreal low = vset(<real>op.low), high = vset(<real>op.high), zero = vset(0), scale, value, dy
    cdef Py_ssize_t c = 0, lanes
    while c < op.channels:
        lanes = min(op.channels - c, LANES)
        scale = vload_first(scales + c, lanes) if scales != NULL else vset(1)
        value = vload_first(<const real *>op.x + at + c, lanes) * scale
        if shifts != NULL:
            value = value + vload_first(shifts + c, lanes)
        if backward:
            dy = vload_first(<const real *>op.y + at + c, lanes) * scale
            dy = vselect(vless(value, low), zero, vselect(vless(high, value), zero, dy))
            vstore_first(<real *>op.dx + at + c, dy, lanes)
        else:
            value = vselect(vless(value, low), low, vselect(vless(high, value), high, value))
            if op.masked:
                value = vselect(vless(zero, scale), value, zero)
            vstore_first(<real *>op.y + at + c, value, lanes)
        c += LANES


cdef inline Py_ssize_t pixels_per_task(const ScaleShift *op) noexcept nogil:
    return unless_finest(max(SHIFTED_ELEMENTS // op.channels, 1), 1)


cdef inline void scale_shift_pixels(const void *job, Py_ssize_t task, const bint backward) noexcept nogil:
    cdef const ScaleShift *op = <const ScaleShift *>job
    cdef Py_ssize_t first = task * pixels_per_task(op), pixel
    for pixel in range(first, min(first + pixels_per_task(op), op.n * op.pixels)):
        scale_shift_pixel(op, pixel // op.pixels, pixel * op.channels, backward)


cdef void scale_shift_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    scale_shift_pixels(job, task, False)


cdef void scale_shift_gradient_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    scale_shift_pixels(job, task, True)


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

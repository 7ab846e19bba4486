"""Scales and shifts of the channels of a block of pixels: see scale_shift.pyx.

x, y and dx are real, or bfloat16 numbers that are converted as they are loaded and stored; which of them is a compile-time
constant. Scales and shifts are real.
"""
from striate.kernels.common.simd cimport LANES, minus_infinity, real, vless, vload_first, vreal, vselect, vset
from striate.kernels.common.storage cimport size_of, vload_floats, vstore_floats
from striate.kernels.ops cimport ScaleShift
from striate.kernels.tasks cimport unless_finest

cdef enum:
    SHIFTED_ELEMENTS = 16 * 1024    # elements of a task


cdef inline const real *of_channels(const void *values, bint an_image, const ScaleShift *op, Py_ssize_t image) noexcept nogil:
    return <const real *>values + (image * op.channels if an_image else 0) if values != NULL else NULL


cdef inline void scale_shift_pixel(const bint bfloat16, const ScaleShift *op, const real *scales, const real *shifts,
                                   Py_ssize_t at, const bint clipped, const bint backward) noexcept nogil:
    """Compute y, or dx, for one pixel, whose first channel has index ``at``."""
    cdef Py_ssize_t itemsize = size_of(bfloat16)
    cdef const char *x = <const char *>op.x + at * itemsize
    cdef char *y = <char *>op.y + at * itemsize
    cdef vreal low = vset(<real>op.low), high = vset(<real>op.high), zero = vset(0), scale, value, dy
    cdef Py_ssize_t c = 0, lanes
    while c < op.channels:
        lanes = min(op.channels - c, LANES)
        scale = vload_first(scales + c, lanes) if scales != NULL else vset(1)
        value = vload_floats(bfloat16, x + c * itemsize, lanes) * scale
        if shifts != NULL:
            value = value + vload_first(shifts + c, lanes)
        if backward:
            dy = vload_floats(bfloat16, y + c * itemsize, lanes) * scale
            dy = vselect(vless(value, low), zero, vselect(vless(high, value), zero, dy))
            vstore_floats(bfloat16, <char *>op.dx + (at + c) * itemsize, dy, lanes)
        else:
            if clipped:
                value = vselect(vless(value, low), low, vselect(vless(high, value), high, value))
            if op.masked:
                value = vselect(vless(zero, scale), value, zero)
            vstore_floats(bfloat16, y + c * itemsize, value, lanes)
        c += LANES


cdef inline Py_ssize_t pixels_per_task(const ScaleShift *op) noexcept nogil:
    return unless_finest(max(SHIFTED_ELEMENTS // op.channels, 1), 1)


cdef inline void scale_shift_pixels(const bint bfloat16, const void *job, Py_ssize_t task, const bint backward) noexcept nogil:
    """Compute a block of pixels, those of an image together."""
    cdef const ScaleShift *op = <const ScaleShift *>job
    cdef Py_ssize_t pixel = task * pixels_per_task(op), end = min(pixel + pixels_per_task(op), op.n * op.pixels), image, last
    cdef const real *scales
    cdef const real *shifts
    cdef bint clipped = op.low > minus_infinity() or op.high < -minus_infinity()
    while pixel < end:
        image = pixel // op.pixels
        last = min(end, (image + 1) * op.pixels)
        scales = of_channels(op.scale, op.scale_per_image, op, image)
        shifts = of_channels(op.shift, op.shift_per_image, op, image)
        while pixel < last:
            if backward or clipped:
                scale_shift_pixel(bfloat16, op, scales, shifts, pixel * op.channels, True, backward)
            else:
                scale_shift_pixel(bfloat16, op, scales, shifts, pixel * op.channels, False, backward)
            pixel += 1

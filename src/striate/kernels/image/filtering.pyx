"""Filters of images: sums, extremes and medians of the pixels in a window, and their gradients.

Images are (n, h, w, c), and of a row of w c elements, all channels are filtered at once: a tap's neighbour is c elements
further. rows.pxi tells how an image goes on beyond its borders, and which rows a task reads. The functions are in a file each:

    linear.pxi      correlation with a kernel, in one step or along columns and rows
    box.pxi         the mean of a rectangle
    extremes.pxi    the smallest or largest of a rectangle, or of a structuring element
    median.pxi      the median
    bilateral.pxi   a mean weighted by distance and by likeness
    gradients.pxi   gradients of what is beyond the borders, and of what chooses one element
    bilateral_gradient.pxi  the gradient of the bilateral filter

Images of bytes are filtered in float32, where arithmetic is needed, and rounded once, half to even. Threads share blocks of
output. No element of the output depends on which block it is in.

Gradients, which few filters are asked for, are left out of all modules but those of the least capable instruction set.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport uint8_t
from libc.string cimport memset
from striate.kernels.common.continuation cimport continued
from striate.kernels.common.simd cimport (LANES, STRIATE_REAL_IS_DOUBLE, real, vat_least_or_nan, vdivide, vload, vload_first,
                                          vreal, vset, vstore, vstore_first)
from striate.kernels.image.lanes cimport bytes_set, extreme_of, lanes, load, put, vbytes, vstore_bytes
from striate.kernels.ops cimport BilateralGradient, CONSTANT, Choose2D, Fold2D, KERNEL_TABLE, Kernel, KernelTable, Window2D
from striate.kernels.tasks cimport run_static

include "rows.pxi"
include "linear.pxi"
include "box.pxi"
include "extremes.pxi"
include "median.pxi"
include "bilateral.pxi"
include "gradients.pxi"
include "bilateral_gradient.pxi"

cdef extern from *:
    enum:
        STRIATE_IMAGE_GRADIENTS     # whether this module has them, as the build decides


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.correlate = Kernel(correlate, linear_scratch)
    table.box = Kernel(box, box_scratch)
    table.extreme = Kernel(extreme, extreme_scratch)
    table.median = Kernel(median, median_scratch)
    table.bilateral = Kernel(bilateral, bilateral_scratch)
    if STRIATE_IMAGE_GRADIENTS:
        table.fold = Kernel(fold, NULL)
        table.choose_backward = Kernel(choose_backward, NULL)
        table.bilateral_backward = Kernel(bilateral_backward, bilateral_backward_scratch)

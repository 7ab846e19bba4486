"""The kernel tables of the instruction set in use, one for each dtype. ``striate.kernels`` fills them at import."""
from cpython.pycapsule cimport PyCapsule_New
# Both are named here, too, so that a change of the table rebuilds this module.
from striate.kernels.ops cimport KERNEL_TABLE, KernelTable

cdef KernelTable tables[4]
cdef dict dtypes = {"float32": FLOAT32, "float64": FLOAT64, "int8": INT8, "bfloat16": BFLOAT16}


cdef KernelTable *kernel_table(Dtype dtype) noexcept nogil:
    return &tables[<int>dtype]


def table_capsule(str dtype):
    """A capsule of the table of "float32", "float64", "int8" or "bfloat16", into which kernel modules enter their functions."""
    return PyCapsule_New(kernel_table(dtypes[dtype]), KERNEL_TABLE, NULL)


def entered_families(str dtype):
    """Whether each family has entered its functions into the table of a dtype: if not, a call would end the process."""
    cdef const KernelTable *table = kernel_table(dtypes[dtype])
    if dtype == "int8" or dtype == "bfloat16":
        return {"low_precision_convolution": table.low_precision_conv2d.run != NULL}
    return {
        "activation": table.activation_forward.run != NULL,
        "blas_families": table.conv2d_im2col.forward.run != NULL and table.matmul.run != NULL,
        "combined_families": table.update.run != NULL,
        "convolution_depthwise": table.conv2d_depthwise.forward.run != NULL,
        "convolution_direct": table.conv2d_direct.forward.run != NULL,
        "convolution_winograd": table.conv2d_winograd.forward.run != NULL,
        "image_filtering": table.correlate.run != NULL and table.fold.run != NULL,
        "recurrent": table.recurrence_forward.run != NULL,
    }

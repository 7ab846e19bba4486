"""The functions by which Python calls kernels: each takes arrays, and either runs a kernel or appends a step to a program.

``striate.functional`` checks what users pass, with helpful errors; this module is the last line of defence. It reads shapes
from the arrays themselves, and refuses arrays and arguments that do not fit together, so that no call can reach memory that it
should not. All arrays are C-contiguous and of one dtype, float32 or float64, except in operations of low precision. The GIL is
released while a kernel runs. Given a program, a function appends its operation instead of executing it; the program's owner
must keep the arrays alive.

Each family has a file of functions. All of these files are included in this module and share its namespace: each may use what
is defined here, and no two may define the same name.
"""
from cpython.buffer cimport (PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer)
from cpython.pycapsule cimport PyCapsule_IsValid
from libc.math cimport INFINITY
from libc.stdint cimport uintptr_t
from libc.stdlib cimport free, malloc
from striate.kernels.common.threads cimport ACCESS, COMPARISON, POWER, threads_for
from striate.kernels.dispatch cimport BFLOAT16, Dtype, FLOAT32, FLOAT64, INT8, kernel_table
from striate.kernels.ops cimport (ActivationCode, CACHE_LINE, ELU, EXPONENTIAL, GELU, GELU_TANH, HARD_SIGMOID, HARD_SILU,
                                  Kernel, KERNEL_TABLE, LEAKY_RELU, LINEAR, LOG, LOG_SOFTMAX, MISH, RELU, RELU6, SCALE, SELU,
                                  SIGMOID, SILU, SOFTMAX, SOFTPLUS, SOFTSIGN, TANH)
from striate.kernels.program cimport Program
from striate.kernels.tasks cimport finest, poison, run_with_team
from striate.kernels.dispatch import table_capsule

if not PyCapsule_IsValid(table_capsule("float32"), KERNEL_TABLE):
    raise ImportError("striate.kernels.bindings and dispatch are of different builds; expected those of one: reinstall striate")

ACTIVATIONS = {
    "linear": LINEAR, "relu": RELU, "leaky_relu": LEAKY_RELU, "relu6": RELU6, "elu": ELU, "selu": SELU, "sigmoid": SIGMOID,
    "hard_sigmoid": HARD_SIGMOID, "tanh": TANH, "softplus": SOFTPLUS, "softsign": SOFTSIGN, "exponential": EXPONENTIAL,
    "silu": SILU, "hard_silu": HARD_SILU, "gelu": GELU, "gelu_tanh": GELU_TANH, "mish": MISH, "softmax": SOFTMAX,
    "log_softmax": LOG_SOFTMAX,
}
cdef dict activation_codes = {**ACTIVATIONS, "log": LOG, "scale": SCALE}


# ----------------------------------------------------------------------------------------------------------------- arrays

cdef struct Array:
    void *data
    Py_ssize_t shape[4]
    Py_ssize_t size, itemsize
    Dtype dtype


cdef Array read(object array, int dimensions, char integers=0) except *:
    return _array(array, dimensions, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT, integers)


cdef Array write(object array, int dimensions, char integers=0) except *:
    return _array(array, dimensions, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | PyBUF_WRITABLE, integers)


cdef Array _array(object array, int dimensions, int flags, char integers) except *:
    # An array of floats, or of integers with this format of the `struct` module; 16-bit integers are bfloat16 numbers.
    # The buffer can be released at once, since the caller's reference keeps the array, and so its memory, alive.
    cdef Py_buffer view
    cdef Array result
    cdef int i
    PyObject_GetBuffer(array, &view, flags)
    try:
        if integers:
            if view.format[0] != integers or view.format[1] != 0:
                raise TypeError(f"expected an array of format {chr(integers)!r}, got format {view.format.decode()!r}")
            result.dtype = BFLOAT16 if integers == b"H" else INT8
        elif view.format[0] == b"f" and view.format[1] == 0:
            result.dtype = FLOAT32
        elif view.format[0] == b"d" and view.format[1] == 0:
            result.dtype = FLOAT64
        else:
            raise TypeError(f"expected a float32 or float64 array, got format {view.format.decode()!r}")
        if view.ndim != dimensions and dimensions >= 0:
            raise ValueError(f"expected {dimensions} dimensions, got {view.ndim}")
        result.data = view.buf
        result.itemsize = view.itemsize
        result.size = view.len // view.itemsize
        for i in range(4):
            result.shape[i] = view.shape[i] if i < view.ndim else 1
    finally:
        PyBuffer_Release(&view)
    return result


cdef Dtype dtype_of(str name) noexcept:
    return FLOAT64 if name == "float64" else FLOAT32


cdef Array read_or_shape(object kernel, const Array *like) except *:
    """The array ``kernel``, or, if it is a tuple, an array of that shape and the dtype of ``like`` whose data is NULL."""
    cdef Array result
    if not isinstance(kernel, tuple):
        return read(kernel, 4)
    result.data = NULL
    result.dtype, result.itemsize = like.dtype, like.itemsize
    result.shape[0], result.shape[1], result.shape[2], result.shape[3] = kernel
    # Sizes must not overflow.
    require(min(kernel) > 0 and float(kernel[0]) * kernel[1] * kernel[2] * kernel[3] < 1e15)
    result.size = 0
    return result


cdef int require(bint condition) except -1:
    if not condition:
        raise ValueError("the arrays and arguments of a kernel call do not fit together")
    return 0


cdef int require_no_overlap(const Array *out, const Array *input) except -1:
    """Refuse an output that overlaps an array which is still read while the output is written."""
    cdef const char *a = <const char *>out.data
    cdef const char *b = <const char *>input.data
    if a < b + input.size * input.itemsize and b < a + out.size * out.itemsize:
        raise ValueError("out overlaps an input; expected separate memory")
    return 0


cdef enum:
    LARGEST_GEOMETRY = 1 << 30   # the largest stride, dilation, padding or window


cdef int require_same(const Array *a, const Array *b) except -1:
    return require(a.dtype == b.dtype and a.size == b.size)


cdef void *optional(object array, const Array *out, Py_ssize_t size) except? NULL:
    """The data of an input of ``size`` elements, or NULL for None."""
    cdef Array a
    if array is None:
        return NULL
    a = read(array, -1)
    require(a.dtype == out.dtype and a.size == size)
    require_no_overlap(out, &a)
    return a.data


cdef void *residual_of(object array, const Array *out, char integers=0) except? NULL:
    """The data of a residual, or NULL for None. It may be ``out``: each of its elements is read before it is overwritten."""
    cdef Array residual
    if array is None:
        return NULL
    residual = read(array, -1, integers)
    require_same(&residual, out)
    if residual.data != out.data:
        require_no_overlap(out, &residual)
    return residual.data


cdef int code_of(str argument, str name, dict codes) except -1:
    """The code by which kernels know ``name``, the value of ``argument``."""
    code = codes.get(name)
    if code is None:
        raise ValueError(f"{argument}={name!r} is unknown; expected one of {', '.join(map(repr, codes))}")
    return code


cdef ActivationCode fused(str name) except? LINEAR:
    """The code of an activation that can be fused with another operation."""
    cdef ActivationCode activation = fused_forward(name)
    require(activation != HARD_SIGMOID and activation != HARD_SILU)
    return activation


cdef ActivationCode fused_forward(str name) except? LINEAR:
    """The code of an activation that convolutions and matrix products can apply; not all have a gradient when fused."""
    cdef ActivationCode activation = <ActivationCode>code_of("activation", name, activation_codes)
    require(activation == LINEAR or activation == RELU or activation == RELU6 or activation == LEAKY_RELU
            or activation == HARD_SIGMOID or activation == HARD_SILU)
    return activation


# --------------------------------------------------------------------------------------------------------- working memory

cdef enum:
    KEPT_BYTES = 64 * 1024 * 1024   # the largest buffer that is kept

cdef void *spare_buffer = NULL      # a buffer that is kept for the next call, guarded by the GIL
cdef size_t spare_size = 0  # its size in bytes


cdef struct Scratch:
    void *memory            # the allocated memory
    void *start             # the first cache line within it
    size_t size             # bytes allocated


cdef Scratch take_scratch(size_t size) except *:
    global spare_buffer, spare_size
    cdef Scratch scratch
    size += CACHE_LINE
    if spare_buffer != NULL and spare_size >= size:
        scratch.memory, scratch.size = spare_buffer, spare_size
        spare_buffer = NULL
    else:
        scratch.memory, scratch.size = malloc(size), size
        if scratch.memory == NULL:
            raise MemoryError(f"no {size} bytes for a kernel's working memory")
    scratch.start = <void *>((<uintptr_t>scratch.memory + CACHE_LINE - 1) // CACHE_LINE * CACHE_LINE)
    return scratch


cdef void return_scratch(Scratch scratch) noexcept:
    global spare_buffer, spare_size
    if scratch.size > KEPT_BYTES or (spare_buffer != NULL and spare_size >= scratch.size):
        free(scratch.memory)
        return
    free(spare_buffer)
    spare_buffer, spare_size = scratch.memory, scratch.size


cdef struct Call:
    void (*run)(const void *op) noexcept nogil      # copied while the GIL is held, since the table may change
    const void *op


cdef void execute(void *arguments) noexcept nogil:
    cdef const Call *call = <const Call *>arguments
    call.run(call.op)


cdef int perform(Program program, const Kernel *kernel, void *op, size_t size, int threads, void **scratch=NULL) except -1:
    """Execute ``op``, a struct of ``size`` bytes, or append it to a program; ``scratch`` is its field for working memory."""
    cdef Call call = Call(kernel.run, op)
    cdef size_t scratch_size
    cdef Scratch lent
    require(kernel.scratch == NULL or scratch != NULL)
    if program is not None:
        program.append(kernel, op, size, threads, <char *>scratch - <char *>op if scratch != NULL else -1)
    elif kernel.scratch == NULL:
        run_with_team(execute, &call, threads)
    else:
        scratch_size = kernel.scratch(op)
        lent = take_scratch(scratch_size)
        scratch[0] = lent.start
        if finest:
            poison(lent.start, scratch_size)
        run_with_team(execute, &call, threads)
        return_scratch(lent)
    return 0


cdef bytearray table_of(Program program, Py_ssize_t size):
    """Memory for a table to which an operation points. The caller must hold it while the operation runs, a program keeps it."""
    cdef bytearray table = bytearray(max(size, 1))
    if program is not None:
        program.keep(table)
    return table


include "activation.pxi"
include "convolution.pxi"
include "dropout.pxi"
include "loss.pxi"
include "low_precision.pxi"
include "filtering.pxi"    # after those whose constants it uses
include "matmul.pxi"
include "merging.pxi"
include "normalization.pxi"
include "pooling.pxi"
include "recurrent.pxi"
include "reduction.pxi"
include "resampling.pxi"
include "update.pxi"

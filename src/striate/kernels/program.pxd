"""A program: operations in a row, each the struct of its arguments and the function that carries it out.

``striate.kernels.bindings`` fills it: each of its functions either carries its operation out at once or, given a program,
appends it. Running a program neither allocates nor touches Python, but for the steps that are calls of Python.
"""
from striate.kernels.ops cimport (BatchNormalization, Choose2D, ClipNorm, Concatenate, Conv2D, Dropout, Fold2D,
                                  GroupNormalization, Kernel, LocalResponseNormalization, Loss, LowPrecisionConv2D, MatMul,
                                  Merge, Penalty, Pool2D, Rearrange, Requantize, Resample, Rowwise, ScaleShift, SumRows,
                                  Update, Window2D)

cdef union Arguments:
    BatchNormalization batch_normalization
    Choose2D choose
    ClipNorm clip_norm
    Concatenate concatenate
    Conv2D conv2d
    Dropout dropout
    Fold2D fold
    GroupNormalization group_normalization
    LocalResponseNormalization local_response_normalization
    Loss loss
    LowPrecisionConv2D low_precision_conv2d
    MatMul matmul
    Merge merge
    Penalty penalty
    Pool2D pool2d
    Rearrange rearrange
    Requantize requantize
    Resample resample
    Rowwise rowwise
    ScaleShift scale_shift
    SumRows sum_rows
    Update update
    Window2D window2d

cdef struct Step:
    void (*run)(const void *op) noexcept nogil      # of a kernel; NULL: the next call of Python
    Py_ssize_t scratch          # where in the struct the pointer to working memory is, -1 for none
    double seconds              # how long it took in the last `time`
    Arguments arguments

cdef class Program:
    cdef Step *steps
    cdef Py_ssize_t count, room
    cdef bint finest            # whether its working memory is for the finest tasks
    cdef int threads            # of its team: as many as a step may use, until a run has counted how many share something
    cdef bint counted
    cdef char *scratch          # one piece of working memory for all steps
    cdef size_t scratch_size
    cdef list calls, kept
    cdef int append(self, const Kernel *kernel, const void *op, size_t size, int threads, Py_ssize_t scratch) except -1
    cdef Step *next_step(self) except NULL
    cdef int lend_scratch(self) except -1
    cdef int execute(self, bint timed) except -1

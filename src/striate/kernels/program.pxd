"""A program: a sequence of operations, each given by the struct of its arguments and the function that executes it.

``striate.kernels.bindings`` fills it: each of its functions either executes its operation at once or, given a program, appends
it. Running a program neither allocates nor touches Python, except in steps that call Python functions.
"""
from striate.kernels.ops cimport (BatchNormalization, BilateralGradient, Choose2D, ClipNorm, Concatenate, Conv2D,
                                  Dropout, Fold2D, GroupNormalization, Kernel, LocalResponseNormalization, Loss,
                                  LowPrecisionConv2D, MatMul, Merge, Penalty, Pool2D, Rearrange, Recurrence, Requantize,
                                  Resample, Rowwise, ScaleShift, SumRows, Update, Window2D)

cdef struct Step    # defined below

cdef struct Run:
    Step *steps
    Py_ssize_t next, count      # index of the next step, and number of steps
    bint timed                  # whether the time of each step is measured
    void *scratch               # memory that is poisoned before each step, if tasks are the finest; otherwise NULL
    size_t scratch_size

cdef struct Branches:
    Run *runs                   # of programs that are executed at the same time
    int count

cdef union Arguments:
    Branches branches
    BatchNormalization batch_normalization
    BilateralGradient bilateral_gradient
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
    Recurrence recurrence
    Requantize requantize
    Resample resample
    Rowwise rowwise
    ScaleShift scale_shift
    SumRows sum_rows
    Update update
    Window2D window2d

cdef struct Step:
    void (*run)(const void *op) noexcept nogil      # the kernel's function; NULL for a call of the next Python function
    Py_ssize_t scratch          # offset in the struct of the pointer to working memory; -1 for none
    double seconds              # the duration of the step in the last call of `time`
    Arguments arguments

cdef class Program:
    cdef Step *steps
    cdef Py_ssize_t count, room     # the number of steps, and of those for which there is memory
    cdef bint finest            # whether its working memory has the size that the finest tasks need
    cdef int threads            # size of its team: the most threads of a step, or, once `counted`, the most that a run used
    cdef bint counted           # whether a run has counted the threads that it used
    cdef bint complete          # whether no more steps can be appended, since it is a branch of another program
    cdef char *scratch          # the working memory that all steps share
    cdef size_t scratch_size
    cdef list calls, kept       # the Python functions that steps call, and the objects that the program keeps alive
    cdef list branches          # for each step that executes programs at the same time, its index and these programs
    cdef int append(self, const Kernel *kernel, const void *op, size_t size, int threads, Py_ssize_t scratch) except -1
    cdef Step *next_step(self) except NULL
    cdef int lend_scratch(self) except -1
    cdef int prepare_branches(self, bint timed) except -1
    cdef int execute(self, bint timed) except -1

"""Rearranging, resizing and warping images."""
from striate.kernels.ops cimport AXES, BILINEAR, CONSTANT, EDGE, NEAREST, REFLECT, Rearrange, Resample, WRAP

cdef dict interpolation_codes = {"nearest": NEAREST, "bilinear": BILINEAR}
cdef dict continuation_codes = {"constant": CONSTANT, "nearest": EDGE, "reflect": REFLECT, "wrap": WRAP}


def rearrange(x, y, *, tuple shape, tuple low, tuple high, tuple repeat, tuple strides, Py_ssize_t offset=0, int threads,
              Program program=None):
    """y = elements of x in another order, with zeros around them; tuples have AXES numbers (see resampling/resampling.pyx)."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef Rearrange op
    cdef Py_ssize_t first = offset, last = offset, size = 1, steps, k
    require(ax.dtype == ay.dtype and min(ax.size, ay.size) > 0 and threads > 0)
    require(len(shape) == len(low) == len(high) == len(repeat) == len(strides) == AXES and 0 <= offset < ax.size)
    require_no_overlap(&ay, &ax)
    for k in range(AXES):
        op.shape[k], op.low[k], op.high[k], op.repeat[k], op.strides[k] = shape[k], low[k], high[k], repeat[k], strides[k]
        require(0 <= op.low[k] < op.high[k] <= op.shape[k] <= ay.size and op.repeat[k] > 0)
        steps = (op.high[k] - op.low[k] - 1) // op.repeat[k]
        require(-first <= <double>steps * op.strides[k] < ax.size - last)
        if op.strides[k] < 0:
            first += steps * op.strides[k]
        else:
            last += steps * op.strides[k]
        size *= op.shape[k]
        require(size <= ay.size)
    require(size == ay.size)
    op.x, op.y, op.offset = ax.data, ay.data, offset
    op.threads = threads_for(2.0 * ACCESS * ay.size, threads)
    perform(program, &kernel_table(ax.dtype).rearrange, &op, sizeof(op), op.threads)


cdef int resample(Program program, const Kernel *kernel, const Array *x, const Array *y, matrices, str interpolation,
                  str fill_mode, double fill_value, int threads) except -1:
    cdef Array maps = read(matrices, 2)
    cdef Resample op
    op.n, op.h, op.w, op.c = x.shape[0], x.shape[1], x.shape[2], x.shape[3]
    op.oh, op.ow = y.shape[1], y.shape[2]
    require(x.dtype == y.dtype and y.shape[0] == op.n and y.shape[3] == op.c and min(x.size, y.size) > 0 and threads > 0)
    require(maps.dtype == FLOAT64 and maps.shape[1] == 6 and (maps.shape[0] == 1 or maps.shape[0] == op.n))
    require(max(op.h, op.w) < LARGEST_GEOMETRY)
    op.x, op.y, op.matrices = x.data, y.data, <const double *>maps.data
    op.matrix_per_image = maps.shape[0] > 1
    op.interpolation, op.continuation = interpolation_codes[interpolation], continuation_codes[fill_mode]
    op.constant = fill_value
    op.threads = threads_for(4.0 * ACCESS * y.size, threads)
    return perform(program, kernel, &op, sizeof(op), op.threads)


def resample_forward(x, matrices, y, *, str interpolation, str fill_mode, double fill_value=0, int threads,
                     Program program=None):
    """y = images sampled at the positions that float64 ``matrices`` give, (1, 6), or (n, 6) with one for each image."""
    cdef Array ax = read(x, 4), ay = write(y, 4)
    require_no_overlap(&ay, &ax)
    resample(program, &kernel_table(ax.dtype).resample_forward, &ax, &ay, matrices, interpolation, fill_mode, fill_value,
             threads)


def resample_backward(dy, matrices, dx, *, str interpolation, str fill_mode, int threads, Program program=None):
    """dx = the gradient of sum(dy * y)."""
    cdef Array adx = write(dx, 4), ady = read(dy, 4)
    require_no_overlap(&adx, &ady)
    resample(program, &kernel_table(adx.dtype).resample_backward, &adx, &ady, matrices, interpolation, fill_mode, 0, threads)

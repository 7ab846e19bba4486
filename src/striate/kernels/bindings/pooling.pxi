"""Max and average pooling."""
from striate.kernels.ops cimport Pool2D


cdef Pool2D pool2d(const Array *x, const Array *y, tuple geometry, bint count_include_pad, int threads) except *:
    """``geometry`` is (kh, kw, stride_h, stride_w, pad_top, pad_bottom, pad_left, pad_right)."""
    cdef Pool2D op
    cdef Py_ssize_t bottom, right
    op.x = x.data
    op.y = y.data
    op.dx, op.scratch = NULL, NULL
    op.n, op.h, op.w, op.c = x.shape[0], x.shape[1], x.shape[2], x.shape[3]
    op.oh, op.ow = y.shape[1], y.shape[2]
    op.kh, op.kw, op.stride_h, op.stride_w, op.pad_top, bottom, op.pad_left, right = geometry
    op.padded_h, op.padded_w = op.pad_top + op.h + bottom, op.pad_left + op.w + right
    op.count_include_pad = count_include_pad
    require(x.dtype == y.dtype and y.shape[0] == op.n and y.shape[3] == op.c and threads > 0)
    require(min(op.kh, op.kw, op.stride_h, op.stride_w) > 0 and min(op.oh, op.ow) > 0 and op.c > 0)
    require(0 <= min(op.pad_top, bottom, op.pad_left, right))
    require(max(op.kh, op.kw, op.stride_h, op.stride_w) <= LARGEST_GEOMETRY)
    # Each window must contain a part of the input.
    require(op.pad_top < op.kh and op.pad_left < op.kw)
    require((op.oh - 1) * op.stride_h - op.pad_top < op.h and (op.ow - 1) * op.stride_w - op.pad_left < op.w)
    op.threads = threads_for(<double>COMPARISON * y.size * op.kh * op.kw, threads)
    return op


def max_pool2d_forward(x, y, *, tuple geometry, int threads, Program program=None):
    """y = the maximum of each window of x."""
    cdef Array ax = read(x, 4), ay = write(y, 4)
    cdef Pool2D op = pool2d(&ax, &ay, geometry, False, threads)
    perform(program, &kernel_table(ax.dtype).max_pool2d_forward, &op, sizeof(op), op.threads, &op.scratch)


def max_pool2d_backward(dy, x, dx, *, tuple geometry, int threads, Program program=None):
    """dx = the gradient of sum(dy * max_pool2d(x))."""
    cdef Array ax = read(x, 4), ady = read(dy, 4), adx = write(dx, 4)
    cdef Pool2D op = pool2d(&ax, &ady, geometry, False, threads)
    require_same(&ax, &adx)
    op.dx = adx.data
    perform(program, &kernel_table(ax.dtype).max_pool2d_backward, &op, sizeof(op), op.threads, &op.scratch)


def average_pool2d_forward(x, y, *, tuple geometry, bint count_include_pad=False, int threads, Program program=None):
    """y = the mean of each window of x; both may be bfloat16."""
    cdef char format = bfloat16_format(x)
    cdef Array ax = read(x, 4, format), ay = write(y, 4, format)
    cdef Pool2D op = pool2d(&ax, &ay, geometry, count_include_pad, threads)
    perform(program, &kernel_table(ax.dtype).average_pool2d_forward, &op, sizeof(op), op.threads, &op.scratch)


def average_pool2d_backward(dy, dx, *, tuple geometry, bint count_include_pad=False, int threads, Program program=None):
    """dx = the gradient of sum(dy * average_pool2d(x))."""
    cdef Array adx = write(dx, 4), ady = read(dy, 4)
    cdef Pool2D op = pool2d(&adx, &ady, geometry, count_include_pad, threads)
    op.dx = adx.data
    perform(program, &kernel_table(adx.dtype).average_pool2d_backward, &op, sizeof(op), op.threads, &op.scratch)

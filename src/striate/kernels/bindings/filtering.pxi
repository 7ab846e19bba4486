"""Filters of images."""
from striate.kernels.ops cimport AGAIN, CONSTANT, EDGE, Fold2D, MIRROR, MIRROR_ONCE, Tap, Window2D

cdef dict border_codes = {"constant": CONSTANT, "nearest": EDGE, "reflect": MIRROR, "mirror": MIRROR_ONCE, "wrap": AGAIN}


cdef Window2D window2d(const Array *x, const Array *y, tuple window, str border, double value, int threads,
                       double cost) except *:
    """``window`` is its height and width, and how many rows and columns it begins above and to the left of an output."""
    cdef Window2D op
    op.n, op.h, op.w, op.c = x.shape[0], x.shape[1], x.shape[2], x.shape[3]
    op.oh, op.ow = y.shape[1], y.shape[2]
    op.kh, op.kw, op.top, op.left = window
    require(x.dtype == y.dtype and y.shape[0] == op.n and y.shape[3] == op.c and min(x.size, y.size) > 0 and threads > 0)
    require(0 < min(op.kh, op.kw) and max(op.kh, op.kw) < LARGEST and max(op.h, op.w) < LARGEST)
    require(0 <= op.top and 0 <= op.left and max(op.top, op.left) < LARGEST)
    apart(y, x)
    op.x, op.y, op.kernel, op.across, op.taps = x.data, y.data, NULL, NULL, NULL
    op.bytes, op.continuation, op.constant = x.itemsize == 1, border_codes[border], value
    op.threads = threads_for(cost * y.size, threads)
    return op


cdef char byte_format(object array) except *:
    """The format of an array of bytes, or 0 for one of reals."""
    return BYTES if memoryview(array).format == "B" else 0


cdef const KernelTable *filter_table(const Array *x) noexcept:
    """Images of bytes are filtered by the functions of float32."""
    return kernel_table(FLOAT64 if x.dtype == FLOAT64 else FLOAT32)


def correlate(x, kernel, y, *, across=None, tuple window, str border, double value=0, int threads, Program program=None):
    """y = sums of windows of x weighted by the kernel (kh, kw), or by the sum of products of rows of ``kernel`` (rank, kh) and
    ``across`` (rank, kw); x and y are of uint8, or of the kernel's dtype."""
    cdef Array ax = read(x, 4, byte_format(x)), ay = write(y, 4, byte_format(y)), akernel = read(kernel, 2), aacross
    cdef Window2D op = window2d(&ax, &ay, window, border, value, threads, <double>akernel.size)
    require(akernel.dtype == (FLOAT32 if op.bytes else ax.dtype))
    apart(&ay, &akernel)
    op.kernel, op.rank = akernel.data, 0
    if across is None:
        require(akernel.shape[0] == op.kh and akernel.shape[1] == op.kw)
    else:
        aacross = read(across, 2)
        apart(&ay, &aacross)
        op.across, op.rank = aacross.data, akernel.shape[0]
        require(aacross.dtype == akernel.dtype and akernel.shape[1] == op.kh and aacross.shape[1] == op.kw)
        require(0 < op.rank == aacross.shape[0])
    perform(program, &filter_table(&ax).correlate, &op, sizeof(op), op.threads, &op.scratch)


def box(x, y, *, tuple window, str border, double value=0, int threads, Program program=None):
    """y = means of windows of x."""
    cdef Array ax = read(x, 4, byte_format(x)), ay = write(y, 4, byte_format(y))
    cdef Window2D op = window2d(&ax, &ay, window, border, value, threads, 4.0 * ACCESS)
    perform(program, &filter_table(&ax).box, &op, sizeof(op), op.threads, &op.scratch)

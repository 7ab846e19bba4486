"""Filters of images."""
from striate.kernels.ops cimport BilateralGradient, Choose2D, CONSTANT, EDGE, Fold2D, MIRROR, REFLECT, Tap, Window2D, WRAP

cdef dict border_codes = {"constant": CONSTANT, "nearest": EDGE, "reflect": REFLECT, "mirror": MIRROR, "wrap": WRAP}


cdef Window2D window2d(const Array *x, const Array *y, tuple window, str border, double value, int threads,
                       double cost) except *:
    """``window`` is its height and width, and how many rows and columns it begins above and to the left of an output."""
    cdef Window2D op
    op.n, op.h, op.w, op.c = x.shape[0], x.shape[1], x.shape[2], x.shape[3]
    op.oh, op.ow = y.shape[1], y.shape[2]
    op.kh, op.kw, op.top, op.left = window
    require(x.dtype == y.dtype and y.shape[0] == op.n and y.shape[3] == op.c and min(x.size, y.size) > 0 and threads > 0)
    require(0 < min(op.kh, op.kw) and max(op.kh, op.kw) < LARGEST_GEOMETRY and max(op.h, op.w) < LARGEST_GEOMETRY)
    require(0 <= op.top and 0 <= op.left and max(op.top, op.left) < LARGEST_GEOMETRY)
    require_no_overlap(y, x)
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
    require_no_overlap(&ay, &akernel)
    op.kernel, op.rank = akernel.data, 0
    if across is None:
        require(akernel.shape[0] == op.kh and akernel.shape[1] == op.kw)
    else:
        aacross = read(across, 2)
        require_no_overlap(&ay, &aacross)
        op.across, op.rank = aacross.data, akernel.shape[0]
        require(aacross.dtype == akernel.dtype and akernel.shape[1] == op.kh and aacross.shape[1] == op.kw)
        require(0 < op.rank == aacross.shape[0])
    perform(program, &filter_table(&ax).correlate, &op, sizeof(op), op.threads, &op.scratch)


def box(x, y, *, tuple window, str border, double value=0, int threads, Program program=None):
    """y = means of windows of x."""
    cdef Array ax = read(x, 4, byte_format(x)), ay = write(y, 4, byte_format(y))
    cdef Window2D op = window2d(&ax, &ay, window, border, value, threads, 4.0 * ACCESS)
    perform(program, &filter_table(&ax).box, &op, sizeof(op), op.threads, &op.scratch)


def fold(x, y, *, tuple edges, str border, int threads, Program program=None):
    """y = the gradient of images, from that of the same with (top, bottom, left, right) more pixels beyond their borders."""
    cdef Array ax = read(x, 4), ay = write(y, 4)
    cdef Fold2D op
    op.n, op.h, op.w, op.c = ay.shape[0], ay.shape[1], ay.shape[2], ay.shape[3]
    op.top, op.bottom, op.left, op.right = edges
    require(ax.dtype == ay.dtype and ay.size > 0 and threads > 0 and ax.shape[0] == op.n and ax.shape[3] == op.c)
    require(min(edges) >= 0 and max(op.h, op.w, *edges) < LARGEST_GEOMETRY)
    require(ax.shape[1] == op.top + op.h + op.bottom and ax.shape[2] == op.left + op.w + op.right)
    require_no_overlap(&ay, &ax)
    op.x, op.y, op.continuation = ax.data, ay.data, border_codes[border]
    op.threads = threads_for(2.0 * ACCESS * ax.size, threads)
    perform(program, &kernel_table(ax.dtype).fold, &op, sizeof(op), op.threads)


def extreme(x, y, *, bint largest, tuple window, str border, double value=0, tuple taps=(), int threads, Program program=None):
    """y = the smallest or largest elements of windows of x, or of those that ``taps`` pick: each is a run of ones in a row of
    the window, (row, first column, first column of the second half, level); the halves are 2^level wide."""
    cdef Array ax = read(x, 4, byte_format(x)), ay = write(y, 4, byte_format(y))
    cdef Window2D op = window2d(&ax, &ay, window, border, value, threads, 4.0 * COMPARISON)
    cdef Tap tap
    cdef bytearray table = table_of(program, len(taps) * sizeof(Tap))
    cdef char *start = table
    cdef Py_ssize_t k
    op.largest, op.tap_count = largest, len(taps)
    if taps:
        for k in range(op.tap_count):
            tap.row, tap.first, tap.second, tap.level = taps[k]
            require(0 <= tap.row < op.kh and 0 <= tap.level < 30 and 0 <= min(tap.first, tap.second))
            require(max(tap.first, tap.second) + (1 << tap.level) <= op.kw)
            (<Tap *>start)[k] = tap
        op.taps = <const Tap *>start
    perform(program, &filter_table(&ax).extreme, &op, sizeof(op), op.threads, &op.scratch)


def median(x, y, *, tuple window, str border, double value=0, int threads, Program program=None):
    """y = the medians of windows of x, of at most 65535 elements: of an even number, the larger of the two in the middle."""
    cdef Array ax = read(x, 4, byte_format(x)), ay = write(y, 4, byte_format(y))
    cdef Window2D op = window2d(&ax, &ay, window, border, value, threads, 100.0 * COMPARISON)
    require(<double>op.kh * op.kw <= 65535)
    perform(program, &filter_table(&ax).median, &op, sizeof(op), op.threads, &op.scratch)


def choose_backward(x, y, dy, dx, mask, *, tuple window, str border, int threads, Program program=None):
    """dx = the gradient of a function that chose y, an element of each window of x that the ``mask`` of bytes allows."""
    cdef Array ax = read(x, 4), ay = read(y, 4), ady = read(dy, 4), adx = write(dx, 4), amask = read(mask, 2, BYTES)
    cdef Window2D geometry = window2d(&ax, &ay, window, border, 0, threads, <double>COMPARISON * amask.size)
    cdef Choose2D op
    require_same(&ay, &ady)
    require_same(&ax, &adx)
    require(amask.shape[0] == geometry.kh and amask.shape[1] == geometry.kw)
    require_no_overlap(&adx, &ax)
    require_no_overlap(&adx, &ay)
    require_no_overlap(&adx, &ady)
    op.x, op.y, op.dy, op.dx, op.mask = ax.data, ay.data, ady.data, adx.data, <const unsigned char *>amask.data
    op.n, op.h, op.w, op.c, op.oh, op.ow = geometry.n, geometry.h, geometry.w, geometry.c, geometry.oh, geometry.ow
    op.kh, op.kw, op.top, op.left, op.continuation = (geometry.kh, geometry.kw, geometry.top, geometry.left,
                                                      geometry.continuation)
    op.threads = geometry.threads
    perform(program, &kernel_table(ax.dtype).choose_backward, &op, sizeof(op), op.threads)


cdef Window2D bilateral2d(const Array *x, const Array *y, const Array *kernel, double sharpness, tuple window, str border,
                          double value, int threads, double powers) except *:
    """A bilateral filter, where each pixel of a window costs ``powers``."""
    cdef Window2D op = window2d(x, y, window, border, value, threads, powers * POWER * kernel.size)
    require(kernel.dtype == (FLOAT32 if op.bytes else x.dtype) and (op.c == 1 or op.c == 3) and sharpness >= 0)
    require(kernel.shape[0] == op.kh and kernel.shape[1] == op.kw)
    op.kernel, op.sharpness = kernel.data, sharpness
    return op


def bilateral(x, kernel, y, *, double sharpness, tuple window, str border, double value=0, int threads, Program program=None):
    """y = means of windows of x, of one or three channels, weighted by ``kernel`` (kh, kw) and by likeness."""
    cdef Array ax = read(x, 4, byte_format(x)), ay = write(y, 4, byte_format(y)), akernel = read(kernel, 2)
    cdef Window2D op = bilateral2d(&ax, &ay, &akernel, sharpness, window, border, value, threads, 2.0)
    require_no_overlap(&ay, &akernel)
    perform(program, &filter_table(&ax).bilateral, &op, sizeof(op), op.threads, &op.scratch)


def bilateral_backward(x, kernel, y, dy, dx, *, double sharpness, tuple window, str border, double value=0, int threads,
                       Program program=None):
    """dx = the gradient of `bilateral`, or, unless the border is constant, of x with what windows read beyond its borders."""
    cdef Array ax = read(x, 4), ay = read(y, 4), ady = read(dy, 4), adx = write(dx, 4), akernel = read(kernel, 2)
    cdef BilateralGradient op
    op.filter = bilateral2d(&ax, &ay, &akernel, sharpness, window, border, value, threads, 4.0)
    op.y, op.dy, op.dx = ay.data, ady.data, adx.data
    require_same(&ay, &ady)
    require(adx.dtype == ax.dtype and adx.shape[0] == ax.shape[0] and adx.shape[3] == ax.shape[3])
    if op.filter.continuation == CONSTANT:
        require(adx.size == ax.size and adx.shape[1] == ax.shape[1])
        require(op.filter.top + op.filter.h < op.filter.oh + op.filter.kh)
        require(op.filter.left + op.filter.w < op.filter.ow + op.filter.kw)
    else:
        require(adx.shape[1] == op.filter.oh + op.filter.kh - 1 and adx.shape[2] == op.filter.ow + op.filter.kw - 1)
    require_no_overlap(&adx, &ax)
    require_no_overlap(&adx, &ay)
    require_no_overlap(&adx, &ady)
    require_no_overlap(&adx, &akernel)
    perform(program, &kernel_table(ax.dtype).bilateral_backward, &op, sizeof(op), op.filter.threads, &op.filter.scratch)

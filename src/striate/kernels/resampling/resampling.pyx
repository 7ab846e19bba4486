"""Elements copied in another order, and images sampled at positions between their pixels.

*rearrange* writes an array of AXES axes, each of whose elements is one of x or zero. Along axis k, the indices from low_k to
high_k - 1 read x in steps of stride_k, each element repeat_k times; elements with an index outside of these are zero.

    y[i] = x[offset + sum over k of ((i_k - low_k) // repeat_k) stride_k]

So a single kernel permutes, pads, crops, flips, repeats and broadcasts. The gradient of each of these is another one, or a sum.

*resample* reads output pixel (i, j) of an image at the position (v, u) of the input, row and column, to which an affine map
with the matrix (a, b, c, d, e, f) takes it:

    u = a j + b i + c,  v = d j + e i + f
    nearest:   y(i, j) = x(floor(v + 1/2), floor(u + 1/2))
    bilinear:  y(i, j) = sum over the four pixels around (v, u) of (1 - |v - row|) (1 - |u - column|) x(row, column)

Outside of the input, the image is continued: by a constant, by its edges, by its mirror image (with the edge repeated), or
periodically. The gradient adds each output's share to the same pixels.

*Threads* share rows of output. In the gradient of resampling, they share images and blocks of channels, so that the order of
each sum is fixed.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.math cimport floor
from libc.string cimport memset
from striate.kernels.common.buffers cimport copy_run
from striate.kernels.common.continuation cimport continued
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real, vload_first, vreal, vset, vstore_first
from striate.kernels.ops cimport AXES, BILINEAR, KERNEL_TABLE, Kernel, KernelTable, Rearrange, Resample
from striate.kernels.tasks cimport CHUNK, run_static, unless_finest

cdef double ROUNDING = 1e-12    # rounding error of a position, in pixels

cdef enum:
    BLOCK = 4 * LANES   # channels of a task of the gradient
    FAR = 1 << 30       # bound of positions, in pixels, far outside of every image


# -------------------------------------------------------------------------------------------------------------- rearrange

cdef inline Py_ssize_t rows_of(const Rearrange *op) noexcept nogil:
    cdef Py_ssize_t rows = 1, k
    for k in range(AXES - 1):
        rows *= op.shape[k]
    return rows


cdef inline Py_ssize_t rows_per_task(const Rearrange *op) noexcept nogil:
    return unless_finest(max(CHUNK // op.shape[AXES - 1], 1), 1)


cdef inline void rearrange_row(const Rearrange *op, const real *x, real *y) noexcept nogil:
    """Write one row of y; ``x`` is what its first element inside the range reads."""
    cdef Py_ssize_t last = AXES - 1, low = op.low[last], high = op.high[last], stride = op.strides[last], i, k
    cdef Py_ssize_t repeat = op.repeat[last]
    memset(y, 0, low * sizeof(real))
    memset(y + high, 0, (op.shape[last] - high) * sizeof(real))
    y += low
    if repeat == 1 and stride == 1:
        copy_run(x, y, high - low)
    elif repeat == 1:
        for i in range(high - low):
            y[i] = x[i * stride]
    else:
        for i in range(high - low):
            k = i // repeat
            y[i] = x[k * stride]


cdef void rearrange_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Rearrange *op = <const Rearrange *>job
    cdef Py_ssize_t row = task * rows_per_task(op), end = min(row + rows_per_task(op), rows_of(op)), rest, k, at, width
    cdef Py_ssize_t index[AXES]
    cdef real *y
    cdef bint inside
    width = op.shape[AXES - 1]
    rest = row
    for k in range(AXES - 2, -1, -1):
        index[k] = rest % op.shape[k]
        rest = rest // op.shape[k]
    while row < end:
        y = <real *>op.y + row * width
        at = op.offset
        inside = True
        for k in range(AXES - 1):
            inside = inside and op.low[k] <= index[k] < op.high[k]
            at += (index[k] - op.low[k]) // op.repeat[k] * op.strides[k]
        if inside:
            rearrange_row(op, <const real *>op.x + at, y)
        else:
            memset(y, 0, width * sizeof(real))
        k = AXES - 2
        index[k] += 1
        while k > 0 and index[k] == op.shape[k]:
            index[k] = 0
            k -= 1
            index[k] += 1
        row += 1


cdef void rearrange(const void *arguments) noexcept nogil:
    cdef const Rearrange *op = <const Rearrange *>arguments
    run_static(rearrange_task, op, ceil_div(rows_of(op), rows_per_task(op)), op.threads, NULL, 0)


# --------------------------------------------------------------------------------------------------------------- resample

cdef struct Sample:
    # What an output pixel reads: up to four pixels of x, with their indices in the image, -1 for the constant, and weights
    Py_ssize_t pixels[4]
    real weights[4]
    int count


cdef inline double within_reach(double position) noexcept nogil:
    """The position, or one far outside if it is out of bounds or NaN."""
    return position if -FAR < position < FAR else -FAR


cdef inline double exact(double fraction) noexcept nogil:
    """The fraction, or 0 or 1 if it differs from these only by rounding."""
    if fraction < ROUNDING:
        return 0
    return 1 if fraction > 1 - ROUNDING else fraction


cdef inline Py_ssize_t pixel(const Resample *op, Py_ssize_t row, Py_ssize_t column) noexcept nogil:
    row, column = continued(row, op.h, op.continuation), continued(column, op.w, op.continuation)
    return row * op.w + column if row >= 0 and column >= 0 else -1


cdef inline Sample sample_of(const Resample *op, Py_ssize_t image, Py_ssize_t i, Py_ssize_t j) noexcept nogil:
    cdef const double *m = op.matrices + (image * 6 if op.matrix_per_image else 0)
    cdef double u = within_reach(m[0] * j + m[1] * i + m[2]), v = within_reach(m[3] * j + m[4] * i + m[5])
    cdef Py_ssize_t row, column
    cdef double weight
    cdef double[2] down, across
    cdef int k, tap
    cdef Sample sample
    if op.interpolation != BILINEAR:
        sample.count = 1
        sample.pixels[0] = pixel(op, <Py_ssize_t>floor(v + 0.5), <Py_ssize_t>floor(u + 0.5))
        sample.weights[0] = 1
        return sample
    row, column = <Py_ssize_t>floor(v), <Py_ssize_t>floor(u)
    down[1], across[1] = exact(v - row), exact(u - column)
    down[0], across[0] = 1 - down[1], 1 - across[1]
    tap = 0
    for k in range(4):
        weight = down[k >> 1] * across[k & 1]
        if weight != 0:  # Zero times an infinite pixel would be NaN.
            sample.pixels[tap] = pixel(op, row + (k >> 1), column + (k & 1))
            sample.weights[tap] = weight
            tap += 1
    sample.count = tap
    return sample


cdef void resample_row(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Resample *op = <const Resample *>job
    cdef Py_ssize_t image = task // op.oh, i = task % op.oh, j, c, lanes
    cdef const real *x = <const real *>op.x + image * op.h * op.w * op.c
    cdef real *y = <real *>op.y + task * op.ow * op.c
    cdef Sample sample
    cdef vreal value
    cdef int tap
    for j in range(op.ow):
        sample = sample_of(op, image, i, j)
        c = 0
        while c < op.c:
            lanes = min(op.c - c, LANES)
            value = vset(0)
            for tap in range(sample.count):
                if sample.pixels[tap] >= 0:
                    value = value + vset(sample.weights[tap]) * vload_first(x + sample.pixels[tap] * op.c + c, lanes)
                else:
                    value = value + vset(sample.weights[tap] * <real>op.constant)
            vstore_first(y + j * op.c + c, value, lanes)
            c += LANES


cdef void resample_forward(const void *arguments) noexcept nogil:
    cdef const Resample *op = <const Resample *>arguments
    run_static(resample_row, op, op.n * op.oh, op.threads, NULL, 0)


cdef inline Py_ssize_t channels_per_task() noexcept nogil:
    return unless_finest(BLOCK, 1)


cdef void spread_block(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Resample *op = <const Resample *>job
    cdef Py_ssize_t size = channels_per_task(), blocks = ceil_div(op.c, size), image = task // blocks, i, j, c
    cdef Py_ssize_t first = task % blocks * size, end = min(first + size, op.c)
    cdef real *dx = <real *>op.x + image * op.h * op.w * op.c
    cdef const real *dy = <const real *>op.y + image * op.oh * op.ow * op.c
    cdef real *target
    cdef Sample sample
    cdef int tap
    for i in range(op.h * op.w):
        memset(dx + i * op.c + first, 0, (end - first) * sizeof(real))
    for i in range(op.oh):
        for j in range(op.ow):
            sample = sample_of(op, image, i, j)
            for tap in range(sample.count):
                if sample.pixels[tap] >= 0:
                    target = dx + sample.pixels[tap] * op.c
                    for c in range(first, end):
                        target[c] = target[c] + sample.weights[tap] * dy[c]
            dy += op.c


cdef void resample_backward(const void *arguments) noexcept nogil:
    cdef const Resample *op = <const Resample *>arguments
    run_static(spread_block, op, op.n * ceil_div(op.c, channels_per_task()), op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.rearrange = Kernel(rearrange, NULL)
    table.resample_forward = Kernel(resample_forward, NULL)
    table.resample_backward = Kernel(resample_backward, NULL)

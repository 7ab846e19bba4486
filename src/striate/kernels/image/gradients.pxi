"""Gradients of filters: of what is beyond the borders of images, and of functions that choose one element of each window."""


cdef void add_continued(const Fold2D *op, const real *x, real *y) noexcept nogil:
    """Add a row to the one whose place it takes."""
    cdef Py_ssize_t j, k, c, i = 0
    for j in range(-op.left, 0):
        k = continued(j, op.w, op.continuation)
        for c in range(op.c):
            y[k * op.c + c] += x[(j + op.left) * op.c + c]
    for j in range(op.w, op.w + op.right):
        k = continued(j, op.w, op.continuation)
        for c in range(op.c):
            y[k * op.c + c] += x[(j + op.left) * op.c + c]
    x += op.left * op.c
    while i < op.w * op.c:
        vstore_first(y + i, vload_first(y + i, min(op.w * op.c - i, LANES)) + vload_first(x + i, min(op.w * op.c - i, LANES)),
                     min(op.w * op.c - i, LANES))
        i += LANES


cdef void fold_row(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Fold2D *op = <const Fold2D *>arguments
    cdef Py_ssize_t image = task // op.h, row = task % op.h, i, pitch = (op.left + op.w + op.right) * op.c
    cdef const real *x = <const real *>op.x + (image * (op.top + op.h + op.bottom) + op.top) * pitch
    cdef real *y = <real *>op.y + task * op.w * op.c
    memset(y, 0, op.w * op.c * sizeof(real))
    for i in range(-op.top, 0):
        if continued(i, op.h, op.continuation) == row:
            add_continued(op, x + i * pitch, y)
    add_continued(op, x + row * pitch, y)
    for i in range(op.h, op.h + op.bottom):
        if continued(i, op.h, op.continuation) == row:
            add_continued(op, x + i * pitch, y)


cdef void fold(const void *arguments) noexcept nogil:
    cdef const Fold2D *op = <const Fold2D *>arguments
    run_static(fold_row, op, op.n * op.h, op.threads, NULL, 0)


cdef inline Py_ssize_t chosen(const Choose2D *op, const real *x, real y, Py_ssize_t i, Py_ssize_t j) noexcept nogil:
    """The pixel of a channel that output (i, j) is, or -1 if it is beyond the borders."""
    cdef Py_ssize_t t, u, row, column
    cdef real value
    for t in range(op.kh):
        row = continued(i - op.top + t, op.h, op.continuation)
        for u in range(op.kw):
            if row >= 0 and op.mask[t * op.kw + u]:
                column = continued(j - op.left + u, op.w, op.continuation)
                if column >= 0:
                    value = x[(row * op.w + column) * op.c]
                    if value == y or (value != value and y != y):
                        return row * op.w + column
    return -1


cdef void choose_channel(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    """One channel of an image, whose pixels are chosen by several outputs."""
    cdef const Choose2D *op = <const Choose2D *>arguments
    cdef Py_ssize_t image = task // op.c, channel = task % op.c, i, j, k
    cdef const real *x = <const real *>op.x + image * op.h * op.w * op.c + channel
    cdef real *dx = <real *>op.dx + image * op.h * op.w * op.c + channel
    cdef const real *y = <const real *>op.y + image * op.oh * op.ow * op.c + channel
    cdef const real *dy = <const real *>op.dy + image * op.oh * op.ow * op.c + channel
    for k in range(op.h * op.w):
        dx[k * op.c] = 0
    for i in range(op.oh):
        for j in range(op.ow):
            k = chosen(op, x, y[0], i, j)
            if k >= 0:
                dx[k * op.c] += dy[0]
            y += op.c
            dy += op.c


cdef void choose_backward(const void *arguments) noexcept nogil:
    cdef const Choose2D *op = <const Choose2D *>arguments
    run_static(choose_channel, op, op.n * op.c, op.threads, NULL, 0)

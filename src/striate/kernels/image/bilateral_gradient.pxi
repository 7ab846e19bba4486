"""The gradient of the bilateral filter; bilateral.pxi has the filter.

With the weights w(p, q) of the filter, D(p) their sum over q, and the share s(p) = dy(p) / D(p) that a pixel x(q) of the window
gets of dy(p) for each unit of its weight, x(q) - x(p) changes the loss through its weight by

    a(p, q) = -2 sharpness w(p, q) s(p) · (x(q) - y(p)) (x(q) - x(p))

and so a pixel r gets, as a neighbour and as the centre of its own window,

    dx(r) = sum over p of w(p, r) s(p) + a(p, r) - sum over q of a(r, q)

Three passes over an image write planes, one for each channel, whose lines vectors read anywhere: its pixels, continued beyond
the borders; of each output dy, which becomes its share, y, and the last of the sums; and dx, where each pixel adds up what it
gets in the order of the window. In a line, pixel or output j is at ``kw - 1 + j``, with zeros around, so an output stands where
its window begins.
"""


cdef struct Planes:
    # Of one image; all planes lie in `scratch`, first those of the pixels
    const BilateralGradient *op
    Py_ssize_t image
    Py_ssize_t rows, columns        # that windows read
    Py_ssize_t pitch                # of lines


cdef enum Plane:
    # Of the outputs
    SHARE
    MEAN        # y
    CENTRE      # the last of the sums, with its sign
    OUTPUT_PLANES


cdef inline Planes planes_of(const BilateralGradient *op) noexcept nogil:
    cdef Planes planes
    planes.op, planes.image = op, 0
    planes.rows, planes.columns = op.filter.oh + op.filter.kh - 1, op.filter.ow + op.filter.kw - 1
    planes.pitch = planes.columns + 2 * (op.filter.kw - 1) + LANES
    return planes


cdef inline real *pixels(const Planes *planes, Py_ssize_t channel, Py_ssize_t row) noexcept nogil:
    return <real *>planes.op.filter.scratch + (channel * planes.rows + row) * planes.pitch


cdef inline real *outputs(const Planes *planes, Plane plane, Py_ssize_t channel, Py_ssize_t row) noexcept nogil:
    return pixels(planes, planes.op.filter.c, (plane * planes.op.filter.c + channel) * planes.op.filter.oh + row)


cdef void take_pixels(const void *arguments, Py_ssize_t row, void *memory) noexcept nogil:
    cdef const Planes *planes = <const Planes *>arguments
    cdef const Window2D *op = &planes.op.filter
    cdef Py_ssize_t inside = continued(row - op.top, op.h, op.continuation), channel, j, column
    cdef const real *source = <const real *>op.x + (planes.image * op.h + inside) * op.w * op.c
    cdef real *line
    for channel in range(op.c):
        line = pixels(planes, channel, row)
        memset(line, 0, planes.pitch * sizeof(real))
        for j in range(planes.columns):
            column = continued(j - op.left, op.w, op.continuation)
            line[op.kw - 1 + j] = source[column * op.c + channel] if inside >= 0 and column >= 0 else <real>op.constant


cdef inline void take_output(const Planes *planes, Plane plane, const void *array, Py_ssize_t row) noexcept nogil:
    cdef const Window2D *op = &planes.op.filter
    cdef const real *source = <const real *>array + (planes.image * op.oh + row) * op.ow * op.c
    cdef Py_ssize_t channel, j
    cdef real *line
    for channel in range(op.c):
        line = outputs(planes, plane, channel, row)
        memset(line, 0, planes.pitch * sizeof(real))
        for j in range(op.ow if array != NULL else 0):
            line[op.kw - 1 + j] = source[j * op.c + channel]


cdef void take_outputs(const void *arguments, Py_ssize_t row, void *memory) noexcept nogil:
    """All of a row of outputs that does not depend on other outputs."""
    cdef const Planes *planes = <const Planes *>arguments
    cdef const Window2D *op = &planes.op.filter
    cdef const real *kernel = <const real *>op.kernel
    cdef Py_ssize_t at = op.kw - 1, end = at + op.ow, middle = op.kw // 2, t, u
    cdef vreal[COLOURS] x, y, dy, difference, sums
    cdef const real *others[COLOURS]
    cdef vreal total, distance, along, weight
    cdef real sharpness = op.sharpness, slope = 2 * op.sharpness
    cdef int c
    take_output(planes, SHARE, planes.op.dy, row)
    take_output(planes, MEAN, planes.op.y, row)
    take_output(planes, CENTRE, NULL, row)
    while at < end:
        total = vset(0)
        for c in range(op.c):
            x[c] = vload(pixels(planes, c, row + op.kh // 2) + at + middle)
            y[c], dy[c] = vload(outputs(planes, MEAN, c, row) + at), vload(outputs(planes, SHARE, c, row) + at)
            sums[c] = vset(0)
        for t in range(op.kh):
            for c in range(op.c):
                others[c] = pixels(planes, c, row + t) + at
            for u in range(op.kw):
                distance, along = vset(0), vset(0)
                for c in range(op.c):
                    difference[c] = vload(others[c] + u)
                    along = along + dy[c] * (difference[c] - y[c])
                    difference[c] = difference[c] - x[c]
                    distance = distance + difference[c] * difference[c]
                weight = likeness(-(distance * sharpness)) * kernel[t * op.kw + u]
                total = total + weight
                for c in range(op.c):
                    sums[c] = sums[c] + weight * along * difference[c]
        for c in range(op.c):
            vstore_first(outputs(planes, SHARE, c, row) + at, vdivide(dy[c], total), min(end - at, LANES))
            vstore_first(outputs(planes, CENTRE, c, row) + at, vdivide(sums[c], total) * slope, min(end - at, LANES))
        at += LANES


cdef void give_pixels(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    """A row of dx."""
    cdef const Planes *planes = <const Planes *>arguments
    cdef const Window2D *op = &planes.op.filter
    cdef bint inside = op.continuation == CONSTANT
    cdef Py_ssize_t row = task + op.top if inside else task, column = op.left if inside else 0, t, u, i
    cdef Py_ssize_t rows = op.h if inside else planes.rows, columns = op.w if inside else planes.columns, own = row - op.kh // 2
    cdef Py_ssize_t end = column + columns
    cdef const real *kernel = <const real *>op.kernel
    cdef real *dx = <real *>planes.op.dx + (planes.image * rows + task) * columns * op.c
    cdef vreal[COLOURS] x, difference, share, sums
    cdef const real *others[COLOURS]
    cdef const real *shares[COLOURS]
    cdef const real *means[COLOURS]
    cdef vreal distance, along, weight
    cdef real[LANES_AT_MOST] lanes
    cdef real sharpness = op.sharpness, slope = 2 * op.sharpness
    cdef int c
    while column < end:
        for c in range(op.c):
            x[c] = vload(pixels(planes, c, row) + op.kw - 1 + column)
            sums[c] = vset(0)
            if 0 <= own < op.oh:
                sums[c] = vload(outputs(planes, CENTRE, c, own) + op.kw - 1 + column - op.kw // 2)
        for t in range(max(row - op.oh + 1, 0), min(op.kh, row + 1)):
            for c in range(op.c):
                others[c] = pixels(planes, c, row - t + op.kh // 2) + op.kw - 1 + column + op.kw // 2
                shares[c] = outputs(planes, SHARE, c, row - t) + op.kw - 1 + column
                means[c] = outputs(planes, MEAN, c, row - t) + op.kw - 1 + column
            for u in range(op.kw):
                distance, along = vset(0), vset(0)
                for c in range(op.c):
                    difference[c] = x[c] - vload(others[c] - u)
                    distance = distance + difference[c] * difference[c]
                    share[c] = vload(shares[c] - u)
                    along = along + share[c] * (x[c] - vload(means[c] - u))
                weight = likeness(-(distance * sharpness)) * kernel[t * op.kw + u]
                along = along * slope
                for c in range(op.c):
                    sums[c] = sums[c] + weight * (share[c] - along * difference[c])
        for c in range(op.c):
            vstore(lanes, sums[c])
            for i in range(min(end - column, LANES)):
                dx[i * op.c + c] = lanes[i]
        dx += LANES * op.c
        column += LANES


cdef void bilateral_backward(const void *arguments) noexcept nogil:
    cdef const Window2D *op = &(<const BilateralGradient *>arguments).filter
    cdef Planes planes = planes_of(<const BilateralGradient *>arguments)
    while planes.image < op.n:
        run_static(take_pixels, &planes, planes.rows, op.threads, NULL, 0)
        run_static(take_outputs, &planes, op.oh, op.threads, NULL, 0)
        run_static(give_pixels, &planes, op.h if op.continuation == CONSTANT else planes.rows, op.threads, NULL, 0)
        planes.image += 1


cdef size_t bilateral_backward_scratch(const void *arguments) noexcept nogil:
    cdef const BilateralGradient *op = <const BilateralGradient *>arguments
    cdef Planes planes = planes_of(op)
    return op.filter.c * (planes.rows + OUTPUT_PLANES * op.filter.oh) * planes.pitch * sizeof(real)

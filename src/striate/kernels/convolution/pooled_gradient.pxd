"""The gradients of a convolution of few channels that a 2×2 max pooling follows: three of four elements of dy are zero.

Therefore dy, here the gradient of the pooled outputs, is read together with the *argmax* of each window: the index of the
largest of its four outputs. These indices are also known as *switches* (Zeiler & Fergus, "Visualizing and understanding
convolutional networks", ECCV 2014). The taps of one row of the kernel are contiguous in memory and fill a few vectors. For the
gradient of the kernel, the sums of some rows of taps of one filter stay in registers while the loop runs over windows. For the
gradient of the input, the sums of some rows of the *patch*, the inputs that the four outputs of a window read, stay in
registers while the loop runs over filters:

    dkernel[ky, :, :, f] = sum over windows of  dy[window, f] * x[argmax row + ky, argmax column : argmax column + kw, :]
    dx[patch row p, argmax column : argmax column + kw, :] += sum over f of  dy[window, f] * kernel[p - argmax row, :, :, f]

where the argmax row and column are 0 or 1, and rows and columns of x and dx count from the patch of the window. Images are
copied, with their padding, into a buffer, and the gradient of an image is computed in such a buffer, so that no tap lies
outside.

*Threads* share images: for the gradient of the kernel, parts of the sum over images, which are added in order.
"""
from libc.string cimport memcpy, memset
from striate.kernels.common.buffers cimport aligned, copy_padded
from striate.kernels.common.geometry cimport Axis, axis_span, ceil_div, set_axes
from striate.kernels.common.simd cimport (LANES, lane_int, real, vany, vfrom_bits, viselect, viset, vint, vload, vload_first,
                                          vovertakes, vreal, vselect, vset, vstore)
from striate.kernels.common.sums cimport SUM_TASKS, add_up_parts, parts_of_sum
from striate.kernels.ops cimport Conv2D
from striate.kernels.tasks cimport run_dynamic, run_serial

cdef enum:
    ROW_VECTORS = 4             # the most vectors of a row of taps; a row of a patch, which is a pixel wider, may have one more
    MOST_SUMS = 12              # the most sums, each a vector, that are kept in registers
    MOST_ROWS = 6               # the most rows of taps whose sums are kept in registers
    PATCH_ROWS = 2              # rows of a patch whose sums are kept in registers
    IMAGE_BYTES = 256 * 1024    # the largest image with its padding: a part of L2
    BLOCK_BYTES = 24 * 1024     # images that the kernel's gradient reads at a time: a part of L1
    PIECE_WINDOWS = 512         # windows that are summed before they are added to the total, for accuracy


cdef struct PooledGradient:
    # The arguments of both gradients. Sizes and steps count elements.
    const Conv2D *op
    Axis rows, columns
    Py_ssize_t span_high, span_wide     # height and width, in pixels, of what the taps read, padding included
    Py_ssize_t line, image_size         # size of one row of that, and of all of it
    Py_ssize_t windows                  # windows of an image
    Py_ssize_t vectors                  # vectors of a row of taps
    Py_ssize_t kernel_size              # size of a part's sums: (f, kh, vectors * LANES)
    Py_ssize_t block, parts             # images that are read at a time, and parts of the sum over all images
    Py_ssize_t patch_vectors            # vectors of a row of a patch
    Py_ssize_t kernel_row, kernel_step  # row and filter of the padded kernel (f, kh + 2, kernel_row), see `surround_taps`
    real *shared                        # the sums of all parts, or the padded kernel


cdef inline Py_ssize_t image_bytes(const PooledGradient *job) noexcept nogil:
    """Bytes of an image and its switches, which are stored as whole vectors."""
    return (job.image_size + aligned(job.windows * job.op.f + LANES)) * sizeof(real)


cdef inline PooledGradient pooled_gradient(const Conv2D *op) noexcept nogil:
    cdef PooledGradient job
    job.op = op
    set_axes(op, False, 0, &job.rows, &job.columns)
    job.span_high, job.span_wide = axis_span(&job.rows, op.oh), axis_span(&job.columns, op.ow)
    job.line = job.span_wide * op.c
    job.image_size = aligned(job.span_high * job.line + LANES)
    job.windows = (op.oh // 2) * (op.ow // 2)
    job.vectors = ceil_div(op.kw * op.c, LANES)
    job.kernel_size = op.f * op.kh * job.vectors * LANES
    job.parts = max(parts_of_sum(op.n, SUM_TASKS), 1)
    job.block = max(min(BLOCK_BYTES // image_bytes(&job), ceil_div(op.n, job.parts)), 1)
    job.patch_vectors = ceil_div((op.kw + 1) * op.c, LANES)
    job.kernel_row = job.patch_vectors * LANES + op.c
    job.kernel_step = (op.kh + 2) * job.kernel_row
    job.shared = <real *>op.scratch
    return job


cdef inline bint takes_pooled_gradient(const Conv2D *op) noexcept nogil:
    """Whether rows of taps and images of ``op`` are small enough; only its shapes and its geometry are read."""
    cdef PooledGradient job = pooled_gradient(op)
    return (op.kh > 1 and op.groups == op.stride_h == op.stride_w == op.dilation_h == op.dilation_w == 1
            and job.vectors <= ROW_VECTORS and job.patch_vectors <= ROW_VECTORS + 1
            and job.image_size * <Py_ssize_t>sizeof(real) <= IMAGE_BYTES)


cdef struct SwitchIndices:
    # The indices that stand for the four outputs of a window, in the buffer from which the gradient reads taps
    Py_ssize_t first                        # the index of the upper left output of the first window
    Py_ssize_t right, below                 # what is added for the next output to the right, and below
    Py_ssize_t window_right, window_below   # what is added for the next window to the right, and below


cdef inline void find_switches(const PooledGradient *job, Py_ssize_t image, const SwitchIndices *places,
                               lane_int *switches) noexcept nogil:
    """switches[window, f] = the index of the largest of the window's four outputs."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t right = op.f, below = op.ow * op.f, oy, ox, i, lanes
    cdef lane_int first
    cdef const real *window
    cdef const real *end = <const real *>op.unpooled + op.n * op.oh * op.ow * op.f
    cdef vreal best, value
    cdef vint argmax, overtakes
    for oy in range(op.oh // 2):
        for ox in range(op.ow // 2):
            window = <const real *>op.unpooled + ((image * op.oh + 2 * oy) * op.ow + 2 * ox) * op.f
            first = places.first + oy * places.window_below + ox * places.window_right
            for i in range(ceil_div(op.f, LANES)):
                # Whole vectors are loaded while they end within the array; the next window overwrites the superfluous lanes.
                lanes = LANES if window + below + right + LANES <= end else min(op.f - i * LANES, LANES)
                best, value = vload_first(window, lanes), vload_first(window + right, lanes)
                overtakes = vovertakes(value, best)
                argmax, best = viselect(overtakes, viset(first + places.right), viset(first)), vselect(overtakes, value, best)
                value = vload_first(window + below, lanes)
                overtakes = vovertakes(value, best)
                argmax, best = viselect(overtakes, viset(first + places.below), argmax), vselect(overtakes, value, best)
                overtakes = vovertakes(vload_first(window + below + right, lanes), best)
                argmax = viselect(overtakes, viset(first + places.below + places.right), argmax)
                vstore(<real *>(switches + i * LANES), vfrom_bits(argmax))
                window += LANES
            switches += op.f


# ------------------------------------------------------------------------------------------------------ gradient of the kernel

cdef inline void kernel_tile(
    const int rows, const int vectors,              # compile-time constants at each call
    const PooledGradient *job,
    const real *images,                             # IN: offset to the first row of taps
    const lane_int *switches, const real *dy,       # IN (windows, f), offset to the filter
    Py_ssize_t windows,                             # the windows of all images of the block
    real *sums,                                     # IN/OUT (rows, vectors * LANES)
) noexcept nogil:
    cdef vreal totals[MOST_ROWS][ROW_VECTORS]
    cdef Py_ssize_t filters = job.op.f, line = job.line, piece, i
    cdef const real *taps
    cdef real gradient
    cdef int r, v
    for piece in range(ceil_div(windows, PIECE_WINDOWS)):
        for r in range(rows):
            for v in range(vectors):
                totals[r][v] = vset(0)
        for i in range(piece * PIECE_WINDOWS, min((piece + 1) * PIECE_WINDOWS, windows)):
            taps = images + switches[i * filters]
            gradient = dy[i * filters]
            for r in range(rows):
                for v in range(vectors):
                    totals[r][v] = totals[r][v] + vload(taps + v * LANES) * gradient
                taps += line
        # A short sum loses less to rounding than a long one, so a piece begins at zero and is added to the sums at its end.
        for r in range(rows):
            for v in range(vectors):
                vstore(sums + (r * vectors + v) * LANES, vload(sums + (r * vectors + v) * LANES) + totals[r][v])


cdef inline int most_rows(Py_ssize_t vectors) noexcept nogil:
    return min(MOST_SUMS // <int>vectors, MOST_ROWS)


cdef inline void any_kernel_tile(Py_ssize_t rows, const int vectors, const PooledGradient *job, const real *images,
                                 const lane_int *switches, const real *dy, Py_ssize_t windows, real *sums) noexcept nogil:
    """`kernel_tile` for a number of rows that is known only at run time, 1 to most_rows(vectors)."""
    if rows == 1: kernel_tile(1, vectors, job, images, switches, dy, windows, sums)
    elif rows == 2: kernel_tile(2, vectors, job, images, switches, dy, windows, sums)
    elif rows == 3: kernel_tile(3, vectors, job, images, switches, dy, windows, sums)
    elif vectors <= 3 and rows == 4: kernel_tile(4, vectors, job, images, switches, dy, windows, sums)
    elif vectors <= 2 and rows == 5: kernel_tile(5, vectors, job, images, switches, dy, windows, sums)
    elif vectors <= 2 and rows == 6: kernel_tile(6, vectors, job, images, switches, dy, windows, sums)


cdef inline void kernel_part(const void *gradient, Py_ssize_t part, void *memory) noexcept nogil:
    """One task: the sum over the images of a part, for all filters."""
    cdef const PooledGradient *job = <const PooledGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef real *images = <real *>memory
    cdef lane_int *switches = <lane_int *>(images + job.block * job.image_size)
    cdef Py_ssize_t tiles = ceil_div(op.kh, most_rows(job.vectors)), end = op.n * (part + 1) // job.parts
    cdef Py_ssize_t image = op.n * part // job.parts, count, i, f, t, ky, rows
    cdef SwitchIndices places
    cdef const real *taps
    cdef const real *dy
    cdef real *sums = job.shared + part * job.kernel_size
    places.right, places.below = op.c, job.line
    places.window_right, places.window_below = 2 * op.c, 2 * job.line
    memset(sums, 0, job.kernel_size * sizeof(real))
    while image < end:
        count = min(job.block, end - image)
        for i in range(count):
            copy_padded(<const real *>op.x + (image + i) * op.h * op.w * op.c, op.h, op.w, op.c, images + i * job.image_size,
                        job.rows.first, job.columns.first, job.span_high, job.span_wide, op.c)
            places.first = i * job.image_size
            find_switches(job, image + i, &places, switches + i * job.windows * op.f)
        dy = <const real *>op.y + image * job.windows * op.f
        sums = job.shared + part * job.kernel_size
        for f in range(op.f):
            ky = 0
            for t in range(tiles):
                rows = op.kh // tiles + (1 if t < op.kh % tiles else 0)
                taps = images + ky * job.line
                if job.vectors == 1: any_kernel_tile(rows, 1, job, taps, switches + f, dy + f, count * job.windows, sums)
                elif job.vectors == 2: any_kernel_tile(rows, 2, job, taps, switches + f, dy + f, count * job.windows, sums)
                elif job.vectors == 3: any_kernel_tile(rows, 3, job, taps, switches + f, dy + f, count * job.windows, sums)
                else: any_kernel_tile(rows, 4, job, taps, switches + f, dy + f, count * job.windows, sums)
                sums += rows * job.vectors * LANES
                ky += rows
        image += count


cdef inline void add_parts(const void *gradient, Py_ssize_t task, void *memory) noexcept nogil:
    """Add the parts in order, and transpose (f, kh, kw, c) to (kh, kw, c, f)."""
    cdef const PooledGradient *job = <const PooledGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t run = op.kw * op.c, f, ky, tap
    add_up_parts(job.shared, job.kernel_size, job.parts, job.shared, job.kernel_size)
    for f in range(op.f):
        for ky in range(op.kh):
            for tap in range(run):
                (<real *>op.kernel)[(ky * run + tap) * op.f + f] = job.shared[(f * op.kh + ky) * job.vectors * LANES + tap]


cdef inline size_t pooled_backward_kernel_scratch(const Conv2D *op) noexcept nogil:
    cdef PooledGradient job = pooled_gradient(op)
    return aligned(job.parts * job.kernel_size) * sizeof(real) + op.threads * job.block * image_bytes(&job)


cdef inline void pooled_backward_kernel(const Conv2D *op) noexcept nogil:
    cdef PooledGradient job = pooled_gradient(op)
    run_dynamic(kernel_part, &job, job.parts, op.threads, job.shared + aligned(job.parts * job.kernel_size),
                job.block * image_bytes(&job))
    run_serial(add_parts, &job, 1, NULL)


# ------------------------------------------------------------------------------------------------------- gradient of the input

cdef inline void patch_tile(
    const int rows, const int vectors,              # compile-time constants at each call
    const PooledGradient *job,
    const real *kernel,                             # IN: the padded kernel, offset to the first row of the patch
    const lane_int *switches, const real *dy,       # IN (f,)
    real *patch,                                    # IN/OUT: rows of the padded image's gradient
) noexcept nogil:
    cdef vreal totals[PATCH_ROWS][ROW_VECTORS + 1]
    cdef Py_ssize_t kernel_row = job.kernel_row, kernel_step = job.kernel_step, f
    cdef const real *taps
    cdef real gradient
    cdef int r, v
    for r in range(rows):
        for v in range(vectors):
            totals[r][v] = vset(0)
    for f in range(job.op.f):
        taps = kernel + f * kernel_step + switches[f]
        gradient = dy[f]
        for r in range(rows):
            for v in range(vectors):
                totals[r][v] = totals[r][v] + vload(taps + v * LANES) * gradient
            taps += kernel_row
    for r in range(rows):
        for v in range(vectors):
            vstore(patch + v * LANES, vload(patch + v * LANES) + totals[r][v])
        patch += job.line


cdef inline bint all_finite(const real *values, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i
    cdef vreal value
    for i in range(ceil_div(size, LANES)):
        value = vload_first(values + i * LANES, min(size - i * LANES, LANES))
        if vany(value - value):
            return False
    return True


cdef inline void add_patches(const int vectors, const PooledGradient *job, const lane_int *switches, const real *dy,
                             real *image) noexcept nogil:
    """Add up the gradients of all patches of an image."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t oy, ox, i, p
    cdef real *patch
    for oy in range(op.oh // 2):
        for ox in range(op.ow // 2):
            patch = image + 2 * (oy * job.line + ox * op.c)
            for i in range((op.kh + 1) // PATCH_ROWS):
                p = i * PATCH_ROWS
                patch_tile(PATCH_ROWS, vectors, job, job.shared + p * job.kernel_row, switches, dy, patch + p * job.line)
            if op.kh % PATCH_ROWS == 0:     # the last row of kh + 1
                patch_tile(1, vectors, job, job.shared + op.kh * job.kernel_row, switches, dy, patch + op.kh * job.line)
            switches += op.f
            dy += op.f


cdef inline void add_nonfinite_patches(const PooledGradient *job, const lane_int *switches, const real *dy,
                                       real *image) noexcept nogil:
    """The same for a dy that is not finite, which would turn the zeros around the kernel into NaN: they are left out.

    Where all products are finite, the result is the same, bit for bit.
    """
    cdef const Conv2D *op = job.op
    cdef real totals[(ROW_VECTORS + 1) * LANES]
    cdef Py_ssize_t run = op.kw * op.c, window, p, f, below, right, i
    cdef const real *taps
    cdef real *patch
    for window in range(job.windows):
        patch = image + 2 * (window // (op.ow // 2) * job.line + window % (op.ow // 2) * op.c)
        for p in range(op.kh + 1):
            memset(totals, 0, sizeof(totals))
            for f in range(op.f):
                below = 1 if switches[f] < job.kernel_row else 0
                right = job.kernel_row + op.c - below * job.kernel_row - switches[f]     # in elements, not pixels
                if 0 <= p - below < op.kh:
                    taps = job.shared + f * job.kernel_step + (p - below + 1) * job.kernel_row + op.c
                    for i in range(run):
                        totals[right + i] += taps[i] * dy[f]
            for i in range(run + op.c):
                patch[i] += totals[i]
            patch += job.line
        switches += op.f
        dy += op.f


cdef inline void image_gradient(const void *gradient, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: the gradient of one image."""
    cdef const PooledGradient *job = <const PooledGradient *>gradient
    cdef const Conv2D *op = job.op
    cdef real *image = <real *>memory
    cdef lane_int *switches = <lane_int *>(image + job.image_size)
    cdef Py_ssize_t left = max(job.columns.first, 0), right = min(job.columns.first + job.span_wide, op.w), y, row
    cdef const real *dy = <const real *>op.y + task * job.windows * op.f
    cdef real *dx = <real *>op.x + task * op.h * op.w * op.c
    cdef SwitchIndices places
    places.first = job.kernel_row + op.c        # skips the row and the pixel of zeros before the kernel
    places.right, places.below = -op.c, -job.kernel_row
    places.window_right = places.window_below = 0
    find_switches(job, task, &places, switches)
    memset(image, 0, job.image_size * sizeof(real))
    if not all_finite(dy, job.windows * op.f): add_nonfinite_patches(job, switches, dy, image)
    elif job.patch_vectors == 1: add_patches(1, job, switches, dy, image)
    elif job.patch_vectors == 2: add_patches(2, job, switches, dy, image)
    elif job.patch_vectors == 3: add_patches(3, job, switches, dy, image)
    elif job.patch_vectors == 4: add_patches(4, job, switches, dy, image)
    else: add_patches(5, job, switches, dy, image)
    for y in range(op.h):
        row = y - job.rows.first
        if row < 0 or row >= job.span_high or left >= right:
            memset(dx, 0, op.w * op.c * sizeof(real))
        else:
            memset(dx, 0, left * op.c * sizeof(real))
            memcpy(dx + left * op.c, image + row * job.line + (left - job.columns.first) * op.c,
                   (right - left) * op.c * sizeof(real))
            memset(dx + right * op.c, 0, (op.w - right) * op.c * sizeof(real))
        dx += op.w * op.c


cdef inline void surround_taps(const PooledGradient *job) noexcept nogil:
    """Copy the kernel of each filter, with a row of zeros above and below it and zeros for a pixel to its left and right."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t run = op.kw * op.c, f, ky, tap
    memset(job.shared, 0, op.f * job.kernel_step * sizeof(real))
    for f in range(op.f):
        for ky in range(op.kh):
            for tap in range(run):
                job.shared[f * job.kernel_step + (ky + 1) * job.kernel_row + op.c + tap] = (
                    <const real *>op.kernel)[(ky * run + tap) * op.f + f]


cdef inline Py_ssize_t surrounded_size(const PooledGradient *job) noexcept nogil:
    return aligned(job.op.f * job.kernel_step + LANES)


cdef inline size_t pooled_backward_input_scratch(const Conv2D *op) noexcept nogil:
    cdef PooledGradient job = pooled_gradient(op)
    return surrounded_size(&job) * sizeof(real) + op.threads * image_bytes(&job)


cdef inline void pooled_backward_input(const Conv2D *op) noexcept nogil:
    cdef PooledGradient job = pooled_gradient(op)
    surround_taps(&job)
    run_dynamic(image_gradient, &job, op.n, op.threads, job.shared + surrounded_size(&job), image_bytes(&job))

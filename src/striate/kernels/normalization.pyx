"""Batch, group and local response normalization, scales and shifts, and their gradients.

*Batch normalization* (Ioffe & Szegedy, "Batch normalization: accelerating deep network training by reducing internal
covariate shift", 2015) of the N rows of a (rows, channels) array, each channel by itself:

    m = sum x / N,  v = sum (x - m)² / N                        (`moments`)
    y = activation(z + residual),  z = (x - m) s + beta,  s = gamma r,  r = 1 / sqrt(v + epsilon)

    dbeta = sum dz,  dgamma = r sum dz (x - m)
    dx = s dz                                                   with fixed m and v
    dx = s dz - (s r dgamma / N) (x - m) - s dbeta / N          with those of x

Without a residual, dz follows from dy and x, whose z has the sign that decides.

A vector holds neighbouring channels. Where they are few, several rows are read as one wide row, which ends with a vector
as far as that can be had; its columns are brought together at the end.

Sums over rows are split in up to PARTS ranges, by shape alone, and these in blocks that stay in cache. A block's moments
are sums of differences from its own mean, in `real`, which are few and lose little to rounding; they are brought together
in double (Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979), and
the mean in twice as many bits, so that nothing cancels where it is much larger than the spread. Main memory is read once.
Parts are shared among threads and added in order.

*Local response normalization* (Krizhevsky, Sutskever & Hinton, "ImageNet classification with deep convolutional neural
networks", 2012, section 3.3, with the parameters as TensorFlow defines them), with sums over |k - c| <= depth_radius:

    s_c = bias + alpha sum of x_k²,  y_c = x_c s_c^-beta
    dx_c = dy_c s_c^-beta - 2 alpha beta x_c sum of t_k,  t_k = dy_k x_k s_k^(-beta - 1)

The rows of a strip, with zeros between them, are one sequence, whose windows are summed up element by element where they are
short; else by a few vector additions whatever the radius, and no subtraction: see ``sum_windows``. Strips are shared among
threads.

*Group normalization* (Wu & He, "Group normalization", 2018) takes mean and variance of each sample over its pixels and a group
of neighbouring channels; with one group it is layer normalization (Ba, Kiros & Hinton, "Layer normalization", 2016). With
t = dy gamma, h = (x - m) r and sums over the N elements of a group:

    dx = r (t - sum t / N - h sum (t h) / N),  dbeta = sum dy,  dgamma = sum dy h

The sums of each channel come first, in double; samples are shared among threads. Gradients of gamma and beta are summed in up
to PARTS parts of the samples, which are added in order.

*Scale and shift*, y = min(max(x scale + shift, low), high), has a number for each channel, of all images or of each; its
gradient is dx = dy scale where nothing was cut off.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.math cimport sqrt
from libc.string cimport memcpy, memset
from striate.kernels.epilogue cimport Epilogue, activate, epilogue_of
from striate.kernels.geometry cimport ceil_div, gcd
from striate.kernels.ops cimport (Activation, BatchNormalization, GroupNormalization, KernelTable, LEAKY_RELU, LINEAR,
                                  LocalResponseNormalization, RELU, ScaleShift)
from striate.kernels.simd cimport (LANES, real, vdivide, vless, vload, vload_first, vreal, vselect, vset, vsqrt, vstore,
                                   vstore_first)
from striate.kernels.tasks cimport run_serial, run_static
from striate.kernels.vmath cimport vexp, vlog
from striate.kernels.window cimport CACHE_LINE, aligned

cdef enum:
    PARTS = 16
    PART_ROWS = 32              # wide rows that are worth a part, whose sums take the memory of some ten rows
    WIDE_VECTORS = 8            # columns of a wide row, at least
    BLOCK_ROWS = 64             # wide rows of a block: few enough for sums in `real` …
    BLOCK_BYTES = 256 * 1024    # … and for the L2 cache
    UNROLLED = 8                # wide rows added up before their sum is stored
    TASK_ELEMENTS = 16 * 1024   # of what is computed element by element
    STRIP_BYTES = 8 * 1024      # of a strip of local response normalization: a part of L1
    SHORT_REACH = 4             # of windows that are summed up element by element
    BUFFERS = 3                 # of a strip and thread


# -------------------------------------------------------------------------------------------- batch normalization: layout

cdef struct Fold:
    Py_ssize_t times            # rows of the array in a wide row
    Py_ssize_t columns          # of a wide row
    Py_ssize_t rows             # whole wide rows
    Py_ssize_t rest             # elements behind them: the beginning of one more
    Py_ssize_t block            # wide rows of a block
    Py_ssize_t parts


cdef inline Fold fold_of(const BatchNormalization *op) noexcept nogil:
    cdef Fold fold
    cdef Py_ssize_t whole = LANES // gcd(op.channels, LANES)    # rows that fill whole vectors
    fold.times = 1
    if op.channels < WIDE_VECTORS * LANES:
        fold.times = whole * ceil_div(WIDE_VECTORS * LANES, whole * op.channels)
    fold.columns = fold.times * op.channels
    fold.rows = op.rows // fold.times
    fold.rest = op.rows % fold.times * op.channels
    fold.block = BLOCK_BYTES // (fold.columns * <Py_ssize_t>sizeof(real))
    fold.block = min(max(fold.block, <Py_ssize_t>UNROLLED), <Py_ssize_t>BLOCK_ROWS)
    fold.parts = min(ceil_div(fold.rows, max(fold.block, <Py_ssize_t>PART_ROWS)), <Py_ssize_t>PARTS)
    return fold


cdef struct Coefficients:
    # For each column of a wide row
    real *mean
    real *scale         # s
    real *offset        # beta
    real *slope         # in backward: - s r dgamma / N …
    real *constant      # … and - s dbeta / N


cdef enum Pairs:
    # What `Sums` adds up of each element x with difference d
    SQUARES                 # d and d²
    PRODUCTS                # dz and dz d, dz being given …
    RELU_PRODUCTS           # … or that behind ReLU …
    LEAKY_RELU_PRODUCTS     # … or behind leaky ReLU


cdef struct Sums:
    # For each column, over the rows of a part
    double *first       # moments: the mean; backward: sum of dz
    double *low         # moments: what the mean lost as it was rounded
    double *second      # moments: sum of squared differences from the mean; backward: sum of dz (x - m)
    Coefficients by     # in backward …
    real negative_slope # … with LEAKY_RELU
    real *center        # what differences of the current block are taken from …
    real *block_first   # … their sum, or that of dz
    real *block_second  # … the sum of their squares, or of their products with dz


cdef inline Py_ssize_t aligned_doubles(Py_ssize_t count) noexcept nogil:
    """Bytes of ``count`` doubles, rounded up to whole cache lines."""
    return ceil_div(count * <Py_ssize_t>sizeof(double), CACHE_LINE) * CACHE_LINE


# Working memory: coefficients, three totals a channel, and the sums of each part

cdef inline Coefficients coefficients_in(void *scratch, const Fold *fold) noexcept nogil:
    cdef Coefficients result
    result.mean = <real *>scratch
    result.scale = result.mean + aligned(fold.columns)
    result.offset = result.scale + aligned(fold.columns)
    result.slope = result.offset + aligned(fold.columns)
    result.constant = result.slope + aligned(fold.columns)
    return result


cdef inline void repeat(real *values, const Fold *fold, Py_ssize_t channels) noexcept nogil:
    """From the first channels, fill a wide row."""
    cdef Py_ssize_t j
    for j in range(1, fold.times):
        memcpy(values + j * channels, values, channels * sizeof(real))


cdef inline Py_ssize_t coefficients_bytes(const Fold *fold) noexcept nogil:
    return 5 * aligned(fold.columns) * sizeof(real)


cdef inline double *totals_in(void *scratch, const Fold *fold) noexcept nogil:
    return <double *>(<char *>scratch + coefficients_bytes(fold))


cdef inline Py_ssize_t totals_bytes(Py_ssize_t channels) noexcept nogil:
    return aligned_doubles(3 * channels)


cdef inline Py_ssize_t sums_bytes(const Fold *fold) noexcept nogil:
    return 3 * aligned_doubles(fold.columns) + 3 * aligned(fold.columns) * sizeof(real)


cdef inline Sums sums_of(const BatchNormalization *op, const Fold *fold, Py_ssize_t part) noexcept nogil:
    cdef Sums sums
    cdef char *memory = (<char *>op.scratch + coefficients_bytes(fold) + totals_bytes(op.channels)
                         + part * sums_bytes(fold))
    sums.first = <double *>memory
    sums.second = <double *>(memory + aligned_doubles(fold.columns))
    sums.low = <double *>(memory + 2 * aligned_doubles(fold.columns))
    sums.center = <real *>(memory + 3 * aligned_doubles(fold.columns))
    sums.block_first = sums.center + aligned(fold.columns)
    sums.block_second = sums.block_first + aligned(fold.columns)
    return sums


cdef inline Py_ssize_t first_row(const Fold *fold, Py_ssize_t part) noexcept nogil:
    """The first wide row of a part."""
    return fold.rows * part // fold.parts


# ---------------------------------------------------------------------------------------- batch normalization: sums of rows

cdef inline void add_scaled(const int rows, const real *x, Py_ssize_t pitch, real factor, real *total,
                            Py_ssize_t lanes) noexcept nogil:
    """total += factor times the sum of a few rows; scaled before they are added, lest the sum overflow."""
    cdef vreal sum = vset(0)
    cdef int r
    for r in range(rows):
        sum = sum + vload_first(x + r * pitch, lanes) * factor
    vstore(total, vload(total) + sum)


cdef inline void add_rows_scaled(const int rows, const real *x, const Fold *fold, real factor, real *total) noexcept nogil:
    cdef Py_ssize_t v, j = fold.columns // LANES * LANES
    for v in range(fold.columns // LANES):
        add_scaled(rows, x + v * LANES, fold.columns, factor, total + v * LANES, LANES)
    if j < fold.columns:
        add_scaled(rows, x + j, fold.columns, factor, total + j, fold.columns - j)


cdef inline void find_center(const real *x, Py_ssize_t rows, const Fold *fold, real *center) noexcept nogil:
    """The mean of a block, roughly."""
    cdef Py_ssize_t group, row
    cdef real factor = <real>1 / <real>rows
    memset(center, 0, aligned(fold.columns) * sizeof(real))
    for group in range(rows // UNROLLED):
        add_rows_scaled(UNROLLED, x + group * UNROLLED * fold.columns, fold, factor, center)
    for row in range(rows // UNROLLED * UNROLLED, rows):
        add_rows_scaled(1, x + row * fold.columns, fold, factor, center)


cdef inline vreal affine(vreal difference, const Coefficients *by, Py_ssize_t j) noexcept nogil:
    """z, from x - m."""
    return difference * vload(by.scale + j) + vload(by.offset + j)


cdef inline vreal behind(vreal dy, vreal z, Activation activation, real negative_slope) noexcept nogil:
    """dz, of ReLU or leaky ReLU."""
    cdef vreal below = vset(0)
    if activation == LEAKY_RELU:
        below = dy * negative_slope
    return vselect(vless(vset(0), z), dy, below)


cdef inline void add_pairs(const int rows, const Pairs pairs, const real *x, const real *dy, Py_ssize_t pitch,
                           const Sums *sums, Py_ssize_t j, Py_ssize_t lanes) noexcept nogil:
    """Add to the block's sums those of a few rows, by themselves at first: a shorter way loses less to rounding."""
    cdef vreal first = vset(0), second = vset(0), center = vload(sums.center + j), difference, value
    cdef int r
    for r in range(rows):
        difference = vload_first(x + r * pitch + j, lanes) - center
        value = difference
        if pairs != SQUARES:
            value = vload_first(dy + r * pitch + j, lanes)
        if pairs == RELU_PRODUCTS or pairs == LEAKY_RELU_PRODUCTS:
            value = behind(value, affine(difference, &sums.by, j), RELU if pairs == RELU_PRODUCTS else LEAKY_RELU,
                           sums.negative_slope)
        first = first + value
        second = second + value * difference
    vstore(sums.block_first + j, vload(sums.block_first + j) + first)
    vstore(sums.block_second + j, vload(sums.block_second + j) + second)


cdef inline void add_rows_of_pairs(const int rows, const Pairs pairs, const real *x, const real *dy, const Fold *fold,
                                   const Sums *sums) noexcept nogil:
    cdef Py_ssize_t v, j = fold.columns // LANES * LANES
    for v in range(fold.columns // LANES):
        add_pairs(rows, pairs, x, dy, fold.columns, sums, v * LANES, LANES)
    if j < fold.columns:
        add_pairs(rows, pairs, x, dy, fold.columns, sums, j, fold.columns - j)


cdef inline void sum_block(const Pairs pairs, const real *x, const real *dy, Py_ssize_t rows, const Fold *fold,
                           const Sums *sums) noexcept nogil:
    """The block's sums: of the differences d = x - center and of d², or of dz and dz d."""
    cdef Py_ssize_t group, row, at
    memset(sums.block_first, 0, aligned(fold.columns) * sizeof(real))
    memset(sums.block_second, 0, aligned(fold.columns) * sizeof(real))
    for group in range(rows // UNROLLED):
        at = group * UNROLLED * fold.columns
        add_rows_of_pairs(UNROLLED, pairs, x + at, dy + at, fold, sums)
    for row in range(rows // UNROLLED * UNROLLED, rows):
        at = row * fold.columns
        add_rows_of_pairs(1, pairs, x + at, dy + at, fold, sums)


cdef inline double square(double a) noexcept nogil:
    return a * a


cdef inline void merge_moments(const Sums *sums, Py_ssize_t before, Py_ssize_t rows, Py_ssize_t columns) noexcept nogil:
    """Take the block's rows into mean and squared differences of the ``before`` rows that the part has seen.

    With n rows of mean a and l more of mean b, the mean is a + (b - a) w and the squares grow by (b - a)² n w besides
    the block's own, w = l / (n + l).
    """
    cdef double share = 1.0 / rows, weight = <double>rows / (before + rows), offset, shift, mean
    cdef Py_ssize_t j
    for j in range(columns):
        offset = sums.block_first[j] * share
        shift = (sums.center[j] - sums.first[j]) + (offset - sums.low[j])
        mean = sums.first[j] + shift * weight
        sums.low[j] = sums.low[j] + (shift * weight - (mean - sums.first[j]))
        sums.first[j] = mean
        sums.second[j] = (sums.second[j] + (sums.block_second[j] - offset * sums.block_first[j])
                          + shift * shift * (before * weight))


cdef void moments_part(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>job
    cdef Fold fold = fold_of(op)
    cdef Sums sums = sums_of(op, &fold, task)
    cdef Py_ssize_t begin = first_row(&fold, task), end = first_row(&fold, task + 1), row = begin, rows, j
    cdef const real *x
    memset(sums.low, 0, fold.columns * sizeof(double))
    memset(sums.second, 0, fold.columns * sizeof(double))
    while row < end:
        rows = min(fold.block, end - row)
        x = <const real *>op.x + row * fold.columns
        find_center(x, rows, &fold, sums.center)
        sum_block(SQUARES, x, x, rows, &fold, &sums)
        if row == begin:
            for j in range(fold.columns):
                sums.first[j] = sums.center[j]
        merge_moments(&sums, row - begin, rows, fold.columns)
        row += rows


cdef void merge_parts(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>job
    cdef Fold fold = fold_of(op)
    cdef Sums sums
    cdef const real *rest = <const real *>op.x + fold.rows * fold.columns
    cdef Py_ssize_t part, i, j, c, channels = op.channels
    cdef double *origin = totals_in(op.scratch, &fold)      # one of the parts' means: the others are near it
    cdef double *mean = origin + channels                   # less the origin
    cdef double *squares = mean + channels
    cdef double rows
    memset(origin, 0, totals_bytes(channels))
    for c in range(channels):
        origin[c] = sums_of(op, &fold, 0).first[c] if fold.parts else rest[c]
    for part in range(fold.parts):
        sums = sums_of(op, &fold, part)
        rows = first_row(&fold, part + 1) - first_row(&fold, part)
        for j in range(fold.times):
            for c in range(channels):
                i = j * channels + c
                sums.first[i] = (sums.first[i] - origin[c]) + sums.low[i]
                mean[c] = mean[c] + rows * sums.first[i]
    for j in range(fold.rest // channels):
        for c in range(channels):
            mean[c] = mean[c] + (rest[j * channels + c] - origin[c])
    for c in range(channels):
        mean[c] = mean[c] / op.rows
    for part in range(fold.parts):
        sums = sums_of(op, &fold, part)
        rows = first_row(&fold, part + 1) - first_row(&fold, part)
        for j in range(fold.times):
            for c in range(channels):
                i = j * channels + c
                squares[c] = squares[c] + sums.second[i] + rows * square(sums.first[i] - mean[c])
    for j in range(fold.rest // channels):
        for c in range(channels):
            squares[c] = squares[c] + square((rest[j * channels + c] - origin[c]) - mean[c])
    for c in range(channels):
        (<real *>op.mean)[c] = origin[c] + mean[c]
        (<real *>op.variance)[c] = squares[c] / op.rows


cdef void moments(const BatchNormalization *op) noexcept nogil:
    run_static(moments_part, op, fold_of(op).parts, op.threads, NULL, 0)
    run_serial(merge_parts, op, 1, NULL)


cdef size_t sums_scratch(const BatchNormalization *op) noexcept nogil:
    cdef Fold fold = fold_of(op)
    return coefficients_bytes(&fold) + totals_bytes(op.channels) + fold.parts * sums_bytes(&fold)


# -------------------------------------------------------------------------------------------- batch normalization: forward

cdef inline double root_of(const BatchNormalization *op, Py_ssize_t c) noexcept nogil:
    """r of a channel."""
    return 1.0 / sqrt((<const real *>op.variance)[c] + op.epsilon)


cdef inline double scale_of(const BatchNormalization *op, Py_ssize_t c) noexcept nogil:
    """s of a channel."""
    return root_of(op, c) * ((<const real *>op.gamma)[c] if op.gamma != NULL else 1.0)


cdef inline Py_ssize_t task_rows(const Fold *fold) noexcept nogil:
    """Wide rows of a task that is computed element by element."""
    return max(TASK_ELEMENTS // fold.columns, 1)


cdef inline Py_ssize_t tasks_of(const Fold *fold) noexcept nogil:
    return ceil_div(fold.rows + (1 if fold.rest else 0), task_rows(fold))


cdef inline void normalize(const real *x, const real *residual, real *y, const Coefficients *by, const Epilogue *epilogue,
                           Py_ssize_t j, Py_ssize_t lanes) noexcept nogil:
    cdef vreal value = affine(vload_first(x + j, lanes) - vload(by.mean + j), by, j)
    if residual != NULL:
        value = value + vload_first(residual + j, lanes)
    vstore_first(y + j, activate(value, epilogue), lanes)


cdef void forward_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>job
    cdef Fold fold = fold_of(op)
    cdef Py_ssize_t row, v, columns, first = task * task_rows(&fold), end = first + task_rows(&fold)
    cdef const real *x = <const real *>op.x + first * fold.columns
    cdef const real *residual = <const real *>op.residual + first * fold.columns if op.residual != NULL else NULL
    cdef real *y = <real *>op.y + first * fold.columns
    cdef Coefficients by = coefficients_in(op.scratch, &fold)
    cdef Epilogue epilogue = epilogue_of(op.activation, op.negative_slope)
    for row in range(first, min(end, fold.rows + 1)):
        columns = fold.columns if row < fold.rows else fold.rest
        for v in range(columns // LANES):
            normalize(x, residual, y, &by, &epilogue, v * LANES, LANES)
        if columns % LANES:
            normalize(x, residual, y, &by, &epilogue, columns // LANES * LANES, columns % LANES)
        x += columns
        y += columns
        if residual != NULL:
            residual += columns


cdef void find_coefficients(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>job
    cdef Fold fold = fold_of(op)
    cdef Coefficients by = coefficients_in(op.scratch, &fold)
    cdef Py_ssize_t c
    for c in range(op.channels):
        by.mean[c] = (<const real *>op.mean)[c]
        by.scale[c] = scale_of(op, c)
        by.offset[c] = (<const real *>op.beta)[c] if op.beta != NULL else 0
    repeat(by.mean, &fold, op.channels)
    repeat(by.scale, &fold, op.channels)
    repeat(by.offset, &fold, op.channels)


cdef void batch_normalization_forward(const BatchNormalization *op) noexcept nogil:
    cdef Fold fold = fold_of(op)
    run_serial(find_coefficients, op, 1, NULL)
    run_static(forward_task, op, tasks_of(&fold), op.threads, NULL, 0)


cdef size_t batch_normalization_forward_scratch(const BatchNormalization *op) noexcept nogil:
    cdef Fold fold = fold_of(op)
    return coefficients_bytes(&fold)


# ------------------------------------------------------------------------------------------- batch normalization: gradient

cdef void gradient_part(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>job
    cdef Fold fold = fold_of(op)
    cdef Sums sums = sums_of(op, &fold, task)
    cdef Coefficients by = coefficients_in(op.scratch, &fold)
    cdef Py_ssize_t end = first_row(&fold, task + 1), row = first_row(&fold, task), rows, at, j
    cdef const real *x
    cdef const real *dy
    memset(sums.first, 0, fold.columns * sizeof(double))
    memset(sums.second, 0, fold.columns * sizeof(double))
    sums.center = by.mean
    sums.by = by
    sums.negative_slope = op.negative_slope
    while row < end:
        rows = min(fold.block, end - row)
        at = row * fold.columns
        x, dy = <const real *>op.x + at, <const real *>op.y + at
        if op.activation == RELU:
            sum_block(RELU_PRODUCTS, x, dy, rows, &fold, &sums)
        elif op.activation == LEAKY_RELU:
            sum_block(LEAKY_RELU_PRODUCTS, x, dy, rows, &fold, &sums)
        else:
            sum_block(PRODUCTS, x, dy, rows, &fold, &sums)
        for j in range(fold.columns):
            sums.first[j] = sums.first[j] + sums.block_first[j]
            sums.second[j] = sums.second[j] + sums.block_second[j]
        row += rows


cdef inline void differentiate(const real *x, const real *dy, real *dx, const Coefficients *by, bint training,
                               Activation activation, real negative_slope, Py_ssize_t j, Py_ssize_t lanes) noexcept nogil:
    cdef vreal value = vload_first(dy + j, lanes), difference = vset(0)
    if training or activation != LINEAR:
        difference = vload_first(x + j, lanes) - vload(by.mean + j)
    if activation != LINEAR:
        value = behind(value, affine(difference, by, j), activation, negative_slope)
    value = value * vload(by.scale + j)
    if training:
        value = value + (difference * vload(by.slope + j) + vload(by.constant + j))
    vstore_first(dx + j, value, lanes)


cdef void backward_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>job
    cdef Fold fold = fold_of(op)
    cdef Py_ssize_t row, v, columns, first = task * task_rows(&fold), end = first + task_rows(&fold)
    cdef const real *x = <const real *>op.x + first * fold.columns
    cdef const real *dy = <const real *>op.y + first * fold.columns
    cdef real *dx = <real *>op.dx + first * fold.columns
    cdef Coefficients by = coefficients_in(op.scratch, &fold)
    cdef bint training = op.training
    cdef Activation activation = op.activation
    cdef real negative_slope = op.negative_slope
    for row in range(first, min(end, fold.rows + 1)):
        columns = fold.columns if row < fold.rows else fold.rest
        for v in range(columns // LANES):
            differentiate(x, dy, dx, &by, training, activation, negative_slope, v * LANES, LANES)
        if columns % LANES:
            differentiate(x, dy, dx, &by, training, activation, negative_slope, columns // LANES * LANES, columns % LANES)
        x += columns
        dy += columns
        dx += columns


cdef void find_gradients(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    """The gradients of gamma and beta, and from them the coefficients of dx."""
    cdef const BatchNormalization *op = <const BatchNormalization *>job
    cdef Fold fold = fold_of(op)
    cdef Coefficients by = coefficients_in(op.scratch, &fold)
    cdef Sums sums
    cdef double *dbeta = totals_in(op.scratch, &fold)
    cdef double *products = dbeta + op.channels
    cdef const real *x = <const real *>op.x + fold.rows * fold.columns       # the rest
    cdef const real *dy = <const real *>op.y + fold.rows * fold.columns
    cdef Py_ssize_t part, j, c, channels = op.channels
    cdef double r, s
    cdef real difference, dz
    memset(dbeta, 0, totals_bytes(channels))
    for part in range(fold.parts):
        sums = sums_of(op, &fold, part)
        for j in range(fold.times):
            for c in range(channels):
                dbeta[c] = dbeta[c] + sums.first[j * channels + c]
                products[c] = products[c] + sums.second[j * channels + c]
    for j in range(fold.rest // channels):
        for c in range(channels):
            difference, dz = x[j * channels + c] - by.mean[c], dy[j * channels + c]
            if op.activation != LINEAR and not difference * by.scale[c] + by.offset[c] > 0:
                dz = dz * <real>op.negative_slope if op.activation == LEAKY_RELU else 0
            dbeta[c] = dbeta[c] + dz
            products[c] = products[c] + <double>dz * difference
    for c in range(channels):
        r, s = root_of(op, c), scale_of(op, c)
        (<real *>op.dbeta)[c] = dbeta[c]
        (<real *>op.dgamma)[c] = r * products[c]
        by.slope[c] = -s * r * r * products[c] / op.rows
        by.constant[c] = -s * dbeta[c] / op.rows
    repeat(by.slope, &fold, channels)
    repeat(by.constant, &fold, channels)


cdef void batch_normalization_backward(const BatchNormalization *op) noexcept nogil:
    cdef Fold fold = fold_of(op)
    run_serial(find_coefficients, op, 1, NULL)
    run_static(gradient_part, op, fold.parts, op.threads, NULL, 0)
    run_serial(find_gradients, op, 1, NULL)
    run_static(backward_task, op, tasks_of(&fold), op.threads, NULL, 0)


# --------------------------------------------------------------------------------------------- local response normalization

cdef struct Strip:
    Py_ssize_t reach            # neighbours on either side that a channel can have
    Py_ssize_t pitch            # between the rows of a strip: the channels, and `reach` zeros
    Py_ssize_t rows
    Py_ssize_t size             # elements: before the first row, too, are zeros
    Py_ssize_t buffer           # … with those behind them that whole vectors touch


cdef inline Strip strip_of(const LocalResponseNormalization *op) noexcept nogil:
    cdef Strip strip
    strip.reach = min(op.depth_radius, op.channels - 1)
    strip.pitch = op.channels + strip.reach
    strip.rows = max(min(STRIP_BYTES // (strip.pitch * <Py_ssize_t>sizeof(real)), op.rows), 1)
    strip.size = strip.reach + strip.rows * strip.pitch
    strip.buffer = aligned(strip.size + LANES)
    return strip


cdef inline void sum_windows(real *values, real *sums, const Strip *strip) noexcept nogil:
    """sums[i] = values[i] + … + values[i + width - 1] for a window of 2 reach + 1; ``values`` is lost.

    With windows of 1, 2, 4, 8 … elements, each from two of those before, the window wanted is put together as its width is
    from powers of two. Short ones are left to ``window_sum``.
    """
    cdef Py_ssize_t width = 2 * strip.reach + 1, length = 1, offset = 0, v
    if strip.reach <= SHORT_REACH:
        return
    memset(sums, 0, strip.buffer * sizeof(real))
    while True:
        if width & length:
            for v in range(ceil_div(strip.size - 2 * strip.reach, LANES)):
                vstore(sums + v * LANES, vload(sums + v * LANES) + vload(values + v * LANES + offset))
            offset += length
        if 2 * length > width:
            break
        for v in range(ceil_div(strip.size - length, LANES)):
            vstore(values + v * LANES, vload(values + v * LANES) + vload(values + v * LANES + length))
        length *= 2


cdef inline vreal window_sum(const real *values, const real *sums, const Strip *strip, Py_ssize_t at) noexcept nogil:
    cdef vreal sum
    cdef Py_ssize_t k
    if strip.reach > SHORT_REACH:
        return vload(sums + at)
    sum = vload(values + at)
    for k in range(at + 1, at + 2 * strip.reach + 1):
        sum = sum + vload(values + k)
    return sum


cdef enum Power:
    HALF
    THREE_QUARTERS
    ANY


cdef inline vreal power(Power kind, vreal s, real beta) noexcept nogil:
    """s^-beta."""
    cdef vreal root
    if kind == HALF:
        return vdivide(vset(1), vsqrt(s))
    if kind == THREE_QUARTERS:
        root = vsqrt(s)
        return vdivide(vset(1), root * vsqrt(root))
    return vexp(vlog(s) * -beta)


cdef struct Buffers:
    # Of a thread; see ``strip_of``
    real *squares
    real *terms         # t
    real *sums


cdef inline Py_ssize_t buffers_bytes(const Strip *strip) noexcept nogil:
    return BUFFERS * strip.buffer * sizeof(real)


cdef inline Buffers buffers_in(real *memory, const Strip *strip) noexcept nogil:
    cdef Buffers buffers
    buffers.squares = memory
    buffers.terms = buffers.squares + strip.buffer
    buffers.sums = buffers.terms + strip.buffer
    return buffers


cdef inline void sum_squares(const real *x, Py_ssize_t rows, Py_ssize_t channels, const Strip *strip,
                             const Buffers *buffers) noexcept nogil:
    """Make the windows that begin at [row * pitch + c] hold the squares of channel c and its neighbours."""
    cdef Py_ssize_t _row, v, j
    cdef real *squares = buffers.squares + strip.reach
    cdef vreal value
    memset(buffers.squares, 0, strip.buffer * sizeof(real))
    for _row in range(rows):
        for v in range(ceil_div(channels, LANES)):
            j = v * LANES
            value = vload_first(x + j, min(channels - j, LANES))
            vstore(squares + j, value * value)      # zeros, too, behind the row
        x += channels
        squares += strip.pitch
    sum_windows(buffers.squares, buffers.sums, strip)


cdef inline void strip_forward(Power kind, const LocalResponseNormalization *op, const Strip *strip,
                               Py_ssize_t first, real *memory) noexcept nogil:
    cdef Py_ssize_t row, v, j, at, lanes, channels = op.channels, rows = min(strip.rows, op.rows - first)
    cdef const real *x = <const real *>op.x + first * channels
    cdef real *y = <real *>op.y + first * channels
    cdef Buffers buffers = buffers_in(memory, strip)
    cdef real alpha = op.alpha, beta = op.beta
    cdef vreal bias = vset(op.bias), s
    sum_squares(x, rows, channels, strip, &buffers)
    for row in range(rows):
        for v in range(ceil_div(channels, LANES)):
            j = v * LANES
            at = row * channels + j
            lanes = min(channels - j, LANES)
            s = window_sum(buffers.squares, buffers.sums, strip, row * strip.pitch + j) * alpha + bias
            vstore_first(y + at, vload_first(x + at, lanes) * power(kind, s, beta), lanes)


cdef inline void strip_backward(Power kind, const LocalResponseNormalization *op, const Strip *strip,
                                Py_ssize_t first, real *memory) noexcept nogil:
    cdef Py_ssize_t row, v, j, at, lanes, channels = op.channels, rows = min(strip.rows, op.rows - first)
    cdef const real *x = <const real *>op.x + first * channels
    cdef const real *dy = <const real *>op.y + first * channels
    cdef real *dx = <real *>op.dx + first * channels
    cdef Buffers buffers = buffers_in(memory, strip)
    cdef real alpha = op.alpha, beta = op.beta, factor = 2 * op.alpha * op.beta
    cdef vreal bias = vset(op.bias), s, own
    sum_squares(x, rows, channels, strip, &buffers)
    memset(buffers.terms, 0, strip.buffer * sizeof(real))
    for row in range(rows):     # t, and dx but for the neighbours' part
        for v in range(ceil_div(channels, LANES)):
            j = v * LANES
            at = row * channels + j
            lanes = min(channels - j, LANES)
            s = window_sum(buffers.squares, buffers.sums, strip, row * strip.pitch + j) * alpha + bias
            own = vload_first(dy + at, lanes) * power(kind, s, beta)
            vstore_first(dx + at, own, lanes)
            vstore_first(buffers.terms + strip.reach + row * strip.pitch + j, vdivide(own, s) * vload_first(x + at, lanes),
                         lanes)
    sum_windows(buffers.terms, buffers.sums, strip)
    for row in range(rows):
        for v in range(ceil_div(channels, LANES)):
            j = v * LANES
            at = row * channels + j
            lanes = min(channels - j, LANES)
            s = window_sum(buffers.terms, buffers.sums, strip, row * strip.pitch + j) * factor
            vstore_first(dx + at, vload_first(dx + at, lanes) - vload_first(x + at, lanes) * s, lanes)


cdef void task_forward(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const LocalResponseNormalization *op = <const LocalResponseNormalization *>job
    cdef Strip strip = strip_of(op)
    cdef Py_ssize_t first = task * strip.rows
    if op.beta == 0.5: strip_forward(HALF, op, &strip, first, <real *>memory)
    elif op.beta == 0.75: strip_forward(THREE_QUARTERS, op, &strip, first, <real *>memory)
    else: strip_forward(ANY, op, &strip, first, <real *>memory)


cdef void task_backward(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const LocalResponseNormalization *op = <const LocalResponseNormalization *>job
    cdef Strip strip = strip_of(op)
    cdef Py_ssize_t first = task * strip.rows
    if op.beta == 0.5: strip_backward(HALF, op, &strip, first, <real *>memory)
    elif op.beta == 0.75: strip_backward(THREE_QUARTERS, op, &strip, first, <real *>memory)
    else: strip_backward(ANY, op, &strip, first, <real *>memory)


cdef size_t local_response_normalization_scratch(const LocalResponseNormalization *op) noexcept nogil:
    cdef Strip strip = strip_of(op)
    return op.threads * buffers_bytes(&strip)


cdef void local_response_normalization_forward(const LocalResponseNormalization *op) noexcept nogil:
    cdef Strip strip = strip_of(op)
    run_static(task_forward, op, ceil_div(op.rows, strip.rows), op.threads, op.scratch, buffers_bytes(&strip))


cdef void local_response_normalization_backward(const LocalResponseNormalization *op) noexcept nogil:
    cdef Strip strip = strip_of(op)
    run_static(task_backward, op, ceil_div(op.rows, strip.rows), op.threads, op.scratch, buffers_bytes(&strip))


# ---------------------------------------------------------------------------------------------------- group normalization

cdef inline Py_ssize_t samples_parts(const GroupNormalization *op) noexcept nogil:
    return min(op.n, <Py_ssize_t>PARTS)


cdef inline void sum_channels(const real *x, const GroupNormalization *op, double *totals) noexcept nogil:
    """totals[c] = the sum over a sample's pixels."""
    cdef Py_ssize_t p, c
    memset(totals, 0, op.channels * sizeof(double))
    for p in range(op.pixels):
        for c in range(op.channels):
            totals[c] += x[p * op.channels + c]


cdef inline void group_moments(const real *x, const GroupNormalization *op, double *totals, double *mean,
                               double *root) noexcept nogil:
    """Mean and 1 / sqrt(variance + epsilon) of each group of a sample, told to each of its channels."""
    cdef Py_ssize_t width = op.channels // op.groups, group, p, c
    cdef double total, difference
    sum_channels(x, op, totals)
    for group in range(op.groups):
        total = 0
        for c in range(group * width, (group + 1) * width):
            total += totals[c]
        total /= width * op.pixels
        for c in range(group * width, (group + 1) * width):
            mean[c] = total
    memset(totals, 0, op.channels * sizeof(double))
    for p in range(op.pixels):
        for c in range(op.channels):
            difference = x[p * op.channels + c] - mean[c]
            totals[c] += difference * difference
    for group in range(op.groups):
        total = 0
        for c in range(group * width, (group + 1) * width):
            total += totals[c]
        total = 1 / sqrt(total / (width * op.pixels) + op.epsilon)
        for c in range(group * width, (group + 1) * width):
            root[c] = total


cdef void group_forward_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>job
    cdef Py_ssize_t sample, _pixel, c, size = op.pixels * op.channels
    cdef double *mean = <double *>memory
    cdef double *root = mean + op.channels
    cdef double *totals = root + op.channels
    cdef const real *gamma = <const real *>op.gamma
    cdef const real *beta = <const real *>op.beta
    cdef const real *x
    cdef real *y
    for sample in range(op.n * task // samples_parts(op), op.n * (task + 1) // samples_parts(op)):
        x, y = <const real *>op.x + sample * size, <real *>op.y + sample * size
        group_moments(x, op, totals, mean, root)
        for c in range(op.channels):
            root[c] *= gamma[c] if gamma != NULL else 1
        for _pixel in range(op.pixels):
            for c in range(op.channels):
                y[c] = (x[c] - mean[c]) * root[c] + (beta[c] if beta != NULL else 0)
            x += op.channels
            y += op.channels


cdef void group_normalization_forward(const GroupNormalization *op) noexcept nogil:
    run_static(group_forward_task, op, samples_parts(op), op.threads, op.scratch, 3 * op.channels * sizeof(double))


cdef size_t group_normalization_forward_scratch(const GroupNormalization *op) noexcept nogil:
    return op.threads * 3 * op.channels * sizeof(double)


cdef inline double *gradient_sums(const GroupNormalization *op, Py_ssize_t part) noexcept nogil:
    """A part's sums of dy and of dy h, of each channel; behind those of all parts, working memory for each of them."""
    return <double *>op.scratch + part * 2 * op.channels


cdef void group_backward_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>job
    cdef Py_ssize_t parts = samples_parts(op), width = op.channels // op.groups, size = op.pixels * op.channels
    cdef Py_ssize_t sample, group, p, c, _pixel
    cdef double *mean = gradient_sums(op, parts) + task * 5 * op.channels
    cdef double *root = mean + op.channels
    cdef double *dbeta = root + op.channels
    cdef double *dgamma = dbeta + op.channels
    cdef double *totals = dgamma + op.channels
    cdef double *sums = gradient_sums(op, task)
    cdef const real *gamma = <const real *>op.gamma
    cdef const real *x
    cdef const real *dy
    cdef real *dx
    cdef double first, second, scale
    memset(sums, 0, 2 * op.channels * sizeof(double))
    for sample in range(op.n * task // parts, op.n * (task + 1) // parts):
        x, dy, dx = <const real *>op.x + sample * size, <const real *>op.y + sample * size, <real *>op.dx + sample * size
        group_moments(x, op, totals, mean, root)
        sum_channels(dy, op, dbeta)
        memset(dgamma, 0, op.channels * sizeof(double))
        for p in range(op.pixels):
            for c in range(op.channels):
                dgamma[c] += dy[p * op.channels + c] * (x[p * op.channels + c] - mean[c]) * root[c]
        for c in range(op.channels):
            sums[c] += dbeta[c]
            sums[op.channels + c] += dgamma[c]
        for group in range(op.groups):      # the sums over the group, in the place of those of its channels
            first = second = 0
            for c in range(group * width, (group + 1) * width):
                scale = gamma[c] if gamma != NULL else 1
                first += scale * dbeta[c]
                second += scale * dgamma[c]
            for c in range(group * width, (group + 1) * width):
                dbeta[c], dgamma[c] = first / (width * op.pixels), second / (width * op.pixels)
        for _pixel in range(op.pixels):
            for c in range(op.channels):
                scale = gamma[c] if gamma != NULL else 1
                dx[c] = root[c] * (dy[c] * scale - dbeta[c] - (x[c] - mean[c]) * root[c] * dgamma[c])
            x += op.channels
            dy += op.channels
            dx += op.channels


cdef void add_gradient_sums(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const GroupNormalization *op = <const GroupNormalization *>job
    cdef Py_ssize_t part, c
    cdef double dbeta, dgamma
    for c in range(op.channels):
        dbeta = dgamma = 0
        for part in range(samples_parts(op)):
            dbeta += gradient_sums(op, part)[c]
            dgamma += gradient_sums(op, part)[op.channels + c]
        (<real *>op.dbeta)[c] = dbeta
        (<real *>op.dgamma)[c] = dgamma


cdef void group_normalization_backward(const GroupNormalization *op) noexcept nogil:
    run_static(group_backward_task, op, samples_parts(op), op.threads, NULL, 0)
    run_serial(add_gradient_sums, op, 1, NULL)


cdef size_t group_normalization_backward_scratch(const GroupNormalization *op) noexcept nogil:
    return samples_parts(op) * 7 * op.channels * sizeof(double)


# -------------------------------------------------------------------------------------------------------- scale and shift

cdef inline const real *of_channels(const void *values, bint an_image, const ScaleShift *op, Py_ssize_t image) noexcept nogil:
    return <const real *>values + (image * op.channels if an_image else 0) if values != NULL else NULL


cdef inline void scale_shift_pixel(const ScaleShift *op, Py_ssize_t image, Py_ssize_t at, const bint backward) noexcept nogil:
    """One pixel, whose first channel is element ``at``: y = x scale + shift, or its gradient."""
    cdef const real *scales = of_channels(op.scale, op.scale_an_image, op, image)
    cdef const real *shifts = of_channels(op.shift, op.shift_an_image, op, image)
    cdef vreal low = vset(<real>op.low), high = vset(<real>op.high), zero = vset(0), scale, value, dy
    cdef Py_ssize_t c = 0, lanes
    while c < op.channels:
        lanes = min(op.channels - c, LANES)
        scale = vload_first(scales + c, lanes) if scales != NULL else vset(1)
        value = vload_first(<const real *>op.x + at + c, lanes) * scale
        if shifts != NULL:
            value = value + vload_first(shifts + c, lanes)
        if backward:
            dy = vload_first(<const real *>op.y + at + c, lanes) * scale
            dy = vselect(vless(value, low), zero, vselect(vless(high, value), zero, dy))
            vstore_first(<real *>op.dx + at + c, dy, lanes)
        else:
            value = vselect(vless(value, low), low, vselect(vless(high, value), high, value))
            vstore_first(<real *>op.y + at + c, value, lanes)
        c += LANES


cdef inline Py_ssize_t pixels_a_task(const ScaleShift *op) noexcept nogil:
    return max(TASK_ELEMENTS // op.channels, 1)


cdef inline void scale_shift_pixels(const void *job, Py_ssize_t task, const bint backward) noexcept nogil:
    cdef const ScaleShift *op = <const ScaleShift *>job
    cdef Py_ssize_t first = task * pixels_a_task(op), pixel
    for pixel in range(first, min(first + pixels_a_task(op), op.n * op.pixels)):
        scale_shift_pixel(op, pixel // op.pixels, pixel * op.channels, backward)


cdef void scale_shift_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    scale_shift_pixels(job, task, False)


cdef void scale_shift_gradient_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    scale_shift_pixels(job, task, True)


cdef void scale_shift_forward(const ScaleShift *op) noexcept nogil:
    run_static(scale_shift_task, op, ceil_div(op.n * op.pixels, pixels_a_task(op)), op.threads, NULL, 0)


cdef void scale_shift_backward(const ScaleShift *op) noexcept nogil:
    run_static(scale_shift_gradient_task, op, ceil_div(op.n * op.pixels, pixels_a_task(op)), op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.moments = moments
    table.moments_scratch = sums_scratch
    table.batch_normalization_forward = batch_normalization_forward
    table.batch_normalization_forward_scratch = batch_normalization_forward_scratch
    table.batch_normalization_backward = batch_normalization_backward
    table.batch_normalization_backward_scratch = sums_scratch
    table.local_response_normalization_forward = local_response_normalization_forward
    table.local_response_normalization_backward = local_response_normalization_backward
    table.local_response_normalization_scratch = local_response_normalization_scratch
    table.group_normalization_forward = group_normalization_forward
    table.group_normalization_backward = group_normalization_backward
    table.group_normalization_forward_scratch = group_normalization_forward_scratch
    table.group_normalization_backward_scratch = group_normalization_backward_scratch
    table.scale_shift_forward = scale_shift_forward
    table.scale_shift_backward = scale_shift_backward

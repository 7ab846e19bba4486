"""Batch normalization and its gradient.

Batch normalization (Ioffe & Szegedy, "Batch normalization: accelerating deep network training by reducing internal
covariate shift", 2015) of the N rows of a (rows, channels) array, each channel by itself:

    m = sum x / N,  v = sum (x - m)² / N                        (`moments`)
    y = activation(z + residual),  z = (x - m) s + beta,  s = gamma r,  r = 1 / sqrt(v + epsilon)

    dbeta = sum dz,  dgamma = r sum dz (x - m)
    dx = s dz                                                   with fixed m and v
    dx = s dz - (s r dgamma / N) (x - m) - s dbeta / N          with those of x

Without a residual, dz follows from dy and x, whose z has the sign that decides.

A vector holds neighbouring channels. Where they are few, several rows are read as one wide row, which ends with a vector
as far as that can be had; its columns are brought together at the end.

Sums over rows are split in up to ROW_PARTS ranges, by shape alone, and these in blocks that stay in cache. A block's moments
are sums of differences from its own mean, in `real`, which are few and lose little to rounding; they are brought together
in double (Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979), and
the mean in twice as many bits, so that nothing cancels where it is much larger than the spread. Main memory is read once.
Parts are shared among threads and added in order.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.math cimport sqrt
from libc.string cimport memcpy, memset
from striate.kernels.common.buffers cimport CACHE_LINE, aligned
from striate.kernels.common.epilogue cimport Epilogue, activate, ceiling_of, epilogue_of
from striate.kernels.common.geometry cimport ceil_div, gcd
from striate.kernels.common.simd cimport (LANES, real, vint, vless, vload, vload_first, vreal, vselect, vset, vstore,
                                          vstore_first)
from striate.kernels.ops cimport (ActivationCode, BatchNormalization, KERNEL_TABLE, Kernel, KernelTable, LEAKY_RELU, LINEAR,
                                  RELU, RELU6)
from striate.kernels.tasks cimport run_serial, run_static, unless_finest

cdef enum:
    ROW_PARTS = 16
    PART_ROWS = 32              # wide rows that are worth a part, whose sums take the memory of some ten rows
    WIDE_VECTORS = 8            # columns of a wide row, at least
    BLOCK_ROWS = 64             # wide rows of a block at most, few enough for sums in `real`
    BLOCK_BYTES = 256 * 1024    # bytes of a block at most, a part of the L2 cache
    UNROLLED = 8                # wide rows added up before their sum is stored
    TASK_ELEMENTS = 16 * 1024   # of what is computed element by element


# ------------------------------------------------------------------------------------------------------------------- layout

cdef struct Fold:
    Py_ssize_t times            # rows of the array in a wide row
    Py_ssize_t columns          # of a wide row
    Py_ssize_t rows             # whole wide rows
    Py_ssize_t rest             # elements after them, which are the beginning of one more
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
    fold.parts = min(ceil_div(fold.rows, max(fold.block, <Py_ssize_t>PART_ROWS)), <Py_ssize_t>ROW_PARTS)
    return fold


cdef struct Coefficients:
    # For each column of a wide row
    real *mean
    real *scale         # s
    real *offset        # beta
    real *slope         # in backward: - s r dgamma / N
    real *constant      # in backward: - s dbeta / N


cdef enum Pairs:
    # What `Sums` adds up of each element x with difference d
    SQUARES                 # d and d²
    PRODUCTS                # dz and dz d, where dz is given
    RELU_PRODUCTS           # dz and dz d, where dy is the gradient of ReLU's or ReLU6's output
    LEAKY_RELU_PRODUCTS     # dz and dz d, where dy is the gradient of leaky ReLU's output


cdef struct Sums:
    # For each column, over the rows of a part
    double *first       # moments: the mean; backward: sum of dz
    double *low         # moments: what the mean lost as it was rounded
    double *second      # moments: sum of squared differences from the mean; backward: sum of dz (x - m)
    Coefficients by     # in backward
    real negative_slope     # of LEAKY_RELU, in backward
    bint limited            # whether the activation is RELU6, not RELU, in backward
    real *center        # what differences of the current block are taken from
    real *block_first   # sum of the current block's differences, or of its dz
    real *block_second  # sum of the squares of its differences, or of their products with dz


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


# ------------------------------------------------------------------------------------------------------------- sums of rows

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


cdef inline vreal pre_activation_gradient(vreal dy, vreal z, ActivationCode activation, real negative_slope,
                                          bint limited) noexcept nogil:
    """dz, of leaky ReLU, of ReLU, or of ReLU6, which is ReLU that is ``limited``."""
    cdef vint passes = vless(vset(0), z)
    if activation == LEAKY_RELU:
        return vselect(passes, dy, dy * negative_slope)
    if limited:
        passes = passes & vless(z, vset(ceiling_of(RELU6)))
    return vselect(passes, dy, vset(0))


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
            value = pre_activation_gradient(value, affine(difference, &sums.by, j),
                                            RELU if pairs == RELU_PRODUCTS else LEAKY_RELU, sums.negative_slope, sums.limited)
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


cdef void moments(const void *arguments) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>arguments
    run_static(moments_part, op, fold_of(op).parts, op.threads, NULL, 0)
    run_serial(merge_parts, op, 1, NULL)


cdef size_t sums_scratch(const void *arguments) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>arguments
    cdef Fold fold = fold_of(op)
    return coefficients_bytes(&fold) + totals_bytes(op.channels) + fold.parts * sums_bytes(&fold)


# ------------------------------------------------------------------------------------------------------------------ forward

cdef inline double root_of(const BatchNormalization *op, Py_ssize_t c) noexcept nogil:
    """r of a channel."""
    return 1.0 / sqrt((<const real *>op.variance)[c] + op.epsilon)


cdef inline Py_ssize_t task_rows(const Fold *fold) noexcept nogil:
    """Wide rows of a task that is computed element by element."""
    return unless_finest(max(TASK_ELEMENTS // fold.columns, 1), 1)


cdef inline Py_ssize_t row_tasks(const Fold *fold) noexcept nogil:
    return ceil_div(fold.rows + (1 if fold.rest else 0), task_rows(fold))


cdef inline void normalize(const real *x, const real *residual, real *y, const Coefficients *by, const Epilogue *epilogue,
                           Py_ssize_t j, Py_ssize_t lanes) noexcept nogil:
    cdef vreal value = affine(vload_first(x + j, lanes) - vload(by.mean + j), by, j)
    if residual != NULL:
        value = value + vload_first(residual + j, lanes)
    vstore_first(y + j, activate(value, epilogue), lanes)


cdef void normalize_rows(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
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
        by.scale[c] = root_of(op, c)
        by.offset[c] = 0
    if op.gamma != NULL:
        for c in range(op.channels):
            by.scale[c] = root_of(op, c) * (<const real *>op.gamma)[c]
    if op.beta != NULL:
        memcpy(by.offset, op.beta, op.channels * sizeof(real))
    repeat(by.mean, &fold, op.channels)
    repeat(by.scale, &fold, op.channels)
    repeat(by.offset, &fold, op.channels)


cdef void batch_normalization_forward(const void *arguments) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>arguments
    cdef Fold fold = fold_of(op)
    run_serial(find_coefficients, op, 1, NULL)
    run_static(normalize_rows, op, row_tasks(&fold), op.threads, NULL, 0)


cdef size_t batch_normalization_forward_scratch(const void *arguments) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>arguments
    cdef Fold fold = fold_of(op)
    return coefficients_bytes(&fold)


# ----------------------------------------------------------------------------------------------------------------- gradient

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
    sums.negative_slope, sums.limited = op.negative_slope, op.activation == RELU6
    while row < end:
        rows = min(fold.block, end - row)
        at = row * fold.columns
        x, dy = <const real *>op.x + at, <const real *>op.y + at
        if op.activation == RELU or op.activation == RELU6:
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
                               ActivationCode activation, real negative_slope, bint limited, Py_ssize_t j,
                               Py_ssize_t lanes) noexcept nogil:
    cdef vreal value = vload_first(dy + j, lanes), difference = vset(0)
    if training or activation != LINEAR:
        difference = vload_first(x + j, lanes) - vload(by.mean + j)
    if activation != LINEAR:
        value = pre_activation_gradient(value, affine(difference, by, j), activation, negative_slope, limited)
    value = value * vload(by.scale + j)
    if training:
        value = value + (difference * vload(by.slope + j) + vload(by.constant + j))
    vstore_first(dx + j, value, lanes)


cdef void differentiate_rows(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>job
    cdef Fold fold = fold_of(op)
    cdef Py_ssize_t row, v, columns, first = task * task_rows(&fold), end = first + task_rows(&fold)
    cdef const real *x = <const real *>op.x + first * fold.columns
    cdef const real *dy = <const real *>op.y + first * fold.columns
    cdef real *dx = <real *>op.dx + first * fold.columns
    cdef Coefficients by = coefficients_in(op.scratch, &fold)
    cdef bint training = op.training
    cdef ActivationCode activation = op.activation
    cdef bint limited = activation == RELU6
    cdef real negative_slope = op.negative_slope
    for row in range(first, min(end, fold.rows + 1)):
        columns = fold.columns if row < fold.rows else fold.rest
        for v in range(columns // LANES):
            differentiate(x, dy, dx, &by, training, activation, negative_slope, limited, v * LANES, LANES)
        if columns % LANES:
            differentiate(x, dy, dx, &by, training, activation, negative_slope, limited, columns // LANES * LANES,
                          columns % LANES)
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
    cdef double r
    cdef real difference, dz, z
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
            z = difference * by.scale[c] + by.offset[c]
            if op.activation != LINEAR and not z > 0:
                dz = dz * <real>op.negative_slope if op.activation == LEAKY_RELU else 0
            elif op.activation == RELU6 and not z < ceiling_of(RELU6):
                dz = 0
            dbeta[c] = dbeta[c] + dz
            products[c] = products[c] + <double>dz * difference
    for c in range(channels):
        r = root_of(op, c)
        (<real *>op.dbeta)[c] = dbeta[c]
        (<real *>op.dgamma)[c] = r * products[c]
        by.slope[c] = -by.scale[c] * r * r * products[c] / op.rows
        by.constant[c] = -by.scale[c] * dbeta[c] / op.rows
    repeat(by.slope, &fold, channels)
    repeat(by.constant, &fold, channels)


cdef void batch_normalization_backward(const void *arguments) noexcept nogil:
    cdef const BatchNormalization *op = <const BatchNormalization *>arguments
    cdef Fold fold = fold_of(op)
    run_serial(find_coefficients, op, 1, NULL)
    run_static(gradient_part, op, fold.parts, op.threads, NULL, 0)
    run_serial(find_gradients, op, 1, NULL)
    run_static(differentiate_rows, op, row_tasks(&fold), op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.moments = Kernel(moments, sums_scratch)
    table.batch_normalization_forward = Kernel(batch_normalization_forward, batch_normalization_forward_scratch)
    table.batch_normalization_backward = Kernel(batch_normalization_backward, sums_scratch)

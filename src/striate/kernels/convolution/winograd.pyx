"""Winograd's convolution, for 3×3 and 5×5 kernels at stride 1 and 4×4 to 6×6 kernels at stride 2: fewer multiplications than
direct convolution.

The output is cut into m×m tiles. For a k×k kernel, a tile needs an n×n tile of input, n = m + k - 1, and with the transforms of
toom_cook.pxd

    y tile = A^T [ sum over c of (G g G^T) * (B^T d B) ] A

(Lavin & Gray, "Fast algorithms for convolutional neural networks", 2016). That is n² multiplications instead of k² m²: 2.25
times fewer for F(2×2, 3×3), 4 times fewer for F(4×4, 3×3) and 2.8 times fewer for F(2×2, 5×5). For each of the n² positions,
the sums over c for all tiles and filters are a matrix product:

1. transform the kernel, once: U[filter block][position][c][filter];
2. transform a block of tiles of the input: V[position][tile][c];
3. multiply, for one filter block: products[position][tile][filter] = V[position] @ U[filter block][position];
4. transform the products back, add bias and residual, apply the activation, store the part of the tile inside the output.

Steps 3 and 4 alternate, for one filter block at a time, so that the products stay in L2.

*Zeros.* The transforms of a 4×4 tile mix pixels from the receptive fields of all of its outputs. An output whose own window is
zero would get the rounding errors of its neighbours, and ReLU would let half of them pass, with their gradients. Step 2 records
which windows are zero, and step 4 sets their sums to zero, so that blank parts of images stay as blank as in direct
convolution. A 2×2 tile needs no such care: along an axis, the only pixel that one of its two outputs does not read, the first
or the last, enters only products that this output is not made of.

*Strides.* With stride s, the pixels whose coordinates have the same remainders by s are an image of their own, a *phase*, and
so are the taps. The output is the sum of s² convolutions at stride 1, of each phase of the input with its phase of the kernel,
which has ceil(k / s) taps along an axis, the last of which may be zero: 2×2 for 4×4 kernels at stride 2, in tiles F(5×5, 2×2),
and 3×3 for 5×5 and 6×6 kernels, in tiles F(4×4, 3×3). (3×3 kernels gain little, as only 9 of 16 taps are not zero.) Since the
transform of a sum is the sum of the transforms, the phases are more channels of V and of U, and steps 3 and 4 stay as they are.
In the gradient of the input, all phases read the same tiles of ``dy``; they are more filters there, whose outputs lie s pixels
apart.

*Threads.* If there are many tiles, each thread takes whole blocks of them; otherwise all threads transform one block together
and then share its filter blocks. No sum is split, so its order is fixed.

The gradient of the input is the convolution of ``dy`` with the flipped and transposed kernel; that of the kernel is in
winograd_gradient.pxi.

*bfloat16.* In predictions, the input and the residual, and the output, may be bfloat16 numbers. They are converted where they
are loaded and stored; everything between is float32, as the transforms would lose too much otherwise.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memset
from striate.kernels.common.buffers cimport LINE, aligned, copy_padded_bytes
from striate.kernels.common.epilogue cimport Epilogue, activate, epilogue_of
from striate.kernels.common.geometry cimport Axis, ceil_div, forward_axis
from striate.kernels.common.simd cimport (LANES, STRIATE_REAL_IS_DOUBLE, TILE_PIXELS, TILE_VECTORS, real, vany, vload_first,
                                          vreal, vset, vstore_first)
from striate.kernels.common.storage cimport size_of, vload_floats, vstore_floats
from striate.kernels.convolution.packing cimport PACKED_BLOCKS, pack_tap, packed_blocks
from striate.kernels.convolution.tile cimport Sweep, block_vectors, prefetch_panel, row_of_tiles
from striate.kernels.convolution.toom_cook cimport (MOST_POINTS, transform_input_tile, transform_output_tile,
                                                    transform_weight_tile)
from striate.kernels.ops cimport Conv2D, Conv2DAlgorithm, KERNEL_TABLE, Kernel, KernelTable
from striate.kernels.tasks cimport run_dynamic, run_static, unless_finest

cdef enum:
    MOST_OUTPUTS = 5                    # the m of the largest tile
    MOST_STRIDE = 2
    BLOCK_TILES = 4 * TILE_PIXELS       # tiles of a block that one thread transforms
    SHARED_TILES = 16 * TILE_PIXELS     # tiles of a block that all threads share
    SHARED_KERNEL_BYTES = 12 * 1024 * 1024  # for a larger transformed kernel, threads share blocks, so that it is read once
    # Weights that a task gathers at a time to transform them: 48 KB, which fit on the small stacks that threads may have
    STAGED = 48 * 1024 // sizeof(real)


cdef struct Winograd:
    # A k×k correlation in tiles: a forward convolution, or the gradient of the input. Sizes and steps count elements.
    const Conv2D *op
    Py_ssize_t stride                   # s, of both axes
    Py_ssize_t phases_read, phases_written  # s² forward and 1, or in the gradient of the input 1 and s²
    Py_ssize_t taps                     # taps of a phase along an axis: the k of the tiles
    Py_ssize_t outputs                  # the m of the m×m tiles of output
    Py_ssize_t points, positions        # the n of the n×n tiles of input, 4 or 6, and n²
    Axis rows, columns                  # of the first phase
    Py_ssize_t images
    Py_ssize_t c, f                     # channels read and channels written, of one group
    Py_ssize_t depth                    # elements of a tile's position: c for each phase that is read
    Py_ssize_t in_pitch, out_pitch      # channels read and channels written, of all groups
    Py_ssize_t out_height, out_width    # size of the array that is written
    bint transposed                     # whether this is the input's gradient, with flipped weights kernel[ky, kx, f, c]
    Py_ssize_t tiles_high, tiles_wide, tiles    # tiles along each axis of an image, and of all images
    Py_ssize_t block                    # tiles of a block
    bint shared                         # whether all threads work on one block
    bint packed                         # whether U is given, as `conv2d_winograd_pack` writes it
    bint fused                          # whether each filter block is transformed just before it is used
    Py_ssize_t tile_step, v_step        # steps of V: from tile to tile, and from position to position
    Py_ssize_t u_step, u_size           # step of U from position to position, and size of its part for a filter block
    Py_ssize_t padded_size              # size of the copy of an input tile that lies partly outside of the input
    Epilogue epilogue
    # What the tasks of one step share
    real *u
    real *v                             # V of a shared block, followed by the zero windows of its tiles
    Py_ssize_t group, first, count      # the block: its group, its first tile and its number of tiles
    Py_ssize_t parts                    # parts of the block's tiles that are multiplied as separate tasks


cdef inline Py_ssize_t staggered(Py_ssize_t elements) noexcept nogil:
    """``elements`` and a cache line more, since arrays a power of two apart would share sets of the cache."""
    return aligned(elements) + LINE


cdef inline Py_ssize_t products_step(const Winograd *job) noexcept nogil:
    return staggered(job.block * TILE_VECTORS * LANES)


cdef inline Py_ssize_t phase_blocks(const Winograd *job) noexcept nogil:
    """The number of filter blocks of each phase that is written."""
    return ceil_div(job.f, TILE_VECTORS * LANES)


cdef inline Py_ssize_t filter_blocks(const Winograd *job) noexcept nogil:
    return job.phases_written * phase_blocks(job)


cdef inline Py_ssize_t first_filter(const Winograd *job, Py_ssize_t block) noexcept nogil:
    return block % phase_blocks(job) * TILE_VECTORS * LANES


cdef inline Py_ssize_t filters_of(const Winograd *job, Py_ssize_t block) noexcept nogil:
    """The number of filters of a filter block."""
    return min(job.f - first_filter(job, block), TILE_VECTORS * LANES)


cdef inline Py_ssize_t width_of(const Winograd *job, Py_ssize_t block) noexcept nogil:
    """The number of filters of a filter block, in whole vectors."""
    return block_vectors(filters_of(job, block)) * LANES


cdef Axis tiled_axis(Py_ssize_t size, Py_ssize_t outputs, Py_ssize_t kernel, Py_ssize_t stride, Py_ssize_t pad,
                     bint transposed) noexcept nogil:
    """The axis of a convolution's first phase, or of that of its input's gradient.

    With padded coordinates, input ``s i + r`` of phase r collects the outputs ``i, i - 1, …``, with the taps ``r, s + r, …``.
    """
    cdef Axis axis = forward_axis(size, outputs, ceil_div(kernel, stride), stride, pad, stride)
    # The first i for which a phase has an input, which is pad / s, rounded down
    cdef Py_ssize_t first = (pad - (pad % stride + stride) % stride) // stride
    if transposed:
        axis.size = outputs
        axis.outputs = (size - 1 + pad) // stride - first + 1
        axis.step = axis.tap_step = 1
        axis.first = first - (axis.taps - 1)
        axis.out_first, axis.out_step = first * stride - pad, stride
    return axis


cdef Winograd winograd(const Conv2D *op, bint transposed) noexcept nogil:
    cdef Winograd job
    cdef Py_ssize_t blocks, own_tiles = unless_finest(BLOCK_TILES, 1)
    job.op = op
    job.stride = op.stride_h
    job.phases_read = 1 if transposed else job.stride * job.stride
    job.phases_written = job.stride * job.stride if transposed else 1
    job.taps = ceil_div(op.kh, job.stride)
    job.outputs = op.tile
    job.points = job.outputs + job.taps - 1
    job.positions = job.points * job.points
    job.images = op.n
    job.transposed = transposed
    job.rows = tiled_axis(op.h, op.oh, op.kh, job.stride, op.pad_top, transposed)
    job.columns = tiled_axis(op.w, op.ow, op.kw, job.stride, op.pad_left, transposed)
    if transposed:
        job.in_pitch, job.out_pitch = op.f, op.c
        job.out_height, job.out_width = op.h, op.w
    else:
        job.in_pitch, job.out_pitch = op.c, op.f
        job.out_height, job.out_width = op.oh, op.ow
    job.epilogue = epilogue_of(op.activation, op.negative_slope)
    job.c = job.in_pitch // op.groups
    job.f = job.out_pitch // op.groups
    job.depth = job.phases_read * job.c
    job.tiles_high = ceil_div(job.rows.outputs, job.outputs)
    job.tiles_wide = ceil_div(job.columns.outputs, job.outputs)
    job.tiles = job.images * job.tiles_high * job.tiles_wide

    job.tile_step = staggered(job.depth)
    job.u_step = staggered(job.depth * TILE_VECTORS * LANES)
    job.u_size = job.positions * job.u_step
    job.padded_size = aligned(job.positions * job.depth)
    job.shared = job.tiles < 2 * own_tiles * op.threads or (
        filter_blocks(&job) * job.u_size * <Py_ssize_t>sizeof(real) > SHARED_KERNEL_BYTES)
    blocks = ceil_div(job.tiles, SHARED_TILES if job.shared else own_tiles)
    if not job.shared and blocks < 8 * op.threads:  # With few blocks, each thread gets the same number.
        blocks = ceil_div(blocks, op.threads) * op.threads
    job.block = max(ceil_div(job.tiles, max(blocks, 1)), 1)
    job.v_step = staggered(job.block * job.tile_step)
    job.packed = op.packed != NULL and not transposed
    # U is much larger than the kernel. Where it is used only once, it is made in pieces that stay in cache.
    job.fused = job.stride == 1 and not job.packed and job.shared and job.block == job.tiles and (
        filter_blocks(&job) >= PACKED_BLOCKS * op.threads)
    return job


cdef inline bint reads_bfloat16(const Winograd *job) noexcept nogil:
    return not STRIATE_REAL_IS_DOUBLE and job.op.reads_bfloat16


cdef struct Place:
    # The image and the upper left pixel of a tile of output, in pixels of a phase
    Py_ssize_t image, top, left


cdef inline Place tile_origin(const Winograd *job, Py_ssize_t index) noexcept nogil:
    cdef Place place
    place.image = index // (job.tiles_high * job.tiles_wide)
    place.top = index // job.tiles_wide % job.tiles_high * job.outputs
    place.left = index % job.tiles_wide * job.outputs
    return place


# ---------------------------------------------------------------------- the transforms, for sizes known only at run time

cdef inline void sized_input_tile(const Winograd *job, const bint bfloat16, const char *x, Py_ssize_t row_step,
                                  Py_ssize_t column_step, Py_ssize_t lanes, real *v) noexcept nogil:
    if job.points == 6 and lanes == LANES:      # As a constant, it lets the compiler drop the code for partial vectors.
        transform_input_tile(6, bfloat16, x, row_step, column_step, LANES, v, job.v_step)
    elif job.points == 6:
        transform_input_tile(6, bfloat16, x, row_step, column_step, lanes, v, job.v_step)
    else:
        transform_input_tile(4, bfloat16, x, row_step, column_step, lanes, v, job.v_step)


cdef void input_tile(const Winograd *job, const char *x, Py_ssize_t row_step, Py_ssize_t column_step, Py_ssize_t lanes,
                     real *v) noexcept nogil:
    if reads_bfloat16(job):
        sized_input_tile(job, True, x, row_step, column_step, lanes, v)
    else:
        sized_input_tile(job, False, x, row_step, column_step, lanes, v)


cdef inline void sized_weight_tile(const Winograd *job, Py_ssize_t size, const real *weights, Py_ssize_t row_step,
                                   Py_ssize_t column_step, Py_ssize_t lanes, real *transformed, Py_ssize_t step) noexcept nogil:
    if job.points == 6:
        if size == 2: transform_weight_tile(6, 2, weights, row_step, column_step, lanes, transformed, step)
        elif size == 3: transform_weight_tile(6, 3, weights, row_step, column_step, lanes, transformed, step)
        elif size == 4: transform_weight_tile(6, 4, weights, row_step, column_step, lanes, transformed, step)
        else: transform_weight_tile(6, 5, weights, row_step, column_step, lanes, transformed, step)
    elif size == 2: transform_weight_tile(4, 2, weights, row_step, column_step, lanes, transformed, step)
    else: transform_weight_tile(4, 3, weights, row_step, column_step, lanes, transformed, step)


cdef void weight_tile(const Winograd *job, Py_ssize_t size, const real *weights, Py_ssize_t row_step, Py_ssize_t column_step,
                      Py_ssize_t lanes, real *transformed, Py_ssize_t step) noexcept nogil:
    if lanes == LANES:
        sized_weight_tile(job, size, weights, row_step, column_step, LANES, transformed, step)
    else:
        sized_weight_tile(job, size, weights, row_step, column_step, lanes, transformed, step)


cdef void output_tile(const Winograd *job, Py_ssize_t size, const real *products, Py_ssize_t step, vreal *y) noexcept nogil:
    if job.points == 6:
        if size == 2: transform_output_tile(6, 2, products, step, y)
        elif size == 3: transform_output_tile(6, 3, products, step, y)
        elif size == 4: transform_output_tile(6, 4, products, step, y)
        else: transform_output_tile(6, 5, products, step, y)
    elif size == 2: transform_output_tile(4, 2, products, step, y)
    else: transform_output_tile(4, 3, products, step, y)


# ------------------------------------------------------------------------------------------------------------- the kernel

cdef inline Py_ssize_t stage_size(const Winograd *job, Py_ssize_t channels) noexcept nogil:
    """Elements of the staged weights of a filter block: (tap, channel + 1, filter), with a spare channel between taps."""
    return job.taps * job.taps * (channels + 1) * TILE_VECTORS * LANES


cdef void stage(const Winograd *job, Py_ssize_t group, Py_ssize_t phase, Py_ssize_t block, Py_ssize_t blocks, Py_ssize_t begin,
                Py_ssize_t channels, real *staged) noexcept nogil:
    """Gather a phase's weights of ``channels`` channels from ``begin`` on, for ``blocks`` filter blocks from ``block`` on."""
    cdef const Conv2D *op = job.op
    cdef Py_ssize_t first = first_filter(job, block), filters = min(job.f - first, blocks * TILE_VECTORS * LANES)
    cdef Py_ssize_t count = job.taps * job.taps, tap, place, y, x, i
    cdef const real *kernel = <const real *>op.kernel
    if job.transposed:      # The last two axes are exchanged, and the taps are flipped.
        kernel += first * op.f + group * job.c + begin
    else:
        kernel += begin * op.f + group * job.f + first
    for tap in range(count):
        place = count - 1 - tap if job.transposed else tap
        y = place // job.taps * job.stride + phase // job.stride
        x = place % job.taps * job.stride + phase % job.stride
        if y < op.kh and x < op.kw:
            pack_tap(kernel + (y * op.kw + x) * (op.c // op.groups) * op.f, op.f, job.transposed,
                     filters, channels, staged, stage_size(job, channels), tap * (channels + 1))
            continue
        for i in range(blocks):     # This phase of the kernel has fewer taps.
            memset(staged + i * stage_size(job, channels) + tap * (channels + 1) * width_of(job, block + i), 0,
                   channels * width_of(job, block + i) * sizeof(real))


cdef void transform_staged(const Winograd *job, Py_ssize_t block, Py_ssize_t channels, const real *staged,
                           real *u) noexcept nogil:
    """Transform the staged weights of one filter block: U[position][c][filter]."""
    cdef Py_ssize_t width = width_of(job, block), tap_step = (channels + 1) * width, i
    for i in range(channels * width // LANES):
        weight_tile(job, job.taps, staged + i * LANES, job.taps * tap_step, tap_step, LANES, u + i * LANES, job.u_step)


cdef Py_ssize_t kernel_size(const Winograd *job) noexcept nogil:
    """Elements of U, for all groups and filter blocks."""
    return job.op.groups * filter_blocks(job) * job.u_size


cdef inline Py_ssize_t blocks_together(const Winograd *job) noexcept nogil:
    """The number of filter blocks of a phase whose weights one task transforms."""
    return packed_blocks(phase_blocks(job), job.op.groups * job.phases_written, job.op.threads)


cdef void transform_task(const void *winograd_job, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: transform the kernel for some neighbouring filter blocks of a phase of a group."""
    cdef const Winograd *job = <const Winograd *>winograd_job
    cdef Py_ssize_t together = blocks_together(job), tasks = ceil_div(phase_blocks(job), together), written = task // tasks
    cdef Py_ssize_t group = written // job.phases_written, first = task % tasks * together, i
    cdef Py_ssize_t blocks = min(together, phase_blocks(job) - first), most = STAGED // (blocks * stage_size(job, 0)) - 1
    cdef Py_ssize_t begin, channels, phase
    cdef real *u
    cdef real staged[STAGED]
    for phase in range(job.phases_read):
        begin = 0
        while begin < job.c:
            channels = min(job.c - begin, most)
            stage(job, group, phase + written % job.phases_written, first, blocks, begin, channels, staged)
            for i in range(blocks):
                u = job.u + (written * phase_blocks(job) + first + i) * job.u_size
                transform_staged(job, first + i, channels, staged + i * stage_size(job, channels),
                                 u + (phase * job.c + begin) * width_of(job, first + i))
            begin += channels


cdef void transform_all(const Winograd *job) noexcept nogil:
    cdef Py_ssize_t tasks = job.op.groups * job.phases_written * ceil_div(phase_blocks(job), blocks_together(job))
    run_static(transform_task, job, tasks, job.op.threads, NULL, 0)


cdef size_t conv2d_winograd_packed_size(const Conv2D *op) noexcept nogil:
    cdef Winograd job = winograd(op, False)
    return kernel_size(&job) * sizeof(real)


cdef void conv2d_winograd_pack(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef Winograd job = winograd(op, False)
    job.u = <real *>op.packed
    transform_all(&job)


# -------------------------------------------------------------------------------- a convolution, forward or as a gradient

cdef inline bint is_zero(const bint bfloat16, const char *pixel, Py_ssize_t channels) noexcept nogil:
    cdef Py_ssize_t vector = LANES * size_of(bfloat16), _i
    for _i in range(channels // LANES):
        if vany(vload_floats(bfloat16, pixel, LANES)):
            return False
        pixel += vector
    return channels % LANES == 0 or not vany(vload_floats(bfloat16, pixel, channels % LANES))


cdef bint is_zero_pixel(const Winograd *job, const char *pixel) noexcept nogil:
    """Whether all channels that are read of a pixel are zero."""
    return is_zero(True, pixel, job.c) if reads_bfloat16(job) else is_zero(False, pixel, job.c)


cdef inline Py_ssize_t window_taps(const Winograd *job, Py_ssize_t phase) noexcept nogil:
    """The pixels, along an axis, of the window that an output of a phase reads."""
    return ceil_div(job.op.kh - phase, job.stride) if job.transposed else job.op.kh


cdef inline Py_ssize_t skipped_pixels(const Winograd *job, Py_ssize_t phase) noexcept nogil:
    """The pixels before that window which the other phases read, if they have more taps."""
    return job.taps - window_taps(job, phase) if job.transposed else 0


cdef void zero_windows(const Winograd *job, const char *x, Py_ssize_t row_step, Py_ssize_t column_step,
                       unsigned int *windows) noexcept nogil:
    """For each phase that is written, a bit for each output of a tile, in order: whether all pixels that it reads are zero."""
    cdef Py_ssize_t s = job.rows.step, m = job.outputs, size = job.points * s, phase, i, j, skipped
    cdef Py_ssize_t first = (job.taps - 1) * s, last = m * s + skipped_pixels(job, job.stride - 1)
    cdef unsigned int zeros[MOST_POINTS * MOST_STRIDE]
    cdef unsigned int row, run, found = 0
    memset(windows, 0, job.phases_written * sizeof(unsigned int))
    if m == 2:
        return
    # Each window contains one of the pixels in the middle. Usually none of those is zero, which is quickly seen.
    for i in range(first, last):
        for j in range(first, last):
            found |= is_zero_pixel(job, x + i * row_step + j * column_step)
    if not found:
        return
    for i in range(size):
        zeros[i] = 0
        for j in range(size):
            zeros[i] |= <unsigned int>is_zero_pixel(job, x + i * row_step + j * column_step) << j
    for phase in range(job.phases_written):
        for i in range(m):
            skipped = i * s + skipped_pixels(job, phase // job.stride)
            row = ~0u
            for j in range(window_taps(job, phase // job.stride)):
                row &= zeros[skipped + j]
            row >>= skipped_pixels(job, phase % job.stride)
            run = row
            for j in range(1, window_taps(job, phase % job.stride)):
                run &= row >> j
            for j in range(m):
                windows[phase] |= (run >> j * s & 1) << (i * m + j)


cdef inline Py_ssize_t v_size(const Winograd *job) noexcept nogil:
    """Elements of V for a block of tiles, and of the bits of its zero windows, which follow it."""
    return job.positions * job.v_step + aligned(job.block * job.phases_written)


cdef inline unsigned int *zeros_of(const Winograd *job, real *v) noexcept nogil:
    """The zero windows of each tile of V, (block, phases written)."""
    return <unsigned int *>(v + job.positions * job.v_step)


cdef inline const char *input_of_group(const Winograd *job, Py_ssize_t group) noexcept nogil:
    """The first channel of a group, in what is read."""
    return <const char *>(job.op.y if job.transposed else job.op.x) + group * job.c * size_of(reads_bfloat16(job))


cdef void transform_input(const Winograd *job, Py_ssize_t group, Py_ssize_t index, real *v, unsigned int *zeros,
                          real *padded) noexcept nogil:
    """Transform the input of output tile ``index`` to V[position][c], and record its zero windows unless ``zeros`` is NULL."""
    cdef Place place = tile_origin(job, index)
    cdef Py_ssize_t s = job.rows.step, size = job.points * s, phase, c, i
    cdef Py_ssize_t top = job.rows.first + s * place.top, left = job.columns.first + s * place.left
    cdef Py_ssize_t element = size_of(reads_bfloat16(job)), column_step = job.in_pitch * element
    cdef Py_ssize_t row_step = job.columns.size * column_step
    cdef const char *x = input_of_group(job, group) + place.image * job.rows.size * row_step
    cdef const char *pixels
    if top >= 0 and left >= 0 and top + size <= job.rows.size and left + size <= job.columns.size:
        x += top * row_step + left * column_step
    else:
        copy_padded_bytes(x, job.rows.size, job.columns.size, column_step, <char *>padded, top, left, size, size,
                          job.c * element)
        x = <const char *>padded
        column_step = job.c * element
        row_step = size * column_step
    if zeros != NULL:
        zero_windows(job, x, row_step, column_step, zeros)
    for phase in range(job.phases_read):
        pixels = x + phase // s * row_step + phase % s * column_step
        for i in range(ceil_div(job.c, LANES)):
            c = i * LANES
            input_tile(job, pixels + c * element, s * row_step, s * column_step, min(job.c - c, LANES), v + phase * job.c + c)


cdef inline void store(const Winograd *job, vreal value, Py_ssize_t at, Py_ssize_t lanes) noexcept nogil:
    """Add the residual to some outputs, whose first element has the index ``at``, apply the activation, and store them."""
    cdef const Conv2D *op = job.op
    cdef const char *residual
    cdef bint low = reads_bfloat16(job)
    if op.residual != NULL:
        residual = <const char *>op.residual + at * size_of(low)
        value = value + (vload_floats(True, residual, lanes) if low else vload_floats(False, residual, lanes))
    value = activate(value, &job.epilogue)
    if not STRIATE_REAL_IS_DOUBLE and op.writes_bfloat16:
        vstore_floats(True, <unsigned short *>op.y + at, value, lanes)
    else:
        vstore_first(<real *>(op.x if job.transposed else op.y) + at, value, lanes)


cdef void store_output(const Winograd *job, const real *products, Py_ssize_t step, Py_ssize_t index, Py_ssize_t phase,
                       unsigned int zeros, Py_ssize_t filter, Py_ssize_t filters) noexcept nogil:
    """Transform the products of output tile ``index`` back, and store the part of it that lies inside the output.

    They are those of ``filters`` filters from ``filter`` on.
    """
    cdef Place place = tile_origin(job, index)
    cdef const real *bias = <const real *>job.op.bias + filter if job.op.bias != NULL else NULL
    cdef Py_ssize_t m = job.outputs, s = job.rows.out_step
    cdef Py_ssize_t top = job.rows.out_first + s * place.top + phase // s
    cdef Py_ssize_t left = job.columns.out_first + s * place.left + phase % s
    cdef Py_ssize_t bottom = min(m, ceil_div(job.out_height - top, s)), right = min(m, ceil_div(job.out_width - left, s))
    cdef Py_ssize_t first = ((place.image * job.out_height + top) * job.out_width + left) * job.out_pitch + filter
    cdef Py_ssize_t v, i, j, lanes
    cdef vreal tile[MOST_OUTPUTS * MOST_OUTPUTS]
    cdef vreal shift = vset(0)
    for v in range(block_vectors(filters)):
        lanes = min(filters - v * LANES, LANES)
        output_tile(job, m, products + v * LANES, step, tile)
        if zeros:
            for i in range(m * m):
                if zeros >> i & 1:
                    tile[i] = tile[i] * vset(0)     # A product with zero, unlike zero itself, keeps NaN.
        if bias != NULL:
            shift = vload_first(bias + v * LANES, lanes)
        for i in range(top < 0, bottom):
            for j in range(left < 0, right):
                store(job, tile[i * m + j] + shift, first + s * (i * job.out_width + j) * job.out_pitch + v * LANES, lanes)


cdef void multiply_and_store(const Winograd *job, Py_ssize_t group, Py_ssize_t block,
                             const real *v, const unsigned int *zeros, Py_ssize_t first, Py_ssize_t count, const real *u,
                             real *products) noexcept nogil:
    """Steps 3 and 4 for ``count`` tiles from ``first`` on, whose transformed inputs are ``v``, and for one filter block."""
    cdef Py_ssize_t filter = group * job.f + first_filter(job, block), step = products_step(job), position, t
    cdef Py_ssize_t filters = filters_of(job, block), width = width_of(job, block), phase = block // phase_blocks(job)
    cdef Sweep sweep
    sweep.pixel_step = job.tile_step
    sweep.rows = sweep.runs = 1
    sweep.row_step = sweep.run_step = 0
    sweep.length = job.depth
    sweep.out_step = width
    sweep.epilogue = NULL
    for position in range(job.positions):
        prefetch_panel(&sweep, u + (position + 1) * job.u_step, job.depth * width, ceil_div(count, TILE_PIXELS))
        row_of_tiles(count, &sweep, v + position * job.v_step, u + position * job.u_step, NULL, NULL,
                     products + position * step, width)
    for t in range(count):
        store_output(job, products + t * width, step, first + t, phase, zeros[t * job.phases_written + phase], filter, filters)


cdef void private_block(const void *winograd_job, Py_ssize_t task, void *memory) noexcept nogil:
    """One task where threads do not share blocks: steps 2 to 4 for one block of tiles of one group."""
    cdef const Winograd *job = <const Winograd *>winograd_job
    cdef Py_ssize_t blocks = ceil_div(job.tiles, job.block), group = task // blocks, first = task % blocks * job.block
    cdef Py_ssize_t count = min(job.block, job.tiles - first), t, block
    cdef real *v = <real *>memory
    cdef unsigned int *zeros = zeros_of(job, v)
    cdef real *products = v + v_size(job)
    cdef real *padded = products + job.positions * products_step(job)
    for t in range(count):
        transform_input(job, group, first + t, v + t * job.tile_step, zeros + t * job.phases_written, padded)
    for block in range(filter_blocks(job)):
        multiply_and_store(job, group, block, v, zeros, first, count,
                           job.u + (group * filter_blocks(job) + block) * job.u_size, products)


cdef void shared_tile(const void *winograd_job, Py_ssize_t task, void *memory) noexcept nogil:
    """One task where threads share a block: step 2 for one of its tiles."""
    cdef const Winograd *job = <const Winograd *>winograd_job
    transform_input(job, job.group, job.first + task, job.v + task * job.tile_step,
                    zeros_of(job, job.v) + task * job.phases_written, <real *>memory + job.positions * products_step(job))


cdef void shared_block(const void *winograd_job, Py_ssize_t task, void *memory) noexcept nogil:
    """One task where threads share a block: steps 3 and 4 for one filter block and a part of the tiles."""
    cdef const Winograd *job = <const Winograd *>winograd_job
    cdef Py_ssize_t block = task // job.parts, part = task % job.parts
    cdef Py_ssize_t begin = job.count * part // job.parts, end = job.count * (part + 1) // job.parts
    multiply_and_store(job, job.group, block, job.v + begin * job.tile_step,
                       zeros_of(job, job.v) + begin * job.phases_written, job.first + begin, end - begin,
                       job.u + (job.group * filter_blocks(job) + block) * job.u_size, <real *>memory)


cdef void fused_blocks(const void *winograd_job, Py_ssize_t task, void *memory) noexcept nogil:
    """The same for all tiles and some neighbouring filter blocks, each of which is transformed just before it is used."""
    cdef const Winograd *job = <const Winograd *>winograd_job
    cdef Py_ssize_t first = task * PACKED_BLOCKS, block
    cdef real *products = <real *>memory
    cdef real *u = products + job.positions * products_step(job) + job.padded_size
    cdef real *staged = u + job.u_size
    stage(job, job.group, 0, first, min(PACKED_BLOCKS, filter_blocks(job) - first), 0, job.c, staged)
    for block in range(first, min(first + PACKED_BLOCKS, filter_blocks(job))):
        transform_staged(job, block, job.c, staged + (block - first) * stage_size(job, job.c), u)
        multiply_and_store(job, job.group, block, job.v, zeros_of(job, job.v), job.first, job.count, u, products)


cdef Py_ssize_t thread_bytes(const Winograd *job) noexcept nogil:
    """Working memory of a thread: products, a padded tile, V unless it is shared, and if fused, staged weights and their U."""
    cdef Py_ssize_t size = job.positions * products_step(job) + job.padded_size
    if not job.shared:
        size += v_size(job)
    if job.fused:
        size += job.u_size + PACKED_BLOCKS * stage_size(job, job.c)
    return size * sizeof(real)


cdef size_t correlation_scratch(const Winograd *job) noexcept nogil:
    cdef Py_ssize_t size = v_size(job) if job.shared else 0
    if not job.fused and not job.packed:
        size += kernel_size(job)
    return size * sizeof(real) + job.op.threads * thread_bytes(job)


cdef void correlate(Winograd *job) noexcept nogil:
    cdef const Conv2D *op = job.op
    cdef real *scratch = <real *>op.scratch
    cdef Py_ssize_t size = thread_bytes(job), group, block
    job.u = <real *>op.packed
    if not job.fused and not job.packed:
        job.u = scratch
        scratch += kernel_size(job)
        transform_all(job)
    if not job.shared:
        run_dynamic(private_block, job, op.groups * ceil_div(job.tiles, job.block), op.threads, scratch, size)
        return
    job.v = scratch
    scratch += v_size(job)
    job.parts = unless_finest(ceil_div(op.threads, filter_blocks(job)), job.block)
    for group in range(op.groups):
        for block in range(ceil_div(job.tiles, job.block)):
            job.group, job.first = group, block * job.block
            job.count = min(job.block, job.tiles - job.first)
            run_static(shared_tile, job, job.count, op.threads, scratch, size)
            if job.fused:
                run_dynamic(fused_blocks, job, ceil_div(filter_blocks(job), PACKED_BLOCKS), op.threads, scratch, size)
            else:
                run_dynamic(shared_block, job, filter_blocks(job) * job.parts, op.threads, scratch, size)


cdef size_t conv2d_winograd_forward_scratch(const void *arguments) noexcept nogil:
    cdef Winograd job = winograd(<const Conv2D *>arguments, False)
    return correlation_scratch(&job)


cdef void conv2d_winograd_forward(const void *arguments) noexcept nogil:
    cdef Winograd job = winograd(<const Conv2D *>arguments, False)
    correlate(&job)


cdef size_t conv2d_winograd_backward_input_scratch(const void *arguments) noexcept nogil:
    cdef Winograd job = winograd(<const Conv2D *>arguments, True)
    return correlation_scratch(&job)


cdef void conv2d_winograd_backward_input(const void *arguments) noexcept nogil:
    cdef Winograd job = winograd(<const Conv2D *>arguments, True)
    correlate(&job)


# ------------------------------------------------------------------------------------------------- gradient of the kernel

# The included file is a part of this module and shares its namespace.
include "winograd_gradient.pxi"


cdef size_t conv2d_winograd_backward_kernel_scratch(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef KernelGradient job = kernel_gradient(op)
    cdef Py_ssize_t sums = job.sums_step * (op.threads if job.fused else 1 if one_run(&job) else 3)
    return (job.tiling.positions * (sums + job.tiling.v_step + job.y_step) + op.threads * job.padded_size) * sizeof(real)


cdef void conv2d_winograd_backward_kernel(const void *arguments) noexcept nogil:
    cdef const Conv2D *op = <const Conv2D *>arguments
    cdef KernelGradient job = kernel_gradient(op)
    cdef Py_ssize_t positions = job.tiling.positions, blocks = filter_blocks(&job.tiling), group, chunk
    # At least one chunk, which sets the sums, if only to zero
    cdef Py_ssize_t chunks = max(ceil_div(job.tiling.tiles, job.tiling.block), 1)
    cdef real *padded
    job.tiling.v = <real *>op.scratch
    job.y = job.tiling.v + positions * job.tiling.v_step
    padded = job.y + positions * job.y_step
    job.sums = padded + op.threads * job.padded_size
    job.totals = NULL if one_run(&job) else job.sums + positions * job.sums_step
    job.compensations = job.totals + positions * job.sums_step
    for group in range(op.groups):
        job.tiling.group = group
        for chunk in range(chunks):
            job.tiling.first = chunk * job.tiling.block
            job.tiling.count = min(job.tiling.block, job.tiling.tiles - job.tiling.first)
            job.fresh = chunk % job.run == 0
            run_static(transform_pair, &job, job.tiling.count, op.threads, padded, job.padded_size * sizeof(real))
            if job.fused:
                run_dynamic(filter_block, &job, blocks, op.threads, job.sums, positions * job.sums_step * sizeof(real))
            else:
                run_static(add_chunk, &job, positions, op.threads, NULL, 0)
            job.first, job.last = chunk < job.run, chunk == chunks - 1
            if job.totals != NULL and (job.last or (chunk + 1) % job.run == 0):
                run_static(add_run, &job, positions, op.threads, NULL, 0)
        if not job.fused:
            run_static(store_channel, &job, job.tiling.depth, op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.conv2d_winograd = Conv2DAlgorithm(
        packed_size=conv2d_winograd_packed_size,
        pack=Kernel(conv2d_winograd_pack, NULL),
        forward=Kernel(conv2d_winograd_forward, conv2d_winograd_forward_scratch),
        backward_input=Kernel(conv2d_winograd_backward_input, conv2d_winograd_backward_input_scratch),
        backward_kernel=Kernel(conv2d_winograd_backward_kernel, conv2d_winograd_backward_kernel_scratch))

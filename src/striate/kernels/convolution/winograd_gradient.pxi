"""The kernel's gradient of Winograd's convolution.

It is a convolution, too, of the input's tiles with the tiles of ``dy``: F(k×k, m×m), which has the same n and therefore the
same B^T,

    dg = A^T [ sum over tiles of (G dy G^T) * (B^T d B) ] A

The sum runs over chunks of tiles, in the order of the tiles. It is nested for accuracy: pieces of a chunk are summed, then runs
of chunks, and the runs are added with compensation of rounding errors, so that the error does not grow with the number of
tiles.
"""
from striate.kernels.common.buffers cimport aligned, copy_padded
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, TILE_VECTORS, real, vload, vreal, vset, vstore, vstore_first
from striate.kernels.convolution.tile cimport KernelSweep, block_vectors, run_of_kernel_tiles
from striate.kernels.ops cimport Conv2D

cdef enum:
    MOST_TAPS = 5                       # the k of the largest kernel
    CHUNK_BYTES = 4 * 1024 * 1024       # transformed tiles that the kernel's gradient works on at a time: a part of L3
    CHUNK_TILES = 64                    # the fewest tiles of a chunk
    PIECE_TILES = 64                    # tiles of a chunk that are summed before they are added to the run, for accuracy
    RUN_TILES = 2048                    # tiles of neighbouring chunks that are summed before they are added to the totals


cdef struct KernelGradient:
    Winograd tiling                 # the tiles of the forward convolution; a block of them is a chunk here
    Py_ssize_t y_block, y_step      # steps of the transformed dy: from filter block to filter block, from position to position
    Py_ssize_t sums_block, sums_step    # the same steps of the sums
    bint fused                      # whether a filter block is summed and stored before the next one is summed
    Py_ssize_t run                  # chunks of a run
    Py_ssize_t padded_size          # size of the copy of a tile of x or dy that lies partly outside
    # What the tasks of one step share, with the fields of `tiling`
    real *y                         # the transformed dy of a chunk
    real *sums                      # the sums of a run; if fused, those of each thread's filter block
    real *totals                    # the sums of all runs so far; NULL if there is only one run
    real *compensations             # what rounding took away from the totals
    bint fresh                      # whether this is the first chunk of a run
    bint first, last                # whether this is the first run, and whether it is the last one


cdef KernelGradient kernel_gradient(const Conv2D *op) noexcept nogil:
    cdef KernelGradient job
    cdef Py_ssize_t tile_bytes, blocks
    job.tiling = winograd(op, False)
    blocks = filter_blocks(&job.tiling)
    tile_bytes = job.tiling.positions * (job.tiling.depth + job.tiling.f) * <Py_ssize_t>sizeof(real)
    job.tiling.block = max(min(min(max(CHUNK_BYTES // tile_bytes, CHUNK_TILES), RUN_TILES), job.tiling.tiles), 1)
    job.run = RUN_TILES // job.tiling.block
    job.tiling.v_step = staggered(job.tiling.block * job.tiling.tile_step)
    job.y_block = aligned(job.tiling.block * TILE_VECTORS * LANES)
    job.y_step = staggered(blocks * job.y_block)
    job.sums_block = aligned(job.tiling.depth * TILE_VECTORS * LANES)
    # If one chunk has all tiles, the sums of a filter block are complete at once, and are stored while they are in cache.
    job.fused = job.tiling.block == job.tiling.tiles and blocks >= 2 * op.threads
    job.sums_step = staggered(job.sums_block if job.fused else blocks * job.sums_block)
    job.padded_size = aligned(job.tiling.positions * max(job.tiling.depth, job.tiling.f))
    return job


cdef void transform_pair(const void *gradient, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: transform a tile of x and of dy to its place in the chunk."""
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef const Winograd *tiling = &job.tiling
    cdef const Conv2D *op = tiling.op
    cdef real *padded = <real *>memory
    cdef Place place = tile_origin(tiling, tiling.first + task)
    cdef Py_ssize_t m = tiling.outputs, row_step = op.ow * op.f, column_step = op.f, filter, width, block, i
    cdef const real *dy = <const real *>op.y + place.image * op.oh * row_step + tiling.group * tiling.f
    cdef real *target
    transform_input(tiling, tiling.group, tiling.first + task,
                    tiling.v + task * tiling.tile_step, NULL, padded)
    if place.top + m <= op.oh and place.left + m <= op.ow:
        dy += place.top * row_step + place.left * column_step
    else:
        copy_padded(dy, op.oh, op.ow, op.f, padded, place.top, place.left, m, m, tiling.f)
        dy = padded
        row_step, column_step = m * tiling.f, tiling.f
    for i in range(ceil_div(tiling.f, LANES)):
        filter = i * LANES
        block = filter // (TILE_VECTORS * LANES)
        width = width_of(tiling, block)
        target = job.y + block * job.y_block + task * width + filter % (TILE_VECTORS * LANES)
        weight_tile(tiling, m, dy + filter, row_step, column_step, min(tiling.f - filter, LANES), target, job.y_step)


cdef void add_position(const KernelGradient *job, Py_ssize_t position, Py_ssize_t block, real *sums) noexcept nogil:
    """Add a chunk's products to the sums of one position and one filter block."""
    cdef Py_ssize_t width = width_of(&job.tiling, block)
    cdef Py_ssize_t pieces = ceil_div(job.tiling.count, PIECE_TILES), piece, begin
    cdef KernelSweep sweep
    sweep.images = sweep.rows = 1
    sweep.image_step = sweep.row_step = 0
    sweep.pixel_step = job.tiling.tile_step
    sweep.sum_step = width
    for piece in range(max(pieces, 1)):     # Without tiles, one empty piece sets the sums to zero.
        begin = job.tiling.count * piece // max(pieces, 1)
        sweep.columns = job.tiling.count * (piece + 1) // max(pieces, 1) - begin
        sweep.fresh = job.fresh and piece == 0
        run_of_kernel_tiles(job.tiling.depth, &sweep,
                            job.tiling.v + position * job.tiling.v_step + begin * job.tiling.tile_step,
                            job.y + position * job.y_step + block * job.y_block + begin * width, sums, width // LANES)


cdef void store_kernel(const KernelGradient *job, Py_ssize_t block, Py_ssize_t position, const real *sums) noexcept nogil:
    """Transform the sums of one channel of one phase, at ``position``, and one filter block back, and store them."""
    cdef const Winograd *tiling = &job.tiling
    cdef const Conv2D *op = tiling.op
    cdef Py_ssize_t filters = filters_of(tiling, block), vectors = block_vectors(filters), taps = tiling.taps, s = tiling.stride
    cdef Py_ssize_t phase = position // tiling.c, v, i, y, x
    cdef real *out = <real *>op.kernel + position % tiling.c * op.f + tiling.group * tiling.f + first_filter(tiling, block)
    cdef vreal tile[MOST_TAPS * MOST_TAPS]
    for v in range(vectors):
        output_tile(tiling, taps, sums + (position * vectors + v) * LANES, job.sums_step, tile)
        for i in range(taps * taps):
            y = i // taps * s + phase // s
            x = i % taps * s + phase % s
            if y < op.kh and x < op.kw:
                vstore_first(out + (y * op.kw + x) * tiling.c * op.f + v * LANES, tile[i],
                             min(filters - v * LANES, LANES))


cdef void filter_block(const void *gradient, Py_ssize_t block, void *memory) noexcept nogil:
    """One task if fused: the gradient of one filter block, from a chunk that has all tiles."""
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef real *sums = <real *>memory
    cdef Py_ssize_t position, c
    for position in range(job.tiling.positions):
        add_position(job, position, block, sums + position * job.sums_step)
    for c in range(job.tiling.depth):
        store_kernel(job, block, c, sums)


cdef void add_chunk(const void *gradient, Py_ssize_t position, void *memory) noexcept nogil:
    """One task: add a chunk's products at one position, for all filter blocks."""
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef Py_ssize_t block
    for block in range(filter_blocks(&job.tiling)):
        add_position(job, position, block, job.sums + position * job.sums_step + block * job.sums_block)


cdef void add_run(const void *gradient, Py_ssize_t position, void *memory) noexcept nogil:
    """One task: add the sums of a run at one position to the totals; the last run replaces its sums by the final totals.

    The rounding error of each addition is computed exactly, and collected in the compensations (Knuth, "The art of computer
    programming", vol. 2, 4.2.2, theorem B).
    """
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef Py_ssize_t vectors, block, i, at
    cdef vreal value, total, rest, grown, added
    for block in range(filter_blocks(&job.tiling)):
        vectors = block_vectors(filters_of(&job.tiling, block))
        for i in range(job.tiling.depth * vectors):
            at = position * job.sums_step + block * job.sums_block + i * LANES
            value = vload(job.sums + at)
            total, rest = vset(0), vset(0)
            if not job.first:
                total, rest = vload(job.totals + at), vload(job.compensations + at)
            grown = total + value
            added = grown - total
            rest = rest + ((total - (grown - added)) + (value - added))
            if job.last:
                vstore(job.sums + at, grown + rest)
            else:
                vstore(job.totals + at, grown)
                vstore(job.compensations + at, rest)


cdef void store_channel(const void *gradient, Py_ssize_t c, void *memory) noexcept nogil:
    """One task: store the gradient of one channel of one phase, for all filter blocks."""
    cdef const KernelGradient *job = <const KernelGradient *>gradient
    cdef Py_ssize_t block
    for block in range(filter_blocks(&job.tiling)):
        store_kernel(job, block, c, job.sums + block * job.sums_block)


cdef inline bint one_run(const KernelGradient *job) noexcept nogil:
    return job.tiling.tiles <= job.run * job.tiling.block

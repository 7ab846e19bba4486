"""Recurrent layers over all steps of n sequences, and their gradients.

With p[t] = x[t] W + b, which is computed before, and s[t] = h[t-1] U + a, the step t of each sequence is

    plain   h = tanh(p + s)
    LSTM    i, f, o = sigmoid(p + s) of their columns, g = tanh(p + s);     c[t] = f c[t-1] + i g,  h = o tanh(c)
    GRU     z, r = sigmoid(p + s),  g = tanh(p + r s);                      h[t] = z h[t-1] + (1 - z) g

(Hochreiter & Schmidhuber, "Long short-term memory", Neural Computation 9, 1997, with the forget gate of Gers et al., 2000; Cho
et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation", EMNLP 2014, with the
reset gate after the product). The columns of W and U are the units of the gates in the order i, f, g, o, or z, r, g. Backward
takes the steps in reverse: the gradients of p and s follow from that of h, and ds U' is what h[t-1] gets.

Sequences do not depend on each other: a task takes up to TILE_ROWS of them through all steps, so that threads never wait for
each other. U is copied once to *panels*, in which a block of LANES units has the columns of all of its gates side by side. A
tile of the product, sequences by these columns, is summed in registers, and the gates of the block are computed from it at
once. Backward, a panel of U' has PANEL_VECTORS vectors of units. Each sum runs over the units in order, whatever the tile.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memcpy, memset
from striate.kernels.common.buffers cimport aligned
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, TILE_PIXELS, real, vload, vload_first, vreal, vset, vstore, vstore_first
from striate.kernels.common.vmath cimport vsigmoid, vtanh
from striate.kernels.ops cimport GRU, KERNEL_TABLE, Kernel, KernelTable, LSTM, RecurrentCell, Recurrence, SIMPLE_RNN
from striate.kernels.tasks cimport run_dynamic, run_static, unless_finest

cdef enum:
    MOST_GATES = 4
    MOST_ROWS = 6
    # Sequences of a tile: with the four vectors of an LSTM's gates, as many accumulators as there are registers for
    TILE_ROWS = TILE_PIXELS // 6 * 3
    PANEL_VECTORS = 4       # vectors of units in a panel of U'


cdef inline Py_ssize_t gates_of(RecurrentCell cell) noexcept nogil:
    return 4 if cell == LSTM else 3 if cell == GRU else 1


cdef inline Py_ssize_t blocks_of(const Recurrence *op) noexcept nogil:
    """The number of blocks of LANES units."""
    return ceil_div(op.units, LANES)


cdef inline Py_ssize_t padded_units(const Recurrence *op) noexcept nogil:
    """The units, with those that fill the last panel of U'."""
    return ceil_div(op.units, PANEL_VECTORS * LANES) * PANEL_VECTORS * LANES


# ------------------------------------------------------------------------------------------------------------ the product

cdef inline void multiply_tile(const int rows, const int vectors, const real *a, Py_ssize_t pitch, Py_ssize_t depth,
                               const real *panel, real *out, Py_ssize_t out_pitch) noexcept nogil:
    """out = a @ panel, for (rows, depth) elements of a and a panel of (depth, vectors) vectors."""
    cdef vreal totals[MOST_ROWS][MOST_GATES]
    cdef vreal weights[MOST_GATES]
    cdef vreal factor
    cdef Py_ssize_t k
    cdef int row, v
    for row in range(rows):
        for v in range(vectors):
            totals[row][v] = vset(0)
    for k in range(depth):
        for v in range(vectors):
            weights[v] = vload(panel + (k * vectors + v) * LANES)
        for row in range(rows):
            factor = vset(a[row * pitch + k])
            for v in range(vectors):
                totals[row][v] = totals[row][v] + factor * weights[v]
    for row in range(rows):
        for v in range(vectors):
            vstore(out + row * out_pitch + v * LANES, totals[row][v])


cdef inline void multiply_rows(Py_ssize_t rows, const int vectors, const real *a, Py_ssize_t pitch, Py_ssize_t depth,
                               const real *panel, real *out, Py_ssize_t out_pitch) noexcept nogil:
    """`multiply_tile`, with a number of rows that is not known to the compiler."""
    if rows == 6:
        multiply_tile(6, vectors, a, pitch, depth, panel, out, out_pitch)
    elif rows == 5:
        multiply_tile(5, vectors, a, pitch, depth, panel, out, out_pitch)
    elif rows == 4:
        multiply_tile(4, vectors, a, pitch, depth, panel, out, out_pitch)
    elif rows == 3:
        multiply_tile(3, vectors, a, pitch, depth, panel, out, out_pitch)
    elif rows == 2:
        multiply_tile(2, vectors, a, pitch, depth, panel, out, out_pitch)
    else:
        multiply_tile(1, vectors, a, pitch, depth, panel, out, out_pitch)


cdef void multiply_gates(RecurrentCell cell, Py_ssize_t rows, const real *a, Py_ssize_t pitch, Py_ssize_t depth,
                         const real *panel, real *out) noexcept nogil:
    """The product with the panel of a block of units: (rows, gates) vectors."""
    if cell == LSTM:
        multiply_rows(rows, 4, a, pitch, depth, panel, out, 4 * LANES)
    elif cell == GRU:
        multiply_rows(rows, 3, a, pitch, depth, panel, out, 3 * LANES)
    else:
        multiply_rows(rows, 1, a, pitch, depth, panel, out, LANES)


cdef void pack_block(const void *job, Py_ssize_t block, void *memory) noexcept nogil:
    """Copy the columns of a block of units to its panel, (units, gates) vectors."""
    cdef const Recurrence *op = <const Recurrence *>job
    cdef Py_ssize_t gates = gates_of(op.cell), first = block * LANES, lanes = min(op.units - first, LANES), k, gate
    cdef real *panel = <real *>op.scratch + block * op.units * gates * LANES
    for k in range(op.units):
        for gate in range(gates):
            vstore(panel + (k * gates + gate) * LANES,
                   vload_first(<const real *>op.kernel + (k * gates + gate) * op.units + first, lanes))


cdef void pack_transposed(const void *job, Py_ssize_t part, void *memory) noexcept nogil:
    """Copy some rows of U to the panel of U', (gates units, PANEL_VECTORS) vectors."""
    cdef const Recurrence *op = <const Recurrence *>job
    cdef Py_ssize_t depth = gates_of(op.cell) * op.units, width = PANEL_VECTORS * LANES, unit, k
    cdef real *panel = <real *>op.scratch + part * depth * width
    cdef const real *row
    for unit in range(part * width, (part + 1) * width):
        row = <const real *>op.kernel + unit * depth
        for k in range(depth):
            panel[k * width] = row[k] if unit < op.units else 0
        panel += 1


# --------------------------------------------------------------------------------------------------- the places of a step

cdef struct Step:
    Py_ssize_t first, rows      # the sequences of a tile
    Py_ssize_t at               # the step
    Py_ssize_t before           # the step taken before it, or -1


cdef inline Step step_of(const Recurrence *op, Py_ssize_t tile, Py_ssize_t tiles, Py_ssize_t i) noexcept nogil:
    """The i-th step that is taken, for the sequences of a tile."""
    cdef Step step
    step.first = op.n * tile // tiles
    step.rows = op.n * (tile + 1) // tiles - step.first
    step.at = op.steps - 1 - i if op.backwards else i
    step.before = -1 if i == 0 else step.at + (1 if op.backwards else -1)
    return step


cdef inline Py_ssize_t tiles_of(const Recurrence *op) noexcept nogil:
    return ceil_div(op.n, unless_finest(TILE_ROWS, 1))


cdef inline Py_ssize_t place(const Recurrence *op, Py_ssize_t row, Py_ssize_t at) noexcept nogil:
    """The index of a step of a sequence, in rows of an array of (n, steps) rows."""
    return row * op.steps + at


cdef inline const real *previous_of(const Recurrence *op, const void *sequence, const void *initial, const Step *step,
                                    Py_ssize_t row) noexcept nogil:
    """What a sequence of (n, steps, units) held before a step, (units,), or NULL for zeros."""
    if step.before >= 0:
        return <const real *>sequence + place(op, row, step.before) * op.units
    return <const real *>initial + row * op.units if initial != NULL else NULL


cdef inline vreal load_or_zero(const real *p, Py_ssize_t first, Py_ssize_t lanes) noexcept nogil:
    return vload_first(p + first, lanes) if p != NULL else vset(0)


# ---------------------------------------------------------------------------------------------------------------- forward

cdef inline void take_step(const Recurrence *op, const Step *step, Py_ssize_t row, Py_ssize_t first,
                           const real *sums) noexcept nogil:
    """Compute the gates and the state of a block of units, given its part of s, (gates,) vectors."""
    cdef Py_ssize_t gates = gates_of(op.cell), lanes = min(op.units - first, LANES), at = place(op, row, step.at)
    cdef const real *p = <const real *>op.projections + at * gates * op.units + first
    cdef real *out = <real *>op.gates + at * gates * op.units + first
    cdef real *carry = <real *>op.carry + at * op.units + first
    cdef real *y = <real *>op.y + at * op.units + first
    cdef vreal zero, one, two, three, h
    one = vload_first(p, lanes) + vload(sums)
    if op.cell == SIMPLE_RNN:
        vstore_first(y, vtanh(one), lanes)
        return
    one = vsigmoid(one)
    two = vsigmoid(vload_first(p + op.units, lanes) + vload(sums + LANES))
    three = vload(sums + 2 * LANES)
    if op.cell == LSTM:
        three = vtanh(vload_first(p + 2 * op.units, lanes) + three)
        zero = vsigmoid(vload_first(p + 3 * op.units, lanes) + vload(sums + 3 * LANES))
        vstore_first(out + 3 * op.units, zero, lanes)
        h = two * load_or_zero(previous_of(op, op.carry, op.c0, step, row), first, lanes) + one * three
        vstore_first(carry, h, lanes)
        h = zero * vtanh(h)
    else:
        vstore_first(carry, three, lanes)
        three = vtanh(vload_first(p + 2 * op.units, lanes) + two * three)
        h = three + one * (load_or_zero(previous_of(op, op.y, op.h0, step, row), first, lanes) - three)
    vstore_first(out, one, lanes)
    vstore_first(out + op.units, two, lanes)
    vstore_first(out + 2 * op.units, three, lanes)
    vstore_first(y, h, lanes)


cdef void forward_tile(const void *job, Py_ssize_t tile, void *memory) noexcept nogil:
    cdef const Recurrence *op = <const Recurrence *>job
    cdef Py_ssize_t gates = gates_of(op.cell), i, block, row, gate, lanes
    cdef const real *states
    cdef real *sums = <real *>memory
    cdef Step step
    for i in range(op.steps):
        step = step_of(op, tile, tiles_of(op), i)
        states = previous_of(op, op.y, op.h0, &step, step.first)
        for block in range(blocks_of(op)):
            lanes = min(op.units - block * LANES, LANES)
            if states == NULL:
                memset(sums, 0, step.rows * gates * LANES * sizeof(real))
            else:
                multiply_gates(op.cell, step.rows, states, op.units * (op.steps if step.before >= 0 else 1), op.units,
                               <const real *>op.scratch + block * op.units * gates * LANES, sums)
            for row in range(step.rows):
                if op.bias != NULL:
                    for gate in range(gates):
                        vstore(sums + (row * gates + gate) * LANES, vload(sums + (row * gates + gate) * LANES) + vload_first(
                            <const real *>op.bias + gate * op.units + block * LANES, lanes))
                take_step(op, &step, step.first + row, block * LANES, sums + row * gates * LANES)
    for row in range(step.first, step.first + step.rows):
        if op.h != NULL:
            memcpy(<real *>op.h + row * op.units, <real *>op.y + place(op, row, step.at) * op.units, op.units * sizeof(real))
        if op.c != NULL:
            memcpy(<real *>op.c + row * op.units, <real *>op.carry + place(op, row, step.at) * op.units,
                   op.units * sizeof(real))


# --------------------------------------------------------------------------------------------------------------- backward

cdef inline void take_step_back(const Recurrence *op, const Step *step, Py_ssize_t row, Py_ssize_t first, const real *product,
                                real *direct) noexcept nogil:
    """Compute the gradients of p and s for a block of units.

    ``product`` and ``direct`` are the gradient of h after the step: what came through a product with U', and, with GRU, without
    one. With LSTM, ``direct`` is the gradient of c. Both are (units,), and ``direct`` becomes that before the step.
    """
    cdef Py_ssize_t gates = gates_of(op.cell), lanes = min(op.units - first, LANES), at = place(op, row, step.at)
    cdef const real *gate = <const real *>op.gates + at * gates * op.units + first
    cdef real *dp = <real *>op.dprojections + at * gates * op.units + first
    cdef real *ds = <real *>op.dstates + at * gates * op.units + first
    cdef vreal unit = vset(1), dh = vload(product + first), one, two, three, four, dc
    cdef vreal before = load_or_zero(previous_of(op, op.y, op.h0, step, row), first, lanes)
    if op.dy != NULL:
        dh = dh + vload_first(<const real *>op.dy + at * op.units + first, lanes)
    vstore_first(<real *>op.previous + at * op.units + first, before, lanes)
    if op.cell == SIMPLE_RNN:
        one = vload_first(<const real *>op.y + at * op.units + first, lanes)
        vstore_first(dp, dh * (unit - one * one), lanes)
        return
    one, two = vload_first(gate, lanes), vload_first(gate + op.units, lanes)
    three = vload_first(gate + 2 * op.units, lanes)
    if op.cell == LSTM:
        four = vload_first(gate + 3 * op.units, lanes)
        dc = vtanh(vload_first(<const real *>op.carry + at * op.units + first, lanes))
        vstore_first(dp + 3 * op.units, dh * dc * (four * (unit - four)), lanes)
        dc = vload(direct + first) + dh * four * (unit - dc * dc)
        vstore(direct + first, dc * two)
        before = load_or_zero(previous_of(op, op.carry, op.c0, step, row), first, lanes)
        vstore_first(dp, dc * three * (one * (unit - one)), lanes)
        vstore_first(dp + op.units, dc * before * (two * (unit - two)), lanes)
        vstore_first(dp + 2 * op.units, dc * one * (unit - three * three), lanes)
        return
    dh = dh + vload(direct + first)
    vstore(direct + first, dh * one)
    dc = dh * (unit - one) * (unit - three * three)     # of the candidate's argument
    one = dh * (before - three) * (one * (unit - one))
    three = dc * vload_first(<const real *>op.carry + at * op.units + first, lanes) * (two * (unit - two))
    vstore_first(dp, one, lanes)
    vstore_first(dp + op.units, three, lanes)
    vstore_first(dp + 2 * op.units, dc, lanes)
    vstore_first(ds, one, lanes)
    vstore_first(ds + op.units, three, lanes)
    vstore_first(ds + 2 * op.units, dc * two, lanes)


cdef void backward_tile(const void *job, Py_ssize_t tile, void *memory) noexcept nogil:
    cdef const Recurrence *op = <const Recurrence *>job
    cdef Py_ssize_t width = padded_units(op), depth = gates_of(op.cell) * op.units, i, block, row, part
    cdef real *product = <real *>memory
    cdef real *direct = product + TILE_ROWS * width
    cdef const real *gradients = <const real *>(op.dstates if op.cell == GRU else op.dprojections)
    cdef Step step = step_of(op, tile, tiles_of(op), 0)
    memset(product, 0, 2 * TILE_ROWS * width * sizeof(real))
    for row in range(step.rows):
        if op.dh != NULL:
            memcpy(product + row * width, <const real *>op.dh + (step.first + row) * op.units, op.units * sizeof(real))
        if op.dc != NULL:
            memcpy(direct + row * width, <const real *>op.dc + (step.first + row) * op.units, op.units * sizeof(real))
    for i in range(op.steps - 1, -1, -1):
        step = step_of(op, tile, tiles_of(op), i)
        for row in range(step.rows):
            for block in range(blocks_of(op)):
                take_step_back(op, &step, step.first + row, block * LANES, product + row * width, direct + row * width)
        if i > 0 or op.dh0 != NULL:
            for part in range(width // (PANEL_VECTORS * LANES)):
                multiply_rows(step.rows, PANEL_VECTORS, gradients + place(op, step.first, step.at) * depth, op.steps * depth,
                              depth, <const real *>op.scratch + part * depth * PANEL_VECTORS * LANES,
                              product + part * PANEL_VECTORS * LANES, width)
    for row in range(step.rows):
        if op.dh0 != NULL and op.cell == GRU:
            for block in range(blocks_of(op)):
                vstore(product + row * width + block * LANES,
                       vload(product + row * width + block * LANES) + vload(direct + row * width + block * LANES))
        if op.dh0 != NULL:
            memcpy(<real *>op.dh0 + (step.first + row) * op.units, product + row * width, op.units * sizeof(real))
        if op.dc0 != NULL:
            memcpy(<real *>op.dc0 + (step.first + row) * op.units, direct + row * width, op.units * sizeof(real))


# ------------------------------------------------------------------------------------------------------------------ entry

cdef inline Py_ssize_t forward_panels(const Recurrence *op) noexcept nogil:
    return aligned(blocks_of(op) * LANES * op.units * gates_of(op.cell))


cdef inline Py_ssize_t backward_panels(const Recurrence *op) noexcept nogil:
    return aligned(padded_units(op) * op.units * gates_of(op.cell))


cdef inline Py_ssize_t forward_memory(const Recurrence *op) noexcept nogil:
    """Elements of working memory of a thread: s, for a tile and a block of units."""
    return aligned(TILE_ROWS * gates_of(op.cell) * LANES)


cdef inline Py_ssize_t backward_memory(const Recurrence *op) noexcept nogil:
    """Elements of working memory of a thread: the gradients that go from step to step."""
    return aligned(2 * TILE_ROWS * padded_units(op))


cdef size_t recurrence_forward_scratch(const void *arguments) noexcept nogil:
    cdef const Recurrence *op = <const Recurrence *>arguments
    return (forward_panels(op) + op.threads * forward_memory(op)) * sizeof(real)


cdef size_t recurrence_backward_scratch(const void *arguments) noexcept nogil:
    cdef const Recurrence *op = <const Recurrence *>arguments
    return (backward_panels(op) + op.threads * backward_memory(op)) * sizeof(real)


cdef void recurrence_forward(const void *arguments) noexcept nogil:
    cdef const Recurrence *op = <const Recurrence *>arguments
    run_static(pack_block, op, blocks_of(op), op.threads, NULL, 0)
    run_dynamic(forward_tile, op, tiles_of(op), op.threads, <real *>op.scratch + forward_panels(op),
                forward_memory(op) * <Py_ssize_t>sizeof(real))


cdef void recurrence_backward(const void *arguments) noexcept nogil:
    cdef const Recurrence *op = <const Recurrence *>arguments
    run_static(pack_transposed, op, padded_units(op) // (PANEL_VECTORS * LANES), op.threads, NULL, 0)
    run_dynamic(backward_tile, op, tiles_of(op), op.threads, <real *>op.scratch + backward_panels(op),
                backward_memory(op) * <Py_ssize_t>sizeof(real))


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.recurrence_forward = Kernel(recurrence_forward, recurrence_forward_scratch)
    table.recurrence_backward = Kernel(recurrence_backward, recurrence_backward_scratch)

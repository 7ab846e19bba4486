"""Recurrent layers."""
from striate.kernels.ops cimport GRU, LSTM, RecurrentCell, Recurrence, SIMPLE_RNN

cdef dict cell_codes = {"lstm": LSTM, "gru": GRU, "simple_rnn": SIMPLE_RNN}
cdef dict gates_of_cells = {"lstm": 4, "gru": 3, "simple_rnn": 1}


cdef void *part(object array, const Array *y, Py_ssize_t size, bint written=False, bint needed=False) except? NULL:
    """The data of an array of ``size`` elements and the dtype of y, or NULL for None."""
    cdef Array a
    require(array is not None or not needed)
    if array is None:
        return NULL
    a = write(array, -1) if written else read(array, -1)
    require(a.dtype == y.dtype and a.size == size)
    return a.data


cdef Recurrence recurrence(object kernel, bias, h0, c0, const Array *y, gates, carry, str cell, bint backwards, int threads,
                           bint written) except *:
    """The arguments that both directions share; ``written`` are y, gates and carry."""
    cdef Array ak = read(kernel, 2)
    cdef Recurrence op
    cdef Py_ssize_t rows = y.shape[0] * y.shape[1], columns = gates_of_cells[cell] * y.shape[2]
    op.cell = <RecurrentCell>code_of("cell", cell, cell_codes)
    op.n, op.steps, op.units = y.shape[0], y.shape[1], y.shape[2]
    op.backwards = backwards
    require(ak.dtype == y.dtype and ak.shape[0] == op.units and ak.shape[1] == columns)
    require(min(op.steps, op.units, threads) > 0)
    op.kernel, op.y = ak.data, y.data
    op.bias, op.h0 = part(bias, y, columns), part(h0, y, op.n * op.units)
    op.c0 = part(c0, y, op.n * op.units)
    op.gates = y.data if op.cell == SIMPLE_RNN else part(gates, y, rows * columns, written, True)
    op.carry = NULL if op.cell == SIMPLE_RNN else part(carry, y, y.size, written, True)
    op.projections = op.h = op.c = op.dprojections = op.dstates = op.previous = op.dh0 = op.dc0 = op.scratch = NULL
    op.dy = op.dh = op.dc = NULL
    require(op.c0 == NULL or op.cell == LSTM)
    op.threads = threads_for(<double>rows * columns * (op.units + POWER), threads)
    return op


def recurrence_forward(projections, kernel, y, *, bias=None, h0=None, c0=None, gates=None, carry=None, h=None, c=None, str cell,
                       bint backwards=False, int threads, Program program=None):
    """y = the states of a "lstm", "gru" or "simple_rnn" after each step; gates and carry are what backward needs."""
    cdef Array ay = write(y, 3)
    cdef Recurrence op = recurrence(kernel, bias, h0, c0, &ay, gates, carry, cell, backwards, threads, True)
    op.projections = part(projections, &ay, ay.size * gates_of_cells[cell], False, True)
    op.h, op.c = part(h, &ay, op.n * op.units, True), part(c, &ay, op.n * op.units, True)
    require(op.c == NULL or op.cell == LSTM)
    perform(program, &kernel_table(ay.dtype).recurrence_forward, &op, sizeof(op), op.threads, &op.scratch)


def recurrence_backward(kernel, y, dprojections, previous, *, bias=None, h0=None, c0=None, gates=None, carry=None, dy=None,
                        dh=None, dc=None, dstates=None, dh0=None, dc0=None, str cell, bint backwards=False, int threads,
                        Program program=None):
    """dprojections, dstates, dh0, dc0 = gradients of sum(dy y) + sum(dh h) + sum(dc c); previous = the states before steps."""
    cdef Array ay = read(y, 3)
    cdef Recurrence op = recurrence(kernel, bias, h0, c0, &ay, gates, carry, cell, backwards, threads, False)
    op.dprojections = part(dprojections, &ay, ay.size * gates_of_cells[cell], True, True)
    op.dstates = part(dstates, &ay, ay.size * gates_of_cells[cell], True, op.cell == GRU)
    op.previous = part(previous, &ay, ay.size, True, True)
    op.dy, op.dh, op.dc = part(dy, &ay, ay.size), part(dh, &ay, op.n * op.units), part(dc, &ay, op.n * op.units)
    op.dh0, op.dc0 = part(dh0, &ay, op.n * op.units, True), part(dc0, &ay, op.n * op.units, True)
    require(op.cell == LSTM or (op.dc == NULL and op.dc0 == NULL))
    perform(program, &kernel_table(ay.dtype).recurrence_backward, &op, sizeof(op), op.threads, &op.scratch)

"""Activations and softmax."""
from striate.kernels.ops cimport LOG, Rowwise, SCALE


cdef Rowwise rowwise(const Array *x, Py_ssize_t columns, str activation, double alpha, int threads) except *:
    cdef Rowwise op
    require(columns > 0 and x.size % columns == 0 and threads > 0)
    op.x = x.data
    op.dy = NULL
    op.y = NULL
    op.columns = columns
    op.rows = x.size // columns
    op.activation = <ActivationCode>code_of("activation", activation, activation_codes)
    op.alpha = alpha
    require(x.dtype != BFLOAT16 or (op.activation != SOFTMAX and op.activation != LOG_SOFTMAX))
    op.threads = threads_for(2.0 * ACCESS * x.size, threads)
    return op


def activation_forward(x, y, *, Py_ssize_t columns, str activation, double alpha=1, int threads, Program program=None):
    """y = activation(x), where softmax and log-softmax run over rows of ``columns`` elements; y may be x.

    x and y may be bfloat16, except with softmax and log-softmax.
    """
    cdef char format = bfloat16_format(x)
    cdef Array ax = read(x, -1, format), ay = write(y, -1, format)
    cdef Rowwise op = rowwise(&ax, columns, activation, alpha, threads)
    require_same(&ax, &ay)
    op.y = ay.data
    perform(program, &kernel_table(ax.dtype).activation_forward, &op, sizeof(op), op.threads)


def activation_backward(dy, saved, dx, *, Py_ssize_t columns, str activation, double alpha=1, int threads,
                        Program program=None):
    """dx = the gradient of sum(dy * activation(x)); ``saved`` is y or x, see `derive`; dx may be dy."""
    cdef Array ady = read(dy, -1), asaved = read(saved, -1), adx = write(dx, -1)
    cdef Rowwise op = rowwise(&asaved, columns, activation, alpha, threads)
    require(op.activation != LOG and op.activation != SCALE)
    require_same(&ady, &asaved)
    require_same(&adx, &asaved)
    op.dy = ady.data
    op.y = adx.data
    perform(program, &kernel_table(ady.dtype).activation_backward, &op, sizeof(op), op.threads)

"""Losses, each computed together with its gradient, with which backpropagation begins."""
from libc.stdint cimport int64_t
from striate.kernels.ops cimport BINARY_CROSSENTROPY, CROSSENTROPY, Loss, LossFunction, SPARSE_CROSSENTROPY, SQUARED_ERROR


cdef int loss(Program program, LossFunction function, const Array *predictions, void *targets, object gradient, object value,
              row_weights, double weight, bint from_logits, int threads, double gamma=0, double positive_weight=1,
              double negative_weight=1) except -1:
    """Execute a loss over (rows, columns) ``predictions``; ``row_weights`` has a weight for each run of rows, or is None."""
    cdef Array agradient = write(gradient, -1), avalue = write(value, 1), weights
    cdef Loss op
    require_same(predictions, &agradient)
    require_no_overlap(&agradient, predictions)
    require(avalue.dtype == FLOAT64 and avalue.size == 1 and threads > 0 and predictions.size > 0)
    op.predictions, op.targets, op.gradient, op.value = predictions.data, targets, agradient.data, <double *>avalue.data
    op.columns = predictions.shape[1]
    op.rows = predictions.shape[0]
    op.row_weights, op.rows_per_weight = NULL, 1
    if row_weights is not None:
        weights = read(row_weights, 1)
        require(weights.dtype == predictions.dtype and weights.size > 0 and op.rows % weights.size == 0)
        op.row_weights, op.rows_per_weight = weights.data, op.rows // weights.size
    op.function, op.weight, op.from_logits = function, weight, from_logits
    op.gamma, op.positive_weight, op.negative_weight = gamma, positive_weight, negative_weight
    op.threads = threads_for(<double>POWER * predictions.size, threads)
    return perform(program, &kernel_table(predictions.dtype).loss, &op, sizeof(op), op.threads, &op.scratch)


def sparse_crossentropy(predictions, const int64_t[::1] targets, gradient, value, *, row_weights=None, double weight=1,
                        bint from_logits, int threads, Program program=None):
    """value = the mean over rows i of -log predictions[i, targets[i]], and its gradient."""
    cdef Array p = read(predictions, 2)
    require(targets.shape[0] == p.shape[0])
    loss(program, SPARSE_CROSSENTROPY, &p, <void *>&targets[0], gradient, value, row_weights, weight,
         from_logits, threads)


def crossentropy(predictions, targets, gradient, value, *, row_weights=None, double weight=1, bint from_logits, int threads,
                 Program program=None):
    """value = the mean over rows of -sum(targets log predictions), and its gradient."""
    cdef Array p = read(predictions, 2), t = read(targets, 2)
    require_same(&p, &t)
    loss(program, CROSSENTROPY, &p, t.data, gradient, value, row_weights, weight, from_logits,
         threads)


def binary_crossentropy(predictions, targets, gradient, value, *, row_weights=None, double weight=1, bint from_logits,
                        double gamma=0, double positive_weight=1, double negative_weight=1, int threads, Program program=None):
    """value = the mean of -(p targets log predictions + n (1 - targets) log(1 - predictions)), and its gradient.

    p and n are the weights of positive and negative targets. Each element is multiplied by the power ``gamma`` of its
    prediction's error, as in focal loss.
    """
    cdef Array p = read(predictions, 2), t = read(targets, 2)
    require_same(&p, &t)
    loss(program, BINARY_CROSSENTROPY, &p, t.data, gradient, value, row_weights, weight, from_logits,
         threads, gamma, positive_weight, negative_weight)


def squared_error(predictions, targets, gradient, value, *, row_weights=None, double weight=1, int threads,
                  Program program=None):
    """value = the mean of (predictions - targets)², and its gradient."""
    cdef Array p = read(predictions, 2), t = read(targets, 2)
    require_same(&p, &t)
    loss(program, SQUARED_ERROR, &p, t.data, gradient, value, row_weights, weight, False, threads)

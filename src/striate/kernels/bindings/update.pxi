"""Optimizer steps, moving means, penalties on weights, and the scale that clips the global norm of gradients."""
from cpython.bytearray cimport PyByteArray_AsString
from libc.math cimport INFINITY
from striate.kernels.ops cimport ADAGRAD, ADAM, ClipNorm, LION, MOVING_MEAN, Penalty, RMSPROP, SGD, Update, UpdateMethod

cdef dict update_methods = {"sgd": SGD, "adam": ADAM, "rmsprop": RMSPROP, "adagrad": ADAGRAD, "lion": LION}


cdef const double *float64_data(object array, Py_ssize_t count) except NULL:
    """The address of ``count`` float64 numbers."""
    cdef Array numbers = read(array, 1)
    require(numbers.dtype == FLOAT64 and numbers.size == count)
    return <const double *>numbers.data


cdef Update update(const Array *parameter, const Array *gradient, int threads) except *:
    cdef Update op
    require_same(parameter, gradient)
    require(threads > 0)
    op.parameter, op.gradient = parameter.data, gradient.data
    op.moment1, op.moment2, op.moment3 = NULL, NULL, NULL
    op.size = parameter.size
    op.rates, op.scale = NULL, NULL
    op.clip, op.weight_decay = INFINITY, 0
    op.momentum = op.beta1 = op.beta2 = op.epsilon = 0
    op.nesterov = False
    op.threads = threads_for(4.0 * ACCESS * op.size, threads)
    return op


cdef void *moment(object array, const Array *parameter) except? NULL:
    """The address of an optimizer's state for a parameter, or NULL for None."""
    cdef Array a
    if array is None:
        return NULL
    a = write(array, -1)
    require_same(&a, parameter)
    return a.data


def optimizer_step(parameter, gradient, *, str method, moment1=None, moment2=None, moment3=None, rates, scale=None,
                   double clip=INFINITY, double weight_decay=0, double momentum=0, double beta1=0, double beta2=0,
                   double epsilon=0, bint nesterov=False, int threads, Program program=None):
    """One step of "sgd", "adam", "rmsprop", "adagrad" or "lion", in place.

    ``rates`` has two float64 numbers, the step size and the learning rate; ``scale`` has one, a factor of the gradient, or is
    None.
    """
    cdef Array w = write(parameter, -1), g = read(gradient, -1)
    cdef Update op = update(&w, &g, threads)
    op.moment1, op.moment2, op.moment3 = moment(moment1, &w), moment(moment2, &w), moment(moment3, &w)
    op.rates = float64_data(rates, 2)
    if scale is not None:
        op.scale = float64_data(scale, 1)
    if program is not None:     # Optimizers own these arrays, and may drop them while the program still exists.
        program.keep((moment1, moment2, moment3, rates, scale))
    op.clip, op.weight_decay = clip, weight_decay
    op.momentum, op.beta1, op.beta2, op.epsilon, op.nesterov = momentum, beta1, beta2, epsilon, nesterov
    op.method = <UpdateMethod>code_of("method", method, update_methods)
    if op.method == ADAM or op.method == LION or (op.method == SGD and nesterov):
        require(op.moment1 != NULL)
    if op.method == ADAM or op.method == RMSPROP or op.method == ADAGRAD:
        require(op.moment2 != NULL)
    perform(program, &kernel_table(w.dtype).update, &op, sizeof(op), op.threads)


def moving_mean(mean, value, *, double momentum, int threads, Program program=None):
    """mean += (value - mean) * (1 - momentum)."""
    cdef Array m = write(mean, -1), v = read(value, -1)
    cdef Update op = update(&m, &v, threads)
    op.method, op.momentum = MOVING_MEAN, momentum
    perform(program, &kernel_table(m.dtype).update, &op, sizeof(op), op.threads)


def penalty(x, gradient, value, *, double l1=0, double l2=0, int threads, Program program=None):
    """value = sum of l1 |x| + l2 x², a single float64, and its gradient."""
    cdef Array ax = read(x, -1), agradient = write(gradient, -1), avalue = write(value, 1)
    cdef Penalty op
    require_same(&ax, &agradient)
    require(avalue.dtype == FLOAT64 and avalue.size == 1 and ax.size > 0 and threads > 0)
    op.x, op.gradient, op.value, op.size = ax.data, agradient.data, <double *>avalue.data, ax.size
    op.l1, op.l2 = l1, l2
    op.threads = threads_for(2.0 * ACCESS * ax.size, threads)
    perform(program, &kernel_table(ax.dtype).penalty, &op, sizeof(op), op.threads, &op.scratch)


def clip_norm(list gradients, scale, *, double limit, int threads, Program program=None):
    """scale = limit / max(global norm of the gradients, limit), a single float64."""
    cdef Py_ssize_t count = len(gradients), i
    cdef bytearray table = table_of(program, count * (sizeof(void *) + sizeof(Py_ssize_t)))
    cdef Array gradient, ascale = write(scale, 1)
    cdef ClipNorm op
    cdef Py_ssize_t *sizes
    cdef double work = 0
    require(count > 0 and limit > 0 and ascale.dtype == FLOAT64 and ascale.size == 1 and threads > 0)
    op.gradients = <void **>PyByteArray_AsString(table)
    op.sizes = sizes = <Py_ssize_t *>(op.gradients + count)
    op.scale, op.count, op.limit = <double *>ascale.data, count, limit
    cdef Dtype dtype = read(gradients[0], -1).dtype
    for i in range(count):
        gradient = read(gradients[i], -1)
        require(gradient.dtype == dtype)
        op.gradients[i], sizes[i] = gradient.data, gradient.size
        work += ACCESS * gradient.size
    op.threads = threads_for(work, threads)
    perform(program, &kernel_table(dtype).clip_norm, &op, sizeof(op), op.threads, &op.scratch)

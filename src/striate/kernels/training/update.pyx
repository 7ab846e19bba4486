"""One step of an optimizer over a parameter, in place: one pass over its memory.

First the gradient is multiplied by a scale and cut off at ± clip, and the parameter loses a part of itself (weight decay as in
Loshchilov & Hutter, "Decoupled weight decay regularization", 2019):

    g = min(max(scale g, -clip), clip);   w -= lr decay w

SGD (Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, as in Keras):

    v = momentum v - s g;   w += v, or with Nesterov's look-ahead  w += momentum v - s g

Adam (Kingma & Ba, "Adam: a method for stochastic optimization", 2015, the form before section 2.1's end; the step size s has
the bias corrections in it), or AMSGrad (Reddi et al., "On the convergence of Adam and beyond", 2018), which divides by the
largest v:

    m += (g - m) (1 - beta1);   v += (g² - v) (1 - beta2);   w -= s m / (sqrt(v) + epsilon)

RMSprop (Hinton, "Neural networks for machine learning", lecture 6e, 2012), centered by the mean of gradients m, or not:

    v += (g² - v) (1 - rho);   m += (g - m) (1 - rho);   u = momentum u + s g / sqrt(v - m² + epsilon);   w -= u

Adagrad (Duchi, Hazan & Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011):

    v += g²;   w -= s g / sqrt(v + epsilon)

Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023, program 1):

    w -= s sign(beta1 m + (1 - beta1) g);   m += (g - m) (1 - beta2)

Beside them, the moving means of batch normalization, w += (g - w) s, the scale that limits the norm of gradients, and penalties
on the size of weights, l1 |w| + l2 w², with their gradients. Sums are taken in double precision, chunk by chunk in order, so
that threads change nothing.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.math cimport fabs, sqrt
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport real, real_sqrt
from striate.kernels.ops cimport ADAGRAD, ADAM, ClipNorm, KERNEL_TABLE, Kernel, KernelTable, LION, Penalty, RMSPROP, SGD, Update
from striate.kernels.tasks cimport CHUNK, run_serial, run_static, task_function, unless_finest

cdef enum:
    WHOLE_VECTORS = 64      # elements of a task, at least: what a loop leaves over after its vectors may be rounded otherwise
    PENALTY_CHUNK = 4096    # elements of a part of a penalty's sum
    NORM_CHUNK = 65536      # elements of a part of a norm's sum


cdef struct Part:
    # What a task works on
    real *w
    const real *g
    Py_ssize_t start, size
    real step, scale, clip, keep        # w is multiplied by the last


cdef inline Py_ssize_t update_chunk_size() noexcept nogil:
    return unless_finest(CHUNK, WHOLE_VECTORS)


cdef inline Part part_of(const Update *op, Py_ssize_t task) noexcept nogil:
    cdef Part part
    part.start = task * update_chunk_size()
    part.size = min(update_chunk_size(), op.size - part.start)
    part.w = <real *>op.parameter + part.start
    part.g = <const real *>op.gradient + part.start
    part.step = op.rates[0] if op.rates != NULL else 0
    part.scale = op.scale[0] if op.scale != NULL else 1
    part.clip = op.clip
    part.keep = 1 - op.rates[1] * op.weight_decay if op.rates != NULL else 1
    return part


cdef inline real *moment(void *array, const Part *part) noexcept nogil:
    return <real *>array + part.start if array != NULL else NULL


cdef inline real gradient(const Part *part, Py_ssize_t i) noexcept nogil:
    cdef real g = part.g[i] * part.scale
    g = part.clip if g > part.clip else g
    return -part.clip if g < -part.clip else g


cdef void sgd_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Update *op = <const Update *>job
    cdef Part part = part_of(op, task)
    cdef Py_ssize_t i
    cdef real *w = part.w
    cdef real *v = moment(op.moment1, &part)
    cdef real momentum = op.momentum, s = part.step, keep = part.keep
    if v == NULL:
        for i in range(part.size):
            w[i] = w[i] * keep - s * gradient(&part, i)
    elif op.nesterov:
        for i in range(part.size):
            v[i] = momentum * v[i] - s * gradient(&part, i)
            w[i] = w[i] * keep + momentum * v[i] - s * gradient(&part, i)
    else:
        for i in range(part.size):
            v[i] = momentum * v[i] - s * gradient(&part, i)
            w[i] = w[i] * keep + v[i]


# What an optimizer may be without, a constant of the functions below says: a vectorized loop that asks for each element would
# load from an array that is not there under a mask of zeros, which processors do a hundred times slower than any other load.

cdef inline void adam_elements(const bint amsgrad, const Update *op, const Part *part) noexcept nogil:
    cdef Py_ssize_t i
    cdef real *w = part.w
    cdef real *m = moment(op.moment1, part)
    cdef real *v = moment(op.moment2, part)
    cdef real *most = moment(op.moment3, part)
    cdef real s = part.step, keep = part.keep, keep1 = 1 - op.beta1, keep2 = 1 - op.beta2, epsilon = op.epsilon, g, second
    for i in range(part.size):
        g = gradient(part, i)
        m[i] = m[i] + (g - m[i]) * keep1
        v[i] = v[i] + (g * g - v[i]) * keep2
        second = v[i]
        if amsgrad:
            most[i] = second if second > most[i] else most[i]
            second = most[i]
        w[i] = w[i] * keep - s * m[i] / (real_sqrt(second) + epsilon)


cdef void adam_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Update *op = <const Update *>job
    cdef Part part = part_of(op, task)
    if op.moment3 != NULL:
        adam_elements(True, op, &part)
    else:
        adam_elements(False, op, &part)


cdef inline void rmsprop_elements(const bint centered, const bint has_momentum, const Update *op,
                                  const Part *part) noexcept nogil:
    cdef Py_ssize_t i
    cdef real *w = part.w
    cdef real *u = moment(op.moment1, part)
    cdef real *v = moment(op.moment2, part)
    cdef real *m = moment(op.moment3, part)
    cdef real s = part.step, keep = part.keep, keep2 = 1 - op.beta2, momentum = op.momentum, epsilon = op.epsilon, g, square
    for i in range(part.size):
        g = gradient(part, i)
        v[i] = v[i] + (g * g - v[i]) * keep2
        square = 0
        if centered:
            m[i] = m[i] + (g - m[i]) * keep2
            square = m[i] * m[i]
        g = s * g / real_sqrt(v[i] - square + epsilon)
        if has_momentum:
            u[i] = momentum * u[i] + g
            g = u[i]
        w[i] = w[i] * keep - g


cdef void rmsprop_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Update *op = <const Update *>job
    cdef Part part = part_of(op, task)
    if op.moment3 != NULL and op.moment1 != NULL:
        rmsprop_elements(True, True, op, &part)
    elif op.moment3 != NULL:
        rmsprop_elements(True, False, op, &part)
    elif op.moment1 != NULL:
        rmsprop_elements(False, True, op, &part)
    else:
        rmsprop_elements(False, False, op, &part)


cdef void adagrad_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Update *op = <const Update *>job
    cdef Part part = part_of(op, task)
    cdef Py_ssize_t i
    cdef real *w = part.w
    cdef real *v = moment(op.moment2, &part)
    cdef real s = part.step, keep = part.keep, epsilon = op.epsilon, g
    for i in range(part.size):
        g = gradient(&part, i)
        v[i] = v[i] + g * g
        w[i] = w[i] * keep - s * g / real_sqrt(v[i] + epsilon)


cdef void lion_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Update *op = <const Update *>job
    cdef Part part = part_of(op, task)
    cdef Py_ssize_t i
    cdef real *w = part.w
    cdef real *m = moment(op.moment1, &part)
    cdef real s = part.step, keep = part.keep, beta1 = op.beta1, keep2 = 1 - op.beta2, g, direction
    for i in range(part.size):
        g = gradient(&part, i)
        direction = beta1 * m[i] + (1 - beta1) * g
        w[i] = w[i] * keep - (s if direction > 0 else (-s if direction < 0 else 0))
        m[i] = m[i] + (g - m[i]) * keep2


cdef void moving_mean_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Update *op = <const Update *>job
    cdef Part part = part_of(op, task)
    cdef real rest = 1 - op.momentum
    cdef Py_ssize_t i
    for i in range(part.size):
        part.w[i] = part.w[i] + (part.g[i] - part.w[i]) * rest


cdef void update(const void *arguments) noexcept nogil:
    cdef const Update *op = <const Update *>arguments
    cdef task_function chunk = moving_mean_chunk
    if op.method == SGD: chunk = sgd_chunk
    elif op.method == ADAM: chunk = adam_chunk
    elif op.method == RMSPROP: chunk = rmsprop_chunk
    elif op.method == ADAGRAD: chunk = adagrad_chunk
    elif op.method == LION: chunk = lion_chunk
    run_static(chunk, op, ceil_div(op.size, update_chunk_size()), op.threads, NULL, 0)


# ------------------------------------------------------------------------------------------------------------------- norm

cdef Py_ssize_t chunks_of(const ClipNorm *op) noexcept nogil:
    cdef Py_ssize_t i, chunks = 0
    for i in range(op.count):
        chunks += ceil_div(op.sizes[i], NORM_CHUNK)
    return chunks


cdef void squares_of_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const ClipNorm *op = <const ClipNorm *>job
    cdef Py_ssize_t array = 0, chunk = task, i
    cdef double total = 0
    cdef const real *g
    while chunk >= ceil_div(op.sizes[array], NORM_CHUNK):
        chunk -= ceil_div(op.sizes[array], NORM_CHUNK)
        array += 1
    g = <const real *>op.gradients[array] + chunk * NORM_CHUNK
    for i in range(min(NORM_CHUNK, op.sizes[array] - chunk * NORM_CHUNK)):
        total += <double>g[i] * g[i]
    (<double *>op.scratch)[task] = total


cdef void scale_of_squares(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const ClipNorm *op = <const ClipNorm *>job
    cdef double total = 0
    cdef Py_ssize_t i
    for i in range(chunks_of(op)):
        total += (<const double *>op.scratch)[i]
    op.scale[0] = op.limit / max(sqrt(total), op.limit)


cdef void clip_norm(const void *arguments) noexcept nogil:
    cdef const ClipNorm *op = <const ClipNorm *>arguments
    run_static(squares_of_chunk, op, chunks_of(op), op.threads, NULL, 0)
    run_serial(scale_of_squares, op, 1, NULL)


cdef size_t clip_norm_scratch(const void *arguments) noexcept nogil:
    cdef const ClipNorm *op = <const ClipNorm *>arguments
    return chunks_of(op) * sizeof(double)


# ---------------------------------------------------------------------------------------------------------------- penalty

cdef void penalty_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Penalty *op = <const Penalty *>job
    cdef Py_ssize_t start = task * PENALTY_CHUNK, i
    cdef const real *x = <const real *>op.x + start
    cdef real *g = <real *>op.gradient + start
    cdef real l1 = op.l1, twice_l2 = 2 * op.l2
    cdef double sizes = 0, squares = 0
    for i in range(min(PENALTY_CHUNK, op.size - start)):
        sizes += fabs(x[i])
        squares += <double>x[i] * x[i]
        g[i] = twice_l2 * x[i] + (l1 if x[i] > 0 else (-l1 if x[i] < 0 else 0))
    (<double *>op.scratch)[task] = op.l1 * sizes + op.l2 * squares


cdef void add_penalties(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Penalty *op = <const Penalty *>job
    cdef double total = 0
    cdef Py_ssize_t i
    for i in range(ceil_div(op.size, PENALTY_CHUNK)):
        total += (<const double *>op.scratch)[i]
    op.value[0] = total


cdef void penalty(const void *arguments) noexcept nogil:
    cdef const Penalty *op = <const Penalty *>arguments
    run_static(penalty_chunk, op, ceil_div(op.size, PENALTY_CHUNK), op.threads, NULL, 0)
    run_serial(add_penalties, op, 1, NULL)


cdef size_t penalty_scratch(const void *arguments) noexcept nogil:
    cdef const Penalty *op = <const Penalty *>arguments
    return ceil_div(op.size, PENALTY_CHUNK) * sizeof(double)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.update = Kernel(update, NULL)
    table.clip_norm = Kernel(clip_norm, clip_norm_scratch)
    table.penalty = Kernel(penalty, penalty_scratch)

"""Batch, group and local response normalization; scaling and shifting channels."""
from striate.kernels.ops cimport BatchNormalization, GroupNormalization, LINEAR, LocalResponseNormalization, ScaleShift


cdef BatchNormalization batch_norm(const Array *x, const Array *mean, const Array *variance, double work,
                                   int threads) except *:
    """``work`` is the cost of an element in multiply-adds."""
    cdef BatchNormalization op
    require(mean.size > 0 and x.size % mean.size == 0 and threads > 0)
    require(x.dtype == mean.dtype)
    require_same(mean, variance)
    op.x, op.y, op.dx = x.data, NULL, NULL
    op.mean, op.variance, op.gamma, op.beta, op.residual = mean.data, variance.data, NULL, NULL, NULL
    op.dgamma, op.dbeta, op.scratch = NULL, NULL, NULL
    op.channels = mean.size
    op.rows = x.size // mean.size
    op.epsilon = 0
    op.training = False
    op.activation = LINEAR
    op.negative_slope = 0
    op.threads = threads_for(work * x.size, threads)
    return op


def moments(x, mean, variance, *, int threads, Program program=None):
    """mean, variance = the mean and the biased variance of x over all axes but the last."""
    cdef Array ax = read(x, -1), amean = write(mean, 1), avariance = write(variance, 1)
    cdef BatchNormalization op = batch_norm(&ax, &amean, &avariance, 2 * ACCESS, threads)
    require(op.rows > 0)
    perform(program, &kernel_table(ax.dtype).moments, &op, sizeof(op), op.threads, &op.scratch)


def batch_normalization_forward(x, mean, variance, y, *, gamma=None, beta=None, residual=None, double epsilon,
                                str activation="linear", double negative_slope=0, int threads, Program program=None):
    """y = activation(gamma (x - mean) / sqrt(variance + epsilon) + beta + residual).

    gamma and beta are along the last axis. They and the residual may be None.
    """
    cdef Array ax = read(x, -1), amean = read(mean, 1), avariance = read(variance, 1), ay = write(y, -1)
    cdef BatchNormalization op = batch_norm(&ax, &amean, &avariance, 2 * ACCESS, threads)
    require_same(&ax, &ay)
    op.y = ay.data
    op.gamma = optional(gamma, &ay, op.channels)
    op.beta = optional(beta, &ay, op.channels)
    op.residual = residual_of(residual, &ay)
    op.epsilon = epsilon
    op.activation, op.negative_slope = fused(activation), negative_slope
    perform(program, &kernel_table(ax.dtype).batch_normalization_forward, &op, sizeof(op), op.threads, &op.scratch)


def batch_normalization_backward(dy, x, mean, variance, dx, dgamma, dbeta, *, gamma=None, beta=None, double epsilon,
                                 bint training, str activation="linear", double negative_slope=0, int threads,
                                 Program program=None):
    """dx, dgamma, dbeta = the gradients of sum(dy * y), y without a residual; if training, also through mean and variance."""
    cdef Array ady = read(dy, -1), ax = read(x, -1), amean = read(mean, 1), avariance = read(variance, 1)
    cdef Array adx = write(dx, -1), adgamma = write(dgamma, 1), adbeta = write(dbeta, 1)
    cdef BatchNormalization op = batch_norm(&ax, &amean, &avariance, 5 * ACCESS, threads)
    require_same(&ax, &ady)
    require_same(&ax, &adx)
    require_same(&amean, &adgamma)
    require_same(&amean, &adbeta)
    require(op.rows > 0)
    op.y, op.dx = ady.data, adx.data
    op.gamma = optional(gamma, &adx, op.channels)
    op.beta = optional(beta, &adx, op.channels)
    op.dgamma, op.dbeta = adgamma.data, adbeta.data
    op.epsilon, op.training = epsilon, training
    op.activation, op.negative_slope = fused(activation), negative_slope
    perform(program, &kernel_table(ax.dtype).batch_normalization_backward, &op, sizeof(op), op.threads, &op.scratch)


cdef LocalResponseNormalization local_response(const Array *x, const Array *y, Py_ssize_t channels, Py_ssize_t depth_radius,
                                               double bias, double alpha, double beta, double work, int threads) except *:
    """``work`` is the cost of an element in multiply-adds."""
    cdef LocalResponseNormalization op
    require_same(x, y)
    require(channels > 0 and x.size % channels == 0 and depth_radius >= 0 and threads > 0)
    op.x, op.y, op.dx, op.scratch = x.data, y.data, NULL, NULL
    op.channels = channels
    op.rows = x.size // channels
    op.depth_radius = depth_radius
    op.bias, op.alpha, op.beta = bias, alpha, beta
    op.threads = threads_for(work * x.size, threads)
    return op


def local_response_normalization_forward(x, y, *, Py_ssize_t channels, Py_ssize_t depth_radius, double bias, double alpha,
                                         double beta, int threads, Program program=None):
    """y = x (bias + alpha sum x²)^-beta, where sums are over up to ``depth_radius`` neighbours on either side in each row."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef LocalResponseNormalization op = local_response(&ax, &ay, channels, depth_radius, bias, alpha, beta, POWER, threads)
    perform(program, &kernel_table(ax.dtype).local_response_normalization_forward, &op, sizeof(op), op.threads, &op.scratch)


def local_response_normalization_backward(dy, x, dx, *, Py_ssize_t channels, Py_ssize_t depth_radius, double bias,
                                          double alpha, double beta, int threads, Program program=None):
    """dx = the gradient of sum(dy * y)."""
    cdef Array ady = read(dy, -1), ax = read(x, -1), adx = write(dx, -1)
    cdef LocalResponseNormalization op = local_response(&ax, &ady, channels, depth_radius, bias, alpha, beta, 2 * POWER,
                                                        threads)
    require_same(&ax, &adx)
    require_no_overlap(&adx, &ax)
    require_no_overlap(&adx, &ady)
    op.dx = adx.data
    perform(program, &kernel_table(ax.dtype).local_response_normalization_backward, &op, sizeof(op), op.threads, &op.scratch)


cdef GroupNormalization group_norm(const Array *x, tuple shape, double epsilon, double work, int threads) except *:
    """``shape`` is (samples, pixels, channels, groups); ``work`` is the cost of an element in multiply-adds."""
    cdef GroupNormalization op
    op.n, op.pixels, op.channels, op.groups = shape
    require(min(op.n, op.pixels) > 0 and min(op.channels, op.groups) > 0 and threads > 0)
    require(op.n * op.pixels * op.channels == x.size and op.channels % op.groups == 0)
    op.x = x.data
    op.y, op.dx, op.gamma, op.beta, op.dgamma, op.dbeta, op.scratch = NULL, NULL, NULL, NULL, NULL, NULL, NULL
    op.epsilon = epsilon
    op.threads = threads_for(work * x.size, threads)
    return op


def group_normalization_forward(x, y, *, gamma=None, beta=None, tuple shape, double epsilon, int threads, Program program=None):
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta for each group of each sample; gamma and beta may be None."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef GroupNormalization op = group_norm(&ax, shape, epsilon, 4 * ACCESS, threads)
    require_same(&ax, &ay)
    require_no_overlap(&ay, &ax)
    op.y = ay.data
    op.gamma, op.beta = optional(gamma, &ay, op.channels), optional(beta, &ay, op.channels)
    perform(program, &kernel_table(ax.dtype).group_normalization_forward, &op, sizeof(op), op.threads, &op.scratch)


def group_normalization_backward(dy, x, dx, dgamma, dbeta, *, gamma=None, tuple shape, double epsilon, int threads,
                                 Program program=None):
    """dx, dgamma, dbeta = the gradients of sum(dy * y)."""
    cdef Array ady = read(dy, -1), ax = read(x, -1), adx = write(dx, -1), adgamma = write(dgamma, -1), adbeta = write(dbeta, -1)
    cdef GroupNormalization op = group_norm(&ax, shape, epsilon, 8 * ACCESS, threads)
    require_same(&ax, &ady)
    require_same(&ax, &adx)
    require_same(&adgamma, &adbeta)
    require(adgamma.size == op.channels and adgamma.dtype == ax.dtype)
    require_no_overlap(&adx, &ax)
    op.y, op.dx, op.dgamma, op.dbeta = ady.data, adx.data, adgamma.data, adbeta.data
    op.gamma = optional(gamma, &adx, op.channels)
    perform(program, &kernel_table(ax.dtype).group_normalization_backward, &op, sizeof(op), op.threads, &op.scratch)


cdef ScaleShift scale_and_shift(const Array *x, scale, shift, const Array *out, tuple shape, double low, double high,
                                int threads) except *:
    """``shape`` is (images, pixels, channels)."""
    cdef ScaleShift op
    cdef Array of_channels = out[0]
    of_channels.dtype = FLOAT32 if out.dtype == BFLOAT16 else out.dtype
    op.n, op.pixels, op.channels = shape
    require(min(op.n, op.pixels) > 0 and op.channels > 0 and threads > 0)
    require(op.n * op.pixels * op.channels == x.size)
    require_same(x, out)
    op.x, op.y, op.dx = x.data, NULL, NULL
    op.scale_per_image = scale is not None and _per_image(scale, &op)
    op.shift_per_image = shift is not None and _per_image(shift, &op)
    op.scale = optional(scale, &of_channels, op.channels * (op.n if op.scale_per_image else 1))
    op.shift = optional(shift, &of_channels, op.channels * (op.n if op.shift_per_image else 1))
    op.low, op.high = low, high
    op.threads = threads_for(2.0 * ACCESS * x.size, threads)
    return op


cdef bint _per_image(values, const ScaleShift *op) except -1:
    return read(values, -1).size != op.channels


def scale_shift_forward(x, y, *, scale=None, shift=None, tuple shape, double low=-INFINITY, double high=INFINITY,
                        bint masked=False, int threads, Program program=None):
    """y = x scale + shift, clipped to [low, high]; y may be x.

    There is a scale and a shift for each channel, or for each image and channel, or None. If ``masked``, scales must not be
    negative, and y is 0 where they are 0, even if x is infinite or NaN. x and y, but not scale and shift, may be bfloat16.
    """
    cdef char format = bfloat16_format(x)
    cdef Array ax = read(x, -1, format), ay = write(y, -1, format)
    cdef ScaleShift op = scale_and_shift(&ax, scale, shift, &ay, shape, low, high, threads)
    op.y, op.masked = ay.data, masked
    perform(program, &kernel_table(ax.dtype).scale_shift_forward, &op, sizeof(op), op.threads)


def scale_shift_backward(dy, x, dx, *, scale=None, shift=None, tuple shape, double low=-INFINITY, double high=INFINITY,
                         int threads, Program program=None):
    """dx = the gradient of sum(dy * y); dx may be dy."""
    cdef Array ady = read(dy, -1), ax = read(x, -1), adx = write(dx, -1)
    cdef ScaleShift op = scale_and_shift(&ax, scale, shift, &adx, shape, low, high, threads)
    require_same(&ax, &ady)
    require_no_overlap(&adx, &ax)
    op.y, op.dx, op.masked = ady.data, adx.data, False
    perform(program, &kernel_table(ax.dtype).scale_shift_backward, &op, sizeof(op), op.threads)

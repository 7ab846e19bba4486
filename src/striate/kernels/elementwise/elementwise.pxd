"""Elementwise activations and their gradients: the formulas, a vector at a time, and loops over chunks of an array.

Arrays are real, or bfloat16 numbers that are converted as they are loaded and stored; which of them is a compile-time constant.
"""
from striate.kernels.common.simd cimport LANES, real, vdivide, vint, vleaky_relu, vless, vreal, vrelu, vselect, vset
from striate.kernels.common.storage cimport size_of, vload_floats, vstore_floats
from striate.kernels.common.vmath cimport (Normal, vabs, vclamp, vexp, vexpm1, vhard_sigmoid, vhard_silu, vlog,
                                           vmax_or_first, vmin_or_first, vnormal, vsigmoid, vsilu, vsoftplus, vtanh)
from striate.kernels.ops cimport (ActivationCode, ELU, EXPONENTIAL, GELU, GELU_TANH, HARD_SIGMOID, HARD_SILU, LEAKY_RELU,
                                  LINEAR, LOG, MISH, RELU, RELU6, Rowwise, SCALE, SELU, SIGMOID, SILU, SOFTPLUS, SOFTSIGN, TANH)
from striate.kernels.tasks cimport CHUNK, unless_finest


cdef inline vreal bounded(vreal x) noexcept nogil:
    """x, clamped to ±1000: the other factor is zero beyond that, and infinity times zero would be NaN."""
    return vclamp(x, vset(-1000.0), vset(1000.0))


cdef inline vint between(vreal low, vreal x, vreal high) noexcept nogil:
    return vless(low, x) & vless(x, high)


cdef inline vreal gelu_tanh_argument(vreal x) noexcept nogil:
    """u = 2 sqrt(2 / π) (x + 0.044715 x³), so that (1 + tanh(u / 2)) / 2 = sigmoid(u)."""
    return x * (vset(1.5957691216057308) + vset(0.07135481627260025) * (x * x))


cdef inline vreal activate(const bint bfloat16, ActivationCode activation, vreal x, real alpha) noexcept nogil:
    """y, the activation of x, which may be less accurate if it is rounded to bfloat16."""
    cdef vreal zero = vset(0.0), one = vset(1.0), a = vset(alpha), w
    if activation == RELU:          # max(x, 0)
        return vrelu(x)
    if activation == LEAKY_RELU:    # x for x >= 0, otherwise alpha x
        return vleaky_relu(x, alpha)
    if activation == RELU6:         # min(max(x, 0), 6)
        return vclamp(x, zero, vset(6.0))
    if activation == ELU:           # x for x >= 0, otherwise alpha (exp(x) - 1)
        return vselect(vless(x, zero), a * vexpm1(x), x)
    if activation == SELU:          # s x for x >= 0, otherwise s a (exp(x) - 1)
        return vselect(vless(x, zero), vset(1.7580993408473766) * vexpm1(x), vset(1.0507009873554805) * x)
    if activation == SIGMOID:       # 1 / (1 + exp(-x))
        return vsigmoid(x)
    if activation == HARD_SIGMOID:  # min(max(x + 3, 0), 6) / 6
        return vhard_sigmoid(x)
    if activation == TANH:
        return vtanh(x)
    if activation == SOFTPLUS:      # log(1 + exp(x))
        return vsoftplus(x)
    if activation == SOFTSIGN:      # x / (1 + |x|), which is rounded to ±1 beyond ±10^17
        x = vclamp(x, vset(-1e17), vset(1e17))
        return vdivide(x, one + vabs(x))
    if activation == EXPONENTIAL:
        return vexp(x)
    if activation == LOG:
        return vlog(x)
    if activation == SCALE:         # alpha x
        return a * x
    if activation == SILU:          # x sigmoid(x)
        return vsilu(bfloat16, x)
    if activation == HARD_SILU:     # x hard_sigmoid(x)
        return vhard_silu(x)
    if activation == GELU:          # x Φ(x)
        return vmax_or_first(x, vset(-1000.0)) * vnormal(x).cumulative
    if activation == GELU_TANH:     # x (1 + tanh(sqrt(2 / π) (x + 0.044715 x³))) / 2
        return vmax_or_first(x, vset(-1000.0)) * vsigmoid(gelu_tanh_argument(x))
    if activation == MISH:          # x tanh(softplus(x)) = x w (w + 2) / (w (w + 2) + 2) with w = exp(x)
        w = vexp(vmin_or_first(x, vset(40.0)))
        w = w * (w + vset(2.0))
        return vmax_or_first(x, vset(-1000.0)) * vdivide(w, w + vset(2.0))
    return x


cdef inline vreal derive(ActivationCode activation, vreal dy, vreal y, real alpha) noexcept nogil:
    """The gradient of x, computed from y, or, if y does not determine it, from x, which is then passed as ``y``."""
    cdef vreal zero = vset(0.0), one = vset(1.0), a = vset(alpha), x = y, w, v
    cdef Normal normal
    if activation == RELU:
        return vselect(vless(zero, y), dy, zero)
    if activation == LEAKY_RELU:    # From x or y, which have the same sign.
        return vselect(vless(zero, y), dy, dy * a)
    if activation == RELU6:
        return vselect(between(zero, y, vset(6.0)), dy, zero)
    if activation == ELU:
        return vselect(vless(zero, y), dy, dy * (y + a))
    if activation == SELU:
        return dy * vselect(vless(zero, y), vset(1.0507009873554805), y + vset(1.7580993408473766))
    if activation == SIGMOID:
        return dy * y * (one - y)
    if activation == HARD_SIGMOID:
        return vselect(between(zero, y, one), vdivide(dy, vset(6.0)), zero)
    if activation == TANH:
        return dy * (one - y * y)
    if activation == SOFTPLUS:      # sigmoid(x) = 1 - exp(-y)
        return dy * -vexpm1(-y)
    if activation == SOFTSIGN:
        return dy * (one - vabs(y)) * (one - vabs(y))
    if activation == EXPONENTIAL:
        return dy * y
    if activation == SILU:          # from x: s (1 + x (1 - s)) with s = sigmoid(x)
        v = vsigmoid(x)
        return dy * (v + bounded(x) * v * (one - v))
    if activation == HARD_SILU:     # from x: hard_sigmoid(x) + x hard_sigmoid'(x)
        v = vclamp(x + vset(3.0), zero, vset(6.0)) + vselect(between(vset(-3.0), x, vset(3.0)), x, zero)
        return dy * vdivide(v, vset(6.0))
    if activation == GELU:          # from x: Φ(x) + x φ(x)
        normal = vnormal(x)
        return dy * (normal.cumulative + bounded(x) * normal.density)
    if activation == GELU_TANH:     # from x: s (1 + x (1 - s) u'), s = sigmoid(u), x u' = 2 sqrt(2 / π) (x + 3 * 0.044715 x³)
        x = bounded(x)
        v = vsigmoid(gelu_tanh_argument(x))
        return dy * (v + v * (one - v) * x * (vset(1.5957691216057308) + vset(0.21406444881780075) * (x * x)))
    if activation == MISH:          # from x: n / d + 4 x w (w + 1) / d² with w = exp(x), n = w (w + 2), d = n + 2
        w = vexp(vmin_or_first(x, vset(40.0)))
        v = w * (w + vset(2.0)) + vset(2.0)
        return dy * vdivide(v - vset(2.0) + bounded(x) * vdivide(vset(4.0) * w * (w + one), v), v)
    return dy


cdef inline void step(const bint bfloat16, ActivationCode activation, const char *x, const char *dy, char *y,
                      Py_ssize_t lanes, real alpha, bint backward) noexcept nogil:
    cdef vreal value = vload_floats(bfloat16, x, lanes)
    if backward:
        value = derive(activation, vload_floats(bfloat16, dy, lanes), value, alpha)
    else:
        value = activate(bfloat16, activation, value, alpha)
    vstore_floats(bfloat16, y, value, lanes)


cdef inline Py_ssize_t chunk_size() noexcept nogil:
    return unless_finest(CHUNK, LANES)


cdef inline void sweep(const bint bfloat16, ActivationCode activation, const Rowwise *op, Py_ssize_t start,
                       bint backward) noexcept nogil:
    """Compute a chunk; ``activation`` is a compile-time constant at each call, for which the loops are compiled."""
    cdef Py_ssize_t itemsize = size_of(bfloat16), vector = LANES * itemsize, v
    cdef const char *x = <const char *>op.x + start * itemsize
    cdef const char *dy = <const char *>op.dy + start * itemsize
    cdef char *y = <char *>op.y + start * itemsize
    cdef real alpha = op.alpha
    cdef Py_ssize_t size = min(chunk_size(), op.rows * op.columns - start)
    for v in range(size // LANES):
        step(bfloat16, activation, x + v * vector, dy + v * vector, y + v * vector, LANES, alpha, backward)
    if size % LANES:
        v = size // LANES
        step(bfloat16, activation, x + v * vector, dy + v * vector, y + v * vector, size % LANES, alpha, backward)


cdef inline void chunk(const bint bfloat16, const Rowwise *op, Py_ssize_t start, bint backward) noexcept nogil:
    """Compute the chunk that begins at index ``start``; x, dy and y are bfloat16 if ``bfloat16``."""
    if op.activation == LINEAR: sweep(bfloat16, LINEAR, op, start, backward)
    elif op.activation == RELU: sweep(bfloat16, RELU, op, start, backward)
    elif op.activation == LEAKY_RELU: sweep(bfloat16, LEAKY_RELU, op, start, backward)
    elif op.activation == RELU6: sweep(bfloat16, RELU6, op, start, backward)
    elif op.activation == ELU: sweep(bfloat16, ELU, op, start, backward)
    elif op.activation == SELU: sweep(bfloat16, SELU, op, start, backward)
    elif op.activation == SIGMOID: sweep(bfloat16, SIGMOID, op, start, backward)
    elif op.activation == HARD_SIGMOID: sweep(bfloat16, HARD_SIGMOID, op, start, backward)
    elif op.activation == TANH: sweep(bfloat16, TANH, op, start, backward)
    elif op.activation == SOFTPLUS: sweep(bfloat16, SOFTPLUS, op, start, backward)
    elif op.activation == SOFTSIGN: sweep(bfloat16, SOFTSIGN, op, start, backward)
    elif op.activation == EXPONENTIAL: sweep(bfloat16, EXPONENTIAL, op, start, backward)
    elif op.activation == LOG: sweep(bfloat16, LOG, op, start, backward)
    elif op.activation == SCALE: sweep(bfloat16, SCALE, op, start, backward)
    elif op.activation == SILU: sweep(bfloat16, SILU, op, start, backward)
    elif op.activation == HARD_SILU: sweep(bfloat16, HARD_SILU, op, start, backward)
    elif op.activation == GELU: sweep(bfloat16, GELU, op, start, backward)
    elif op.activation == GELU_TANH: sweep(bfloat16, GELU_TANH, op, start, backward)
    elif op.activation == MISH: sweep(bfloat16, MISH, op, start, backward)

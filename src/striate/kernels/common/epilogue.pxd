"""The epilogue of convolutions and matrix products: bias, residual and activation, applied when a result is stored."""
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport (LANES, minus_infinity, real, vat_least_or_nan, vat_most_or_nan, vleaky_relu,
                                          vload_first, vreal, vset, vstore_first)
from striate.kernels.common.vmath cimport vhard_sigmoid, vhard_silu
from striate.kernels.ops cimport ActivationCode, HARD_SIGMOID, HARD_SILU, LINEAR, RELU, RELU6


cdef struct Epilogue:
    ActivationCode activation
    bint clamps             # whether the activation only clamps, as LINEAR, RELU and RELU6 do
    real floor, ceiling     # if so, the smallest and the largest result; infinite for LINEAR and all that do not clamp
    real negative_slope     # the slope of LEAKY_RELU


cdef inline Epilogue epilogue_of(ActivationCode activation, double negative_slope) noexcept nogil:
    cdef Epilogue epilogue
    epilogue.activation = activation
    epilogue.clamps = activation == LINEAR or activation == RELU or activation == RELU6
    epilogue.floor = 0 if activation == RELU or activation == RELU6 else minus_infinity()
    epilogue.ceiling = ceiling_of(activation)
    epilogue.negative_slope = negative_slope
    return epilogue


cdef inline real ceiling_of(ActivationCode activation) noexcept nogil:
    """The largest result."""
    return 6 if activation == RELU6 else -minus_infinity()


cdef inline vreal clamp(vreal value, const Epilogue *epilogue) noexcept nogil:
    return vat_most_or_nan(epilogue.ceiling, vat_least_or_nan(epilogue.floor, value))


cdef inline vreal activate(vreal value, const Epilogue *epilogue) noexcept nogil:
    if epilogue.clamps:
        return clamp(value, epilogue)
    if epilogue.activation == HARD_SILU:
        return vhard_silu(value)
    return vhard_sigmoid(value) if epilogue.activation == HARD_SIGMOID else vleaky_relu(value, epilogue.negative_slope)


cdef inline void finish(
    real *y, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t pitch,     # IN/OUT (rows, pitch), the first columns of each row
    const real *bias,                                                   # IN (columns,) or NULL
    const real *residual,                                               # IN like y, or NULL
    const Epilogue *epilogue,
) noexcept nogil:
    """y = activation(y + bias + residual)."""
    cdef Py_ssize_t row, i, j, lanes
    cdef vreal value, shift
    for i in range(ceil_div(columns, LANES)):
        j = i * LANES
        lanes = min(columns - j, LANES)
        shift = vload_first(bias + j, lanes) if bias != NULL else vset(0)
        for row in range(rows):
            value = vload_first(y + row * pitch + j, lanes) + shift
            if residual != NULL:
                value = value + vload_first(residual + row * pitch + j, lanes)
            vstore_first(y + row * pitch + j, activate(value, epilogue), lanes)

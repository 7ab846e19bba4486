"""What is done to a result as it is stored: bias, residual and activation."""
from striate.kernels.geometry cimport ceil_div
from striate.kernels.ops cimport Activation, LEAKY_RELU, RELU
from striate.kernels.simd cimport LANES, real, vleaky_relu, vload_first, vreal, vrelu, vset, vstore_first


cdef struct Epilogue:
    Activation activation
    real negative_slope


cdef inline vreal activate(vreal value, const Epilogue *epilogue) noexcept nogil:
    if epilogue.activation == RELU:
        return vrelu(value)
    if epilogue.activation == LEAKY_RELU:
        return vleaky_relu(value, epilogue.negative_slope)
    return value


cdef inline void finish(
    real *y, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t pitch,     # IN/OUT (rows, pitch), the first columns of each
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

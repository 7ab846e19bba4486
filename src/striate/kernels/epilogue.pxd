"""What is done to a result as it is stored: bias and activation."""
from striate.kernels.ops cimport Activation, LEAKY_RELU, RELU
from striate.kernels.simd cimport real


cdef inline void add_bias_and_activate(
    real *y, Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t pitch,     # IN/OUT (rows, pitch), the first columns of each
    const real *bias,                                                   # IN (columns,) or NULL
    Activation activation, real negative_slope,
) noexcept nogil:
    cdef Py_ssize_t _row, j
    cdef real value, slope = negative_slope if activation == LEAKY_RELU else 0
    for _row in range(rows):
        if bias != NULL:
            for j in range(columns):
                y[j] = y[j] + bias[j]
        if activation == RELU:
            for j in range(columns):
                y[j] = 0 if y[j] < 0 else y[j]
        elif activation == LEAKY_RELU:
            for j in range(columns):
                value = y[j]
                y[j] = value * slope if value < 0 else value
        y += pitch

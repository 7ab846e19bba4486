"""The one-dimensional transforms of Winograd's convolution, by the Toom-Cook construction.

A correlation of ``n`` inputs with ``k`` weights has ``m = n - k + 1`` outputs. As a product of polynomials it needs only ``n``
multiplications: transform weights and inputs, multiply them element by element, and transform back (Lavin & Gray, "Fast
algorithms for convolutional neural networks", 2016; Blahut, "Fast algorithms for signal processing", 2010, ch. 5):

    y = A^T [ (G g) * (B^T d) ]

The matrices follow from n - 1 numbers, the *points*, and infinity. With points p_j and N_j = product over l ≠ j of (p_j - p_l):

    G   row j:  1, p_j, p_j², …  over N_j              last row: 0, …, 0, 1
    B^T row j:  the coefficients of  product over l ≠ j of (x - p_l)       last row: of the product over all l
    A^T row i:  p_0^i, p_1^i, …                        and 1 in the last column of the last row

The points are 0 and pairs ±a, so that the two rows of a pair share an even and an odd half: 0, ±1 for n = 4, and 0, ±3/4, ±3/2
for n = 6. The usual points for n = 6, which are 0, ±1, ±2, are no faster, and their rounding errors are five times larger.

``n`` and the other sizes are compile-time constants at each call, so that the compiler keeps the arrays in registers.
"""
from striate.kernels.common.simd cimport real, vload, vload_first, vreal, vstore
from striate.kernels.common.storage cimport vload_floats

cdef enum:
    MOST_POINTS = 6     # the n of the largest transform


cdef inline void transform_inputs(const int n, vreal *d) noexcept nogil:
    """B^T d, in place."""
    cdef real a, b, aa, bb
    cdef vreal even_a, odd_a, even_b, odd_b
    if n == 4:
        even_a = d[2]
        odd_a = d[1]
        d[0] = d[2] - d[0]
        d[3] = d[3] - d[1]
        d[1] = even_a + odd_a
        d[2] = even_a - odd_a
    else:
        a, b = 0.75, 1.5
        aa, bb = 0.5625, 2.25
        even_a = d[4] - bb * d[2]
        odd_a = a * (d[3] - bb * d[1])
        even_b = d[4] - aa * d[2]
        odd_b = b * (d[3] - aa * d[1])
        d[0] = d[4] - (aa + bb) * d[2] + (aa * bb) * d[0]
        d[5] = d[5] - (aa + bb) * d[3] + (aa * bb) * d[1]
        d[1] = even_a + odd_a
        d[2] = even_a - odd_a
        d[3] = even_b + odd_b
        d[4] = even_b - odd_b


cdef inline void evaluate_pair(const int k, const vreal *g, real point, real scale, vreal *u) noexcept nogil:
    """u = scale * g(point), scale * g(-point): a polynomial of ``k`` coefficients, computed from its even and odd halves."""
    cdef vreal even = g[0], odd = g[1]
    if k > 2:
        even = even + (point * point) * g[2]
    if k > 3:
        odd = odd + (point * point) * g[3]
    if k > 4:
        even = even + (point * point * point * point) * g[4]
    u[0] = scale * (even + point * odd)
    u[1] = scale * (even - point * odd)


cdef inline void transform_weights(const int n, const int k, const vreal *g, vreal *u) noexcept nogil:
    """u = G g of ``k`` weights, 2 ≤ k ≤ 5."""
    cdef real over_zero
    u[n - 1] = g[k - 1]
    if n == 4:
        u[0] = -g[0]
        evaluate_pair(k, g, 1, 0.5, u + 1)
    else:
        over_zero = 1 / (0.5625 * 2.25)
        u[0] = over_zero * g[0]
        evaluate_pair(k, g, 0.75, 1 / (2 * 0.5625 * (0.5625 - 2.25)), u + 1)
        evaluate_pair(k, g, 1.5, 1 / (2 * 2.25 * (2.25 - 0.5625)), u + 3)


cdef inline void transform_outputs(const int n, const int m, const vreal *t, vreal *y) noexcept nogil:
    """y = A^T t, ``m`` outputs, 2 ≤ m ≤ 5."""
    cdef real a, b
    cdef vreal even_a = t[1] + t[2], odd_a = t[1] - t[2], even_b, odd_b
    if n == 4:
        y[0] = t[0] + even_a
        y[1] = odd_a
        if m > 2:
            y[2] = even_a
    else:
        a, b = 0.75, 1.5
        even_b = t[3] + t[4]
        odd_b = t[3] - t[4]
        y[0] = t[0] + even_a + even_b
        y[1] = a * odd_a + b * odd_b
        if m > 2:
            y[2] = (a * a) * even_a + (b * b) * even_b
        if m > 3:
            y[3] = (a * a * a) * odd_a + (b * b * b) * odd_b
        if m > 4:
            y[4] = (a * a * a * a) * even_a + (b * b * b * b) * even_b
    y[m - 1] = y[m - 1] + t[n - 1]


cdef inline void transform_input_tile(
    const int n, const bint bfloat16,                                   # whether the input is bfloat16
    const char *source, Py_ssize_t row_step, Py_ssize_t column_step,    # IN (n, n), with steps in bytes
    Py_ssize_t lanes,                                                   # lanes loaded; the others of each vector are zero
    real *target, Py_ssize_t step,                                      # OUT (n * n,) vectors
) noexcept nogil:
    """B^T d B, for the input tile d."""
    cdef vreal line[MOST_POINTS]
    cdef vreal half[MOST_POINTS * MOST_POINTS]
    cdef int i, j
    for j in range(n):
        for i in range(n):
            line[i] = vload_floats(bfloat16, source + i * row_step + j * column_step, lanes)
        transform_inputs(n, line)
        for i in range(n):
            half[i * n + j] = line[i]
    for i in range(n):
        for j in range(n):
            line[j] = half[i * n + j]
        transform_inputs(n, line)
        for j in range(n):
            vstore(target + (i * n + j) * step, line[j])


cdef inline void transform_weight_tile(
    const int n, const int k,
    const real *source, Py_ssize_t row_step, Py_ssize_t column_step,    # IN (k, k)
    Py_ssize_t lanes,                                                   # lanes loaded; the others of each vector are zero
    real *target, Py_ssize_t step,                                      # OUT (n * n,) vectors
) noexcept nogil:
    """G g G^T, for the weights g."""
    cdef vreal line[MOST_POINTS]
    cdef vreal transformed[MOST_POINTS]
    cdef vreal half[MOST_POINTS * MOST_POINTS]
    cdef int i, j
    for j in range(k):
        for i in range(k):
            line[i] = vload_first(source + i * row_step + j * column_step, lanes)
        transform_weights(n, k, line, transformed)
        for i in range(n):
            half[i * k + j] = transformed[i]
    for i in range(n):
        for j in range(k):
            line[j] = half[i * k + j]
        transform_weights(n, k, line, transformed)
        for j in range(n):
            vstore(target + (i * n + j) * step, transformed[j])


cdef inline void transform_output_tile(
    const int n, const int m,
    const real *source, Py_ssize_t step,                                # IN (n * n,) vectors
    vreal *target,                                                      # OUT (m, m)
) noexcept nogil:
    """A^T t A, for the tile t of products."""
    cdef vreal line[MOST_POINTS]
    cdef vreal transformed[MOST_POINTS]
    cdef vreal half[MOST_POINTS * MOST_POINTS]
    cdef int i, j
    for j in range(n):
        for i in range(n):
            line[i] = vload(source + (i * n + j) * step)
        transform_outputs(n, m, line, transformed)
        for i in range(m):
            half[i * n + j] = transformed[i]
    for i in range(m):
        for j in range(n):
            line[j] = half[i * n + j]
        transform_outputs(n, m, line, transformed)
        for j in range(m):
            target[i * m + j] = transformed[j]

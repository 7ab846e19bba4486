"""Matrix products."""
from libc.limits cimport INT_MAX
from striate.kernels.ops cimport AS_BFLOAT16, AS_INT8, AS_REAL, MATMUL_STORED_ROWS, MatMul

MOST_STORED_ROWS = MATMUL_STORED_ROWS   # the most rows of a product whose second factor is stored in fewer bits


def matmul(a, b, c, *, scales=None, bias=None, bint transpose_a=False, bint transpose_b=False, str activation="linear",
           double negative_slope=0, int threads, Program program=None):
    """c = activation(op(a) @ op(b) * scales + bias).

    If c has few rows, and nothing is transposed, b may be int8 with ``scales``, or bfloat16, as uint16.
    """
    cdef str format = memoryview(b).format
    cdef Array aa = read(a, 2), ab = read(b, 2, ord(format) if format in "bH" else 0), ac = write(c, 2), abias, ascales
    cdef MatMul op
    op.storage, op.scales = {"b": AS_INT8, "H": AS_BFLOAT16}.get(format, AS_REAL), NULL
    op.a, op.b, op.bias, op.c = aa.data, ab.data, NULL, ac.data
    op.m, op.n = ac.shape[0], ac.shape[1]
    op.k = aa.shape[0] if transpose_a else aa.shape[1]
    op.transpose_a, op.transpose_b = transpose_a, transpose_b
    op.activation, op.negative_slope = fused_forward(activation), negative_slope
    if op.storage != AS_REAL:
        require(op.m <= MATMUL_STORED_ROWS and op.k > 0 and not transpose_a and not transpose_b)
        ab.dtype = aa.dtype
    require(aa.dtype == ab.dtype == ac.dtype and threads > 0)
    require(max(op.m, op.n, op.k) <= INT_MAX)    # BLAS takes 32-bit integers.
    require(op.m == (aa.shape[1] if transpose_a else aa.shape[0]) and op.n == (ab.shape[0] if transpose_b else ab.shape[1])
            and op.k == (ab.shape[1] if transpose_b else ab.shape[0]))
    if bias is not None:
        abias = read(bias, 1)
        require(abias.dtype == aa.dtype and abias.size == op.n)
        op.bias = abias.data
    if scales is not None:
        ascales = read(scales, 1)
        require(op.storage == AS_INT8 and ascales.dtype == aa.dtype and ascales.size == op.n)
        op.scales = ascales.data
    op.threads = threads_for(<double>op.m * op.n * op.k, threads)
    perform(program, &kernel_table(aa.dtype).matmul, &op, sizeof(op), op.threads, &op.scratch)

"""Matrix products."""
from libc.limits cimport INT_MAX
from striate.kernels.ops cimport MatMul


def matmul(a, b, c, *, bias=None, bint transpose_a=False, bint transpose_b=False, str activation="linear",
           double negative_slope=0, int threads, Program program=None):
    """c = activation(op(a) @ op(b) + bias)."""
    cdef Array aa = read(a, 2), ab = read(b, 2), ac = write(c, 2), abias
    cdef MatMul op
    op.a, op.b, op.bias, op.c = aa.data, ab.data, NULL, ac.data
    op.m, op.n = ac.shape[0], ac.shape[1]
    op.k = aa.shape[0] if transpose_a else aa.shape[1]
    op.transpose_a, op.transpose_b = transpose_a, transpose_b
    op.activation, op.negative_slope = fused(activation), negative_slope
    require(aa.dtype == ab.dtype == ac.dtype and threads > 0)
    require(max(op.m, op.n, op.k) <= INT_MAX)    # BLAS takes 32-bit integers.
    require(op.m == (aa.shape[1] if transpose_a else aa.shape[0]) and op.n == (ab.shape[0] if transpose_b else ab.shape[1])
            and op.k == (ab.shape[1] if transpose_b else ab.shape[0]))
    if bias is not None:
        abias = read(bias, 1)
        require(abias.dtype == aa.dtype and abias.size == op.n)
        op.bias = abias.data
    op.threads = threads_for(<double>op.m * op.n * op.k, threads)
    perform(program, &kernel_table(aa.dtype).matmul, &op, sizeof(op), op.threads, &op.scratch)

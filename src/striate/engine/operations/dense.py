"""Fully connected layers: matrix products."""

import math

from ...kernels import bindings
from ..operators import apply
from .activation import preactivation_gradient
from .base import GraphOperation, has_weights
from .packing import kernel_and_packed
from .stored_kernels import stored_kernel

#: Fewest rows of a product for which packing pays off; a product of fewer rows reads its weights only once.
_FEWEST_ROWS = 16

#: Size of the largest weights that are packed, as they are in memory twice then, in bytes.
_MOST_PACKED_BYTES = 1 << 24


class MatMul(GraphOperation):
    """``a @ b``, with either factor transposed if wanted. All axes of an array but the last count as rows of a matrix.

    Parameters
    ----------
    a, b : Value
        The factors.
    shape : tuple
        Shape of the result.
    transpose_a, transpose_b : bool
        Whether a factor is transposed.
    """

    reads = ("a", "b")

    def __init__(self, a, b, shape, *, transpose_a=False, transpose_b=False):
        super().__init__((a, b), shape)
        self.transpose_a = transpose_a
        self.transpose_b = transpose_b

    def gradient(self, dy, wanted):
        """Return the gradients of a and b."""
        a, b = self.inputs
        if self.transpose_a:
            da = (b, dy, {"transpose_a": self.transpose_b, "transpose_b": True})
        else:
            da = (dy, b, {"transpose_b": not self.transpose_b})
        if self.transpose_b:
            db = (dy, a, {"transpose_a": True, "transpose_b": self.transpose_a})
        else:
            db = (a, dy, {"transpose_a": not self.transpose_a})
        return [
            MatMul(*factors, x.shape, **transposed).y if each else None
            for (*factors, transposed), x, each in zip((da, db), (a, b), wanted, strict=True)
        ]

    def lower(self, lowering):
        """Append the kernel call."""
        a, b, c = (lowering.matrix(value) for value in (*self.inputs, self.y))
        bindings.matmul(a, b, c, transpose_a=self.transpose_a, transpose_b=self.transpose_b, **lowering.target)

    def flops(self):
        """Return two for each product."""
        *rows, columns = self.inputs.a.shape
        return 2 * (math.prod(rows) if self.transpose_a else columns) * math.prod(self.y.shape)


class Dense(GraphOperation):
    """``activation(x @ kernel + bias)`` along the last axis.

    Parameters
    ----------
    x : Value, shape (batch, ..., features)
        Input.
    kernel : Variable, shape (features, units)
        Weights.
    bias : Variable, shape (units,), optional
        Added to each unit's output.
    activation : {"linear", "relu", "relu6", "leaky_relu", "hard_sigmoid", "hard_silu"}
        Applied to the result.
    negative_slope : float
        Slope of "leaky_relu" below zero.
    """

    reads = ("x", "kernel", "bias")
    packed = False  # whether its kernel is packed

    def __init__(self, x, kernel, bias=None, *, activation="linear", negative_slope=0.0):
        super().__init__((x, kernel, bias), (*x.shape[:-1], kernel.shape[1]))
        self.activation = activation
        self.negative_slope = negative_slope

    @property
    def rows(self):
        """The number of rows of the product for the whole batch."""
        return math.prod(self.y.shape[:-1])

    @property
    def worth_packing(self):
        """Whether a packed kernel is worth the memory."""
        return self.rows >= _FEWEST_ROWS and 0 < self.inputs.kernel.nbytes <= _MOST_PACKED_BYTES

    @property
    def samplewise(self):
        """Whether samples are computed alike whatever their number, which BLAS does not promise."""
        return has_weights(self) and (self.worth_packing or self.rows <= bindings.MOST_STORED_ROWS)

    def gradient(self, dy, wanted):
        """Return the gradients of x, kernel and bias."""
        x, kernel, _ = self.inputs
        dz = preactivation_gradient(self, dy)
        return [
            MatMul(dz, kernel, x.shape, transpose_b=True).y if wanted.x else None,
            MatMul(x, dz, kernel.shape, transpose_a=True).y if wanted.kernel else None,
            SumRows(dz).y if wanted.bias else None,
        ]

    def lower(self, lowering):
        """Append the kernel call: a matrix product, or a 1×1 convolution if its packed kernel is worth the memory."""
        x, kernel, bias = self.inputs
        x, y, bias = lowering.matrix(x), lowering.matrix(self.y), lowering.array(bias)
        self.packed = lowering.derived_weights is not None and self.worth_packing
        epilogue = {"bias": bias, "activation": self.activation, "negative_slope": self.negative_slope}
        if self.packed:
            weights, packed = kernel_and_packed(lowering, "direct", kernel, (1, 1, *kernel.shape))
            bindings.conv2d_forward(
                x.reshape(1, 1, *x.shape),
                weights,
                y.reshape(1, 1, *y.shape),
                algorithm="direct",
                geometry=(1, 1, 0, 0, 1, 1),
                packed=packed,
                **epilogue,
                **lowering.target,
            )
        elif self.storage:
            weights, scales = (
                None if each is None else lowering.keep(each.array)
                for each in stored_kernel(kernel, self.storage, lowering.derived_weights)
            )
            bindings.matmul(x, weights, y, scales=scales, **epilogue, **lowering.target)
        else:
            bindings.matmul(x, lowering.array(kernel), y, **epilogue, **lowering.target)

    def describe(self):
        """Return "packed" if the kernel is, and the dtype of weights in fewer bits."""
        return "packed" if self.packed else f"{self.storage} weights" if self.storage else ""

    def flops(self):
        """Return two for each product."""
        return 2 * self.inputs.x.shape[-1] * math.prod(self.y.shape)


class SumRows(GraphOperation):
    """Sum over all axes but the last, such as the gradient of a bias."""

    def __init__(self, x):
        super().__init__((x,), x.shape[-1:])

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [apply("broadcast_to", dy, shape=self.inputs.x.shape)]

    def lower(self, lowering):
        """Append the kernel call."""
        bindings.sum_rows(lowering.array(self.inputs.x), lowering.array(self.y), **lowering.target)

    def flops(self):
        """Return one for each element."""
        return math.prod(self.inputs.x.shape)

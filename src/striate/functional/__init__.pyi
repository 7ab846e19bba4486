# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from typing import Any, Literal
import numpy as np
import numpy.typing as npt

__all__ = [
    "PackedKernel",
    "add",
    "add_backward",
    "average",
    "average_backward",
    "average_pool2d",
    "average_pool2d_backward_input",
    "batch_normalization",
    "batch_normalization_backward",
    "concatenate",
    "concatenate_backward",
    "conv2d",
    "conv2d_backward_bias",
    "conv2d_backward_input",
    "conv2d_backward_kernel",
    "conv2d_transpose",
    "conv2d_transpose_backward_input",
    "conv2d_transpose_backward_kernel",
    "ctc_loss",
    "ctc_loss_backward_output",
    "dense",
    "dense_backward_bias",
    "dense_backward_input",
    "dense_backward_kernel",
    "dropout",
    "dropout_backward_input",
    "elu",
    "elu_backward_input",
    "exponential",
    "exponential_backward_input",
    "flatten",
    "flatten_backward_input",
    "gelu",
    "gelu_backward_input",
    "global_average_pool2d",
    "global_average_pool2d_backward_input",
    "gru",
    "gru_backward",
    "hard_sigmoid",
    "hard_sigmoid_backward_input",
    "hard_silu",
    "hard_silu_backward_input",
    "leaky_relu",
    "leaky_relu_backward_input",
    "local_response_normalization",
    "local_response_normalization_backward_input",
    "log_softmax",
    "log_softmax_backward_input",
    "lstm",
    "lstm_backward",
    "max_pool2d",
    "max_pool2d_backward_input",
    "maximum",
    "maximum_backward",
    "minimum",
    "minimum_backward",
    "mish",
    "mish_backward_input",
    "moments",
    "multiply",
    "multiply_backward",
    "pack_conv2d_kernel",
    "relu",
    "relu6",
    "relu6_backward_input",
    "relu_backward_input",
    "selu",
    "selu_backward_input",
    "sigmoid",
    "sigmoid_backward_input",
    "silu",
    "silu_backward_input",
    "simple_rnn",
    "simple_rnn_backward",
    "softmax",
    "softmax_backward_input",
    "softplus",
    "softplus_backward_input",
    "softsign",
    "softsign_backward_input",
    "subtract",
    "subtract_backward",
    "tanh",
    "tanh_backward_input",
]

def add(
    arrays: Sequence[npt.NDArray[np.floating]],
    *,
    activation: str | None = None,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def add_backward(dy: npt.NDArray[np.floating], shapes: Sequence[Sequence[int]]) -> list[npt.NDArray[Any]]: ...
def average(arrays: Sequence[npt.NDArray[np.floating]], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def average_backward(dy: npt.NDArray[np.floating], shapes: Sequence[Sequence[int]]) -> list[npt.NDArray[Any]]: ...
def average_pool2d(
    x: npt.NDArray[np.floating],
    pool_size: int | Sequence[int] = 2,
    *,
    strides: int | Sequence[int] | None = None,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    count_include_pad: bool = False,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def average_pool2d_backward_input(
    dy: npt.NDArray[np.floating],
    input_shape: Sequence[int],
    pool_size: int | Sequence[int] = 2,
    *,
    strides: int | Sequence[int] | None = None,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    count_include_pad: bool = False,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def batch_normalization(
    x: npt.NDArray[np.floating],
    mean: npt.NDArray[Any],
    variance: npt.NDArray[Any],
    gamma: npt.NDArray[Any] | None = None,
    beta: npt.NDArray[Any] | None = None,
    *,
    residual: npt.NDArray[Any] | None = None,
    epsilon: float = 0.001,
    activation: str | None = None,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def batch_normalization_backward(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    mean: npt.NDArray[Any],
    variance: npt.NDArray[Any],
    gamma: npt.NDArray[Any] | None = None,
    beta: npt.NDArray[Any] | None = None,
    *,
    epsilon: float = 0.001,
    training: bool = True,
    activation: Literal[None, "linear", "relu", "relu6", "leaky_relu"] | None = None,
    out: npt.NDArray[Any] | None = None,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]: ...
def concatenate(
    arrays: Sequence[npt.NDArray[np.floating]],
    axis: int = -1,
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def concatenate_backward(
    dy: npt.NDArray[np.floating],
    sizes: Sequence[int] | npt.NDArray[Any],
    axis: int = -1,
    *,
    out: Sequence[npt.NDArray[Any]] | None = None,
) -> list[npt.NDArray[Any]]: ...
def conv2d(
    x: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any] | PackedKernel,
    bias: npt.NDArray[Any] | None = None,
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    residual: npt.NDArray[Any] | None = None,
    activation: str | None = None,
    algorithm: Literal["auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"] = "auto",
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def conv2d_backward_bias(dy: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def conv2d_backward_input(
    dy: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    input_shape: Sequence[int],
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    algorithm: str = "auto",
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def conv2d_backward_kernel(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    kernel_shape: Sequence[int],
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    algorithm: str = "auto",
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def conv2d_transpose(
    x: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    bias: npt.NDArray[Any] | None = None,
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    output_padding: int | Sequence[int] | None = None,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    activation: str | None = None,
    algorithm: str = "auto",
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def conv2d_transpose_backward_input(
    dy: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    input_shape: Sequence[int],
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    output_padding: int | Sequence[int] | None = None,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    algorithm: str = "auto",
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def conv2d_transpose_backward_kernel(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    kernel_shape: Sequence[int],
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    output_padding: int | Sequence[int] | None = None,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    algorithm: str = "auto",
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def ctc_loss(
    target: npt.ArrayLike,
    output: npt.NDArray[np.floating],
    target_length: npt.ArrayLike,
    output_length: npt.ArrayLike,
    *,
    mask_index: int = 0,
) -> npt.NDArray[Any]: ...
def ctc_loss_backward_output(
    dy: npt.NDArray[Any],
    target: npt.ArrayLike,
    output: npt.NDArray[np.floating],
    target_length: npt.ArrayLike,
    output_length: npt.ArrayLike,
    *,
    mask_index: int = 0,
) -> npt.NDArray[Any]: ...
def dense(
    x: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    bias: npt.NDArray[Any] | None = None,
    *,
    activation: str | None = None,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def dense_backward_bias(dy: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def dense_backward_input(
    dy: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def dense_backward_kernel(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def dropout(
    x: npt.NDArray[np.floating],
    rate: float,
    rng: int | np.random.Generator | None,
    *,
    out: npt.NDArray[Any] | None = None,
) -> tuple[npt.NDArray[Any], npt.NDArray[np.uint64]]: ...
def dropout_backward_input(
    dy: npt.NDArray[np.floating],
    rate: float,
    seed: npt.NDArray[np.uint64],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def elu(
    x: npt.NDArray[np.floating],
    alpha: float = 1.0,
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def elu_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    alpha: float = 1.0,
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def exponential(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def exponential_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def flatten(x: npt.NDArray[np.floating]) -> npt.NDArray[Any]: ...
def flatten_backward_input(dy: npt.NDArray[np.floating], input_shape: Sequence[int]) -> npt.NDArray[Any]: ...
def gelu(
    x: npt.NDArray[np.floating],
    approximate: bool = False,
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def gelu_backward_input(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    approximate: bool = False,
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def global_average_pool2d(
    x: npt.NDArray[np.floating],
    *,
    keepdims: bool = False,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def global_average_pool2d_backward_input(
    dy: npt.NDArray[np.floating],
    input_shape: Sequence[int],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def gru(
    x: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    recurrent_kernel: npt.NDArray[Any],
    bias: npt.NDArray[Any] | None = None,
    *,
    initial_state: Sequence[npt.NDArray[Any]] | None = None,
    go_backwards: bool = False,
) -> list[npt.NDArray[Any]]: ...
def gru_backward(
    dy: npt.NDArray[Any],
    x: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    recurrent_kernel: npt.NDArray[Any],
    bias: npt.NDArray[Any] | None = None,
    *,
    initial_state: Sequence[npt.NDArray[Any]] | None = None,
    go_backwards: bool = False,
) -> list[npt.NDArray[Any]]: ...
def hard_sigmoid(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def hard_sigmoid_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def hard_silu(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def hard_silu_backward_input(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def leaky_relu(
    x: npt.NDArray[np.floating],
    negative_slope: float = 0.2,
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def leaky_relu_backward_input(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    negative_slope: float = 0.2,
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def local_response_normalization(
    x: npt.NDArray[np.floating],
    depth_radius: int = 5,
    *,
    bias: float = 1.0,
    alpha: float = 1.0,
    beta: float = 0.5,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def local_response_normalization_backward_input(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    depth_radius: int = 5,
    *,
    bias: float = 1.0,
    alpha: float = 1.0,
    beta: float = 0.5,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def log_softmax(
    x: npt.NDArray[np.floating],
    *,
    axis: int = -1,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def log_softmax_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    axis: int = -1,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def lstm(
    x: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    recurrent_kernel: npt.NDArray[Any],
    bias: npt.NDArray[Any] | None = None,
    *,
    initial_state: Sequence[npt.NDArray[Any]] | None = None,
    go_backwards: bool = False,
) -> list[npt.NDArray[Any]]: ...
def lstm_backward(
    dy: npt.NDArray[Any],
    x: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    recurrent_kernel: npt.NDArray[Any],
    bias: npt.NDArray[Any] | None = None,
    *,
    initial_state: Sequence[npt.NDArray[Any]] | None = None,
    go_backwards: bool = False,
) -> list[npt.NDArray[Any]]: ...
def max_pool2d(
    x: npt.NDArray[np.floating],
    pool_size: int | Sequence[int] = 2,
    *,
    strides: int | Sequence[int] | None = None,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def max_pool2d_backward_input(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    pool_size: int | Sequence[int] = 2,
    *,
    strides: int | Sequence[int] | None = None,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def maximum(arrays: Sequence[npt.NDArray[np.floating]], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def maximum_backward(
    dy: npt.NDArray[np.floating],
    arrays: Sequence[npt.NDArray[Any]],
    *,
    out: Sequence[npt.NDArray[Any]] | None = None,
) -> list[npt.NDArray[Any]]: ...
def minimum(arrays: Sequence[npt.NDArray[np.floating]], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def minimum_backward(
    dy: npt.NDArray[np.floating],
    arrays: Sequence[npt.NDArray[Any]],
    *,
    out: Sequence[npt.NDArray[Any]] | None = None,
) -> list[npt.NDArray[Any]]: ...
def mish(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def mish_backward_input(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def moments(x: npt.NDArray[np.floating]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]: ...
def multiply(
    arrays: Sequence[npt.NDArray[np.floating]],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def multiply_backward(
    dy: npt.NDArray[np.floating],
    arrays: Sequence[npt.NDArray[Any]],
    *,
    out: Sequence[npt.NDArray[Any]] | None = None,
) -> list[npt.NDArray[Any]]: ...
def pack_conv2d_kernel(
    kernel: npt.NDArray[np.floating],
    input_shape: Sequence[int] | None = None,
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    algorithm: str = "auto",
) -> PackedKernel: ...

class PackedKernel:
    algorithm: str
    groups: int
    kernel: npt.NDArray[Any]
    memory: Any
    def __init__(self, kernel: npt.NDArray[Any], algorithm: str, groups: int) -> None: ...

def relu(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def relu6(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def relu6_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def relu_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def selu(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def selu_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def sigmoid(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def sigmoid_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def silu(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def silu_backward_input(
    dy: npt.NDArray[np.floating],
    x: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def simple_rnn(
    x: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    recurrent_kernel: npt.NDArray[Any],
    bias: npt.NDArray[Any] | None = None,
    *,
    initial_state: Sequence[npt.NDArray[Any]] | None = None,
    go_backwards: bool = False,
) -> list[npt.NDArray[Any]]: ...
def simple_rnn_backward(
    dy: npt.NDArray[Any],
    x: npt.NDArray[np.floating],
    kernel: npt.NDArray[Any],
    recurrent_kernel: npt.NDArray[Any],
    bias: npt.NDArray[Any] | None = None,
    *,
    initial_state: Sequence[npt.NDArray[Any]] | None = None,
    go_backwards: bool = False,
) -> list[npt.NDArray[Any]]: ...
def softmax(
    x: npt.NDArray[np.floating],
    *,
    axis: int = -1,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def softmax_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    axis: int = -1,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def softplus(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def softplus_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def softsign(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def softsign_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def subtract(
    arrays: Sequence[npt.NDArray[np.floating]],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...
def subtract_backward(
    dy: npt.NDArray[np.floating],
    shapes: Sequence[Sequence[int]],
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]: ...
def tanh(x: npt.NDArray[np.floating], *, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]: ...
def tanh_backward_input(
    dy: npt.NDArray[np.floating],
    y: npt.NDArray[Any],
    *,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]: ...

# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from typing import Any, Literal, overload
import numpy.typing as npt

from striate.activations import celu as celu
from striate.activations import elu as elu
from striate.activations import glu as glu
from striate.activations import hard_shrink as hard_shrink
from striate.activations import hard_sigmoid as hard_sigmoid
from striate.activations import hard_silu as hard_silu
from striate.activations import hard_silu as hard_swish
from striate.activations import hard_tanh as hard_tanh
from striate.activations import leaky_relu as leaky_relu
from striate.activations import log_sigmoid as log_sigmoid
from striate.activations import log_softmax as log_softmax
from striate.activations import mish as mish
from striate.activations import relu as relu
from striate.activations import relu6 as relu6
from striate.activations import selu as selu
from striate.activations import sigmoid as sigmoid
from striate.activations import silu as silu
from striate.activations import silu as swish
from striate.activations import soft_shrink as soft_shrink
from striate.activations import softplus as softplus
from striate.activations import softsign as softsign
from striate.activations import sparse_plus as sparse_plus
from striate.activations import sparse_sigmoid as sparse_sigmoid
from striate.activations import sparsemax as sparsemax
from striate.activations import squareplus as squareplus
from striate.activations import tanh as tanh
from striate.activations import tanh_shrink as tanh_shrink
from striate.activations import threshold as threshold
from striate.ops import batch_normalization as batch_normalization
from striate.ops import ctc_decode as ctc_decode
from striate.ops import ctc_loss as ctc_loss
from striate.ops import dot_product_attention as dot_product_attention
from striate.ops import fold as fold
from striate.ops import layer_normalization as layer_normalization
from striate.ops import moments as moments
from striate.ops import normalize as normalize
from striate.ops import rms_normalization as rms_normalization
from striate.ops import unfold as unfold
from striate.layers import Tensor

__all__ = [
    "adaptive_average_pool",
    "adaptive_max_pool",
    "average_pool",
    "batch_normalization",
    "binary_crossentropy",
    "categorical_crossentropy",
    "celu",
    "conv",
    "conv_transpose",
    "ctc_decode",
    "ctc_loss",
    "depth_to_space",
    "depthwise_conv",
    "dot_product_attention",
    "elu",
    "fold",
    "gelu",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "layer_normalization",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "max_pool",
    "mish",
    "moments",
    "multi_hot",
    "normalize",
    "one_hot",
    "polar",
    "psnr",
    "relu",
    "relu6",
    "rms_normalization",
    "selu",
    "separable_conv",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "space_to_depth",
    "sparse_categorical_crossentropy",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
    "unfold",
]

@overload
def adaptive_average_pool(
    inputs: npt.ArrayLike,
    output_size: int | Sequence[int],
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def adaptive_average_pool(
    inputs: npt.ArrayLike | Tensor,
    output_size: int | Sequence[int],
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def adaptive_max_pool(
    inputs: npt.ArrayLike,
    output_size: int | Sequence[int],
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def adaptive_max_pool(
    inputs: npt.ArrayLike | Tensor,
    output_size: int | Sequence[int],
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def average_pool(
    inputs: npt.ArrayLike,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def average_pool(
    inputs: npt.ArrayLike | Tensor,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def binary_crossentropy(
    target: npt.ArrayLike,
    output: npt.ArrayLike,
    from_logits: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def binary_crossentropy(
    target: npt.ArrayLike | Tensor,
    output: npt.ArrayLike | Tensor,
    from_logits: bool = False,
) -> Tensor: ...
@overload
def categorical_crossentropy(
    target: npt.ArrayLike,
    output: npt.ArrayLike,
    from_logits: bool = False,
    axis: int = -1,
) -> npt.NDArray[Any]: ...
@overload
def categorical_crossentropy(
    target: npt.ArrayLike | Tensor,
    output: npt.ArrayLike | Tensor,
    from_logits: bool = False,
    axis: int = -1,
) -> Tensor: ...
@overload
def conv(
    inputs: npt.ArrayLike,
    kernel: npt.ArrayLike,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> npt.NDArray[Any]: ...
@overload
def conv(
    inputs: npt.ArrayLike | Tensor,
    kernel: npt.ArrayLike | Tensor,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Tensor: ...
@overload
def conv_transpose(
    inputs: npt.ArrayLike,
    kernel: npt.ArrayLike,
    strides: int | Sequence[int] = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    output_padding: int | Sequence[int] | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> npt.NDArray[Any]: ...
@overload
def conv_transpose(
    inputs: npt.ArrayLike | Tensor,
    kernel: npt.ArrayLike | Tensor,
    strides: int | Sequence[int] = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    output_padding: int | Sequence[int] | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Tensor: ...
@overload
def depth_to_space(
    x: npt.ArrayLike,
    block_size: int,
    data_format: Literal["channels_last", "channels_first"] = "channels_last",
) -> npt.NDArray[Any]: ...
@overload
def depth_to_space(
    x: npt.ArrayLike | Tensor,
    block_size: int,
    data_format: Literal["channels_last", "channels_first"] = "channels_last",
) -> Tensor: ...
@overload
def depthwise_conv(
    inputs: npt.ArrayLike,
    kernel: npt.ArrayLike,
    strides: int | Sequence[int] = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
    dilation_rate: int | Sequence[int] | npt.NDArray[Any] | str = 1,
) -> npt.NDArray[Any]: ...
@overload
def depthwise_conv(
    inputs: npt.ArrayLike | Tensor,
    kernel: npt.ArrayLike | Tensor,
    strides: int | Sequence[int] = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
    dilation_rate: int | Sequence[int] | npt.NDArray[Any] | str = 1,
) -> Tensor: ...
@overload
def gelu(x: npt.ArrayLike, approximate: bool = True) -> npt.NDArray[Any]: ...
@overload
def gelu(x: npt.ArrayLike | Tensor, approximate: bool = True) -> Tensor: ...
@overload
def max_pool(
    inputs: npt.ArrayLike,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def max_pool(
    inputs: npt.ArrayLike | Tensor,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def multi_hot(
    inputs: npt.ArrayLike,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: npt.DTypeLike | None = None,
    sparse: bool = False,
    num_tokens: int | None = None,
) -> npt.NDArray[Any]: ...
@overload
def multi_hot(
    inputs: npt.ArrayLike | Tensor,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: npt.DTypeLike | None = None,
    sparse: bool = False,
    num_tokens: int | None = None,
) -> Tensor: ...
@overload
def one_hot(
    x: npt.ArrayLike,
    num_classes: int,
    axis: int | Sequence[int] = -1,
    dtype: npt.DTypeLike | None = None,
    sparse: bool = False,
) -> npt.NDArray[Any]: ...
@overload
def one_hot(
    x: npt.ArrayLike | Tensor,
    num_classes: int,
    axis: int | Sequence[int] = -1,
    dtype: npt.DTypeLike | None = None,
    sparse: bool = False,
) -> Tensor: ...
@overload
def polar(abs_: npt.ArrayLike, angle: npt.ArrayLike) -> npt.NDArray[Any]: ...
@overload
def polar(
    abs_: npt.ArrayLike | Tensor,
    angle: npt.ArrayLike | Tensor,
) -> Tensor: ...
@overload
def psnr(x1: npt.ArrayLike, x2: npt.ArrayLike, max_val: float) -> npt.NDArray[Any]: ...
@overload
def psnr(
    x1: npt.ArrayLike | Tensor,
    x2: npt.ArrayLike | Tensor,
    max_val: float,
) -> Tensor: ...
@overload
def separable_conv(
    inputs: npt.ArrayLike,
    depthwise_kernel: npt.ArrayLike,
    pointwise_kernel: npt.ArrayLike,
    strides: int | Sequence[int] = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
    dilation_rate: int | Sequence[int] | npt.NDArray[Any] | str = 1,
) -> npt.NDArray[Any]: ...
@overload
def separable_conv(
    inputs: npt.ArrayLike | Tensor,
    depthwise_kernel: npt.ArrayLike | Tensor,
    pointwise_kernel: npt.ArrayLike | Tensor,
    strides: int | Sequence[int] = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
    dilation_rate: int | Sequence[int] | npt.NDArray[Any] | str = 1,
) -> Tensor: ...
@overload
def softmax(x: npt.ArrayLike, axis: int | Sequence[int] = -1) -> npt.NDArray[Any]: ...
@overload
def softmax(x: npt.ArrayLike | Tensor, axis: int | Sequence[int] = -1) -> Tensor: ...
@overload
def space_to_depth(
    x: npt.ArrayLike,
    block_size: int,
    data_format: Literal["channels_last", "channels_first"] = "channels_last",
) -> npt.NDArray[Any]: ...
@overload
def space_to_depth(
    x: npt.ArrayLike | Tensor,
    block_size: int,
    data_format: Literal["channels_last", "channels_first"] = "channels_last",
) -> Tensor: ...
@overload
def sparse_categorical_crossentropy(
    target: npt.ArrayLike,
    output: npt.ArrayLike,
    from_logits: bool = False,
    axis: int | Sequence[int] = -1,
) -> npt.NDArray[Any]: ...
@overload
def sparse_categorical_crossentropy(
    target: npt.ArrayLike | Tensor,
    output: npt.ArrayLike | Tensor,
    from_logits: bool = False,
    axis: int | Sequence[int] = -1,
) -> Tensor: ...

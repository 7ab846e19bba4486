"""Operations on arrays: a function for each operation and for each of its gradients.

Images are float32 or float64 arrays (batch, height, width, channels); convolution kernels are (kernel height, kernel width,
channels / groups, filters), and dense kernels (features, units). ``<op>_backward_<argument>(dy, …)`` is the gradient of
``sum(dy * op(…))`` with respect to that argument; where gradients share work, ``<op>_backward(dy, …)`` returns all of them.
Results are the same, bit for bit, for any number of threads. Denormal numbers count as zero.
"""

from .._common.names import public_attributes
from . import activations
from .activations import *  # noqa: F403
from .convolution import conv2d, conv2d_backward_bias, conv2d_backward_input, conv2d_backward_kernel
from .ctc import ctc_loss, ctc_loss_backward_output
from .dense import (
    dense,
    dense_backward_bias,
    dense_backward_input,
    dense_backward_kernel,
    flatten,
    flatten_backward_input,
)
from .dropout import dropout, dropout_backward_input
from .merging import (
    add,
    add_backward,
    average,
    average_backward,
    concatenate,
    concatenate_backward,
    maximum,
    maximum_backward,
    minimum,
    minimum_backward,
    multiply,
    multiply_backward,
    subtract,
    subtract_backward,
)
from .normalization import (
    batch_normalization,
    batch_normalization_backward,
    local_response_normalization,
    local_response_normalization_backward_input,
    moments,
)
from .packing import PackedKernel, pack_conv2d_kernel
from .pooling import (
    average_pool2d,
    average_pool2d_backward_input,
    global_average_pool2d,
    global_average_pool2d_backward_input,
    max_pool2d,
    max_pool2d_backward_input,
)
from .recurrent import gru, gru_backward, lstm, lstm_backward, simple_rnn, simple_rnn_backward
from .transposed import conv2d_transpose, conv2d_transpose_backward_input, conv2d_transpose_backward_kernel

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
    "flatten",
    "flatten_backward_input",
    "global_average_pool2d",
    "global_average_pool2d_backward_input",
    "gru",
    "gru_backward",
    "local_response_normalization",
    "local_response_normalization_backward_input",
    "lstm",
    "lstm_backward",
    "max_pool2d",
    "max_pool2d_backward_input",
    "maximum",
    "maximum_backward",
    "minimum",
    "minimum_backward",
    "moments",
    "multiply",
    "multiply_backward",
    "pack_conv2d_kernel",
    "simple_rnn",
    "simple_rnn_backward",
    "subtract",
    "subtract_backward",
    *activations.__all__,
]

__getattr__, __dir__ = public_attributes(globals())

"""Operations on arrays: one function each, forward and gradient.

Images are NumPy arrays (batch, height, width, channels), float32 or float64; convolution kernels are (kernel height, kernel
width, channels / groups, filters) and dense kernels (features, units). ``<op>_backward_<argument>(dy, …)`` is the gradient of
``sum(dy * op(…))`` with respect to that argument. Results are the same, bit for bit, for any number of threads.
"""

from .activations import (
    leaky_relu,
    leaky_relu_backward_input,
    log_softmax,
    log_softmax_backward_input,
    relu,
    relu_backward_input,
    sigmoid,
    sigmoid_backward_input,
    softmax,
    softmax_backward_input,
    tanh,
    tanh_backward_input,
)
from .convolution import conv2d, conv2d_backward_bias, conv2d_backward_input, conv2d_backward_kernel
from .dense import (
    dense,
    dense_backward_bias,
    dense_backward_input,
    dense_backward_kernel,
    flatten,
    flatten_backward_input,
)
from .dropout import dropout, dropout_backward_input
from .packing import PackedKernel, pack_conv2d_kernel
from .pooling import (
    average_pool2d,
    average_pool2d_backward_input,
    global_average_pool2d,
    global_average_pool2d_backward_input,
    max_pool2d,
    max_pool2d_backward_input,
)

__all__ = [
    "PackedKernel",
    "average_pool2d",
    "average_pool2d_backward_input",
    "conv2d",
    "conv2d_backward_bias",
    "conv2d_backward_input",
    "conv2d_backward_kernel",
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
    "leaky_relu",
    "leaky_relu_backward_input",
    "log_softmax",
    "log_softmax_backward_input",
    "max_pool2d",
    "max_pool2d_backward_input",
    "pack_conv2d_kernel",
    "relu",
    "relu_backward_input",
    "sigmoid",
    "sigmoid_backward_input",
    "softmax",
    "softmax_backward_input",
    "tanh",
    "tanh_backward_input",
]

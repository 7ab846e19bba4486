"""Each library's way to run operations, layers and networks, a class each.

What they run comes as functions, which return NumPy arrays, or views of them. Arrays are given in striate's layouts; what a
library needs of conversions is done once, before the function is made.

- `layer(direction, layer, arrays, algorithms)` returns functions, by variant, that compute a convolution with bias and ReLU, or
  its gradients.
- `predict(network, x)`, and `int8` and `bfloat16`, which do so in low precision, return a function that returns probabilities.
- `trainer(network, optimizer)` returns a function of images and labels that takes a training step and returns the loss before
  it, and a function of images that returns probabilities.
- `versions()` returns what is installed and was picked.

All have the same weights. A library that is not installed raises an ImportError when its class is called.
"""

from importlib.util import find_spec

from benchmarks.libraries.onnxruntime import OnnxRuntime
from benchmarks.libraries.openvino import OpenVino
from benchmarks.libraries.striate import Striate
from benchmarks.libraries.torch import Torch

LIBRARIES = {"striate": Striate, "torch": Torch, "onnxruntime": OnnxRuntime, "openvino": OpenVino}

#: Those that train, too; the runtimes of ONNX models have no gradients.
TRAINING = ("striate", "torch")

#: Those that train and are installed.
INSTALLED = [name for name in TRAINING if find_spec(name)]

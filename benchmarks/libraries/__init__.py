"""The libraries: a class for each, whose methods return functions that run operations, layers and networks.

These functions return NumPy arrays, or views of arrays. Arguments are given in striate's layouts; whatever a library has to
convert is converted once, before the function is returned.

- `layer(direction, layer, arrays, algorithms)` returns functions, by variant, that compute a convolution with bias and ReLU, or
  one of its gradients.
- `predict(network, x)`, and `int8` and `bfloat16` for low precision, return a function that returns probabilities.
- `trainer(network, optimizer)` returns a function of images and labels that takes a training step and returns the loss before
  it, and a function of images that returns probabilities.
- `versions()` returns which versions are installed, and what they have chosen for this machine.

All libraries get the same weights. The class of a library that is not installed raises an ImportError when it is called.
"""

from importlib.util import find_spec

from benchmarks.libraries.onnxruntime import OnnxRuntime
from benchmarks.libraries.openvino import OpenVino
from benchmarks.libraries.striate import Striate, StriatePredict
from benchmarks.libraries.torch import Torch

LIBRARIES = {
    "striate": Striate,
    "Model.predict": StriatePredict,
    "torch": Torch,
    "onnxruntime": OnnxRuntime,
    "openvino": OpenVino,
}

#: Libraries that can train; the runtimes of ONNX models have no gradients.
TRAINING = ("striate", "torch")

#: Libraries that can train and are installed.
INSTALLED = [name for name in TRAINING if find_spec(name)]

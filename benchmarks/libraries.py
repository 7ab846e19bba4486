"""Each library's way to run an operation, as functions without arguments that return NumPy arrays (or views of them).

Arrays are given in striate's layouts; what a library needs of conversions is done once, before the function is made.
"""

import functools
import importlib.util
import math

import numpy as np

#: The libraries that are installed.
INSTALLED = ["striate"] + (["torch"] if importlib.util.find_spec("torch") else [])


class Striate:
    """striate's functional API and models."""

    def __init__(self, threads):
        import striate

        striate.set_num_threads(threads)

    def conv2d(self, direction, x, kernel, dy, stride, padding):
        """Return a function that convolves, or computes a gradient of it."""
        from striate import functional as F

        arguments = {"strides": stride, "padding": padding}
        return {
            "forward": lambda: F.conv2d(x, kernel, **arguments),
            "backward_input": lambda: F.conv2d_backward_input(dy, kernel, x.shape, **arguments),
            "backward_kernel": lambda: F.conv2d_backward_kernel(dy, x, kernel.shape, **arguments),
        }[direction]

    def layer(self, direction, layer, arrays, algorithms=()):
        """Return functions that compute a layer, forward with bias and ReLU or a gradient, by algorithm.

        Those of `algorithms` that cannot compute it are left out.
        """
        functions = {}
        for algorithm in ("auto", *algorithms):
            try:
                functions[algorithm] = self._layer(direction, layer, arrays, algorithm)
            except ValueError:
                if algorithm == "auto":
                    raise
        return functions

    @staticmethod
    def _layer(direction, layer, arrays, algorithm):
        from striate import functional as F

        arguments = {"strides": layer.stride, "padding": layer.padding, "groups": layer.groups, "algorithm": algorithm}
        x, kernel, bias, dy = arrays.x, arrays.kernel, arrays.bias, arrays.dy
        if direction == "forward":
            kernel = F.pack_conv2d_kernel(kernel, x.shape, **arguments)
            y = empty(layer.y_shape)
            return lambda: F.conv2d(x, kernel, bias, **arguments, activation="relu", out=y)
        if direction == "backward_input":
            dx = empty(layer.x_shape)
            function = functools.partial(F.conv2d_backward_input, dy, kernel, x.shape, **arguments, out=dx)
        else:
            dkernel = empty(layer.kernel_shape)
            function = functools.partial(F.conv2d_backward_kernel, dy, x, kernel.shape, **arguments, out=dkernel)
        function()  # raises if the algorithm cannot compute it
        return function

    @staticmethod
    def versions():
        """Return what is installed and was picked, as a dict."""
        import striate.versions

        return striate.versions.versions()

    def max_pool2d(self, x, window, stride):
        """Return a function that pools."""
        from striate import functional as F

        return lambda: F.max_pool2d(x, window, strides=stride)

    def lenet(self):
        """Return functions that train LeNet on a batch, returning the loss, and that predict."""
        from striate.architectures import LeNet5
        from striate.optimizers import Adam

        model = LeNet5(rng=0)
        model.compile(Adam(0.001), "sparse_categorical_crossentropy")
        return model.train_on_batch, lambda x: model.predict(x, batch_size=len(x))


class Torch:
    """PyTorch, in the memory format that is faster for the operation (channels last but for LeNet's few channels)."""

    def __init__(self, threads):
        import torch

        torch.set_num_threads(threads)

    @staticmethod
    def _image(x):
        import torch

        return torch.from_numpy(x).permute(0, 3, 1, 2)  # channels last in memory

    @staticmethod
    def _kernel(kernel):
        import torch

        return torch.from_numpy(kernel).permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)

    def conv2d(self, direction, x, kernel, dy, stride, padding):
        """Return a function that convolves, or computes a gradient of it."""
        import torch

        x, kernel, dy = self._image(x), self._kernel(kernel), self._image(dy)
        if direction == "forward":
            return lambda: torch.conv2d(x, kernel, None, stride, padding).permute(0, 2, 3, 1).numpy()
        return self._gradient(direction, x, kernel, dy, stride, padding)

    @staticmethod
    def _gradient(direction, x, kernel, dy, stride, padding, groups=1):
        import torch

        def backward(mask):
            return torch.ops.aten.convolution_backward(
                dy, x, kernel, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], groups, mask
            )

        return {
            "backward_input": lambda: backward([True, False, False])[0].permute(0, 2, 3, 1).numpy(),
            "backward_kernel": lambda: backward([False, True, False])[1].permute(2, 3, 1, 0).numpy(),
        }[direction]

    def layer(self, direction, layer, arrays, algorithms=()):
        """Return functions that compute a layer, forward with bias and ReLU or a gradient, by memory format."""
        import torch

        def make(memory_format):
            x, dy = (self._image(a).contiguous(memory_format=memory_format) for a in (arrays.x, arrays.dy))
            kernel = self._kernel(arrays.kernel).contiguous(memory_format=memory_format)
            bias = torch.from_numpy(arrays.bias)
            if direction != "forward":
                return self._gradient(direction, x, kernel, dy, layer.stride, layer.padding, layer.groups)

            def forward():
                with torch.inference_mode():
                    y = torch.conv2d(x, kernel, bias, layer.stride, layer.padding, 1, layer.groups).relu_()
                    return y.permute(0, 2, 3, 1).numpy()

            return forward

        return {"contiguous": make(torch.contiguous_format), "channels_last": make(torch.channels_last)}

    @staticmethod
    def versions():
        """Return what is installed and was picked, as a dict."""
        import torch

        return {
            "torch": torch.__version__,
            "oneDNN": torch.backends.mkldnn.is_available(),
            "instruction set": torch.backends.cpu.get_cpu_capability(),
        }

    def max_pool2d(self, x, window, stride):
        """Return a function that pools."""
        import torch

        x = self._image(x)
        return lambda: torch.max_pool2d(x, window, stride).permute(0, 2, 3, 1).numpy()

    def lenet(self):
        """Return functions that train LeNet on a batch, returning the loss, and that predict."""
        import torch
        from torch import nn

        torch.manual_seed(0)
        model = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
        )  # fmt: skip
        optimizer = torch.optim.Adam(model.parameters(), 0.001)
        criterion = nn.CrossEntropyLoss()

        def train(x, y):
            optimizer.zero_grad()
            loss = criterion(model(self._image(x)), torch.from_numpy(y))
            loss.backward()
            optimizer.step()
            return loss.item()

        def predict(x):
            with torch.inference_mode():
                return model(self._image(x)).softmax(-1).numpy()

        return train, predict


def _onnx_model(layer, arrays):
    """Return a layer with bias and ReLU as a serialized ONNX model of NCHW images."""
    from onnx import TensorProto, helper, numpy_helper

    weights = {"kernel": np.ascontiguousarray(arrays.kernel.transpose(3, 2, 0, 1)), "bias": arrays.bias}
    attributes = {"strides": [layer.stride] * 2, "pads": [layer.padding] * 4, "group": layer.groups}
    images = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, channels, height, width])
        for name, (batch, height, width, channels) in (("x", layer.x_shape), ("y", layer.y_shape))
    ]
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "kernel", "bias"], ["z"], **attributes),
            helper.make_node("Relu", ["z"], ["y"]),
        ],
        "layer",
        images[:1],
        images[1:],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)  # what older runtimes read
    return model.SerializeToString()


def _nchw(layer, arrays):
    """Return the input as NCHW images, and memory for such an output."""
    x = empty(tuple(layer.x_shape[i] for i in (0, 3, 1, 2)))
    x[...] = arrays.x.transpose(0, 3, 1, 2)
    batch, height, width, channels = layer.y_shape
    return x, empty((batch, channels, height, width))


class OnnxRuntime:
    """ONNX Runtime on a model of one layer, with input and output bound to arrays."""

    def __init__(self, threads):
        import onnx  # noqa: F401
        import onnxruntime

        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1

    def layer(self, direction, layer, arrays, algorithms=()):
        """Return a function that computes a layer, forward with bias and ReLU."""
        import onnxruntime

        session = onnxruntime.InferenceSession(_onnx_model(layer, arrays), self.options, ["CPUExecutionProvider"])
        x, y = _nchw(layer, arrays)
        binding = session.io_binding()
        binding.bind_input("x", "cpu", 0, x.dtype, x.shape, x.ctypes.data)
        binding.bind_output("y", "cpu", 0, y.dtype, y.shape, y.ctypes.data)

        def forward(x=x):  # keeps x alive
            session.run_with_iobinding(binding)
            return y.transpose(0, 2, 3, 1)

        return {"nchw": forward}

    @staticmethod
    def versions():
        """Return what is installed, as a dict."""
        import onnx
        import onnxruntime

        return {"onnxruntime": onnxruntime.__version__, "onnx": onnx.__version__}


class OpenVino:
    """OpenVINO on a model of one layer, with input and output in arrays' memory."""

    def __init__(self, threads):
        import onnx  # noqa: F401
        import openvino

        self.core = openvino.Core()
        self.options = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
        }

    def layer(self, direction, layer, arrays, algorithms=()):
        """Return a function that computes a layer, forward with bias and ReLU."""
        import openvino

        model = self.core.read_model(_onnx_model(layer, arrays), b"")
        request = self.core.compile_model(model, "CPU", self.options).create_infer_request()
        x, y = _nchw(layer, arrays)
        request.set_input_tensor(openvino.Tensor(x, shared_memory=True))
        request.set_output_tensor(openvino.Tensor(y, shared_memory=True))

        def forward(x=x):  # keeps x alive
            request.infer()
            return y.transpose(0, 2, 3, 1)

        return {"nchw": forward}

    @staticmethod
    def versions():
        """Return what is installed, as a dict."""
        import onnx
        import openvino

        return {"openvino": openvino.__version__, "onnx": onnx.__version__}


#: Those that train.
LIBRARIES = {"striate": Striate, "torch": Torch}

#: Those that run layers; the runtimes of ONNX models have no gradients.
LAYER_LIBRARIES = LIBRARIES | {"onnxruntime": OnnxRuntime, "openvino": OpenVino}


def empty(shape):
    """Return a new float32 array that begins on a cache line, as those begin that the libraries allocate."""
    memory = np.empty(4 * math.prod(shape) + 64, np.uint8)
    return np.ndarray(shape, np.float32, memory, -memory.ctypes.data % 64)


def random_array(*shape, seed=0):
    """Return normally distributed float32 numbers, the same at every call."""
    return np.random.default_rng(seed).standard_normal(out=empty(shape), dtype=np.float32)


class Arrays:
    """The arrays of a convolution, random and the same at every call."""

    def __init__(self, shape):
        self.x = random_array(*shape.x_shape, seed=0)
        self.kernel = random_array(*shape.kernel_shape, seed=1)
        self.bias = random_array(shape.filters, seed=2)
        self.dy = random_array(*shape.y_shape, seed=3)

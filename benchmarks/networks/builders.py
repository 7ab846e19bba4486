"""The networks in each library, with the same weights everywhere: functions that predict, and that take a training step.

A library's class has `predict(network, x)` and, if it can, `int8(network, x)` and `bfloat16(network, x)`, which predict in low
precision, and `train(network, x, y)`. They return functions without arguments that return probabilities of classes, or the loss
before a step of SGD with momentum.
"""

import math
import multiprocessing
import tempfile
from pathlib import Path

import numpy as np

LEARNING_RATE, MOMENTUM = 1e-3, 0.9

#: What normalized values that are added to others are scaled by: sums of many blocks neither shrink nor grow, which would leave
#: nothing but zeros and a one of the probabilities that libraries are compared by.
SCALE_OF_ADDENDS = 0.5


def weights(network):
    """Yield (index, arrays) of each step with weights, in striate's layouts: He initialization."""
    added = {index for step in network.steps if step.kind == "add" for index in step.inputs}
    for index, step in enumerate(network.steps):
        rng, a = np.random.default_rng(index), step.arguments
        if step.kind == "conv":
            bias = [np.zeros(a["filters"], np.float32)] if a["bias"] else []
            yield index, [_normal(rng, a["size"], a["size"], a["channels"], a["filters"]), *bias]
        elif step.kind == "dense":
            yield index, [_normal(rng, a["features"], a["units"]), np.zeros(a["units"], np.float32)]
        elif step.kind == "batch_norm":
            ones, zeros = np.ones(a["channels"], np.float32), np.zeros(a["channels"], np.float32)
            gamma = ones * np.float32(SCALE_OF_ADDENDS if index in added else 1)
            yield index, [gamma, zeros, zeros.copy(), ones.copy()]  # the others are beta, mean and variance


def _normal(rng, *shape):
    array = rng.standard_normal(shape, np.float32)
    array *= np.float32(math.sqrt(2 / math.prod(shape[:-1])))
    return array


class Striate:
    """striate."""

    def __init__(self, threads):
        import striate

        striate.set_num_threads(threads)

    @staticmethod
    def model(network, softmax):
        """Return a striate.Model."""
        from striate import Input, Model, layers

        def layer(step):
            a = step.arguments
            window = {"strides": a.get("stride"), "padding": a.get("padding")}
            return {
                "conv": lambda: layers.Conv2D(a["filters"], a["size"], **window, use_bias=a["bias"]),
                "relu": layers.ReLU,
                "batch_norm": lambda: layers.BatchNormalization(momentum=0.9, epsilon=1e-5),
                "lrn": lambda: layers.LocalResponseNormalization(2, 1.0, 2e-5, 0.75),
                "max_pool": lambda: layers.MaxPooling2D(a["size"], **window),
                "global_pool": layers.GlobalAveragePooling2D,
                "flatten": layers.Flatten,
                "dense": lambda: layers.Dense(a["units"]),
                "dropout": lambda: layers.Dropout(a["rate"]),
                "add": layers.Add,
                "concatenate": layers.Concatenate,
            }[step.kind]()

        image = Input(network.shape)
        results, made = {-1: image}, {}
        for index, step in enumerate(network.steps):
            made[index] = layer(step)
            inputs = [results[i] for i in step.inputs]
            results[index] = made[index](inputs if len(inputs) > 1 else inputs[0])
        output = results[len(network.steps) - 1]
        model = Model(image, layers.Softmax()(output) if softmax else output, rng=0)
        for index, arrays in weights(network):
            made[index].set_weights(arrays)
        return model

    def predict(self, network, x):
        """Return a function that predicts, of a model from a file, where the weights stay that are packed."""
        from striate.models import load_model

        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = f"{folder}/model.npz"
            # another process makes the file, so that this one's memory is that of predicting
            process = multiprocessing.get_context("spawn").Process(target=_save, args=(network, path))
            process.start()
            process.join()
            model = load_model(path, compile=False, lazy=True)
        return lambda: model(x)

    def int8(self, network, x):
        """Return a function that predicts with 8-bit integers, whose scales are those of the images."""
        from striate.quantization import quantize

        model = quantize(self.model(network, softmax=True), x, method="range")
        return lambda: model(x)

    def bfloat16(self, network, x):
        """Return a function that predicts with bfloat16 numbers."""
        model = self.model(network, softmax=True)
        model.dtype_policy = "bfloat16"
        return lambda: model(x)

    def train(self, network, x, y):
        """Return a function that takes a training step."""
        from striate.losses import SparseCategoricalCrossentropy
        from striate.optimizers import SGD

        model = self.model(network, softmax=False)
        model.compile(SGD(LEARNING_RATE, MOMENTUM), SparseCategoricalCrossentropy(from_logits=True))
        return lambda: model.train_on_batch(x, y)


def _save(network, path):
    Striate.model(network, softmax=True).save(path)


class Torch:
    """PyTorch, in channels-last memory."""

    def __init__(self, threads):
        import torch

        torch.set_num_threads(threads)

    @staticmethod
    def model(network):
        """Return a module of NCHW images, and its parts by the index of the step."""
        import torch
        from torch import nn

        def module(step):
            a = step.arguments
            window = (a.get("size"), a.get("stride"), a.get("padding"))
            return {
                "conv": lambda: nn.Conv2d(a["channels"], a["filters"], *window, bias=a["bias"]),
                "relu": lambda: nn.ReLU(inplace=True),
                "batch_norm": lambda: nn.BatchNorm2d(a["channels"]),
                "lrn": lambda: nn.LocalResponseNorm(5, 1e-4, 0.75, 1.0),
                "max_pool": lambda: nn.MaxPool2d(*window),
                "global_pool": lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
                "flatten": nn.Flatten,
                "dense": lambda: nn.Linear(a["features"], a["units"]),
                "dropout": lambda: nn.Dropout(a["rate"]),
            }.get(step.kind, nn.Identity)()

        class Module(nn.Module):
            def __init__(self):
                super().__init__()
                self.modules_of_steps = nn.ModuleList(map(module, network.steps))

            def forward(self, x):
                results = [x]
                for step, module in zip(network.steps, self.modules_of_steps, strict=True):
                    inputs = [results[i + 1] for i in step.inputs]
                    if step.kind == "add":
                        results.append(inputs[0] + inputs[1])
                    elif step.kind == "concatenate":
                        results.append(torch.cat(inputs, 1))
                    elif step.kind == "lrn":  # which there is of float32 alone
                        results.append(module(inputs[0].float()).to(inputs[0].dtype))
                    else:
                        results.append(module(inputs[0]))
                return results[-1]

        made = Module()
        with torch.no_grad():
            for index, arrays in weights(network):
                step, module = network.steps[index], made.modules_of_steps[index]
                for target, array in zip(_torch_targets(step, module), _nchw(network, index, arrays), strict=True):
                    target.copy_(torch.from_numpy(array))
        return made.to(memory_format=torch.channels_last)

    @staticmethod
    def _image(x):
        import torch

        return torch.from_numpy(x).permute(0, 3, 1, 2)  # channels last in memory

    def predict(self, network, x):
        """Return a function that predicts."""
        return self._run(self.model(network), self._image(x))

    def bfloat16(self, network, x):
        """Return a function that predicts with bfloat16 numbers."""
        import torch

        return self._run(self.model(network).to(torch.bfloat16), self._image(x).to(torch.bfloat16))

    @staticmethod
    def _run(model, image):
        import torch

        model.eval()

        def predict():
            with torch.inference_mode():
                return model(image).float().softmax(-1).numpy()

        return predict

    def train(self, network, x, y):
        """Return a function that takes a training step."""
        import torch

        model, image, target = self.model(network), self._image(x), torch.from_numpy(y)
        optimizer = torch.optim.SGD(model.parameters(), LEARNING_RATE, MOMENTUM)
        criterion = torch.nn.CrossEntropyLoss()

        def train():
            optimizer.zero_grad()
            loss = criterion(model(image), target)
            loss.backward()
            optimizer.step()
            return loss.item()

        return train


def _torch_targets(step, module):
    if step.kind == "batch_norm":
        return [module.weight, module.bias, module.running_mean, module.running_var]
    return [module.weight] if module.bias is None else [module.weight, module.bias]


def _nchw(network, index, arrays):
    """Return weights as libraries of NCHW images want them."""
    step = network.steps[index]
    if step.kind == "conv":
        return [np.ascontiguousarray(arrays[0].transpose(3, 2, 0, 1)), *arrays[1:]]
    if step.kind == "dense":
        kernel, before = arrays[0], network.steps[step.inputs[0]]
        while before.kind == "dropout":
            before = network.steps[before.inputs[0]]
        if before.kind == "flatten":  # the order of pixels and channels differs
            shape = network.shape_of(before.inputs[0])
            kernel = kernel.reshape(*shape, -1).transpose(2, 0, 1, 3).reshape(kernel.shape)
        return [np.ascontiguousarray(kernel.T), arrays[1]]
    return arrays


def onnx_model(network, batch):
    """Return a network with a softmax behind it as a serialized ONNX model of NCHW images."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, initializers, made = [], [], dict(weights(network))

    def name(i):
        return "x" if i < 0 else f"step_{i}"

    for index, step in enumerate(network.steps):
        a = step.arguments
        inputs = [name(i) for i in step.inputs]
        for j, array in enumerate(_nchw(network, index, made.get(index, []))):
            initializers.append(numpy_helper.from_array(array, f"weight_{index}_{j}"))
            inputs.append(f"weight_{index}_{j}")
        window = {}
        if "size" in a:
            window = {"kernel_shape": [a["size"]] * 2, "strides": [a["stride"]] * 2, "pads": [a["padding"]] * 4}
        kind, attributes = {
            "conv": ("Conv", window),
            "relu": ("Relu", {}),
            "batch_norm": ("BatchNormalization", {"epsilon": 1e-5}),
            "lrn": ("LRN", {"size": 5, "alpha": 1e-4, "beta": 0.75, "bias": 1.0}),
            "max_pool": ("MaxPool", window),
            "global_pool": ("GlobalAveragePool", {}),
            "flatten": ("Flatten", {}),
            "dense": ("Gemm", {"transB": 1}),
            "dropout": ("Identity", {}),
            "add": ("Add", {}),
            "concatenate": ("Concat", {"axis": 1}),
        }[step.kind]
        if kind == "GlobalAveragePool":
            nodes.append(helper.make_node(kind, inputs, [f"pooled_{index}"]))
            kind, inputs = "Flatten", [f"pooled_{index}"]
        nodes.append(helper.make_node(kind, inputs, [name(index)], **attributes))
    nodes.append(helper.make_node("Softmax", [name(len(network.steps) - 1)], ["y"], axis=-1))
    height, width, channels = network.shape
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, channels, height, width])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [batch, *network.steps[-1].shape])],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


def quantized_onnx_model(network, x):
    """Return the same with 8-bit integers: static, a scale for each filter, ranges of activations as for the images `x`."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Images(CalibrationDataReader):
        def __init__(self):
            self.left = [{"x": np.ascontiguousarray(x.transpose(0, 3, 1, 2))}]

        def get_next(self):
            return self.left.pop() if self.left else None

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        real, prepared, quantized = (Path(folder, f"{name}.onnx") for name in ("real", "prepared", "quantized"))
        real.write_bytes(onnx_model(network, len(x)))
        quant_pre_process(real, prepared)
        quantize_static(
            prepared, quantized, Images(), quant_format=QuantFormat.QDQ, per_channel=True, activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )  # fmt: skip
        return quantized.read_bytes()


class OnnxRuntime:
    """ONNX Runtime."""

    def __init__(self, threads):
        import onnx  # noqa: F401
        import onnxruntime

        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1

    def predict(self, network, x):
        """Return a function that predicts."""
        return self._run(onnx_model(network, len(x)), x)

    def int8(self, network, x):
        """Return a function that predicts with 8-bit integers."""
        return self._run(quantized_onnx_model(network, x), x)

    def _run(self, model, x):
        import onnxruntime

        session = onnxruntime.InferenceSession(model, self.options, ["CPUExecutionProvider"])
        image = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
        return lambda: session.run(["y"], {"x": image})[0]


class OpenVino:
    """OpenVINO."""

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

    def predict(self, network, x):
        """Return a function that predicts."""
        return self._run(onnx_model(network, len(x)), x)

    def bfloat16(self, network, x):
        """Return a function that predicts with bfloat16 numbers."""
        self.options["INFERENCE_PRECISION_HINT"] = "bf16"
        return self._run(onnx_model(network, len(x)), x)

    def int8(self, network, x):
        """Return a function that predicts with 8-bit integers, of the model that ONNX Runtime's tools make."""
        return self._run(quantized_onnx_model(network, x), x)

    def _run(self, model, x):
        import openvino

        request = self.core.compile_model(self.core.read_model(model, b""), "CPU", self.options).create_infer_request()
        image = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
        request.set_input_tensor(openvino.Tensor(image, shared_memory=True))

        def predict(image=image):  # keeps it alive
            request.infer()
            return request.get_output_tensor().data

        return predict


LIBRARIES = {"striate": Striate, "torch": Torch, "onnxruntime": OnnxRuntime, "openvino": OpenVino}

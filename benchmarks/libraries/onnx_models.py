"""Networks as ONNX models of NCHW images, and what the libraries that run these share."""

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.arrays import empty
from benchmarks.libraries.common import for_nchw, weights
from benchmarks.networks.definitions import Network

#: The name of the node that makes probabilities.
SOFTMAX = "softmax"


def _nchw(shape):
    """Return the shape of images with the channels before the pixels; the shape of a matrix stays the same."""
    batch, *pixels, channels = shape
    return batch, channels, *pixels


def _channels_last(y):
    return y.transpose(0, 2, 3, 1) if y.ndim == 4 else y


class OnnxLibrary:
    """The base class of libraries that run ONNX models; a subclass defines `run_model`, which returns a function that does."""

    def layer(self, direction, layer, arrays, algorithms=()):
        """Return a function that computes the forward pass of a layer, with bias and ReLU."""
        run = self._run(layer_model(layer, arrays), arrays.x, layer.y_shape)
        return {"nchw": lambda: _channels_last(run())}

    def predict(self, network, x):
        """Return a function that predicts."""
        return self._predict(classifier_model(network, len(x)), network, x)

    def int8(self, network, x):
        """Return a function that predicts with 8-bit integers, of the model that ONNX Runtime's tools make."""
        return self._predict(quantized_model(network, x), network, x)

    def _predict(self, model, network, x):
        run = self._run(model, x, (len(x), *network.steps[-1].shape))
        return lambda: _channels_last(run())

    def _run(self, model, x, y_shape):
        image, y = empty(_nchw(x.shape)), empty(_nchw(y_shape))
        image[...] = x.transpose(0, 3, 1, 2)
        run = self.run_model(model, image, y)

        def run_and_return(image=image):  # The default value keeps the input alive.
            run()
            return y

        return run_and_return


def layer_model(layer, arrays):
    """Return a layer with bias and ReLU as a serialized model."""
    network = Network(layer.x_shape[1:])
    network.conv(-1, layer.filters, layer.kernel, layer.stride, layer.padding, groups=layer.groups)
    return _serialized(network, layer.batch, {0: [arrays.kernel, arrays.bias]})


def classifier_model(network, batch):
    """Return a network, followed by a softmax, as a serialized model."""
    return _serialized(network, batch, dict(weights(network)), softmax=True)


def _serialized(network, batch, made, softmax=False):
    from onnx import TensorProto, helper, numpy_helper

    nodes, initializers = [], []
    last = len(network.steps) - 1

    def name(i):
        return "x" if i < 0 else "y" if i == last and not softmax else f"step_{i}"

    for index, step in enumerate(network.steps):
        a = step.arguments
        inputs = [name(i) for i in step.inputs]
        for j, array in enumerate(for_nchw(network, index, made.get(index, []))):
            initializers.append(numpy_helper.from_array(array, f"weight_{index}_{j}"))
            inputs.append(f"weight_{index}_{j}")
        window = {}
        if "size" in a:
            window = {"kernel_shape": [a["size"]] * 2, "strides": [a["stride"]] * 2, "pads": [a["padding"]] * 4}
        kind, attributes = {
            "conv": ("Conv", {**window, "group": a.get("groups")}),
            "conv_transpose": ("ConvTranspose", window),
            "relu": ("Relu", {}),
            "relu6": ("Clip", {}),
            "sigmoid": ("Sigmoid", {}),
            "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
            "silu": ("Sigmoid", {}),
            "hard_silu": ("HardSwish", {}),
            "batch_norm": ("BatchNormalization", {"epsilon": 1e-5}),
            "lrn": ("LRN", {"size": 5, "alpha": 1e-4, "beta": 0.75, "bias": 1.0}),
            "max_pool": ("MaxPool", window),
            "global_pool": ("GlobalAveragePool", {}),
            "flatten": ("Flatten", {}),
            "dense": ("Gemm", {"transB": 1}),
            "dropout": ("Identity", {}),
            "add": ("Add", {}),
            "scale": ("Mul", {}),
            "concatenate": ("Concat", {"axis": 1}),
        }[step.kind]
        if kind == "Clip":
            for bound in (0, 6):
                inputs.append(f"bound_{index}_{bound}")
                initializers.append(numpy_helper.from_array(np.float32(bound), inputs[-1]))
        if step.kind == "silu":  # This set of operators has it only as a product, which libraries fuse.
            nodes.append(helper.make_node(kind, inputs, [f"gate_{index}"]))
            kind, inputs = "Mul", [*inputs, f"gate_{index}"]
        if step.kind == "global_pool" and not a["keepdims"]:
            nodes.append(helper.make_node(kind, inputs, [f"pooled_{index}"]))
            kind, inputs = "Flatten", [f"pooled_{index}"]
        nodes.append(helper.make_node(kind, inputs, [name(index)], **attributes))
    if softmax:
        nodes.append(helper.make_node("Softmax", [name(last)], ["y"], SOFTMAX, axis=1))
    images, results = (
        [helper.make_tensor_value_info(tensor, TensorProto.FLOAT, _nchw((batch, *shape)))]
        for tensor, shape in (("x", network.shape), ("y", network.steps[-1].shape))
    )
    graph = helper.make_graph(nodes, "network", images, results, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)  # Older runtimes read this.
    return model.SerializeToString()


def quantized_model(network, x):
    """Return a network, followed by a softmax, as a serialized model of 8-bit integers.

    Quantization is static: each filter has a scale, and activations have the ranges that the images `x` lead to. Probabilities
    stay float32, because most of those of 1000 classes are less than one step of 8-bit integers, 1/256.
    """
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Images(CalibrationDataReader):
        def __init__(self):
            self.left = [{"x": np.ascontiguousarray(x.transpose(0, 3, 1, 2))}]

        def get_next(self):
            return self.left.pop() if self.left else None

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        real, prepared, quantized = (Path(folder, f"{name}.onnx") for name in ("real", "prepared", "quantized"))
        real.write_bytes(classifier_model(network, len(x)))
        quant_pre_process(real, prepared)
        quantize_static(
            prepared, quantized, Images(), quant_format=QuantFormat.QDQ, per_channel=True, activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8, nodes_to_exclude=[SOFTMAX],
        )  # fmt: skip
        return quantized.read_bytes()

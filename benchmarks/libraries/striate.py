"""striate itself."""

import functools
import multiprocessing
import tempfile

from benchmarks.arrays import empty
from benchmarks.libraries.common import LEARNING_RATE, MOMENTUM, weights


class Striate:
    """striate's functional API and models."""

    def __init__(self, threads):
        import striate

        striate.set_num_threads(threads)

    def conv2d(self, direction, x, kernel, dy, stride, padding):
        """Return a function that computes a convolution or one of its gradients."""
        from striate import functional as F

        arguments = {"strides": stride, "padding": padding}
        return {
            "forward": lambda: F.conv2d(x, kernel, **arguments),
            "backward_input": lambda: F.conv2d_backward_input(dy, kernel, x.shape, **arguments),
            "backward_kernel": lambda: F.conv2d_backward_kernel(dy, x, kernel.shape, **arguments),
        }[direction]

    def layer(self, direction, layer, arrays, algorithms=()):
        """Return functions, by algorithm, that compute a layer with bias and ReLU, or one of its gradients.

        Algorithms that cannot compute it are left out.
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
        function()  # This raises an error if the algorithm cannot compute it.
        return function

    def max_pool2d(self, x, window, stride):
        """Return a function that pools."""
        from striate import functional as F

        return lambda: F.max_pool2d(x, window, strides=stride)

    @staticmethod
    def model(network):
        """Return a network, followed by a softmax, as a `striate.Model`."""
        from striate import Input, Model, layers

        def layer(step):
            a = step.arguments
            window = {"strides": a.get("stride"), "padding": a.get("padding")}
            return {
                "conv": lambda: layers.Conv2D(a["filters"], a["size"], **window, groups=a["groups"], use_bias=a["bias"]),
                "conv_transpose": lambda: layers.Conv2DTranspose(a["filters"], a["size"], **window),
                "relu": layers.ReLU,
                "relu6": lambda: layers.ReLU(6),
                "sigmoid": lambda: layers.Activation("sigmoid"),
                "hard_sigmoid": lambda: layers.Activation("hard_sigmoid"),
                "silu": lambda: layers.Activation("silu"),
                "hard_silu": lambda: layers.Activation("hard_silu"),
                "batch_norm": lambda: layers.BatchNormalization(momentum=0.9, epsilon=1e-5),
                "lrn": lambda: layers.LocalResponseNormalization(2, 1.0, 2e-5, 0.75),
                "max_pool": lambda: layers.MaxPooling2D(a["size"], **window),
                "global_pool": lambda: layers.GlobalAveragePooling2D(keepdims=a["keepdims"]),
                "flatten": layers.Flatten,
                "dense": lambda: layers.Dense(a["units"]),
                "dropout": lambda: layers.Dropout(a["rate"]),
                "add": layers.Add,
                "scale": layers.Multiply,
                "concatenate": layers.Concatenate,
            }[step.kind]()

        image = Input(network.shape)
        results, made = {-1: image}, {}
        for index, step in enumerate(network.steps):
            made[index] = layer(step)
            inputs = [results[i] for i in step.inputs]
            results[index] = made[index](inputs if len(inputs) > 1 else inputs[0])
        output = results[len(network.steps) - 1]
        model = Model(image, layers.Softmax()(output), rng=0)
        for index, arrays in weights(network):
            made[index].set_weights(arrays)
        return model

    def predict(self, network, x):
        """Return a function that calls a model from a file."""
        return functools.partial(self._loaded(network), x)

    @staticmethod
    def _loaded(network):
        """Return a model from a file; weights that are packed are not loaded besides."""
        from striate.models import load_model

        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = f"{folder}/model.npz"
            # Another process writes the file, so that this one has only the memory that predicting needs.
            process = multiprocessing.get_context("spawn").Process(target=_save, args=(network, path))
            process.start()
            process.join()
            return load_model(path, compile=False, lazy=True)

    def int8(self, network, x):
        """Return a function that predicts with 8-bit integers, whose scales fit the images."""
        from striate.quantization import quantize

        model = quantize(self.model(network), x, method="range")
        return lambda: model(x)

    def bfloat16(self, network, x):
        """Return a function that predicts with bfloat16 numbers."""
        model = self.model(network)
        model.dtype_policy = "bfloat16"
        return lambda: model(x)

    def trainer(self, network, optimizer="sgd"):
        """Return a function that takes a training step and returns the loss, and one that predicts."""
        from striate.optimizers import SGD, Adam

        model = self.model(network)
        made = SGD(LEARNING_RATE, MOMENTUM) if optimizer == "sgd" else Adam(LEARNING_RATE)
        model.compile(made, "sparse_categorical_crossentropy")
        return model.train_on_batch, lambda x: model.predict(x, batch_size=len(x))

    @staticmethod
    def versions():
        """Return the installed versions, and what was chosen for this machine, as a dict."""
        import striate.versions

        return striate.versions.versions()


class StriatePredict(Striate):
    """striate, predicting by `Model.predict`, as programs for Keras do: it makes batches and progress bars besides."""

    def predict(self, network, x):
        """Return a function that predicts by the method of a model from a file."""
        return functools.partial(self._loaded(network).predict, x, verbose=0)


def _save(network, path):
    Striate.model(network).save(path)

"""Layers beside Keras' own, where it is installed with PyTorch: outputs, gradients, batch statistics, optimizers' steps."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")
torch = pytest.importorskip("torch")

import striate  # noqa: E402
from striate._common.structures import flat  # noqa: E402
from striate.engine import Graph, Plan, append_gradients  # noqa: E402

pytestmark = [
    pytest.mark.skipif(keras.backend.backend() != "torch", reason="gradients are taken by PyTorch"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
#: Those that Keras has by name and that keep the shape. Its sparsemax adds up the cumulative sums of the logits, of which the
#: paper takes the last.
ACTIVATIONS = [name for name in striate.activations.NAMES if name not in ("gelu_tanh", "glu", "threshold", "sparsemax")]


def random_cases(seed=0, rounds=4):
    """Configurations with random arguments: (class, arguments, input shape)."""
    rng = np.random.default_rng(seed)

    def one_of(*options):
        return options[rng.integers(len(options))]

    cases = []
    for _ in range(rounds):
        height, width, channels = (int(n) for n in rng.integers(7, 12, 3))
        channels = 2 * (channels // 2)
        images = (3, height, width, channels)
        window = {"strides": one_of(1, 2, (2, 1)), "padding": one_of("valid", "same")}
        kernel = one_of(1, 2, 3, (3, 2), (2, 5))
        bias = {"use_bias": one_of(True, False), "activation": one_of(*ACTIVATIONS[:18])}
        dilated = {**window, **({} if window["strides"] != 1 else {"dilation_rate": one_of(1, 2)})}
        if rng.random() < 0.5:
            dilated = window
        sequence = images[:1] + images[2:]
        volumes = (2, int(rng.integers(4, 7)), *images[1:])
        cube, steps = one_of(2, (3, 1, 2), (1, 3, 2)), one_of(1, 2, (2, 1, 3))
        same, causal = {"padding": window["padding"]}, one_of("valid", "same", "causal")
        affine = {"center": one_of(True, False), "scale": one_of(True, False)}
        resized = one_of({}, {"antialias": True}, {"pad_to_aspect_ratio": True}, {"crop_to_aspect_ratio": True})
        bent = {"negative_slope": one_of(0.0, 0.2), "threshold": one_of(0.0, 0.3)}
        stft = {
            "frame_length": 24, "frame_step": one_of(None, 10), "fft_length": one_of(None, 64), **same,
            "expand_dims": one_of(True, False), "window": one_of("hann", "blackman", None), "periodic": one_of(True, False),
            "scaling": one_of("density", "spectrum", None),
        }  # fmt: skip
        mel = {
            "fft_length": 64, "sequence_stride": one_of(16, 20), "sequence_length": one_of(None, 50), "num_mel_bins": 12,
            "window": one_of("hann", "hamming"), "mag_exp": one_of(1.0, 2.0), "power_to_db": one_of(True, False), "top_db": 9.0,
        }  # fmt: skip
        cases += [
            ("Conv2D", {"filters": 4, "kernel_size": kernel, "groups": one_of(1, 2), **dilated, **bias}, images),
            ("DepthwiseConv2D", {"kernel_size": kernel, "depth_multiplier": one_of(1, 3), **same, **bias}, images),
            ("SeparableConv2D", {"filters": 5, "kernel_size": kernel, **same, **bias}, images),
            ("Conv2DTranspose", {"filters": 3, "kernel_size": kernel, **window, **bias}, images),
            ("Conv1D", {"filters": 6, "kernel_size": 3, "padding": causal, "strides": one_of(1, 2), **bias}, sequence),
            ("MaxPooling2D", {"pool_size": one_of(2, 3, (3, 2)), **window}, images),
            ("AveragePooling2D", {"pool_size": one_of(2, 3, (3, 2)), "strides": window["strides"]}, images),
            ("MaxPooling1D", {"pool_size": one_of(2, 3), "padding": one_of("valid", "same")}, sequence),
            ("AveragePooling1D", {"pool_size": one_of(2, 3), "strides": one_of(1, 2)}, sequence),
            ("GlobalAveragePooling2D", {"keepdims": one_of(True, False)}, images),
            ("GlobalMaxPooling1D", {"keepdims": one_of(True, False)}, sequence),
            ("BatchNormalization", {"momentum": 0.7, "epsilon": 0.01, **affine}, images),
            ("LayerNormalization", {"axis": one_of(-1, [1, 2, 3]), "center": one_of(True, False)}, images),
            ("GroupNormalization", {"groups": one_of(1, 2, -1), "scale": one_of(True, False)}, images),
            ("Dense", {"units": 5, **bias}, one_of(images, (4, 6))),
            ("Activation", {"activation": one_of(*ACTIVATIONS)}, images),
            ("ReLU", {"max_value": one_of(None, 0.7, 6.0), **bent}, images),
            ("LeakyReLU", {"negative_slope": one_of(0.1, 0.3)}, images),
            ("ELU", {"alpha": one_of(0.5, 1.0)}, images),
            ("PReLU", {"shared_axes": one_of(None, [1, 2], [1, 3])}, images),
            ("Softmax", {"axis": one_of(-1, 1, 2)}, images),
            ("Permute", {"dims": one_of((2, 1, 3), (3, 1, 2))}, images),
            ("Reshape", {"target_shape": (-1, channels // 2)}, images),
            ("Flatten", {}, images),
            ("ZeroPadding2D", {"padding": one_of(1, (2, 1), ((0, 1), (2, 0)))}, images),
            ("Cropping2D", {"cropping": one_of(1, (2, 1), ((0, 1), (2, 0)))}, images),
            ("UpSampling2D", {"size": one_of(2, (1, 3)), "interpolation": one_of("nearest", "bilinear")}, images),
            ("Rescaling", {"scale": 0.3, "offset": one_of(0.0, -1.0)}, images),
            ("Resizing", {"height": int(rng.integers(3, 15)), "width": int(rng.integers(3, 15)), **resized}, images),
            ("CenterCrop", {"height": one_of(5, 6), "width": one_of(4, 7)}, images),
            ("Add", {}, [images, images]),
            ("Multiply", {}, [images, (3, 1, 1, channels)]),
            ("Subtract", {}, [images, images]),
            ("Average", {}, [images, images, images]),
            ("Maximum", {}, [images, images]),
            ("Minimum", {}, [images, (3, 1, width, channels)]),
            ("Concatenate", {"axis": one_of(-1, 1, 2)}, [images, images]),
            ("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": one_of(1, 3), **same, **bias}, sequence),
            ("SeparableConv1D", {"filters": 5, "kernel_size": one_of(2, 3), **same, **bias}, sequence),
            ("Conv1DTranspose", {"filters": 3, "kernel_size": 3, "strides": one_of(1, 2), **same, **bias}, sequence),
            ("ZeroPadding1D", {"padding": one_of(1, (2, 1))}, sequence),
            ("Cropping1D", {"cropping": one_of(1, (2, 1))}, sequence),
            ("UpSampling1D", {"size": one_of(2, 3)}, sequence),
            ("RepeatVector", {"n": one_of(2, 3)}, (4, 6)),
            ("STFTSpectrogram", {"mode": one_of("log", "magnitude", "psd", "stft"), **stft}, (2, 90, 2)),
            ("MelSpectrogram", mel, (2, 300)),
            ("Identity", {}, images),
            ("UnitNormalization", {"axis": one_of(-1, [1, 2])}, images),
            ("RMSNormalization", {"axis": -1, "epsilon": one_of(1e-6, 0.1)}, images),
            ("Softmax", {"axis": [1, 2]}, images),
            ("Dot", {"axes": one_of((3, 3), (1, 1), -1), "normalize": one_of(True, False)}, [images, images]),
            ("Dot", {"axes": one_of(1, -1)}, [(4, 6), (4, 6)]),
            ("Conv3D", {"filters": 4, "kernel_size": cube, "strides": steps, "groups": one_of(1, 2), **same, **bias}, volumes),
            ("Conv3D", {"filters": 3, "kernel_size": cube, "dilation_rate": one_of(1, 2), **same, **bias}, volumes),
            ("Conv3DTranspose", {"filters": 3, "kernel_size": cube, "strides": one_of(1, 2), **same, **bias}, volumes),
            ("MaxPooling3D", {"pool_size": cube, "strides": steps, **same}, volumes),
            ("AveragePooling3D", {"pool_size": cube, "strides": one_of(None, 1)}, volumes),
            ("GlobalAveragePooling3D", {"keepdims": one_of(True, False)}, volumes),
            ("GlobalMaxPooling3D", {}, volumes),
            ("UpSampling3D", {"size": cube}, volumes),
            ("ZeroPadding3D", {"padding": one_of(1, (2, 1, 0), ((0, 1), (2, 0), (1, 1)))}, volumes),
            ("Cropping3D", {"cropping": one_of(1, (1, 2, 0), ((0, 1), (2, 0), (1, 1)))}, volumes),
        ]  # fmt: skip
    cases += [("Activation", {"activation": name}, (3, 5, 6)) for name in ACTIVATIONS]
    return cases


CASES = random_cases()


def arrays_for(shape, rng):
    if isinstance(shape, list):
        return [rng.standard_normal(each).astype("float32") for each in shape]
    return rng.standard_normal(shape).astype("float32")


def weights_of_keras(layer):
    """Keras keeps a layer's weights in the order in which they are saved, except for those that no gradient reaches."""
    return [weight for weight in layer.weights if "seed" not in weight.path]


@pytest.mark.parametrize(("name", "arguments", "shape"), CASES)
def test_layers_have_outputs_and_gradients_of_keras(name, arguments, shape):
    rng = np.random.default_rng(1)
    x = arrays_for(shape, rng)
    own, other = getattr(striate.layers, name)(**arguments), getattr(keras.layers, name)(**arguments)
    inputs = [torch.from_numpy(each.copy()).requires_grad_() for each in flat(x)]
    y_other = other(inputs if isinstance(x, list) else inputs[0], training=True)
    y_own = own(x, rng=0)
    assert y_own.shape == tuple(y_other.shape)
    values = [rng.uniform(0.1, 0.6, weight.shape).astype("float32") for weight in own.weights]
    own.set_weights(values)
    theirs = weights_of_keras(other)
    for variable, value in zip(theirs, values, strict=True):
        variable.assign(value)

    graph = Graph(training=True, rng=np.random.default_rng(0))
    places = [graph.input(each.shape, each.dtype) for each in flat(x)]
    y = own(places if isinstance(x, list) else places[0])
    trained = [graph.value_of(weight) for weight in own.trainable_weights]
    dy = rng.standard_normal(y.shape).astype("float32")
    found = append_gradients(graph, [(y, graph.input(y.shape, y.dtype))], [*places, *trained])
    wanted = [*places, *trained]
    results = Plan(graph, [y, *[found[value] for value in wanted]], threads=2).instantiate().compute([*flat(x), dy])

    y_other = other(inputs if isinstance(x, list) else inputs[0], training=True)
    torch.sum(y_other * torch.from_numpy(dy)).backward()
    expected = [y_other.detach(), *[each.grad for each in inputs], *[weight.value.grad for weight in other.trainable_variables]]
    for result, each in zip(results, expected, strict=True):
        scale = max(float(each.abs().max()), 1.0)
        np.testing.assert_allclose(result, each.numpy(), rtol=2e-4, atol=2e-5 * scale)
    if name == "BatchNormalization":  # one run of each has moved the means
        for weight, variable in zip(own.weights, theirs, strict=True):
            if not weight.trainable:
                np.testing.assert_allclose(weight.value, variable.value.detach().numpy(), rtol=1e-3, atol=1e-4)


KERNEL = np.random.default_rng(5).standard_normal((3, 2, 4, 6)).astype("float32")
PIXELS = np.random.default_rng(6).standard_normal((3, 6, 8, 4)).astype("float32")
CLASSES = np.random.default_rng(7).integers(0, 4, (3, 6, 8))
PARTS = np.random.default_rng(8).uniform(0.1, 0.9, PIXELS.shape).astype("float32")

# functions of a library's `ops` and of images x, shape (3, 6, 8, 4)
OPS = {
    "pad": lambda ops, x: ops.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]]),
    "pad, value": lambda ops, x: ops.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], constant_values=1.5),
    "pad, reflect": lambda ops, x: ops.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], mode="reflect"),
    "split": lambda ops, x: ops.split(x, 2, axis=-1)[1],
    "take": lambda ops, x: ops.take(x, [3, 0, 0], axis=2),
    "tile": lambda ops, x: ops.tile(x, [1, 2, 1, 3]),
    "repeat": lambda ops, x: ops.repeat(x, 2, axis=1),
    "flip": lambda ops, x: ops.flip(x, axis=2),
    "roll": lambda ops, x: ops.roll(x, shift=3, axis=1),
    "swapaxes": lambda ops, x: ops.swapaxes(x, 1, -1),
    "moveaxis": lambda ops, x: ops.moveaxis(x, -1, 1),
    "prod": lambda ops, x: ops.prod(x, axis=-1),
    "cumsum": lambda ops, x: ops.cumsum(x, axis=1),
    "logsumexp": lambda ops, x: ops.logsumexp(x, axis=[1, 2], keepdims=True),
    "moments": lambda ops, x: ops.moments(x, axes=[1, 2])[1],
    "sort": lambda ops, x: ops.sort(x, axis=1),
    "top_k": lambda ops, x: ops.top_k(x, k=2)[0],
    "mod": lambda ops, x: ops.mod(x, 0.7),
    "erf": lambda ops, x: ops.erf(x),
    "gelu": lambda ops, x: ops.gelu(x),
    "gelu, exact": lambda ops, x: ops.gelu(x, approximate=False),
    "threshold": lambda ops, x: ops.threshold(x, threshold=0.3, default_value=-1.0),
    "softmax": lambda ops, x: ops.softmax(x, axis=(1, 2)),
    "norm": lambda ops, x: ops.norm(x, ord=1, axis=-1, keepdims=True),
    "normalize": lambda ops, x: ops.normalize(x, axis=-1, order=2),
    "depth_to_space": lambda ops, x: ops.depth_to_space(x, 2),
    "space_to_depth": lambda ops, x: ops.space_to_depth(x, 2),
    "binary_crossentropy": lambda ops, x: ops.binary_crossentropy(PARTS, ops.sigmoid(x)),
    "binary_crossentropy, logits": lambda ops, x: ops.binary_crossentropy(PARTS, x, from_logits=True),
    "categorical_crossentropy": lambda ops, x: ops.categorical_crossentropy(PARTS, ops.exp(x)),
    "categorical_crossentropy, logits": lambda ops, x: ops.categorical_crossentropy(PARTS, x, from_logits=True, axis=1),
    "sparse_categorical_crossentropy": lambda ops, x: ops.sparse_categorical_crossentropy(
        CLASSES[:, 0, 0], ops.softmax(x[:, 0, 0])
    ),
    "sparse_categorical_crossentropy, logits": lambda ops, x: ops.sparse_categorical_crossentropy(
        CLASSES[..., None], x, from_logits=True
    ),
    "conv": lambda ops, x: ops.conv(x, KERNEL, strides=2, padding="same"),
    "conv, groups": lambda ops, x: ops.conv(x, KERNEL[:, :, :2], dilation_rate=(1, 2)),
    "conv, sequences": lambda ops, x: ops.conv(x[:, 0], KERNEL[:, 0], strides=2, padding="same"),
    "depthwise_conv": lambda ops, x: ops.depthwise_conv(x, KERNEL[..., :2], padding="same"),
    "depthwise_conv, sequences": lambda ops, x: ops.depthwise_conv(x[:, 0], KERNEL[:, 0, :, :2]),
    "separable_conv": lambda ops, x: ops.separable_conv(x, KERNEL[..., :1], KERNEL[:1, :1], strides=(1, 1)),
    "conv_transpose": lambda ops, x: ops.conv_transpose(x, KERNEL[..., :4], strides=2, padding="same"),
    "conv_transpose, sequences": lambda ops, x: ops.conv_transpose(x[:, 0], KERNEL[:, 0, :, :4], strides=3),
    "max_pool": lambda ops, x: ops.max_pool(x, 2, strides=(2, 1), padding="same"),
    "average_pool": lambda ops, x: ops.average_pool(x, (2, 3)),
    "average_pool, sequences": lambda ops, x: ops.average_pool(x[:, 0], 2),
    "batch_normalization": lambda ops, x: ops.batch_normalization(
        x, *ops.moments(x, axes=(0, 1, 2)), -1, offset=KERNEL[0, 0, :, 0], scale=KERNEL[0, 0, :, 1]
    ),
    "resize": lambda ops, x: ops.image.resize(x, (9, 5)),
    "resize, nearest": lambda ops, x: ops.image.resize(x, (4, 16), interpolation="nearest"),
    "rgb_to_grayscale": lambda ops, x: ops.image.rgb_to_grayscale(x[..., :3]),
    "reshape": lambda ops, x: ops.reshape(x, (ops.shape(x)[0], -1)),
    "relu": lambda ops, x: ops.nn.relu(x) + ops.numpy.square(x),
}


class OfOps(striate.layers.Layer):
    """A layer of one function."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def call(self, x):
        return self.function(striate.ops, x)


@pytest.mark.parametrize("name", OPS)
def test_ops_have_values_and_gradients_of_keras(name):
    function = OPS[name]
    x = torch.from_numpy(PIXELS.copy()).requires_grad_()
    expected = function(keras.ops, x)
    dy = np.random.default_rng(2).standard_normal(expected.shape).astype("float32")
    torch.sum(expected * torch.from_numpy(dy)).backward()

    def close(own, other, rtol):
        other = other.detach().numpy()
        np.testing.assert_allclose(own, other, rtol=rtol, atol=rtol * max(np.abs(other).max(), 1.0) / 10)

    close(function(striate.ops, PIXELS), expected, 1e-4)
    inputs = striate.Input(PIXELS.shape[1:])
    if "batch" not in name:
        y = striate.Model(inputs, function(striate.ops, inputs)) if "crossentropy" not in name else OfOps(function)
        close(y.predict(PIXELS) if isinstance(y, striate.Model) else y(PIXELS), expected, 1e-4)
    graph = Graph()
    value = graph.input(PIXELS.shape, PIXELS.dtype)
    y = OfOps(function)(value)
    (dx,) = append_gradients(graph, [(y, graph.input(dy.shape, dy.dtype))], [value]).values()
    y, dx = Plan(graph, [y, dx], threads=1).instantiate().compute([PIXELS, dy])
    close(y, expected, 1e-4)
    close(dx, x.grad, 1e-3)


OPTIMIZERS = [
    ("SGD", {"learning_rate": 0.1}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.8, "nesterov": True, "clipvalue": 0.02}),
    ("SGD", {"learning_rate": 0.05, "global_clipnorm": 0.1, "weight_decay": 0.1}),
    ("Adam", {"learning_rate": 0.01}),
    ("Adam", {"learning_rate": 0.01, "amsgrad": True, "clipnorm": 0.1}),
    ("AdamW", {"learning_rate": 0.01, "weight_decay": 0.05}),
    ("RMSprop", {"learning_rate": 0.01}),
    ("RMSprop", {"learning_rate": 0.01, "momentum": 0.5, "centered": True}),
    ("Adagrad", {"learning_rate": 0.05}),
    ("Lion", {"learning_rate": 0.01}),
    ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.6, "ema_overwrite_frequency": 2}),
]


def convnet(library, **arguments):
    layers = library.layers
    return library.Sequential(
        [
            library.Input((8, 8, 2)),
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer=library.regularizers.L2(0.01)),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(3, activation="softmax", bias_regularizer="l1"),
        ],
        **arguments,
    )


@pytest.mark.parametrize(("name", "arguments"), OPTIMIZERS)
@pytest.mark.parametrize("weighted", [False, True])
def test_optimizers_take_the_steps_of_keras(name, arguments, weighted):
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((8, 8, 8, 2)).astype("float32"), rng.integers(0, 3, 8)
    weights = {"sample_weight": rng.random(8).astype("float32")} if weighted else {}
    own, other = convnet(striate), convnet(keras)
    start = [rng.uniform(0.05, 0.4, array.shape).astype("float32") for array in own.get_weights()]
    for model, library in ((own, striate), (other, keras)):
        model.set_weights(start)
        model.compile(getattr(library.optimizers, name)(**arguments), "sparse_categorical_crossentropy")
    for _ in range(3):
        loss = own.train_on_batch(x, y, **weights)
        assert loss == pytest.approx(float(other.train_on_batch(x, y, **weights)), rel=1e-3)
    for a, b, c in zip(own.get_weights(), other.get_weights(), start, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=2e-3 * max(np.abs(b - c).max(), 1e-3))

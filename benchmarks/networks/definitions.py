"""The networks, each defined once: as a list of steps, from which each library's class builds it.

LeNet-5 [1]_, AlexNet [2]_ without the groups into which the paper splits channels for its two GPUs, VGG-16 [3]_, GoogLeNet [4]_
without its auxiliary classifiers, ResNets [5]_, MobileNets [6]_ [7]_ [8]_, EfficientNet-B0 [9]_, and U-Net [10]_. Those since
ResNets are without dropout and stochastic depth, so that all libraries can be compared in training, too.

.. [1] LeCun, Y. et al., "Gradient-based learning applied to document recognition", Proceedings of the IEEE, 1998.
.. [2] Krizhevsky, A. et al., "ImageNet classification with deep convolutional neural networks", NIPS 2012.
.. [3] Simonyan, K. and Zisserman, A., "Very deep convolutional networks for large-scale image recognition", ICLR 2015.
.. [4] Szegedy, C. et al., "Going deeper with convolutions", CVPR 2015.
.. [5] He, K. et al., "Deep residual learning for image recognition", CVPR 2016.
.. [6] Howard, A. et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", 2017.
.. [7] Sandler, M. et al., "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018.
.. [8] Howard, A. et al., "Searching for MobileNetV3", ICCV 2019.
.. [9] Tan, M. and Le, Q., "EfficientNet: rethinking model scaling for convolutional neural networks", ICML 2019.
.. [10] Ronneberger, O. et al., "U-Net: convolutional networks for biomedical image segmentation", MICCAI 2015.
"""

import functools
import math
from typing import NamedTuple


class Step(NamedTuple):
    """One step of a network: an operation on the results of earlier steps."""

    kind: str
    inputs: tuple  # indices of steps; -1 is the network's input
    arguments: dict
    shape: tuple  # of the result, (height, width, channels) or (features,)


class Network:
    """A network under construction: each method appends a step and returns its index."""

    def __init__(self, shape):
        self.shape = shape
        self.steps = []

    def _append(self, kind, inputs, shape, **arguments):
        self.steps.append(Step(kind, tuple(inputs), arguments, shape))
        return len(self.steps) - 1

    def shape_of(self, x):
        """Return the shape of a step's result."""
        return self.shape if x < 0 else self.steps[x].shape

    def _windows(self, x, size, stride, padding):
        return [(n + 2 * padding - size) // stride + 1 for n in self.shape_of(x)[:2]]

    def conv(self, x, filters, size, stride=1, padding=0, *, groups=1, bias=True, relu=True):
        """Append a convolution, and a ReLU if wanted."""
        shape = (*self._windows(x, size, stride, padding), filters)
        arguments = {"size": size, "stride": stride, "padding": padding, "groups": groups, "bias": bias}
        y = self._append("conv", [x], shape, filters=filters, channels=self.shape_of(x)[2], **arguments)
        return self.relu(y) if relu else y

    def conv_transpose(self, x, filters, size):
        """Append a transposed convolution with a bias, whose stride is its size."""
        height, width, channels = self.shape_of(x)
        arguments = {"size": size, "stride": size, "padding": 0, "channels": channels}
        return self._append("conv_transpose", [x], (height * size, width * size, filters), filters=filters, **arguments)

    def activation(self, x, kind):
        """Append an activation: "relu", "relu6", "sigmoid", "hard_sigmoid", "silu" or "hard_silu"."""
        return self._append(kind, [x], self.shape_of(x))

    def relu(self, x):
        """Append a ReLU."""
        return self.activation(x, "relu")

    def batch_norm(self, x):
        """Append a batch normalization."""
        return self._append("batch_norm", [x], self.shape_of(x), channels=self.shape_of(x)[-1])

    def lrn(self, x):
        """Append a local response normalization over five channels."""
        return self._append("lrn", [x], self.shape_of(x))

    def max_pool(self, x, size, stride, padding=0):
        """Append a max pooling."""
        shape = (*self._windows(x, size, stride, padding), self.shape_of(x)[2])
        return self._append("max_pool", [x], shape, size=size, stride=stride, padding=padding)

    def global_pool(self, x, *, keepdims=False):
        """Append a global average pooling, to images of one pixel if `keepdims`."""
        shape = self.shape_of(x)[2:]
        return self._append("global_pool", [x], (1, 1, *shape) if keepdims else shape, keepdims=keepdims)

    def flatten(self, x):
        """Append a flattening."""
        return self._append("flatten", [x], (math.prod(self.shape_of(x)),))

    def dense(self, x, units, *, relu=True):
        """Append a fully connected layer with a bias, and a ReLU if wanted."""
        y = self._append("dense", [x], (units,), units=units, features=self.shape_of(x)[0])
        return self.relu(y) if relu else y

    def dropout(self, x, rate):
        """Append a dropout."""
        return self._append("dropout", [x], self.shape_of(x), rate=rate)

    def add(self, a, b):
        """Append the sum of two results."""
        return self._append("add", [a, b], self.shape_of(a))

    def scale(self, x, gate):
        """Append the product of `x` and a gate, which has one pixel: each channel has a factor."""
        return self._append("scale", [x, gate], self.shape_of(x))

    def concatenate(self, parts):
        """Append a concatenation along the channels."""
        shape = (*self.shape_of(parts[0])[:2], sum(self.shape_of(part)[2] for part in parts))
        return self._append("concatenate", parts, shape)


def lenet():
    """Return LeNet-5 for 28×28 grayscale images, with ReLU and max pooling."""
    net = Network((28, 28, 1))
    x = net.max_pool(net.conv(-1, 6, 5, padding=2), 2, 2)
    x = net.max_pool(net.conv(x, 16, 5), 2, 2)
    x = net.dense(net.dense(net.flatten(x), 120), 84)
    net.dense(x, 10, relu=False)
    return net


def pattern():
    """Return ((Conv 3×3 → ReLU)*2 → Pool)*3 → FC 256 → FC 10, with 64, 128 and 256 filters, for 32×32 colour images."""
    net = Network((32, 32, 3))
    x = -1
    for filters in (64, 128, 256):
        x = net.conv(net.conv(x, filters, 3, padding=1), filters, 3, padding=1)
        x = net.max_pool(x, 2, 2)
    net.dense(net.dense(net.flatten(x), 256), 10, relu=False)
    return net


def alexnet():
    """Return AlexNet."""
    net = Network((224, 224, 3))
    x = net.max_pool(net.lrn(net.conv(-1, 96, 11, 4, 2)), 3, 2)
    x = net.max_pool(net.lrn(net.conv(x, 256, 5, padding=2)), 3, 2)
    x = net.conv(net.conv(x, 384, 3, padding=1), 384, 3, padding=1)
    x = net.max_pool(net.conv(x, 256, 3, padding=1), 3, 2)
    x = net.flatten(x)
    for _ in range(2):
        x = net.dense(net.dropout(x, 0.5), 4096)
    net.dense(x, 1000, relu=False)
    return net


def vgg16():
    """Return VGG-16, configuration D."""
    net = Network((224, 224, 3))
    x = -1
    for count, filters in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        for _ in range(count):
            x = net.conv(x, filters, 3, padding=1)
        x = net.max_pool(x, 2, 2)
    x = net.flatten(x)
    for _ in range(2):
        x = net.dropout(net.dense(x, 4096), 0.5)
    net.dense(x, 1000, relu=False)
    return net


def googlenet():
    """Return GoogLeNet."""
    net = Network((224, 224, 3))
    x = net.lrn(net.max_pool(net.conv(-1, 64, 7, 2, 3), 3, 2, 1))
    x = net.conv(net.conv(x, 64, 1), 192, 3, padding=1)
    x = net.max_pool(net.lrn(x), 3, 2, 1)

    def inception(x, one, before_three, three, before_five, five, pooled):
        branches = [
            net.conv(x, one, 1),
            net.conv(net.conv(x, before_three, 1), three, 3, padding=1),
            net.conv(net.conv(x, before_five, 1), five, 5, padding=2),
            net.conv(net.max_pool(x, 3, 1, 1), pooled, 1),
        ]
        return net.concatenate(branches)

    x = inception(x, 64, 96, 128, 16, 32, 32)
    x = inception(x, 128, 128, 192, 32, 96, 64)
    x = net.max_pool(x, 3, 2, 1)
    x = inception(x, 192, 96, 208, 16, 48, 64)
    x = inception(x, 160, 112, 224, 24, 64, 64)
    x = inception(x, 128, 128, 256, 24, 64, 64)
    x = inception(x, 112, 144, 288, 32, 64, 64)
    x = inception(x, 256, 160, 320, 32, 128, 128)
    x = net.max_pool(x, 3, 2, 1)
    x = inception(x, 256, 160, 320, 32, 128, 128)
    x = inception(x, 384, 192, 384, 48, 128, 128)
    net.dense(net.dropout(net.global_pool(x), 0.4), 1000, relu=False)
    return net


def _conv_norm(net, x, filters, size, stride=1, padding=0, *, groups=1, activation="relu"):
    y = net.batch_norm(net.conv(x, filters, size, stride, padding, groups=groups, bias=False, relu=False))
    return net.activation(y, activation) if activation else y


def _resnet(blocks, block, expansion):
    net = Network((224, 224, 3))
    x = net.max_pool(_conv_norm(net, -1, 64, 7, 2, 3), 3, 2, 1)
    for stage, count in enumerate(blocks):
        filters = 64 << stage
        for i in range(count):
            stride = 2 if stage and not i else 1
            shortcut = x
            if stride != 1 or net.shape_of(x)[2] != filters * expansion:
                shortcut = _conv_norm(net, x, filters * expansion, 1, stride, activation=None)
            x = net.relu(net.add(block(net, x, filters, stride), shortcut))
    net.dense(net.global_pool(x), 1000, relu=False)
    return net


def _basic(net, x, filters, stride):
    x = _conv_norm(net, x, filters, 3, stride, 1)
    return _conv_norm(net, x, filters, 3, 1, 1, activation=None)


def _bottleneck(net, x, filters, stride):
    x = _conv_norm(net, x, filters, 1)
    x = _conv_norm(net, x, filters, 3, stride, 1)
    return _conv_norm(net, x, 4 * filters, 1, activation=None)


def resnet18():
    """Return ResNet-18."""
    return _resnet((2, 2, 2, 2), _basic, 1)


def resnet50():
    """Return ResNet-50, with the strides in the 3×3 convolutions, as in most implementations since the paper."""
    return _resnet((3, 4, 6, 3), _bottleneck, 4)


def _depthwise_norm(net, x, size, stride, activation):
    channels = net.shape_of(x)[2]
    return _conv_norm(net, x, channels, size, stride, size // 2, groups=channels, activation=activation)


def mobilenet():
    """Return MobileNet (the paper's table 1), with ReLU6."""
    net = Network((224, 224, 3))
    x = _conv_norm(net, -1, 32, 3, 2, 1, activation="relu6")
    for filters, stride in ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)):
        x = _conv_norm(net, _depthwise_norm(net, x, 3, stride, "relu6"), filters, 1, activation="relu6")
    net.dense(net.global_pool(x), 1000, relu=False)
    return net


def _inverted_residual(net, x, expanded, filters, size, stride, activation, excite=None):
    """Append a block of MobileNetV2 and its successors; `excite`, if any, appends the gates of the expanded channels."""
    channels = net.shape_of(x)[2]
    y = x if expanded == channels else _conv_norm(net, x, expanded, 1, activation=activation)
    y = _depthwise_norm(net, y, size, stride, activation)
    if excite:
        y = excite(y)
    y = _conv_norm(net, y, filters, 1, activation=None)
    return net.add(x, y) if stride == 1 and channels == filters else y


def _squeeze_excite(net, x, squeezed, activation, gate):
    y = net.conv(net.global_pool(x, keepdims=True), squeezed, 1, relu=False)
    y = net.conv(net.activation(y, activation), net.shape_of(x)[2], 1, relu=False)
    return net.scale(x, net.activation(y, gate))


def mobilenet_v2():
    """Return MobileNetV2 (the paper's table 2)."""
    net = Network((224, 224, 3))
    x = _conv_norm(net, -1, 32, 3, 2, 1, activation="relu6")
    for expansion, filters, count, stride in (
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)
    ):  # fmt: skip
        for i in range(count):
            x = _inverted_residual(net, x, expansion * net.shape_of(x)[2], filters, 3, 1 if i else stride, "relu6")
    net.dense(net.global_pool(_conv_norm(net, x, 1280, 1, activation="relu6")), 1000, relu=False)
    return net


def mobilenet_v3_small():
    """Return MobileNetV3-Small (the paper's table 2; the last convolution has no gates, as in its authors' code)."""
    net = Network((224, 224, 3))

    def excite(x):
        squeezed = (net.shape_of(x)[2] // 4 + 4) // 8 * 8  # a quarter, in whole vectors of eight
        return _squeeze_excite(net, x, squeezed, "relu", "hard_sigmoid")

    x = _conv_norm(net, -1, 16, 3, 2, 1, activation="hard_silu")
    for size, expanded, filters, excited, activation, stride in (
        (3, 16, 16, True, "relu", 2), (3, 72, 24, False, "relu", 2), (3, 88, 24, False, "relu", 1),
        (5, 96, 40, True, "hard_silu", 2), *[(5, 240, 40, True, "hard_silu", 1)] * 2, (5, 120, 48, True, "hard_silu", 1),
        (5, 144, 48, True, "hard_silu", 1), (5, 288, 96, True, "hard_silu", 2), *[(5, 576, 96, True, "hard_silu", 1)] * 2,
    ):  # fmt: skip
        x = _inverted_residual(net, x, expanded, filters, size, stride, activation, excite if excited else None)
    x = net.global_pool(_conv_norm(net, x, 576, 1, activation="hard_silu"))
    net.dense(net.activation(net.dense(x, 1024, relu=False), "hard_silu"), 1000, relu=False)
    return net


def efficientnet_b0():
    """Return EfficientNet-B0 (the paper's table 1), whose gates squeeze to a quarter of a block's input channels."""
    net = Network((224, 224, 3))
    x = _conv_norm(net, -1, 32, 3, 2, 1, activation="silu")
    for expansion, size, filters, count, stride in (
        (1, 3, 16, 1, 1), (6, 3, 24, 2, 2), (6, 5, 40, 2, 2), (6, 3, 80, 3, 2), (6, 5, 112, 3, 1), (6, 5, 192, 4, 2),
        (6, 3, 320, 1, 1),
    ):  # fmt: skip
        for i in range(count):
            channels = net.shape_of(x)[2]
            excite = functools.partial(_squeeze_excite, net, squeezed=channels // 4, activation="silu", gate="sigmoid")
            x = _inverted_residual(net, x, expansion * channels, filters, size, 1 if i else stride, "silu", excite)
    net.dense(net.global_pool(_conv_norm(net, x, 1280, 1, activation="silu")), 1000, relu=False)
    return net


def unet():
    """Return U-Net for 256×256 grayscale images and two classes, with padding, so that each pixel has its output."""
    net = Network((256, 256, 1))

    def block(x, filters):
        return net.conv(net.conv(x, filters, 3, padding=1), filters, 3, padding=1)

    x, skipped = -1, []
    for filters in (64, 128, 256, 512):
        skipped.append(block(x, filters))
        x = net.max_pool(skipped[-1], 2, 2)
    x = block(x, 1024)
    for filters in (512, 256, 128, 64):
        x = block(net.concatenate([skipped.pop(), net.conv_transpose(x, filters, 2)]), filters)
    net.conv(x, 2, 1, relu=False)
    return net


#: For each network, the function that makes it, the batch sizes for prediction, and the batch size for training, if any.
NETWORKS = {
    "LeNet-5": (lenet, (1, 64), 64),
    "pattern": (pattern, (1, 64), 64),
    "AlexNet": (alexnet, (1,), 16),
    "VGG-16": (vgg16, (1,), None),
    "GoogLeNet": (googlenet, (1, 8), 8),
    "ResNet-18": (resnet18, (1, 8), 8),
    "ResNet-50": (resnet50, (1,), 4),
    "MobileNet": (mobilenet, (1, 8), 8),
    "MobileNetV2": (mobilenet_v2, (1, 8), 8),
    "MobileNetV3-Small": (mobilenet_v3_small, (1, 8), 8),
    "EfficientNet-B0": (efficientnet_b0, (1, 8), 8),
    "U-Net": (unet, (1,), 2),
}

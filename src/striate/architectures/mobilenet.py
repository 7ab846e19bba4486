"""MobileNets: convolutions split in depthwise and pointwise ones."""

from .. import layers
from .._checks import number
from .common import classifier, conv_norm, documented, image_input, model, normalized, pooled

_ALPHA = """
    alpha : float
        Factor of all numbers of channels, above 0."""
_HOW = "the first two strides of 2 are 1"


def _depthwise_norm(x, name, strides=1, activation="relu6"):
    convolution = layers.DepthwiseConv2D(3, strides, padding=1, use_bias=False, depthwise_initializer="he_normal", name=name)
    return normalized(x, convolution, name, activation)


@documented(
    'Howard, A. et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", 2017.',
    _ALPHA,
    _HOW,
)
def MobileNet(
    input_shape=(224, 224, 3),
    classes=1000,
    include_top=True,
    pooling=None,
    classifier_activation="softmax",
    alpha=1.0,
    small_images=False,
    name="mobilenet",
    rng=None,
):
    """Return MobileNet [1]_, with ReLU6."""
    alpha = number("alpha", alpha, 0, open_minimum=True)

    def width(filters):
        return max(int(filters * alpha), 1)

    image = image_input(input_shape)
    x = conv_norm(image, width(32), 3, "conv1", 1 if small_images else 2, "relu6")
    filters = (64, 128, 128, 256, 256, *(512,) * 6, 1024, 1024)
    for i, count in enumerate(filters, 1):
        halved = i > 1 and count > filters[i - 2]
        strides = 2 if halved and not (small_images and count == 128) else 1
        x = _depthwise_norm(x, f"block{i}_depthwise", strides)
        x = conv_norm(x, width(count), 1, f"block{i}_pointwise", activation="relu6")
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.Dropout(0.001, name="dropout")(layers.GlobalAveragePooling2D(name="pool")(x))
    return model(image, classifier(x, classes, classifier_activation), name, rng)


def divisible_by_8(channels):
    """Return the nearest multiple of 8 that is not more than a tenth smaller."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


@documented(
    'Sandler, M. et al., "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018.',
    _ALPHA,
    _HOW,
)
def MobileNetV2(
    input_shape=(224, 224, 3),
    classes=1000,
    include_top=True,
    pooling=None,
    classifier_activation="softmax",
    alpha=1.0,
    small_images=False,
    name="mobilenetv2",
    rng=None,
):
    """Return MobileNetV2 [1]_: blocks that widen, filter each channel, and narrow again."""
    alpha = number("alpha", alpha, 0, open_minimum=True)
    image = image_input(input_shape)
    x = conv_norm(image, divisible_by_8(32 * alpha), 3, "conv1", 1 if small_images else 2, "relu6")
    stages = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    for stage, (expansion, filters, count, strides) in enumerate(stages, 1):
        if small_images and stage == 2:
            strides = 1
        for i in range(count):
            block, channels = f"stage{stage}_block{i + 1}", divisible_by_8(filters * alpha)
            y = x
            if expansion != 1:
                y = conv_norm(y, expansion * x.shape[-1], 1, f"{block}_expand", activation="relu6")
            y = _depthwise_norm(y, f"{block}_depthwise", 1 if i else strides)
            y = conv_norm(y, channels, 1, f"{block}_project", activation=None)
            same = y.shape == x.shape
            x = layers.Add(name=f"{block}_add")([y, x]) if same else y
    x = conv_norm(x, divisible_by_8(1280 * max(alpha, 1)), 1, "conv2", activation="relu6")
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.Dropout(0.2, name="dropout")(layers.GlobalAveragePooling2D(name="pool")(x))
    return model(image, classifier(x, classes, classifier_activation), name, rng)

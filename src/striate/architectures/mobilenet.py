"""MobileNets, networks of depthwise separable convolutions."""

from .. import layers
from .._common.checks import number
from .common import classifier, conv_norm, image_input, model, network, normalized, pooled

#: Docstring sections with the papers.
REFERENCE_DOC = """
    References
    ----------
    .. [1] Howard, A. et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", 2017.
    """
REFERENCE_V2_DOC = """
    References
    ----------
    .. [1] Sandler, M. et al., "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018.
    """
_SMALL_IMAGES_DOC = """
    Parameters
    ----------
    small_images : bool
        Whether the model is made for images of about 32×32 pixels: the first two strides of 2 are 1.
    """

#: (filters, strides) of MobileNet's blocks (the paper's table 1).
BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5, (1024, 2), (1024, 1))

#: (expansion, filters, number of blocks, strides of the first block) of MobileNetV2's stages (the paper's table 2).
_STAGES_V2 = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


def _depthwise_norm(x, name, strides=1, activation="relu6"):
    convolution = layers.DepthwiseConv2D(3, strides, padding=1, use_bias=False, depthwise_initializer="he_normal", name=name)
    return normalized(x, convolution, name, activation)


@network(REFERENCE_DOC, _SMALL_IMAGES_DOC)
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
    for i, (filters, strides) in enumerate(BLOCKS, 1):
        x = _depthwise_norm(x, f"block{i}_depthwise", 1 if small_images and filters == 128 else strides)
        x = conv_norm(x, width(filters), 1, f"block{i}_pointwise", activation="relu6")
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.Dropout(0.001, name="dropout")(layers.GlobalAveragePooling2D(name="pool")(x))
    return model(image, classifier(x, classes, classifier_activation), name, rng)


def blocks_v2():
    """Yield stage, index in the stage (both counted from 1), expansion, filters and strides of each of MobileNetV2's blocks."""
    for stage, (expansion, filters, count, strides) in enumerate(_STAGES_V2, 1):
        for index in range(1, count + 1):
            yield stage, index, expansion, filters, strides if index == 1 else 1


def divisible_by_8(channels):
    """Return the nearest multiple of 8, or the next one if that is more than 10 % smaller."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


@network(REFERENCE_V2_DOC, _SMALL_IMAGES_DOC)
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
    """Return MobileNetV2 [1]_, made of inverted residual blocks."""
    alpha = number("alpha", alpha, 0, open_minimum=True)
    image = image_input(input_shape)
    x = conv_norm(image, divisible_by_8(32 * alpha), 3, "conv1", 1 if small_images else 2, "relu6")
    for stage, index, expansion, filters, strides in blocks_v2():
        block, y = f"stage{stage}_block{index}", x
        if expansion != 1:
            y = conv_norm(y, expansion * x.shape[-1], 1, f"{block}_expand", activation="relu6")
        y = _depthwise_norm(y, f"{block}_depthwise", 1 if small_images and stage == 2 else strides)
        y = conv_norm(y, divisible_by_8(filters * alpha), 1, f"{block}_project", activation=None)
        x = layers.Add(name=f"{block}_add")([y, x]) if y.shape == x.shape else y
    x = conv_norm(x, divisible_by_8(1280 * max(alpha, 1)), 1, "conv2", activation="relu6")
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.Dropout(0.2, name="dropout")(layers.GlobalAveragePooling2D(name="pool")(x))
    return model(image, classifier(x, classes, classifier_activation), name, rng)

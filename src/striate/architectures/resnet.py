"""Residual networks."""

from .. import layers
from .common import classifier, conv_norm, documented, image_input, model, pooled

_REFERENCE = 'He, K., Zhang, X., Ren, S. and Sun, J., "Deep residual learning for image recognition", CVPR 2016.'


def _basic(x, filters, strides, name):
    x = conv_norm(x, filters, 3, f"{name}_conv1", strides)
    return conv_norm(x, filters, 3, f"{name}_conv2", activation=None)


def _bottleneck(x, filters, strides, name):
    x = conv_norm(x, filters, 1, f"{name}_conv1")
    x = conv_norm(x, filters, 3, f"{name}_conv2", strides)
    return conv_norm(x, 4 * filters, 1, f"{name}_conv3", activation=None)


def _resnet(
    counts, filters, bottleneck, input_shape, classes, include_top, pooling, classifier_activation, small_images, name, rng
):
    image = image_input(input_shape)
    if small_images:
        x = conv_norm(image, filters, 3, "conv1")
    else:
        x = conv_norm(image, filters, 7, "conv1", 2)
        x = layers.MaxPooling2D(3, 2, padding=1, name="pool1")(x)
    for stage, count in enumerate(counts):
        width = filters << stage
        for index in range(count):
            block = f"stage{stage + 1}_block{index + 1}"
            strides = 2 if stage and not index else 1
            y = (_bottleneck if bottleneck else _basic)(x, width, strides, block)
            if strides != 1 or x.shape[-1] != y.shape[-1]:
                x = conv_norm(x, y.shape[-1], 1, f"{block}_shortcut", strides, activation=None)
            x = layers.ReLU(name=f"{block}_relu")(layers.Add(name=f"{block}_add")([y, x]))
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return model(image, classifier(x, classes, classifier_activation), name, rng)


def _variant(depth, counts, bottleneck):
    """Make a function that returns one of the networks for large images."""

    def resnet(
        input_shape=(224, 224, 3),
        classes=1000,
        include_top=True,
        pooling=None,
        classifier_activation="softmax",
        small_images=False,
        name=f"resnet{depth}",
        rng=None,
    ):
        arguments = (input_shape, classes, include_top, pooling, classifier_activation, small_images, name, rng)
        return _resnet(counts, 64, bottleneck, *arguments)

    resnet.__name__ = resnet.__qualname__ = f"ResNet{depth}"
    blocks = "bottleneck blocks, with the stride in their 3×3 convolutions" if bottleneck else "blocks of two convolutions"
    resnet.__doc__ = f"Return ResNet-{depth} [1]_: {blocks}, and projections where shapes change."
    how = "one convolution of 3×3 at stride 1 in place of that of 7×7 and the pooling"
    return documented(_REFERENCE, small_images=how)(resnet)


def _small_variant(depth):
    """Make a function that returns one of the networks for small images, of 6n + 2 layers."""

    def resnet(
        input_shape=(32, 32, 3),
        classes=10,
        include_top=True,
        pooling=None,
        classifier_activation="softmax",
        name=f"resnet{depth}",
        rng=None,
    ):
        arguments = (input_shape, classes, include_top, pooling, classifier_activation, True, name, rng)
        return _resnet(((depth - 2) // 6,) * 3, 16, False, *arguments)

    resnet.__name__ = resnet.__qualname__ = f"ResNet{depth}"
    resnet.__doc__ = f"""Return ResNet-{depth} [1]_ for images of some 32 pixels.

    Three stages of {(depth - 2) // 6} blocks have 16, 32 and 64 filters; there are projections where shapes change."""
    return documented(_REFERENCE)(resnet)


ResNet18 = _variant(18, (2, 2, 2, 2), False)
ResNet34 = _variant(34, (3, 4, 6, 3), False)
ResNet50 = _variant(50, (3, 4, 6, 3), True)
ResNet101 = _variant(101, (3, 4, 23, 3), True)
ResNet20, ResNet32, ResNet44, ResNet56 = (_small_variant(depth) for depth in (20, 32, 44, 56))

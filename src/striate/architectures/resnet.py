"""Residual networks."""

from .. import layers
from .common import classifier, conv_norm, image_input, model, network, pooled

#: Docstring section with the paper.
REFERENCE_DOC = """
    References
    ----------
    .. [1] He, K., Zhang, X., Ren, S. and Sun, J., "Deep residual learning for image recognition", CVPR 2016.
    """
_SMALL_IMAGES_DOC = """
    Parameters
    ----------
    small_images : bool
        Whether the model is made for images of about 32×32 pixels: one 3×3 convolution with stride 1 instead of the 7×7
        convolution and the pooling.
    """

#: Blocks in each of the four stages, by the number of layers with weights (the columns of the paper's table 1).
BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def stages(x, counts, filters, append_block):
    """Return the features of the stages of a residual network.

    Parameters
    ----------
    x : Tensor
        Features of the images.
    counts : int or sequence of int
        Number of layers with weights, such as 50 for ResNet-50, or the number of blocks in each stage.
    filters : int
        Filters of the first stage; each stage has twice as many as the one before.
    append_block : callable
        ``append_block(x, filters, strides, stage, index)`` returns the tensor after a block; `stage` and `index` count from 1.
    """
    for stage, count in enumerate(BLOCKS[counts] if isinstance(counts, int) else counts, 1):
        for index in range(1, count + 1):
            x = append_block(x, filters << (stage - 1), 2 if stage > 1 and index == 1 else 1, stage, index)
    return x


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

    def append_block(x, filters, strides, stage, index):
        block = f"stage{stage}_block{index}"
        y = (_bottleneck if bottleneck else _basic)(x, filters, strides, block)
        if strides != 1 or x.shape[-1] != y.shape[-1]:
            x = conv_norm(x, y.shape[-1], 1, f"{block}_shortcut", strides, activation=None)
        return layers.ReLU(name=f"{block}_relu")(layers.Add(name=f"{block}_add")([y, x]))

    x = stages(x, counts, filters, append_block)
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return model(image, classifier(x, classes, classifier_activation), name, rng)


def _variant(depth, bottleneck):
    """Return a function that makes one of the networks for large images."""

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
        return _resnet(depth, 64, bottleneck, *arguments)

    resnet.__name__ = resnet.__qualname__ = f"ResNet{depth}"
    blocks = "bottleneck blocks, with the stride in their 3×3 convolutions" if bottleneck else "blocks of two convolutions"
    resnet.__doc__ = f"Return ResNet-{depth} [1]_: {blocks}, and projections where shapes change."
    return network(REFERENCE_DOC, _SMALL_IMAGES_DOC)(resnet)


def _small_variant(depth):
    """Return a function that makes one of the networks for small images, with 6n + 2 layers."""

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
    resnet.__doc__ = f"""Return ResNet-{depth} [1]_ for images of about 32×32 pixels.

    The three stages of {(depth - 2) // 6} blocks have 16, 32 and 64 filters; there are projections where shapes change.
    """
    return network(REFERENCE_DOC)(resnet)


ResNet18, ResNet34 = (_variant(depth, bottleneck=False) for depth in (18, 34))
ResNet50, ResNet101, ResNet152 = (_variant(depth, bottleneck=True) for depth in (50, 101, 152))
ResNet20, ResNet32, ResNet44, ResNet56 = (_small_variant(depth) for depth in (20, 32, 44, 56))

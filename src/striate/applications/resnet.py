"""Residual networks."""

from .. import layers
from ..architectures.common import classifier, pooled
from .common import documented, image_input, model
from .imagenet_utils import preprocessing

_REFERENCE = 'He, K., Zhang, X., Ren, S. and Sun, J., "Deep residual learning for image recognition", CVPR 2016.'


def _normalized(x, name):
    return layers.BatchNormalization(epsilon=1.001e-5, name=f"{name}_bn")(x)


def _block(x, filters, strides, first, name):
    shortcut = x
    if first:
        shortcut = _normalized(layers.Conv2D(4 * filters, 1, strides, name=f"{name}_0_conv")(x), f"{name}_0")
    for index, count, size in ((1, filters, 1), (2, filters, 3), (3, 4 * filters, 1)):
        part = f"{name}_{index}"
        convolution = layers.Conv2D(count, size, strides if index == 1 else 1, padding="same", name=f"{part}_conv")
        x = _normalized(convolution(x), part)
        if index < 3:
            x = layers.Activation("relu", name=f"{part}_relu")(x)
    return layers.Activation("relu", name=f"{name}_out")(layers.Add(name=f"{name}_add")([shortcut, x]))


def _variant(depth, counts):
    """Make a function that returns a network with some blocks in each of its four stages."""

    def resnet(
        include_top=True,
        weights="imagenet",
        input_tensor=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        name=f"resnet{depth}",
    ):
        image = image_input(input_tensor, input_shape, weights)
        x = layers.ZeroPadding2D(3, name="conv1_pad")(image)
        x = _normalized(layers.Conv2D(64, 7, 2, name="conv1_conv")(x), "conv1")
        x = layers.Activation("relu", name="conv1_relu")(x)
        x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
        x = layers.MaxPooling2D(3, 2, name="pool1_pool")(x)
        for stage, count in enumerate(counts):
            for index in range(1, count + 1):
                strides = 2 if stage and index == 1 else 1
                x = _block(x, 64 << stage, strides, index == 1, f"conv{stage + 2}_block{index}")
        if not include_top:
            return model(image, pooled(x, pooling), name, weights)
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        return model(image, classifier(x, classes, classifier_activation, "predictions"), name, weights)

    resnet.__name__ = resnet.__qualname__ = f"ResNet{depth}"
    resnet.__doc__ = f"""Return Keras' ResNet-{depth} [1]_.

    Strides are those of the blocks' first convolutions, as in the paper, and convolutions have biases."""
    return documented(resnet.__name__, _REFERENCE)(resnet)


ResNet50 = _variant(50, (3, 4, 6, 3))
ResNet101 = _variant(101, (3, 4, 23, 3))
ResNet152 = _variant(152, (3, 8, 36, 3))
preprocess_input = preprocessing("caffe")

"""Residual networks."""

from .. import layers
from .._common.names import public_attributes
from ..architectures import resnet as builder
from .common import application
from .imagenet_utils import decode_predictions, preprocessing


def _normalized(x, name):
    return layers.BatchNormalization(epsilon=1.001e-5, name=f"{name}_bn")(x)


def _append_block(x, filters, strides, stage, index):
    name, shortcut = f"conv{stage + 1}_block{index}", x
    if index == 1:
        shortcut = _normalized(layers.Conv2D(4 * filters, 1, strides, name=f"{name}_0_conv")(x), f"{name}_0")
    for part, count, size in ((1, filters, 1), (2, filters, 3), (3, 4 * filters, 1)):
        convolution = layers.Conv2D(count, size, strides if part == 1 else 1, padding="same", name=f"{name}_{part}_conv")
        x = _normalized(convolution(x), f"{name}_{part}")
        if part < 3:
            x = layers.Activation("relu", name=f"{name}_{part}_relu")(x)
    return layers.Activation("relu", name=f"{name}_out")(layers.Add(name=f"{name}_add")([shortcut, x]))


def _features(image, depth):
    x = layers.ZeroPadding2D(3, name="conv1_pad")(image)
    x = _normalized(layers.Conv2D(64, 7, 2, name="conv1_conv")(x), "conv1")
    x = layers.Activation("relu", name="conv1_relu")(x)
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, 2, name="pool1_pool")(x)
    return builder.stages(x, depth, 64, _append_block)


def _variant(depth):
    """Return the function that makes the network with `depth` layers with weights."""
    doc = f"""Return Keras' ResNet-{depth} [1]_.

    The strides are in the first convolutions of the blocks, as in the paper, and convolutions have biases.
    """
    return application(lambda image: _features(image, depth), f"ResNet{depth}", doc, builder.REFERENCE_DOC)


ResNet50, ResNet101, ResNet152 = map(_variant, (50, 101, 152))
preprocess_input = preprocessing("caffe")

__all__ = ["ResNet50", "ResNet101", "ResNet152", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

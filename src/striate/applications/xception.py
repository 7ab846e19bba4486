"""Xception."""

from .. import layers
from .._common.names import public_attributes
from .common import application
from .imagenet_utils import decode_predictions, preprocessing

_REFERENCE_DOC = """
    References
    ----------
    .. [1] Chollet, F., "Xception: deep learning with depthwise separable convolutions", CVPR 2017.
    """


def _conv(x, filters, size, strides, padding, name=None):
    x = layers.Conv2D(filters, size, strides, padding=padding, use_bias=False, name=name)(x)
    return layers.BatchNormalization(name=name and f"{name}_bn")(x)


def _separable(x, filters, name):
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    return layers.BatchNormalization(name=f"{name}_bn")(x)


def _relu(x, name):
    return layers.Activation("relu", name=f"{name}_act")(x)


def _reducing_block(x, block, filters):
    """Append two separable convolutions and a pooling, beside a convolution with a stride of 2."""
    shortcut = _conv(x, filters[-1], 1, 2, "same")
    for index, count in enumerate(filters, 1):
        name = f"block{block}_sepconv{index}"
        x = x if name == "block2_sepconv1" else _relu(x, name)
        x = _separable(x, count, name)
    x = layers.MaxPooling2D(3, 2, padding="same", name=f"block{block}_pool")(x)
    return layers.Add()([x, shortcut])


def _middle_block(x, block):
    shortcut = x
    for index in (1, 2, 3):
        name = f"block{block}_sepconv{index}"
        x = _separable(_relu(x, name), 728, name)
    return layers.Add()([x, shortcut])


def _features(image):
    x = image
    for index, filters, strides in ((1, 32, 2), (2, 64, 1)):
        name = f"block1_conv{index}"
        x = _relu(_conv(x, filters, 3, strides, "valid", name), name)
    for block, filters in ((2, 128), (3, 256), (4, 728)):
        x = _reducing_block(x, block, (filters, filters))
    for block in range(5, 13):
        x = _middle_block(x, block)
    x = _reducing_block(x, 13, (728, 1024))
    for index, filters in ((1, 1536), (2, 2048)):
        name = f"block14_sepconv{index}"
        x = _relu(_separable(x, filters, name), name)
    return x


Xception = application(_features, "Xception", "Return Keras' Xception [1]_.", _REFERENCE_DOC, size=299, smallest=71)
preprocess_input = preprocessing("tf")

__all__ = ["Xception", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

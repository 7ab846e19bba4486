"""Inception-v3."""

from .. import layers
from .._common.names import public_attributes
from .common import application
from .imagenet_utils import decode_predictions, preprocessing

_REFERENCE_DOC = """
    References
    ----------
    .. [1] Szegedy, C., Vanhoucke, V., Ioffe, S., Shlens, J. and Wojna, Z., "Rethinking the Inception architecture for computer
       vision", CVPR 2016.
    """
_HALVING = (3, 2, "valid")  # size, strides and padding of the convolutions that halve the image


def conv_norm(x, filters, size, strides=1, padding="same", name=None):
    """Append a convolution, a batch normalization without scale, and a ReLU."""
    x = layers.Conv2D(filters, size, strides, padding=padding, use_bias=False, name=name)(x)
    x = layers.BatchNormalization(scale=False, name=name and f"{name}_bn")(x)
    return layers.Activation("relu", name=name and f"{name}_ac")(x)


def branch(x, *convolutions):
    """Append convolutions, given by the arguments of `conv_norm`."""
    for each in convolutions:
        x = conv_norm(x, *each)
    return x


def pooled_branch(x, filters):
    """Append a pooling that keeps the size, and a 1×1 convolution."""
    return conv_norm(layers.AveragePooling2D(3, 1, padding="same")(x), filters, 1)


def stem(image):
    """Append what comes before the first Inception module, an eighth of the image in height and width, with 192 channels."""
    x = branch(image, (32, 3, 2, "valid"), (32, 3, 1, "valid"), (64, 3))
    x = branch(layers.MaxPooling2D(3, 2)(x), (80, 1, 1, "valid"), (192, 3, 1, "valid"))
    return layers.MaxPooling2D(3, 2)(x)


def _mixed(branches, index):
    return layers.Concatenate(name=f"mixed{index}")(branches)


def _module_a(x, index, pool_filters):
    branches = [branch(x, (64, 1)), branch(x, (48, 1), (64, 5)), branch(x, (64, 1), (96, 3), (96, 3))]
    return _mixed([*branches, pooled_branch(x, pool_filters)], index)


def _module_b(x, index, filters):
    """Append a module with 1×7 and 7×1 convolutions."""
    row, column = (1, 7), (7, 1)
    branches = [
        branch(x, (192, 1)),
        branch(x, (filters, 1), (filters, row), (192, column)),
        branch(x, (filters, 1), (filters, column), (filters, row), (filters, column), (192, row)),
    ]
    return _mixed([*branches, pooled_branch(x, 192)], index)


def _module_c(x, index):
    """Append a module whose branches split."""

    def split(y, name=None):
        return layers.Concatenate(name=name)([conv_norm(y, 384, (1, 3)), conv_norm(y, 384, (3, 1))])

    branches = [branch(x, (320, 1)), split(branch(x, (384, 1)), f"mixed9_{index - 9}"), split(branch(x, (448, 1), (384, 3)))]
    return _mixed([*branches, pooled_branch(x, 192)], index)


def _features(image):
    x = stem(image)
    for index, filters in enumerate((32, 64, 64)):
        x = _module_a(x, index, filters)
    branches = [branch(x, (384, *_HALVING)), branch(x, (64, 1), (96, 3), (96, *_HALVING))]
    x = _mixed([*branches, layers.MaxPooling2D(3, 2)(x)], 3)
    for index, filters in enumerate((128, 160, 160, 192), 4):
        x = _module_b(x, index, filters)
    branches = [
        branch(x, (192, 1), (320, *_HALVING)),
        branch(x, (192, 1), (192, (1, 7)), (192, (7, 1)), (192, *_HALVING)),
    ]
    x = _mixed([*branches, layers.MaxPooling2D(3, 2)(x)], 8)
    for index in (9, 10):
        x = _module_c(x, index)
    return x


InceptionV3 = application(
    _features, "InceptionV3", "Return Keras' Inception-v3 [1]_.", _REFERENCE_DOC, label="inception_v3", size=299, smallest=75
)
preprocess_input = preprocessing("tf")

__all__ = ["InceptionV3", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

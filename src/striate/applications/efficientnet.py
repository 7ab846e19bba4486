"""EfficientNets."""

import math

from .. import layers
from .._common.names import public_attributes
from ..architectures.mobilenet import divisible_by_8
from ..initializers import VarianceScaling
from .common import application, padding_to_halve
from .imagenet_utils import decode_predictions, preprocessing

_REFERENCE_DOC = """
    References
    ----------
    .. [1] Tan, M. and Le, Q. V., "EfficientNet: rethinking model scaling for convolutional neural networks", ICML 2019.
    """

#: Initial values of the kernels of convolutions and of the classifier.
CONV_KERNEL = VarianceScaling(2.0, "fan_out", "truncated_normal")
DENSE_KERNEL = VarianceScaling(1 / 3, "fan_out", "uniform")

#: Fraction of the samples for which training drops the last residual blocks; it grows from 0 with the depth.
DROP_CONNECT = 0.2

#: (kernel size, number of blocks, filters, expansion, strides of the first block) of the stages (the paper's table 1).
_STAGES = (
    (3, 1, 16, 1, 1), (3, 2, 24, 6, 2), (5, 2, 40, 6, 2), (3, 3, 80, 6, 2), (5, 3, 112, 6, 1), (5, 4, 192, 6, 2),
    (3, 1, 320, 6, 1),
)  # fmt: skip

#: Factors of the numbers of filters and of blocks, size of images, and dropout, by the variant.
_VARIANTS = {
    "B0": (1.0, 1.0, 224, 0.2),
    "B1": (1.0, 1.1, 240, 0.2),
    "B2": (1.1, 1.2, 260, 0.3),
    "B3": (1.2, 1.4, 300, 0.3),
    "B4": (1.4, 1.8, 380, 0.4),
    "B5": (1.6, 2.2, 456, 0.4),
    "B6": (1.8, 2.6, 528, 0.5),
    "B7": (2.0, 3.1, 600, 0.5),
}


def conv(x, filters, size, name, strides=1, padding="same"):
    """Append a convolution without a bias."""
    return layers.Conv2D(
        filters, size, strides, padding=padding, use_bias=False, kernel_initializer=CONV_KERNEL, name=f"{name}conv"
    )(x)


def normalized(x, name, momentum=0.99):
    """Append a batch normalization."""
    return layers.BatchNormalization(momentum=momentum, name=f"{name}bn")(x)


def activated(x, name, momentum=0.99):
    """Append a batch normalization and the activation."""
    return layers.Activation("swish", name=f"{name}activation")(normalized(x, name, momentum))


def depthwise(x, size, name, strides=1, padding="same"):
    """Append a depthwise convolution without a bias."""
    return layers.DepthwiseConv2D(size, strides, padding=padding, use_bias=False, depthwise_initializer=CONV_KERNEL, name=name)(
        x
    )


def squeeze_excite(x, filters, name):
    """Append a squeeze-and-excitation block with a bottleneck of `filters` channels."""
    channels = x.shape[-1]
    settings = {"padding": "same", "kernel_initializer": CONV_KERNEL}
    y = layers.GlobalAveragePooling2D(name=f"{name}se_squeeze")(x)
    y = layers.Reshape((1, 1, channels), name=f"{name}se_reshape")(y)
    y = layers.Conv2D(filters, 1, activation="swish", name=f"{name}se_reduce", **settings)(y)
    y = layers.Conv2D(channels, 1, activation="sigmoid", name=f"{name}se_expand", **settings)(y)
    return layers.Multiply(name=f"{name}se_excite")([x, y])


def residual(x, shortcut, drop_rate, name):
    """Append the sum with the block's input; training drops the block for a fraction of the samples."""
    if drop_rate:
        x = layers.Dropout(drop_rate, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(x)
    return layers.Add(name=f"{name}add")([x, shortcut])


def _block(x, size, filters, expansion, strides, drop_rate, name):
    shortcut, channels = x, x.shape[-1]
    if expansion != 1:
        x = activated(conv(x, expansion * channels, 1, f"{name}expand_"), f"{name}expand_")
    if strides == 2:
        x = layers.ZeroPadding2D(padding_to_halve(x, size), name=f"{name}dwconv_pad")(x)
    x = depthwise(x, size, f"{name}dwconv", strides, "same" if strides == 1 else "valid")
    x = squeeze_excite(activated(x, name), max(1, channels // 4), name)
    x = normalized(conv(x, filters, 1, f"{name}project_"), f"{name}project_")
    return residual(x, shortcut, drop_rate, name) if strides == 1 and channels == filters else x


def _features(image, width, depth):
    x = layers.Normalization()(layers.Rescaling(1 / 255)(image))
    x = layers.ZeroPadding2D(padding_to_halve(x, 3), name="stem_conv_pad")(x)
    x = activated(conv(x, divisible_by_8(32 * width), 3, "stem_", 2, "valid"), "stem_")
    counts = [math.ceil(depth * count) for _, count, *_ in _STAGES]
    total, done = sum(counts), 0
    for stage, (count, (size, _, filters, expansion, strides)) in enumerate(zip(counts, _STAGES, strict=True), 1):
        for index in range(count):
            name = f"block{stage}{chr(ord('a') + index)}_"
            rate = DROP_CONNECT * done / total
            x = _block(x, size, divisible_by_8(filters * width), expansion, 1 if index else strides, rate, name)
            done += 1
    return activated(conv(x, divisible_by_8(1280 * width), 1, "top_"), "top_")


def _variant(variant):
    """Return the function that makes the network."""
    width, depth, size, dropout = _VARIANTS[variant]
    doc = f"""Return Keras' EfficientNet-{variant} [1]_.

    The network takes pixels from 0 to 255. Keras' weights for ImageNet belong to a network that also divides the normalized
    channels by the roots of their standard deviations. Keras adds that layer only where it downloads the weights; the model has
    it that ``models.load_model`` reads from Keras' ``.keras`` file, but not the one that is made here.
    """
    settings = {"size": size, "dropout": dropout, "kernel_initializer": DENSE_KERNEL}
    return application(lambda image: _features(image, width, depth), f"EfficientNet{variant}", doc, _REFERENCE_DOC, **settings)


(
    EfficientNetB0,
    EfficientNetB1,
    EfficientNetB2,
    EfficientNetB3,
    EfficientNetB4,
    EfficientNetB5,
    EfficientNetB6,
    EfficientNetB7,
) = map(_variant, _VARIANTS)
preprocess_input = preprocessing(None)

__all__ = [
    "EfficientNetB0",
    "EfficientNetB1",
    "EfficientNetB2",
    "EfficientNetB3",
    "EfficientNetB4",
    "EfficientNetB5",
    "EfficientNetB6",
    "EfficientNetB7",
    "decode_predictions",
    "preprocess_input",
]

__getattr__, __dir__ = public_attributes(globals())

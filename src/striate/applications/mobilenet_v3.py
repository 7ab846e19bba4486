"""MobileNetV3."""

from .. import layers
from .._common.checks import integer, number
from .._common.names import public_attributes
from ..architectures.common import network, pooled
from ..architectures.mobilenet import divisible_by_8
from .common import APPLICATIONS_DOC, image_input, model, padding_to_halve
from .imagenet_utils import decode_predictions, preprocessing

_REFERENCE_DOC = """
    References
    ----------
    .. [1] Howard, A. et al., "Searching for MobileNetV3", ICCV 2019.
    """
_ARGUMENTS_DOC = """
    Parameters
    ----------
    minimalistic : bool
        Whether the network does without squeeze-and-excitation blocks, hard swish and 5×5 convolutions.
    dropout_rate : float
        Fraction of the features that is dropped before the classifier, in training.
    """

#: (expansion, filters, kernel size, strides, whether with squeeze-and-excitation, activation) of the blocks.
_BLOCKS = {
    "Small": (
        (1, 16, 3, 2, True, "relu"), (72 / 16, 24, 3, 2, False, "relu"), (88 / 24, 24, 3, 1, False, "relu"),
        (4, 40, 5, 2, True, "hard_swish"), *((6, 40, 5, 1, True, "hard_swish"),) * 2, *((3, 48, 5, 1, True, "hard_swish"),) * 2,
        (6, 96, 5, 2, True, "hard_swish"), *((6, 96, 5, 1, True, "hard_swish"),) * 2,
    ),
    "Large": (
        (1, 16, 3, 1, False, "relu"), (4, 24, 3, 2, False, "relu"), (3, 24, 3, 1, False, "relu"),
        (3, 40, 5, 2, True, "relu"), *((3, 40, 5, 1, True, "relu"),) * 2, (6, 80, 3, 2, False, "hard_swish"),
        (2.5, 80, 3, 1, False, "hard_swish"), *((2.3, 80, 3, 1, False, "hard_swish"),) * 2,
        *((6, 112, 3, 1, True, "hard_swish"),) * 2, (6, 160, 5, 2, True, "hard_swish"),
        *((6, 160, 5, 1, True, "hard_swish"),) * 2,
    ),
}  # fmt: skip

#: Filters of the convolution before the classifier.
_LAST = {"Small": 1024, "Large": 1280}


def _activated(x, activation):
    return layers.ReLU()(x) if activation == "relu" else layers.Activation(activation)(x)


def _conv_norm(x, filters, size, name, strides=1):
    x = layers.Conv2D(filters, size, strides, padding="same", use_bias=False, name=name)(x)
    return _normalized(x, name)


def _normalized(x, name):
    return layers.BatchNormalization(momentum=0.999, name=f"{name}_bn")(x)


def _squeeze_excite(x, prefix):
    channels, prefix = x.shape[-1], f"{prefix}squeeze_excite"
    y = layers.GlobalAveragePooling2D(keepdims=True, name=f"{prefix}_avg_pool")(x)
    y = layers.Conv2D(divisible_by_8(channels / 4), 1, padding="same", name=f"{prefix}_conv")(y)
    y = layers.Conv2D(channels, 1, padding="same", name=f"{prefix}_conv_1")(layers.ReLU(name=f"{prefix}_relu")(y))
    return layers.Multiply(name=f"{prefix}_mul")([x, layers.Activation("hard_sigmoid")(y)])


def _block(x, expansion, filters, size, strides, excites, activation, index):
    prefix = f"expanded_conv_{index}_" if index else "expanded_conv_"
    shortcut, channels = x, x.shape[-1]
    if index:
        x = _activated(_conv_norm(x, divisible_by_8(channels * expansion), 1, f"{prefix}expand"), activation)
    if strides == 2:
        x = layers.ZeroPadding2D(padding_to_halve(x, size), name=f"{prefix}depthwise_pad")(x)
    padding = "valid" if strides == 2 else "same"
    x = layers.DepthwiseConv2D(size, strides, padding=padding, use_bias=False, name=f"{prefix}depthwise")(x)
    x = _activated(_normalized(x, f"{prefix}depthwise"), activation)
    x = _conv_norm(_squeeze_excite(x, prefix) if excites else x, filters, 1, f"{prefix}project")
    return layers.Add(name=f"{prefix}add")([shortcut, x]) if strides == 1 and channels == filters else x


def _features(image, blocks, alpha, minimalistic, activation, include_preprocessing):
    x = layers.Rescaling(1 / 127.5, -1.0)(image) if include_preprocessing else image
    x = _activated(_conv_norm(x, 16, 3, "conv", 2), activation)
    for index, (expansion, filters, size, strides, excites, each) in enumerate(blocks):
        size, excites, each = (3, False, "relu") if minimalistic else (size, excites, each)
        x = _block(x, expansion, divisible_by_8(filters * alpha), size, strides, excites, each, index)
    return _activated(_conv_norm(x, divisible_by_8(6 * x.shape[-1]), 1, "conv_1"), activation)


def _variant(variant):
    """Return the function that makes one of the networks."""

    def mobilenet(
        input_shape=None,
        alpha=1.0,
        minimalistic=False,
        include_top=True,
        weights="imagenet",
        input_tensor=None,
        classes=1000,
        pooling=None,
        dropout_rate=0.2,
        classifier_activation="softmax",
        include_preprocessing=True,
        name=f"MobileNetV3{variant}",
    ):
        alpha = number("alpha", alpha, 0, open_minimum=True)
        image = image_input(input_tensor, input_shape, weights)  # The classifier is made of convolutions, for any size.
        activation = "relu" if minimalistic else "hard_swish"
        x = _features(image, _BLOCKS[variant], alpha, minimalistic, activation, include_preprocessing)
        if not include_top:
            return model(image, pooled(x, pooling, ("avg_pool", "max_pool")), name, weights)
        last = _LAST[variant]
        x = layers.GlobalAveragePooling2D(keepdims=True)(x)
        x = layers.Conv2D(divisible_by_8(last * alpha) if alpha > 1 else last, 1, padding="same", name="conv_2")(x)
        x = _activated(x, activation)
        if number("dropout_rate", dropout_rate, 0, 1):
            x = layers.Dropout(dropout_rate)(x)
        x = layers.Conv2D(integer("classes", classes, 1), 1, padding="same", name="logits")(x)
        x = layers.Activation(classifier_activation, name="predictions")(layers.Flatten()(x))
        return model(image, x, name, weights)

    mobilenet.__name__ = mobilenet.__qualname__ = f"MobileNetV3{variant}"
    mobilenet.__doc__ = f"Return Keras' MobileNetV3-{variant} [1]_."
    return network(APPLICATIONS_DOC, _ARGUMENTS_DOC, _REFERENCE_DOC)(mobilenet)


MobileNetV3Small, MobileNetV3Large = map(_variant, _BLOCKS)
preprocess_input = preprocessing(None)

__all__ = ["MobileNetV3Large", "MobileNetV3Small", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

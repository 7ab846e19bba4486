"""EfficientNetV2s."""

import math

from .. import layers
from .._common.names import public_attributes
from ..architectures.common import network
from .common import APPLICATIONS_DOC, image_input, model, with_top
from .efficientnet import (
    DENSE_KERNEL,
    DROP_CONNECT,
    activated,
    conv,
    depthwise,
    normalized,
    residual,
    squeeze_excite,
)
from .imagenet_utils import DEVIATIONS, MEANS, decode_predictions, preprocessing

_REFERENCE_DOC = """
    References
    ----------
    .. [1] Tan, M. and Le, Q. V., "EfficientNetV2: smaller models and faster training", ICML 2021.
    """
_MOMENTUM = 0.9  # of the batch normalizations

#: (number of blocks, filters, expansion, strides of the first block) of the stages. The first three stages have fused blocks.
_STAGES = {
    "B": ((1, 16, 1, 1), (2, 32, 4, 2), (2, 48, 4, 2), (3, 96, 4, 2), (5, 112, 6, 1), (8, 192, 6, 2)),
    "S": ((2, 24, 1, 1), (4, 48, 4, 2), (4, 64, 4, 2), (6, 128, 4, 2), (9, 160, 6, 1), (15, 256, 6, 2)),
    "M": (
        (3, 24, 1, 1), (5, 48, 4, 2), (5, 80, 4, 2), (7, 160, 4, 2), (14, 176, 6, 1), (18, 304, 6, 2), (5, 512, 6, 1),
    ),
    "L": (
        (4, 32, 1, 1), (7, 64, 4, 2), (7, 96, 4, 2), (10, 192, 4, 2), (19, 224, 6, 1), (25, 384, 6, 2), (7, 640, 6, 1),
    ),
}  # fmt: skip
_FUSED = 3

#: Factors of the numbers of filters and of blocks, size of images, and filters of the first convolution, by the variant.
_VARIANTS = {
    "B0": (1.0, 1.0, 224, 32),
    "B1": (1.0, 1.1, 240, 32),
    "B2": (1.1, 1.2, 260, 32),
    "B3": (1.2, 1.4, 300, 32),
    "S": (1.0, 1.0, 384, 24),
    "M": (1.0, 1.0, 480, 24),
    "L": (1.0, 1.0, 480, 32),
}


def _scaled(filters, width):
    """Return the multiple of 8 that is nearest to a scaled number of filters."""
    return max(8, int(filters * width + 4) // 8 * 8)


def _body(x, filters, expansion, strides, name):
    """Append an inverted residual block without its shortcut."""
    channels = x.shape[-1]
    x = activated(conv(x, expansion * channels, 1, f"{name}expand_"), f"{name}expand_", _MOMENTUM)
    x = activated(depthwise(x, 3, f"{name}dwconv2", strides), name, _MOMENTUM)
    x = squeeze_excite(x, max(1, channels // 4), name)
    return normalized(conv(x, filters, 1, f"{name}project_"), f"{name}project_", _MOMENTUM)


def _fused_body(x, filters, expansion, strides, name):
    """Append a block with one full convolution in place of the depthwise one and that before it, without its shortcut."""
    if expansion == 1:
        return activated(conv(x, filters, 3, f"{name}project_", strides), f"{name}project_", _MOMENTUM)
    x = activated(conv(x, expansion * x.shape[-1], 3, f"{name}expand_", strides), f"{name}expand_", _MOMENTUM)
    return normalized(conv(x, filters, 1, f"{name}project_"), f"{name}project_", _MOMENTUM)


def _preprocessed(image, variant):
    """Append the layers that bring pixels from 0 to 255 into the range of values that the network was trained on."""
    if variant.startswith("B") and image.shape[-1] == 3:
        x = layers.Rescaling(1 / 255)(image)
        return layers.Normalization(mean=MEANS, variance=[each**2 for each in DEVIATIONS])(x)
    return layers.Rescaling(1 / 128, -1.0)(image)


def _features(image, variant, include_preprocessing):
    width, depth, _, filters = _VARIANTS[variant]
    stages = _STAGES[variant[0]]
    x = _preprocessed(image, variant) if include_preprocessing else image
    x = activated(conv(x, _scaled(filters, width), 3, "stem_", 2), "stem_", _MOMENTUM)
    total, done = sum(count for count, *_ in stages), 0  # Keras scales the number of blocks here only below.
    for stage, (count, filters, expansion, strides) in enumerate(stages, 1):
        filters = _scaled(filters, width)
        for index in range(math.ceil(depth * count)):
            name, strides = f"block{stage}{chr(ord('a') + index)}_", 1 if index else strides
            y = (_fused_body if stage <= _FUSED else _body)(x, filters, expansion, strides, name)
            keeps_shape = strides == 1 and x.shape[-1] == filters
            x = residual(y, x, DROP_CONNECT * done / total, name) if keeps_shape else y
            done += 1
    return activated(conv(x, _scaled(1280, width), 1, "top_"), "top_", _MOMENTUM)


def _variant(variant):
    """Return the function that makes the network."""
    label = f"efficientnetv2-{variant.lower()}"

    def efficientnet(
        include_top=True,
        weights="imagenet",
        input_tensor=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        include_preprocessing=True,
        name=label,
    ):
        image = image_input(input_tensor, input_shape, weights, include_top, _VARIANTS[variant][2])
        x = _features(image, variant, include_preprocessing)
        settings = {"dropout": 0.2, "kernel_initializer": DENSE_KERNEL}
        x = with_top(x, include_top, pooling, classes, classifier_activation, **settings)
        return model(image, x, name, weights)

    efficientnet.__name__ = efficientnet.__qualname__ = f"EfficientNetV2{variant}"
    efficientnet.__doc__ = f"Return Keras' EfficientNetV2-{variant} [1]_."
    return network(APPLICATIONS_DOC, _REFERENCE_DOC)(efficientnet)


(
    EfficientNetV2B0,
    EfficientNetV2B1,
    EfficientNetV2B2,
    EfficientNetV2B3,
    EfficientNetV2S,
    EfficientNetV2M,
    EfficientNetV2L,
) = map(_variant, _VARIANTS)
preprocess_input = preprocessing(None)

__all__ = [
    "EfficientNetV2B0",
    "EfficientNetV2B1",
    "EfficientNetV2B2",
    "EfficientNetV2B3",
    "EfficientNetV2L",
    "EfficientNetV2M",
    "EfficientNetV2S",
    "decode_predictions",
    "preprocess_input",
]

__getattr__, __dir__ = public_attributes(globals())

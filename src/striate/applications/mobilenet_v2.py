"""MobileNetV2."""

from .. import layers
from .._common.checks import number
from .._common.names import public_attributes
from ..architectures.common import network
from ..architectures.mobilenet import REFERENCE_V2_DOC, blocks_v2, divisible_by_8
from .common import APPLICATIONS_DOC, image_input, model, padding_to_halve, with_top
from .imagenet_utils import decode_predictions, preprocessing


def _normalized(x, name, relu=None):
    x = layers.BatchNormalization(momentum=0.999, name=name)(x)
    return x if relu is None else layers.ReLU(6.0, name=relu)(x)


def _conv(x, filters, name):
    return layers.Conv2D(filters, 1, use_bias=False, name=name)(x)


def _block(x, expansion, filters, strides, index):
    prefix = f"block_{index}" if index else "expanded_conv"
    y, channels = x, x.shape[-1]
    if expansion != 1:
        y = _normalized(_conv(y, expansion * channels, f"{prefix}_expand"), f"{prefix}_expand_BN", f"{prefix}_expand_relu")
    if strides == 2:
        y = layers.ZeroPadding2D(padding_to_halve(y, 3), name=f"{prefix}_pad")(y)
    padding = "valid" if strides == 2 else "same"
    y = layers.DepthwiseConv2D(3, strides, padding=padding, use_bias=False, name=f"{prefix}_depthwise")(y)
    y = _normalized(y, f"{prefix}_depthwise_BN", f"{prefix}_depthwise_relu")
    y = _normalized(_conv(y, filters, f"{prefix}_project"), f"{prefix}_project_BN")
    return layers.Add(name=f"{prefix}_add")([x, y]) if strides == 1 and channels == filters else y


@network(APPLICATIONS_DOC, REFERENCE_V2_DOC)
def MobileNetV2(
    input_shape=None,
    alpha=1.0,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
    classifier_activation="softmax",
    name=None,
):
    """Return Keras' MobileNetV2 [1]_.

    Parameters
    ----------
    alpha : float
        Width multiplier: factor of all numbers of channels, above 0; of the last convolution's only if it is above 1.
    """
    alpha = number("alpha", alpha, 0, open_minimum=True)
    image = image_input(input_tensor, input_shape, weights, include_top)
    name = f"mobilenetv2_{alpha:0.2f}_{image.shape[1]}" if name is None else name
    x = layers.Conv2D(divisible_by_8(32 * alpha), 3, 2, padding="same", use_bias=False, name="Conv1")(image)
    x = _normalized(x, "bn_Conv1", "Conv1_relu")
    for block, (_, _, expansion, filters, strides) in enumerate(blocks_v2()):
        x = _block(x, expansion, divisible_by_8(int(filters * alpha)), strides, block)
    x = _normalized(_conv(x, divisible_by_8(1280 * max(alpha, 1.0)), "Conv_1"), "Conv_1_bn", "out_relu")
    x = with_top(x, include_top, pooling, classes, classifier_activation, names=(None, None))
    return model(image, x, name, weights)


preprocess_input = preprocessing("tf")

__all__ = ["MobileNetV2", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

"""MobileNet."""

from .. import layers
from .._common.checks import integer, number
from .._common.names import public_attributes
from ..architectures import mobilenet as builder
from ..architectures.common import network, pooled
from .common import APPLICATIONS_DOC, image_input, model
from .imagenet_utils import decode_predictions, preprocessing


def _normalized(x, name):
    return layers.ReLU(6.0, name=f"{name}_relu")(layers.BatchNormalization(name=f"{name}_bn")(x))


@network(APPLICATIONS_DOC, builder.REFERENCE_DOC)
def MobileNet(
    input_shape=None,
    alpha=1.0,
    depth_multiplier=1,
    dropout=1e-3,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
    classifier_activation="softmax",
    name=None,
):
    """Return Keras' MobileNet [1]_.

    Parameters
    ----------
    depth_multiplier : int
        Number of filters for each channel in depthwise convolutions.
    dropout : float
        Fraction of the features that is dropped before the classifier, in training.
    """
    alpha = number("alpha", alpha, 0, open_minimum=True)
    image = image_input(input_tensor, input_shape, weights, include_top)
    name = f"mobilenet_{alpha:0.2f}_{image.shape[1]}" if name is None else name
    x = layers.Conv2D(int(32 * alpha), 3, 2, padding="same", use_bias=False, name="conv1")(image)
    x = _normalized(x, "conv1")
    for block, (filters, strides) in enumerate(builder.BLOCKS, 1):
        if strides > 1:
            x = layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{block}")(x)
        x = layers.DepthwiseConv2D(
            3, strides, padding="same" if strides == 1 else "valid", depth_multiplier=depth_multiplier, use_bias=False,
            name=f"conv_dw_{block}",
        )(x)  # fmt: skip
        x = _normalized(x, f"conv_dw_{block}")
        x = layers.Conv2D(int(filters * alpha), 1, use_bias=False, name=f"conv_pw_{block}")(x)
        x = _normalized(x, f"conv_pw_{block}")
    if not include_top:
        return model(image, pooled(x, pooling), name, weights)
    x = layers.Dropout(dropout, name="dropout")(layers.GlobalAveragePooling2D(keepdims=True)(x))
    x = layers.Conv2D(integer("classes", classes, 1), 1, name="conv_preds")(x)
    x = layers.Reshape((classes,), name="reshape_2")(x)
    return model(image, layers.Activation(classifier_activation, name="predictions")(x), name, weights)


preprocess_input = preprocessing("tf")

__all__ = ["MobileNet", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

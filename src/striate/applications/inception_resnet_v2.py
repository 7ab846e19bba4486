"""Inception-ResNet-v2."""

from .. import layers
from .._common.names import public_attributes
from ..layers.scaling import CustomScaleLayer
from .common import application
from .imagenet_utils import decode_predictions, preprocessing
from .inception_v3 import branch, conv_norm, pooled_branch, stem

_REFERENCE_DOC = """
    References
    ----------
    .. [1] Szegedy, C., Ioffe, S., Vanhoucke, V. and Alemi, A., "Inception-v4, Inception-ResNet and the impact of residual
       connections on learning", AAAI 2017.
    """
_HALVING = (3, 2, "valid")  # size, strides and padding of the convolutions that halve the image

#: Branches of the residual blocks, each a list of the filters and sizes of its convolutions.
_BRANCHES = {
    "block35": (((32, 1),), ((32, 1), (32, 3)), ((32, 1), (48, 3), (64, 3))),
    "block17": (((192, 1),), ((128, 1), (160, (1, 7)), (192, (7, 1)))),
    "block8": (((192, 1),), ((192, 1), (224, (1, 3)), (256, (3, 1)))),
}


def _residual_block(x, kind, index, scale, activation="relu"):
    """Append ``x + scale * f(x)``, and an activation unless it is None."""
    name = f"{kind}_{index}"
    y = layers.Concatenate(name=f"{name}_mixed")([branch(x, *each) for each in _BRANCHES[kind]])
    y = layers.Conv2D(x.shape[-1], 1, padding="same", name=f"{name}_conv")(y)
    x = CustomScaleLayer(scale)([x, y])
    return x if activation is None else layers.Activation(activation, name=f"{name}_ac")(x)


def _features(image):
    x = stem(image)
    branches = [branch(x, (96, 1)), branch(x, (48, 1), (64, 5)), branch(x, (64, 1), (96, 3), (96, 3)), pooled_branch(x, 64)]
    x = layers.Concatenate(name="mixed_5b")(branches)
    for index in range(1, 11):
        x = _residual_block(x, "block35", index, 0.17)
    branches = [branch(x, (384, *_HALVING)), branch(x, (256, 1), (256, 3), (384, *_HALVING)), layers.MaxPooling2D(3, 2)(x)]
    x = layers.Concatenate(name="mixed_6a")(branches)
    for index in range(1, 21):
        x = _residual_block(x, "block17", index, 0.1)
    branches = [
        branch(x, (256, 1), (384, *_HALVING)),
        branch(x, (256, 1), (288, *_HALVING)),
        branch(x, (256, 1), (288, 3), (320, *_HALVING)),
        layers.MaxPooling2D(3, 2)(x),
    ]
    x = layers.Concatenate(name="mixed_7a")(branches)
    for index in range(1, 10):
        x = _residual_block(x, "block8", index, 0.2)
    x = _residual_block(x, "block8", 10, 1.0, activation=None)
    return conv_norm(x, 1536, 1, name="conv_7b")


InceptionResNetV2 = application(
    _features,
    "InceptionResNetV2",
    "Return Keras' Inception-ResNet-v2 [1]_.",
    _REFERENCE_DOC,
    label="inception_resnet_v2",
    size=299,
    smallest=75,
)
preprocess_input = preprocessing("tf")

__all__ = ["InceptionResNetV2", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

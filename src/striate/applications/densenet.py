"""Densely connected networks."""

from .. import layers
from .._common.names import public_attributes
from .common import application
from .imagenet_utils import decode_predictions, preprocessing

_REFERENCE_DOC = """
    References
    ----------
    .. [1] Huang, G., Liu, Z., van der Maaten, L. and Weinberger, K. Q., "Densely connected convolutional networks", CVPR 2017.
    """
_GROWTH = 32  # channels that each layer of a dense block adds

#: Layers in each of the four dense blocks, by the number of layers with weights (the columns of the paper's table 1).
_BLOCKS = {121: (6, 12, 24, 16), 169: (6, 12, 32, 32), 201: (6, 12, 48, 32)}


def _normalized(x, name):
    """Append a batch normalization and a ReLU; layers have names that begin with `name`."""
    x = layers.BatchNormalization(epsilon=1.001e-5, name=f"{name}bn")(x)
    return layers.Activation("relu", name=f"{name}relu")(x)


def _dense_layer(x, name):
    y = layers.Conv2D(4 * _GROWTH, 1, use_bias=False, name=f"{name}_1_conv")(_normalized(x, f"{name}_0_"))
    y = layers.Conv2D(_GROWTH, 3, padding="same", use_bias=False, name=f"{name}_2_conv")(_normalized(y, f"{name}_1_"))
    return layers.Concatenate(name=f"{name}_concat")([x, y])


def _transition(x, name):
    """Append a convolution that halves the number of channels, and a pooling."""
    x = _normalized(x, f"{name}_")
    x = layers.Conv2D(x.shape[-1] // 2, 1, use_bias=False, name=f"{name}_conv")(x)
    return layers.AveragePooling2D(2, name=f"{name}_pool")(x)


def _features(image, depth):
    x = layers.Conv2D(64, 7, 2, use_bias=False, name="conv1_conv")(layers.ZeroPadding2D(3)(image))
    x = layers.MaxPooling2D(3, 2, name="pool1")(layers.ZeroPadding2D(1)(_normalized(x, "conv1_")))
    for stage, count in enumerate(_BLOCKS[depth], 2):
        for index in range(1, count + 1):
            x = _dense_layer(x, f"conv{stage}_block{index}")
        if stage < 5:
            x = _transition(x, f"pool{stage}")
    return _normalized(x, "")


def _variant(depth):
    """Return the function that makes the network with `depth` layers with weights."""
    doc = f"Return Keras' DenseNet-{depth} [1]_, which adds {_GROWTH} channels with each layer."
    return application(lambda image: _features(image, depth), f"DenseNet{depth}", doc, _REFERENCE_DOC)


DenseNet121, DenseNet169, DenseNet201 = map(_variant, (121, 169, 201))
preprocess_input = preprocessing("torch")

__all__ = ["DenseNet121", "DenseNet169", "DenseNet201", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

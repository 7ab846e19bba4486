"""Residual networks with pre-activation."""

from .. import layers
from .._common.names import public_attributes
from ..architectures import resnet as builder
from .common import application
from .imagenet_utils import decode_predictions, preprocessing

_REFERENCE_DOC = """
    References
    ----------
    .. [1] He, K., Zhang, X., Ren, S. and Sun, J., "Identity mappings in deep residual networks", ECCV 2016.
    """


def _normalized(x, name):
    x = layers.BatchNormalization(epsilon=1.001e-5, name=f"{name}_bn")(x)
    return layers.Activation("relu", name=f"{name}_relu")(x)


def _block(x, filters, strides, projects, name):
    """Append a bottleneck block, whose shortcut is a convolution if `projects`, and otherwise subsampling with `strides`."""
    y = _normalized(x, f"{name}_preact")
    if projects:
        x = layers.Conv2D(4 * filters, 1, name=f"{name}_0_conv")(y)
    elif strides > 1:
        x = layers.MaxPooling2D(1, strides)(x)
    y = _normalized(layers.Conv2D(filters, 1, use_bias=False, name=f"{name}_1_conv")(y), f"{name}_1")
    y = layers.ZeroPadding2D(1, name=f"{name}_2_pad")(y)
    y = _normalized(layers.Conv2D(filters, 3, strides, use_bias=False, name=f"{name}_2_conv")(y), f"{name}_2")
    return layers.Add(name=f"{name}_out")([x, layers.Conv2D(4 * filters, 1, name=f"{name}_3_conv")(y)])


def _features(image, depth):
    x = layers.Conv2D(64, 7, 2, name="conv1_conv")(layers.ZeroPadding2D(3, name="conv1_pad")(image))
    x = layers.MaxPooling2D(3, 2, name="pool1_pool")(layers.ZeroPadding2D(1, name="pool1_pad")(x))
    for stage, count in enumerate(builder.BLOCKS[depth], 2):
        for index in range(1, count + 1):
            strides = 2 if index == count and stage < 5 else 1
            x = _block(x, 32 << (stage - 1), strides, index == 1, f"conv{stage}_block{index}")
    return _normalized(x, "post")


def _variant(depth):
    """Return the function that makes the network with `depth` layers with weights."""
    doc = f"""Return Keras' ResNet-{depth}-v2 [1]_.

    Normalization and ReLU come before each convolution, and the strides are in the last blocks of the stages.
    """
    return application(lambda image: _features(image, depth), f"ResNet{depth}V2", doc, _REFERENCE_DOC)


ResNet50V2, ResNet101V2, ResNet152V2 = map(_variant, (50, 101, 152))
preprocess_input = preprocessing("tf")

__all__ = ["ResNet50V2", "ResNet101V2", "ResNet152V2", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

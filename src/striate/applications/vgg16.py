"""VGG-16, and the function that makes VGG-16 and VGG-19."""

from .. import layers
from .._common.names import public_attributes
from ..architectures import vgg as builder
from ..architectures.common import classifier, network, pooled
from .common import APPLICATIONS_DOC, image_input, model
from .imagenet_utils import decode_predictions, preprocessing


def _append_conv(x, filters, stage, index):
    return layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"block{stage}_conv{index}")(x)


def _append_pool(x, stage):
    return layers.MaxPooling2D(name=f"block{stage}_pool")(x)


def variant(depth):
    """Return a function that makes the network with `depth` layers with weights."""

    def vgg(
        include_top=True,
        weights="imagenet",
        input_tensor=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        name=f"vgg{depth}",
    ):
        image = image_input(input_tensor, input_shape, weights, include_top)
        x = builder.stages(image, depth, _append_conv, _append_pool)
        if not include_top:
            return model(image, pooled(x, pooling), name, weights)
        x = layers.Flatten(name="flatten")(x)
        for index in (1, 2):
            x = layers.Dense(4096, activation="relu", name=f"fc{index}")(x)
        return model(image, classifier(x, classes, classifier_activation, "predictions"), name, weights)

    vgg.__name__ = vgg.__qualname__ = f"VGG{depth}"
    vgg.__doc__ = f"Return Keras' VGG-{depth} [1]_."
    return network(APPLICATIONS_DOC, builder.REFERENCE_DOC)(vgg)


VGG16 = variant(16)
preprocess_input = preprocessing("caffe")

__all__ = ["VGG16", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

"""VGG-16, and what it shares with VGG-19."""

from .. import layers
from ..architectures.common import classifier, pooled
from .common import documented, image_input, model
from .imagenet_utils import preprocessing

_REFERENCE = 'Simonyan, K. and Zisserman, A., "Very deep convolutional networks for large-scale image recognition", ICLR 2015.'


def variant(depth, convolutions):
    """Make a function that returns a network with some convolutions in each of its five blocks."""

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
        x = image = image_input(input_tensor, input_shape, weights)
        for block, (count, filters) in enumerate(zip(convolutions, (64, 128, 256, 512, 512), strict=True), 1):
            for index in range(1, count + 1):
                x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"block{block}_conv{index}")(x)
            x = layers.MaxPooling2D(name=f"block{block}_pool")(x)
        if not include_top:
            return model(image, pooled(x, pooling), name, weights)
        x = layers.Flatten(name="flatten")(x)
        for index in (1, 2):
            x = layers.Dense(4096, activation="relu", name=f"fc{index}")(x)
        return model(image, classifier(x, classes, classifier_activation, "predictions"), name, weights)

    vgg.__name__ = vgg.__qualname__ = f"VGG{depth}"
    vgg.__doc__ = f"Return Keras' VGG-{depth} [1]_."
    return documented(vgg.__name__, _REFERENCE)(vgg)


VGG16 = variant(16, (2, 2, 3, 3, 3))
preprocess_input = preprocessing("caffe")

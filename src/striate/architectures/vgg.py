"""VGG: 3×3 convolutions in stages."""

from .. import layers
from .common import classifier, conv, documented, image_input, model, pooled

_REFERENCE = 'Simonyan, K. and Zisserman, A., "Very deep convolutional networks for large-scale image recognition", ICLR 2015.'
_FILTERS = (64, 128, 256, 512, 512)


def _vgg(convolutions, input_shape, classes, include_top, pooling, classifier_activation, small_images, name, rng):
    x = image = image_input(input_shape)
    for stage, (count, filters) in enumerate(zip(convolutions, _FILTERS, strict=True), 1):
        for index in range(1, count + 1):
            x = conv(x, filters, 3, f"stage{stage}_conv{index}")
        x = layers.MaxPooling2D(padding="same" if small_images else "valid", name=f"stage{stage}_pool")(x)
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.Flatten(name="flatten")(x)
    for index in (1, 2):
        units = 512 if small_images else 4096
        x = layers.Dense(units, activation="relu", kernel_initializer="he_normal", name=f"fc{index}")(x)
        x = layers.Dropout(0.5, name=f"dropout{index}")(x)
    return model(image, classifier(x, classes, classifier_activation), name, rng)


def _variant(layers_with_weights, letter, convolutions):
    """Make a function that returns one configuration of the paper's table 1."""

    def vgg(
        input_shape=(224, 224, 3),
        classes=1000,
        include_top=True,
        pooling=None,
        classifier_activation="softmax",
        small_images=False,
        name=f"vgg{layers_with_weights}",
        rng=None,
    ):
        arguments = (input_shape, classes, include_top, pooling, classifier_activation, small_images, name, rng)
        return _vgg(convolutions, *arguments)

    vgg.__name__ = vgg.__qualname__ = f"VGG{layers_with_weights}"
    vgg.__doc__ = f"Return VGG-{layers_with_weights}, configuration {letter} of [1]_."
    return documented(_REFERENCE, small_images="512 units in place of 4096, and poolings that pad odd sizes")(vgg)


VGG11 = _variant(11, "A", (1, 1, 2, 2, 2))
VGG13 = _variant(13, "B", (2, 2, 2, 2, 2))
VGG16 = _variant(16, "D", (2, 2, 3, 3, 3))
VGG19 = _variant(19, "E", (2, 2, 4, 4, 4))

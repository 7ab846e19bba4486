"""VGG, networks of 3×3 convolutions in stages."""

from .. import layers
from .common import classifier, conv, image_input, model, network, pooled

#: Docstring section with the paper.
REFERENCE_DOC = """
    References
    ----------
    .. [1] Simonyan, K. and Zisserman, A., "Very deep convolutional networks for large-scale image recognition", ICLR 2015.
    """
_SMALL_IMAGES_DOC = """
    Parameters
    ----------
    small_images : bool
        Whether the model is made for images of about 32×32 pixels: 512 units instead of 4096, and poolings that pad odd sizes.
    """

#: Convolutions in each of the five stages, by the number of layers with weights (the paper's table 1, A, B, D and E).
_CONVOLUTIONS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
#: Filters of the convolutions in each stage.
_FILTERS = (64, 128, 256, 512, 512)


def stages(x, depth, append_conv, append_pool):
    """Return the features of the five stages of VGG-`depth`.

    Parameters
    ----------
    x : Tensor
        The images.
    depth : int
        Number of layers with weights.
    append_conv : callable
        ``append_conv(x, filters, stage, index)`` returns the tensor after a convolution; `stage` and `index` count from 1.
    append_pool : callable
        ``append_pool(x, stage)`` returns the tensor after the pooling that ends a stage.
    """
    for stage, (count, filters) in enumerate(zip(_CONVOLUTIONS[depth], _FILTERS, strict=True), 1):
        for index in range(1, count + 1):
            x = append_conv(x, filters, stage, index)
        x = append_pool(x, stage)
    return x


def _vgg(depth, input_shape, classes, include_top, pooling, classifier_activation, small_images, name, rng):
    def append_conv(x, filters, stage, index):
        return conv(x, filters, 3, f"stage{stage}_conv{index}")

    def append_pool(x, stage):
        return layers.MaxPooling2D(padding="same" if small_images else "valid", name=f"stage{stage}_pool")(x)

    image = image_input(input_shape)
    x = stages(image, depth, append_conv, append_pool)
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.Flatten(name="flatten")(x)
    for index in (1, 2):
        units = 512 if small_images else 4096
        x = layers.Dense(units, activation="relu", kernel_initializer="he_normal", name=f"fc{index}")(x)
        x = layers.Dropout(0.5, name=f"dropout{index}")(x)
    return model(image, classifier(x, classes, classifier_activation), name, rng)


def _variant(depth, letter):
    """Return a function that makes one configuration of the paper's table 1."""

    def vgg(
        input_shape=(224, 224, 3),
        classes=1000,
        include_top=True,
        pooling=None,
        classifier_activation="softmax",
        small_images=False,
        name=f"vgg{depth}",
        rng=None,
    ):
        arguments = (input_shape, classes, include_top, pooling, classifier_activation, small_images, name, rng)
        return _vgg(depth, *arguments)

    vgg.__name__ = vgg.__qualname__ = f"VGG{depth}"
    vgg.__doc__ = f"Return VGG-{depth}, configuration {letter} of [1]_."
    return network(REFERENCE_DOC, _SMALL_IMAGES_DOC)(vgg)


VGG11 = _variant(11, "A")
VGG13 = _variant(13, "B")
VGG16 = _variant(16, "D")
VGG19 = _variant(19, "E")

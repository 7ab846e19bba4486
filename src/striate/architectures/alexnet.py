"""AlexNet."""

from .. import layers
from .common import classifier, conv, image_input, model, network, pooled


def _normalized(x, name):
    return layers.LocalResponseNormalization(2, bias=2.0, alpha=1e-4, beta=0.75, name=name)(x)


@network()
def AlexNet(
    input_shape=(224, 224, 3),
    classes=1000,
    include_top=True,
    pooling=None,
    classifier_activation="softmax",
    groups=2,
    small_images=False,
    name="alexnet",
    rng=None,
):
    """Return AlexNet [1]_, with local response normalization and dropout.

    Parameters
    ----------
    groups : int
        Groups of channels in the second, fourth and fifth convolution; the paper has two, one for each of two GPUs.
    small_images : bool
        Whether the model is made for images of about 32×32 pixels: 5×5 kernels with stride 1 in the first layer, and 1024 units
        instead of 4096.

    References
    ----------
    .. [1] Krizhevsky, A., Sutskever, I. and Hinton, G., "ImageNet classification with deep convolutional neural networks",
       NIPS 2012.
    """
    image = image_input(input_shape)
    first = {"size": 5} if small_images else {"size": 11, "strides": 4, "padding": 2}
    x = _normalized(conv(image, 96, name="conv1", **first), "norm1")
    x = layers.MaxPooling2D(3, 2, name="pool1")(x)
    x = _normalized(conv(x, 256, 5, "conv2", groups=groups), "norm2")
    x = layers.MaxPooling2D(3, 2, name="pool2")(x)
    x = conv(x, 384, 3, "conv3")
    x = conv(x, 384, 3, "conv4", groups=groups)
    x = conv(x, 256, 3, "conv5", groups=groups)
    x = layers.MaxPooling2D(3, 2, name="pool5")(x)
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.Flatten(name="flatten")(x)
    for index in (6, 7):
        x = layers.Dense(1024 if small_images else 4096, activation="relu", kernel_initializer="he_normal", name=f"fc{index}")(
            x
        )
        x = layers.Dropout(0.5, name=f"dropout{index}")(x)
    return model(image, classifier(x, classes, classifier_activation), name, rng)

"""LeNet-5."""

from .. import layers
from .._common.checks import choice
from .common import classifier, image_input, model, network, pooled


@network()
def LeNet5(
    input_shape=(28, 28, 1),
    classes=10,
    include_top=True,
    pooling=None,
    classifier_activation="softmax",
    activation="relu",
    pool="max",
    name="lenet5",
    rng=None,
):
    """Return LeNet-5 [1]_ for small images, such as handwritten digits.

    For images smaller than 32 pixels, the first convolution has padding, so that the 28 pixels of MNIST remain 28. The paper's
    network has "tanh" and "average", and its layer C3 is connected to only some of the channels before it, here to all.

    Parameters
    ----------
    activation : str
        Activation of all layers but the last.
    pool : {"max", "average"}
        Kind of pooling.

    References
    ----------
    .. [1] LeCun, Y. et al., "Gradient-based learning applied to document recognition", Proceedings of the IEEE, 1998.
    """
    kind = choice("pool", pool, ("max", "average"))
    pooling_layer = layers.MaxPooling2D if kind == "max" else layers.AveragePooling2D
    image = image_input(input_shape)
    padding = "same" if min(input_shape[:2]) < 32 else "valid"
    x = layers.Conv2D(6, 5, padding=padding, activation=activation, name="c1")(image)
    x = pooling_layer(name="s2")(x)
    x = layers.Conv2D(16, 5, activation=activation, name="c3")(x)
    x = pooling_layer(name="s4")(x)
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(120, activation=activation, name="c5")(x)
    x = layers.Dense(84, activation=activation, name="f6")(x)
    return model(image, classifier(x, classes, classifier_activation), name, rng)

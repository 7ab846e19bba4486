"""GoogLeNet, a network of inception modules."""

from .. import layers
from .common import classifier, conv, image_input, model, network, pooled

#: Filters of each inception module: 1×1, before 3×3, 3×3, before 5×5, 5×5, and after the pooling (the paper's table 1).
_MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def _inception(x, name):
    one, before_three, three, before_five, five, after_pool = _MODULES[name]
    name = f"inception{name}"
    branches = [
        conv(x, one, 1, f"{name}_1x1"),
        conv(conv(x, before_three, 1, f"{name}_before3x3"), three, 3, f"{name}_3x3"),
        conv(conv(x, before_five, 1, f"{name}_before5x5"), five, 5, f"{name}_5x5"),
        conv(layers.MaxPooling2D(3, 1, padding=1, name=f"{name}_pool")(x), after_pool, 1, f"{name}_after_pool"),
    ]
    return layers.Concatenate(name=name)(branches)


def _auxiliary(x, classes, activation, name):
    x = layers.AveragePooling2D(5, 3, name=f"{name}_pool")(x)
    x = layers.Flatten(name=f"{name}_flatten")(conv(x, 128, 1, f"{name}_conv"))
    x = layers.Dense(1024, activation="relu", kernel_initializer="he_normal", name=f"{name}_fc")(x)
    return classifier(layers.Dropout(0.7, name=f"{name}_dropout")(x), classes, activation, name)


@network()
def GoogLeNet(
    input_shape=(224, 224, 3),
    classes=1000,
    include_top=True,
    pooling=None,
    classifier_activation="softmax",
    auxiliary=False,
    small_images=False,
    name="googlenet",
    rng=None,
):
    """Return GoogLeNet [1]_, with local response normalization.

    Parameters
    ----------
    auxiliary : bool
        Whether the model has the paper's two auxiliary classifiers, which help training. It then has three outputs,
        "classifier", "auxiliary1" and "auxiliary2", whose losses the paper weights by 1, 0.3 and 0.3.
        ``Model(model.input, model.output[0])`` is the model without them.
    small_images : bool
        Whether the model is made for images of about 32×32 pixels: one 3×3 convolution with stride 1 instead of everything
        before the first inception module.

    References
    ----------
    .. [1] Szegedy, C. et al., "Going deeper with convolutions", CVPR 2015.
    """
    if auxiliary and not include_top:
        raise ValueError("auxiliary=True needs the classifier, but include_top=False; expected include_top=True")
    image = image_input(input_shape)
    if small_images:
        x = conv(image, 192, 3, "conv1")
    else:
        x = conv(image, 64, 7, "conv1", strides=2, padding=3)
        x = layers.MaxPooling2D(3, 2, padding=1, name="pool1")(x)
        x = layers.LocalResponseNormalization(2, bias=1.0, alpha=2e-5, beta=0.75, name="norm1")(x)
        x = conv(conv(x, 64, 1, "conv2_before"), 192, 3, "conv2")
        x = layers.LocalResponseNormalization(2, bias=1.0, alpha=2e-5, beta=0.75, name="norm2")(x)
        x = layers.MaxPooling2D(3, 2, padding=1, name="pool2")(x)
    after = {}
    for module in _MODULES:
        if module in ("4a", "5a"):
            x = layers.MaxPooling2D(3, 2, padding=1, name=f"pool{int(module[0]) - 1}")(x)
        after[module] = x = _inception(x, module)
    if not include_top:
        return model(image, pooled(x, pooling), name, rng)
    x = layers.GlobalAveragePooling2D(name="pool5")(x)
    output = classifier(layers.Dropout(0.4, name="dropout")(x), classes, classifier_activation)
    if auxiliary:
        further = [
            _auxiliary(after[module], classes, classifier_activation, f"auxiliary{index}")
            for index, module in ((1, "4a"), (2, "4d"))
        ]
        output = [output, *further]
    return model(image, output, name, rng)

"""ConvNeXts."""

from .. import layers
from .._common.names import public_attributes
from ..architectures.common import classifier, network, pooled
from ..layers.scaling import LayerScale
from ..models import Sequential
from .common import APPLICATIONS_DOC, image_input, model
from .imagenet_utils import DEVIATIONS, MEANS, decode_predictions, preprocessing

_REFERENCE_DOC = """
    References
    ----------
    .. [1] Liu, Z., Mao, H., Wu, C., Feichtenhofer, C., Darrell, T. and Xie, S., "A ConvNet for the 2020s", CVPR 2022.
    """

#: Blocks and channels of the four stages, by the variant.
_VARIANTS = {
    "Tiny": ((3, 3, 9, 3), (96, 192, 384, 768)),
    "Small": ((3, 3, 27, 3), (96, 192, 384, 768)),
    "Base": ((3, 3, 27, 3), (128, 256, 512, 1024)),
    "Large": ((3, 3, 27, 3), (192, 384, 768, 1536)),
    "XLarge": ((3, 3, 27, 3), (256, 512, 1024, 2048)),
}


def _normalization(name=None):
    return layers.LayerNormalization(epsilon=1e-6, name=name)


def _block(x, name):
    channels = x.shape[-1]
    y = layers.Conv2D(channels, 7, padding="same", groups=channels, name=f"{name}_depthwise_conv")(x)
    y = layers.Dense(4 * channels, name=f"{name}_pointwise_conv_1")(_normalization(f"{name}_layernorm")(y))
    y = layers.Dense(channels, name=f"{name}_pointwise_conv_2")(layers.Activation("gelu", name=f"{name}_gelu")(y))
    y = LayerScale(1e-6, channels, name=f"{name}_layer_scale")(y)
    return x + layers.Activation("linear", name=f"{name}_identity")(y)


def _downsampling(name, stage, filters):
    """Return the layers before a stage: a convolution that does not overlap, and a normalization."""
    if stage == 0:
        stem = [layers.Conv2D(filters, 4, 4, name=f"{name}_stem_conv"), _normalization(f"{name}_stem_layernorm")]
        return Sequential(stem, name=f"{name}_stem")
    index = stage - 1
    convolution = layers.Conv2D(filters, 2, 2, name=f"{name}_downsampling_conv_{index}")
    return Sequential(
        [_normalization(f"{name}_downsampling_layernorm_{index}"), convolution], name=f"{name}_downsampling_block_{index}"
    )


def _features(image, counts, channels, include_preprocessing, name):
    x = image
    if include_preprocessing and image.shape[-1] == 3:
        mean, variance = [255 * each for each in MEANS], [(255 * each) ** 2 for each in DEVIATIONS]
        x = layers.Normalization(mean=mean, variance=variance, name=f"{name}_prestem_normalization")(x)
    for stage, (count, filters) in enumerate(zip(counts, channels, strict=True)):
        x = _downsampling(name, stage, filters)(x)
        for index in range(count):
            x = _block(x, f"{name}_stage_{stage}_block_{index}")
    return x


def _variant(variant):
    """Return the function that makes the network."""
    label = f"convnext_{variant.lower()}"

    def convnext(
        include_top=True,
        include_preprocessing=True,
        weights="imagenet",
        input_tensor=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        name=label,
    ):
        image = image_input(input_tensor, input_shape, weights, include_top)
        x = _features(image, *_VARIANTS[variant], include_preprocessing, name)
        if not include_top:
            return model(image, _normalization()(pooled(x, pooling)), name, weights)
        x = _normalization(f"{name}_head_layernorm")(pooled(x, "avg", (f"{name}_head_gap", None)))
        return model(image, classifier(x, classes, classifier_activation, f"{name}_head_dense"), name, weights)

    convnext.__name__ = convnext.__qualname__ = f"ConvNeXt{variant}"
    convnext.__doc__ = f"Return Keras' ConvNeXt-{variant} [1]_."
    return network(APPLICATIONS_DOC, _REFERENCE_DOC)(convnext)


ConvNeXtTiny, ConvNeXtSmall, ConvNeXtBase, ConvNeXtLarge, ConvNeXtXLarge = map(_variant, _VARIANTS)
preprocess_input = preprocessing(None)

__all__ = [
    "ConvNeXtBase",
    "ConvNeXtLarge",
    "ConvNeXtSmall",
    "ConvNeXtTiny",
    "ConvNeXtXLarge",
    "decode_predictions",
    "preprocess_input",
]

__getattr__, __dir__ = public_attributes(globals())

"""NASNets: cells that a search found."""

from .. import layers
from .._common.names import public_attributes
from ..architectures.common import network
from .common import APPLICATIONS_DOC, image_input, model, padding_to_halve, with_top
from .imagenet_utils import decode_predictions, preprocessing

_REFERENCE_DOC = """
    References
    ----------
    .. [1] Zoph, B., Vasudevan, V., Shlens, J. and Le, Q. V., "Learning transferable architectures for scalable image
       recognition", CVPR 2018.
    """

#: Size of images, filters of the first convolution, filters of the first normal cells, and number of normal cells in a row.
_VARIANTS = {"Mobile": (224, 32, 44, 4), "Large": (331, 96, 168, 6)}


def _relu(x, name=None):
    return layers.Activation("relu", name=name)(x)


def _conv(x, filters, name, strides=1):
    """Append a convolution without a bias: 3×3 if it has strides, and otherwise 1×1."""
    size = 3 if strides > 1 else 1
    return layers.Conv2D(filters, size, strides, use_bias=False, kernel_initializer="he_normal", name=name)(x)


def _normalized(x, name):
    return layers.BatchNormalization(momentum=0.9997, name=name)(x)


def _separable(x, filters, size, name, strides=1):
    """Append two separable convolutions, the first with strides, each after a ReLU."""
    x, padding = _relu(x), "same"
    if strides == 2:
        x, padding = layers.ZeroPadding2D(padding_to_halve(x, size), name=f"separable_conv_1_pad_{name}")(x), "valid"
    for index in (1, 2):
        x = x if index == 1 else _relu(x)
        x = layers.SeparableConv2D(
            filters, size, strides, padding=padding, use_bias=False, name=f"separable_conv_{index}_{name}"
        )(x)
        x = _normalized(x, f"separable_conv_{index}_bn_{name}")
        strides, padding = 1, "same"
    return x


def _average(x, name):
    return layers.AveragePooling2D(3, 1, padding="same", name=name)(x)


def _add(a, b, name=None):
    return layers.Add(name=name)([a, b])


def _adjusted(before, x, filters, name):
    """Return the output of the cell before the last one with as many pixels as `x`, and `filters` channels."""
    if before is None:
        return x
    if before.shape[2] != x.shape[2]:
        before = _relu(before, f"adjust_relu_1_{name}")
        shifted = layers.Cropping2D(((1, 0), (1, 0)))(layers.ZeroPadding2D(((0, 1), (0, 1)))(before))
        halves = []
        for index, pixels in ((1, before), (2, shifted)):
            y = layers.AveragePooling2D(1, 2, name=f"adjust_avg_pool_{index}_{name}")(pixels)
            halves.append(_conv(y, filters // 2, f"adjust_conv_{index}_{name}"))
        return _normalized(layers.Concatenate()(halves), f"adjust_bn_{name}")
    if before.shape[-1] != filters:
        return _normalized(_conv(_relu(before), filters, f"adjust_conv_projection_{name}"), f"adjust_bn_{name}")
    return before


def _normal_cell(x, before, filters, name):
    """Return the output of a cell (the paper's figure 4, left)."""
    p = _adjusted(before, x, filters, name)
    h = _normalized(_conv(_relu(x), filters, f"normal_conv_1_{name}"), f"normal_bn_1_{name}")
    sums = [
        _add(
            _separable(h, filters, 5, f"normal_left1_{name}"),
            _separable(p, filters, 3, f"normal_right1_{name}"),
            f"normal_add_1_{name}",
        ),
        _add(
            _separable(p, filters, 5, f"normal_left2_{name}"),
            _separable(p, filters, 3, f"normal_right2_{name}"),
            f"normal_add_2_{name}",
        ),
        _add(_average(h, f"normal_left3_{name}"), p, f"normal_add_3_{name}"),
        _add(_average(p, f"normal_left4_{name}"), _average(p, f"normal_right4_{name}"), f"normal_add_4_{name}"),
        _add(_separable(h, filters, 3, f"normal_left5_{name}"), h, f"normal_add_5_{name}"),
    ]
    return layers.Concatenate(name=f"normal_concat_{name}")([p, *sums])


def _reduction_cell(x, before, filters, name):
    """Return the output of a cell that halves the image (the paper's figure 4, right)."""
    p = _adjusted(before, x, filters, name)
    h = _normalized(_conv(_relu(x), filters, f"reduction_conv_1_{name}"), f"reduction_bn_1_{name}")
    padded = layers.ZeroPadding2D(padding_to_halve(h, 3), name=f"reduction_pad_1_{name}")(h)
    first = _add(
        _separable(h, filters, 5, f"reduction_left1_{name}", 2),
        _separable(p, filters, 7, f"reduction_right1_{name}", 2),
        f"reduction_add_1_{name}",
    )
    second = _add(
        layers.MaxPooling2D(3, 2, name=f"reduction_left2_{name}")(padded),
        _separable(p, filters, 7, f"reduction_right2_{name}", 2),
        f"reduction_add_2_{name}",
    )
    third = _add(
        layers.AveragePooling2D(3, 2, name=f"reduction_left3_{name}")(padded),
        _separable(p, filters, 5, f"reduction_right3_{name}", 2),
        f"reduction_add3_{name}",
    )
    fourth = _add(second, _average(first, f"reduction_left4_{name}"))
    fifth = _add(
        _separable(first, filters, 3, f"reduction_left4_{name}"),
        layers.MaxPooling2D(3, 2, name=f"reduction_right5_{name}")(padded),
        f"reduction_add4_{name}",
    )
    return layers.Concatenate(name=f"reduction_concat_{name}")([second, third, fourth, fifth])


def _features(image, stem_filters, filters, count, skips_reduction):
    """Return the features after three rows of `count` normal cells.

    With `skips_reduction`, the second input of the cell after a reduction is the reduction's second one, not its first.
    """
    x = _normalized(_conv(image, stem_filters, "stem_conv1", 2), "stem_bn1")
    before = None
    for index, divisor in ((1, 4), (2, 2)):
        x, before = _reduction_cell(x, before, filters // divisor, f"stem_{index}"), x
    index = 0
    for row in range(3):
        if row:
            x, last = _reduction_cell(x, before, filters << row, f"reduce_{row * count}"), x
            before = before if skips_reduction else last
            index += 1
        for _ in range(count):
            x, before = _normal_cell(x, before, filters << row, str(index)), x
            index += 1
    return _relu(x)


def _variant(variant):
    """Return the function that makes the network."""
    label, (size, *settings) = f"nasnet_{variant.lower()}", _VARIANTS[variant]

    def nasnet(
        input_shape=None,
        include_top=True,
        weights="imagenet",
        input_tensor=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        name=label,
    ):
        if input_shape is None and variant == "Mobile":
            input_shape = (size, size, 3)  # As in Keras, also without a classifier.
        image = image_input(input_tensor, input_shape, weights, include_top, size)
        x = _features(image, *settings, skips_reduction=variant == "Large")
        x = with_top(x, include_top, pooling, classes, classifier_activation, names=(None, None))
        return model(image, x, name, weights)

    nasnet.__name__ = nasnet.__qualname__ = f"NASNet{variant}"
    nasnet.__doc__ = f"Return Keras' NASNet-A-{variant} [1]_."
    return network(APPLICATIONS_DOC, _REFERENCE_DOC)(nasnet)


NASNetMobile, NASNetLarge = map(_variant, _VARIANTS)
preprocess_input = preprocessing("tf")

__all__ = ["NASNetLarge", "NASNetMobile", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())

"""U-Net, a network that tells the class of each pixel."""

from .. import layers
from .._common.checks import boolean, choice, integer, number
from .._common.errors import explained
from ..config import with_channels_last
from .common import conv, conv_norm, image_input, model

_UPSAMPLING = ("transposed", "nearest", "bilinear")


@explained
@with_channels_last
def UNet(
    input_shape=(256, 256, 3),
    classes=2,
    filters=64,
    depth=4,
    upsampling="transposed",
    batch_normalization=False,
    dropout=0.0,
    classifier_activation="auto",
    name="unet",
    rng=None,
):
    """Return U-Net [1]_, which tells the class of each pixel of an image.

    Parameters
    ----------
    input_shape : tuple of (int or None)
        (height, width, channels) of an image. Height and width are multiples of ``2**depth``, or None for images of any such
        size.
    classes : int
        Number of classes, the channels of the output. With 1, the model tells what belongs to an object and what does not.
    filters : int
        Filters at full resolution; each halving of height and width doubles them.
    depth : int
        How often height and width are halved.
    upsampling : {"transposed", "nearest", "bilinear"}
        What doubles height and width again: a transposed convolution of 2×2 pixels, or an interpolation and a convolution of
        2×2 pixels, which has as many weights.
    batch_normalization : bool
        Whether the 3×3 convolutions are normalized, unlike in the paper; the network then learns in fewer steps.
    dropout : float
        Rate of the dropout at the end of the contracting path.
    classifier_activation : str, optional
        Activation of the output; "auto" for "sigmoid" with one class, and "softmax" with more; None for logits.
    name : str
        The model's name.
    rng : None, int or numpy.random.Generator
        Source of the initial weights; see `striate.Model`.

    Returns
    -------
    Model
        A model with new weights, not compiled, from images to (batch, height, width, classes).

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range, or height or width is not a multiple of ``2**depth``.

    Notes
    -----
    The convolutions have "same" padding, so that the output is as large as the image; the paper's have none.

    References
    ----------
    .. [1] Ronneberger, O., Fischer, P. and Brox, T., "U-Net: convolutional networks for biomedical image segmentation", MICCAI
       2015.

    Examples
    --------
    >>> from striate import architectures
    >>> architectures.UNet((64, 96, 1), classes=3, filters=8).output_shape
    (None, 64, 96, 3)
    """
    classes, filters, depth = integer("classes", classes, 1), integer("filters", filters, 1), integer("depth", depth, 1)
    choice("upsampling", upsampling, _UPSAMPLING)
    append = conv_norm if boolean("batch_normalization", batch_normalization) else conv
    rate = number("dropout", dropout, 0, 1, open_maximum=True)
    x = image = image_input(input_shape)
    for side, size in zip(("height", "width"), image.shape[1:3], strict=True):
        if size is not None and size % (1 << depth):
            raise ValueError(
                f"input_shape={input_shape} has {side} {size}, which cannot be halved {depth} times; expected a multiple of "
                f"2**depth={1 << depth}"
            )

    def block(x, level, name):
        for i in (1, 2):
            x = append(x, filters << level, 3, f"{name}_conv{i}")
        return x

    skipped = []
    for level in range(depth):
        skipped.append(block(x, level, f"down{level + 1}"))
        x = layers.MaxPooling2D(name=f"down{level + 1}_pool")(skipped[-1])
    x = block(x, depth, "bottom")
    if rate:
        x = layers.Dropout(rate, name="bottom_dropout")(x)
    for level in reversed(range(depth)):
        up = f"up{level + 1}"
        x = _upsampled(x, filters << level, upsampling, up)
        x = block(layers.Concatenate(name=f"{up}_concatenate")([skipped[level], x]), level, up)
    if classifier_activation == "auto":
        classifier_activation = "sigmoid" if classes == 1 else "softmax"
    return model(image, layers.Conv2D(classes, 1, activation=classifier_activation, name="classifier")(x), name, rng)


def _upsampled(x, filters, kind, name):
    """Append what doubles height and width, with a number of filters."""
    if kind == "transposed":
        up = layers.Conv2DTranspose(filters, 2, 2, kernel_initializer="he_normal", name=f"{name}_conv")
        return up(x)
    x = layers.UpSampling2D(interpolation=kind, name=f"{name}_upsampling")(x)
    return conv(x, filters, 2, f"{name}_conv", activation=None)

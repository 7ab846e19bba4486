"""The network that reads a line of text, in the manner of Shi et al., without their recurrent layers.

Convolutions and pooling turn an image into a row of features, about a column of them for each eighth of its height, and a
convolution along the row looks at the neighbours; scores of the characters, and of the blank of CTC, follow from each column
(Shi, B., Bai, X. and Yao, C., "An end-to-end trainable neural network for image-based sequence recognition and its application
to scene text recognition", IEEE TPAMI 39, 2017, table 1).
"""

from .. import layers
from ..architectures.common import conv_norm
from ..config import with_channels_last
from ..models import Model
from ..saving import register_keras_serializable
from .alphabet import check_alphabet

#: Factor by which pooling reduces the height, in steps of two, and whether there is one behind each convolution.
REDUCTION = 16
_POOLED = (True, True, False, True, True)


def column_stride(height):
    """Return the number of pixels of a line's image to a column of scores: 2 for a height of 16, 4 for 32 and 48, 8 for 64."""
    return min(2 ** (height // REDUCTION).bit_length(), REDUCTION)


@register_keras_serializable("striate")
class CharacterScores(layers.Dense):
    """The last layer of a recognizer: logits of the blank, and of the characters of an alphabet, which a file keeps with it.

    Parameters
    ----------
    alphabet : str
        The characters.
    **kwargs
        See `striate.layers.Dense`.
    """

    def __init__(self, alphabet, **kwargs):
        self.alphabet = check_alphabet(alphabet)
        super().__init__(len(alphabet) + 1, **kwargs)

    def get_config(self):
        """Return the constructor's arguments."""
        config = super().get_config()
        del config["units"]
        return {**config, "alphabet": self.alphabet}


@with_channels_last
def network(alphabet, height, filters, rng):
    """Return the model that maps lines (batch, height, width, 1) to logits (batch, columns, characters + 1)."""
    x = image = layers.Input((height, None, 1), name="line")
    stride = column_stride(height)
    for i, (count, pooled) in enumerate(zip(filters[:-1], _POOLED, strict=True), 1):
        x = conv_norm(x, count, 3, f"conv{i}")
        if pooled:
            across = 2 if stride > 1 else 1
            x = layers.MaxPooling2D((2, across), name=f"pool{i}")(x)
            stride //= across
    settings = {"activation": "relu", "kernel_initializer": "he_normal"}
    x = layers.Conv2D(filters[-1], (height // REDUCTION, 1), name="flatten_height", **settings)(x)
    x = layers.Reshape((-1, filters[-1]), name="columns")(x)
    x = layers.Conv1D(filters[-1], 5, padding="same", name="neighbours", **settings)(x)
    return Model(image, CharacterScores(alphabet, name="scores")(x), name="recognizer", rng=rng)

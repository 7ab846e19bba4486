"""The network that reads a line of text, in the manner of Shi et al., without their recurrent layers.

Convolutions and pooling turn an image into a row of features, a column of them for each four pixels, and a convolution along
the row looks at the neighbours; scores of the characters, and of the blank of CTC, follow from each column (Shi, B., Bai, X.
and Yao, C., "An end-to-end trainable neural network for image-based sequence recognition and its application to scene text
recognition", IEEE TPAMI 39, 2017, table 1).
"""

from .. import layers
from ..architectures.common import conv_norm
from ..models import Model
from ..saving import register_keras_serializable
from .alphabet import check_alphabet

#: Pixels of a line's image to a column of scores, and the factor by which its height is reduced before the last convolution.
STRIDE, REDUCTION = 4, 16


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


def network(alphabet, height, filters, rng):
    """Return the model that maps lines (batch, height, width, 1) to logits (batch, width / 4, characters + 1)."""
    x = image = layers.Input((height, None, 1), name="line")
    for i, (count, window) in enumerate(zip(filters[:-1], ((2, 2), (2, 2), None, (2, 1), (2, 1)), strict=True), 1):
        x = conv_norm(x, count, 3, f"conv{i}")
        if window is not None:
            x = layers.MaxPooling2D(window, name=f"pool{i}")(x)
    settings = {"activation": "relu", "kernel_initializer": "he_normal"}
    x = layers.Conv2D(filters[-1], (height // REDUCTION, 1), name="flatten_height", **settings)(x)
    x = layers.Reshape((-1, filters[-1]), name="columns")(x)
    x = layers.Conv1D(filters[-1], 5, padding="same", name="neighbours", **settings)(x)
    return Model(image, CharacterScores(alphabet, name="scores")(x), name="recognizer", rng=rng)

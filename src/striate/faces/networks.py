"""The three networks of MTCNN: proposals from a whole image, then boxes of 24 and of 48 pixels, each looked at again.

Layers and their sizes are those of Zhang et al., "Joint face detection and alignment using multitask cascaded convolutional
networks", IEEE Signal Processing Letters 23, 2016, figure 2, as the authors' own program has them. That pools the last pixels
of a row, too, where a window is not full; "same" padding does that for the sizes that occur, unless all windows are full.
"""

from .. import layers
from .._common.randomness import generator
from ..config import with_channels_last
from ..models import Model

#: Height and width of the networks' inputs; proposals are made for each window of that size, 2 pixels apart.
SIZES = {"pnet": 12, "rnet": 24, "onet": 48}
STRIDE = 2

#: Filters and kernel sizes of the convolutions, and the windows of the poolings that follow them, or None.
_CONVOLUTIONS = {
    "pnet": [(10, 3, (2, "same")), (16, 3, None), (32, 3, None)],
    "rnet": [(28, 3, (3, "same")), (48, 3, (3, "valid")), (64, 2, None)],
    "onet": [(32, 3, (3, "same")), (64, 3, (3, "valid")), (64, 3, (2, "valid")), (128, 2, None)],
}
_UNITS = {"rnet": 128, "onet": 256}
LANDMARKS = 5


@with_channels_last
def cascade(rng=None):
    """Return the three networks as one model, with layers "pnet", "rnet" and "onet".

    Inputs are images of values from -1 to 1; outputs of each network are probabilities of "no face" and "face", offsets of a
    box and, of the last, positions of landmarks, x of all before y, both relative to the input.
    """
    rng = generator(rng)
    inputs, outputs = [], []
    for name, size in SIZES.items():
        shape = (None, None, 3) if name == "pnet" else (size, size, 3)
        inputs.append(layers.Input(shape, name=f"{name}_input"))
        outputs += _network(name, shape, rng)(inputs[-1])
    return Model(inputs, outputs, name="mtcnn", rng=rng)


def _network(name, shape, rng):
    x = image = layers.Input(shape)
    for i, (filters, size, pooling) in enumerate(_CONVOLUTIONS[name], 1):
        x = layers.Conv2D(filters, size, name=f"conv{i}")(x)
        x = layers.PReLU(shared_axes=(1, 2), name=f"prelu{i}")(x)
        if pooling is not None:
            window, padding = pooling
            x = layers.MaxPooling2D(window, 2, padding=padding, name=f"pool{i}")(x)
    if name == "pnet":
        head = {"faces": layers.Conv2D(2, 1, name="faces"), "boxes": layers.Conv2D(4, 1, name="boxes")}
    else:
        x = layers.Dense(_UNITS[name], name="dense")(layers.Flatten(name="flatten")(x))
        x = layers.PReLU(name="dense_prelu")(x)
        units = {"faces": 2, "boxes": 4} | ({"landmarks": 2 * LANDMARKS} if name == "onet" else {})
        head = {part: layers.Dense(count, name=part) for part, count in units.items()}
    found = {part: layer(x) for part, layer in head.items()}
    found["faces"] = layers.Softmax(name="probabilities")(found["faces"])
    return Model(image, list(found.values()), name=name, rng=rng)

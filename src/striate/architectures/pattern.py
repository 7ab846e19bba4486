"""The common pattern of convolutional networks."""

from .. import layers
from .._common.checks import choice, integer, sequence, shown
from .._common.errors import explained
from ..config import with_channels_last
from ..models import Model
from .common import classifier, image_input


@explained
@with_channels_last
def pattern(input_shape, conv, dense=(), classes=10, pool="max", *, kernel_size=3, classifier_activation="softmax", rng=None):
    """Return ``Inp → ((Conv → ReLU)*n → Pool?)*m → (FC → ReLU)*k → FC``.

    Parameters
    ----------
    input_shape : tuple of (int or None)
        (height, width, channels) of an image.
    conv : list of (int, int)
        For each stage, the number of convolutions and the number of their filters.
    dense : list of int
        Units of the fully connected layers before the last.
    classes : int
        Number of classes, the units of the last layer.
    pool : {"max", "average", None}
        Pooling at the end of each stage, which halves height and width; None for no pooling.
    kernel_size : int or pair of int
        Kernel size of the convolutions, which keep height and width.
    classifier_activation : str, optional
        Activation of the last layer; None for logits, or for a regression.
    rng : None, int or numpy.random.Generator
        Source of the initial weights; see `striate.Model`.

    Returns
    -------
    Model
        A model with new weights, not compiled. Its name is the formula.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.

    Examples
    --------
    >>> from striate.architectures import pattern
    >>> model = pattern((32, 32, 3), conv=[(2, 64), (2, 128), (2, 256)], dense=[256], classes=10)
    >>> print(model.name)
    Inp → ((Conv → ReLU)*2 → Pool)*3 → FC → ReLU → FC
    >>> model.count_params()
    2196810
    """
    kind = choice("pool", pool, ("max", "average", None))
    x = image = image_input(input_shape)
    counts = []
    for stage, pair in enumerate(sequence("conv", conv, "pairs (number of convolutions, filters)"), 1):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise ValueError(f"conv holds {shown(pair)}; expected (number of convolutions, filters)")
        counts.append(integer(f"conv[{stage - 1}][0]", pair[0], 1))
        for i in range(counts[-1]):
            x = layers.Conv2D(
                pair[1], kernel_size, padding="same", activation="relu", kernel_initializer="he_normal",
                name=f"stage{stage}_conv{i + 1}",
            )(x)  # fmt: skip
        if kind is not None:
            pooling = layers.MaxPooling2D if kind == "max" else layers.AveragePooling2D
            x = pooling(name=f"stage{stage}_pool")(x)
    x = layers.Flatten(name="flatten")(x)
    for i, units in enumerate(dense, 1):
        x = layers.Dense(units, activation="relu", kernel_initializer="he_normal", name=f"fc{i}")(x)
    output = classifier(x, classes, classifier_activation)
    return Model(image, output, name=_formula(counts, kind is not None, len(dense)), rng=rng)


def _formula(counts, pooled, dense):
    """Return the pattern as text, where equal consecutive stages are written once."""
    stages = [f"{_repeated('Conv → ReLU', count)} → Pool" if pooled else _repeated("Conv → ReLU", count) for count in counts]
    parts = []
    while stages:
        same = next((i for i, stage in enumerate(stages) if stage != stages[0]), len(stages))
        parts.append(_repeated(stages[0], same))
        del stages[:same]
    return " → ".join(["Inp", *parts, *([_repeated("FC → ReLU", dense)] if dense else []), "FC"])


def _repeated(text, count):
    return text if count == 1 else f"({text})*{count}"

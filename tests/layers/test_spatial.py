"""Layers for sequences: they compute what layers for images do on images of one row, and their errors describe sequences."""

import re

import numpy as np
import pytest

from striate import layers

WINDOW = {"kernel_size": 3, "strides": 2, "padding": "same", "dilation_rate": 1}

#: Names of layers that exist for sequences and for images, with arguments of the layer for sequences.
KINDS = [
    ("Conv{}D", {**WINDOW, "filters": 6, "groups": 2, "activation": "relu"}),
    ("DepthwiseConv{}D", {**WINDOW, "depth_multiplier": 2}),
    ("SeparableConv{}D", {**WINDOW, "filters": 5}),
    ("Conv{}DTranspose", {**WINDOW, "filters": 5, "output_padding": 1}),
    ("MaxPooling{}D", {"pool_size": 3, "strides": 2, "padding": "same"}),
    ("AveragePooling{}D", {"pool_size": 3}),
    ("GlobalMaxPooling{}D", {}),
    ("GlobalAveragePooling{}D", {}),
    ("ZeroPadding{}D", {"padding": (2, 1)}),
    ("Cropping{}D", {"cropping": (2, 1)}),
    ("UpSampling{}D", {"size": 3}),
    ("SpatialDropout{}D", {"rate": 0.5, "seed": 3}),
]
each_kind = pytest.mark.parametrize(("kind", "arguments"), KINDS, ids=[kind for kind, _ in KINDS])


def of_row(name, value):
    """Return the argument for images of one row that corresponds to an argument for sequences."""
    if name in ("kernel_size", "strides", "dilation_rate", "pool_size", "size"):
        return 1, value
    if name == "output_padding":
        return 0, value
    return ((0, 0), value) if isinstance(value, tuple) else value


@each_kind
def test_sequences_are_treated_as_images_of_one_row(kind, arguments):
    x = np.random.default_rng(0).standard_normal((2, 9, 4)).astype(np.float32)
    of_sequences = getattr(layers, kind.format(1))(**arguments)
    of_images = getattr(layers, kind.format(2))(**{name: of_row(name, value) for name, value in arguments.items()})
    y = of_sequences(x, training=True)
    of_images.build((None, 1, 9, 4))
    of_images.set_weights(
        [weight.reshape(new.shape) for weight, new in zip(of_sequences.get_weights(), of_images.weights, strict=True)]
    )
    image = of_images(x[:, np.newaxis], training=True)
    np.testing.assert_array_equal(y, image if "Global" in kind else image[:, 0], strict=True)
    assert y.shape == of_sequences.compute_output_shape(x.shape)


@each_kind
def test_errors_describe_sequences(kind, arguments):
    layer = getattr(layers, kind.format(1))(**arguments)
    expected = "4 dimensions; expected 3: (batch, length, channels)"
    with pytest.raises(ValueError, match=re.escape(f"layer '{layer.name}' got input of shape (None, 4, 9, 4), {expected}")):
        layer.compute_output_shape((None, 4, 9, 4))


@pytest.mark.parametrize("kind", ["Conv{}D", "DepthwiseConv{}D", "SeparableConv{}D", "Conv{}DTranspose"])
@pytest.mark.parametrize("channels", [None, 0])
@pytest.mark.parametrize("sizes", [(9,), (9, 8)])
def test_convolutions_refuse_an_unknown_or_empty_channel_axis(kind, channels, sizes):
    arguments = {} if kind == "DepthwiseConv{}D" else {"filters": 5}
    layer = getattr(layers, kind.format(len(sizes)))(kernel_size=3, **arguments)
    with pytest.raises(ValueError, match=rf"shape \(None, {', '.join(map(str, sizes))}, {channels}\); expected a known number"):
        layer.compute_output_shape((None, *sizes, channels))


@pytest.mark.parametrize("kind", ["Conv{}D", "DepthwiseConv{}D", "SeparableConv{}D", "Conv{}DTranspose", "MaxPooling{}D"])
@pytest.mark.parametrize("rank", [1, 2])
def test_names_of_paddings_may_be_in_capitals(kind, rank):
    arguments = next(given for name, given in KINDS if name == kind)
    layer = getattr(layers, kind.format(rank))(**{**arguments, "padding": "SAME"})
    assert layer.get_config()["padding"] == "same"


@pytest.mark.parametrize("kind", ["Conv1D", "DepthwiseConv1D", "SeparableConv1D", "Conv1DTranspose", "MaxPooling1D"])
@pytest.mark.parametrize("padding", [1, (1, 1), ((0, 0), (1, 1)), "full", None])
def test_padding_of_sequences_must_be_a_name(kind, padding):
    arguments = next(given for name, given in KINDS if name == kind.replace("1", "{}"))
    names = "'valid', 'same'" + ("" if kind in ("Conv1DTranspose", "MaxPooling1D") else ", 'causal'")
    with pytest.raises(ValueError, match=rf"padding=.* is unknown; expected one of {names}$"):
        getattr(layers, kind)(**{**arguments, "padding": padding})

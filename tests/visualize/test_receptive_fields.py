"""Receptive fields by arithmetic, against the elements that gradients reach; and effective ones."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, architectures, layers, ops
from striate.models import values_and_gradients
from striate.visualize import effective_receptive_field, plot_receptive_field, receptive_fields


def seen(model, path, position, size):
    """The first and the last row and column that a position of a layer sees, by gradients of positive weights."""
    for weight in model.weights:
        weight.assign(np.abs(weight.numpy()) + 0.1)
    mask = np.zeros((1, *model_shape(model, path)[1:3], 1))
    mask[0, position[0], position[1]] = 1
    x = np.random.default_rng(0).uniform(1, 2, (1, *size, 1))
    gradient = values_and_gradients(model, x, lambda y, mask: ops.sum(y * mask), layer=path, arrays=[mask]).gradients[0]
    rows, columns = np.nonzero(gradient[0, ..., 0])
    if not len(rows):
        return None
    return (rows.min(), rows.max()), (columns.min(), columns.max())


def model_shape(model, path):
    return dict(zip([layer.name for layer in model.layers], model.output_shapes, strict=True))[path]


def chain(*parts):
    return Sequential([layers.Input((23, 19, 1), dtype="float64"), *parts], rng=0)


class Filtered(layers.Layer):
    """A layer that filters images; the kernel and the borders are such that all weights are positive."""

    def __init__(self, function, **kwargs):
        super().__init__(dtype="float64", **kwargs)
        self.function = function

    def call(self, x):
        return self.function(x)


MODELS = {
    "filters": lambda: chain(
        Filtered(lambda x: ops.image.bilateral_filter(x, 9.0, 1.0, 1, "zero"), name="a"),
        Filtered(lambda x: ops.image.box_filter(x, (4, 2), "valid"), name="b"),
        Filtered(lambda x: ops.image.convolve(x, np.ones((2, 3)), "zero"), name="c"),
    ),
    "strides": lambda: chain(
        layers.Conv2D(2, (3, 5), strides=(2, 1), name="a", dtype="float64"),
        layers.Conv2D(2, (2, 3), strides=(1, 2), name="b", dtype="float64"),
        layers.Conv2D(1, 2, name="c", dtype="float64"),
    ),
    "padding": lambda: chain(
        layers.Conv2D(2, (4, 3), padding="same", strides=(2, 2), name="a", dtype="float64"),
        layers.AveragePooling2D((2, 3), padding="same", name="b", dtype="float64"),
        layers.Conv2D(1, 2, padding=((1, 0), (0, 2)), name="c", dtype="float64"),
    ),
    "dilation": lambda: chain(
        layers.Conv2D(2, (3, 2), dilation_rate=(2, 3), name="a", dtype="float64"),
        layers.DepthwiseConv2D(3, name="b", dtype="float64"),
        layers.AveragePooling2D(3, strides=2, name="c", dtype="float64"),
    ),
    "frames": lambda: chain(
        layers.ZeroPadding2D(((2, 1), (0, 3)), name="a", dtype="float64"),
        layers.Cropping2D(((3, 0), (1, 2)), name="b", dtype="float64"),
        layers.Conv2D(1, 3, activation="softplus", name="c", dtype="float64"),
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_fields_are_what_gradients_reach(name):
    model = MODELS[name]()
    fields = {field.layer: field for field in receptive_fields(model)}
    assert list(fields) == ["a", "b", "c"]
    for path, field in fields.items():
        height, width = model_shape(model, path)[1:3]
        for position in {(0, 0), (height // 2, width // 2), (height - 1, width - 1)}:
            expected = []
            for axis, length in enumerate((23, 19)):
                first = field.start[axis] + position[axis] * field.stride[axis]
                expected.append((max(first, 0), min(first + field.size[axis], length) - 1))
            padding_alone = any(first > last for first, last in expected)
            assert seen(model, path, position, (23, 19)) == (None if padding_alone else tuple(expected)), (path, position)


def test_branches_are_joined():
    image = Input((16, 16, 1))
    narrow, wide = layers.Conv2D(2, 1, name="narrow")(image), layers.Conv2D(2, 5, padding="same", name="wide")(image)
    y = layers.Concatenate(name="both")([layers.Conv2D(2, (1, 3), padding="same")(narrow), wide])
    pooled = layers.GlobalAveragePooling2D(keepdims=True)(y)
    y = layers.Multiply(name="excited")([y, layers.Conv2D(4, 1, activation="sigmoid")(pooled)])
    strided = layers.Conv2D(4, 1, strides=2)(layers.UpSampling2D(2, name="up")(y))
    model = Model(image, layers.Add(name="end")([strided, y]))
    fields = {field.layer: field for field in receptive_fields(model)}
    assert fields["both"][1:] == ((5, 5), (1, 1), (-2, -2))
    assert fields["excited"][1:] == ((20, 20), (0, 0), (-2, -2))  # all that the mean sees, padding included
    assert fields["up"][1:] == (None, None, None)
    assert fields["end"][1:] == (None, None, None)


def test_those_of_vgg_are_known():
    fields = {field.layer: field for field in receptive_fields(architectures.VGG16())}
    assert fields["stage5_conv3"][1:3] == ((196, 196), (16, 16))  # Araujo et al., table 1: 212 with the pooling after it
    assert fields["stage5_pool"][1:3] == ((212, 212), (32, 32))
    assert "classifier" not in fields  # It returns vectors.


def test_sequences_have_fields_of_one_row():
    parts = [layers.Conv1D(2, 3, name="a"), layers.MaxPooling1D(2, name="b"), layers.Conv1D(2, 3, name="c")]
    fields = receptive_fields(Sequential([layers.Input((20, 1)), *parts]))
    assert [field[1:] for field in fields] == [((3,), (1,), (0,)), ((4,), (2,), (0,)), ((8,), (2,), (0,))]


def test_effective_fields_are_mean_gradients(classifier, images):
    found = effective_receptive_field(classifier, images, "last", (1, 0))

    def at(y):
        return ops.sum(y[:, 1, 0])

    gradient = values_and_gradients(classifier, images, at, layer="last").gradients[0]
    expected = np.abs(gradient).sum(-1).mean(0)
    np.testing.assert_allclose(found.map, expected / expected.max(), rtol=1e-10)
    assert found.position == (1, 0)
    assert effective_receptive_field(classifier, images).position == (1, 1)
    field = next(each for each in receptive_fields(classifier) if each.layer == "last")
    rows, columns = np.nonzero(found.map)
    assert (rows.min(), rows.max() + 1) == (max(field.start[0] + 2, 0), min(field.start[0] + 2 + field.size[0], 7))
    assert (columns.min(), columns.max() + 1) == (0, field.start[1] + field.size[1])


def test_positions_outside_are_refused(classifier, images):
    with pytest.raises(
        ValueError, match=r"position=\(2, 0\) is not in the output of 'last'; expected \(row, column\) in \(2, 2\)"
    ):
        effective_receptive_field(classifier, images, "last", (2, 0))
    with pytest.raises(ValueError, match="layer='flat' has outputs of shape"):
        effective_receptive_field(classifier, images, "flat")
    with pytest.raises(ValueError, match="the model has no input of images or sequences"):
        receptive_fields(Sequential([layers.Input((3,)), layers.Dense(2)]))


def test_figures_frame_the_field(classifier, images):
    pytest.importorskip("matplotlib")
    figure = plot_receptive_field(classifier, images, "first", (3, 3))
    frames = [axes.patches[0].get_bbox().bounds for axes in figure.axes]
    assert frames == [(1.5, 1.5, 3, 3)] * 2
    assert figure.axes[0].get_title() == "first at (3, 3) sees 3 × 3 pixels"
    drawn = figure.axes[1].get_images()[0].get_array()
    np.testing.assert_allclose(drawn**2, effective_receptive_field(classifier, images, "first", (3, 3)).map, rtol=1e-6)

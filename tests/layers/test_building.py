"""`build`, called by users, makes the weights of every layer and marks it as built."""

import numpy as np
import pytest

from striate import Sequential, layers, ops

IMAGES, ROWS, VECTORS = (None, 8, 7, 3), (None, 8, 3), (None, 6)


class Block(layers.Layer):
    """A layer with sublayers, but no `build`."""

    def __init__(self):
        super().__init__()
        self.first, self.rest = layers.SeparableConv2D(4, 3), [layers.PReLU()]

    def call(self, x):
        return ops.relu(self.rest[0](self.first(x)))


class OnArrays(layers.Layer):
    """A layer with neither sublayers nor weights."""

    def forward(self, x, *, training, rng):
        return x, None


LAYERS = {
    "Activation": (lambda: layers.Activation("relu"), IMAGES),
    "Add": (layers.Add, [IMAGES, IMAGES]),
    "BatchNormalization": (layers.BatchNormalization, IMAGES),
    "Concatenate": (layers.Concatenate, [VECTORS, VECTORS]),
    "Conv1D": (lambda: layers.Conv1D(4, 3), ROWS),
    "Conv1DTranspose": (lambda: layers.Conv1DTranspose(4, 3), ROWS),
    "Conv2D": (lambda: layers.Conv2D(4, 3), IMAGES),
    "Conv2DTranspose": (lambda: layers.Conv2DTranspose(4, 3), IMAGES),
    "Dense": (lambda: layers.Dense(4), VECTORS),
    "DepthwiseConv1D": (lambda: layers.DepthwiseConv1D(3), ROWS),
    "DepthwiseConv2D": (lambda: layers.DepthwiseConv2D(3), IMAGES),
    "Dropout": (lambda: layers.Dropout(0.5), VECTORS),
    "Flatten": (layers.Flatten, IMAGES),
    "GroupNormalization": (lambda: layers.GroupNormalization(3), IMAGES),
    "Lambda": (lambda: layers.Lambda(ops.relu), VECTORS),
    "LayerNormalization": (layers.LayerNormalization, VECTORS),
    "MaxPooling2D": (layers.MaxPooling2D, IMAGES),
    "PReLU": (layers.PReLU, VECTORS),
    "RandomFlip": (layers.RandomFlip, IMAGES),
    "Reshape": (lambda: layers.Reshape((2, 3)), VECTORS),
    "Resizing": (lambda: layers.Resizing(4, 4), IMAGES),
    "SeparableConv1D": (lambda: layers.SeparableConv1D(4, 3), ROWS),
    "SeparableConv2D": (lambda: layers.SeparableConv2D(4, 3), IMAGES),
    "UpSampling2D": (layers.UpSampling2D, IMAGES),
    "ZeroPadding2D": (layers.ZeroPadding2D, IMAGES),
    "layers within a layer": (Block, IMAGES),
    "on arrays": (OnArrays, VECTORS),
    "a layer in a model": (lambda: Sequential([layers.SeparableConv2D(4, 3)]), IMAGES),
}


@pytest.mark.parametrize("name", LAYERS)
def test_build_makes_the_weights(name):
    make, shape = LAYERS[name]
    layer, called = make(), make()
    layer.build(shape)
    assert layer.built
    called([np.zeros((1, *each[1:])) for each in shape] if isinstance(shape, list) else np.zeros((1, *shape[1:])))
    assert [weight.shape for weight in layer.weights] == [weight.shape for weight in called.weights]
    before = [weight.value.copy() for weight in layer.weights]
    layer.build(shape)
    for a, b in zip(before, layer.weights, strict=True):
        np.testing.assert_array_equal(a, b.value)


def test_separable_convolutions_have_weights_once_built():
    layer = layers.SeparableConv2D(4, 3)
    layer.build((None, 8, 8, 3))
    assert [weight.shape for weight in layer.weights] == [(3, 3, 3, 1), (1, 1, 3, 4), (4,)]


def test_arguments_of_build_are_shapes_of_those_of_call():
    class Pair(layers.Layer):
        def build(self, first_shape, other_shape):
            self.built = True

        def call(self, first, second):
            return first + second

    with pytest.raises(
        ValueError, match="build of Pair has the argument 'other_shape'; expected some of first_shape, second_shape"
    ):
        Pair()(np.ones((2, 3)), np.ones((2, 3)))

"""Finding the layer to look at."""

import numpy as np
import pytest

import striate
from striate import Input, Model, Sequential, architectures, layers
from striate.visualize import target_layer
from striate.visualize.models import layer_at
from tests.helpers.small_models import Residual, nested_network, residual_network


def test_the_last_convolution_is_taken_with_what_follows_it():
    assert target_layer(architectures.LeNet5()) == "c3"
    assert target_layer(architectures.ResNet18((32, 32, 3), small_images=True)) == "stage4_block2_relu"
    assert target_layer(architectures.MobileNetV2((32, 32, 3), small_images=True)) == "conv2_relu6"
    assert target_layer(architectures.GoogLeNet((64, 64, 3))) == "inception5b"
    assert target_layer(residual_network()) == "concatenate"
    parts = [layers.Conv2D(2, 3, name="conv"), layers.BatchNormalization(), layers.ReLU(name="end"), layers.MaxPooling2D()]
    assert target_layer(Sequential([layers.Input((8, 8, 1)), *parts])) == "end"


def test_convolutions_of_one_position_are_passed_over():
    parts = [layers.Conv2D(2, 3, name="spatial"), layers.GlobalAveragePooling2D(keepdims=True), layers.Conv2D(5, 1)]
    assert target_layer(Sequential([layers.Input((8, 8, 1)), *parts, layers.Flatten()])) == "spatial"


def test_layers_within_others_are_found():
    assert target_layer(nested_network()) == "sum"
    features = Sequential([layers.Conv2D(2, 3, name="conv"), layers.ReLU(name="relu")], name="features")
    model = Sequential([layers.Input((8, 8, 1)), features, layers.Flatten(), layers.Dense(2)])
    assert target_layer(model) == "features/relu"
    assert layer_at(model, "relu") == ("features/relu", features.layers[1])
    assert layer_at(model, features.layers[0])[0] == "features/conv"
    assert target_layer(Sequential([layers.Input((8, 8, 2)), Residual(2, name="block")])) == "block/add"


def test_models_made_by_subclassing_work():
    class Net(Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)  # The order of attributes is not that of the calls.
            self.flat = layers.Flatten()
            self.convolution = layers.Conv2D(3, 3, name="only")

        def call(self, x):
            return self.dense(self.flat(self.convolution(x)))

    model = Net()
    model(np.zeros((1, 6, 6, 1)))
    assert target_layer(model) == "only"


def test_sequences_have_convolutions_too():
    parts = [layers.Conv1D(2, 3, name="a"), layers.Conv1D(2, 3, name="b"), layers.GlobalAveragePooling1D(), layers.Dense(2)]
    assert target_layer(Sequential([layers.Input((9, 1)), *parts])) == "b"


def test_models_of_any_size_need_an_input():
    model = Sequential([layers.Input((None, None, 1)), layers.Conv2D(2, 3, name="c"), layers.GlobalMaxPooling2D()])
    with pytest.raises(ValueError, match=r"of any size; expected an input, x, of one size"):
        target_layer(model)
    assert target_layer(model, np.zeros((1, 9, 7, 1))) == "c"


def test_names_that_fit_no_layer_or_several_are_refused():
    image = Input((8, 8, 1))
    blocks = [Sequential([layers.Conv2D(1, 3, name="conv")], name=name) for name in ("one", "two")]
    model = Model(image, blocks[1](blocks[0](image)))
    assert layer_at(model, "two/conv")[1] is blocks[1].layers[0]
    with pytest.raises(ValueError, match=r"layer='conv' is not one layer of the model; expected one of \[.*'one/conv'"):
        layer_at(model, "conv")
    with pytest.raises(ValueError, match=r"layer=<Dense 'dense'> is not one layer of the model"):
        layer_at(model, layers.Dense(2))
    with pytest.raises(TypeError, match="layer=3 is of type int; expected a layer of the model, or its name"):
        layer_at(model, 3)


def test_models_without_convolutions_are_refused():
    with pytest.raises(ValueError, match="the model has no convolution with more than one position"):
        target_layer(Sequential([layers.Input((3,)), layers.Dense(2)]))
    with pytest.raises(TypeError, match="model=3 is of type int; expected a Model"):
        target_layer(3)
    with pytest.raises((ValueError, RuntimeError), match="built"):
        target_layer(striate.Sequential([layers.Conv2D(2, 3)]))

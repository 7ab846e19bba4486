"""Rematerialization: normalized values that gradients read are recomputed, with the same bits."""

import numpy as np
import pytest

from striate import Input, Model, layers, optimizers
from striate.engine import operations
from striate.models import graphs
from tests.helpers.plans import training_plan


def block(x, filters, strides=1):
    """Return the output of a residual block, whose shortcut has a convolution where the shape changes."""
    y = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)))
    y = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", use_bias=False)(y))
    if strides > 1:
        x = layers.BatchNormalization()(layers.Conv2D(filters, 1, strides, use_bias=False)(x))
    return layers.ReLU()(layers.Add()([y, x]))


def network(trainable=True):
    image = Input((24, 24, 3))
    x = layers.ReLU(negative_slope=0.1)(layers.BatchNormalization()(layers.Conv2D(8, 3, use_bias=False)(image)))
    x = layers.MaxPooling2D(3, 2, padding="same")(x)
    for filters, strides in ((8, 1), (8, 1), (16, 2), (16, 1)):
        x = block(x, filters, strides)
    model = Model(image, layers.Dense(4)(layers.GlobalAveragePooling2D()(x)), rng=0)
    for layer in model.layers[:8]:
        layer.trainable = trainable
    return model


class Square(layers.Layer):
    """Saves its input for `backward`."""

    def forward(self, x, *, training, rng):
        return x * x, x

    def backward(self, dy, saved, *, input_gradient):
        return 2 * dy * saved, []


def network_with_a_python_layer():
    image = Input((16, 16, 3))
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(8, 3, use_bias=False)(image)))
    y = layers.Conv2D(8, 3, padding="same")(x)  # This operation with a kernel is another reader.
    x = layers.Conv2D(8, 3)(layers.Add()([Square()(x), y]))
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(8, 3)(x)))
    return Model(image, layers.Dense(4)(layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3)(x))), rng=0)


def trained(model, optimizer, x, y):
    model.compile(optimizer, "sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    return training_plan(model, 4), model.get_weights()


@pytest.mark.parametrize("trainable", [True, False])
@pytest.mark.parametrize("make", [lambda: optimizers.SGD(0.1, 0.9), lambda: optimizers.Adam(0.01, global_clipnorm=1.0)])
def test_rematerialization_gives_the_same_bits_in_less_memory(rng, monkeypatch, make, trainable):
    x, y = rng.standard_normal((10, 24, 24, 3)).astype(np.float32), rng.integers(0, 4, 10)
    less, weights = trained(network(trainable), make(), x, y)
    monkeypatch.setattr(graphs, "rematerialize", lambda graph, forward: None)
    more, wanted = trained(network(trainable), make(), x, y)
    for got, want in zip(weights, wanted, strict=True):
        np.testing.assert_array_equal(got, want)
    assert less.nbytes < 0.9 * more.nbytes
    counts = [sum(isinstance(each, operations.BatchNormalization) for each in plan.operations) for plan in (less, more)]
    assert counts[0] > counts[1] == 10


def test_inputs_that_a_python_layer_has_saved_are_not_rematerialized(rng, monkeypatch):
    x, y = rng.standard_normal((8, 16, 16, 3)).astype(np.float32), rng.integers(0, 4, 8)
    plan, weights = trained(network_with_a_python_layer(), optimizers.SGD(0.01), x, y)
    # The second of two normalizations is recomputed.
    assert sum(isinstance(each, operations.BatchNormalization) for each in plan.operations) == 3
    monkeypatch.setattr(graphs, "rematerialize", lambda graph, forward: None)
    _, wanted = trained(network_with_a_python_layer(), optimizers.SGD(0.01), x, y)
    for got, want in zip(weights, wanted, strict=True):
        np.testing.assert_array_equal(got, want)


def test_a_value_that_no_gradient_reads_is_not_rematerialized():
    image = Input((8, 8, 3))
    x = layers.BatchNormalization()(layers.Conv2D(4, 3)(image))
    model = Model(image, layers.Dense(4)(layers.GlobalAveragePooling2D()(x)), rng=0)
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert sum(isinstance(each, operations.BatchNormalization) for each in training_plan(model, 4).operations) == 1


def test_a_value_whose_inputs_are_not_kept_is_not_rematerialized():
    image = Input((8, 8, 3))
    x = layers.BatchNormalization(trainable=False)(layers.Conv2D(4, 3, trainable=False)(image))
    model = Model(image, layers.Dense(4)(layers.Flatten()(layers.Conv2D(4, 3)(layers.ReLU()(x)))), rng=0)
    model.compile("sgd", "sparse_categorical_crossentropy")
    plan = training_plan(model, 4)
    assert sum(isinstance(each, operations.BatchNormalization) for each in plan.operations) == 1

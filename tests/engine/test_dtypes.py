"""Dtypes in graphs: where integers stay integers, and where they become floats."""

import numpy as np

import striate
from striate import layers, ops


def test_integers_become_floats_where_layers_need_them():
    x = np.float32([[1.7, 2.2, 3.9], [0.5, 2.0, 1.0]])
    inputs = layers.Input((3,))
    whole = ops.cast(inputs, "int32")
    dense = layers.Dense(2, "relu")
    y = [dense(whole), layers.Add()([whole, inputs]), layers.Softmax()(whole), layers.Dropout(0.5)(whole), ops.relu(whole > 1)]
    assert {tensor.dtype for tensor in y} == {"float32"}
    results = striate.Model(inputs, y).predict(x)
    expected = [
        dense(np.trunc(x)),
        np.trunc(x) + x,
        ops.softmax(np.trunc(x)),
        np.trunc(x),
        (np.trunc(x) > 1).astype(np.float32),
    ]
    for result, truth in zip(results, expected, strict=True):
        np.testing.assert_allclose(result, truth, rtol=1e-6, strict=True)


def test_integers_stay_integers_where_layers_only_move_elements():
    x = np.float32([[16777216.0, 1.0, 2.0]])
    inputs = layers.Input((3,))
    whole = ops.cast(inputs, "int32") + 1  # float32 cannot represent this number.
    y = [layers.Flatten()(whole), layers.Reshape((1, 3))(whole), layers.Identity()(whole), layers.Lambda(lambda x: x)(whole)]
    assert [tensor.dtype for tensor in y] == ["int32"] * 4
    for result in striate.Model(inputs, y).predict(x):
        np.testing.assert_array_equal(result.reshape(1, 3), np.int32([[16777217, 2, 3]]), strict=True)


def test_models_with_integer_outputs_can_be_evaluated():
    x = np.float32([[0.0, 1.0, 2.0], [5.0, 2.0, 1.0]])
    inputs = layers.Input((3,))
    model = striate.Model(inputs, ops.argmax(inputs, axis=-1, keepdims=True))
    model.compile("sgd", "mse", metrics=["mae"])
    assert model.evaluate(x, np.array([[1.0], [0.0]])) == [0.5, 0.5]

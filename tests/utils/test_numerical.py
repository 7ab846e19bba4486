"""Vectors of classes, and of length 1."""

import numpy as np
import pytest

from striate import Input, Model, utils


def test_class_indices_become_vectors():
    np.testing.assert_array_equal(utils.to_categorical([0, 2, 1]), np.eye(3)[[0, 2, 1]])
    np.testing.assert_array_equal(utils.to_categorical(np.array([[1], [0]]), 4), np.eye(4)[[1, 0]])
    assert utils.to_categorical(np.array([[1, 0]]), 2).shape == (1, 2, 2)
    assert utils.to_categorical([1.0]).dtype == np.float32
    with pytest.raises(ValueError, match="holds 3; expected 0 to 2"):
        utils.to_categorical([1, 3], 3)
    with pytest.raises(ValueError, match="holds -1"):
        utils.to_categorical([-1])
    with pytest.raises(TypeError, match="expected integers"):
        utils.to_categorical([0.5])


def test_vectors_become_unit_vectors():
    x = np.array([[3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(utils.normalize(x), [[0.6, 0.8], [0, 0]])
    np.testing.assert_allclose(utils.normalize(x, axis=0, order=1), [[1, 1], [0, 0]])


def test_symbolic_tensors_are_encoded_and_normalized():
    labels, x = Input((1,), dtype="int32"), Input((2,))
    model = Model([labels, x], [utils.to_categorical(labels, 3), utils.normalize(x, order=1)])
    encoded, normalized = model([np.array([[2], [0]]), np.array([[3.0, -1.0], [0.0, 0.0]])])
    np.testing.assert_array_equal(encoded, np.eye(3)[[2, 0]])
    np.testing.assert_allclose(normalized, [[0.75, -0.25], [0, 0]])
    with pytest.raises(TypeError, match="num_classes=None is of type NoneType; expected an integer"):
        utils.to_categorical(labels)

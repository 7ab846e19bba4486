"""Custom operations, functions of symbolic tensors, and symbolic tensors made of shapes."""

import json

import numpy as np
import pytest

import striate
from striate import Function, Input, KerasTensor, Model, Operation, layers, models, ops
from striate.saving import register_keras_serializable

X = np.random.default_rng(0).standard_normal((5, 4)).astype("float32")


class Sums(Operation):
    """Return two results of several arguments."""

    def call(self, x, y, factor=1.0):
        """Return sum and difference."""
        return x + factor * y, x - y


@register_keras_serializable("tests")
class Scaled(Operation):
    """An operation with an argument of its own, which tells its output itself."""

    def __init__(self, factor, name=None):
        super().__init__(name=name)
        self.factor = factor

    def call(self, x):
        """Return the product."""
        return x * self.factor

    def compute_output_spec(self, x):
        """Return the shape and dtype."""
        return KerasTensor(x.shape, x.dtype)


def test_an_operation_on_arrays_is_its_call():
    total, difference = Sums()(X, X, factor=3.0)
    np.testing.assert_array_equal(total, X + 3 * X)
    np.testing.assert_array_equal(difference, 0 * X)
    assert Sums()(X.astype("float64"), X[:, :1])[0].dtype == np.float64
    assert Scaled(2)(np.int32(3)) == 6  # There need not be samples.


def test_an_operation_in_a_model():
    a, b = Input((4,)), Input((4,))
    operation = Sums(name="sums")
    total, difference = operation(a, y=b, factor=2.0)
    assert operation.input == [a, b]
    assert (total.shape, total.name) == ((None, 4), "sums")
    model = Model([a, b], [total, difference])
    assert operation.name in [each.name for each in model.operations]
    for found, want in zip(model.predict([X, 2 * X]), (5 * X, -X), strict=True):
        np.testing.assert_allclose(found, want, rtol=1e-6)
    assert Sums().symbolic_call(a, b)[1].shape == (None, 4)
    assert Scaled(2)(Input((4,), dtype="int32")).dtype == "int32"


def test_an_operation_has_gradients():
    x = Input((4,))
    model = Model(x, Scaled(3.0)(layers.Dense(1, use_bias=False, kernel_initializer="zeros")(x)))
    model.compile(striate.optimizers.SGD(1.0), "mse")
    model.fit(X, np.ones((5, 1)), batch_size=5, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0][:, 0], 6 * X.mean(0), rtol=1e-5, atol=1e-6)


def test_a_model_of_operations_is_saved(tmp_path):
    x = Input((4,))
    model = Model(x, Scaled(3.0)(x))
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(models.load_model(tmp_path / "model.keras").predict(X), model.predict(X))
    assert Scaled.from_config(Scaled(2.0, name="twice").get_config()).name == "twice"
    assert Sums(name="sums").get_config() == {"name": "sums"}


def test_a_layer_tells_its_output_by_its_spec():
    class Told(layers.Layer):
        def call(self, x):
            return ops.cast(x, "int32")

        def compute_output_spec(self, x):
            return KerasTensor(x.shape, "int32")

    x = Input((4,))
    assert Told()(x).dtype == "int32"
    np.testing.assert_array_equal(Model(x, Told()(x)).predict(X), X.astype("int32"))


def test_a_function_of_tensors():
    a, b = KerasTensor((None, 4)), KerasTensor((None, 4), name="b")
    dense = layers.Dense(2)
    function = Function({"a": a, "b": b}, (dense(a + b), a - b), name="difference")
    total, difference = function({"a": X, "b": 2 * X})
    np.testing.assert_allclose(total, 3 * X @ dense.kernel.numpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(difference, -X)
    assert (function.name, len(function.inputs), len(function.outputs)) == ("difference", 2, 2)
    other = function({"a": Input((4,)), "b": Input((4,))})
    assert [each.shape for each in other] == [(None, 2), (None, 4)]
    assert function.compute_output_shape({"a": (7, 4), "b": (7, 4)}) == [(7, 2), (7, 4)]
    assert function.compute_output_spec({"a": a, "b": b})[0].shape == (None, 2)
    with pytest.raises(ValueError, match="x has the keys"):
        function({"a": X})
    same = Function.from_config(json.loads(json.dumps(function.get_config())))
    assert same.name == "difference"
    np.testing.assert_array_equal(same({"a": X, "b": 2 * X})[1], -X)


def test_tensors_of_shapes():
    tensor = KerasTensor((None, 3), "int32", name="ids")
    assert (tensor.shape, tensor.dtype, tensor.name, tensor.ndim) == ((None, 3), "int32", "ids", 2)
    assert Model(tensor, tensor * 2).predict(np.ones((2, 3), "int32")).tolist() == [[2] * 3] * 2
    with pytest.raises(ValueError, match="depend on"):
        Model(Input((3,)), tensor + 1)
    for settings, message in (
        ({"shape": (2, -1)}, r"shape\[1\]=-1"),
        ({"shape": (2,), "sparse": True}, "sparse=True is not supported"),
        ({"shape": (2,), "record_history": False}, "record_history=False is not supported"),
        ({"shape": (2,), "dtype": "real"}, "dtype='real'"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            KerasTensor(**settings)

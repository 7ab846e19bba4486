"""Inputs that may be None."""

import numpy as np
import pytest

from striate import Input, Model, layers, models
from striate.saving import register_keras_serializable

RNG = np.random.default_rng(0)
X, Y = (RNG.standard_normal((6, 3)).astype("float32") for _ in range(2))
MORE = RNG.standard_normal((6, 4, 2)).astype("float32")


@register_keras_serializable("tests")
class Plus(layers.Layer):
    """Add what there is to a fully connected layer's output."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(3)
        self.drop = layers.Dropout(0.5)

    def call(self, x, more=None):
        """Return the sum."""
        x = self.drop(self.dense(x))
        return x if more is None else x + layers.GlobalAveragePooling1D()(more)[:, :1]


def made(size=4, kind=dict):
    """Return a model with an input `x` and an optional one, `more`."""
    x, more = Input((3,), name="x"), Input((size, 2), name="more", optional=True)
    return Model({"x": x, "more": more} if kind is dict else [x, more], Plus()(x, more), rng=0)


def want(model, x, more):
    """Return what the model predicts, by NumPy."""
    kernel, bias = model.get_weights()
    return x @ kernel + bias + (0 if more is None else more.mean(1)[:, :1])


@pytest.mark.parametrize("size", [4, None])
@pytest.mark.parametrize("more", [None, MORE], ids=["none", "given"])
def test_predictions(more, size):
    model = made(size)
    data = {"x": X, "more": more}
    batches = [{"x": X[i : i + 4], "more": more if more is None else more[i : i + 4]} for i in (0, 4)]
    for found in (model(data), model.predict(data, batch_size=4), model.predict(iter(batches)), model.predict_on_batch(data)):
        np.testing.assert_allclose(found, want(model, X, more), rtol=1e-5, atol=1e-6)
    assert model.output_shape == (None, 3)


def test_inputs_in_lists_and_both_ways_in_turn():
    model = made(kind=list)
    for more in (None, MORE, None):
        np.testing.assert_allclose(model.predict([X, more]), want(model, X, more), rtol=1e-5, atol=1e-6)
    assert model([X, None], training=True).shape == (6, 3)


@pytest.mark.parametrize("more", [None, MORE], ids=["none", "given"])
def test_training(more):
    model, simple = made(), Plus()
    x = Input((3,))
    plain = Model(x, simple(x), rng=0)
    data = {"x": X, "more": more}
    batches = [({"x": X[i : i + 3], "more": more if more is None else more[i : i + 3]}, Y[i : i + 3]) for i in (0, 3)]
    for each in (model, plain):
        each.compile("sgd", "mse", metrics=["mae"])
    simple.dense.set_weights(model.get_weights())
    offset = 0 if more is None else more.mean(1)[:, :1]
    for settings in ({"shuffle": False, "batch_size": 3}, {"validation_split": 0.5, "shuffle": True, "rng": 1}):
        model.fit(data, Y, verbose=0, **{"rng": 0} | settings)
        plain.fit(X, Y - offset, verbose=0, **{"rng": 0} | settings)
    model.fit(iter(batches), verbose=0, rng=2)
    plain.fit(X, Y - offset, verbose=0, rng=2, batch_size=3, shuffle=False)
    for mine, other in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-6)
    assert model.evaluate(data, Y)[0] == pytest.approx(np.square(want(model, X, more) - Y).mean(), rel=1e-5)


def test_it_is_saved(tmp_path):
    model = made()
    model.save(tmp_path / "model.keras")
    same = models.load_model(tmp_path / "model.keras")
    assert [tensor.node.layer.optional for tensor in same.inputs] == [True, False]  # "more" comes before "x".
    np.testing.assert_array_equal(same.predict({"x": X, "more": None}), model.predict({"x": X, "more": None}))


@pytest.mark.parametrize("kind", [dict, list])
@pytest.mark.parametrize("shape", [(3,), (2, 5, 3)])
def test_none_in_a_call_on_symbolic_tensors(kind, shape, tmp_path):
    inner = made(kind=kind)
    image = Input(shape)
    x = image if len(shape) == 1 else layers.GlobalAveragePooling2D()(image)
    y = inner({"x": x, "more": None} if kind is dict else [x, None])
    assert y.shape == (None, 3)
    model = Model(image, y, rng=0)
    data = RNG.standard_normal((6, *shape)).astype("float32")
    mean = data if len(shape) == 1 else data.mean((1, 2))
    np.testing.assert_allclose(model.predict(data), want(model, mean, None), rtol=1e-5, atol=1e-6)
    model.compile("sgd", "mse")
    model.fit(data, Y, verbose=0)
    model.save(tmp_path / "model.npz")
    for again in (models.clone_model(model), models.load_model(tmp_path / "model.npz")):
        again.set_weights(model.get_weights())
        np.testing.assert_array_equal(again.predict(data), model.predict(data))


def test_none_is_passed_on_to_a_model_within_a_model():
    x, more = Input((3,), name="x"), Input((4, 2), name="more", optional=True)
    inner = made(kind=list)
    outer = Model([x, more], inner([x, more]))

    class Holding(Model):
        def __init__(self):
            super().__init__()
            self.inner = inner

        def call(self, x):
            return self.inner([x, None])

    for given in (None, MORE):
        np.testing.assert_allclose(outer.predict([X, given]), want(inner, X, given), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(Holding().predict(X), want(inner, X, None), rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="None in place of an input, which is not optional"):
        inner([None, more])


def test_none_in_a_list_that_a_layer_takes_is_refused():
    x = Input((3,))
    with pytest.raises(
        TypeError, match=r"layer 'add' got None among its inputs; expected tensors, or a layer whose call takes"
    ):
        layers.Add()([x, None])


def test_one_of_several_optional_inputs_is_there():
    a, b = (Input((2,), name=name, optional=True) for name in "ab")
    model = Model([a, b], layers.Dense(1)(a))
    with pytest.raises(ValueError, match="None in place of all inputs; expected an array for at least one"):
        model.predict([None, None])


def test_other_inputs_are_not_optional():
    model = made()
    for data in ({"x": None, "more": MORE}, {"x": None, "more": None}):
        with pytest.raises(ValueError, match="None in place of an input, which is not optional"):
            model.predict(data)
    x = Input((3,), optional=True)
    with pytest.raises(ValueError, match="expected an array"):
        Model(x, x * 2).predict([None])

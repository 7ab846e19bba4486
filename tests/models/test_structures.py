"""Models whose inputs and outputs are dicts and nested lists, layers with several arguments, and parts of graphs."""

import contextlib

import numpy as np
import pytest

from striate import Input, Model, Sequential, callbacks, layers, models, ops
from striate._common.structures import leaves

RNG = np.random.default_rng(0)
A, B = (RNG.standard_normal((6, size)).astype("float32") for size in (4, 3))
TARGET = RNG.standard_normal((6, 2)).astype("float32")


def of_dicts():
    """Return a model from {"a", "b"} to {"out", "sum"}."""
    a, b = Input((4,), name="a"), Input((3,), name="b")
    x = layers.Concatenate()([a, b])
    return Model({"b": b, "a": a}, {"out": layers.Dense(2, name="dense_out")(x), "sum": layers.Dense(1)(x)}, rng=0)


def want(model, a=A, b=B):
    """Return what `of_dicts` computes, by NumPy."""
    x = np.concatenate([a, b], 1)
    found = [x @ layer.kernel.numpy() + layer.bias.numpy() for layer in model.layers if isinstance(layer, layers.Dense)]
    return {"out": found[0], "sum": found[1]}


@pytest.mark.parametrize("x", [{"a": A, "b": B}, {"b": B, "a": A, "unused": B}], ids=["keys", "more keys"])
def test_dicts_of_inputs_and_outputs(x):
    model = of_dicts()
    expected = want(model)
    for predict in (lambda x: model.predict(x, batch_size=4), model, lambda x: model(x, training=True), model.predict_on_batch):
        with pytest.warns(UserWarning, match=r"\['a', 'b'\] are taken") if "unused" in x else contextlib.nullcontext():
            y = predict(x)
        assert list(y) == ["out", "sum"]
        for key, each in expected.items():
            np.testing.assert_allclose(y[key], each, rtol=1e-5, atol=1e-6)


def test_the_structure_of_a_model():
    model = of_dicts()
    assert model.input_shape == {"a": (None, 4), "b": (None, 3)}
    assert model.output_shape == {"out": (None, 2), "sum": (None, 1)}
    assert [tensor.shape[1] for tensor in model.inputs] == [4, 3]  # The order is that of the sorted keys, as in Keras.
    assert model.input["b"] is model.inputs[1]
    assert model.compute_output_shape({"a": (7, 4), "b": (7, 3)}) == {"out": (7, 2), "sum": (7, 1)}
    with pytest.raises(ValueError, match=r"x is of type list; expected a dict with the keys \['b', 'a'\]"):
        model.predict([A, B])
    same = Model(dict(sorted(model.input.items())), model.output)  # The order is that of the sorted keys.
    with pytest.warns(UserWarning, match=r"x is a list, taken in the order of the sorted keys \['a', 'b'\]; expected a dict"):
        np.testing.assert_array_equal(same.predict([A, B])["out"], model.predict({"a": A, "b": B})["out"])
    streamed = model.predict(iter([{"a": A[:4], "b": B[:4]}, {"a": A[4:], "b": B[4:]}]))
    np.testing.assert_allclose(streamed["out"], want(model)["out"], rtol=1e-5, atol=1e-6)
    symbolic = model({"a": Input((4,)), "b": Input((3,))})
    assert symbolic["out"].shape == (None, 2)


def test_training_with_dicts_reaches_the_same_as_with_lists():
    y = {"out": TARGET, "sum": TARGET[:, :1]}
    settings = {"loss": {"out": "mse", "sum": "mae"}, "loss_weights": {"out": 1.0, "sum": 0.5}}
    model = of_dicts()
    model.compile("sgd", metrics={"out": ["mae"]}, **settings)
    logs = model.fit({"a": A, "b": B}, y, epochs=2, shuffle=False, batch_size=3, verbose=0).history
    assert list(logs) == ["loss", "out_loss", "sum_loss", "out_mae"]
    a, b = Input((4,)), Input((3,))
    x = layers.Concatenate()([a, b])
    other = Model([a, b], [layers.Dense(2)(x), layers.Dense(1)(x)], rng=0)
    other.compile("sgd", loss=["mse", "mae"], loss_weights=[1.0, 0.5])
    assert logs["loss"] == other.fit([A, B], list(y.values()), epochs=2, shuffle=False, batch_size=3, verbose=0).history["loss"]
    for mine, others in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, others)


def test_streams_sample_weights_and_custom_steps_take_dicts():
    x, y = {"a": A, "b": B}, {"out": TARGET, "sum": TARGET[:, :1]}
    weights = {"out": np.arange(6.0), "sum": np.ones(6)}
    model = of_dicts()
    model.compile("sgd", {"out": "mse", "sum": "mse"})
    found = model.evaluate(x, y, sample_weight=weights, return_dict=True)
    expected = want(model)
    wanted = (((expected["out"] - TARGET) ** 2).mean(1) * weights["out"]).mean()
    assert found["out_loss"] == pytest.approx(wanted, rel=1e-5)
    batches = [(x, y), (x, y)]
    assert len(model.fit(iter(batches), steps_per_epoch=2, verbose=0).history["loss"]) == 1

    class Stepped(Model):
        def train_step(self, data):
            x, y = data
            assert set(x) == {"a", "b"}
            assert set(y) == {"out", "sum"}
            return super().train_step(data)

    stepped = Stepped(model.input, model.output)
    stepped.compile("sgd", {"out": "mse", "sum": "mse"})
    before = stepped.evaluate(x, y)
    assert np.isfinite(stepped.fit(x, y, verbose=0).history["loss"][0])
    assert stepped.evaluate(x, y) < before


def test_nested_structures():
    a, b, c = (Input((size,)) for size in (4, 3, 2))
    y = layers.Concatenate()([a, b, c])
    model = Model({"pair": [a, b], "other": {"c": c}}, [layers.Dense(1)(y), {"x": y, "y": [c]}], rng=0)
    x = {"pair": [A, B], "other": {"c": TARGET}}
    out = model.predict(x)
    np.testing.assert_array_equal(out[1]["x"], np.concatenate([A, B, TARGET], 1))
    np.testing.assert_array_equal(out[1]["y"][0], TARGET)
    assert model.output_shape == [(None, 1), {"x": (None, 9), "y": [(None, 2)]}]
    model.compile("sgd", loss=["mse", {"x": "mae", "y": ["mse"]}])
    targets = [TARGET[:, :1], {"x": out[1]["x"], "y": [TARGET]}]
    logs = model.evaluate(x, targets, return_dict=True)
    assert list(logs) == ["loss", "dense_loss", "1/x_loss", "1/y/input_layer_2_loss"]
    assert logs["1/x_loss"] == 0


def test_models_that_take_and_return_dicts_in_call():
    class Own(Model):
        def __init__(self):
            super().__init__(rng=0)
            self.first, self.second = layers.Dense(2), layers.Dense(2)

        def call(self, x):
            return {"out": self.first(x["a"]) + self.second(x["b"]), "a": x["a"]}

    model = Own()
    x = {"a": A, "b": B}
    expected = model(x)
    np.testing.assert_allclose(
        expected["out"], A @ model.first.kernel.numpy() + B @ model.second.kernel.numpy(), rtol=1e-4, atol=1e-6
    )
    np.testing.assert_allclose(model.predict(x, batch_size=4)["out"], expected["out"], rtol=1e-5, atol=1e-6)
    model.compile("sgd", {"out": "mse", "a": None})
    before = model.evaluate(x, {"out": TARGET})
    model.fit(x, {"out": TARGET}, verbose=0)
    assert model.evaluate(x, {"out": TARGET}) < before


class Attend(layers.Layer):
    """A layer with two inputs, one of which may be missing, and a flag."""

    def build(self, query_shape, value_shape=None):
        self.kernel = self.add_weight((query_shape[-1], 2), "ones", name="kernel")
        self.of_value = None if value_shape is None else self.add_weight((value_shape[-1], 2), "ones", name="of_value")

    def call(self, query, value=None, negate=False, training=None):
        y = ops.matmul(query, self.kernel)
        if value is not None:
            y = y + ops.matmul(value, self.of_value)
        return -y if negate else y


def test_calls_with_several_arguments():
    alone = A.sum(1, keepdims=True).repeat(2, 1)
    both = alone + B.sum(1, keepdims=True)
    for given, expected in (((A,), alone), ((A, B), both), ((A, None), alone)):
        np.testing.assert_allclose(Attend()(*given), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(Attend()(A, value=B, negate=True), -both, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(Attend()(value=B, query=A), both, rtol=1e-5, atol=1e-6)
    with pytest.raises(
        TypeError, match=r"call of layer 'attend': got an unexpected keyword argument 'key'; expected the arguments"
    ):
        Attend()(A, key=B)
    np.testing.assert_array_equal(layers.ReLU()(inputs=A), np.maximum(A, 0))


def test_calls_with_several_arguments_in_a_graph_are_saved(tmp_path):
    a, b = Input((4,)), Input((3,))
    model = Model([a, b], {"y": Attend()(a, value=b, negate=True)}, rng=0)
    expected = model.predict([A, B])["y"]
    np.testing.assert_allclose(expected, -A.sum(1, keepdims=True).repeat(2, 1) - B.sum(1, keepdims=True), rtol=1e-5)
    model.save(tmp_path / "model.npz")
    loaded = models.load_model(tmp_path / "model.npz", custom_objects={"Attend": Attend})
    np.testing.assert_array_equal(loaded.predict([A, B])["y"], expected)
    copy = models.clone_model(of_dicts())
    assert copy.predict({"a": A, "b": B})["out"].shape == (6, 2)
    text = of_dicts().to_json()
    assert models.model_from_json(text).output_shape == {"out": (None, 2), "sum": (None, 1)}


class OfDicts(Model):
    """A model without a graph, from {"a", "b"} to {"out"}."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(2)

    def call(self, inputs):
        return {"out": self.dense(ops.concatenate([inputs["a"], inputs["b"]], axis=-1))}


def test_models_of_structures_are_saved(tmp_path):
    a, b = Input((4,)), Input((3,))
    both = layers.Dense(2)(layers.Concatenate()([a, b]))
    of_both = {"a": A, "b": B}
    for model, x in (
        (of_dicts(), of_both),
        (OfDicts(rng=0), of_both),
        (Model({"a": a}, layers.Dense(2)(a), rng=0), {"a": A}),
        (Model([a, {"b": b}], [[both]], rng=0), [A, {"b": B}]),
        (Model([[a], [b]], both, rng=0), [[A], [B]]),
    ):
        expected = leaves(model.predict(x))
        model.compile("adam", dict.fromkeys(model.output_shape, "mse") if isinstance(model.output_shape, dict) else "mse")
        model.save(tmp_path / "model.npz")
        for lazy in (False, True):
            again = models.load_model(tmp_path / "model.npz", custom_objects={"OfDicts": OfDicts}, lazy=lazy)
            assert again.input_shape == model.input_shape
            for one, other in zip(leaves(again.predict(x)), expected, strict=True):
                np.testing.assert_array_equal(one, other)


def test_a_training_with_structures_is_restored(tmp_path):
    y = {"out": TARGET}

    def trained(epochs, **kwargs):
        model = OfDicts(rng=0)
        model.compile("adam", {"out": "mse"})
        model.fit({"a": A, "b": B}, y, epochs=epochs, verbose=0, rng=0, **kwargs)
        return model.predict({"a": A, "b": B})["out"]

    backup = callbacks.BackupAndRestore(tmp_path / "backup.npz", delete_checkpoint=False)
    trained(1, callbacks=[backup])
    np.testing.assert_array_equal(trained(3, callbacks=[backup]), trained(3))


def test_models_from_tensors_that_layers_compute():
    image = Input((8, 8, 2))
    x = layers.Conv2D(3, 3, activation="relu")(image)
    y = layers.Dense(4)(layers.Flatten()(x))
    whole = Model(image, y, rng=0)
    head = Model(x, y)
    array = RNG.standard_normal((2, 8, 8, 2)).astype("float32")
    features = Model(image, x).predict(array)
    np.testing.assert_allclose(head.predict(features), whole.predict(array), rtol=1e-5, atol=1e-5)
    assert len(head.weights) == 2
    layer = whole.layers[-1]
    np.testing.assert_allclose(
        Model(layer.input, layer.output)(features.reshape(2, -1)), whole.predict(array), rtol=1e-5, atol=1e-5
    )


def flattening():
    """Return a model of a graph that flattens images of one channel."""
    image = Input((8, 8, 1))
    return Model(image, layers.Flatten()(image))


@pytest.mark.parametrize("make", [lambda: Sequential([Input((8, 8, 1)), layers.Flatten()]), flattening])
def test_a_last_axis_of_size_one_is_added(make):
    x = RNG.standard_normal((2, 8, 8)).astype("float32")
    np.testing.assert_array_equal(make().predict(x), x.reshape(2, 64))
    np.testing.assert_array_equal(make()(x), x.reshape(2, 64))
    assert make()(Input((8, 8))).shape == (None, 64)


def test_a_last_axis_of_size_one_is_dropped():
    model = Sequential([Input((4,)), layers.Dense(2)], rng=0)
    np.testing.assert_array_equal(model.predict(A[..., None]), model.predict(A))
    model.compile("sgd", "mse")
    single = Sequential([Input((1,)), layers.Dense(1)], rng=0)
    single.compile("sgd", "mse")
    assert single.evaluate(A[:, 0], A[:, 1]) == single.evaluate(A[:, :1], A[:, 1:2])


class TestBatchSizes:
    class Halves(layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.dense = layers.Dense(2)

        def build(self, input_shape):
            pass

        def call(self, x):
            return self.dense(x)

    def test_shapes_keep_a_given_batch_size(self):
        x = Input((3,), batch_size=2)
        assert x.shape == (2, 3)
        assert Input(batch_shape=(5, None, 4)).shape == (5, None, 4)
        assert Input(tensor=x).shape == (2, 3)
        y = self.Halves()(layers.Dense(4)(x + 1))
        assert y.shape == (2, 2)
        model = Model(x, y)
        assert model.output_shape == (2, 2)
        assert model.compute_output_shape((None, 3)) == (None, 2)
        assert model(Input((3,), batch_size=7)).shape == (7, 2)
        assert model(Input((3,))).shape == (None, 2)
        assert models.clone_model(model).input.shape == (2, 3)
        sequence = Sequential([Input((3,), batch_size=2), layers.Dense(4)])
        assert sequence.output_shape == sequence.output.shape == (2, 4)

    def test_different_batch_sizes_are_unknown(self):
        assert layers.Concatenate()([Input((3,), batch_size=2), Input((3,))]).shape[1] == 6
        assert self.Halves()(Input((3,))).shape == (None, 2)

    def test_a_model_takes_batches_of_any_size(self):
        x = Input((3,), batch_size=2)
        model = Model(x, layers.Dense(4)(x), rng=0)
        data = np.ones((5, 3), np.float32)
        np.testing.assert_array_equal(model.predict(data, batch_size=2), model(data))

    def test_the_batch_size_is_given_once(self):
        with pytest.raises(ValueError, match="batch_size=2 and batch_shape"):
            layers.InputLayer(batch_size=2, batch_shape=(2, 3))


def test_models_of_nested_dicts_are_saved(tmp_path):
    a, b, c = (Input((size,)) for size in (1, 2, 3))
    model = Model({"a": a, "more": {"b": b, "c": [c]}}, {"sum": a + 1, "more": {"b": layers.Dense(2)(b), "c": c}}, rng=0)
    data = {"a": np.ones((2, 1)), "more": {"b": np.ones((2, 2)), "c": [np.ones((2, 3))]}}
    model.save(tmp_path / "model.keras")
    restored = models.load_model(tmp_path / "model.keras")
    np.testing.assert_equal(restored.predict(data), model.predict(data))


def test_inputs_in_a_dict_are_given_by_its_keys():
    a, b = Input((4,), name="first"), Input((4,), name="second")
    model = Model({"a": a, "b": b}, a - b)
    with pytest.raises(ValueError, match=r"has the keys \['first', 'second'\]; expected those of .* inputs, \['a', 'b'\]"):
        model.predict({"first": A, "second": A})


def test_no_input_is_optional():
    model = of_dicts()
    with pytest.raises(ValueError, match="holds None in place of an input"):
        model.predict({"a": A, "b": None})


def test_the_configuration_of_a_subclass_made_of_a_graph():
    class Named(Model):
        def __init__(self, *args, param=1, **kwargs):
            super().__init__(*args, **kwargs)
            self.param = param

        def get_config(self):
            return {**super().get_config(), "param": self.param}

    x = Input((3,))
    model = Named(x, layers.Dense(2)(x), param=3)
    restored = Named.from_config(model.get_config())
    assert (restored.param, restored.name, restored.output_shape) == (3, model.name, (None, 2))


class TestCloning:
    @staticmethod
    def nested():
        a, b = Input((4,)), Input((2,))
        inner = Model(b, layers.Dense(3, name="inner_dense")(b), name="inner")
        return Model(a, inner(layers.Dense(2)(a)), rng=0)

    def test_other_calls_of_the_layers(self):
        model = self.nested()

        def halved(layer, *args, **kwargs):
            y = layer(*args, **kwargs)
            return y * 0.5 if isinstance(layer, layers.Dense) else y

        same = {"clone_function": lambda layer: layer, "call_function": halved}
        hidden = model.layers[1](A)
        inner = model.layers[2]
        np.testing.assert_allclose(models.clone_model(model, **same)(A), inner(hidden * 0.5), rtol=1e-5)
        both = models.clone_model(model, **same, recursive=True)
        np.testing.assert_allclose(both(A), inner(hidden * 0.5) * 0.5, rtol=1e-5)
        with pytest.raises(ValueError, match="is given for a Sequential"):
            models.clone_model(Sequential([layers.Input((3,))]), call_function=halved)

    def test_models_within(self):
        met = []

        def copied(layer):
            met.append(layer.name)
            return type(layer).from_config(layer.get_config())

        model = self.nested()
        copy = models.clone_model(model, clone_function=copied, recursive=True)
        assert met == ["dense", "inner_dense"]
        copy.set_weights(model.get_weights())
        np.testing.assert_array_equal(copy(A), model(A))
        met.clear()
        models.clone_model(model, clone_function=copied)
        assert met == ["dense", "inner"]

    def test_arguments_of_calls(self):
        x, y = Input((3,)), Input((3,))
        model = Model([x, y], layers.Dropout(0.5)(layers.Subtract()([x, y]), training=True), rng=0)
        copy = models.clone_model(model, call_function=lambda layer, *args, **kwargs: layer(*args, **kwargs))
        assert [node.training for node in copy.nodes] == [node.training for node in model.nodes]
        assert copy.output_shape == (None, 3)

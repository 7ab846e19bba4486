"""Models as graphs of layers: structure, training, shared layers, models within models, what is refused."""

import numpy as np
import pytest

import striate
from striate import Input, Model, Sequential, layers, optimizers
from tests.helpers.small_models import images, residual_network


def test_a_graph_of_layers_has_its_shapes_names_and_parameters():
    model = residual_network()
    assert model.built
    assert model.input_shape == (None, 8, 8, 3)
    assert model.output_shape == (None, 4)
    names = [layer.name for layer in model.layers]
    assert names[:6] == ["input_layer", "stem", "conv2d", "batch_normalization", "add", "re_lu"]
    assert model.count_params() == (27 * 6 + 6) + 54 * 6 + 4 * 6 + (24 * 2 + 2) + 8 * 4 + 4
    assert sum(w.array.size for w in model.trainable_weights) == model.count_params() - 12
    assert model.get_layer("pooled").output.shape == (None, 4, 4, 6)
    assert repr(model) == "<Model 'model': 11 layers, built>"


def test_summary_has_a_line_for_each_call(capsys):
    residual_network().summary()
    text = capsys.readouterr().out
    for part in ("batch_normalization (BatchNormalization)", "(None, 4, 4, 8)", "add (Add)", "of which trainable: 590"):
        assert part in text


def test_output_is_that_of_the_layers_one_by_one():
    model = residual_network()
    x, _ = images()
    by_name = {layer.name: layer for layer in model.layers}
    stem = by_name["stem"](x)
    y = by_name["batch_normalization"](by_name["conv2d"](stem))
    y = by_name["re_lu"](stem + y)
    y = np.concatenate([by_name["pooled"](y), by_name["conv2d_1"](y)], -1)
    y = by_name["scores"](y.mean((1, 2)))
    np.testing.assert_allclose(model.predict(x), y, rtol=2e-5, atol=1e-6)
    np.testing.assert_array_equal(model(x), model.predict(x))


def test_training_learns_and_moves_the_means():
    model = residual_network()
    x, y = images(40)
    before = {weight.name: weight.numpy() for weight in model.get_layer("batch_normalization").weights}
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, batch_size=16, epochs=30, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    for weight in model.get_layer("batch_normalization").weights:
        assert not np.array_equal(before[weight.name], weight.value)
    assert model.evaluate(x, y)[0] < 0.9 * history["loss"][0]


def test_frozen_batch_normalization_keeps_its_means():
    model = residual_network()
    x, y = images()
    frozen = model.get_layer("batch_normalization")
    frozen.trainable = False
    before = frozen.get_weights()
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(x, y, verbose=0)
    for a, b in zip(before, frozen.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_any_number_of_threads_gives_the_same_bits():
    x, y = images(64, size=32)
    results = []
    for threads in (1, 2, 4):
        image = Input((32, 32, 3))
        a = layers.Conv2D(32, 3, padding="same", activation="relu")(image)
        b = layers.Dropout(0.3)(layers.BatchNormalization()(layers.Conv2D(32, 3, padding="same")(a)))
        c = layers.Dense(4, activation="softmax")(layers.GlobalAveragePooling2D()(layers.Add()([a, b])))
        model = Model(image, c, rng=3)
        model.compile("adam", "sparse_categorical_crossentropy")
        with striate.num_threads(threads):
            model.fit(x, y, batch_size=32, epochs=2, verbose=0)
            results.append([*model.get_weights(), model.predict(x)])
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_shared_layers_collect_the_gradients_of_all_calls():
    rng = np.random.default_rng(0)
    one, two = rng.standard_normal((2, 10, 5))
    left, right = Input((5,), dtype="float64"), Input((5,), dtype="float64")
    shared = layers.Dense(3, dtype="float64")
    out = layers.Subtract(dtype="float64")([shared(left), shared(right)])
    model = Model([left, right], out, rng=0)
    assert len(model.weights) == 2
    kernel = shared.kernel.numpy()
    target = rng.standard_normal((10, 3))
    model.compile(optimizers.SGD(1.0), "mse")
    model.train_on_batch([one, two], target)
    error = (one - two) @ kernel - target
    np.testing.assert_allclose(kernel - shared.kernel.value, (one - two).T @ error * 2 / error.size, rtol=1e-10)
    np.testing.assert_allclose(shared.bias.value, 0, atol=1e-12)  # it cancels
    assert shared.input is left  # Of several calls, it is that of the first.


def test_models_within_models_share_weights():
    x, y = images(20)
    block = Sequential([layers.Conv2D(4, 3, padding="same", activation="relu"), layers.MaxPooling2D()], name="block")
    image = Input((8, 8, 3))
    features = block(image)
    inner_in = Input((4, 4, 4))
    inner = Model(inner_in, layers.Add()([inner_in, layers.Conv2D(4, 1)(inner_in)]), name="inner")
    model = Model(image, layers.Dense(4, activation="softmax")(layers.Flatten()(inner(features))), rng=0)
    assert [layer.name for layer in model.layers] == ["input_layer", "block", "inner", "flatten", "dense"]
    model.compile("adam", "sparse_categorical_crossentropy")
    before = model.get_weights()
    assert len(before) == 6
    model.fit(x, y, epochs=2, verbose=0)
    assert not any(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    np.testing.assert_allclose(model.layers[1].predict(x), block(x), rtol=1e-6)
    model.get_layer("inner").trainable = False
    frozen = inner.get_weights()
    model.fit(x, y, verbose=0)
    for a, b in zip(frozen, inner.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_models_are_cut_and_frozen_for_transfer_learning():
    x, y = images(20)
    base = Sequential(
        [layers.Input((8, 8, 3)), layers.Conv2D(4, 3, activation="relu"), layers.Flatten(name="flat"), layers.Dense(7)], rng=0
    )
    features = Model(base.input, base.get_layer("flat").output)
    assert features.output_shape == (None, 144)
    features.trainable = False
    model = Model(features.input, layers.Dense(4, activation="softmax")(features.output))
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = base.get_weights()
    model.fit(x, y, epochs=2, verbose=0)
    for a, b in zip(before, base.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(features.predict(x), base.layers[1](base.layers[0](x)))


def test_training_argument_of_a_call_fixes_the_mode():
    image = Input((4,))
    always = Model(image, layers.Dropout(0.5)(image, training=True))
    x = np.ones((100, 4), np.float32)
    assert (always.predict(x) == 0).any()
    never = Model(image, layers.Dropout(0.5)(image, training=False))
    never.compile("sgd", "mse")
    assert never.train_on_batch(x, x) == 0


def test_bad_graphs_are_refused():
    image, other = Input((8, 8, 3)), Input((8, 8, 3))
    x = layers.Conv2D(2, 3)(image)
    with pytest.raises(ValueError, match="which is not one of the inputs"):
        Model(other, x)
    with pytest.raises(ValueError, match=r"outputs holds .*; expected Tensors"):
        Model(image, layers.Flatten())
    with pytest.raises(TypeError, match="Model got neither inputs nor outputs"):
        Model()
    with pytest.raises(ValueError, match="name='a' is the name of another layer"):
        Model(image, layers.Flatten(name="a")(layers.Flatten(name="a")(image)))
    with pytest.raises(ValueError, match=r"layer 'sum' got inputs of shapes .*expected equal shapes"):
        layers.Add(name="sum")([image, x])
    with pytest.raises(ValueError, match=r"layer 'add' got one input"):
        layers.Add()(image)
    with pytest.raises(ValueError, match=r"layer 'concatenate' got inputs of shapes .*equal shapes except for axis 3"):
        layers.Concatenate()([image, x])
    with pytest.raises(ValueError, match="axis=0 is out of range"):
        layers.Concatenate(axis=0)([image, image])
    with pytest.raises(ValueError, match=r"layer 'deep': kernel is larger than the padded input: height 9 against 8"):
        layers.Conv2D(3, 9, name="deep")(image)
    with pytest.raises(ValueError, match=r"layer 'conv2d': groups=2 does not divide the 3 channels"):
        Sequential([layers.Flatten(), layers.Reshape((8, 8, 3)), layers.Conv2D(2, 1, groups=2)]).predict(images()[0])
    with pytest.raises(TypeError, match="has no elements yet"):
        np.asarray(image)
    with pytest.raises(ValueError, match=r"'reshape' got input of shape .*192 elements"):
        layers.Reshape((7, 7))(image)


def test_a_built_model_refuses_samples_of_another_shape():
    model = Sequential([layers.Dense(3)])
    model.compile("sgd", "mse")
    model.predict(np.ones((5, 4), np.float32))
    for call in (model, model.predict, lambda x: model.evaluate(x, np.ones((5, 3)))):
        with pytest.raises(ValueError, match=r"expected|built for"):
            call(np.ones((5, 1), np.float32))
    model = Sequential([layers.Activation("relu")])
    model.predict(np.ones((5, 4), np.float32))
    assert model.predict(np.ones((5, 1), np.float32)).shape == (
        5,
        1,
    )  # Without an `Input`, any size is right that the layers take.


def test_several_normalizations_of_one_convolution_are_all_computed():
    model = Sequential(
        [layers.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.BatchNormalization(), layers.Dropout(0.5),
         layers.BatchNormalization()], rng=0
    )  # fmt: skip
    rng = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(weight.value + rng.uniform(0, 0.5, weight.shape))
    x, _ = images()
    y = x
    for layer in model.layers:
        y = layer(y)
    np.testing.assert_allclose(model.predict(x), y, rtol=1e-4, atol=1e-5)


def test_a_new_optimizer_takes_over():
    x = np.ones((4, 3), np.float32)
    model = Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
    model.compile(optimizers.SGD(0.1), "mse")
    model.train_on_batch(x, x[:, :1])
    before = model.get_weights()[0]
    model.optimizer = optimizers.SGD(1e-30)
    model.train_on_batch(x, x[:, :1])
    np.testing.assert_array_equal(model.get_weights()[0], before)


def test_a_model_without_trainable_weights_stays_as_it_is():
    x = np.ones((4, 3), np.float32)
    model = Sequential([layers.Input((3,)), layers.Dense(1)], rng=0)
    model.trainable = False
    model.compile(optimizers.SGD(0.1, global_clipnorm=1.0), "mse")
    before = model.get_weights()[0]
    model.train_on_batch(x, x[:, :1])
    np.testing.assert_array_equal(model.get_weights()[0], before)
    model.optimizer.apply([], [])


def test_a_sequential_that_grows_has_a_new_output():
    model = Sequential([layers.Input((3,)), layers.Dense(2)])
    assert model.output.shape == (None, 2)
    model.add(layers.Dense(7))
    assert Model(model.input, model.output).output_shape == (None, 7)


def test_unnamed_models_and_parts_of_models_are_put_together():
    encoder = Sequential([layers.Input((4,)), layers.Dense(2)])
    decoder = Sequential([layers.Input((2,)), layers.Dense(4)])
    image = Input((4,))
    both = Model(image, decoder(encoder(image)), rng=0)
    assert [layer.name for layer in both.layers] == ["input_layer", "sequential", "sequential_1"]
    one, two = (Model(i, layers.Dense(3)(i)) for i in (Input((4,)), Input((5,))))
    joined = Model([one.input, two.input], layers.Concatenate()([one.output, two.output]))
    assert len({layer.name for layer in joined.layers}) == 5
    with pytest.raises(ValueError, match="name='same' is the name of another layer"):
        Model(image, layers.Dense(2, name="same")(layers.Dense(2, name="same")(image)))


def test_nested_lists_are_one_input_of_a_sequential():
    model = Sequential([layers.Input((2,)), layers.Dense(3)])
    assert model.predict([[1.0, 2.0], [3.0, 4.0]]).shape == (2, 3)


def test_a_model_within_another_may_grow():
    inner = Sequential([Input((6,)), layers.Dense(4)], rng=0)
    outer = Sequential([Input((6,)), inner], rng=0)
    x = np.ones((2, 6), np.float32)
    assert outer.predict(x).shape == (2, 4)
    inner.add(layers.Dense(3))
    np.testing.assert_array_equal(outer.predict(x), inner.predict(x))
    assert outer.output_shape == (None, 3)
    model = Model(image := Input((6,)), inner(image))
    with pytest.raises(ValueError, match="was already called in a graph of layers; expected `add` before"):
        inner.add(layers.Dense(2))
    del model  # and with it the graph
    inner.add(layers.Dense(2))
    assert outer.predict(x).shape == (2, 2)


def test_functions_are_operations_and_no_layers():
    x = Input((3,))
    model = Model(x, layers.Dense(2)(x * 2) + 1, rng=0)
    assert [type(layer).__name__ for layer in model.layers] == ["InputLayer", "Dense"]
    assert [layer.name for layer in model.operations] == ["input_layer", "operation", "dense", "operation_1"]
    sequential = Sequential([Input((3,)), layers.Dense(2)])
    assert sequential.operations == sequential.layers


def test_an_input_spec_is_checked():
    x = Input((None, 3))
    model = Model(x, layers.Dense(2)(x), rng=0)
    model.input_spec = striate.InputSpec(shape=(None, 4, 3))
    assert model(np.zeros((2, 4, 3))).shape == model.predict(np.zeros((2, 4, 3))).shape == (2, 4, 2)
    with pytest.raises(ValueError, match=r"got input of shape \(2, 5, 3\); expected InputSpec"):
        model.predict(np.zeros((2, 5, 3)))


def test_a_built_model_is_not_built_for_other_inputs():
    model = Sequential([Input((3,)), layers.Dense(2)])
    model.build((4, 3))
    with pytest.raises(ValueError, match=r"input_shape=\(4, 5\) differs from \(None, 3\), for which model"):
        model.build((4, 5))


def test_a_clone_is_compiled_alike():
    model = Sequential([Input((3,)), layers.Dense(1)], rng=0)
    assert not striate.models.clone_model(model).compiled
    model.compile(optimizers.SGD(0.1), "mse", metrics=[striate.metrics.MeanAbsoluteError()])
    clone = striate.models.clone_model(model)
    clone.set_weights(model.get_weights())
    x, y = np.ones((4, 3)), np.zeros((4, 1))
    assert clone.optimizer is not model.optimizer
    assert clone.metrics[0] is not model.metrics[0]
    for _ in range(2):
        assert clone.train_on_batch(x, y) == model.train_on_batch(x, y)


def test_configurations_of_keras_files_are_refused():
    config = {"name": "model", "layers": [], "input_layers": [["input_1", 0, 0]], "output_layers": [["dense", 0, 0]]}
    with pytest.raises(ValueError, match="expected what get_config returned, or load_model for such a file"):
        Model.from_config(config)


def test_a_clone_of_a_model_of_dicts_takes_dicts():
    a, b = Input((3,)), Input((3,))
    model = Model({"a": a, "b": b}, a + b)
    other = {"a": Input((3,)), "b": Input((3,))}
    assert striate.models.clone_model(model, input_tensors=other).input["b"] is other["b"]
    with pytest.raises(ValueError, match="do not have the structure of the model's inputs"):
        striate.models.clone_model(model, input_tensors=list(other.values()))

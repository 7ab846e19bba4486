"""Models as graphs of layers: several inputs and outputs, shared layers, models within models, layers written by users."""

import copy
import gc
import os
import pickle
import threading
import time
import warnings
import weakref

import numpy as np
import pytest

import striate
from striate import Input, Model, Sequential, layers, losses, metrics, models, optimizers
from striate.models.graphs import inference


def images(count=12, size=8, channels=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, size, size, channels)).astype(np.float32), rng.integers(0, 4, count)


def residual_network(rng=0, **kwargs):
    image = Input((8, 8, 3))
    x = layers.Conv2D(6, 3, padding="same", activation="relu", name="stem")(image)
    y = layers.Conv2D(6, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.5)(y)
    x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.Concatenate()([layers.MaxPooling2D(name="pooled")(x), layers.Conv2D(2, 2, strides=2)(x)])
    x = layers.GlobalAveragePooling2D()(x)
    return Model(image, layers.Dense(4, activation="softmax", name="scores")(x), rng=rng, **kwargs)


def test_structure():
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


def test_same_bits_for_any_number_of_threads():
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
    with pytest.raises(ValueError, match="layer 'dense' was called 2 times in graphs of layers; expected once"):
        _ = shared.output


def two_headed(rng=0):
    image, extra = Input((8, 8, 3), name="image"), Input((2,), name="extra")
    x = layers.Flatten()(layers.Conv2D(4, 3, activation="relu")(image))
    x = layers.Concatenate()([x, extra])
    kind = layers.Dense(4, activation="softmax", name="kind")(x)
    place = layers.Dense(2, name="place")(x)
    return Model([image, extra], [kind, place], rng=rng)


def test_several_inputs_and_outputs():
    model = two_headed()
    x, labels = images(30)
    extra = np.random.default_rng(1).standard_normal((30, 2)).astype(np.float32)
    kind, place = model.predict([x, extra], batch_size=7)
    assert (kind.shape, place.shape) == ((30, 4), (30, 2))
    again = model.predict({"extra": extra, "image": x})
    np.testing.assert_allclose(again[0], kind, rtol=1e-5)
    model.compile(
        "adam",
        {"kind": "sparse_categorical_crossentropy", "place": "mse"},
        metrics={"kind": ["accuracy"]},
        loss_weights={"place": 0.5},
    )
    history = model.fit([x, extra], [labels, extra], epochs=3, verbose=0, validation_split=0.2).history
    assert list(history) == [
        *("loss", "kind_loss", "place_loss", "kind_accuracy"),
        *("val_loss", "val_kind_loss", "val_place_loss", "val_kind_accuracy"),
    ]
    assert history["loss"][-1] < history["loss"][0]
    logs = model.evaluate([x, extra], {"kind": labels, "place": extra}, return_dict=True)
    kind, place = model.predict([x, extra])
    assert logs["kind_loss"] == pytest.approx(losses.SparseCategoricalCrossentropy()(labels, kind), rel=1e-5)
    assert logs["place_loss"] == pytest.approx(losses.MeanSquaredError()(extra, place), rel=1e-5)
    assert logs["loss"] == pytest.approx(logs["kind_loss"] + 0.5 * logs["place_loss"])


def test_models_within_models():
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


# ----------------------------------------------------------------------------------------------------- layers by users


class Residual(layers.Layer):
    """Composed of other layers."""

    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.inner = [
            layers.Conv2D(filters, 3, padding="same", activation="relu", dtype=self.dtype),
            layers.Conv2D(filters, 3, padding="same", dtype=self.dtype),
        ]
        self.add = layers.Add(dtype=self.dtype)

    def call(self, x):
        y = x
        for layer in self.inner:
            y = layer(y)
        return self.add([x, y])

    def get_config(self):
        return {"filters": self.filters, **super().get_config()}


class Scaling(layers.Layer):
    """With its own arithmetic: x * scale."""

    def build(self, input_shape):
        self.scale = self.add_weight(input_shape[-1:], "ones", name="scale")

    def forward(self, x, *, training, rng):
        return x * self.scale.value, x

    def backward(self, dy, saved, *, input_gradient=True):
        return dy * self.scale.value if input_gradient else None, [(dy * saved).sum(tuple(range(dy.ndim - 1)))]


def custom_model(dtype):
    image = Input((8, 8, 3), dtype=dtype)
    x = Scaling(dtype=dtype)(Residual(3, dtype=dtype)(image))
    return Model(image, layers.Dense(4, activation="softmax", dtype=dtype)(layers.Flatten(dtype=dtype)(x)), rng=0)


def test_layers_by_users_take_part():
    x, y = images(20)
    model = custom_model("float64")
    assert [weight.name for weight in model.weights] == ["kernel", "bias"] * 2 + ["scale"] + ["kernel", "bias"]
    model.compile(optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    before = model.get_weights()
    model.train_on_batch(x, y)
    gradients = [(b - w.value) / 0.5 for b, w in zip(before, model.weights, strict=True)]
    model.set_weights(before)
    for i in (0, 4):
        losses_ = []
        for step in (1e-6, -1e-6):
            changed = before[i].copy()
            changed.flat[1] += step
            model.weights[i].assign(changed)
            losses_.append(model.evaluate(x, y))
        model.weights[i].assign(before[i])
        assert gradients[i].flat[1] == pytest.approx((losses_[0] - losses_[1]) / 2e-6, rel=1e-5, abs=1e-8)


def test_wrong_arrays_of_users_layers_are_refused():
    class Wrong(layers.Layer):
        def forward(self, x, *, training, rng):
            return x[..., :1], None

    model = Sequential([layers.Input((8, 8, 3)), Wrong()])
    with pytest.raises(ValueError, match=r"forward of layer 'wrong' returned .*\(2, 8, 8, 1\); expected \(2, 8, 8, 3\)"):
        model.predict(images(2)[0])


def test_models_by_subclassing():
    class Small(Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.conv = layers.Conv2D(4, 3, activation="relu")
            self.drop = layers.Dropout(0.5)
            self.out = layers.Dense(4, activation="softmax")

        def call(self, x, training=None):
            x = layers.Flatten()(self.conv(x))
            return self.out(self.drop(x) if training else x)

    x, y = images(20)
    model = Small(rng=0)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=8, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert model.predict(x).shape == (20, 4)
    assert len(model.weights) == 4


def test_optimizers_and_losses_by_users_take_part():
    class Signs(optimizers.Optimizer):
        def update(self, weight, gradient, state):
            weight -= self.learning_rate * np.sign(gradient)

    class Absolute(losses.Loss):
        def prepare(self, y_true, output_shape, dtype):
            return np.asarray(y_true, dtype)

        def value_and_gradient(self, y_true, y_pred):
            return np.abs(y_pred - y_true).mean(), np.sign(y_pred - y_true) / y_pred.size

    rng = np.random.default_rng(0)
    x = rng.standard_normal((64, 5)).astype(np.float32)
    model = Sequential([layers.Input((5,)), layers.Dense(1)], rng=0)
    model.compile(Signs(0.02), Absolute())
    history = model.fit(x, x[:, :1] * 2, epochs=80, verbose=0).history["loss"]
    assert history[-1] < 0.1 * history[0]


# ------------------------------------------------------------------------------------------------------------- memory


def test_weights_that_change_reach_every_program():
    x, _ = images()
    model = residual_network()
    before = model.predict(x)
    for weight in model.weights:
        weight.assign(weight.value * 0.5)
    after = model.predict(x)
    assert not np.allclose(before, after)
    np.testing.assert_array_equal(after, Model(model.input, model.output).predict(x))


def test_results_are_the_users_own():
    x, _ = images()
    model = residual_network()
    first = model.predict(x)
    kept = first.copy()
    model.predict(x * 2)
    np.testing.assert_array_equal(first, kept)
    with pytest.raises(ValueError, match="read-only"):
        model.weights[0].value[...] = 0


def test_memory_of_many_batch_sizes_is_bounded():
    model = residual_network()
    for size in range(1, 60):
        model.predict(images(size)[0], batch_size=size)
    assert 1 < len(model._programs) <= 16


def test_programs_of_many_threads_are_not_kept_for_ever():
    model = residual_network()
    loans = [model._lend("predict", inference, 2, []) for _ in range(20)]
    for loan in loans:
        loan.__exit__()
    assert sum(len(kept.idle) for kept in model._programs._kept.values()) == 16


def test_threads_may_predict_while_others_do():
    model = residual_network()
    x, _ = images(50)
    expected = model.predict(x, batch_size=5)
    results = [None] * 6

    def work(i):
        results[i] = model.predict(x, batch_size=5)

    workers = [threading.Thread(target=work, args=(i,)) for i in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for result in results:
        np.testing.assert_array_equal(result, expected)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_forked_child_can_predict_and_train():
    model = residual_network()
    x, y = images(64, size=8)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.train_on_batch(x, y)
    expected = model.predict(x, batch_size=64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that the child has not
        child = os.fork()
    if child == 0:
        try:
            np.testing.assert_array_equal(model.predict(x, batch_size=64), expected)
            model.train_on_batch(x, y)
        except BaseException:
            os._exit(1)
        os._exit(0)
    for _ in range(300):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert status == 0
            return
        time.sleep(0.1)
    os.kill(child, 9)
    pytest.fail("the child hangs")


def test_models_can_be_pickled_and_copied():
    model = residual_network()
    x, y = images()
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(x, y, verbose=0)
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        np.testing.assert_array_equal(again.predict(x), model.predict(x))
        again.fit(x, y, verbose=0)
        assert not np.array_equal(again.predict(x), model.predict(x))


# ----------------------------------------------------------------------------------------------------------- bad input


def test_bad_graphs_are_refused():
    image, other = Input((8, 8, 3)), Input((8, 8, 3))
    x = layers.Conv2D(2, 3)(image)
    with pytest.raises(ValueError, match="which is none of the inputs"):
        Model(other, x)
    with pytest.raises(ValueError, match=r"which a layer computes; expected what striate.Input returns"):
        Model(x, layers.Flatten()(x))
    with pytest.raises(TypeError, match=r"outputs holds .*; expected Tensors"):
        Model(image, layers.Flatten())
    with pytest.raises(TypeError, match="Model got neither inputs nor outputs"):
        Model()
    with pytest.raises(ValueError, match="name='a' is another layer's"):
        Model(image, layers.Flatten(name="a")(layers.Flatten(name="a")(image)))
    with pytest.raises(ValueError, match=r"layer 'sum' got inputs of shapes .*expected one shape"):
        layers.Add(name="sum")([image, x])
    with pytest.raises(ValueError, match=r"layer 'add' got one input"):
        layers.Add()(image)
    with pytest.raises(ValueError, match=r"layer 'concatenate' got inputs of shapes .*the same but for axis 3"):
        layers.Concatenate()([image, x])
    with pytest.raises(ValueError, match="axis=0 is out of range"):
        layers.Concatenate(axis=0)([image, image])
    with pytest.raises(ValueError, match="layer 'dense' has dtype float64, its input float32"):
        layers.Dense(3, dtype="float64")(image)
    with pytest.raises(ValueError, match=r"layer 'deep': kernel is larger than the padded input: height 9 .* against 8"):
        layers.Conv2D(3, 9, name="deep")(image)
    with pytest.raises(ValueError, match=r"layer 'conv2d': groups=2 does not divide the 3 channels"):
        Sequential([layers.Flatten(), layers.Reshape((8, 8, 3)), layers.Conv2D(2, 1, groups=2)]).predict(images()[0])
    with pytest.raises(TypeError, match="has no elements yet"):
        np.asarray(image)
    with pytest.raises(ValueError, match=r"'reshape' got input of shape .*192 elements"):
        layers.Reshape((7, 7))(image)


def test_bad_data_for_several_inputs_is_refused():
    model = two_headed()
    x, labels = images(6)
    extra = np.zeros((6, 2), np.float32)
    with pytest.raises(ValueError, match="x has 1 arrays; expected 2"):
        model.predict(x)
    with pytest.raises(
        ValueError, match=r"x has the keys \['a'\]; expected the names of the model's inputs, \['image', 'extra'\]"
    ):
        model.predict({"a": x})
    with pytest.raises(ValueError, match="x has 6 samples in one input and 5 in another"):
        model.predict([x, extra[:5]])
    with pytest.raises(ValueError, match=r"x has samples of shape \(3,\); expected the model's input shape \(2,\)"):
        model.predict([x, np.zeros((6, 3), np.float32)])
    with pytest.raises(ValueError, match=r"loss=\['mse'\] does not fit the outputs"):
        model.compile("sgd", ["mse"])
    with pytest.raises(ValueError, match=r"loss=\[None, None\] is None for all outputs"):
        model.compile("sgd", [None, None])
    with pytest.raises(ValueError, match="loss is None for output 'place'; expected a loss"):
        model.compile("sgd", {"kind": "mse"}, metrics={"place": ["mse"]})
    model.compile("sgd", ["sparse_categorical_crossentropy", "mse"])
    with pytest.raises(ValueError, match="y is of type ndarray; expected a list with targets"):
        model.fit([x, extra], labels)
    with pytest.raises(ValueError, match=r"y has the keys \['kind'\]"):
        model.fit([x, extra], {"kind": labels})


# ------------------------------------------------------------------------------------------------- programs that follow


def test_a_built_model_refuses_samples_of_another_shape():
    model = Sequential([layers.Dense(3)])
    model.compile("sgd", "mse")
    model.predict(np.ones((5, 4), np.float32))
    for call in (model, model.predict, lambda x: model.evaluate(x, np.ones((5, 3)))):
        with pytest.raises(ValueError, match=r"expected|built for"):
            call(np.ones((5, 1), np.float32))
    model = Sequential([layers.Activation("relu")])
    model.predict(np.ones((5, 4), np.float32))
    with pytest.raises(ValueError, match=r"x has samples of shape \(1,\); expected \(4,\), as the model was built for"):
        model.predict(np.ones((5, 1), np.float32))


def test_several_normalizations_behind_one_convolution():
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


def test_weights_changed_by_a_step_that_breaks_off_reach_predictions():
    class Broken(losses.Loss):
        def prepare(self, y_true, output_shape, dtype):
            return np.asarray(y_true, dtype)

        def value_and_gradient(self, y_true, y_pred):
            raise RuntimeError("broken off")

    model = Sequential([layers.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.BatchNormalization(momentum=0.1)], rng=0)
    x, _ = images()
    before = model.predict(x)
    model.compile("sgd", Broken())
    with pytest.raises(RuntimeError, match="broken off"):
        model.train_on_batch(x, np.zeros((12, 6, 6, 4)))
    after = model.predict(x)
    assert not np.allclose(before, after)
    np.testing.assert_allclose(after, model.layers[1](model.layers[0](x)), rtol=1e-4, atol=1e-5)


def test_a_new_optimizer_takes_over():
    x = np.ones((4, 3), np.float32)
    model = Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
    model.compile(optimizers.SGD(0.1), "mse")
    model.train_on_batch(x, x[:, :1])
    before = model.get_weights()[0]
    model.optimizer = optimizers.SGD(1e-30)
    model.train_on_batch(x, x[:, :1])
    np.testing.assert_array_equal(model.get_weights()[0], before)


def test_programs_are_freed_with_their_batch_size():
    model = residual_network()
    model.predict(images(3)[0])
    with model._lend("predict", inference, 3, []) as executable:
        memory = weakref.ref(executable._memory.base if executable._memory.base is not None else executable._memory)
    del executable
    model._programs.clear()
    gc.collect()
    assert memory() is None


def test_nothing_to_train():
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
    with pytest.raises(ValueError, match="name='same' is another layer's"):
        Model(image, layers.Dense(2, name="same")(layers.Dense(2, name="same")(image)))


def test_outputs_of_one_layer_have_names_of_their_own():
    a, b, head = Input((3,)), Input((3,)), layers.Dense(1, name="head")
    model = Model([a, b], [head(a), head(b)], rng=0)
    model.compile("sgd", ["mse", "mse"])
    x = np.ones((4, 3), np.float32)
    assert list(model.evaluate([x, x], [x[:, :1]] * 2, return_dict=True)) == ["loss", "head_loss", "head_1_loss"]


def test_dicts_of_tensors_are_refused():
    a = Input((3,))
    with pytest.raises(TypeError, match="outputs is a dict; expected a Tensor or a list"):
        Model(a, {"x": layers.Dense(1)(a)})


def test_nested_lists_are_one_input_of_a_sequential():
    model = Sequential([layers.Input((2,)), layers.Dense(3)])
    assert model.predict([[1.0, 2.0], [3.0, 4.0]]).shape == (2, 3)


def test_a_plan_lent_before_a_change_is_not_used_after_it():
    model = Sequential([layers.Input((3,)), layers.Dense(2)])
    x = np.ones((4, 3), np.float32)
    model.predict(x)
    with model._lend("predict", inference, 4, []):
        model.add(layers.Dense(7))
    assert model.predict(x).shape == (4, 7)


def test_metrics_may_keep_what_they_are_given():
    kept = []

    class Collect(metrics.Metric):
        def values(self, y_true, y_pred):
            kept.append(y_pred)
            return np.zeros(len(y_pred))

    x = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32)
    model = Sequential([layers.Input((3,)), layers.Dense(2)], rng=0)
    model.compile("sgd", "mse", metrics=[Collect()])
    model.evaluate(x, x[:, :2], batch_size=2)
    np.testing.assert_array_equal(np.concatenate(kept), model.predict(x, batch_size=2))


def test_outputs_without_a_loss_are_left_alone():
    model = two_headed()
    x, labels = images(6)
    extra = np.zeros((6, 2), np.float32)
    model.compile("sgd", {"kind": "sparse_categorical_crossentropy"}, metrics={"kind": ["accuracy"]})
    before = model.get_layer("place").get_weights()
    history = model.fit([x, extra], [labels, None], epochs=2, verbose=0).history
    assert list(history) == ["loss", "kind_loss", "kind_accuracy"]
    assert model.evaluate([x, extra], labels) == model.evaluate([x, extra], {"kind": labels})
    for old, new in zip(before, model.get_layer("place").get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


class TwoHeads(Model):
    """By subclassing: its outputs are not known before it is built."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.heads = [layers.Dense(3), layers.Dense(3)]

    def call(self, x):
        return [head(x) for head in self.heads]


def test_compile_before_build_with_several_outputs(tmp_path):
    x = np.random.default_rng(0).standard_normal((8, 5)).astype(np.float32)
    targets = [np.ones((8, 3)), np.zeros((8, 3))]
    results = []
    for loss in ("mse", ["mse", losses.MeanSquaredError()], {"output_0": "mse", "output_1": "mse"}):
        model = TwoHeads(rng=0)
        model.compile("sgd", loss, loss_weights=None if loss == "mse" else [1, 1])
        results.append(model.fit(x, targets, verbose=0).history)
        assert list(results[-1]) == ["loss", "output_0_loss", "output_1_loss"]
    assert results[0] == results[1] == results[2]
    model = TwoHeads()
    model.compile("sgd", ["mse"] * 3)
    with pytest.raises(ValueError, match=r"does not fit the outputs \['output_0', 'output_1'\]"):
        model.fit(x, targets)


def test_a_model_within_another_may_grow():
    inner = Sequential([Input((6,)), layers.Dense(4)], rng=0)
    outer = Sequential([Input((6,)), inner], rng=0)
    x = np.ones((2, 6), np.float32)
    assert outer.predict(x).shape == (2, 4)
    inner.add(layers.Dense(3))
    np.testing.assert_array_equal(outer.predict(x), inner.predict(x))
    assert outer.output_shape == (None, 3)
    Model(image := Input((6,)), inner(image))
    with pytest.raises(ValueError, match="was called in a graph of layers already; expected `add` before"):
        inner.add(layers.Dense(2))


class Meddling(layers.Layer):
    """Writes where it may only read."""

    def forward(self, x, *, training, rng):
        x += 1
        return x, None


class MeddlingLoss(losses.MeanSquaredError):
    """Writes where it may only read."""

    def value_and_gradient(self, y_true, y_pred):
        y_pred -= y_true
        return 0.0, y_pred


def test_what_users_layers_and_losses_get_can_only_be_read():
    x = np.ones((2, 6), np.float32)
    with pytest.raises(ValueError, match="read-only"):
        Meddling()(x)
    model = Sequential([Input((6,)), layers.Dense(4)])
    model.compile("sgd", MeddlingLoss())
    with pytest.raises(ValueError, match="read-only"):
        model.fit(x, np.ones((2, 4)), verbose=0)


class Unsteady(layers.Layer):
    """Its first build fails."""

    failed = False

    def build(self, input_shape):
        self.kernel = self.add_weight((2,), "ones", name="kernel")
        if not self.failed:
            self.failed = True
            raise KeyError("once")

    def forward(self, x, *, training, rng):
        return x, None


def test_a_build_that_failed_can_be_repeated():
    layer, x = Unsteady(), np.ones((1, 2), np.float32)
    with pytest.raises(KeyError):
        layer(x)
    np.testing.assert_array_equal(layer(x), x)
    assert len(layer.weights) == 1


def test_threads_may_use_a_layer_first():
    x = np.ones((2, 8, 8, 3), np.float32)
    for _ in range(20):
        layer, results = Residual(3), []
        barrier = threading.Barrier(4)

        def use(layer=layer, results=results, barrier=barrier):
            barrier.wait()
            results.append(layer(x, rng=0))

        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(layer.weights) == 4
        assert len(results) == 4
        for result in results[1:]:
            np.testing.assert_array_equal(result, results[0])


class Returning(layers.Layer):
    """Its call returns whatever it is told."""

    def __init__(self, make, **kwargs):
        super().__init__(**kwargs)
        self.make = make
        self.inner = layers.Dense(2)
        self.double = layers.Dense(2, dtype="float64")

    def call(self, x):
        return self.make(self, x)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda layer, x: {"y": layer.inner(x)}, TypeError, "call of layer 'returning' returned dict; expected what layers"),
        (lambda layer, x: None, TypeError, "call of layer 'returning' returned NoneType"),
        (lambda layer, x: [layer.inner(x), 3], TypeError, "call of layer 'returning' returned list"),
        (lambda layer, x: layer.double(x), ValueError, "layer 'dense' has dtype float64, its input float32"),
        (lambda layer, x: layer.inner([x, 1]), TypeError, "layer 'dense' got int beside a Tensor; expected Tensors"),
    ],
)
def test_what_call_returns_is_checked(make, error, message):
    with pytest.raises(error, match=message):
        Returning(make)(np.ones((2, 3), np.float32))
    with pytest.raises(error, match=message):
        Returning(make)(Input((3,)))


def test_finding_out_a_shape_leaves_no_trace():
    layer = Residual(3)
    assert layer.compute_output_shape((None, 8, 8, 3)) == (None, 8, 8, 3)
    with pytest.raises(ValueError, match="was called 0 times in graphs of layers"):
        _ = layer.add.output


# --------------------------------------------------------------------------------------------- images of any size


def fully_convolutional(shape=(None, None, 2), rng=0):
    image = Input(shape)
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(image)
    x = layers.UpSampling2D()(layers.MaxPooling2D()(layers.BatchNormalization()(x)))
    return Model(image, layers.Conv2D(3, 1, activation="softmax")(x), rng=rng)


def test_one_model_takes_images_of_several_sizes(tmp_path, capsys):
    model = fully_convolutional()
    assert model.input_shape == (None, None, None, 2)
    assert model.output_shape == (None, None, None, 3)
    rng = np.random.default_rng(0)
    for size in ((8, 12), (6, 6), (8, 12)):
        fixed = fully_convolutional((*size, 2))
        x = rng.standard_normal((3, *size, 2)).astype(np.float32)
        np.testing.assert_array_equal(model.predict(x), fixed.predict(x))
        np.testing.assert_array_equal(model(x), fixed(x))
    with pytest.raises(ValueError, match=r"x has samples of shape \(8, 12, 3\); expected .*\(None, None, 2\)"):
        model.predict(np.ones((1, 8, 12, 3), np.float32))
    model.summary()
    assert "(None, None, None, 3)" in capsys.readouterr().out
    model.save(tmp_path / "model.npz")
    np.testing.assert_array_equal(models.load_model(tmp_path / "model.npz").predict(x), model.predict(x))
    with pytest.raises(ValueError, match="expected x to tell which"):
        model.plan(1)
    assert len(model.plan(3, x).operations) == len(fixed.plan(3).operations)


def test_a_model_of_any_size_learns_as_one_of_a_fixed_size():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((12, 8, 6, 2)), rng.integers(0, 3, (12, 8, 6))
    free, fixed = fully_convolutional(), fully_convolutional((8, 6, 2))
    for model in (free, fixed):
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert free.fit(x, y, epochs=2, verbose=0).history == fixed.fit(x, y, epochs=2, verbose=0).history
    assert free.evaluate(x, y) == fixed.evaluate(x, y)
    assert free.fit(x[:, :4, :4], y[:, :4, :4], verbose=0).history["loss"][0] > 0


def test_models_of_any_size_within_others():
    inner = fully_convolutional()
    image = Input((None, 8, 2))
    model = Model(image, layers.GlobalMaxPooling2D()(inner(image)))
    assert model.output_shape == (None, 3)
    sequence = Sequential([Input((None, None, 2)), inner, layers.GlobalMaxPooling2D(), layers.Dense(2)])
    x = np.random.default_rng(0).standard_normal((2, 6, 8, 2)).astype(np.float32)
    np.testing.assert_array_equal(model.predict(x), inner.predict(x).max((1, 2)))
    assert sequence.predict(x[:, :4]).shape == (2, 2)
    with pytest.raises(ValueError, match=r"layer 'dense' cannot have a weight 'kernel' of shape .*None"):
        Model(image, layers.Dense(2)(layers.Flatten()(image)))

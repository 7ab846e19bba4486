"""What layers have and keep after calls: weights, activations, losses and counts."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, activations, layers, metrics, optimizers

X = np.random.default_rng(0).standard_normal((3, 4)).astype("float32")


def test_a_call_in_a_graph_builds_and_a_model_decides_the_weights():
    def network():
        layer = layers.Dense(2, kernel_initializer=lambda shape, dtype, rng: rng.standard_normal(shape))
        image = Input((4,))
        return layer, image, layers.Dense(3)(layer(image))

    layer, image, y = network()
    assert layer.built
    assert layer.kernel.shape == (4, 2)
    variables = layer.weights
    weights = Model(image, y, rng=3).get_weights()
    assert all(mine is before for mine, before in zip(layer.weights, variables, strict=True))
    _, image, y = network()
    for a, b in zip(weights, Model(image, y, rng=3).get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    layer, image, y = network()
    read = layer.kernel.numpy()
    np.testing.assert_array_equal(Model(image, y, rng=3).get_weights()[0], read)  # What was read stays the same.
    with pytest.raises(ValueError, match=r"layer 'dense', kernel_initializer=.* returned shape"):
        layers.Dense(2, kernel_initializer=lambda shape, dtype, rng: np.ones(3))(image).node.layer.kernel.numpy()


@pytest.mark.parametrize("name", ["relu", "softmax", "sparse_plus", None])
def test_activations_are_functions(name):
    layer = layers.Dense(3, activation=name)
    assert layer.activation is activations.get(name)
    assert layer.activation.__name__ == (name or "linear")
    assert layer.get_config()["activation"] == (name or "linear")
    y = layer(X)
    layer.activation = None
    np.testing.assert_allclose(activations.get(name)(layer(X)), y, rtol=1e-5, atol=1e-6)


def test_losses_after_a_call():
    layer = layers.Dense(2, kernel_regularizer="l2", activity_regularizer="l2")
    y = layer(X)
    expected = [0.01 * (layer.kernel.numpy() ** 2).sum(), 0.01 * (y**2).sum() / 3]
    np.testing.assert_allclose(layer.losses, expected, rtol=1e-5)
    model = Sequential([Input((4,)), layer])
    model(2 * X)
    np.testing.assert_allclose(model.losses, [expected[0], 4 * expected[1]], rtol=1e-4)


class Counting(layers.Layer):
    """Counts its calls in training."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.calls = self.add_weight((), "zeros", trainable=False, name="calls")

    def call(self, x, training=None):
        if training:
            self.calls.assign_add(1.0)
        return x * 2.0


def test_variables_change_in_call():
    layer = Counting()
    layer(X, training=True)
    layer(X, training=False)
    assert layer.calls.numpy() == 1
    model = Sequential([Input((4,)), layer, layers.Dense(1)])
    model.compile(optimizers.SGD(0.0), "mse")
    model.fit(X, X[:, :1], batch_size=1, epochs=2, verbose=0)
    assert layer.calls.numpy() == 7


@pytest.mark.parametrize("dtype", ["int32", "uint8", "int64", "bool"])
def test_inputs_of_whole_numbers(dtype):
    image = Input((4, 4, 1), dtype=dtype)
    assert image.dtype == dtype
    x = np.random.default_rng(0).integers(0, 2, (2, 4, 4, 1)).astype(dtype)
    model = Model(image, layers.Conv2D(2, 3)(layers.Rescaling(0.5)(image)), rng=0)
    assert model.dtype == "float32"
    kernel, bias = model.get_weights()
    window = np.lib.stride_tricks.sliding_window_view(x[..., 0] * np.float32(0.5), (3, 3), (1, 2))
    np.testing.assert_allclose(
        model.predict(x), np.einsum("nhwij,ijf->nhwf", window, kernel[:, :, 0]) + bias, rtol=1e-4, atol=1e-5
    )
    sequence = Sequential([Input((4,), dtype=dtype), layers.Dense(2)])
    assert sequence(np.ones((2, 4), dtype)).dtype == "float32"


def test_arguments_of_inputs():
    assert Input(batch_shape=(None, 3), name="given").node.layer.name == "given"
    assert Input(tensor=Input((5,), dtype="int32")).dtype == "int32"
    assert Input(tensor=Input((5, 2))).shape == (None, 5, 2)
    assert Input(()).shape == (None,)
    with pytest.raises(ValueError, match="tensor=3 is of type int; expected a Tensor"):
        Input(tensor=3)


@pytest.mark.parametrize("x", [np.ones((2, 4), "float32"), Input((4,))])
def test_a_call_with_too_many_arguments_tells_which_there_are(x):
    with pytest.raises(TypeError, match=r"^call of layer 'dense': too many .* arguments; expected the arguments \(x\)$"):
        layers.Dense(2)(x, x)
    with pytest.raises(TypeError, match=r"^call of layer 'add': too .* \(inputs\), where inputs may be a list of inputs$"):
        layers.Add()(x, x)


def test_models_without_an_input_take_images_of_any_size():
    model = Sequential([layers.Conv2D(2, 3), layers.GlobalAveragePooling2D(), layers.Dense(2)], rng=0)
    rng = np.random.default_rng(0)
    for size in (8, 12, 8):
        x = rng.standard_normal((2, size, size, 3)).astype("float32")
        expected = model.layers[2](model.layers[1](model.layers[0](x))) if model.built else None
        y = model.predict(x)
        if expected is not None:
            np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)
    model.compile("sgd", "mse")
    model.fit(x, np.ones((2, 2)), verbose=0)
    assert model.evaluate(x[:, :5, :5], np.ones((2, 2))) > 0
    with pytest.raises(
        ValueError, match=r"layer 'conv2d' was built for inputs of shape .* expected the same number of channels"
    ):
        model.predict(x[..., :2])


def test_the_output_is_specified_without_a_call():
    x = Input((5,), batch_size=2)
    layer = layers.Dense(3)
    spec = layer.compute_output_spec(x)
    assert (spec.shape, spec.dtype) == ((2, 3), "float32")
    assert not layer.built
    with pytest.raises(ValueError, match="was not called in a graph of layers"):
        _ = layer.output
    several = layers.LSTM(4, return_state=True).compute_output_spec(Input((7, 5)))
    assert [each.shape for each in several] == [(None, 4)] * 3


def test_metrics_of_a_layer_and_its_sublayers():
    class Measured(layers.Layer):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner
            self.error = metrics.MeanSquaredError()

        def call(self, x):
            return self.inner(x)

    inner = Measured(layers.Dense(2))
    outer = Measured(inner)
    assert inner.metrics == [inner.error]
    assert outer.metrics == [outer.error, inner.error]
    assert outer.metrics_variables == [*outer.error.variables, *inner.error.variables]
    outer(np.ones((1, 3), np.float32))
    assert len(outer.weights) == 2


def test_weights_of_integers_begin_with_zeros():
    layer = layers.Layer()
    assert layer.add_weight((2, 3), dtype="int32", trainable=False).numpy().tolist() == [[0] * 3] * 2
    assert not layer.add_weight(dtype="bool", trainable=False).numpy()


def test_a_layer_that_defines_nothing():
    with pytest.raises(NotImplementedError, match="Layer defines neither call nor forward"):
        layers.Layer().compute_output_shape((None, 3))
    with pytest.raises(NotImplementedError, match="Layer defines neither call nor forward"):
        layers.Layer()(np.ones((1, 3)))


@pytest.mark.parametrize("given", [{"shape": (4,)}, {"batch_size": 3}, {"batch_shape": (2, 4)}, {"dtype": "float64"}], ids=str)
def test_arguments_agree_with_the_tensor_of_an_input(given):
    x = Input((3,), batch_size=2)
    assert layers.InputLayer(shape=(3,), batch_size=2, dtype="float32", input_tensor=x).batch_shape == (2, 3)
    with pytest.raises(ValueError, match="differs from that of input_tensor"):
        layers.InputLayer(input_tensor=x, **given)


class Constant(layers.Layer):
    """Return an array and a weight beside what depends on the input."""

    def build(self, input_shape):
        """Make the weight."""
        self.w = self.add_weight((2, 3), "ones")

    def call(self, x):
        """Return all three."""
        return x + 1, np.arange(3, dtype="int32"), self.w


@pytest.mark.parametrize(
    "applied",
    [
        lambda layer, model, x: layer(x),
        lambda layer, model, x: model(x),
        lambda layer, model, x: model(x, training=True),
        lambda layer, model, x: model.predict(x),
    ],
    ids=["layer", "model", "training", "predict"],
)
def test_a_layer_returns_arrays_and_weights(applied):
    symbol, layer, x = Input((2,)), Constant(), np.ones((4, 2), "float32")
    outputs = layer(symbol)
    assert [(each.shape, each.dtype) for each in outputs] == [((None, 2), "float32"), ((3,), "int32"), ((2, 3), "float32")]
    found = applied(layer, Model(symbol, outputs), x)
    for each, want in zip(found, (x + 1, np.arange(3), np.ones((2, 3))), strict=True):
        np.testing.assert_array_equal(each, want)


@pytest.mark.parametrize("layer", [layers.Dense(2), layers.BatchNormalization(), layers.Dropout(0.5)])
def test_layers_that_take_no_mask_say_so(layer):
    np.testing.assert_array_equal(layer(X, mask=None), layer(X))
    with pytest.raises(ValueError, match=rf"layer '{layer.name}': mask=\[1\] is not supported; expected None"):
        layer(X, mask=[1], training=True)
    with pytest.raises(TypeError, match="unexpected keyword argument 'mood'"):
        layer(X, mood=1, training=True)

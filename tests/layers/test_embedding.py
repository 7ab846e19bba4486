"""`Embedding`, `ReversibleEmbedding` and `EinsumDense`: NumPy as the reference, gradients and files of Keras'."""

import numpy as np
import pytest

import striate
from striate import layers, ops
from tests.helpers.bounds import difference_quotient
from tests.helpers.layer_gradients import gradients

RNG = np.random.default_rng(5)
IDS = np.array([[3, 1, 1], [0, 3, 3]])


def test_embedding_takes_rows_and_adds_up_their_gradients():
    layer = layers.Embedding(6, 4, dtype="float64")
    np.testing.assert_array_equal(layer(IDS), layer.embeddings.numpy()[IDS])
    dy = RNG.standard_normal((2, 3, 4))
    with striate.GradientTape() as tape:
        loss = ops.sum(layer(IDS) * dy)
    (found,) = tape.gradient(loss, layer.weights)
    want = np.zeros((6, 4))
    for place in np.ndindex(IDS.shape):
        want[IDS[place]] += dy[place]
    np.testing.assert_allclose(found, want, rtol=1e-12)


@pytest.mark.parametrize("wrong", [6, -1])
def test_an_integer_without_a_vector_is_refused_by_the_name_of_the_layer(wrong):
    model = striate.Sequential([layers.Input((3,)), layers.Embedding(6, 4, name="words")])
    model.compile("sgd", "mse")
    ids = np.array([[3, wrong, 1], [0, 3, 3]])
    message = f"^lookup of layer 'words': index {wrong} is out of bounds; expected integers from 0 to 5$"
    for call in (model.layers[0], model, model.predict, lambda x: model.fit(x, np.zeros((2, 3, 4)), verbose=0)):
        with pytest.raises(ValueError, match=message):
            call(ids)


def test_a_model_that_takes_elements_names_the_layer_for_an_index_out_of_bounds():
    x = striate.Input((3,), dtype="int32")
    model = striate.Model(x, ops.take(np.arange(6.0), x))
    with pytest.raises(ValueError, match=r"^take of layer 'operation': index 6 is out of bounds for axis 0 with size 6$"):
        model.predict(np.array([[1, 2, 6]]))


def test_vectors_to_begin_with():
    vectors = RNG.standard_normal((6, 4)).astype("float32")
    for weights in (vectors, [vectors], vectors.tolist()):
        np.testing.assert_array_equal(layers.Embedding(6, 4, weights=weights)(IDS), vectors[IDS])
    layer = layers.Embedding(6, 4)
    layer.build()
    assert layer.built
    assert layer.embeddings.shape == (6, 4)


@pytest.mark.parametrize("tie_weights", [True, False])
@pytest.mark.parametrize("cap", [None, 0.5])
def test_reversible_embedding(tie_weights, cap):
    layer = layers.ReversibleEmbedding(6, 4, tie_weights, logit_soft_cap=cap, dtype="float64")
    vectors = layer(IDS)
    scores = layer(vectors, reverse=True)
    kernel = layer.embeddings.numpy().T if tie_weights else layer.reverse_embeddings.numpy()
    want = vectors @ kernel
    np.testing.assert_allclose(scores, want if cap is None else cap * np.tanh(want / cap), rtol=1e-12, atol=1e-15)
    assert layer.compute_output_shape((None, 3)) == (None, 3, 4)
    assert layer.compute_output_shape((None, 3, 4), reverse=True) == (None, 3, 6)


EQUATIONS = [
    ("abc,cde->abde", (None, 4, 2), "de"),
    ("abc,cde->abde", (5, 4, 2), "e"),
    ("abc,cd->abd", (5, 7), "bd"),
    ("abc,bcd->ad", 7, "d"),
    ("...x,xy->...y", 7, "y"),
    ("ab...,bc->ac...", 4, "c"),
    ("abc,cb->ab", None, None),
]


@pytest.mark.parametrize(("equation", "output_shape", "bias_axes"), EQUATIONS)
@pytest.mark.parametrize("activation", [None, "tanh"])
def test_einsum_dense(equation, output_shape, bias_axes, activation):
    layer = layers.EinsumDense(equation, output_shape, activation, bias_axes, bias_initializer="random_normal", dtype="float64")
    x = RNG.standard_normal((2, 5, 3))
    y = layer(x)
    want = np.einsum(equation, x, layer.kernel.numpy()) + (0 if bias_axes is None else layer.bias.numpy())
    np.testing.assert_allclose(y, np.tanh(want) if activation else want, rtol=1e-12, atol=1e-14)
    assert layer.compute_output_shape((None, 5, 3)) == (None, *y.shape[1:])
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()
    dy = RNG.standard_normal(y.shape)
    _, *found = gradients(layer, x, dy)
    for gradient, array in zip(found, [x, *(weight.array for weight in layer.weights)], strict=True):
        place = tuple(RNG.integers(0, array.shape))
        expected = difference_quotient(lambda: float((dy * gradients(layer, x, dy)[0]).sum()), array, place)
        assert gradient[place] == pytest.approx(expected, rel=1e-5, abs=1e-8)


def network(library):
    layers = library.layers
    inputs = library.Input((3,), dtype="int32")
    x = layers.Embedding(6, 4)(inputs)
    tied = layers.ReversibleEmbedding(6, 4, tie_weights=False, logit_soft_cap=3.0)
    x = layers.Concatenate()([x, tied(inputs)])
    x = layers.EinsumDense("abc,cd->abd", (None, 4), bias_axes="d", activation="relu")(x)
    return library.Model(inputs, tied(x, reverse=True))


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
def test_models_move_from_keras_and_back(tmp_path):
    keras = pytest.importorskip("keras")
    theirs, ours = network(keras), network(striate)
    theirs.set_weights([RNG.uniform(-1, 1, each.shape) for each in theirs.get_weights()])
    want = theirs.predict(IDS, verbose=0)
    theirs.save(tmp_path / "x.keras")
    theirs.save_weights(tmp_path / "x.weights.h5")
    ours.load_weights(tmp_path / "x.weights.h5")
    for model in (ours, striate.models.load_model(tmp_path / "x.keras")):
        np.testing.assert_allclose(model.predict(IDS), want, rtol=1e-5, atol=1e-6)
    ours.save_weights(tmp_path / "y.weights.h5")
    again = network(keras)
    again.load_weights(tmp_path / "y.weights.h5")
    np.testing.assert_allclose(again.predict(IDS, verbose=0), want, rtol=1e-5, atol=1e-6)
    ours.save(tmp_path / "own.npz")
    np.testing.assert_array_equal(striate.models.load_model(tmp_path / "own.npz").predict(IDS), ours.predict(IDS))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Embedding(0, 3), "input_dim=0 is too small"),
        (lambda: layers.Embedding(3, 3, mask_zero=True), "mask_zero=True is not supported"),
        (lambda: layers.Embedding(3, 2, weights=np.zeros((2, 2))), r"weights\[0\], for 'embedding.*', has shape \(2, 2\)"),
        (lambda: layers.EinsumDense("ab->c", 3), "equation='ab->c' is not one of a dense layer"),
        (lambda: layers.EinsumDense("ab,bc->ad", 3), r"has the letters \['c', 'd'\] only once"),
        (lambda: layers.EinsumDense("ab,bc->ac", 3, bias_axes="b"), "bias_axes='b' are not all of the output's"),
        (lambda: layers.EinsumDense("ab,bc->ac", (3, 4))(np.zeros((2, 2))), "output_shape=.* has 2 sizes"),
        (lambda: layers.EinsumDense("ab,bc->ac", 3)(np.zeros((2, 2, 2))), "expected an axis for each letter of 'ab'"),
        (lambda: layers.EinsumDense("abc,cd->abd", (4, 3))(np.zeros((2, 2, 2))), "has the size 4 for 'b'; expected 2"),
        (lambda: layers.ReversibleEmbedding(6, 4).compute_output_shape((None, 3), reverse=True), "expected .batch, ..., 4"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()

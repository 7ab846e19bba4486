"""The argument `algorithm` of convolution layers."""

import numpy as np
import pytest

import striate
from striate import Input, Sequential, layers
from striate.models import load_model


def network(*algorithms):
    """Return a model with convolutions for whose shapes "auto" picks Winograd's algorithm."""
    convolutions = [layers.Conv2D(32, 3, padding="same", activation="relu", algorithm=name) for name in algorithms]
    return Sequential([Input((16, 16, 32)), *convolutions, layers.GlobalAveragePooling2D(), layers.Dense(3)], rng=0)


def images(seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((8, 16, 16, 32), dtype=np.float32), rng.standard_normal((8, 3), dtype=np.float32)


def trained(*algorithms):
    model, (x, y) = network(*algorithms), images()
    model.compile("sgd", "mse")
    model.fit(x, y, epochs=2, batch_size=4, verbose=0, rng=0)
    return [model.predict(x, verbose=0), *model.get_weights()]


@pytest.fixture
def without_winograd():
    striate.set_winograd(False)
    yield
    striate.set_winograd(True)


def test_direct_layers_compute_what_auto_does_without_winograd(request):
    direct, auto, mixed = trained("direct", "direct"), trained("auto", "auto"), trained("direct", "auto")
    request.getfixturevalue("without_winograd")
    for plain, got in zip(trained("auto", "auto"), direct, strict=True):
        np.testing.assert_array_equal(got, plain)
    assert any((a != b).any() for a, b in zip(direct, auto, strict=True))
    assert any((a != b).any() for a, b in zip(direct, mixed, strict=True))
    # An algorithm chosen by name ignores the option.
    for plain, got in zip(auto, trained("winograd", "winograd"), strict=True):
        np.testing.assert_array_equal(got, plain)


def test_biases_after_a_step_on_partly_blank_images_do_not_depend_on_the_algorithm():
    """Where windows are blank, a rounding error instead of an exact zero would let the bias's gradient pass through ReLU."""
    x, y = images()
    x[:, :, :11] = 0
    x[:4, 5:] = 0
    biases = []
    for algorithm in ("direct", "winograd_f4"):
        model = network(algorithm, algorithm)
        model.compile(striate.optimizers.SGD(1.0), "mse")
        model.train_on_batch(x, y)
        biases.append([weight for weight in model.get_weights() if weight.ndim == 1])
    for direct, winograd in zip(*biases, strict=True):
        assert np.linalg.norm(winograd - direct) < 1e-5 * np.linalg.norm(direct)


def test_the_algorithm_is_saved_with_the_model(tmp_path):
    model = network("direct", "auto")
    model.save(tmp_path / "model.npz")
    again = load_model(tmp_path / "model.npz")
    assert [layer.algorithm for layer in again.layers if isinstance(layer, layers.Conv2D)] == ["direct", "auto"]
    assert layers.Conv2D(2, 3, algorithm="direct").get_config()["algorithm"] == "direct"
    assert "algorithm" not in layers.Conv2D(2, 3).get_config()  # Keras has no such argument.


def test_convolution_with_pooling_trains_to_the_same_predictions_with_any_algorithm():
    x = np.random.default_rng(0).standard_normal((3, 28, 28, 1), dtype=np.float32)
    found = []
    for algorithm in ("auto", "direct", "im2col"):
        convolution = layers.Conv2D(6, 5, activation="relu", algorithm=algorithm)
        model = Sequential([Input((28, 28, 1)), convolution, layers.MaxPooling2D(), layers.Flatten(), layers.Dense(2)], rng=0)
        model.compile("sgd", "mse")
        model.fit(x, np.ones((3, 2)), epochs=2, verbose=0, rng=0)
        found.append(model.predict(x, verbose=0))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_allclose(found[0], found[2], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("make", "shape", "message"),
    [
        (lambda: layers.Conv2D(2, 3, algorithm="fft"), None, "algorithm='fft'"),
        (lambda: layers.Conv2D(2, 3, 2, algorithm="winograd"), (None, 8, 8, 3), r"algorithm='winograd'.*strides=\(2, 2\)"),
        (lambda: layers.Conv2D(2, 3, algorithm="depthwise"), (None, 8, 8, 3), "algorithm='depthwise'"),
        (lambda: layers.Conv1D(2, 3, algorithm="winograd"), (None, 8, 3), "algorithm='winograd' cannot compute a 1×3"),
        (lambda: layers.Conv2DTranspose(2, 2, algorithm="winograd"), (None, 8, 8, 3), "algorithm='winograd'"),
        (lambda: layers.Conv1DTranspose(2, 3, algorithm="winograd"), (None, 8, 3), "algorithm='winograd'"),
    ],
)
def test_algorithms_that_cannot_compute_a_layer_are_refused(make, shape, message):
    with pytest.raises(ValueError, match=message):
        make().compute_output_shape(shape)

"""Keras' networks: as many weights as Keras' have, its weights loaded, the same predictions, and its preprocessing."""

import importlib

import numpy as np
import pytest

from striate import Input, Model, applications, layers

keras_warns = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("VGG16", 138_357_544),
        ("VGG19", 143_667_240),
        ("MobileNet", 4_253_864),
        ("MobileNetV2", 3_538_984),
        ("ResNet50", 25_636_712),
        ("ResNet101", 44_707_176),
        ("ResNet152", 60_419_944),
    ],
)
def test_networks_have_as_many_parameters_as_keras(name, parameters):
    model = getattr(applications, name)(weights=None)
    assert (model.input_shape, model.output_shape) == ((None, 224, 224, 3), (None, 1000))
    assert model.count_params() == parameters


@keras_warns
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("VGG16", {"include_top": False, "input_shape": (32, 45, 3), "pooling": "max"}),
        ("VGG19", {"include_top": False, "input_shape": (32, 32, 1)}),
        ("ResNet50", {"input_shape": (33, 46, 3), "classes": 5}),
        ("MobileNet", {"input_shape": (39, 64, 3), "alpha": 0.25, "classes": 5, "classifier_activation": None}),
        ("MobileNet", {"input_shape": (33, 32, 3), "include_top": False, "alpha": 0.5, "depth_multiplier": 2}),
        ("MobileNetV2", {"input_shape": (39, 64, 3), "alpha": 0.35, "classes": 5}),
        ("MobileNetV2", {"input_shape": (64, 38, 3), "alpha": 1.1, "include_top": False, "pooling": "avg"}),
    ],
)
def test_weights_that_keras_saved_predict_the_same(name, arguments, tmp_path):
    keras = pytest.importorskip("keras")
    pytest.importorskip("h5py")
    rng = np.random.default_rng(0)
    theirs = getattr(keras.applications, name)(weights=None, **arguments)
    vectors = [0.1 * rng.random(weight.shape, np.float32) * (weight.ndim == 1) for weight in theirs.get_weights()]
    theirs.set_weights([weight + vector for weight, vector in zip(theirs.get_weights(), vectors, strict=True)])
    path = tmp_path / "x.weights.h5"
    theirs.save_weights(path)
    own = getattr(applications, name)(weights=path, **arguments)
    weighty = [{layer.name for layer in model.layers if layer.weights} for model in (own, theirs)]
    assert weighty[0] == weighty[1]
    x = rng.random((2, *arguments["input_shape"]), np.float32)
    want = theirs.predict(x, verbose=0)
    assert np.ptp(want) > 1e-3
    np.testing.assert_allclose(own.predict(x), want, rtol=0, atol=1e-5 * np.abs(want).max())


def test_input_tensor_and_what_comes_before_it():
    image = Input((16, 20, 3))
    x = applications.mobilenet.preprocess_input(layers.Resizing(40, 48)(image))
    model = applications.MobileNet(alpha=0.25, include_top=False, weights=None, input_tensor=x, pooling="avg")
    assert model.name == "mobilenet_0.25_40"
    assert (model.input_shape, model.output_shape) == ((None, 16, 20, 3), (None, 256))
    whole = Model(
        image, layers.Dense(3)(applications.VGG19(include_top=False, weights=None, input_shape=(40, 48, 3), pooling="max")(x))
    )
    assert whole.output_shape == (None, 3)


@pytest.mark.parametrize("module", ["vgg16", "vgg19", "resnet", "resnet50", "mobilenet", "mobilenet_v2"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "uint8"])
def test_preprocessing_is_that_of_keras(module, dtype):
    keras = pytest.importorskip("keras")
    x = (np.random.default_rng(0).random((2, 4, 5, 3)) * 255).astype(dtype)
    kept = x.copy()
    own = importlib.import_module(f"striate.applications.{module}").preprocess_input(x)
    np.testing.assert_array_equal(x, kept)
    theirs = getattr(keras.applications, module).preprocess_input(x)
    assert own.dtype == theirs.dtype
    np.testing.assert_array_equal(own, theirs)


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
def test_preprocessing_may_be_part_of_a_model(mode):
    x = (np.random.default_rng(0).random((2, 4, 5, 3)) * 255).astype(np.float32)
    image = Input((4, 5, 3))
    model = Model(image, applications.imagenet_utils.preprocess_input(image, mode=mode))
    want = applications.imagenet_utils.preprocess_input(x, mode=mode)
    np.testing.assert_allclose(model.predict(x), want, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
def test_modes_of_preprocessing_are_those_of_keras(mode):
    keras = pytest.importorskip("keras")
    x = (np.random.default_rng(0).random((2, 4, 5, 3)) * 255).astype(np.float32)
    theirs = keras.applications.imagenet_utils.preprocess_input(x.copy(), mode=mode)
    np.testing.assert_array_equal(applications.imagenet_utils.preprocess_input(x, mode=mode), theirs)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: applications.VGG16(weights="imagenet"),
            ValueError,
            r"cannot be downloaded; expected None, or the path",
        ),
        (
            lambda: applications.ResNet50(weights="none.h5"),
            FileNotFoundError,
            r"weights='none.h5' is not a file; expected",
        ),
        (
            lambda: applications.ResNet50(weights=None, input_shape=(32, 31, 3)),
            ValueError,
            r"input_shape\[1\]=31 .* at least 32",
        ),
        (
            lambda: applications.MobileNet((32, 32), weights=None),
            ValueError,
            r"input_shape=\(32, 32\) is not the shape of an image",
        ),
        (lambda: applications.MobileNet(alpha=0, weights=None), ValueError, r"alpha=0 .* above 0"),
        (lambda: applications.VGG19(include_top=False, weights=None, pooling="min"), ValueError, r"pooling='min' is unknown"),
        (
            lambda: applications.VGG19(weights=None, input_tensor=np.ones(3)),
            TypeError,
            r"input_tensor is of type ndarray; expected",
        ),
        (
            lambda: applications.imagenet_utils.preprocess_input(np.ones(3), mode="keras"),
            ValueError,
            r"mode='keras'",
        ),
        (
            lambda: applications.vgg16.preprocess_input(np.ones(3), "channels_first"),
            ValueError,
            r"data_format='channels_first'",
        ),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()

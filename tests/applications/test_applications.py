"""Keras' networks: as many weights as Keras' have, its weights loaded, the same predictions, and its preprocessing."""

import importlib
import json
import math

import numpy as np
import pytest

from striate import Input, Model, applications, layers, models

keras_warns = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own


#: Parameters of Keras' networks, their default size of images, and their default name.
NETWORKS = {
    "VGG16": (138_357_544, 224, "vgg16"),
    "VGG19": (143_667_240, 224, "vgg19"),
    "MobileNet": (4_253_864, 224, "mobilenet_1.00_224"),
    "MobileNetV2": (3_538_984, 224, "mobilenetv2_1.00_224"),
    "MobileNetV3Small": (2_554_968, None, "MobileNetV3Small"),
    "MobileNetV3Large": (5_507_432, None, "MobileNetV3Large"),
    "ResNet50": (25_636_712, 224, "resnet50"),
    "ResNet101": (44_707_176, 224, "resnet101"),
    "ResNet152": (60_419_944, 224, "resnet152"),
    "ResNet50V2": (25_613_800, 224, "resnet50v2"),
    "ResNet101V2": (44_675_560, 224, "resnet101v2"),
    "ResNet152V2": (60_380_648, 224, "resnet152v2"),
    "Xception": (22_910_480, 299, "xception"),
    "InceptionV3": (23_851_784, 299, "inception_v3"),
    "InceptionResNetV2": (55_873_736, 299, "inception_resnet_v2"),
    "DenseNet121": (8_062_504, 224, "densenet121"),
    "DenseNet169": (14_307_880, 224, "densenet169"),
    "DenseNet201": (20_242_984, 224, "densenet201"),
    "EfficientNetB0": (5_330_571, 224, "efficientnetb0"),
    "EfficientNetB1": (7_856_239, 240, "efficientnetb1"),
    "EfficientNetB2": (9_177_569, 260, "efficientnetb2"),
    "EfficientNetB3": (12_320_535, 300, "efficientnetb3"),
    "EfficientNetB4": (19_466_823, 380, "efficientnetb4"),
    "EfficientNetB5": (30_562_527, 456, "efficientnetb5"),
    "EfficientNetB6": (43_265_143, 528, "efficientnetb6"),
    "EfficientNetB7": (66_658_687, 600, "efficientnetb7"),
    "EfficientNetV2B0": (7_200_312, 224, "efficientnetv2-b0"),
    "EfficientNetV2B1": (8_212_124, 240, "efficientnetv2-b1"),
    "EfficientNetV2B2": (10_178_374, 260, "efficientnetv2-b2"),
    "EfficientNetV2B3": (14_467_622, 300, "efficientnetv2-b3"),
    "EfficientNetV2S": (21_612_360, 384, "efficientnetv2-s"),
    "EfficientNetV2M": (54_431_388, 480, "efficientnetv2-m"),
    "EfficientNetV2L": (119_027_848, 480, "efficientnetv2-l"),
    "ConvNeXtTiny": (28_589_128, 224, "convnext_tiny"),
    "ConvNeXtSmall": (50_223_688, 224, "convnext_small"),
    "ConvNeXtBase": (88_591_464, 224, "convnext_base"),
    "ConvNeXtLarge": (197_767_336, 224, "convnext_large"),
    "ConvNeXtXLarge": (350_196_968, 224, "convnext_xlarge"),
    "NASNetMobile": (5_326_716, 224, "nasnet_mobile"),
    "NASNetLarge": (88_949_818, 331, "nasnet_large"),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_have_the_parameters_and_shapes_of_keras(name):
    model = getattr(applications, name)(weights=None)
    parameters, size, label = NETWORKS[name]
    assert (model.input_shape, model.output_shape) == ((None, size, size, 3), (None, 1000))
    assert (model.count_params(), model.name) == (parameters, label)


def test_every_network_is_in_the_table():
    assert set(NETWORKS) == {name for name in applications.__all__ if name[0].isupper()}


@pytest.mark.parametrize(
    ("name", "channels"),
    [
        ("MobileNetV3Small", 576),
        ("ResNet50V2", 2048),
        ("DenseNet121", 1024),
        ("EfficientNetB0", 1280),
        ("ConvNeXtTiny", 768),
    ],
)
def test_networks_without_a_classifier_take_images_of_any_size(name, channels):
    make = getattr(applications, name)
    model = make(weights=None, include_top=False)
    assert (model.input_shape, model.output_shape) == ((None, None, None, 3), (None, None, None, channels))
    fixed = make(weights=None, include_top=False, input_shape=(96, 128, 3))
    fixed.set_weights(model.get_weights())
    x = np.random.default_rng(0).random((1, 96, 128, 3), np.float32)
    np.testing.assert_array_equal(model.predict(x), fixed.predict(x))


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
        ("MobileNetV3Small", {"input_shape": (65, 46, 3), "alpha": 0.75, "minimalistic": True, "classes": 5}),
        ("MobileNetV3Large", {"input_shape": (33, 46, 3), "alpha": 1.25, "classes": 5, "include_preprocessing": False}),
        ("ResNet50V2", {"input_shape": (47, 33, 3), "include_top": False, "pooling": "avg"}),
        ("Xception", {"input_shape": (71, 85, 3), "classes": 5}),
        ("InceptionV3", {"input_shape": (75, 90, 3), "include_top": False, "pooling": "max"}),
        ("DenseNet121", {"input_shape": (33, 64, 1), "include_top": False}),
        ("EfficientNetB0", {"input_shape": (47, 64, 3), "classes": 5}),
        ("EfficientNetV2B0", {"input_shape": (47, 64, 3), "classes": 5, "classifier_activation": None}),
        ("ConvNeXtTiny", {"input_shape": (40, 33, 3), "classes": 5}),
    ],
)
def test_weights_that_keras_saved_predict_the_same(name, arguments, tmp_path):
    keras = pytest.importorskip("keras")
    pytest.importorskip("h5py")
    rng = np.random.default_rng(0)
    keras.utils.clear_session()  # Keras counts the names that it makes up for as long as the session lives.
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


@pytest.mark.parametrize(
    ("name", "beginning", "mean", "deviation"),
    [
        ("InceptionResNetV2", [0.0, 0.0, 0.0, 9.4540376663], 2.5156033039, 3.8484914303),
        ("NASNetMobile", [0.7694287896, 0.0, 0.2999328673, 0.6118962168], 0.5008621215, 0.6720477939),
    ],
)
def test_large_networks_compute_what_keras_did(name, beginning, mean, deviation):
    """The numbers are those that Keras 3.15 computed, in a few minutes, from the same weights and the same image."""
    model = getattr(applications, name)(weights=None, input_shape=(83, 96, 3), include_top=False, pooling="avg")
    rng = np.random.default_rng(7)

    def drawn(shape):
        return rng.uniform(0.2, 1, shape) if len(shape) == 1 else rng.standard_normal(shape) / math.sqrt(math.prod(shape[:-1]))

    model.set_weights([drawn(weight.shape) for weight in model.get_weights()])
    (y,) = model.predict(np.random.default_rng(0).random((1, 83, 96, 3), np.float32))
    np.testing.assert_allclose([*y[:4], y.mean(), y.std()], [*beginning, mean, deviation], rtol=2e-5)


@keras_warns
@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize("name", ["MobileNetV3Small", "ConvNeXtTiny"])
def test_models_that_keras_saved_predict_the_same(name, ending, tmp_path):
    keras = pytest.importorskip("keras")
    pytest.importorskip("h5py")
    theirs = getattr(keras.applications, name)(weights=None, input_shape=(32, 45, 3), classes=3)
    theirs.save(tmp_path / f"x.{ending}")
    x = 255 * np.random.default_rng(0).random((2, 32, 45, 3), np.float32)
    got, want = models.load_model(tmp_path / f"x.{ending}").predict(x), theirs.predict(x, verbose=0)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-5 * np.abs(want).max())


@pytest.mark.parametrize("name", ["EfficientNetB0", "MobileNetV3Small"])
def test_networks_learn(name):
    """Which quarter of an image is bright."""
    rng = np.random.default_rng(0)
    y = np.arange(32) % 4
    x = 80 * rng.random((32, 32, 32, 3), np.float32)
    for image, quarter in zip(x, y, strict=True):
        image[16 * (quarter // 2) :][:16, 16 * (quarter % 2) :][:, :16] += 150
    model = getattr(applications, name)(weights=None, input_shape=(32, 32, 3), classes=4)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=12, batch_size=8, verbose=0, rng=0).history
    assert max(history["accuracy"]) > 0.7


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


MODULES = [name for name in applications.__all__ if name[0].islower() and name != "imagenet_utils"]


@pytest.mark.parametrize("module", MODULES)
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
@pytest.mark.parametrize("shape", [(2, 4, 5, 3), (4, 5, 3)])
def test_modes_of_preprocessing_are_those_of_keras(mode, shape):
    keras = pytest.importorskip("keras")
    x = (np.random.default_rng(0).random(shape) * 255).astype(np.float32)
    theirs = keras.applications.imagenet_utils.preprocess_input(x.copy(), mode=mode)
    own = applications.imagenet_utils.preprocess_input
    np.testing.assert_array_equal(own(x, mode=mode), theirs)
    first = own(np.moveaxis(x, -1, -3), "channels_first", mode)
    np.testing.assert_array_equal(np.moveaxis(first, -3, -1), theirs)


NAMES = {str(i): [f"n{i}", f"class {i}"] for i in range(1000)}


def test_predictions_are_decoded_as_by_keras(tmp_path, monkeypatch):
    preds = np.random.default_rng(0).random((3, 1000), np.float32)
    decode = applications.xception.decode_predictions
    got = decode(preds, top=3, class_index=NAMES)
    for row, scores in zip(got, preds, strict=True):
        order = sorted(range(1000), key=lambda i: -scores[i])[:3]
        assert row == [(f"n{i}", f"class {i}", scores[i]) for i in order]
    (tmp_path / "names.json").write_text(json.dumps(NAMES))
    assert decode(preds, 3, tmp_path / "names.json") == got
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"class_index=None, and there is no ~/\.keras.*nothing is downloaded"):
        decode(preds)
    (tmp_path / ".keras" / "models").mkdir(parents=True)
    (tmp_path / "names.json").rename(tmp_path / ".keras" / "models" / "imagenet_class_index.json")
    assert decode(preds, 3) == got
    keras = pytest.importorskip("keras")
    monkeypatch.setattr(keras.src.applications.imagenet_utils, "CLASS_INDEX", NAMES)
    assert keras.applications.imagenet_utils.decode_predictions(preds, 3) == got


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
        (
            lambda: applications.MobileNet((3, 32, 32), weights=None),
            ValueError,
            r"input_shape=\(3, 32, 32\) has the channels first; expected \(height, width, channels\)",
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
            lambda: applications.vgg16.preprocess_input(np.ones(3), "first"),
            ValueError,
            r"data_format='first'",
        ),
        (
            lambda: applications.Xception(weights=None, input_shape=(71, 70, 3)),
            ValueError,
            r"input_shape\[1\]=70 .* at least 71",
        ),
        (lambda: applications.DenseNet121(weights=None, input_shape=(64, None, 3)), TypeError, r"input_shape\[1\]"),
        (lambda: applications.MobileNetV3Small(weights=None, dropout_rate=2), ValueError, r"dropout_rate=2 .* 1"),
        (
            lambda: applications.nasnet.decode_predictions(np.ones((2, 10)), class_index=NAMES),
            ValueError,
            r"preds has shape \(2, 10\); expected \(samples, 1000\)",
        ),
        (
            lambda: applications.nasnet.decode_predictions(np.ones((2, 1)), class_index={"1": ["n1", "one"]}),
            ValueError,
            r"class_index=.* does not name classes; expected pairs",
        ),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message) as caught:
        make()
    assert str(caught.value).count("; expected ") < 2

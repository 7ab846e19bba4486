"""Architectures: the published numbers of parameters, variants for small images, and that they learn."""

import numpy as np
import pytest

import striate
from striate import Model, applications, architectures, detection, faces, losses, ocr, optimizers

#: Trainable parameters, as the papers' tables or the authors' own code have them.
PARAMETERS = {
    "LeNet5": 61_706,
    "AlexNet": 60_965_224,
    "VGG11": 132_863_336,
    "VGG13": 133_047_848,
    "VGG16": 138_357_544,
    "VGG19": 143_667_240,
    "GoogLeNet": 6_998_552,
    "ResNet18": 11_689_512,
    "ResNet34": 21_797_672,
    "ResNet50": 25_557_032,
    "ResNet101": 44_549_160,
    "ResNet152": 60_192_808,
    "ResNet20": 272_474,
    "ResNet32": 466_906,
    "ResNet44": 661_338,
    "ResNet56": 855_770,
    "MobileNet": 4_231_976,
    "MobileNetV2": 3_504_872,
}
SMALL = {
    "LeNet5": {},
    "AlexNet": {"small_images": True},
    "VGG11": {"small_images": True},
    "GoogLeNet": {"small_images": True},
    "ResNet18": {"small_images": True},
    "ResNet50": {"small_images": True},
    "ResNet20": {},
    "MobileNet": {"small_images": True, "alpha": 0.25},
    "MobileNetV2": {"small_images": True, "alpha": 0.35},
}
small_ones = pytest.mark.parametrize(("name", "arguments"), SMALL.items(), ids=list(SMALL))


def trainable(model):
    return sum(weight.array.size for weight in model.trainable_weights)


@pytest.mark.parametrize(("name", "expected"), PARAMETERS.items(), ids=list(PARAMETERS))
def test_architectures_have_the_published_number_of_parameters(name, expected):
    model = getattr(architectures, name)(rng=0)
    assert trainable(model) == expected
    assert model.output_shape == (None, 10 if model.input_shape[1] < 64 else 1000)
    assert model.name == name.lower()


def test_every_architecture_is_tested():
    assert {*PARAMETERS, "UNet", "pattern"} == set(architectures.__all__)


@small_ones
@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3)])
def test_small_variants_take_small_images(name, arguments, shape):
    make = getattr(architectures, name)
    model = make(shape, classes=7, **arguments, rng=0)
    y = model.predict(np.random.default_rng(0).random((3, *shape), np.float32))
    assert y.shape == (3, 7)
    np.testing.assert_allclose(y.sum(1), 1, rtol=1e-5)


@small_ones
def test_networks_without_the_classifier_return_features(name, arguments):
    make = getattr(architectures, name)
    x = np.random.default_rng(0).random((2, 32, 32, 3), np.float32)
    maps = make((32, 32, 3), include_top=False, **arguments, rng=0).predict(x)
    assert maps.ndim == 4
    mean = make((32, 32, 3), include_top=False, pooling="avg", **arguments, rng=0).predict(x)
    most = make((32, 32, 3), include_top=False, pooling="max", **arguments, rng=0).predict(x)
    np.testing.assert_allclose(mean, maps.mean((1, 2)), rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(most, maps.max((1, 2)))


@pytest.mark.parametrize("name", ["LeNet5", "ResNet20", "MobileNetV2", "AlexNet"])
def test_architectures_learn_a_few_samples(name):
    x, y = digits()
    model = getattr(architectures, name)((28, 28, 1), classes=10, **SMALL[name], rng=0)
    model.compile(optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, batch_size=32, epochs=5, verbose=0, rng=1).history
    assert history["accuracy"][-1] > 2 * max(history["accuracy"][0], 0.1) or history["accuracy"][-1] > 0.8


def digits():
    """Some of the embedded digits, enlarged to 28×28."""
    x, y = striate.datasets.load_digits()
    x = np.kron(x[:256], np.ones((4, 4)))[:, 2:30, 2:30, np.newaxis]
    return x.astype(np.float32) / 16, y[:256]


def test_auxiliary_classifiers_are_further_outputs():
    model = architectures.GoogLeNet((32, 32, 3), classes=5, auxiliary=True, small_images=True, rng=0)
    assert model.output_shape == [(None, 5)] * 3
    model.compile("sgd", losses.SparseCategoricalCrossentropy(), loss_weights=[1, 0.3, 0.3])
    x, y = np.random.default_rng(0).random((4, 32, 32, 3), np.float32), np.arange(4)
    history = model.fit(x, [y, y, y], verbose=0).history
    assert list(history) == ["loss", "classifier_loss", "auxiliary1_loss", "auxiliary2_loss"]
    alone = Model(model.input, model.output[0])
    np.testing.assert_allclose(alone.predict(x), model.predict(x)[0], rtol=1e-5)
    assert trainable(architectures.GoogLeNet(auxiliary=True, rng=0)) == 13_378_280
    with pytest.raises(ValueError, match="auxiliary=True needs the classifier, but include_top=False"):
        architectures.GoogLeNet(auxiliary=True, include_top=False)


def test_the_same_seed_gives_the_same_weights():
    one, two = (architectures.ResNet20(rng=3).get_weights() for _ in range(2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_saved_architectures_predict_the_same_when_loaded(tmp_path):
    model = architectures.MobileNetV2((32, 32, 3), classes=4, **SMALL["MobileNetV2"], rng=0)
    model.save(tmp_path / "model.npz")
    x = np.random.default_rng(0).random((2, 32, 32, 3), np.float32)
    np.testing.assert_array_equal(Model.load(tmp_path / "model.npz").predict(x), model.predict(x))


@pytest.fixture
def channels_first():
    striate.config.set_image_data_format("channels_first")
    yield
    striate.config.set_image_data_format("channels_last")


@pytest.mark.usefixtures("channels_first")
@pytest.mark.parametrize(
    ("make", "output_shape"),
    [
        (lambda: architectures.ResNet18((32, 32, 3), classes=4, small_images=True), (None, 4)),
        (lambda: architectures.pattern((28, 28, 1), [(1, 4)], classes=4), (None, 4)),
        (lambda: architectures.UNet((32, 32, 1), classes=1, filters=4), (None, 32, 32, 1)),
        (lambda: applications.MobileNet(input_shape=(32, 32, 3), include_top=False, weights=None), (None, 1, 1, 1024)),
        (lambda: faces.embedding_network((32, 32, 3), features=4), (None, 4)),
        (lambda: ocr.TextRecognizer("AB").model, (None, None, 3)),
        (lambda: detection.simple_backbone((64, 64, 3)), (None, 2, 2, 64)),
    ],
)
def test_networks_have_the_channels_last_whatever_the_default(make, output_shape):
    assert make().output_shape == output_shape
    assert striate.config.image_data_format() == "channels_first"


def test_lenet_can_be_made_as_in_the_paper():
    model = architectures.LeNet5((32, 32, 1), activation="tanh", pool="average", rng=0)
    assert model.get_layer("c5").input_shape == (None, 400)
    assert trainable(model) == 61_706


@pytest.mark.parametrize(
    ("conv", "dense", "pool", "formula"),
    [
        ([(2, 4), (2, 8)], [16, 8], "max", "Inp → ((Conv → ReLU)*2 → Pool)*2 → (FC → ReLU)*2 → FC"),
        ([(1, 4), (3, 8)], [16], "average", "Inp → Conv → ReLU → Pool → (Conv → ReLU)*3 → Pool → FC → ReLU → FC"),
        ([(1, 4), (1, 8)], [], None, "Inp → (Conv → ReLU)*2 → FC"),
        ([], [3], "max", "Inp → FC → ReLU → FC"),
    ],
)
def test_pattern_makes_the_layers_that_its_name_says(conv, dense, pool, formula):
    model = architectures.pattern((8, 8, 3), conv, dense, classes=5, pool=pool, rng=0)
    assert model.name == formula
    assert formula in repr(model)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds.count("Conv2D") == sum(count for count, _ in conv)
    assert kinds.count("Dense") == len(dense) + 1
    assert sum("Pooling" in kind for kind in kinds) == (len(conv) if pool else 0)
    assert model.predict(np.zeros((2, 8, 8, 3), np.float32)).shape == (2, 5)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: architectures.LeNet5((28, 28)), ValueError, r"input_shape=\(28, 28\) is not the shape of an image"),
        (lambda: architectures.LeNet5(pool="sum"), ValueError, "pool='sum' is unknown"),
        (lambda: architectures.ResNet18(classes=0), ValueError, "classes=0 is too small"),
        (lambda: architectures.ResNet18(include_top=False, pooling="mean"), ValueError, "pooling='mean' is unknown"),
        (lambda: architectures.MobileNet(alpha=0), ValueError, "alpha=0 is out of range; expected a finite number above 0"),
        (lambda: architectures.VGG16((16, 16, 3)), ValueError, "layer 'stage5_pool'"),
        (lambda: architectures.pattern((8, 8, 1), [3]), ValueError, "conv holds 3; expected"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()

"""Layers that transform images: against references and Keras for given transformations, their statistics, and their dicts."""

import numpy as np
import pytest

import striate
from striate import layers
from striate.data import DataLoader

from . import augmentation_oracle as oracle

keras_warns = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras itself causes it.

RNG = np.random.default_rng(0)
BATCH, HEIGHT, WIDTH = 4, 7, 9
IMAGES = (RNG.random((BATCH, HEIGHT, WIDTH, 3)) * 255).astype(np.float32)
CENTERS = RNG.random((BATCH, 1, 1, 1))
CHOSEN = np.array([True, False, True, True])
CORNERS = np.tile([[0.0, 0], [WIDTH - 1, 0], [0, HEIGHT - 1], [WIDTH - 1, HEIGHT - 1]], (BATCH, 1, 1))
MOVED = CORNERS * (1 + 0.3 * RNG.uniform(-1, 1, CORNERS.shape))
SHAPE = {"input_shape": IMAGES.shape}

#: Layers, their arguments, and a transformation as Keras' layer of the same name takes it.
GIVEN = [
    ("AutoContrast", {}, {}),
    ("AutoContrast", {"value_range": (0, 300)}, {}),
    # With PyTorch, Keras truncates the largest number of pixels of a level, here 2.
    ("ContrastLimitedAdaptiveHistogramEqualization", {"tile_grid_size": (2, 3), "clip_limit": 2 * 256 / 12}, {}),
    ("CutMix", {}, {"permutation_order": np.array([2, 0, 3, 1]), "batch_masks": IMAGES > 99, "mix_weight": CENTERS.ravel()}),
    ("MixUp", {}, {"permutation_order": np.array([2, 0, 3, 1]), "mix_weight": CENTERS.ravel()}),
    ("RandomBrightness", {"factor": 0.2}, {"rgb_delta": 90 * CENTERS}),
    ("RandomColorDegeneration", {"factor": 0.5}, {"factor": CENTERS}),
    ("RandomContrast", {"factor": 0.5}, {"contrast_factor": 0.5 + CENTERS}),
    ("RandomErasing", {}, {"apply_erasing": CHOSEN, "batch_masks": IMAGES > 99, "fill_value": IMAGES / 2}),
    ("RandomFlip", {"mode": "horizontal"}, {"flips": CHOSEN.reshape(-1, 1, 1, 1), **SHAPE}),
    ("RandomFlip", {}, {"flips": CHOSEN.reshape(-1, 1, 1, 1), **SHAPE}),
    (
        "RandomGaussianBlur",
        {"kernel_size": 5},
        {"should_apply_blur": CHOSEN, "blur_factor": np.array([0.7, 0.9], np.float32)},
    ),
    ("RandomHue", {"factor": 0.5}, {"factor": CENTERS.ravel() - 0.5}),
    ("RandomInvert", {}, {"apply_inversion": CHOSEN}),
    (
        "RandomPerspective",
        {"fill_value": 7.0},
        {"apply_perspective": CHOSEN, "start_points": CORNERS, "end_points": MOVED, **SHAPE},
    ),
    ("RandomPosterization", {"factor": 3}, {"shift_factor": np.array([5, 2, 0, 7], np.uint8)}),
    ("RandomPosterization", {"factor": 3, "value_range": (-10, 300)}, {"shift_factor": np.array([5, 2, 0, 7], np.uint8)}),
    ("RandomSharpness", {"factor": 0.5}, {"factor": CENTERS.ravel()}),
    ("RandomShear", {"fill_mode": "constant"}, {"shear_factor": CENTERS.reshape(-1, 1) * [0.5, -0.3], **SHAPE}),
    ("RandomShear", {"fill_mode": "nearest"}, {"shear_factor": CENTERS.reshape(-1, 1) * [0.5, 0.3], **SHAPE}),
    ("RandomTranslation", {"height_factor": 0.2, "width_factor": 0.2}, {"translations": MOVED[:, 3] / 3, **SHAPE}),
    ("RandomZoom", {"height_factor": 0.2}, {"height_zoom": MOVED[:, 3, :1] / 6, "width_zoom": MOVED[:, 3, 1:] / 9, **SHAPE}),
    ("Solarization", {}, {"additions": 40 * CENTERS, "thresholds": 200 * CENTERS}),
]

#: For each layer: arguments with which it changes `IMAGES` in training.
RANDOM = {
    "AugMix": {"factor": 1.0},
    "CutMix": {},
    "MixUp": {},
    "RandAugment": {"num_ops": 6},
    "RandomBrightness": {"factor": 0.4},
    "RandomColorDegeneration": {"factor": 0.5},
    "RandomColorJitter": {"brightness_factor": 0.3, "contrast_factor": 0.3, "saturation_factor": 0.9, "hue_factor": 0.3},
    "RandomContrast": {"factor": 0.5},
    "RandomCrop": {"height": 5, "width": 4},
    "RandomElasticTransform": {"factor": (1.0, 1.0), "scale": (0.9, 1.0)},
    "RandomErasing": {"factor": (1.0, 1.0)},
    "RandomFlip": {},
    "RandomGaussianBlur": {"factor": (1.0, 1.0), "sigma": (0.5, 0.9)},
    "RandomGrayscale": {"factor": 0.5},
    "RandomHue": {"factor": 0.5},
    "RandomInvert": {"factor": (0.4, 0.6)},
    "RandomPerspective": {"factor": (1.0, 1.0)},
    "RandomPosterization": {"factor": (1, 5)},
    "RandomRotation": {"factor": 0.2},
    "RandomSaturation": {"factor": 0.9},
    "RandomSharpness": {"factor": (0.6, 1.0)},
    "RandomShear": {"x_factor": 0.4, "y_factor": 0.3},
    "RandomTranslation": {"height_factor": 0.3, "width_factor": 0.3},
    "RandomZoom": {"height_factor": 0.4},
    "Solarization": {"addition_factor": 0.3, "threshold_factor": 0.9},
}
FIXED = {
    "AutoContrast": {},
    "CenterCrop": {"height": 4, "width": 5},
    "ContrastLimitedAdaptiveHistogramEqualization": {"tile_grid_size": (2, 2)},
    "Equalization": {},
    "MaxNumBoundingBoxes": {"max_number": 3},
    "Resizing": {"height": 5, "width": 6},
}
ALL = RANDOM | FIXED


def made(name, **arguments):
    return getattr(layers, name)(**ALL[name], **arguments)


@keras_warns
@pytest.mark.parametrize(("name", "arguments", "transformation"), GIVEN)
def test_a_given_transformation_changes_images_as_in_keras(name, arguments, transformation):
    keras = pytest.importorskip("keras")
    theirs = getattr(keras.layers, name)(**arguments)
    tensors = {
        key: keras.ops.convert_to_tensor(value.astype(np.float32) if value.dtype == np.float64 else value)
        if isinstance(value, np.ndarray)
        else value
        for key, value in transformation.items()
    }
    wanted = keras.ops.convert_to_numpy(theirs.transform_images(keras.ops.convert_to_tensor(IMAGES), tensors))
    got = getattr(layers, name)(**arguments).transform_images(IMAGES, transformation)
    np.testing.assert_allclose(got, wanted, atol=2e-3, rtol=1e-5)  # Keras computes places of pixels in float32.


@pytest.mark.parametrize("high", [1.0, 255.0])
def test_equalization_is_that_of_the_definition(high):
    x = np.floor(IMAGES[:2, :, :, :2] / 20) * 20
    x[1, :, :, 1] = 60
    wanted = np.stack([[oracle.equalize(image[:, :, c]) for c in range(2)] for image in x]).transpose(0, 2, 3, 1)
    y = layers.Equalization(value_range=(0, high))(x * (high / 255), training=True)
    np.testing.assert_allclose(y, wanted * (high / 255), rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(layers.Equalization()(x, training=False), x)


@pytest.mark.parametrize(("clip_limit", "tiles"), [(4.0, (2, 3)), (0, (3, 2)), (1.5, (1, 1))])
def test_clahe_is_that_of_the_definition(clip_limit, tiles):
    x = IMAGES[:1, :, :, :1]
    layer = layers.ContrastLimitedAdaptiveHistogramEqualization(clip_limit=clip_limit, tile_grid_size=tiles)
    np.testing.assert_allclose(layer(x)[0, :, :, 0], oracle.clahe(x[0, :, :, 0], clip_limit, tiles), atol=1e-3)


def test_sharpness_and_blur_are_correlations():
    smooth = oracle.correlate(IMAGES[0], np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]]) / 13)
    for amount in (0.0, 0.3, 1.0):
        y = layers.RandomSharpness((amount, amount))(IMAGES[:1], training=True)[0]
        np.testing.assert_allclose(y, np.clip(smooth + 2 * amount * (IMAGES[0] - smooth), 0, 255), atol=1e-3)
    across, down = (np.exp(-0.5 * (np.arange(-(n // 2), n // 2 + 1) / 0.6) ** 2) for n in (3, 5))
    kernel = np.outer(down / down.sum(), across / across.sum())
    y = layers.RandomGaussianBlur((1.0, 1.0), (3, 5), (0.6, 0.6))(IMAGES[:1], training=True)[0]
    np.testing.assert_allclose(y, oracle.correlate(IMAGES[0], kernel), atol=1e-3)


def test_perspective_moves_corners_to_their_new_places():
    drawn = {"apply_perspective": CHOSEN, "start_points": CORNERS, "end_points": MOVED, **SHAPE}
    y = layers.RandomPerspective(fill_value=-5.0).transform_images(IMAGES, drawn)
    for i, (x, result) in enumerate(zip(IMAGES, y, strict=True)):
        rows = []
        for (u, v), (a, b) in zip(CORNERS[i], MOVED[i], strict=True):
            rows += [[a, b, 1, 0, 0, 0, -u * a, -u * b, u], [0, 0, 0, a, b, 1, -v * a, -v * b, v]]
        matrix = np.array(rows)
        numbers = [*np.linalg.solve(matrix[:, :8], matrix[:, 8]), 1]
        wanted = np.empty(x.shape)
        for row, column in np.ndindex(HEIGHT, WIDTH):
            across, down, scale = np.reshape(numbers, (3, 3)) @ (column, row, 1)
            wanted[row, column] = oracle.sample(x, down / scale, across / scale, -5.0)
        np.testing.assert_allclose(result, wanted if CHOSEN[i] else x, atol=5e-3)


@pytest.mark.parametrize("name", RANDOM)
def test_transformations_differ_by_image_and_call_but_not_by_seed(name):
    layer, again, other = made(name, seed=1), made(name, seed=1), made(name, seed=2)
    first, second = layer(IMAGES, training=True), layer(IMAGES, training=True)
    np.testing.assert_array_equal(first, again(IMAGES, training=True))
    assert any((first != each).any() for each in (second, layer(IMAGES, training=True), layer(IMAGES, training=True)))
    assert any((layer(IMAGES, training=True) != other(IMAGES, training=True)).any() for _ in range(3))
    if name != "RandomCrop":
        np.testing.assert_array_equal(layer(IMAGES, training=False), IMAGES)
    if name not in ("AugMix", "RandAugment", "CutMix", "MixUp", "RandomGaussianBlur"):
        same = np.repeat(IMAGES[:1], 16, 0)
        y = layer(same, training=True)
        assert (y != y[:1]).any()


@pytest.mark.parametrize("name", ALL)
def test_one_image_and_channels_first_give_the_same(name):
    seed = {"seed": 3} if name in RANDOM else {}
    batch = made(name, **seed)(IMAGES[:1], training=True)
    if name not in ("CutMix", "MixUp"):  # One image has none to be mixed with.
        np.testing.assert_array_equal(made(name, **seed)(IMAGES[0], training=True), batch[0])
    first = made(name, data_format="channels_first", **seed)(np.moveaxis(IMAGES[:1], -1, 1), training=True)
    np.testing.assert_allclose(np.moveaxis(first, 1, -1), batch, atol=1e-4)
    assert made(name, data_format="channels_first").compute_output_shape((None, 3, HEIGHT, WIDTH)) == (
        None, 3, *batch.shape[1:3]
    )  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_images_of_8_bits_give_floats(name):
    x = IMAGES.astype(np.uint8)
    seed = {"seed": 3} if name in RANDOM else {}
    y = made(name, **seed)(x, training=True)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, made(name, **seed)(x.astype(np.float32), training=True))


@pytest.mark.parametrize("name", ALL)
def test_layers_come_back_from_files(name, tmp_path):
    seed = {"seed": 3} if name in RANDOM else {}
    model = striate.Sequential([striate.Input((HEIGHT, WIDTH, 3)), made(name, bounding_box_format="xyxy", **seed)])
    model.save(tmp_path / "model.keras")
    loaded = striate.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(model.predict(IMAGES), loaded.predict(IMAGES))
    again = type(model.layers[0]).from_config(model.layers[0].get_config())
    assert again.get_config() == model.layers[0].get_config() == loaded.layers[0].get_config()


@pytest.mark.parametrize("name", RANDOM)
def test_models_train_with_augmentation_to_the_same_bits_with_any_number_of_threads(name):
    weights = []
    for threads in (1, 2):
        with striate.threads.num_threads(threads):
            network = [made(name), layers.Rescaling(1 / 255), layers.GlobalAveragePooling2D(), layers.Dense(2)]
            model = striate.Sequential([striate.Input((HEIGHT, WIDTH, 3)), *network], rng=0)
            model.compile("sgd", "mse")
            model.fit(IMAGES, np.eye(4, 2), epochs=2, batch_size=2, verbose=0)
        weights.append(model.get_weights()[0])
    np.testing.assert_array_equal(*weights)
    assert np.isfinite(weights[0]).all()


def boxes_of(*rows):
    return {"boxes": np.array([rows], np.float32), "labels": np.arange(1, len(rows) + 1)[np.newaxis]}


@pytest.mark.parametrize(
    ("layer", "transformation", "boxes", "labels"),
    [
        (layers.RandomFlip("horizontal"), {"flips": [[[[True]]]]}, [[4, 1, 7, 3], [0, 2, 2, 6]], [1, 2]),
        (layers.RandomFlip("vertical"), {"flips": [[[[True]]]]}, [[2, 4, 5, 6], [7, 1, 9, 5]], [1, 2]),
        (layers.RandomTranslation(1, 1), {"translations": [[3, -2]]}, [[5, 0, 8, 1], [9, 0, 9, 4]], [1, -1]),
        (layers.RandomZoom(0.5), {"height_zoom": [[0.5]], "width_zoom": [[0.5]]}, [[0, 0, 6, 3], [9, 1, 9, 7]], [1, -1]),
        (layers.RandomRotation(0.5), {"angle": [180.0]}, [[3, 3, 6, 5], [0, 0, 1, 4]], [1, 2]),
        (layers.Resizing(14, 18), {}, [[4, 2, 10, 6], [14, 4, 18, 12]], [1, 2]),
        (layers.Resizing(7, 7, crop_to_aspect_ratio=True), {}, [[1, 1, 4, 3], [6, 2, 7, 6]], [1, 2]),
        (layers.Resizing(9, 9, pad_to_aspect_ratio=True), {}, [[2, 2, 5, 4], [7, 3, 9, 7]], [1, 2]),
        (layers.CenterCrop(3, 5), {}, [[0, 0, 3, 1], [5, 0, 5, 3]], [1, -1]),
        (layers.RandomCrop(4, 4), {"top": [2], "left": [5]}, [[0, 0, 0, 1], [2, 0, 4, 4]], [-1, 2]),
        (layers.MaxNumBoundingBoxes(1), {}, [[2, 1, 5, 3]], [1]),
        (layers.MaxNumBoundingBoxes(3), {}, [[2, 1, 5, 3], [7, 2, 9, 6], [-1] * 4], [1, 2, -1]),
        (layers.RandomInvert(), {"apply_inversion": [True]}, [[2, 1, 5, 3], [7, 2, 9, 6]], [1, 2]),
    ],
)
@pytest.mark.parametrize("form", ["xyxy", "rel_center_xywh", "center_yxhw"])
def test_boxes_move_with_images(layer, transformation, boxes, labels, form):
    config = {**layer.get_config(), "bounding_box_format": form}
    if form != "xyxy" and isinstance(layer, layers.MaxNumBoundingBoxes):
        pytest.skip("Coordinates of added boxes are the same in every format.")
    given = boxes_of([2, 1, 5, 3], [7, 2, 9, 6])
    size, new_size = (HEIGHT, WIDTH), layer.compute_output_shape((1, HEIGHT, WIDTH, 3))[1:3]
    given["boxes"] = striate.detection.convert_boxes(given["boxes"][0], "xyxy", form, size)[np.newaxis]
    moved = type(layer).from_config(config).transform_bounding_boxes(given, {**transformation, "input_shape": (1, *size, 3)})
    got = striate.detection.convert_boxes(moved["boxes"][0], form, "xyxy", new_size)
    np.testing.assert_allclose(got, np.array(boxes, float), atol=1e-4)
    np.testing.assert_array_equal(moved["labels"], [labels])


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("name", [name for name in ALL if name not in ("MixUp", "CutMix", "RandomElasticTransform")])
def test_all_entries_of_a_dict_are_transformed_alike(name, single):
    seed = {"seed": 5} if name in RANDOM else {}
    masks = (IMAGES[..., :1] > 99).astype(np.uint8) * 4
    boxes = {"boxes": np.tile(np.float32([[2, 1, 5, 3], [0, 0, 9, 7]]), (BATCH, 1, 1)), "labels": np.tile([3, 4], (BATCH, 1))}
    data = {"images": IMAGES, "labels": np.eye(BATCH), "segmentation_masks": masks, "bounding_boxes": boxes, "name": "x"}
    if single:
        data = {key: value[0] if isinstance(value, np.ndarray) else value for key, value in data.items()}
        data["bounding_boxes"] = {key: value[0] for key, value in boxes.items()}
    before = data["images"].copy()
    layer = made(name, bounding_box_format="xyxy", **seed)
    result = layer(data, training=True)
    np.testing.assert_array_equal(data["images"], before)
    np.testing.assert_array_equal(result["images"], made(name, **seed)(data["images"], training=True))
    assert result["name"] == "x"
    np.testing.assert_array_equal(result["labels"], data["labels"])
    mask = result["segmentation_masks"]
    assert mask.dtype == np.uint8
    assert set(np.unique(mask)) <= {0, 4}
    assert mask.shape[:-1] == result["images"].shape[:-1]
    count = layer.max_number if name == "MaxNumBoundingBoxes" else 2
    assert result["bounding_boxes"]["boxes"].shape[-2:] == (count, 4)
    assert result["bounding_boxes"]["labels"].shape[-1] == count
    assert (np.array(list(result)) == list(data)).all()


def test_masks_and_boxes_stay_with_what_they_mark():
    square = np.zeros((1, 20, 20, 1), np.float32)
    square[:, 5:9, 4:12] = 1
    boxes = {"boxes": np.float32([[[4, 5, 12, 9]]]), "labels": np.array([[7]])}
    data = {"images": square, "segmentation_masks": square.astype(np.int32), "bounding_boxes": boxes}
    moving = {
        "RandomFlip": {}, "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.2, "fill_mode": "constant"},
        "RandomCrop": {"height": 16, "width": 17}, "RandomZoom": {"height_factor": (-0.2, 0.3), "fill_mode": "constant"},
        "RandomRotation": {"factor": 0.1, "fill_mode": "constant"}, "RandomPerspective": {"scale": 0.3},
    }  # fmt: skip
    for name, arguments in moving.items():
        layer = getattr(layers, name)(**arguments, bounding_box_format="xyxy", seed=0)
        for _ in range(5):
            result = layer(data, training=True)
            rows, columns = np.nonzero(result["segmentation_masks"][0, :, :, 0])
            left, top, right, bottom = result["bounding_boxes"]["boxes"][0, 0]
            assert left - 1 <= columns.min() <= columns.max() <= right  # Pixels are areas of size 1.
            assert top - 1 <= rows.min() <= rows.max() <= bottom
            assert (right - left) - (columns.max() + 1 - columns.min()) < 4
            if name in ("RandomFlip", "RandomCrop"):  # Others interpolate images, but not masks.
                np.testing.assert_array_equal(result["segmentation_masks"], result["images"])


@pytest.mark.parametrize("name", ["MixUp", "CutMix"])
def test_labels_are_mixed_as_images_are(name):
    x = np.tile(np.arange(6, dtype=np.float32).reshape(-1, 1, 1, 1), (1, 32, 32, 3))
    layer = getattr(layers, name)(1.0, seed=0)
    for _ in range(4):
        result = layer({"images": x, "labels": np.eye(6)}, training=True)
        np.testing.assert_allclose(result["labels"].sum(1), 1)
        means = result["images"].mean((1, 2, 3))
        if name == "MixUp":
            np.testing.assert_allclose(result["labels"] @ np.arange(6), means, rtol=1e-5)
        else:
            drawn = layer.get_random_transformation(x)
            mixed = layer.transform_images(x, drawn)
            assert set(np.unique(mixed)) <= set(range(6))
            areas = drawn["batch_masks"].mean((1, 2, 3))
            np.testing.assert_allclose(1 - drawn["mix_weight"], areas, atol=2.1 / 32)  # Pixels count as a whole.
    alone = layer({"images": x[0], "labels": np.eye(6)[0]}, training=True)
    np.testing.assert_array_equal(alone["images"], x[0])
    np.testing.assert_array_equal(alone["labels"], np.eye(6)[0])
    for indices in (np.arange(6), np.arange(6)[:, np.newaxis]):
        with pytest.raises(ValueError, match="indices of classes; expected vectors over the classes"):
            layer({"images": x, "labels": indices}, training=True)
    with pytest.raises(NotImplementedError, match="expected images and labels"):
        layers.CutMix(bounding_box_format="xyxy")({"images": x, "bounding_boxes": boxes_of([0, 0, 1, 1])})


def test_weights_and_probabilities_have_the_ranges_of_their_factors():
    many = np.zeros((2000, 4, 4, 3), np.float32)
    ranges = [
        (layers.RandomBrightness((-0.1, 0.3)), "rgb_delta", -25.5, 76.5),
        (layers.RandomContrast((0.2, 0.4)), "contrast_factor", 0.8, 1.4),
        (layers.RandomSharpness((0.2, 0.6)), "factor", 0.2, 0.6),
        (layers.RandomColorDegeneration(0.3), "factor", -0.3, 0.3),
        (layers.RandomHue(0.4), "factor", -0.2, 0.2),
        (layers.RandomPosterization((2, 5)), "shift_factor", 4, 6),
        (layers.RandomRotation(0.25), "angle", -90, 90),
        (layers.RandomTranslation(0.5, 0.5), "translations", -2, 2),
        (layers.Solarization(0.2, 0.4), "thresholds", 0, 102),
        (layers.RandomShear(0.3, 0.3), "shear_factor", -0.3, 0.3),
        (layers.RandomZoom((-0.2, 0.4)), "height_zoom", 0.8, 1.4),
        (layers.MixUp(1.0), "mix_weight", 0, 1),
    ]
    for layer, key, low, high in ranges:
        drawn = np.asarray(layer.get_random_transformation(many, seed=0)[key], float)
        assert low <= drawn.min() < low + 0.02 * (high - low)
        assert high >= drawn.max() > high - 0.02 * (high - low)
    chosen = [
        (layers.RandomInvert((0.3, 0.3)), "apply_inversion"),
        (layers.RandomGaussianBlur((0.3, 0.3)), "should_apply_blur"),
        (layers.RandomErasing((0.3, 0.3)), "apply_erasing"),
        (layers.RandomPerspective((0.3, 0.3)), "apply_perspective"),
        (layers.RandomElasticTransform((0.3, 0.3)), "apply_transform"),
        (layers.RandomGrayscale(0.3), "should_apply"),
    ]
    for layer, key in chosen:
        assert layer.get_random_transformation(many, seed=0)[key].mean() == pytest.approx(0.3, abs=0.04)
        assert layer.get_random_transformation(many, training=False) is None


def test_elastic_transforms_are_smooth_and_as_strong_as_told():
    ramp = np.tile(np.arange(40, dtype=np.float32)[:, np.newaxis, np.newaxis], (1, 40, 1))[np.newaxis]
    layer = layers.RandomElasticTransform((1.0, 1.0), fill_mode="nearest")
    shifts = [
        np.abs(
            layer.transform_images(ramp, {"apply_transform": [True], "distortion_factor": strength, "seed": 1}) - ramp
        ).mean()
        for strength in (0.1, 0.4, 0.8)
    ]
    assert 0 < shifts[0] < shifts[1] < shifts[2] < 10
    y = layer.transform_images(ramp, {"apply_transform": [True], "distortion_factor": 0.8, "seed": 1})[0, :, :, 0]
    assert np.abs(np.diff(y, axis=1)).max() < 8
    drawn = {"apply_transform": [False], "distortion_factor": 0.8, "seed": 1}
    np.testing.assert_array_equal(layer.transform_images(ramp, drawn), ramp)


@pytest.mark.parametrize("fill_mode", ["constant", "nearest", "reflect", "wrap"])
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
def test_sampling_at_places_agrees_with_sampling_under_affine_maps(interpolation, fill_mode):
    from striate.functional.resampling import resample2d, sample_at, sample_at_gradient

    x = np.random.default_rng(0).random((2, 5, 6, 3))
    matrices = np.array([[1.1, 0.3, -2.0, -0.2, 0.9, 1.5], [0.3, 0, 4, 0, 2.1, -3]])
    columns, rows = np.meshgrid(np.arange(7), np.arange(4))
    across, down = (np.stack([m[i] * columns + m[i + 1] * rows + m[i + 2] for m in matrices]) for i in (0, 3))
    coordinates = np.stack([down, across], 1)
    y = sample_at(x, coordinates, interpolation, fill_mode, 0.5)
    np.testing.assert_allclose(y, resample2d(x, matrices, (4, 7), interpolation, fill_mode, 0.5), atol=1e-12)
    dy = np.random.default_rng(1).random(y.shape)
    dx = sample_at_gradient(dy, x.shape, coordinates, interpolation, fill_mode)
    zero = sample_at(np.zeros_like(x), coordinates, interpolation, fill_mode, 0.5)
    assert (dx * x).sum() == pytest.approx((dy * (y - zero)).sum(), rel=1e-10)


@pytest.mark.parametrize("layer", [layers.Equalization(), layers.ContrastLimitedAdaptiveHistogramEqualization()])
def test_equalization_passes_nan_on(layer):
    x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    x[0, 2, 3] = np.nan
    y = layer(x, training=True)
    np.testing.assert_array_equal(np.isnan(y), np.isnan(x))


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (4, 1)])
def test_images_of_one_row_or_column_have_a_perspective(size):
    x = np.ones((2, *size, 3), np.float32)
    y = layers.RandomPerspective(seed=0, fill_value=1.0)(x, training=True)
    np.testing.assert_allclose(y, x, rtol=1e-6)


def test_gradients_pass_perspective_but_not_equalization():
    for layer, changes in ((layers.RandomPerspective(), True), (layers.Equalization(), False)):
        x = striate.Input((HEIGHT, WIDTH, 3))
        kernel = layers.Conv2D(3, 1, kernel_initializer="ones", use_bias=False)
        model = striate.Model(x, layers.GlobalAveragePooling2D()(layer(kernel(x))), rng=0)
        model.compile(striate.optimizers.SGD(1e-6), "mse")
        before = model.get_weights()[0].copy()
        model.fit(IMAGES, np.zeros((BATCH, 3)), epochs=1, verbose=0)
        assert (model.get_weights()[0] != before).any() == changes


def test_a_loader_may_transform_its_batches():
    mix = layers.MixUp(seed=0)
    x, y = IMAGES / 255, np.eye(BATCH, dtype=np.float32)

    def batches():
        for images, labels in DataLoader((x, y), batch_size=2, rng=0):
            mixed = mix({"images": images, "labels": labels}, training=True)
            yield mixed["images"], mixed["labels"]

    model = striate.Sequential([striate.Input((HEIGHT, WIDTH, 3)), layers.Flatten(), layers.Dense(BATCH, "softmax")], rng=0)
    model.compile("adam", "categorical_crossentropy")
    history = model.fit(batches(), epochs=1, verbose=0)
    assert np.isfinite(history.history["loss"]).all()


def test_policies_choose_different_augmentations():
    layer = layers.RandAugment(num_ops=2, seed=0)
    drawn = [layer.get_random_transformation(IMAGES) for _ in range(60)]
    chosen = {name for each in drawn for name in each["transforms"]}
    assert len(chosen) == 11
    assert all(len(each["layer_idxes"]) == 2 for each in drawn)
    some = layers.AugMix(all_ops=False, seed=0)
    names = {
        step["layer_name"]
        for _ in range(40)
        for chain in some.get_random_transformation(IMAGES)["chain_transforms"]
        for step in chain
    }
    assert len(names) == 7
    assert "random_brightness" not in names
    weights = layers.AugMix(seed=0).get_random_transformation(IMAGES)["chain_mixing_weights"]
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_array_equal(layers.RandAugment(num_ops=0)(IMAGES), IMAGES)


class TestPipeline:
    def test_layers_apply_in_turn_to_arrays_images_and_dicts(self):
        pipeline = layers.Pipeline([layers.CenterCrop(5, 5), layers.RandomInvert((1.0, 1.0)), layers.Rescaling(2.0)])
        wanted = 2 * (255 - IMAGES[:, 1:6, 2:7])
        np.testing.assert_allclose(pipeline(IMAGES), wanted)
        np.testing.assert_allclose(pipeline(IMAGES[0]), wanted[0])
        np.testing.assert_allclose(pipeline(IMAGES, training=False), 2 * IMAGES[:, 1:6, 2:7])
        images = layers.Pipeline(pipeline.layers[:2])({"images": IMAGES, "labels": [0] * 4})
        np.testing.assert_allclose(images["images"], wanted / 2)

    def test_it_is_saved_with_its_layers(self, tmp_path):
        pipeline = layers.Pipeline([layers.Resizing(4, 4), layers.Dense(2)], name="prepare")
        model = striate.Sequential([striate.Input((HEIGHT, WIDTH, 3)), pipeline], rng=0)
        assert model.output_shape == (None, 4, 4, 2)
        model.save(tmp_path / "model.keras")
        loaded = striate.models.load_model(tmp_path / "model.keras")
        np.testing.assert_array_equal(loaded.predict(IMAGES), model.predict(IMAGES))
        assert [type(each) for each in loaded.layers[0].layers] == [layers.Resizing, layers.Dense]

    def test_bad_layers_are_refused(self):
        with pytest.raises(TypeError, match=r"layers\[1\]='flip' is of type str; expected a layer"):
            layers.Pipeline([layers.Resizing(4, 4), "flip"])
        with pytest.raises(ValueError, match="no list of layers"):
            layers.Pipeline.from_config({"name": "x"})


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: layers.RandomFlip(bounding_box_format="corners"), ValueError, "bounding_box_format='corners'"),
        (lambda: layers.RandomFlip()({"labels": [1]}), ValueError, "got a dict without 'images'"),
        (
            lambda: layers.RandomFlip()({"images": IMAGES, "bounding_boxes": boxes_of([0, 0, 1, 1])}),
            ValueError,
            "no bounding_box_format; expected one, such as 'xyxy'",
        ),
        (
            lambda: layers.RandomFlip(bounding_box_format="xyxy")({"images": IMAGES, "bounding_boxes": [[0, 0, 1, 1]]}),
            ValueError,
            "is not a dict of 'boxes' and 'labels'",
        ),
        (lambda: layers.RandomFlip()({"images": IMAGES[0, 0]}), ValueError, "expected 3 dimensions"),
        (lambda: layers.RandomGaussianBlur(kernel_size=4), ValueError, "kernel_size=4 is even"),
        (lambda: layers.RandomPosterization(9), ValueError, r"factor\[0\]=9 .* at most 8"),
        (lambda: layers.MixUp(0), ValueError, "alpha=0"),
        (lambda: layers.RandomShear(1.5), ValueError, "x_factor=1.5 .* at most 1"),
        (lambda: layers.RandomPerspective(scale=2), ValueError, "scale=2"),
        (lambda: layers.RandomSharpness(-0.1), ValueError, "factor=-0.1"),
        (lambda: layers.AutoContrast(value_range=(0, 1, 2)), ValueError, "value_range=.* has 3 elements"),
        (lambda: layers.RandomColorDegeneration(0.5)(IMAGES[..., :1]), ValueError, "expected 3 channels"),
        (lambda: layers.RandAugment(interpolation="cubic"), ValueError, "interpolation='cubic'"),
        (lambda: layers.RandomElasticTransform().transform_bounding_boxes({}, {}), NotImplementedError, "cannot be deformed"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (layers.Resizing(4, 5), (8, 6, 3), (4, 5, 3)),
        (layers.CenterCrop(4, 5, data_format="channels_first"), (3, 8, 6), (3, 4, 5)),
        (layers.RandomFlip(), (8, 6, 3), (8, 6, 3)),
    ],
)
def test_a_symbolic_tensor_may_be_one_image(layer, shape, expected):
    images = striate.Input(shape)
    assert layer.compute_output_shape(shape) == layer(images[0]).shape == expected
    layer.build(shape)
    model = striate.Model(images, layer(images) + layer(images[1]))
    x = RNG.random((2, *shape), dtype=np.float32)
    y = layer(x, training=False)
    np.testing.assert_array_equal(model(x, training=False), y + y[1])


def test_images_without_channels_are_refused():
    with pytest.raises(ValueError, match=r"\(None, 28, 28\), 3 dimensions; expected 4: \(batch, height, width, channels\)"):
        layers.RandomFlip()(striate.Input((28, 28)))
    with pytest.raises(ValueError, match=r"\(None, 28, 28\), 3 dimensions; expected 4"):
        striate.Sequential([layers.Resizing(14, 14), layers.Flatten()]).predict(np.ones((4, 28, 28)))

"""Images in files, and folders of them as data sets."""

import inspect
import io
import os

import numpy as np
import pytest

import striate
from striate import layers, utils


@pytest.fixture
def folder(tmp_path):
    image = pytest.importorskip("PIL.Image")
    rng = np.random.default_rng(0)
    for label, kind in enumerate(("cats", "dogs")):
        (tmp_path / kind).mkdir()
        for i in range(5):
            pixels = rng.integers(0, 100, (12 + i, 20, 3)).astype(np.uint8) + 150 * label
            image.fromarray(pixels.astype(np.uint8)).save(tmp_path / kind / f"{i}.png")
    (tmp_path / "cats" / "notes.txt").write_text("no image")
    return tmp_path


def test_image_dataset_from_directory_reads_folders(folder, capsys):
    loader = utils.image_dataset_from_directory(folder, image_size=(8, 10), batch_size=4, shuffle=False)
    assert capsys.readouterr().out == "Found 10 images of 2 classes.\n"
    assert loader.class_names == ["cats", "dogs"]
    assert len(loader.file_paths) == 10
    batches = list(loader)
    assert [x.shape for x, _ in batches] == [(4, 8, 10, 3), (4, 8, 10, 3), (2, 8, 10, 3)]
    assert np.concatenate([y for _, y in batches]).tolist() == [0] * 5 + [1] * 5
    x = np.concatenate([x for x, _ in batches])
    assert x.dtype == np.float32
    assert x[:5].max() < 150 < x[5:].min()


def test_a_network_learns_folders(folder):
    training, validation = utils.image_dataset_from_directory(
        folder, label_mode="categorical", image_size=(8, 8), validation_split=0.4, subset="both", seed=1, verbose=False
    )
    assert not set(training.file_paths) & set(validation.file_paths)
    assert len(training.file_paths) == 6
    model = striate.Sequential(
        [
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, activation="tanh"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, "softmax"),
        ],
        rng=0,
    )
    model.compile(striate.optimizers.Adam(0.05), "categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(training, validation_data=validation, epochs=30, verbose=0)
    assert history.history["val_accuracy"][-1] == 1


def test_image_datasets_have_the_modes_of_keras(folder):
    read = {"image_size": (6, 6), "verbose": False, "shuffle": False}
    (x, y), *_ = utils.image_dataset_from_directory(folder, label_mode="binary", color_mode="grayscale", batch_size=10, **read)
    assert x.shape == (10, 6, 6, 1)
    np.testing.assert_array_equal(y[:, 0], [0] * 5 + [1] * 5)
    (x, *_) = utils.image_dataset_from_directory(folder, labels=None, batch_size=10, crop_to_aspect_ratio=True, **read)
    assert x.shape == (10, 6, 6, 3)
    ((_, y), *_) = utils.image_dataset_from_directory(folder, class_names=["dogs"], **read)
    assert y.tolist() == [0] * 5
    ((_, y), *_) = utils.image_dataset_from_directory(folder, labels=[3] * 10, **read)
    assert set(y.tolist()) == {3}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"class_names": ["cows"]}, ValueError, r"class_names holds \['cows'\]"),
        ({"labels": [1, 2]}, ValueError, "labels has 2 elements"),
        ({"validation_split": 0.2}, ValueError, "belong together"),
        ({"validation_split": 0.2, "subset": "training"}, ValueError, "seed is None"),
        ({"validation_split": 0.01, "subset": "training", "seed": 1}, ValueError, "leaves one part empty"),
        ({"label_mode": "words"}, ValueError, "label_mode='words'"),
        ({"directory": "nowhere"}, FileNotFoundError, "directory='nowhere'"),
        (
            {"interpolation": "cubic", "crop_to_aspect_ratio": True},
            ValueError,
            "interpolation='cubic' is unknown; expected one of",
        ),
        ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, ValueError, "exclude each other"),
        ({"data_format": "first"}, ValueError, "data_format='first' is unknown; expected one of None, 'channels_last'"),
        ({"format": "torch"}, ValueError, "format='torch' is unknown; expected one of 'tf', 'grain'"),
    ],
)
def test_bad_arguments_are_refused(folder, arguments, error, message):
    with pytest.raises(error, match=message):
        utils.image_dataset_from_directory(**{"directory": folder, "verbose": False, **arguments})


def test_images_are_the_same_in_files_and_arrays(tmp_path):
    pytest.importorskip("PIL.Image")
    x = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype("float32")
    utils.save_img(tmp_path / "x.png", x, scale=False)
    np.testing.assert_array_equal(utils.img_to_array(utils.load_img(tmp_path / "x.png")), x)
    assert utils.img_to_array(utils.load_img(tmp_path / "x.png", "grayscale", (4, 3))).shape == (4, 3, 1)
    assert utils.img_to_array(utils.array_to_img(np.array([[[0.0], [0.5]]]))).tolist() == [[[0.0], [255.0]]]
    with pytest.raises(ValueError, match="expected \\(height, width, channels\\)"):
        utils.array_to_img(np.zeros((3, 3)))
    with pytest.raises(ValueError, match=r"x has shape \(5, 7, 3\); expected \(channels, height, width\)"):
        utils.array_to_img(x, "channels_first")


def test_grey_images_of_16_bits_keep_them(tmp_path):
    image = pytest.importorskip("PIL.Image")
    values = np.array([[0, 100, 256, 5000, 65535]], np.uint16)
    image.fromarray(values).save(tmp_path / "x.png")
    found = utils.img_to_array(utils.load_img(tmp_path / "x.png", "grayscale"))
    np.testing.assert_array_equal(found[..., 0], values)
    np.testing.assert_array_equal(
        utils.img_to_array(utils.load_img(tmp_path / "x.png", "grayscale", (2, 10)))[..., 0], values.repeat(2, 0).repeat(2, 1)
    )
    np.testing.assert_array_equal(utils.img_to_array(utils.load_img(tmp_path / "x.png")), values[..., None].repeat(3, 2) // 257)
    utils.save_img(tmp_path / "y.png", found, scale=False)
    np.testing.assert_array_equal(utils.img_to_array(utils.load_img(tmp_path / "y.png", "grayscale")), found)
    (x, _), *_ = utils.image_dataset_from_directory(
        tmp_path, labels=[0, 0], color_mode="grayscale", image_size=(1, 5), shuffle=False, verbose=False
    )
    np.testing.assert_array_equal(x[0, ..., 0], values)


def test_images_of_more_than_16_bits_are_not_scaled(tmp_path):
    image = pytest.importorskip("PIL.Image")
    whole = np.array([[0, 100, 200, 255, 3, 1000, 70000, -5]], np.int32)
    image.fromarray(whole).save(tmp_path / "x.tiff")
    np.testing.assert_array_equal(utils.load_img(tmp_path / "x.tiff", "grayscale"), whole)
    for mode in ("rgb", "rgba"):
        found = np.asarray(utils.load_img(tmp_path / "x.tiff", mode))[..., :3]
        np.testing.assert_array_equal(found, np.clip(whole, 0, 255)[..., None].repeat(3, 2))
    real = np.array([[0, 100.5, 256, 5000, 65535]], np.float32)
    image.fromarray(real).save(tmp_path / "y.tiff")
    np.testing.assert_array_equal(utils.load_img(tmp_path / "y.tiff", "grayscale"), real)
    with pytest.raises(ValueError, match=r"y\.tiff.*floating-point numbers; expected integers for color_mode='rgb'"):
        utils.load_img(tmp_path / "y.tiff")


@pytest.mark.parametrize("ending", ["png", "tiff", "pgm"])
def test_images_of_16_bits_stay_within_them(tmp_path, ending):
    image = pytest.importorskip("PIL.Image")
    values = np.zeros((8, 8), np.uint16)
    values[2:5, 3:6] = 65535
    path = tmp_path / f"x.{ending}"
    image.fromarray(values).save(path)
    np.testing.assert_array_equal(utils.load_img(path, "grayscale"), values)
    np.testing.assert_array_equal(np.asarray(utils.load_img(path))[..., 0], values // 257)
    for interpolation in ("bicubic", "lanczos"):
        for keep in (False, True):
            large = np.asarray(utils.load_img(path, "grayscale", (21, 17), interpolation, keep))
            assert large.shape == (21, 17)
            assert (large.min(), large.max()) == (0, 65535)


def test_hidden_folders_are_not_classes(folder):
    for hidden in (folder / ".ipynb_checkpoints", folder / "cats" / ".trash"):
        hidden.mkdir()
        (hidden / "0.png").write_bytes((folder / "cats" / "0.png").read_bytes())
    (folder / "dogs" / "._0.png").write_bytes(b"what macOS leaves")
    for labels, count in (("inferred", 10), (None, 10)):
        loader = utils.image_dataset_from_directory(folder, labels=labels, label_mode=None, verbose=False)
        assert len(loader.file_paths) == count
    assert utils.image_dataset_from_directory(folder, verbose=False).class_names == ["cats", "dogs"]


@pytest.mark.parametrize(
    "name",
    ["load_img", "img_to_array", "array_to_img", "save_img", "image_dataset_from_directory", "to_categorical", "normalize"],
)
def test_arguments_are_in_the_order_of_keras(name):
    keras = pytest.importorskip("keras")
    ours, theirs = (list(inspect.signature(getattr(room, name)).parameters.values()) for room in (utils, keras.utils))
    assert [each.name for each in ours if each.kind is not each.VAR_KEYWORD] == [
        each.name for each in theirs if each.kind is not each.VAR_KEYWORD
    ]
    assert [each.default for each in ours] == [each.default for each in theirs]


@pytest.mark.parametrize("shape", [(9, 13), (16, 5)])
@pytest.mark.parametrize("size", [(6, 6), (4, 9), (20, 30)])
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"])
def test_images_are_those_of_keras(tmp_path, shape, size, interpolation):
    keras = pytest.importorskip("keras")
    pytest.importorskip("PIL.Image")
    x = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype("float32")
    path = tmp_path / "x.bmp"
    utils.save_img(path, x.transpose(2, 0, 1), "channels_first", "png", scale=False)  # png, whatever the name says
    assert path.read_bytes()[1:4] == b"PNG"
    for keep in (False, True):
        ours, theirs = (room.load_img(path, "rgb", size, interpolation, keep) for room in (utils, keras.utils))
        for data_format in (None, "channels_last", "channels_first"):
            for dtype in (None, "uint8"):
                got, want = (room.img_to_array(ours, data_format, dtype) for room in (utils, keras.utils))
                np.testing.assert_array_equal(got, want)
                assert got.dtype == want.dtype
                again, other = (room.array_to_img(got, data_format, False, dtype) for room in (utils, keras.utils))
                np.testing.assert_array_equal(np.asarray(again), np.asarray(other))
        np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs))


def test_jpeg_leaves_out_the_alpha_channel(tmp_path):
    x = np.full((4, 6, 4), 200.0)
    with pytest.warns(UserWarning, match=r"x has shape \(4, 6, 4\), and JPEG no alpha channel, which is left out"):
        utils.save_img(tmp_path / "x.jpg", x, scale=False)
    assert utils.load_img(tmp_path / "x.jpg", "rgba").mode == "RGBA"
    np.testing.assert_allclose(utils.img_to_array(utils.load_img(tmp_path / "x.jpg")), x[..., :3], atol=2)


def test_images_are_padded_to_the_ratio(tmp_path):
    keras = pytest.importorskip("keras")
    pytest.importorskip("PIL.Image")
    x = np.random.default_rng(0).integers(0, 256, (4, 8, 3)).astype("float32")
    utils.save_img(tmp_path / "x.png", x, scale=False)
    for size in ((16, 16), (8, 8), (16, 8)):
        want = keras.ops.image.resize(x, size, "nearest", pad_to_aspect_ratio=True)
        for data_format, axes in ((None, (0, 1, 2)), ("channels_first", (2, 0, 1))):
            (got, *_) = utils.image_dataset_from_directory(
                tmp_path, None, image_size=size, interpolation="nearest", pad_to_aspect_ratio=True, data_format=data_format,
                verbose=False,
            )  # fmt: skip
            np.testing.assert_array_equal(got[0], np.asarray(want).transpose(axes))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_links_and_pipes_among_images_are_not_followed_or_opened(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for place in ("whole", "whole/below"):
        (elsewhere / place).mkdir()
        utils.save_img(elsewhere / place / "x.png", np.zeros((4, 4, 3)), scale=False)
    (folder / "birds").symlink_to(elsewhere / "whole")
    (folder / "dogs" / "more").symlink_to(elsewhere / "whole")
    settings = {"image_size": (4, 4), "batch_size": 4, "shuffle": False, "verbose": False}
    for labels, count in (("inferred", 10), (None, 10)):
        batches = utils.image_dataset_from_directory(folder, labels, **settings)
        assert len(batches.file_paths) == count
    followed = utils.image_dataset_from_directory(folder, follow_links=True, **settings)
    assert followed.class_names == ["birds", "cats", "dogs"]
    assert len(followed.file_paths) == 14
    with pytest.raises(ValueError, match=r"class_names holds \['birds'\]; expected names of folders"):
        utils.image_dataset_from_directory(folder, class_names=["birds", "cats"], **settings)
    os.mkfifo(folder / "cats" / "pipe.png")
    with pytest.raises(ValueError, match=r"pipe\.png' is a pipe, device or socket; expected a regular file"):
        list(utils.image_dataset_from_directory(folder, **settings))


def test_broken_images_are_named(folder):
    path = folder / "cats" / "0.png"
    content = path.read_bytes()
    for broken in (b"", b"no image", content[: len(content) // 2], content[:41] + b"\xff" * 20 + content[61:]):
        path.write_bytes(broken)
        with pytest.raises(ValueError, match=r"cats.0\.png' is not an image, or is damaged"):
            utils.load_img(path)
        with pytest.raises(ValueError, match=r"cats.0\.png' is not an image, or is damaged"):
            list(utils.image_dataset_from_directory(folder, verbose=False))
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n")  # a program
    with pytest.raises(ValueError, match=r"cats.0\.png' is not an image"):
        utils.load_img(path)
    with pytest.raises(FileNotFoundError):
        utils.load_img(folder / "none.png")


def test_images_are_written_completely_or_not_at_all(tmp_path):
    pytest.importorskip("PIL.Image")
    path = tmp_path / "x.png"
    utils.save_img(path, np.zeros((4, 4, 3)), scale=False)
    content = path.read_bytes()
    with pytest.raises(ValueError, match=r"file_format='none' is unknown; expected one of .*'PNG'"):
        utils.save_img(path, np.zeros((4, 4, 3)), file_format="none")
    with pytest.raises(ValueError, match=r"x\.none' ends in '\.none'; expected the ending of an image format, or file_format"):
        utils.save_img(tmp_path / "x.none", np.zeros((4, 4, 3)))
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]
    memory = io.BytesIO()
    utils.save_img(memory, np.zeros((4, 4, 3)), file_format="jpg")
    assert memory.getvalue()[:2] == b"\xff\xd8"

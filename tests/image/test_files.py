"""Images in files: orientation, transparency, dtypes, and files that cannot be read."""

import io

import numpy as np
import pytest

from striate import image
from striate.image import files

image_module = pytest.importorskip("PIL.Image")

X = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)
ALPHA = np.random.default_rng(1).integers(0, 256, (5, 7, 4)).astype(np.uint8)


@pytest.mark.parametrize("ending", ["png", "bmp", "tiff", "ppm", "webp", "tga"])
def test_pixels_come_back(tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    image.write(path, X, **({"lossless": True} if ending == "webp" else {}))
    got = image.read(path)
    assert got.dtype == np.uint8
    assert got.flags.writeable
    assert got.flags.c_contiguous
    np.testing.assert_array_equal(got, X)
    np.testing.assert_array_equal(image.read(str(path), "gray"), image.to_grayscale(X))


def test_grey_and_binary_images_stay_what_they_are(tmp_path):
    path = tmp_path / "x.png"
    image.write(path, X[..., :1])
    np.testing.assert_array_equal(image.read(path), X[..., 0])
    np.testing.assert_array_equal(image.read(path, "rgb"), X[..., :1].repeat(3, 2))
    image.write(path, X[..., 0] > 99)
    got = image.read(path)
    assert got.dtype == bool
    np.testing.assert_array_equal(got, X[..., 0] > 99)
    np.testing.assert_array_equal(image.read(path, "gray"), 255 * (X[..., 0] > 99))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_images_are_turned_as_exif_says(tmp_path, orientation):
    exif = image_module.Exif()
    exif[0x0112] = orientation
    for ending in ("png", "jpg"):
        path = tmp_path / f"x.{ending}"
        picture = image_module.fromarray(X.repeat(8, 0).repeat(8, 1))
        picture.save(path, exif=exif, **({"quality": 100, "subsampling": 0} if ending == "jpg" else {}))
        upright = {
            1: X,
            2: X[:, ::-1],
            3: X[::-1, ::-1],
            4: X[::-1],
            5: X.transpose(1, 0, 2),
            6: np.rot90(X, -1),
            7: X[::-1, ::-1].transpose(1, 0, 2),
            8: np.rot90(X),
        }[orientation]
        got = image.read(path)[4::8, 4::8]
        np.testing.assert_allclose(got.astype(int), upright, atol=0 if ending == "png" else 3)


def test_alpha_is_kept_or_shows_the_background(tmp_path):
    path = tmp_path / "x.png"
    image.write(path, ALPHA)
    np.testing.assert_array_equal(image.read(path), ALPHA)
    np.testing.assert_array_equal(image.read(path, "rgba"), ALPHA)
    part = ALPHA[..., 3:] / 255
    for background in (255, 0, (10, 20, 200)):
        want = np.rint(part * ALPHA[..., :3] + (1 - part) * background)
        np.testing.assert_array_equal(image.read(path, "rgb", background), want)
        np.testing.assert_array_equal(image.read(path, "gray", background), image.to_grayscale(want.astype(np.uint8)))
    np.testing.assert_array_equal(image.read(path, "rgb"), image.read(path, "rgb", 255))
    image.write(path, X)
    np.testing.assert_array_equal(image.read(path, "rgba")[..., 3], 255)


def test_transparency_of_palettes_and_grey_is_alpha(tmp_path):
    path = tmp_path / "x.png"
    picture = image_module.new("P", (2, 1))
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.putdata([0, 1])
    picture.save(path)
    assert image.read(path).tolist() == [[[255, 0, 0], [0, 0, 255]]]
    picture.save(path, transparency=1)
    assert image.read(path).tolist() == [[[255, 0, 0, 255], [0, 0, 255, 0]]]
    assert image.read(path, "rgb").tolist() == [[[255, 0, 0], [255, 255, 255]]]
    image_module.fromarray(ALPHA[..., 2:]).save(path)
    np.testing.assert_array_equal(image.read(path), ALPHA[..., [2, 2, 2, 3]])


@pytest.mark.parametrize(
    ("values", "ending", "dtype"),
    [
        (np.array([[0, 100, 65535]], np.uint16), "png", np.float32),
        (np.array([[0, 100, 65535]], np.uint16), "tiff", np.float32),
        (np.array([[0, -5, 1 << 30]], np.int32), "tiff", np.float64),
        (np.array([[0.5, -1e9, 1e-9]], np.float32), "tiff", np.float32),
    ],
)
def test_deep_images_keep_their_values(tmp_path, values, ending, dtype):
    path = tmp_path / f"x.{ending}"
    image_module.fromarray(values).save(path)
    for mode in (None, "gray"):
        got = image.read(path, mode)
        assert got.dtype == dtype
        np.testing.assert_array_equal(got, values)
    with pytest.raises(ValueError, match=r"x\.\w+' is not an image.*more than 8 bits; expected mode=None or 'gray', not 'rgb'"):
        image.read(path, "rgb")


def test_file_objects_and_formats(tmp_path):
    file = io.BytesIO()
    image.write(file, X, "png")
    np.testing.assert_array_equal(np.asarray(image_module.open(io.BytesIO(file.getvalue()))), X)
    image.write(tmp_path / "photo", X, "JPG", quality=100)
    assert image.read(tmp_path / "photo").shape == X.shape


def test_damaged_files_are_named(tmp_path):
    path = tmp_path / "x.jpg"
    image.write(path, X.repeat(20, 0).repeat(20, 1))
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(ValueError, match=r"path='.*x\.jpg' is not an image, or is damaged"):
        image.read(path)
    path.write_text("no image")
    with pytest.raises(ValueError, match=r"path='.*x\.jpg' is not an image, or is damaged"):
        image.read(path)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        image.read(tmp_path / "nowhere.png")
    with pytest.raises(TypeError, match="path=None is of type NoneType; expected the path"):
        image.read(None)


def test_images_for_which_memory_is_missing_are_named(tmp_path, monkeypatch):
    path = tmp_path / "x.png"
    image.write(path, X)

    def fail(*arguments):
        raise MemoryError

    monkeypatch.setattr(files, "_pixels", fail)
    with pytest.raises(MemoryError, match=r"x\.png' has 5 x 7 pixels, for which there is not enough memory"):
        image.read(path)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((X.astype(np.float32),), TypeError, "image has dtype float32; expected an image of uint8 or bool .scale it to 0"),
        ((X[..., :2],), ValueError, r"image has shape \(5, 7, 2\), 2 channels; expected 1, 3 or 4"),
        ((X > 9,), TypeError, r"image has dtype bool and shape \(5, 7, 3\); expected an image of bool to be grey"),
        ((X[np.newaxis],), ValueError, "image has 4 dimensions"),
        ((X, "pngg"), ValueError, "file_format='pngg' is unknown"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, arguments, error, message):
    with pytest.raises(error, match=message):
        image.write(tmp_path / "x.png", *arguments)
    assert not list(tmp_path.iterdir())


def test_formats_that_cannot_hold_an_image_are_named(tmp_path):
    message = r"x\.jpg' cannot be written as JPEG of 5 x 7 pixels in mode 'RGBA' \(cannot write .*\); expected another format"
    with pytest.raises(ValueError, match=message):
        image.write(tmp_path / "x.jpg", ALPHA)
    with pytest.raises(ValueError, match=r"ends in '\.xyz'; expected the ending of an image format, or file_format"):
        image.write(tmp_path / "x.xyz", X)
    with pytest.raises(ValueError, match=r"path='' ends in ''; expected the ending of an image format, or file_format"):
        image.write(io.BytesIO(), X)
    with pytest.raises(ValueError, match=r"in mode 'RGB' with {'quality': 'best'} \(.*\); expected .* other settings"):
        image.write(tmp_path / "x.jpg", X, quality="best")
    with pytest.raises(FileNotFoundError, match=r"x\.jpg' cannot be written: there is no folder"):
        image.write(tmp_path / "nowhere" / "x.jpg", X)
    with pytest.raises(TypeError, match="path=3 is of type int; expected the path"):
        image.write(3, X)
    assert not list(tmp_path.iterdir())


def test_wrong_arguments_of_reading_are_refused(tmp_path):
    path = tmp_path / "x.png"
    image.write(path, ALPHA)
    with pytest.raises(ValueError, match="mode='RGB' is unknown; expected one of None, 'gray', 'rgb', 'rgba'"):
        image.read(path, "RGB")
    with pytest.raises(ValueError, match="background=256 is too large"):
        image.read(path, "rgb", 256)
    with pytest.raises(ValueError, match=r"background=\(1, 2\) has 2 elements; expected an integer, or three"):
        image.read(path, "rgb", (1, 2))

"""What is no image is refused by all functions of images, with an error that names the argument and what was expected."""

import inspect
import os
import re
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest

from striate import image

#: What must be given beside the image.
OTHERS = {
    "adaptive_threshold": (3,),
    "bilateral_filter": (1.0,),
    "canny": (0.1, 0.2),
    "convolve": ([[1, 2], [3, 4]],),
    "correlate": ([[1, 2], [3, 4]],),
    "crop": (3,),
    "fast": (0.1,),
    "resize": (5,),
    "rotate": (30,),
    "threshold": (0.5,),
    "warp_affine": ([[1, 0, 0], [0, 1, 0]],),
}
RANGES = {name: {"data_range": (0, 1)} for name in ("clahe", "equalize", "histogram", "orb", "sift")}

#: All functions that take an image first.
FUNCTIONS = [
    name
    for name in image.__all__
    if not isinstance(getattr(image, name), type)
    and {"image", "response"} & set(list(inspect.signature(getattr(image, name)).parameters)[:1])
]

NO_IMAGES = {
    "nothing": None,
    "a name": "photo.png",
    "bytes": b"photo",
    "a number": 3,
    "no axis": np.array(3.0),
    "one axis": np.zeros(5),
    "five axes": np.zeros((1, 2, 3, 3, 3)),
    "objects": np.array([[object()] * 3] * 3),
    "numbers as objects": np.array([[1, 2], [3, 4]], object),
    "complex numbers": np.zeros((5, 5), complex),
    "half precision": np.zeros((5, 5), np.float16),
    "texts": np.array([["a", "b"]]),
    "dates": np.zeros((5, 5), "M8[s]"),
    "records": np.zeros((5, 5), [("red", "f4")]),
    "lists of different lengths": [[1, 2], [3]],
    "a dict": {"a": 1},
    "no rows": np.zeros((0, 5), np.float32),
    "no columns": np.zeros((5, 0), np.float32),
    "no channels": np.zeros((5, 5, 0), np.float32),
    "an empty list": [],
}


def call(name, x):
    """Call a function with an image and what else it needs."""
    if name in ("sift", "orb"):
        pytest.importorskip("skimage")
    return getattr(image, name)(x, *OTHERS.get(name, ()), **RANGES.get(name, {}))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_no_image_is_refused(name):
    argument = next(iter(inspect.signature(getattr(image, name)).parameters))
    for what, x in NO_IMAGES.items():
        with pytest.raises((TypeError, ValueError), match=rf"^{argument}( has |=).*; expected ") as caught:
            call(name, x)
        assert caught.type is not TypeError or "dtype" in str(caught.value) or "type" in str(caught.value), what


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_computed_with_or_refused(name, value):
    """No warning, which the tests' settings make an error, and no error but one that names the image."""
    for shape in ((12, 13), (12, 13, 3)):
        x = np.full(shape, 0.5, np.float32)
        x[4, 5] = value
        try:
            call(name, x)
        except (TypeError, ValueError) as error:
            assert re.match(r"(image|response) (holds (nan|-?inf) at .*|has .*); expected ", str(error))  # noqa: PT017


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_batch_of_no_images_gives_none(name):
    try:
        result = call(name, np.zeros((0, 12, 13, 3), np.float32))
    except (TypeError, ValueError) as error:
        assert re.match(r"(image|response) has (4 dimensions|dtype float32).*; expected ", str(error))  # noqa: PT017
    else:
        assert len(result) == 0


LIMITED = """
import resource, sys
import numpy as np
import striate
from striate import image
striate.set_num_threads(1)
x = np.zeros((10_000, 10_000), np.uint8)
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (60 << 20),) * 2)
for function in (
    image.box_filter, image.median_filter, image.gaussian_filter, image.erode, lambda x: image.bilateral_filter(x, 9.0),
    lambda x: image.resize(x, 5000), lambda x: image.rotate(x, 30), image.equalize, image.clahe,
    lambda x: image.threshold(x, 9), lambda x: image.canny(x, 9, 20), image.harris, lambda x: image.fast(x, 9), image.hog,
    image.local_binary_pattern, lambda x: image.flip(x), lambda x: image.label(x.view(bool)), lambda x: image.blob_log(x),
):
    try:
        function(x)
        print("done")
    except MemoryError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_pictures_for_which_memory_is_missing():
    """The process goes on, and the error says how much was wanted, and for which array."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    found = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True, env=environment)
    lines = found.stdout.splitlines()
    assert len(lines) == 18
    for line in lines:
        assert re.match(r"Unable to allocate .*iB for an array with shape \(.*\) and data type \w+$", line), found.stdout


def png_of(height, width):
    """Return the beginning of a PNG file that promises an image of a size."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"is not an image, or is damaged \(.*\); expected an intact one"),
        (b"a text", r"is not an image, or is damaged \(.*\); expected an intact one"),
        (png_of(20, 30), r"is not an image, or is damaged \(.*\); expected an intact one"),
        (png_of(0, 30), r"is not an image, or is damaged \(.*\); expected an intact one"),
        (
            png_of(30_000, 30_000),
            r"is too large to be trusted \(.*900000000 pixels.*\); expected a smaller image, or a larger PIL",
        ),
        (png_of(1 << 30, 1 << 30), r"is too large to be trusted \(.*\); expected a smaller image, or a larger PIL"),
    ],
)
def test_files_that_hold_no_image(tmp_path, content, message):
    pytest.importorskip("PIL")
    path = tmp_path / "x.png"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"^path='.*x\.png' {message}"):
        image.read(path)


def test_jpeg_files_that_end_early(tmp_path, rng):
    pytest.importorskip("PIL")
    path = tmp_path / "x.jpg"
    image.write(path, rng.integers(0, 256, (40, 60, 3), np.uint8))
    content = path.read_bytes()
    for size in (2, 100, 300, len(content) // 2, len(content) - 20):
        path.write_bytes(content[:size])
        with pytest.raises(ValueError, match=r"^path='.*x\.jpg' is not an image, or is damaged \(.*\); expected an intact one"):
            image.read(path)


def test_paths_that_are_no_files(tmp_path):
    pytest.importorskip("PIL")
    with pytest.raises(IsADirectoryError, match=re.escape(str(tmp_path))):
        image.read(tmp_path)
    for path, error in ((None, TypeError), (3, TypeError), (b"x.png", TypeError), ("", ValueError), ("a\0b.png", ValueError)):
        with pytest.raises(error, match=r"^path=.*; expected the path of a file"):
            image.read(path)
        with pytest.raises(error, match=r"^path=.*; expected the path of a file"):
            image.write(path, np.zeros((3, 3), np.uint8))

"""IDX files: what is read, and what is refused."""

import gzip
import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from striate.data import load_mnist, read_idx

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(array, code):
    header = bytes([0, 0, CODES[code], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(f">{code}").tobytes()


def write(path, content):
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("shape", [(3,), (2, 3), (4, 3, 2), (0, 5)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_reads_what_was_written(tmp_path, code, shape, pack):
    array = np.arange(np.prod(shape)).reshape(shape).astype(code)
    result = read_idx(write(tmp_path / "file", pack(idx_bytes(array, code))))
    np.testing.assert_array_equal(result, array)
    assert result.dtype == np.dtype(code)
    assert result.dtype.isnative
    assert result.flags.writeable


GOOD = idx_bytes(np.arange(12).reshape(3, 4), "u1")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an IDX file: it begins with nothing"),
        (b"\0\0\x08", "not an IDX file"),
        (b"\x89PNG" + GOOD[4:], "begins with 89 50 4e 47; expected 00 00, a type"),
        (b"\0\0\x07" + GOOD[3:], "not an IDX file"),
        (b"\0\0\x08\0" + GOOD[4:], "not an IDX file"),
        (GOOD[:9], "truncated: it ends within its header of 12 bytes"),
        (GOOD[:-1], r"truncated: it holds 11 bytes of elements; expected 12 for shape \(3, 4\)"),
        (GOOD + b"x", "too long: more follows the 12 bytes"),
        (b"\0\0\x0e\x03" + b"\xff" * 12, "truncated: it holds 0 bytes"),
    ],
)
def test_damaged_files_are_refused(tmp_path, pack, content, message):
    path = write(tmp_path / "file", pack(content))
    with pytest.raises(ValueError, match=message) as error:
        read_idx(path)
    assert "file" in str(error.value)


@pytest.mark.parametrize("cut", [12, -4])
def test_damaged_gzip_is_refused(tmp_path, cut):
    with pytest.raises(ValueError, match="damaged gzip file"):
        read_idx(write(tmp_path / "file.gz", gzip.compress(GOOD)[:cut]))


def test_wrong_checksum_is_refused(tmp_path):
    content = bytearray(gzip.compress(GOOD))
    content[-5] ^= 1
    with pytest.raises(ValueError, match="damaged gzip file"):
        read_idx(write(tmp_path / "file.gz", bytes(content)))


def test_a_missing_idx_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_idx(tmp_path / "none")


def write_mnist(folder, images=6, labels=6, ending=""):
    pack = gzip.compress if ending else bytes
    for part in ("train", "t10k"):
        write(folder / f"{part}-images-idx3-ubyte{ending}", pack(idx_bytes(np.full((images, 4, 5), 7), "u1")))
        write(folder / f"{part}-labels-idx1-ubyte{ending}", pack(idx_bytes(np.arange(labels), "u1")))


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_load_mnist_returns_images_and_labels(tmp_path, ending):
    write_mnist(tmp_path, ending=ending)
    for x, y in load_mnist(tmp_path):
        assert x.shape == (6, 4, 5)
        assert x.dtype == y.dtype == np.uint8
        np.testing.assert_array_equal(y, np.arange(6))


def test_load_mnist_refuses_what_does_not_fit(tmp_path):
    write_mnist(tmp_path, labels=5)
    with pytest.raises(ValueError, match=r"'train' files .* \(6, 4, 5\) and labels of shape \(5,\)"):
        load_mnist(tmp_path)
    (tmp_path / "train-images-idx3-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match=r"holds neither train-images-idx3-ubyte nor train-images-idx3-ubyte\.gz"):
        load_mnist(tmp_path)


@pytest.mark.skipif("STRIATE_DATA" not in os.environ, reason="STRIATE_DATA names no folder with the data")
@pytest.mark.parametrize(("name", "total"), [("mnist", 1567298545), ("fashion-mnist", 3431114169)])
def test_the_real_files_of_mnist_are_read(name, total):
    (x_train, y_train), (x_test, y_test) = load_mnist(Path(os.environ["STRIATE_DATA"]) / name)
    assert (x_train.shape, x_test.shape) == ((60000, 28, 28), (10000, 28, 28))
    assert x_train.sum(dtype=np.int64) == total
    assert np.bincount(y_train, minlength=10).sum() == 60000
    assert set(y_test) == set(range(10))


def traced(function, *arguments):
    """Return what a call returns, and how many bytes it took."""
    tracemalloc.start()
    try:
        return function(*arguments), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_what_is_compressed_is_read_as_a_stream(tmp_path):
    size = 1 << 26
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(b"\0\0\x08\1" + size.to_bytes(4, "big") + bytes(size)))
    assert path.stat().st_size < size // 1000
    array, peak = traced(read_idx, path)
    assert array.nbytes == size
    assert not array.any()
    assert peak < size + 5e6


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_headers_make_no_memory(tmp_path, pack):
    for content in (b"\0\0\x0e\2" + b"\0\1\0\0" * 2 + bytes(1000), b"\0\0\x08\1\0\0\0\3" + bytes(1 << 26)):
        path = write(tmp_path / "file", pack(content))

        def refused(path=path):
            with pytest.raises(ValueError, match=r"file' is t(runcated|oo long)"):
                read_idx(path)

        assert traced(refused)[1] < 5e6


def test_more_axes_than_numpy_allows_are_refused(tmp_path):
    path = write(tmp_path / "file", b"\0\0\x08\xff" + b"\0\0\0\1" * 255 + b"x")
    with pytest.raises(ValueError, match=r"file' claims to hold an array of shape \(1, 1, .*; expected a possible shape"):
        read_idx(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_pipes_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "train-images-idx3-ubyte")
    for read in (lambda: read_idx(tmp_path / "train-images-idx3-ubyte"), lambda: load_mnist(tmp_path)):
        with pytest.raises(ValueError, match="is a pipe, device or socket; expected a regular file"):
            read()

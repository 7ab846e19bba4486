"""Sets of images: found, downloaded from a server of the test's own, and checked."""

import functools
import hashlib
import http.server
import io
import os
import tarfile
import threading

import numpy as np
import pytest

from striate import datasets
from striate.data.download import fetch
from striate.datasets import cifar10

CONTENT = bytes(range(256)) * 400
MD5 = "md5:" + hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves CONTENT at /file, with ranges; at /whole without; at /short only its first half."""

    ranges = None

    def do_GET(self):
        begin, wanted = 0, self.headers.get("Range")
        type(self).ranges.append(wanted)
        if self.path == "/missing":
            self.send_error(404)
            return
        if self.path == "/file" and wanted:
            begin = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if begin >= len(CONTENT):
                self.send_error(416)
                return
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(CONTENT) - begin))
        self.end_headers()
        self.wfile.write(CONTENT[begin : len(CONTENT) // 2] if self.path == "/short" else CONTENT[begin:])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    handler = type("Own", (Handler,), {"ranges": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/", handler.ranges
        running.shutdown()
        thread.join()


def test_file_is_downloaded_once(server, tmp_path):
    url, ranges = server
    path = fetch("file.bin", [url + "file"], MD5, tmp_path / "new")
    assert path.read_bytes() == CONTENT
    assert fetch("file.bin", [url + "file"], MD5, tmp_path / "new") == path
    assert ranges == [None]
    assert os.listdir(tmp_path / "new") == ["file.bin"]


@pytest.mark.parametrize(("place", "begun"), [("file", True), ("whole", False)])
def test_download_goes_on_where_it_broke_off(server, tmp_path, place, begun):
    url, ranges = server
    with pytest.raises(OSError, match=r"ended after 51200 of 102400 bytes|IncompleteRead"):
        fetch("file.bin", [url + "short"], MD5, tmp_path)
    assert (tmp_path / "file.bin.part").stat().st_size == len(CONTENT) // 2
    assert fetch("file.bin", [url + place], MD5, tmp_path).read_bytes() == CONTENT
    assert ranges == [None, "bytes=51200-"]


def test_part_that_is_whole_already_is_taken(server, tmp_path):
    (tmp_path / "file.bin.part").write_bytes(CONTENT)
    assert fetch("file.bin", [server[0] + "file"], MD5, tmp_path).read_bytes() == CONTENT


def test_other_places_are_tried(server, tmp_path):
    url, _ = server
    assert fetch("file.bin", [url + "missing", url + "file"], MD5, tmp_path).read_bytes() == CONTENT


def test_damaged_file_is_refused(server, tmp_path):
    with pytest.raises(OSError, match=r"md5 checksum .*; expected md5|has the md5 checksum"):
        fetch("file.bin", [server[0] + "file"], "md5:" + "0" * 32, tmp_path)
    assert os.listdir(tmp_path) == []


def test_without_a_connection_the_message_tells_what_to_do(tmp_path):
    with pytest.raises(OSError, match=r"file.bin could not be downloaded \(.*refused.*put at .*file.bin by hand"):
        fetch("file.bin", ["http://127.0.0.1:1/file"], MD5, tmp_path)


def idx(array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return header + array.astype(np.uint8).tobytes()


@pytest.mark.parametrize(("module", "folder"), [(datasets.mnist, "mnist"), (datasets.fashion_mnist, "fashion-mnist")])
@pytest.mark.parametrize("variable", ["STRIATE_DATA", "STRIATE_CACHE"])
def test_sets_are_found(module, folder, variable, tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_DATA", str(tmp_path / "nowhere"))
    monkeypatch.setenv(variable, str(tmp_path))
    place = tmp_path / folder if variable == "STRIATE_DATA" else tmp_path / "datasets" / folder
    place.mkdir(parents=True)
    images, labels = np.arange(3 * 4 * 4).reshape(3, 4, 4), np.array([1, 0, 2])
    for part in ("train", "t10k"):
        (place / f"{part}-images-idx3-ubyte").write_bytes(idx(images))
        (place / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels))
    (x_train, y_train), (x_test, y_test) = module.load_data()
    np.testing.assert_array_equal(x_train, images)
    np.testing.assert_array_equal(y_test, labels)
    assert x_test.dtype == y_train.dtype == np.uint8


def archive(path, size):
    rng = np.random.default_rng(0)
    with tarfile.open(path, "w:gz") as file:
        for name in (*[f"data_batch_{i}.bin" for i in range(1, 6)], "test_batch.bin"):
            records = rng.integers(0, 256, (2, size), dtype=np.uint8)
            records[:, 0] %= 10
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = records.size
            file.addfile(info, io.BytesIO(records.tobytes()))
    return records


def test_cifar_is_read_from_its_archive(tmp_path, monkeypatch):
    last = archive(tmp_path / "cifar-10-binary.tar.gz", 3073)
    monkeypatch.setenv("STRIATE_DATA", str(tmp_path))
    (x_train, y_train), (x_test, y_test) = datasets.cifar10.load_data()
    assert (x_train.shape, y_train.shape) == ((10, 32, 32, 3), (10, 1))
    assert (x_test.shape, y_test.shape) == ((2, 32, 32, 3), (2, 1))
    np.testing.assert_array_equal(y_test[:, 0], last[:, 0])
    assert x_test[1, 2, 3, 1] == last[1, 1 + 1024 + 2 * 32 + 3]  # green


@functools.cache
def broken_archives():
    return {"short records": 3000, "no archive": None}


@pytest.mark.parametrize("kind", broken_archives())
def test_broken_archives_are_refused(kind, tmp_path):
    path = tmp_path / "cifar-10-binary.tar.gz"
    size = broken_archives()[kind]
    if size is None:
        path.write_bytes(b"nothing")
    else:
        archive(path, size)
    with pytest.raises(ValueError, match=r"expected a multiple of 3073|is not CIFAR-10's binary archive"):
        cifar10.read(path)

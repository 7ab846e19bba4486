"""Sets of images: found, downloaded from a server of the test's own, and checked."""

import gzip
import hashlib
import http.server
import io
import os
import tarfile
import threading
import tracemalloc

import numpy as np
import pytest

from striate import datasets
from striate._common.download import fetch
from striate.datasets import cifar10, tar

CONTENT = bytes(range(256)) * 400
MD5 = "md5:" + hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves CONTENT at /file, with ranges; at /whole without; at /short only its first half.

    At /shifted, a range is another one than what was asked for; what comes from /chunks ends early, and from /noise is no HTTP.
    """

    ranges = None

    def do_GET(self):
        begin, wanted = 0, self.headers.get("Range")
        type(self).ranges.append(wanted)
        if self.path == "/missing":
            self.send_error(404)
            return
        if self.path == "/length":
            self.send_response(200)
            self.send_header("Content-Length", "much")
            self.end_headers()
            return
        if self.path == "/noise":
            self.wfile.write(b"noise\r\n\r\n")
            return
        if self.path == "/chunks":
            self.protocol_version = "HTTP/1.1"
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"400\r\n" + CONTENT[:100])  # of the 1024 bytes announced
            self.close_connection = True
            return
        if self.path == "/shifted" and wanted:
            self.send_response(206)
            self.send_header("Content-Range", f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}")
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT)
            return
        if self.path == "/file" and wanted:
            begin = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if begin >= len(CONTENT):
                self.send_error(416)
                return
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(CONTENT) - begin))
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}")
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


def test_a_complete_partial_download_is_used(server, tmp_path):
    (tmp_path / "file.bin.part").write_bytes(CONTENT)
    assert fetch("file.bin", [server[0] + "file"], MD5, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("missing", "Not Found"),
        ("noise", "BadStatusLine"),
        ("chunks", "IncompleteRead"),
        ("length", "the server sent the length 'much'"),
    ],
)
def test_other_servers_are_tried(server, tmp_path, place, told):
    url, _ = server
    assert fetch("file.bin", [url + place, url + "file"], MD5, tmp_path / "new").read_bytes() == CONTENT
    with pytest.raises(OSError, match=rf"file.bin could not be downloaded \({url}{place}: {told}.*or the file at"):
        fetch("file.bin", [url + place], MD5, tmp_path)


def test_a_range_that_was_not_asked_for_is_refused(server, tmp_path):
    url, ranges = server
    (tmp_path / "file.bin.part").write_bytes(CONTENT[:1000])
    with pytest.raises(OSError, match=r"sent the range 'bytes 0-102399/102400'; expected one that begins at byte 1000"):
        fetch("file.bin", [url + "shifted"], None, tmp_path)
    assert fetch("file.bin", [url + "shifted"], None, tmp_path).read_bytes() == CONTENT
    assert ranges == ["bytes=1000-", None]


def test_damaged_file_is_refused(server, tmp_path):
    with pytest.raises(OSError, match=r"md5 checksum .*; expected md5|has the md5 checksum"):
        fetch("file.bin", [server[0] + "file"], "md5:" + "0" * 32, tmp_path)
    assert os.listdir(tmp_path) == []


def test_without_a_connection_the_message_tells_what_to_do(tmp_path):
    with pytest.raises(OSError, match=r"file.bin could not be downloaded \(.*refused.*or the file at .*file.bin"):
        fetch("file.bin", ["http://127.0.0.1:1/file"], MD5, tmp_path)


def idx(array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return header + array.astype(np.uint8).tobytes()


@pytest.mark.parametrize(("module", "folder"), [(datasets.mnist, "mnist"), (datasets.fashion_mnist, "fashion-mnist")])
@pytest.mark.parametrize("variable", ["STRIATE_DATA", "STRIATE_CACHE"])
def test_data_sets_are_found_in_the_folders_of_the_environment(module, folder, variable, tmp_path, monkeypatch):
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


def test_mnist_may_be_in_one_file(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_DATA", str(tmp_path))
    arrays = {name: np.arange(6).reshape(2, 3) + i for i, name in enumerate(("x_train", "y_train", "x_test", "y_test"))}
    np.savez(tmp_path / "small.npz", **arrays)
    for path in ("small.npz", str(tmp_path / "small.npz")):
        (x_train, _), (_, y_test) = datasets.mnist.load_data(path=path)
        np.testing.assert_array_equal(x_train, arrays["x_train"])
        np.testing.assert_array_equal(y_test, arrays["y_test"])
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(ValueError, match=r"path='other.npz' lacks the arrays \['x_train', 'y_train', 'x_test', 'y_test'\]"):
        datasets.mnist.load_data("other.npz")


CIFAR10 = [f"cifar-10-batches-bin/{name}.bin" for name in (*[f"data_batch_{i}" for i in range(1, 6)], "test_batch")]
CIFAR100 = ["cifar-100-binary/train.bin", "cifar-100-binary/test.bin"]


def archive(path, size, names=CIFAR10):
    rng = np.random.default_rng(0)
    with tarfile.open(path, "w:gz") as file:
        for name in names:
            records = rng.integers(0, 256, (2, size), dtype=np.uint8)
            records[:, 0] %= 10
            info = tarfile.TarInfo(name)
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


@pytest.mark.parametrize(("settings", "place"), [({}, 1), ({"label_mode": "fine"}, 1), ({"label_mode": "coarse"}, 0)])
def test_cifar_of_a_hundred_classes_has_two_labels(tmp_path, monkeypatch, settings, place):
    last = archive(tmp_path / "cifar-100-binary.tar.gz", 3074, CIFAR100)
    monkeypatch.setenv("STRIATE_DATA", str(tmp_path))
    (x_train, y_train), (x_test, y_test) = datasets.cifar100.load_data(**settings)
    assert (x_train.shape, y_train.shape, y_train.dtype) == ((2, 32, 32, 3), (2, 1), np.uint8)
    np.testing.assert_array_equal(y_test[:, 0], last[:, place])
    np.testing.assert_array_equal(x_test, last[:, 2:].reshape(2, 3, 32, 32).transpose(0, 2, 3, 1))
    with pytest.raises(ValueError, match="label_mode='both' is unknown"):
        datasets.cifar100.load_data("both")


def damaged(path, kind):
    """Write an archive, and damage it."""
    archive(path, 3000 if kind == "short records" else 3073, CIFAR10[:-1] if kind == "a member is missing" else CIFAR10)
    content = bytearray(path.read_bytes())
    if kind == "no archive":
        content = b"nothing"
    elif kind == "bytes are others":
        content[len(content) // 2 : len(content) // 2 + 2000] = bytes(2000)
    elif kind == "the checksum is another":
        content[-8] ^= 1
    elif kind == "the end is missing":
        content = content[:-20000]
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("short records", r"data_batch_1.bin has 6000 bytes; expected a multiple of 3073"),
        ("no archive", r"is damaged \(.*expected cifar-10-binary.tar.gz as its authors publish it"),
        ("bytes are others", r"is damaged \(.*expected cifar-10-binary.tar.gz"),
        ("the checksum is another", r"is damaged \(CRC check failed.*expected cifar-10-binary.tar.gz"),
        ("the end is missing", r"is damaged \(.*expected cifar-10-binary.tar.gz"),
        ("a member is missing", r"lacks cifar-10-batches-bin/test_batch.bin; expected cifar-10-binary.tar.gz"),
    ],
)
def test_broken_archives_are_refused(kind, message, tmp_path):
    path = tmp_path / "cifar-10-binary.tar.gz"
    damaged(path, kind)
    with pytest.raises(ValueError, match=message):
        cifar10.read(path)


def packed(path, *members):
    """Write an archive of (name, size that is claimed, content), whatever fits."""
    with gzip.open(path, "wb") as file:
        for name, size, content in members:
            info = tarfile.TarInfo(name)
            info.size = size
            file.write(info.tobuf(tarfile.USTAR_FORMAT))
            file.write(content + bytes(-len(content) % 512))
        file.write(bytes(1024))


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([("readme", 1 << 32, b"")], "claims to have"),
        ([("readme", 1 << 26, bytes(1 << 26))] * 5, "claims to have 67108864 bytes"),
        ([(CIFAR10[0], 3073 * 80_000, b"")], "ends too early"),
        ([(CIFAR10[0], 3073, bytes(3073))] * 2, "the file only once"),
    ],
)
def test_archives_take_no_more_memory_than_the_set(tmp_path, members, message):
    path = tmp_path / "cifar-10-binary.tar.gz"
    packed(path, *members)
    assert path.stat().st_size < 1e6
    tracemalloc.start()
    with pytest.raises(ValueError, match=message):
        cifar10.read(path)
    assert tracemalloc.get_traced_memory()[1] < 3e8
    tracemalloc.stop()


def test_archive_that_does_not_end(tmp_path):
    path = tmp_path / "cifar-10-binary.tar.gz"
    packed(path)
    with gzip.open(path, "ab") as file:
        for _ in range(300):
            file.write(bytes(1 << 20))
    with pytest.raises(ValueError, match="it has more than 268435456 bytes"):
        cifar10.read(path)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_members_of_archives_are_those_that_were_packed(tmp_path, form):
    contents = {"a": b"", "folder/b": b"x" * 512, "c" * 90: b"y" * 1000, "pax": b"z"}
    with tarfile.open(tmp_path / "x.tar", "w", format=form) as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1.5
            archive.addfile(info, io.BytesIO(content))
        archive.addfile(tarfile.TarInfo("link"))
        link = tarfile.TarInfo("link2")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found = {}
    with open(tmp_path / "x.tar", "rb") as file:
        for name, size, fill in tar.members(file, 1 << 20):
            found[name] = bytearray(size)
            fill(memoryview(found[name])[: size // 2])  # the rest is passed over
    assert set(found) == {*contents, "link"}
    assert all(found[name][: len(content) // 2] == content[: len(content) // 2] for name, content in contents.items())

"""Files are written completely or not at all, and only regular files are read."""

import os
import socket
import stat
import subprocess
import sys
import time

import pytest

from striate._common import files

posix = pytest.mark.skipif(os.name != "posix", reason="modes, links and pipes are POSIX'")


def left_behind(folder):
    """Make an unfinished file, as a killed process leaves it, and return its path."""
    path = folder / ".striate-0123456789abcdef.tmp"
    path.write_bytes(b"half")
    return path


def test_content_appears_only_when_it_is_complete(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with files.atomic_write(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"

    def fail():
        with files.atomic_write(path) as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_unfinished_files_of_killed_processes_are_removed(tmp_path):
    for name in (".striate-0123456789abcdef.tmp", ".striate-1.tmp"):
        (tmp_path / name).write_bytes(b"half")
    others = [tmp_path / name for name in ("file.tmp", "striate-1.tmp", ".striate-1.npz")]
    for other in others:
        other.write_bytes(b"mine")
    (tmp_path / ".striate-link.tmp").symlink_to(others[0])
    files.write_atomically(tmp_path / "file", b"new")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"file", ".striate-link.tmp", *[other.name for other in others]}


@posix
def test_unfinished_files_of_running_processes_are_kept(tmp_path):
    script = f"""
import sys
from pathlib import Path
from striate._common import files
with files.atomic_write(Path({str(tmp_path)!r}) / "slow") as file:
    file.write(b"slow")
    print("begun", flush=True)
    sys.stdin.readline()
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"begun\n"
    files.write_atomically(tmp_path / "fast", b"fast")
    assert len(list(tmp_path.iterdir())) == 2
    process.communicate(b"\n")
    assert process.returncode == 0
    assert (tmp_path / "slow").read_bytes() == b"slow"
    assert len(list(tmp_path.iterdir())) == 2


def test_without_locks_only_old_unfinished_files_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "fcntl", None)
    path = left_behind(tmp_path)
    files.write_atomically(tmp_path / "file", b"new")
    assert path.exists()
    os.utime(path, (time.time() - 1e6,) * 2)
    files.write_atomically(tmp_path / "file", b"newer")
    assert not path.exists()
    assert (tmp_path / "file").read_bytes() == b"newer"


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o755])
def test_the_mode_of_a_file_is_kept(tmp_path, mode):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode)
    with files.atomic_write(path) as file:
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600  # Unfinished content is not for other users.
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
def test_new_files_have_the_usual_mode(tmp_path):
    before = os.umask(0o027)
    try:
        files.write_atomically(tmp_path / "file", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


@posix
def test_the_target_of_a_link_is_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    link.symlink_to(target)
    for content in (b"first", b"second"):
        files.write_atomically(link, content)
        assert link.is_symlink()
        assert target.read_bytes() == content


@posix
def test_only_regular_files_are_opened_and_replaced(tmp_path):
    pipe, path = tmp_path / "pipe", tmp_path / "socket"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        for each in (pipe, path, "/dev/zero"):
            with pytest.raises(ValueError, match=rf"path='{each}' is a pipe, device or socket; expected a regular file"):
                files.open_regular(each)
            with pytest.raises(ValueError, match="is a pipe, device or socket"):
                files.write_atomically(each, b"new")
    with pytest.raises(IsADirectoryError):
        files.open_regular(tmp_path)


@pytest.mark.parametrize(
    "error", [KeyError("key"), RecursionError(), OverflowError("much"), OSError("no number"), OSError(22, "x")]
)
def test_errors_of_parsers_name_the_file(error):
    with (
        pytest.raises(ValueError, match=r"path='file' is not a model, or is damaged \(\w+: .+\)"),
        files.reading("file", "a model"),
    ):
        raise error


@pytest.mark.parametrize("error", [FileNotFoundError(2, "none"), MemoryError(), ImportError("h5py"), ValueError("path='x' is")])
def test_errors_that_are_not_the_files_fault_pass_unchanged(error):
    with pytest.raises(type(error)) as caught, files.reading("x", "a model"):
        raise error
    assert caught.value is error

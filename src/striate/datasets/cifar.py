"""Sets in the binary form of CIFAR-10 and CIFAR-100: a gzipped archive of files of records, labels before pixels."""

import gzip
import os
import zlib
from pathlib import Path

import numpy as np

from ..data.download import fetch

_PIXELS = 3 * 32 * 32  # bytes: the planes of red, green and blue
_BLOCK = 1 << 16  # bytes read at once


def find(name, checksum):
    """Return the path of an archive in ``STRIATE_DATA`` or in the cache, downloaded if it is in neither."""
    own = os.environ.get("STRIATE_DATA")
    path = Path(own) / name if own else None
    return path if path is not None and path.exists() else fetch(name, (f"https://www.cs.toronto.edu/~kriz/{name}",), checksum)


def read(path, training, test, labels=1, label=0):
    """Return the training and the test images and labels in an archive.

    Parameters
    ----------
    path : path
        The archive.
    training, test : sequence of str
        Members of the archive.
    labels : int
        Bytes before the pixels of a record, each a label.
    label : int
        Which of them is returned.
    """
    contents = _members(path, (*training, *test))
    record = labels + _PIXELS

    def part(names):
        for name in names:
            if len(contents[name]) % record or not contents[name]:
                raise ValueError(f"{name} has {len(contents[name])} bytes; expected a multiple of {record}")
        records = np.frombuffer(b"".join(contents[name] for name in names), np.uint8).reshape(-1, record)
        images = records[:, labels:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return np.ascontiguousarray(images), records[:, label : label + 1].copy()

    return part(training), part(test)


def _members(path, names):
    """Return what members of an archive hold, by name."""
    import tarfile  # slow to import

    try:
        with gzip.open(path) as file:
            with tarfile.open(fileobj=file, mode="r|") as archive:
                contents = {
                    each.name: archive.extractfile(each).read() for each in archive if each.name in names and each.isfile()
                }
            while file.read(_BLOCK):  # to the end, where gzip's checksum is
                pass
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ValueError(f"path={str(path)!r} is damaged ({error}); expected {_authors(path)}") from error
    if missing := [name for name in names if name not in contents]:
        raise ValueError(f"path={str(path)!r} lacks {', '.join(missing)}; expected {_authors(path)}")
    return contents


def _authors(path):
    return f"{Path(path).name} as its authors publish it"

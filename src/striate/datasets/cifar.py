"""Data sets in the binary format of CIFAR-10 and CIFAR-100: a gzipped archive of files of records, labels before pixels."""

import gzip
import os
import zlib
from pathlib import Path

import numpy as np

from .._common.download import fetch
from .._common.files import open_regular
from .tar import members

_PIXELS = 3 * 32 * 32  # bytes of the red, green and blue planes of an image
_MOST = 1 << 28  # limit on the bytes of an unpacked archive, which has about 185 million


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
        Number of labels of a record, each a byte before the pixels.
    label : int
        Index of the label to return.
    """
    record = labels + _PIXELS
    records = _members(path, (*training, *test), record)

    def part(names):
        chosen = np.concatenate([records[name] for name in names])
        images = chosen[:, labels:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return np.ascontiguousarray(images), chosen[:, label : label + 1].copy()

    return part(training), part(test)


def _members(path, names, record):
    """Return the records in members of an archive, arrays (records, bytes) by the names of the members."""
    found = {}
    try:
        with open_regular(path) as packed, gzip.GzipFile(fileobj=packed) as file:
            for name, size, fill in members(file, _MOST):
                if name in names:
                    if name in found or size % record or not size:
                        raise ValueError(f"{name} has {size} bytes; expected a multiple of {record}, and the file only once")
                    found[name] = np.empty((size // record, record), np.uint8)
                    fill(memoryview(found[name].reshape(-1)))
    except (gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
        raise ValueError(f"path={str(path)!r} is damaged ({error}); expected {_authors(path)}") from error
    if missing := [name for name in names if name not in found]:
        raise ValueError(f"path={str(path)!r} lacks {', '.join(missing)}; expected {_authors(path)}")
    return found


def _authors(path):
    return f"{Path(path).name} as its authors publish it"

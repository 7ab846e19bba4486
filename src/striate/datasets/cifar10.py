"""CIFAR-10: 60,000 small colour photographs (Krizhevsky, A., "Learning multiple layers of features from tiny images", 2009)."""

import os
from pathlib import Path

import numpy as np

from ..data.download import fetch

_NAME = "cifar-10-binary.tar.gz"
_URLS = (f"https://www.cs.toronto.edu/~kriz/{_NAME}",)
_CHECKSUM = "md5:c32a1d4ab5d03f1284b67883e8d87530"  # as the authors' page tells
_FOLDER = "cifar-10-batches-bin"
_RECORD = 1 + 3 * 32 * 32  # bytes: a label, and the planes of red, green and blue


def load_data():
    """Return CIFAR-10, downloaded to striate's cache (170 MB) unless its archive is there or in ``STRIATE_DATA``.

    The archive is that of the binary version: nothing is unpickled, and nothing written but the archive itself.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray of uint8
        Images (50000, 32, 32, 3) and (10000, 32, 32, 3), 0 to 255, and labels (50000, 1) and (10000, 1): 0 airplane, 1
        automobile, 2 bird, 3 cat, 4 deer, 5 dog, 6 frog, 7 horse, 8 ship, 9 truck.

    Raises
    ------
    OSError
        If it can neither be found nor downloaded.
    ValueError
        If the archive is damaged.
    """
    own = os.environ.get("STRIATE_DATA")
    path = Path(own) / _NAME if own else None
    return read(path if path is not None and path.exists() else fetch(_NAME, _URLS, _CHECKSUM))


def read(path):
    """Return the training and the test images and labels in an archive."""
    import tarfile  # slow to import

    try:
        with tarfile.open(path) as archive:
            batches = [
                _records(archive, f"{_FOLDER}/{name}")
                for name in (*[f"data_batch_{i}.bin" for i in range(1, 6)], "test_batch.bin")
            ]
    except (tarfile.TarError, KeyError, EOFError) as error:
        raise ValueError(f"path={str(path)!r} is not CIFAR-10's binary archive, or is damaged ({error})") from error
    train = [np.concatenate(each) for each in zip(*batches[:-1], strict=True)]
    return tuple(train), batches[-1]


def _records(archive, name):
    file = archive.extractfile(name)
    records = np.frombuffer(file.read(), np.uint8)
    if records.size % _RECORD or not records.size:
        raise ValueError(f"{name} has {records.size} bytes; expected a multiple of {_RECORD}")
    records = records.reshape(-1, _RECORD)
    return np.ascontiguousarray(records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)), records[:, :1].copy()

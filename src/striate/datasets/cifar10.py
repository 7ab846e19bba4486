"""CIFAR-10: 60,000 small colour photographs (Krizhevsky, A., "Learning multiple layers of features from tiny images", 2009)."""

from .._common.names import public_attributes
from . import cifar

_NAME = "cifar-10-binary.tar.gz"
_CHECKSUM = "md5:c32a1d4ab5d03f1284b67883e8d87530"  # published on the authors' page
_FOLDER = "cifar-10-batches-bin"


def load_data():
    """Return CIFAR-10, downloaded to striate's cache (170 MB) unless its archive is there or in ``STRIATE_DATA``.

    The binary version is used: nothing is unpickled, and nothing is written but the archive itself.

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
    return read(cifar.find(_NAME, _CHECKSUM))


def read(path):
    """Return the training and the test images and labels in an archive."""
    return cifar.read(path, [f"{_FOLDER}/data_batch_{i}.bin" for i in range(1, 6)], [f"{_FOLDER}/test_batch.bin"])


__all__ = ["load_data"]

__getattr__, __dir__ = public_attributes(globals())

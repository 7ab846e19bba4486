"""CIFAR-100: photographs of 100 classes (Krizhevsky, A., "Learning multiple layers of features from tiny images", 2009)."""

from .._common.checks import choice
from .._common.names import public_attributes
from . import cifar

_NAME = "cifar-100-binary.tar.gz"
_CHECKSUM = "md5:03b5dce01913d631647c71ecec9e9cb8"  # published on the authors' page
_FOLDER = "cifar-100-binary"
_LABELS = ("coarse", "fine")  # labels of a record, in the order of its bytes


def load_data(label_mode="fine"):
    """Return CIFAR-100, downloaded to striate's cache (169 MB) unless its archive is there or in ``STRIATE_DATA``.

    Parameters
    ----------
    label_mode : {"fine", "coarse"}
        Labels of the hundred classes, or of the twenty superclasses.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray of uint8
        Images (50000, 32, 32, 3) and (10000, 32, 32, 3), 0 to 255, and labels (50000, 1) and (10000, 1).

    Raises
    ------
    OSError
        If it can neither be found nor downloaded.
    ValueError
        If the archive is damaged, or `label_mode` is unknown.
    """
    choice("label_mode", label_mode, _LABELS)
    path = cifar.find(_NAME, _CHECKSUM)
    return cifar.read(path, [f"{_FOLDER}/train.bin"], [f"{_FOLDER}/test.bin"], len(_LABELS), _LABELS.index(label_mode))


__all__ = ["load_data"]

__getattr__, __dir__ = public_attributes(globals())

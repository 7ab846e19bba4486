"""MNIST: 70,000 handwritten digits (LeCun, Y., Cortes, C. and Burges, C., "The MNIST database of handwritten digits", 1998)."""

from .._common.names import public_attributes
from . import keras_files
from .idx import load

_URLS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
_CHECKSUMS = {
    "train-images-idx3-ubyte.gz": "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "md5:d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "md5:9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "md5:ec29112dd5afa0611ce80d1b7f02629c",
}


def load_data(path="mnist.npz"):
    """Return MNIST, downloaded to striate's cache (11 MB) unless it is there or in ``STRIATE_DATA``.

    Parameters
    ----------
    path : str
        Name of a file with the arrays in these folders, as Keras has it, or its absolute path; read if it exists.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray of uint8
        Images (60000, 28, 28) and (10000, 28, 28), 0 for background to 255, and labels (60000,) and (10000,), 0 to 9.

    Raises
    ------
    OSError
        If it can neither be found nor downloaded.
    ValueError
        If the file at `path` holds something else.
    """
    found = keras_files.existing(path)
    if found is None:
        return load("mnist", _URLS, _CHECKSUMS)
    arrays = keras_files.arrays_in(found)
    missing = [name for name in ("x_train", "y_train", "x_test", "y_test") if name not in arrays]
    if missing:
        raise ValueError(f"path={path!r} lacks the arrays {missing}; expected Keras' file of MNIST")
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


__all__ = ["load_data"]

__getattr__, __dir__ = public_attributes(globals())

"""Fashion-MNIST: 70,000 articles of clothing (Xiao, H., Rasul, K. and Vollgraf, R., arXiv:1708.07747, 2017)."""

from .._common.names import public_attributes
from .idx import load

_URLS = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
)
_CHECKSUMS = {
    "train-images-idx3-ubyte.gz": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "md5:25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "md5:bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "md5:bb300cfdad3c16e7a12a480ee83cd310",
}


def load_data():
    """Return Fashion-MNIST, downloaded to striate's cache (30 MB) unless it is there or in ``STRIATE_DATA``.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray of uint8
        Images (60000, 28, 28) and (10000, 28, 28), 0 for background to 255, and labels (60000,) and (10000,): 0 T-shirt, 1
        trousers, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker, 8 bag, 9 ankle boot.

    Raises
    ------
    OSError
        If it can neither be found nor downloaded.
    """
    return load("fashion-mnist", _URLS, _CHECKSUMS)


__all__ = ["load_data"]

__getattr__, __dir__ = public_attributes(globals())

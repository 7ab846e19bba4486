"""Data sets in the format of MNIST: four IDX files."""

import os
from pathlib import Path

from .._common.cache import cache_folder
from .._common.download import fetch
from ..data import load_mnist


def load(folder_name, urls, checksums):
    """Return the training and the test images and labels of a data set.

    Parameters
    ----------
    folder_name : str
        Name of the set's folder in ``STRIATE_DATA`` and in the cache.
    urls : sequence of str
        URLs of folders to download the files from, with a slash at the end.
    checksums : dict of str to str
        Checksums by the names of the files.
    """
    for root in (os.environ.get("STRIATE_DATA"), cache_folder() / "datasets"):
        folder = None if not root else Path(root) / folder_name
        if folder is not None and folder.is_dir():
            try:
                return load_mnist(folder)
            except FileNotFoundError:
                continue
    folder = cache_folder() / "datasets" / folder_name
    for name, checksum in checksums.items():
        fetch(name, [url + name for url in urls], checksum, folder)
    return load_mnist(folder)

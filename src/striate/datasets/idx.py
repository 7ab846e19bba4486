"""Sets in the form of MNIST: four IDX files."""

import os
from pathlib import Path

from .._cache import cache_folder
from ..data import load_mnist
from .download import fetch


def load(folder_name, urls, checksums):
    """Return the training and the test images and labels of a set.

    Parameters
    ----------
    folder_name : str
        Of the set's folder in ``STRIATE_DATA`` and in the cache.
    urls : sequence of str
        Folders to download the files from, with a slash at the end.
    checksums : dict of str to str
        By the names of the files.
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

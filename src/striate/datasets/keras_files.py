"""Data sets that Keras keeps in files of its own: where they are, and lists in them."""

import codecs
import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np

from .._common.cache import cache_folder
from .._common.checks import integer, number, shown
from .._common.download import fetch

_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

#: What the lists in the files are made of.
_ALLOWED = {
    ("_codecs", "encode"): codecs.encode,
    ("numpy", "dtype"): np.dtype,
    ("numpy", "ndarray"): np.ndarray,
    **{(f"numpy.{core}.multiarray", "_reconstruct"): np._core.multiarray._reconstruct for core in ("core", "_core")},
}


def find(path, name, checksum):
    """Return the path of a file in ``STRIATE_DATA`` or in the cache, downloaded if it is in neither.

    Parameters
    ----------
    path : str
        Name of the file here.
    name : str
        … and there.
    checksum : str
        Its checksum; see `download.fetch`.
    """
    if not isinstance(path, str) or not path:
        raise TypeError(f"path={shown(path)} is no file; expected a name in the cache")
    own = os.environ.get("STRIATE_DATA")
    given = Path(own) / path if own else None
    return given if given is not None and given.exists() else fetch(path, (_URL + name,), checksum)


def existing(path):
    """Return a file in ``STRIATE_DATA`` or in the cache, or at an absolute path, if it is there; otherwise None."""
    if not isinstance(path, str) or not path:
        raise TypeError(f"path={shown(path)} is no file; expected a name in the cache, or an absolute path")
    roots = os.environ.get("STRIATE_DATA"), cache_folder() / "datasets"
    return next((found for root in roots if root and (found := Path(root) / path).is_file()), None)


def shuffled(arrays, seed):
    """Return arrays of as many samples in a random order, as Keras has it; `seed` may be what made an order before."""
    random = seed if isinstance(seed, np.random.RandomState) else generator(seed)
    order = np.arange(len(arrays[0]))
    random.shuffle(order)
    return [array[order] for array in arrays]


def generator(seed):
    """Return what makes orders."""
    return np.random.RandomState(integer("seed", seed, 0, (1 << 32) - 1))


def split(x, y, test_split):
    """Return training and test data, of which the test data are a fraction."""
    count = int(len(x) * (1 - number("test_split", test_split, 0, 1, open_maximum=True)))
    return (x[:count], y[:count]), (x[count:], y[count:])


class _Unpickler(pickle.Unpickler):
    """Reads arrays of lists of numbers, and nothing else."""

    def find_class(self, module, name):
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed")
        return _ALLOWED[module, name]


def arrays_in(path):
    """Return the arrays in an ``.npz`` file by name; those of lists are read without executing what the file may name."""
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                found[name.removesuffix(".npy")] = _array(archive.read(name))
    except (zipfile.BadZipFile, pickle.UnpicklingError, EOFError, ValueError) as error:
        raise ValueError(f"{path} is damaged ({error}); expected a file that Keras provides") from error
    return found


def _array(data):
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    if read(file)[2].hasobject:
        return _Unpickler(file).load()
    return np.load(io.BytesIO(data), allow_pickle=False)

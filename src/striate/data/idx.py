"""Readers of IDX files, the format of MNIST and Fashion-MNIST.

A file is a magic number (two zero bytes, a code for the type, the number of dimensions), the sizes as big-endian 32-bit
integers, and the elements in row order (LeCun, Cortes & Burges, "The MNIST database of handwritten digits").
"""

import functools
import math
import os
import sys

import numpy as np

from .._common.checks import check_path
from .._common.files import open_regular
from .._common.lazy_modules import gzip, zlib

_MOST_AXES = 32  # number of axes that an array can have in every version of NumPy
_MOST_INFLATION = 1032  # largest ratio of decompressed to compressed bytes that gzip can reach
_PIECE = 1 << 20  # bytes that are read at once
_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path):
    """Read an array from an IDX file, plain or gzipped.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    ndarray
        The array, of the dtype and shape in the file's header, in native byte order.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not an IDX file, or is shorter or longer than its header says.

    Examples
    --------
    >>> import tempfile
    >>> import pathlib
    >>> from striate.data import read_idx
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "labels-idx1-ubyte"
    >>> _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3]) + bytes([7, 2, 1]))
    >>> read_idx(path)
    array([7, 2, 1], dtype=uint8)
    """
    path = check_path("path", path)
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        zipped = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        try:
            return _read(gzip.GzipFile(fileobj=file) if zipped else file, path, size * _MOST_INFLATION if zipped else size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"path={str(path)!r} is a damaged gzip file ({error}); expected a complete one") from error


def _read(file, path, most):
    """Return the array in an open file of at most `most` bytes."""
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES or magic[3] < 1:
        raise ValueError(
            f"path={str(path)!r} is not an IDX file: it begins with {magic.hex(' ') or 'nothing'}; expected 00 00, a type "
            f"({', '.join(f'{code:02x}' for code in _TYPES)}) and a number of dimensions"
        )
    dtype, dimensions = np.dtype(_TYPES[magic[2]]), magic[3]
    sizes = file.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise ValueError(f"path={str(path)!r} is truncated: it ends within its header of {4 + 4 * dimensions} bytes")
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    expected = math.prod(shape) * dtype.itemsize
    if expected > most:  # The file cannot hold so much: its elements are counted without taking memory for them.
        read = sum(map(len, iter(functools.partial(file.read, _PIECE), b"")))
    elif dimensions > _MOST_AXES or math.prod(max(size, 1) for size in shape) * dtype.itemsize > sys.maxsize:
        raise ValueError(f"path={str(path)!r} claims to hold an array of shape {shape}; expected a possible shape")
    else:
        read = _fill(array := np.empty(shape, dtype), file)
    if read < expected:
        raise ValueError(
            f"path={str(path)!r} is truncated: it holds {read} bytes of elements; expected {expected} for shape {shape}"
        )
    if file.read(1):
        raise ValueError(
            f"path={str(path)!r} is too long: more than {expected} bytes follow its header; expected as many for shape {shape}"
        )
    return array if array.dtype.isnative else array.byteswap(inplace=True).view(dtype.newbyteorder("="))


def _fill(array, file):
    """Read the elements of an array; return the number of bytes that were read."""
    content, read = memoryview(array.reshape(-1).view(np.uint8)), 0
    while read < len(content) and (count := file.readinto(content[read : read + _PIECE])):
        read += count
    return read


def load_mnist(folder):
    """Read MNIST, or a data set in the same format such as Fashion-MNIST, from its four IDX files.

    Parameters
    ----------
    folder : str or path-like
        Folder that holds ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte``, ``t10k-images-idx3-ubyte`` and
        ``t10k-labels-idx1-ubyte``, plain or with the ending ``.gz``.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray of uint8
        Images (samples, height, width), 0 for background to 255, and labels (samples,).

    Raises
    ------
    FileNotFoundError
        If a file is missing.
    ValueError
        If a file is damaged, or images and labels do not match.

    Examples
    --------
    >>> import tempfile
    >>> import pathlib
    >>> from striate.data import load_mnist
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> header = bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2])  # one image of 2 x 2 pixels
    >>> for part in ("train", "t10k"):
    ...     _ = (folder / f"{part}-images-idx3-ubyte").write_bytes(header + bytes(4))
    ...     _ = (folder / f"{part}-labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 1, 7]))
    >>> (x, y), (x_test, y_test) = load_mnist(folder)
    >>> x.shape, y
    ((1, 2, 2), array([7], dtype=uint8))
    """
    from pathlib import Path  # slow to import

    folder = Path(check_path("folder", folder))
    return _pair(folder, "train"), _pair(folder, "t10k")


def _pair(folder, part):
    images = read_idx(_find(folder, f"{part}-images-idx3-ubyte"))
    labels = read_idx(_find(folder, f"{part}-labels-idx1-ubyte"))
    if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels):
        raise ValueError(
            f"the {part!r} files in folder={str(folder)!r} hold images of shape {images.shape} and labels of shape "
            f"{labels.shape}; expected (samples, height, width) and (samples,)"
        )
    return images, labels


def _find(folder, name):
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists():
            return path
    raise FileNotFoundError(f"folder={str(folder)!r} holds neither {name} nor {name}.gz")

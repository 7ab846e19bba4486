"""Keras' file formats: an HDF5 file of weights, or a zip archive that holds one beside the model's configuration.

Keras 3 writes both. HDF5 files of Keras 2, which Keras 3 also writes, have another layout; see `legacy`.
"""

import contextlib
import io
import math
from pathlib import Path

from ..._common.extras import needing
from ..._common.files import open_regular, reading
from ..npz import MOST_INFLATION, SMALL

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
_KIND = "a file of Keras'"


def is_keras_file(path):
    """Return whether a file is one of Keras', judged by its content, since striate's files may have the same endings."""
    import zipfile  # This module is slow to import.

    with reading(path, "a file of a model or weights"), open_regular(path) as file:
        if not zipfile.is_zipfile(file):
            return Path(path).suffix in (".h5", ".hdf5", ".keras")
        with zipfile.ZipFile(file) as archive:
            return not {CONFIG, WEIGHTS}.isdisjoint(archive.namelist())


def import_h5py():
    """Return the package that reads and writes HDF5, which is optional."""
    with needing("Keras' files need h5py", "keras"):
        import h5py
    return h5py


@contextlib.contextmanager
def open_hdf5(path):
    """Open the HDF5 file that a path leads to, or the one with the weights in an archive, in a ``with`` block that reads it."""
    import zipfile  # This module is slow to import.

    h5py = import_h5py()
    with reading(path, _KIND), contextlib.ExitStack() as opened:
        source = opened.enter_context(open_regular(path))
        if zipfile.is_zipfile(source):
            source = io.BytesIO(member_of(opened.enter_context(zipfile.ZipFile(source)), WEIGHTS))
        else:
            source.seek(0)
        yield opened.enter_context(h5py.File(source, "r"))


def child(group, place):
    """Return the member of a group at a path, or None; soft links and links to other files raise an error."""
    h5py = import_h5py()
    for name in filter(None, place.split("/")):
        link = group.get(name, getlink=True)
        if link is None:
            return None
        if not isinstance(link, h5py.HardLink):
            raise ValueError(f"{name!r} is a link; expected everything to be in the file itself")
        group = group[name]
    return group


def shape_of(dataset, place, claims):
    """Return the shape of a dataset, all of whose elements must be in the file itself."""
    h5py = import_h5py()
    if not isinstance(dataset, h5py.Dataset) or dataset.is_virtual or dataset.external:
        raise ValueError(f"{place!r} is not an array in the file itself; expected one")
    if dataset.shape is None or dataset.dtype.kind not in "fiub":
        raise ValueError(f"{place!r} holds {dataset.dtype}; expected real numbers")
    in_pieces = dataset.chunks is not None  # Only datasets in chunks can be compressed.
    if not in_pieces and dataset.id.get_storage_size() < dataset.nbytes:
        raise ValueError(f"{place!r} has no elements; expected {dataset.nbytes} bytes of them")
    if in_pieces and math.prod(dataset.chunks) * dataset.dtype.itemsize > max(dataset.nbytes, SMALL):
        raise ValueError(f"{place!r} has chunks of shape {dataset.chunks}; expected them to be smaller than the whole")
    claims.add(place, dataset.nbytes, in_pieces)
    if in_pieces and dataset.id.get_num_chunks() < math.prod(map(_pieces, dataset.shape, dataset.chunks)):
        raise ValueError(f"{place!r} lacks some of its chunks of shape {dataset.chunks}; expected all of its elements")
    return dataset.shape


def _pieces(size, chunk):
    return -(-size // chunk)


def member_of(archive, name, most_inflation=MOST_INFLATION):
    """Return the content of a member of a zip archive."""
    member = archive.getinfo(name)
    if member.file_size > max(most_inflation * member.compress_size, SMALL):
        raise ValueError(f"{name!r} claims that its {member.compress_size} bytes become {member.file_size}")
    with archive.open(member) as file:
        content = file.read(member.file_size)
        file.read(1)  # Reading up to the end makes `zipfile` compare the checksum.
    return content

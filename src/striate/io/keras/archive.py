"""Keras 3's file formats: an HDF5 file of weights, or a zip archive that holds one beside the model's configuration."""

import contextlib
import io
from pathlib import Path

from ..._common.extras import needing
from ..._common.files import open_regular, reading
from ..npz import MOST_INFLATION, SMALL

CONFIG = "config.json"
_WEIGHTS = "model.weights.h5"
_KIND = "a file of Keras'"


def is_keras_file(path):
    """Return whether a file is one of Keras', judged by its content, since striate's files may have the same endings."""
    import zipfile  # This module is slow to import.

    with reading(path, "a file of a model or weights"), open_regular(path) as file:
        if not zipfile.is_zipfile(file):
            return Path(path).suffix in (".h5", ".keras")
        with zipfile.ZipFile(file) as archive:
            return not {CONFIG, _WEIGHTS}.isdisjoint(archive.namelist())


def import_h5py():
    """Return the package that reads and writes HDF5, which is optional."""
    with needing("Keras' files need h5py", "keras"):
        import h5py
    return h5py


@contextlib.contextmanager
def open_weights(path):
    """Open the weights in a file, in a ``with`` block that reads them."""
    import zipfile  # This module is slow to import.

    h5py = import_h5py()
    with reading(path, _KIND), contextlib.ExitStack() as opened:
        source = opened.enter_context(open_regular(path))
        if zipfile.is_zipfile(source):
            source = io.BytesIO(member_of(opened.enter_context(zipfile.ZipFile(source)), _WEIGHTS))
        else:
            source.seek(0)
        file = opened.enter_context(h5py.File(source, "r"))
        if {"layers", "vars", "_layer_checkpoint_dependencies"}.isdisjoint(file):
            raise ValueError(
                f"path={str(path)!r} holds no layers as Keras 3 writes them; expected a .weights.h5 or .keras file"
            )
        yield file


def member_of(archive, name, most_inflation=MOST_INFLATION):
    """Return the content of a member of a zip archive."""
    member = archive.getinfo(name)
    if member.file_size > max(most_inflation * member.compress_size, SMALL):
        raise ValueError(f"{name!r} claims that its {member.compress_size} bytes become {member.file_size}")
    with archive.open(member) as file:
        content = file.read(member.file_size)
        file.read(1)  # Reading up to the end makes `zipfile` compare the checksum.
    return content

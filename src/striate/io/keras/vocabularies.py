"""Vocabularies in Keras' ``.keras`` files: of layers that found theirs by `adapt`, as a text with one entry a line."""

from ..._common.files import open_regular
from .archive import member_of
from .weights import places


def read_vocabularies(model, path, orders):
    """Set the vocabularies of a model's layers to those in a file; `orders` are those of `weights.keras_entries`."""
    import zipfile  # This module is slow to import.

    with open_regular(path) as source:
        if not zipfile.is_zipfile(source):
            return
        with zipfile.ZipFile(source) as archive:
            names = set(archive.namelist())
            for place, layer in places(model, orders):
                name = f"assets/{place}vocabulary.txt"
                if name in names and hasattr(layer, "set_vocabulary"):
                    layer.set_vocabulary(_entries(member_of(archive, name), layer))


def _entries(content, layer):
    """Return the entries in a file's content; empty ones at its end do not count, as in Keras."""
    lines = content.decode("utf-8").splitlines()
    while lines and not lines[-1]:
        lines.pop()
    return [layer.entry_of(line) for line in lines]

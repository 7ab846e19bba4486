"""The file formats that models are written to and read from.

`striate.io` defines them. It makes models, and so imports this package; each format registers itself here, where the methods of
models find it. They are imported when one is first needed, since programs that neither read nor write a model do without.
"""

import importlib

OWN = "striate"

_formats = {}  # by name


class Format:
    """A format of files that hold models or weights; a subclass defines the methods that its format supports."""

    #: Endings of the file names for which `Model.save_weights` writes this format.
    endings = ()

    def recognizes(self, path):
        """Return whether a file is of this format, judged by its content, since its name may end in anything."""
        return False

    def load_model(self, path, custom_objects, compile, lazy, safe_mode):
        """Return the model in a file; for the arguments see `models.load_model`."""
        raise self._refusal(path, "models are not read from it")

    def load_weights(self, model, path, skip_mismatch, by_name, skipped=()):
        """Set a model's weights to those in a file, but for those of the layers `skipped`: see `Model.load_weights`."""
        raise self._refusal(path, "weights are not read from it")

    def save_weights(self, model, path, skipped=()):
        """Write a model's weights to a file, but for those of the layers `skipped`, completely or not at all."""
        raise self._refusal(path, "weights are not written in it")

    def _refusal(self, path, what):
        return ValueError(f"path={str(path)!r} is for {type(self).__name__}, but {what}; expected a file of another format")


def register(name):
    """Return a decorator that adds a subclass of `Format` to the formats."""

    def add(cls):
        _formats[name] = cls()
        return cls

    return add


def formats():
    """Return the formats by name; `OWN` is the library's own."""
    importlib.import_module("striate.io")
    return _formats


def own_format():
    """Return the library's own format."""
    return formats()[OWN]


def format_of(path):
    """Return the format of a file: the library's own, unless another one recognizes it."""
    return next((each for each in formats().values() if each.recognizes(path)), own_format())


def format_for(path):
    """Return the format in which weights are written to a file of this name."""
    return next((each for each in formats().values() if path.endswith(each.endings)), own_format())
